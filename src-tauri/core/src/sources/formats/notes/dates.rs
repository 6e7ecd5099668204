//! Dates as people write them in file names and headings. A date whose order of day and month is
//! not certain (“03/04/2025”) is never read, only reported.

use chrono::{Datelike, NaiveDate};

use super::calendar_words::{is_date_filler, is_weekday, month};

/// A date at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Leading {
    /// The date.
    pub(super) day: NaiveDate,
    /// Where the text goes on after it.
    pub(super) end: usize,
    /// Whether the year was written, and not taken from a day near by.
    pub(super) has_year: bool,
}

/// What digits at the start of a text say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numeric {
    /// A date, and where it ends.
    Day(NaiveDate, usize),
    /// Day and month could be either, and where it ends.
    Unclear(usize),
}

/// Reads a date at the start of `text`: “2025-03-06”, “Thursday, 6 March 2025”, “Mar 6th, 2025”,
/// “6. März”. A missing year is the one that brings the date closest to `near`.
pub(super) fn leading(text: &str, near: Option<NaiveDate>) -> Option<Leading> {
    let mut at = skip(text, 0);
    // “Thursday, the”: a heading has at most a few such words.
    for _ in 0..3 {
        let Some(end) = word_end(text, at) else { break };
        let word = text[at..end].to_lowercase();
        if !is_weekday(&word) && !is_date_filler(&word) {
            break;
        }
        at = skip(text, end);
    }
    match numeric(&text[at..]) {
        Some(Numeric::Day(day, len)) => {
            return Some(Leading { day, end: closed(text, at + len), has_year: true });
        }
        Some(Numeric::Unclear(_)) => return None,
        None => {}
    }
    worded(text, at, near)
}

/// Whether nothing but a date (and signs) stands in `text`.
pub(super) fn is_all_there_is(text: &str, found: Leading) -> bool {
    text[found.end..]
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| is_weekday(&word.to_lowercase()))
}

/// Reads the digits at the start of `text` as a date.
pub(super) fn numeric(text: &str) -> Option<Numeric> {
    let bytes = text.as_bytes();
    let first = digits(bytes, 0);
    match first {
        8 | 12 | 14 => return compact(text).map(|day| Numeric::Day(day, 8)),
        1 | 2 | 4 => {}
        _ => return None,
    }
    let sign = *bytes.get(first)?;
    if !matches!(sign, b'-' | b'_' | b'.' | b'/') {
        return None;
    }
    // “6. 3. 2025” has spaces after its points.
    let gap = |at: usize| usize::from(sign == b'.' && bytes.get(at) == Some(&b' '));
    let second_at = first + 1 + gap(first + 1);
    let second = digits(bytes, second_at);
    let sign_at = second_at + second;
    if !matches!(second, 1 | 2) || bytes.get(sign_at) != Some(&sign) {
        return None;
    }
    let third_at = sign_at + 1 + gap(sign_at + 1);
    let third = digits(bytes, third_at);
    let end = third_at + third;
    let number = |from: usize, len: usize| text[from..from + len].parse::<u32>().ok();
    let (a, b, c) = (number(0, first)?, number(second_at, second)?, number(third_at, third)?);
    let found = match (first, third) {
        (4, 1 | 2) => date(a, b, c),
        (1 | 2, 4) if sign == b'.' => date(c, b, a),
        (1 | 2, 4) => match (a, b) {
            (13.., _) => date(c, b, a),
            (_, 13..) => date(c, a, b),
            _ if a == b => date(c, a, b),
            _ => {
                date(c, a, b)?;
                return Some(Numeric::Unclear(end));
            }
        },
        _ => None,
    };
    found.map(|day| Numeric::Day(day, end))
}

/// `20250306…`. Other runs of eight digits are telephone numbers and invoices, so the year is bounded.
fn compact(text: &str) -> Option<NaiveDate> {
    let year: u32 = text[..4].parse().ok()?;
    let is_plausible = (1500..2200).contains(&year);
    is_plausible.then(|| date(year, text[4..6].parse().ok()?, text[6..8].parse().ok()?))?
}

