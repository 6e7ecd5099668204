//! Decides what to dream and when. Pure: times and states come in, decisions go out.

use chrono::NaiveDate;
use rusqlite::Connection;

use crate::{
    Error, Result,
    api::dreams::{DreamRequest, Stage},
    clock::{Calendar, parse_day},
};

/// The stages of a whole dream. A later one may rest on what an earlier one made, never the other way
/// round: so one dream goes as far as two.
const WHOLE: &[Stage] = &[
    Stage::Decay,
    Stage::Moments,
    Stage::Summarize,
    Stage::Periods,
    Stage::Affinity,
    Stage::Topics,
    Stage::Profile,
    Stage::Reflect,
    Stage::Consolidate,
    Stage::Predict,
    Stage::Digest,
];

/// The stages that a request goes through, in order.
pub(crate) fn steps(request: &DreamRequest) -> Vec<Stage> {
    let is_wanted = |stage: &&Stage| {
        // Stories told again and comparisons are about days, and so is a dream of some moments only.
        let days_alone = request.summary_only || request.compare || is_partial(request);
        if days_alone {
            return **stage == Stage::Moments;
        }
        request.stages.is_empty() || request.stages.contains(stage)
    };
    WHOLE.iter().filter(is_wanted).copied().collect()
}

/// Whether only some of the moments of a day are wanted.
pub(crate) fn is_partial(request: &DreamRequest) -> bool {
    request.min_duration_minutes > 0 || !request.moment_types.is_empty()
}

/// What the revision of a request's dream is called.
pub(crate) fn label(request: &DreamRequest) -> String {
    if request.stages.is_empty() {
        return "dreamt".into();
    }
    let names: Vec<String> =
        request.stages.iter().map(|stage| format!("{stage:?}").to_lowercase()).collect();
    format!("dreamt: {}", names.join(", "))
}

/// A day with material, as far as the plan needs to know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DayOfWriting {
    pub(crate) day: NaiveDate,
    /// Records with something on that day.
    pub(crate) n_records: u32,
    /// Whether something in it is new or changed since it was dreamt.
    pub(crate) is_waiting: bool,
    /// Whether the built-in analyser dreamt a part of it for want of a model.
    pub(crate) is_provisional: bool,
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

/// Days that a dream begun by hand reads again with a model that was missed; somebody waits for it.
const AGAIN_BY_HAND: usize = 7;

/// How many days that were dreamt for want of a model are dreamt again with it. The night takes as many
/// as the minutes allow that it may take.
pub(crate) fn n_again(has_model: bool, is_night: bool) -> usize {
    match (has_model, is_night) {
        (false, _) => 0,
        (true, false) => AGAIN_BY_HAND,
        (true, true) => usize::MAX,
    }
}

/// Chooses the days to dream: what is new or named, in order of time, or the newest first; then, the newest first, at most
/// `n_again` of those that lacked a model. With a limit of records the newest days win, and at least one
/// is chosen.
pub(crate) fn choose(
    days: &[DayOfWriting],
    range: Range,
    limit: Option<u32>,
    n_again: usize,
    is_newest_first: bool,
) -> Vec<NaiveDate> {
    let mut within: Vec<&DayOfWriting> = days
        .iter()
        .filter(|day| range.from.is_none_or(|from| day.day >= from))
        .filter(|day| range.until.is_none_or(|until| day.day <= until))
        .collect();
    within.sort_by_key(|day| std::cmp::Reverse(day.day));
    let (new, old): (Vec<_>, Vec<_>) =
        within.into_iter().partition(|day| day.is_waiting || range.is_named);
    let again = old.into_iter().filter(|day| day.is_provisional).take(n_again);
    let mut n_records = 0;
    let mut chosen = Vec::new();
    let mut n_new = 0;
    for (day, is_new) in new.into_iter().map(|day| (day, true)).chain(again.map(|day| (day, false)))
    {
        if let Some(limit) = limit
            && !chosen.is_empty()
            && n_records + day.n_records > limit
        {
            break;
        }
        n_records += day.n_records;
        n_new += usize::from(is_new);
        chosen.push(day.day);
    }
    if !is_newest_first {
        chosen[..n_new].reverse();
    }
    chosen
}

