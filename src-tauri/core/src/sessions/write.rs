//! Writes what was told of a conversation.

use rusqlite::{Transaction, params};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    moments::history::{self, Change},
    store::{Hash, json_list},
    text::secrets,
};

/// What a mind tells of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    pub(crate) summary: String,
    /// What it was about, the most important first.
    pub(crate) key_topics: Vec<String>,
    /// -1 to 1.
    pub(crate) valence: f32,
    /// The code of its language; empty where nobody can say.
    pub(crate) language: String,
    /// Who told it: a model, or the built-in analyser.
    pub(crate) mind: String,
    /// Whether a model was missed that may be back another night.
    pub(crate) is_provisional: bool,
}

/// Keeps what was told of a conversation of so many messages, under a revision.
pub(crate) fn save(
    tx: &Transaction<'_>,
    (session_id, n_messages, input_hash): (i64, u32, Hash),
    summary: &Summary,
    revision_id: i64,
    now: i64,
) -> Result<()> {
    // Keys and passwords stay in the messages alone.
    let scrubbed = secrets::scrub(&summary.summary);
    let key_topics: Vec<&String> =
        summary.key_topics.iter().filter(|topic| !secrets::has_secret(topic)).collect();
    let is_there = tx
        .prepare_cached("SELECT 1 FROM session_summaries WHERE session_id = ?1")?
        .exists([session_id])?;
    tx.prepare_cached(
        "INSERT INTO session_summaries (session_id, summary, key_topics, valence, language,
           n_messages, input_hash, mind, is_provisional, revision_id, created_at, updated_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?11)
         ON CONFLICT (session_id) DO UPDATE SET summary = excluded.summary,
           key_topics = excluded.key_topics, valence = excluded.valence,
           language = excluded.language, n_messages = excluded.n_messages,
           input_hash = excluded.input_hash, mind = excluded.mind,
           is_provisional = excluded.is_provisional, revision_id = excluded.revision_id,
           updated_at = excluded.updated_at",
    )?
    .execute(params![
        session_id,
        scrubbed.text,
        json_list(&key_topics),
        summary.valence,
        summary.language,
        n_messages,
        input_hash,
        summary.mind,
        summary.is_provisional,
        revision_id,
        now,
    ])?;
    let op = if is_there { "changed" } else { "added" };
    let change = Change { revision_id, op, thing: "session_summary", id: session_id };
    history::mark(tx, &change)
}
