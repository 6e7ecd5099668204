//! A note's text cut where its heading or its time changes, or where a part grows too long.
//!
//! A part's time is what is written there and nothing more: the clock time of its heading or of the
//! list item or paragraph it begins with, on the day of the nearest date heading or of the note.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

use super::{calendar_words::time_of_day, clocks, dates, outline, outline::Kind};
use crate::{
    clock::{Precision, Stamp, Stamped},
    records::draft::Part,
};

/// Parts are cut at the next good place after so many characters: about what a small model reads
/// at once, and what fits a card.
const LONG: usize = 1200;
/// A cut that leaves less than this behind is not worth it.
const SHORT: usize = 300;

/// Cuts `body` from byte `from` on. `day` is the note's own day, if it has one.
pub(super) fn cut(body: &str, from: usize, day: Option<NaiveDate>) -> Vec<Part> {
    let mut cutter = Cutter { body, scope: Scope::new(day), parts: Vec::new(), open: None };
    let mut before = Kind::Blank;
    for line in outline::lines(body, from) {
        cutter.line(line, before);
        before = line.kind;
    }
    cutter.close(body.len());
    cutter.parts
}

/// The level of a line that is nothing but a date: below all headings.
const DATE_LINE: u8 = 7;

/// What a line brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Took {
    Nothing,
    /// An entry with a time or date of its own.
    Entry,
    /// The date of what follows.
    Day,
}

struct Cutter<'a> {
    body: &'a str,
    scope: Scope,
    parts: Vec<Part>,
    open: Option<Open>,
}

/// The part that is being read.
struct Open {
    start: usize,
    chars: usize,
    heading: Option<String>,
    stamped: Option<Stamped>,
    /// The level of the heading that is all there is so far.
    only_heading: Option<u8>,
}

impl Cutter<'_> {
    fn line(&mut self, line: outline::Line<'_>, before: Kind<'_>) {
        match line.kind {
            Kind::Blank => return self.grow(line),
            Kind::Heading(level, text) => {
                let was_bare = self.open.as_ref().is_some_and(|open| {
                    open.stamped.is_none_or(|s| matches!(s.at, Stamp::Date(_)))
                        && open.only_heading.is_some_and(|above| above < level)
                });
                self.scope.heading(level, text);
                // A title with nothing under it goes with the heading below it.
                if was_bare && let Some(open) = &mut self.open {
                    open.heading = self.scope.heading.clone();
                    open.stamped = self.scope.stamped();
                    open.only_heading = Some(level);
                    return self.grow(line);
                }
                self.close(line.start);
                self.begin(line.start, Some(level));
            }
            Kind::Item(text) | Kind::Text(text) => {
                let is_item = matches!(line.kind, Kind::Item(_));
                let is_first = is_item || !matches!(before, Kind::Text(_) | Kind::Item(_));
                let mut took = self.scope.line(text, is_first);
                if took == Took::Entry {
                    self.scope.is_item = is_item;
                } else if took == Took::Nothing && !is_item && ends_list(line.raw, before) {
                    took = self.scope.end_item();
                }
                if took != Took::Nothing {
                    // A heading with nothing under it goes with the first entry below it.
                    let is_bare = self.open.as_ref().is_some_and(|open| {
                        open.only_heading.is_some()
                            && open.stamped.is_none_or(|s| matches!(s.at, Stamp::Date(_)))
                    });
                    if is_bare && let Some(open) = &mut self.open {
                        open.stamped = self.scope.stamped();
                    } else {
                        self.close(line.start);
                    }
                }
                if took == Took::Day && self.open.is_none() {
                    self.begin(line.start, Some(DATE_LINE));
                    return self.grow(line);
                }
                let is_boundary = is_item || matches!(before, Kind::Blank);
                if is_boundary && self.is_long_with(line.raw) {
                    self.close(line.start);
                }
            }
            Kind::Code => {}
        }
        if self.open.is_none() {
            self.begin(line.start, None);
        }
        if let Some(open) = &mut self.open
            && !matches!(line.kind, Kind::Heading(..))
        {
            open.only_heading = None;
        }
        self.grow(line);
    }

    fn begin(&mut self, start: usize, only_heading: Option<u8>) {
        self.open = Some(Open {
            start,
            chars: 0,
            heading: self.scope.heading.clone(),
            stamped: self.scope.stamped(),
            only_heading,
        });
    }

    fn grow(&mut self, line: outline::Line<'_>) {
        if let Some(open) = &mut self.open {
            open.chars += line.raw.chars().count();
        }
    }

    fn is_long_with(&self, line: &str) -> bool {
        self.open
            .as_ref()
            .is_some_and(|open| open.chars >= SHORT && open.chars + line.chars().count() > LONG)
    }

    /// Ends the part that is open, and cuts it if it is one long paragraph.
    fn close(&mut self, end: usize) {
        let Some(open) = self.open.take() else { return };
        let mut start = open.start;
        loop {
            let text = self.body[start..end].trim_end();
            // Far-indented text must not look like an empty piece.
            let indent = text.len() - text.trim_start().len();
            if indent > SHORT {
                start += indent;
                continue;
            }
            let len = if open.chars > LONG + SHORT { good_end(text) } else { text.len() };
            let piece = text[..len].trim_end();
            if piece.is_empty() {
                return;
            }
            self.parts.push(Part {
                span: start..start + piece.len(),
                heading: open.heading.clone(),
                stamped: open.stamped,
            });
            let rest = &text[len..];
            start += len + (rest.len() - rest.trim_start().len());
            if rest.trim().is_empty() {
                return;
            }
        }
    }
}

