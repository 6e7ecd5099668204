//! The full-text index of what the person wrote: notes and titles of conversations in one table, messages in
//! another, each with the stems of its language.
//!
//! The tables keep no text, so what is taken out of them must be told exactly as it was put in. Which stems
//! those were is in the record's `language`; whoever changes how stems are made (`text/stems.rs`) must let
//! the tables be filled anew.

use rusqlite::{Transaction, params};

use crate::{
    Result,
    text::{language::Language, stems},
};

/// Records that are indexed again per transaction.
const BATCH: u32 = 256;

/// A record as it stands in the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Indexed<'a> {
    pub(super) id: i64,
    pub(super) is_message: bool,
    pub(super) title: &'a str,
    pub(super) body: &'a str,
    /// Absent: it is from before there were stems.
    pub(super) language: Option<&'a str>,
}

impl Indexed<'_> {
    fn stems(&self) -> String {
        let Some(code) = self.language else { return String::new() };
        let language = Language::from_code(code);
        let title = stems::of(self.title, language);
        let body = stems::of(self.body, language);
        if title.is_empty() { body } else { format!("{title} {body}") }
    }
}

/// The language whose stems are indexed for a text, as `records` keeps it.
pub(super) fn language(body: &str) -> &'static str {
    stems::language(body).map_or("", Language::code)
}

/// Puts a record into the index.
pub(super) fn add(tx: &Transaction<'_>, record: &Indexed<'_>) -> Result<()> {
    let stems = record.stems();
    if record.is_message {
        tx.prepare_cached("INSERT INTO messages_fts (rowid, body, stems) VALUES (?1, ?2, ?3)")?
            .execute(params![record.id, record.body, stems])?;
    } else {
        tx.prepare_cached(
            "INSERT INTO records_fts (rowid, title, body, stems) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![record.id, record.title, record.body, stems])?;
    }
    Ok(())
}

/// Takes a record out of the index, as it was put in; other words would damage it.
pub(super) fn remove(tx: &Transaction<'_>, record: &Indexed<'_>) -> Result<()> {
    let stems = record.stems();
    if record.is_message {
        tx.prepare_cached(
            "INSERT INTO messages_fts (messages_fts, rowid, body, stems)
             VALUES ('delete', ?1, ?2, ?3)",
        )?
        .execute(params![record.id, record.body, stems])?;
    } else {
        tx.prepare_cached(
            "INSERT INTO records_fts (records_fts, rowid, title, body, stems)
             VALUES ('delete', ?1, ?2, ?3, ?4)",
        )?
        .execute(params![record.id, record.title, record.body, stems])?;
    }
    Ok(())
}

/// Takes all that came from a source out of the index.
pub(crate) fn unindex_source(tx: &Transaction<'_>, source_id: i64) -> Result<()> {
    let mut find = tx.prepare(
        "SELECT id, kind = 'message', title, body, language FROM records
         WHERE source_id = ?1 AND deleted_at IS NULL",
    )?;
    let mut rows = find.query([source_id])?;
    while let Some(row) = rows.next()? {
        let (title, body): (String, String) = (row.get(2)?, row.get(3)?);
        let language: Option<String> = row.get(4)?;
        let record = Indexed {
            id: row.get(0)?,
            is_message: row.get(1)?,
            title: &title,
            body: &body,
            language: language.as_deref(),
        };
        remove(tx, &record)?;
    }
    Ok(())
}

/// Fills the empty index, with the stems of each text's language.
pub(crate) fn fill(tx: &Transaction<'_>) -> Result<()> {
    let mut find = tx.prepare(
        "SELECT id, kind = 'message', title, body FROM records WHERE deleted_at IS NULL ORDER BY id",
    )?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let (id, is_message): (i64, bool) = (row.get(0)?, row.get(1)?);
        let (title, body): (String, String) = (row.get(2)?, row.get(3)?);
        let language = language(&body);
        tx.prepare_cached("UPDATE records SET language = ?2 WHERE id = ?1")?
            .execute(params![id, language])?;
        add(tx, &Indexed { id, is_message, title: &title, body: &body, language: Some(language) })?;
    }
    Ok(())
}

/// Gives some of the records from before there were stems theirs. Returns how many; 0 when none is left.
pub(crate) fn add_some_stems(tx: &Transaction<'_>) -> Result<u32> {
    let mut find = tx.prepare_cached(
        "SELECT id, kind = 'message', title, body, deleted_at IS NULL FROM records
         WHERE language IS NULL LIMIT ?1",
    )?;
    let found: Vec<(i64, bool, String, String, bool)> = find
        .query_map([BATCH], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    for (id, is_message, title, body, is_indexed) in &found {
        let language = language(body);
        let former = Indexed { id: *id, is_message: *is_message, title, body, language: None };
        let new = Indexed { language: Some(language), ..former };
        // Most texts have no other stems than those that the index makes.
        if *is_indexed && !new.stems().is_empty() {
            remove(tx, &former)?;
            add(tx, &new)?;
        }
        tx.prepare_cached("UPDATE records SET language = ?2 WHERE id = ?1")?
            .execute(params![id, language])?;
    }
    Ok(u32::try_from(found.len()).unwrap_or(u32::MAX))
}

/// Whether there are records from before there were stems.
pub(crate) fn lacks_stems(reader: &rusqlite::Connection) -> Result<bool> {
    let find = "SELECT 1 FROM records WHERE language IS NULL LIMIT 1";
    Ok(reader.prepare_cached(find)?.exists([])?)
}
