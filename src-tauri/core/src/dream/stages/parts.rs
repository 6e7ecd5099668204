//! Cuts what is too long for one question into parts: between passages, then paragraphs, lines,
//! sentences, words, and at last between characters. Nothing is left out and nothing is read twice.

use std::ops::Range;

use crate::{
    mind::{
        Episode, Passage, Stream, budget,
        builtin::telling,
        quoted::{self, Piece},
    },
    text::{clean, sentences},
};

/// A part smaller than this many tokens says too little to be worth a question.
pub(super) const LEAST: u32 = 60;
/// Sentences are looked for in stretches of about so many bytes.
const STRETCH: usize = 16 * 1024;

/// A stretch of one passage of an episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Slice {
    /// Which passage.
    pub(super) passage: usize,
    /// Bytes of its text.
    pub(super) range: Range<usize>,
}

/// All of an episode, without headings that say nothing more than when it was or what is said before.
pub(super) fn whole(episode: &Episode<'_>) -> Vec<Slice> {
    let slice = |(passage, of): (usize, &Passage<'_>)| {
        let start = match episode.stream {
            Stream::Notes => empty_headings(of.text, episode.heading),
            Stream::Chat | Stream::Assistant => 0,
        };
        Slice { passage, range: start..of.text.len() }
    };
    episode.passages.iter().enumerate().map(slice).collect()
}

/// How many bytes a text begins with that are such headings. All of it is never that.
fn empty_headings(text: &str, known: &str) -> usize {
    let mut start = 0;
    while let Some((line, rest)) = text[start..].split_once('\n') {
        let said = line.trim().trim_start_matches('#').trim();
        let is_heading = line.trim_start().starts_with('#') && line.trim_start() != said;
        let is_empty = said.is_empty() || said == known.trim() || telling(said).is_none();
        if !(line.trim().is_empty() || is_heading && is_empty) || rest.trim().is_empty() {
            break;
        }
        start = text.len() - rest.len();
    }
    start
}

/// The words of a slice.
pub(super) fn text<'a>(episode: &Episode<'a>, slice: &Slice) -> &'a str {
    episode.passages[slice.passage].text.get(slice.range.clone()).unwrap_or_default()
}

/// An episode of these slices alone; its passages are the slices.
pub(super) fn episode_of<'a>(episode: &Episode<'a>, slices: &[Slice]) -> Episode<'a> {
    let passages = slices
        .iter()
        .map(|slice| Passage {
            text: text(episode, slice),
            ..episode.passages[slice.passage].clone()
        })
        .collect();
    Episode { passages, ..episode.clone() }
}

/// Who is named as the writer of a passage.
pub(super) fn by<'a>(stream: Stream, passage: &Passage<'a>) -> &'a str {
    match (stream, passage.is_own) {
        (Stream::Notes, _) => "",
        (_, Some(true)) => "me",
        (Stream::Assistant, _) if passage.author.is_empty() => "assistant",
        _ => passage.author,
    }
}

