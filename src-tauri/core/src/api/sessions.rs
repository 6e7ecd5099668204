//! Sessions: what is told of whole conversations.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::minds::CallCounts;
use crate::{Journal, Result, journal::Cancel};

/// Which conversations to summarise. By default all that are long enough and new, changed, or were told
/// for want of a model.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SummarizeRequest {
    /// Only this one, by its record's id; the id of one of its messages does as well.
    #[ts(type = "number | null")]
    pub session_id: Option<i64>,
    /// Only those with at least so many messages; absent: as it is set.
    pub fewest_messages: Option<u32>,
    /// At most so many, those with the newest messages first.
    pub limit: Option<u32>,
    /// Only say which would be summarised, and what it would cost.
    pub dry_run: bool,
}

/// One conversation that was summarised, or would be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SummarisedSession {
    /// The session's record id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Messages of people and assistants.
    pub n_messages: u32,
    /// What is told of it now; empty for a dry run.
    pub summary: String,
    /// What it was about.
    pub key_topics: Vec<String>,
    /// -1 to 1.
    pub valence: f32,
    /// Who told it; empty for a dry run.
    pub mind: String,
    /// Whether it is told again when there is a model.
    pub is_provisional: bool,
}

/// What was done with the conversations.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct SummarizeReport {
    /// The dream; absent where nothing had to be written.
    #[ts(type = "number | null")]
    pub dream_id: Option<i64>,
    /// What summarised, for example "built-in analyser".
    pub mind: String,
    /// Whether it only looked.
    pub is_dry_run: bool,
    /// Whether it was stopped before the end. What was finished is kept.
    pub is_cancelled: bool,
    /// Why nothing was summarised, if that is so: "summarization_disabled" or "insufficient_events"; empty
    /// otherwise.
    pub skipped: String,
    /// Conversations that were looked at.
    pub n_considered: u32,
    /// Of these, summarised; for a dry run, that would be.
    pub n_summarised: u32,
    /// Of these, left alone because nothing in them had changed.
    pub n_unchanged: u32,
    /// Of these, with fewer messages than are worth a summary.
    pub n_too_short: u32,
    /// Of these, left for another time: over the limit, or the model was missed and what is there is
    /// better than nothing.
    pub n_left: u32,
    /// Of those summarised, to be told again when there is a model.
    pub n_provisional: u32,
    /// The conversations summarised, those with the newest messages first.
    pub sessions: Vec<SummarisedSession>,
    /// What asking the model came to; for a dry run, calls and known answers that it would come to.
    pub calls: CallCounts,
    /// Minutes of model time that the calls would take, about; for a dry run.
    pub minutes: u32,
    /// Why the model was not used, or not to the end, in a sentence; empty where it was or none is wanted.
    pub without_model: String,
    /// Milliseconds.
    #[ts(type = "number")]
    pub took_ms: u64,
}

/// What is told of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SessionSummary {
    /// The session's record id.
    #[ts(type = "number")]
    pub session_id: i64,
    /// A few sentences in the conversation's language.
    pub summary: String,
    /// What it was about, the most important first.
    pub key_topics: Vec<String>,
    /// -1 to 1.
    pub valence: f32,
    /// The code of the language, for example "en"; empty where nobody can say.
    pub language: String,
    /// Messages that it was told from.
    pub n_messages: u32,
    /// Who told it, for example "built-in analyser".
    pub mind: String,
    /// Whether that was a model.
    pub is_by_model: bool,
    /// Whether it is told again when there is a model.
    pub is_provisional: bool,
    /// Whether the conversation has changed since.
    pub is_outdated: bool,
    /// When it was told, in Unix milliseconds.
    #[ts(type = "number")]
    pub told_at: i64,
    /// "session_summary" and "auto_generated".
    pub tags: Vec<String>,
    /// Summary, topics and sentiment as one text, for export.
    pub text: String,
}

/// Summarises conversations.
///
/// # Errors
/// There is no such conversation, a dream runs on this journal, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn dream_summarize(journal: &Journal, request: SummarizeRequest) -> Result<SummarizeReport> {
    journal.dream_summarize(&request, &Cancel::default(), &|_, _| {})
}
