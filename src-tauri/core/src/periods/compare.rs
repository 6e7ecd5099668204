//! What was different from the periods before: reckoned when it is asked for, so that a period's own row
//! rests on nothing but its own days, and is told in sentences.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Weekday;
use rusqlite::{Connection, OptionalExtension, params};

use super::span::{self, Span};
use crate::{
    Result,
    api::periods::{Differences, HoursChange, KindHours, NameCount, PeriodKind},
    text::language::Language,
};

/// Periods that one is compared with, at most.
const BACK: u32 = 4;
/// Periods with moments below which nothing is usual.
const FEWEST: u32 = 2;
/// A type of moment that took half as much again as usual, or two thirds of it, took much more or less.
const MUCH: f64 = 1.5;
/// Changes, and new people, that are told.
const MOST: usize = 3;
/// Moments that make somebody new worth telling.
const OFTEN: u32 = 2;

/// Minutes below which a change is none.
fn least_minutes(kind: PeriodKind) -> u32 {
    match kind {
        PeriodKind::Week => 60,
        PeriodKind::Month => 240,
        PeriodKind::Year => 1_200,
    }
}

/// What was different from the four periods before.
pub(super) fn with_before(
    reader: &Connection,
    span: &Span,
    (hours, people, language): (&[KindHours], &[NameCount], &str),
    week_start: Weekday,
) -> Result<Differences> {
    let mut before: Vec<(Span, Vec<KindHours>)> = Vec::new();
    let mut earlier = span.before(week_start);
    for _ in 0..BACK {
        let Some(one) = earlier else { break };
        let found: Option<String> = reader
            .prepare_cached(
                "SELECT hours FROM periods WHERE kind = ?1 AND starts_on = ?2 AND n_moments > 0",
            )?
            .query_row(params![span::word(one.kind), one.from.to_string()], |row| row.get(0))
            .optional()?;
        if let Some(hours) = found {
            before.push((one, serde_json::from_str(&hours).unwrap_or_default()));
        }
        earlier = one.before(week_start);
    }
    let n_periods = u32::try_from(before.len()).unwrap_or(u32::MAX);
    if n_periods < FEWEST {
        return Ok(Differences::default());
    }
    let known: BTreeSet<String> = {
        let first = before.last().map_or(span.from, |(first, _)| first.from);
        let mut find = reader.prepare_cached(
            "SELECT DISTINCT person.value FROM moments m, json_each(m.people) person
             WHERE m.day >= ?1 AND m.day < ?2 AND m.is_hidden = 0",
        )?;
        find.query_map([first.to_string(), span.from.to_string()], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?
    };
    let new_people: Vec<String> = people
        .iter()
        .filter(|person| person.n_moments >= OFTEN && !known.contains(&person.name))
        .map(|person| person.name.clone())
        .take(MOST)
        .collect();
    let hours =
        changes(span.kind, hours, before.iter().map(|(_, hours)| hours.as_slice()), n_periods);
    let text = words(span.kind, n_periods, &hours, &new_people, language);
    Ok(Differences { n_periods, hours, new_people, text })
}

fn all_minutes(kind: &KindHours) -> u32 {
    kind.minutes + kind.approximate_minutes
}

fn changes<'h>(
    kind: PeriodKind,
    hours: &[KindHours],
    before: impl Iterator<Item = &'h [KindHours]>,
    n_periods: u32,
) -> Vec<HoursChange> {
    let mut sums: BTreeMap<&str, u32> =
        hours.iter().map(|kind| (kind.moment_type.as_str(), 0)).collect();
    for one in before.flatten() {
        *sums.entry(one.moment_type.as_str()).or_default() += all_minutes(one);
    }
    let mut changes: Vec<HoursChange> = sums
        .into_iter()
        .map(|(name, sum)| HoursChange {
            moment_type: name.to_owned(),
            minutes: hours.iter().find(|kind| kind.moment_type == name).map_or(0, all_minutes),
            usual_minutes: (sum + n_periods / 2) / n_periods,
        })
        .filter(|change| {
            let (less, more) = (
                change.minutes.min(change.usual_minutes),
                change.minutes.max(change.usual_minutes),
            );
            more - less >= least_minutes(kind) && f64::from(more) >= f64::from(less) * MUCH
        })
        .collect();
    let apart = |change: &HoursChange| change.minutes.abs_diff(change.usual_minutes);
    changes.sort_by(|a, b| apart(b).cmp(&apart(a)).then_with(|| a.moment_type.cmp(&b.moment_type)));
    changes.truncate(MOST);
    changes
}

