//! Search over everything that was written and dreamt.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::pieces::Piece;
use crate::{Journal, Result, clock::Precision};

/// Where to search.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Everywhere.
    #[default]
    All,
    /// In moments.
    Moments,
    /// In notes and documents.
    Notes,
    /// In messages.
    Messages,
}

/// Asks for what has these words.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchRequest {
    /// Words; "a phrase" in quotes; `-word` to leave out; the last word also matches its beginning.
    /// Nothing in here is ever a syntax error.
    pub query: String,
    /// Where to search.
    #[serde(default)]
    pub scope: Scope,
    /// First day, `YYYY-MM-DD`.
    #[serde(default)]
    pub since: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    #[serde(default)]
    pub until: Option<String>,
    /// At most so many hits; 20 if absent, 200 at most.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// What a hit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum HitKind {
    /// A moment; `id` is the moment's.
    Moment,
    /// A note; `id` is the record's.
    Note,
    /// A conversation, found by its title; `id` is the record's.
    Session,
    /// A message; `id` is the record's.
    Message,
}

/// Something found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Hit {
    /// What it is.
    pub kind: HitKind,
    /// The moment's or the record's id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its title; for a message its conversation's.
    pub title: String,
    /// Who wrote it, for messages.
    pub author: String,
    /// Text around the words found, which are marked.
    pub pieces: Vec<Piece>,
    /// The journal's day.
    pub day: Option<String>,
    /// Unix milliseconds.
    #[ts(type = "number | null")]
    pub at: Option<i64>,
    /// Minutes east of UTC then.
    pub offset_minutes: i32,
    /// How precisely that is known.
    pub precision: Precision,
    /// For a note or message: a moment that rests on it.
    #[ts(type = "number | null")]
    pub moment_id: Option<i64>,
}

/// What was found, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchReply {
    /// The hits.
    pub hits: Vec<Hit>,
}

/// Finds moments, notes and messages by their words.
///
/// # Errors
/// A day is not written `YYYY-MM-DD`, or the store failed. Nothing in the query itself is an error.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn search(journal: &Journal, request: SearchRequest) -> Result<SearchReply> {
    crate::search::search(journal, &request)
}
