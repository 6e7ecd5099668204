//! Notes and conversations as wholes: a vector, a day, a hash, and words to show.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::{Connection, params};

use super::pairs::Matrix;
use crate::{
    Result,
    clock::parse_day,
    dream::plan::Range,
    store::{
        Hash,
        vectors::{self, EmbedderRow},
    },
    text::embed::similarity,
};

/// A note, or a conversation.
#[derive(Debug, Clone)]
pub(super) struct Resource {
    pub(super) id: i64,
    /// The day of its latest chunk that has one.
    pub(super) day: Option<NaiveDate>,
    /// Its chunks with a vector, in order.
    chunks: Vec<i64>,
}

/// All of them that have a vector, in the order of their ids, and the vectors.
pub(super) struct Resources {
    pub(super) all: Vec<Resource>,
    pub(super) matrix: Matrix,
}

impl Resources {
    /// The vector of a whole is the mean of those of its chunks, weighted by their length: what a text
    /// of all their words would get from an embedder that counts words.
    pub(super) fn read(reader: &Connection, embedder: &EmbedderRow) -> Result<Self> {
        let mut find = reader.prepare(
            "SELECT coalesce(r.session_id, r.id) AS whole, c.id, c.ends - c.starts, c.day, v.vector
             FROM chunk_vectors g JOIN chunks c ON c.id = g.chunk_id
                  JOIN records r ON r.id = c.record_id JOIN vectors v ON v.id = g.vector_id
             WHERE g.embedder_id = ?1 AND v.vector IS NOT NULL AND r.deleted_at IS NULL
             ORDER BY whole, r.ordinal, c.ordinal, c.id",
        )?;
        let dimensions = embedder.dimensions as usize;
        let mut read = Self { all: Vec::new(), matrix: Matrix::new(dimensions) };
        let mut sum = vec![0.0; dimensions];
        let mut rows = find.query([embedder.id])?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            if read.all.last().is_none_or(|last| last.id != id) {
                read.finish(&mut sum);
                read.all.push(Resource { id, day: None, chunks: Vec::new() });
            }
            let length = row.get::<_, i64>(2)?.max(1) as f32;
            let vector = vectors::from_bytes(&row.get::<_, Vec<u8>>(4)?);
            sum.iter_mut().zip(&vector).for_each(|(sum, x)| *sum += length * x);
            let day = row.get::<_, Option<String>>(3)?.and_then(|day| parse_day(&day).ok());
            if let Some(last) = read.all.last_mut() {
                last.day = last.day.max(day);
                last.chunks.push(row.get(1)?);
            }
        }
        read.finish(&mut sum);
        Ok(read)
    }

    fn finish(&mut self, sum: &mut [f32]) {
        if self.all.len() > self.matrix.len() {
            let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
            sum.iter_mut().for_each(|x| *x /= length);
            self.matrix.push(sum);
        }
        sum.fill(0.0);
    }

    /// The rows of those in the range, the newest ones if there is a limit.
    pub(super) fn chosen(&self, range: Range, limit: Option<u32>) -> BTreeSet<usize> {
        let is_bound = range.from.is_some() || range.until.is_some();
        let mut rows: Vec<usize> = (0..self.all.len())
            .filter(|row| match self.all[*row].day {
                Some(day) => {
                    range.from.is_none_or(|from| day >= from)
                        && range.until.is_none_or(|until| day <= until)
                }
                None => !is_bound,
            })
            .collect();
        if let Some(limit) = limit {
            rows.sort_by_key(|row| std::cmp::Reverse((self.all[*row].day, self.all[*row].id)));
            rows.truncate(limit as usize);
        }
        rows.into_iter().collect()
    }

    pub(super) fn rows_by_id(&self) -> BTreeMap<i64, usize> {
        self.all.iter().enumerate().map(|(row, resource)| (resource.id, row)).collect()
    }

    /// The stretch of a resource that is most like another one.
    pub(super) fn stretch(
        &self,
        reader: &Connection,
        embedder: &EmbedderRow,
        row: usize,
        other: usize,
    ) -> Result<Stretch> {
        let mut best: Option<(f32, i64)> = None;
        for chunk in &self.all[row].chunks {
            let thing = vectors::Thing::Chunk;
            let Some(vector) = vectors::vector_of(reader, thing, embedder.id, *chunk)? else {
                continue;
            };
            let cosine = similarity(&vector, self.matrix.row(other));
            if best.is_none_or(|(most, _)| cosine > most) {
                best = Some((cosine, *chunk));
            }
        }
        let Some((_, chunk)) = best else { return Ok(Stretch::default()) };
        let stretch = reader
            .prepare_cached(
                "SELECT coalesce(s.title, r.title), c.starts, c.ends, r.body, c.record_id
                 FROM chunks c JOIN records r ON r.id = c.record_id
                      LEFT JOIN records s ON s.id = r.session_id WHERE c.id = ?1",
            )?
            .query_row([chunk], |row| {
                let (starts, ends): (usize, usize) = (row.get(1)?, row.get(2)?);
                let body: String = row.get(3)?;
                Ok(Stretch {
                    title: row.get(0)?,
                    text: body.get(starts..ends).unwrap_or_default().to_owned(),
                    record_id: row.get(4)?,
                })
            })?;
        Ok(stretch)
    }
}

/// A stretch of a resource.
#[derive(Debug, Clone, Default)]
pub(super) struct Stretch {
    pub(super) title: String,
    pub(super) text: String,
    pub(super) record_id: i64,
}

/// Changes when a word of the note or the conversation changes.
pub(super) fn hash(reader: &Connection, id: i64) -> Result<Hash> {
    let mut find = reader.prepare_cached(
        "SELECT hash FROM records WHERE (id = ?1 OR session_id = ?1) AND deleted_at IS NULL
         ORDER BY id",
    )?;
    let hashes: Vec<Hash> =
        find.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(Hash::of_fields(hashes.iter().map(|hash| hash.0.as_slice())))
}

/// Whether a record is still there to have edges.
pub(super) fn is_there(reader: &Connection, id: i64) -> Result<bool> {
    let find = "SELECT 1 FROM records WHERE id = ?1 AND deleted_at IS NULL";
    Ok(reader.prepare_cached(find)?.exists(params![id])?)
}

/// All words of a resource, up to so many bytes.
pub(super) fn words(reader: &Connection, id: i64, most: usize) -> Result<String> {
    let mut find = reader.prepare_cached(
        "SELECT body FROM records WHERE (id = ?1 OR session_id = ?1) AND deleted_at IS NULL
         ORDER BY ordinal, id",
    )?;
    let mut text = String::new();
    let mut rows = find.query([id])?;
    while let Some(row) = rows.next()? {
        text.push_str(&row.get::<_, String>(0)?);
        text.push_str("\n\n");
        if text.len() > most {
            break;
        }
    }
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or_default());
    Ok(text)
}
