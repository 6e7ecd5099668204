//! What models replied, kept in the journal: the same question is never paid for twice.

use rusqlite::{OptionalExtension, params};
use serde_json::Value;

use super::model::{Message, ModelCard};
use crate::{
    Result,
    store::{Hash, Store},
};

/// What is kept under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kept {
    /// The reply's JSON.
    Reply(String),
    /// The model could not do it; asking the same again would give the same.
    Unusable,
}

/// Tells one question to one model from every other.
pub(super) fn key(
    card: &ModelCard,
    messages: &[Message],
    schema: &Value,
    reply_tokens: u32,
) -> Hash {
    let mut parts: Vec<Vec<u8>> = vec![
        card.name.as_bytes().to_vec(),
        card.digest.as_bytes().to_vec(),
        schema.to_string().into_bytes(),
        reply_tokens.to_le_bytes().to_vec(),
    ];
    for message in messages {
        parts.push(message.role.as_str().as_bytes().to_vec());
        parts.push(message.text.as_bytes().to_vec());
    }
    Hash::of_fields(parts.iter().map(Vec::as_slice))
}

pub(super) fn find(store: &Store, key: &Hash) -> Result<Option<Kept>> {
    store.read(|reader| {
        let found: Option<Option<String>> = reader
            .prepare_cached("SELECT reply FROM mind_cache WHERE key = ?1")?
            .query_row([key], |row| row.get(0))
            .optional()?;
        Ok(found.map(|reply| reply.map_or(Kept::Unusable, Kept::Reply)))
    })
}

/// Keeps a reply, and the records it rests on.
pub(super) fn keep(
    tx: &rusqlite::Transaction<'_>,
    key: &Hash,
    model: &str,
    prompt: &str,
    kept: &Kept,
    record_ids: &[i64],
    now: i64,
) -> Result<()> {
    let reply = match kept {
        Kept::Reply(reply) => Some(reply),
        Kept::Unusable => None,
    };
    tx.prepare_cached("DELETE FROM mind_cache WHERE key = ?1")?.execute([key])?;
    tx.prepare_cached(
        "INSERT INTO mind_cache (key, model, prompt, reply, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![key, model, prompt, reply, now])?;
    let cache_id = tx.last_insert_rowid();
    let mut link = tx.prepare_cached(
        "INSERT OR IGNORE INTO mind_cache_records (cache_id, record_id)
         SELECT ?1, id FROM records WHERE id = ?2",
    )?;
    for record_id in record_ids {
        link.execute(params![cache_id, record_id])?;
    }
    Ok(())
}
