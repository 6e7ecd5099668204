//! The stages of a dream, one file each.

pub(super) mod affinity;
pub(super) mod collect;
pub(super) mod decay;
pub(super) mod episodes;
pub(super) mod long;
pub(super) mod moments;
mod parts;
pub(super) mod periods;
pub(super) mod reading;
pub(super) mod story;
pub(super) mod summarize;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod testing;
mod told;

use super::night::Night;
use crate::{
    Error, Result,
    api::dreams::{Stage, StageReport},
};

/// Runs a stage that looks at the whole journal.
pub(super) fn run(night: &Night<'_>, stage: Stage) -> Result<StageReport> {
    match stage {
        Stage::Periods => periods::run(night),
        Stage::Affinity => affinity::in_a_dream(night),
        other => Err(Error::invalid(format!("{other:?} is no stage that runs by itself"))),
    }
}
