//! A moment with its evidence, what goes with it, and its history.

use std::{ops::Range, str::FromStr};

use rusqlite::{Connection, OptionalExtension};

use super::{
    cards::{COLUMNS, card, sources_of},
    correct::corrected_fields,
    derive::Insight,
    history, related, types, witnesses,
};
use crate::{
    Error, Journal, Result,
    api::{
        moments::{Evidence, Field, JointInsight, MomentDetail},
        pieces::{self, Piece},
    },
    clock::Precision,
    fading::{self, Thing, formula::Rates},
    records::{Passage, passage_at},
    store::Hash,
};

pub(crate) fn show(journal: &Journal, id: i64) -> Result<MomentDetail> {
    let calendar = journal.calendar()?;
    let (today, _) = calendar.day_bounds(calendar.day_of(journal.clock().now_ms()));
    let rates = Rates::from(&journal.settings().decay);
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
        let all = evidence(reader, id)?;
        let corrected = corrected_fields(reader, id)?;
        let insights = insights(reader, id, &all)?;
        Ok(MomentDetail {
            related: related::of(reader, &moment)?,
            is_type_registered: types::is_registered(reader, &moment.moment_type)?,
            insights,
            witnesses: witnesses::of(&moment, &all, corrected.contains(&Field::Time)),
            evidence: all.into_iter().filter_map(|stands| stands.view).collect(),
            corrected,
            history: history::of_moment(reader, id)?,
            strength: fading::strength(reader, Thing::Moment, id, today, &rates)?.unwrap_or(1.0)
                as f32,
            moment,
            confidence,
            mind,
        })
    })
}

/// A span of evidence as it is shown, and what else is asked of it.
pub(super) struct Stands {
    /// Absent where its words cannot be found any more.
    view: Option<Evidence>,
    body: String,
    range: Range<usize>,
    /// When it says that it ended, in Unix milliseconds.
    pub(super) until: Option<i64>,
    /// The conversation, or the note itself.
    pub(super) thread: i64,
}

impl Stands {
    pub(super) fn view(&self) -> Option<&Evidence> {
        self.view.as_ref()
    }
}

fn evidence(reader: &Connection, id: i64) -> Result<Vec<Stands>> {
    let mut find = reader.prepare_cached(
        "SELECT e.record_id, e.starts, e.ends, e.record_hash, e.marks, r.kind, r.author,
                coalesce(f.format, 'capture'), coalesce(f.name, ''),
                CASE r.kind WHEN 'message' THEN s.title ELSE r.title END,
                r.occurred_at, r.offset_minutes, r.precision, coalesce(r.session_id, r.id)
         FROM evidence e JOIN records r ON r.id = e.record_id
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
        Ok((view, range, hash, marks, is_message, row.get(13)?))
    })?;
    let mut all = Vec::new();
    for row in rows {
        let (mut view, range, hash, marks, is_message, thread) = row?;
        let passage = passage_at(reader, view.record_id, hash, range.clone())?;
        let Some(Passage { body, range: stands, is_current }) = passage else {
            all.push(Stands { view: None, body: String::new(), range: 0..0, until: None, thread });
            continue;
        };
        let marks: Vec<(usize, usize)> = serde_json::from_str(&marks).unwrap_or_default();
        let marks: Vec<_> = marks
            .into_iter()
            .filter(|(start, end)| *start >= range.start && *end <= range.end && start < end)
            .map(|(start, end)| start - range.start..end - range.start)
            .collect();
        view.pieces = pieces::cut(&body[stands.clone()], &marks);
        view.is_current = is_current;
        let until = if is_current { own_time(reader, &mut view, stands.start)? } else { None };
        if !is_message {
            view.line = Some(line_of(&body, stands.start));
        }
        all.push(Stands { view: Some(view), body, range: stands, until, thread });
    }
    Ok(all)
}

/// What people came to together, each with its words. One whose words cannot be found any more is not
/// shown.
fn insights(reader: &Connection, id: i64, evidence: &[Stands]) -> Result<Vec<JointInsight>> {
    let told: String = reader
        .prepare_cached("SELECT insights FROM moments WHERE id = ?1")?
        .query_row([id], |row| row.get(0))?;
    let told: Vec<Insight> = serde_json::from_str(&told).unwrap_or_default();
    let shown = told.into_iter().filter_map(|insight| {
        let words: Vec<Evidence> = insight
            .places
            .iter()
            .filter_map(|place| {
                let stands = evidence.get(place.span)?;
                let mut view = stands.view.clone()?;
                let at = stands.range.start;
                let (start, end) = (at + place.start, at + place.end);
                let words = stands.body.get(start..end).filter(|_| end <= stands.range.end)?;
                view.pieces = vec![Piece { text: words.to_owned(), is_marked: true }];
                view.line = view.line.map(|_| line_of(&stands.body, start));
                Some(view)
            })
            .collect();
        (!words.is_empty()).then_some(JointInsight { text: insight.text, evidence: words })
    });
    Ok(shown.collect())
}

/// A stretch of a note may have a time of its own, apart from the note's. Returns its end, if it tells one.
fn own_time(reader: &Connection, view: &mut Evidence, at: usize) -> Result<Option<i64>> {
    let own = reader
        .prepare_cached(
            "SELECT occurred_at, offset_minutes, precision, until_at FROM chunks
             WHERE record_id = ?1 AND starts <= ?2 AND ends > ?2 AND occurred_at IS NOT NULL",
        )?
        .query_row(rusqlite::params![view.record_id, at], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get::<_, String>(2)?, row.get(3)?))
        })
        .optional()?;
    let mut until = None;
    if let Some((occurred_at, offset_minutes, precision, until_at)) = own {
        until = until_at;
        view.occurred_at = occurred_at;
        view.offset_minutes = offset_minutes;
        view.precision = Precision::from_str(&precision).unwrap_or(Precision::Unknown);
    }
    Ok(until)
}

/// The line, counted from 1, on which a byte of a text stands.
fn line_of(text: &str, at: usize) -> u32 {
    let n = text.as_bytes()[..at.min(text.len())].iter().filter(|byte| **byte == b'\n').count();
    u32::try_from(n + 1).unwrap_or(u32::MAX)
}
