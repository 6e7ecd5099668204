//! Days in a row. Days are those that things were stored with: no zone is reckoned with again, so that who
//! travels loses no day.

use chrono::{Days, NaiveDate};
use rusqlite::Connection;

use crate::{
    Journal, Result,
    api::looking_back::{Streak, Streaks},
};

pub(crate) fn streaks(journal: &Journal) -> Result<Streaks> {
    let today = journal.calendar()?.day_of(journal.clock().now_ms());
    journal.store().read(|reader| {
        Ok(Streaks {
            today: today.to_string(),
            written: of_days(&written(reader)?, today),
            moments: of_days(&with_moments(reader)?, today),
        })
    })
}

/// The days on which the person wrote, in order: the index is jumped through from day to day, however much
/// was written on each.
fn written(reader: &Connection) -> Result<Vec<NaiveDate>> {
    days(
        reader,
        "WITH RECURSIVE d (day) AS (
           SELECT min(day) FROM chunks WHERE day IS NOT NULL
           UNION ALL SELECT (SELECT min(day) FROM chunks WHERE day > d.day) FROM d WHERE d.day IS NOT NULL)
         SELECT d.day FROM d WHERE d.day IS NOT NULL AND EXISTS
           (SELECT 1 FROM chunks c JOIN records r ON r.id = c.record_id
            WHERE c.day = d.day AND r.role IN ('', 'user') AND r.deleted_at IS NULL)",
    )
}

fn with_moments(reader: &Connection) -> Result<Vec<NaiveDate>> {
    days(reader, "SELECT DISTINCT day FROM moments WHERE is_hidden = 0 ORDER BY day")
}

fn days(reader: &Connection, sql: &str) -> Result<Vec<NaiveDate>> {
    let mut find = reader.prepare_cached(sql)?;
    let mut rows = find.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.extend(row.get::<_, String>(0)?.parse::<NaiveDate>().ok());
    }
    Ok(all)
}

/// The streaks of some days, which are in order. What lies after today is not lived yet.
pub(super) fn of_days(days: &[NaiveDate], today: NaiveDate) -> Streak {
    let lived: Vec<NaiveDate> = days.iter().copied().filter(|day| *day <= today).collect();
    let mut streak = Streak {
        n_days: count(lived.len()),
        first_day: lived.first().map(NaiveDate::to_string),
        last_day: lived.last().map(NaiveDate::to_string),
        has_today: lived.last() == Some(&today),
        ..Streak::default()
    };
    let follows = |a: &NaiveDate, b: &NaiveDate| a.succ_opt() == Some(*b);
    for row in lived.chunk_by(follows) {
        if count(row.len()) >= streak.longest {
            streak.longest = count(row.len());
            streak.longest_from = row.first().map(NaiveDate::to_string);
            streak.longest_until = row.last().map(NaiveDate::to_string);
        }
    }
    // Today is not over.
    let is_current = |last: &NaiveDate| *last == today || last.succ_opt() == Some(today);
    if let Some(row) =
        lived.chunk_by(follows).last().filter(|row| row.last().is_some_and(is_current))
    {
        streak.current = count(row.len());
        streak.current_since = row.first().map(NaiveDate::to_string);
    }
    let month_ago = today.checked_sub_days(Days::new(30)).unwrap_or(today);
    streak.n_last_30 = count(lived.iter().filter(|day| **day > month_ago).count());
    streak
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn streak(days: &[&str], today: &str) -> Streak {
        of_days(&days.iter().map(|text| day(text)).collect::<Vec<_>>(), day(today))
    }

    #[test]
    fn a_streak_goes_on_while_today_is_not_over() {
        let days = ["2026-10-10", "2026-10-12", "2026-10-13"];
        let until_yesterday = streak(&days, "2026-10-14");
        assert_eq!((until_yesterday.current, until_yesterday.has_today), (2, false));
        assert_eq!(streak(&days, "2026-10-13").current, 2);
        assert_eq!(streak(&days, "2026-10-15").current, 0);
    }

    #[test]
    fn of_two_as_long_the_later_is_the_longest() {
        let found = streak(
            &["2026-02-27", "2026-02-28", "2026-03-01", "2026-05-01", "2026-05-02", "2026-05-03"],
            "2026-10-14",
        );
        assert_eq!((found.longest, found.longest_from.as_deref()), (3, Some("2026-05-01")));
    }

    #[test]
    fn the_end_of_february_is_no_gap_and_a_year_none_either() {
        let found = streak(&["2024-02-28", "2024-02-29", "2024-03-01"], "2024-03-01");
        assert_eq!(found.current, 3);
        assert_eq!(streak(&["2025-12-31", "2026-01-01"], "2026-01-01").current, 2);
    }

    #[test]
    fn what_is_dated_ahead_is_not_lived_yet() {
        let found = streak(&["2026-10-14", "2026-10-15", "2027-01-01"], "2026-10-14");
        assert_eq!((found.n_days, found.current, found.longest), (1, 1, 1));
    }

    #[test]
    fn nothing_is_no_streak() {
        assert_eq!(streak(&[], "2026-10-14"), Streak::default());
    }
}
