//! Minds: what turns an episode into the description of a moment.
//!
//! The built-in analyser is one; it needs no model. Every mind gets the same [`Episode`] and gives the
//! same [`Description`], in which all that points into the text is checked by the dream before it is
//! kept.
//!
//! A language model is behind [`LanguageModel`], an embedding model behind [`Embedder`]; both live on a
//! [`Server`]. Nobody but [`caller::Caller`] speaks to them in a dream: it budgets, caches, waits,
//! retries, checks and keeps the ledger.

pub mod address;
pub mod answer;
pub mod around;
pub mod budget;
pub mod builtin;
mod cache;
pub mod caller;
pub mod choose;
mod episode;
pub mod fault;
pub mod instructions;
mod json;
#[cfg(feature = "keychain")]
pub mod keychain;
mod kinds;
pub mod known;
pub mod ledger;
pub mod likeness;
pub(crate) mod manners;
pub mod model;
pub mod ollama;
pub mod openai;
mod outcome;
mod own_types;
pub mod pick;
pub mod prompt;
pub mod proposals;
pub mod quoted;
pub mod schema;
pub mod scripted;
mod shape;
pub(crate) mod told;
mod wire;

pub use episode::{Description, Episode, Felt, Joint, NamedPerson, Passage, Stream};
pub use fault::Fault;
pub use kinds::{MOMENT_TYPES, OTHER};
pub use model::{Embedder, LanguageModel, Server};
pub use own_types::{OwnType, OwnTypes};
