//! Adds work, in the transaction that makes it necessary.

use rusqlite::{Transaction, params};
use serde_json::Value;

use super::Priority;
use crate::Result;

/// A job to be added.
#[derive(Debug, Clone)]
pub(crate) struct New<'a> {
    pub(crate) kind: &'a str,
    /// One job waits per kind and key.
    pub(crate) key: &'a str,
    /// Numbers and names that point at rows; never words of the person.
    pub(crate) payload: Value,
    pub(crate) priority: Priority,
    /// Not before, in Unix milliseconds.
    pub(crate) run_after: i64,
}

/// Adds a job, or joins the one of this kind and key that waits already: it then has the greater of both
/// priorities, the newer payload, the earlier time, and a fresh count of tries. One that runs is left
/// alone, and the new one waits until it has ended. Returns its number.
pub(crate) fn add(tx: &Transaction<'_>, job: &New<'_>, now: i64) -> Result<i64> {
    let id = tx
        .prepare_cached(
            "INSERT INTO jobs (kind, key, payload, priority, run_after, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)
             ON CONFLICT (kind, key) WHERE state = 'queued' DO UPDATE SET
               payload = excluded.payload, priority = max(priority, excluded.priority),
               run_after = min(run_after, excluded.run_after), n_attempts = 0,
               updated_at = max(excluded.updated_at, jobs.updated_at + 1)
             RETURNING id",
        )?
        .query_row(
            params![
                job.kind,
                job.key,
                job.payload.to_string(),
                job.priority as i64,
                job.run_after,
                now
            ],
            |row| row.get(0),
        )?;
    // What is asked for anew is done anew, all parts of it.
    tx.prepare_cached("DELETE FROM job_parts WHERE job_id = ?1")?.execute([id])?;
    Ok(id)
}
