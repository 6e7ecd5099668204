//! Predictions: made from plans in the person's own words, from rhythms, and by a model; settled by what
//! is written afterwards, or by the person; and scored.
//!
//! A prediction is a statement of its day and is not made better afterwards. A plan is known from its words
//! alone, so it counts as made on the day on which they were written. What rests on the days before counts
//! as made on the newest of them, and only on that day may it still change.

mod keep;
pub(crate) mod plans;
pub(crate) mod rhythms;
mod score;
mod show;
pub(crate) mod told;
pub(crate) mod traces;

use chrono::NaiveDate;

pub(crate) use keep::{Changes, Kept, kept};
pub(crate) use show::{list, settle_by_hand};

use crate::{api::predictions::PredictionKind, store::Hash};

/// Days after its time in which a trace may still be written down.
pub(crate) const GRACE_DAYS: u64 = 2;
/// Days for which what a prediction came to is looked at again, for notes that come in late.
pub(crate) const LOOKED_AGAIN_DAYS: u64 = 60;

/// Something foretold.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Prediction {
    pub(crate) kind: PredictionKind,
    /// Of what is foretold, and for when.
    pub(crate) key: Hash,
    pub(crate) statement: String,
    /// A language's code.
    pub(crate) language: String,
    pub(crate) made_on: NaiveDate,
    /// The first day on which a trace of it counts.
    pub(crate) due_from: NaiveDate,
    pub(crate) due_on: NaiveDate,
    /// 0 to 1.
    pub(crate) confidence: f64,
    pub(crate) tags: Vec<String>,
    pub(crate) people: Vec<String>,
    /// Stems by which it is known again.
    pub(crate) words: Vec<String>,
    /// Its evidence.
    pub(crate) moment_ids: Vec<i64>,
    pub(crate) mind: String,
}

/// The key of something that is foretold for a day.
pub(crate) fn key(kind: PredictionKind, about: &str, due_on: NaiveDate) -> Hash {
    let due = due_on.to_string();
    Hash::of_fields([kind.as_str().as_bytes(), about.as_bytes(), due.as_bytes()])
}

/// Whether two predictions speak of the same: their time is about the same and most of their words are.
pub(crate) fn is_about_the_same(a: &Prediction, b: &Prediction) -> bool {
    let shared = a.words.iter().filter(|word| b.words.contains(word)).count();
    let fewer = a.words.len().min(b.words.len());
    let days = (a.due_on - b.due_on).num_days().abs();
    days <= 3 && fewer > 0 && shared * 5 >= fewer * 3
}
