//! Turns what a person typed into terms to look for. Nothing that can be typed is malformed.

use std::collections::HashSet;

use crate::text::{stems, words};

/// Bytes of a question that are read: nobody types more, and what is pasted has said its subject by then.
const LONGEST: usize = 2_000;
/// Terms that are looked for; the rest of a long question adds time and no sense.
const MOST: usize = 12;

/// What is looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Query {
    pub(super) terms: Vec<Term>,
    /// What must not be there.
    pub(super) unwanted: Vec<Term>,
    /// It is a sentence rather than words: it has words that carry no topic, or a question mark. Then a
    /// text need not have most of the words.
    pub(super) is_question: bool,
}

/// A word or a phrase.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    pub(super) text: String,
    /// It stood in quotes: its words stand next to each other, and it must be there.
    pub(super) is_phrase: bool,
    /// It may be unfinished.
    pub(super) is_open: bool,
}

impl Query {
    /// Whether something must be there or must not, word for word.
    pub(super) fn is_strict(&self) -> bool {
        self.terms.iter().any(|term| term.is_phrase)
    }
}

/// Reads a question; `None` if there is no word in it to look for.
///
/// `"in quotes"` is a phrase; `-word` must not be there; the last word also matches its beginning, so that
/// results come while it is typed. Words that carry no topic are left out where there are others.
pub(super) fn parse(text: &str) -> Option<Query> {
    let end = (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    let text = text.get(..end)?;
    let mut query = Query::default();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let is_not = rest.starts_with('-') && rest.len() > 1;
        if is_not {
            rest = &rest[1..];
        }
        let (part, after, is_phrase) = match rest.strip_prefix('"') {
            Some(inside) => match inside.find('"') {
                Some(end) => (&inside[..end], &inside[end + 1..], true),
                None => (inside, "", true),
            },
            None => {
                let end = rest.find(|c: char| c.is_whitespace() || c == '"').unwrap_or(rest.len());
                (&rest[..end], &rest[end..], false)
            }
        };
        rest = after.trim_start();
        if is_not || is_phrase {
            let list = if is_not { &mut query.unwanted } else { &mut query.terms };
            // What has no letter or digit in it, the index does not know.
            if part.chars().any(char::is_alphanumeric) && list.len() < MOST {
                list.push(Term { text: part.into(), is_phrase: true, is_open: false });
            }
            continue;
        }
        let is_last = after.is_empty() && !text.ends_with(char::is_whitespace);
        for word in words::iter(part) {
            let is_open = is_last && word.span.end == part.len();
            query.terms.push(Term { text: plain(word.text).into(), is_phrase: false, is_open });
        }
    }
    let n_before = query.terms.len();
    leave_out(&mut query.terms);
    query.is_question = query.terms.len() < n_before || text.trim_end().ends_with(['?', '？']);
    (!query.terms.is_empty()).then_some(query)
}

/// A word without what stands behind its apostrophe ("Ana's").
fn plain(word: &str) -> &str {
    word.split(['\'', '’']).next().filter(|head| head.chars().count() > 2).unwrap_or(word)
}

/// Leaves out what was said before, and words that carry no topic, unless there are only such.
fn leave_out(terms: &mut Vec<Term>) {
    let mut seen = HashSet::new();
    terms.retain(|term| seen.insert((words::fold(&term.text).into_owned(), term.is_phrase)));
    let is_empty = |term: &Term| {
        let folded = words::fold(&term.text);
        let is_short = folded.len() < 2 && !term.text.contains(stems::is_paired);
        !term.is_phrase && (is_short || words::is_stop_word(&folded, None))
    };
    if !terms.iter().all(is_empty) {
        terms.retain(|term| !is_empty(term));
    }
    terms.truncate(MOST);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        parse(text)
            .map_or_else(Vec::new, |query| query.terms.into_iter().map(|term| term.text).collect())
    }

    #[test]
    fn the_last_word_may_be_unfinished() {
        let is_open =
            |text: &str| parse(text).expect("a query").terms.last().expect("a term").is_open;
        assert!(is_open("bellows clo"));
        assert!(!is_open("bellows cloth "));
        assert!(!is_open("bellows cloth?"));
        assert!(!is_open("\"bellows clo"));
    }

    #[test]
    fn phrases_and_exclusions_are_understood() {
        let query = parse("\"suction test\" -glue").expect("a query");
        assert!(query.is_strict());
        assert_eq!(query.terms[0].text, "suction test");
        assert_eq!(query.unwanted[0].text, "glue");
    }

    #[test]
    fn a_question_is_looked_for_by_the_words_that_carry_its_topic() {
        assert_eq!(
            terms("When did Ilse's brother mend the harmonium?"),
            ["Ilse", "brother", "mend", "harmonium"]
        );
        assert_eq!(terms("the who"), ["the", "who"], "there is nothing else");
    }

    #[test]
    fn a_word_that_is_said_twice_is_looked_for_once() {
        assert_eq!(terms("Pond pond POND "), ["Pond"]);
    }

    #[test]
    fn a_sentence_without_spaces_is_cut_into_words() {
        assert!(terms("昨天去公园散步了吗").len() >= 2);
    }

    #[test]
    fn what_has_no_word_is_no_query() {
        for typed in ["", " ", "\"", "-", "--", "(((", "🙂", "\"\"", "*"] {
            assert_eq!(parse(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn a_pasted_page_is_read_at_its_beginning() {
        let page: String = (0..5_000).map(|n| format!("wort{n}ä ")).collect();
        assert_eq!(terms(&page).len(), MOST);
    }
}
