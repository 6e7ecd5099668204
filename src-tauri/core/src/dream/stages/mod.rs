//! The stages of a dream, one file each.

pub(super) mod affinity;
pub(super) mod collect;
pub(super) mod decay;
pub(super) mod episodes;
pub(super) mod moments;
pub(super) mod reading;
pub(super) mod story;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod testing;
