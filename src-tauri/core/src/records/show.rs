//! A record as the person wrote it, with the evidence of a moment marked in it.

use std::{ops::Range, str::FromStr};

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Error, Journal, Result,
    api::{
        pieces,
        records::{MessageView, RecordView},
    },
    clock::Precision,
    records::passage_at,
    store::Hash,
};

/// A note longer than this is shown in part; nobody reads further in a window.
const LONGEST_NOTE: usize = 200_000;
const MOST_MESSAGES: i64 = 200;

/// Whether there is a record of this number that is not gone from its source.
pub(crate) fn is_there(journal: &Journal, id: i64) -> Result<bool> {
    journal.store().read(|reader| {
        let mut find = reader.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM records WHERE id = ?1 AND deleted_at IS NULL)",
        )?;
        Ok(find.query_row([id], |row| row.get(0))?)
    })
}

pub(crate) fn show(journal: &Journal, id: i64, moment_id: Option<i64>) -> Result<RecordView> {
    journal.store().read(|reader| {
        let found = reader
            .query_row(
                "SELECT r.kind, r.title, r.body, r.session_id, r.ordinal, r.occurred_at,
                        r.offset_minutes, r.precision, r.day, r.tags,
                        coalesce(f.format, 'capture'), coalesce(f.name, ''), s.label
                 FROM records r JOIN sources s ON s.id = r.source_id
                      LEFT JOIN files f ON f.id = r.file_id
                 WHERE r.id = ?1",
                [id],
                |row| {
                    let view = RecordView {
                        id,
                        kind: row.get(0)?,
                        title: row.get(1)?,
                        occurred_at: row.get(5)?,
                        offset_minutes: row.get(6)?,
                        precision: precision(&row.get::<_, String>(7)?),
                        day: row.get(8)?,
                        tags: serde_json::from_str(&row.get::<_, String>(9)?).unwrap_or_default(),
                        found_tags: Vec::new(),
                        format: row.get(10)?,
                        file: row.get(11)?,
                        source: row.get(12)?,
                        pieces: Vec::new(),
                        messages: Vec::new(),
                        is_cut: false,
                        summary: None,
                    };
                    let body: String = row.get(2)?;
                    let session: (Option<i64>, i64) = (row.get(3)?, row.get(4)?);
                    Ok((view, body, session))
                },
            )
            .optional()?;
        let (mut view, body, (session_id, ordinal)) =
            found.ok_or_else(|| Error::NotFound(format!("record {id}")))?;
        match view.kind.as_str() {
            "resource" => {
                let marks = marks(reader, id, moment_id)?;
                let end = floor_char(&body, LONGEST_NOTE);
                view.is_cut = end < body.len();
                view.pieces = pieces::cut(&body[..end], &marks);
            }
            "session" => show_messages(reader, &mut view, id, 0, moment_id)?,
            _ => {
                if let Some(session_id) = session_id {
                    view.title = reader.query_row(
                        "SELECT title FROM records WHERE id = ?1",
                        [session_id],
                        |row| row.get(0),
                    )?;
                    show_messages(reader, &mut view, session_id, ordinal, moment_id)?;
                }
            }
        }
        Ok(view)
    })
}

fn show_messages(
    reader: &Connection,
    view: &mut RecordView,
    session_id: i64,
    around: i64,
    moment_id: Option<i64>,
) -> Result<()> {
    let first = (around - MOST_MESSAGES / 4).max(0);
    let mut find = reader.prepare(
        "SELECT id, author, role, occurred_at, offset_minutes, precision, body FROM records
         WHERE session_id = ?1 AND ordinal >= ?2 AND deleted_at IS NULL ORDER BY ordinal LIMIT ?3",
    )?;
    let rows = find.query_map(params![session_id, first, MOST_MESSAGES + 1], |row| {
        Ok((
            MessageView {
                id: row.get(0)?,
                author: row.get(1)?,
                role: row.get(2)?,
                occurred_at: row.get(3)?,
                offset_minutes: row.get(4)?,
                precision: precision(&row.get::<_, String>(5)?),
                pieces: Vec::new(),
            },
            row.get::<_, String>(6)?,
        ))
    })?;
    for row in rows {
        let (mut message, body) = row?;
        message.pieces = pieces::cut(&body, &marks(reader, message.id, moment_id)?);
        view.messages.push(message);
    }
    view.is_cut = first > 0 || view.messages.len() as i64 > MOST_MESSAGES;
    view.messages.truncate(MOST_MESSAGES as usize);
    Ok(())
}

fn marks(reader: &Connection, record_id: i64, moment_id: Option<i64>) -> Result<Vec<Range<usize>>> {
    let Some(moment_id) = moment_id else { return Ok(Vec::new()) };
    let mut find = reader.prepare_cached(
        "SELECT starts, ends, record_hash FROM evidence WHERE moment_id = ?1 AND record_id = ?2",
    )?;
    let spans: Vec<(Range<usize>, Hash)> = find
        .query_map(params![moment_id, record_id], |row| {
            Ok((row.get(0)?..row.get(1)?, row.get(2)?))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut marks = Vec::new();
    for (range, hash) in spans {
        let passage = passage_at(reader, record_id, hash, range)?;
        marks.extend(passage.filter(|passage| passage.is_current).map(|passage| passage.range));
    }
    Ok(marks)
}

/// The last character boundary at or before `at`.
fn floor_char(text: &str, at: usize) -> usize {
    if at >= text.len() {
        return text.len();
    }
    (0..=at).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

fn precision(word: &str) -> Precision {
    Precision::from_str(word).unwrap_or(Precision::Unknown)
}
