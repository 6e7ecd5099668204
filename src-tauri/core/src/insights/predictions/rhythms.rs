//! Rhythms: what comes on the same weekday, or on the same day of the month, again and again.
//!
//! For each tag of the last six months the days that have it are counted. A weekday is its own if it came in
//! at least [`FEWEST_WEEKS`] of the last [`WEEKS`] weeks, in most of them, lately, and on that weekday far
//! more often than the seventh part of its days that chance would give (a binomial test at
//! [`SURE`]). A day of the month needs [`FEWEST_MONTHS`] of the last [`MONTHS`] months in which the tag
//! comes on few other days. How sure a prediction is, is Laplace's rule of succession: (hits + 1) /
//! (times + 2).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, Months, NaiveDate};

use super::{Prediction, key};
use crate::{
    api::predictions::PredictionKind,
    insights::{
        chance,
        lived::Lived,
        say::{self, Voice},
    },
    mind::builtin,
};

/// Weeks that are looked at.
const WEEKS: u32 = 8;
const FEWEST_WEEKS: u32 = 4;
/// Months that are looked at.
const MONTHS: u32 = 6;
const FEWEST_MONTHS: u32 = 3;
/// The share of weeks or months in which it must have come.
const LEAST_SHARE: f64 = 0.6;
/// Weeks for which it may have stayed away.
const LATELY: u32 = 2;
/// How improbable as many on one weekday must be by chance.
const SURE: f64 = 0.01;
/// Rhythms are foretold for so many days.
pub(crate) const AHEAD_DAYS: i64 = 7;
/// Days of writing that are looked at.
pub(crate) const LOOKED_BACK_DAYS: u64 = 186;
/// Of this share of their moments two rhythms of a day are the same one.
const SAME: f64 = 0.6;
/// Rhythms that are foretold for one day.
const MOST_A_DAY: usize = 3;

/// What is to come in the next seven days after `anchor`, the newest day of `moments`.
pub(crate) fn find(moments: &[Lived], anchor: NaiveDate) -> Vec<Prediction> {
    let mut days: BTreeMap<&str, BTreeMap<NaiveDate, Vec<&Lived>>> = BTreeMap::new();
    let mut first = anchor;
    for moment in moments {
        let Ok(day) = moment.day.parse::<NaiveDate>() else { continue };
        first = first.min(day);
        for tag in &moment.tags {
            days.entry(tag).or_default().entry(day).or_default().push(moment);
        }
    }
    let mut found = Vec::new();
    for ahead in 1..=AHEAD_DAYS.unsigned_abs() {
        let Some(due) = anchor.checked_add_days(Days::new(ahead)) else { continue };
        let mut of_day: Vec<Prediction> = days
            .iter()
            .filter(|(_, days)| !days.contains_key(&due))
            .filter_map(|(tag, days)| {
                weekly(tag, days, anchor, first, due)
                    .or_else(|| monthly(tag, days, anchor, first, due))
            })
            .collect();
        of_day.sort_by(|a, b| {
            b.confidence.total_cmp(&a.confidence).then_with(|| a.tags.cmp(&b.tags))
        });
        found.extend(told_once(of_day).into_iter().take(MOST_A_DAY));
    }
    found
}

/// Tags that come with each other are one rhythm, which any of them settles.
fn told_once(surest_first: Vec<Prediction>) -> Vec<Prediction> {
    let mut kept: Vec<Prediction> = Vec::new();
    for one in surest_first {
        let is_same = |other: &&mut Prediction| {
            let shared = one.moment_ids.iter().filter(|id| other.moment_ids.contains(id)).count();
            shared as f64 >= SAME * one.moment_ids.len() as f64
        };
        match kept.iter_mut().find(is_same) {
            Some(other) => other.tags.extend(one.tags),
            None => kept.push(one),
        }
    }
    kept
}

type ByDay<'a> = BTreeMap<NaiveDate, Vec<&'a Lived>>;

fn weekly(
    tag: &str,
    days: &ByDay<'_>,
    anchor: NaiveDate,
    first: NaiveDate,
    due: NaiveDate,
) -> Option<Prediction> {
    let weeks: Vec<NaiveDate> = (1..=u64::from(WEEKS))
        .filter_map(|n| due.checked_sub_days(Days::new(7 * n)))
        .filter(|day| *day >= first)
        .collect();
    let came: Vec<NaiveDate> = weeks.iter().copied().filter(|day| days.contains_key(day)).collect();
    let (n_weeks, n_came) = (count(weeks.len()), count(came.len()));
    let is_late = came.first().is_none_or(|last| {
        weeks.iter().position(|day| day == last).is_none_or(|at| count(at) >= LATELY)
    });
    if n_came < FEWEST_WEEKS || is_late || f64::from(n_came) < LEAST_SHARE * f64::from(n_weeks) {
        return None;
    }
    let since = *weeks.last()?;
    let n_days = count(days.range(since..=anchor).count());
    if chance::binomial(n_days, n_came, 1.0 / 7.0) > SURE {
        return None;
    }
    let say = |voice: Voice| voice.weekly(tag, due, n_came, n_weeks);
    Some(prediction(tag, days, &came, (n_came, n_weeks), (anchor, due), &say))
}

