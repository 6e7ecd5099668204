//! Writes edges: each typed, weighted and explained, and each change under a revision.

use rusqlite::{Connection, Transaction, params};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    moments::history::{self, Change},
};

/// An edge between two records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Edge {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) rel_type: String,
    /// 0 to 1.
    pub(crate) weight: f64,
    /// 0 to 1.
    pub(crate) confidence: f64,
    /// Why, in a few words.
    pub(crate) context: String,
}

/// An edge that is there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kept {
    pub(crate) id: i64,
    pub(crate) edge: Edge,
}

/// What is to be done about edges.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) add: Vec<Edge>,
    pub(crate) change: Vec<(Kept, Edge)>,
    pub(crate) remove: Vec<Kept>,
}

impl Changes {
    pub(crate) fn is_nothing(&self) -> bool {
        self.add.is_empty() && self.change.is_empty() && self.remove.is_empty()
    }
}

/// All edges between records, in the order of their ids.
pub(crate) fn between_records(reader: &Connection) -> Result<Vec<Kept>> {
    let mut find = reader.prepare_cached(
        "SELECT id, from_id, to_id, rel_type, weight, confidence, context FROM edges
         WHERE from_kind = 'record' AND to_kind = 'record' ORDER BY id",
    )?;
    let kept = find.query_map([], |row| {
        let edge = Edge {
            from: row.get(1)?,
            to: row.get(2)?,
            rel_type: row.get(3)?,
            weight: row.get(4)?,
            confidence: row.get(5)?,
            context: row.get(6)?,
        };
        Ok(Kept { id: row.get(0)?, edge })
    })?;
    Ok(kept.collect::<rusqlite::Result<_>>()?)
}

/// Writes changes under a revision.
pub(crate) fn write(
    tx: &Transaction<'_>,
    changes: &Changes,
    revision_id: i64,
    now: i64,
) -> Result<()> {
    let note = |op, id, before: Option<&Edge>, after: Option<&Edge>| {
        history::note(tx, &Change { revision_id, op, thing: "edge", id }, before, after)
    };
    for kept in &changes.remove {
        tx.prepare_cached("DELETE FROM edges WHERE id = ?1")?.execute([kept.id])?;
        note("removed", kept.id, Some(&kept.edge), None)?;
    }
    for (kept, edge) in &changes.change {
        tx.prepare_cached(
            "UPDATE edges SET weight = ?2, confidence = ?3, context = ?4, revision_id = ?5
             WHERE id = ?1",
        )?
        .execute(params![
            kept.id,
            edge.weight,
            edge.confidence,
            edge.context,
            revision_id
        ])?;
        note("changed", kept.id, Some(&kept.edge), Some(edge))?;
    }
    for edge in &changes.add {
        let n = tx
            .prepare_cached(
                "INSERT INTO edges (from_kind, from_id, to_kind, to_id, rel_type, weight, confidence,
                   context, revision_id, created_at)
                 VALUES ('record', ?1, 'record', ?2, ?3, ?4, ?5, ?6, ?7, ?8)
                 ON CONFLICT (from_kind, from_id, to_kind, to_id, rel_type) DO NOTHING",
            )?
            .execute(params![
                edge.from,
                edge.to,
                edge.rel_type,
                edge.weight,
                edge.confidence,
                edge.context,
                revision_id,
                now
            ])?;
        if n > 0 {
            note("added", tx.last_insert_rowid(), None, Some(edge))?;
        }
    }
    Ok(())
}

/// Takes away edges to records that were forgotten, with what revisions say of them: an explanation may
/// hold words of theirs.
pub(crate) fn drop_forgotten(tx: &Transaction<'_>) -> Result<()> {
    let gone = "SELECT id FROM edges
        WHERE (from_kind = 'record' AND from_id NOT IN (SELECT id FROM records))
           OR (to_kind = 'record' AND to_id NOT IN (SELECT id FROM records))";
    tx.execute(
        &format!("DELETE FROM revision_changes WHERE thing = 'edge' AND thing_id IN ({gone})"),
        [],
    )?;
    tx.execute(&format!("DELETE FROM edges WHERE id IN ({gone})"), [])?;
    Ok(())
}
