//! Clock times at the start of a heading, a list item or a paragraph: “09:30 Standup”, “14:30–16:00”,
//! “9am”, “18 Uhr”, “[14:05]”. A number that only looks like one (“1:30 hours”, “16:9”) is none.

use chrono::{NaiveTime, Timelike};

use crate::clock::Precision;

/// A time of day that a line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock {
    /// When it begins.
    pub(super) at: NaiveTime,
    /// When it ends; earlier than `at` when it runs past midnight.
    pub(super) until: Option<NaiveTime>,
    /// Exact, or the hour for “around 3 pm”.
    pub(super) precision: Precision,
    /// Whether signs set it off from what follows (“[14:05]”, “14:05 – …”): then it is no prose.
    pub(super) is_set_off: bool,
}

/// Reads the clock time at the start of `text`.
pub(super) fn leading(text: &str) -> Option<Clock> {
    let inner = text.trim_start_matches(['*', '_', '`', '[', '(', ' ', '\t']);
    let is_wrapped = inner.len() < text.trim_start().len();
    let (rest, precision) = after_preposition(inner)?;
    let first = Point::read(rest)?;
    let after_first = &rest[first.len..];
    let second = range_end(after_first);
    let (at, until, len) = match second {
        Some((second, gap)) if second.is_complete() => {
            let (at, until) = first.with(second)?;
            (at, Some(until), first.len + gap + second.len)
        }
        _ if first.is_complete() => (first.time(first.half)?, None, first.len),
        _ => return None,
    };
    let after = &rest[len..];
    if !ends_well(after) {
        return None;
    }
    let is_set_off = is_wrapped
        || after.trim_start().starts_with(['-', '–', '—', ':', '|', ']', ')', '*', '→', '·'])
        || after.trim().is_empty();
    Some(Clock { at, until: until.filter(|until| *until != at), precision, is_set_off })
}

/// Passes over “at”, “um”, “around …”. `None` when the text cannot begin with a time, which is
/// nearly always: this is asked for every line.
fn after_preposition(text: &str) -> Option<(&str, Precision)> {
    let first = *text.as_bytes().first()?;
    if first.is_ascii_digit() {
        return Some((text, Precision::Exact));
    }
    if let Some(rest) = text.strip_prefix(['~', '≈']) {
        let rest = rest.trim_start();
        return rest.starts_with(|c: char| c.is_ascii_digit()).then_some((rest, Precision::Hour));
    }
    if !first.is_ascii_alphabetic() && first != 0xC3 {
        return None;
    }
    let (word, rest) = text.split_once(' ')?;
    if word.len() > 7 || !rest.trim_start().starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let precision = match word.to_lowercase().as_str() {
        "at" | "um" | "ab" | "à" | "alle" | "om" | "from" | "von" => Precision::Exact,
        "around" | "about" | "gegen" | "ca." | "ca" | "circa" | "etwa" | "vers" | "c." => {
            Precision::Hour
        }
        _ => return None,
    };
    Some((rest.trim_start(), precision))
}

/// Half of the day that “am” and “pm” name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Am,
    Pm,
}

/// One clock time as written.
#[derive(Debug, Clone, Copy)]
struct Point {
    hour: u32,
    minute: Option<u32>,
    second: u32,
    half: Option<Half>,
    /// “Uhr”, or an `h` after the minutes.
    is_named: bool,
    /// “14.30” alone may be a number.
    is_dotted: bool,
    len: usize,
}

impl Point {
    fn read(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let hour_len = bytes.iter().take_while(|b| b.is_ascii_digit()).count();
        if !matches!(hour_len, 1 | 2) {
            return None;
        }
        let hour: u32 = text[..hour_len].parse().ok()?;
        let mut point = Self {
            hour,
            minute: None,
            second: 0,
            half: None,
            is_named: false,
            is_dotted: false,
            len: hour_len,
        };
        if let Some(sign @ (b':' | b'.' | b'h' | b'H')) = bytes.get(hour_len)
            && let Some(minute) = two_digits(bytes, hour_len + 1)
        {
            point.minute = Some(minute);
            point.is_dotted = *sign == b'.';
            point.is_named = matches!(sign, b'h' | b'H');
            point.len = hour_len + 3;
            if *sign != b'h'
                && bytes.get(point.len) == Some(sign)
                && let Some(second) = two_digits(bytes, point.len + 1)
            {
                point.second = second;
                point.len += 3;
            }
        }
        point.read_suffix(text);
        (point.hour < 24 && point.minute.unwrap_or(0) < 60 && point.second < 60).then_some(point)
    }

