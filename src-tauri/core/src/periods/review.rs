//! A week, a month or a year as the window and the command line show it.

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    compare, digest,
    facts::is_thin,
    span::{self, Span},
};
use crate::{
    Journal, Result,
    api::periods::{Differences, PeriodKind, ReviewOutcome, ReviewState, ReviewView},
    clock::parse_day,
    mind::builtin,
    store::Hash,
};

/// The week, month or year in which a day lies; without a day, today's.
pub(crate) fn show_review(
    journal: &Journal,
    kind: PeriodKind,
    day: Option<&str>,
) -> Result<ReviewView> {
    let today = journal.calendar()?.day_of(journal.clock().now_ms());
    let day = day.map(parse_day).transpose()?.unwrap_or(today);
    let week_start = journal.settings().week_start()?;
    let span = Span::of(kind, day, week_start);
    journal.store().read(|reader| {
        let mut view = empty(&span, today);
        view.n_days_waiting = n_waiting(reader, &span)?;
        let known = read(reader, &span, &mut view)?;
        let present = digest::now(reader, &span)?;
        view.state = match (known, present) {
            (None, None) if view.n_days_waiting == 0 => ReviewState::Empty,
            (None, _) => ReviewState::Waiting,
            (known, present) if known == present && view.n_days_waiting == 0 => ReviewState::Told,
            _ => ReviewState::Stale,
        };
        view.is_thin = known.is_some() && is_thin(kind, view.n_days, view.n_moments);
        if known.is_some() {
            let own = (view.hours.as_slice(), view.people.as_slice(), view.language.as_str());
            view.differences = compare::with_before(reader, &span, own, week_start)?;
        }
        let neighbour = |sql: &str, day: &NaiveDate| -> Result<Option<String>> {
            Ok(reader.prepare_cached(sql)?.query_row([day.to_string()], |row| row.get(0))?)
        };
        view.previous =
            neighbour("SELECT max(day) FROM moments WHERE day < ?1 AND is_hidden = 0", &span.from)?;
        view.next = neighbour(
            "SELECT min(day) FROM moments WHERE day > ?1 AND is_hidden = 0",
            &span.until,
        )?;
        Ok(view)
    })
}

fn empty(span: &Span, today: NaiveDate) -> ReviewView {
    let (starts_on, ends_on) = span.days();
    ReviewView {
        kind: span.kind,
        starts_on,
        ends_on,
        state: ReviewState::Empty,
        is_running: span.from <= today && today <= span.until,
        is_thin: false,
        title: String::new(),
        summary: String::new(),
        language: String::new(),
        mind: String::new(),
        is_by_model: false,
        is_provisional: false,
        told_at: None,
        valence: None,
        arousal: None,
        n_days: 0,
        n_days_waiting: 0,
        n_moments: 0,
        n_records: 0,
        minutes: 0,
        approximate_minutes: 0,
        hours: Vec::new(),
        n_outcomes: 0,
        outcomes: Vec::new(),
        people: Vec::new(),
        topics: Vec::new(),
        best_day: None,
        differences: Differences::default(),
        previous: None,
        next: None,
    }
}

/// Days with something that no dream has read yet.
fn n_waiting(reader: &Connection, span: &Span) -> Result<u32> {
    let (from, until) = span.days();
    Ok(reader
        .prepare_cached(
            "SELECT count(*) FROM jobs
             WHERE kind = 'dream' AND state = 'queued' AND key BETWEEN ?1 AND ?2",
        )?
        .query_row([from, until], |row| row.get(0))?)
}

/// Fills in what is kept. Returns the hash of what it was told from; `None` where it was not told.
fn read(reader: &Connection, span: &Span, view: &mut ReviewView) -> Result<Option<Hash>> {
    let mut outcomes = String::new();
    let hash = reader
        .prepare_cached(
            "SELECT input_hash, title, summary, language, mind, is_provisional, updated_at, valence,
               arousal, n_days, n_moments, n_records, minutes, approximate_minutes, hours,
               n_outcomes, outcomes, people, topics, best_day
             FROM periods WHERE kind = ?1 AND starts_on = ?2",
        )?
        .query_row(params![span::word(span.kind), view.starts_on], |row| {
            let json = |n| row.get::<_, String>(n);
            view.title = row.get(1)?;
            view.summary = row.get(2)?;
            view.language = row.get(3)?;
            view.mind = row.get(4)?;
            view.is_by_model = view.mind != builtin::NAME;
            view.is_provisional = row.get(5)?;
            view.told_at = row.get(6)?;
            view.valence = row.get(7)?;
            view.arousal = row.get(8)?;
            view.n_days = row.get(9)?;
            view.n_moments = row.get(10)?;
            view.n_records = row.get(11)?;
            view.minutes = row.get(12)?;
            view.approximate_minutes = row.get(13)?;
            view.hours = serde_json::from_str(&json(14)?).unwrap_or_default();
            view.n_outcomes = row.get(15)?;
            outcomes = json(16)?;
            view.people = serde_json::from_str(&json(17)?).unwrap_or_default();
            view.topics = serde_json::from_str(&json(18)?).unwrap_or_default();
            let best_day: Option<String> = row.get(19)?;
            view.best_day = best_day.and_then(|day| serde_json::from_str(&day).ok());
            row.get(0)
        })
        .optional()?;
    // Their words stand with the moments alone.
    let mut find = reader.prepare_cached(
        "SELECT m.id, m.day, m.title, m.outcome FROM json_each(?1) one
              JOIN moments m ON m.id = one.value
         WHERE m.is_hidden = 0 AND m.outcome <> '' ORDER BY one.key",
    )?;
    if hash.is_some() {
        view.outcomes = find
            .query_map([outcomes], |row| {
                Ok(ReviewOutcome {
                    moment_id: row.get(0)?,
                    day: row.get(1)?,
                    title: row.get(2)?,
                    outcome: row.get(3)?,
                })
            })?
            .collect::<rusqlite::Result<_>>()?;
    }
    Ok(hash)
}
