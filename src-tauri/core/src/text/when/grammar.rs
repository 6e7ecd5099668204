//! How dates in words are put together. A reader of tokens that goes forward and never guesses twice.

use std::ops::Range;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{
    Asked, Hours, MIDNIGHT, When,
    lex::{self, Kind, Token},
    reckon::{FIRST_YEAR, Stretch, Third, month_of, quarter_of, third, year_of},
};
use crate::text::{
    calendar_words::{self as vocabulary, Part, Unit},
    words,
};

const LAST: &str = "last previous letzte letzten letzter letztes letztem vorige vorigen voriger \
    voriges vorigem vorherige vorherigen vergangene vergangenen vergangener vergangenes vergangenem";
const PAST: &str = "past";
const THIS: &str = "this current diese diesen dieser dieses diesem aktuelle aktuellen laufende \
    laufenden laufender";
/// Words that leave no doubt that a date follows.
const LEADS: &str = "on in at during over since until till from of between before after by around \
    am im an in wahrend uber seit bis ab vom von zum zur vor nach zwischen gegen";
const ARTICLES: &str = "the der dem den des die das";
const NOT_ONE_DAY: &str = "every each next coming jede jeden jeder jedes nachste nachsten nachster \
    nachstes kommende kommenden kommender";
const TO: &str = "to till until through thru bis";
const AND: &str = "and und";
/// Words between a day and a part of it.
const BEFORE_PART: &str = "in the at on during am um gegen around about early late fruhen spaten";
/// Days that "recently" goes back.
const RECENT_DAYS: u32 = 14;
/// Minutes on either side of a clock time that is told.
const AROUND: u16 = 60;

/// What was read, and where the next token stands.
type Read<T> = Option<(T, usize)>;

/// Days as they are told, before they are cut at today.
#[derive(Debug, Clone, Copy)]
struct Told {
    from: Option<NaiveDate>,
    until: NaiveDate,
    hours: Option<Hours>,
}

impl From<Stretch> for Told {
    fn from((from, until): Stretch) -> Self {
        Self { from: Some(from), until, hours: None }
    }
}

struct Reader<'a> {
    tokens: &'a [Token],
    asked: &'a Asked,
    /// The year and month of a range's end, which its beginning may leave out.
    hint: Option<(i32, u32)>,
}

pub(super) fn find(text: &str, asked: &Asked) -> Vec<When> {
    let tokens = lex::cut(text);
    let reader = Reader { tokens: &tokens, asked, hint: None };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((told, next)) = reader.phrase(at).filter(|(_, next)| *next > at) else {
            at += 1;
            continue;
        };
        // What lies ahead is no date that one can look back on.
        let until = told.until.min(asked.today);
        if told.from.is_none_or(|from| from <= until) {
            let span = tokens[at].span.start..tokens[next - 1].span.end;
            found.push(When { spans: vec![span], from: told.from, until, hours: told.hours });
        }
        at = next;
    }
    found
}

/// A part of the day that stands apart from these words: "in the evenings", "abends".
pub(super) fn part_apart(text: &str, taken: &[Range<usize>]) -> Option<(Range<usize>, Part)> {
    let tokens = lex::cut(text);
    let is_free = |token: &Token| {
        taken.iter().all(|span| token.span.end <= span.start || span.end <= token.span.start)
    };
    let word = |at: usize| match &tokens.get(at).filter(|token| is_free(token))?.kind {
        Kind::Word(word) => Some(word.as_str()),
        _ => None,
    };
    (0..tokens.len()).find_map(|at| {
        let name = word(at)?;
        let part = vocabulary::part(name)?;
        let mut first = at;
        while first > 0
            && word(first - 1).is_some_and(|word| is_in(word, BEFORE_PART) || is_in(word, "der"))
        {
            first -= 1;
        }
        // "abends" says it alone; "Morgen" alone is tomorrow.
        (first < at || name.ends_with('s'))
            .then(|| (tokens[first].span.start..tokens[at].span.end, part))
    })
}

