//! Times as questions see them: on the wall of where it happened, in days as the journal counts them.

use chrono::{
    DateTime, Datelike, Days, Duration, Months, NaiveDate, NaiveDateTime, NaiveTime, Timelike,
};

use crate::clock::Calendar;

/// How a time is written in answers.
const STAMP: &str = "%Y-%m-%d %H:%M:%S";
const SECONDS_OF_DAY: i64 = 86_400;

/// A day, or a time on the wall.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::query) enum Time {
    Day(NaiveDate),
    At(NaiveDateTime),
}

/// Reads and reckons times as the journal's calendar has them.
#[derive(Debug, Clone, Copy)]
pub(in crate::query) struct Wall {
    calendar: Calendar,
}

/// A time on the wall as it is written in answers.
pub(in crate::query) fn stamp(at: NaiveDateTime) -> String {
    at.format(STAMP).to_string()
}

impl Wall {
    pub(in crate::query) fn new(calendar: Calendar) -> Self {
        Self { calendar }
    }

    /// An instant in Unix milliseconds, on the wall of the journal's zone.
    pub(in crate::query) fn local(self, at: i64) -> Option<NaiveDateTime> {
        let shift = i64::from(self.calendar.offset_at(at)) * 60_000;
        DateTime::from_timestamp_millis(at.checked_add(shift)?).map(|time| time.naive_utc())
    }

    /// A day or time as it is written by people, programs and in answers: `2026-10-14`, with `09:30` or
    /// `09:30:00` after a blank or a "T", with an offset or "Z" where it is not of the journal's zone.
    pub(in crate::query) fn read(self, text: &str) -> Option<Time> {
        let text = text.trim();
        let (day, rest) = text.split_at_checked(10)?;
        let day = day_of_text(day)?;
        if rest.is_empty() {
            return Some(Time::Day(day));
        }
        let rest = rest.strip_prefix(['T', 't', ' '])?.trim_start();
        let zone = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
        let (clock, zone) = rest.split_at(zone);
        let at = day.and_time(clock_of_text(clock.trim_end())?);
        match offset_of_text(zone)? {
            None => Some(Time::At(at)),
            Some(minutes) => {
                let instant = at.checked_sub_signed(Duration::minutes(minutes))?;
                self.local(instant.and_utc().timestamp_millis()).map(Time::At)
            }
        }
    }

    /// The journal's day of a time.
    pub(in crate::query) fn day(self, time: Time) -> NaiveDate {
        match time {
            Time::Day(day) => day,
            Time::At(at) => at.checked_sub_signed(self.day_start()).unwrap_or(at).date(),
        }
    }

    /// When a day begins, or the time itself.
    pub(in crate::query) fn at(self, time: Time) -> NaiveDateTime {
        match time {
            Time::Day(day) => {
                let midnight = day.and_time(NaiveTime::MIN);
                midnight.checked_add_signed(self.day_start()).unwrap_or(midnight)
            }
            Time::At(at) => at,
        }
    }

    /// Whether the journal's days are those of the calendar on the wall.
    pub(in crate::query) fn begins_at_midnight(self) -> bool {
        self.calendar.day_start_minutes == 0
    }

    fn day_start(self) -> Duration {
        Duration::minutes(i64::from(self.calendar.day_start_minutes))
    }

    /// Seconds since 1970 in UTC.
    fn epoch(self, time: Time) -> f64 {
        let at = self.at(time);
        let guess = at.and_utc().timestamp_millis();
        let offset =
            self.calendar.offset_at(guess - i64::from(self.calendar.offset_at(guess)) * 60_000);
        (guess - i64::from(offset) * 60_000) as f64 / 1000.0
    }

    /// A part of a time, as `EXTRACT` names it; days, weeks, months and years are those of the journal's day.
    pub(in crate::query) fn part(self, field: &str, time: Time) -> Option<f64> {
        let (day, at) = (self.day(time), self.at(time));
        let clock = match time {
            Time::Day(_) => NaiveTime::MIN,
            Time::At(at) => at.time(),
        };
        Some(match field {
            "century" => f64::from((day.year() - 1).div_euclid(100) + 1),
            "decade" => f64::from(day.year().div_euclid(10)),
            "year" => f64::from(day.year()),
            "isoyear" => f64::from(day.iso_week().year()),
            "quarter" => f64::from(day.month0() / 3 + 1),
            "month" => f64::from(day.month()),
            "week" => f64::from(day.iso_week().week()),
            "day" => f64::from(day.day()),
            "dow" => f64::from(day.weekday().num_days_from_sunday()),
            "isodow" => f64::from(day.weekday().number_from_monday()),
            "doy" => f64::from(day.ordinal()),
            "hour" => f64::from(clock.hour()),
            "minute" => f64::from(clock.minute()),
            "second" => f64::from(clock.second()),
            "epoch" => self.epoch(Time::At(at)),
            _ => return None,
        })
    }

