//! Cuts a text into what dates are made of: words, numbers, dates in figures, clock times, signs.

use std::{ops::Range, sync::LazyLock};

use regex::{Captures, Regex};

use super::super::words::fold;

/// What stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, folded, without a possessive ending.
    Word(String),
    /// A number; `is_ordinal` for "3rd" and "3.".
    Number { value: u32, is_ordinal: bool },
    /// A date in figures: year, if it is told, month, day.
    Date(Option<i32>, u32, u32),
    /// A month in figures: year and month.
    Month(i32, u32),
    /// "2024/25": the first year.
    Years(i32),
    /// A time of day, in minutes after midnight.
    Clock(u16),
    /// A dash between two things.
    Dash,
    /// Any other sign.
    Sign,
}

/// A piece of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Bytes.
    pub(super) span: Range<usize>,
}

#[expect(clippy::unwrap_used, reason = "a constant pattern, compiled by every test")]
static PIECE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?i)(?P<iso>\b(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})\b)",
        r"|(?P<isom>\b(?P<my>\d{4})-(?P<mm>\d{2})\b)",
        r"|(?P<dot>\b(?P<dd>\d{1,2})\.\s?(?P<dm>\d{1,2})\.(?:\s?(?P<dy>\d{4})\b|(?P<ds>\d{2})\b)?)",
        r"|(?P<slash>\b(?P<sd>\d{1,2})/(?P<sm>\d{1,2})/(?P<sy>\d{4}|\d{2})\b)",
        r"|(?P<years>\b(?P<ya>\d{4})/\d{2}(?:\d{2})?\b)",
        r"|(?P<slashm>\b(?P<zm>\d{1,2})/(?P<zy>\d{4})\b)",
        r"|(?P<half>\b(?P<hh>\d{1,2})(?:[:.](?P<hm>\d{2}))?\s?(?P<ap>[ap])\.?m\b)",
        r"|(?P<uhr>\b(?P<uh>\d{1,2})(?:[:.](?P<um>\d{2}))?\s?uhr\b)",
        r"|(?P<clock>\b(?P<ch>\d{1,2}):(?P<cm>\d{2})\b)",
        r"|(?P<num>\b(?P<n>\d{1,9})(?P<ord>(?:st|nd|rd|th)\b)?)",
        r"|(?P<word>\p{L}[\p{L}\p{M}\d’']*)",
        r"|(?P<dash>[-–—])",
        r"|(?P<sign>[^\s\p{L}\d])",
    ))
    .unwrap()
});

/// Pieces of a text that are looked at: a question has fewer, and nothing longer can wear the reader out.
const MOST: usize = 300;

/// The pieces of a text, in order.
pub(super) fn cut(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    for found in PIECE.captures_iter(text).take(MOST) {
        let Some(mut span) = found.get(0).map(|all| all.range()) else { continue };
        // The point of an ordinal belongs to it.
        if tokens.last().is_some_and(|last| last.span.end > span.start) {
            continue;
        }
        let Some(kind) = kind(&found, text, span.end) else { continue };
        let is_dotted = matches!(kind, Kind::Number { is_ordinal: true, .. });
        if is_dotted && found.name("ord").is_none() {
            span.end += 1;
        }
        tokens.push(Token { kind, span });
    }
    tokens
}

fn kind(found: &Captures<'_>, text: &str, end: usize) -> Option<Kind> {
    let is = |name: &str| found.name(name).is_some();
    let figure = |name: &str| found.name(name).and_then(|found| found.as_str().parse::<u32>().ok());
    let year = |name: &str| {
        let year = figure(name)?;
        i32::try_from(if year < 100 { 2000 + year } else { year }).ok()
    };
    let clock = |hour: u32, minute: u32| {
        let is_time = hour <= 24 && minute < 60;
        is_time.then(|| u16::try_from(hour * 60 + minute).ok()).flatten().map(Kind::Clock)
    };
    if is("iso") {
        return Some(Kind::Date(year("iy"), figure("im")?, figure("id")?));
    }
    if is("isom") {
        return Some(Kind::Month(year("my")?, figure("mm")?));
    }
    if is("dot") {
        return Some(Kind::Date(year("dy").or_else(|| year("ds")), figure("dm")?, figure("dd")?));
    }
    if is("slash") {
        let (first, second) = (figure("sd")?, figure("sm")?);
        // "10/14/2026" can only be read the other way round.
        let (day, month) = if second > 12 { (second, first) } else { (first, second) };
        return Some(Kind::Date(year("sy"), month, day));
    }
    if is("years") {
        return Some(Kind::Years(year("ya")?));
    }
    if is("slashm") {
        return Some(Kind::Month(year("zy")?, figure("zm")?));
    }
    if is("half") {
        let hour = figure("hh")?;
        let is_afternoon =
            found.name("ap").is_some_and(|half| half.as_str().eq_ignore_ascii_case("p"));
        let hour = hour % 12 + if is_afternoon { 12 } else { 0 };
        return clock(hour, figure("hm").unwrap_or_default());
    }
    if is("uhr") {
        return clock(figure("uh")?, figure("um").unwrap_or_default());
    }
    if is("clock") {
        return clock(figure("ch")?, figure("cm")?);
    }
    if is("num") {
        // "3. März" is an ordinal, "in 3." at the end of a sentence is none.
        let rest = &text[end..];
        let is_dotted = rest.strip_prefix('.').is_some_and(|rest| {
            !rest.is_empty()
                && (rest.starts_with(char::is_whitespace) || rest.starts_with(['-', '–']))
        });
        return Some(Kind::Number { value: figure("n")?, is_ordinal: is("ord") || is_dotted });
    }
    if let Some(word) = found.name("word") {
        let folded = fold(word.as_str());
        let bare = folded.strip_suffix("'s").unwrap_or(&folded).trim_end_matches('\'');
        return Some(Kind::Word(bare.to_owned()));
    }
    Some(if is("dash") { Kind::Dash } else { Kind::Sign })
}