/// Where a long text is best cut: after a line or a sentence, else between words, else anywhere.
fn good_end(text: &str) -> usize {
    let Some((limit, _)) = text.char_indices().nth(LONG) else { return text.len() };
    // What is left over shall not be a crumb.
    if text[limit..].chars().nth(SHORT).is_none() {
        return text.len();
    }
    let window = &text[..limit];
    let earliest = window.char_indices().nth(SHORT).map_or(0, |(at, _)| at);
    let late = &window[earliest..];
    if let Some(at) = late.rfind('\n') {
        return earliest + at + 1;
    }
    let sentence = late.char_indices().rev().find(|(at, c)| match c {
        '。' | '！' | '？' => true,
        '!' | '?' | '…' => late[at + c.len_utf8()..].starts_with(' '),
        '.' => late[at + 1..].starts_with(' ') && !is_abbreviation(&late[..*at]),
        _ => false,
    });
    if let Some((at, c)) = sentence {
        return earliest + at + c.len_utf8();
    }
    late.rfind(' ').map_or(limit, |at| earliest + at + 1)
}

/// “Mr.”, “St.”, “e.g.”: short words before a full stop seldom end a sentence.
fn is_abbreviation(before: &str) -> bool {
    before.chars().rev().take_while(|c| c.is_alphabetic()).count() < 4
}

/// The end of a stretch that begins at `start` and ends at this time of day, perhaps after midnight.
pub(super) fn end_after(start: NaiveDateTime, until: NaiveTime) -> NaiveDateTime {
    let day = start.date();
    let is_next_day = until <= start.time();
    let day = if is_next_day { day.checked_add_days(Days::new(1)).unwrap_or(day) } else { day };
    day.and_time(until)
}

/// Which heading, day and time hold at the line being read.
struct Scope {
    base: Option<NaiveDate>,
    levels: Vec<Level>,
    /// The nearest heading's text.
    heading: Option<String>,
    /// The date of a line that is nothing but a date, until the next heading.
    line_day: Option<NaiveDate>,
    /// The time a list item or paragraph began with: until the next one or the next heading.
    entry: Option<Stamped>,
    /// Whether `entry` is a list item's: then it ends with the list.
    is_item: bool,
    /// Whether the line before began with a time, so that this line is one of a log.
    is_log: bool,
}

struct Level {
    level: u8,
    day: Option<NaiveDate>,
    time: Option<Stamped>,
}

impl Scope {
    fn new(base: Option<NaiveDate>) -> Self {
        Self {
            base,
            levels: Vec::new(),
            heading: None,
            line_day: None,
            entry: None,
            is_item: false,
            is_log: false,
        }
    }

    fn headed_day(&self) -> Option<NaiveDate> {
        self.line_day.or_else(|| self.levels.iter().rev().find_map(|level| level.day))
    }

    fn day(&self) -> Option<NaiveDate> {
        self.headed_day().or(self.base)
    }

    /// The time that holds now; `None` where it is the note's own.
    fn stamped(&self) -> Option<Stamped> {
        self.entry.or_else(|| self.line_day.map(Stamped::date)).or_else(|| {
            self.levels.iter().rev().find_map(|l| l.time.or_else(|| l.day.map(Stamped::date)))
        })
    }

