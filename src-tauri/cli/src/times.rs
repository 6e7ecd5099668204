//! Times and dates in words: as precise as they are known, never more; and dates as people type them.

use std::str::FromStr;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveDateTime, NaiveTime, Timelike as _};
use rem_core::clock::{Calendar, Precision, Stamp, Stamped};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A day as people type it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayWord {
    Today,
    Yesterday,
    Date(NaiveDate),
}

impl FromStr for DayWord {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        match word.to_lowercase().as_str() {
            "today" => Ok(Self::Today),
            "yesterday" => Ok(Self::Yesterday),
            date => NaiveDate::parse_from_str(date, "%Y-%m-%d")
                .map(Self::Date)
                .map_err(|_| "a day looks like 2026-10-14, today or yesterday".into()),
        }
    }
}

impl DayWord {
    pub(crate) fn date(self, today: NaiveDate) -> NaiveDate {
        match self {
            Self::Today => today,
            Self::Yesterday => today.checked_sub_days(Days::new(1)).unwrap_or(today),
            Self::Date(date) => date,
        }
    }
}

/// A time on a day as people type it: `2026-10-14 18:30`, `yesterday 18:30`, `18:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeWords {
    day: DayWord,
    time: NaiveTime,
}

impl FromStr for TimeWords {
    type Err = String;

    fn from_str(words: &str) -> Result<Self, String> {
        let words = words.trim();
        let (day, time) = match words.split_once([' ', 'T']) {
            Some((day, time)) => (day.parse()?, time.trim()),
            None if words.contains(':') => (DayWord::Today, words),
            None => return Err("a time is missing: write for example 2026-10-14 18:30".into()),
        };
        Ok(Self { day, time: time_of_day(time)? })
    }
}

impl TimeWords {
    /// In Unix milliseconds. The day is the one on the wall, whatever the journal's start of the day.
    pub(crate) fn instant(self, calendar: Calendar, now: i64) -> i64 {
        let today = local(now, calendar.offset_at(now)).date();
        at(calendar, self.day.date(today).and_time(self.time))
    }
}

/// `18:30` or `18:30:15`.
pub(crate) fn time_of_day(word: &str) -> Result<NaiveTime, String> {
    NaiveTime::parse_from_str(word, "%H:%M")
        .or_else(|_| NaiveTime::parse_from_str(word, "%H:%M:%S"))
        .map_err(|_| "a time of day looks like 18:30".into())
}

/// The instant of a time on a day of the journal: before the start of the day it is the small hours
/// after it.
pub(crate) fn on_day(calendar: Calendar, day: NaiveDate, time: NaiveTime) -> i64 {
    let is_after_midnight =
        time.num_seconds_from_midnight() < u32::from(calendar.day_start_minutes) * 60;
    let date = day + Days::new(u64::from(is_after_midnight));
    at(calendar, date.and_time(time))
}

fn at(calendar: Calendar, time: NaiveDateTime) -> i64 {
    calendar.resolve(Stamped::exact(Stamp::Local(time))).at
}

/// The time on the wall at an instant.
pub(crate) fn local(at: i64, offset_minutes: i32) -> NaiveDateTime {
    DateTime::from_timestamp_millis(at.saturating_add(i64::from(offset_minutes) * MINUTE))
        .unwrap_or_default()
        .naive_utc()
}

/// When something was: "09:30–10:15", "around 15:00", "sometime".
pub(crate) fn span(
    starts_at: i64,
    ends_at: i64,
    offset_minutes: i32,
    precision: Precision,
) -> String {
    let (start, end) = (local(starts_at, offset_minutes), local(ends_at, offset_minutes));
    match precision {
        Precision::Unknown | Precision::Day => "sometime".into(),
        Precision::Hour => format!("around {}", to_the_hour(start).format("%H:%M")),
        Precision::Exact if ends_at - starts_at < MINUTE => start.format("%H:%M").to_string(),
        Precision::Exact if ends_at - starts_at < DAY => {
            format!("{}–{}", start.format("%H:%M"), end.format("%H:%M"))
        }
        Precision::Exact => {
            format!("{} to {}", start.format("%H:%M"), end.format("%-d %b %H:%M"))
        }
    }
}

/// An instant with its day, as precise as it is known.
pub(crate) fn stamp(at: i64, offset_minutes: i32, precision: Precision, this_year: i32) -> String {
    let day = day_short(local(at, offset_minutes).date(), this_year);
    match precision {
        Precision::Unknown => format!("perhaps {day}"),
        Precision::Day => day,
        Precision::Hour | Precision::Exact => {
            format!("{day}, {}", span(at, at, offset_minutes, precision))
        }
    }
}

fn to_the_hour(time: NaiveDateTime) -> NaiveDateTime {
    let past = i64::from(time.minute()) * 60 + i64::from(time.second());
    let to_next = if past >= 1800 { 3600 - past } else { -past };
    time + chrono::Duration::seconds(to_next)
}

/// "Wednesday, 14 October 2026".
pub(crate) fn day_long(day: NaiveDate) -> String {
    day.format("%A, %-d %B %Y").to_string()
}

/// "Wed 14 Oct", with the year where it is another one.
pub(crate) fn day_short(day: NaiveDate, this_year: i32) -> String {
    let form = if day.year() == this_year { "%a %-d %b" } else { "%a %-d %b %Y" };
    day.format(form).to_string()
}

/// The day of a reply; the api writes them `YYYY-MM-DD`.
pub(crate) fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

