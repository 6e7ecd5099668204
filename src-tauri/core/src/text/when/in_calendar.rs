//! Days told by their place in the calendar: "14 October", "March 2025", "summer 2024", "week 41".

use chrono::{Datelike, NaiveDate};

use super::{
    Asked,
    grammar::{LEADS, RECENT_DAYS, Read, Reader, is_in},
    lex::Kind,
    reckon::{FIRST_YEAR, Stretch, Third, month_of, quarter_of, third, year_of},
};
use crate::text::{
    calendar_words::{self as vocabulary, Unit},
    words,
};

impl Reader<'_> {
    pub(super) fn in_figures(&self, at: usize) -> Read<Stretch> {
        let days = match self.kind(at)? {
            Kind::Date(year, month, day) => Asked::one(self.date(*year, *month, *day)?),
            Kind::Month(year, month) => month_of(*year, *month)?,
            _ => return None,
        };
        Some((days, at + 1))
    }

    pub(super) fn date(&self, year: Option<i32>, month: u32, day: u32) -> Option<NaiveDate> {
        self.asked.date(year.or(self.hint.map(|(year, _)| year)), month, day)
    }

    /// "early March", "mid-2024", "Ende letzten Jahres", "at the end of the month".
    pub(super) fn edge(&self, at: usize) -> Read<Stretch> {
        let which = match self.word(at)? {
            "early" | "beginning" | "start" | "anfang" | "beginn" => Third::First,
            "mid" | "middle" | "mitte" => Third::Middle,
            "late" | "end" | "ende" => Third::Last,
            _ => return None,
        };
        let mut behind = at + 1;
        if matches!(self.kind(behind), Some(Kind::Dash)) {
            behind += 1;
        }
        behind = self.skip(behind, "of the der des dem von vom in");
        if let Some(unit) = self.unit(behind).filter(|unit| !matches!(unit, Unit::Hour | Unit::Day))
        {
            return Some((third(self.asked.unit_ago(unit, 0)?, which)?, behind + 1));
        }
        let (told, next) = self.core(behind, true)?;
        Some((third((told.from?, told.until), which)?, next))
    }

    /// "14 October 2026", "the 14th of October", "October 14", "am 14.".
    pub(super) fn day_and_month(&self, at: usize) -> Read<Stretch> {
        if let Some((day, is_ordinal)) = self.figure(at).filter(|(day, _)| (1..=31).contains(day)) {
            let behind = self.skip(at + 1, "of");
            if let Some(month) = self.word(behind).and_then(vocabulary::month) {
                let (year, next) = self.year_behind(behind + 1);
                return Some((Asked::one(self.date(year, month, day)?), next));
            }
            let is_day = is_ordinal || at > 0 && self.is(at - 1, "am zum");
            return is_day.then(|| self.day_alone(at, day)).flatten();
        }
        let month = self.word(at).and_then(vocabulary::month)?;
        let (day, _) = self.figure(at + 1).filter(|(day, _)| (1..=31).contains(day))?;
        let (year, next) = self.year_behind(at + 2);
        // "March 3–10".
        if matches!(self.kind(next), Some(Kind::Dash))
            && let Some((last, _)) =
                self.figure(next + 1).filter(|(last, _)| (day..=31).contains(last))
        {
            let (year, next) = self.year_behind(next + 2);
            let until = self.date(year, month, last)?;
            return Some(((until.with_day(day)?, until), next));
        }
        Some((Asked::one(self.date(year, month, day)?), next))
    }

    /// "on the 14th", "am 14.": the latest day of this number. "on the 3rd draft" is none.
    pub(super) fn day_alone(&self, at: usize, day: u32) -> Read<Stretch> {
        let before = at.checked_sub(1)?;
        let is_led = self.is(before, "am vom zum")
            || self.is(before, "dem den")
            || self.is(before, "the") && before > 0 && self.is(before - 1, LEADS);
        let is_german = self.is(before, "am vom zum dem den");
        let goes_on =
            self.word(at + 1).is_some_and(|word| !words::is_stop_word(word, None) && !is_german);
        if !is_led || goes_on {
            return None;
        }
        let day = match self.hint {
            Some((year, month)) => NaiveDate::from_ymd_opt(year, month, day)?,
            None => self.asked.day_of_month(day)?,
        };
        Some((Asked::one(day), at + 1))
    }

    /// A year where one may follow, and the place behind it.
    pub(super) fn year_behind(&self, at: usize) -> (Option<i32>, usize) {
        let behind = self.skip(self.skip_sign(at), "of in");
        match self.figure(behind).and_then(|(year, _)| as_year(year)) {
            Some(year) => (Some(year), behind + 1),
            None => (None, at),
        }
    }

    /// "March 2025", "im März". Names of months are names of people and verbs, too: without a year
    /// something must lead to them.
    pub(super) fn month(&self, at: usize, is_led: bool) -> Read<Stretch> {
        let month = vocabulary::month(self.word(at)?)?;
        let (year, next) = self.year_behind(at + 1);
        match year.or(self.hint.map(|(year, _)| year)) {
            Some(year) => Some((month_of(year, month)?, next)),
            None if is_led => Some((self.asked.latest(false, |year| month_of(year, month))?, next)),
            None => None,
        }
    }

    /// "summer 2024", "in winter", "Winter 2024/25".
    pub(super) fn season(&self, at: usize, is_led: bool) -> Read<Stretch> {
        let season = vocabulary::season(self.word(at)?)?;
        if let Some(Kind::Years(year)) = self.kind(at + 1) {
            return Some((self.asked.season(season, *year)?, at + 2));
        }
        match self.year_behind(at + 1) {
            (Some(year), next) => Some((self.asked.season(season, year)?, next)),
            (None, next) if is_led => {
                Some((self.asked.latest(false, |year| self.asked.season(season, year))?, next))
            }
            _ => None,
        }
    }

    /// "Q1 2025", "the second quarter", "3. Quartal 2025".
    pub(super) fn quarter(&self, at: usize) -> Read<Stretch> {
        let (number, next) = match self.kind(at)? {
            Kind::Word(word) => match word.strip_prefix('q').and_then(|n| n.parse().ok()) {
                Some(number) => (number, at + 1),
                None => {
                    let names = [
                        "first erste erstes ersten erstem",
                        "second zweite zweites zweiten zweitem",
                        "third dritte drittes dritten drittem",
                        "fourth vierte viertes vierten viertem",
                    ];
                    let number = (1..).zip(names).find(|(_, names)| is_in(word, names))?.0;
                    (self.unit(at + 1) == Some(Unit::Quarter)).then_some((number, at + 2))?
                }
            },
            Kind::Number { value, is_ordinal: true } => {
                (self.unit(at + 1) == Some(Unit::Quarter)).then_some((*value, at + 2))?
            }
            _ => return None,
        };
        let (year, next) = self.year_behind(next);
        let days = match year {
            Some(year) => quarter_of(year, number)?,
            None => self.asked.latest(false, |year| quarter_of(year, number))?,
        };
        Some((days, next))
    }

    /// "week 41", "KW 41 2025", "the week of 12 October".
    pub(super) fn week(&self, at: usize) -> Read<Stretch> {
        let word = self.word(at)?;
        if let Some(number) = word.strip_prefix("kw").and_then(|n| n.parse().ok()) {
            let (year, next) = self.year_behind(at + 1);
            return Some((self.asked.numbered_week(number, year)?, next));
        }
        if !is_in(word, "week kw woche kalenderwoche") {
            return None;
        }
        if let Some((number, _)) = self.figure(at + 1) {
            let (year, next) = self.year_behind(at + 2);
            return Some((self.asked.numbered_week(number, year)?, next));
        }
        if !self.is(at + 1, "of from beginning vom ab") {
            return None;
        }
        let behind = self.skip(at + 2, "the dem");
        let (days, next) = self.in_figures(behind).or_else(|| self.day_and_month(behind))?;
        Some((self.asked.week_of(days.0)?, next))
    }

    pub(super) fn weekend(&self, at: usize, is_led: bool) -> Read<Stretch> {
        let is_meant = is_led && self.is(at, "weekend wochenende");
        is_meant.then(|| self.asked.weekend(false)).flatten().map(|days| (days, at + 1))
    }

    /// "in 2024", "im Jahr 2024".
    pub(super) fn year(&self, at: usize, is_led: bool) -> Read<Stretch> {
        let (is_named, at) =
            if self.is(at, "year jahr jahre") { (true, at + 1) } else { (false, at) };
        let year = self.figure(at).and_then(|(year, _)| as_year(year))?;
        let is_past = year <= self.asked.today.year();
        (is_past && (is_led || is_named))
            .then(|| year_of(year))
            .flatten()
            .map(|days| (days, at + 1))
    }

    pub(super) fn lately(&self, at: usize) -> Read<Stretch> {
        let is_meant = self.is(at, "recently lately kurzlich neulich letztens");
        is_meant
            .then(|| self.asked.back(Unit::Day, RECENT_DAYS))
            .flatten()
            .map(|days| (days, at + 1))
    }
}

fn as_year(number: u32) -> Option<i32> {
    i32::try_from(number).ok().filter(|year| (FIRST_YEAR..=2200).contains(year))
}
