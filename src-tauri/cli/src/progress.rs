//! Runs long work on a thread of its own and draws how far it has come.

use std::{
    panic::resume_unwind,
    sync::mpsc::RecvTimeoutError,
    thread,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rem_core::{Journal, event::Event, journal::Cancel};

use crate::{clean, desk::Desk, exit::Result};

/// Work that ends sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(400);
const TICK: Duration = Duration::from_millis(80);

/// How far the work has come.
pub(crate) struct Step {
    pub(crate) n_done: u32,
    pub(crate) n_total: u32,
    pub(crate) message: String,
}

/// Does `work` while `step` turns the journal's events into progress.
pub(crate) fn follow<T: Send>(
    desk: &Desk<'_, '_>,
    journal: &Journal,
    work: impl FnOnce(&Cancel) -> rem_core::Result<T> + Send,
    step: impl Fn(&Event) -> Option<Step>,
) -> Result<T> {
    let events = journal.events();
    let cancel = desk.interruptible();
    let bar = bar(desk.draws_progress());
    let began = Instant::now();
    let mut last = None;
    let done = thread::scope(|scope| {
        let worker = scope.spawn(|| work(&cancel));
        while !worker.is_finished() {
            match events.recv_timeout(TICK) {
                Ok(event) => last = step(&event).or(last),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if began.elapsed() > PATIENCE {
                show(&bar, last.as_ref());
            }
        }
        worker.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
    bar.finish_and_clear();
    Ok(done?)
}

fn bar(is_drawn: bool) -> ProgressBar {
    if !is_drawn {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {bar:24} {pos}/{len} {wide_msg}") {
        bar.set_style(style.progress_chars("━╸ "));
    }
    bar
}

fn show(bar: &ProgressBar, step: Option<&Step>) {
    if let Some(step) = step {
        bar.set_length(u64::from(step.n_total));
        bar.set_position(u64::from(step.n_done));
        bar.set_message(clean::one_line(&step.message));
    }
    bar.tick();
}
