//! The dream: reads the days that are new or changed and makes moments and stories of them.
//!
//! `plan` decides purely, `stages` do one thing each, `run` drives them and writes each stage in a
//! transaction of its own, under one revision per dream. What is dreamt can be dropped and dreamt
//! again; what the person wrote is only read.

mod begun;
mod lock;
pub mod plan;
mod progress;
mod relate;
mod run;
mod stages;
mod summarize;

pub(crate) use relate::relate;
pub(crate) use run::{check, run};
pub(crate) use summarize::summarize;