    fn heading(&mut self, level: u8, text: &str) {
        self.entry = None;
        self.line_day = None;
        self.is_log = false;
        let near = self.day();
        // A date holds for the headings beside it as well: a diary's “# Monday”, then “# Lunch”.
        let mut beside = None;
        while let Some(last) = self.levels.pop_if(|last| last.level >= level) {
            if last.level == level {
                beside = last.day;
            }
        }
        let date = dates::leading(text, near)
            .filter(|found| found.has_year || dates::is_all_there_is(text, *found));
        let rest = date.map_or(text, |found| after_date(text, found.end));
        let day = date.map(|found| found.day).or(beside);
        let known = day.or_else(|| self.day());
        let time = known.and_then(|day| {
            clocks::leading(rest).map(|clock| on(day, clock)).or_else(|| {
                let hour = time_of_day(text)?;
                let at = Stamp::Local(day.and_time(hour));
                Some(Stamped { at, until: None, precision: Precision::Hour })
            })
        });
        self.levels.push(Level { level, day, time });
        let plain = outline::plain(text);
        self.heading = (!plain.is_empty()).then_some(plain);
    }

    /// The list is over, and with it the time of its last item: what follows has the heading's or the
    /// note's own.
    fn end_item(&mut self) -> Took {
        if !self.is_item || self.entry.is_none() {
            return Took::Nothing;
        }
        self.entry = None;
        Took::Entry
    }

    /// Takes a line in and says what time it brought.
    fn line(&mut self, text: &str, is_first: bool) -> Took {
        let starts_log = self.is_log;
        self.is_log = false;
        let Some(first) = text.bytes().next() else { return Took::Nothing };
        // Nearly all lines begin with a word that is no time: this is the hot path.
        let may_be_date = first.is_ascii_digit() || matches!(first, b'[' | b'*' | b'_');
        if may_be_date
            && is_first
            && let Some(found) = dated_line(text)
        {
            let rest = after_date(text, found.end);
            if rest.is_empty() {
                self.line_day = Some(found.day);
                self.entry = None;
                self.is_log = true;
                return Took::Day;
            }
            let clock = clocks::leading(rest);
            self.entry = Some(clock.map_or(Stamped::date(found.day), |clock| on(found.day, clock)));
            self.is_log = true;
            return Took::Entry;
        }
        let Some(day) = self.day() else { return Took::Nothing };
        let Some(clock) = clocks::leading(text) else { return Took::Nothing };
        // A wrapped line of prose may begin with a time by chance.
        if !(is_first || starts_log || clock.is_set_off) {
            return Took::Nothing;
        }
        self.entry = Some(on(day, clock));
        self.is_log = true;
        Took::Entry
    }
}

/// Whether a line of text ends the list above it: a new paragraph at the margin. A line of tags files the
/// whole and ends nothing.
fn ends_list(raw: &str, before: Kind<'_>) -> bool {
    let is_paragraph = matches!(before, Kind::Blank) && !raw.starts_with(char::is_whitespace);
    is_paragraph && !raw.split_whitespace().all(|word| word.starts_with('#'))
}

/// A date with its year at the start of a line, all by itself or before an entry.
fn dated_line(text: &str) -> Option<dates::Leading> {
    let inner = text.trim_start_matches(['[', '*', '_']);
    let found = dates::leading(text, None).filter(|found| found.has_year)?;
    // Before an entry only the spelling that nobody uses in prose counts.
    let is_iso =
        inner.as_bytes().get(4) == Some(&b'-') && inner.starts_with(|c: char| c.is_ascii_digit());
    (is_iso || after_date(text, found.end).is_empty()).then_some(found)
}

fn after_date(text: &str, end: usize) -> &str {
    let signs = [' ', '\t', ',', ':', ';', '-', '–', '—', '|', ']', ')', '*', '_', '.'];
    let rest = text[end..].trim_start_matches(signs);
    // `2025-03-06T09:30`
    rest.strip_prefix('T').filter(|r| r.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(rest)
}

fn on(day: NaiveDate, clock: clocks::Clock) -> Stamped {
    let start = day.and_time(clock.at);
    let until = clock.until.map(|until| Stamp::Local(end_after(start, until)));
    Stamped { at: Stamp::Local(start), until, precision: clock.precision }
}
