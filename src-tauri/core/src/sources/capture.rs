//! The capture box: quick notes, the one thing that is written in the journal itself.

use chrono::NaiveDate;
use rusqlite::{OptionalExtension, Transaction, params};

use crate::{
    Error, Journal, Result,
    api::notes::NoteAdded,
    clock::{Stamp, Stamped, can_be_told},
    event::Event,
    records::{
        draft::{Draft, Part, ResourceDraft},
        keep::{Keeping, Kept, keep, queue_days, queue_wholes},
    },
    text,
};

/// A quick note is a note: longer texts belong in a file.
const LONGEST: usize = 100_000;

pub(crate) fn add_note(journal: &Journal, text: &str, at: Option<i64>) -> Result<NoteAdded> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Error::invalid("a note needs some text"));
    }
    if text.len() > LONGEST {
        return Err(Error::invalid(format!(
            "this note has {} bytes; quick notes hold up to {LONGEST}: save it as a file in a watched folder",
            text.len()
        )));
    }
    let calendar = journal.calendar()?;
    let now = journal.clock().now_ms();
    let at = at.unwrap_or(now);
    if at > now + 86_400_000 {
        return Err(Error::invalid("a note tells what has happened: its time lies in the future"));
    }
    if !can_be_told(at) {
        return Err(Error::invalid("this is no time that can be told"));
    }
    let stamped = Stamped::exact(Stamp::Instant(at));
    let day: NaiveDate = calendar.resolve(stamped).day;
    let first_line = text.lines().next().unwrap_or_default();
    let draft = Draft::Resource(ResourceDraft {
        key: String::new(),
        title: text::summary::title(first_line, None, &[], &[]),
        body: text.to_owned(),
        stamped: Some(stamped),
        tags: Vec::new(),
        links: Vec::new(),
        parts: vec![Part { span: 0..text.len(), heading: None, stamped: None }],
    });
    let record_id = journal.store().write(|tx| {
        let source_id = capture_source(tx, now)?;
        // Two notes in one millisecond are two notes: the next free number tells them apart.
        let next: i64 =
            tx.query_row("SELECT coalesce(max(id), 0) + 1 FROM records", [], |row| row.get(0))?;
        let keeping = Keeping {
            source_id,
            file_id: None,
            path: &next.to_le_bytes(),
            format: "capture",
            calendar: &calendar,
            fallback: None,
            own_names: &[],
            now,
        };
        let mut kept = Kept::default();
        let id = keep(tx, &keeping, &draft, &mut kept)?;
        queue_days(tx, &kept.days, now)?;
        queue_wholes(tx, &kept.wholes, now)?;
        Ok(id)
    })?;
    journal.tell(&Event::JournalChanged { days: vec![day.to_string()] });
    Ok(NoteAdded { record_id, day: day.to_string() })
}

fn capture_source(tx: &Transaction<'_>, now: i64) -> Result<i64> {
    let known = tx
        .query_row("SELECT id FROM sources WHERE kind = 'capture'", [], |row| row.get(0))
        .optional()?;
    if let Some(id) = known {
        return Ok(id);
    }
    tx.execute(
        "INSERT INTO sources (kind, path, label, is_watched, state, created_at)
         VALUES ('capture', '', 'Quick notes', 0, 'ok', ?1)",
        params![now],
    )?;
    Ok(tx.last_insert_rowid())
}
