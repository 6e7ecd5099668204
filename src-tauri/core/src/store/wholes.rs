//! The vectors of whole notes and conversations, and which of them are to be compared again.
//!
//! Triggers write down of which whole something came or went; so what is new is found without reading
//! everything. The vector of a whole is the mean of those of its chunks, weighted by their length: what a
//! text of all their words would get from an embedder that counts words. It is kept as theirs are.

use chrono::NaiveDate;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Transaction, params};

use super::vectors::{self, EmbedderRow};
use crate::{Result, clock::parse_day};

/// What the edges that say what is alike rest on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Compared {
    pub(crate) embedder_id: i64,
    /// Absent: they are to be found anew.
    pub(crate) threshold: Option<f32>,
    /// How many there are; absent: to be counted.
    pub(crate) n_edges: Option<u32>,
}

/// A whole as its chunks make it now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Whole {
    pub(crate) id: i64,
    pub(crate) day: Option<NaiveDate>,
    /// Empty: it has none, or is gone.
    pub(crate) vector: Vec<u8>,
}

/// Where the list of what changed ends now.
pub(crate) fn mark(reader: &Connection) -> Result<i64> {
    let find = "SELECT coalesce(max(id), 0) FROM whole_changes";
    Ok(reader.prepare_cached(find)?.query_row([], |row| row.get(0))?)
}

