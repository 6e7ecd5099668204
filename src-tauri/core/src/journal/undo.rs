//! Undoing a dream.

use super::{Cancel, Journal};
use crate::{Result, api::history::UndoReport, event::Event};

impl Journal {
    /// Undoes a dream: see [`crate::api::history::undo_dream`].
    ///
    /// # Errors
    /// There is no such dream, it cannot be undone, a dream runs on this journal (in this process or
    /// another), or the store failed.
    pub fn undo_dream(&self, id: i64) -> Result<UndoReport> {
        let before = self.dream_state();
        self.begin_dream(&Cancel::default())?;
        let ended = crate::dream::undo(self, id);
        self.dream_moved(before);
        let report = ended?;
        self.tell(&Event::JournalChanged { days: Vec::new() });
        Ok(report)
    }
}
