//! One dream at a time per journal, over all processes: a row with an owner, a heartbeat and an expiry.

use std::{
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde::{Deserialize, Serialize};

use crate::{Error, Journal, Result, clock::Calendar};

/// A dreamer that has given no sign for so long is taken for dead: engram's `lock_ttl_seconds` of 300. A
/// night with a model takes longer; the signs renew it.
const EXPIRES_MS: i64 = 300_000;
/// Between two signs. A call of a model may take minutes: the signs come from a thread of their own.
const BEAT: Duration = Duration::from_secs(30);

/// Who holds the right to dream, for people.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Holder {
    /// The process.
    pub(crate) pid: u32,
    /// The machine; empty where that is unknown.
    pub(crate) host: String,
    /// "the app" or "rem"; empty where that is unknown.
    pub(crate) program: String,
    /// Unix milliseconds.
    pub(crate) since: i64,
}

impl Holder {
    fn of(journal: &Journal, now: i64) -> Self {
        let around = journal.around();
        Self {
            pid: std::process::id(),
            host: around.host.clone(),
            program: around.program.clone(),
            since: now,
        }
    }

    /// In a few words: "rem (process 4711 on heron)".
    pub(crate) fn name(&self) -> String {
        let program = if self.program.is_empty() { "another REM Journal" } else { &self.program };
        let host = if self.host.is_empty() { String::new() } else { format!(" on {}", self.host) };
        match self.pid {
            0 => program.to_owned(),
            pid => format!("{program} (process {pid}{host})"),
        }
    }

    fn said(&self, calendar: &Calendar) -> String {
        if self.since == 0 {
            return String::new();
        }
        let since = crate::jobs::schedule::wall(calendar, self.since);
        format!(" since {}", since.format("%Y-%m-%d %H:%M"))
    }
}

/// Who dreams just now: their owner's name, and what is known of them.
pub(crate) fn held_by(reader: &Connection, now: i64) -> Result<Option<(String, Holder)>> {
    let found = reader
        .prepare_cached(
            "SELECT owner, holder FROM locks
             WHERE name = 'dream' AND expires_at > ?1 AND heartbeat_at <= ?1 + ?2",
        )?
        // A sign from the future was given before the clock was set back: whoever lives gives another.
        .query_row([now, EXPIRES_MS], |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
        })
        .optional()?;
    Ok(found.map(|(owner, holder)| (owner, serde_json::from_str(&holder).unwrap_or_default())))
}

/// The right to dream; given back when dropped, also while a panic unwinds.
pub(super) struct DreamLock {
    journal: Journal,
    /// Dropped to stop the heart.
    _heart: Sender<()>,
}

impl DreamLock {
    pub(super) fn take(journal: &Journal) -> Result<Self> {
        let now = journal.clock().now_ms();
        let calendar = journal.calendar()?;
        let holder = Holder::of(journal, now);
        let holder = serde_json::to_string(&holder).unwrap_or_else(|_| "{}".into());
        journal.store().write(|tx| {
            if let Some((owner, holder)) = held_by(tx, now)?
                && owner != journal.owner()
            {
                return Err(Error::Busy(format!(
                    "could not acquire advisory lock (another instance may be running): {} dreams about \
                     this journal{}; wait until it has finished, or stop it there",
                    holder.name(),
                    holder.said(&calendar)
                )));
            }
            tx.execute(
                "INSERT INTO locks (name, owner, heartbeat_at, expires_at, holder)
                 VALUES ('dream', ?1, ?2, ?3, ?4)
                 ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, holder = excluded.holder,
                   heartbeat_at = excluded.heartbeat_at, expires_at = excluded.expires_at",
                params![journal.owner(), now, now + EXPIRES_MS, holder],
            )?;
            // A dream that a crash left behind did not finish.
            tx.execute(
                "UPDATE dreams SET state = 'failed', finished_at = ?1,
                   reason = 'the program ended before the dream did'
                 WHERE state = 'running'",
                [now],
            )?;
            Ok(())
        })?;
        let (heart, stopped) = channel::<()>();
        let beating = journal.clone();
        thread::spawn(move || {
            while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                let now = beating.clock().now_ms();
                if let Err(error) = beating.store().write(|tx| beat(tx, &beating, now)) {
                    // The next write of the dream finds out what it means.
                    tracing::warn!(%error, "The dream's lock could not be renewed.");
                }
            }
        });
        Ok(Self { journal: journal.clone(), _heart: heart })
    }

    /// Makes sure, within a dream's write, that the right is still held: a machine that slept through
    /// its own expiry may wake up beside another dreamer.
    pub(super) fn hold(&self, tx: &Transaction<'_>, now: i64) -> Result<()> {
        beat(tx, &self.journal, now)
    }
}

