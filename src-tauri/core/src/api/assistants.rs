//! What assistant programs asked: kept by whoever lets them in, shown to the person.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Journal, Result};

/// What became of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum CallOutcome {
    /// It was answered.
    Answered,
    /// The settings do not allow it.
    Refused,
    /// It asked for what is not there, or in a way that cannot be, or something failed.
    Failed,
    /// The program took it back, or it took too long.
    Cancelled,
}

impl CallOutcome {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub(crate) fn of(word: &str) -> Option<Self> {
        [Self::Answered, Self::Refused, Self::Failed, Self::Cancelled]
            .into_iter()
            .find(|outcome| outcome.as_str() == word)
    }
}

/// One call of a tool, or one thing that was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AssistantCall {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// When, in Unix milliseconds.
    #[ts(type = "number")]
    pub at: i64,
    /// The program's name and version, as it told them.
    pub client: String,
    /// What was called, for example "search", or "read" for a resource.
    pub tool: String,
    /// What was asked, with long texts cut and texts of notes only counted.
    #[ts(type = "unknown")]
    pub arguments: serde_json::Value,
    /// What became of it.
    pub outcome: CallOutcome,
    /// Why it was not answered; empty where it was.
    pub reason: String,
    /// Bytes of the reply.
    pub n_bytes: u32,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
}

/// Asks for calls, the newest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListAssistantCalls {
    /// Only calls with lower numbers; absent: from the newest on.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
    /// At most so many; 50 if absent, 1,000 at most.
    pub limit: Option<u32>,
}

/// Calls of assistant programs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AssistantCalls {
    /// The calls, the newest first.
    pub calls: Vec<AssistantCall>,
    /// How many are kept in all.
    pub n_all: u32,
}

/// What assistant programs asked.
///
/// # Errors
/// The store failed.
pub fn list_assistant_calls(
    journal: &Journal,
    request: ListAssistantCalls,
) -> Result<AssistantCalls> {
    let limit = request.limit.unwrap_or(50).min(1_000);
    crate::assistants::list(journal, request.before, limit)
}

/// Writes down what an assistant program asked. Its number and time are given here.
///
/// # Errors
/// The store failed.
pub fn keep_assistant_call(journal: &Journal, call: &AssistantCall) -> Result<()> {
    crate::assistants::keep(journal, call)
}
