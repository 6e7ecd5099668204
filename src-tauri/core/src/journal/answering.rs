//! Questions that are being answered in this process, so that they can be stopped.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Cancel, Journal};

/// Under the number of each question the means to stop it.
#[derive(Debug, Default)]
pub(super) struct Answers(Mutex<Vec<(u32, Cancel)>>);

/// A question that is being answered, until it is dropped.
#[derive(Debug)]
pub(crate) struct Answering {
    journal: Journal,
    cancel: Cancel,
    id: u32,
}

impl Answering {
    pub(crate) fn cancel(&self) -> &Cancel {
        &self.cancel
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        let mut all = self.journal.0.answers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = all
            .iter()
            .position(|(id, cancel)| *id == self.id && Arc::ptr_eq(&cancel.0, &self.cancel.0))
        {
            all.swap_remove(at);
        }
    }
}

impl Journal {
    /// Begins to answer a question. Another one under the same number is stopped: whoever asks again does
    /// not want the first answer any more.
    pub(crate) fn answering(&self, id: u32) -> Answering {
        self.cancel_answer(id);
        let cancel = Cancel::default();
        let mut all = self.0.answers.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((id, cancel.clone()));
        drop(all);
        Answering { journal: self.clone(), cancel, id }
    }

    /// Asks whoever answers the question of this number to stop.
    pub(crate) fn cancel_answer(&self, id: u32) {
        let all = self.0.answers.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().filter(|(other, _)| *other == id).for_each(|(_, cancel)| cancel.cancel());
    }

    /// Asks whoever answers any question to stop.
    pub(super) fn cancel_answers(&self) {
        let all = self.0.answers.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().for_each(|(_, cancel)| cancel.cancel());
    }
}
