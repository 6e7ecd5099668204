//! How far a dream has come, told to everybody who listens.

use std::{
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
    /// When the first day was begun: collecting before it says nothing about days.
    days_began: Option<Instant>,
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
            let n_left = state.progress.n_total.saturating_sub(state.progress.n_done);
            // Only a model makes a person wait; without one the numbers run faster than they are read.
            if let (Some(began), Some(_)) = (state.days_began, &state.progress.model) {
                let each = began.elapsed().as_secs_f64() / f64::from(state.progress.n_done);
                state.progress.minutes_left = Some((each * f64::from(n_left) / 60.0).ceil() as u32);
            }
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
