//! Hands the journal's events to the page, the fast ones thinned out.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::{Duration, Instant},
};

use rem_core::{api::dreams::DreamState, event::Event};
use tauri::{AppHandle, Emitter, Manager};

use crate::{shell::Shell, window};

/// Progress of one kind is told at most this often: a bar need not move faster.
const GAP: Duration = Duration::from_millis(100);

/// Forwards until the journal is gone.
pub(crate) fn run(app: &AppHandle, events: &Receiver<Event>) {
    let mut thinned = Thinned::new(GAP);
    loop {
        let ready = match thinned.next_due(Instant::now()) {
            None => match events.recv() {
                Ok(event) => thinned.take(event, Instant::now()),
                Err(_) => return,
            },
            Some(patience) => match events.recv_timeout(patience) {
                Ok(event) => thinned.take(event, Instant::now()),
                Err(RecvTimeoutError::Timeout) => thinned.due(Instant::now()),
                Err(RecvTimeoutError::Disconnected) => return,
            },
        };
        for event in ready {
            tell(app, &event);
        }
    }
}

fn tell(app: &AppHandle, event: &Event) {
    if let Err(error) = app.emit("journal", event) {
        tracing::warn!(%error, "The page could not be told what happened.");
    }
    let shell = app.state::<Shell>();
    match event {
        Event::JournalChanged { .. } => {
            window::apply_theme(app);
            shell.with_tray(|tray| tray.iter_mut().for_each(|tray| tray.is_stale = true));
        }
        Event::DreamMoved { .. } => {
            shell.with_tray(|tray| tray.iter_mut().for_each(|tray| tray.is_stale = true));
        }
        Event::ScanMoved { .. }
        | Event::ScanFinished { .. }
        | Event::ScanFailed { .. }
        | Event::PullMoved { .. }
        | Event::AnswerMoved { .. }
        | Event::MindSpoke { .. } => {}
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Scan(i64),
    Dream,
}

/// What may be thinned out: of these only the newest matters.
fn kind(event: &Event) -> Option<Kind> {
    match event {
        Event::ScanMoved { source_id, .. } => Some(Kind::Scan(*source_id)),
        Event::DreamMoved { dream: DreamState::Dreaming { .. } } => Some(Kind::Dream),
        _ => None,
    }
}

/// Keeps progress back until its time has come. Everything else passes at once, after what was kept
/// back, so that the order stays.
struct Thinned {
    gap: Duration,
    told: Vec<(Kind, Instant)>,
    waiting: Vec<(Kind, Event)>,
}

impl Thinned {
    fn new(gap: Duration) -> Self {
        Self { gap, told: Vec::new(), waiting: Vec::new() }
    }

    fn take(&mut self, event: Event, now: Instant) -> Vec<Event> {
        let Some(kind) = kind(&event) else {
            self.told.clear();
            let mut ready: Vec<_> = self.waiting.drain(..).map(|(_, event)| event).collect();
            ready.push(event);
            return ready;
        };
        match self.waiting.iter_mut().find(|(waiting, _)| *waiting == kind) {
            Some((_, kept)) => *kept = event,
            None => self.waiting.push((kind, event)),
        }
        self.due(now)
    }

    fn due(&mut self, now: Instant) -> Vec<Event> {
        let gap = self.gap;
        self.told.retain(|(_, at)| now.duration_since(*at) < gap);
        let mut ready = Vec::new();
        for (kind, event) in std::mem::take(&mut self.waiting) {
            if self.told.iter().any(|(told, _)| *told == kind) {
                self.waiting.push((kind, event));
            } else {
                self.told.push((kind, now));
                ready.push(event);
            }
        }
        ready
    }

    /// How long until something that waits is due; nothing, if nothing waits.
    fn next_due(&self, now: Instant) -> Option<Duration> {
        self.waiting
            .iter()
            .map(|(kind, _)| {
                let told = self.told.iter().find(|(told, _)| told == kind);
                told.map_or(Duration::ZERO, |(_, at)| {
                    self.gap.saturating_sub(now.duration_since(*at))
                })
            })
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: Duration = Duration::from_millis(10);

    fn moved(n_done: u32) -> Event {
        Event::ScanMoved { source_id: 1, n_done, n_total: 100 }
    }

    fn changed() -> Event {
        Event::JournalChanged { days: Vec::new() }
    }

    #[test]
    fn a_burst_of_progress_is_told_every_hundred_milliseconds_and_ends_with_the_newest() {
        let mut thinned = Thinned::new(GAP);
        let start = Instant::now();
        let mut told = Vec::new();
        for step in 0..25 {
            told.extend(thinned.take(moved(step), start + STEP * step));
        }
        assert_eq!(told, [moved(0), moved(10), moved(20)]);
        let end = start + STEP * 24;
        let patience = thinned.next_due(end).unwrap();
        assert_eq!(patience, Duration::from_millis(60));
        assert_eq!(thinned.due(end + patience), [moved(24)]);
        assert_eq!(thinned.next_due(end + patience), None);
    }

    #[test]
    fn what_is_no_progress_passes_at_once_and_in_order() {
        let mut thinned = Thinned::new(GAP);
        let now = Instant::now();
        assert_eq!(thinned.take(moved(1), now), [moved(1)]);
        assert_eq!(thinned.take(moved(2), now + STEP), []);
        assert_eq!(thinned.take(changed(), now + STEP), [moved(2), changed()]);
    }

    #[test]
    fn two_sources_do_not_hold_each_other_back() {
        let mut thinned = Thinned::new(GAP);
        let now = Instant::now();
        let other = Event::ScanMoved { source_id: 2, n_done: 1, n_total: 2 };
        assert_eq!(thinned.take(moved(1), now), [moved(1)]);
        assert_eq!(thinned.take(other.clone(), now + STEP), [other]);
    }
}