/// "in 3 hours", "5 minutes ago".
pub(crate) fn distance(at: i64, now: i64) -> String {
    let apart = at.abs_diff(now).cast_signed();
    let words = match apart {
        _ if apart < MINUTE => return "just now".into(),
        _ if apart < HOUR => count(apart / MINUTE, "minute"),
        _ if apart < 2 * DAY => count(apart / HOUR, "hour"),
        _ => count(apart / DAY, "day"),
    };
    if at > now { format!("in {words}") } else { format!("{words} ago") }
}

/// How long something took: "0.4 s", "2 min 5 s", "3 h 12 min".
pub(crate) fn duration(milliseconds: u64) -> String {
    let seconds = milliseconds / 1000;
    if seconds < 60 {
        format!("{seconds}.{} s", milliseconds % 1000 / 100)
    } else if seconds >= 3600 {
        format!("{} h {} min", seconds / 3600, seconds / 60 % 60)
    } else {
        format!("{} min {} s", seconds / 60, seconds % 60)
    }
}

/// "1 moment", "2 moments", "1,204 moments".
pub(crate) fn count(n: impl Into<i64>, thing: &str) -> String {
    let n = n.into();
    let plural = if n == 1 { "" } else { "s" };
    format!("{} {thing}{plural}", thousands(n))
}

/// "1,204".
pub(crate) fn thousands(n: impl Into<i64>) -> String {
    let digits = n.into().to_string();
    let mut grouped = String::new();
    for (n, digit) in digits.chars().enumerate() {
        let left = digits.len() - n;
        if n > 0 && left % 3 == 0 && !grouped.ends_with('-') {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 14 October 2026, 14:40 in Berlin.
    const AFTERNOON: i64 = 1_791_981_600_000;

    #[test]
    fn a_time_is_said_as_precisely_as_it_is_known() {
        let until = AFTERNOON + 95 * MINUTE;
        let say = |precision| span(AFTERNOON, until, 120, precision);
        assert_eq!(say(Precision::Exact), "14:40–16:15");
        assert_eq!(say(Precision::Hour), "around 15:00");
        assert_eq!(say(Precision::Day), "sometime");
        assert_eq!(span(AFTERNOON, AFTERNOON, 120, Precision::Exact), "14:40");
        let long = span(AFTERNOON, AFTERNOON + 2 * DAY, 120, Precision::Exact);
        assert_eq!(long, "14:40 to 16 Oct 14:40");
    }

    #[test]
    fn a_guessed_day_says_perhaps() {
        assert_eq!(stamp(AFTERNOON, 120, Precision::Unknown, 2026), "perhaps Wed 14 Oct");
        assert_eq!(stamp(AFTERNOON, 120, Precision::Day, 2027), "Wed 14 Oct 2026");
        assert_eq!(stamp(AFTERNOON, 120, Precision::Hour, 2026), "Wed 14 Oct, around 15:00");
    }

    #[test]
    fn days_are_understood_as_people_type_them() {
        let today = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
        let read = |word: &str| word.parse::<DayWord>().unwrap().date(today).to_string();
        assert_eq!(read("today"), "2026-03-01");
        assert_eq!(read("Yesterday"), "2026-02-28");
        assert_eq!(read("2025-12-31"), "2025-12-31");
        assert!("2026-02-30".parse::<DayWord>().is_err());
        assert!("14.10.2026".parse::<DayWord>().is_err());
    }

    #[test]
    fn a_note_can_be_put_at_a_time_on_the_wall() {
        let berlin = Calendar::new("Europe/Berlin").unwrap();
        let read = |words: &str| {
            let at = words.parse::<TimeWords>().unwrap().instant(berlin, AFTERNOON);
            local(at, berlin.offset_at(at)).to_string()
        };
        assert_eq!(read("2026-10-14 18:30"), "2026-10-14 18:30:00");
        assert_eq!(read("2026-10-14T18:30"), "2026-10-14 18:30:00");
        assert_eq!(read("yesterday 07:05"), "2026-10-13 07:05:00");
        assert_eq!(read("18:30"), "2026-10-14 18:30:00");
        assert!("2026-10-14".parse::<TimeWords>().is_err());
        assert!("2026-10-14 25:00".parse::<TimeWords>().is_err());
    }

    #[test]
    fn the_small_hours_belong_to_the_day_before_for_night_owls() {
        let mut calendar = Calendar::new("Europe/Berlin").unwrap();
        calendar.day_start_minutes = 240;
        let day = NaiveDate::from_ymd_opt(2026, 10, 14).unwrap();
        let at = on_day(calendar, day, time_of_day("01:30").unwrap());
        assert_eq!(calendar.day_of(at), day);
        assert_eq!(local(at, calendar.offset_at(at)).to_string(), "2026-10-15 01:30:00");
    }

    #[test]
    fn numbers_and_distances_read_like_words() {
        assert_eq!(count(1, "moment"), "1 moment");
        assert_eq!(count(1_234_567, "message"), "1,234,567 messages");
        assert_eq!(thousands(-1_234), "-1,234");
        assert_eq!(distance(0, 3 * HOUR), "3 hours ago");
        assert_eq!(distance(5 * DAY, 0), "in 5 days");
        assert_eq!(duration(1_250), "1.2 s");
        assert_eq!(duration(125_000), "2 min 5 s");
        assert_eq!(duration(11_520_000), "3 h 12 min");
    }
}
