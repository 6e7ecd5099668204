//! Edges between what the journal knows.

pub(crate) mod edges;
