//! Predictions: what was foretold, what became of it, and how well the journal foretells.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::insights::EvidenceMoment;
use crate::{Journal, Result, event::Event, insights::predictions};

/// What a prediction is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum PredictionKind {
    /// Something that the person wrote they would do, with a day.
    Plan,
    /// Something that comes again and again.
    Rhythm,
    /// What a model expects.
    Foretold,
}

impl PredictionKind {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Rhythm => "rhythm",
            Self::Foretold => "foretold",
        }
    }
}

/// What became of a prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Settled {
    /// It is not due yet.
    Open,
    /// It came.
    Hit,
    /// It did not come.
    Miss,
    /// Nobody can say.
    Unclear,
}

impl Settled {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Unclear => "unclear",
        }
    }
}

/// A prediction as it is shown.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PredictionView {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// Always "prediction", so that nobody takes it for something that happened.
    pub moment_type: String,
    /// What it is made from.
    pub kind: PredictionKind,
    /// What is foretold, in the language of what it rests on.
    pub statement: String,
    /// The code of that language; empty where nobody can say.
    pub language: String,
    /// The last day of writing that was known when it was made.
    pub made_on: String,
    /// The first day on which it may come.
    pub due_from: String,
    /// The last day on which it may come.
    pub due_on: String,
    /// How sure it was when it was made, 0 to 1. This is what is scored.
    pub confidence: f64,
    /// The same, corrected by how predictions of such a confidence turned out so far.
    pub calibrated: f64,
    /// What became of it.
    pub outcome: Settled,
    /// The day on which that was seen.
    pub settled_on: Option<String>,
    /// Whether the person said so.
    pub is_settled_by_person: bool,
    /// Whether its time passed without a trace, so that only the person can say whether it came.
    pub needs_confirmation: bool,
    /// The moments it was made from.
    pub evidence: Vec<EvidenceMoment>,
    /// The moments that settled it.
    pub settled_by: Vec<EvidenceMoment>,
    /// Who made it.
    pub mind: String,
}

/// Predictions of about the same confidence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct CalibrationBin {
    /// From this confidence on, in tenths: 0.7.
    pub from: f64,
    /// Settled predictions.
    pub n: u32,
    /// Of these, hits.
    pub n_hits: u32,
    /// Their mean confidence.
    pub mean_confidence: f64,
}

/// How well the journal foretells.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Score {
    /// Predictions that hit or missed; others are not scored.
    pub n: u32,
    /// Of these, hits.
    pub n_hits: u32,
    /// Predictions whose end nobody knows.
    pub n_unclear: u32,
    /// Brier's score: mean square of confidence less outcome, 0 best, 1 worst; absent without any.
    pub brier: Option<f64>,
    /// What the score would be for always saying the share of hits: only below it foretelling is of use.
    pub brier_of_base_rate: Option<f64>,
    /// By tenths of confidence, those that have any.
    pub calibration: Vec<CalibrationBin>,
}

/// Which predictions to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListPredictions {
    /// At most so many settled ones, the newest first; 50 if nothing is said.
    pub limit: Option<u32>,
}

/// All predictions.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Predictions {
    /// Not due yet, the nearest first.
    pub open: Vec<PredictionView>,
    /// Due, the newest first.
    pub settled: Vec<PredictionView>,
    /// How well they turned out, over all of them.
    pub score: Score,
}

/// How the person settles a prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SettlePrediction {
    /// The prediction.
    #[ts(type = "number")]
    pub id: i64,
    /// What became of it. "open" takes the person's word back.
    pub outcome: Settled,
}

/// Predictions, and how well they turn out.
///
/// # Errors
/// The store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn list_predictions(journal: &Journal, request: ListPredictions) -> Result<Predictions> {
    predictions::list(journal, &request)
}

/// Keeps how the person settles a prediction; it stands in every later dream.
///
/// # Errors
/// There is no such prediction, or the store failed.
pub fn settle_prediction(journal: &Journal, request: SettlePrediction) -> Result<PredictionView> {
    let view = predictions::settle_by_hand(journal, request)?;
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    Ok(view)
}
