//! All of REM Journal that is true without a screen: the store, the sources, the built-in analyser,
//! the dream and the questions that a window, a terminal or another program may ask.
//!
//! Nothing in here reads the environment, a home folder, the wall clock or a terminal: the shells
//! (`rem-journal`, `rem-cli`) pass them in. How the rooms depend on each other is drawn in
//! `docs/architecture.md` and checked by a test.

pub mod api;
mod assistants;
pub mod clock;
mod consolidation;
pub mod dream;
mod entities;
pub mod error;
pub mod event;
mod export;
mod fading;
mod graph;
mod insights;
mod jobs;
pub mod journal;
pub mod log;
pub mod mind;
mod moments;
mod moods;
mod people;
mod periods;
mod profile;
mod query;
pub mod records;
mod search;
mod sessions;
pub mod settings;
pub mod sources;
pub mod store;
pub mod text;
mod topics;

pub use error::{Code, Error, Result};
pub use journal::Journal;
