//! Writes moments with all that hangs on them: evidence, mentions, edges, mood, search index, vector.
//!
//! There is one way in: what is shown is always laid together from what was derived and what the
//! person corrected, so no dream can forget a correction.

use std::collections::BTreeSet;

use rusqlite::{OptionalExtension, Transaction, params};

use super::{
    correct::{Shown, corrections, lay_over},
    derive::{Derived, Dreamt, Mention, Span},
    history::{self, Change},
    words,
};
use crate::{
    Error, Result,
    clock::Calendar,
    entities,
    store::{
        Hash, json_list,
        vectors::{self, EmbedderRow, State, Thing},
    },
};

/// The circumstances of a write.
pub(crate) struct Writing<'a> {
    pub(crate) tx: &'a Transaction<'a>,
    pub(crate) revision_id: i64,
    pub(crate) calendar: &'a Calendar,
    pub(crate) now: i64,
}

/// A moment that is there already, as a dream needs to know it.
#[derive(Debug)]
pub(crate) struct Existing {
    pub(crate) id: i64,
    pub(crate) key: Hash,
    pub(crate) derived: Derived,
    pub(crate) evidence: Vec<Span>,
    pub(crate) is_corrected: bool,
    /// Whether the person hid it or put it at another time: then it is no account of something else.
    pub(crate) is_set_apart: bool,
}

/// The moments that rest on a day's writing.
pub(crate) fn existing_of_day(reader: &rusqlite::Connection, day: &str) -> Result<Vec<Existing>> {
    let mut find = reader.prepare_cached(
        "SELECT m.id, m.key, m.derived, EXISTS (SELECT 1 FROM corrections k WHERE k.moment_id = m.id),
           EXISTS (SELECT 1 FROM corrections k
                   WHERE k.moment_id = m.id AND k.field IN ('hidden', 'time'))
         FROM moments m WHERE m.dreamt_day = ?1 ORDER BY m.id",
    )?;
    let rows: Vec<(i64, Hash, String, bool, bool)> = find
        .query_map([day], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut all = Vec::new();
    for (id, key, derived, is_corrected, is_set_apart) in rows {
        let derived = parse_derived(id, &derived)?;
        let evidence = evidence_of(reader, id)?;
        all.push(Existing { id, key, derived, evidence, is_corrected, is_set_apart });
    }
    Ok(all)
}

/// Gives each of the moments dreamt of a day a key of its own, and returns the moments of other days
/// whose words have moved to this one: a note got another date, and its moments go with it.
pub(crate) fn tell_apart(
    reader: &rusqlite::Connection,
    day: &str,
    dreamt: &mut [Dreamt],
) -> Result<Vec<Existing>> {
    let mut find = reader.prepare_cached(
        "SELECT m.id, m.derived, EXISTS (SELECT 1 FROM corrections k WHERE k.moment_id = m.id),
           EXISTS (SELECT 1 FROM evidence e JOIN chunks c ON c.record_id = e.record_id
                   WHERE e.moment_id = m.id AND c.day = m.dreamt_day)
         FROM moments m WHERE m.key = ?1 AND m.dreamt_day <> ?2",
    )?;
    let mut moved = Vec::new();
    let mut taken: BTreeSet<Hash> = BTreeSet::new();
    for moment in dreamt {
        loop {
            let key = moment.key();
            let elsewhere: Option<(i64, String, bool, bool)> = find
                .query_row(params![key, day], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })
                .optional()?;
            let stays = matches!(elsewhere, Some((.., true)));
            if stays || !taken.insert(key) {
                // The same words stand there, too.
                moment.n_namesakes += 1;
                continue;
            }
            if let Some((id, derived, is_corrected, _)) = elsewhere {
                let derived = parse_derived(id, &derived)?;
                let evidence = evidence_of(reader, id)?;
                let is_set_apart = false;
                moved.push(Existing { id, key, derived, evidence, is_corrected, is_set_apart });
            }
            break;
        }
    }
    Ok(moved)
}

