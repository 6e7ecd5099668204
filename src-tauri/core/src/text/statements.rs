//! Finds plain statements ("Ilse eats no meat", "the rehearsal is on Tuesday") and tells whether two of
//! them can both be true. English and German; in other languages nothing is found.
//!
//! What is kept of a statement are numbers made of its words and its place, so that it can be stored
//! without a word of it.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{
    embed, language, markdown, sentences,
    words::{self, Word},
};

/// Words of a sentence above which it says more than one thing.
const MOST_WORDS: usize = 30;
/// Words of a subject.
const MOST_SUBJECT: usize = 6;
/// Of the words that two statements say of their subject, the share of the shorter that must be the same
/// before one can be the opposite of the other.
const SAME_TOPIC: f32 = 0.5;

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statement {
    /// The sentence, in bytes of the text.
    pub span: Range<usize>,
    /// Of whom what is said: statements with different keys have nothing to do with each other.
    pub key: u64,
    /// Whether its subject is whoever wrote it.
    pub is_own: bool,
    /// Whether it denies.
    pub is_negated: bool,
    /// Whether it says that something has changed: "now", "no longer", "moved".
    pub has_cue: bool,
    /// What is said beside the facts, sorted.
    topic: Vec<u32>,
    /// Numbers, days and places, sorted.
    facts: Vec<Fact>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
enum Kind {
    Number,
    Date,
    Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Fact(Kind, u32);

/// Why two statements cannot both be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conflict {
    /// One denies what the other says.
    Negation,
    /// Another number.
    Number,
    /// Another day or month.
    Date,
    /// Another place.
    Place,
}

impl Conflict {
    /// Its word in a list of reasons.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Negation => "negation",
            Self::Number => "number_changed",
            Self::Date => "date_changed",
            Self::Place => "place_changed",
        }
    }
}

/// Verbs that say how something is, by class; the first of a class names it.
const VERBS: &[&[&str]] = &[
    &["is", "are", "am", "ist", "sind", "bin"],
    &[
        "lives",
        "live",
        "living",
        "moved",
        "moves",
        "wohnt",
        "wohne",
        "wohnen",
        "lebt",
        "lebe",
        "zog",
        "zieht",
        "umgezogen",
    ],
    &["works", "work", "arbeitet", "arbeite", "arbeiten"],
    &["eats", "eat", "isst", "esse", "essen"],
    &["drinks", "drink", "trinkt", "trinke", "trinken"],
    &["likes", "like", "loves", "love", "mag", "liebt", "liebe", "mogen"],
    &["smokes", "smoke", "raucht", "rauche"],
    &["meets", "meet", "trifft", "treffen"],
    &["starts", "start", "begins", "begin", "beginnt", "beginne", "startet"],
    &["ends", "end", "endet"],
    &["costs", "cost", "kostet", "kosten"],
    &["weighs", "weigh", "wiegt", "wiege"],
    &["has", "have", "owns", "own", "hat", "habe", "haben", "besitzt"],
    &["plays", "play", "spielt", "spiele"],
    &["uses", "use", "benutzt", "benutze", "nutzt"],
    &["speaks", "speak", "spricht", "spreche"],
    &["takes", "take", "nimmt", "nehme"],
];
const HELPERS: &[&str] = &["do", "does", "don't", "doesn't"];
const NEGATIONS: &[&str] = &[
    "not", "no", "never", "nobody", "nothing", "don't", "doesn't", "isn't", "aren't", "hasn't",
    "haven't", "cannot", "can't", "nicht", "kein", "keine", "keinen", "keinem", "keiner", "nie",
    "niemals", "nichts",
];
const CUES: &[&str] = &[
    "now",
    "instead",
    "anymore",
    "longer",
    "moved",
    "meanwhile",
    "changed",
    "since",
    "newly",
    "jetzt",
    "nun",
    "stattdessen",
    "mehr",
    "inzwischen",
    "mittlerweile",
    "umgezogen",
    "seitdem",
    "neuerdings",
    "verschoben",
    "zog",
];
/// What is asked, wished or thought of is no statement.
const DOUBTS: &[&str] = &[
    "if",
    "whether",
    "would",
    "could",
    "might",
    "may",
    "maybe",
    "perhaps",
    "should",
    "hope",
    "wish",
    "think",
    "imagine",
    "dreamt",
    "said",
    "says",
    "wenn",
    "falls",
    "ob",
    "vielleicht",
    "wurde",
    "konnte",
    "sollte",
    "hoffe",
    "glaube",
    "denke",
    "sagt",
    "sagte",
];
const OWN: &[&str] = &["i", "ich"];
/// Nobody knows of whom they speak.
const NOBODY: &[&str] = &[
    "he",
    "she",
    "it",
    "we",
    "they",
    "you",
    "this",
    "that",
    "there",
    "what",
    "who",
    "which",
    "these",
    "those",
    "here",
    "er",
    "sie",
    "es",
    "wir",
    "ihr",
    "du",
    "das",
    "dies",
    "dort",
    "hier",
    "was",
    "wer",
    "man",
    "everything",
    "alles",
    "someone",
    "jemand",
];
const PLACES_FOLLOW: &[&str] = &["in", "to", "at", "near", "nach", "bei"];
const DATES: &[&[&str]] = &[
    &["monday", "mondays", "montag", "montags"],
    &["tuesday", "tuesdays", "dienstag", "dienstags"],
    &["wednesday", "wednesdays", "mittwoch", "mittwochs"],
    &["thursday", "thursdays", "donnerstag", "donnerstags"],
    &["friday", "fridays", "freitag", "freitags"],
    &["saturday", "saturdays", "samstag", "samstags", "sonnabend"],
    &["sunday", "sundays", "sonntag", "sonntags"],
    &["january", "januar"],
    &["february", "februar"],
    &["march", "marz"],
    &["april"],
    &["june", "juni"],
    &["july", "juli"],
    &["august"],
    &["september"],
    &["october", "oktober"],
    &["november"],
    &["december", "dezember"],
];

