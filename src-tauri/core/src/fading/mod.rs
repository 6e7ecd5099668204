//! Fading: how much of its weight a thing still has to which nobody returns. Nothing is deleted by it.
//!
//! `formula` says how strong a thing is at an instant; this file reads and writes the narrow tables
//! beside moments and records. Rows come and go with their things (triggers and foreign keys of the
//! schema). The strengths in them are written by the stage `dream/stages/decay.rs` alone, once a day.

pub(crate) mod formula;

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::Result;
use formula::{Life, Rates};

/// What can fade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Thing {
    /// A moment.
    Moment,
    /// A note or a conversation; a message stands for its conversation.
    Record,
}

impl Thing {
    pub(crate) const ALL: [Self; 2] = [Self::Moment, Self::Record];

    /// Its table.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Self::Moment => "moment_fading",
            Self::Record => "record_fading",
        }
    }

    /// Picks the row of the thing `?1` out of its table.
    fn is_it(self) -> &'static str {
        match self {
            Self::Moment => "moment_id = ?1",
            Self::Record => {
                "record_id = (SELECT coalesce(session_id, id) FROM records WHERE id = ?1)"
            }
        }
    }
}

/// The columns of [`life`].
pub(crate) const LIFE: &str = "importance, since_at, visited_at, n_visits, is_pinned";

/// Reads [`LIFE`], the first columns of a row.
pub(crate) fn life(row: &Row<'_>) -> rusqlite::Result<Life> {
    Ok(Life {
        importance: row.get(0)?,
        since_at: row.get(1)?,
        visited_at: row.get(2)?,
        n_visits: row.get(3)?,
        is_pinned: row.get(4)?,
    })
}

/// How much a score counts by the strength `strength` (an expression of SQL): between 0.8 and 1, so that
/// fading settles near ties and never hides a better match.
pub(crate) fn gently(strength: &str) -> String {
    format!("(0.8 + 0.2 * coalesce({strength}, 1))")
}

/// How strong a thing is at an instant, 0 to 1; absent where there is none. Visits of today count.
pub(crate) fn strength(
    reader: &Connection,
    thing: Thing,
    id: i64,
    at: i64,
    rates: &Rates,
) -> Result<Option<f64>> {
    let (table, is_it) = (thing.table(), thing.is_it());
    let found = reader
        .prepare_cached(&format!("SELECT {LIFE} FROM {table} WHERE {is_it}"))?
        .query_row([id], life)
        .optional()?;
    let at = not_before_faded(reader, at)?;
    Ok(found.map(|life| formula::strength(&life, at, rates)))
}

/// The instant, or that of which the strengths are already, if it is later: a clock that was set back
/// strengthens nothing.
pub(crate) fn not_before_faded(reader: &Connection, at: i64) -> Result<i64> {
    let faded: Option<i64> = reader
        .prepare_cached("SELECT at FROM faded WHERE only = 1")?
        .query_row([], |row| row.get(0))
        .optional()?;
    Ok(faded.map_or(at, |faded| faded.max(at)))
}

/// Keeps of which instant the strengths are.
pub(crate) fn set_faded(tx: &Transaction<'_>, at: i64) -> Result<()> {
    tx.execute(
        "INSERT INTO faded (only, at) VALUES (1, ?1)
         ON CONFLICT (only) DO UPDATE SET at = max(at, excluded.at)",
        [at],
    )?;
    Ok(())
}

/// Whether a visit now would be the first of the day that begins at `today`.
pub(crate) fn is_first_visit(
    reader: &Connection,
    thing: Thing,
    id: i64,
    today: i64,
) -> Result<bool> {
    let (table, is_it) = (thing.table(), thing.is_it());
    let today = not_before_faded(reader, today)?;
    Ok(reader
        .prepare_cached(&format!("SELECT 1 FROM {table} WHERE {is_it} AND visited_at < ?2"))?
        .exists(params![id, today])?)
}

/// Counts that the person opened a thing: once a day, for a window asks for what it shows again and
/// again. The day begins at `today`; a clock that was set back is not believed.
pub(crate) fn visit(
    tx: &Transaction<'_>,
    thing: Thing,
    id: i64,
    now: i64,
    today: i64,
) -> Result<()> {
    let (table, is_it) = (thing.table(), thing.is_it());
    let today = not_before_faded(tx, today)?;
    tx.prepare_cached(&format!(
        "UPDATE {table} SET visited_at = ?2, n_visits = n_visits + 1
         WHERE {is_it} AND visited_at < ?3"
    ))?
    .execute(params![id, now.max(today), today])?;
    Ok(())
}
