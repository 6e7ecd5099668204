//! What happens to records when their file is gone or has another name.

use std::collections::BTreeSet;

use rusqlite::{Transaction, params};

use super::{
    index::{self, Indexed},
    keep::{Kept, note_key, remove_chunks},
};
use crate::Result;

/// Takes the notes of a file, but those in `spared`, out of the journal. Their rows and texts stay behind, out of sight, so
/// that the evidence of moments still resolves until the next dream, and so that a file that comes back
/// finds its own again.
///
/// Conversations stay: chat programs delete their logs of themselves, and that is no wish of the person.
pub(crate) fn remove_file_records(
    tx: &Transaction<'_>,
    file_id: i64,
    spared: &[i64],
    now: i64,
    kept: &mut Kept,
) -> Result<u32> {
    let mut find = tx.prepare_cached(
        "SELECT id, title, body, language FROM records
         WHERE file_id = ?1 AND kind = 'resource' AND deleted_at IS NULL",
    )?;
    let notes: Vec<(i64, String, String, Option<String>)> = find
        .query_map([file_id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut n_removed = 0;
    for (id, title, body, language) in notes.into_iter().filter(|note| !spared.contains(&note.0)) {
        let (title, body, language) = (&title, &body, language.as_deref());
        index::remove(tx, &Indexed { id, is_message: false, title, body, language })?;
        let mut days = BTreeSet::new();
        remove_chunks(tx, id, &mut days)?;
        kept.days.extend(days);
        tx.prepare_cached("UPDATE records SET deleted_at = ?2, updated_at = ?2 WHERE id = ?1")?
            .execute(params![id, now])?;
        kept.wholes.insert(id);
        n_removed += 1;
    }
    Ok(n_removed)
}

/// Lets the note of a file keep its identity under the file's new name.
pub(crate) fn rename_file_records(
    tx: &Transaction<'_>,
    file_id: i64,
    source_id: i64,
    path: &[u8],
) -> Result<()> {
    // A note that once stood under the new name and is gone gives the name up.
    let key = note_key(source_id, path, "");
    tx.execute(
        "UPDATE records SET key = randomblob(32) WHERE key = ?1 AND deleted_at IS NOT NULL",
        [key],
    )?;
    tx.execute(
        "UPDATE records SET key = ?2, source_id = ?3 WHERE file_id = ?1 AND kind = 'resource'",
        params![file_id, key, source_id],
    )?;
    Ok(())
}