/// "More work than in the 4 weeks before: 12 h, usually 5 h 30 min. New: Hester."
fn words(
    kind: PeriodKind,
    n_periods: u32,
    hours: &[HoursChange],
    new_people: &[String],
    language: &str,
) -> String {
    let is_german = Language::from_code(language) == Some(Language::German);
    let mut sentences: Vec<String> = Vec::new();
    for (n, change) in hours.iter().enumerate() {
        let (now, usual) = (duration(change.minutes), duration(change.usual_minutes));
        let is_more = change.minutes > change.usual_minutes;
        // What it is compared with is said once.
        let than = if n > 0 { String::new() } else { than(kind, n_periods, is_german) };
        sentences.push(if is_german {
            let more = if is_more { "Mehr" } else { "Weniger" };
            let name = german(&change.moment_type);
            format!("{more} Zeit für {name}{than}: {now}, sonst im Schnitt {usual}.")
        } else {
            let more = if is_more { "More" } else { "Less" };
            let name = match change.moment_type.as_str() {
                "work_session" => "work".to_owned(),
                "other" => "other things".to_owned(),
                name => name.replace('_', " "),
            };
            format!("{more} time for {name}{than}: {now}, usually {usual}.")
        });
    }
    if !new_people.is_empty() {
        let new = if is_german { "Neu dabei" } else { "New" };
        sentences.push(format!("{new}: {}.", new_people.join(", ")));
    }
    sentences.join(" ")
}

fn than(kind: PeriodKind, n: u32, is_german: bool) -> String {
    let name = match (kind, is_german) {
        (PeriodKind::Week, false) => "weeks",
        (PeriodKind::Month, false) => "months",
        (PeriodKind::Year, false) => "years",
        (PeriodKind::Week, true) => "Wochen",
        (PeriodKind::Month, true) => "Monaten",
        (PeriodKind::Year, true) => "Jahren",
    };
    if is_german {
        format!(" als in den {n} {name} davor")
    } else {
        format!(" than in the {n} {name} before")
    }
}

/// "5 h 30 min", "40 min", "12 h".
fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// The types of moments in German; one of the person's own keeps its name.
fn german(moment_type: &str) -> &str {
    match moment_type {
        "conversation" => "Gespräche",
        "assistant" => "Gespräche mit dem Assistenten",
        "meeting" => "Besprechungen",
        "collaboration" => "Zusammenarbeit",
        "debugging" => "Fehlersuche",
        "work_session" => "Arbeit",
        "planning" => "Planung",
        "learning" => "Lernen",
        "writing" => "Schreiben",
        "creative" => "Schöpferisches",
        "travel" => "Reisen",
        "meal" => "Mahlzeiten",
        "exercise" => "Bewegung",
        "reading" => "Lesen",
        "rest" => "Ruhe",
        "health" => "Gesundheit",
        "errand" => "Erledigungen",
        "family" => "Familie",
        "social" => "Geselligkeit",
        "celebration" => "Feste",
        "reflection" => "Nachdenken",
        "prediction" => "Vorhersagen",
        "idea" => "Ideen",
        "other" => "anderes",
        own => own,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::MOMENT_TYPES;

    fn kind(name: &str, minutes: u32) -> KindHours {
        KindHours {
            moment_type: name.into(),
            n_moments: 1,
            n_without_length: 0,
            minutes,
            approximate_minutes: 0,
        }
    }

    fn changed(now: &[KindHours], before: &[Vec<KindHours>]) -> Vec<(String, u32, u32)> {
        let n = u32::try_from(before.len()).unwrap_or_default();
        changes(PeriodKind::Week, now, before.iter().map(Vec::as_slice), n)
            .into_iter()
            .map(|change| (change.moment_type, change.minutes, change.usual_minutes))
            .collect()
    }

    #[test]
    fn only_what_took_much_more_or_much_less_time_is_a_difference() {
        let before = [vec![kind("work", 100)], vec![kind("work", 300), kind("rest", 240)]];
        assert_eq!(
            changed(&[kind("work", 260), kind("meal", 30)], &before),
            [("rest".into(), 0, 120)]
        );
        assert_eq!(
            changed(&[kind("work", 500), kind("rest", 120)], &before),
            [("work".into(), 500, 200)]
        );
    }

    #[test]
    fn differences_are_told_in_sentences_and_what_they_are_compared_with_once() {
        let hours = [
            HoursChange { moment_type: "work_session".into(), minutes: 500, usual_minutes: 120 },
            HoursChange { moment_type: "rest".into(), minutes: 0, usual_minutes: 90 },
        ];
        let said =
            |language: &str| words(PeriodKind::Week, 4, &hours, &["Hester".into()], language);
        assert_eq!(
            said("en"),
            "More time for work than in the 4 weeks before: 8 h 20 min, usually 2 h. Less time for rest: \
             0 min, usually 1 h 30 min. New: Hester."
        );
        assert_eq!(
            said("de"),
            "Mehr Zeit für Arbeit als in den 4 Wochen davor: 8 h 20 min, sonst im Schnitt 2 h. Weniger \
             Zeit für Ruhe: 0 min, sonst im Schnitt 1 h 30 min. Neu dabei: Hester."
        );
    }

    #[test]
    fn every_type_has_a_german_name() {
        for name in MOMENT_TYPES {
            assert_ne!(german(name), *name);
        }
    }
}
