//! What becomes of the profile when the person forgets a source: every version that was made from records
//! of it goes, and so do its images in what is kept to undo dreams.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Transaction, params};

use super::edits::{Edit, Edits};
use crate::{
    Result,
    text::{tags::tag_key, words},
};

/// The tables of a version, whose key begins with its number.
const TABLES: &str =
    "('profiles', 'profile_interests', 'profile_people', 'profile_rhythms', 'profile_sources')";

/// Takes away what was made from a source that is gone by now, with what rested on it.
pub(crate) fn forget(tx: &Transaction<'_>, source_id: i64) -> Result<()> {
    // Versions that were undone stand in the images alone.
    let versions: BTreeSet<i64> = {
        let mut find = tx.prepare(
            "SELECT version FROM profile_sources WHERE source_id = ?1
             UNION SELECT json_extract(coalesce(after, before), '$.version') FROM revision_rows
                   WHERE of_table = 'profile_sources'
                     AND json_extract(coalesce(after, before), '$.source_id') = ?1",
        )?;
        find.query_map([source_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?
    };
    for version in &versions {
        tx.execute("DELETE FROM profiles WHERE version = ?1", [version])?;
        tx.execute(
            "DELETE FROM revision_changes WHERE thing = 'profile' AND thing_id = ?1",
            [version],
        )?;
    }
    if !versions.is_empty() {
        let versions = serde_json::to_string(&versions).unwrap_or_else(|_| "[]".into());
        tx.execute(
            &format!(
                "DELETE FROM revision_rows WHERE of_table IN {TABLES}
                   AND json_extract(row_key, '$[0]') IN (SELECT value FROM json_each(?1))"
            ),
            [&versions],
        )?;
        // The next dream makes it anew.
        tx.execute("DELETE FROM stage_inputs WHERE stage = 'profile'", [])?;
    }
    forget_edits(tx)
}

/// That something is hidden, or called otherwise, need not be known when nothing speaks of it any more. What
/// the person added or wrote is theirs and stays.
fn forget_edits(tx: &Transaction<'_>) -> Result<()> {
    let edits = Edits::read(tx)?;
    let open = |field: &'static str, all: BTreeMap<String, Edit>| {
        all.into_iter().filter(|(_, edit)| edit.op != "add").map(move |(key, _)| (field, key))
    };
    let mut gone: BTreeSet<(&str, String)> =
        open("interest", edits.interests).chain(open("person", edits.people)).collect();
    if gone.is_empty() {
        return Ok(());
    }
    for (field, sql) in [
        ("interest", "SELECT tags FROM moments"),
        ("interest", "SELECT key_topics FROM session_summaries"),
        ("interest", "SELECT tags FROM records WHERE tags <> '[]'"),
        ("interest", "SELECT json_array(key) FROM profile_interests"),
        ("person", "SELECT people FROM moments"),
        ("person", "SELECT json_array(key) FROM profile_people"),
    ] {
        let mut find = tx.prepare(sql)?;
        let mut rows = find.query([])?;
        while let Some(row) = rows.next()? {
            let names: Vec<String> =
                serde_json::from_str(&row.get::<_, String>(0)?).unwrap_or_default();
            for name in names {
                let key = if field == "interest" {
                    tag_key(&name)
                } else {
                    words::fold(&name).into_owned()
                };
                gone.remove(&(field, key));
            }
        }
    }
    for (field, key) in gone {
        tx.execute("DELETE FROM profile_edits WHERE field = ?1 AND key = ?2", params![field, key])?;
    }
    Ok(())
}
