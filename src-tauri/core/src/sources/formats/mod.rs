//! One file per format: bytes in, drafts out, nothing else.
//!
//! Formats are told apart by content, not by name, and a file of a known format that is broken says
//! so: it never becomes a plain note in silence. Zips, folders and what changed since last time are
//! not their business.

mod chatgpt;
mod claude_code;
mod json;
mod jsonl;
mod lines;
mod notes;
pub(crate) mod own;
mod stamps;
#[cfg(test)]
mod testing;
mod unsupported;
mod whatsapp;

use std::io::BufRead;

use crate::{Result, records::draft::Draft};

pub use chatgpt::ChatGpt;
pub use claude_code::ClaudeCode;
pub use jsonl::Jsonl;
pub use notes::Notes;
pub use unsupported::unsupported;
pub use whatsapp::WhatsApp;

/// All formats, those with the surest signature first.
pub const ALL: &[&dyn Format] = &[&ChatGpt, &ClaudeCode, &WhatsApp, &Jsonl, &Notes];

/// The format of a file that starts like this, if the journal reads it.
#[must_use]
pub fn recognise(head: &Head<'_>) -> Option<&'static dyn Format> {
    ALL.iter().copied().find(|format| format.sniff(head))
}

/// The format with this name.
#[must_use]
pub fn named(name: &str) -> Option<&'static dyn Format> {
    ALL.iter().copied().find(|format| format.name() == name)
}

/// A file to be read.
pub struct Input<'a> {
    /// The file's path below its source, with `/` between folders.
    pub path: &'a str,
    /// The file's content from its first byte.
    pub reader: &'a mut dyn BufRead,
}

/// The first bytes of a file, for telling formats apart by content.
pub struct Head<'a> {
    /// The file's path below its source.
    pub path: &'a str,
    /// Up to 64 KiB from the start.
    pub bytes: &'a [u8],
    /// Whether `bytes` is the whole file.
    pub is_whole: bool,
}

/// What a person should know about how a file was read: lines left out, an order of day and month
/// that was inferred, bytes that were not text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice(pub String);

/// A kind of file the journal understands.
pub trait Format: Sync {
    /// The word in the database and on the command line, for example `chatgpt`.
    fn name(&self) -> &'static str;

    /// Whether a file that starts like this is of this format.
    fn sniff(&self, head: &Head<'_>) -> bool;

    /// Reads the file and hands each draft to `sink` as soon as it is complete.
    ///
    /// One bad item never drops the rest: it becomes a [`Notice`].
    ///
    /// # Errors
    /// The file as a whole cannot be read as this format, or `sink` failed.
    fn parse(
        &self,
        input: Input<'_>,
        sink: &mut dyn FnMut(Draft) -> Result<()>,
    ) -> Result<Vec<Notice>>;
}

#[cfg(test)]
mod tests;
