//! Finds the people and other names that a text speaks of. Better none than a wrong one.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};
use regex::Regex;

use super::{evidence, language::Language, markdown, sentences, words};

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NameKind {
    /// Somebody.
    Person,
    /// A town, a country, a house.
    Place,
    /// A company, a school, an office.
    Organisation,
    /// Something the person works on.
    Project,
    /// A name, but of what is not said.
    Other,
}

/// A name in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// Where it stands: bytes of the text.
    pub span: Range<usize>,
    /// The name as written, without "'s" and honorific.
    pub text: String,
    /// What it names.
    pub kind: NameKind,
    /// 0 to 1; from 0.6 on it can be shown without asking.
    pub confidence: f32,
    /// For a known name its number in the list given to [`KnownNames::new`].
    pub known: Option<usize>,
}

/// The names and aliases that the journal already has.
#[derive(Debug, Clone, Default)]
pub struct KnownNames {
    finder: Option<AhoCorasick>,
    entries: Vec<(usize, NameKind)>,
}

impl KnownNames {
    /// Prepares a list of names and aliases; empty ones are skipped. Every alias is an entry of its
    /// own. A list too large for the finder (hundreds of megabytes) finds nothing.
    pub fn new<'a>(names: impl IntoIterator<Item = (&'a str, NameKind)>) -> Self {
        let mut patterns = Vec::new();
        let mut entries = Vec::new();
        for (number, (name, kind)) in names.into_iter().enumerate() {
            let name = name.trim();
            if name.chars().any(char::is_alphanumeric) {
                patterns.push(name.to_owned());
                entries.push((number, kind));
            }
        }
        let finder = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .ascii_case_insensitive(true)
            .build(&patterns)
            .ok()
            .filter(|_| !patterns.is_empty());
        Self { finder, entries }
    }

    fn find(&self, prose: &str, names: &mut Vec<Name>) {
        let Some(finder) = &self.finder else { return };
        for found in finder.find_iter(prose) {
            let span = found.range();
            if !is_bounded(prose, &span) || !reads_as_name(&prose[span.clone()]) {
                continue;
            }
            let (number, kind) = self.entries[found.pattern().as_usize()];
            let text = prose[span.clone()].to_owned();
            names.push(Name { span, text, kind, confidence: 0.95, known: Some(number) });
        }
    }
}

/// Whether no letter goes on on either side. In scripts without spaces every place is a border.
fn is_bounded(prose: &str, span: &Range<usize>) -> bool {
    let spaced = |c: char| c.is_alphanumeric() && (c as u32) < 0xe00;
    let inside = &prose[span.clone()];
    let left = prose[..span.start].chars().next_back().is_some_and(spaced)
        && inside.chars().next().is_some_and(spaced);
    let right = prose[span.end..].chars().next().is_some_and(spaced)
        && inside.chars().next_back().is_some_and(spaced);
    !left && !right
}

/// In chats names are written small; but "will" and "mark" are then words.
fn reads_as_name(found: &str) -> bool {
    if !found.starts_with(char::is_lowercase) || found.contains(char::is_whitespace) {
        return true;
    }
    let folded = words::fold(found);
    folded.chars().count() >= 4
        && !words::is_stop_word(&folded, None)
        && !evidence::is_ordinary(&folded)
}

/// The names in `text`, in order, never overlapping.
///
/// Known names are found wherever they stand. New ones need evidence: a link or a mention, an
/// honorific, a common first name, words such as "said", "met", "my sister"; in languages that write
/// nouns small a run of capitals inside a sentence may be a name of unknown kind. German, which
/// writes every noun large, and scripts without capitals need the stronger kinds.
#[must_use]
pub fn find(text: &str, language: Option<Language>, known: &KnownNames) -> Vec<Name> {
    let prose = markdown::prose(text);
    let mut names = Vec::new();
    known.find(&prose, &mut names);
    links(text, &mut names);
    mentions(text, &prose, &mut names);
    for span in sentences::split_prose(&prose, text, language) {
        let is_heading = text[..span.start].trim_end_matches([' ', '*', '_']).ends_with('#');
        evidence::in_sentence(&prose[span.clone()], span.start, language, is_heading, &mut names);
    }
    let mut names = without_overlaps(names);
    repeat(&prose, &mut names);
    names
}

