//! The dream: reads the days that are new or changed and makes moments and stories of them.
//!
//! `plan` decides purely, `stages` do one thing each, `run` drives them and writes each stage in a
//! transaction of its own, under one revision per dream. What is dreamt can be undone, dropped and dreamt
//! again; what the person wrote is only read.

mod begun;
mod consolidate;
mod days;
mod fade;
mod light;
mod lock;
mod maintenance;
mod metrics;
mod night;
mod plan;
mod progress;
mod relate;
mod revisions;
mod run;
mod stages;
mod summarize;
mod undo;

pub(crate) use consolidate::consolidate;
pub(crate) use fade::fade;
pub(crate) use light::{Tied, tie};
pub(crate) use lock::held_by;
pub(crate) use metrics::metrics;
pub(crate) use plan::days_waiting;
pub(crate) use relate::relate;
pub(crate) use revisions::{detail, diff, list};
pub(crate) use run::{check, run};
pub(crate) use summarize::summarize;
pub(crate) use undo::undo;
