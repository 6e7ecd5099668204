//! Edges between what the journal knows.

pub(crate) mod alike;
pub(crate) mod communities;
pub(crate) mod edges;
pub(crate) mod engaged;
pub(crate) mod near;
pub(crate) mod shared;
