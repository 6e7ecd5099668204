//! The full-text index of moments, with the stems of the language they are told in.

use rusqlite::{OptionalExtension, Transaction, params};

use crate::{
    Result,
    store::rank,
    text::{language::Language, stems},
};

/// What is indexed of a moment: title, summary, tags, people, stems.
type Words = [String; 5];

fn words(tx: &Transaction<'_>, id: i64) -> Result<Option<Words>> {
    let found = tx
        .prepare_cached("SELECT title, summary, tags, people, language FROM moments WHERE id = ?1")?
        .query_row([id], |row| {
            Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?])
        })
        .optional()?;
    Ok(found.map(|[title, summary, tags, people, language]: [String; 5]| {
        let text = format!("{title}\n{summary}\n{tags}");
        let stems = stems::of(&text, Language::from_code(&language));
        [title, summary, tags, people, stems]
    }))
}

/// Puts a moment into the index as it is now.
pub(super) fn add(tx: &Transaction<'_>, id: i64) -> Result<()> {
    let Some([title, summary, tags, people, stems]) = words(tx, id)? else { return Ok(()) };
    tx.prepare_cached(
        "INSERT INTO moments_fts (rowid, title, summary, tags, people, stems)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![id, title, summary, tags, people, stems])?;
    Ok(())
}

/// Takes a moment out of the index; it must still be as it was when it was put in.
pub(super) fn remove(tx: &Transaction<'_>, id: i64) -> Result<()> {
    let Some([title, summary, tags, people, stems]) = words(tx, id)? else { return Ok(()) };
    tx.prepare_cached(
        "INSERT INTO moments_fts (moments_fts, rowid, title, summary, tags, people, stems)
         VALUES ('delete', ?1, ?2, ?3, ?4, ?5, ?6)",
    )?
    .execute(params![id, title, summary, tags, people, stems])?;
    Ok(())
}

/// Whether the index is empty though there are moments: a step of the schema emptied it.
pub(crate) fn is_missing(reader: &rusqlite::Connection) -> Result<bool> {
    // An index of which somebody lost a part is not empty: filling it again would damage it more.
    let (n_indexed, _) = rank::sizes(reader, "moments_fts")?;
    Ok(n_indexed == 0 && reader.prepare_cached("SELECT 1 FROM moments LIMIT 1")?.exists([])?)
}

/// Fills the empty index.
pub(crate) fn fill(tx: &Transaction<'_>) -> Result<()> {
    let mut find = tx.prepare("SELECT id FROM moments ORDER BY id")?;
    let ids: Vec<i64> = find.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    ids.into_iter().try_for_each(|id| add(tx, id))
}
