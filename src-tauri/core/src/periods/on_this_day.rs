//! A calendar day in earlier years.

use chrono::{Datelike, Days, NaiveDate};
use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Error, Journal, Result,
    api::looking_back::{DayInYears, OnThisDay, YearBack},
    clock::parse_day,
    moments::cards_of,
};

const AROUND: u32 = 3;
const MOST_AROUND: u32 = 15;
const LIMIT: u32 = 5;
const MOST: u32 = 50;

pub(crate) fn on_this_day(journal: &Journal, request: &OnThisDay) -> Result<DayInYears> {
    let around = request.around.unwrap_or(AROUND);
    if around > MOST_AROUND || request.limit > MOST {
        return Err(Error::invalid(format!(
            "at most {MOST_AROUND} days before and after, and {MOST} moments of a year"
        )));
    }
    let limit = if request.limit == 0 { LIMIT } else { request.limit };
    let day = match &request.day {
        Some(day) => parse_day(day)?,
        None => journal.calendar()?.day_of(journal.clock().now_ms()),
    };
    journal.store().read(|reader| {
        let first = first_year(reader)?.unwrap_or(day.year());
        let mut found = DayInYears {
            day: day.to_string(),
            years: Vec::new(),
            is_near: false,
            note: String::new(),
        };
        for year in (first..day.year()).rev() {
            for (candidate, off) in same_day(day, year) {
                found.years.extend(told(reader, day, candidate, off, limit)?);
            }
        }
        found.note = leap_note(day, &found.years);
        if found.years.is_empty() && around > 0 {
            for year in (first..day.year()).rev() {
                let Some((middle, off)) = same_day(day, year).into_iter().next() else { continue };
                for (candidate, step) in near(middle, around) {
                    let told = told(reader, day, candidate, off + step, limit)?;
                    if told.is_some() {
                        found.years.extend(told);
                        break;
                    }
                }
            }
            if !found.years.is_empty() {
                found.is_near = true;
                found.note =
                    format!("nothing lies on the day itself: the nearest within {around} days");
            }
        }
        Ok(found)
    })
}

/// The year of the first moment or story.
fn first_year(reader: &Connection) -> Result<Option<i32>> {
    let first: Option<String> = reader.query_row(
        "SELECT min(day) FROM (SELECT min(day) AS day FROM moments
           UNION ALL SELECT min(starts_on) FROM periods WHERE kind = 'day')",
        [],
        |row| row.get(0),
    )?;
    Ok(first.and_then(|day| day.parse::<NaiveDate>().ok()).map(|day| day.year()))
}

fn is_29_february(day: NaiveDate) -> bool {
    (day.month(), day.day()) == (2, 29)
}

/// The days of a year that are this calendar day, and how many days each lies beside it.
pub(super) fn same_day(day: NaiveDate, year: i32) -> Vec<(NaiveDate, i32)> {
    let on = |month, of_month| NaiveDate::from_ymd_opt(year, month, of_month);
    if let Some(same) = on(day.month(), day.day()) {
        let mut days = vec![(same, 0)];
        // Or it would not be told of for four years.
        let is_last_of_february = (day.month(), day.day()) == (2, 28) && !day.leap_year();
        days.extend(on(2, 29).filter(|_| is_last_of_february).map(|leap| (leap, 1)));
        return days;
    }
    // 29 February of a year that has none.
    [on(2, 28).map(|day| (day, -1)), on(3, 1).map(|day| (day, 1))].into_iter().flatten().collect()
}

/// The days around one, the nearest first; of two that are as near, the earlier.
fn near(middle: NaiveDate, around: u32) -> impl Iterator<Item = (NaiveDate, i32)> {
    (1..=around).flat_map(move |step| {
        let off = i32::try_from(step).unwrap_or_default();
        let days = Days::new(u64::from(step));
        let before = middle.checked_sub_days(days).map(|day| (day, -off));
        before.into_iter().chain(middle.checked_add_days(days).map(|day| (day, off)))
    })
}

fn leap_note(day: NaiveDate, years: &[YearBack]) -> String {
    if is_29_february(day) && years.iter().any(|year| year.days_off != 0) {
        "years without a 29 February are told by 28 February and 1 March".into()
    } else if !is_29_february(day) && years.iter().any(|year| year.days_off == 1) {
        "this year has no 29 February: it is told of today".into()
    } else {
        String::new()
    }
}

/// A day of an earlier year, if it has moments or a story.
fn told(
    reader: &Connection,
    asked: NaiveDate,
    day: NaiveDate,
    days_off: i32,
    limit: u32,
) -> Result<Option<YearBack>> {
    let text = day.to_string();
    let story: Option<(String, Option<f32>)> = reader
        .prepare_cached(
            "SELECT summary, valence FROM periods WHERE kind = 'day' AND starts_on = ?1",
        )?
        .query_row([&text], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let mut find = reader.prepare_cached(
        "SELECT m.id FROM moments m LEFT JOIN moment_fading f ON f.moment_id = m.id
         WHERE m.day = ?1 AND m.is_hidden = 0
         ORDER BY m.is_pinned DESC, coalesce(f.importance, 1.0) DESC, m.starts_at, m.id",
    )?;
    let ids: Vec<i64> =
        find.query_map(params![text], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let (summary, valence) = story.unzip();
    let summary = summary.filter(|summary: &String| !summary.is_empty());
    if ids.is_empty() && summary.is_none() {
        return Ok(None);
    }
    let shown = ids.get(..limit as usize).unwrap_or(&ids);
    Ok(Some(YearBack {
        day: text,
        years_ago: u32::try_from(asked.year() - day.year()).unwrap_or_default(),
        days_off,
        summary,
        valence: valence.flatten(),
        moments: cards_of(reader, shown)?,
        n_moments: u32::try_from(ids.len()).unwrap_or(u32::MAX),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(day: &str, year: i32) -> Vec<(String, i32)> {
        let day = day.parse().expect("a day");
        same_day(day, year).into_iter().map(|(day, off)| (day.to_string(), off)).collect()
    }

    fn is(day: &str, off: i32) -> (String, i32) {
        (day.to_owned(), off)
    }

    #[test]
    fn a_usual_day_is_itself_in_every_year() {
        assert_eq!(days("2026-10-14", 2020), [is("2020-10-14", 0)]);
        assert_eq!(days("2026-03-01", 2024), [is("2024-03-01", 0)]);
    }

    #[test]
    fn the_29_february_is_told_by_its_neighbours_where_there_is_none() {
        assert_eq!(days("2028-02-29", 2024), [is("2024-02-29", 0)]);
        assert_eq!(days("2028-02-29", 2025), [is("2025-02-28", -1), is("2025-03-01", 1)]);
    }

    #[test]
    fn in_a_year_without_one_the_29_february_is_told_of_on_the_28() {
        assert_eq!(days("2026-02-28", 2024), [is("2024-02-28", 0), is("2024-02-29", 1)]);
        assert_eq!(days("2026-02-28", 2025), [is("2025-02-28", 0)]);
        assert_eq!(days("2028-02-28", 2024), [is("2024-02-28", 0)]);
    }

    #[test]
    fn near_days_are_looked_at_from_the_nearest_on() {
        let middle = "2026-10-01".parse().expect("a day");
        let found: Vec<i32> = near(middle, 2).map(|(_, off)| off).collect();
        assert_eq!(found, [-1, 1, -2, 2]);
    }
}
