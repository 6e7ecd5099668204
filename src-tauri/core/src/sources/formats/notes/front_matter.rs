//! The YAML block between `---` lines at the head of a note. Broken YAML is no reason to lose a
//! note: the block is then read as part of the text, and that is said.

use chrono::NaiveDate;

use super::{
    clocks, dates,
    inline::Once,
    properties::{Properties, Value},
};
use crate::{
    clock::{Stamp, Stamped},
    sources::formats::stamps,
};

/// Longer blocks are read as text: no person writes so many properties, but a hostile file may.
const LONGEST: usize = 64 * 1024;

/// What the head of a note says.
#[derive(Debug, Default)]
pub(super) struct FrontMatter {
    /// Where the text of the note begins.
    pub(super) end: usize,
    /// `title`.
    pub(super) title: Option<String>,
    /// `tags` and `tag`, without `#`.
    pub(super) tags: Once,
    /// When it happened: `date`, `day`, `datetime`, `start`, `when`.
    pub(super) happened: Option<Stamped>,
    /// When it was written down: `created` and the like.
    pub(super) created: Option<Stamped>,
    /// What a person should know.
    pub(super) notice: Option<String>,
}

/// Reads the front matter of a note; a note without one gives the default.
pub(super) fn read(text: &str) -> FrontMatter {
    let none = FrontMatter::default();
    let Some(start) = ["---\n", "---\r\n"].iter().find(|fence| text.starts_with(**fence)) else {
        return none;
    };
    let start = start.len();
    let Some((inner_end, end)) = closing(text, start) else {
        // A note may begin with a rule; only what looks like properties deserves a word.
        let is_too_long = text.len() > LONGEST && closing_anywhere(text, start);
        let notice = is_too_long.then(|| {
            "the front matter is longer than 64 KiB and was read as part of the text".to_owned()
        });
        return FrontMatter { notice, ..none };
    };
    let inner = &text[start..inner_end];
    if inner.trim().is_empty() {
        return FrontMatter { end, ..none };
    }
    match parse(inner) {
        Ok(properties) => properties.understood(end),
        Err(why) => FrontMatter {
            notice: Some(format!(
                "the front matter is not valid YAML and was read as part of the text: {why}"
            )),
            ..none
        },
    }
}

/// Where the block ends and where the text after it begins.
fn closing(text: &str, start: usize) -> Option<(usize, usize)> {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if at - start > LONGEST {
            return None;
        }
        if matches!(line.trim_end(), "---" | "...") && !line.starts_with(char::is_whitespace) {
            return Some((at, at + line.len()));
        }
        at += line.len();
    }
    None
}

fn closing_anywhere(text: &str, start: usize) -> bool {
    text[start..].lines().any(|line| line.trim_end() == "---")
}

fn parse(inner: &str) -> Result<Properties, String> {
    // `created: {{date}}`, from a template that nobody filled in, is no YAML and no value either.
    let emptied = inner.contains("{{").then(|| without_placeholders(inner));
    let source = emptied.as_deref().unwrap_or(inner);
    let mut options = serde_saphyr::Options::default();
    options.duplicate_keys = serde_saphyr::DuplicateKeyPolicy::FirstWins;
    options.with_snippet = false;
    serde_saphyr::from_str_with_options::<Option<Properties>>(source, options)
        .map(Option::unwrap_or_default)
        .map_err(|e| {
            let said = e.to_string();
            said.lines().next().unwrap_or("it cannot be read").chars().take(160).collect()
        })
}

fn without_placeholders(yaml: &str) -> String {
    let mut kept = String::with_capacity(yaml.len());
    let mut rest = yaml;
    while let Some((before, after)) = rest.split_once("{{") {
        kept.push_str(before);
        rest = after.split_once("}}").map_or("", |(_, rest)| rest);
    }
    kept.push_str(rest);
    kept
}

impl Properties {
    fn understood(&self, end: usize) -> FrontMatter {
        let first = |values: &[Option<Value>]| {
            values.iter().flatten().filter_map(Value::text).find_map(|text| stamped(&text))
        };
        let mut happened = first(&self.happened);
        if let (Some(Stamped { at: Stamp::Date(day), .. }), Some(time)) =
            (happened, self.time.as_ref().and_then(Value::text).and_then(|t| clocks::whole(&t)))
        {
            happened = Some(Stamped::exact(Stamp::Local(day.and_time(time))));
        }
        let until = self.end.as_ref().and_then(Value::text);
        if let (Some(stamped), Some(until)) = (&mut happened, until) {
            stamped.until = until_of(stamped.at, &until);
        }
        let title = self.title.as_ref().and_then(Value::text);
        let mut tags = Once::default();
        for tag in self.tags.iter().flat_map(Value::words) {
            tags.tag(&tag);
        }
        FrontMatter {
            end,
            title: title.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()),
            tags,
            happened,
            created: first(&self.created),
            notice: None,
        }
    }
}

/// A property's date or time in any of the spellings people use.
fn stamped(text: &str) -> Option<Stamped> {
    let text = text.trim().trim_matches(['[', ']', '"']);
    if let Some(found) = stamps::from_iso(text) {
        return Some(found);
    }
    if text.len() >= 10
        && text.bytes().all(|b| b.is_ascii_digit())
        && text.len() != 12
        && text.len() != 14
    {
        return stamps::from_unix(text.parse().ok()?);
    }
    let found = dates::leading(text, None)?;
    let rest = text[found.end..].trim_start_matches([' ', ',', 'T', '_']);
    Some(match clocks::leading(rest) {
        Some(clock) => Stamped {
            at: Stamp::Local(found.day.and_time(clock.at)),
            until: None,
            precision: clock.precision,
        },
        None => Stamped::date(found.day),
    })
}

