//! Where the words of a question stand in a text, and the few lines around the most of them.

use std::{collections::HashSet, ops::Range};

use super::query::{Query, Term};
use crate::{
    api::pieces::{self, Piece},
    text::{language::Language, stems, words},
};

/// Bytes of a text that are looked through for words: a thousand pages.
const LOOKED_AT: usize = 1 << 20;
/// A snippet's length in bytes, and how much of it comes before the first word that was found.
const LENGTH: usize = 200;
const LEAD: usize = 40;

/// A term in all forms in which it is recognised.
#[derive(Debug)]
struct Form {
    folded: String,
    stems: HashSet<String>,
    /// For a phrase, its words one after the other.
    sequence: Vec<String>,
    is_open: bool,
    /// Its characters stand among others without spaces.
    is_paired: bool,
}

/// Finds the words of a question again in what was found.
#[derive(Debug)]
pub(super) struct Marker {
    terms: Vec<Form>,
    unwanted: Vec<Form>,
    languages: Vec<Language>,
}

/// A place where a term stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    span: Range<usize>,
    term: usize,
}

impl Marker {
    pub(super) fn new(query: &Query, languages: &[Language]) -> Self {
        let mut all = vec![Language::English];
        all.extend(languages);
        let forms = |terms: &[Term]| terms.iter().map(|term| Form::new(term, &all)).collect();
        Self { terms: forms(&query.terms), unwanted: forms(&query.unwanted), languages: all }
    }

    /// Whether a text has what must not be there.
    pub(super) fn is_unwanted(&self, text: &str) -> bool {
        !self.unwanted.is_empty() && !self.places(text, &self.unwanted).is_empty()
    }

    /// Which of the terms stand in a text, by their place in the question.
    pub(super) fn terms_in(&self, text: &str) -> HashSet<usize> {
        self.places(text, &self.terms).into_iter().map(|place| place.term).collect()
    }

    /// The lines of a text around the most of the terms. Where there is none, those of the passage, or the
    /// beginning.
    pub(super) fn snippet(&self, text: &str, passage: Option<(usize, usize)>) -> Vec<Piece> {
        let places = self.places(text, &self.terms);
        let from = match best(&places) {
            Some(from) => from,
            None => passage.map_or(0, |(starts, _)| starts),
        };
        let has_words = !places.is_empty();
        let window = window(text, from, if has_words { LEAD } else { 0 });
        self.cut(text, window, &places)
    }

    /// The beginning of a text.
    pub(super) fn beginning(&self, text: &str) -> Vec<Piece> {
        let window = window(text, 0, 0);
        let places = self.places(&text[..window.end], &self.terms);
        self.cut(text, window, &places)
    }

    fn cut(&self, text: &str, window: Range<usize>, places: &[Place]) -> Vec<Piece> {
        let before = if window.start > 0 { "…" } else { "" };
        let after = if window.end < text.trim_end().len() { "…" } else { "" };
        let inside = &text[window.clone()];
        // A snippet is one line; all these are one byte long, so that no mark moves.
        let line = format!("{before}{}{after}", inside.replace(['\n', '\r', '\t'], " "));
        let shift = |at: usize| at - window.start + before.len();
        let marks: Vec<Range<usize>> = places
            .iter()
            .filter(|place| place.span.start >= window.start && place.span.end <= window.end)
            .map(|place| shift(place.span.start)..shift(place.span.end))
            .collect();
        pieces::cut(&line, &marks)
    }

    fn places(&self, text: &str, forms: &[Form]) -> Vec<Place> {
        let end = (0..=LOOKED_AT.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
        let text = &text[..end.unwrap_or_default()];
        let mut places = Vec::new();
        for (term, form) in forms.iter().enumerate().filter(|(_, form)| form.is_paired) {
            let found = text.match_indices(form.folded.as_str());
            places.extend(found.map(|(at, it)| Place { span: at..at + it.len(), term }));
        }
        let heads: HashSet<&str> = forms.iter().flat_map(Form::heads).collect();
        let is_asked_in_sequence = forms.iter().any(|form| form.sequence.len() > 1);
        let mut last: Vec<(Range<usize>, String)> = Vec::new();
        for word in words::iter(text) {
            let folded = words::fold(word.text);
            if heads.contains(head(&folded)) {
                let spaced = forms.iter().enumerate().filter(|(_, form)| !form.is_paired);
                for (term, form) in spaced {
                    if form.sequence.len() < 2 && form.is(&folded, word.text, &self.languages) {
                        places.push(Place { span: word.span.clone(), term });
                        break;
                    }
                }
            }
            if is_asked_in_sequence {
                last.push((word.span.clone(), folded.into_owned()));
                let ended = forms.iter().enumerate().filter(|(_, form)| form.ends(&last));
                places.extend(ended.map(|(term, form)| Place {
                    span: last[last.len() - form.sequence.len()].0.start..word.span.end,
                    term,
                }));
            }
        }
        places.sort_by_key(|place| (place.span.start, place.span.end));
        places
    }
}

impl Form {
    fn new(term: &Term, languages: &[Language]) -> Self {
        let text = term.text.trim();
        let is_paired = text.chars().any(stems::is_paired);
        let sequence: Vec<String> =
            words::iter(text).map(|word| words::fold(word.text).into_owned()).collect();
        let folded = words::fold(text).into_owned();
        let stems = match term.is_phrase {
            true => HashSet::new(),
            false => languages.iter().map(|of| words::stem(text, Some(*of))).collect(),
        };
        Self { folded, stems, sequence, is_open: term.is_open, is_paired }
    }

