//! What goes on while nobody looks: watching, knocks, what the command line wrote, the schedules, the queue.
//!
//! What is due is decided by the core and the wall clock: after a sleep of the machine the next look finds
//! what was missed and catches up.

use std::{
    thread,
    time::{Duration, Instant},
};

use rem_core::{Journal, Result, journal::Keeper};
use tauri::{AppHandle, Manager};

use crate::{acts, forward, instance::Instance, shell::Shell, tray};

/// Between two looks for knocks. Two looks a second wake no laptop's fan.
const BEAT: Duration = Duration::from_millis(500);
/// Between two looks at what other processes wrote.
const CHANGES: Duration = Duration::from_secs(1);
/// Between two looks at what is due: what was saved settles for five seconds and is to be understood within
/// thirty.
const DUE: Duration = Duration::from_secs(10);

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
    let mut keeper = Keeper::new(journal, None);
    let mut looked = Instant::now();
    loop {
        thread::sleep(CHANGES);
        if let Err(error) = journal.poll_changes() {
            tracing::warn!(%error, "What other programs wrote could not be seen.");
        }
        if looked.elapsed() >= DUE {
            looked = Instant::now();
            if let Err(error) = look(journal, &mut keeper) {
                tracing::warn!(%error, "What is due could not be told.");
            }
            // "Today" becomes "yesterday".
            app.state::<Shell>().with_tray(|tray| {
                tray.iter_mut().for_each(|tray| tray.is_stale = true);
            });
        }
    }
}

/// Lets done what is due.
fn look(journal: &Journal, keeper: &mut Keeper) -> Result<()> {
    let found = keeper.look()?;
    if found.has_jumped && !journal.settings().is_paused {
        // The machine slept: what the system told of files meanwhile is lost.
        journal.start_scan(None, false);
    }
    if found.has_work {
        keeper.start_work();
    }
    Ok(())
}
