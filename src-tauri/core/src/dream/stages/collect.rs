//! Collect: which days have writing, and what stands on one of them.

use std::{ops::Range, str::FromStr};

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension};

use crate::{Result, clock::Precision, dream::plan::DayOfWriting, mind::Stream, store::Hash};

/// A stretch of writing of the day.
#[derive(Debug, Clone)]
pub(in crate::dream) struct Chunk {
    pub(in crate::dream) record_id: i64,
    pub(in crate::dream) record_hash: Hash,
    /// The conversation, for messages.
    pub(in crate::dream) session_id: Option<i64>,
    /// The note's or conversation's title.
    pub(in crate::dream) title: String,
    pub(in crate::dream) heading: String,
    /// Bytes in the record's body.
    pub(in crate::dream) range: Range<usize>,
    pub(in crate::dream) text: String,
    pub(in crate::dream) author: String,
    pub(in crate::dream) is_own: Option<bool>,
    pub(in crate::dream) at: i64,
    pub(in crate::dream) until: Option<i64>,
    pub(in crate::dream) offset_minutes: i32,
    pub(in crate::dream) precision: Precision,
    pub(in crate::dream) stream: Stream,
    pub(in crate::dream) tags: Vec<String>,
}

/// All that was written on a day, in order.
#[derive(Debug)]
pub(in crate::dream) struct Day {
    pub(in crate::dream) day: NaiveDate,
    pub(in crate::dream) chunks: Vec<Chunk>,
    /// Changes when anything a dream reads of this day changes.
    pub(in crate::dream) input_hash: Hash,
    /// When the day was queued; it is taken off the queue only if nobody queued it again meanwhile.
    pub(in crate::dream) queued_at: Option<i64>,
    /// The hash of what was dreamt last.
    pub(in crate::dream) dreamt_hash: Option<Hash>,
    /// Whether the built-in analyser dreamt a part of it for want of a model.
    pub(in crate::dream) is_provisional: bool,
}

impl Day {
    pub(in crate::dream) fn is_unchanged(&self) -> bool {
        self.dreamt_hash == Some(self.input_hash)
    }

    pub(in crate::dream) fn n_records(&self) -> u32 {
        let mut records: Vec<_> = self.chunks.iter().map(|chunk| chunk.record_id).collect();
        records.sort_unstable();
        records.dedup();
        u32::try_from(records.len()).unwrap_or(u32::MAX)
    }
}

/// The days that have writing, or had it and wait to be told that it is gone.
pub(in crate::dream) fn days(reader: &Connection) -> Result<Vec<DayOfWriting>> {
    let mut find = reader.prepare(
        "SELECT day, sum(n), max(waits), max(lacks) FROM (
           SELECT day, count(DISTINCT record_id) AS n, 0 AS waits, 0 AS lacks FROM chunks
           WHERE day IS NOT NULL GROUP BY day
           UNION ALL
           SELECT key, 0, 1, 0 FROM jobs WHERE kind = 'dream' AND state = 'queued'
           UNION ALL
           SELECT starts_on, 0, 0, 1 FROM periods WHERE kind = 'day' AND is_provisional = 1
         ) GROUP BY day ORDER BY day",
    )?;
    let rows = find.query_map([], |row| {
        let day: String = row.get(0)?;
        Ok((day, row.get::<_, u32>(1)?, row.get::<_, bool>(2)?, row.get::<_, bool>(3)?))
    })?;
    let mut days = Vec::new();
    for row in rows {
        let (day, n_records, is_waiting, is_provisional) = row?;
        if let Ok(day) = NaiveDate::from_str(&day) {
            days.push(DayOfWriting { day, n_records, is_waiting, is_provisional });
        }
    }
    Ok(days)
}