fn monthly(
    tag: &str,
    days: &ByDay<'_>,
    anchor: NaiveDate,
    first: NaiveDate,
    due: NaiveDate,
) -> Option<Prediction> {
    let months: Vec<NaiveDate> = (1..=MONTHS)
        .filter_map(|n| due.checked_sub_months(Months::new(n)))
        .filter(|day| *day >= first)
        .collect();
    // The 31st of a month that has thirty days is the 30th.
    let came: Vec<NaiveDate> =
        months.iter().copied().filter(|day| days.contains_key(day)).collect();
    let (n_months, n_came) = (count(months.len()), count(came.len()));
    let since = *months.last()?;
    let n_days = count(days.range(since..=anchor).count());
    let is_rhythm = n_came >= FEWEST_MONTHS
        && f64::from(n_came) >= LEAST_SHARE * f64::from(n_months)
        && came.first() == months.first()
        && f64::from(n_came) >= LEAST_SHARE * f64::from(n_days);
    if !is_rhythm {
        return None;
    }
    let say = |voice: Voice| voice.monthly(tag, due, n_came, n_months);
    Some(prediction(tag, days, &came, (n_came, n_months), (anchor, due), &say))
}

fn prediction(
    tag: &str,
    days: &ByDay<'_>,
    came: &[NaiveDate],
    (hits, times): (u32, u32),
    (anchor, due): (NaiveDate, NaiveDate),
    say: &dyn Fn(Voice) -> String,
) -> Prediction {
    let moments: Vec<&Lived> =
        came.iter().filter_map(|day| days.get(day)).flatten().copied().collect();
    let language = say::language(moments.iter().copied());
    let ids: BTreeSet<i64> = moments.iter().map(|moment| moment.id).collect();
    Prediction {
        kind: PredictionKind::Rhythm,
        key: key(PredictionKind::Rhythm, tag, due),
        statement: say(Voice::of(&language)),
        language,
        made_on: anchor,
        due_from: due,
        due_on: due,
        confidence: (1e3 * f64::from(hits + 1) / f64::from(times + 2)).round() / 1e3,
        tags: vec![tag.to_owned()],
        people: Vec::new(),
        words: Vec::new(),
        moment_ids: ids.into_iter().rev().collect(),
        mind: builtin::NAME.into(),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::lived::tests::felt;

    fn on(days: &[&str], tag: &str) -> Vec<Lived> {
        let mut all: Vec<Lived> =
            days.iter().zip(1..).map(|(day, id)| felt(id, day, &[tag], 0.0)).collect();
        all.sort_by(|a, b| a.day.cmp(&b.day));
        all
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    const THURSDAYS: [&str; 6] =
        ["2026-09-03", "2026-09-10", "2026-09-17", "2026-09-24", "2026-10-01", "2026-10-08"];

    #[test]
    fn what_came_on_one_weekday_again_and_again_is_foretold_for_the_next() {
        let found = find(&on(&THURSDAYS, "choir"), day("2026-10-12"));
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(
            found[0].statement,
            "“choir” again on Thursday, 15 October: 6 of the last 6 weeks."
        );
        assert_eq!((found[0].due_on, found[0].confidence), (day("2026-10-15"), 0.875));
        assert_eq!(found[0].moment_ids.len(), 6);
    }

    #[test]
    fn what_comes_every_day_or_seldom_or_no_more_has_no_rhythm() {
        let daily: Vec<String> =
            (0..42).map(|n| (day("2026-09-01") + Days::new(n)).to_string()).collect();
        let daily: Vec<&str> = daily.iter().map(String::as_str).collect();
        assert_eq!(find(&on(&daily, "coffee"), day("2026-10-12")), []);
        assert_eq!(find(&on(&THURSDAYS[3..], "choir"), day("2026-10-12")), []);
        assert_eq!(find(&on(&THURSDAYS, "choir"), day("2026-10-28")), []);
        assert_eq!(find(&[], day("2026-10-28")), []);
    }

    #[test]
    fn tags_that_come_together_are_one_rhythm() {
        let both = on(&THURSDAYS, "choir")
            .into_iter()
            .map(|moment| Lived { tags: vec!["choir".into(), "psalm".into()], ..moment });
        let found = find(&both.collect::<Vec<_>>(), day("2026-10-12"));
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(found[0].tags, ["choir", "psalm"]);
    }

    #[test]
    fn what_is_there_already_is_not_foretold() {
        let days = [&THURSDAYS[..], &["2026-10-15"]].concat();
        let found = find(&on(&days, "choir"), day("2026-10-12"));
        assert_eq!(found, [], "it is written down for that day");
    }

    #[test]
    fn what_came_on_the_same_day_of_each_month_is_foretold() {
        let days = ["2026-07-01", "2026-08-01", "2026-09-01", "2026-10-01"];
        let found = find(&on(&days, "rent"), day("2026-10-28"));
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(
            found[0].statement,
            "“rent” again on Sunday, 1 November: 4 of the last 4 months."
        );
    }

    #[test]
    fn the_last_day_of_a_month_counts_for_the_thirty_first() {
        let days = ["2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30"];
        let found = find(&on(&days, "books"), day("2026-12-28"));
        assert_eq!(found.iter().map(|one| one.due_on).collect::<Vec<_>>(), [day("2026-12-31")]);
    }
}
