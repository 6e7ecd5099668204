//! A moment with its evidence, what goes with it, and its history.

use std::{ops::Range, str::FromStr};

use rusqlite::{Connection, OptionalExtension};

use super::{
    cards::{COLUMNS, card, sources_of},
    correct::corrected_fields,
    history, related,
};
use crate::{
    Error, Journal, Result,
    api::{
        moments::{Evidence, MomentDetail},
        pieces,
    },
    clock::Precision,
    records::text_at,
    store::Hash,
};

pub(crate) fn show(journal: &Journal, id: i64) -> Result<MomentDetail> {
    journal.store().read(|reader| {
        let found = reader
            .prepare_cached(&format!(
                "SELECT {COLUMNS}, m.confidence, m.mind FROM moments m WHERE m.id = ?1"
            ))?
            .query_row([id], |row| Ok((card(row)?, row.get(18)?, row.get(19)?)))
            .optional()?;
        let (mut moment, confidence, mind) =
            found.ok_or_else(|| Error::NotFound(format!("moment {id}")))?;
        moment.sources = sources_of(reader, id)?;
        Ok(MomentDetail {
            related: related::of(reader, &moment)?,
            evidence: evidence(reader, id)?,
            corrected: corrected_fields(reader, id)?,
            history: history::of_moment(reader, id)?,
            moment,
            confidence,
            mind,
        })
    })
}

fn evidence(reader: &Connection, id: i64) -> Result<Vec<Evidence>> {
    let mut find = reader.prepare_cached(
        "SELECT e.record_id, e.starts, e.ends, e.record_hash, e.marks, r.kind, r.author,
                coalesce(f.format, 'capture'), coalesce(f.name, ''),
                CASE r.kind WHEN 'message' THEN s.title ELSE r.title END,
                coalesce(c.occurred_at, r.occurred_at),
                CASE WHEN c.occurred_at IS NULL THEN r.offset_minutes ELSE c.offset_minutes END,
                coalesce(c.precision, r.precision)
         FROM evidence e JOIN records r ON r.id = e.record_id
              LEFT JOIN chunks c ON c.record_id = e.record_id AND r.hash = e.record_hash
                AND c.starts <= e.starts AND c.ends > e.starts
              LEFT JOIN records s ON s.id = r.session_id
              LEFT JOIN files f ON f.id = r.file_id
         WHERE e.moment_id = ?1 ORDER BY e.ordinal",
    )?;
    let rows = find.query_map([id], |row| {
        let range: Range<usize> = row.get(1)?..row.get(2)?;
        let hash: Hash = row.get(3)?;
        let marks: String = row.get(4)?;
        let is_message = row.get::<_, String>(5)? == "message";
        let view = Evidence {
            record_id: row.get(0)?,
            author: row.get(6)?,
            format: row.get(7)?,
            file: row.get(8)?,
            title: row.get::<_, Option<String>>(9)?.unwrap_or_default(),
            occurred_at: row.get(10)?,
            offset_minutes: row.get(11)?,
            precision: Precision::from_str(&row.get::<_, String>(12)?)
                .unwrap_or(Precision::Unknown),
            line: None,
            pieces: Vec::new(),
            is_current: false,
        };
        Ok((view, range, hash, marks, is_message))
    })?;
    let mut all = Vec::new();
    for row in rows {
        let (mut view, range, hash, marks, is_message) = row?;
        let Some(text) = text_at(reader, view.record_id, hash)? else { continue };
        let Some(words) = text.body.get(range.clone()) else { continue };
        let marks: Vec<(usize, usize)> = serde_json::from_str(&marks).unwrap_or_default();
        let marks: Vec<_> = marks
            .into_iter()
            .filter(|(start, end)| *start >= range.start && *end <= range.end && start < end)
            .map(|(start, end)| start - range.start..end - range.start)
            .collect();
        view.pieces = pieces::cut(words, &marks);
        view.is_current = text.is_current;
        if !is_message {
            view.line = Some(line_of(&text.body, range.start));
        }
        all.push(view);
    }
    Ok(all)
}

/// The line, counted from 1, on which a byte of a text stands.
fn line_of(text: &str, at: usize) -> u32 {
    let n = text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count();
    u32::try_from(n + 1).unwrap_or(u32::MAX)
}
