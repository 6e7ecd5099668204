//! Where records come from: watched folders, imported files and the capture box.
//!
//! Sources are only ever read. [`scan`] brings the journal up to date with one of them, [`watch`] does
//! so while the app runs, [`formats`] know what the bytes mean.

pub mod capture;
pub mod decode;
mod files;
pub mod formats;
mod read;
pub mod sample;
pub mod scan;
mod walk;
pub mod watch;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Error, Journal, Result,
    api::{
        moments::SourceCount,
        sources::{FileProblem, SourceView},
    },
    error::Attempt,
    event::Event,
    graph::edges,
    insights,
    moments::{forget, history, write::Writing},
    periods::{self, Which},
    profile,
    records::{index::unindex_source, keep::queue_days},
    search::embed,
    store::vectors,
    topics,
};

/// Adds a folder or file as a source, without reading it yet. A path that is a source already is
/// found again; it can become watched that way.
///
/// # Errors
/// There is nothing at the path, its name is not text, it holds the journal's own files, it lies
/// within or around another watched source, or the store failed.
pub fn add(journal: &Journal, path: &Path, is_watched: bool) -> Result<i64> {
    let path = path.canonicalize().attempt(|| {
        format!("looking for {} (is the name right, may you read it?)", path.display())
    })?;
    let kind = if path.is_dir() {
        "folder"
    } else if path.is_file() {
        "file"
    } else {
        return Err(Error::invalid(format!(
            "{} is neither a folder nor a file: only those can be read",
            path.display()
        )));
    };
    let own = journal.path().canonicalize().unwrap_or_else(|_| journal.path().to_owned());
    if own.starts_with(&path) {
        return Err(Error::invalid(format!(
            "{} holds the journal's own file: choose the folder of your notes instead",
            path.display()
        )));
    }
    let Some(text) = path.to_str().map(str::to_owned) else {
        return Err(Error::invalid(format!(
            "the name of {} has letters that are no text: rename it, then add it",
            path.display()
        )));
    };
    let is_watched = is_watched && kind == "folder";
    let label = path
        .file_name()
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    let now = journal.clock().now_ms();
    let id = journal.store().write(|tx| {
        let known: Option<i64> = tx
            .query_row("SELECT id FROM sources WHERE path = ?1", [&text], |row| row.get(0))
            .optional()?;
        // What was imported within a watched folder may be read once more, but not be followed twice.
        if known.is_none() || is_watched {
            refuse_nested(tx, &path, is_watched)?;
        }
        if let Some(id) = known {
            tx.execute(
                "UPDATE sources SET is_watched = max(is_watched, ?2) WHERE id = ?1",
                params![id, is_watched],
            )?;
            return Ok(id);
        }
        tx.execute(
            "INSERT INTO sources (kind, path, label, is_watched, created_at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            params![kind, text, label, is_watched, now],
        )?;
        Ok(tx.last_insert_rowid())
    })?;
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    Ok(id)
}

/// Refuses a path within a watched folder, and one that is to be watched around another.
fn refuse_nested(reader: &Connection, path: &Path, is_watched: bool) -> Result<()> {
    let mut find =
        reader.prepare("SELECT path FROM sources WHERE kind = 'folder' AND is_watched = 1")?;
    let folders: Vec<String> =
        find.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for folder in folders.iter().filter(|folder| path != Path::new(folder)) {
        if path.starts_with(folder) {
            return Err(Error::invalid(format!(
                "{} lies within {folder}, which is a source already",
                path.display()
            )));
        }
        if is_watched && Path::new(folder).starts_with(path) {
            return Err(Error::invalid(format!(
                "{} holds {folder}, which is a source already: forget that one first",
                path.display()
            )));
        }
    }
    Ok(())
}

