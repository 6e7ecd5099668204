//! Days told by where they lie from today: "yesterday", "last week", "three days ago", "Tuesday".

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::{
    Asked, Hours,
    grammar::{LAST, NOT_ONE_DAY, PAST, RECENT_DAYS, Read, Reader, THIS, Told},
    reckon::{Stretch, month_of},
};
use crate::text::calendar_words::{self as vocabulary, Part, Unit};

impl Reader<'_> {
    /// "today", "vorgestern", "tonight", "heute vor einem Jahr".
    pub(super) fn day_word(&self, at: usize) -> Read<Told> {
        let day = |n: u32| self.asked.days_ago(n).map(Asked::one).map(Told::from);
        let (n, next) = match self.word(at)? {
            "tonight" => {
                let hours =
                    Hours { until: self.hours(Part::Night).until, ..self.hours(Part::Evening) };
                return Some((Told { hours: Some(hours), ..day(0)? }, at + 1));
            }
            "today" | "heute" => (0, at + 1),
            "yesterday" | "gestern" => (1, at + 1),
            "vorgestern" => (2, at + 1),
            "day" if self.is(at + 1, "before") && self.is(at + 2, "yesterday") => (2, at + 3),
            _ => return None,
        };
        if n == 0 {
            if let Some((day, next)) = self.this_day_ago(next) {
                return Some((Asked::one(day).into(), next));
            }
            // Who looks back means the night that is over.
            if self.word(next).and_then(vocabulary::part) == Some(Part::Night) {
                return Some((Told { hours: Some(self.hours(Part::Night)), ..day(1)? }, next + 1));
            }
        }
        Some((day(n)?, next))
    }

    /// "(today) a year ago", "(heute) vor zwei Wochen": the very day.
    pub(super) fn this_day_ago(&self, at: usize) -> Option<(NaiveDate, usize)> {
        let (n, unit, next) = self.ago_words(at)?;
        let day = match unit {
            Unit::Hour => return None,
            Unit::Day => self.asked.days_ago(n)?,
            Unit::Week => self.asked.days_ago(n.checked_mul(7)?)?,
            Unit::Month => self.asked.today.checked_sub_months(Months::new(n))?,
            Unit::Quarter => self.asked.today.checked_sub_months(Months::new(n.checked_mul(3)?))?,
            Unit::Year => self.asked.this_day_years_ago(n)?,
        };
        Some((day, next))
    }

    /// What follows "last", "past" or "this".
    pub(super) fn relative(&self, at: usize) -> Read<Told> {
        let (is_last, is_past) = (self.is(at, LAST), self.is(at, PAST));
        let is_over = is_last || is_past;
        if !is_over && !self.is(at, THIS) {
            return None;
        }
        let behind = at + 1;
        if is_over
            && let Some((n, next)) = self.count(behind)
            && let Some(unit) = self.unit(next)
        {
            return Some((self.asked.back(unit, n)?.into(), next + 1));
        }
        let word = self.word(behind)?;
        let plain = |days: Stretch| Some((Told::from(days), behind + 1));
        if is_last && word == "zeit" {
            return plain(self.asked.back(Unit::Day, RECENT_DAYS)?);
        }
        if let Some(part) = vocabulary::part(word) {
            return self.relative_part(is_over, part, word, behind + 1);
        }
        if let Some((weekday, part)) = vocabulary::weekday_part(word) {
            let day = self.named_weekday(is_over, weekday)?;
            return Some((
                Told { hours: Some(self.hours(part)), ..Asked::one(day).into() },
                behind + 1,
            ));
        }
        if let Some(weekday) = vocabulary::weekday(word) {
            return plain(Asked::one(self.named_weekday(is_over, weekday)?));
        }
        if let Some(unit) = vocabulary::unit(word) {
            let days = match (unit, is_last, is_past) {
                (Unit::Hour | Unit::Day, true, _) => return None,
                (unit, _, true) => self.asked.back(unit, 1)?,
                (unit, is_last, _) => self.asked.unit_ago(unit, u32::from(is_last))?,
            };
            // "last week on Tuesday", "letzte Woche Dienstag".
            if unit == Unit::Week
                && let Some((day, next)) = self.weekday_in(behind + 1, days)
            {
                return Some((day, next));
            }
            return plain(days);
        }
        if matches!(word, "weekend" | "wochenende") {
            return plain(self.asked.weekend(is_over)?);
        }
        if let Some(month) = vocabulary::month(word) {
            return plain(self.asked.latest(is_over, |year| month_of(year, month))?);
        }
        let season = vocabulary::season(word)?;
        plain(self.asked.latest(is_over, |year| self.asked.season(season, year))?)
    }

    /// "this morning", "last night", "letzte Nacht".
    pub(super) fn relative_part(
        &self,
        is_over: bool,
        part: Part,
        word: &str,
        next: usize,
    ) -> Read<Told> {
        let is_past_night = is_over || part == Part::Night;
        let day = self.asked.days_ago(u32::from(is_past_night))?;
        let mut hours = self.hours(part);
        // In English the evening before is a part of last night.
        if is_over && word == "night" {
            hours.from = self.hours(Part::Evening).from;
        }
        Some((Told { hours: Some(hours), ..Asked::one(day).into() }, next))
    }

    pub(super) fn named_weekday(&self, is_over: bool, weekday: Weekday) -> Option<NaiveDate> {
        if is_over { self.asked.last_weekday(weekday) } else { self.asked.this_weekday(weekday) }
    }

    /// "3 weeks ago", "vor drei Wochen".
    pub(super) fn ago(&self, at: usize) -> Read<Told> {
        let (n, unit, next) = self.ago_words(at)?;
        if self.is(next, "today heute")
            && let Some((day, _)) = self.this_day_ago(at)
        {
            return Some((Asked::one(day).into(), next + 1));
        }
        let days = self.asked.unit_ago(unit, n)?;
        if unit == Unit::Week
            && let Some(in_week) = self.weekday_in(next, days)
        {
            return Some(in_week);
        }
        Some((days.into(), next))
    }

    pub(super) fn ago_words(&self, at: usize) -> Option<(u32, Unit, usize)> {
        let is_german = self.is(at, "vor");
        let (n, next) = self.count(if is_german { at + 1 } else { at })?;
        let unit = self.unit(next)?;
        if is_german {
            return Some((n, unit, next + 1));
        }
        self.is(next + 1, "ago").then_some((n, unit, next + 2))
    }

    /// A weekday behind the week in which it lies.
    pub(super) fn weekday_in(&self, at: usize, week: Stretch) -> Read<Told> {
        let at = self.skip(at, "on am the den");
        let word = self.word(at)?;
        let (weekday, hours) = match vocabulary::weekday_part(word) {
            Some((weekday, part)) => (weekday, Some(self.hours(part))),
            None => (vocabulary::weekday(word)?, None),
        };
        let ahead = weekday.days_since(week.0.weekday());
        let day = week.0.checked_add_days(Days::new(u64::from(ahead)))?;
        Some((Told { hours, ..Asked::one(day).into() }, at + 1))
    }

    /// "Tuesday", "Dienstagnachmittag", "Tuesday last week", "Tuesday, 13 October".
    pub(super) fn weekday(&self, at: usize) -> Read<Told> {
        let word = self.word(at)?;
        let (weekday, mut hours) = match vocabulary::weekday_part(word) {
            Some((weekday, part)) => (weekday, Some(self.hours(part))),
            None => (vocabulary::weekday(word)?, None),
        };
        if at > 0 && self.is(at - 1, NOT_ONE_DAY) {
            return None;
        }
        let mut next = at + 1;
        let dated = self.skip(self.skip_sign(next), "the der den dem");
        if let Some((days, next)) = self.in_figures(dated).or_else(|| self.day_and_month(dated)) {
            return Some((Told { hours, ..days.into() }, next));
        }
        if hours.is_none()
            && let Some((told, behind)) = self.window(next)
        {
            hours = Some(told);
            next = behind;
        }
        let week = self.skip(next, "of in the der den");
        let of_week = self.week_told(week).or_else(|| self.week_told(next));
        if let Some((days, next)) = of_week
            && let Some((told, _)) = self.weekday_in(at, days)
        {
            return Some((Told { hours: hours.or(told.hours), ..told }, next));
        }
        let day = self.asked.last_weekday(weekday)?;
        Some((Told { hours, ..Asked::one(day).into() }, next))
    }

    /// "last week", "this week", "two weeks ago", "vor einer Woche".
    pub(super) fn week_told(&self, at: usize) -> Read<Stretch> {
        if let Some((n, Unit::Week, next)) = self.ago_words(at) {
            return Some((self.asked.unit_ago(Unit::Week, n)?, next));
        }
        let n = u32::from(self.is(at, LAST));
        let is_week = (n == 1 || self.is(at, THIS)) && self.unit(at + 1) == Some(Unit::Week);
        is_week.then(|| self.asked.unit_ago(Unit::Week, n)).flatten().map(|days| (days, at + 2))
    }
}
