//! How the journal is: what is in it, what waits, when it dreams.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Empty, dreams::DreamState};
use crate::{Journal, Result};

/// How the journal is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Status {
    /// The journal's name, for example "personal".
    pub journal: String,
    /// Its file.
    pub path: String,
    /// The size of its file in bytes.
    #[ts(type = "number")]
    pub size: u64,
    /// Version of the program.
    pub version: String,
    /// IANA zone in which its days are counted.
    pub zone: String,
    /// The journal's present day.
    pub today: String,
    /// The present instant in Unix milliseconds, by the journal's clock.
    #[ts(type = "number")]
    pub now: i64,
    /// Notes and documents.
    pub n_notes: u32,
    /// Conversations.
    pub n_sessions: u32,
    /// Messages in them.
    pub n_messages: u32,
    /// Moments that are not hidden.
    pub n_moments: u32,
    /// Watched folders and imports, without the capture box.
    pub n_sources: u32,
    /// Days that have material.
    pub n_days: u32,
    /// Days that are new or changed since they were dreamt.
    pub n_days_waiting: u32,
    /// Days that the built-in analyser dreamt for want of a model; 0 where no model is wanted.
    pub n_days_provisional: u32,
    /// Queued pieces of work, without the days that wait for a dream.
    pub n_jobs: u32,
    /// Pieces of work that failed for good and wait for the person.
    #[serde(default)]
    pub n_jobs_dead: u32,
    /// First and last day that have material.
    pub first_day: Option<String>,
    /// See `first_day`.
    pub last_day: Option<String>,
    /// When the last finished dream ended, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub last_dream_at: Option<i64>,
    /// When the next nightly dream is due, in Unix milliseconds; absent when paused.
    #[ts(type = "number | null")]
    pub next_dream_at: Option<i64>,
    /// Whether watching and nightly dreams are paused.
    pub is_paused: bool,
    /// The mind in use, for example "built-in analyser".
    pub mind: String,
    /// The dream that runs just now, or how the last one of this session ended.
    pub dream: DreamState,
}

/// How the journal is.
///
/// # Errors
/// The store failed.
pub fn show_status(journal: &Journal, _: Empty) -> Result<Status> {
    crate::journal::status(journal)
}