fn parse_derived(id: i64, json: &str) -> Result<Derived> {
    serde_json::from_str(json)
        .map_err(|error| Error::invalid(format!("moment {id} is damaged: {error}")))
}

fn evidence_of(reader: &rusqlite::Connection, id: i64) -> Result<Vec<Span>> {
    let mut find = reader.prepare_cached(
        "SELECT record_id, record_hash, starts, ends, marks FROM evidence
         WHERE moment_id = ?1 ORDER BY ordinal",
    )?;
    let spans = find.query_map([id], |row| {
        let marks: Vec<(usize, usize)> =
            serde_json::from_str(&row.get::<_, String>(4)?).unwrap_or_default();
        Ok(Span {
            record_id: row.get(0)?,
            record_hash: row.get(1)?,
            range: row.get(2)?..row.get(3)?,
            // Only needed to make a key, which is stored.
            words: Hash([0; 32]),
            marks: marks.into_iter().map(|(start, end)| start..end).collect(),
        })
    })?;
    Ok(spans.collect::<rusqlite::Result<_>>()?)
}

/// Adds a moment.
pub(crate) fn add(writing: &Writing<'_>, dreamt: &Dreamt) -> Result<i64> {
    let shown = lay_over(&dreamt.derived, &[], writing.calendar);
    writing
        .tx
        .prepare_cached(
            "INSERT INTO moments (key, day, dreamt_day, starts_at, ends_at, offset_minutes, precision,
               moment_type, title, summary, outcome, language, tags, people, emotions, valence,
               arousal, confidence, is_hidden, is_pinned, mind, derived, revision_id, created_at,
               updated_at, insights)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
               0, 0, ?19, ?20, ?21, ?22, ?22, ?23)",
        )?
        .execute(params![
            dreamt.key(),
            shown.day,
            dreamt.derived.day,
            shown.starts_at,
            shown.ends_at,
            shown.offset_minutes,
            shown.precision.as_str(),
            shown.moment_type,
            shown.title,
            shown.summary,
            dreamt.derived.outcome,
            dreamt.derived.language,
            json_list(&shown.tags),
            json_list(&dreamt.derived.people),
            json_list(&shown.emotions),
            shown.valence,
            shown.arousal,
            dreamt.derived.confidence,
            dreamt.derived.mind,
            json(&dreamt.derived),
            writing.revision_id,
            writing.now,
            json_list(&dreamt.derived.insights),
        ])?;
    let id = writing.tx.last_insert_rowid();
    index(writing, id)?;
    hang_on(writing, id, dreamt)?;
    save_mood(writing, id)?;
    let change = Change { revision_id: writing.revision_id, op: "added", thing: "moment", id };
    history::mark(writing.tx, &change)?;
    Ok(id)
}

/// Gives a moment that is there other derived values and evidence; its id and corrections stay.
pub(crate) fn change(writing: &Writing<'_>, existing: &Existing, dreamt: &Dreamt) -> Result<()> {
    let id = existing.id;
    unindex(writing, id)?;
    writing
        .tx
        .prepare_cached(
            "UPDATE moments SET key = ?2, dreamt_day = ?3, insights = ?4, outcome = ?5,
               language = ?6, people = ?7, confidence = ?8, mind = ?9, derived = ?10,
               revision_id = ?11, updated_at = ?12 WHERE id = ?1",
        )?
        .execute(params![
            id,
            dreamt.key(),
            dreamt.derived.day,
            json_list(&dreamt.derived.insights),
            dreamt.derived.outcome,
            dreamt.derived.language,
            json_list(&dreamt.derived.people),
            dreamt.derived.confidence,
            dreamt.derived.mind,
            json(&dreamt.derived),
            writing.revision_id,
            writing.now,
        ])?;
    let kept = corrections(writing.tx, id)?;
    save_shown(writing, id, &lay_over(&dreamt.derived, &kept, writing.calendar))?;
    index(writing, id)?;
    hang_on(writing, id, dreamt)?;
    save_mood(writing, id)?;
    let change = Change { revision_id: writing.revision_id, op: "changed", thing: "moment", id };
    history::mark(writing.tx, &change)
}

