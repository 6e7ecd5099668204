//! Days told in words: "on Friday", "by 3 May", "übermorgen", "bis Ende der Woche". English and German;
//! days in figures in every language.

use std::{ops::Range, sync::LazyLock};

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use regex::{Captures, Regex};

use super::{
    calendar_words::{
        ENGLISH_WEEKDAYS, MONTHS, NUMBERS, WEEKDAYS, alternatives, month, number, weekday,
    },
    language::Language,
    words,
};

/// A day, or a stretch of days, after the one on which it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Bytes of the words that tell it.
    pub span: Range<usize>,
    /// The first day.
    pub from: NaiveDate,
    /// The last day; the same, where one day is told.
    pub until: NaiveDate,
    /// Whether it is the latest day, not the day itself ("by Friday").
    pub is_deadline: bool,
    /// Whether the words can only mean what is to come: "tomorrow" can, "on Friday" may tell of the past.
    pub is_ahead: bool,
}

/// Days without a year lie at most so far ahead; what would be farther is told of the past.
const FARTHEST_DAYS: i64 = 300;
/// Words before the day that are looked at.
const LOOKED_BACK: usize = 3;

const DEADLINE: &str = "by until till before due deadline latest bis spätestens frist fällig";
const AHEAD: &str = "next coming upcoming this nächste nächsten nächster nächstes kommende kommenden \
    kommender diesen diese";
const PAST: &str = "last past every each since previous ago letzte letzten letzter letztes vergangene \
    vergangenen vorige vorigen jede jeden jeder seit war waren was were";

/// What a pattern's words mean.
#[derive(Debug, Clone, Copy)]
enum Means {
    Iso,
    Dotted,
    DayOfMonth,
    MonthOfDay,
    Weekday,
    After(u64),
    In,
    Coming,
    EndOf,
    Weekend,
}

struct Pattern {
    finder: Regex,
    means: Means,
    of: Option<Language>,
}

#[expect(clippy::unwrap_used, reason = "constant patterns, compiled by every test")]
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    use Language::{English, German};
    let months = alternatives(MONTHS);
    let (english, german) = WEEKDAYS.split_at(ENGLISH_WEEKDAYS);
    let numbers = alternatives(NUMBERS);
    let all = [
        (r"\b(\d{4})-(\d{2})-(\d{2})\b".to_owned(), Means::Iso, None),
        (r"\b(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})?".to_owned(), Means::Dotted, None),
        (
            format!(
                r"\b(\d{{1,2}})(?:st|nd|rd|th|\.)?\s+(?:of\s+)?({months})\b\.?(?:,?\s+(\d{{4}}))?"
            ),
            Means::DayOfMonth,
            None,
        ),
        (
            format!(r"\b({months})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(\d{{4}}))?"),
            Means::MonthOfDay,
            Some(English),
        ),
        (format!(r"\b({})\b", alternatives(english)), Means::Weekday, Some(English)),
        (format!(r"\b({})\b", alternatives(german)), Means::Weekday, Some(German)),
        (r"\bthe day after tomorrow\b".to_owned(), Means::After(2), Some(English)),
        (r"\btomorrow\b".to_owned(), Means::After(1), Some(English)),
        (r"\bübermorgen\b".to_owned(), Means::After(2), Some(German)),
        (r"\bmorgen\b".to_owned(), Means::After(1), Some(German)),
        (
            format!(
                r"\bin\s+({numbers}|\d{{1,2}})\s+(days?|weeks?|months?|tag(?:en)?|wochen?|monat(?:en)?)\b"
            ),
            Means::In,
            None,
        ),
        (r"\bnext\s+(week|month)\b".to_owned(), Means::Coming, Some(English)),
        (r"\b(?:nächste|kommende)[nr]?\s+(woche|monat)\b".to_owned(), Means::Coming, Some(German)),
        (r"\bend of (?:the |this )?(week|month)\b".to_owned(), Means::EndOf, Some(English)),
        (
            r"\bende (?:der|des|dieser|dieses) (woche|monats)\b".to_owned(),
            Means::EndOf,
            Some(German),
        ),
        (r"\b(?:this|the|next)\s+weekend\b".to_owned(), Means::Weekend, Some(English)),
        (r"\b(?:am|dieses|nächstes)\s+wochenende\b".to_owned(), Means::Weekend, Some(German)),
    ];
    all.into_iter()
        .map(|(pattern, means, of)| Pattern {
            finder: Regex::new(&format!("(?i){pattern}")).unwrap(),
            means,
            of,
        })
        .collect()
});

