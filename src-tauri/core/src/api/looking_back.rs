//! Looking back: this day in earlier years, days in a row, and the moments of a topic or of somebody, page by
//! page.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Empty, moments::MomentCard};
use crate::{Journal, Result, moments, periods};

/// Asks what happened on a calendar day in earlier years.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct OnThisDay {
    /// `YYYY-MM-DD`; absent: today.
    pub day: Option<String>,
    /// Where no earlier year has anything on the day itself, look so many days before and after, 15 at most;
    /// absent: three.
    pub around: Option<u32>,
    /// Moments of each year, 50 at most; 0: five.
    pub limit: u32,
}

/// An earlier year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct YearBack {
    /// The day that is told of, `YYYY-MM-DD`.
    pub day: String,
    /// How many years before.
    pub years_ago: u32,
    /// How many days it lies after (above 0) or before the calendar day that was asked for.
    pub days_off: i32,
    /// The day's story; absent where it has none.
    pub summary: Option<String>,
    /// Mean valence of the day.
    pub valence: Option<f32>,
    /// Its moments, the most important first.
    pub moments: Vec<MomentCard>,
    /// How many it has that are not hidden.
    pub n_moments: u32,
}

/// What happened on a calendar day in earlier years.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DayInYears {
    /// The day that was asked for.
    pub day: String,
    /// The earlier years that have something, the latest first; of one year the nearest day first.
    pub years: Vec<YearBack>,
    /// Whether nothing lies on the day itself, and days near it are told of instead.
    pub is_near: bool,
    /// What is to be known: what 29 February has to do with it, and that days near it are told of.
    pub note: String,
}

/// Days in a row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Streak {
    /// Days in a row up to today, or up to yesterday while today has nothing yet.
    pub current: u32,
    /// The first of these.
    pub current_since: Option<String>,
    /// Whether today counts in it already.
    pub has_today: bool,
    /// The most days in a row; of equals the latest.
    pub longest: u32,
    /// The first of these.
    pub longest_from: Option<String>,
    /// The last of these.
    pub longest_until: Option<String>,
    /// All such days up to today.
    pub n_days: u32,
    /// Of the last 30 days, today included.
    pub n_last_30: u32,
    /// The first such day.
    pub first_day: Option<String>,
    /// The last such day.
    pub last_day: Option<String>,
}

/// How regularly the journal is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Streaks {
    /// The journal's day.
    pub today: String,
    /// Days on which the person wrote: notes and messages of their own, by the day they belong to.
    pub written: Streak,
    /// Days with moments that are not hidden.
    pub moments: Streak,
}

/// Whose moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum MomentsOf {
    /// Those about a topic.
    Topic,
    /// Those that somebody took part in.
    Person,
}

/// The place of a moment in a list that begins with the last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MomentPlace {
    /// Its day.
    pub day: String,
    /// Unix milliseconds.
    #[ts(type = "number")]
    pub starts_at: i64,
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
}

/// Asks for a page of the moments of a topic or of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ListMomentsOf {
    /// Whose.
    pub of: MomentsOf,
    /// The topic's or the person's number.
    #[ts(type = "number")]
    pub id: i64,
    /// Only those before this place: what the page before gave as its next.
    #[serde(default)]
    pub before: Option<MomentPlace>,
    /// At most so many, 500 at most; 0: fifty.
    #[serde(default)]
    pub limit: u32,
}

/// A page of moments.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct MomentPage {
    /// The last first.
    pub moments: Vec<MomentCard>,
    /// Where the next page begins; absent after the last.
    pub next: Option<MomentPlace>,
}

/// A sentence of a story that is composed by rule, with the moment it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StoryLine {
    /// The day.
    pub day: String,
    /// The moment whose words they are.
    #[ts(type = "number")]
    pub moment_id: i64,
    /// A sentence of its summary, or how it ended.
    pub text: String,
}

/// What happened on this day in earlier years. On 29 February the years without one are told by 28 February
/// and 1 March; on 28 February of a year without one, 29 February is told of as well.
///
/// # Errors
/// The day is not written `YYYY-MM-DD`, a number is too great, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn on_this_day(journal: &Journal, request: OnThisDay) -> Result<DayInYears> {
    periods::on_this_day(journal, &request)
}

/// Days in a row on which something was written, and with moments.
///
/// # Errors
/// The store failed.
pub fn show_streaks(journal: &Journal, _: Empty) -> Result<Streaks> {
    periods::streaks(journal)
}

/// A page of the moments of a topic or of somebody.
///
/// # Errors
/// The limit is too great, or the store failed. Of what is not there the page is empty.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn list_moments_of(journal: &Journal, request: ListMomentsOf) -> Result<MomentPage> {
    moments::page_of(journal, &request)
}