/// Lets a moment that says the same point at the places where its words stand now.
pub(crate) fn renew(writing: &Writing<'_>, existing: &Existing, dreamt: &Dreamt) -> Result<()> {
    hang_on(writing, existing.id, dreamt)
}

/// Takes a moment away because what it rested on is gone.
pub(crate) fn remove(writing: &Writing<'_>, existing: &Existing) -> Result<()> {
    take_away(writing, existing.id)
}

/// Takes a moment away with all that hangs on it.
pub(super) fn take_away(writing: &Writing<'_>, id: i64) -> Result<()> {
    unindex(writing, id)?;
    writing.tx.execute(
        "DELETE FROM edges WHERE (from_kind = 'moment' AND from_id = ?1)
           OR (to_kind = 'moment' AND to_id = ?1)",
        [id],
    )?;
    writing.tx.execute("DELETE FROM moments WHERE id = ?1", [id])?;
    let change = Change { revision_id: writing.revision_id, op: "removed", thing: "moment", id };
    history::mark(writing.tx, &change)
}

/// Lays the corrections over what was derived again, after one was made or taken back.
pub(super) fn relay(writing: &Writing<'_>, id: i64) -> Result<()> {
    let shown = laid_over(writing, id)?;
    unindex(writing, id)?;
    save_shown(writing, id, &shown)?;
    index(writing, id)?;
    save_mood(writing, id)
}

/// What is to be shown of a moment by its corrections as they are.
pub(super) fn laid_over(writing: &Writing<'_>, id: i64) -> Result<Shown> {
    let derived = derived_of(writing.tx, id)?;
    Ok(lay_over(&derived, &corrections(writing.tx, id)?, writing.calendar))
}

/// What was derived of a moment.
pub(super) fn derived_of(reader: &rusqlite::Connection, id: i64) -> Result<Derived> {
    let derived: Option<String> = reader
        .query_row("SELECT derived FROM moments WHERE id = ?1", [id], |row| row.get(0))
        .optional()?;
    let derived = derived.ok_or_else(|| Error::NotFound(format!("moment {id}")))?;
    parse_derived(id, &derived)
}

pub(super) fn save_shown(writing: &Writing<'_>, id: i64, shown: &Shown) -> Result<()> {
    writing
        .tx
        .prepare_cached(
            "UPDATE moments SET day = ?2, starts_at = ?3, ends_at = ?4, offset_minutes = ?5,
               precision = ?6, title = ?7, summary = ?8, tags = ?9, emotions = ?10, valence = ?11,
               arousal = ?12, is_hidden = ?13, is_pinned = ?14, updated_at = ?15, moment_type = ?16
             WHERE id = ?1",
        )?
        .execute(params![
            id,
            shown.day,
            shown.starts_at,
            shown.ends_at,
            shown.offset_minutes,
            shown.precision.as_str(),
            shown.title,
            shown.summary,
            json_list(&shown.tags),
            json_list(&shown.emotions),
            shown.valence,
            shown.arousal,
            shown.is_hidden,
            shown.is_pinned,
            writing.now,
            shown.moment_type,
        ])?;
    Ok(())
}

pub(super) fn index(writing: &Writing<'_>, id: i64) -> Result<()> {
    super::index::add(writing.tx, id)
}

pub(super) fn unindex(writing: &Writing<'_>, id: i64) -> Result<()> {
    super::index::remove(writing.tx, id)
}

