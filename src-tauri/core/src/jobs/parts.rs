//! The parts of a job, each with a state of its own: only what failed is tried again.

use rusqlite::{Connection, Transaction, params};

use crate::Result;

/// A part of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) name: String,
    /// "waiting", "done", "skipped" or "failed".
    pub(crate) state: String,
    pub(crate) reason: String,
}

/// How a part ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PartEnd<'a> {
    Done,
    /// There was nothing for it to do, and why.
    Skipped(&'a str),
    /// It failed, and why.
    Failed(&'a str),
}

/// Makes sure that a job has these parts, and returns those that are not done, in order.
pub(crate) fn open_parts(tx: &Transaction<'_>, job_id: i64, names: &[&str]) -> Result<Vec<String>> {
    let mut add = tx.prepare_cached(
        "INSERT INTO job_parts (job_id, part, ordinal) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    )?;
    for (ordinal, name) in (0_i64..).zip(names) {
        add.execute(params![job_id, name, ordinal])?;
    }
    let all = parts(tx, job_id)?;
    let is_open = |part: &Part| !matches!(part.state.as_str(), "done" | "skipped");
    Ok(all.into_iter().filter(is_open).map(|part| part.name).collect())
}

/// Writes down how a part ended.
pub(crate) fn close_part(
    tx: &Transaction<'_>,
    job_id: i64,
    part: &str,
    end: PartEnd<'_>,
    now: i64,
) -> Result<()> {
    let (state, reason) = match end {
        PartEnd::Done => ("done", ""),
        PartEnd::Skipped(why) => ("skipped", why),
        PartEnd::Failed(why) => ("failed", why),
    };
    tx.prepare_cached(
        "INSERT INTO job_parts (job_id, part, ordinal, state, reason, finished_at)
         VALUES (?1, ?2, (SELECT count(*) FROM job_parts WHERE job_id = ?1), ?3, ?4, ?5)
         ON CONFLICT (job_id, part) DO UPDATE SET state = excluded.state,
           reason = excluded.reason, finished_at = excluded.finished_at",
    )?
    .execute(params![job_id, part, state, reason, now])?;
    Ok(())
}

/// The parts of a job, in order.
pub(super) fn parts(reader: &Connection, job_id: i64) -> Result<Vec<Part>> {
    let mut find = reader.prepare_cached(
        "SELECT part, state, reason FROM job_parts WHERE job_id = ?1 ORDER BY ordinal, part",
    )?;
    let rows = find.query_map([job_id], |row| {
        Ok(Part { name: row.get(0)?, state: row.get(1)?, reason: row.get(2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