/// Reads one day.
pub(in crate::dream) fn day(reader: &Connection, day: NaiveDate, mind: &str) -> Result<Day> {
    let key = day.to_string();
    let mut find = reader.prepare_cached(
        "SELECT c.record_id, r.hash, r.session_id, coalesce(s.title, r.title), c.heading, c.starts,
                c.ends, r.body, r.author, r.role, coalesce(c.occurred_at, 0), c.until_at,
                c.offset_minutes, c.precision, r.tags,
                EXISTS (SELECT 1 FROM records a
                        WHERE a.session_id = r.session_id AND a.role = 'assistant'),
                EXISTS (SELECT 1 FROM records a
                        WHERE a.session_id = r.session_id AND a.role = 'user')
         FROM chunks c JOIN records r ON r.id = c.record_id
              LEFT JOIN records s ON s.id = r.session_id
         WHERE c.day = ?1 AND r.deleted_at IS NULL
         ORDER BY c.occurred_at, coalesce(r.session_id, r.id), r.ordinal, c.ordinal",
    )?;
    let rows = find.query_map([&key], |row| {
        let range: Range<usize> = row.get(5)?..row.get(6)?;
        let body: String = row.get(7)?;
        let role: String = row.get(9)?;
        let (has_assistant, has_owner): (bool, bool) = (row.get(15)?, row.get(16)?);
        let session_id: Option<i64> = row.get(2)?;
        Ok(Chunk {
            record_id: row.get(0)?,
            record_hash: row.get(1)?,
            session_id,
            title: row.get(3)?,
            heading: row.get(4)?,
            text: body.get(range.clone()).unwrap_or_default().to_owned(),
            range,
            author: row.get(8)?,
            is_own: match (session_id, role.as_str()) {
                (None, _) | (_, "user") => Some(true),
                // Where nobody is known to be the owner, anybody may be.
                (_, "person") if !has_owner => None,
                _ => Some(false),
            },
            at: row.get(10)?,
            until: row.get(11)?,
            offset_minutes: row.get(12)?,
            precision: Precision::from_str(&row.get::<_, String>(13)?)
                .unwrap_or(Precision::Unknown),
            tags: serde_json::from_str(&row.get::<_, String>(14)?).unwrap_or_default(),
            stream: match (session_id, has_assistant) {
                (None, _) => Stream::Notes,
                (_, true) => Stream::Assistant,
                (_, false) => Stream::Chat,
            },
        })
    })?;
    let chunks = rows.collect::<rusqlite::Result<Vec<_>>>()?;
    let queued_at = reader
        .prepare_cached(
            "SELECT updated_at FROM jobs WHERE kind = 'dream' AND key = ?1 AND state = 'queued'",
        )?
        .query_row([&key], |row| row.get(0))
        .optional()?;
    let dreamt: Option<(Hash, bool)> = reader
        .prepare_cached(
            "SELECT input_hash, is_provisional FROM periods WHERE kind = 'day' AND starts_on = ?1",
        )?
        .query_row([&key], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let input_hash = input_hash(&chunks, mind);
    Ok(Day {
        day,
        chunks,
        input_hash,
        queued_at,
        dreamt_hash: dreamt.map(|dreamt| dreamt.0),
        is_provisional: dreamt.is_some_and(|dreamt| dreamt.1),
    })
}

fn input_hash(chunks: &[Chunk], mind: &str) -> Hash {
    let mut parts: Vec<Vec<u8>> = vec![mind.as_bytes().to_vec()];
    for chunk in chunks {
        parts.push(
            [
                chunk.record_id.to_le_bytes().as_slice(),
                &chunk.at.to_le_bytes(),
                &chunk.until.unwrap_or(i64::MIN).to_le_bytes(),
                chunk.precision.as_str().as_bytes(),
                chunk.author.as_bytes(),
                &[chunk.is_own.map_or(2, u8::from)],
            ]
            .concat(),
        );
        parts.push(chunk.title.as_bytes().to_vec());
        parts.push(chunk.heading.as_bytes().to_vec());
        parts.push(chunk.text.as_bytes().to_vec());
    }
    Hash::of_fields(parts.iter().map(Vec::as_slice))
}