    /// How words begin that may be this one: an ending does not reach so far.
    fn heads(&self) -> impl Iterator<Item = &str> {
        let words = self.sequence.iter().map(|word| head(word));
        words.chain(self.stems.iter().map(|stem| head(stem)))
    }

    fn is(&self, folded: &str, word: &str, languages: &[Language]) -> bool {
        let whole = self.sequence.first().map_or(self.folded.as_str(), String::as_str);
        folded == whole
            || self.is_open && folded.starts_with(whole)
            || !self.stems.is_empty()
                && languages.iter().any(|of| self.stems.contains(&words::stem(word, Some(*of))))
    }

    /// Whether the words end with this phrase.
    fn ends(&self, words: &[(Range<usize>, String)]) -> bool {
        let n = self.sequence.len();
        n > 1
            && words.len() >= n
            && words[words.len() - n..].iter().zip(&self.sequence).all(|(word, of)| word.1 == *of)
    }
}

/// The first two characters of a word.
fn head(word: &str) -> &str {
    let end = word.char_indices().nth(2).map_or(word.len(), |(at, _)| at);
    &word[..end]
}

/// Where the stretch begins that has the most different terms, and then the most places.
fn best(places: &[Place]) -> Option<usize> {
    let within = |from: usize| {
        let inside = places
            .iter()
            .filter(|place| place.span.start >= from && place.span.end <= from + LENGTH - LEAD);
        let terms: HashSet<usize> = inside.clone().map(|place| place.term).collect();
        (terms.len(), inside.count())
    };
    // A text full of the word needs no better stretch than one of the first.
    let starts = places.iter().take(200).map(|place| place.span.start);
    starts.max_by_key(|from| (within(*from), std::cmp::Reverse(*from)))
}

/// About [`LENGTH`] bytes of a text from a place on, with a little before it, from word to word.
fn window(text: &str, from: usize, lead: usize) -> Range<usize> {
    let boundary = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let from = boundary(from).unwrap_or_default();
    let mut start = boundary(from.saturating_sub(lead)).unwrap_or_default();
    if start > 0 && start < from {
        let skipped = text[start..from].find(char::is_whitespace).map(|at| start + at + 1);
        start = skipped.filter(|start| text.is_char_boundary(*start)).unwrap_or(from);
    }
    start += text[start..].len() - text[start..].trim_start().len();
    let mut end = boundary(start + LENGTH).unwrap_or(text.len()).max(start);
    if end < text.len()
        && let Some(space) = text[start..end].rfind(char::is_whitespace)
        && space > LENGTH / 2
    {
        end = start + space;
    }
    start..start + text[start..end].trim_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::query;

    fn marker(question: &str, languages: &[Language]) -> Marker {
        Marker::new(&query::parse(question).expect("a query"), languages)
    }

    fn marked(question: &str, text: &str) -> Vec<String> {
        let pieces = marker(question, &[Language::German]).snippet(text, None);
        pieces.into_iter().filter(|piece| piece.is_marked).map(|piece| piece.text).collect()
    }

    #[test]
    fn words_are_found_in_all_their_forms() {
        assert_eq!(
            marked("tuning harmoniums ", "She tuned the harmonium."),
            ["tuned", "harmonium"]
        );
        assert_eq!(marked("Haus ", "Die Häuser am Hafen"), ["Häuser"]);
        assert_eq!(marked("cafe ", "Im Café"), ["Café"]);
        assert_eq!(marked("harm", "No harmonium here"), ["harmonium"]);
        assert_eq!(marked("公园", "昨天去公园散步"), ["公园"]);
    }

    #[test]
    fn a_phrase_is_marked_as_a_whole_and_nowhere_else() {
        assert_eq!(marked("\"suction test\"", "A test: the suction test."), ["suction test"]);
    }

    #[test]
    fn the_lines_shown_are_those_with_the_most_words() {
        let text = format!(
            "The pond. {} At the pond the heron stood. {}",
            "Nothing. ".repeat(60),
            "No. ".repeat(99)
        );
        let pieces = marker("pond heron ", &[]).snippet(&text, None);
        let shown: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
        assert!(
            shown.contains("pond the heron") && shown.starts_with('…') && shown.ends_with('…'),
            "{shown}"
        );
        assert!(shown.len() < LENGTH + 10, "{}", shown.len());
    }

    #[test]
    fn without_a_word_the_nearest_passage_is_shown() {
        let text = format!("{}The passage.", "Before. ".repeat(50));
        let pieces = marker("something else ", &[]).snippet(&text, Some((400, 412)));
        assert_eq!(pieces[0].text, "…The passage.");
    }

    #[test]
    fn what_must_not_be_there_is_seen() {
        let marker = marker("pond -herons", &[]);
        assert!(marker.is_unwanted("Two herons") && !marker.is_unwanted("A hero"));
    }

    #[test]
    fn no_text_breaks_a_snippet() {
        for text in [
            "",
            " ",
            "é",
            "\n\n",
            "pond",
            "🙂🙂🙂 pond 🙂",
            &"ä".repeat(1_000),
            &"pond ".repeat(999),
        ] {
            for passage in [None, Some((0, 1)), Some((1, 9_999)), Some((9_999, 10_000))] {
                marker("pond", &[]).snippet(text, passage);
            }
        }
    }
}
