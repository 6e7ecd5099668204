//! Revisions: who changed what, and what it was before.

use rusqlite::{Connection, Transaction, params};
use serde::Serialize;

use crate::{Result, api::moments::HistoryEntry};

/// Begins a revision, by a dream or by the person. What a dream does under it is to be written with
/// [`crate::store::Store::write_under`], which keeps what it needs to be undone.
pub(crate) fn begin(
    tx: &Transaction<'_>,
    dream_id: Option<i64>,
    label: &str,
    now: i64,
) -> Result<i64> {
    let author = if dream_id.is_some() { "dream" } else { "person" };
    tx.execute(
        "INSERT INTO revisions (dream_id, author, label, created_at, keeps_rows)
         VALUES (?1, ?2, ?3, ?4, 1)",
        params![dream_id, author, label, now],
    )?;
    Ok(tx.last_insert_rowid())
}

/// Something a revision did.
pub(crate) struct Change<'a> {
    pub(crate) revision_id: i64,
    pub(crate) op: &'a str,
    pub(crate) thing: &'a str,
    pub(crate) id: i64,
}

/// Writes down one change; what was before and after it is kept with the rows of the revision.
pub(crate) fn mark(tx: &Transaction<'_>, change: &Change<'_>) -> Result<()> {
    note::<()>(tx, change, None, None)
}

/// Writes down one change by the person, with the corrections before and after it.
pub(super) fn note<T: Serialize>(
    tx: &Transaction<'_>,
    change: &Change<'_>,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<()> {
    let json = |value: Option<&T>| value.and_then(|value| serde_json::to_string(value).ok());
    tx.prepare_cached(
        "INSERT INTO revision_changes (revision_id, op, thing, thing_id, before, after)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![
        change.revision_id,
        change.op,
        change.thing,
        change.id,
        json(before),
        json(after)
    ])?;
    Ok(())
}

/// The changes in the life of a moment, newest first.
pub(crate) fn of_moment(reader: &Connection, id: i64) -> Result<Vec<HistoryEntry>> {
    let mut find = reader.prepare_cached(
        "SELECT r.created_at, r.author, c.op, r.label FROM revision_changes c
         JOIN revisions r ON r.id = c.revision_id
         WHERE c.thing = 'moment' AND c.thing_id = ?1 ORDER BY c.id DESC LIMIT 50",
    )?;
    let entries = find.query_map([id], |row| {
        let (author, op, label): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let what = match (author.as_str(), op.as_str()) {
            ("dream", "added") => "dreamt for the first time".to_owned(),
            ("dream", "changed") => "dreamt again, because its sources changed".to_owned(),
            _ => label,
        };
        Ok(HistoryEntry { at: row.get(0)?, author, what })
    })?;
    Ok(entries.collect::<rusqlite::Result<_>>()?)
}
