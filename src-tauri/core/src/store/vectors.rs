//! Vectors in the journal's file: who made them, whose they are, and which are near to one.
//!
//! The numbers stand in the plain table `vectors`, once for every text, a byte each. What is searched are
//! tables of sqlite-vec that hold only their signs, a bit each; the nearest of those are measured again
//! by their numbers (decision 12). Nobody else names these tables.
//!
//! sqlite-vec knows neither `REPLACE` nor upsert, gives at most 4,096 neighbours, and its tables cannot
//! be reached by foreign keys: what they hold of a vector goes in [`drop_orphans`].

use rusqlite::{Connection, OptionalExtension, Transaction, params, types::Value};

use super::{
    Hash,
    rows::{self, Row},
};
use crate::Result;

/// The name of the built-in embedder; its number is counted up when its vectors change.
pub(crate) const BUILT_IN: &str = "builtin-1";

/// How many of the nearest by signs are measured again, at least, and for each neighbour asked for:
/// recall and time are in decision 12.
const AGAIN: usize = 128;
const AGAIN_EACH: usize = 8;
/// sqlite-vec's limit.
const MOST_NEIGHBOURS: usize = 4_096;
/// Vectors that are taken away per transaction.
const DROPPED: usize = 500;

/// What has a vector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    /// A stretch of writing.
    Chunk,
    /// A moment.
    Moment,
}

impl Thing {
    const ALL: [Self; 2] = [Self::Chunk, Self::Moment];

    fn name(self) -> &'static str {
        match self {
            Self::Chunk => "chunk",
            Self::Moment => "moment",
        }
    }

    /// The table of sqlite-vec for the vectors of one embedder.
    fn index(self, embedder: i64) -> String {
        format!("near_{}s_{embedder}", self.name())
    }
}

/// An embedder that has, or may get, vectors in this journal.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EmbedderRow {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) digest: String,
    pub(crate) dimensions: u32,
    pub(crate) prefix: String,
    /// Mean and deviation of the cosine of two texts that have nothing to do with each other.
    pub(crate) alike: Option<(f32, f32)>,
}

impl EmbedderRow {
    pub(crate) fn is_built_in(&self) -> bool {
        self.name == BUILT_IN && self.digest.is_empty()
    }
}

/// Where an embedder stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// Everybody asks its vectors.
    Used,
    /// It is being prepared to be used.
    Next,
}

impl State {
    fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Next => "next",
        }
    }
}

/// The embedder that is used, or the one that is being prepared.
pub(crate) fn embedder(reader: &Connection, state: State) -> Result<Option<EmbedderRow>> {
    Ok(reader
        .prepare_cached(
            "SELECT id, name, digest, dimensions, prefix, alike, alike_spread FROM embedders
             WHERE state = ?1",
        )?
        .query_row([state.as_str()], |row| {
            let (mean, spread): (Option<f64>, Option<f64>) = (row.get(5)?, row.get(6)?);
            Ok(EmbedderRow {
                id: row.get(0)?,
                name: row.get(1)?,
                digest: row.get(2)?,
                dimensions: row.get(3)?,
                prefix: row.get(4)?,
                alike: mean.zip(spread).map(|(mean, spread)| (mean as f32, spread as f32)),
            })
        })
        .optional()?)
}

/// Lets an embedder be the one that is prepared; another one that was is given up. Returns its number.
pub(crate) fn prepare(
    tx: &Transaction<'_>,
    name: &str,
    digest: &str,
    dimensions: u32,
    prefix: &str,
    now: i64,
) -> Result<i64> {
    give_up_next(tx)?;
    tx.execute(
        "INSERT INTO embedders (name, digest, dimensions, prefix, state, updated_at)
         VALUES (?1, ?2, ?3, ?4, 'next', ?5)
         ON CONFLICT (name, digest, dimensions, prefix)
         DO UPDATE SET state = 'next', through_chunk = 0, updated_at = excluded.updated_at",
        params![name, digest, dimensions, prefix, now],
    )?;
    let find = "SELECT id FROM embedders WHERE state = 'next'";
    Ok(tx.query_row(find, [], |row| row.get(0))?)
}

