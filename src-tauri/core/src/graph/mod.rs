//! Edges between what the journal knows.

pub(crate) mod edges;
pub(crate) mod near;
pub(crate) mod shared;
