//! The journal seen from outside: numbers for whoever watches over it, and an examination.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Empty;
use crate::{Journal, Result};

/// What a family of numbers is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum MetricKind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// How long things took: how many were not longer than each bound, all of them, and their sum.
    Histogram,
}

/// Numbers of one name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Metric {
    /// For example "rem_dreams_total".
    pub name: String,
    /// What it counts, in a sentence.
    pub help: String,
    /// What it is.
    pub kind: MetricKind,
    /// The numbers, each with what it is a number of.
    pub samples: Vec<Sample>,
}

/// One number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Sample {
    /// What comes after the name, for example "_bucket" of a histogram; mostly empty.
    pub suffix: String,
    /// What it is a number of, for example stage: "affinity".
    pub labels: BTreeMap<String, String>,
    /// Seconds, bytes, or a count, as the name says.
    pub value: f64,
}

impl Metric {
    pub(crate) fn new(
        kind: MetricKind,
        name: &str,
        help: &str,
        samples: impl IntoIterator<Item = Sample>,
    ) -> Self {
        let samples = samples.into_iter().collect();
        Self { name: name.into(), help: help.into(), kind, samples }
    }
}

impl Sample {
    pub(crate) fn new(labels: &[(&str, &str)], value: f64) -> Self {
        let label = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Self { suffix: String::new(), labels: labels.iter().map(label).collect(), value }
    }
}

/// The journal's numbers, counted from its own history: they outlive every restart, and there is no second
/// account that could differ from it.
///
/// # Errors
/// The store failed.
pub fn show_metrics(journal: &Journal, _: Empty) -> Result<Vec<Metric>> {
    crate::journal::health::metrics(journal)
}

/// How an examination of one thing came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// As it should be.
    Good,
    /// Works, but the person may want to know.
    Notice,
    /// Something is wrong.
    Problem,
}

/// One thing that was examined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// What was looked at, for example "file" or "schedule".
    pub name: String,
    /// How it came out.
    pub verdict: Verdict,
    /// What was found, in a sentence.
    pub says: String,
    /// What to do about it; empty where nothing is to be done.
    pub advice: String,
}

/// Examines the journal: its file, what it follows, what dreams, when it dreams, what waits. Looks and
/// changes nothing; a large journal takes seconds.
///
/// # Errors
/// The store failed in a way that makes looking impossible.
pub fn examine(journal: &Journal, _: Empty) -> Result<Vec<Finding>> {
    crate::journal::health::examine(journal)
}
