//! Decay: letting fade what nobody returns to.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Journal, Result, journal::Cancel};

/// How to look at it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DecayRequest {
    /// Only say what would fade.
    pub dry_run: bool,
    /// Share of its weight that a thing loses in a day, this once, 0 to 1; absent: as it is set.
    pub rate: Option<f64>,
    /// Let everything fade at one rate from the beginning, this once, whatever was visited.
    pub ignore_access: bool,
}

/// What faded. Things are moments, notes and conversations; a message fades with its conversation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DecayReport {
    /// The dream; absent where nothing had to be written.
    #[ts(type = "number | null")]
    pub dream_id: Option<i64>,
    /// Whether it only looked.
    pub is_dry_run: bool,
    /// Whether it was stopped; then nothing was written.
    pub is_cancelled: bool,
    /// The day the strengths are of, `YYYY-MM-DD`: today, or a later one if the clock was set back.
    pub day: String,
    /// Things that were looked at.
    pub n_processed: u32,
    /// Things that are weaker than before.
    pub n_faded: u32,
    /// Things that are stronger than before: they were visited, or pinned.
    pub n_rekindled: u32,
    /// Things that fade slowly, because they came in or were visited in the last seven days.
    pub n_protected: u32,
    /// Things that fade faster, because nobody has returned to them for thirty days.
    pub n_accelerated: u32,
    /// Things that do not fade, because the person pinned them.
    pub n_pinned: u32,
    /// Things that fade no further.
    pub n_at_floor: u32,
    /// Mean strength before, 0 to 1; 0 where there is nothing.
    pub mean_before: f64,
    /// Mean strength after, 0 to 1; 0 where there is nothing.
    pub mean_after: f64,
    /// Milliseconds.
    #[ts(type = "number")]
    pub took_ms: u64,
}

/// Brings the strengths of all things up to today. A second time on the same day it writes nothing.
///
/// # Errors
/// The rate cannot be, a dream runs on this journal, or the store failed.
pub fn dream_decay(journal: &Journal, request: DecayRequest) -> Result<DecayReport> {
    journal.dream_decay(request, &Cancel::default())
}