fn is_in(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

impl Reader<'_> {
    fn kind(&self, at: usize) -> Option<&Kind> {
        self.tokens.get(at).map(|token| &token.kind)
    }

    fn word(&self, at: usize) -> Option<&str> {
        match self.kind(at)? {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    fn is(&self, at: usize, list: &str) -> bool {
        self.word(at).is_some_and(|word| is_in(word, list))
    }

    fn figure(&self, at: usize) -> Option<(u32, bool)> {
        match self.kind(at)? {
            Kind::Number { value, is_ordinal } => Some((*value, *is_ordinal)),
            _ => None,
        }
    }

    /// The place behind these words, if they stand there.
    fn skip(&self, at: usize, list: &str) -> usize {
        let mut at = at;
        while self.is(at, list) {
            at += 1;
        }
        at
    }

    fn skip_sign(&self, at: usize) -> usize {
        if matches!(self.kind(at), Some(Kind::Sign)) { at + 1 } else { at }
    }

    fn hours(&self, part: Part) -> Hours {
        Hours::of(part, self.asked.day_start_minutes)
    }

    /// A whole phrase.
    fn phrase(&self, at: usize) -> Read<Told> {
        self.range(at)
            .or_else(|| self.since(at))
            .or_else(|| self.ago(at))
            .or_else(|| self.until(at))
            .or_else(|| self.beside(at))
            .or_else(|| self.stretch(at))
    }

    /// "between … and …", "from … to …", "vom … bis …".
    fn range(&self, at: usize) -> Read<Told> {
        let (link, first) = match self.word(at)? {
            "between" | "zwischen" => (AND, at + 1),
            "from" | "von" | "vom" => (TO, at + 1),
            _ => return None,
        };
        self.two_ends(first, link)
    }

    /// A beginning, a link and an end. The beginning may leave out what the end says: "3 to 10 March",
    /// "March to May 2025".
    fn two_ends(&self, at: usize, link: &str) -> Read<Told> {
        let first = self.skip(at, ARTICLES);
        let linked = match self.point(at, true) {
            Some((_, next)) => self.linked(next, link)?,
            None => {
                self.figure(first).filter(|(day, _)| (1..=31).contains(day))?;
                self.linked(first + 1, link)?
            }
        };
        let (end, next) = self.point(linked, true)?;
        // "between 9 and 11 am yesterday" are hours.
        if end.hours.is_some() && self.figure(first).is_some() {
            return None;
        }
        let begin = |year: i32| -> Option<NaiveDate> {
            let hint = Some((year, end.until.month()));
            let reader = Reader { hint, ..*self };
            match reader.point(at, true) {
                Some((told, _)) => told.from,
                None => NaiveDate::from_ymd_opt(year, end.until.month(), self.figure(first)?.0),
            }
        };
        let mut from = begin(end.until.year())?;
        if from > end.until {
            let week_before = from.checked_sub_days(Days::new(7)).filter(|day| *day <= end.until);
            let year_before = begin(end.until.year() - 1).filter(|day| *day <= end.until);
            from = week_before.or(year_before).unwrap_or(from);
        }
        let (from, until) = (from.min(end.until), from.max(end.until));
        Some((Told { from: Some(from), until, hours: None }, next))
    }

    fn linked(&self, at: usize, link: &str) -> Option<usize> {
        let is_dash = link == TO && matches!(self.kind(at), Some(Kind::Dash));
        (is_dash || self.is(at, link)).then_some(at + 1)
    }

    /// "since Monday", "seit drei Tagen", "ab März", "from Monday on".
    fn since(&self, at: usize) -> Read<Told> {
        let today = self.asked.today;
        let from_on = |told: Told| Told { from: told.from, until: today, hours: None };
        if self.is(at, "since seit ab") {
            let behind = self.skip(at + 1, ARTICLES);
            if let Some((n, next)) = self.count(behind)
                && let Some(unit) = self.unit(next)
            {
                return Some((self.asked.back(unit, n)?.into(), next + 1));
            }
            let (told, next) = self.point(at + 1, true)?;
            return Some((from_on(told), next));
        }
        if self.is(at, "from von") {
            let (told, next) = self.point(at + 1, true)?;
            return self.is(next, "on onward onwards an").then(|| (from_on(told), next + 1));
        }
        None
    }

    /// "until March", "bis gestern".
    fn until(&self, at: usize) -> Read<Told> {
        let behind = match self.word(at)? {
            "until" | "till" | "bis" => at + 1,
            _ => return None,
        };
        let (told, next) = self.point(self.skip(behind, "zum zur"), true)?;
        Some((Told { from: None, until: told.until, hours: None }, next))
    }

    /// "before Friday", "nach dem 3. März".
    fn beside(&self, at: usize) -> Read<Told> {
        let is_before = self.is(at, "before vor");
        if !is_before && !self.is(at, "after nach") {
            return None;
        }
        let (told, next) = self.point(at + 1, true)?;
        let beside = if is_before {
            Told { from: None, until: told.from?.pred_opt()?, hours: None }
        } else {
            let from = told.until.succ_opt()?;
            Told { from: Some(from), until: self.asked.today.max(from), hours: None }
        };
        Some((beside, next))
    }

    /// A point, or two of them with a dash or "to" between.
    fn stretch(&self, at: usize) -> Read<Told> {
        if let Some(ranged) = self.two_ends(at, TO) {
            return Some(ranged);
        }
        self.point(at, false)
    }

    /// One stretch of days, with what leads to it and the hours of it that are told.
    fn point(&self, at: usize, is_led: bool) -> Read<Told> {
        if let Some((hours, next)) = self.window(at)
            && let Some((told, next)) = self.days(self.skip(next, "of on am des der vom von"), true)
        {
            return Some((Told { hours: Some(hours), ..told }, next));
        }
        let (told, next) = self.days(at, is_led)?;
        if told.hours.is_some() {
            return Some((told, next));
        }
        let behind = if matches!(self.kind(next), Some(Kind::Sign)) { next + 1 } else { next };
        match self.window(next).or_else(|| self.window(behind)) {
            Some((hours, next)) => Some((Told { hours: Some(hours), ..told }, next)),
            None => Some((told, next)),
        }
    }

    /// Days, behind prepositions and articles.
    fn days(&self, at: usize, is_led: bool) -> Read<Told> {
        let mut first = at;
        let mut is_led = is_led;
        while self.is(first, LEADS) || self.is(first, ARTICLES) {
            // "working on on Tuesday": the first belongs to the verb.
            if first > at && self.word(first) == self.word(first - 1) {
                return None;
            }
            is_led |= self.is(first, LEADS);
            first += 1;
        }
        // An article or a preposition may itself begin what is meant: "the day before yesterday", "vor 3 Tagen".
        (at..=first).rev().find_map(|from| self.core(from, is_led || self.tokens.len() == 1))
    }

    fn core(&self, at: usize, is_led: bool) -> Read<Told> {
        let plain = |read: Read<Stretch>| read.map(|(days, next)| (Told::from(days), next));
        plain(self.in_figures(at))
            .or_else(|| plain(self.edge(at)))
            .or_else(|| self.day_word(at))
            .or_else(|| self.relative(at))
            .or_else(|| self.ago(at))
            .or_else(|| self.weekday(at))
            .or_else(|| plain(self.day_and_month(at)))
            .or_else(|| plain(self.month(at, is_led)))
            .or_else(|| plain(self.season(at, is_led)))
            .or_else(|| plain(self.quarter(at)))
            .or_else(|| plain(self.week(at)))
            .or_else(|| plain(self.weekend(at, is_led)))
            .or_else(|| plain(self.year(at, is_led)))
            .or_else(|| plain(self.lately(at)))
    }

    fn in_figures(&self, at: usize) -> Read<Stretch> {
        let days = match self.kind(at)? {
            Kind::Date(year, month, day) => Asked::one(self.date(*year, *month, *day)?),
            Kind::Month(year, month) => month_of(*year, *month)?,
            _ => return None,
        };
        Some((days, at + 1))
    }

    fn date(&self, year: Option<i32>, month: u32, day: u32) -> Option<NaiveDate> {
        self.asked.date(year.or(self.hint.map(|(year, _)| year)), month, day)
    }

    /// "early March", "mid-2024", "Ende letzten Jahres", "at the end of the month".
    fn edge(&self, at: usize) -> Read<Stretch> {
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

    /// "today", "vorgestern", "tonight", "heute vor einem Jahr".
    fn day_word(&self, at: usize) -> Read<Told> {
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
    fn this_day_ago(&self, at: usize) -> Option<(NaiveDate, usize)> {
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
    fn relative(&self, at: usize) -> Read<Told> {
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
    fn relative_part(&self, is_over: bool, part: Part, word: &str, next: usize) -> Read<Told> {
        let is_past_night = is_over || part == Part::Night;
        let day = self.asked.days_ago(u32::from(is_past_night))?;
        let mut hours = self.hours(part);
        // In English the evening before is a part of last night.
        if is_over && word == "night" {
            hours.from = self.hours(Part::Evening).from;
        }
        Some((Told { hours: Some(hours), ..Asked::one(day).into() }, next))
    }

    fn named_weekday(&self, is_over: bool, weekday: chrono::Weekday) -> Option<NaiveDate> {
        if is_over { self.asked.last_weekday(weekday) } else { self.asked.this_weekday(weekday) }
    }

    /// "3 weeks ago", "vor drei Wochen".
    fn ago(&self, at: usize) -> Read<Told> {
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

    fn ago_words(&self, at: usize) -> Option<(u32, Unit, usize)> {
        let is_german = self.is(at, "vor");
        let (n, next) = self.count(if is_german { at + 1 } else { at })?;
        let unit = self.unit(next)?;
        if is_german {
            return Some((n, unit, next + 1));
        }
        self.is(next + 1, "ago").then_some((n, unit, next + 2))
    }

    /// A weekday behind the week in which it lies.
    fn weekday_in(&self, at: usize, week: Stretch) -> Read<Told> {
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
    fn weekday(&self, at: usize) -> Read<Told> {
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
    fn week_told(&self, at: usize) -> Read<Stretch> {
        if let Some((n, Unit::Week, next)) = self.ago_words(at) {
            return Some((self.asked.unit_ago(Unit::Week, n)?, next));
        }
        let n = u32::from(self.is(at, LAST));
        let is_week = (n == 1 || self.is(at, THIS)) && self.unit(at + 1) == Some(Unit::Week);
        is_week.then(|| self.asked.unit_ago(Unit::Week, n)).flatten().map(|days| (days, at + 2))
    }

    /// "14 October 2026", "the 14th of October", "October 14", "am 14.".
    fn day_and_month(&self, at: usize) -> Read<Stretch> {
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
    fn day_alone(&self, at: usize, day: u32) -> Read<Stretch> {
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
    fn year_behind(&self, at: usize) -> (Option<i32>, usize) {
        let behind = self.skip(self.skip_sign(at), "of in");
        match self.figure(behind).and_then(|(year, _)| as_year(year)) {
            Some(year) => (Some(year), behind + 1),
            None => (None, at),
        }
    }

    /// "March 2025", "im März". Names of months are names of people and verbs, too: without a year
    /// something must lead to them.
    fn month(&self, at: usize, is_led: bool) -> Read<Stretch> {
        let month = vocabulary::month(self.word(at)?)?;
        let (year, next) = self.year_behind(at + 1);
        match year.or(self.hint.map(|(year, _)| year)) {
            Some(year) => Some((month_of(year, month)?, next)),
            None if is_led => Some((self.asked.latest(false, |year| month_of(year, month))?, next)),
            None => None,
        }
    }

    /// "summer 2024", "in winter", "Winter 2024/25".
    fn season(&self, at: usize, is_led: bool) -> Read<Stretch> {
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
    fn quarter(&self, at: usize) -> Read<Stretch> {
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
    fn week(&self, at: usize) -> Read<Stretch> {
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

    fn weekend(&self, at: usize, is_led: bool) -> Read<Stretch> {
        let is_meant = is_led && self.is(at, "weekend wochenende");
        is_meant.then(|| self.asked.weekend(false)).flatten().map(|days| (days, at + 1))
    }

    /// "in 2024", "im Jahr 2024".
    fn year(&self, at: usize, is_led: bool) -> Read<Stretch> {
        let (is_named, at) =
            if self.is(at, "year jahr jahre") { (true, at + 1) } else { (false, at) };
        let year = self.figure(at).and_then(|(year, _)| as_year(year))?;
        let is_past = year <= self.asked.today.year();
        (is_past && (is_led || is_named))
            .then(|| year_of(year))
            .flatten()
            .map(|days| (days, at + 1))
    }

    fn lately(&self, at: usize) -> Read<Stretch> {
        let is_meant = self.is(at, "recently lately kurzlich neulich letztens");
        is_meant
            .then(|| self.asked.back(Unit::Day, RECENT_DAYS))
            .flatten()
            .map(|days| (days, at + 1))
    }

    fn unit(&self, at: usize) -> Option<Unit> {
        self.word(at).and_then(vocabulary::unit)
    }

    /// "3", "three", "a couple of", "ein paar".
    fn count(&self, at: usize) -> Read<u32> {
        if let Some((n, false)) = self.figure(at) {
            return (n > 0 && n < 10_000).then_some((n, at + 1));
        }
        let behind = self.skip(at, "the a ein einem einer");
        if self.is(behind, "couple few several paar einigen wenigen") {
            let n = if self.is(behind, "couple") { 2 } else { 3 };
            return Some((n, self.skip(behind + 1, "of")));
        }
        Some((vocabulary::number(self.word(at)?)?, at + 1))
    }

    /// Hours of a day: a part of it, or clock times.
    fn window(&self, at: usize) -> Read<Hours> {
        let behind = self.skip(at, BEFORE_PART);
        if let Some(part) = self.word(behind).and_then(vocabulary::part) {
            // "early on Tuesday morning" and "morning" alone are told by the day they stand beside.
            return Some((self.hours(part), behind + 1));
        }
        let day_start = self.asked.day_start_minutes;
        let day_end = MIDNIGHT + day_start;
        let placed = |clock: u16| if clock < day_start { clock + MIDNIGHT } else { clock };
        if self.is(at, "between from zwischen von") {
            let link = if self.is(at, "between zwischen") { AND } else { TO };
            let linked = self.linked(at + 2, link)?;
            let until = placed(self.clock(linked)?);
            let from = match self.figure(at + 1) {
                // "between 9 and 11 pm": the half of the day is told once.
                Some((hour, _)) if hour <= 24 => {
                    let from = u16::try_from(hour).ok()? * 60;
                    if from + 12 * 60 < until { from + 12 * 60 } else { from }
                }
                _ => placed(self.clock(at + 1)?),
            };
            return (from < until).then_some((Hours { from, until }, linked + 1));
        }
        if self.is(at, "after nach") {
            let from = placed(self.clock(at + 1)?);
            return Some((Hours { from, until: day_end.max(from + 1) }, at + 2));
        }
        if self.is(at, "before until till vor bis") {
            let until = placed(self.clock(at + 1)?);
            return (day_start < until).then_some((Hours { from: day_start, until }, at + 2));
        }
        let clock = placed(self.clock(behind)?);
        Some((Hours { from: clock.saturating_sub(AROUND), until: clock + AROUND }, behind + 1))
    }

    fn clock(&self, at: usize) -> Option<u16> {
        match self.kind(at)? {
            Kind::Clock(minutes) => Some(*minutes),
            _ => None,
        }
    }
}

fn as_year(number: u32) -> Option<i32> {
    i32::try_from(number).ok().filter(|year| (FIRST_YEAR..=2200).contains(year))
}