/// Whether a dream of this cause was begun by nobody: then it waits while the person uses the machine or the
/// battery drains, and reads again as many days as its minutes allow.
pub(crate) fn is_by_itself(cause: &str) -> bool {
    cause != "question" && crate::jobs::schedule::KINDS.contains(&cause)
}

/// Days of a range that wait for a dream. They are written `YYYY-MM-DD`.
pub(crate) fn days_waiting(reader: &Connection, start: &str, end: &str) -> Result<u32> {
    let find = "SELECT count(*) FROM jobs
                WHERE kind = 'dream' AND state = 'queued' AND key BETWEEN ?1 AND ?2";
    Ok(reader.prepare_cached(find)?.query_row([start, end], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn day(text: &str, n_records: u32, is_waiting: bool) -> DayOfWriting {
        let day = parse_day(text).expect("a day");
        DayOfWriting { day, n_records, is_waiting, is_provisional: false }
    }

    fn at(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).expect("a time").timestamp_millis()
    }

    #[test]
    fn a_request_for_some_stages_takes_them_in_the_order_of_a_whole_dream() {
        let request =
            |stages: &[Stage]| DreamRequest { stages: stages.to_vec(), ..DreamRequest::default() };
        assert_eq!(steps(&request(&[])), WHOLE);
        let some = request(&[Stage::Affinity, Stage::Decay]);
        assert_eq!(steps(&some), [Stage::Decay, Stage::Affinity]);
        assert_eq!(label(&some), "dreamt: affinity, decay");
        let stories = DreamRequest { summary_only: true, ..request(&[]) };
        assert_eq!(steps(&stories), [Stage::Moments]);
    }

    #[test]
    fn only_waiting_days_are_dreamt_unless_days_are_named() {
        let days = [day("2026-10-05", 3, false), day("2026-10-06", 2, true)];
        let any = Range { from: None, until: None, is_named: false };
        assert_eq!(choose(&days, any, None, 0, false), [days[1].day]);
        let named = Range { is_named: true, ..any };
        assert_eq!(choose(&days, named, None, 0, false), [days[0].day, days[1].day]);
    }

    #[test]
    fn with_a_limit_the_newest_days_are_chosen_and_told_in_order() {
        let days =
            [day("2026-10-05", 3, true), day("2026-10-06", 2, true), day("2026-10-07", 2, true)];
        let any = Range { from: None, until: None, is_named: false };
        assert_eq!(choose(&days, any, Some(4), 0, false), [days[1].day, days[2].day]);
        assert_eq!(choose(&days, any, Some(1), 0, false), [days[2].day]);
        let newest_first = choose(&days, any, Some(4), 0, true);
        assert_eq!(newest_first, [days[2].day, days[1].day], "where the minutes are counted");
    }

    #[test]
    fn days_that_lacked_a_model_follow_what_is_new_the_newest_first() {
        let lacking = |text| DayOfWriting { is_provisional: true, ..day(text, 1, false) };
        let days = [
            lacking("2026-10-05"),
            lacking("2026-10-06"),
            day("2026-10-07", 1, false),
            day("2026-10-08", 1, true),
            day("2026-10-09", 1, true),
        ];
        let any = Range { from: None, until: None, is_named: false };
        let of = |n: [usize; 4]| n.map(|n| days[n].day);
        assert_eq!(choose(&days, any, None, usize::MAX, false), of([3, 4, 1, 0]));
        assert_eq!(choose(&days, any, None, 1, false), of([3, 4, 1, 0])[..3]);
        assert_eq!(choose(&days, any, None, n_again(false, true), false), of([3, 4, 1, 0])[..2]);
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
}
