//! When something happened, as the name and the folders of its file say it.

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};

use super::{
    calendar_words::{is_weekday, month},
    clocks,
    dates::{self, Numeric},
};
use crate::clock::{Stamp, Stamped};

/// What a file's name says about time.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Named {
    /// The date, with the time if the name has one.
    pub(super) stamped: Option<Stamped>,
    /// Whether the name begins with the date, as the names of diary pages do.
    pub(super) is_leading: bool,
    /// Whether the name is nothing but the date.
    pub(super) is_whole: bool,
    /// A date whose order of day and month is not certain, and which was not read.
    pub(super) unclear: Option<String>,
}

/// A file's name without folders and extension.
pub(super) fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 8 => stem,
        _ => name,
    }
}

/// Reads the date in a file's path.
pub(super) fn read(path: &str) -> Named {
    let stem = stem(path);
    let mut unclear = None;
    for (at, _) in stem.char_indices().filter(|(_, c)| c.is_ascii_digit()) {
        let before = stem[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '.') {
            continue;
        }
        match dates::numeric(&stem[at..]) {
            Some(Numeric::Day(day, len)) if is_free(stem, at + len) => {
                return named(stem, at, day, at + len);
            }
            Some(Numeric::Unclear(len)) if unclear.is_none() => {
                unclear = Some(stem[at..at + len].to_owned());
            }
            _ => {}
        }
    }
    if stem.bytes().any(|b| b.is_ascii_digit()) {
        let starts = std::iter::once(0).chain(
            stem.char_indices()
                .filter(|(_, c)| matches!(c, ' ' | '_' | '-' | '('))
                .map(|(at, c)| at + c.len_utf8()),
        );
        for at in starts {
            if let Some(found) = dates::leading(&stem[at..], None) {
                return named(stem, at, found.day, at + found.end);
            }
        }
        if let Some(day) = in_folders(path, stem) {
            return Named {
                stamped: Some(Stamped::date(day)),
                is_leading: true,
                is_whole: true,
                unclear: None,
            };
        }
    }
    Named { unclear: unclear.or_else(|| unclear_folders(path, stem)), ..Named::default() }
}

fn named(stem: &str, start: usize, day: NaiveDate, end: usize) -> Named {
    let clock = time_after(&stem[end..], day);
    let stamped = match clock {
        Some(time) => Stamped::exact(Stamp::Local(day.and_time(time))),
        None => Stamped::date(day),
    };
    let only_weekdays = |text: &str| {
        text.split(|c: char| !c.is_alphanumeric())
            .all(|word| word.is_empty() || is_weekday(&word.to_lowercase()))
    };
    Named {
        stamped: Some(stamped),
        is_leading: only_weekdays(&stem[..start]),
        is_whole: clock.is_none() && only_weekdays(&stem[..start]) && only_weekdays(&stem[end..]),
        unclear: None,
    }
}

/// A run of digits that goes on is not a date, unless a time follows in it (`202503060930`).
fn is_free(stem: &str, end: usize) -> bool {
    let rest = stem[end..].bytes().take_while(u8::is_ascii_digit).count();
    matches!(rest, 0 | 4 | 6)
}

