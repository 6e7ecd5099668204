//! Edges between records: those between what is alike, which come by the ten thousand, and those that a model
//! judged.

use std::collections::HashMap;

use rusqlite::{Connection, Transaction, params};

use super::edges::{COLUMNS, Edge, Kept, read};
use crate::{Result, store::wholes};

/// The edge between two resources that are alike. It goes from the one that came first, weighs the cosine in
/// thousandths, and says why when somebody looks (`graph::shared`).
pub(crate) const SIMILAR: &str = "semantic_similar";

impl Kept {
    /// The end that is not this one.
    pub(crate) fn other(&self, end: i64) -> i64 {
        if self.edge.from == end { self.edge.to } else { self.edge.from }
    }

    /// Its weight in thousandths.
    pub(crate) fn thousandths(&self) -> u16 {
        thousandths(self.edge.weight)
    }
}

/// Two resources that are alike, the one that came first before the other; and how much, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Alike {
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) cosine: u16,
}

/// What is to be done about edges between records.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) add_alike: Vec<Alike>,
    /// Edges by their numbers, and how much their ends are alike now.
    pub(crate) change_alike: Vec<(i64, u16)>,
    pub(crate) add: Vec<Edge>,
    pub(crate) change: Vec<(i64, Edge)>,
    pub(crate) remove: Vec<i64>,
}

impl Changes {
    pub(crate) fn n_added(&self) -> usize {
        self.add_alike.len() + self.add.len()
    }

    pub(crate) fn n_changed(&self) -> usize {
        self.change_alike.len() + self.change.len()
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.n_added() + self.n_changed() + self.remove.len() == 0
    }
}

/// The edges of a record with others, in the order of their ids.
pub(crate) fn of_record(reader: &Connection, id: i64) -> Result<Vec<Kept>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM edges WHERE from_kind = 'record' AND from_id = ?1 AND to_kind = 'record'
         UNION ALL
         SELECT {COLUMNS} FROM edges WHERE to_kind = 'record' AND to_id = ?1 AND from_kind = 'record'
         ORDER BY 1"
    ))?;
    Ok(find.query_map([id], read)?.collect::<rusqlite::Result<_>>()?)
}

/// Goes through the edges of what is alike, in the order of their ends: the edge's number, and what it says.
pub(crate) fn each_alike(
    reader: &Connection,
    mut see: impl FnMut(i64, Alike) -> Result<()>,
) -> Result<()> {
    // The order of the index, so that nothing is sorted.
    let mut find = reader.prepare_cached(
        "SELECT id, from_id, to_id, weight FROM edges
         WHERE from_kind = 'record' AND to_kind = 'record' AND rel_type = ?1 ORDER BY from_id, to_id",
    )?;
    let mut rows = find.query([SIMILAR])?;
    while let Some(row) = rows.next()? {
        let cosine = thousandths(row.get(3)?);
        see(row.get(0)?, Alike { from: row.get(1)?, to: row.get(2)?, cosine })?;
    }
    Ok(())
}

/// How many edges say that two are alike.
pub(crate) fn count_alike(reader: &Connection) -> Result<u32> {
    let find = "SELECT count(*) FROM edges
         WHERE from_kind = 'record' AND to_kind = 'record' AND rel_type = ?1";
    Ok(reader.prepare_cached(find)?.query_row([SIMILAR], |row| row.get(0))?)
}

/// All other edges between records, in the order of their ids.
pub(crate) fn judged(reader: &Connection) -> Result<Vec<Kept>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM edges
         WHERE from_kind = 'record' AND to_kind = 'record' AND rel_type <> ?1 ORDER BY id"
    ))?;
    Ok(find.query_map([SIMILAR], read)?.collect::<rusqlite::Result<_>>()?)
}

fn thousandths(weight: f64) -> u16 {
    (weight * 1_000.0).round() as u16
}

