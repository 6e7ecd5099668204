//! Records: what the person wrote, shown as they wrote it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{pieces::Piece, sessions::SessionSummary};
use crate::{Error, Journal, Result, clock::Precision, fading::Thing};

/// Asks for a record, with the evidence of a moment marked in it if one is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShowRecord {
    /// The record's id.
    #[ts(type = "number")]
    pub id: i64,
    /// A moment whose evidence is to be marked.
    #[ts(type = "number | null")]
    pub moment_id: Option<i64>,
}

/// One line of a conversation around the record asked for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MessageView {
    /// The message's record id.
    #[ts(type = "number")]
    pub id: i64,
    /// Who wrote it.
    pub author: String,
    /// "user", "assistant", "person" or "system".
    pub role: String,
    /// When, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub occurred_at: Option<i64>,
    /// Minutes east of UTC then.
    pub offset_minutes: i32,
    /// How precisely that is known.
    pub precision: Precision,
    /// The text.
    pub pieces: Vec<Piece>,
}

/// A note, or a stretch of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct RecordView {
    /// The record's id.
    #[ts(type = "number")]
    pub id: i64,
    /// "resource", "session" or "message".
    pub kind: String,
    /// A format's name, or "capture".
    pub format: String,
    /// The note's or conversation's title.
    pub title: String,
    /// The file, below its source.
    pub file: String,
    /// The source's label.
    pub source: String,
    /// When it happened, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub occurred_at: Option<i64>,
    /// Minutes east of UTC then.
    pub offset_minutes: i32,
    /// How precisely that is known.
    pub precision: Precision,
    /// The journal's day.
    pub day: Option<String>,
    /// Topics as written.
    pub tags: Vec<String>,
    /// What it is about, as the built-in analyser found, the best first; of a message, what its whole
    /// conversation is about.
    pub found_tags: Vec<String>,
    /// The text of a note, at most 200,000 characters; empty for conversations.
    pub pieces: Vec<Piece>,
    /// For a conversation up to 200 messages, those around the message asked for.
    pub messages: Vec<MessageView>,
    /// Whether there is more text or more messages than shown.
    pub is_cut: bool,
    /// What is told of the whole conversation, if a dream told it.
    pub summary: Option<SessionSummary>,
}

/// A record as the person wrote it. That the person opened it is counted, once a day, in the background.
///
/// # Errors
/// There is no such record, or the store failed.
pub fn show_record(journal: &Journal, request: ShowRecord) -> Result<RecordView> {
    let view = view(journal, request)?;
    journal.visited(Thing::Record, request.id);
    Ok(view)
}

/// As [`show_record`], for programs: that they look at it is no visit of the person's, and what is gone
/// from its source is gone for them.
///
/// # Errors
/// There is no such record, or the store failed.
pub fn look_at_record(journal: &Journal, request: ShowRecord) -> Result<RecordView> {
    if !crate::records::is_there(journal, request.id)? {
        return Err(Error::NotFound(format!("record {}", request.id)));
    }
    view(journal, request)
}

fn view(journal: &Journal, request: ShowRecord) -> Result<RecordView> {
    let mut view = crate::records::show(journal, request.id, request.moment_id)?;
    view.summary = crate::sessions::of_record(journal, request.id)?;
    view.found_tags =
        journal.store().read(|reader| crate::search::tags::of_record(reader, request.id))?;
    Ok(view)
}
