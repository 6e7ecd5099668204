//! The files that scans have met, as the journal keeps them: how each looked, what was read of it, and
//! why not where it was not.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::walk::{Met, Stat};
use crate::{Result, store::Hash};

/// A file that was met before.
pub(super) struct KnownFile {
    pub(super) id: i64,
    pub(super) stat: Stat,
    pub(super) hash: Option<Hash>,
    pub(super) is_missing: bool,
    pub(super) is_duplicate: bool,
    pub(super) key: Vec<u8>,
    pub(super) name: String,
}

/// The files of a source, by their path below it.
pub(super) fn known_files(
    reader: &Connection,
    source_id: i64,
) -> Result<HashMap<Vec<u8>, KnownFile>> {
    let mut find = reader.prepare(
        "SELECT id, path, name, size, mtime_ns, ctime_ns, inode, hash, status = 'missing',
           status = 'duplicate' FROM files WHERE source_id = ?1",
    )?;
    let files = find.query_map([source_id], |row| {
        Ok(KnownFile {
            id: row.get(0)?,
            key: row.get(1)?,
            name: row.get(2)?,
            stat: Stat {
                size: row.get(3)?,
                mtime_ns: row.get(4)?,
                ctime_ns: row.get(5)?,
                inode: row.get(6)?,
            },
            hash: row.get(7)?,
            is_missing: row.get(8)?,
            is_duplicate: row.get(9)?,
        })
    })?;
    let mut known = HashMap::new();
    for file in files {
        let file = file?;
        known.insert(file.key.clone(), file);
    }
    Ok(known)
}

/// The id of the file at a path.
pub(super) fn file_at(tx: &Transaction<'_>, source_id: i64, key: &[u8]) -> Result<Option<i64>> {
    Ok(tx
        .prepare_cached("SELECT id FROM files WHERE source_id = ?1 AND path = ?2")?
        .query_row(params![source_id, key], |row| row.get(0))
        .optional()?)
}

/// Another file with the same content that was read, if there is one. Empty files are no twins.
pub(super) fn twin(
    tx: &Transaction<'_>,
    source_id: i64,
    met: &Met,
    hash: Hash,
) -> Result<Option<String>> {
    if met.stat.size == 0 {
        return Ok(None);
    }
    Ok(tx
        .prepare_cached(
            "SELECT name FROM files
             WHERE hash = ?1 AND status IN ('read', 'partial')
               AND NOT (source_id = ?2 AND path = ?3) LIMIT 1",
        )?
        .query_row(params![hash, source_id, met.key], |row| row.get(0))
        .optional()?)
}

/// Notes how a file looks now. A file that cannot be read keeps the hash of what was read of it.
pub(super) fn upsert_file(
    tx: &Transaction<'_>,
    source_id: i64,
    met: &Met,
    hash: Option<Hash>,
    now: i64,
) -> Result<i64> {
    // Not one statement with ON CONFLICT: that opens a savepoint, at which the full-text index writes
    // out what it holds in memory: two fifths of an import's time went there.
    let known = file_at(tx, source_id, &met.key)?;
    let sql = if known.is_some() {
        "UPDATE files SET name = ?3, size = ?4, mtime_ns = ?5, ctime_ns = ?6, inode = ?7,
           hash = coalesce(?8, hash), read_at = ?9 WHERE source_id = ?1 AND path = ?2"
    } else {
        "INSERT INTO files (source_id, path, name, size, mtime_ns, ctime_ns, inode, hash, status, read_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'read', ?9)"
    };
    tx.prepare_cached(sql)?.execute(params![
        source_id,
        met.key,
        met.name,
        met.stat.size,
        met.stat.mtime_ns,
        met.stat.ctime_ns,
        met.stat.inode,
        hash,
        now
    ])?;
    Ok(known.unwrap_or_else(|| tx.last_insert_rowid()))
}

/// Says what became of a file, and why.
pub(super) fn set_status(
    tx: &Transaction<'_>,
    file_id: i64,
    format: &str,
    status: &str,
    reason: &str,
) -> Result<()> {
    tx.prepare_cached("UPDATE files SET format = ?2, status = ?3, reason = ?4 WHERE id = ?1")?
        .execute(params![file_id, format, status, reason])?;
    Ok(())
}

/// Lets the next look read the copies whose original is gone or says something else by now. Returns
/// their sources.
pub(super) fn wake_copies(tx: &Transaction<'_>) -> Result<HashSet<i64>> {
    let mut wake = tx.prepare_cached(
        // An impossible time makes the next look read the file.
        "UPDATE files SET ctime_ns = -1
         WHERE status = 'duplicate' AND ctime_ns <> -1 AND NOT EXISTS
           (SELECT 1 FROM files o
            WHERE o.hash = files.hash AND o.id <> files.id AND o.status <> 'duplicate')
         RETURNING source_id",
    )?;
    Ok(wake.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}