    /// The time at which its hour, day, week, … began.
    pub(in crate::query) fn truncated(self, unit: &str, time: Time) -> Option<NaiveDateTime> {
        let (day, at) = (self.day(time), self.at(time));
        let first = |day: NaiveDate| Some(self.at(Time::Day(day)));
        match unit {
            "second" => at.with_nanosecond(0),
            "minute" => at.with_nanosecond(0)?.with_second(0),
            "hour" => at.with_nanosecond(0)?.with_second(0)?.with_minute(0),
            "day" => first(day),
            "week" => first(day - Days::new(u64::from(day.weekday().num_days_from_monday()))),
            "month" => first(day.with_day(1)?),
            "quarter" => first(day.with_day(1)?.with_month(day.month0() / 3 * 3 + 1)?),
            "year" => first(day.with_day(1)?.with_month(1)?),
            _ => None,
        }
    }

    /// The time so many months and seconds later.
    pub(in crate::query) fn shifted(
        self,
        time: Time,
        months: i64,
        seconds: f64,
    ) -> Option<NaiveDateTime> {
        let at = self.at(time);
        let count = Months::new(u32::try_from(months.unsigned_abs()).ok()?);
        let at =
            if months < 0 { at.checked_sub_months(count)? } else { at.checked_add_months(count)? };
        let milliseconds = seconds * 1000.0;
        if !milliseconds.is_finite() || milliseconds.abs() > 1e17 {
            return None;
        }
        told(at.checked_add_signed(Duration::milliseconds(milliseconds.round() as i64))?)
    }

    /// The day so many days later.
    pub(in crate::query) fn days_later(self, time: Time, days: i64) -> Option<NaiveDate> {
        let day = self.day(time).and_time(NaiveTime::MIN);
        let seconds = days.checked_mul(SECONDS_OF_DAY)?;
        told(day.checked_add_signed(Duration::try_seconds(seconds)?)?).map(|at| at.date())
    }

    /// Seconds from `b` to `a`.
    pub(in crate::query) fn between(self, a: Time, b: Time) -> f64 {
        (self.at(a) - self.at(b)).num_milliseconds() as f64 / 1000.0
    }

    /// A time by a pattern of PostgreSQL's `to_char`.
    pub(in crate::query) fn formatted(self, time: Time, pattern: &str) -> String {
        let (day, at) = (self.day(time), self.at(time));
        let mut text = String::new();
        let mut rest = pattern;
        'next: while let Some(first) = rest.chars().next() {
            if let Some(quoted) = rest.strip_prefix('"') {
                let end = quoted.find('"').unwrap_or(quoted.len());
                text.push_str(&quoted[..end]);
                rest = quoted.get(end + 1..).unwrap_or_default();
                continue;
            }
            for (name, format) in PATTERNS {
                let Some(after) = rest.strip_prefix(name) else { continue };
                if name.starts_with("HH") || matches!(*name, "MI" | "SS" | "AM" | "PM") {
                    text.push_str(&at.format(format).to_string());
                } else {
                    text.push_str(&day.format(format).to_string());
                }
                rest = after;
                continue 'next;
            }
            text.push(first);
            rest = &rest[first.len_utf8()..];
        }
        text
    }
}

/// The longer ones first.
const PATTERNS: &[(&str, &str)] = &[
    ("YYYY", "%Y"),
    ("IYYY", "%G"),
    ("HH24", "%H"),
    ("HH12", "%I"),
    ("Month", "%B"),
    ("IDDD", "%j"),
    ("DDD", "%j"),
    ("Day", "%A"),
    ("Mon", "%b"),
    ("YY", "%y"),
    ("MM", "%m"),
    ("MI", "%M"),
    ("DD", "%d"),
    ("Dy", "%a"),
    ("HH", "%I"),
    ("SS", "%S"),
    ("IW", "%V"),
    ("ID", "%u"),
    ("AM", "%p"),
    ("PM", "%p"),
];

/// Answers tell years of four digits.
fn told(at: NaiveDateTime) -> Option<NaiveDateTime> {
    (0..=9999).contains(&at.year()).then_some(at)
}