/// The wholes of which something changed up to a mark, each once, in order.
pub(crate) fn changed(reader: &Connection, mark: i64) -> Result<Vec<i64>> {
    let mut find = reader.prepare_cached(
        "SELECT DISTINCT record_id FROM whole_changes WHERE id <= ?1 ORDER BY record_id",
    )?;
    Ok(find.query_map([mark], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// What is up to a mark has been compared.
pub(crate) fn done_through(tx: &Transaction<'_>, mark: i64) -> Result<()> {
    tx.execute("DELETE FROM whole_changes WHERE id <= ?1", [mark])?;
    Ok(())
}

/// What the edges rest on, if they were ever found.
pub(crate) fn compared(reader: &Connection) -> Result<Option<Compared>> {
    Ok(reader
        .prepare_cached("SELECT embedder_id, threshold, n_edges FROM compared")?
        .query_row([], |row| {
            let threshold: Option<f64> = row.get(1)?;
            let threshold = threshold.map(|least| least as f32);
            Ok(Compared { embedder_id: row.get(0)?, threshold, n_edges: row.get(2)? })
        })
        .optional()?)
}

/// Keeps what the edges rest on.
pub(crate) fn set_compared(tx: &Transaction<'_>, compared: Compared) -> Result<()> {
    tx.execute(
        "INSERT INTO compared (only, embedder_id, threshold, n_edges) VALUES (1, ?1, ?2, ?3)
         ON CONFLICT (only) DO UPDATE SET embedder_id = excluded.embedder_id,
           threshold = excluded.threshold, n_edges = excluded.n_edges",
        params![compared.embedder_id, compared.threshold.map(f64::from), compared.n_edges],
    )?;
    Ok(())
}

/// Lets the edges be counted again: somebody else than affinity took some away or put some back.
pub(crate) fn forget_count(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("UPDATE compared SET n_edges = NULL", [])?;
    Ok(())
}

/// All notes and conversations that are there, in order.
pub(crate) fn all(reader: &Connection) -> Result<Vec<i64>> {
    let mut find = reader.prepare(
        "SELECT id FROM records WHERE kind <> 'message' AND deleted_at IS NULL ORDER BY id",
    )?;
    Ok(find.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// Makes wholes of their chunks.
pub(crate) struct Maker<'a> {
    kind: CachedStatement<'a>,
    note: CachedStatement<'a>,
    session: CachedStatement<'a>,
    embedder: &'a EmbedderRow,
    sum: Vec<f32>,
}

impl<'a> Maker<'a> {
    pub(crate) fn new(reader: &'a Connection, embedder: &'a EmbedderRow) -> Result<Self> {
        let chunks = |of: &str| {
            reader.prepare_cached(&format!(
                "SELECT c.ends - c.starts, c.day, v.vector
                 FROM records r CROSS JOIN chunks c ON c.record_id = r.id
                      CROSS JOIN chunk_vectors g ON g.embedder_id = ?2 AND g.chunk_id = c.id
                      CROSS JOIN vectors v ON v.id = g.vector_id
                 WHERE {of} AND r.deleted_at IS NULL AND v.vector IS NOT NULL
                 ORDER BY r.ordinal, c.ordinal, c.id"
            ))
        };
        Ok(Self {
            kind: reader.prepare_cached("SELECT kind FROM records WHERE id = ?1")?,
            note: chunks("r.id = ?1")?,
            session: chunks("r.session_id = ?1")?,
            embedder,
            sum: vec![0.0; embedder.dimensions as usize],
        })
    }

    /// A whole as it is now.
    pub(crate) fn make(&mut self, id: i64) -> Result<Whole> {
        let mut whole = Whole { id, day: None, vector: Vec::new() };
        let kind: Option<String> = self.kind.query_row([id], |row| row.get(0)).optional()?;
        let find = match kind.as_deref() {
            Some("resource") => &mut self.note,
            Some("session") => &mut self.session,
            _ => return Ok(whole),
        };
        self.sum.fill(0.0);
        let mut n = 0;
        let mut rows = find.query(params![id, self.embedder.id])?;
        while let Some(row) = rows.next()? {
            let length = row.get::<_, i64>(0)?.max(1) as f32;
            let day = row.get_ref(1)?.as_str_or_null().map_err(rusqlite::Error::from)?;
            let day = day.and_then(|day| parse_day(day).ok());
            let bytes = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            if bytes.len() != self.sum.len() {
                continue;
            }
            whole.day = whole.day.max(day);
            n += 1;
            if n == 1 {
                whole.vector = bytes.to_vec();
            }
            let vector = vectors::from_bytes(bytes);
            self.sum.iter_mut().zip(&vector).for_each(|(sum, x)| *sum += length * x);
        }
        if n > 1 {
            whole.vector = vectors::to_bytes(&self.sum);
        }
        Ok(whole)
    }
}

/// Goes through the vectors that are kept, in the order of their wholes.
pub(crate) fn each(
    reader: &Connection,
    mut see: impl FnMut(i64, &[u8]) -> Result<()>,
) -> Result<()> {
    let mut find =
        reader.prepare_cached("SELECT record_id, vector FROM whole_vectors ORDER BY record_id")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        see(row.get(0)?, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)?;
    }
    Ok(())
}

/// The days of all wholes that are kept, with those that have none.
pub(crate) fn days(reader: &Connection) -> Result<Vec<(i64, Option<NaiveDate>)>> {
    let mut find = reader.prepare_cached("SELECT record_id, day FROM whole_vectors")?;
    let days = find.query_map([], |row| {
        let day: Option<String> = row.get(1)?;
        Ok((row.get(0)?, day.and_then(|day| parse_day(&day).ok())))
    })?;
    Ok(days.collect::<rusqlite::Result<_>>()?)
}

/// How many there are.
pub(crate) fn count(reader: &Connection) -> Result<usize> {
    // The index is the narrowest that has them all.
    let find = "SELECT count(*) FROM whole_vectors INDEXED BY whole_vectors_by_day";
    Ok(reader.prepare_cached(find)?.query_row([], |row| row.get(0))?)
}

/// Takes all of them away: another embedder is in use.
pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM whole_vectors", [])?;
    Ok(())
}

/// Keeps a whole's vector, or that it has none. One whose record went meanwhile is left out.
pub(crate) fn keep(
    tx: &Transaction<'_>,
    id: i64,
    day: Option<NaiveDate>,
    vector: Option<&[u8]>,
) -> Result<()> {
    let Some(vector) = vector else {
        tx.prepare_cached("DELETE FROM whole_vectors WHERE record_id = ?1")?.execute([id])?;
        return Ok(());
    };
    tx.prepare_cached(
        "INSERT INTO whole_vectors (record_id, day, vector)
         SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM records WHERE id = ?1)
         ON CONFLICT (record_id) DO UPDATE SET day = excluded.day, vector = excluded.vector",
    )?
    .execute(params![id, day.map(|day| day.to_string()), vector])?;
    Ok(())
}