/// `[[People/Anna Weber|Anna]]` names somebody if its folder or its first word says so.
fn links(text: &str, names: &mut Vec<Name>) {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled by every test")]
    static LINK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\[\[([^\[\]|\n]{1,120})(?:\|([^\[\]\n]{1,120}))?\]\]").unwrap()
    });
    for found in LINK.captures_iter(text) {
        let Some(target) = found.get(1) else { continue };
        let path = target.as_str();
        let (folder, page) = path.rsplit_once('/').unwrap_or(("", path));
        let page = page.split(['#', '^']).next().unwrap_or_default();
        let at = target.start() + path.len() - path.rsplit('/').next().map_or(0, str::len);
        let shown = found.get(2).map_or(at..at + page.len(), |alias| alias.range());
        let (kind, confidence) = evidence::of_link(folder, page);
        if confidence > 0.0 && !text[shown.clone()].trim().is_empty() {
            let text = page.trim().to_owned();
            names.push(Name { span: shown, text, kind, confidence, known: None });
        }
    }
}

fn mentions(text: &str, prose: &str, names: &mut Vec<Name>) {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled by every test")]
    static MENTION: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"(?:^|[\s(,])@([\p{L}][\p{L}\p{N}_-]{1,38})").unwrap());
    for found in MENTION.captures_iter(text) {
        let Some(name) = found.get(1) else { continue };
        // An address or code is blank in the prose.
        if prose[name.range()].starts_with(char::is_alphabetic) {
            let (span, text) = (name.range(), name.as_str().to_owned());
            names.push(Name { span, text, kind: NameKind::Person, confidence: 0.8, known: None });
        }
    }
}

/// Of overlapping names the known one stays, then the longer, then the surer.
fn without_overlaps(mut names: Vec<Name>) -> Vec<Name> {
    let rank = |name: &Name| (name.known.is_some(), name.span.len(), name.confidence);
    names.sort_by(|a, b| {
        let (a, b) = (rank(a), rank(b));
        b.0.cmp(&a.0).then(b.1.cmp(&a.1)).then(b.2.total_cmp(&a.2))
    });
    let mut taken = std::collections::BTreeMap::<usize, usize>::new();
    names.retain(|name| {
        let free =
            taken.range(..name.span.end).next_back().is_none_or(|(_, end)| *end <= name.span.start);
        if free && !name.span.is_empty() {
            taken.insert(name.span.start, name.span.end);
        }
        free && !name.span.is_empty()
    });
    names.sort_by_key(|name| name.span.start);
    names
}

