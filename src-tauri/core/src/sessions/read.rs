//! What a conversation holds that can be told, and what was told of it.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, mind::Stream, store::Hash};

/// Changes when the same words would have to be told anew.
const VERSION: &[u8] = b"session-1";

/// What the chat program says about itself is no message, and what is gone is gone.
const TOLD: &str = "kind = 'message' AND deleted_at IS NULL AND role <> 'system'";

/// A conversation, as far as one must know it to see whether it is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outline {
    pub(crate) id: i64,
    pub(crate) title: String,
    /// Messages of people and assistants.
    pub(crate) n_messages: u32,
    /// Of all that is read of it.
    pub(crate) hash: Hash,
    /// The days of its first and its last message, where days are known.
    pub(crate) days: Option<(String, String)>,
    /// When its last message was written, in Unix milliseconds.
    pub(crate) last_at: i64,
    /// What was told of it.
    pub(crate) told: Option<Told>,
}

/// What was told of a conversation, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) hash: Hash,
    pub(crate) mind: String,
    pub(crate) is_provisional: bool,
}

/// A message as it is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) record_id: i64,
    pub(crate) text: String,
    pub(crate) author: String,
    /// Whether the journal's owner wrote it; `None` if nobody can say.
    pub(crate) is_own: Option<bool>,
    /// The local day, `YYYY-MM-DD`, where it is known.
    pub(crate) day: Option<String>,
}

/// The conversation that a record is or belongs to; `None` for what is no conversation.
pub(crate) fn of(reader: &Connection, record_id: i64) -> Result<Option<i64>> {
    let found = reader
        .query_row(
            "SELECT id FROM records WHERE kind = 'session'
               AND id = coalesce((SELECT session_id FROM records WHERE id = ?1), ?1)",
            [record_id],
            |row| row.get(0),
        )
        .optional()?;
    Ok(found)
}

/// All conversations that have messages, or only one.
pub(crate) fn outlines(reader: &Connection, only: Option<i64>) -> Result<Vec<Outline>> {
    let told = told(reader)?;
    let mut heads = reader.prepare(
        "SELECT id, title FROM records
         WHERE kind = 'session' AND deleted_at IS NULL AND (?1 IS NULL OR id = ?1) ORDER BY id",
    )?;
    let heads: Vec<(i64, String)> = heads
        .query_map([only], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut find = reader.prepare(&format!(
        "SELECT hash, role, author, day, coalesce(occurred_at, 0) FROM records
         WHERE session_id = ?1 AND {TOLD} ORDER BY ordinal, id"
    ))?;
    let mut all = Vec::with_capacity(heads.len());
    for (id, title) in heads {
        let mut fields = vec![VERSION.to_vec()];
        let mut days: Option<(String, String)> = None;
        let mut last_at = 0;
        let mut rows = find.query([id])?;
        while let Some(row) = rows.next()? {
            let hash: Hash = row.get(0)?;
            let (role, author): (String, String) = (row.get(1)?, row.get(2)?);
            fields.extend([hash.0.to_vec(), role.into_bytes(), author.into_bytes()]);
            last_at = last_at.max(row.get(4)?);
            if let Some(day) = row.get::<_, Option<String>>(3)? {
                let (first, last) = days.get_or_insert_with(|| (day.clone(), day.clone()));
                if day < *first {
                    first.clone_from(&day);
                }
                if day > *last {
                    *last = day;
                }
            }
        }
        let n_messages = u32::try_from((fields.len() - 1) / 3).unwrap_or(u32::MAX);
        if n_messages > 0 {
            let hash = Hash::of_fields(fields.iter().map(Vec::as_slice));
            let told = told.get(&id).cloned();
            all.push(Outline { id, title, n_messages, hash, days, last_at, told });
        }
    }
    Ok(all)
}

fn told(reader: &Connection) -> Result<HashMap<i64, Told>> {
    let mut find = reader
        .prepare("SELECT session_id, input_hash, mind, is_provisional FROM session_summaries")?;
    let rows = find.query_map([], |row| {
        let told = Told { hash: row.get(1)?, mind: row.get(2)?, is_provisional: row.get(3)? };
        Ok((row.get(0)?, told))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The messages of a conversation in their order, and what kind of conversation it is.
pub(crate) fn lines(reader: &Connection, session_id: i64) -> Result<(Stream, Vec<Line>)> {
    let (has_assistant, has_owner): (bool, bool) = reader.query_row(
        "SELECT EXISTS (SELECT 1 FROM records WHERE session_id = ?1 AND role = 'assistant'),
                EXISTS (SELECT 1 FROM records WHERE session_id = ?1 AND role = 'user')",
        [session_id],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    let mut find = reader.prepare(&format!(
        "SELECT id, body, author, role, day FROM records
         WHERE session_id = ?1 AND {TOLD} ORDER BY ordinal, id"
    ))?;
    let lines = find.query_map(params![session_id], |row| {
        let role: String = row.get(3)?;
        Ok(Line {
            record_id: row.get(0)?,
            text: row.get(1)?,
            author: row.get(2)?,
            is_own: match role.as_str() {
                "user" => Some(true),
                // Where nobody is known to be the owner, anybody may be.
                "person" if !has_owner => None,
                _ => Some(false),
            },
            day: row.get(4)?,
        })
    })?;
    let stream = if has_assistant { Stream::Assistant } else { Stream::Chat };
    Ok((stream, lines.collect::<rusqlite::Result<_>>()?))
}