/// Whoever was being prepared is no longer wanted.
pub(crate) fn give_up_next(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("UPDATE embedders SET state = 'old' WHERE state = 'next'", [])?;
    Ok(())
}

/// Lets the embedder that was prepared be used from now on, if nothing is left that it has not seen.
pub(crate) fn use_next(tx: &Transaction<'_>, now: i64) -> Result<bool> {
    let Some(next) = embedder(tx, State::Next)? else { return Ok(false) };
    let is_behind: bool = tx.query_row(
        "SELECT EXISTS (SELECT 1 FROM chunks c WHERE NOT EXISTS
                  (SELECT 1 FROM chunk_vectors v WHERE v.chunk_id = c.id AND v.embedder_id = ?1))
             OR EXISTS (SELECT 1 FROM moments m WHERE NOT EXISTS
                  (SELECT 1 FROM moment_vectors v WHERE v.moment_id = m.id AND v.embedder_id = ?1))",
        [next.id],
        |row| row.get(0),
    )?;
    if is_behind {
        return Ok(false);
    }
    tx.execute("UPDATE embedders SET state = 'old' WHERE state = 'used'", [])?;
    tx.execute(
        "UPDATE embedders SET state = 'used', updated_at = ?2 WHERE id = ?1",
        params![next.id, now],
    )?;
    Ok(true)
}

/// The number of the vector of a text with this hash, if the embedder has seen it.
pub(crate) fn known(reader: &Connection, embedder: i64, hash: Hash) -> Result<Option<i64>> {
    Ok(reader
        .prepare_cached("SELECT id FROM vectors WHERE embedder_id = ?1 AND hash = ?2")?
        .query_row(params![embedder, hash], |row| row.get(0))
        .optional()?)
}

/// Keeps what an embedder made of a text; without numbers, that it can make nothing of it. Returns the
/// vector's number. What is there already stays.
pub(crate) fn keep(
    tx: &Transaction<'_>,
    embedder: i64,
    hash: Hash,
    vector: Option<&[f32]>,
) -> Result<i64> {
    if let Some(id) = known(tx, embedder, hash)? {
        return Ok(id);
    }
    tx.prepare_cached("INSERT INTO vectors (embedder_id, hash, vector) VALUES (?1, ?2, ?3)")?
        .execute(params![embedder, hash, vector.map(to_bytes)])?;
    Ok(tx.last_insert_rowid())
}

/// Gives a moment a vector that it had: `row` holds the embedder's number, the text's hash and the bytes.
/// That of an embedder that is gone, or no longer used, is left out.
pub(crate) fn give_back(tx: &Transaction<'_>, moment_id: i64, row: &Row) -> Result<()> {
    let Some(Value::Blob(hash)) = row.get("hash") else { return Ok(()) };
    let number = rows::number(row, "embedder_id");
    for state in [State::Used, State::Next] {
        let Some(embedder) = embedder(tx, state)?.filter(|found| Some(found.id) == number) else {
            continue;
        };
        tx.prepare_cached(
            "INSERT INTO vectors (embedder_id, hash, vector) VALUES (?1, ?2, ?3)
             ON CONFLICT (embedder_id, hash) DO NOTHING",
        )?
        .execute(params![embedder.id, hash, row.get("vector")])?;
        let vector_id = tx
            .prepare_cached("SELECT id FROM vectors WHERE embedder_id = ?1 AND hash = ?2")?
            .query_row(params![embedder.id, hash], |row| row.get(0))?;
        give(tx, Thing::Moment, &embedder, moment_id, vector_id)?;
    }
    Ok(())
}

