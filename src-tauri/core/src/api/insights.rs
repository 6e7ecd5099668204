//! Insights: what reflections found, and what the person thinks of it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Journal, Result, event::Event, insights};

/// What an insight is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum InsightKind {
    /// Something that goes with a mood more often than chance would have it.
    Pattern,
    /// Something that the person keeps coming back to.
    Theme,
    /// Something that helped.
    Strategy,
}

impl InsightKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Pattern, Self::Theme, Self::Strategy];

    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pattern => "pattern",
            Self::Theme => "theme",
            Self::Strategy => "strategy",
        }
    }
}

/// How deep a reflection goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    /// By rule alone, even where there is a model.
    Surface,
    /// What mattered on a day.
    Analytical,
    /// What mattered in a whole week.
    Meta,
}

impl Depth {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Surface => "surface",
            Self::Analytical => "analytical",
            Self::Meta => "meta",
        }
    }
}

/// Whether what a reflection looked at came to a good end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It did.
    Success,
    /// Nobody can say: the reflection only explores. Every reflection of a dream is such a one.
    Partial,
    /// It did not.
    Failure,
}

/// A mood in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum SentimentLabel {
    /// Good on the whole.
    Positive,
    /// Bad on the whole.
    Negative,
    /// Neither.
    Neutral,
    /// Both, and strongly.
    Mixed,
}

/// How often a thing came with a mood, and how often the mood came without it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, TS)]
pub struct SampleSizes {
    /// Moments with the thing in which something was felt; for a strategy, times it was tried.
    pub n_with: u32,
    /// Of these, with the mood; for a strategy, times it helped.
    pub n_with_mood: u32,
    /// Moments without the thing in which something was felt; for a strategy, low moments without it.
    pub n_without: u32,
    /// Of these, with the mood; for a strategy, those that were followed by a good one.
    pub n_without_mood: u32,
    /// How probable as many would be by chance: Fisher's exact test, one-sided, to a millionth.
    pub p_value: f64,
}

/// A moment that an insight or prediction rests on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EvidenceMoment {
    /// The moment.
    #[ts(type = "number")]
    pub id: i64,
    /// Its day, `YYYY-MM-DD`.
    pub day: String,
    /// Its title.
    pub title: String,
    /// The records that it rests on.
    #[ts(type = "number[]")]
    pub record_ids: Vec<i64>,
}

/// What the person thinks of an insight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// It is not to be shown, and comes into no prompt.
    Hidden,
    /// It is so.
    Confirmed,
}

/// An insight as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct InsightView {
    /// Its number; the same as long as it is the same insight.
    #[ts(type = "number")]
    pub id: i64,
    /// What it is.
    pub kind: InsightKind,
    /// Where it stands among what a memory holds: "procedural" for a strategy, "reflective" otherwise.
    pub layer: String,
    /// What it says, in the language of what it rests on.
    pub statement: String,
    /// The code of that language; empty where nobody can say.
    pub language: String,
    /// What it is about.
    pub tags: Vec<String>,
    /// 0 to 1; grows with every reflection that finds it again.
    pub confidence: f64,
    /// How often, of how many; absent where a model said it.
    pub sample: Option<SampleSizes>,
    /// Reflections that found it.
    pub n_seen: u32,
    /// The day of the first of them.
    pub first_seen_on: String,
    /// The day of the last of them.
    pub last_seen_on: String,
    /// Who said it, for example "built-in analyser".
    pub mind: String,
    /// What the person thinks of it.
    pub decision: Option<Decision>,
    /// The moments it rests on, the newest first.
    pub evidence: Vec<EvidenceMoment>,
}

