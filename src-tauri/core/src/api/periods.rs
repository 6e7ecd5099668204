//! Reviews: a week, a month or a year, told and reckoned.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Journal, Result};

/// A period longer than a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum PeriodKind {
    /// Seven days, from the day on which the person's week begins.
    Week,
    /// A month of the calendar.
    Month,
    /// A year of the calendar.
    Year,
}

/// Asks for the week, month or year in which a day lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ShowReview {
    /// Which of them.
    pub kind: PeriodKind,
    /// `YYYY-MM-DD`; absent: today.
    pub day: Option<String>,
}

/// Whether a period was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ReviewState {
    /// Nothing was written in it.
    Empty,
    /// No dream has told it yet.
    Waiting,
    /// Something in it has changed since it was told; the next dream tells it again.
    Stale,
    /// It was told as it is.
    Told,
}

/// How long moments of one type took.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KindHours {
    /// For example "work".
    pub moment_type: String,
    /// Moments of this type.
    pub n_moments: u32,
    /// Of these, without a known length: they count no minute.
    pub n_without_length: u32,
    /// Minutes known by the clock. Where moments of the type overlap, a minute counts once.
    pub minutes: u32,
    /// Minutes beside them whose beginning or end is only known about.
    pub approximate_minutes: u32,
}

/// A name with the number of moments it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NameCount {
    /// A person's name, or a topic in kebab-case.
    pub name: String,
    /// Moments.
    pub n_moments: u32,
}

/// What came of a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ReviewOutcome {
    /// The moment, with its evidence.
    #[ts(type = "number")]
    pub moment_id: i64,
    /// Its day, `YYYY-MM-DD`.
    pub day: String,
    /// Its title.
    pub title: String,
    /// How it ended.
    pub outcome: String,
}

/// The day on which most came to something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BestDay {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// Moments of it that came to an outcome.
    pub n_outcomes: u32,
    /// Minutes of all its moments, known by the clock or about; none counts twice.
    pub minutes: u32,
}

/// Something that took much more or much less time than in the periods before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HoursChange {
    /// The type of moment.
    pub moment_type: String,
    /// Minutes in this period, known by the clock or about.
    pub minutes: u32,
    /// Minutes in the periods before, on average.
    pub usual_minutes: u32,
}

/// What was different from the periods of the same kind before.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Differences {
    /// How many periods before it was compared with; 0: too few have moments.
    pub n_periods: u32,
    /// Types of moments that took much more or less time, the greatest change first.
    pub hours: Vec<HoursChange>,
    /// People of several moments whom none of those periods names.
    pub new_people: Vec<String>,
    /// The same as sentences in the language of most moments where that is German, otherwise in English;
    /// empty where nothing was different.
    pub text: String,
}

/// A week, month or year. All but title and summary is reckoned from its moments, never guessed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ReviewView {
    /// Which of them.
    pub kind: PeriodKind,
    /// First day, `YYYY-MM-DD`.
    pub starts_on: String,
    /// Last day, included.
    pub ends_on: String,
    /// Whether it was told.
    pub state: ReviewState,
    /// Whether it goes on: it is told as far as it has come.
    pub is_running: bool,
    /// Whether there is too little in it for more than its moments' own words.
    pub is_thin: bool,
    /// What mattered most, in a few words; empty until it is told.
    pub title: String,
    /// The period in a few sentences, in the language of most of it; empty until it is told.
    pub summary: String,
    /// The code of that language, for example "en"; empty where nobody can say.
    pub language: String,
    /// What told it, for example "built-in analyser"; empty until it is told.
    pub mind: String,
    /// Whether that was a model.
    pub is_by_model: bool,
    /// Whether it is told again when there is a model.
    pub is_provisional: bool,
    /// When it was told, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub told_at: Option<i64>,
    /// Mean valence of its moments, -1 to 1; absent where nothing was felt.
    pub valence: Option<f32>,
    /// Mean arousal of its moments, 0 to 1.
    pub arousal: Option<f32>,
    /// Days with moments.
    pub n_days: u32,
    /// Days with something that no dream has read yet.
    pub n_days_waiting: u32,
    /// Moments that are not hidden.
    pub n_moments: u32,
    /// Records that they rest on.
    pub n_records: u32,
    /// Minutes of all moments, known by the clock; where moments overlap, a minute counts once. A moment
    /// belongs to the day on which it stands, with all of its minutes.
    pub minutes: u32,
    /// Minutes beside them whose beginning or end is only known about.
    pub approximate_minutes: u32,
    /// By type of moment, the longest first.
    pub hours: Vec<KindHours>,
    /// Moments that came to an outcome.
    pub n_outcomes: u32,
    /// The weightiest of these, in order of time.
    pub outcomes: Vec<ReviewOutcome>,
    /// People, the most frequent first.
    pub people: Vec<NameCount>,
    /// Topics, the most frequent first.
    pub topics: Vec<NameCount>,
    /// The most productive day: with the most outcomes; of equals, with the most minutes, then the first.
    pub best_day: Option<BestDay>,
    /// What was different from the four periods before.
    pub differences: Differences,
    /// A day of the nearest earlier period of the kind with moments.
    pub previous: Option<String>,
    /// A day of the nearest later period of the kind with moments.
    pub next: Option<String>,
}

/// A week, month or year. One without moments is an empty view, not an error.
///
/// # Errors
/// The day is not written `YYYY-MM-DD`, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn show_review(journal: &Journal, request: ShowReview) -> Result<ReviewView> {
    crate::periods::show_review(journal, request.kind, request.day.as_deref())
}
