//! The digest of a dream: what it came to, in numbers.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{Result, moments::write::Writing, store::json_list};

/// What the papers this follows give a digest.
const TAGS: [&str; 2] = ["dream-digest", "distillate"];
/// What it weighs.
const IMPORTANCE: f64 = 0.8;

/// Tells what a dream came to from the rows that its revision holds; `None` where it wrote nothing but
/// what it knows of its own work.
pub(crate) fn sentence(reader: &Connection, dream_id: i64) -> Result<Option<String>> {
    let rows: Vec<(String, bool, bool, u32)> = reader
        .prepare(
            "SELECT t.of_table, f.before IS NULL, l.after IS NOT NULL, count(*)
             FROM (SELECT c.of_table, min(c.id) AS first, max(c.id) AS last
                   FROM revision_rows c JOIN revisions r ON r.id = c.revision_id
                   WHERE r.dream_id = ?1 AND c.of_table NOT IN ('stage_inputs', 'digests')
                   GROUP BY c.of_table, c.row_key) t
               JOIN revision_rows f ON f.id = t.first JOIN revision_rows l ON l.id = t.last
             GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
        )?
        .query_map([dream_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<rusqlite::Result<_>>()?;
    if rows.is_empty() {
        return Ok(None);
    }
    let mut told = String::from("Dream Phase Digest:");
    let groups = groups(reader, dream_id)?;
    if !groups.is_empty() {
        let n_sources: u64 = groups.iter().map(|(n, _)| u64::from(*n)).sum();
        let n_saved: u64 = groups.iter().map(|(_, n)| u64::from(*n)).sum();
        told.push_str(&format!(
            " Consolidated {n_sources} memories into {} groups, saving {n_saved} tokens.",
            groups.len()
        ));
    }
    let is_new = |(_, was_added, is_there, _): &&(String, bool, bool, u32)| *was_added && *is_there;
    let added: Vec<String> = NAMED
        .iter()
        .filter_map(|(table, one, many)| {
            let row = rows.iter().filter(is_new).find(|row| row.0 == *table)?;
            Some(format!("{} {}", row.3, if row.3 == 1 { one } else { many }))
        })
        .collect();
    if added.is_empty() {
        told.push_str(" Nothing new; what was there was brought up to date.");
    } else {
        told.push_str(&format!(" New: {}.", added.join(", ")));
    }
    Ok(Some(told))
}

/// Of each group that the dream found or found changed: how many say the same, and the tokens that one
/// text for all saves.
fn groups(reader: &Connection, dream_id: i64) -> Result<Vec<(u32, u32)>> {
    let mut find = reader.prepare(
        "SELECT json_array_length(json_extract(l.after, '$.sources')),
           max(0, json_extract(l.after, '$.tokens_before') - json_extract(l.after, '$.tokens_after'))
         FROM (SELECT max(c.id) AS last FROM revision_rows c JOIN revisions r ON r.id = c.revision_id
               WHERE r.dream_id = ?1 AND c.of_table = 'proposals' GROUP BY c.row_key) t
           JOIN revision_rows l ON l.id = t.last
         WHERE l.after IS NOT NULL AND json_extract(l.after, '$.kind') = 'merge'",
    )?;
    let rows = find.query_map([dream_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What people have a word for, in the order in which it is told. What only hangs on it is not told.
const NAMED: &[(&str, &str, &str)] = &[
    ("moments", "moment", "moments"),
    ("session_summaries", "summary of a conversation", "summaries of conversations"),
    ("periods", "told day, week, month or year", "told days, weeks, months and years"),
    ("topics", "topic", "topics"),
    ("communities", "community of topics", "communities of topics"),
    ("profiles", "version of the profile", "versions of the profile"),
    ("reflections", "reflection", "reflections"),
    ("insights", "insight", "insights"),
    ("proposals", "proposal", "proposals"),
    ("predictions", "prediction", "predictions"),
];

/// Keeps the digest of the dream under way.
pub(crate) fn write(
    writing: &Writing<'_>,
    dream_id: i64,
    content: &str,
    workspace: &str,
) -> Result<()> {
    writing
        .tx
        .prepare_cached(
            "INSERT INTO digests (dream_id, memory_type, content, tags, importance, workspace,
               revision_id, created_at)
             VALUES (?1, 'Summary', ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (dream_id) DO UPDATE SET content = excluded.content",
        )?
        .execute(params![
            dream_id,
            content,
            json_list(&TAGS),
            IMPORTANCE,
            workspace,
            writing.revision_id,
            writing.now
        ])?;
    Ok(())
}

/// The digest of a dream, if it has one.
pub(crate) fn of_dream(reader: &Connection, dream_id: i64) -> Result<Option<String>> {
    Ok(reader
        .prepare_cached("SELECT content FROM digests WHERE dream_id = ?1")?
        .query_row([dream_id], |row| row.get(0))
        .optional()?)
}
