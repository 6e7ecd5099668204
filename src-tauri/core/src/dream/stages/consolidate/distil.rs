//! One text for several that say the same, without a model: their sentences, each once, in the order in
//! which they were first written.

use std::collections::BTreeSet;

use rusqlite::Connection;

use crate::{
    Result,
    consolidation::{self, Unit},
    mind::budget,
    text::{
        clean,
        duplicates::Shingles,
        language::{self, Language},
        secrets, sentences, words,
    },
};

/// The least share of shingles by which a sentence is the same as an earlier one, if their numbers and
/// their "not" are the same, too.
const SAME_SENTENCE: f32 = 0.66;
/// Earlier sentences that one is held against.
const MOST_BACK: usize = 400;
/// Characters of a text that stands for others.
const MOST: usize = 20_000;
const NEGATIONS: &[&str] =
    &["not", "no", "never", "nicht", "kein", "keine", "keinen", "nie", "don't", "isn't", "doesn't"];

/// What several texts come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Distilled {
    pub(super) text: String,
    pub(super) tokens_before: u32,
    /// The code of the language; empty where nobody can say.
    pub(super) language: String,
    /// Whether the texts differ in a number.
    pub(super) has_other_figures: bool,
    pub(super) had_secrets: bool,
}

impl Distilled {
    /// Of these units, in their order.
    pub(super) fn of(reader: &Connection, units: &[&Unit]) -> Result<Self> {
        let mut bodies = Vec::with_capacity(units.len());
        for unit in units {
            bodies.push(consolidation::body(reader, unit)?);
        }
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        Ok(Self::of_texts(&bodies))
    }

    pub(super) fn of_texts(bodies: &[&str]) -> Self {
        let language = bodies.iter().find_map(|body| language::detect(body, None));
        let figures: BTreeSet<BTreeSet<String>> = bodies.iter().map(|body| marks(body).0).collect();
        let mut taken: Vec<Taken> = Vec::new();
        let mut told = String::new();
        for body in bodies {
            let mut end = None;
            for span in sentences::split(body, language) {
                let gap = end.and_then(|end| body.get(end..span.start));
                let is_new_line = gap.is_none_or(|gap| gap.contains('\n'));
                end = Some(span.end);
                let Some(sentence) = body.get(span) else { continue };
                let one = Taken::new(sentence);
                if taken.iter().rev().take(MOST_BACK).any(|other| other.says(&one)) {
                    continue;
                }
                if !told.is_empty() {
                    told.push(if is_new_line { '\n' } else { ' ' });
                }
                told.push_str(sentence.trim());
                taken.push(one);
            }
        }
        let scrubbed = secrets::scrub(&clean::visible(&told));
        let text = if scrubbed.text.chars().count() > MOST {
            clean::cut(&scrubbed.text, MOST)
        } else {
            scrubbed.text
        };
        Self {
            text,
            tokens_before: bodies.iter().map(|body| budget::tokens(body)).sum(),
            language: language
                .map_or_else(String::new, |language: Language| language.code().to_owned()),
            has_other_figures: figures.len() > 1,
            had_secrets: scrubbed.n_removed > 0,
        }
    }
}

/// A sentence that is in the text already.
struct Taken {
    shingles: Shingles,
    marks: (BTreeSet<String>, bool),
}

impl Taken {
    fn new(sentence: &str) -> Self {
        Self { shingles: Shingles::of(sentence), marks: marks(sentence) }
    }

    fn says(&self, other: &Self) -> bool {
        // Signs without words are nothing to tell twice.
        let is_bare = other.shingles.n_words == 0;
        is_bare
            || self.marks == other.marks
                && self.shingles.similarity(&other.shingles) >= SAME_SENTENCE
    }
}

/// The numbers of a text, and whether it denies.
fn marks(text: &str) -> (BTreeSet<String>, bool) {
    let mut figures = BTreeSet::new();
    let mut denies = false;
    for word in words::iter(text) {
        if word.is_number() {
            figures.insert(word.text.to_owned());
        }
        denies |= NEGATIONS.contains(&words::fold(word.text).as_ref());
    }
    (figures, denies)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: &str = "We walked along the canal until the rain came. The lock was shut.";

    #[test]
    fn a_sentence_that_two_texts_have_is_told_once_in_the_order_of_writing() {
        let second =
            "The lock was shut. Ilse laughed.\nWe walked along the canal until the rain came!";
        let told = Distilled::of_texts(&[FIRST, second]);
        assert_eq!(told.text, format!("{FIRST} Ilse laughed."));
        assert!(budget::tokens(&told.text) < told.tokens_before);
    }

    #[test]
    fn a_touched_up_sentence_is_told_once_but_not_where_a_number_or_a_not_differs() {
        let texts = |a: &str, b: &str| Distilled::of_texts(&[a, b]).text;
        let long =
            "Hester glued the torn reeds of the old harmonium in the barn by the lake yesterday.";
        assert_eq!(texts(long, &long.replace("torn", "split")), long);
        let (three, four) =
            ("We bought 3 reeds for the harmonium.", "We bought 4 reeds for the harmonium.");
        assert_eq!(texts(three, four), format!("{three}\n{four}"));
        let (is, not) = (
            "The harmonium in the barn is in tune now.",
            "The harmonium in the barn is not in tune now.",
        );
        assert_eq!(texts(is, not), format!("{is}\n{not}"));
    }

    #[test]
    fn a_secret_is_in_no_distillate() {
        let told = Distilled::of_texts(&["The router in the barn: password=tulip7 as ever."]);
        assert!(told.had_secrets && !told.text.contains("tulip7"), "{told:?}");
    }

    #[test]
    fn of_code_alone_nothing_is_told() {
        assert_eq!(Distilled::of_texts(&["```\nlet x = 1;\n```"]).text, "");
    }
}
