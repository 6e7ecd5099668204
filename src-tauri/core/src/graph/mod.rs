//! Edges between what the journal knows.

pub(crate) mod edges;
pub(crate) mod engaged;