/// The ids of all sources that can be read, in the order they were added.
pub(crate) fn ids(journal: &Journal) -> Result<Vec<i64>> {
    journal.store().read(|reader| {
        let mut find =
            reader.prepare("SELECT id FROM sources WHERE kind <> 'capture' ORDER BY id")?;
        Ok(find.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    })
}

/// The watched folders with their ids.
pub(crate) fn watched(journal: &Journal) -> Result<Vec<(i64, PathBuf)>> {
    journal.store().read(|reader| {
        let mut find = reader.prepare(
            "SELECT id, path FROM sources WHERE kind = 'folder' AND is_watched = 1 ORDER BY id",
        )?;
        Ok(find
            .query_map([], |row| Ok((row.get(0)?, PathBuf::from(row.get::<_, String>(1)?))))?
            .collect::<rusqlite::Result<_>>()?)
    })
}

/// All sources, the capture box last.
pub(crate) fn list(journal: &Journal) -> Result<Vec<SourceView>> {
    journal.store().read(|reader| {
        let mut find = reader.prepare("SELECT id FROM sources ORDER BY kind = 'capture', id")?;
        let ids: Vec<i64> =
            find.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        ids.into_iter().map(|id| view_in(reader, id)).collect()
    })
}

/// One source.
pub(crate) fn view(journal: &Journal, id: i64) -> Result<SourceView> {
    journal.store().read(|reader| view_in(reader, id))
}

fn view_in(reader: &Connection, id: i64) -> Result<SourceView> {
    let mut view = reader
        .query_row(
            "SELECT kind, path, label, is_watched, state, state_reason, scanned_at,
               (SELECT count(*) FROM files f
                WHERE f.source_id = s.id AND f.status IN ('read', 'partial', 'duplicate')),
               (SELECT count(*) FROM records r WHERE r.source_id = s.id AND r.deleted_at IS NULL),
               (SELECT count(*) FROM files f
                WHERE f.source_id = s.id AND f.status IN ('partial', 'failed', 'missing'))
             FROM sources s WHERE id = ?1",
            [id],
            |row| {
                Ok(SourceView {
                    id,
                    kind: row.get(0)?,
                    path: row.get(1)?,
                    label: row.get(2)?,
                    is_watched: row.get(3)?,
                    state: row.get(4)?,
                    state_reason: row.get(5)?,
                    scanned_at: row.get(6)?,
                    n_files: row.get(7)?,
                    n_records: row.get(8)?,
                    n_problems: row.get(9)?,
                    formats: Vec::new(),
                })
            },
        )
        .optional()?
        .ok_or_else(|| Error::NotFound(format!("source {id}")))?;
    let mut count = reader.prepare(
        "SELECT format, count(*) FROM files
         WHERE source_id = ?1 AND status IN ('read', 'partial') AND format <> ''
         GROUP BY format ORDER BY 2 DESC, 1",
    )?;
    view.formats = count
        .query_map([id], |row| Ok(SourceCount { format: row.get(0)?, n: row.get(1)? }))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(view)
}

/// Forgets a source with all that was read from it and all that was derived from it alone, in what is kept
/// to undo dreams, too.
pub(crate) fn remove(journal: &Journal, id: i64) -> Result<()> {
    let calendar = journal.calendar()?;
    let week_start = journal.settings().week_start()?;
    let now = journal.clock().now_ms();
    journal.store().write(|tx| {
        let kind: Option<String> = tx
            .query_row("SELECT kind FROM sources WHERE id = ?1", [id], |row| row.get(0))
            .optional()?;
        match kind.as_deref() {
            None => return Err(Error::NotFound(format!("source {id}"))),
            Some("capture") => {
                return Err(Error::invalid("the capture box holds your own notes and stays"));
            }
            Some(_) => {}
        }
        let mut resting = forget::resting_on(tx, id)?;
        let topics_resting = topics::resting_on(tx, &resting)?;
        let days: BTreeSet<String> = {
            let mut find = tx.prepare(
                "SELECT DISTINCT c.day FROM chunks c JOIN records r ON r.id = c.record_id
                 WHERE r.source_id = ?1 AND c.day IS NOT NULL",
            )?;
            find.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
        };
        unindex_source(tx, id)?;
        tx.execute("DELETE FROM sources WHERE id = ?1", [id])?;
        let revision_id = history::begin(tx, None, "you forgot a source", now)?;
        let writing = Writing { tx, revision_id, calendar: &calendar, now };
        resting.days.extend(days.iter().cloned());
        forget::forget(&writing, &resting)?;
        topics::forget(&writing, &topics_resting)?;
        insights::forget::forget(&writing, resting.moments_ever())?;
        for day in &resting.days {
            periods::tell_anew(tx, day, revision_id, now)?;
        }
        let told = resting.days.iter().map(String::as_str);
        periods::mend(tx, told, Which::All, week_start, (revision_id, now))?;
        embed::recount(tx)?;
        // What was forgotten leaves no numbers and no explanations behind either.
        vectors::drop_orphans(tx)?;
        edges::drop_forgotten(tx)?;
        profile::forget(tx, id)?;
        files::wake_copies(tx)?;
        queue_days(tx, &days, now)
    })?;
    // Pages that held the words are overwritten in the file itself.
    journal.store().settle()?;
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    Ok(())
}

/// The files of a source that are not in the journal as they should be.
pub(crate) fn problems(journal: &Journal, id: i64) -> Result<Vec<FileProblem>> {
    view(journal, id)?;
    journal.store().read(|reader| {
        let mut find = reader.prepare(
            "SELECT name, status, reason FROM files
             WHERE source_id = ?1 AND (status <> 'read' OR reason <> '')
             ORDER BY status = 'skipped', name LIMIT 1000",
        )?;
        Ok(find
            .query_map([id], |row| {
                Ok(FileProblem { file: row.get(0)?, status: row.get(1)?, reason: row.get(2)? })
            })?
            .collect::<rusqlite::Result<_>>()?)
    })
}
