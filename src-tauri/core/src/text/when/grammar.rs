//! How dates in words are put together. A reader of tokens that goes forward and never guesses twice.

use std::ops::Range;

use chrono::{Datelike, Days, NaiveDate};

use super::{
    Asked, Hours, When,
    lex::{self, Kind, Token},
    reckon::Stretch,
};
use crate::text::calendar_words::{self as vocabulary, Part, Unit};

pub(super) const LAST: &str = "last previous letzte letzten letzter letztes letztem vorige vorigen voriger \
    voriges vorigem vorherige vorherigen vergangene vergangenen vergangener vergangenes vergangenem";
pub(super) const PAST: &str = "past";
pub(super) const THIS: &str = "this current diese diesen dieser dieses diesem aktuelle aktuellen laufende \
    laufenden laufender";
/// Words that leave no doubt that a date follows.
pub(super) const LEADS: &str = "on in at during over since until till from of between before after by around \
    am im an in wahrend uber seit bis ab vom von zum zur vor nach zwischen gegen";
const ARTICLES: &str = "the der dem den des die das";
pub(super) const NOT_ONE_DAY: &str = "every each next coming jede jeden jeder jedes nachste nachsten nachster \
    nachstes kommende kommenden kommender";
pub(super) const TO: &str = "to till until through thru bis";
pub(super) const AND: &str = "and und";
/// Words between a day and a part of it.
pub(super) const BEFORE_PART: &str =
    "in the at on during am um gegen around about early late fruhen spaten";
/// Days that "recently" goes back.
pub(super) const RECENT_DAYS: u32 = 14;
/// Minutes on either side of a clock time that is told.
pub(super) const AROUND: u16 = 60;

/// What was read, and where the next token stands.
pub(super) type Read<T> = Option<(T, usize)>;

/// Days as they are told, before they are cut at today.
#[derive(Debug, Clone, Copy)]
pub(super) struct Told {
    pub(super) from: Option<NaiveDate>,
    pub(super) until: NaiveDate,
    pub(super) hours: Option<Hours>,
}

impl From<Stretch> for Told {
    fn from((from, until): Stretch) -> Self {
        Self { from: Some(from), until, hours: None }
    }
}

pub(super) struct Reader<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) asked: &'a Asked,
    /// The year and month of a range's end, which its beginning may leave out.
    pub(super) hint: Option<(i32, u32)>,
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

pub(super) fn is_in(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

impl Reader<'_> {
    pub(super) fn kind(&self, at: usize) -> Option<&Kind> {
        self.tokens.get(at).map(|token| &token.kind)
    }

    pub(super) fn word(&self, at: usize) -> Option<&str> {
        match self.kind(at)? {
            Kind::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn is(&self, at: usize, list: &str) -> bool {
        self.word(at).is_some_and(|word| is_in(word, list))
    }

    pub(super) fn figure(&self, at: usize) -> Option<(u32, bool)> {
        match self.kind(at)? {
            Kind::Number { value, is_ordinal } => Some((*value, *is_ordinal)),
            _ => None,
        }
    }

    /// The place behind these words, if they stand there.
    pub(super) fn skip(&self, at: usize, list: &str) -> usize {
        let mut at = at;
        while self.is(at, list) {
            at += 1;
        }
        at
    }

    pub(super) fn skip_sign(&self, at: usize) -> usize {
        if matches!(self.kind(at), Some(Kind::Sign)) { at + 1 } else { at }
    }

    pub(super) fn hours(&self, part: Part) -> Hours {
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

    pub(super) fn linked(&self, at: usize, link: &str) -> Option<usize> {
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

    pub(super) fn core(&self, at: usize, is_led: bool) -> Read<Told> {
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

    pub(super) fn unit(&self, at: usize) -> Option<Unit> {
        self.word(at).and_then(vocabulary::unit)
    }

    /// "3", "three", "a couple of", "ein paar".
    pub(super) fn count(&self, at: usize) -> Read<u32> {
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
}
