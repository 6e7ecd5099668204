//! Visits: that the person opened a thing is counted behind their back. Showing never waits for it and
//! never fails by it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use super::Journal;
use crate::{
    Result,
    fading::{self, Thing},
};

/// How long a visit waits for another process that writes, before it is left for the next time.
const PATIENCE: Duration = Duration::from_millis(200);

/// Visits that are not counted yet.
#[derive(Debug, Default)]
pub(super) struct Visits {
    /// When the person opened what.
    noted: Mutex<BTreeMap<(Thing, i64), i64>>,
    /// One at a time counts them, so that who waits for it knows that all are counted.
    counting: Mutex<()>,
}

impl Journal {
    /// Notes that the person opened a thing, and counts it in the background.
    pub(crate) fn visited(&self, thing: Thing, id: i64) {
        let now = self.clock().now_ms();
        hold(&self.0.visits.noted).insert((thing, id), now);
        // A journal that is closed meanwhile is not held open for this.
        let journal = Arc::downgrade(&self.0);
        let counting = thread::Builder::new().name("visits".into()).spawn(move || {
            if let Some(inner) = journal.upgrade() {
                Self(inner).count_visits();
            }
        });
        if let Err(error) = counting {
            tracing::warn!(%error, "No thread could be had to count a visit.");
        }
    }

    /// Counts the visits that were noted and are not counted yet; returns when it is done. For programs
    /// that end before a thread in the background would have come to it.
    pub fn count_visits(&self) {
        let _one = hold(&self.0.visits.counting);
        let noted = std::mem::take(&mut *hold(&self.0.visits.noted));
        if let Err(error) = self.try_count(&noted) {
            tracing::warn!(%error, "A visit could not be counted; it is tried again with the next.");
            hold(&self.0.visits.noted).extend(noted);
        }
    }

    fn try_count(&self, noted: &BTreeMap<(Thing, i64), i64>) -> Result<()> {
        let calendar = self.calendar()?;
        let today = |now: i64| calendar.day_bounds(calendar.day_of(now)).0;
        let is_first = |reader: &rusqlite::Connection| {
            for ((thing, id), now) in noted {
                if fading::is_first_visit(reader, *thing, *id, today(*now))? {
                    return Ok(true);
                }
            }
            Ok(false)
        };
        // Most visits are not the first of their day, and need no write.
        if !self.store().read(is_first)? {
            return Ok(());
        }
        self.store().write_within(PATIENCE, |tx| {
            for ((thing, id), now) in noted {
                fading::visit(tx, *thing, *id, *now, today(*now))?;
            }
            Ok(())
        })
    }
}

fn hold<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
