//! The stages of a dream, one file each.

pub(super) mod affinity;
pub(super) mod collect;
pub(super) mod consolidate;
pub(super) mod decay;
pub(super) mod digest;
pub(super) mod episodes;
mod lines;
pub(super) mod long;
pub(super) mod moments;
mod parts;
pub(super) mod periods;
pub(super) mod predict;
pub(super) mod profile;
pub(super) mod reading;
pub(super) mod reflect;
pub(super) mod story;
pub(super) mod summarize;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod testing;
pub(super) mod topics;

use super::night::Night;
pub(super) use crate::mind::told;
use crate::{
    Error, Result,
    api::dreams::{Stage, StageReport},
};

/// Runs a stage that looks at the whole journal.
pub(super) fn run(night: &Night<'_>, stage: Stage) -> Result<StageReport> {
    match stage {
        Stage::Periods => periods::run(night),
        Stage::Affinity => affinity::in_a_dream(night),
        Stage::Topics => topics::run(night),
        Stage::Reflect => reflect::run(night),
        Stage::Predict => predict::run(night),
        Stage::Profile => profile::run(night),
        Stage::Consolidate => consolidate::run(night),
        Stage::Digest => digest::run(night),
        other => Err(Error::invalid(format!("{other:?} is no stage that runs by itself"))),
    }
}
