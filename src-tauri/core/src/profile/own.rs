//! What the journal's owner is called: in the settings, and in chats whose sources know who they are.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::{Result, text::words};

/// So many records are looked at, the newest first: a name of lately stands in them, and a million messages
/// need not be read each time.
const MOST_RECORDS: u32 = 50_000;

/// The owner's names: first those of the settings, then those under which sources show their messages.
pub(crate) fn names(reader: &Connection, set: &[String]) -> Result<Vec<String>> {
    let mut find = reader.prepare_cached(
        "SELECT DISTINCT author FROM records
         WHERE id > (SELECT max(id) FROM records) - ?1 AND role = 'user' AND author <> ''
           AND deleted_at IS NULL ORDER BY 1",
    )?;
    let found = find.query_map([MOST_RECORDS], |row| row.get::<_, String>(0))?;
    let mut names: Vec<String> = set.iter().map(|name| name.trim().to_owned()).collect();
    for name in found {
        names.push(name?.trim().to_owned());
    }
    let mut seen = BTreeSet::new();
    names.retain(|name| !name.is_empty() && seen.insert(words::fold(name).into_owned()));
    Ok(names)
}
