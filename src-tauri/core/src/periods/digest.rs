//! From what a period is told: a hash of all that its moments show and its days' stories say, so that one
//! whose days are unchanged is left alone.

use std::{collections::BTreeMap, ops::RangeInclusive};

use chrono::NaiveDate;
use rusqlite::{Connection, params, types::ValueRef};

use super::{
    plain::Told,
    span::{self, Span},
};
use crate::{Result, store::Hash};

/// Changes when the same moments would have to be told anew.
const VERSION: &[u8] = b"period-1";

/// Hashes of days with moments that are not hidden.
pub(crate) type Days = BTreeMap<NaiveDate, Hash>;

/// All that a moment shows and that a period is told or reckoned from.
const SHOWN: &str = "m.id, m.starts_at, m.ends_at, m.precision, m.moment_type, m.title, m.summary,
    m.outcome, m.language, m.tags, m.people, m.emotions, m.valence, m.arousal, m.is_pinned";

/// The hashes of all days, or of some.
pub(crate) fn days(reader: &Connection, only: Option<RangeInclusive<NaiveDate>>) -> Result<Days> {
    let (from, until) = only.map_or_else(
        || (String::new(), "9999-12-31".to_owned()),
        |days| (days.start().to_string(), days.end().to_string()),
    );
    let mut find = reader.prepare_cached(&format!(
        "SELECT m.day, coalesce(p.summary, ''), {SHOWN} FROM moments m
              LEFT JOIN periods p ON p.kind = 'day' AND p.starts_on = m.day
         WHERE m.day BETWEEN ?1 AND ?2 AND m.is_hidden = 0 ORDER BY m.day, m.id"
    ))?;
    let n_columns = find.column_count();
    let mut rows = find.query(params![from, until])?;
    let mut days = Days::new();
    let mut open: Option<(NaiveDate, Vec<Vec<u8>>)> = None;
    while let Some(row) = rows.next()? {
        let Ok(day) = row.get::<_, String>(0)?.parse::<NaiveDate>() else { continue };
        if open.as_ref().is_none_or(|(known, _)| *known != day) {
            close(&mut days, open.take());
            open = Some((day, vec![bytes(row.get_ref(1)?)]));
        }
        if let Some((_, fields)) = &mut open {
            for n in 2..n_columns {
                fields.push(bytes(row.get_ref(n)?));
            }
        }
    }
    close(&mut days, open);
    Ok(days)
}

fn close(days: &mut Days, day: Option<(NaiveDate, Vec<Vec<u8>>)>) {
    if let Some((day, fields)) = day {
        days.insert(day, Hash::of_fields(fields.iter().map(Vec::as_slice)));
    }
}

fn bytes(value: ValueRef<'_>) -> Vec<u8> {
    match value {
        ValueRef::Null => Vec::new(),
        ValueRef::Integer(number) => number.to_le_bytes().to_vec(),
        ValueRef::Real(number) => number.to_bits().to_le_bytes().to_vec(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.to_vec(),
    }
}

/// A shorter period that a longer one is told from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) span: Span,
    pub(crate) told: Told,
}

/// What was told of the shorter periods that lie wholly within one, in order of time.
pub(crate) fn parts(reader: &Connection, of: &Span) -> Result<Vec<Part>> {
    let Some(kind) = span::shorter(of.kind) else { return Ok(Vec::new()) };
    let (from, until) = of.days();
    let mut find = reader.prepare_cached(
        "SELECT starts_on, ends_on, title, summary, mind, is_provisional FROM periods
         WHERE kind = ?1 AND starts_on >= ?2 AND ends_on <= ?3 AND summary <> '' ORDER BY starts_on",
    )?;
    let mut rows = find.query(params![span::word(kind), from, until])?;
    let mut parts = Vec::new();
    while let Some(row) = rows.next()? {
        let day = |n| Ok::<_, rusqlite::Error>(row.get::<_, String>(n)?.parse::<NaiveDate>());
        if let (Ok(from), Ok(until)) = (day(0)?, day(1)?) {
            let told = Told {
                title: row.get(2)?,
                summary: row.get(3)?,
                mind: row.get(4)?,
                is_provisional: row.get(5)?,
            };
            parts.push(Part { span: Span { kind, from, until }, told });
        }
    }
    Ok(parts)
}

/// The hash of a period; `None` where none of its days has moments.
pub(crate) fn of(span: &Span, days: &Days, parts: &[Part]) -> Option<Hash> {
    let own: Vec<(String, &Hash)> =
        days.range(span.from..=span.until).map(|(day, hash)| (day.to_string(), hash)).collect();
    if own.is_empty() {
        return None;
    }
    let (from, until) = span.days();
    let mut fields: Vec<&[u8]> =
        vec![VERSION, span::word(span.kind).as_bytes(), from.as_bytes(), until.as_bytes()];
    for (day, hash) in &own {
        fields.extend([day.as_bytes(), hash.0.as_slice()]);
    }
    let parts: Vec<(String, &Told)> =
        parts.iter().map(|part| (part.span.from.to_string(), &part.told)).collect();
    for (from, told) in &parts {
        fields.extend([from, &told.title, &told.summary, &told.mind].map(String::as_bytes));
    }
    Some(Hash::of_fields(fields))
}

/// The hash of a period as it is now.
pub(crate) fn now(reader: &Connection, span: &Span) -> Result<Option<Hash>> {
    let days = days(reader, Some(span.from..=span.until))?;
    Ok(of(span, &days, &parts(reader, span)?))
}