/// The statements of a text, in order.
#[must_use]
pub fn find(text: &str) -> Vec<Statement> {
    let prose = markdown::prose(text);
    let lower = prose.to_lowercase();
    // Most texts state nothing: finding the sentences costs more than seeing that.
    if !words::iter(&lower).any(|word| class(&words::fold(word.text)).is_some()) {
        return Vec::new();
    }
    let language = language::detect(&prose, None);
    sentences::split(text, language).into_iter().filter_map(|span| statement(text, span)).collect()
}

/// Why `later` and `earlier` cannot both be true; `None` where they can, or where nobody can say. That a
/// day, a number or a place is another one is only a contradiction where the later one says that
/// something has changed: there may be two rehearsals.
#[must_use]
pub fn conflict(earlier: &Statement, later: &Statement) -> Option<Conflict> {
    if earlier.key != later.key || earlier.is_own != later.is_own {
        return None;
    }
    if earlier.is_negated != later.is_negated {
        let all = |one: &Statement| -> Vec<u32> {
            let facts = one.facts.iter().map(|Fact(kind, value)| value ^ (*kind as u32 + 1));
            one.topic.iter().copied().chain(facts).collect()
        };
        let (a, b) = (all(earlier), all(later));
        let fewer = a.len().min(b.len());
        let shared = a.iter().filter(|word| b.contains(word)).count();
        let is_same = fewer > 0 && shared as f32 >= SAME_TOPIC * fewer as f32;
        return is_same.then_some(Conflict::Negation);
    }
    if later.is_negated || !later.has_cue {
        return None;
    }
    let has_other_topic = !earlier.topic.is_empty()
        && !later.topic.is_empty()
        && !earlier.topic.iter().any(|word| later.topic.contains(word));
    if has_other_topic {
        return None;
    }
    [(Kind::Place, Conflict::Place), (Kind::Date, Conflict::Date), (Kind::Number, Conflict::Number)]
        .into_iter()
        .find(|(kind, _)| {
            let of = |one: &Statement| -> Vec<Fact> {
                one.facts.iter().filter(|fact| fact.0 == *kind).copied().collect()
            };
            let (a, b) = (of(earlier), of(later));
            !a.is_empty() && !b.is_empty() && !a.iter().any(|fact| b.contains(fact))
        })
        .map(|(_, conflict)| conflict)
}

