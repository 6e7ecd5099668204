//! One person's page: since when, how often, with what and with whom, and how it felt.

use chrono::{Datelike, NaiveDate};
use rusqlite::Connection;

use super::list::one;
use crate::{
    Error, Journal, Result,
    api::{
        graph::{Neighbour, NodeKind},
        looking_back::MomentsOf,
        people::{PersonDetail, PersonMonth},
    },
    clock::Precision,
    graph::ask::{self, Together},
    moments,
    periods::{self, hours::Took},
};

const MOMENTS: u32 = 50;
/// Moments that a story is chosen from, the weightiest, beside the first and the last.
const TOLD: u32 = 40;
/// Topics, and people, that are shown.
const SHARED: usize = 12;

/// The moments with somebody that are not hidden.
const WITH: &str = "FROM edges x JOIN moments m ON m.id = x.from_id AND m.is_hidden = 0
    WHERE x.to_kind = 'entity' AND x.to_id = ?1 AND x.from_kind = 'moment' AND x.rel_type = 'involves'";

pub(crate) fn show(journal: &Journal, name: &str) -> Result<PersonDetail> {
    let id = ask::resolve(journal, name, &[NodeKind::Person])?.id;
    journal.store().read(|reader| {
        let person = one(reader, id)?.ok_or_else(|| Error::NotFound(format!("person {id}")))?;
        let page = moments::page(reader, MomentsOf::Person, id, None, MOMENTS)?;
        let took = took(reader, id)?;
        let hours = periods::hours::of(took.iter().map(|(kind, stretch)| Took {
            moment_type: kind,
            ..*stretch
        }));
        let (n_felt_usual, valence_usual) = reader
            .prepare_cached(
                "SELECT count(*), avg(valence) FROM moments WHERE is_hidden = 0 AND emotions <> '[]'",
            )?
            .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let Together { topics, people } = ask::together(reader, id)?;
        let shown = |all: Vec<Neighbour>| all.into_iter().take(SHARED).collect();
        Ok(PersonDetail {
            aliases: aliases(reader, id, &person.name)?,
            per_month: per_month(&person.first_day, &person.last_day, person.n_moments),
            months: months(reader, id)?,
            valence_usual,
            n_felt_usual,
            minutes: hours.minutes,
            approximate_minutes: hours.approximate_minutes,
            hours: hours.by_kind,
            story: periods::told_of(&telling(reader, id)?),
            topics: shown(topics),
            people: shown(people),
            moments: page.moments,
            next: page.next,
            person,
        })
    })
}

/// Moments a month: a month that has only begun counts as one.
fn per_month(first: &str, last: &str, n: u32) -> f32 {
    let month = |day: &str| {
        day.parse::<NaiveDate>().map(|day| i64::from(day.year()) * 12 + i64::from(day.month0()))
    };
    match (month(first), month(last)) {
        (Ok(first), Ok(last)) => n as f32 / (last - first + 1).max(1) as f32,
        _ => 0.0,
    }
}

/// Other names that are kept of somebody.
fn aliases(reader: &Connection, id: i64, shown: &str) -> Result<Vec<String>> {
    let kept: String = reader
        .prepare_cached("SELECT aliases FROM entities WHERE id = ?1")?
        .query_row([id], |row| row.get(0))?;
    let mut all: Vec<String> = serde_json::from_str(&kept).unwrap_or_default();
    all.retain(|other| other != shown);
    all.dedup();
    Ok(all)
}

fn months(reader: &Connection, id: i64) -> Result<Vec<PersonMonth>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT substr(m.day, 1, 7), count(*), count(CASE WHEN m.emotions <> '[]' THEN 1 END),
           avg(CASE WHEN m.emotions <> '[]' THEN m.valence END)
         {WITH} GROUP BY 1 ORDER BY 1"
    ))?;
    let months = find.query_map([id], |row| {
        Ok(PersonMonth {
            month: row.get(0)?,
            n_moments: row.get(1)?,
            n_felt: row.get(2)?,
            valence: row.get(3)?,
        })
    })?;
    Ok(months.collect::<rusqlite::Result<_>>()?)
}

fn took(reader: &Connection, id: i64) -> Result<Vec<(String, Took<'static>)>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT m.moment_type, m.starts_at, m.ends_at, m.precision {WITH}"
    ))?;
    let rows = find.query_map([id], |row| {
        let precision: String = row.get(3)?;
        let stretch = Took {
            moment_type: "",
            starts_at: row.get(1)?,
            ends_at: row.get(2)?,
            precision: precision.parse().unwrap_or(Precision::Unknown),
        };
        Ok((row.get(0)?, stretch))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The moments that a story is told from, in order of time.
fn telling(reader: &Connection, id: i64) -> Result<Vec<crate::api::moments::MomentCard>> {
    let ids = moments::to_tell_of(reader, &format!("SELECT m.id {WITH}"), id, TOLD)?;
    moments::cards_of(reader, &ids)
}

#[cfg(test)]
mod tests {
    use super::per_month;

    #[test]
    fn a_month_that_has_only_begun_counts_as_one() {
        assert!((per_month("2026-10-31", "2026-11-01", 4) - 2.0).abs() < f32::EPSILON);
        assert!((per_month("2026-10-14", "2026-10-14", 3) - 3.0).abs() < f32::EPSILON);
        assert!((per_month("2025-11-01", "2026-10-31", 12) - 1.0).abs() < f32::EPSILON);
    }
}
