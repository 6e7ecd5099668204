//! How what says the same twice is found, and what is proposed of it. Names and defaults are those of
//! engram's dream phase, which this follows.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Error, Result};

/// By what things may be found to say the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// They share most of their words in the same order.
    ContentOverlap,
    /// They share all their tags, and enough of their words.
    TagSimilarity,
    /// They lie within one hour, and share enough of their words.
    TemporalProximity,
}

impl Strategy {
    /// Its name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ContentOverlap => "content_overlap",
            Self::TagSimilarity => "tag_similarity",
            Self::TemporalProximity => "temporal_proximity",
        }
    }
}

/// What is consolidated, and what may be done about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ConsolidationPolicy {
    /// Texts that are read at once, 1 to 10,000. All are looked at in every run.
    pub batch_size: u32,
    /// What is not yet so many hours old at the beginning of the day is left alone, 0 to 8,760.
    pub min_age_hours: f64,
    /// The least share of words that two texts have in common (Jaccard), 0 to 1; what has less is not
    /// compared further.
    pub similarity_threshold: f64,
    /// Texts in one group at most, 2 to 100.
    pub max_group_size: u32,
    /// How groups are found.
    pub strategies: Vec<Strategy>,
    /// The least cosine of the vectors of two texts that say the same, 0 to 1. The built-in embedder
    /// knows no meaning: with it two thirds of all shingles of three words must be the same instead.
    pub duplicate_threshold: f64,
    /// Whether applying also settles contradictions in favour of what was written last.
    pub conflict_auto_resolve: bool,
    /// Days after which a moment that nobody returns to may be proposed to be folded away, 1 to 36,500.
    pub summarize_age_days: u32,
    /// Proposals that are applied in one run at most, 1 to 10,000.
    pub max_actions_per_run: u32,
    /// Whether consolidating only proposes. If not, `rem dream consolidate` applies what is sure enough;
    /// a whole night only ever proposes.
    pub dry_run: bool,
    /// The most strength a moment may have left to be proposed to be folded away, 0 to 1.
    pub utility_threshold: f64,
    /// Days with visits below which a moment's visits say nothing.
    pub min_feedback_events: u32,
    /// Days with visits above which a moment is not proposed to be folded away.
    pub max_access_count_for_archival: u32,
    /// What lost strength weighs among the reasons to fold a moment away, 0 to 1.
    pub utility_weight: f64,
    /// What age weighs, 0 to 1.
    pub age_weight: f64,
    /// What missing visits weigh, 0 to 1.
    pub feedback_weight: f64,
    /// The least sum of these, 0 to 1.
    pub composite_cutoff: f64,
    /// The most that a moment may weigh unfaded, 0 to 1. All weigh 1 that nobody weighed otherwise.
    pub max_importance_for_archival: f64,
    /// Contradictions and groups that a model is asked about in one run at most, 1 to 1,000.
    pub max_memories: u32,
    /// Proposals that wait for the person at the same time at most, 1 to 1,000.
    pub max_candidates: u32,
    /// Texts from which on a group is one, 2 to 100.
    pub summary_min_memories: u32,
}

impl Default for ConsolidationPolicy {
    fn default() -> Self {
        Self {
            batch_size: 100,
            min_age_hours: 24.0,
            similarity_threshold: 0.3,
            max_group_size: 10,
            strategies: vec![
                Strategy::ContentOverlap,
                Strategy::TagSimilarity,
                Strategy::TemporalProximity,
            ],
            duplicate_threshold: 0.92,
            conflict_auto_resolve: false,
            summarize_age_days: 90,
            max_actions_per_run: 50,
            dry_run: true,
            utility_threshold: 0.3,
            min_feedback_events: 3,
            max_access_count_for_archival: 10,
            utility_weight: 0.5,
            age_weight: 0.3,
            feedback_weight: 0.2,
            composite_cutoff: 0.5,
            max_importance_for_archival: 0.5,
            max_memories: 50,
            max_candidates: 25,
            summary_min_memories: 2,
        }
    }
}

impl ConsolidationPolicy {
    pub(super) fn check(&self) -> Result<()> {
        for (what, share) in [
            ("similarity_threshold", self.similarity_threshold),
            ("duplicate_threshold", self.duplicate_threshold),
            ("utility_threshold", self.utility_threshold),
            ("utility_weight", self.utility_weight),
            ("age_weight", self.age_weight),
            ("feedback_weight", self.feedback_weight),
            ("composite_cutoff", self.composite_cutoff),
            ("max_importance_for_archival", self.max_importance_for_archival),
        ] {
            if !(0.0..=1.0).contains(&share) {
                return Err(Error::invalid(format!("{what} lies between 0 and 1, not at {share}")));
            }
        }
        if !(0.0..=8_760.0).contains(&self.min_age_hours) {
            return Err(Error::invalid(format!(
                "min_age_hours lies between 0 and 8760 (a year), not at {}",
                self.min_age_hours
            )));
        }
        for (what, number, least, most) in [
            ("batch_size", self.batch_size, 1, 10_000),
            ("max_group_size", self.max_group_size, 2, 100),
            ("summary_min_memories", self.summary_min_memories, 2, self.max_group_size),
            ("summarize_age_days", self.summarize_age_days, 1, 36_500),
            ("max_actions_per_run", self.max_actions_per_run, 1, 10_000),
            ("max_memories", self.max_memories, 1, 1_000),
            ("max_candidates", self.max_candidates, 1, 1_000),
        ] {
            if !(least..=most).contains(&number) {
                return Err(Error::invalid(format!(
                    "{what} lies between {least} and {most}, not at {number}"
                )));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be() {
        ConsolidationPolicy::default().check().expect("the defaults are allowed");
    }

    #[test]
    fn what_cannot_be_is_refused_by_its_name() {
        let usual = ConsolidationPolicy::default();
        for (policy, what) in [
            (ConsolidationPolicy { duplicate_threshold: 1.1, ..usual.clone() }, "duplicate"),
            (ConsolidationPolicy { age_weight: f64::NAN, ..usual.clone() }, "age_weight"),
            (ConsolidationPolicy { max_group_size: 1, ..usual.clone() }, "max_group_size"),
            (ConsolidationPolicy { summary_min_memories: 11, ..usual.clone() }, "summary_min"),
            (ConsolidationPolicy { min_age_hours: -1.0, ..usual.clone() }, "min_age_hours"),
            (ConsolidationPolicy { max_candidates: 0, ..usual }, "max_candidates"),
        ] {
            let error = policy.check().expect_err(what).to_string();
            assert!(error.contains(what), "{error}");
        }
    }
}
