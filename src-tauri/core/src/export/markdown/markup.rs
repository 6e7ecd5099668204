//! Text as Markdown that says it and nothing else, front matter, names of files, times.

use chrono::{Duration, NaiveDate, NaiveDateTime, Timelike};
use serde_json::Value;

use crate::{
    api::moments::MomentCard,
    clock::{Precision, shown},
    text::clean::visible,
};

/// What has a meaning in Markdown, in HTML, or in the programs that keep notes as Markdown.
const MARKUP: &str = "\\`*_{}[]<>#|!~&^$%=";

/// A text on one line, with everything escaped that would be more than text.
pub(super) fn line(text: &str) -> String {
    let text = visible(text);
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut safe = String::with_capacity(text.len() + 16);
    let mut rest = text.as_str();
    while let Some(c) = rest.chars().next() {
        // A bare address becomes a link.
        let is_address = rest.starts_with("://") || rest.get(..4).is_some_and(is_www);
        if is_address && c == ':' {
            safe.push('\\');
        }
        if MARKUP.contains(c) {
            safe.push('\\');
        }
        safe.push(c);
        rest = &rest[c.len_utf8()..];
        if is_address && c != ':' {
            safe.push_str(&rest[..2]);
            safe.push('\\');
            rest = &rest[2..];
        }
    }
    // What would begin a list, or underline a heading.
    let (digits, after) = safe.split_at(safe.bytes().take_while(u8::is_ascii_digit).count());
    let is_list = if digits.is_empty() {
        after.starts_with(['-', '+'])
    } else {
        after.starts_with(['.', ')'])
    };
    if is_list { format!("{digits}\\{after}") } else { safe }
}

fn is_www(text: &str) -> bool {
    text.eq_ignore_ascii_case("www.")
}

/// A text with its paragraphs.
pub(super) fn paragraphs(text: &str) -> String {
    let lines: Vec<String> =
        visible(text).lines().map(line).filter(|line| !line.is_empty()).collect();
    lines.join("\n\n")
}

/// Somebody's text exactly as it stands, between fences that it does not hold.
pub(super) fn verbatim(text: &str) -> String {
    let longest = text
        .lines()
        .map(|line| line.trim_start().bytes().take_while(|byte| *byte == b'~').count())
        .max()
        .unwrap_or(0);
    let fence = "~".repeat(longest.max(2) + 1);
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("{fence}text\n{text}{end}{fence}\n")
}

/// Front matter. Names are ours; values are JSON, which YAML reads as it is.
pub(super) fn front(members: &[(&str, Value)]) -> String {
    let mut text = format!("---\n{}: 1\n", crate::sources::formats::own::FRONT_MATTER);
    for (name, value) in members {
        text.push_str(&format!("{name}: {}\n", yaml(value)));
    }
    text.push_str("---\n\n");
    text
}

/// JSON is YAML but for characters that YAML does not print: those are written as numbers.
fn yaml(value: &Value) -> String {
    let json = match value {
        Value::String(text) => Value::from(visible(text)).to_string(),
        Value::Array(list) => {
            let list: Vec<String> = list.iter().map(yaml).collect();
            return format!("[{}]", list.join(", "));
        }
        other => other.to_string(),
    };
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
        {
            safe.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            safe.push(c);
        }
    }
    safe
}

/// A title as a part of a file's name that every system takes: small letters and digits of any script,
/// hyphens between them, at most 40 characters. What a name begins with is ours, so that no title is a
/// device of Windows.
pub(super) fn slug(title: &str) -> String {
    let mut slug = String::new();
    for c in visible(title).to_lowercase().chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug: String = slug.chars().take(40).collect();
    slug.trim_matches('-').to_owned()
}

/// The file of a day.
pub(super) fn day_file(day: &str) -> String {
    format!("{}/{}/{day}.md", &day[..4], &day[5..7])
}

/// A link from one file of the export to another.
pub(super) fn link(from: &str, to: &str, text: &str) -> String {
    let up = "../".repeat(from.matches('/').count());
    format!("[{}]({up}{to})", line(text))
}

/// "Wednesday, 14 October 2026".
pub(super) fn day_long(day: &str) -> String {
    day.parse::<NaiveDate>()
        .map_or_else(|_| line(day), |day| day.format("%A, %-d %B %Y").to_string())
}

/// When a moment was: "14:10–16:30", "around 15:00"; empty where only the day is known.
pub(super) fn time(card: &MomentCard) -> String {
    let (start, end) =
        (shown(card.starts_at, card.offset_minutes), shown(card.ends_at, card.offset_minutes));
    let clock = |time: NaiveDateTime| time.format("%H:%M");
    match card.precision {
        Precision::Unknown | Precision::Day => String::new(),
        Precision::Hour => {
            let half = start + Duration::minutes(30);
            format!("around {:02}:00", half.hour())
        }
        Precision::Exact if end - start < Duration::minutes(1) => clock(start).to_string(),
        Precision::Exact if end - start < Duration::days(1) => {
            format!("{}–{}", clock(start), clock(end))
        }
        Precision::Exact => format!("{} to {}", clock(start), end.format("%-d %b %H:%M")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_wrote_is_text_and_never_markup() {
        for (text, wanted) in [
            ("<img src=x onerror=alert(1)>", "\\<img src\\=x onerror\\=alert(1)\\>"),
            ("![x](http://evil.example)", "\\!\\[x\\](http\\://evil.example)"),
            ("see WWW.evil.example", "see WWW\\.evil.example"),
            ("# A heading\n- a list", "\\# A heading - a list"),
            ("- no list", "\\- no list"),
            ("12. October", "12\\. October"),
            ("[[wiki]] %%gone%% ^id $x$", "\\[\\[wiki\\]\\] \\%\\%gone\\%\\% \\^id \\$x\\$"),
            ("It holds, at 14:10", "It holds, at 14:10"),
        ] {
            assert_eq!(line(text), wanted);
        }
    }

    #[test]
    fn a_fence_is_longer_than_any_within() {
        assert_eq!(verbatim("a\n~~~~\nb"), "~~~~~text\na\n~~~~\nb\n~~~~~\n");
    }

    #[test]
    fn no_value_ends_the_front_matter() {
        let text = front(&[("title", Value::from("x\n---\n<script>")), ("n", Value::from(3))]);
        assert_eq!(text.matches("\n---\n").count(), 1, "{text}");
        assert!(text.contains("title: \"x\\n---\\n<script>\"\nn: 3\n"), "{text}");
    }

    #[test]
    fn a_name_has_nothing_that_a_system_refuses() {
        assert_eq!(slug("../../etc/passwd"), "etc-passwd");
        assert_eq!(slug("Grüße: <Ana> \\ \"x\"?* "), "grüße-ana-x");
        assert_eq!(slug("CON.txt\u{202e}"), "con-txt");
        assert!(slug(&"long ".repeat(50)).chars().count() <= 40);
        assert_eq!(slug("!!!"), "");
    }
}