/// Replaces everything that hangs on a moment's evidence.
fn hang_on(writing: &Writing<'_>, id: i64, dreamt: &Dreamt) -> Result<()> {
    let tx = writing.tx;
    tx.prepare_cached("DELETE FROM evidence WHERE moment_id = ?1")?.execute([id])?;
    tx.prepare_cached("DELETE FROM mentions WHERE moment_id = ?1")?.execute([id])?;
    tx.prepare_cached("DELETE FROM edges WHERE from_kind = 'moment' AND from_id = ?1")?
        .execute([id])?;
    let mut insert = tx.prepare_cached(
        "INSERT INTO evidence (moment_id, record_id, ordinal, starts, ends, record_hash, marks)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (ordinal, span) in (0_i64..).zip(&dreamt.evidence) {
        let marks: Vec<_> = span.marks.iter().map(|mark| (mark.start, mark.end)).collect();
        insert.execute(params![
            id,
            span.record_id,
            ordinal,
            span.range.start,
            span.range.end,
            span.record_hash,
            json_list(&marks),
        ])?;
    }
    let records: BTreeSet<i64> = dreamt.evidence.iter().map(|span| span.record_id).collect();
    for record in records {
        edge(writing, id, ("record", record), "extracted_from", 1.0)?;
    }
    mention_people(writing, id, dreamt)?;
    // A model's vector is made in the background.
    vectors::take_away(tx, Thing::Moment, id)?;
    for state in [State::Used, State::Next] {
        if let Some(embedder) = vectors::embedder(tx, state)?.filter(EmbedderRow::is_built_in) {
            words::keep_built_in(tx, &embedder, id, &dreamt.embedding)?;
        }
    }
    Ok(())
}

fn mention_people(writing: &Writing<'_>, id: i64, dreamt: &Dreamt) -> Result<()> {
    for name in &dreamt.derived.people {
        let entity = entities::find_or_add(writing.tx, "person", name, writing.now)?;
        edge(writing, id, ("entity", entity), "involves", 1.0)?;
    }
    let mut insert = writing.tx.prepare_cached(
        "INSERT INTO mentions (entity_id, moment_id, record_id, starts, ends, confidence)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for Mention { name, record_id, range, confidence } in &dreamt.mentions {
        let entity = entities::find_or_add(writing.tx, "person", name, writing.now)?;
        insert.execute(params![entity, id, record_id, range.start, range.end, confidence])?;
    }
    Ok(())
}

fn edge(
    writing: &Writing<'_>,
    moment_id: i64,
    (to_kind, to_id): (&str, i64),
    rel_type: &str,
    weight: f64,
) -> Result<()> {
    writing
        .tx
        .prepare_cached(
            "INSERT INTO edges (from_kind, from_id, to_kind, to_id, rel_type, weight, confidence,
               revision_id, created_at)
             VALUES ('moment', ?1, ?2, ?3, ?4, ?5, 1, ?6, ?7)
             ON CONFLICT (from_kind, from_id, to_kind, to_id, rel_type) DO NOTHING",
        )?
        .execute(params![
            moment_id,
            to_kind,
            to_id,
            rel_type,
            weight,
            writing.revision_id,
            writing.now
        ])?;
    Ok(())
}

/// A moment in which something was felt is a mood at its time; one without is none.
pub(super) fn save_mood(writing: &Writing<'_>, id: i64) -> Result<()> {
    writing.tx.prepare_cached("DELETE FROM moods WHERE moment_id = ?1")?.execute([id])?;
    writing
        .tx
        .prepare_cached(
            "INSERT INTO moods (moment_id, day, at, offset_minutes, precision, valence, arousal)
             SELECT id, day, starts_at, offset_minutes, precision, valence, arousal FROM moments
             WHERE id = ?1 AND emotions <> '[]' AND is_hidden = 0",
        )?
        .execute([id])?;
    Ok(())
}

pub(super) fn json(derived: &Derived) -> String {
    serde_json::to_string(derived).unwrap_or_else(|_| "{}".into())
}
