//! What notes and conversations are about, found by the built-in analyser as soon as they are saved.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{Journal, Result, mind::builtin::Builtin, store::Hash, text::secrets};

/// Bytes of a note or conversation that are looked at.
const MOST_BYTES: usize = 64 * 1024;
/// Changes when the same words would get other tags.
const VERSION: &[u8] = b"tags-1";

/// Tags these notes and conversations, those that changed since they were. Returns how many.
pub(crate) fn tag(journal: &Journal, ids: &[i64], builtin: &Builtin) -> Result<u32> {
    let mut n_tagged = 0;
    for id in ids {
        let Some(whole) = journal.store().read(|reader| whole(reader, *id))? else { continue };
        // A tag is no place for a key or a password.
        let text = secrets::scrub(&whole.text).text.replace(secrets::REMOVED, " ");
        let tags = builtin.topics(&text);
        n_tagged += journal.store().write(|tx| {
            // Somebody may have written meanwhile: then its own job tags it.
            if hash(tx, *id)? != Some(whole.hash) {
                return Ok(0);
            }
            tx.prepare_cached("DELETE FROM record_tags WHERE record_id = ?1")?.execute([id])?;
            let mut insert = tx.prepare_cached(
                "INSERT INTO record_tags (record_id, tag, score) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO NOTHING",
            )?;
            for (tag, score) in &tags {
                insert.execute(params![id, tag, score])?;
            }
            tx.prepare_cached(
                "INSERT INTO tagged_records (record_id, hash) VALUES (?1, ?2)
                 ON CONFLICT (record_id) DO UPDATE SET hash = excluded.hash",
            )?
            .execute(params![id, whole.hash])?;
            Ok(1)
        })?;
    }
    Ok(n_tagged)
}

/// The next notes and conversations that have not been looked at, in the order of their numbers.
pub(crate) fn untagged(reader: &Connection, after: i64, most: u32) -> Result<Vec<i64>> {
    let mut find = reader.prepare_cached(
        "SELECT r.id FROM records r LEFT JOIN tagged_records t ON t.record_id = r.id
         WHERE r.id > ?1 AND r.kind <> 'message' AND r.deleted_at IS NULL AND t.record_id IS NULL
         ORDER BY r.id LIMIT ?2",
    )?;
    let ids = find.query_map(params![after, most], |row| row.get(0))?;
    Ok(ids.collect::<rusqlite::Result<_>>()?)
}

/// The tags of a record, or of the conversation it belongs to, best first.
pub(crate) fn of_record(reader: &Connection, id: i64) -> Result<Vec<String>> {
    let mut find = reader.prepare_cached(
        "SELECT tag FROM record_tags
         WHERE record_id = coalesce((SELECT session_id FROM records WHERE id = ?1), ?1)
         ORDER BY score DESC, tag",
    )?;
    let tags = find.query_map([id], |row| row.get(0))?;
    Ok(tags.collect::<rusqlite::Result<_>>()?)
}

struct Whole {
    hash: Hash,
    text: String,
}

/// What is to be tagged; `None` where nothing changed, or nothing is there.
fn whole(reader: &Connection, id: i64) -> Result<Option<Whole>> {
    let Some(hash) = hash(reader, id)? else { return Ok(None) };
    let known: Option<Hash> = reader
        .prepare_cached("SELECT hash FROM tagged_records WHERE record_id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    if known == Some(hash) {
        return Ok(None);
    }
    let mut find = reader.prepare_cached(
        "SELECT CASE WHEN kind = 'resource' THEN title ELSE '' END, body FROM records
         WHERE (id = ?1 OR session_id = ?1) AND deleted_at IS NULL AND role <> 'system'
         ORDER BY kind = 'message', ordinal, id",
    )?;
    let mut text = String::new();
    let mut rows = find.query([id])?;
    while let Some(row) = rows.next()? {
        let (title, body): (String, String) = (row.get(0)?, row.get(1)?);
        for part in [title, body].iter().filter(|part| !part.is_empty()) {
            text.push_str(part);
            text.push_str("\n\n");
        }
        if text.len() > MOST_BYTES {
            break;
        }
    }
    let end = (0..=MOST_BYTES.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or_default());
    Ok(Some(Whole { hash, text }))
}

/// Changes with every word of the note or conversation; `None` if it is gone.
fn hash(reader: &Connection, id: i64) -> Result<Option<Hash>> {
    let mut find = reader.prepare_cached(
        "SELECT hash FROM records WHERE (id = ?1 OR session_id = ?1) AND deleted_at IS NULL
         ORDER BY kind = 'message', ordinal, id",
    )?;
    let hashes: Vec<Hash> =
        find.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    if hashes.is_empty() {
        return Ok(None);
    }
    let fields = std::iter::once(VERSION).chain(hashes.iter().map(|hash| hash.0.as_slice()));
    Ok(Some(Hash::of_fields(fields)))
}