/// What is shown, in words for a model.
pub(super) fn kind(episode: &Episode<'_>) -> &'static str {
    let has_own = episode.passages.iter().any(|passage| passage.is_own == Some(true));
    match (episode.stream, has_own) {
        (Stream::Notes, _) => "A note by the keeper",
        (Stream::Chat, true) => "A conversation between people; “me” is the keeper",
        (Stream::Chat, false) => "A conversation between people, one of them the keeper",
        (Stream::Assistant, _) => "A conversation of the keeper (“me”) with an assistant program",
    }
}

/// Tokens of these slices in a prompt, rather too many.
pub(super) fn tokens(episode: &Episode<'_>, slices: &[Slice]) -> u32 {
    slices.iter().map(|slice| slice_tokens(episode, slice)).fold(0, u32::saturating_add)
}

fn slice_tokens(episode: &Episode<'_>, slice: &Slice) -> u32 {
    frame_tokens(episode, slice).saturating_add(text_tokens(text(episode, slice)))
}

fn frame_tokens(episode: &Episode<'_>, slice: &Slice) -> u32 {
    let by = by(episode.stream, &episode.passages[slice.passage]);
    quoted::frame_tokens(&Piece { handle: "p1000", by, text: "" })
}

/// One more where it begins with a blank, which may make one token with the blank before it.
fn text_tokens(text: &str) -> u32 {
    let shown = clean::for_prompt(text);
    budget::tokens(&shown).saturating_add(u32::from(shown.starts_with(char::is_whitespace)))
}

/// Parts of at most `most` tokens each, in order; what has nothing to be seen is in none.
pub(super) fn split(episode: &Episode<'_>, slices: &[Slice], most: u32) -> Vec<Vec<Slice>> {
    let mut parts: Vec<Vec<Slice>> = Vec::new();
    let mut filled = 0;
    for slice in slices {
        for piece in fitting(episode, slice, most) {
            if !text(episode, &piece).chars().any(|c| !c.is_whitespace() && !clean::is_unseen(c)) {
                continue;
            }
            let needs = slice_tokens(episode, &piece);
            match parts.last_mut() {
                Some(part) if filled + needs <= most => part.push(piece),
                _ => {
                    parts.push(vec![piece]);
                    filled = 0;
                }
            }
            filled += needs;
        }
    }
    parts
}

fn fitting(episode: &Episode<'_>, slice: &Slice, most: u32) -> Vec<Slice> {
    let room = most.saturating_sub(frame_tokens(episode, slice)).max(8);
    let mut ranges = Vec::new();
    let passage = episode.passages[slice.passage].text;
    cut(passage, slice.range.clone(), room, Level::Paragraphs, &mut ranges);
    ranges.into_iter().map(|range| Slice { passage: slice.passage, range }).collect()
}

#[derive(Debug, Clone, Copy)]
enum Level {
    Paragraphs,
    Lines,
    Sentences,
    Words,
    Characters,
}

impl Level {
    fn finer(self) -> Self {
        match self {
            Self::Paragraphs => Self::Lines,
            Self::Lines => Self::Sentences,
            Self::Sentences => Self::Words,
            Self::Words | Self::Characters => Self::Characters,
        }
    }

    /// Where the stretches of this level begin within `range`, the first place left out.
    fn starts(self, text: &str, range: &Range<usize>, most: u32) -> Vec<usize> {
        let inner = &text[range.clone()];
        let mut starts: Vec<usize> = match self {
            Self::Paragraphs => {
                let mut was_blank = false;
                let mut starts = Vec::new();
                for (at, line) in lines(inner) {
                    let is_blank = line.trim().is_empty();
                    if was_blank && !is_blank {
                        starts.push(at);
                    }
                    was_blank = is_blank;
                }
                starts
            }
            Self::Lines => lines(inner).map(|(at, _)| at).collect(),
            Self::Sentences => sentence_starts(inner),
            Self::Words => word_starts(inner).collect(),
            Self::Characters => return characters(text, range, most),
        };
        starts.retain(|at| *at > 0 && *at < inner.len());
        starts.iter_mut().for_each(|at| *at += range.start);
        starts
    }
}

fn cut(text: &str, range: Range<usize>, most: u32, level: Level, out: &mut Vec<Range<usize>>) {
    if text_tokens(&text[range.clone()]) <= most {
        out.push(range);
        return;
    }
    let mut starts = level.starts(text, &range, most);
    if matches!(level, Level::Characters) {
        let mut from = range.start;
        starts.push(range.end);
        for at in starts {
            out.push(from..at);
            from = at;
        }
        return;
    }
    starts.push(range.end);
    let mut open = range.start..range.start;
    let mut filled = 0;
    for end in starts {
        let piece = open.end..end;
        let needs = text_tokens(&text[piece.clone()]);
        if filled + needs > most && !open.is_empty() {
            out.push(open.clone());
            open = piece.start..piece.start;
            filled = 0;
        }
        if needs > most {
            cut(text, piece, most, level.finer(), out);
            open = end..end;
        } else {
            open.end = end;
            filled += needs;
        }
    }
    if !open.is_empty() {
        out.push(open);
    }
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

fn word_starts(text: &str) -> impl Iterator<Item = usize> {
    let mut was_blank = false;
    text.char_indices().filter_map(move |(at, c)| {
        let begins = was_blank && !c.is_whitespace();
        was_blank = c.is_whitespace();
        begins.then_some(at)
    })
}

fn sentence_starts(text: &str) -> Vec<usize> {
    let mut starts = Vec::new();
    let mut from = 0;
    let mut is_start = true;
    while from < text.len() {
        let mut to = (from + STRETCH).min(text.len());
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        let found = sentences::split(&text[from..to], None);
        // The last one may go on behind the stretch: it is looked at again from its beginning. One that
        // fills the stretch is cut by words later.
        let last = found.last().filter(|_| found.len() > 1).map(|span| from + span.start);
        let next = last.filter(|_| to < text.len()).unwrap_or(to);
        // What a stretch begins with in the middle of a sentence is none.
        let found = found.into_iter().skip(usize::from(!is_start));
        starts.extend(found.map(|span| from + span.start).filter(|at| *at < next));
        is_start = next < to;
        from = next;
    }
    starts
}

/// As many characters at a time as fit: of Latin letters four make a token, of others each is one.
fn characters(text: &str, range: &Range<usize>, most: u32) -> Vec<usize> {
    let room = usize::try_from(most.saturating_sub(1)).unwrap_or(usize::MAX).max(1);
    let mut starts = Vec::new();
    let mut from = range.start;
    loop {
        let rest = &text[from..range.end];
        let end_after = |n: usize| rest.char_indices().nth(n).map_or(rest.len(), |(at, _)| at);
        let fits = |at: &usize| text_tokens(&rest[..*at]) <= most;
        let step = [4, 3, 2].into_iter().map(|times| end_after(times * room)).find(fits);
        from += step.unwrap_or_else(|| end_after(room)).max(1);
        if from >= range.end {
            return starts;
        }
        starts.push(from);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn episode<'a>(texts: &[&'a str]) -> Episode<'a> {
        let passage = |text: &&'a str| Passage { text, author: "Tomas", is_own: None };
        Episode { stream: Stream::Chat, heading: "", passages: texts.iter().map(passage).collect() }
    }

    fn parts_of(texts: &[&str], most: u32) -> Vec<Vec<String>> {
        let episode = episode(texts);
        split(&episode, &whole(&episode), most)
            .iter()
            .map(|part| part.iter().map(|slice| text(&episode, slice).to_owned()).collect())
            .collect()
    }

    #[test]
    fn what_fits_is_one_part() {
        assert_eq!(parts_of(&["One.", "Two."], 200), [["One.", "Two."]]);
    }

    #[test]
    fn passages_part_before_paragraphs_and_paragraphs_before_sentences() {
        let long = "Ilse came. She had soup. ".repeat(6);
        let text = format!("{long}\n\n{long}");
        let parts = parts_of(&["Short.", &text], 108);
        let starts: Vec<&str> = parts.iter().map(|part| &part[0][..5]).collect();
        assert_eq!(starts, ["Short", "Ilse "]);
        assert!(parts[0][1].starts_with("Ilse came."), "the first paragraph fits beside it");
        let tight = parts_of(&[&text], 60);
        assert!(tight.iter().all(|part| part[0].starts_with("Ilse") || part[0].starts_with("She")));
    }

    #[test]
    fn a_line_of_two_megabytes_is_cut_wherever_it_must_be() {
        for line in ["a".repeat(2_000_000), "word ".repeat(400_000), "漢".repeat(300_000)] {
            let parts = parts_of(&[&line], 1_000);
            assert_eq!(parts.concat().concat(), line);
            let most = parts.iter().map(|part| budget::tokens(&part[0])).max();
            assert!(most <= Some(1_000), "{most:?}");
            let least = parts[..parts.len() - 1].iter().map(|part| budget::tokens(&part[0])).min();
            assert!(least >= Some(600), "{least:?}: the parts are well filled");
        }
    }

    #[test]
    fn blank_passages_are_in_no_part() {
        assert_eq!(parts_of(&["\n \u{200b}", "One."], 100), [["One."]]);
        assert!(parts_of(&[" "], 100).is_empty());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_character_is_in_exactly_one_part(
            texts in proptest::collection::vec("([a-zä]{1,9}[ .\n\r]{0,3}|漢字|\\PC|<b>){1,80}", 1..5),
            most in 60..200u32,
        ) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let episode = episode(&texts);
            let parts = split(&episode, &whole(&episode), most);
            for part in &parts {
                prop_assert!(tokens(&episode, part) <= most, "{} of {most}", tokens(&episode, part));
            }
            let mut ends = vec![0; texts.len()];
            for slice in parts.iter().flatten() {
                let skipped = &texts[slice.passage][ends[slice.passage]..slice.range.start];
                prop_assert!(skipped.chars().all(|c| c.is_whitespace() || clean::is_unseen(c)));
                ends[slice.passage] = slice.range.end;
            }
            for (text, end) in texts.iter().zip(ends) {
                prop_assert!(text[end..].chars().all(|c| c.is_whitespace() || clean::is_unseen(c)));
            }
        }
    }
}