fn beat(tx: &Transaction<'_>, journal: &Journal, now: i64) -> Result<()> {
    let n_held = tx
        .prepare_cached(
            "UPDATE locks SET heartbeat_at = ?2, expires_at = ?3 WHERE name = 'dream' AND owner = ?1",
        )?
        .execute(params![journal.owner(), now, now + EXPIRES_MS])?;
    if n_held == 0 {
        return Err(Error::Busy(
            "another REM Journal took this dream over while this one gave no sign: \
             what was finished is kept"
                .into(),
        ));
    }
    Ok(())
}

impl Drop for DreamLock {
    fn drop(&mut self) {
        let given_back = self.journal.store().write(|tx| {
            tx.execute(
                "DELETE FROM locks WHERE name = 'dream' AND owner = ?1",
                [self.journal.owner()],
            )?;
            Ok(())
        });
        if let Err(error) = given_back {
            // It expires by itself.
            let owner_id = self.journal.owner();
            tracing::error!(%error, owner_id, "The dream's lock could not be given back.");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    use chrono::DateTime;

    use super::*;
    use crate::{clock::Clock, journal::Opening, mind::around::Around};

    fn journal(folder: &std::path::Path, at_ms: i64) -> Journal {
        let at = DateTime::from_timestamp_millis(at_ms).expect("a time");
        Journal::open(Opening {
            path: folder.join("personal.rem"),
            data_dir: folder.into(),
            name: "personal".into(),
            zone: "Etc/UTC".into(),
            clock: Clock::fixed(at),
            around: Around::default(),
        })
        .expect("a journal")
    }

    #[test]
    fn a_dream_longer_than_its_lock_keeps_it_by_what_it_writes() {
        let folder = tempfile::tempdir().expect("a folder");
        let dreamer = journal(folder.path(), 0);
        let lock = DreamLock::take(&dreamer).expect("nobody dreams");
        for minutes in [4, 8, 12] {
            let now = minutes * 60_000;
            dreamer.store().write(|tx| lock.hold(tx, now)).expect("it is held");
            let another = journal(folder.path(), now + EXPIRES_MS - 1);
            assert!(matches!(DreamLock::take(&another), Err(Error::Busy(_))), "{minutes} minutes");
        }
    }

    #[test]
    fn a_dreamer_that_was_taken_over_from_is_told_with_its_next_write() {
        let folder = tempfile::tempdir().expect("a folder");
        let dreamer = journal(folder.path(), 0);
        let lock = DreamLock::take(&dreamer).expect("nobody dreams");
        let another = journal(folder.path(), EXPIRES_MS + 1);
        let _theirs = DreamLock::take(&another).expect("it gave no sign for too long");
        let written = dreamer.store().write(|tx| lock.hold(tx, EXPIRES_MS + 2));
        assert!(matches!(written, Err(Error::Busy(_))));
    }

    #[test]
    fn the_lock_is_given_back_while_a_panic_unwinds() {
        let folder = tempfile::tempdir().expect("a folder");
        let dreamer = journal(folder.path(), 0);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _lock = DreamLock::take(&dreamer).expect("nobody dreams");
            panic!("a stage goes wrong");
        }));
        assert!(panicked.is_err());
        assert!(dreamer.store().read(|reader| held_by(reader, 1)).expect("read").is_none());
        DreamLock::take(&journal(folder.path(), 1)).expect("another may dream at once");
    }
}
