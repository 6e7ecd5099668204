//! Notes and conversations as wholes: a vector, a day, a hash, and words to show.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rusqlite::{Connection, Transaction};

use crate::{
    Result,
    dream::plan::Range,
    graph::near::Matrix,
    journal::Cancel,
    store::{
        Hash,
        vectors::{self, EmbedderRow, Thing},
        wholes::{self, Compared, Maker, Whole},
    },
    text::embed::similarity,
};

/// All notes and conversations that have a vector, in the order of their ids.
pub(super) struct Resources {
    pub(super) matrix: Matrix,
    /// Those that are not kept yet as they are here, with their days; and those that have no vector now.
    fresh: Vec<(i64, Option<NaiveDate>, bool)>,
    /// Through where what changed is taken in.
    mark: i64,
    /// Whether nothing of what is kept holds: another embedder made it.
    is_new: bool,
}

/// What is new since all were compared.
pub(super) struct News {
    pub(super) mark: i64,
    /// Wholes of which something changed; all, where nothing that is kept holds.
    pub(super) changed: Vec<i64>,
    /// Whether all vectors are to be made anew.
    pub(super) is_new: bool,
}

impl News {
    pub(super) fn read(
        reader: &Connection,
        embedder: &EmbedderRow,
        compared: Option<Compared>,
    ) -> Result<Self> {
        let mark = wholes::mark(reader)?;
        let is_new = compared.is_none_or(|compared| compared.embedder_id != embedder.id);
        let changed = if is_new { wholes::all(reader)? } else { wholes::changed(reader, mark)? };
        Ok(Self { mark, changed, is_new })
    }
}

impl Resources {
    pub(super) fn read(
        reader: &Connection,
        embedder: &EmbedderRow,
        news: &News,
        cancel: &Cancel,
    ) -> Result<Self> {
        let mut read = Self {
            matrix: Matrix::new(embedder.dimensions as usize),
            fresh: Vec::with_capacity(news.changed.len()),
            mark: news.mark,
            is_new: news.is_new,
        };
        let mut maker = Maker::new(reader, embedder)?;
        let mut ahead = news.changed.iter().copied().peekable();
        if !news.is_new {
            wholes::each(reader, |id, vector| {
                while let Some(changed) = ahead.next_if(|changed| *changed < id) {
                    cancel.check()?;
                    read.take(&maker.make(changed)?);
                }
                if ahead.next_if_eq(&id).is_some() {
                    read.take(&maker.make(id)?);
                } else {
                    read.matrix.push(id, vector);
                }
                Ok(())
            })?;
        }
        for changed in ahead {
            cancel.check()?;
            read.take(&maker.make(changed)?);
        }
        Ok(read)
    }

    fn take(&mut self, whole: &Whole) {
        let has_vector = self.matrix.push(whole.id, &whole.vector);
        self.fresh.push((whole.id, whole.day, has_vector));
    }

    /// The rows of which something changed, and the wholes that have no vector any more.
    pub(super) fn changed(&self) -> (BTreeSet<usize>, BTreeSet<i64>) {
        let rows = self.fresh.iter().filter_map(|(id, ..)| self.matrix.row(*id)).collect();
        let gone = self.fresh.iter().filter(|fresh| !fresh.2).map(|(id, ..)| *id).collect();
        (rows, gone)
    }

    /// Keeps the vectors that are not kept yet, and that all changes are taken in.
    pub(super) fn keep(&self, tx: &Transaction<'_>) -> Result<()> {
        if self.is_new {
            wholes::clear(tx)?;
        }
        for (id, day, has_vector) in &self.fresh {
            let row = if *has_vector { self.matrix.row(*id) } else { None };
            let vector = row.map(|row| self.matrix.bytes(row));
            wholes::keep(tx, *id, *day, vector.as_deref())?;
        }
        wholes::done_through(tx, self.mark)
    }

    /// Whether there is anything to keep.
    pub(super) fn has_news(&self) -> bool {
        self.is_new || !self.fresh.is_empty()
    }

    /// The days of those that have one.
    pub(super) fn days(&self, reader: &Connection) -> Result<Days> {
        let mut days = Days::default();
        if !self.is_new {
            days.0
                .extend(wholes::days(reader)?.into_iter().filter_map(|(id, day)| Some((id, day?))));
        }
        for (id, day, _) in &self.fresh {
            days.0.remove(id);
            days.0.extend(day.map(|day| (*id, day)));
        }
        Ok(days)
    }

    /// The rows of those in the range, the newest ones if there is a limit.
    pub(super) fn chosen(&self, days: &Days, range: Range, limit: Option<u32>) -> BTreeSet<usize> {
        let is_bound = range.from.is_some() || range.until.is_some();
        let mut rows: Vec<usize> = (0..self.matrix.len())
            .filter(|row| match days.of(self.matrix.id(*row)) {
                Some(day) => {
                    range.from.is_none_or(|from| day >= from)
                        && range.until.is_none_or(|until| day <= until)
                }
                None => !is_bound,
            })
            .collect();
        if let Some(limit) = limit {
            let newest = |row: &usize| {
                let id = self.matrix.id(*row);
                std::cmp::Reverse((days.of(id), id))
            };
            rows.sort_by_key(newest);
            rows.truncate(limit as usize);
        }
        rows.into_iter().collect()
    }

    /// The stretch of a resource that is most like another one.
    pub(super) fn stretch(
        &self,
        reader: &Connection,
        embedder: &EmbedderRow,
        id: i64,
        other: i64,
    ) -> Result<Stretch> {
        let Some(other) = self.matrix.row(other) else { return Ok(Stretch::default()) };
        let other = vectors::from_bytes(&self.matrix.bytes(other));
        let mut find = reader.prepare_cached(
            "SELECT c.id FROM records r JOIN chunks c ON c.record_id = r.id
             WHERE (r.id = ?1 OR r.session_id = ?1) AND r.deleted_at IS NULL
             ORDER BY r.ordinal, c.ordinal, c.id",
        )?;
        let chunks: Vec<i64> =
            find.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut best: Option<(f32, i64)> = None;
        for chunk in chunks {
            let Some(vector) = vectors::vector_of(reader, Thing::Chunk, embedder.id, chunk)? else {
                continue;
            };
            let cosine = similarity(&vector, &other);
            if best.is_none_or(|(most, _)| cosine > most) {
                best = Some((cosine, chunk));
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

/// The days of wholes.
#[derive(Debug, Default)]
pub(super) struct Days(BTreeMap<i64, NaiveDate>);

impl Days {
    pub(super) fn of(&self, id: i64) -> Option<NaiveDate> {
        self.0.get(&id).copied()
    }

    /// The earlier of two first; of one day, that with the smaller id.
    pub(super) fn in_time(&self, (a, b): (i64, i64)) -> (i64, i64) {
        if (self.of(a), a) <= (self.of(b), b) { (a, b) } else { (b, a) }
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