    fn read_suffix(&mut self, text: &str) {
        let after = &text[self.len..];
        let word = after.trim_start_matches([' ', '\u{A0}', '\u{202F}', '\u{2009}']);
        let gap = after.len() - word.len();
        // “14:05  a lot of work”: a suffix stands close.
        if gap > 3 {
            return;
        }
        let lower: String = word.chars().take(6).flat_map(char::to_lowercase).collect();
        for (suffix, half) in
            [("a.m.", Half::Am), ("p.m.", Half::Pm), ("am", Half::Am), ("pm", Half::Pm)]
        {
            if lower.starts_with(suffix) && !continues(word, suffix.len()) && self.hour > 0 {
                // “12:30 am Bahnhof” is German and noon, “12:30 am Bed” English and midnight.
                let next = word[suffix.len()..].trim_start().chars().next();
                let may_be_german = gap > 0 && word.starts_with("am ") && self.hour == 12;
                if may_be_german && next.is_some_and(char::is_uppercase) {
                    self.hour = 24;
                    return;
                }
                self.half = Some(half);
                self.len += gap + suffix.len();
                return;
            }
        }
        if lower.starts_with("uhr") && !continues(word, 3) {
            self.is_named = true;
            self.len += gap + 3;
            // “7 Uhr 30”
            let bytes = text.as_bytes();
            if self.minute.is_none()
                && bytes.get(self.len) == Some(&b' ')
                && let Some(minute) = two_digits(bytes, self.len + 1)
            {
                self.minute = Some(minute);
                self.len += 3;
            }
        } else if self.minute.is_some() && lower.starts_with('h') && !continues(word, 1) {
            self.is_named = true;
            self.len += gap + 1;
        }
    }

    /// Whether this is a time by itself, and not just a number.
    fn is_complete(&self) -> bool {
        self.half.is_some() || self.is_named || self.minute.is_some() && !self.is_dotted
    }

    fn time(&self, half: Option<Half>) -> Option<NaiveTime> {
        let hour = match half {
            Some(Half::Am) if self.hour == 12 => 0,
            Some(Half::Pm) if self.hour < 12 => self.hour + 12,
            _ => self.hour,
        };
        NaiveTime::from_hms_opt(hour, self.minute.unwrap_or(0), self.second)
    }

    /// Start and end of a range: in “9–10:30 pm” the first time takes its half of the day from the
    /// second, unless that would turn the range around (“11–1 pm”).
    fn with(self, end: Self) -> Option<(NaiveTime, NaiveTime)> {
        let until = end.time(end.half)?;
        let own = self.time(self.half)?;
        if self.half.is_some() || end.half.is_none() || self.hour > 12 {
            return Some((own, until));
        }
        let taken = self.time(end.half)?;
        let other = if end.half == Some(Half::Pm) { Half::Am } else { Half::Pm };
        let at = if taken <= until { taken } else { self.time(Some(other))? };
        Some((at, until))
    }
}

/// The time after a dash or “to”, and how far away it stands.
fn range_end(text: &str) -> Option<(Point, usize)> {
    let start = text.trim_start();
    let rest = ["–", "—", "-", "−", "to ", "bis ", "until ", "till ", "à ", "tot "]
        .iter()
        .find_map(|sign| start.strip_prefix(sign))?
        .trim_start();
    let rest = rest.strip_prefix("ca. ").unwrap_or(rest);
    let point = Point::read(rest)?;
    ends_well(&rest[point.len..]).then_some((point, text.len() - rest.len()))
}

fn two_digits(bytes: &[u8], at: usize) -> Option<u32> {
    let [a @ b'0'..=b'9', b @ b'0'..=b'9'] = bytes.get(at..at + 2)? else { return None };
    let is_longer = bytes.get(at + 2).is_some_and(u8::is_ascii_digit);
    (!is_longer).then(|| u32::from(a - b'0') * 10 + u32::from(b - b'0'))
}

/// Whether a word goes on at `at`, so that its beginning is no suffix of a time.
fn continues(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|rest| rest.chars().next()).is_some_and(char::is_alphanumeric)
}

