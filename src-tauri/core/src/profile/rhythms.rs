//! At which hours and on which weekdays what kind of thing happens, with how many of them that was counted
//! from.

use std::collections::BTreeMap;

use chrono::{DateTime, Datelike, Timelike};
use serde::{Deserialize, Serialize};

use super::Seen;
use crate::clock::{Precision, parse_day};

/// Moments of a type from which it has a rhythm of its own.
const FEWEST: u32 = 5;
/// Types that are told apart; all together come first.
const MOST_TYPES: usize = 5;
/// Hours of the stretch that is looked for.
const STRETCH: usize = 3;
/// The stretch is told only where it has at least this share of at least so many moments.
const STRETCH_SHARE: f64 = 0.4;
const STRETCH_FEWEST: u32 = 8;
/// A weekday is told only where it has this many times the moments of a usual one, and came so often.
const WEEKDAY_TIMES: f64 = 1.5;
const WEEKDAY_FEWEST: u32 = 3;

/// The rhythm of one type of moment, or of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rhythm {
    /// Empty: all.
    pub(crate) activity_type: String,
    pub(crate) n_moments: u32,
    /// Moments whose hour is known.
    pub(crate) n_timed: u32,
    /// By the local hour at which they began.
    pub(crate) hours: [u32; 24],
    /// By the weekday of their day, Monday first.
    pub(crate) weekdays: [u32; 7],
}

/// The rhythm of all moments and of the commonest types, those first.
pub(super) fn of(moments: &[Seen]) -> Vec<Rhythm> {
    let mut by_type: BTreeMap<&str, Rhythm> = BTreeMap::new();
    for moment in moments {
        for activity_type in ["", &moment.moment_type] {
            let rhythm = by_type.entry(activity_type).or_insert_with(|| Rhythm {
                activity_type: activity_type.to_owned(),
                n_moments: 0,
                n_timed: 0,
                hours: [0; 24],
                weekdays: [0; 7],
            });
            rhythm.n_moments += 1;
            if let Some(weekday) = weekday(&moment.day) {
                rhythm.weekdays[weekday] += 1;
            }
            if let Some(hour) = hour(moment) {
                rhythm.n_timed += 1;
                rhythm.hours[hour] += 1;
            }
        }
    }
    let Some(all) = by_type.remove("") else { return Vec::new() };
    let mut types: Vec<Rhythm> =
        by_type.into_values().filter(|rhythm| rhythm.n_moments >= FEWEST).collect();
    types.sort_by(|a, b| {
        b.n_moments.cmp(&a.n_moments).then_with(|| a.activity_type.cmp(&b.activity_type))
    });
    types.truncate(MOST_TYPES);
    types.insert(0, all);
    types
}

/// The hour on the clock where and when it began, whatever the clocks do since.
fn hour(moment: &Seen) -> Option<usize> {
    if moment.precision < Precision::Hour {
        return None;
    }
    let local = moment.starts_at + i64::from(moment.offset_minutes) * 60_000;
    Some(DateTime::from_timestamp_millis(local)?.hour() as usize)
}

/// 0 for a Monday.
pub(super) fn weekday(day: &str) -> Option<usize> {
    Some(parse_day(day).ok()?.weekday().num_days_from_monday() as usize)
}

impl Rhythm {
    /// The hours between which most of it happens, where that is told clearly.
    pub(super) fn stretch(&self) -> Option<(usize, usize)> {
        let sum = |from: usize| (0..STRETCH).map(|n| self.hours[(from + n) % 24]).sum::<u32>();
        // Of equals the earliest that begins with something.
        let from = (0..24).rev().max_by_key(|from| (sum(*from), self.hours[*from] > 0))?;
        let share = f64::from(sum(from)) / f64::from(self.n_timed.max(1));
        (self.n_timed >= STRETCH_FEWEST && share >= STRETCH_SHARE)
            .then_some((from, (from + STRETCH) % 24))
    }

