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

/// Asks for what has these words, or means much the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SearchRequest {
    /// Words or a question; "a phrase" in quotes must be there; `-word` must not; the last word also
    /// matches its beginning. What has all words comes first, then what has most of them. Nothing in here
    /// is ever a syntax error.
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
    /// Only what this person wrote or is named in.
    #[serde(default)]
    #[ts(optional)]
    pub person: Option<String>,
    /// Only what has this tag.
    #[serde(default)]
    #[ts(optional)]
    pub tag: Option<String>,
    /// Only what this was felt in.
    #[serde(default)]
    #[ts(optional)]
    pub emotion: Option<String>,
    /// Only what came from this source: its number, or a part of its name or path.
    #[serde(default)]
    #[ts(optional)]
    pub source: Option<String>,
    /// At most so many hits; 20 if absent, 200 at most.
    #[serde(default)]
    pub limit: Option<u32>,
    /// Only what comes after this place: `next` of an earlier reply to the same question.
    #[serde(default)]
    #[ts(optional)]
    pub after: Option<String>,
    /// Whether each hit is to say how its score came about.
    #[serde(default)]
    #[ts(optional, type = "boolean")]
    pub explain: Option<bool>,
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
    /// Other things that were found and that this one stands for: what a moment rests on, messages beside
    /// a message.
    pub n_more: u32,
    /// For a message: what was said before it, in order.
    pub before: Vec<ContextLine>,
    /// For a message: what was said after it, in order.
    pub after: Vec<ContextLine>,
    /// How its place came about, if that was asked for.
    pub explanation: Option<Explanation>,
}

/// A message beside one that was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ContextLine {
    /// The record's id.
    #[ts(type = "number")]
    pub id: i64,
    /// Who wrote it.
    pub author: String,
    /// Its beginning, with words that were asked for marked.
    pub pieces: Vec<Piece>,
}

/// How a hit came to its place: `score` = 1 / (60 + rank by words) + weight / (60 + rank by meaning), and
/// each rank goes by what was measured, times how strong and how recent the thing is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Explanation {
    /// What hits are ordered by.
    pub score: f64,
    /// Its place by words, from 1 on; absent: it was found by meaning alone.
    pub words_rank: Option<u32>,
    /// How well its words match (BM25); 0 without.
    pub words_score: f64,
    /// Which of the words stand in it.
    pub matched: Vec<String>,
    /// Its place by meaning, from 1 on; absent: it is not among the nearest.
    pub meaning_rank: Option<u32>,
    /// The cosine of its vector and the question's; 0 where none was measured.
    pub cosine: f64,
    /// What its place by meaning counts beside that by words.
    pub meaning_weight: f64,
    /// What fading leaves of its scores, 0.8 to 1.
    pub fading: f64,
    /// What its age leaves of its scores, 0.9 to 1.
    pub recency: f64,
}

/// What was found, best first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SearchReply {
    /// The hits.
    pub hits: Vec<Hit>,
    /// Ask with this as `after` for what comes next; absent at the end.
    pub next: Option<String>,
    /// Whether it was searched by meaning, too; `false` while nothing is embedded, or the model that would
    /// have to understand the question does not answer in time.
    pub by_meaning: bool,
}

/// Finds moments, notes and messages by their words and by what they mean.
///
/// # Errors
/// A day is not written `YYYY-MM-DD`, `after` is no place of an earlier reply, no source has the name, or
/// the store failed. Nothing in the query itself is an error.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn search(journal: &Journal, request: SearchRequest) -> Result<SearchReply> {
    crate::search::search(journal, &request)
}
