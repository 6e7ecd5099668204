//! Carrying the journal out: as Markdown, JSON, CSV of moods or a calendar; and a whole one in again.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Journal, Result, event::Event, journal::Cancel};

/// What is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    /// A folder with a page a day, for any notes program.
    Markdown,
    /// JSON Lines with published schemas; all of it, a journal can be made of it again.
    Json,
    /// Moods, one a line.
    Csv,
    /// Moments as a calendar.
    Ics,
}

/// What goes into Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ExportPart {
    /// The stories of days.
    Stories,
    /// Moments.
    Moments,
    /// Weeks, months and years.
    Reviews,
    /// What is told of conversations.
    Conversations,
    /// Notes and messages as they were written.
    Records,
}

/// Asks for an export.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportRequest {
    /// What is written.
    pub format: ExportFormat,
    /// The file, or for Markdown the folder, to write to. Nothing is overwritten that no such export wrote.
    pub path: String,
    /// First day, `YYYY-MM-DD`; absent: the first there is.
    #[serde(default)]
    pub since: Option<String>,
    /// Last day; absent: the last there is.
    #[serde(default)]
    pub until: Option<String>,
    /// What goes into Markdown; empty: all but records.
    #[serde(default)]
    pub parts: Vec<ExportPart>,
}

/// What was exported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportReport {
    /// What was written.
    pub format: ExportFormat,
    /// Where to.
    pub path: String,
    /// Files that are new or different now.
    pub n_written: u32,
    /// Files that were like this already.
    pub n_unchanged: u32,
    /// Files of an earlier export that were taken away, because what they told is gone.
    pub n_removed: u32,
    /// Files that were left as they are because the person changed them, the first 100 by name.
    pub left_alone: Vec<String>,
    /// How many these are.
    pub n_left_alone: u32,
    /// Days.
    pub n_days: u32,
    /// Moments.
    pub n_moments: u32,
    /// Notes.
    pub n_notes: u32,
    /// Conversations.
    pub n_sessions: u32,
    /// Messages.
    pub n_messages: u32,
    /// Moods.
    pub n_moods: u32,
}

/// What was made again of an export.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RestoreReport {
    /// Things of all kinds.
    pub n_things: u32,
    /// Notes.
    pub n_notes: u32,
    /// Conversations.
    pub n_sessions: u32,
    /// Messages.
    pub n_messages: u32,
    /// Moments.
    pub n_moments: u32,
}

/// Exports to a file or a folder.
///
/// # Errors
/// A day cannot be, something else lies at the place, it cannot be written, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn export_journal(journal: &Journal, request: ExportRequest) -> Result<ExportReport> {
    crate::export::export(journal, &request, &Cancel::default())
}

/// As [`export_journal`], until somebody asks to stop.
///
/// # Errors
/// As [`export_journal`], and that it was cancelled: a file is then as it was, of a folder is there what
/// was finished.
pub fn export_until(
    journal: &Journal,
    request: &ExportRequest,
    cancel: &Cancel,
) -> Result<ExportReport> {
    crate::export::export(journal, request, cancel)
}

/// Exports to a stream.
///
/// # Errors
/// It is Markdown, a day cannot be, the stream cannot be written to, or the store failed.
pub fn export_to(
    journal: &Journal,
    request: &ExportRequest,
    out: &mut dyn Write,
    cancel: &Cancel,
) -> Result<ExportReport> {
    crate::export::export_to(journal, request, out, cancel)
}

/// Makes an empty journal into the one that was exported. All of it is there afterwards, or nothing.
///
/// # Errors
/// The journal holds something, the export is damaged, newer or not whole, or the store failed.
pub fn restore_journal(
    journal: &Journal,
    from: &mut dyn BufRead,
    cancel: &Cancel,
) -> Result<RestoreReport> {
    let (report, settings) = crate::export::restore::restore(journal, from, cancel)?;
    journal.take_up(settings);
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    Ok(report)
}

/// The schemas of what is exported as JSON, by the name of their file.
#[must_use]
pub fn export_schemas() -> Vec<(String, serde_json::Value)> {
    crate::export::schemas()
}

/// Whether a table of the schema is exported, or is known to stay out; `None`: nobody has decided.
#[must_use]
pub fn is_exported(table: &str) -> Option<bool> {
    crate::export::is_exported(table)
}