fn date(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    if year < 1000 {
        return None;
    }
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// “6 March 2025”, “March 6, 2025”, “2025 March 6”, with or without a year.
fn worded(text: &str, start: usize, near: Option<NaiveDate>) -> Option<Leading> {
    let mut tokens = [Token::None; 3];
    let mut ends = [start; 3];
    let mut at = start;
    let mut n = 0;
    while n < 3 {
        let Some((token, end)) = token(text, at) else { break };
        at = skip(text, end);
        if token == Token::Filler && n > 0 {
            continue;
        }
        if token == Token::None || token == Token::Filler {
            break;
        }
        tokens[n] = token;
        ends[n] = end;
        n += 1;
    }
    use Token::{Day, Month, Year};
    let with_year = match tokens {
        [Day(d), Month(m), Year(y)] | [Month(m), Day(d), Year(y)] | [Year(y), Month(m), Day(d)] => {
            date(y, m, d)
        }
        _ => None,
    };
    if let Some(day) = with_year {
        return Some(Leading { day, end: closed(text, ends[2]), has_year: true });
    }
    let ((Day(d), Month(m)) | (Month(m), Day(d))) = (tokens[0], tokens[1]) else { return None };
    let near = near?;
    let year = near.year();
    let day = [year - 1, year, year + 1]
        .into_iter()
        .filter_map(|year| NaiveDate::from_ymd_opt(year, m, d))
        .min_by_key(|day| (*day - near).num_days().abs())?;
    Some(Leading { day, end: closed(text, ends[1]), has_year: false })
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    None,
    Day(u32),
    Month(u32),
    Year(u32),
    Filler,
}

fn token(text: &str, at: usize) -> Option<(Token, usize)> {
    let bytes = text.as_bytes();
    let len = digits(bytes, at);
    if len > 0 {
        let number: u32 = text[at..at + len].parse().ok()?;
        let suffix_end = word_end(text, at + len).unwrap_or(at + len);
        let suffix = &text[at + len..suffix_end];
        let is_ordinal = matches!(suffix, "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª" | "e");
        let token = match len {
            1 | 2 if is_ordinal => Token::Day(number),
            4 if suffix.is_empty() => Token::Year(number),
            _ => Token::None,
        };
        return Some((token, suffix_end));
    }
    let end = word_end(text, at)?;
    let word = text[at..end].to_lowercase();
    let token = if let Some(month) = month(&word) {
        Token::Month(month)
    } else if is_date_filler(&word) {
        Token::Filler
    } else {
        Token::None
    };
    Some((token, end))
}

fn digits(bytes: &[u8], from: usize) -> usize {
    bytes.iter().skip(from).take_while(|b| b.is_ascii_digit()).count()
}

fn word_end(text: &str, at: usize) -> Option<usize> {
    let len: usize = text[at..].chars().take_while(|c| c.is_alphabetic()).map(char::len_utf8).sum();
    (len > 0).then_some(at + len)
}

/// Passes over the signs between the parts of a date.
fn skip(text: &str, at: usize) -> usize {
    let is_between =
        |c: &char| matches!(c, ' ' | '\t' | ',' | '.' | '-' | '_' | '/' | '[' | '*' | '\u{A0}');
    at + text[at..].chars().take_while(is_between).map(char::len_utf8).sum::<usize>()
}

/// Passes over what closes a date in brackets or stars.
fn closed(text: &str, at: usize) -> usize {
    at + text[at..].bytes().take_while(|b| matches!(b, b']' | b'*')).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<String> {
        leading(text, None).map(|found| found.day.to_string())
    }

    #[test]
    fn dates_are_read_in_many_spellings() {
        for text in [
            "2025-03-06",
            "2025_03_06",
            "2025/3/6",
            "20250306",
            "202503060930",
            "06.03.2025",
            "6. 3. 2025",
            "6 March 2025",
            "6th of March, 2025",
            "March 6, 2025",
            "Mar 6th, 2025",
            "[[Mar 6th, 2025]]",
            "Thursday, 6 March 2025",
            "Donnerstag, den 6. März 2025",
            "jeudi 6 mars 2025",
            "jueves, 6 de marzo de 2025",
            "06-Mar-2025",
            "2025-Mar-06",
        ] {
            assert_eq!(day(text).as_deref(), Some("2025-03-06"), "{text}");
        }
        assert_eq!(day("1660-01-03").as_deref(), Some("1660-01-03"));
    }

    #[test]
    fn what_is_no_date_stays_none() {
        for text in [
            "",
            "0000-00-00",
            "2025-13-01",
            "2025-02-30",
            "12345678",
            "v1.2.3",
            "March",
            "6 apples 2025",
            "1.2.3",
            "2025",
            "6 March",
            "0999-01-01",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }

    #[test]
    fn an_unclear_order_of_day_and_month_is_not_read() {
        assert_eq!(numeric("03/04/2025"), Some(Numeric::Unclear(10)));
        assert_eq!(day("03-04-2025"), None);
        assert_eq!(day("13/04/2025").as_deref(), Some("2025-04-13"));
        assert_eq!(day("04/13/2025").as_deref(), Some("2025-04-13"));
        assert_eq!(day("05/05/2025").as_deref(), Some("2025-05-05"));
    }

    #[test]
    fn a_missing_year_is_taken_from_the_day_near_by() {
        let near = NaiveDate::from_ymd_opt(2025, 1, 2);
        let found = leading("Montag, 30. Dezember", near).unwrap();
        assert_eq!((found.day.to_string().as_str(), found.has_year), ("2024-12-30", false));
    }
}
