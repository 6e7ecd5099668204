//! The graph: edges between what the journal knows; walking along them, and drawing them.

pub(crate) mod alike;
pub(crate) mod ask;
pub(crate) mod communities;
pub(crate) mod edges;
pub(crate) mod engaged;
mod explain;
mod export;
mod filter;
mod hold_together;
pub(crate) mod kinds;
pub(crate) mod layout;
mod links;
mod names;
pub(crate) mod near;
mod node;
mod path;
mod picture;
pub(crate) mod shared;
mod walk;
mod whole;