/// Gives a thing a vector, instead of any other of that embedder. A thing that is gone meanwhile gets
/// none.
pub(crate) fn give(
    tx: &Transaction<'_>,
    thing: Thing,
    embedder: &EmbedderRow,
    thing_id: i64,
    vector_id: i64,
) -> Result<()> {
    let name = thing.name();
    let n = tx
        .prepare_cached(&format!(
            "INSERT INTO {name}_vectors (embedder_id, {name}_id, vector_id)
             SELECT ?1, ?2, ?3 WHERE EXISTS (SELECT 1 FROM {name}s WHERE id = ?2)
             ON CONFLICT (embedder_id, {name}_id) DO UPDATE SET vector_id = excluded.vector_id"
        ))?
        .execute(params![embedder.id, thing_id, vector_id])?;
    if n > 0 {
        ensure_index(tx, thing, embedder)?;
        index(tx, thing, embedder, vector_id)?;
    }
    Ok(())
}

/// Takes a thing's vectors away, those of all embedders.
pub(crate) fn take_away(tx: &Transaction<'_>, thing: Thing, thing_id: i64) -> Result<()> {
    let name = thing.name();
    tx.prepare_cached(&format!("DELETE FROM {name}_vectors WHERE {name}_id = ?1"))?
        .execute([thing_id])?;
    Ok(())
}

fn has_index(reader: &Connection, thing: Thing, embedder: i64) -> Result<bool> {
    let find = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1";
    Ok(reader.prepare_cached(find)?.exists([thing.index(embedder)])?)
}

/// Makes the table that is searched, where there is none, and fills it with what is there already.
fn ensure_index(tx: &Transaction<'_>, thing: Thing, embedder: &EmbedderRow) -> Result<()> {
    if has_index(tx, thing, embedder.id)? {
        return Ok(());
    }
    let table = thing.index(embedder.id);
    let n_bits = signs(&vec![0.0; embedder.dimensions as usize]).len() * 8;
    tx.execute_batch(&format!(
        "CREATE VIRTUAL TABLE {table} USING vec0 (vector_id INTEGER PRIMARY KEY, signs BIT[{n_bits}])"
    ))?;
    let name = thing.name();
    let mut find = tx.prepare(&format!(
        "SELECT DISTINCT vector_id FROM {name}_vectors WHERE embedder_id = ?1"
    ))?;
    let ids: Vec<i64> =
        find.query_map([embedder.id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for id in ids {
        index(tx, thing, embedder, id)?;
    }
    Ok(())
}

fn index(tx: &Transaction<'_>, thing: Thing, embedder: &EmbedderRow, id: i64) -> Result<()> {
    let Some(vector) = vector(tx, id)? else { return Ok(()) };
    let table = thing.index(embedder.id);
    let is_there =
        tx.prepare_cached(&format!("SELECT 1 FROM {table} WHERE vector_id = ?1"))?.exists([id])?;
    if !is_there && vector.len() == embedder.dimensions as usize {
        tx.prepare_cached(&format!(
            "INSERT INTO {table} (vector_id, signs) VALUES (?1, vec_bit(?2))"
        ))?
        .execute(params![id, signs(&vector)])?;
        changed(tx, &table, Some(id))?;
    }
    Ok(())
}

/// Keeps that a table of signs changed, for those who hold it in memory.
fn changed(tx: &Transaction<'_>, table: &str, added: Option<i64>) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO vector_changes (index_name, n_changes, last_id) VALUES (?1, 1, coalesce(?2, 0))
         ON CONFLICT (index_name) DO UPDATE SET
           n_changes = n_changes + (coalesce(?2, 0) <= last_id), last_id = max(last_id, excluded.last_id)",
    )?
    .execute(params![table, added])?;
    Ok(())
}

/// How a table of signs has changed so far: how often other than by adding in order, and the last vector
/// that was added in order.
pub(crate) fn changes(
    reader: &Connection,
    thing: Thing,
    embedder: &EmbedderRow,
) -> Result<Option<(i64, i64)>> {
    let find = "SELECT n_changes, last_id FROM vector_changes WHERE index_name = ?1";
    Ok(reader
        .prepare_cached(find)?
        .query_row([thing.index(embedder.id)], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?)
}

/// Goes through the signs of all vectors, a block of many at once: their numbers (eight bytes each, the
/// lowest first), which places of the block are taken (a bit each), and the signs, place after place. It is
/// how sqlite-vec 0.1.9 keeps them; reading them one by one through it takes fifty times as long.
pub(crate) fn blocks(
    reader: &Connection,
    thing: Thing,
    embedder: &EmbedderRow,
    mut see: impl FnMut(&[u8], &[u8], &[u8]),
) -> Result<()> {
    if !has_index(reader, thing, embedder.id)? {
        return Ok(());
    }
    let table = thing.index(embedder.id);
    let mut find = reader.prepare(&format!(
        "SELECT c.rowids, c.validity, v.vectors
         FROM {table}_chunks c JOIN {table}_vector_chunks00 v ON v.rowid = c.chunk_id
         ORDER BY c.chunk_id"
    ))?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let blob = |n: usize| row.get_ref(n)?.as_blob().map_err(rusqlite::Error::from);
        see(blob(0)?, blob(1)?, blob(2)?);
    }
    Ok(())
}

/// The vectors that were added in order after one of them and up to another, with their signs.
pub(crate) fn added(
    reader: &Connection,
    thing: Thing,
    embedder: &EmbedderRow,
    (after, last): (i64, i64),
    mut see: impl FnMut(i64, &[u8]),
) -> Result<()> {
    let name = thing.name();
    let mut find = reader.prepare_cached(&format!(
        "SELECT v.id, v.vector FROM vectors v
         WHERE v.id > ?1 AND v.id <= ?2 AND v.embedder_id = ?3 AND v.vector IS NOT NULL
           AND EXISTS (SELECT 1 FROM {name}_vectors t WHERE t.vector_id = v.id) ORDER BY v.id"
    ))?;
    let mut rows = find.query(params![after, last, embedder.id])?;
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        see(row.get(0)?, &signs(&from_bytes(bytes)));
    }
    Ok(())
}

