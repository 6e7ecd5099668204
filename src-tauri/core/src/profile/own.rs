//! What the journal's owner is called: in the settings, and in chats whose sources know who they are.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::{Result, text::words};

/// Names are looked at in this many conversations, the newest first: who wrote in ten thousand need not
/// be looked up in all of them.
const MOST_SESSIONS: u32 = 400;

/// The owner's names: first those of the settings, then those under which sources show their messages.
pub(crate) fn names(reader: &Connection, set: &[String]) -> Result<Vec<String>> {
    let mut find = reader.prepare_cached(
        "SELECT DISTINCT m.author FROM
           (SELECT id FROM records WHERE kind = 'session' AND deleted_at IS NULL
            ORDER BY id DESC LIMIT ?1) s
           JOIN records m ON m.session_id = s.id
         WHERE m.role = 'user' AND m.author <> '' AND m.deleted_at IS NULL ORDER BY 1",
    )?;
    let found = find.query_map([MOST_SESSIONS], |row| row.get::<_, String>(0))?;
    let mut names: Vec<String> = set.iter().map(|name| name.trim().to_owned()).collect();
    for name in found {
        names.push(name?.trim().to_owned());
    }
    let mut seen = BTreeSet::new();
    names.retain(|name| !name.is_empty() && seen.insert(words::fold(name).into_owned()));
    Ok(names)
}