/// The days after `written` that a text tells of, in the order in which they stand there. A weekday is the
/// next one; a day of a month without a year lies within the next 300 days. Without a language, English
/// and German words are looked for.
#[must_use]
pub fn find(text: &str, language: Option<Language>, written: NaiveDate) -> Vec<Due> {
    let mut found: Vec<Due> = Vec::new();
    for pattern in PATTERNS.iter() {
        let speaks = pattern.of.is_none_or(|of| language.is_none_or(|language| language == of));
        if !speaks {
            continue;
        }
        for captures in pattern.finder.captures_iter(text) {
            let Some(whole) = captures.get(0) else { continue };
            let overlaps = |due: &Due| due.span.start < whole.end() && whole.start() < due.span.end;
            if found.iter().any(overlaps) {
                continue;
            }
            let before = words_before(text, whole.start());
            let has = |list: &str| before.iter().any(|word| is_in(word, list));
            // "every Friday", "last Friday": no day to come.
            if has(PAST) || is_morning(text, whole.range(), &before) {
                continue;
            }
            let Some((from, until)) = days_of(pattern.means, &captures, written) else { continue };
            if until <= written {
                continue;
            }
            let is_named_day = matches!(pattern.means, Means::Weekday);
            found.push(Due {
                span: whole.range(),
                from: from.max(written.checked_add_days(Days::new(1)).unwrap_or(from)),
                until,
                is_deadline: has(DEADLINE) || matches!(pattern.means, Means::EndOf),
                is_ahead: !is_named_day && !matches!(pattern.means, Means::In | Means::Weekend)
                    || has(AHEAD),
            });
        }
    }
    found.sort_by_key(|due| due.span.start);
    found
}

fn is_in(word: &str, list: &str) -> bool {
    list.split_whitespace().any(|one| one == word)
}

/// The words before a place, the nearest first, in small letters.
fn words_before(text: &str, at: usize) -> Vec<String> {
    let sentence = text[..at].rfind(['.', '!', '?', '\n', ';']).map_or(0, |end| end + 1);
    let all: Vec<String> =
        words::iter(&text[sentence..at]).map(|word| word.text.to_lowercase()).collect();
    all.into_iter().rev().take(LOOKED_BACK).collect()
}

/// "heute Morgen", "am Morgen", "guten Morgen": the morning, not the next day.
fn is_morning(text: &str, range: Range<usize>, before: &[String]) -> bool {
    let word = &text[range.clone()];
    if !word.eq_ignore_ascii_case("morgen") {
        return false;
    }
    let follows = before
        .first()
        .is_some_and(|word| is_in(word, "am guten heute gestern diesen der ein einen vom in"));
    let begins =
        text[..range.start].trim_end().chars().next_back().is_none_or(|c| ".!?\n:".contains(c));
    follows || (word.starts_with('M') && !begins)
}

fn days_of(
    means: Means,
    captures: &Captures<'_>,
    written: NaiveDate,
) -> Option<(NaiveDate, NaiveDate)> {
    let word = |n: usize| captures.get(n).map(|found| found.as_str().to_lowercase());
    let figure = |n: usize| word(n).and_then(|word| word.parse::<u32>().ok());
    let named_month = |n: usize| month(&words::fold(&word(n)?));
    let one = |day: NaiveDate| Some((day, day));
    match means {
        Means::Iso => {
            let year = i32::try_from(figure(1)?).ok()?;
            one(NaiveDate::from_ymd_opt(year, figure(2)?, figure(3)?)?)
        }
        Means::Dotted => {
            let year = figure(3).map(|year| if year < 100 { 2000 + year } else { year });
            one(in_year(year, figure(2)?, figure(1)?, written)?)
        }
        Means::DayOfMonth => one(in_year(figure(3), named_month(2)?, figure(1)?, written)?),
        Means::MonthOfDay => one(in_year(figure(3), named_month(1)?, figure(2)?, written)?),
        Means::Weekday => one(next(written, weekday(&words::fold(&word(1)?))?)?),
        Means::After(n) => one(written.checked_add_days(Days::new(n))?),
        Means::In => {
            let said = word(1)?;
            let n = number(&words::fold(&said)).or_else(|| said.parse().ok())?;
            match word(2)?.chars().next()? {
                'd' | 't' => one(written.checked_add_days(Days::new(u64::from(n)))?),
                // Who says "in two weeks" does not mean the very day.
                'w' => {
                    let day = written.checked_add_days(Days::new(7 * u64::from(n)))?;
                    Some((day.checked_sub_days(Days::new(2))?, day.checked_add_days(Days::new(2))?))
                }
                _ => {
                    let day = written.checked_add_months(Months::new(n))?;
                    Some((day.checked_sub_days(Days::new(7))?, day.checked_add_days(Days::new(7))?))
                }
            }
        }
        Means::Coming if word(1)?.starts_with('w') => {
            let monday = next(written, Weekday::Mon)?;
            Some((monday, monday.checked_add_days(Days::new(6))?))
        }
        Means::Coming => {
            let first = written.with_day(1)?.checked_add_months(Months::new(1))?;
            let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
            Some((first, last))
        }
        Means::EndOf if word(1)?.starts_with('w') => one(this_sunday(written)?),
        Means::EndOf => {
            let next = written.with_day(1)?.checked_add_months(Months::new(1))?;
            one(next.pred_opt()?)
        }
        Means::Weekend => {
            let sunday = this_sunday(written)?;
            Some((sunday.pred_opt()?, sunday))
        }
    }
}