/// A reflection as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ReflectionView {
    /// Its number; the same as long as it looks at the same days.
    #[ts(type = "number")]
    pub id: i64,
    /// Always "reflective".
    pub layer: String,
    /// How deep it goes.
    pub depth: Depth,
    /// The last day it looks at.
    pub ends_on: String,
    /// From when on, in Unix milliseconds.
    #[ts(type = "number")]
    pub starts_at: i64,
    /// Until when, in Unix milliseconds.
    #[ts(type = "number")]
    pub ends_at: i64,
    /// A few sentences; empty while its words are forgotten and not told anew.
    pub text: String,
    /// Whether what it looked at came to a good end.
    pub outcome: Outcome,
    /// -1 to 1.
    pub sentiment: f64,
    /// The same in a word.
    pub sentiment_label: SentimentLabel,
    /// The code of its language; empty where nobody can say.
    pub language: String,
    /// Insights that it found, by number.
    #[ts(type = "number[]")]
    pub insight_ids: Vec<i64>,
    /// The moments it looked at, the weightiest first.
    pub samples: Vec<EvidenceMoment>,
    /// Who told it.
    pub mind: String,
    /// Whether it is told again when there is a model.
    pub is_provisional: bool,
}

/// Which insights to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListInsights {
    /// Only of this kind.
    pub kind: Option<InsightKind>,
    /// Hidden ones, too.
    pub with_hidden: bool,
    /// At most so many.
    pub limit: Option<u32>,
}

/// Which reflections to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListReflections {
    /// At most so many, the newest first; 30 if nothing is said.
    pub limit: Option<u32>,
}

/// What the person thinks of an insight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DecideInsight {
    /// The insight.
    #[ts(type = "number")]
    pub id: i64,
    /// Absent: they think nothing of it any more.
    pub decision: Option<Decision>,
}

/// How a reflection is to look, where it is not as the settings say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ReflectRequest {
    /// Hours before the end of the newest day.
    pub lookback_hours: Option<u32>,
    /// Importance of the moments that it looks at, at least; 0 to 1.
    pub min_importance: Option<f64>,
    /// At most so many moments.
    pub max_samples: Option<u32>,
    /// Only one reflection, of this depth, on the newest day. It is made even where the settings let
    /// dreams make none, but for the master switch; a surface one asks no model.
    pub depth: Option<Depth>,
}

/// A reflection that was made, with a strategy that it found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reflected {
    /// The reflection.
    #[ts(type = "number")]
    pub reflection_id: i64,
    /// A strategy; absent where it found none.
    #[ts(type = "number | null")]
    pub strategy_id: Option<i64>,
}

/// Insights, those seen last first.
///
/// # Errors
/// The store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn list_insights(journal: &Journal, request: ListInsights) -> Result<Vec<InsightView>> {
    insights::list(journal, &request)
}

/// Reflections, the newest first.
///
/// # Errors
/// The store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn list_reflections(
    journal: &Journal,
    request: ListReflections,
) -> Result<Vec<ReflectionView>> {
    insights::list_reflections(journal, &request)
}

/// Keeps what the person thinks of an insight; it stands in every later dream.
///
/// # Errors
/// There is no such insight, or the store failed.
pub fn decide_insight(journal: &Journal, request: DecideInsight) -> Result<InsightView> {
    let view = insights::decide(journal, request)?;
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    Ok(view)
}

/// Reflects now, and says which reflections were made and which strategies they found: a pair for each. It
/// waits for the reflection; `start_dream` with this stage does not.
///
/// # Errors
/// The request cannot be, a dream runs on this journal, or the store failed.
pub fn reflect(journal: &Journal, request: ReflectRequest) -> Result<Vec<Reflected>> {
    use super::dreams::{DreamRequest, Stage};
    let request = DreamRequest {
        cause: "now".into(),
        stages: vec![Stage::Reflect],
        reflect: request,
        ..DreamRequest::default()
    };
    let report = journal.dream(&request, &crate::journal::Cancel::default())?;
    reflected(journal, report.dream_id)
}

/// The reflections that a dream made, each with each strategy that it found.
///
/// # Errors
/// The store failed.
pub fn reflected(journal: &Journal, dream_id: Option<i64>) -> Result<Vec<Reflected>> {
    insights::reflected(journal, dream_id)
}
