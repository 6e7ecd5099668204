//! Takes back what a dream did to moments, and leaves standing what the person did since.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Transaction, params};

use super::{
    correct::Shown,
    history::{self, Change},
    write::{self, Writing},
};
use crate::{
    Error, Result,
    clock::Precision,
    store::{
        rows::{self, Changed, Row},
        vectors::{self, Thing},
    },
};

/// What became of the moments.
#[derive(Debug, Default)]
pub(crate) struct Undone {
    /// Those the dream had added, which are gone.
    pub(crate) n_removed: u32,
    /// Those that say again what they said.
    pub(crate) n_changed: u32,
    /// Those the dream had removed, which are back.
    pub(crate) n_returned: u32,
    /// Those the dream had added and the person has worked on: they stay.
    pub(crate) kept: BTreeSet<i64>,
    /// The days that show something else than before the dream, because of the person's corrections.
    pub(crate) days: BTreeSet<String>,
    /// The days on whose writing the moments rest.
    pub(crate) dreamt_days: BTreeSet<String>,
}

/// Takes back what a dream did to moments, their evidence, mentions, moods and vectors; edges are not
/// moments' alone and are taken back elsewhere. Entities that are named again must be there.
pub(crate) fn undo(writing: &Writing<'_>, changed: &[Changed]) -> Result<Undone> {
    let tx = writing.tx;
    let mut undone = Undone::default();
    let moments: Vec<(i64, &Changed)> =
        of_table(changed, "moments").filter_map(|one| Some((one.number("id")?, one))).collect();
    let mut back = Vec::new();
    let mut new = Vec::new();
    for (id, one) in &moments {
        let day = |row: &Row| rows::text(row, "dreamt_day").map(str::to_owned);
        undone
            .dreamt_days
            .extend([&one.row.before, &one.row.after].into_iter().flatten().filter_map(day));
        let is_there = rows::present(tx, "moments", *id)?.is_some();
        match &one.row.before {
            Some(before) if !one.is_forgotten => back.push((*id, before, is_there)),
            _ if is_there => new.push(*id),
            _ => {}
        }
    }
    for id in new {
        if is_worked_on(tx, id)? {
            undone.days.extend(days_of(tx, id)?);
            undone.kept.insert(id);
        } else {
            write::take_away(writing, id)?;
            undone.n_removed += 1;
        }
    }
    for (id, _, is_there) in &back {
        if *is_there {
            write::unindex(writing, *id)?;
            undone.days.extend(moved_by_hand(writing, *id)?);
            // A key may have passed from one moment to another.
            tx.prepare_cached("UPDATE moments SET key = randomblob(32) WHERE id = ?1")?
                .execute([id])?;
        }
    }
    for (_, before, _) in &back {
        rows::put_back(tx, "moments", before)?;
    }
    put_back_hung(tx, changed, &undone.kept)?;
    for (id, _, is_there) in &back {
        let shown = write::laid_over(writing, *id)?;
        if shown != shown_of(tx, *id)? {
            undone.days.extend(days_of(tx, *id)?);
            write::save_shown(writing, *id, &shown)?;
            write::save_mood(writing, *id)?;
            undone.days.extend(days_of(tx, *id)?);
        }
        write::index(writing, *id)?;
        let op = if *is_there { "changed" } else { "added" };
        let change = Change { revision_id: writing.revision_id, op, thing: "moment", id: *id };
        history::mark(tx, &change)?;
        *(if *is_there { &mut undone.n_changed } else { &mut undone.n_returned }) += 1;
    }
    Ok(undone)
}

fn of_table<'a>(changed: &'a [Changed], table: &'a str) -> impl Iterator<Item = &'a Changed> {
    changed.iter().filter(move |one| one.row.table == table)
}

/// What the person worked on stays, unless the words it rested on were forgotten: as in a dream.
fn is_worked_on(reader: &Connection, id: i64) -> Result<bool> {
    Ok(reader
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM corrections WHERE moment_id = ?1)
                AND EXISTS (SELECT 1 FROM evidence WHERE moment_id = ?1)",
        )?
        .query_row([id], |row| row.get(0))?)
}