/// The day in a year, or in that year in which it comes next.
fn in_year(year: Option<u32>, month: u32, day: u32, written: NaiveDate) -> Option<NaiveDate> {
    if let Some(year) = year {
        return NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day);
    }
    [written.year(), written.year() + 1]
        .into_iter()
        .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
        .find(|date| *date > written)
        .filter(|date| (*date - written).num_days() <= FARTHEST_DAYS)
}

/// The next such weekday after a day.
fn next(after: NaiveDate, weekday: Weekday) -> Option<NaiveDate> {
    let ahead = weekday.days_since(after.weekday());
    after.checked_add_days(Days::new(if ahead == 0 { 7 } else { u64::from(ahead) }))
}

fn this_sunday(day: NaiveDate) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(u64::from(Weekday::Sun.days_since(day.weekday()))))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use Language::{English, German};

    use super::*;

    /// Wednesday.
    fn written() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 10, 14).unwrap()
    }

    /// "10-16", or "10-19..10-25".
    fn days(text: &str, language: Language) -> Vec<String> {
        let say = |day: NaiveDate| day.format("%m-%d").to_string();
        let all = find(text, Some(language), written());
        all.iter()
            .map(|due| match due.from == due.until {
                true => say(due.from),
                false => format!("{}..{}", say(due.from), say(due.until)),
            })
            .collect()
    }

    #[test]
    fn days_in_words_are_found_in_english_and_german() {
        for (text, language, wanted) in [
            ("The dentist on Friday.", English, "10-16"),
            ("Call Hester next Wednesday", English, "10-21"),
            ("Tomorrow we row to the island.", English, "10-15"),
            ("the day after tomorrow at ten", English, "10-16"),
            ("The estimate is due in 3 days", English, "10-17"),
            ("We meet in two weeks", English, "10-26..10-30"),
            ("Next week the reeds arrive", English, "10-19..10-25"),
            ("by the end of the month", English, "10-31"),
            ("this weekend", English, "10-17..10-18"),
            ("on 3 November", English, "11-03"),
            ("November 3rd at the latest", English, "11-03"),
            ("on the 2nd of Jan", English, "01-02"),
            ("am Freitag zum Zahnarzt", German, "10-16"),
            ("Morgen rufe ich Ilse an", German, "10-15"),
            ("ich muss morgen früh raus", German, "10-15"),
            ("übermorgen", German, "10-16"),
            ("bis Ende der Woche", German, "10-18"),
            ("nächste Woche", German, "10-19..10-25"),
            ("in drei Tagen", German, "10-17"),
            ("am 3. November", German, "11-03"),
            ("bis 3.11.", German, "11-03"),
            ("am 03.11.2026", German, "11-03"),
            ("2026-11-03", English, "11-03"),
        ] {
            assert_eq!(days(text, language), [wanted], "{text}");
        }
    }

    #[test]
    fn what_tells_of_the_past_or_of_every_week_is_no_day_to_come() {
        for (text, language) in [
            ("Last Friday we rowed.", English),
            ("Every Friday there is choir.", English),
            ("On 3 September 2026 it rained.", English),
            ("It was 2026-10-14.", English),
            ("Letzten Freitag war es kalt.", German),
            ("Jeden Montag singe ich.", German),
            ("Guten Morgen!", German),
            ("Heute Morgen war Nebel.", German),
            ("Am Morgen Nebel.", German),
            ("On the 32nd of May", English),
            ("May I come in?", English),
        ] {
            assert_eq!(days(text, language), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_deadline_is_told_from_the_day_itself() {
        let is_deadline = |text: &str| find(text, None, written())[0].is_deadline;
        assert!(is_deadline("send it by Friday"));
        assert!(is_deadline("spätestens am Freitag"));
        assert!(is_deadline("bis zum 3. November"));
        assert!(!is_deadline("on Friday"));
    }

    #[test]
    fn words_that_mean_only_the_future_are_told_from_those_that_may_mean_the_past() {
        let is_ahead = |text: &str| find(text, None, written())[0].is_ahead;
        assert!(is_ahead("tomorrow") && is_ahead("next Friday") && is_ahead("am 3. November"));
        assert!(!is_ahead("on Friday") && !is_ahead("in three days"));
    }

    #[test]
    fn the_span_covers_the_words_alone() {
        let text = "Übung am Freitag mit Ilse";
        let due = &find(text, Some(German), written())[0];
        assert_eq!(&text[due.span.clone()], "Freitag");
    }

    #[test]
    fn days_at_the_edges_of_the_calendar_are_no_trouble() {
        let last = NaiveDate::MAX;
        for text in ["tomorrow", "in 3 months", "next week", "next month", "on Friday", "1.1."] {
            assert!(find(text, None, last).is_empty(), "{text}");
        }
        let leap = NaiveDate::from_ymd_opt(2027, 6, 1).unwrap();
        assert_eq!(find("29 February", None, leap)[0].until.to_string(), "2028-02-29");
    }
}
