//! The stages of a dream, one file each.

pub(super) mod affinity;
pub(super) mod collect;
pub(super) mod episodes;
pub(super) mod moments;