/// The numbers of a vector, as they are kept.
pub(crate) fn bytes(reader: &Connection, id: i64) -> Result<Option<Vec<u8>>> {
    let kept: Option<Option<Vec<u8>>> = reader
        .prepare_cached("SELECT vector FROM vectors WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(kept.flatten())
}

/// The things that have a vector: the texts of several can be the same.
pub(crate) fn things(reader: &Connection, thing: Thing, vector_id: i64) -> Result<Vec<i64>> {
    let name = thing.name();
    let mut find = reader.prepare_cached(&format!(
        "SELECT {name}_id FROM {name}_vectors WHERE vector_id = ?1 ORDER BY {name}_id"
    ))?;
    Ok(find.query_map([vector_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

fn vector(reader: &Connection, id: i64) -> Result<Option<Vec<f32>>> {
    Ok(bytes(reader, id)?.map(|bytes| from_bytes(&bytes)))
}

/// The vector that an embedder gave a thing.
pub(crate) fn vector_of(
    reader: &Connection,
    thing: Thing,
    embedder: i64,
    thing_id: i64,
) -> Result<Option<Vec<f32>>> {
    let name = thing.name();
    let id: Option<i64> = reader
        .prepare_cached(&format!(
            "SELECT vector_id FROM {name}_vectors WHERE embedder_id = ?1 AND {name}_id = ?2"
        ))?
        .query_row(params![embedder, thing_id], |row| row.get(0))
        .optional()?;
    id.map_or(Ok(None), |id| vector(reader, id))
}

/// The `k` things whose vectors are nearest to this one, the nearest first, with their cosines; of equal
/// ones that with the smaller id comes first. Found by signs, ordered by the numbers.
pub(crate) fn nearest(
    reader: &Connection,
    thing: Thing,
    embedder: &EmbedderRow,
    vector: &[f32],
    k: usize,
) -> Result<Vec<(i64, f32)>> {
    if k == 0
        || vector.len() != embedder.dimensions as usize
        || !has_index(reader, thing, embedder.id)?
    {
        return Ok(Vec::new());
    }
    let (name, table) = (thing.name(), thing.index(embedder.id));
    let again = (k * AGAIN_EACH).clamp(AGAIN, MOST_NEIGHBOURS);
    let mut find = reader.prepare_cached(&format!(
        "WITH near AS MATERIALIZED
           (SELECT vector_id FROM {table} WHERE signs MATCH vec_bit(?1) AND k = ?2)
         SELECT t.{name}_id, 1 - vec_distance_cosine(vec_int8(v.vector), vec_int8(?3)) AS cosine
         FROM near JOIN vectors v ON v.id = near.vector_id
              JOIN {name}_vectors t ON t.vector_id = v.id
         WHERE t.embedder_id = ?4 AND v.vector IS NOT NULL
         ORDER BY cosine DESC, t.{name}_id LIMIT ?5"
    ))?;
    let rows = find
        .query_map(params![signs(vector), again, to_bytes(vector), embedder.id, k], |row| {
            Ok((row.get(0)?, row.get::<_, f64>(1)? as f32))
        })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes away vectors whose text stands nowhere any more. Returns how many there were.
pub(crate) fn drop_orphans(tx: &Transaction<'_>) -> Result<u32> {
    let mut find = tx.prepare_cached(
        "SELECT v.id, v.embedder_id FROM vectors v
         WHERE NOT EXISTS (SELECT 1 FROM chunk_vectors c WHERE c.vector_id = v.id)
           AND NOT EXISTS (SELECT 1 FROM moment_vectors m WHERE m.vector_id = v.id)",
    )?;
    let orphans: Vec<(i64, i64)> = find
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    for (id, embedder) in &orphans {
        for thing in Thing::ALL {
            if has_index(tx, thing, *embedder)? {
                let table = thing.index(*embedder);
                tx.prepare_cached(&format!("DELETE FROM {table} WHERE vector_id = ?1"))?
                    .execute([id])?;
                changed(tx, &table, None)?;
            }
        }
        tx.prepare_cached("DELETE FROM vectors WHERE id = ?1")?.execute([id])?;
    }
    Ok(u32::try_from(orphans.len()).unwrap_or(u32::MAX))
}

/// Whether there are vectors whose text stands nowhere any more, or embedders that nobody uses.
pub(crate) fn has_leftovers(reader: &Connection) -> Result<bool> {
    let find = "SELECT EXISTS (SELECT 1 FROM embedders WHERE state = 'old')
         OR EXISTS (SELECT 1 FROM vectors v
           WHERE NOT EXISTS (SELECT 1 FROM chunk_vectors c WHERE c.vector_id = v.id)
             AND NOT EXISTS (SELECT 1 FROM moment_vectors m WHERE m.vector_id = v.id))";
    Ok(reader.prepare_cached(find)?.query_row([], |row| row.get(0))?)
}

/// Takes away some of what an embedder that is no longer used has left. `false` when nothing is left.
pub(crate) fn drop_some_old(tx: &Transaction<'_>) -> Result<bool> {
    let find = "SELECT id, name = ?1 AND digest = '' FROM embedders WHERE state = 'old' LIMIT 1";
    let old: Option<(i64, bool)> =
        tx.query_row(find, [BUILT_IN], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((id, is_built_in)) = old else { return Ok(false) };
    for thing in Thing::ALL {
        tx.execute_batch(&format!("DROP TABLE IF EXISTS {}", thing.index(id)))?;
        changed(tx, &thing.index(id), None)?;
    }
    // What belonged to these vectors goes with them.
    let n = tx.execute(
        "DELETE FROM vectors WHERE id IN (SELECT id FROM vectors WHERE embedder_id = ?1 LIMIT ?2)",
        params![id, DROPPED],
    )?;
    if n < DROPPED && is_built_in {
        // It keeps the journal's word frequencies, and may be wanted again.
        tx.execute("UPDATE embedders SET state = 'idle', through_chunk = 0 WHERE id = ?1", [id])?;
    } else if n < DROPPED {
        tx.execute("DELETE FROM embedders WHERE id = ?1", [id])?;
    }
    Ok(true)
}

/// Vectors of things of an embedder, drawn in the order of the hashes of their texts: a sample that is
/// the same each time and follows nothing.
pub(crate) fn drawn(reader: &Connection, embedder: i64, n: usize) -> Result<Vec<Vec<f32>>> {
    let mut find = reader.prepare_cached(
        "SELECT vector FROM vectors WHERE embedder_id = ?1 AND vector IS NOT NULL
         ORDER BY hash LIMIT ?2",
    )?;
    let drawn =
        find.query_map(params![embedder, n], |row| Ok(from_bytes(&row.get::<_, Vec<u8>>(0)?)))?;
    Ok(drawn.collect::<rusqlite::Result<_>>()?)
}

/// Keeps what was measured of an embedder.
pub(crate) fn set_alike(tx: &Transaction<'_>, embedder: i64, mean: f32, spread: f32) -> Result<()> {
    tx.execute(
        "UPDATE embedders SET alike = ?2, alike_spread = ?3 WHERE id = ?1",
        params![embedder, f64::from(mean), f64::from(spread)],
    )?;
    Ok(())
}

/// Forgets an embedder's vectors of chunks, because they are to be made anew.
pub(crate) fn forget_chunks(tx: &Transaction<'_>, embedder: i64) -> Result<()> {
    tx.execute("DELETE FROM chunk_vectors WHERE embedder_id = ?1", [embedder])?;
    drop_orphans(tx)?;
    Ok(())
}

/// One bit for each number: whether it is above zero. Padded to whole bytes.
pub(crate) fn signs(vector: &[f32]) -> Vec<u8> {
    vector
        .chunks(8)
        .map(|eight| {
            eight.iter().enumerate().fold(0, |byte, (n, x)| byte | (u8::from(*x > 0.0) << n))
        })
        .collect()
}

/// The numbers as fractions of the greatest of them, in 127ths. A cosine does not see the scale, and is
/// off by no more than a few thousandths (tested below).
pub(crate) fn to_bytes(vector: &[f32]) -> Vec<u8> {
    let greatest = vector.iter().fold(f32::MIN_POSITIVE, |most, x| most.max(x.abs()));
    vector.iter().map(|x| ((x / greatest * 127.0).round() as i8) as u8).collect()
}

/// The numbers of a kept vector, of unit length.
pub(crate) fn from_bytes(bytes: &[u8]) -> Vec<f32> {
    let squares = bytes.iter().map(|byte| i32::from(*byte as i8).pow(2));
    let length = (squares.sum::<i32>() as f32).sqrt().max(f32::MIN_POSITIVE);
    bytes.iter().map(|byte| f32::from(*byte as i8) / length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_is_set_where_a_number_is_above_zero() {
        assert_eq!(signs(&[0.1, -0.2, 0.0, 0.3, 0.0, 0.0, 0.0, 0.4, 0.5]), [0b1000_1001, 1]);
    }

    #[test]
    fn kept_numbers_give_almost_the_same_cosine() {
        let text = |words: &str| {
            let corpus = crate::text::corpus::Corpus::new();
            crate::text::embed::Embedder { corpus: &corpus }.embed(words, None)
        };
        let a = text("Rowed to the heron island with Ilse before breakfast");
        let b = text("Ilse rowed out to see the herons again");
        let exact: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
        let (a, b) = (from_bytes(&to_bytes(&a)), from_bytes(&to_bytes(&b)));
        let kept: f32 = a.iter().zip(&b).map(|(a, b)| a * b).sum();
        assert!((exact - kept).abs() < 0.005, "{exact} {kept}");
    }
}
