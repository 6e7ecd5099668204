//! Sessions: what is told of a whole conversation, and whether it still holds. The conversation itself is
//! a record and is only read.

mod read;
mod show;
mod write;

#[cfg(test)]
pub(crate) use read::Told;
pub(crate) use read::{Line, Outline, lines, of, outlines};
pub(crate) use show::{layout as summary_layout, of_record};
pub(crate) use write::{Summary, save};
