//! How far a dream has come, told to everybody who listens.

use std::{
    num::NonZero,
    sync::{Mutex, PoisonError},
    time::Instant,
};

use crate::{
    Journal,
    api::dreams::{DreamProgress, DreamState, Stage},
};

/// Told from the dream's thread and from those that ask the model.
pub(super) struct Progress<'a> {
    journal: &'a Journal,
    state: Mutex<State>,
}

struct State {
    progress: DreamProgress,
    /// When the first day, or the first conversation, was begun: collecting before it says nothing about
    /// them.
    days_began: Option<Instant>,
}

impl State {
    fn minutes_left(&self) -> Option<u32> {
        let DreamProgress { n_done, n_total, model, .. } = &self.progress;
        // Only a model makes a person wait; without one the numbers run faster than they are read.
        let (began, _) = (self.days_began?, model.as_ref()?);
        let each = began.elapsed().as_secs_f64() / f64::from(NonZero::new(*n_done)?.get());
        let n_left = n_total.saturating_sub(*n_done);
        Some((each * f64::from(n_left) / 60.0).ceil() as u32)
    }
}

impl<'a> Progress<'a> {
    pub(super) fn new(journal: &'a Journal, n_total: u32, model: Option<String>) -> Self {
        let progress = DreamProgress {
            stage: Stage::Collect,
            day: None,
            n_done: 0,
            n_total,
            n_moments: 0,
            last_title: None,
            model,
            waits_for: None,
            minutes_left: None,
        };
        Self { journal, state: Mutex::new(State { progress, days_began: None }) }
    }

    /// A stage begins, on a day or before all days.
    pub(super) fn stage(&self, stage: Stage, day: Option<&str>) {
        self.change(|state| {
            if day.is_some() {
                state.days_began.get_or_insert_with(Instant::now);
            }
            state.progress.stage = stage;
            state.progress.day = day.map(str::to_owned);
            state.progress.last_title = None;
        });
    }

    /// A moment was made.
    pub(super) fn moment(&self, title: &str) {
        self.change(|state| state.progress.last_title = Some(title.to_owned()));
    }

    /// A day is done; `n_moments` are new or changed so far.
    pub(super) fn day_done(&self, n_moments: u32) {
        self.change(|state| {
            state.progress.n_done += 1;
            state.progress.n_moments = n_moments;
            if let Some(minutes) = state.minutes_left() {
                state.progress.minutes_left = Some(minutes);
            }
        });
    }

    /// So many conversations are summarised, and the next has this title.
    pub(super) fn sessions(&self, n_done: u32, n_total: u32, title: Option<&str>) {
        self.change(|state| {
            if state.progress.stage != Stage::Summarize {
                state.progress.stage = Stage::Summarize;
                state.progress.day = None;
                state.days_began = Some(Instant::now());
            }
            state.progress.n_done = n_done;
            state.progress.n_total = n_total;
            state.progress.last_title = title.map(str::to_owned);
            state.progress.minutes_left = state.minutes_left();
        });
    }

    /// The dream waits for something, or goes on.
    pub(super) fn waits(&self, reason: Option<&str>) {
        self.change(|state| state.progress.waits_for = reason.map(str::to_owned));
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut state);
        let progress = state.progress.clone();
        drop(state);
        self.journal.dream_moved(DreamState::Dreaming { progress });
    }
}