/// The time after a date: ` 0930 Standup`, `T09.30`, `_09-30-15`, `0930` of a Zettelkasten, ` 9.30 pm`.
fn time_after(rest: &str, day: NaiveDate) -> Option<NaiveTime> {
    let bare = rest.trim_start_matches([' ', 'T', 't', '_', '-', ',', '.']);
    let gap = &rest[..rest.len() - bare.len()];
    let bare = ["at ", "um ", "à "].iter().find_map(|word| bare.strip_prefix(word)).unwrap_or(bare);
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    let after = &bare[digits..];
    if matches!(digits, 4 | 6) && !after.starts_with(char::is_alphabetic) {
        let (hour, minute) = (bare[..2].parse().ok()?, bare[2..4].parse().ok()?);
        let second = if digits == 6 { bare[4..6].parse().ok()? } else { 0 };
        // “2025-03-06 2024 in review” names a year. Glued on, or after a T, it is a time.
        let year: i32 = bare[..4].parse().ok()?;
        let is_spaced = gap.contains([' ', '-']);
        let is_year =
            digits == 4 && is_spaced && (day.year() - 60..=day.year() + 15).contains(&year);
        return if is_year { None } else { NaiveTime::from_hms_opt(hour, minute, second) };
    }
    if gap.is_empty() {
        return None;
    }
    if let Some(clock) = clocks::leading(bare) {
        return clock.at.with_nanosecond(0);
    }
    // Colons are not allowed in names on many systems: `09.30`, `09-30`, `09_30`, with seconds or not.
    let mut parts = bare.splitn(3, ['.', '-', '_']);
    let two = |part: &str| -> Option<u32> {
        (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let hour = two(parts.next()?)?;
    let rest = bare.get(3..)?;
    let minute = two(rest.get(..2)?)?;
    let after = rest.get(2..).unwrap_or("");
    if after.starts_with(char::is_alphanumeric) {
        return None;
    }
    let second = after
        .strip_prefix(['.', '-', '_'])
        .and_then(|text| text.get(..2))
        .and_then(two)
        .unwrap_or(0);
    NaiveTime::from_hms_opt(hour, minute, second.min(59))
}

/// `2025/03-March/06.md`, `2025/03/06 Thursday.md`, `2025/March/6.md`, `2025-03/06.md`.
fn in_folders(path: &str, stem: &str) -> Option<NaiveDate> {
    let digits = stem.bytes().take_while(u8::is_ascii_digit).count();
    if !matches!(digits, 1 | 2) {
        return None;
    }
    let is_name_of_day = stem[digits..]
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .all(|word| is_weekday(&word.to_lowercase()) || month(&word.to_lowercase()).is_some());
    if !is_name_of_day {
        return None;
    }
    let day = stem[..digits].parse().ok()?;
    let mut folders = path.rsplit('/').skip(1);
    let parent = folders.next()?;
    if let Some((year, rest)) = parent.split_at_checked(4)
        && let (Some(year), Some(rest)) = (year_of(year), rest.strip_prefix(['-', '_', '.', ' ']))
    {
        return NaiveDate::from_ymd_opt(year, month_of(rest)?, day);
    }
    let year = folders.next().and_then(year_of)?;
    NaiveDate::from_ymd_opt(year, month_of(parent)?, day)
}

/// `03/04/2025.md` is as unclear in folders as in a name.
fn unclear_folders(path: &str, stem: &str) -> Option<String> {
    year_of(stem)?;
    let mut folders = path.rsplit('/').skip(1);
    let (second, first) = (folders.next()?, folders.next()?);
    let joined = format!("{first}/{second}/{stem}");
    matches!(dates::numeric(&joined), Some(Numeric::Unclear(_))).then_some(joined)
}

fn year_of(text: &str) -> Option<i32> {
    let is_year = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    is_year.then(|| text.parse().ok()).flatten().filter(|year| *year >= 1000)
}

fn month_of(text: &str) -> Option<u32> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let name = text[digits..].trim_matches([' ', '-', '_', '.']).to_lowercase();
    let by_name = month(&name);
    match digits {
        0 => by_name,
        1 | 2 if name.is_empty() || by_name.is_some() => text[..digits].parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sources::formats::stamps::wall_clock;

    fn when(path: &str) -> Option<String> {
        let stamped = read(path).stamped?;
        let at = wall_clock(stamped.at).format("%Y-%m-%d %H:%M");
        Some(format!("{at} {}", stamped.precision.as_str()))
    }

    #[test]
    fn days_are_read_from_names_and_folders() {
        for path in [
            "2025-03-06.md",
            "Daily/2025-03-06 Thursday.md",
            "2025_03_06.md",
            "20250306.md",
            "Trip 2025-03-06 Rome.md",
            "6 March 2025.md",
            "Trip, March 6th 2025.md",
            "06.03.2025.md",
            "notes from 6. März 2025.txt",
            "2025/03-March/06.md",
            "Diary/2025/03-March/06 Thursday.md",
            "2025/03/6.md",
            "2025/März/06.md",
            "2025-03/06.md",
            "IMG_20250306.md",
            "25-03-2025 x/2025-03-06.md",
            "2025-03-06 2024 in review.md",
            "2025-03-06-10-things.md",
        ] {
            assert_eq!(when(path).as_deref(), Some("2025-03-06 00:00 day"), "{path}");
        }
        assert_eq!(when("days/1660/1660-01-03.md").as_deref(), Some("1660-01-03 00:00 day"));
    }

    #[test]
    fn times_are_read_from_names_too() {
        for path in [
            "202503060930.md",
            "202503060930 Idea.md",
            "20250306093000.md",
            "20250306T0930.md",
            "2025-03-06 0930 Standup.md",
            "2025-03-06T09.30.md",
            "2025-03-06T09-30-15.md",
            "2025-03-06_09-30.md",
            "2025-03-06 09.30 Standup.md",
            "2025-03-06 at 9.30 am.md",
            "2025-03-06 09h30.md",
        ] {
            assert_eq!(when(path).as_deref(), Some("2025-03-06 09:30 exact"), "{path}");
        }
        assert_eq!(when("2025-03-06T2015.md").as_deref(), Some("2025-03-06 20:15 exact"));
    }

    #[test]
    fn what_only_looks_like_a_date_is_none() {
        for path in [
            "",
            "a.md",
            "2025.md",
            "2025-03.md",
            "2025-W10.md",
            "v1.2.2025.md",
            "0000-00-00.md",
            "12 angry men.md",
            "2025/03/12 angry men.md",
            "invoice 12345678.md",
            "2025-02-30.md",
            "1.2.3.md",
            "20250306123.md",
            "{{date}}.md",
            "2025-03-065.md",
        ] {
            assert_eq!(when(path), None, "{path}");
        }
    }

    #[test]
    fn an_unclear_date_is_reported_and_not_read() {
        assert_eq!(read("Trip 03-04-2025.md").unclear.as_deref(), Some("03-04-2025"));
        assert_eq!(read("03/04/2025.md").unclear.as_deref(), Some("03/04/2025"));
        assert_eq!(when("Trip 13-04-2025.md").as_deref(), Some("2025-04-13 00:00 day"));
    }

    #[test]
    fn a_name_that_is_only_a_date_is_known() {
        assert!(read("2025-03-06.md").is_whole);
        assert!(read("2025-03-06 Thursday.md").is_whole);
        assert!(!read("2025-03-06 Standup.md").is_whole);
        assert!(read("2025-03-06 Standup.md").is_leading);
        assert!(!read("Incident of 2025-03-06.md").is_leading);
    }

    proptest::proptest! {
        #[test]
        fn no_name_makes_it_panic(path in "[0-9./ _TüÄ-]{0,30}(md)?") {
            let _ = read(&path);
        }
    }
}
