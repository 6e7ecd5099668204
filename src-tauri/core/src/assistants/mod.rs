//! What assistant programs asked of the journal, kept for the person to look through.

use rusqlite::{params, types::Type};
use serde_json::Value;

use crate::{
    Journal, Result,
    api::assistants::{AssistantCall, AssistantCalls, CallOutcome},
};

const DAY: i64 = 86_400_000;
/// However busy an assistant is, no more calls are kept.
const MOST: i64 = 100_000;
/// Letters of a text among the arguments that are kept.
const LETTERS: usize = 200;
/// Members and entries of the arguments that are kept, however deep.
const ENTRIES: usize = 50;
/// Letters of a name that a program tells.
const NAME: usize = 100;

/// Writes down a call.
pub(crate) fn keep(journal: &Journal, call: &AssistantCall) -> Result<()> {
    let now = journal.clock().now_ms();
    let oldest = now - i64::from(journal.settings().assistants.keep_days) * DAY;
    let arguments = shortened(&call.arguments).to_string();
    journal.store().write(|tx| {
        tx.execute(
            "INSERT INTO assistant_calls
               (at, client, tool, arguments, outcome, reason, n_bytes, took_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                now,
                cut(&call.client, NAME),
                cut(&call.tool, NAME),
                arguments,
                call.outcome.as_str(),
                cut(&call.reason, LETTERS),
                call.n_bytes,
                call.took_ms,
            ],
        )?;
        let id = tx.last_insert_rowid();
        tx.execute("DELETE FROM assistant_calls WHERE at < ?1 OR id <= ?2", [oldest, id - MOST])?;
        Ok(())
    })
}

/// The calls, the newest first.
pub(crate) fn list(journal: &Journal, before: Option<i64>, limit: u32) -> Result<AssistantCalls> {
    let before = before.unwrap_or(i64::MAX);
    journal.store().read(|reader| {
        let n_all =
            reader.query_row("SELECT count(*) FROM assistant_calls", [], |row| row.get(0))?;
        let mut find = reader.prepare_cached(
            "SELECT id, at, client, tool, arguments, outcome, reason, n_bytes, took_ms
             FROM assistant_calls WHERE id < ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let calls = find
            .query_map(params![before, limit], |row| {
                let arguments: String = row.get(4)?;
                let outcome: String = row.get(5)?;
                Ok(AssistantCall {
                    id: row.get(0)?,
                    at: row.get(1)?,
                    client: row.get(2)?,
                    tool: row.get(3)?,
                    arguments: serde_json::from_str(&arguments).unwrap_or_default(),
                    outcome: CallOutcome::of(&outcome).ok_or_else(|| {
                        rusqlite::Error::InvalidColumnType(5, "outcome".into(), Type::Text)
                    })?,
                    reason: row.get(6)?,
                    n_bytes: row.get(7)?,
                    took_ms: row.get(8)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
        Ok(AssistantCalls { calls, n_all })
    })
}

fn cut(text: &str, most: usize) -> String {
    let mut letters = text.chars();
    let cut: String = letters.by_ref().take(most).collect();
    if letters.next().is_none() { cut } else { format!("{cut}…") }
}

/// The arguments with long texts cut. What a note says stands in the note: here it is only counted.
fn shortened(arguments: &Value) -> Value {
    let Value::Object(members) = arguments else { return Value::Null };
    let mut left = ENTRIES;
    let kept = members.iter().take(ENTRIES).map(|(name, value)| {
        let value = match value {
            Value::String(text) if name == "text" => {
                Value::from(format!("({} characters)", text.chars().count()))
            }
            value => short(value, &mut left, 0),
        };
        (cut(name, NAME), value)
    });
    Value::Object(kept.collect())
}

fn short(value: &Value, left: &mut usize, depth: usize) -> Value {
    if *left == 0 || depth > 4 {
        return Value::from("…");
    }
    *left -= 1;
    match value {
        Value::String(text) => Value::from(cut(text, LETTERS)),
        Value::Array(list) => {
            list.iter().take(ENTRIES).map(|value| short(value, left, depth + 1)).collect()
        }
        Value::Object(members) => Value::Object(
            members
                .iter()
                .take(ENTRIES)
                .map(|(name, value)| (cut(name, NAME), short(value, left, depth + 1)))
                .collect(),
        ),
        plain => plain.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_a_note_only_its_length_is_kept() {
        let kept = shortened(&json!({ "text": "Ana said yes", "at": 5 }));
        assert_eq!(kept, json!({ "text": "(12 characters)", "at": 5 }));
    }

    #[test]
    fn long_words_deep_lists_and_many_members_are_cut() {
        let many: serde_json::Map<String, Value> = (0..10_000)
            .map(|n| (format!("m{n}"), json!([[[[[[["x".repeat(9_000)]]]]]]])))
            .collect();
        assert!(shortened(&Value::Object(many)).to_string().len() < 10_000);
    }

    #[test]
    fn arguments_that_are_no_object_are_not_kept() {
        assert_eq!(shortened(&json!("words")), Value::Null);
    }
}