fn day_of_text(text: &str) -> Option<NaiveDate> {
    let is_shaped = text.bytes().enumerate().all(|(n, byte)| match n {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    if !is_shaped {
        return None;
    }
    NaiveDate::from_ymd_opt(
        text[..4].parse().ok()?,
        text[5..7].parse().ok()?,
        text[8..].parse().ok()?,
    )
}

fn clock_of_text(text: &str) -> Option<NaiveTime> {
    ["%H:%M:%S%.f", "%H:%M", "%H"].iter().find_map(|format| match *format {
        // chrono wants minutes, whatever the format says.
        "%H" => NaiveTime::from_hms_opt(text.parse().ok().filter(|_| text.len() <= 2)?, 0, 0),
        format => NaiveTime::parse_from_str(text, format).ok(),
    })
}

/// Minutes east of UTC; `Some(None)` where nothing is said.
fn offset_of_text(text: &str) -> Option<Option<i64>> {
    if text.is_empty() {
        return Some(None);
    }
    if text.eq_ignore_ascii_case("z") {
        return Some(Some(0));
    }
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits),
        ("-", digits) => (-1, digits),
        _ => return None,
    };
    let digits: String = digits.chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 2 | 4) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i64 = digits[..2].parse().ok()?;
    let minutes: i64 = if digits.len() == 4 { digits[2..].parse().ok()? } else { 0 };
    (hours <= 18 && minutes < 60).then_some(Some(sign * (hours * 60 + minutes)))
}

/// A length of time: months, which are of different lengths, and seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::query) struct Span {
    pub(in crate::query) months: i64,
    pub(in crate::query) seconds: f64,
}

impl Span {
    /// In seconds, a month counted as 30 days, as PostgreSQL compares them.
    pub(in crate::query) fn in_seconds(self) -> f64 {
        self.months as f64 * 30.0 * SECONDS_OF_DAY as f64 + self.seconds
    }

    /// A length of time as PostgreSQL writes it: `7 days`, `1 month 2 hours`, `01:30:00`, `-1 day`.
    /// `unit` is for a number without one.
    pub(in crate::query) fn read(text: &str, unit: Option<&str>) -> Option<Self> {
        let mut span = Self { months: 0, seconds: 0.0 };
        let mut words = text.split_whitespace().peekable();
        words.peek()?;
        while let Some(word) = words.next() {
            if word.contains(':') {
                span.seconds += clock_length(word)?;
                continue;
            }
            let end = word.find(|c: char| c.is_alphabetic()).unwrap_or(word.len());
            let (number, glued) = word.split_at(end);
            let number: f64 = number.parse().ok().filter(|n: &f64| n.is_finite())?;
            let unit = match (glued, unit) {
                ("", Some(unit)) => unit,
                ("", None) => words.next()?,
                (glued, _) => glued,
            };
            span.add(number, unit)?;
        }
        (span.months.abs() < 1_000_000 && span.seconds.abs() < 1e15).then_some(span)
    }

    fn add(&mut self, number: f64, unit: &str) -> Option<()> {
        let unit = unit.to_lowercase();
        let unit = unit.strip_suffix('s').filter(|unit| unit.len() > 1).unwrap_or(&unit);
        let months = match unit {
            "month" | "mon" => 1.0,
            "quarter" => 3.0,
            "year" | "yr" | "y" => 12.0,
            "decade" => 120.0,
            _ => 0.0,
        };
        if months > 0.0 {
            let whole = (number * months).trunc();
            self.months += if whole.abs() < 1e6 { whole as i64 } else { return None };
            self.seconds += (number * months - whole) * 30.0 * SECONDS_OF_DAY as f64;
            return Some(());
        }
        let seconds = match unit {
            "second" | "sec" | "s" => 1.0,
            "minute" | "min" | "m" => 60.0,
            "hour" | "hr" | "h" => 3_600.0,
            "day" | "d" => 86_400.0,
            "week" | "w" => 604_800.0,
            "millisecond" | "ms" => 0.001,
            _ => return None,
        };
        self.seconds += number * seconds;
        Some(())
    }
}

