//! Sources: the folders and files the journal reads.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Empty;
use crate::{Journal, Result};

/// A source's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceId {
    /// The id.
    #[ts(type = "number")]
    pub id: i64,
}

/// A folder that is watched, or a file that was imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SourceView {
    /// Its id.
    #[ts(type = "number")]
    pub id: i64,
    /// "folder", "file" or "capture".
    pub kind: String,
    /// Where it lies.
    pub path: String,
    /// Its name for people.
    pub label: String,
    /// Whether changes are followed while the app runs.
    pub is_watched: bool,
    /// "new" (not read yet), "ok", or "missing" (gone, or too much of it gone at once to believe it).
    pub state: String,
    /// Why, where the state is "missing".
    pub state_reason: String,
    /// Files that were read.
    pub n_files: u32,
    /// Notes, conversations and messages from it.
    pub n_records: u32,
    /// Files that could not be read, or only in part.
    pub n_problems: u32,
    /// When it was last read through, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub scanned_at: Option<i64>,
    /// How many files of each format.
    pub formats: Vec<super::moments::SourceCount>,
}

/// Adds a folder or a file. It is read in the background; [`crate::event::Event::ScanFinished`] says when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AddSource {
    /// An existing folder or file.
    pub path: String,
    /// Whether changes are to be followed. Imports of a file are not.
    pub is_watched: bool,
}

/// Reads a source again, or all of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StartScan {
    /// The source; all if absent.
    #[ts(type = "number | null")]
    pub id: Option<i64>,
    /// The person says that files which vanished all at once are really gone.
    #[serde(default)]
    pub accept_missing: bool,
}

/// A file that is not in the journal, or only in part, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FileProblem {
    /// Below its source.
    pub file: String,
    /// "partial", "duplicate", "skipped", "failed" or "missing".
    pub status: String,
    /// What is the matter and what can be done.
    pub reason: String,
}

/// What a scan found and did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScanReport {
    /// The source.
    #[ts(type = "number")]
    pub source_id: i64,
    /// Files met.
    pub n_files: u32,
    /// Files read for the first time.
    pub n_new: u32,
    /// Files read again because they changed.
    pub n_changed: u32,
    /// Files left alone because they did not.
    pub n_unchanged: u32,
    /// Files that moved and kept their records.
    pub n_renamed: u32,
    /// Files with the same content as another.
    pub n_duplicates: u32,
    /// Files that are gone, and whose records went with them.
    pub n_removed: u32,
    /// Files left out for a reason.
    pub n_skipped: u32,
    /// Files that could not be read.
    pub n_failed: u32,
    /// Notes, conversations and messages that are new.
    pub n_records_added: u32,
    /// Those whose text changed.
    pub n_records_changed: u32,
    /// What a person should know about how files were read; at most 200 lines.
    pub problems: Vec<FileProblem>,
    /// Why nothing was taken away although files are gone, where that is so.
    pub held_back: Option<String>,
    /// Whether it was stopped before the end.
    pub is_cancelled: bool,
}

/// The sources, the capture box last.
///
/// # Errors
/// The store failed.
pub fn list_sources(journal: &Journal, _: Empty) -> Result<Vec<SourceView>> {
    crate::sources::list(journal)
}

/// Adds a source and begins to read it in the background.
///
/// # Errors
/// There is nothing at the path, it is a source already, it holds the journal itself, or the store
/// failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn add_source(journal: &Journal, request: AddSource) -> Result<SourceView> {
    let id = crate::sources::add(journal, std::path::Path::new(&request.path), request.is_watched)?;
    journal.start_scan(Some(id), false);
    crate::sources::view(journal, id)
}

/// Forgets a source with everything that was read from it. Its files are not touched.
///
/// # Errors
/// There is no such source, it is the capture box, or the store failed.
pub fn remove_source(journal: &Journal, request: SourceId) -> Result<Empty> {
    crate::sources::remove(journal, request.id)?;
    Ok(Empty {})
}

/// Begins to read one source or all of them again, in the background.
///
/// # Errors
/// There is no such source, or the store failed.
pub fn start_scan(journal: &Journal, request: StartScan) -> Result<Empty> {
    if let Some(id) = request.id {
        crate::sources::view(journal, id)?;
    }
    journal.start_scan(request.id, request.accept_missing);
    Ok(Empty {})
}

/// The files of a source that are not in the journal as they should be; at most 1,000.
///
/// # Errors
/// The store failed.
pub fn list_problems(journal: &Journal, request: SourceId) -> Result<Vec<FileProblem>> {
    crate::sources::problems(journal, request.id)
}

/// Puts the sample journal beside this journal's file and adds it as a source, read when this returns.
///
/// # Errors
/// Its files cannot be written, or the store failed.
pub fn open_sample(journal: &Journal, _: Empty) -> Result<SourceView> {
    let id = crate::sources::sample::open(journal)?;
    crate::sources::view(journal, id)
}
