//! People, places, topics and other things that records and moments name.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{Result, text::words};

/// The entity of this kind and name, added where there is none.
pub(crate) fn find_or_add(tx: &Transaction<'_>, kind: &str, name: &str, now: i64) -> Result<i64> {
    let key = words::fold(name);
    let known = tx
        .prepare_cached("SELECT id FROM entities WHERE kind = ?1 AND key = ?2")?
        .query_row(params![kind, key], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    tx.prepare_cached(
        "INSERT INTO entities (kind, name, key, created_at) VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![kind, name, key, now])?;
    Ok(tx.last_insert_rowid())
}

/// The names of all people the journal knows: from moments, and from those who write messages.
pub(crate) fn known_people(reader: &Connection) -> Result<Vec<String>> {
    let mut find = reader.prepare(
        "SELECT name FROM entities WHERE kind = 'person'
         UNION SELECT DISTINCT author FROM records WHERE role = 'person' AND author <> ''
         ORDER BY 1",
    )?;
    Ok(find.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}
