//! What stands inside the lines of a note: `#tags` and `[[wikilinks]]`.

use std::collections::HashSet;

/// Files that are shown inside a note, and are no notes themselves.
const MEDIA: [&str; 18] = [
    "png", "jpg", "jpeg", "gif", "webp", "svg", "bmp", "avif", "heic", "pdf", "mp3", "m4a", "wav",
    "ogg", "mp4", "mov", "webm", "base",
];

/// Longer links, tags and code spans are none; so one line never costs more than its length.
const LONGEST: usize = 500;

/// Texts in the order they were found, each once whatever its case.
#[derive(Debug, Default)]
pub(super) struct Once {
    list: Vec<String>,
    known: HashSet<String>,
}

impl Once {
    /// Keeps a tag as written, without `#` and brackets.
    pub(super) fn tag(&mut self, tag: &str) {
        let tag = tag.trim().trim_start_matches('#').trim_matches(['[', ']', '"', '\'', ' ']);
        if tag.len() <= LONGEST {
            self.put(tag);
        }
    }

    fn put(&mut self, text: &str) {
        if !text.is_empty() && self.known.insert(text.to_lowercase()) {
            self.list.push(text.to_owned());
        }
    }

    /// All of them.
    pub(super) fn into_list(self) -> Vec<String> {
        self.list
    }
}

/// Collects the tags and link targets of one line that is not code.
pub(super) fn collect(line: &str, tags: &mut Once, links: &mut Once) {
    let bytes = line.as_bytes();
    let mut at = 0;
    while let Some(step) = bytes[at..].iter().position(|b| matches!(b, b'#' | b'[' | b'`')) {
        at += step;
        at += match bytes[at] {
            b'`' => code_len(&bytes[at..]),
            b'[' => link_at(line, at, links),
            _ => tag_at(line, at, tags),
        };
    }
    if let Some(listed) = property(line, "tags") {
        for tag in listed.split(',') {
            tags.tag(tag);
        }
    }
}

/// The value of a Logseq property: `tags:: a, b`.
pub(super) fn property<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let line = line.trim_start_matches(['-', '*', ' ', '\t']);
    line.strip_prefix(name)?.strip_prefix("::").map(str::trim)
}

/// A code span ends with as many backticks as it began with; without an end there is none.
fn code_len(rest: &[u8]) -> usize {
    let ticks = rest.iter().take_while(|b| **b == b'`').count();
    let rest = &rest[..rest.len().min(ticks + LONGEST)];
    let mut at = ticks;
    while let Some(step) = rest[at..].iter().position(|b| *b == b'`') {
        at += step;
        let run = rest[at..].iter().take_while(|b| **b == b'`').count();
        at += run;
        if run == ticks {
            return at;
        }
    }
    ticks
}

/// The text between `[[` and `]]`, if it is short and holds no other bracket that opens.
fn in_brackets(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("[[")?;
    let near = &inner.as_bytes()[..inner.len().min(LONGEST)];
    let mut at = 0;
    loop {
        at += near.get(at..)?.iter().position(|b| matches!(b, b'[' | b']'))?;
        match near.get(at..at + 2)? {
            b"]]" => return Some(&inner[..at]),
            [b'[', _] => return None,
            _ => at += 1,
        }
    }
}

fn link_at(line: &str, at: usize, links: &mut Once) -> usize {
    let Some(inner) = in_brackets(&line[at..]) else { return 1 };
    let target = inner.split(['|', '#', '^']).next().unwrap_or("").trim().trim_end_matches('\\');
    let is_embedded = at > 0 && line.as_bytes()[at - 1] == b'!';
    let extension = target.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    let is_media = extension.is_some_and(|extension| MEDIA.contains(&extension.as_str()));
    if !(is_embedded && is_media) {
        links.put(target);
    }
    inner.len() + 4
}

