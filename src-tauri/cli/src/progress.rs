//! Runs long work on a thread of its own and draws how far it has come.

use std::{
    panic::resume_unwind,
    sync::mpsc::RecvTimeoutError,
    thread,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use rem_core::{
    Journal,
    api::{
        Empty,
        minds::{PullState, cancel_pull},
    },
    event::Event,
    journal::Cancel,
};

use crate::{clean, desk::Desk, exit::Result};

/// Work that ends sooner needs no bar.
const PATIENCE: Duration = Duration::from_millis(400);
const TICK: Duration = Duration::from_millis(80);

const STEPS: &str = "{spinner} {bar:24} {pos}/{len} {wide_msg}";
const BYTES: &str =
    "{spinner} {bar:24} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {wide_msg}";

/// How far the work has come.
pub(crate) struct Step {
    pub(crate) n_done: u32,
    pub(crate) n_total: u32,
    pub(crate) message: String,
}

/// Does `work` while `step` turns the journal's events into progress.
pub(crate) fn follow<T: Send>(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    work: impl FnOnce(&Cancel) -> rem_core::Result<T> + Send,
    step: impl Fn(&Event) -> Option<Step>,
) -> Result<T> {
    follow_aloud(desk, journal, work, step, |_, _| Ok(()))
}

/// As [`follow`]; `tell` may write about an event, and misses none.
pub(crate) fn follow_aloud<T: Send>(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    work: impl FnOnce(&Cancel) -> rem_core::Result<T> + Send,
    step: impl Fn(&Event) -> Option<Step>,
    mut tell: impl FnMut(&mut Desk<'_, '_>, &Event) -> Result,
) -> Result<T> {
    let events = journal.events();
    let cancel = desk.interruptible();
    let bar = bar(desk.draws_progress(), STEPS);
    let began = Instant::now();
    let mut last = None;
    let mut told = Ok(());
    let mut hear = |event: &Event, told: &mut Result| {
        if told.is_ok() {
            *told = bar.suspend(|| tell(desk, event));
        }
    };
    let done = thread::scope(|scope| {
        let worker = scope.spawn(|| work(&cancel));
        while !worker.is_finished() {
            match events.recv_timeout(TICK) {
                Ok(event) => {
                    hear(&event, &mut told);
                    last = step(&event).or(last.take());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if began.elapsed() > PATIENCE {
                show(&bar, last.as_ref());
            }
        }
        worker.join().unwrap_or_else(|panic| resume_unwind(panic))
    });
    events.try_iter().for_each(|event| hear(&event, &mut told));
    bar.finish_and_clear();
    let done = done?;
    told.map(|()| done)
}

/// Waits until a download has ended, and draws how far it has come; an interrupt asks it to stop.
pub(crate) fn follow_pull(
    desk: &Desk<'_, '_>,
    journal: &Journal,
    begin: impl FnOnce() -> rem_core::Result<PullState>,
) -> Result<PullState> {
    let events = journal.events();
    let cancel = desk.interruptible();
    let bar = bar(desk.draws_progress(), BYTES);
    let mut state = begin()?;
    let mut is_told = false;
    while let PullState::Pulling { name, status, n_done, n_total } = &state {
        bar.set_length(*n_total);
        bar.set_position(*n_done);
        bar.set_message(clean::one_line(&format!("{name} · {status}")));
        bar.tick();
        if cancel.is_cancelled() && !is_told {
            is_told = true;
            state = cancel_pull(journal, Empty {})?;
            continue;
        }
        match events.recv_timeout(TICK) {
            Ok(Event::PullMoved { pull }) => state = pull,
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    bar.finish_and_clear();
    Ok(state)
}

fn bar(is_drawn: bool, template: &str) -> ProgressBar {
    if !is_drawn {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template(template) {
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