/// Puts back what hangs on moments; what the kept ones have stays with them.
fn put_back_hung(tx: &Transaction<'_>, changed: &[Changed], kept: &BTreeSet<i64>) -> Result<()> {
    let owner = |one: &Changed| one.number("moment_id").filter(|id| !kept.contains(id));
    for table in ["evidence", "mentions"] {
        for one in of_table(changed, table).filter(|one| owner(one).is_some()) {
            match &one.row.before {
                Some(before) if can_hang(tx, before)? => rows::put_back(tx, table, before)?,
                Some(_) => {}
                None => rows::take_out(tx, table, one.number("id").unwrap_or_default())?,
            }
        }
    }
    let mut before: BTreeMap<(&str, i64), Vec<&Row>> = BTreeMap::new();
    for table in ["moods", "moment_vectors"] {
        for one in of_table(changed, table) {
            let Some(id) = owner(one) else { continue };
            before.entry((table, id)).or_default().extend(&one.row.before);
        }
    }
    for ((table, id), was) in before {
        let is_there = rows::present(tx, "moments", id)?.is_some();
        if table == "moods" {
            // A correction since has made another row of it.
            tx.prepare_cached("DELETE FROM moods WHERE moment_id = ?1")?.execute([id])?;
        } else {
            vectors::take_away(tx, Thing::Moment, id)?;
        }
        for row in was.into_iter().filter(|_| is_there) {
            if table == "moods" {
                rows::put_back(tx, table, row)?;
            } else {
                vectors::give_back(tx, id, row)?;
            }
        }
    }
    Ok(())
}

/// Whether all is there that evidence or a mention speaks of.
fn can_hang(reader: &Connection, row: &Row) -> Result<bool> {
    Ok(reader
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM moments WHERE id = ?1)
                AND EXISTS (SELECT 1 FROM records WHERE id = ?2)
                AND (?3 IS NULL OR EXISTS (SELECT 1 FROM entities WHERE id = ?3))",
        )?
        .query_row(
            params![
                rows::number(row, "moment_id"),
                rows::number(row, "record_id"),
                rows::number(row, "entity_id")
            ],
            |row| row.get(0),
        )?)
}

/// The day on which a moment is shown.
fn days_of(reader: &Connection, id: i64) -> Result<Vec<String>> {
    let mut find = reader.prepare_cached("SELECT day FROM moments WHERE id = ?1")?;
    Ok(find.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The day to which the person has put a moment, where its story was told again by their hand: it may
/// speak of what the moment said.
fn moved_by_hand(writing: &Writing<'_>, id: i64) -> Result<Vec<String>> {
    let mut find = writing.tx.prepare_cached(
        "SELECT p.starts_on FROM moments m
              JOIN periods p ON p.kind = 'day' AND p.starts_on = m.day
              JOIN revisions r ON r.id = p.revision_id AND r.author = 'person'
         WHERE m.id = ?1 AND m.day <> m.dreamt_day AND p.revision_id > m.revision_id",
    )?;
    Ok(find.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// What a moment shows by its columns.
fn shown_of(reader: &Connection, id: i64) -> Result<Shown> {
    let damaged = || Error::invalid(format!("moment {id} is damaged"));
    let (shown, precision, tags, emotions): (Shown, String, String, String) = reader
        .prepare_cached(
            "SELECT day, starts_at, ends_at, offset_minutes, title, summary, valence, arousal, is_hidden,
               is_pinned, precision, tags, emotions, moment_type FROM moments WHERE id = ?1",
        )?
        .query_row([id], |row| {
            let shown = Shown {
                day: row.get(0)?,
                starts_at: row.get(1)?,
                ends_at: row.get(2)?,
                offset_minutes: row.get(3)?,
                precision: Precision::Unknown,
                moment_type: row.get(13)?,
                title: row.get(4)?,
                summary: row.get(5)?,
                tags: Vec::new(),
                emotions: Vec::new(),
                valence: row.get(6)?,
                arousal: row.get(7)?,
                is_hidden: row.get(8)?,
                is_pinned: row.get(9)?,
            };
            Ok((shown, row.get(10)?, row.get(11)?, row.get(12)?))
        })?;
    Ok(Shown {
        precision: precision.parse().map_err(|_| damaged())?,
        tags: serde_json::from_str(&tags).map_err(|_| damaged())?,
        emotions: serde_json::from_str(&emotions).map_err(|_| damaged())?,
        ..shown
    })
}