/// Writes changes under a revision. Edges to records that went while they were found are left out.
///
/// What comes by the ten thousand is put into a temporary table and from there written in one statement: each
/// statement that fires triggers prepares to be taken back alone, which costs more than its row.
pub(crate) fn write(
    tx: &Transaction<'_>,
    changes: &Changes,
    revision_id: i64,
    now: i64,
) -> Result<()> {
    let mut there = There::new(tx)?;
    let (clear, remove) = (
        "DELETE FROM temp.edges_to_write",
        "DELETE FROM edges WHERE id IN (SELECT id FROM temp.edges_to_write)",
    );
    tx.execute_batch(
        "CREATE TEMP TABLE IF NOT EXISTS edges_to_write
           (id INTEGER PRIMARY KEY, from_id INTEGER, to_id INTEGER, cosine INTEGER)",
    )?;
    let mut list = tx.prepare_cached("INSERT INTO temp.edges_to_write VALUES (?1, ?2, ?3, ?4)")?;
    tx.execute(clear, [])?;
    for id in &changes.remove {
        list.execute(params![id, 0, 0, 0])?;
    }
    tx.execute(remove, [])?;
    tx.execute(clear, [])?;
    for (id, cosine) in &changes.change_alike {
        list.execute(params![id, 0, 0, cosine])?;
    }
    tx.execute(
        "UPDATE edges SET weight = listed.cosine / 1000.0, revision_id = ?1
         FROM temp.edges_to_write listed WHERE listed.id = edges.id",
        [revision_id],
    )?;
    tx.execute(clear, [])?;
    let mut is_all = true;
    for alike in &changes.add_alike {
        if there.is(alike.from)? && there.is(alike.to)? {
            list.execute(params![None::<i64>, alike.from, alike.to, alike.cosine])?;
        } else {
            is_all = false;
        }
    }
    if !is_all {
        wholes::forget_count(tx)?;
    }
    tx.execute(
        "INSERT INTO edges (from_kind, from_id, to_kind, to_id, rel_type, weight, confidence,
           context, revision_id, created_at)
         SELECT 'record', from_id, 'record', to_id, ?1, cosine / 1000.0, 1.0, '', ?2, ?3
         FROM temp.edges_to_write WHERE true ORDER BY id
         ON CONFLICT (from_kind, from_id, to_kind, to_id, rel_type) DO NOTHING",
        params![SIMILAR, revision_id, now],
    )?;
    tx.execute(clear, [])?;
    let mut change = tx.prepare_cached(
        "UPDATE edges SET weight = ?2, confidence = ?3, context = ?4, revision_id = ?5 WHERE id = ?1",
    )?;
    for (id, edge) in &changes.change {
        let (weight, confidence) = (edge.weight, edge.confidence);
        change.execute(params![id, weight, confidence, edge.context, revision_id])?;
    }
    let mut add = tx.prepare_cached(
        "INSERT INTO edges (from_kind, from_id, to_kind, to_id, rel_type, weight, confidence,
           context, revision_id, created_at)
         VALUES ('record', ?1, 'record', ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (from_kind, from_id, to_kind, to_id, rel_type) DO NOTHING",
    )?;
    for edge in &changes.add {
        if there.is(edge.from)? && there.is(edge.to)? {
            add.execute(params![
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
    }
    Ok(())
}

/// Which records are there, each asked once.
struct There<'a> {
    find: rusqlite::CachedStatement<'a>,
    known: HashMap<i64, bool>,
}

impl<'a> There<'a> {
    fn new(reader: &'a Connection) -> Result<Self> {
        let find = "SELECT 1 FROM records WHERE id = ?1";
        Ok(Self { find: reader.prepare_cached(find)?, known: HashMap::new() })
    }

    fn is(&mut self, id: i64) -> Result<bool> {
        if let Some(is_there) = self.known.get(&id) {
            return Ok(*is_there);
        }
        let is_there = self.find.exists([id])?;
        self.known.insert(id, is_there);
        Ok(is_there)
    }
}
