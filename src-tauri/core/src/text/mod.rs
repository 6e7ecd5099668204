//! Understanding without a model.
//!
//! Everything in this room is a pure function of the text it is given: no store, no clock, no
//! network, no downloaded weights, and the same answer every time. The word lists under `lexicon/`
//! were written for this program. It is the floor under every dream (with no language model it does
//! all of the reading) and the check on what a model says.
//!
//! Texts come in as spans of Markdown. Every function copes with the syntax, and every byte range it
//! returns is a range of the text it was given, on character boundaries.

pub mod alike;
pub(crate) mod calendar_words;
pub mod clean;
pub mod corpus;
mod cues;
pub mod due;
pub mod duplicates;
pub mod embed;
pub mod emotion;
mod evidence;
pub mod feelings;
pub mod keyphrases;
pub mod language;
mod lexicon;
pub mod markdown;
pub mod names;
pub mod secrets;
pub mod segment;
pub mod sentences;
pub mod spelling;
pub mod statements;
pub mod stems;
pub mod summary;
pub mod tags;
pub mod verbatim;
pub mod when;
pub mod words;

#[cfg(test)]
mod hostile;
