//! Minds: what turns an episode into the description of a moment.
//!
//! The built-in analyser is one; it needs no model. Every mind gets the same [`Episode`] and gives the
//! same [`Description`], in which all that points into the text is checked by the dream before it is
//! kept.
//!
//! A language model is behind [`LanguageModel`], an embedding model behind [`Embedder`]; both live on a
//! [`Server`]. Nobody but [`caller::Caller`] speaks to them in a dream: it budgets, caches, waits,
//! retries, checks and keeps the ledger.

pub mod answer;
pub mod around;
pub mod budget;
pub mod builtin;
mod cache;
pub mod caller;
pub mod choose;
mod episode;
pub mod fault;
mod kinds;
pub mod known;
pub mod ledger;
pub mod likeness;
mod manners;
pub mod model;
mod outcome;
pub mod prompt;
pub mod schema;
pub mod scripted;

pub use episode::{Description, Episode, Felt, NamedPerson, Passage, Stream};
pub use fault::Fault;
pub use kinds::MOMENT_TYPES;
pub use model::{Embedder, LanguageModel, Server};