    /// The weekday on which most happens, given how many of each there were, where that is told clearly.
    pub(super) fn busiest(&self, n_days: [u32; 7]) -> Option<usize> {
        let rate =
            |weekday: usize| f64::from(self.weekdays[weekday]) / f64::from(n_days[weekday].max(1));
        let usual = f64::from(self.n_moments) / f64::from(n_days.iter().sum::<u32>().max(1));
        let busiest = (0..7)
            .rev()
            .filter(|weekday| n_days[*weekday] >= WEEKDAY_FEWEST)
            .max_by(|a, b| rate(*a).total_cmp(&rate(*b)))?;
        (rate(busiest) >= usual * WEEKDAY_TIMES).then_some(busiest)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn seen(day: &str, starts_at: &str, offset_minutes: i32, moment_type: &str) -> Seen {
        Seen {
            id: 1,
            day: day.into(),
            starts_at: DateTime::parse_from_rfc3339(starts_at).expect("a time").timestamp_millis(),
            offset_minutes,
            precision: Precision::Exact,
            moment_type: moment_type.into(),
            title: String::new(),
            summary: String::new(),
            outcome: String::new(),
            language: String::new(),
            tags: Vec::new(),
            people: Vec::new(),
            emotions: Vec::new(),
            valence: 0.0,
            is_pinned: false,
            is_corrected: false,
            records: BTreeSet::new(),
            wholes: BTreeSet::new(),
        }
    }

    #[test]
    fn an_hour_is_that_of_the_clock_on_both_sides_of_a_change_of_clocks() {
        // Nine in the morning in Berlin, on the evening before and the morning after the 25th of October.
        let all = of(&[
            seen("2026-10-24", "2026-10-24T07:00:00Z", 120, "note"),
            seen("2026-10-26", "2026-10-26T08:00:00Z", 60, "note"),
        ]);
        assert_eq!(all[0].hours[9], 2);
        assert_eq!((all[0].weekdays[5], all[0].weekdays[0]), (1, 1));
    }

    #[test]
    fn the_doubled_hour_counts_both_times() {
        let all = of(&[
            seen("2026-10-25", "2026-10-25T00:30:00Z", 120, "note"),
            seen("2026-10-25", "2026-10-25T01:30:00Z", 60, "note"),
        ]);
        assert_eq!(all[0].hours[2], 2);
    }

    #[test]
    fn what_has_no_hour_has_a_weekday() {
        let moment = Seen {
            precision: Precision::Day,
            ..seen("2026-10-12", "2026-10-12T00:00:00Z", 0, "note")
        };
        let all = of(&[moment]);
        assert_eq!((all[0].n_moments, all[0].n_timed, all[0].weekdays[0]), (1, 0, 1));
    }

    #[test]
    fn a_type_of_few_moments_has_no_rhythm_of_its_own() {
        let one = seen("2026-10-12", "2026-10-12T08:00:00Z", 0, "note");
        let told = |n: usize| of(&vec![one.clone(); n]).len();
        assert_eq!((told(0), told(4), told(5)), (0, 1, 2));
    }

    #[test]
    fn hours_are_told_from_eight_moments_on_also_across_midnight() {
        let at = |hour: u32| seen("2026-10-12", &format!("2026-10-12T{hour:02}:00:00Z"), 0, "note");
        let moments: Vec<Seen> = [23, 23, 0, 0, 1, 1, 12].map(at).to_vec();
        assert_eq!(of(&moments)[0].stretch(), None, "seven are too few");
        let moments: Vec<Seen> = [23, 23, 0, 0, 1, 1, 12, 13].map(at).to_vec();
        assert_eq!(of(&moments)[0].stretch(), Some((23, 2)));
        let moments: Vec<Seen> = [0, 3, 6, 9, 12, 15, 18, 21].map(at).to_vec();
        assert_eq!(of(&moments)[0].stretch(), None, "spread over the day");
    }

    #[test]
    fn a_weekday_is_told_when_it_stands_out_among_days_that_came_often() {
        let rhythm = Rhythm {
            activity_type: String::new(),
            n_moments: 20,
            n_timed: 0,
            hours: [0; 24],
            weekdays: [9, 2, 2, 2, 2, 2, 1],
        };
        assert_eq!(rhythm.busiest([3; 7]), Some(0));
        assert_eq!(rhythm.busiest([2; 7]), None, "two of each are too few");
        assert_eq!(rhythm.busiest([12, 3, 3, 3, 3, 3, 3]), None, "there were many of it");
    }
}