/// Who has been named once is named wherever the same word stands with a capital, also at the start
/// of a sentence; and the first name alone after the full name.
fn repeat(prose: &str, names: &mut Vec<Name>) {
    let mut sure: Vec<(String, NameKind, f32)> = Vec::new();
    let mut seen = HashSet::new();
    for name in names.iter().filter(|name| name.confidence >= 0.7 && name.known.is_none()) {
        let first = name.text.split_whitespace().next().unwrap_or_default().to_owned();
        let forms = [Some(name.text.clone()), (name.kind == NameKind::Person).then_some(first)];
        for form in forms.into_iter().flatten() {
            if form.chars().count() >= 3
                && form.starts_with(char::is_uppercase)
                && !evidence::is_excluded(&words::fold(&form))
                && seen.insert(form.clone())
            {
                sure.push((form, name.kind, name.confidence));
            }
        }
    }
    // More forms than this is a list of names, not a text with people in it.
    sure.truncate(500);
    let Ok(finder) = AhoCorasick::builder()
        .match_kind(MatchKind::LeftmostLongest)
        .build(sure.iter().map(|(form, ..)| form))
    else {
        return;
    };
    let mut more = Vec::new();
    for found in finder.find_iter(prose) {
        let (form, kind, confidence) = &sure[found.pattern().as_usize()];
        if is_bounded(prose, &found.range()) {
            more.push(Name {
                span: found.range(),
                text: form.clone(),
                kind: *kind,
                confidence: confidence - 0.05,
                known: None,
            });
        }
    }
    names.append(&mut more);
    *names = without_overlaps(std::mem::take(names));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, language: Language) -> Vec<(String, NameKind)> {
        find(text, Some(language), &KnownNames::default())
            .into_iter()
            .filter(|name| name.confidence >= 0.6)
            .map(|name| (name.text, name.kind))
            .collect()
    }

    fn people(text: &str, language: Language) -> Vec<String> {
        let people = found(text, language).into_iter();
        people.filter(|(_, kind)| *kind == NameKind::Person).map(|(name, _)| name).collect()
    }

    use Language::{Chinese, English, German};

    #[test]
    fn people_are_found_by_what_is_said_of_them() {
        assert_eq!(people("Lunch with Jonas, then Mira's talk.", English), ["Jonas", "Mira"]);
        assert_eq!(
            people("In the evening I met Anna Weber and called Tadeo.", English),
            ["Anna Weber", "Tadeo"]
        );
        assert_eq!(people("I asked my neighbour Oduya about it", English), ["Oduya"]);
        assert_eq!(people("The letter is for Mrs. Harrow.", English), ["Harrow"]);
    }

    #[test]
    fn german_nouns_are_not_people() {
        assert_eq!(
            people(
                "Heute mit Jonas am Kanal, danach Kaffee bei Frau Dr. Kern. Der Antrag mit Anlage ist fertig.",
                German
            ),
            ["Jonas", "Kern"]
        );
        assert!(found("Der Hund und die Katze mit Brot in der Küche", German).is_empty());
        assert_eq!(
            people("Mit Karla Sushi gegessen und mit Anna Weber geredet", German),
            ["Karla", "Anna Weber"]
        );
        assert_eq!(people("Meine Schwester Tuulia kommt morgen", German), ["Tuulia"]);
    }

    #[test]
    fn days_tools_and_beginnings_are_not_people() {
        for text in [
            "On Monday I rewrote it in Rust with Docker, and Python too.",
            "Finished the report. Walked home. Then slept.",
            "In April the English class starts.",
            "I think I said Okay",
            "Will do. Mark it as done. May come.",
        ] {
            assert!(people(text, English).is_empty(), "{text}: {:?}", people(text, English));
        }
    }

    #[test]
    fn headings_in_capitals_are_not_names() {
        assert!(found("# My Plan For The Great Summer", English).is_empty());
    }

    #[test]
    fn places_organisations_and_projects_are_told_apart() {
        let found = found(
            "We moved to Leipzig, she works at the University of Graz on Project Heron.",
            English,
        );
        assert!(found.contains(&("Leipzig".into(), NameKind::Place)), "{found:?}");
        assert!(
            found.contains(&("University of Graz".into(), NameKind::Organisation)),
            "{found:?}"
        );
        assert!(found.contains(&("Heron".into(), NameKind::Project)), "{found:?}");
    }

    #[test]
    fn links_and_mentions_name_people() {
        assert_eq!(
            people("see [[Anna Weber]] and [[People/Oduya|O.]] @lena", English),
            ["Anna Weber", "Oduya", "lena"]
        );
        assert!(found("mail me at a@lena.example, [[2024-05-01]]", English).is_empty());
    }

    #[test]
    fn known_names_are_found_in_any_script_and_case() {
        let known = KnownNames::new([
            ("小林", NameKind::Person),
            ("Jonas", NameKind::Person),
            ("Will", NameKind::Person),
            ("ليلى", NameKind::Person),
        ]);
        let names = |text| -> Vec<Option<usize>> {
            find(text, Some(Chinese), &known).into_iter().map(|name| name.known).collect()
        };
        assert_eq!(names("今天和小林去公园"), [Some(0)]);
        assert_eq!(names("jonas will come, not jonasson; Will too"), [Some(1), Some(2)]);
        assert_eq!(names("قابلت ليلى اليوم"), [Some(3)]);
    }

    #[test]
    fn who_was_named_once_is_known_in_the_rest_of_the_text() {
        assert_eq!(
            people("I met Oduya Banks at noon. Oduya was late. Oduya left early.", English),
            ["Oduya Banks", "Oduya", "Oduya"]
        );
    }
}
