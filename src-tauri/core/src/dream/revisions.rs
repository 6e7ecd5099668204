//! The nights as people look at them: what each did, and whether it can be undone.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Row as Found, params};

use crate::{
    Error, Journal, Result,
    api::{
        history::{
            ChangeCounts, ChangeOp, DreamDetail, DreamDiff, DreamEnd, DreamEntry, EdgeSide,
            MomentSide, ThingDiff, TouchedMoment,
        },
        moments::EmotionWeight,
    },
    clock::Precision,
    consolidation,
    graph::{alike::SIMILAR, shared::Shared},
    mind::ledger,
    periods,
    search::embed,
    store::{
        edge_rows,
        rows::{self, Changed, Row},
    },
};

const COLUMNS: &str = "d.id, d.cause, d.mind, d.state, d.reason, d.started_at, d.finished_at,
    (SELECT u.created_at FROM revisions u WHERE u.id = d.undone_by),
    EXISTS (SELECT 1 FROM revisions r WHERE r.dream_id = d.id AND r.keeps_rows = 0),
    EXISTS (SELECT 1 FROM revisions r JOIN revision_rows c ON c.revision_id = r.id WHERE r.dream_id = d.id)
      OR EXISTS (SELECT 1 FROM revisions r JOIN revision_edges c ON c.revision_id = r.id
                 WHERE r.dream_id = d.id)";

/// So many edges of a dream are explained; nobody reads on, and each costs the words of two notes.
const EXPLAINED: usize = 200;

/// The dreams, the newest first.
pub(crate) fn list(journal: &Journal, limit: u32, before: Option<i64>) -> Result<Vec<DreamEntry>> {
    journal.store().read(|reader| {
        let mut find = reader.prepare(&format!(
            "SELECT {COLUMNS} FROM dreams d WHERE ?1 IS NULL OR d.id < ?1 ORDER BY d.id DESC LIMIT ?2"
        ))?;
        let found: Vec<(DreamEntry, Kept)> =
            find.query_map(params![before, limit], read)?.collect::<rusqlite::Result<_>>()?;
        found.into_iter().map(|(entry, kept)| complete(reader, entry, kept)).collect()
    })
}

/// One dream with what it did in short.
pub(crate) fn detail(journal: &Journal, id: i64) -> Result<DreamDetail> {
    journal.store().read(|reader| {
        let dream = entry(reader, id)?;
        let changed = rows::of_dream(reader, id)?;
        let mut moments = Vec::new();
        for one in changed.iter().filter(|one| one.row.table == "moments" && !one.is_forgotten) {
            let id = one.number("id").unwrap_or_default();
            moments.push(TouchedMoment {
                id,
                op: op(one.row.before.is_some(), one.row.after.is_some()),
                day: one.text("day").unwrap_or_default().to_owned(),
                title: one.text("title").unwrap_or_default().to_owned(),
                is_there: rows::present(reader, "moments", id)?.is_some(),
            });
        }
        let calls = ledger::sum_of_dream(reader, id)?;
        let digest = consolidation::digest_of_dream(reader, id)?.unwrap_or_default();
        Ok(DreamDetail { dream, moments, calls, digest, n_forgotten: n_forgotten(&changed) })
    })
}

/// What a dream did, thing by thing.
pub(crate) fn diff(journal: &Journal, id: i64) -> Result<DreamDiff> {
    journal.store().read(|reader| {
        let dream = entry(reader, id)?;
        let changed = rows::of_dream(reader, id)?;
        let mut of_days: BTreeMap<(String, bool), Vec<ThingDiff>> = BTreeMap::new();
        let mut spans = Vec::new();
        for one in changed.iter().filter(|one| !one.is_forgotten) {
            let (before, after) = (one.row.before.as_ref(), one.row.after.as_ref());
            let number = |column| one.number(column).unwrap_or_default();
            let word = |column| one.text(column).unwrap_or_default().to_owned();
            match one.row.table.as_str() {
                "moments" => {
                    let day = word("day");
                    let side = |row: Option<&Row>| row.map(|row| Box::new(moment_side(row)));
                    let (before, after) = (side(before), side(after));
                    if before != after {
                        let thing =
                            ThingDiff::Moment { id: number("id"), day: day.clone(), before, after };
                        of_days.entry((day, false)).or_default().push(thing);
                    }
                }
                "periods" => {
                    let summary = |row: &Row| rows::text(row, "summary").map(str::to_owned);
                    let (before, after) = (before.and_then(summary), after.and_then(summary));
                    let day = word("starts_on");
                    match periods::span::kind_of(&word("kind")) {
                        // Numbers alone are no news.
                        _ if before == after => {}
                        Some(kind) => {
                            spans.push(ThingDiff::Review { kind, starts_on: day, before, after });
                        }
                        None => {
                            let thing = ThingDiff::Story { day: day.clone(), before, after };
                            of_days.entry((day, true)).or_default().push(thing);
                        }
                    }
                }
                _ => {}
            }
        }
        let edges = edges(reader, id)?;
        let things = of_days.into_values().flatten().chain(spans).chain(edges).collect();
        Ok(DreamDiff { dream, things, n_forgotten: n_forgotten(&changed) })
    })
}

