//! Whose messages are the person's own: chats name their writers, and only the person knows which of
//! the names is theirs.

use std::collections::BTreeSet;

use rusqlite::{Transaction, params};

use super::keep::queue_days;
use crate::Result;

/// Gives the messages of newly told names to the person, and those of withdrawn names back. The days
/// of these conversations wait for a dream again.
pub(crate) fn reassign(
    tx: &Transaction<'_>,
    before: &[String],
    after: &[String],
    now: i64,
) -> Result<()> {
    let mut days = BTreeSet::new();
    let told = after.iter().filter(|name| !before.contains(name)).map(|name| (name, true));
    let withdrawn = before.iter().filter(|name| !after.contains(name)).map(|name| (name, false));
    for (name, is_own) in told.chain(withdrawn) {
        let (from, to) = if is_own { ("person", "user") } else { ("user", "person") };
        // Who is known in a conversation changes how all of it is read.
        let mut touched = tx.prepare(
            "SELECT DISTINCT c.day FROM chunks c JOIN records r ON r.id = c.record_id
             WHERE c.day IS NOT NULL AND r.session_id IN
               (SELECT session_id FROM records WHERE kind = 'message' AND author = ?1 AND role = ?2)",
        )?;
        for day in touched.query_map(params![name, from], |row| row.get(0))? {
            days.insert(day?);
        }
        tx.execute(
            "UPDATE records SET role = ?3 WHERE kind = 'message' AND author = ?1 AND role = ?2",
            params![name, from, to],
        )?;
    }
    queue_days(tx, &days, now)
}
