//! The text a span of evidence points at, in the version of the record it was taken from.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, store::Hash};

/// A record's text at some version.
#[derive(Debug, Clone)]
pub(crate) struct TextAt {
    pub(crate) body: String,
    /// Whether the record still says this.
    pub(crate) is_current: bool,
}

/// A record's text in the version that has this hash; `None` if that version was never here.
pub(crate) fn text_at(reader: &Connection, record_id: i64, hash: Hash) -> Result<Option<TextAt>> {
    let present: Option<(Hash, String, bool)> = reader
        .prepare_cached("SELECT hash, body, deleted_at IS NULL FROM records WHERE id = ?1")?
        .query_row([record_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    if let Some((present, body, is_current)) = present
        && present == hash
    {
        return Ok(Some(TextAt { body, is_current }));
    }
    let body = reader
        .prepare_cached("SELECT body FROM record_versions WHERE record_id = ?1 AND hash = ?2")?
        .query_row(params![record_id, hash], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| TextAt { body, is_current: false }))
}
