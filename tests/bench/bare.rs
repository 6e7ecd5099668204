//! The baseline: the least a program can do to have a folder of notes in SQLite with full text.

use std::{
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::Result;
use rusqlite::{Connection, params};

/// Walks, reads, hashes and indexes `folder` into a new database, all in one transaction.
pub(crate) fn index(folder: &Path, place: &Path) -> Result<Duration> {
    let began = Instant::now();
    #[expect(clippy::disallowed_methods, reason = "the bare database is no journal")]
    let mut database = Connection::open(place)?;
    database.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -65536;
         CREATE TABLE notes (id INTEGER PRIMARY KEY, path TEXT, hash BLOB, body TEXT);
         CREATE VIRTUAL TABLE text USING fts5 (body, content = 'notes', content_rowid = 'id',
           tokenize = 'porter unicode61');",
    )?;
    let tx = database.transaction()?;
    {
        let mut row = tx.prepare("INSERT INTO notes (path, hash, body) VALUES (?1, ?2, ?3)")?;
        let mut text = tx.prepare("INSERT INTO text (rowid, body) VALUES (?1, ?2)")?;
        for entry in ignore::WalkBuilder::new(folder).standard_filters(false).build() {
            let entry = entry?;
            if !entry.file_type().is_some_and(|kind| kind.is_file()) {
                continue;
            }
            let bytes = fs::read(entry.path())?;
            let hash = blake3::hash(&bytes);
            let body = String::from_utf8(bytes)?;
            row.execute(params![entry.path().to_string_lossy(), hash.as_bytes(), body])?;
            text.execute(params![tx.last_insert_rowid(), body])?;
        }
    }
    tx.commit()?;
    Ok(began.elapsed())
}