/// One dream of the list.
pub(super) fn entry(reader: &Connection, id: i64) -> Result<DreamEntry> {
    let found: Option<(DreamEntry, Kept)> = reader
        .query_row(&format!("SELECT {COLUMNS} FROM dreams d WHERE d.id = ?1"), [id], read)
        .optional()?;
    let (entry, kept) = found.ok_or_else(|| Error::NotFound(format!("dream {id}")))?;
    complete(reader, entry, kept)
}

/// What is kept of what a dream did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Rows,
    Nothing,
    /// It was dreamt before rows were kept.
    TooLittle,
}

fn read(found: &Found<'_>) -> rusqlite::Result<(DreamEntry, Kept)> {
    let (started_at, finished_at): (i64, Option<i64>) = (found.get(5)?, found.get(6)?);
    let state: String = found.get(3)?;
    let kept = match (found.get(8)?, found.get(9)?) {
        (true, _) => Kept::TooLittle,
        (false, true) => Kept::Rows,
        (false, false) => Kept::Nothing,
    };
    let entry = DreamEntry {
        id: found.get(0)?,
        cause: found.get(1)?,
        mind: found.get(2)?,
        state: match state.as_str() {
            "running" => DreamEnd::Running,
            "done" => DreamEnd::Done,
            "cancelled" => DreamEnd::Cancelled,
            _ => DreamEnd::Failed,
        },
        reason: found.get(4)?,
        started_at,
        finished_at,
        minutes: finished_at.map(|end| (end - started_at).max(0) as f64 / 60_000.0),
        days: Vec::new(),
        moments: ChangeCounts::default(),
        edges: ChangeCounts::default(),
        undone_at: found.get(7)?,
        can_undo: false,
        why_not: String::new(),
        undo_first: Vec::new(),
    };
    Ok((entry, kept))
}

fn complete(reader: &Connection, mut entry: DreamEntry, kept: Kept) -> Result<DreamEntry> {
    let mut find = reader.prepare_cached(
        "SELECT c.of_table, c.row_key, c.before IS NOT NULL, c.after IS NOT NULL,
           CASE c.of_table WHEN 'periods' THEN
               CASE json_extract(coalesce(c.after, c.before), '$.kind') WHEN 'day'
                 THEN json_extract(coalesce(c.after, c.before), '$.starts_on') END END
         FROM revision_rows c JOIN revisions r ON r.id = c.revision_id
         WHERE r.dream_id = ?1 AND c.of_table IN ('moments', 'periods') ORDER BY c.id",
    )?;
    let mut found = find.query([entry.id])?;
    let mut days: BTreeSet<String> = BTreeSet::new();
    let mut moments: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    while let Some(row) = found.next()? {
        let (table, word): (String, Option<String>) = (row.get(0)?, row.get(4)?);
        match (table.as_str(), word.as_deref()) {
            ("periods", Some(day)) => {
                days.insert(day.to_owned());
            }
            ("moments", _) => {
                let (was, is): (bool, bool) = (row.get(2)?, row.get(3)?);
                moments.entry(row.get(1)?).and_modify(|moment| moment.1 = is).or_insert((was, is));
            }
            _ => {}
        }
    }
    entry.days = days.into_iter().collect();
    for (was, is) in moments.into_values().filter(|there| there.0 || there.1) {
        match op(was, is) {
            ChangeOp::Added => entry.moments.n_added += 1,
            ChangeOp::Changed => entry.moments.n_changed += 1,
            ChangeOp::Removed => entry.moments.n_removed += 1,
        }
    }
    let [n_added, n_changed, n_removed] = edge_rows::count(reader, entry.id)?;
    entry.edges = ChangeCounts { n_added, n_changed, n_removed };
    if entry.undone_at.is_none() && kept == Kept::Rows {
        entry.undo_first = rows::touched_since(reader, entry.id)?;
    }
    entry.why_not = why_not(&entry, kept);
    entry.can_undo = entry.why_not.is_empty();
    Ok(entry)
}

