//! What becomes of moments when the person forgets a source: they go, and so does what revisions and
//! undone dreams keep of them.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, params};

use super::{
    correct::corrections,
    write::{self, Writing},
};
use crate::Result;

/// What rests, or once rested, on a source.
#[derive(Debug, Default)]
pub(crate) struct Resting {
    /// Moments that rest on it.
    moments: BTreeSet<i64>,
    /// Those, and moments that a dream once let rest on it.
    ever: BTreeSet<i64>,
    /// Who is named by these moments or in its words.
    entities: BTreeSet<i64>,
    /// The days on which something of it was told.
    pub(crate) days: BTreeSet<String>,
    /// Days on which the person once put something of it, and those beside them, whatever the zone was.
    once: BTreeSet<String>,
}

impl Resting {
    /// Moments that rest, or once rested, on the source.
    pub(crate) fn moments_ever(&self) -> &BTreeSet<i64> {
        &self.ever
    }
}

/// What stands in place of a title whose words were forgotten, until the next dream.
const BLANK: &str = "…";

/// Finds out what rests on a source that is still there.
pub(crate) fn resting_on(reader: &Connection, source_id: i64) -> Result<Resting> {
    let numbers = |sql: &str| -> Result<BTreeSet<i64>> {
        let mut find = reader.prepare(sql)?;
        Ok(find.query_map([source_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    };
    let mut resting = Resting {
        moments: numbers(
            "SELECT e.moment_id FROM evidence e JOIN records r ON r.id = e.record_id
             WHERE r.source_id = ?1",
        )?,
        ever: numbers(
            "SELECT json_extract(coalesce(c.before, c.after), '$.moment_id') FROM revision_rows c
             WHERE c.of_table IN ('evidence', 'mentions')
               AND json_extract(coalesce(c.before, c.after), '$.record_id') IN
                 (SELECT id FROM records WHERE source_id = ?1)",
        )?,
        entities: numbers(
            "SELECT m.entity_id FROM mentions m JOIN records r ON r.id = m.record_id
             WHERE r.source_id = ?1",
        )?,
        days: BTreeSet::new(),
        once: BTreeSet::new(),
    };
    resting.ever.extend(&resting.moments);
    let mut of_moment = reader.prepare(
        "SELECT to_id FROM edges WHERE from_kind = 'moment' AND from_id = ?1 AND to_kind = 'entity'",
    )?;
    let mut told = reader.prepare(
        "SELECT day FROM moments WHERE id = ?1 UNION SELECT dreamt_day FROM moments WHERE id = ?1
         UNION SELECT json_extract(before, '$.day') FROM revision_rows
               WHERE of_table = 'moments' AND row_key = ?2
         UNION SELECT json_extract(after, '$.day') FROM revision_rows
               WHERE of_table = 'moments' AND row_key = ?2",
    )?;
    let mut put = reader.prepare(
        "SELECT DISTINCT date(json_extract(said.value, '$.starts_at') / 1000, 'unixepoch', near.value)
         FROM revision_changes c,
              json_each(json_array(json(coalesce(c.before, '[]')), json(coalesce(c.after, '[]')))) side,
              json_each(side.value) said, json_each('[\"-1 day\", \"+0 day\", \"+1 day\"]') near
         WHERE c.thing = 'moment' AND c.thing_id = ?1
           AND json_extract(said.value, '$.field') = 'time'",
    )?;
    for id in &resting.ever {
        let found = of_moment.query_map([id], |row| row.get::<_, i64>(0))?;
        for entity in found {
            resting.entities.insert(entity?);
        }
        let days = told.query_map(params![id, format!("[{id}]")], |row| row.get(0))?;
        for day in days {
            let day: Option<String> = day?;
            resting.days.extend(day);
        }
        let days = put.query_map([id], |row| row.get(0))?;
        for day in days {
            let day: Option<String> = day?;
            resting.once.extend(day);
        }
    }
    Ok(resting)
}

/// Takes away what rested on a source that is gone by now. A moment that the person worked on and that
/// rests on something else, too, stays, without the words that were derived of it until the next dream.
pub(crate) fn forget(writing: &Writing<'_>, resting: &Resting) -> Result<()> {
    let tx = writing.tx;
    for id in &resting.moments {
        let rests: bool = tx.query_row(
            "SELECT EXISTS (SELECT 1 FROM evidence WHERE moment_id = ?1)",
            [id],
            |row| row.get(0),
        )?;
        if rests && !corrections(tx, *id)?.is_empty() {
            blank(writing, *id)?;
        } else {
            write::take_away(writing, *id)?;
        }
    }
    for id in &resting.ever {
        tx.execute(
            "UPDATE revision_changes SET before = NULL, after = NULL
             WHERE thing = 'moment' AND thing_id = ?1",
            [id],
        )?;
    }
    for id in &resting.entities {
        tx.execute(
            "DELETE FROM entities WHERE id = ?1
             AND NOT EXISTS (SELECT 1 FROM mentions WHERE entity_id = ?1)
             AND NOT EXISTS (SELECT 1 FROM edges WHERE from_kind = 'entity' AND from_id = ?1)
             AND NOT EXISTS (SELECT 1 FROM edges WHERE to_kind = 'entity' AND to_id = ?1)",
            [id],
        )?;
    }
    forget_rows(tx, resting)
}

/// Empties a moment of the words that were derived of it.
fn blank(writing: &Writing<'_>, id: i64) -> Result<()> {
    let mut derived = write::derived_of(writing.tx, id)?;
    derived.title = BLANK.into();
    for text in [&mut derived.summary, &mut derived.outcome] {
        text.clear();
    }
    for list in [&mut derived.tags, &mut derived.people] {
        list.clear();
    }
    derived.emotions.clear();
    derived.insights.clear();
    write::unindex(writing, id)?;
    writing.tx.execute(
        "UPDATE moments SET derived = ?2, outcome = '', people = '[]', insights = '[]' WHERE id = ?1",
        params![id, write::json(&derived)],
    )?;
    let shown = write::laid_over(writing, id)?;
    write::save_shown(writing, id, &shown)?;
    write::index(writing, id)?;
    write::save_mood(writing, id)?;
    writing.tx.execute("DELETE FROM moment_vectors WHERE moment_id = ?1", [id])?;
    Ok(())
}

/// Takes the words out of what is kept to undo dreams. That a moment or a story was there stays known,
/// so that the rest of its dream can be undone.
fn forget_rows(tx: &Transaction<'_>, resting: &Resting) -> Result<()> {
    let mut bare = tx.prepare(
        "UPDATE revision_rows SET is_forgotten = 1,
           before = CASE WHEN before IS NOT NULL THEN json_object('id', ?1, 'day',
             json_extract(before, '$.day'), 'dreamt_day', json_extract(before, '$.dreamt_day')) END,
           after = CASE WHEN after IS NOT NULL THEN json_object('id', ?1, 'day',
             json_extract(after, '$.day'), 'dreamt_day', json_extract(after, '$.dreamt_day')) END
         WHERE of_table = 'moments' AND row_key = ?2",
    )?;
    let mut hung = tx.prepare(
        "DELETE FROM revision_rows WHERE id IN
           (SELECT c.id FROM revision_rows c
            WHERE c.revision_id IN (SELECT revision_id FROM revision_touches WHERE touched = ?2)
              AND (c.of_table IN ('evidence', 'mentions', 'moods', 'moment_vectors')
                   AND json_extract(coalesce(c.after, c.before), '$.moment_id') = ?1
                OR c.of_table = 'edges'
                   AND ('moment' = json_extract(coalesce(c.after, c.before), '$.from_kind')
                        AND ?1 = json_extract(coalesce(c.after, c.before), '$.from_id')
                     OR 'moment' = json_extract(coalesce(c.after, c.before), '$.to_kind')
                        AND ?1 = json_extract(coalesce(c.after, c.before), '$.to_id'))))",
    )?;
    for id in &resting.ever {
        bare.execute(params![id, format!("[{id}]")])?;
        hung.execute(params![id, format!("moment {id}")])?;
    }
    forget_periods(tx, resting)?;
    for id in &resting.entities {
        tx.execute(
            "DELETE FROM revision_rows WHERE of_table = 'entities' AND row_key = ?2
             AND NOT EXISTS (SELECT 1 FROM entities WHERE id = ?1)",
            params![id, format!("[{id}]")],
        )?;
    }
    Ok(())
}

/// The same for days' stories, and for weeks, months and years with such a day.
fn forget_periods(tx: &Transaction<'_>, resting: &Resting) -> Result<()> {
    let mut find = tx.prepare(
        "SELECT id, json_extract(coalesce(after, before), '$.starts_on'),
           json_extract(coalesce(after, before), '$.ends_on')
         FROM revision_rows WHERE of_table = 'periods' AND is_forgotten = 0",
    )?;
    let mut bare = tx.prepare(
        "UPDATE revision_rows SET is_forgotten = 1,
           before = CASE WHEN before IS NOT NULL
             THEN json_object('kind', json_extract(before, '$.kind'), 'starts_on', ?2, 'ends_on', ?3) END,
           after = CASE WHEN after IS NOT NULL
             THEN json_object('kind', json_extract(after, '$.kind'), 'starts_on', ?2, 'ends_on', ?3) END
         WHERE id = ?1",
    )?;
    let all: Vec<(i64, String, String)> = find
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (id, from, until) in all {
        let is_told =
            |days: &BTreeSet<String>| days.range(from.clone()..=until.clone()).next().is_some();
        if is_told(&resting.days) || is_told(&resting.once) {
            bare.execute(params![id, from, until])?;
        }
    }
    Ok(())
}
