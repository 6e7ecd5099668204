//! Taking a job, holding it with signs of life, and giving it back.

use rusqlite::{Connection, Transaction, params};

use super::{
    Job,
    retry::{self, Next},
};
use crate::{Error, Result, settings::JobSettings};

/// A worker that has given no sign for so long is taken for dead, in milliseconds.
const LEASE_MS: i64 = 300_000;

/// Takes up to `most` jobs of these kinds whose time has come, the most urgent and then the oldest first.
/// A job whose like is running waits for it.
pub(crate) fn take(
    tx: &Transaction<'_>,
    kinds: &[&str],
    most: u32,
    owner: &str,
    now: i64,
) -> Result<Vec<Job>> {
    let kinds = serde_json::to_string(kinds).unwrap_or_else(|_| "[]".into());
    let mut find = tx.prepare_cached(
        "SELECT id, kind, key, payload, n_attempts FROM jobs
         WHERE state = 'queued' AND kind <> 'dream' AND run_after <= ?1
           AND kind IN (SELECT value FROM json_each(?2))
           AND NOT EXISTS (SELECT 1 FROM jobs r
                           WHERE r.state = 'running' AND r.kind = jobs.kind AND r.key = jobs.key)
         ORDER BY priority DESC, id LIMIT ?3",
    )?;
    let jobs: Vec<Job> = find
        .query_map(params![now, kinds, most], |row| {
            let payload: String = row.get(3)?;
            Ok(Job {
                id: row.get(0)?,
                kind: row.get(1)?,
                key: row.get(2)?,
                payload: serde_json::from_str(&payload).unwrap_or_default(),
                n_attempts: row.get(4)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut mark = tx.prepare_cached(
        "UPDATE jobs SET state = 'running', leased_by = ?2, leased_until = ?3, heartbeat_at = ?4,
           n_attempts = n_attempts + 1, reason = '' WHERE id = ?1",
    )?;
    for job in &jobs {
        mark.execute(params![job.id, owner, now + LEASE_MS, now])?;
    }
    Ok(jobs)
}

/// Gives a sign of life for a job.
///
/// # Errors
/// [`Error::Busy`] if somebody else took it over, or it was discarded.
pub(crate) fn hold(tx: &Transaction<'_>, job_id: i64, owner: &str, now: i64) -> Result<()> {
    let n = tx
        .prepare_cached(
            "UPDATE jobs SET heartbeat_at = ?3, leased_until = ?4
             WHERE id = ?1 AND state = 'running' AND leased_by = ?2",
        )?
        .execute(params![job_id, owner, now, now + LEASE_MS])?;
    if n == 0 {
        return Err(Error::Busy(format!(
            "job {job_id} was taken over while this program gave no sign: what was finished is kept"
        )));
    }
    Ok(())
}

/// A job is done, and gone; and what of the same was dead has been done after all.
pub(crate) fn let_go(tx: &Transaction<'_>, job: &Job, owner: &str) -> Result<()> {
    let n = tx
        .prepare_cached("DELETE FROM jobs WHERE id = ?1 AND state = 'running' AND leased_by = ?2")?
        .execute(params![job.id, owner])?;
    if n > 0 {
        bury(tx, job)?;
    }
    Ok(())
}

/// Takes away dead jobs of this kind and key, but this one.
fn bury(tx: &Transaction<'_>, job: &Job) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM jobs WHERE state = 'dead' AND kind = ?1 AND key = ?2 AND id <> ?3",
    )?
    .execute(params![job.kind, job.key, job.id])?;
    Ok(())
}

/// A job could not be done: it waits for its next try, or is dead. Returns whether it is dead.
pub(crate) fn give_back(
    tx: &Transaction<'_>,
    job: &Job,
    owner: &str,
    error: &Error,
    settings: &JobSettings,
    now: i64,
) -> Result<bool> {
    let n_attempts = job.n_attempts + 1;
    let next = retry::next(error, job.id, n_attempts, settings);
    let (state, n_attempts, gap) = match next {
        Next::Wait(gap) => ("queued", job.n_attempts, gap),
        Next::Again(gap) => ("queued", n_attempts, gap),
        Next::Dead => ("dead", n_attempts, 0),
    };
    let is_ours = "id = ?1 AND state = 'running' AND leased_by = ?2";
    if state == "queued" && has_follower(tx, job)? {
        // The same was asked for again meanwhile: that one does it.
        tx.prepare_cached(&format!("DELETE FROM jobs WHERE {is_ours}"))?
            .execute(params![job.id, owner])?;
        return Ok(false);
    }
    tx.prepare_cached(&format!(
        "UPDATE jobs SET state = ?3, n_attempts = ?4, run_after = ?5, reason = ?6, leased_by = '',
           leased_until = 0, updated_at = ?7 WHERE {is_ours}"
    ))?
    .execute(params![
        job.id,
        owner,
        state,
        n_attempts,
        now.saturating_add(gap.cast_signed()),
        error.to_string(),
        now
    ])?;
    if state == "dead" {
        bury(tx, job)?;
    }
    Ok(state == "dead")
}

/// Whether there are jobs whose holder is dead.
pub(crate) fn has_left(reader: &Connection, now: i64) -> Result<bool> {
    let find = "SELECT 1 FROM jobs
                WHERE state = 'running' AND (leased_until <= ?1 OR heartbeat_at > ?1 + ?2)";
    Ok(reader.prepare_cached(find)?.exists(params![now, LEASE_MS])?)
}

/// Takes over jobs whose holder is dead: they wait again, and the try counts. One that has had all its
/// tries takes its workers with it, and is dead. Returns how many were taken over.
pub(crate) fn sweep(tx: &Transaction<'_>, settings: &JobSettings, now: i64) -> Result<u32> {
    let mut find = tx.prepare_cached(
        "SELECT id, kind, key, n_attempts FROM jobs
         WHERE state = 'running' AND (leased_until <= ?1 OR heartbeat_at > ?1 + ?2) ORDER BY id",
    )?;
    // A sign from the future was given before the clock was set back: whoever lives gives another.
    let left: Vec<Job> = find
        .query_map([now, LEASE_MS], |row| {
            Ok(Job {
                id: row.get(0)?,
                kind: row.get(1)?,
                key: row.get(2)?,
                payload: serde_json::Value::Null,
                n_attempts: row.get(3)?,
            })
        })?
        .collect::<rusqlite::Result<_>>()?;
    for job in &left {
        if has_follower(tx, job)? {
            tx.execute("DELETE FROM jobs WHERE id = ?1", [job.id])?;
            continue;
        }
        let is_dead = job.n_attempts > settings.max_retries;
        let (state, reason) = if is_dead {
            ("dead", "the program ended before the job did, each time it was tried")
        } else {
            ("queued", "the program ended before the job did")
        };
        tx.execute(
            "UPDATE jobs SET state = ?2, reason = ?3, leased_by = '', leased_until = 0, run_after = ?4,
               updated_at = ?4 WHERE id = ?1",
            params![job.id, state, reason, now],
        )?;
    }
    Ok(u32::try_from(left.len()).unwrap_or(u32::MAX))
}

fn has_follower(tx: &Transaction<'_>, job: &Job) -> Result<bool> {
    let find = "SELECT 1 FROM jobs WHERE state = 'queued' AND kind = ?1 AND key = ?2 AND id <> ?3";
    Ok(tx.prepare_cached(find)?.exists(params![job.kind, job.key, job.id])?)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::{
        jobs::{self, Priority, queue::New},
        store::Store,
    };

    #[test]
    fn the_most_urgent_is_taken_first_and_of_equals_the_oldest() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("a.rem")).expect("a journal");
        let add = |key: &str, priority| {
            let job = New { kind: "record", key, payload: Value::Null, priority, run_after: 0 };
            store.write(|tx| jobs::add(tx, &job, 7)).expect("a job");
        };
        add("tidied", Priority::Low);
        add("written", Priority::Normal);
        add("asked for", Priority::High);
        add("written later", Priority::Normal);
        // What waits joins the more urgent.
        add("written later", Priority::Low);
        let taken: Vec<String> = (0..4)
            .flat_map(|_| store.write(|tx| take(tx, &["record"], 1, "me", 9)).expect("a job"))
            .map(|job| job.key)
            .collect();
        assert_eq!(taken, ["asked for", "written", "written later", "tidied"]);
    }
}
