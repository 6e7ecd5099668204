//! Edges between what the journal knows.

pub(crate) mod communities;
pub(crate) mod edges;
pub(crate) mod engaged;
