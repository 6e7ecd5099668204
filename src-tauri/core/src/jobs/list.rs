//! The queue as people look at it, and what they may do about it.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::parts;
use crate::{
    Error, Result,
    api::jobs::{JobPart, JobState, JobView, QueueView},
};

const COLUMNS: &str =
    "id, kind, key, priority, state, n_attempts, run_after, leased_by, heartbeat_at,
    reason, created_at, updated_at";

/// The jobs that wait, run or are dead: the dead first, then what runs, then what waits in its turn.
/// Days that wait for a dream are counted, and listed only if they are asked for.
pub(crate) fn list(reader: &Connection, with_days: bool, limit: u32) -> Result<QueueView> {
    let mut find = reader.prepare(&format!(
        "SELECT {COLUMNS} FROM jobs WHERE ?1 OR kind <> 'dream'
         ORDER BY state = 'queued', state = 'running', priority DESC, id LIMIT ?2"
    ))?;
    let mut jobs: Vec<JobView> =
        find.query_map(params![with_days, limit], view)?.collect::<rusqlite::Result<_>>()?;
    for job in &mut jobs {
        complete(reader, job)?;
    }
    let (n_waiting, n_running, n_dead, n_days) = reader.query_row(
        "SELECT count(*) FILTER (WHERE state = 'queued' AND kind <> 'dream'),
           count(*) FILTER (WHERE state = 'running'), count(*) FILTER (WHERE state = 'dead'),
           count(*) FILTER (WHERE state = 'queued' AND kind = 'dream') FROM jobs",
        [],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
    )?;
    Ok(QueueView { jobs, n_waiting, n_running, n_dead, n_days })
}

/// One job.
pub(crate) fn show(reader: &Connection, id: i64) -> Result<JobView> {
    let found = reader
        .query_row(&format!("SELECT {COLUMNS} FROM jobs WHERE id = ?1"), [id], view)
        .optional()?;
    let mut job = found.ok_or_else(|| Error::NotFound(format!("job {id}")))?;
    complete(reader, &mut job)?;
    Ok(job)
}

/// Lets a job be tried again at once: a dead one, or one that waits for its next try. Parts that are done
/// stay done.
pub(crate) fn retry(tx: &Transaction<'_>, id: i64, now: i64) -> Result<()> {
    let job = show(tx, id)?;
    if job.state == JobState::Running {
        return Err(Error::invalid(format!("job {id} is running: wait until it has ended")));
    }
    let has_follower: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'queued' AND kind = ?1 AND key = ?2 AND id <> ?3)",
        params![job.kind, job.key, id],
        |row| row.get(0),
    )?;
    if has_follower {
        // The same waits already.
        tx.execute("DELETE FROM jobs WHERE id = ?1", [id])?;
        return Ok(());
    }
    tx.execute(
        "UPDATE jobs SET state = 'queued', n_attempts = 0, run_after = ?2, updated_at = ?2
         WHERE id = ?1",
        params![id, now],
    )?;
    Ok(())
}

/// Takes a job off the queue for good. Nothing that was written is lost by it: a later dream does what it
/// would have done.
pub(crate) fn discard(tx: &Transaction<'_>, id: i64) -> Result<JobView> {
    let job = show(tx, id)?;
    if job.kind == "dream" {
        return Err(Error::invalid(format!(
            "{} waits for a dream because something was written on it: that cannot be discarded",
            job.key
        )));
    }
    tx.execute("DELETE FROM jobs WHERE id = ?1", [id])?;
    Ok(job)
}

/// Whether a job of these kinds could be taken now.
pub(crate) fn waiting(reader: &Connection, kinds: &[&str], now: i64) -> Result<bool> {
    let kinds = serde_json::to_string(kinds).unwrap_or_else(|_| "[]".into());
    let find = "SELECT 1 FROM jobs WHERE state = 'queued' AND kind <> 'dream' AND run_after <= ?1
                AND kind IN (SELECT value FROM json_each(?2))";
    Ok(reader.prepare_cached(find)?.exists(params![now, kinds])?)
}

fn view(row: &Row<'_>) -> rusqlite::Result<JobView> {
    let state: String = row.get(4)?;
    Ok(JobView {
        id: row.get(0)?,
        kind: row.get(1)?,
        key: row.get(2)?,
        priority: row.get(3)?,
        state: match state.as_str() {
            "running" => JobState::Running,
            "dead" => JobState::Dead,
            _ => JobState::Waiting,
        },
        n_attempts: row.get(5)?,
        run_after: row.get(6)?,
        held_by: row.get(7)?,
        heartbeat_at: Some(row.get(8)?).filter(|at: &i64| *at > 0),
        reason: row.get(9)?,
        created_at: row.get(10)?,
        updated_at: row.get(11)?,
        record_id: None,
        parts: Vec::new(),
    })
}

fn complete(reader: &Connection, job: &mut JobView) -> Result<()> {
    if job.kind == super::RECORD {
        job.record_id = job.key.parse().ok();
    }
    job.parts = parts::parts(reader, job.id)?
        .into_iter()
        .map(|part| JobPart { name: part.name, state: part.state, reason: part.reason })
        .collect();
    Ok(())
}
