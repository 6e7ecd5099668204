//! The timeline: a strip of days, and one day with its story and its moments.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::moments::MomentCard;
use crate::{Journal, Result};

/// Asks for the days from `from` to `until`, both included and both `YYYY-MM-DD`; absent means the
/// journal's first and last day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListDays {
    /// First day.
    pub from: Option<String>,
    /// Last day.
    pub until: Option<String>,
}

/// Whether a day has been dreamt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum DayState {
    /// Nothing was written on it.
    Empty,
    /// It has material that no dream has read yet.
    Waiting,
    /// It was dreamt, and something in it has changed since.
    Stale,
    /// It was dreamt as it is.
    Dreamt,
}

/// One day of the strip. Days without material are not listed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DayMark {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// Mean valence of its moments, -1 to 1; absent where nothing was felt or dreamt.
    pub valence: Option<f32>,
    /// Mean arousal of its moments, 0 to 1.
    pub arousal: Option<f32>,
    /// Moments that are not hidden.
    pub n_moments: u32,
    /// Stretches of writing: notes' parts and messages.
    pub n_chunks: u32,
    /// Whether it has been dreamt.
    pub state: DayState,
}

/// Asks for one day, `YYYY-MM-DD`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShowDay {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// Whether hidden moments are shown too.
    #[serde(default)]
    pub with_hidden: bool,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DayView {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// The day's story; absent until it is dreamt.
    pub summary: Option<String>,
    /// Whether it has been dreamt.
    pub state: DayState,
    /// When it was last dreamt, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub dreamt_at: Option<i64>,
    /// What dreamt it, for example "built-in analyser".
    pub mind: Option<String>,
    /// Minutes east of UTC in force on that day, for showing its hours.
    pub offset_minutes: i32,
    /// Mean valence of its moments.
    pub valence: Option<f32>,
    /// Mean arousal of its moments.
    pub arousal: Option<f32>,
    /// Notes with something on that day.
    pub n_notes: u32,
    /// Conversations with something on that day.
    pub n_sessions: u32,
    /// Messages of that day.
    pub n_messages: u32,
    /// How many of its moments are hidden.
    pub n_hidden: u32,
    /// Its moments, in order of time; those without a time of day come first.
    pub moments: Vec<MomentCard>,
    /// The nearest earlier day with material.
    pub previous_day: Option<String>,
    /// The nearest later day with material.
    pub next_day: Option<String>,
}

/// The days with material, in order.
///
/// # Errors
/// A day is not written `YYYY-MM-DD`, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn list_days(journal: &Journal, request: ListDays) -> Result<Vec<DayMark>> {
    crate::periods::list_days(journal, request.from.as_deref(), request.until.as_deref())
}

/// One day with its story and moments. A day without material is an empty view, not an error.
///
/// # Errors
/// The day is not written `YYYY-MM-DD`, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn show_day(journal: &Journal, request: ShowDay) -> Result<DayView> {
    crate::periods::show_day(journal, &request.day, request.with_hidden)
}
