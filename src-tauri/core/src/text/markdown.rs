//! Takes Markdown apart into the prose a person wrote and the syntax around it.
//!
//! [`prose`] blanks the syntax instead of removing it, so that every byte offset found in the prose
//! is an offset in the note, and evidence can point at the exact words.

use std::{borrow::Cow, ops::Range, sync::LazyLock};

use pulldown_cmark::{
    CodeBlockKind, Event, LinkType, MetadataBlockKind, Options, Parser, Tag, TagEnd,
};
use regex::Regex;

/// The prose of `text`, of the same length in bytes: syntax, code, addresses, front matter and
/// comments are spaces, everything else stands where it stood. Line ends stay.
#[must_use]
pub fn prose(text: &str) -> Cow<'_, str> {
    if is_plain(text) { Cow::Borrowed(text) } else { Cow::Owned(mask(text, false)) }
}

/// [`prose`] with inline code, which a title may need.
pub(super) fn shown(text: &str) -> Cow<'_, str> {
    if is_plain(text) { Cow::Borrowed(text) } else { Cow::Owned(mask(text, true)) }
}

/// The words of `text` as a reader sees them, inline code included, with single spaces.
#[must_use]
pub fn plain(text: &str) -> String {
    let masked = shown(text);
    let mut plain = String::with_capacity(masked.len());
    for word in masked.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain
}

/// Text without any byte that Markdown gives a meaning needs no parser.
fn is_plain(text: &str) -> bool {
    let mut line_start = true;
    for byte in text.bytes() {
        match byte {
            b'*' | b'_' | b'`' | b'[' | b']' | b'<' | b'#' | b'&' | b'\\' | b'~' | b'|' | b'%'
            | b'@' | b'=' | b'/' | b'>' | 0 => return false,
            b'-' | b'+' | b'0'..=b'9' if line_start => return false,
            b'\n' => line_start = true,
            b' ' | b'\t' => {}
            _ => line_start = false,
        }
    }
    !text.contains("www.")
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_WIKILINKS
}

fn mask(text: &str, keep_code: bool) -> String {
    let mut out: Vec<u8> =
        text.bytes().map(|b| if b == b'\n' || b == b'\r' { b } else { b' ' }).collect();
    // Inside code, metadata and pictures nothing is prose.
    let mut silent = 0usize;
    let mut wikilink = false;
    for (event, range) in Parser::new_ext(text, options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_)))
            | Event::Start(Tag::MetadataBlock(MetadataBlockKind::YamlStyle))
            | Event::Start(Tag::Image { .. }) => silent += 1,
            // An indented block is far more often a nested list cut out of its note than code.
            Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)) => silent += 0,
            Event::End(TagEnd::MetadataBlock(_) | TagEnd::Image) => {
                silent = silent.saturating_sub(1);
            }
            Event::End(TagEnd::CodeBlock) => silent = silent.saturating_sub(1),
            Event::Start(Tag::Link { link_type: LinkType::WikiLink { .. }, .. }) => wikilink = true,
            Event::End(TagEnd::Link) => wikilink = false,
            Event::Text(shown) if silent == 0 => {
                copy(text, &mut out, range.clone(), &shown);
                if wikilink {
                    shorten_link(&mut out, range);
                }
            }
            Event::Code(shown) if keep_code && silent == 0 => {
                let from = range.start + text[range.clone()].find(shown.as_ref()).unwrap_or(0);
                copy(text, &mut out, from..(from + shown.len()).min(range.end), &shown);
            }
            Event::Html(_) | Event::InlineHtml(_) if silent == 0 => {
                copy_outside_tags(text, &mut out, range);
            }
            _ => {}
        }
    }
    let masked = String::from_utf8(out).unwrap_or_default();
    blank_addresses(masked)
}

/// Copies what is shown to where it stands. An entity ("&amp;") is shorter than its source.
fn copy(text: &str, out: &mut [u8], range: Range<usize>, shown: &str) {
    let source = &text.as_bytes()[range.clone()];
    if source == shown.as_bytes() {
        out[range].copy_from_slice(source);
    } else if shown.len() <= source.len() && source.is_ascii() {
        out[range.start..range.start + shown.len()].copy_from_slice(shown.as_bytes());
    }
}

