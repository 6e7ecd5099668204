//! What the person wrote: resources, sessions, messages. Read from sources, never changed.
//!
//! A format turns bytes into [`draft`]s; `keep` stores them, `remove` takes away what is gone from
//! its source, `show` gives a record back as it was written. What records mean is not known here.

pub mod draft;
pub(crate) mod index;
pub(crate) mod keep;
mod own;
mod remove;
mod show;
mod text;

pub(crate) use own::reassign;
pub(crate) use remove::{remove_file_records, rename_file_records};
pub(crate) use show::{is_there, show};
pub(crate) use text::{Passage, passage_at};
