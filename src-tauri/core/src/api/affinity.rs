//! Affinity: finding which notes and conversations belong together.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Journal, Result, journal::Cancel};

/// Which resources to look at, and how.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AffinityRequest {
    /// Also let a model say how the strongest pairs belong together. Needs a limit.
    pub use_llm: bool,
    /// Look at no more than so many notes and conversations, the newest first.
    pub limit: Option<u32>,
    /// The least cosine of a pair, 0 to 1; absent: what suits the embedder in use.
    pub threshold: Option<f32>,
    /// Only those of the days within so many hours before now.
    pub lookback_hours: Option<u32>,
    /// Only those from this day on, `YYYY-MM-DD`.
    pub start: Option<String>,
    /// Only those up to this day, `YYYY-MM-DD`.
    pub end: Option<String>,
    /// Only say what would be found and what it would cost.
    pub dry_run: bool,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct AffinityReport {
    /// The dream; absent where nothing had to be written.
    #[ts(type = "number | null")]
    pub dream_id: Option<i64>,
    /// Whether it only looked.
    pub is_dry_run: bool,
    /// Whether it was stopped before the end. What was finished is kept.
    pub is_cancelled: bool,
    /// Whose vectors were compared, for example "built-in embedder".
    pub embedder: String,
    /// The least cosine of a pair.
    pub threshold: f32,
    /// Notes and conversations that were looked at.
    pub n_resources: u32,
    /// Pairs that have an edge because they are alike: of each note or conversation the ten nearest.
    pub n_pairs: u32,
    /// Pairs at least so alike, with an edge or without, among what had to be compared now.
    #[ts(type = "number")]
    pub n_alike: u64,
    /// Of these, pairs that a model was to judge.
    pub n_candidates: u32,
    /// Of these, judged, now or before.
    pub n_assessed: u32,
    /// Of these, judged before and not asked again.
    pub n_known: u32,
    /// Of those judged, found to have nothing to do with each other.
    pub n_unrelated: u32,
    /// Pairs to which there was no answer; they stay alike and no more.
    pub n_unanswered: u32,
    /// Calls that were made; for a dry run, that would be made.
    pub n_calls: u32,
    /// Calls that asking for every pair would take: n(n−1)/2.
    #[ts(type = "number")]
    pub n_calls_naive: u64,
    /// Minutes of model time that the calls would take, about; for a dry run.
    pub minutes: u32,
    /// Edges that are new.
    pub n_edges_added: u32,
    /// Edges that say something else now.
    pub n_edges_changed: u32,
    /// Edges that no longer hold.
    pub n_edges_removed: u32,
    /// Why no model was asked, or not to the end; empty where one was, or none was wanted.
    pub without_model: String,
    /// Milliseconds.
    #[ts(type = "number")]
    pub took_ms: u64,
}

/// Finds which notes and conversations belong together, and writes it down as edges.
///
/// # Errors
/// A model is wanted without a limit, a value cannot be, a dream runs on this journal, or the store
/// failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn dream_affinity(journal: &Journal, request: AffinityRequest) -> Result<AffinityReport> {
    journal.dream_affinity(&request, &Cancel::default(), &|_, _| {})
}
