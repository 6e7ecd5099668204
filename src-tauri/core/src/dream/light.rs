//! Ties what was just saved to what is alike, without waiting for the night and without a model.
//!
//! It holds no lock, so that nobody ever waits for it: what it found is written only if no dream runs and no
//! revision was begun since it looked. All of it between two dreams is one entry of the history.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::stages::affinity;
use crate::{Journal, Result, journal::Cancel, mind::builtin, moments::history};

/// What sets it off.
const CAUSE: &str = "saved";

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tied {
    /// Everything is tied; so many edges came, changed or went.
    Done(usize),
    /// A dream runs, or something else was written meanwhile: try later.
    NotNow,
}

/// Brings the edges of what came, went or changed up to date, by vectors alone.
pub(crate) fn tie(journal: &Journal, cancel: &Cancel) -> Result<Tied> {
    let now = journal.clock().now_ms();
    if journal.store().read(|reader| super::lock::held_by(reader, now))?.is_some() {
        return Ok(Tied::NotNow);
    }
    let last = |reader: &Connection| -> Result<i64> {
        Ok(reader.query_row("SELECT coalesce(max(id), 0) FROM revisions", [], |row| row.get(0))?)
    };
    let (found, seen) =
        journal.store().read(|reader| Ok((affinity::look(reader, cancel)?, last(reader)?)))?;
    if found.is_nothing() {
        return Ok(Tied::Done(0));
    }
    let now = journal.clock().now_ms();
    let written = journal.store().write_under_found(
        |tx| {
            if last(tx)? != seen || super::lock::held_by(tx, now)?.is_some() {
                return Ok(None);
            }
            // What is only compared and changes no edge is no entry of the history.
            if found.n_edges() == 0 { Ok(Some(seen)) } else { revision(tx, seen, now).map(Some) }
        },
        |tx, revision_id| found.write(tx, revision_id, now),
    )?;
    Ok(written.map_or(Tied::NotNow, |()| Tied::Done(found.n_edges())))
}

/// The revision that stands open, or a new one: what was saved since the last dream belongs together.
fn revision(tx: &Transaction<'_>, last: i64, now: i64) -> Result<i64> {
    let open: Option<i64> = tx
        .query_row(
            "SELECT d.id FROM revisions r JOIN dreams d ON d.id = r.dream_id
             WHERE r.id = ?1 AND d.cause = ?2 AND d.state = 'done' AND d.undone_by IS NULL",
            params![last, CAUSE],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(dream_id) = open {
        tx.execute("UPDATE dreams SET finished_at = ?2 WHERE id = ?1", params![dream_id, now])?;
        return Ok(last);
    }
    tx.execute(
        "INSERT INTO dreams (cause, mind, options, state, started_at, finished_at, is_whole)
         VALUES (?1, ?2, '{}', 'done', ?3, ?3, 0)",
        params![CAUSE, builtin::NAME, now],
    )?;
    history::begin(tx, Some(tx.last_insert_rowid()), "tied what was saved to what is alike", now)
}