fn statement(text: &str, span: Range<usize>) -> Option<Statement> {
    let sentence = text.get(span.clone())?;
    let plain = sentence.replace('’', "'");
    if plain.trim_end().ends_with(['?', ':']) {
        return None;
    }
    let all: Vec<(Word<'_>, String)> = words::iter(&plain)
        .map(|word| (word.clone(), words::fold(word.text).into_owned()))
        .collect();
    let is = |list: &[&str], folded: &str| list.contains(&folded);
    if !(3..=MOST_WORDS).contains(&all.len()) || all.iter().any(|(_, f)| is(DOUBTS, f)) {
        return None;
    }
    let (at, class) = all
        .iter()
        .enumerate()
        .skip(1)
        .take(MOST_SUBJECT + 2)
        .find_map(|(n, (_, folded))| Some((n, class(folded)?)))?;
    let is_said =
        |folded: &str| !is(HELPERS, folded) && !is(NEGATIONS, folded) && !is(CUES, folded);
    let before: Vec<&str> =
        all[..at].iter().map(|(_, f)| f.as_str()).filter(|f| is_said(f)).collect();
    if before.iter().any(|word| is(NOBODY, word)) {
        return None;
    }
    let is_own = before == OWN[..1] || before == OWN[1..];
    // Nothing is stemmed, and no list is of one language: of one sentence nobody knows its language for
    // sure, and the same words must give the same numbers.
    let mut subject: Vec<&str> =
        before.iter().filter(|word| !words::is_stop_word(word, None)).copied().collect();
    if !is_own && (subject.is_empty() || subject.len() > MOST_SUBJECT) {
        return None;
    }
    subject.sort_unstable();
    let (mut topic, mut facts) = (Vec::new(), Vec::new());
    for (n, (word, folded)) in all.iter().enumerate().skip(at + 1) {
        if let Some(fact) = fact(&all, n) {
            facts.push(fact);
        } else if is_said(folded) && !words::is_stop_word(folded, None) && !word.is_number() {
            topic.push(short(folded));
        }
    }
    topic.sort_unstable();
    topic.dedup();
    facts.sort_unstable();
    facts.dedup();
    if topic.is_empty() && facts.is_empty() {
        return None;
    }
    let named = if is_own { String::new() } else { subject.join(" ") };
    let key = embed::mix(embed::hash(named.as_bytes()) ^ (class as u64 + 1));
    let is_negated = all.iter().any(|(_, f)| is(NEGATIONS, f));
    let has_cue = all.iter().any(|(_, f)| is(CUES, f));
    Some(Statement { span, key, is_own, is_negated, has_cue, topic, facts })
}

/// The class of a verb, also of one that denies ("isn't").
fn class(folded: &str) -> Option<usize> {
    let verb = folded.strip_suffix("n't").unwrap_or(folded);
    VERBS.iter().position(|verbs| verbs.contains(&verb))
}

fn fact(all: &[(Word<'_>, String)], n: usize) -> Option<Fact> {
    let (word, folded) = &all[n];
    if let Some(day) = DATES.iter().position(|names| names.contains(&folded.as_str())) {
        return Some(Fact(Kind::Date, u32::try_from(day).unwrap_or(u32::MAX)));
    }
    if word.is_number() {
        return Some(Fact(Kind::Number, short(folded)));
    }
    let follows = |n: usize| PLACES_FOLLOW.contains(&all[n].1.as_str());
    let is_place = word.is_capitalised() && n > 0 && follows(n - 1);
    is_place.then(|| Fact(Kind::Place, short(folded)))
}

fn short(word: &str) -> u32 {
    (embed::hash(word.as_bytes()) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> Statement {
        let found = find(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found.into_iter().next().expect("one")
    }

    fn between(earlier: &str, later: &str) -> Option<Conflict> {
        conflict(&one(earlier), &one(later))
    }

    #[test]
    fn what_is_denied_contradicts_what_was_said() {
        for (a, b) in [
            ("Ilse eats meat.", "Ilse no longer eats meat."),
            ("Ilse isst Fleisch.", "Ilse isst kein Fleisch mehr."),
            ("I like the choir in the old barn.", "I don't like the choir."),
            ("The harmonium is broken.", "The harmonium isn't broken."),
        ] {
            assert_eq!(between(a, b), Some(Conflict::Negation), "{a} / {b}");
        }
    }

    #[test]
    fn another_day_number_or_place_contradicts_where_something_changed() {
        for (a, b, conflict) in [
            ("Tomas lives in Porto.", "Tomas moved to Lisbon.", Conflict::Place),
            (
                "The rehearsal is on Tuesday.",
                "The rehearsal is on Wednesday instead.",
                Conflict::Date,
            ),
            ("The rent is 900 euros.", "The rent is now 980 euros.", Conflict::Number),
            ("Tomas wohnt in Graz.", "Tomas wohnt jetzt in Linz.", Conflict::Place),
        ] {
            assert_eq!(between(a, b), Some(conflict), "{a} / {b}");
        }
    }

    #[test]
    fn what_can_both_be_is_left_alone() {
        for (a, b) in [
            ("The rehearsal is on Tuesday.", "The rehearsal is on Friday."),
            ("Ilse eats meat.", "Ilse doesn't eat mushrooms."),
            ("Ilse lives in Porto.", "Tomas moved to Lisbon."),
            ("Ilse is tired of the rain.", "Ilse is now glad of the sun."),
            ("Ilse has 2 cats.", "Ilse has now 3 harmoniums."),
        ] {
            assert_eq!(between(a, b), None, "{a} / {b}");
        }
    }

    #[test]
    fn questions_doubts_and_what_is_said_of_nobody_are_no_statements() {
        for text in [
            "Is Ilse in Porto now?",
            "Maybe Ilse lives in Porto.",
            "He lives in Porto.",
            "Tomas said Ilse lives in Porto.",
            "```\nIlse is in Porto now\n```",
            "Rowed to the heron island and baked bread.",
            "",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }

    #[test]
    fn a_statement_names_its_sentence() {
        let text = "Slept badly. Tomas moved to Lisbon. It rained.";
        assert_eq!(&text[one(text).span], "Tomas moved to Lisbon.");
    }
}
