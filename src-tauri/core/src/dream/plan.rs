//! Decides what to dream and when. Pure: times and states come in, decisions go out.

use chrono::{DateTime, Days, NaiveDate, NaiveTime};

use crate::{
    Error, Result,
    api::dreams::DreamRequest,
    clock::{Calendar, Stamp, Stamped, parse_day},
};

/// A day with material, as far as the plan needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DayOfWriting {
    pub(crate) day: NaiveDate,
    /// Records with something on that day.
    pub(crate) n_records: u32,
    /// Whether something in it is new or changed since it was dreamt.
    pub(crate) is_waiting: bool,
}

/// The days a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) from: Option<NaiveDate>,
    pub(crate) until: Option<NaiveDate>,
    /// Whether the person named these days: then days that seem unchanged are looked at too.
    pub(crate) is_named: bool,
}

/// Reads the days out of a request.
///
/// # Errors
/// A day is not written `YYYY-MM-DD`, or the first lies after the last.
pub(crate) fn range(request: &DreamRequest, now: i64, calendar: &Calendar) -> Result<Range> {
    let day = |text: &Option<String>| text.as_deref().map(parse_day).transpose();
    let (mut from, until) = (day(&request.start)?, day(&request.end)?);
    if let (Some(from), Some(until)) = (from, until)
        && from > until
    {
        return Err(Error::invalid(format!("{from} lies after {until}: swap start and end")));
    }
    if let Some(hours) = request.lookback_hours {
        let since = calendar.day_of(now - i64::from(hours) * 3_600_000);
        from = Some(from.map_or(since, |from| from.max(since)));
    }
    let is_named = request.start.is_some() || request.end.is_some();
    Ok(Range { from, until, is_named: is_named || request.summary_only })
}

/// Chooses the days to dream, in order of time; with a limit the newest days win, and at least one is
/// chosen.
pub(crate) fn choose(days: &[DayOfWriting], range: Range, limit: Option<u32>) -> Vec<NaiveDate> {
    let mut wanted: Vec<&DayOfWriting> = days
        .iter()
        .filter(|day| day.is_waiting || range.is_named)
        .filter(|day| range.from.is_none_or(|from| day.day >= from))
        .filter(|day| range.until.is_none_or(|until| day.day <= until))
        .collect();
    wanted.sort_by_key(|day| std::cmp::Reverse(day.day));
    let mut n_records = 0;
    let mut chosen = Vec::new();
    for day in wanted {
        if let Some(limit) = limit
            && !chosen.is_empty()
            && n_records + day.n_records > limit
        {
            break;
        }
        n_records += day.n_records;
        chosen.push(day.day);
    }
    chosen.reverse();
    chosen
}

/// The next time, after `now`, at which the nightly dream is due. Unix milliseconds.
#[must_use]
pub fn next_dream(now: i64, at: NaiveTime, calendar: &Calendar) -> i64 {
    let offset = i64::from(calendar.offset_at(now)) * 60_000;
    let today = DateTime::from_timestamp_millis(now + offset).unwrap_or_default().date_naive();
    let on = |day: NaiveDate| {
        let stamp = Stamped::exact(Stamp::Local(day.and_time(at)));
        calendar.resolve(stamp).at
    };
    (0..3)
        .filter_map(|n| today.checked_add_days(Days::new(n)))
        .map(on)
        .find(|due| *due > now)
        .unwrap_or(now + 86_400_000)
}

/// Whether the nightly dream is due now: its time has passed since the last one ended, and there is
/// something to dream. A machine that slept through the night catches up when it wakes.
#[must_use]
pub fn is_due(
    now: i64,
    last_dream_at: Option<i64>,
    n_days_waiting: u32,
    at: NaiveTime,
    calendar: &Calendar,
) -> bool {
    if n_days_waiting == 0 {
        return false;
    }
    // The first dream is the person's to start: nothing happens behind their back on the first day.
    let Some(last) = last_dream_at else { return false };
    next_dream(last, at, calendar) <= now
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str, n_records: u32, is_waiting: bool) -> DayOfWriting {
        DayOfWriting { day: parse_day(text).expect("a day"), n_records, is_waiting }
    }

    fn at(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).expect("a time").timestamp_millis()
    }

    fn three() -> NaiveTime {
        NaiveTime::from_hms_opt(3, 0, 0).expect("three o'clock")
    }

    #[test]
    fn only_waiting_days_are_dreamt_unless_days_are_named() {
        let days = [day("2026-10-05", 3, false), day("2026-10-06", 2, true)];
        let any = Range { from: None, until: None, is_named: false };
        assert_eq!(choose(&days, any, None), [days[1].day]);
        let named = Range { is_named: true, ..any };
        assert_eq!(choose(&days, named, None), [days[0].day, days[1].day]);
    }

    #[test]
    fn with_a_limit_the_newest_days_are_chosen_and_told_in_order() {
        let days =
            [day("2026-10-05", 3, true), day("2026-10-06", 2, true), day("2026-10-07", 2, true)];
        let any = Range { from: None, until: None, is_named: false };
        assert_eq!(choose(&days, any, Some(4)), [days[1].day, days[2].day]);
        assert_eq!(choose(&days, any, Some(1)), [days[2].day]);
    }

    #[test]
    fn a_range_that_runs_backwards_is_refused() {
        let calendar = Calendar::new("Europe/Berlin").expect("a zone");
        let request = DreamRequest {
            start: Some("2026-10-07".into()),
            end: Some("2026-10-05".into()),
            ..DreamRequest::default()
        };
        assert!(range(&request, 0, &calendar).is_err());
    }

    #[test]
    fn a_lookback_begins_on_the_local_day_so_many_hours_ago() {
        let calendar = Calendar::new("Europe/Berlin").expect("a zone");
        let request = DreamRequest { lookback_hours: Some(24), ..DreamRequest::default() };
        let range = range(&request, at("2026-10-07T23:30:00Z"), &calendar).expect("a range");
        assert_eq!(range.from, Some(parse_day("2026-10-07").expect("a day")));
    }

    #[test]
    fn the_nightly_dream_is_due_once_its_time_has_passed_and_something_waits() {
        let calendar = Calendar::new("Europe/Berlin").expect("a zone");
        let last = Some(at("2026-10-06T01:05:00Z"));
        let due = |now: &str, waiting| is_due(at(now), last, waiting, three(), &calendar);
        assert!(!due("2026-10-06T20:00:00Z", 2), "its time has not come yet");
        assert!(due("2026-10-07T01:00:00Z", 2), "three o'clock in Berlin");
        assert!(due("2026-10-07T09:00:00Z", 2), "the machine slept through the night");
        assert!(!due("2026-10-07T09:00:00Z", 0), "nothing waits");
        assert!(!is_due(at("2026-10-07T09:00:00Z"), None, 2, three(), &calendar));
    }

    #[test]
    fn a_dream_time_that_the_change_of_clocks_skips_still_comes() {
        let calendar = Calendar::new("Europe/Berlin").expect("a zone");
        let half_past_two = NaiveTime::from_hms_opt(2, 30, 0).expect("a time");
        let due = next_dream(at("2026-03-28T23:30:00Z"), half_past_two, &calendar);
        assert_eq!(due, at("2026-03-29T01:30:00Z"));
    }
}
