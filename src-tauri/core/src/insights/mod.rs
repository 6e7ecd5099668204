//! Insights: what goes with what, what keeps coming back, what helped, and what is to come.
//!
//! Pure functions find them in moments as they are shown (`patterns`, `themes`, `strategies`,
//! `predictions`); the stages `dream/stages/reflect` and `dream/stages/predict` drive them, with a model or
//! without. A reflection keeps what it found; the table of insights is gathered from the reflections, so
//! that the same insight found again is one row that grows. What the person decides stands in tables of
//! its own, under keys that hold no words.

pub(crate) mod chance;
pub(crate) mod forget;
pub(crate) mod found;
mod gather;
pub(crate) mod importance;
pub(crate) mod lived;
pub(crate) mod patterns;
pub(crate) mod plain;
pub(crate) mod predictions;
pub(crate) mod reflections;
pub(crate) mod say;
mod show;
pub(crate) mod strategies;
pub(crate) mod themes;

pub(crate) use gather::gather;
pub(crate) use show::{decide, list, list_reflections, reflected};