fn until_of(start: Stamp, text: &str) -> Option<Stamp> {
    if let Some(time) = clocks::whole(text) {
        let Stamp::Local(start) = start else { return None };
        return Some(Stamp::Local(super::parts::end_after(start, time)));
    }
    let until = stamped(text)?;
    let is_later = stamps::wall_clock(until.at) > stamps::wall_clock(start);
    is_later.then_some(until.at)
}

/// The day of a stamp.
pub(super) fn day_of(stamped: Stamped) -> NaiveDate {
    stamps::wall_clock(stamped.at).date()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happened(yaml: &str) -> Option<String> {
        let stamped = read(&format!("---\n{yaml}\n---\ntext")).happened?;
        let at = stamps::wall_clock(stamped.at).format("%Y-%m-%d %H:%M");
        Some(format!("{at} {}", stamped.precision.as_str()))
    }

    #[test]
    fn dates_are_read_in_the_spellings_of_people() {
        for (yaml, expected) in [
            ("date: 2025-03-06", "2025-03-06 00:00 day"),
            ("date: 2025-03-06 09:30", "2025-03-06 09:30 exact"),
            ("Date: 2025-03-06T09:30:00+01:00", "2025-03-06 09:30 exact"),
            ("date: 20250306", "2025-03-06 00:00 day"),
            ("date: 202503060930", "2025-03-06 00:00 day"),
            ("date: 6 March 2025 9:30 pm", "2025-03-06 21:30 exact"),
            ("date: \"[[2025-03-06]]\"", "2025-03-06 00:00 day"),
            ("date: [[2025-03-06]]", "2025-03-06 00:00 day"),
            ("day: 1660-01-03", "1660-01-03 00:00 day"),
            ("date: 2025-03-06\ntime: \"9:30\"", "2025-03-06 09:30 exact"),
            ("date: 1741253400", "2025-03-06 09:30 exact"),
            ("date: 0000-00-00\nday: 2025-03-06", "2025-03-06 00:00 day"),
        ] {
            assert_eq!(happened(yaml).as_deref(), Some(expected), "{yaml}");
        }
    }

    #[test]
    fn weird_dates_are_ignored() {
        for yaml in [
            "date: 0000-00-00",
            "date: {{date}}",
            "date: \"{{date}}\"",
            "date:",
            "date: soon",
            "date: 2025",
            "date: true",
            "date: {a: 1}",
            "date: 03/04/2025",
        ] {
            assert_eq!(happened(yaml), None, "{yaml}");
            assert_eq!(read(&format!("---\n{yaml}\n---\n")).notice, None, "{yaml}");
        }
    }

    #[test]
    fn tags_come_as_a_list_or_as_words() {
        let tags = |yaml: &str| read(&format!("---\n{yaml}\n---\n")).tags.into_list();
        assert_eq!(tags("tags: [work, Home]"), ["work", "Home"]);
        assert_eq!(tags("tags:\n  - work\n  - \"#home/garden\""), ["work", "home/garden"]);
        assert_eq!(tags("tags: work home"), ["work", "home"]);
        assert_eq!(tags("tag: work, long walk"), ["work", "long walk"]);
        assert_eq!(tags("tags: [work, Work, 2025]"), ["work", "2025"]);
        assert!(tags("tags:").is_empty());
    }

    #[test]
    fn an_end_makes_it_a_stretch_of_time() {
        let read = read("---\nstart: 2025-03-06 22:30\nend: \"00:15\"\n---\n");
        let until = read.happened.unwrap().until.map(|s| stamps::wall_clock(s).to_string());
        assert_eq!(until.as_deref(), Some("2025-03-07 00:15:00"));
    }

    #[test]
    fn broken_yaml_is_text_and_said() {
        for yaml in ["title: a: b: c", "a: [1", "\t- x\n y: :", "&a [*a, *b]"] {
            let read = read(&format!("---\n{yaml}\n---\ntext"));
            assert_eq!(read.end, 0, "{yaml}");
            assert!(read.notice.unwrap().contains("not valid YAML"), "{yaml}");
        }
    }

    #[test]
    fn a_rule_at_the_top_is_not_front_matter() {
        for text in ["---\nJust a text.\n", "text\n---\na: b\n---\n", ""] {
            let read = read(text);
            assert_eq!((read.end, read.notice), (0, None), "{text}");
        }
    }

    #[test]
    fn a_bomb_does_not_hurt() {
        let mut bomb = String::from("---\na: &a [x,x,x,x,x,x,x,x,x]\n");
        for (name, before) in ('b'..='j').zip('a'..='i') {
            bomb.push_str(&format!("{name}: &{name} [*{before},*{before},*{before},*{before},*{before},*{before},*{before},*{before},*{before}]\n"));
        }
        bomb.push_str("---\ntext");
        let _ = read(&bomb);
        let deep = format!("---\na: {}\n---\n", "[".repeat(30_000));
        assert!(read(&deep).notice.is_some());
        let long = format!("---\na: {}\n---\n", "x".repeat(70_000));
        assert!(read(&long).notice.unwrap().contains("64 KiB"));
    }

    #[test]
    fn windows_line_ends_and_dots_close_it_too() {
        assert_eq!(read("---\r\ntitle: A\r\n---\r\ntext").title.as_deref(), Some("A"));
        let dots = read("---\ntitle: A\n...\ntext");
        assert_eq!(dots.end, "---\ntitle: A\n...\n".len());
    }
}