/// Whether what follows lets a time stand as a time of day.
fn ends_well(after: &str) -> bool {
    let mut chars = after.chars();
    match chars.next() {
        None => return true,
        Some(c) if c.is_alphanumeric() || matches!(c, '%' | '/' | '€' | '$' | '°') => {
            return false;
        }
        Some(':' | '.' | '-' | ',') if chars.next().is_some_and(|c| c.is_ascii_digit()) => {
            return false;
        }
        Some(_) => {}
    }
    let word: String = after
        .trim_start()
        .chars()
        .take(10)
        .take_while(|c| c.is_alphabetic())
        .flat_map(char::to_lowercase)
        .collect();
    // Durations, and days other than the one at hand.
    !matches!(
        word.as_str(),
        "min"
            | "mins"
            | "minute"
            | "minutes"
            | "minuten"
            | "hour"
            | "hours"
            | "hrs"
            | "std"
            | "stunde"
            | "stunden"
            | "sec"
            | "secs"
            | "seconds"
            | "sekunden"
            | "km"
            | "tomorrow"
            | "yesterday"
            | "gestern"
            | "morgen"
            | "demain"
    )
}

/// The clock time in a text that holds nothing else, for front matter: “09:30”, “9:30 pm”.
pub(super) fn whole(text: &str) -> Option<NaiveTime> {
    let point = Point::read(text.trim())?;
    let is_whole = point.len == text.trim().len() && point.is_complete();
    is_whole.then(|| point.time(point.half)?.with_nanosecond(0))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        leading(text).map(|clock| match clock.until {
            Some(until) => format!("{}-{}", clock.at.format("%H:%M"), until.format("%H:%M")),
            None => clock.at.format("%H:%M").to_string(),
        })
    }

    #[test]
    fn clock_times_are_read_in_many_spellings() {
        for (text, expected) in [
            ("09:30 Standup", "09:30"),
            ("14:05 called Mira", "14:05"),
            ("14:30–16:00 Budget call", "14:30-16:00"),
            ("14:30 - 16:00: Budget", "14:30-16:00"),
            ("14:30 to 16:00 Budget", "14:30-16:00"),
            ("9am", "09:00"),
            ("9 a.m. run", "09:00"),
            ("9:30 pm film", "21:30"),
            ("9:30\u{202F}PM film", "21:30"),
            ("12am", "00:00"),
            ("12:15 pm", "12:15"),
            ("at 7 Uhr", "07:00"),
            ("um 18 Uhr Essen", "18:00"),
            ("18 Uhr", "18:00"),
            ("18.30 Uhr Kino", "18:30"),
            ("7 Uhr 30 los", "07:30"),
            ("9–11 Uhr Arzt", "09:00-11:00"),
            ("[14:05] note", "14:05"),
            ("**14:05** note", "14:05"),
            ("14h05 réunion", "14:05"),
            ("23:30-01:00 Party", "23:30-01:00"),
            ("3-4pm tea", "15:00-16:00"),
            ("11–1pm lunch", "11:00-13:00"),
            ("9:30–10:15 pm", "21:30-22:15"),
            ("10:30:15 log", "10:30"),
            ("~15:00 tea", "15:00"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_time_is_none() {
        for text in [
            "",
            "9",
            "9 apples",
            "14.30 of it",
            "16:9 screens",
            "1:30 hours of work",
            "25:00",
            "10:75",
            "2:1 for us",
            "2025-03-06",
            "15:00 tomorrow we meet",
            "10:30%",
            "3h of work",
            "14:300",
            "0 am",
            "we meet at 15:00",
            "at home",
            "100:00",
            "1.5 pm-ish things",
            "12:30 am Bahnhof",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn around_is_only_the_hour() {
        assert_eq!(leading("gegen 15 Uhr Kaffee").unwrap().precision, Precision::Hour);
        assert_eq!(leading("15 Uhr Kaffee").unwrap().precision, Precision::Exact);
    }

    #[test]
    fn a_time_that_signs_set_off_is_known() {
        assert!(leading("14:05 – called").unwrap().is_set_off);
        assert!(leading("[14:05] called").unwrap().is_set_off);
        assert!(!leading("14:05 called").unwrap().is_set_off);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[0-9:.hamp \u{202F}–ü*\\[\\]UuhrÀ-]{0,20}") {
            let _ = leading(&text);
            let _ = whole(&text);
        }
    }
}