/// `01:30`, `-01:30:15`.
fn clock_length(text: &str) -> Option<f64> {
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let mut seconds = 0.0;
    let mut unit = 3_600.0;
    for part in text.split(':') {
        let number: f64 = part.parse().ok().filter(|n: &f64| n.is_finite() && *n >= 0.0)?;
        seconds += number * unit;
        unit /= 60.0;
    }
    (unit >= 0.01).then_some(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall() -> Wall {
        Wall::new(Calendar::new("Europe/Berlin").expect("a zone"))
    }

    fn read(text: &str) -> Option<String> {
        wall().read(text).map(|time| match time {
            Time::Day(day) => day.to_string(),
            Time::At(at) => stamp(at),
        })
    }

    #[test]
    fn days_and_times_are_read_as_people_and_programs_write_them() {
        assert_eq!(read("2026-10-14").as_deref(), Some("2026-10-14"));
        assert_eq!(read("2026-10-14 09:30").as_deref(), Some("2026-10-14 09:30:00"));
        assert_eq!(read("2026-10-14T09:30:15.250").as_deref(), Some("2026-10-14 09:30:15"));
        assert_eq!(read(" 2026-10-14 9:30 ").as_deref(), Some("2026-10-14 09:30:00"));
        for text in
            ["", "14.10.2026", "2026-13-01", "2026-10-14 25:00", "2026-1-1", "äöü", "2026-10-14x"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_of_another_zone_is_told_on_the_journals_wall() {
        assert_eq!(read("2026-10-14T09:30:00Z").as_deref(), Some("2026-10-14 11:30:00"));
        assert_eq!(read("2026-01-14 09:30:00-05:00").as_deref(), Some("2026-01-14 15:30:00"));
        assert_eq!(read("2026-01-14 09:30:00+0530").as_deref(), Some("2026-01-14 05:00:00"));
        assert_eq!(read("2026-01-14 09:30:00+99").as_deref(), None);
    }

    #[test]
    fn a_night_owls_day_begins_when_they_say() {
        let mut calendar = Calendar::new("Europe/Berlin").expect("a zone");
        calendar.day_start_minutes = 240;
        let wall = Wall::new(calendar);
        let late = wall.read("2026-10-15 02:30").expect("a time");
        assert_eq!(wall.day(late).to_string(), "2026-10-14");
        assert_eq!(wall.part("hour", late), Some(2.0));
        assert_eq!(wall.part("day", late), Some(14.0));
        let day = wall.read("2026-10-14").expect("a day");
        assert_eq!(stamp(wall.at(day)), "2026-10-14 04:00:00");
        assert_eq!(wall.truncated("day", late).map(stamp).as_deref(), Some("2026-10-14 04:00:00"));
    }

    #[test]
    fn parts_and_beginnings_are_those_of_postgresql() {
        let at = wall().read("2026-10-14 09:30:15").expect("a time");
        let part = |field: &str| wall().part(field, at);
        assert_eq!(part("year"), Some(2026.0));
        assert_eq!(part("week"), Some(42.0));
        assert_eq!((part("dow"), part("isodow"), part("doy")), (Some(3.0), Some(3.0), Some(287.0)));
        assert_eq!(part("epoch"), Some(1_791_963_015.0));
        assert_eq!(part("mood"), None);
        let from = |unit: &str| wall().truncated(unit, at).map(stamp).unwrap_or_default();
        assert_eq!(from("hour"), "2026-10-14 09:00:00");
        assert_eq!(from("week"), "2026-10-12 00:00:00");
        assert_eq!(from("quarter"), "2026-10-01 00:00:00");
        assert_eq!(from("year"), "2026-01-01 00:00:00");
    }

    #[test]
    fn months_are_added_by_the_calendar_and_years_end_at_9999() {
        let at = wall().read("2026-03-31").expect("a day");
        assert_eq!(wall().shifted(at, -1, 0.0).map(stamp).as_deref(), Some("2026-02-28 00:00:00"));
        assert_eq!(wall().shifted(at, 0, 90.0).map(stamp).as_deref(), Some("2026-03-31 00:01:30"));
        assert_eq!(wall().shifted(at, i64::MIN, f64::MAX), None);
        assert_eq!(
            wall().days_later(at, -7).map(|day| day.to_string()).as_deref(),
            Some("2026-03-24")
        );
        assert_eq!(wall().days_later(at, i64::MAX), None);
        assert_eq!(wall().days_later(at, 9_000_000), None);
    }

    #[test]
    fn lengths_of_time_are_read_as_postgresql_writes_them() {
        let read = |text: &str| Span::read(text, None).map(|span| (span.months, span.seconds));
        assert_eq!(read("7 days"), Some((0, 604_800.0)));
        assert_eq!(read("1 year 2 months 3 hours"), Some((14, 10_800.0)));
        assert_eq!(read("-1 day"), Some((0, -86_400.0)));
        assert_eq!(read("01:30"), Some((0, 5_400.0)));
        assert_eq!(read("90min"), Some((0, 5_400.0)));
        assert_eq!(Span::read("7", Some("day")).map(Span::in_seconds), Some(604_800.0));
        for text in ["", "7", "seven days", "7 moons", "1:2:3:4:5", "nan days", "1e300 years"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn patterns_of_to_char_are_followed() {
        let at = wall().read("2026-10-14 09:05:00").expect("a time");
        assert_eq!(wall().formatted(at, "YYYY-MM"), "2026-10");
        assert_eq!(wall().formatted(at, "Dy DD Mon, HH24:MI"), "Wed 14 Oct, 09:05");
        assert_eq!(wall().formatted(at, "\"week\" IW %Q ü"), "week 42 %Q ü");
    }
}
