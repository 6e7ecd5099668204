//! How we treat a machine that is somebody else's: few calls at a time, rest between them, and nothing
//! at night while the person is there or the battery drains.

use std::{
    sync::{Condvar, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use super::around::Senses;
use crate::{Result, journal::Cancel, settings::MindSettings};

/// How often somebody who waits looks whether they may stop waiting.
const LOOK: Duration = Duration::from_millis(100);
/// Between two looks at battery and activity.
const FEEL: Duration = Duration::from_secs(5);
/// Somebody who touched nothing for so long is away.
const AWAY: Duration = Duration::from_secs(120);

/// Waits, unless cancelled.
pub(super) fn rest(length: Duration, cancel: &Cancel) -> Result<()> {
    let until = Instant::now() + length;
    loop {
        cancel.check()?;
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        thread::sleep(left.min(LOOK));
    }
}

/// Why a nightly dream has to wait just now, for people; `None`: it need not.
pub(super) fn why_wait(senses: &dyn Senses, settings: &MindSettings) -> Option<&'static str> {
    if settings.waits_on_battery && senses.is_on_battery() == Some(true) {
        return Some("on battery");
    }
    if settings.waits_while_active && senses.idle_for().is_some_and(|idle| idle < AWAY) {
        return Some("you are using this machine");
    }
    None
}

/// Waits while a nightly dream has to; `tell` hears why, and `None` when it goes on.
pub(crate) fn wait_politely(
    senses: &dyn Senses,
    settings: &MindSettings,
    cancel: &Cancel,
    tell: &dyn Fn(Option<&str>),
) -> Result<()> {
    let mut has_waited = false;
    while let Some(reason) = why_wait(senses, settings) {
        has_waited = true;
        tell(Some(reason));
        rest(FEEL, cancel)?;
    }
    if has_waited {
        tell(None);
    }
    Ok(())
}

/// Lets a set number through at a time.
#[derive(Debug)]
pub(super) struct Gate {
    free: Mutex<u8>,
    changed: Condvar,
}

/// A place inside the gate; given back when dropped.
#[derive(Debug)]
pub(super) struct Inside<'g>(&'g Gate);

impl Gate {
    pub(super) fn new(places: u8) -> Self {
        Self { free: Mutex::new(places.max(1)), changed: Condvar::new() }
    }

    pub(super) fn enter(&self, cancel: &Cancel) -> Result<Inside<'_>> {
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            cancel.check()?;
            if *free > 0 {
                *free -= 1;
                return Ok(Inside(self));
            }
            let woken = self.changed.wait_timeout(free, LOOK);
            free = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Inside<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.changed.notify_one();
    }
}
