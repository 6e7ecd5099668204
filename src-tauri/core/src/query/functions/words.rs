//! Comparing and cutting text, in time that grows with its length however it is made: SQLite's own functions
//! for this take length times length, and do not hear that their time is over.

use std::collections::HashSet;

/// Steps between two looks at the clock.
const STEPS: u32 = 1 << 14;

/// The time of a question is over.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TimeIsOver;

/// Whether a text matches a pattern of `LIKE`: `%` stands for any letters, `_` for one, and the letter after
/// `escape` for itself. `None` where the pattern ends in `escape`. It looks at the clock by `is_over`.
///
/// # Errors
/// The time was over.
pub(super) fn like(
    text: &str,
    pattern: &str,
    escape: Option<char>,
    is_over: &dyn Fn() -> bool,
) -> Result<Option<bool>, TimeIsOver> {
    if let Some(part) = anywhere(pattern, escape) {
        return Ok(Some(text.contains(part)));
    }
    let Some(pattern) = parts(pattern, escape) else { return Ok(None) };
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut part) = (0, 0);
    // Where the last `%` stands, and up to where it reaches by now.
    let mut star: Option<(usize, usize)> = None;
    let mut steps = 0_u32;
    while at < text.len() {
        steps += 1;
        if steps.is_multiple_of(STEPS) && is_over() {
            return Err(TimeIsOver);
        }
        match pattern.get(part) {
            Some(Part::Any) => {
                star = Some((part, at));
                part += 1;
            }
            Some(Part::One) => {
                at += 1;
                part += 1;
            }
            Some(Part::Letter(letter)) if *letter == text[at] => {
                at += 1;
                part += 1;
            }
            _ => {
                let Some((place, reached)) = star else { return Ok(Some(false)) };
                star = Some((place, reached + 1));
                at = reached + 1;
                part = place + 1;
            }
        }
    }
    Ok(Some(pattern[part.min(pattern.len())..].iter().all(|part| matches!(part, Part::Any))))
}

/// What a pattern looks for anywhere in a text, where it is no more than that: `%words%`, as most are.
fn anywhere(pattern: &str, escape: Option<char>) -> Option<&str> {
    let inner = pattern.strip_prefix('%')?.strip_suffix('%')?;
    let is_plain = |c: char| c != '%' && c != '_' && Some(c) != escape;
    inner.chars().all(is_plain).then_some(inner)
}

enum Part {
    Any,
    One,
    Letter(char),
}

fn parts(pattern: &str, escape: Option<char>) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        parts.push(match letter {
            letter if Some(letter) == escape => Part::Letter(letters.next()?),
            '%' => Part::Any,
            '_' => Part::One,
            letter => Part::Letter(letter),
        });
    }
    Some(parts)
}

/// The text without the letters of `unwanted` at its ends.
pub(super) fn trimmed<'t>(text: &'t str, unwanted: &str, start: bool, end: bool) -> &'t str {
    let unwanted: HashSet<char> = unwanted.chars().collect();
    let is_unwanted = |c: char| unwanted.contains(&c);
    let text = if start { text.trim_start_matches(is_unwanted) } else { text };
    if end { text.trim_end_matches(is_unwanted) } else { text }
}

/// The place of `part` in `text` in letters, from 1 on; 0 where it is not in it.
pub(super) fn position(text: &str, part: &str) -> i64 {
    text.find(part).map_or(0, |at| text[..at].chars().count() as i64 + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(text: &str, pattern: &str) -> bool {
        like(text, pattern, Some('\\'), &|| false) == Ok(Some(true))
    }

    #[test]
    fn patterns_match_as_in_sql() {
        assert!(matches("rust-async", "rust%"));
        assert!(matches("rust-async", "%async"));
        assert!(matches("rust", "r_st"));
        assert!(matches("", "%"));
        assert!(matches("50%", "50\\%"));
        assert!(!matches("501", "50\\%"));
        assert!(!matches("Rust", "rust"));
        assert!(!matches("rust", "rus"));
        assert!(matches("äöü", "_ö_"));
        assert_eq!(like("a", "a\\", Some('\\'), &|| false), Ok(None));
    }

    #[test]
    fn a_pattern_that_never_ends_hears_that_its_time_is_over() {
        let text = "a".repeat(200_000);
        let pattern = format!("{}b", "%a".repeat(20_000));
        assert_eq!(like(&text, &pattern, None, &|| true), Err(TimeIsOver));
    }

    #[test]
    fn trimming_takes_any_of_the_letters() {
        assert_eq!(trimmed("xxaxyx", "xy", true, true), "a");
        assert_eq!(trimmed("xxaxyx", "xy", true, false), "axyx");
        assert_eq!(trimmed("  ", " ", true, true), "");
    }

    #[test]
    fn places_are_counted_in_letters() {
        assert_eq!(position("über", "b"), 2);
        assert_eq!(position("über", "z"), 0);
        assert_eq!(position("", ""), 1);
    }

    /// The plainest way to say what a pattern means.
    fn plainly(text: &[char], pattern: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['%', rest @ ..] => (0..=text.len()).any(|n| plainly(&text[n..], rest)),
            ['_', rest @ ..] => !text.is_empty() && plainly(&text[1..], rest),
            [letter, rest @ ..] => text.first() == Some(letter) && plainly(&text[1..], rest),
        }
    }

    proptest! {
        #[test]
        fn a_pattern_matches_what_its_meaning_says(text in "[ab%_]{0,12}", pattern in "[ab%_]{0,8}") {
            let (letters, parts): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
            prop_assert_eq!(
                like(&text, &pattern, None, &|| false),
                Ok(Some(plainly(&letters, &parts)))
            );
        }
    }
}