fn tag_at(line: &str, at: usize, tags: &mut Once) -> usize {
    let before = line[..at].chars().next_back();
    let is_start = match before {
        None => true,
        Some('(') => !line[..at].ends_with("]("),
        Some(c) => {
            c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\'' | '*' | '_' | '|' | '“' | '（')
        }
    };
    let rest = &line[at + 1..];
    if let Some(inner) = in_brackets(rest).filter(|_| is_start) {
        // A tag of several words, as Logseq writes it; it is a link as well, so it is read again.
        tags.tag(inner);
        return 1;
    }
    let len: usize = rest
        .chars()
        .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '/') || is_mark(*c))
        .map(char::len_utf8)
        .sum();
    let tag = rest[..len].trim_end_matches(['/', '-', '_']);
    // `##` is a heading or a mistake, `#tag#` and `#a.b` are anchors.
    let is_cut = rest[len..].starts_with('#');
    let has_letter = tag.chars().any(|c| c.is_alphabetic() || !c.is_ascii() && !c.is_numeric());
    if is_start && !is_cut && has_letter && !tag.starts_with('/') && !is_colour(tag) {
        tags.tag(tag);
    }
    1 + len
}

/// Emoji and combining marks occur in tags.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{200D}' | '\u{300}'..='\u{36F}' | '\u{FE0F}' | '\u{2600}'..='\u{27BF}' | '\u{1F000}'..='\u{1FAFF}')
}

/// `#fff` and `#a1b2c3` are colours; `#add` and `#facade` are words that look like some.
fn is_colour(tag: &str) -> bool {
    if !matches!(tag.len(), 3 | 4 | 6 | 8) || !tag.bytes().all(|b| b.is_ascii_hexdigit()) {
        return false;
    }
    let is_word = matches!(
        tag.to_ascii_lowercase().as_str(),
        "add"
            | "ace"
            | "bad"
            | "bed"
            | "bee"
            | "cab"
            | "dad"
            | "ebb"
            | "fab"
            | "fad"
            | "fed"
            | "fee"
            | "decade"
            | "facade"
            | "accede"
            | "efface"
            | "deface"
            | "beaded"
    );
    let has_digit = tag.bytes().any(|b| b.is_ascii_digit());
    // Of four letters there are more words (“cafe”, “deaf”, “face”) than colours.
    has_digit || tag.len() != 4 && !is_word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(line: &str) -> Vec<String> {
        let mut tags = Once::default();
        collect(line, &mut tags, &mut Once::default());
        tags.into_list()
    }

    fn links(line: &str) -> Vec<String> {
        let mut links = Once::default();
        collect(line, &mut Once::default(), &mut links);
        links.into_list()
    }

    #[test]
    fn tags_are_found_between_words() {
        assert_eq!(
            tags("#work went well (#home/garden, #Ärger) #2025-plan"),
            ["work", "home/garden", "Ärger", "2025-plan"]
        );
        assert_eq!(tags("once #work and again #Work."), ["work"]);
        assert_eq!(tags("a #[[long walk]] today"), ["long walk"]);
        assert_eq!(tags("tags:: work, [[Long Walk]]"), ["work", "Long Walk"]);
    }

    #[test]
    fn what_only_looks_like_a_tag_is_none() {
        for line in [
            "see https://example.org/page#part",
            "[x](#anchor)",
            "issue #123",
            "#fff and #a1b2c3 and #ff00aa80",
            "`#include` and ``a ` #b``",
            "C# and F#",
            "[[Note#Heading]]",
            "[[#Heading]]",
            "# ",
            "###",
            "#",
            "#!/bin/sh",
            "#ABCDEF",
        ] {
            assert!(tags(line).is_empty(), "{line}: {:?}", tags(line));
        }
    }

    #[test]
    fn links_give_their_targets_once() {
        assert_eq!(
            links(
                "[[Ana Roth|Ana]] and [[Garden#Beds]], [[Garden^b1]] ![[tree.png]] ![[Recipe]] [[a/b.md]]"
            ),
            ["Ana Roth", "Garden", "Recipe", "a/b.md"]
        );
        assert!(links("`[[code]]` [[]] [[#Part]] [[open").is_empty());
        assert_eq!(links("| [[Ana\\|A]] |"), ["Ana"]);
    }

    proptest::proptest! {
        #[test]
        fn no_line_makes_it_panic(line in "[#\\[\\]`|a1ü/ 🙂]{0,40}") {
            collect(&line, &mut Once::default(), &mut Once::default());
        }
    }
}
