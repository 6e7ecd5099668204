//! One dream at a time per journal, over all processes: a row with an owner, a heartbeat and an expiry.

use rusqlite::{OptionalExtension, params};

use crate::{Error, Journal, Result};

/// A dreamer that has given no sign for so long is taken for dead.
const EXPIRES_MS: i64 = 120_000;

/// The right to dream; given back when dropped.
pub(super) struct DreamLock<'a> {
    journal: &'a Journal,
}

impl<'a> DreamLock<'a> {
    pub(super) fn take(journal: &'a Journal) -> Result<Self> {
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
        Ok(Self { journal })
    }

    /// Shows that the dreamer lives.
    pub(super) fn beat(&self, tx: &rusqlite::Transaction<'_>, now: i64) -> Result<()> {
        tx.execute(
            "UPDATE locks SET heartbeat_at = ?2, expires_at = ?3 WHERE name = 'dream' AND owner = ?1",
            params![self.journal.owner(), now, now + EXPIRES_MS],
        )?;
        Ok(())
    }
}

impl Drop for DreamLock<'_> {
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
