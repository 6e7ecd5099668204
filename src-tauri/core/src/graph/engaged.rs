//! What the journal's owner was engaged with: edges from them to moments and records, kept in place from
//! night to night.

use std::collections::BTreeMap;

use rusqlite::{Connection, Transaction, params};

use crate::{
    Result, entities,
    moments::{
        history::{self, Change},
        write::Writing,
    },
    store::rows::ENGAGED_WITH,
};

/// The far end of an edge: "moment" or "record", and its id.
pub(crate) type End = (&'static str, i64);

/// How an edge weighs, and why.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Engaged {
    /// 0 to 1.
    pub(crate) weight: f64,
    /// Why, in a few words of ours: no word of the records.
    pub(crate) context: String,
}

/// What is to be done about the edges.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Changes {
    add: Vec<(End, Engaged)>,
    change: Vec<(i64, Engaged)>,
    remove: Vec<i64>,
}

impl Changes {
    /// Compares what is there with what is wanted.
    pub(crate) fn look(reader: &Connection, mut wanted: BTreeMap<End, Engaged>) -> Result<Self> {
        let mut changes = Self::default();
        let Some(owner) = entities::own(reader)? else {
            changes.add.extend(wanted);
            return Ok(changes);
        };
        let mut find = reader.prepare_cached(
            "SELECT id, to_kind, to_id, weight, context FROM edges
             WHERE from_kind = 'entity' AND from_id = ?1 AND rel_type = ?2 ORDER BY id",
        )?;
        let mut rows = find.query(params![owner, ENGAGED_WITH])?;
        while let Some(row) = rows.next()? {
            let (id, kind): (i64, String) = (row.get(0)?, row.get(1)?);
            let kind = if kind == "moment" { "moment" } else { "record" };
            let there = Engaged { weight: row.get(3)?, context: row.get(4)? };
            match wanted.remove(&(kind, row.get(2)?)) {
                Some(edge) if edge == there => {}
                Some(edge) => changes.change.push((id, edge)),
                None => changes.remove.push(id),
            }
        }
        changes.add.extend(wanted);
        Ok(changes)
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.add.is_empty() && self.change.is_empty() && self.remove.is_empty()
    }

    /// How many edges come, change and go.
    pub(crate) fn counts(&self) -> [u32; 3] {
        [self.add.len(), self.change.len(), self.remove.len()]
            .map(|n| u32::try_from(n).unwrap_or(u32::MAX))
    }
}

/// Writes changes under a revision.
pub(crate) fn write(writing: &Writing<'_>, changes: &Changes) -> Result<()> {
    let Writing { tx, revision_id, now, .. } = *writing;
    let mark = |op, id| history::mark(tx, &Change { revision_id, op, thing: "edge", id });
    for id in &changes.remove {
        tx.prepare_cached("DELETE FROM edges WHERE id = ?1")?.execute([id])?;
        mark("removed", *id)?;
    }
    for (id, edge) in &changes.change {
        tx.prepare_cached(
            "UPDATE edges SET weight = ?2, context = ?3, revision_id = ?4 WHERE id = ?1",
        )?
        .execute(params![id, edge.weight, edge.context, revision_id])?;
        mark("changed", *id)?;
    }
    if changes.add.is_empty() {
        return Ok(());
    }
    let owner = entities::own_or_add(tx, now)?;
    for ((kind, id), edge) in &changes.add {
        tx.prepare_cached(
            "INSERT INTO edges (from_kind, from_id, to_kind, to_id, rel_type, weight, confidence,
               context, revision_id, created_at)
             VALUES ('entity', ?1, ?2, ?3, ?4, ?5, 1, ?6, ?7, ?8)",
        )?
        .execute(params![
            owner,
            kind,
            id,
            ENGAGED_WITH,
            edge.weight,
            edge.context,
            revision_id,
            now
        ])?;
        mark("added", tx.last_insert_rowid())?;
    }
    Ok(())
}

/// Takes away edges whose far end an undo did not bring back.
pub(crate) fn drop_dangling(tx: &Transaction<'_>) -> Result<()> {
    let Some(owner) = entities::own(tx)? else { return Ok(()) };
    tx.execute(
        "DELETE FROM edges WHERE from_kind = 'entity' AND from_id = ?1 AND rel_type = ?2
           AND NOT EXISTS (SELECT 1 FROM moments WHERE to_kind = 'moment' AND id = to_id)
           AND NOT EXISTS (SELECT 1 FROM records WHERE to_kind = 'record' AND id = to_id)",
        params![owner, ENGAGED_WITH],
    )?;
    Ok(())
}
