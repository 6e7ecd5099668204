//! What goes on while nobody looks: watching, knocks, what the command line wrote, the night's dream.
//!
//! Everything is decided by the wall clock: after a sleep of the machine the next beat finds that a
//! dream is due and catches up.

use std::{
    thread,
    time::{Duration, Instant},
};

use rem_core::{
    Journal, Result,
    api::{Empty, dreams::DreamState, status},
    dream::plan,
};
use tauri::{AppHandle, Manager};

use crate::{acts, forward, instance::Instance, shell::Shell, tray};

/// Between two looks for knocks. Two looks a second wake no laptop's fan.
const BEAT: Duration = Duration::from_millis(500);
/// Between two looks at what other processes wrote.
const CHANGES: Duration = Duration::from_secs(1);
/// Between two looks at whether a dream is due.
const NIGHT: Duration = Duration::from_secs(30);
/// A dream that failed is tried again after so many milliseconds.
const TRY_AGAIN_MS: i64 = 30 * 60 * 1000;

/// Starts all of it. If the journal cannot be opened, says so and ends the app.
pub(crate) fn start(app: &AppHandle, instance: Instance) {
    let handle = app.clone();
    // The journal's part waits until it is open; knocks are answered from the beginning.
    thread::spawn(move || match handle.state::<Shell>().journal() {
        Ok(journal) => keep(&handle, &journal),
        Err(error) => acts::give_up(&handle, &error),
    });
    let app = app.clone();
    thread::spawn(move || {
        loop {
            thread::sleep(BEAT);
            for wish in instance.knocks() {
                acts::grant(&app, wish);
            }
            tray::refresh(&app);
        }
    });
}

fn keep(app: &AppHandle, journal: &Journal) {
    let events = journal.events();
    let handle = app.clone();
    thread::spawn(move || forward::run(&handle, &events));
    if !journal.settings().is_paused {
        journal.start_scan(None, false);
    }
    let _watching =
        journal.watch().inspect_err(|error| tracing::warn!(%error, "Folders are not followed."));
    let mut tried_at = None;
    let mut looked = Instant::now();
    loop {
        thread::sleep(CHANGES);
        if let Err(error) = journal.poll_changes() {
            tracing::warn!(%error, "What other programs wrote could not be seen.");
        }
        if looked.elapsed() >= NIGHT {
            looked = Instant::now();
            if let Err(error) = look(journal, &mut tried_at) {
                tracing::warn!(%error, "Whether a dream is due could not be told.");
            }
            // "Today" becomes "yesterday".
            app.state::<Shell>().with_tray(|tray| {
                tray.iter_mut().for_each(|tray| tray.is_stale = true);
            });
        }
    }
}

/// Begins the night's dream if it is due.
fn look(journal: &Journal, tried_at: &mut Option<i64>) -> Result<()> {
    let settings = journal.settings();
    if settings.is_paused || matches!(journal.dream_state(), DreamState::Dreaming { .. }) {
        return Ok(());
    }
    let status = status::show_status(journal, Empty {})?;
    let is_due = plan::is_due(
        status.now,
        status.last_dream_at,
        status.n_days_waiting + status.n_days_provisional,
        settings.dream_time()?,
        &settings.calendar()?,
    );
    if is_due && may_try(status.now, *tried_at) {
        *tried_at = Some(status.now);
        journal.start_dream(&acts::request("night"))?;
    }
    Ok(())
}

/// A clock that was set back must not stop the nights.
fn may_try(now: i64, tried_at: Option<i64>) -> bool {
    tried_at.is_none_or(|at| now < at || now - at >= TRY_AGAIN_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_night_is_tried_again_after_half_an_hour() {
        assert!(may_try(0, None));
        assert!(!may_try(TRY_AGAIN_MS - 1, Some(0)));
        assert!(may_try(TRY_AGAIN_MS, Some(0)));
    }

    #[test]
    fn a_clock_that_was_set_back_does_not_stop_the_nights() {
        assert!(may_try(1_000, Some(TRY_AGAIN_MS)));
    }
}