fn copy_outside_tags(text: &str, out: &mut [u8], range: Range<usize>) {
    let source = &text[range.clone()];
    if source.starts_with("<!--") {
        return;
    }
    let mut inside = false;
    for (at, byte) in source.bytes().enumerate() {
        match byte {
            b'<' => inside = true,
            b'>' => inside = false,
            _ if !inside => out[range.start + at] = byte,
            _ => {}
        }
    }
}

/// Of `[[People/Anna Weber#Phone]]` a reader sees "Anna Weber".
fn shorten_link(out: &mut [u8], range: Range<usize>) {
    let link = &mut out[range];
    if let Some(slash) = link.iter().rposition(|b| *b == b'/') {
        link[..=slash].fill(b' ');
    }
    if let Some(hash) = link.iter().position(|b| *b == b'#' || *b == b'^') {
        link[hash..].fill(b' ');
    }
}

/// Addresses, mail addresses, Obsidian comments (`%%…%%`), highlight marks (`==`), the sign of a tag.
fn blank_addresses(masked: String) -> String {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled by every test")]
    static NOT_PROSE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(concat!(
            r"(?s)(?-u:\b)(?:https?|ftp|file|obsidian|mailto):/?/?[^\s<>()]+",
            r"|(?-u:\b)www\.[^\s<>()]+",
            r"|[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+",
            r"|%%.{0,2000}?%%|==|(?:^|\s)#\w|^---+",
        ))
        .unwrap()
    });
    let spans: Vec<Range<usize>> =
        NOT_PROSE.find_iter(&masked).map(|found| found.range()).collect();
    if spans.is_empty() {
        return masked;
    }
    let mut bytes = masked.into_bytes();
    for span in spans {
        let tag = bytes[span.clone()].iter().position(|b| *b == b'#');
        match tag {
            // Only the sign goes; the tag itself is a word the person chose.
            Some(at) if at <= 3 && bytes[span.start + at..span.end].len() <= 5 => {
                bytes[span.start + at] = b' ';
            }
            _ => bytes[span].iter_mut().filter(|b| **b != b'\n').for_each(|b| *b = b' '),
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn offsets_in_the_prose_are_offsets_in_the_note() {
        let note = "# Tag 🌧\n\n- [ ] **Anna** über [[People/Jörg Maß|Jörg]] & `code` anrufen";
        let prose = prose(note);
        assert_eq!(prose.len(), note.len());
        for word in ["Tag", "Anna", "Jörg", "anrufen"] {
            let at = prose.rfind(word).unwrap();
            assert_eq!(&note[at..at + word.len()], word);
        }
        assert!(!prose.contains("code") && !prose.contains("People"));
    }

    #[test]
    fn a_reader_sees_no_syntax() {
        assert_eq!(
            plain("## A *walk*\n\nwith [Mira](https://a.b/c) and [[Notes/Canal#Lock]], `ls -l`"),
            "A walk with Mira and Canal , ls -l"
        );
        assert_eq!(plain("Tom &amp; I met ==twice=="), "Tom & I met twice");
        assert_eq!(
            plain("![cat](cat.png) <b>bold</b> %%secret%% see https://x.y/z?a=b #run"),
            "bold see run"
        );
    }

    #[test]
    fn code_and_front_matter_are_not_prose() {
        let note = "---\nmood: happy\n---\nText\n\n```rust\nlet happy = 1;\n```\n";
        assert_eq!(prose(note).trim(), "Text");
    }

    #[test]
    fn a_nested_list_cut_out_of_its_note_is_prose() {
        assert_eq!(plain("        - met Jonas"), "- met Jonas");
    }

    #[test]
    fn hearts_and_shouts_survive() {
        assert_eq!(prose("I <3 this!!! :-)"), "I <3 this!!! :-)");
    }
}
