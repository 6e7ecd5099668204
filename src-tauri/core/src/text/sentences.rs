//! Cuts text into sentences, as byte ranges.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use icu_segmenter::{
    SentenceSegmenter, SentenceSegmenterBorrowed, options::SentenceBreakInvariantOptions,
};
use regex::Regex;

use super::{language::Language, markdown};

/// The sentences of `text`: byte ranges, trimmed, in order, without list markers and heading signs.
///
/// A heading, a list item and a table row are sentences of their own. Code and front matter have
/// none. Unicode's rules (UAX #29) cut the rest; cuts after abbreviations, initials and ordinals are
/// taken back. `language` matters for the abbreviations and for ordinals ("3. Mai").
#[must_use]
pub fn split(text: &str, language: Option<Language>) -> Vec<Range<usize>> {
    split_prose(&markdown::prose(text), text, language)
}

/// [`split`] for a caller that has the prose of `text` at hand.
pub(super) fn split_prose(
    prose: &str,
    text: &str,
    language: Option<Language>,
) -> Vec<Range<usize>> {
    let mut sentences = Vec::new();
    for block in blocks(prose, text) {
        cut(prose, block, language, &mut sentences);
    }
    sentences
}

/// A line at least this wide (characters) was probably wrapped by an editor, not ended by a person.
const WRAPPED: usize = 45;

/// Runs of lines that belong together.
fn blocks(prose: &str, text: &str) -> Vec<Range<usize>> {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled by every test")]
    static MARKER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^[ \t>]*(?:(?:[-*+•–]|\d{1,3}[.)])[ \t]+(?:\[.\][ \t]+)?|#{1,6}[ \t]+|\|)")
            .unwrap()
    });
    let mut blocks: Vec<Range<usize>> = Vec::new();
    let mut open = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let shown = &prose[start..at];
        if shown.trim().is_empty() {
            open = false;
            continue;
        }
        let marker = MARKER.find(line).map(|found| found.end());
        let is_heading = line.trim_start_matches([' ', '>']).starts_with('#') && marker.is_some();
        let from = start + marker.unwrap_or(0);
        let starts_lower =
            shown.trim_start().chars().next().is_some_and(|c| c.is_lowercase() || c == '(');
        let wrapped = blocks.last().is_some_and(|last| {
            prose[last.clone()].trim_end().rsplit('\n').next().unwrap_or_default().chars().count()
                >= WRAPPED
        });
        match blocks.last_mut() {
            Some(last) if open && marker.is_none() && (starts_lower || wrapped) => last.end = at,
            _ => blocks.push(from..at),
        }
        open = !is_heading && !line.trim_start().starts_with('|');
    }
    blocks
}

fn cut(prose: &str, block: Range<usize>, language: Option<Language>, out: &mut Vec<Range<usize>>) {
    static SEGMENTER: LazyLock<SentenceSegmenterBorrowed<'static>> =
        LazyLock::new(|| SentenceSegmenter::new(SentenceBreakInvariantOptions::default()));
    // Wrapped lines are one sentence to a reader, but a hard break to Unicode.
    let line = prose[block.clone()].replace(['\n', '\r', '\t'], " ");
    let mut start = 0;
    for end in SEGMENTER.segment_str(&line).skip(1) {
        let piece = &line[start..end];
        let rest = line[end..].trim_start();
        if end < line.len() && (rest.is_empty() || goes_on(piece, rest, language)) {
            continue;
        }
        push_trimmed(piece, block.start + start, out);
        start = end;
    }
}

fn push_trimmed(piece: &str, at: usize, out: &mut Vec<Range<usize>>) {
    let head = piece.len() - piece.trim_start().len();
    let len = piece.trim().len();
    if piece.chars().any(|c| c.is_alphanumeric() || !c.is_ascii()) && len > 0 {
        out.push(at + head..at + head + len);
    }
}

/// Whether the sentence goes on behind what Unicode took for its end.
fn goes_on(piece: &str, rest: &str, language: Option<Language>) -> bool {
    let trimmed = piece.trim_end();
    let Some(before) = trimmed.strip_suffix('.') else { return false };
    if before.ends_with('.') {
        return rest.starts_with(char::is_lowercase);
    }
    let last = before.rsplit(|c: char| c.is_whitespace() || matches!(c, '(' | '"' | '„' | '“'));
    let Some(word) = last.into_iter().next().filter(|word| !word.is_empty()) else { return false };
    let is_initial = word.chars().count() == 1
        && word.starts_with(char::is_alphabetic)
        && word != "I"
        && rest.starts_with(char::is_alphabetic);
    let is_ordinal = word.len() <= 2
        && word.bytes().all(|b| b.is_ascii_digit())
        && matches!(language, Some(Language::German | Language::Danish | Language::Norwegian))
        && rest.starts_with(char::is_alphabetic);
    is_initial || is_ordinal || rest.starts_with(char::is_lowercase) || is_abbreviation(word)
}

fn is_abbreviation(word: &str) -> bool {
    static KNOWN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
        "mr mrs ms dr prof st sr jr rev hon capt gen col lt sgt mt messrs mme mlle e.g i.e cf vs \
         approx dept est fig no nos vol pp ed al z.b d.h u.a o.a v.a u.u i.d.r s.o s.u bzw ca evtl \
         ggf inkl exkl max min mio mrd nr str tel vgl zzgl abs abb hr fr frl dipl ing sog allg \
         jan feb aug sep sept okt oct nov dez dec p.ex c.-a-d m av bd sra srta ud uds dra dott sig"
            .split_whitespace()
            .collect()
    });
    KNOWN.contains(word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, language: Language) -> Vec<&str> {
        split(text, Some(language)).into_iter().map(|span| &text[span]).collect()
    }

    #[test]
    fn titles_and_initials_do_not_end_a_sentence() {
        assert_eq!(
            cut(
                "Saw Dr. Smith today. He and J. R. Miller left, e.g. by train. Done!",
                Language::English
            ),
            ["Saw Dr. Smith today.", "He and J. R. Miller left, e.g. by train.", "Done!"]
        );
    }

    #[test]
    fn german_abbreviations_and_ordinals_do_not_end_a_sentence() {
        assert_eq!(
            cut("Am 3. Mai z. B. war es warm. Frau Dr. Kern kam mit.", Language::German),
            ["Am 3. Mai z. B. war es warm.", "Frau Dr. Kern kam mit."]
        );
    }

    #[test]
    fn headings_and_items_are_sentences_of_their_own() {
        assert_eq!(
            cut(
                "# The canal\nRan early\n- [ ] call Mira\n- 09:15 coffee. Then home.\n\nBed",
                Language::English
            ),
            ["The canal", "Ran early", "call Mira", "09:15 coffee.", "Then home.", "Bed"]
        );
    }

    #[test]
    fn wrapped_lines_are_one_sentence() {
        let text = "This is a long line that an editor has wrapped at some\nColumn of its own choice. Next.";
        assert_eq!(cut(text, Language::English).len(), 2);
    }

    #[test]
    fn code_has_no_sentences() {
        assert_eq!(
            cut("Before.\n```\nfn main() {}\n```\nAfter.", Language::English),
            ["Before.", "After."]
        );
    }

    #[test]
    fn other_scripts_end_their_sentences_too() {
        assert_eq!(cut("今天很累。明天再说!", Language::Chinese).len(), 2);
        assert_eq!(cut("هل أنت بخير؟ نعم.", Language::Arabic).len(), 2);
    }
}
