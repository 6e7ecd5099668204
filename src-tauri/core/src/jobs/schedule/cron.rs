//! Times that come again, in cron's words, on the wall of the journal's zone.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use croner::parser::{CronParser, Seconds, Year};

use crate::{
    Error, Result,
    clock::{Calendar, Stamp, Stamped},
};

/// A rule of five fields. Its times are times on the wall; what an instant they are is for the calendar to
/// say.
#[derive(Debug, Clone)]
pub(crate) struct Cron(croner::Cron);

/// The fields of a rule as the numbers they allow; `None` for "every".
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) minutes: Vec<u16>,
    pub(super) hours: Vec<u16>,
    pub(super) days: Option<Vec<u16>>,
    pub(super) months: Option<Vec<u16>>,
    /// 0 is Sunday.
    pub(super) weekdays: Option<Vec<u16>>,
}

impl Cron {
    /// Reads a rule.
    ///
    /// # Errors
    /// It is none of five fields, or its time never comes.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let parser =
            CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
        let cron = parser.parse(text.trim()).map_err(|error| {
            Error::invalid(format!(
                "“{}” is no cron text such as 0 3 * * * (minute, hour, day of the month, month, day of \
                 the week): {error}",
                text.trim()
            ))
        })?;
        let cron = Self(cron);
        // 2024 begins a span that holds every day a year can have.
        let begin = NaiveDate::from_ymd_opt(2024, 1, 1).and_then(|day| day.and_hms_opt(0, 0, 0));
        if begin.and_then(|begin| cron.next(begin)).is_none() {
            return Err(Error::invalid(format!("“{}” is a time that never comes", text.trim())));
        }
        Ok(cron)
    }

    /// The last time at or before one on the wall.
    pub(super) fn latest(&self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        self.0.find_previous_occurrence(&wall.and_utc(), true).ok().map(|time| time.naive_utc())
    }

    /// The first time after one on the wall.
    pub(super) fn next(&self, wall: NaiveDateTime) -> Option<NaiveDateTime> {
        let next: DateTime<Utc> = self.0.find_next_occurrence(&wall.and_utc(), false).ok()?;
        Some(next.naive_utc())
    }

    /// `HH:MM`, if that is all the rule says.
    pub(super) fn daily(&self) -> Option<String> {
        let fields = self.fields().ok()?;
        match (&fields.minutes[..], &fields.hours[..]) {
            ([minute], [hour])
                if fields.days.is_none()
                    && fields.months.is_none()
                    && fields.weekdays.is_none() =>
            {
                Some(format!("{hour:02}:{minute:02}"))
            }
            _ => None,
        }
    }

    /// The fields, for schedulers that know no cron.
    ///
    /// # Errors
    /// The rule has a form that other schedulers do not have: the last day of a month, or both a day of the
    /// month and one of the week.
    pub(super) fn fields(&self) -> Result<Fields> {
        let pattern = &self.0.pattern;
        if pattern.days.has_modifiers() || pattern.days_of_week.has_modifiers() {
            return Err(Error::invalid(
                "a rule with L, W or # cannot be said in the words of other schedulers: write plain numbers",
            ));
        }
        let some = |every: bool, values: Vec<u16>| (!every).then_some(values);
        let mut weekdays: Vec<u16> =
            pattern.days_of_week.values().into_iter().map(|day| day % 7).collect();
        weekdays.sort_unstable();
        weekdays.dedup();
        let months = pattern.months.values();
        let fields = Fields {
            minutes: pattern.minutes.values(),
            hours: pattern.hours.values(),
            days: some(pattern.is_dom_wildcard(), pattern.days.values()),
            months: some(months.len() == 12, months),
            weekdays: some(pattern.is_dow_wildcard(), weekdays),
        };
        if fields.days.is_some() && fields.weekdays.is_some() {
            return Err(Error::invalid(
                "a rule with both a day of the month and one of the week cannot be said in the words of other \
                 schedulers: make two of it",
            ));
        }
        Ok(fields)
    }
}

/// What a clock on the wall shows at an instant, to the second.
pub(crate) fn wall(calendar: &Calendar, at: i64) -> NaiveDateTime {
    let shown = at.saturating_add(i64::from(calendar.offset_at(at)) * 60_000);
    DateTime::from_timestamp(shown.div_euclid(1_000), 0).unwrap_or_default().naive_utc()
}

/// When a clock on the wall first shows this time or a later one: in a skipped hour that is its end.
pub(super) fn instant(calendar: &Calendar, time: NaiveDateTime) -> i64 {
    let mut at = calendar.resolve(Stamped::exact(Stamp::Local(time))).at;
    // Clocks change by whole minutes, and no skip is longer than a day.
    for _ in 0..24 * 60 {
        if wall(calendar, at) <= time || wall(calendar, at - 60_000) < time {
            break;
        }
        at -= 60_000;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time")
    }

    fn at(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).expect("an instant").timestamp_millis()
    }

    #[test]
    fn the_times_before_and_after_one_are_found() {
        let cron = Cron::parse("0 3 * * *").expect("a rule");
        assert_eq!(cron.latest(time("2026-10-14 02:59")), Some(time("2026-10-13 03:00")));
        assert_eq!(cron.latest(time("2026-10-14 03:00")), Some(time("2026-10-14 03:00")));
        assert_eq!(cron.next(time("2026-10-14 03:00")), Some(time("2026-10-15 03:00")));
        let weekly = Cron::parse("0 2 * * 0").expect("a rule");
        assert_eq!(weekly.next(time("2026-10-14 20:00")), Some(time("2026-10-18 02:00")));
        let leap = Cron::parse("0 2 29 2 *").expect("a rule");
        assert_eq!(leap.next(time("2026-10-14 20:00")), Some(time("2028-02-29 02:00")));
    }

    #[test]
    fn a_skipped_time_comes_with_the_end_of_the_gap() {
        let berlin = Calendar::new("Europe/Berlin").expect("a zone");
        let due = instant(&berlin, time("2026-03-29 02:30"));
        assert_eq!(due, at("2026-03-29T01:00:00Z"));
        assert_eq!(wall(&berlin, due), time("2026-03-29 03:00"));
    }

    #[test]
    fn a_repeated_time_comes_with_the_first_of_the_two() {
        let berlin = Calendar::new("Europe/Berlin").expect("a zone");
        assert_eq!(instant(&berlin, time("2026-10-25 02:30")), at("2026-10-25T00:30:00Z"));
        let chatham = Calendar::new("Pacific/Chatham").expect("a zone");
        assert_eq!(
            wall(&chatham, instant(&chatham, time("2026-09-27 02:50"))),
            time("2026-09-27 03:45")
        );
    }

    #[test]
    fn a_rule_is_told_in_numbers() {
        let fields = Cron::parse("0 */6 * * *").expect("a rule").fields().expect("plain");
        assert_eq!(fields.hours, [0, 6, 12, 18]);
        assert_eq!((fields.days, fields.weekdays), (None, None));
        let fields = Cron::parse("30 2 * * 1-5,7").expect("a rule").fields().expect("plain");
        assert_eq!(fields.weekdays, Some(vec![0, 1, 2, 3, 4, 5]));
        assert!(Cron::parse("0 2 1 * 1").expect("a rule").fields().is_err());
        assert!(Cron::parse("0 2 L * *").expect("a rule").fields().is_err());
    }
}
