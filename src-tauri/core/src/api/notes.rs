//! Quick notes: the one thing that is written in the journal itself.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Journal, Result};

/// Adds a quick note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AddNote {
    /// The text; not blank.
    pub text: String,
    /// When it happened, in Unix milliseconds; now, if absent.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
}

/// A quick note that was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoteAdded {
    /// Its record.
    #[ts(type = "number")]
    pub record_id: i64,
    /// The journal's day it belongs to.
    pub day: String,
}

/// Keeps a quick note. It can be searched as soon as this returns.
///
/// # Errors
/// The text is blank, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn add_note(journal: &Journal, request: AddNote) -> Result<NoteAdded> {
    crate::sources::capture::add_note(journal, &request.text, request.at)
}
