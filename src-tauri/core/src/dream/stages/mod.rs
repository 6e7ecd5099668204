//! The stages of a dream, one file each.

pub(super) mod affinity;
pub(super) mod collect;
pub(super) mod episodes;
pub(super) mod long;
pub(super) mod moments;
mod parts;
pub(super) mod reading;
pub(super) mod story;
pub(super) mod summarize;
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod testing;
mod told;
