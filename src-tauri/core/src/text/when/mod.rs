//! Dates in words, as people put them into a question: "last Tuesday afternoon", "since Monday",
//! "zwischen dem 3. und dem 10. März". English and German; days in figures in every language.
//!
//! What is decided here, because the words leave it open:
//!
//! - It always looks back. No day lies after today; what has begun is taken as far as it has come.
//! - A weekday is the last one before today: who means today says "today", or "this Friday".
//! - "last week", "last month" are those of the calendar before this one; "last summer", "last March",
//!   "last weekend" the latest that is over; "in March", "in summer", "at the weekend" the latest that has
//!   begun.
//! - "the past week" and "the last 3 days" go back so many days from today, and today is in it.
//! - "two weeks ago" is that whole week, as "three months ago" is a month and "a year ago" a year; "a year
//!   ago today" is a day.
//! - Seasons are those of meteorologists, of the northern half of the earth unless told otherwise; a
//!   winter has the year in which it begins.
//! - In 3/4/2026 the day comes first.
//! - Parts of the day are wide and overlap: morning 5 to 12, noon 11 to 14, afternoon 12 to 18, evening 17
//!   to 24, night 21 to 5. A part that would end before the person's day begins is moved to its beginning,
//!   and an evening lasts until their day ends.
//!
//! There is a library for it (duckling), measured for this and left aside: it looks ahead, is wrong about
//! common German words, and costs a quarter of a second before the first question.

mod beside_today;
mod clock;
mod grammar;
mod in_calendar;
mod lex;
mod reckon;
#[cfg(test)]
mod tests;

use std::ops::Range;

use chrono::{Days, NaiveDate, NaiveTime, Weekday};

use super::calendar_words::Part;
use crate::clock::{Calendar, Stamp, Stamped};

/// What a date in words is reckoned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The journal's day of today.
    pub today: NaiveDate,
    /// The day on which the person's week begins.
    pub week_start: Weekday,
    /// Minutes after midnight at which the person's day begins.
    pub day_start_minutes: u16,
    /// Whether summer is in December.
    pub is_southern: bool,
}

/// Hours of each day, in minutes after its midnight; the end is not included and may lie in the next day
/// of the calendar (over 1,440).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours {
    /// Where they begin.
    pub from: u16,
    /// Where they end.
    pub until: u16,
}

const NOON: u16 = 12 * 60;
const MIDNIGHT: u16 = 24 * 60;

impl Hours {
    /// The hours of a part of the day for a person whose day begins so many minutes after midnight.
    pub(crate) fn of(part: Part, day_start_minutes: u16) -> Self {
        let (from, until) = match part {
            Part::Early => (5 * 60, 10 * 60),
            Part::Morning => (5 * 60, NOON),
            Part::Noon => (11 * 60, 14 * 60),
            Part::Afternoon => (NOON, 18 * 60),
            Part::Evening => (17 * 60, MIDNIGHT + day_start_minutes),
            Part::Night => (21 * 60, MIDNIGHT + 5 * 60),
        };
        let from = day_start_minutes.max(from);
        Self { from, until: until.max(from + 60) }
    }
}

/// Days, and perhaps hours of them, that somebody told in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct When {
    /// Bytes of the words that tell it, in order.
    pub spans: Vec<Range<usize>>,
    /// The first day; absent for "until March".
    pub from: Option<NaiveDate>,
    /// The last day, included; never after today.
    pub until: NaiveDate,
    /// Only these hours of each day.
    pub hours: Option<Hours>,
}

impl When {
    /// The first instant and the first one after it, in Unix milliseconds. With hours: from their beginning
    /// on the first day to their end on the last one.
    #[must_use]
    pub fn instants(&self, calendar: &Calendar) -> (Option<i64>, i64) {
        let at = |day: NaiveDate, minutes: u16| {
            let day = day.checked_add_days(Days::new(u64::from(minutes / MIDNIGHT))).unwrap_or(day);
            let time = NaiveTime::from_num_seconds_from_midnight_opt(
                u32::from(minutes % MIDNIGHT) * 60,
                0,
            );
            calendar
                .resolve(Stamped::exact(Stamp::Local(day.and_time(time.unwrap_or_default()))))
                .at
        };
        match self.hours {
            Some(Hours { from, until }) => {
                (self.from.map(|day| at(day, from)), at(self.until, until))
            }
            None => {
                (self.from.map(|day| calendar.day_bounds(day).0), calendar.day_bounds(self.until).1)
            }
        }
    }
}

/// Every date in words that stands in a text, in order.
#[must_use]
pub fn find(text: &str, asked: &Asked) -> Vec<When> {
    grammar::find(text, asked)
}

/// When a question asks about: its only date, or the days from the first to the last of several. A part of
/// the day that stands apart from its date ("what did I do last week in the evenings") is told of it.
#[must_use]
pub fn of_question(text: &str, asked: &Asked) -> Option<When> {
    let mut found = find(text, asked).into_iter();
    let mut all = found.next()?;
    for one in found {
        all.from = all.from.zip(one.from).map(|(a, b)| a.min(b));
        all.until = all.until.max(one.until);
        all.hours = all.hours.filter(|hours| Some(*hours) == one.hours);
        all.spans.extend(one.spans);
    }
    if all.hours.is_none()
        && let Some((span, part)) = grammar::part_apart(text, &all.spans)
    {
        all.hours = Some(Hours::of(part, asked.day_start_minutes));
        all.spans.push(span);
        all.spans.sort_by_key(|span| span.start);
    }
    Some(all)
}

/// A text that is a date in words and nothing else.
#[must_use]
pub fn read(text: &str, asked: &Asked) -> Option<When> {
    let [only] = <[When; 1]>::try_from(find(text.trim(), asked)).ok()?;
    let span = only.spans.first()?;
    let is_rest_empty = |rest: &str| !rest.chars().any(char::is_alphanumeric);
    let text = text.trim();
    (is_rest_empty(&text[..span.start]) && is_rest_empty(&text[span.end..])).then_some(only)
}

/// A text without some spans of it, one blank in the place of each.
#[must_use]
pub fn without(text: &str, spans: &[Range<usize>]) -> String {
    let mut rest = String::with_capacity(text.len());
    let mut at = 0;
    for span in spans {
        if let Some(before) = text.get(at..span.start) {
            rest.push_str(before);
            rest.push(' ');
            at = span.end;
        }
    }
    rest.push_str(text.get(at..).unwrap_or_default());
    rest.split_whitespace().collect::<Vec<_>>().join(" ")
}
