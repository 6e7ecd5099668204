//! Clock times that a text tells in figures.

use std::sync::LazyLock;

use chrono::NaiveTime;
use regex::Regex;

/// A time as a reply gives it, "HH:MM".
pub(super) fn of_reply(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").ok()
}

/// Whether a text tells this clock time: "16:30", "4:30", "4.30 Uhr", "4 pm", "16h30", "at 4 o'clock".
/// A time before noon without a word for the half of the day may mean the afternoon.
pub(super) fn tells(text: &str, time: NaiveTime) -> bool {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled by every test")]
    static TIME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?i)(?:^|[^\d:.,])(?P<h>[01]?\d|2[0-4])",
            r"(?:(?P<sep>[:.h])(?P<m>[0-5]\d))?",
            r"(?:\s?(?P<word>[ap]\.?m\b|uhr\b|o['’]clock|h\b))?",
            r"(?:$|[^\d])",
        ))
        .unwrap()
    });
    let mut at = 0;
    // Two times side by side share the sign between them, so each search begins within the last find.
    while let Some(found) = TIME.captures_at(text, at) {
        let (Some(all), Some(hour)) = (found.get(0), found.name("h")) else { break };
        at = hour.end().max(all.start() + 1);
        let sep = found.name("sep").map_or("", |sep| sep.as_str());
        let word = found.name("word").map_or(String::new(), |word| word.as_str().to_lowercase());
        // "3.50" is a price and "3" a number unless a word says otherwise.
        if word.is_empty() && !matches!(sep, ":" | "h" | "H") {
            continue;
        }
        let Ok(hour) = hour.as_str().parse::<u32>() else { continue };
        let minute = found.name("m").and_then(|m| m.as_str().parse().ok()).unwrap_or(0);
        let hours: &[u32] = match word.chars().next() {
            Some('p') => &[hour % 12 + 12],
            Some('a') => &[hour % 12],
            _ if hour == 24 => &[0],
            _ if hour < 12 => &[hour, hour + 12],
            _ => &[hour],
        };
        if hours.iter().any(|hour| NaiveTime::from_hms_opt(*hour, minute, 0) == Some(time)) {
            return true;
        }
    }
    false
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_told(text: &str, time: &str) -> bool {
        tells(text, of_reply(time).unwrap())
    }

    #[test]
    fn times_in_figures_are_told() {
        for (text, time) in [
            ("met at 16:30", "16:30"),
            ("met at 4:30", "16:30"),
            ("um 4.30 Uhr los", "04:30"),
            ("um 18 Uhr", "18:00"),
            ("at 4pm sharp", "16:00"),
            ("at 12 a.m.", "00:00"),
            ("à 16h30", "16:30"),
            ("at 7 o’clock", "19:00"),
            ("14:00–15:30", "15:30"),
            ("14:00-15:30 and 9:05", "09:05"),
        ] {
            assert!(is_told(text, time), "{text} tells {time}");
        }
    }

    #[test]
    fn prices_numbers_and_other_times_are_not() {
        for (text, time) in [
            ("paid 3.50", "03:50"),
            ("room 4", "04:00"),
            ("met at 16:30", "16:31"),
            ("at 4pm", "04:00"),
            ("ratio 116:30", "16:30"),
            ("half past four", "16:30"),
        ] {
            assert!(!is_told(text, time), "{text} does not tell {time}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_text_makes_it_panic(text in "[0-9:.hamp ü–]{0,30}") {
            let _ = is_told(&text, "04:30");
        }
    }
}
