//! Downloads of models: one at a time, in the background, told as events.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use super::{Cancel, Journal};
use crate::{
    Error, Result,
    api::minds::PullState,
    event::Event,
    mind::{Server, model},
};

/// Between two events about a download; the server tells of it far more often.
const PULL_TOLD: Duration = Duration::from_millis(250);

#[derive(Debug, Default)]
pub(super) struct Pulling {
    state: PullState,
    cancel: Cancel,
}

impl Journal {
    /// Begins to download a model on a thread of its own.
    ///
    /// # Errors
    /// A download runs already.
    pub(crate) fn start_pull(&self, server: Arc<dyn Server>, name: &str) -> Result<PullState> {
        let cancel = Cancel::default();
        let begun = PullState::Pulling {
            name: name.to_owned(),
            status: String::new(),
            n_done: 0,
            n_total: 0,
        };
        {
            let mut pulling = self.pulling();
            if matches!(pulling.state, PullState::Pulling { .. }) {
                return Err(Error::Busy("a model is being downloaded already".into()));
            }
            *pulling = Pulling { state: begun.clone(), cancel: cancel.clone() };
        }
        self.tell(&Event::PullMoved { pull: begun.clone() });
        let journal = self.clone();
        let name = name.to_owned();
        thread::spawn(move || journal.pull(&*server, name, &cancel));
        Ok(begun)
    }

    /// Asks the running download to stop.
    pub(crate) fn cancel_pull(&self) {
        self.pulling().cancel.cancel();
    }

    /// How the download is.
    pub(crate) fn pull_state(&self) -> PullState {
        self.pulling().state.clone()
    }

    fn pull(&self, server: &dyn Server, name: String, cancel: &Cancel) {
        let mut told_at = Instant::now();
        let mut tell = |moved: model::Pulling| {
            let state = PullState::Pulling {
                name: name.clone(),
                status: moved.status,
                n_done: moved.n_done,
                n_total: moved.n_total,
            };
            self.pulling().state = state.clone();
            if told_at.elapsed() >= PULL_TOLD {
                told_at = Instant::now();
                self.tell(&Event::PullMoved { pull: state });
            }
        };
        // A bug in here must not leave the journal "pulling" until the app is started again.
        let pull = AssertUnwindSafe(|| server.pull(&name, &mut tell, cancel));
        let ended = match catch_unwind(pull) {
            Ok(Ok(())) => PullState::Done { name },
            Ok(Err(fault)) => PullState::Failed { name, message: fault.to_string() },
            Err(_) => PullState::Failed { name, message: "a fault of the program".into() },
        };
        self.pulling().state = ended.clone();
        self.tell(&Event::PullMoved { pull: ended });
    }

    fn pulling(&self) -> MutexGuard<'_, Pulling> {
        self.0.pulling.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