fn why_not(entry: &DreamEntry, kept: Kept) -> String {
    if entry.undone_at.is_some() {
        return "it was undone already".into();
    }
    match kept {
        Kept::TooLittle => {
            return "it was dreamt by an earlier version of REM Journal, which kept too little for that".into();
        }
        Kept::Nothing => return "it changed nothing".into(),
        Kept::Rows => {}
    }
    match &entry.undo_first[..] {
        [] if entry.state == DreamEnd::Running => "it has not ended yet".into(),
        [] => String::new(),
        [later] => format!("dream {later} changed the same things since: undo dream {later} first"),
        [newest, older @ ..] => {
            let older: Vec<String> = older.iter().rev().map(i64::to_string).collect();
            format!(
                "dreams {} and {newest} changed the same things since: undo dream {newest} first",
                older.join(", ")
            )
        }
    }
}

fn op(was: bool, is: bool) -> ChangeOp {
    match (was, is) {
        (false, _) => ChangeOp::Added,
        (true, true) => ChangeOp::Changed,
        (true, false) => ChangeOp::Removed,
    }
}

fn n_forgotten(changed: &[Changed]) -> u32 {
    let n = changed.iter().filter(|one| one.is_forgotten).count();
    u32::try_from(n).unwrap_or(u32::MAX)
}

fn moment_side(row: &Row) -> MomentSide {
    let word = |column| rows::text(row, column).unwrap_or_default().to_owned();
    let number = |column| rows::number(row, column).unwrap_or_default();
    let words = |column| serde_json::from_str(&word(column)).unwrap_or_default();
    let felt: Vec<EmotionWeight> = serde_json::from_str(&word("emotions")).unwrap_or_default();
    MomentSide {
        title: word("title"),
        summary: word("summary"),
        outcome: word("outcome"),
        moment_type: word("moment_type"),
        day: word("day"),
        starts_at: number("starts_at"),
        ends_at: number("ends_at"),
        offset_minutes: i32::try_from(number("offset_minutes")).unwrap_or_default(),
        precision: word("precision").parse().unwrap_or(Precision::Unknown),
        tags: words("tags"),
        people: words("people"),
        emotions: felt.into_iter().map(|felt| felt.label).collect(),
        mind: word("mind"),
    }
}

/// What a dream did to edges between records. Why two are alike is found now, in the words they have now.
fn edges(reader: &Connection, dream_id: i64) -> Result<Vec<ThingDiff>> {
    let changes = edge_rows::of_dream(reader, dream_id)?;
    let shared = if changes.is_empty() { None } else { Some(Shared::new(embed::words(reader)?)) };
    let mut things = Vec::new();
    for (n, change) in changes.into_iter().enumerate() {
        let is_alike = change.rel_type == SIMILAR;
        let why = match &shared {
            Some(shared) if is_alike && n < EXPLAINED => {
                shared.why(reader, change.from, change.to)?
            }
            _ => String::new(),
        };
        let (from, to) = (title(reader, change.from)?, title(reader, change.to)?);
        let side = |side: Option<(f64, String)>| {
            side.map(|(weight, context)| EdgeSide {
                from: from.clone(),
                to: to.clone(),
                rel_type: change.rel_type.clone(),
                weight,
                context: if is_alike { why.clone() } else { context },
            })
        };
        let (before, after) = (side(change.before), side(change.after));
        things.push(ThingDiff::Edge { id: change.id, before, after });
    }
    Ok(things)
}

fn title(reader: &Connection, record_id: i64) -> Result<String> {
    let found: Option<String> = reader
        .prepare_cached("SELECT title FROM records WHERE id = ?1")?
        .query_row([record_id], |row| row.get(0))
        .optional()?;
    Ok(found.unwrap_or_default())
}
