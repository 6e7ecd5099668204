//! What dreams did to edges between records: kept in narrow rows, each as it was and as it became.

use rusqlite::{Connection, Transaction};

use super::wholes;
use crate::Result;

/// How many edges between records a dream added, changed and removed.
pub(crate) fn count(reader: &Connection, dream_id: i64) -> Result<[u32; 3]> {
    let mut find = reader.prepare_cached(
        "SELECT count(*) FILTER (WHERE c.old_revision_id IS NULL AND c.new_revision_id IS NOT NULL),
           count(*) FILTER (WHERE c.old_revision_id IS NOT NULL AND c.new_revision_id IS NOT NULL),
           count(*) FILTER (WHERE c.old_revision_id IS NOT NULL AND c.new_revision_id IS NULL)
         FROM revisions r JOIN revision_edges c ON c.revision_id = r.id WHERE r.dream_id = ?1",
    )?;
    Ok(find.query_row([dream_id], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?]))?)
}

/// What a dream did to an edge between records.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EdgeChange {
    pub(crate) id: i64,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) rel_type: String,
    /// Its weight and why, before; absent: it was added.
    pub(crate) before: Option<(f64, String)>,
    /// The same, after; absent: it was removed.
    pub(crate) after: Option<(f64, String)>,
}

/// What a dream did to edges between records, in the order of their numbers.
pub(crate) fn of_dream(reader: &Connection, dream_id: i64) -> Result<Vec<EdgeChange>> {
    let mut find = reader.prepare_cached(
        "SELECT c.edge_id, c.from_id, c.to_id, c.rel_type, c.old_weight, c.old_context, c.new_weight,
           c.new_context
         FROM revisions r JOIN revision_edges c ON c.revision_id = r.id
         WHERE r.dream_id = ?1 AND (c.old_revision_id IS NOT NULL OR c.new_revision_id IS NOT NULL)
         ORDER BY c.edge_id",
    )?;
    let side = |weight: Option<f64>, why: Option<String>| weight.zip(why);
    let changes = find.query_map([dream_id], |row| {
        Ok(EdgeChange {
            id: row.get(0)?,
            from: row.get(1)?,
            to: row.get(2)?,
            rel_type: row.get(3)?,
            before: side(row.get(4)?, row.get(5)?),
            after: side(row.get(6)?, row.get(7)?),
        })
    })?;
    Ok(changes.collect::<rusqlite::Result<_>>()?)
}

/// Puts edges between records back as they were before a dream, where both ends are still there. Their ends
/// are to be compared again. How many there were.
pub(crate) fn restore(tx: &Transaction<'_>, dream_id: i64) -> Result<u32> {
    let mut find = tx.prepare("SELECT id FROM revisions WHERE dream_id = ?1 ORDER BY id DESC")?;
    let revisions: Vec<i64> =
        find.query_map([dream_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut n = 0;
    for revision in revisions {
        n += tx.query_row(
            "SELECT count(*) FROM revision_edges WHERE revision_id = ?1",
            [revision],
            |row| row.get::<_, u32>(0),
        )?;
        tx.execute(
            "DELETE FROM edges WHERE id IN (SELECT edge_id FROM revision_edges
               WHERE revision_id = ?1 AND old_revision_id IS NULL)",
            [revision],
        )?;
        tx.execute(
            "INSERT INTO edges (id, from_kind, from_id, to_kind, to_id, rel_type, weight, confidence,
               context, revision_id, created_at)
             SELECT edge_id, 'record', from_id, 'record', to_id, rel_type, old_weight, old_confidence,
               old_context, old_revision_id, old_created_at
             FROM revision_edges WHERE revision_id = ?1 AND old_revision_id IS NOT NULL
               AND EXISTS (SELECT 1 FROM records WHERE id = from_id)
               AND EXISTS (SELECT 1 FROM records WHERE id = to_id)
             ON CONFLICT (id) DO UPDATE SET weight = excluded.weight,
               confidence = excluded.confidence, context = excluded.context,
               revision_id = excluded.revision_id, created_at = excluded.created_at",
            [revision],
        )?;
        tx.execute(
            "INSERT INTO whole_changes (record_id)
             SELECT from_id FROM revision_edges WHERE revision_id = ?1
             UNION SELECT to_id FROM revision_edges WHERE revision_id = ?1",
            [revision],
        )?;
    }
    wholes::forget_count(tx)?;
    Ok(n)
}
