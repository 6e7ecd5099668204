//! Writes edges: each typed, weighted and explained, and each change under a revision.

use std::collections::BTreeSet;

use rusqlite::{Connection, Transaction, params};

use crate::{
    Result,
    store::{
        rows::{self, Changed},
        wholes,
    },
};

/// An edge between two records, or two entities.
#[derive(Debug, Clone, PartialEq)]
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

/// What is to be done about edges between entities.
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

/// The edges of one type between entities, in the order of their ids.
pub(crate) fn between_entities(reader: &Connection, rel_type: &str) -> Result<Vec<Kept>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM edges
         WHERE from_kind = 'entity' AND to_kind = 'entity' AND rel_type = ?1 ORDER BY id"
    ))?;
    Ok(find.query_map([rel_type], read)?.collect::<rusqlite::Result<_>>()?)
}

/// The columns of which an edge is read.
pub(super) const COLUMNS: &str = "id, from_id, to_id, rel_type, weight, confidence, context";

/// Reads an edge from its columns.
pub(super) fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Kept> {
    let edge = Edge {
        from: row.get(1)?,
        to: row.get(2)?,
        rel_type: row.get(3)?,
        weight: row.get(4)?,
        confidence: row.get(5)?,
        context: row.get(6)?,
    };
    Ok(Kept { id: row.get(0)?, edge })
}

/// Writes changes of edges between entities under a revision. They are marked with their rows alone: a
/// night moves thousands of them.
pub(crate) fn write_between_entities(
    tx: &Transaction<'_>,
    changes: &Changes,
    revision_id: i64,
    now: i64,
) -> Result<()> {
    for kept in &changes.remove {
        tx.prepare_cached("DELETE FROM edges WHERE id = ?1")?.execute([kept.id])?;
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
    }
    for edge in &changes.add {
        tx.prepare_cached(
            "INSERT INTO edges (from_kind, from_id, to_kind, to_id, rel_type, weight, confidence,
                   context, revision_id, created_at)
                 VALUES ('entity', ?1, 'entity', ?2, ?3, ?4, ?5, ?6, ?7, ?8)
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
    }
    Ok(())
}

/// Takes back what a dream did to edges that are not between two records, but those of the moments that stay.
pub(crate) fn undo(tx: &Transaction<'_>, changed: &[Changed], kept: &BTreeSet<i64>) -> Result<()> {
    let is_kept = |one: &Changed| {
        let end = |kind: &str, id: &str| {
            one.text(kind) == Some("moment") && one.number(id).is_some_and(|id| kept.contains(&id))
        };
        end("from_kind", "from_id") || end("to_kind", "to_id")
    };
    let is_ours = |one: &Changed| {
        let row = one.row.after.as_ref().or(one.row.before.as_ref());
        one.row.table == "edges" && !row.is_some_and(rows::is_of_every_night)
    };
    let edges: Vec<&Changed> = changed.iter().filter(|one| is_ours(one) && !is_kept(one)).collect();
    for one in edges.iter().filter(|one| one.row.before.is_none()) {
        rows::take_out(tx, "edges", one.number("id").unwrap_or_default())?;
    }
    for before in edges.iter().filter_map(|one| one.row.before.as_ref()) {
        let end =
            |kind: &str, id: &str| Some((rows::text(before, kind)?, rows::number(before, id)?));
        let ends = [end("from_kind", "from_id"), end("to_kind", "to_id")];
        if is_there(tx, ends[0])? && is_there(tx, ends[1])? {
            rows::put_back(tx, "edges", before)?;
        }
    }
    Ok(())
}

fn is_there(reader: &Connection, end: Option<(&str, i64)>) -> Result<bool> {
    let find = match end {
        Some(("record", _)) => "SELECT 1 FROM records WHERE id = ?1",
        Some(("moment", _)) => "SELECT 1 FROM moments WHERE id = ?1",
        Some(("entity", _)) => "SELECT 1 FROM entities WHERE id = ?1",
        _ => return Ok(false),
    };
    Ok(reader.prepare_cached(find)?.exists([end.map(|end| end.1)])?)
}

/// Takes away edges to records that were forgotten, with what is kept of them to undo dreams: an
/// explanation may hold words of theirs. Whatever was near them is compared again.
pub(crate) fn drop_forgotten(tx: &Transaction<'_>) -> Result<()> {
    tx.execute_batch(
        "DELETE FROM revision_edges
         WHERE from_id NOT IN (SELECT id FROM records) OR to_id NOT IN (SELECT id FROM records);
         INSERT INTO whole_changes (record_id)
         SELECT from_id FROM edges WHERE from_kind = 'record' AND to_kind = 'record'
           AND to_id NOT IN (SELECT id FROM records) AND from_id IN (SELECT id FROM records)
         UNION SELECT to_id FROM edges WHERE from_kind = 'record' AND to_kind = 'record'
           AND from_id NOT IN (SELECT id FROM records) AND to_id IN (SELECT id FROM records);
         DELETE FROM edges
         WHERE (from_kind = 'record' AND from_id NOT IN (SELECT id FROM records))
           OR (to_kind = 'record' AND to_id NOT IN (SELECT id FROM records));",
    )?;
    wholes::forget_count(tx)
}
