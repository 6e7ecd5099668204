//! One dream at a time per journal, over all processes: a row with an owner, a heartbeat and an expiry.

use std::{
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

use rusqlite::{OptionalExtension, Transaction, params};

use crate::{Error, Journal, Result};

/// A dreamer that has given no sign for so long is taken for dead.
const EXPIRES_MS: i64 = 120_000;
/// Between two signs. A call of a model may take minutes: the signs come from a thread of their own.
const BEAT: Duration = Duration::from_secs(30);

/// The right to dream; given back when dropped.
pub(super) struct DreamLock {
    journal: Journal,
    /// Dropped to stop the heart.
    _heart: Sender<()>,
}

impl DreamLock {
    pub(super) fn take(journal: &Journal) -> Result<Self> {
        let now = journal.clock().now_ms();
        journal.store().write(|tx| {
            let holder: Option<(String, i64)> = tx
                .query_row(
                    "SELECT owner, heartbeat_at FROM locks WHERE name = 'dream' AND expires_at > ?1",
                    [now],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            if let Some((owner, _)) = holder
                && owner != journal.owner()
            {
                return Err(Error::Busy(
                    "another REM Journal is dreaming about this journal just now: \
                     wait until it has finished, or stop it there"
                        .into(),
                ));
            }
            tx.execute(
                "INSERT INTO locks (name, owner, heartbeat_at, expires_at) VALUES ('dream', ?1, ?2, ?3)
                 ON CONFLICT (name) DO UPDATE SET owner = excluded.owner,
                   heartbeat_at = excluded.heartbeat_at, expires_at = excluded.expires_at",
                params![journal.owner(), now, now + EXPIRES_MS],
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
            tracing::warn!(%error, "The dream's lock could not be given back.");
        }
    }
}
