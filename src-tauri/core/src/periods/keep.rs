//! Weeks, months and years as they are kept: one row each, which keeps its id as long as the period has
//! moments.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Weekday;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{
    digest,
    facts::{Facts, Material},
    plain::{self, Told},
    span::{self, Span},
};
use crate::{
    Result,
    mind::builtin,
    store::{Hash, json_list},
};

/// What is kept of a period, as far as one must know it to see whether it is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    pub(crate) hash: Hash,
    pub(crate) told: Told,
}

impl Kept {
    /// Whether a model told it.
    pub(crate) fn is_by_model(&self) -> bool {
        self.told.mind != builtin::NAME
    }
}

/// All that is kept of weeks, months and years.
pub(crate) fn all(reader: &Connection) -> Result<BTreeMap<Span, Kept>> {
    let mut find = reader.prepare(
        "SELECT kind, starts_on, ends_on, input_hash, title, summary, mind, is_provisional
         FROM periods WHERE kind <> 'day' ORDER BY id",
    )?;
    let mut rows = find.query([])?;
    let mut all = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let word = |n| row.get::<_, String>(n);
        let (Some(kind), Ok(from), Ok(until)) =
            (span::kind_of(&word(0)?), word(1)?.parse(), word(2)?.parse())
        else {
            continue;
        };
        let told = Told {
            title: word(4)?,
            summary: word(5)?,
            mind: word(6)?,
            is_provisional: row.get(7)?,
        };
        all.insert(Span { kind, from, until }, Kept { hash: row.get(3)?, told });
    }
    Ok(all)
}

/// Keeps what is told and reckoned of a period, from what has this hash.
pub(crate) fn save(
    tx: &Transaction<'_>,
    span: &Span,
    hash: Hash,
    told: &Told,
    facts: &Facts,
    (revision_id, now): (i64, i64),
) -> Result<()> {
    let (from, until) = span.days();
    let best_day = facts.best_day.as_ref().and_then(|day| serde_json::to_string(day).ok());
    tx.prepare_cached(
        "INSERT INTO periods (kind, starts_on, ends_on, title, summary, language, valence, arousal,
           n_days, n_moments, n_records, minutes, approximate_minutes, hours, n_outcomes, outcomes,
           people, topics, best_day, input_hash, mind, is_provisional, revision_id, created_at,
           updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
           ?20, ?21, ?22, ?23, ?24, ?24)
         ON CONFLICT (kind, starts_on) DO UPDATE SET ends_on = excluded.ends_on,
           title = excluded.title, summary = excluded.summary, language = excluded.language,
           valence = excluded.valence, arousal = excluded.arousal, n_days = excluded.n_days,
           n_moments = excluded.n_moments, n_records = excluded.n_records,
           minutes = excluded.minutes, approximate_minutes = excluded.approximate_minutes,
           hours = excluded.hours, n_outcomes = excluded.n_outcomes, outcomes = excluded.outcomes,
           people = excluded.people, topics = excluded.topics, best_day = excluded.best_day,
           input_hash = excluded.input_hash, mind = excluded.mind,
           is_provisional = excluded.is_provisional, revision_id = excluded.revision_id,
           updated_at = excluded.updated_at",
    )?
    .execute(params![
        span::word(span.kind),
        from,
        until,
        told.title,
        told.summary,
        facts.language,
        facts.valence,
        facts.arousal,
        facts.n_days,
        facts.n_moments,
        facts.n_records,
        facts.hours.minutes,
        facts.hours.approximate_minutes,
        json_list(&facts.hours.by_kind),
        facts.n_outcomes,
        json_list(&facts.outcomes),
        json_list(&facts.people),
        json_list(&facts.topics),
        best_day,
        hash,
        told.mind,
        told.is_provisional,
        revision_id,
        now,
    ])?;
    Ok(())
}

/// Takes a period away that has no moments any more, or is none any more.
pub(crate) fn remove(tx: &Transaction<'_>, span: &Span) -> Result<()> {
    tx.prepare_cached("DELETE FROM periods WHERE kind = ?1 AND starts_on = ?2")?
        .execute(params![span::word(span.kind), span.from.to_string()])?;
    Ok(())
}

/// Which periods are told anew.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Which<'a> {
    /// All: what was told once may speak of what is forgotten.
    All,
    /// Those whose days are not as they were told.
    Changed,
    /// The same, but for these.
    ChangedBut(&'a BTreeSet<Span>),
}

/// Tells the periods anew, by rule, in which these days lie: the person has corrected something, forgotten a
/// source or undone a dream, and nothing must go on being told that is no longer so. A period that no dream
/// has told yet is left to the next one. What a model told is told again in the next dream.
pub(crate) fn mend<'d>(
    tx: &Transaction<'_>,
    days: impl IntoIterator<Item = &'d str>,
    which: Which<'_>,
    week_start: Weekday,
    (revision_id, now): (i64, i64),
) -> Result<()> {
    let mut find = tx.prepare_cached(
        "SELECT input_hash, mind <> ?3 OR is_provisional FROM periods
         WHERE kind = ?1 AND starts_on = ?2",
    )?;
    let is_all = matches!(which, Which::All);
    let mut spans = Span::covering(days, week_start);
    if let Which::ChangedBut(restored) = which {
        spans.retain(|span| !restored.contains(span));
    }
    for span in &spans {
        let kept: Option<(Hash, bool)> = find
            .query_row(
                params![span::word(span.kind), span.from.to_string(), builtin::NAME],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        let Some((known, has_model)) = kept else { continue };
        match digest::now(tx, span)? {
            Some(hash) if hash == known && !is_all => {}
            Some(hash) => {
                let material = Material::read(tx, span)?;
                let facts = Facts::of(span.kind, &material);
                let is_provisional = has_model && !facts.is_thin(span.kind);
                let told = Told { is_provisional, ..plain::told(span, &material, &facts) };
                save(tx, span, hash, &told, &facts, (revision_id, now))?;
            }
            None => remove(tx, span)?,
        }
    }
    Ok(())
}
