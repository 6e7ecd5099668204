//! Finds the words a text is about, in the form of tags a person would choose.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::{
    corpus::Corpus,
    language::Language,
    markdown, sentences,
    words::{self, Word},
};

/// A word or phrase that a text is about.
#[derive(Debug, Clone, PartialEq)]
pub struct Keyphrase {
    /// As a person reads it: "Search engine".
    pub text: String,
    /// As a tag: folded, in kebab-case, English plurals in the singular: "search-engine".
    pub key: String,
    /// Higher is better; comparable only within one text. The best phrase of a text has 1.0.
    pub score: f32,
}

/// Words of a phrase at most.
const LONGEST: usize = 3;
/// Words looked at: what a very long text is about has been said by then.
const ENOUGH_WORDS: usize = 20_000;

/// The `limit` best phrases of `text`, best first.
///
/// Candidates are one to three neighbouring words between function words and punctuation, as in RAKE
/// (Rose et al. 2010). Their score is that of their words, frequency × inverse document frequency in
/// `corpus`, raised for phrases, for what stands early (as in YAKE, Campos et al. 2020), for what is
/// repeated, and for what the person marked with `#` or `[[…]]`. An empty corpus works.
#[must_use]
pub fn extract(
    text: &str,
    language: Option<Language>,
    corpus: &Corpus,
    limit: usize,
) -> Vec<Keyphrase> {
    let prose = markdown::prose(text);
    let candidates = Reader::read(&prose, text, language);
    let mut ranked = candidates.rank(corpus);
    // Down to the place in the text, so that equals come in the same order on every run.
    ranked.sort_by(|a, b| {
        let place = |ranked: &Ranked| (ranked.first, ranked.at, ranked.stems.len());
        b.score.total_cmp(&a.score).then(place(a).cmp(&place(b)))
    });
    choose(&ranked, &candidates, limit)
}

struct Token<'a> {
    word: Word<'a>,
    stem: String,
    may_bound: bool,
    /// Weak by itself, but a noun behind another: "canal run".
    may_close: bool,
}

struct Candidate<'a> {
    /// Stems of the words, the identity of the candidate.
    stems: Vec<String>,
    /// The first place it stands, with its words.
    words: Vec<&'a str>,
    is_hyphenated: bool,
    count: u32,
    /// Number of the first sentence it stands in.
    first: usize,
    /// Byte at which it stands there.
    at: usize,
    is_marked: bool,
    starts_sentence: bool,
    /// How often its last word has a capital that is not that of a sentence.
    n_capitals: u32,
    /// A name with something else behind it: "Jonas phones".
    is_mixed: bool,
}

#[derive(Default)]
struct Reader<'a> {
    candidates: HashMap<Vec<String>, Candidate<'a>>,
    stems: HashMap<String, u32>,
    lower: HashSet<String>,
    language: Option<Language>,
    n_words: usize,
}

struct Ranked {
    stems: Vec<String>,
    score: f32,
    first: usize,
    at: usize,
}

impl<'a> Reader<'a> {
    fn read(prose: &'a str, text: &str, language: Option<Language>) -> Self {
        let mut reader = Self { language, ..Self::default() };
        for (number, span) in sentences::split_prose(prose, text, language).into_iter().enumerate()
        {
            reader.sentence(&prose[span.clone()], &text[..span.end], span.start, number);
            if reader.n_words > ENOUGH_WORDS {
                break;
            }
        }
        reader
    }

    fn sentence(&mut self, sentence: &'a str, text: &str, at: usize, number: usize) {
        let mut run: Vec<Token<'a>> = Vec::new();
        let mut end = 0;
        for word in words::iter(sentence) {
            self.n_words += 1;
            let between = &text[at + end..at + word.span.start];
            let begins = end == 0;
            if end > 0 && divides(between) {
                self.flush(&mut run, text, at, number);
            }
            end = word.span.end;
            let folded = words::fold(word.text).into_owned();
            if word.text.starts_with(char::is_lowercase) {
                self.lower.insert(folded.clone());
            }
            if is_divider(&folded, &word, self.language) {
                self.flush(&mut run, text, at, number);
                continue;
            }
            let stem = words::stem(word.text, self.language);
            *self.stems.entry(stem.clone()).or_default() += 1;
            let in_title = !begins
                && word.is_capitalised()
                && run.last().is_some_and(|last| last.word.is_capitalised());
            let may_bound = in_title || !is_weak(&folded, &word, begins, self.language);
            let may_close = may_bound || NOUNS_TOO.contains(&folded.as_str());
            run.push(Token { word, stem, may_bound, may_close });
        }
        self.flush(&mut run, text, at, number);
    }

    /// Counts every candidate in a run of words that no punctuation and no function word divides.
    fn flush(&mut self, run: &mut Vec<Token<'a>>, text: &str, at: usize, number: usize) {
        let unspaced = self.language.is_some_and(Language::is_unspaced);
        let longest = if unspaced { 2 } else { LONGEST };
        for from in 0..run.len() {
            for len in 1..=longest.min(run.len() - from) {
                let tokens = &run[from..from + len];
                if tokens[0].may_bound
                    && (tokens[len - 1].may_bound || (len > 1 && tokens[len - 1].may_close))
                {
                    self.count(tokens, text, at, number);
                }
            }
        }
        run.clear();
    }

    fn count(&mut self, tokens: &[Token<'a>], text: &str, at: usize, number: usize) {
        let (first, last) = (&tokens[0], &tokens[tokens.len() - 1]);
        let stems: Vec<String> = tokens.iter().map(|token| token.stem.clone()).collect();
        let before = &text.as_bytes()[..at + first.word.span.start];
        let is_marked = before.ends_with(b"#") || before.ends_with(b"[[");
        let starts_sentence = first.word.span.start == 0;
        let n_capitals =
            u32::from(last.word.is_capitalised() && !(starts_sentence && tokens.len() == 1));
        let is_hyphenated = tokens.windows(2).any(|pair| {
            text.as_bytes().get(at + pair[0].word.span.end) == Some(&b'-')
                && pair[0].word.span.end + 1 == pair[1].word.span.start
        });
        let candidate = self.candidates.entry(stems.clone()).or_insert_with(|| Candidate {
            stems,
            words: tokens.iter().map(|token| token.word.text).collect(),
            is_hyphenated,
            count: 0,
            first: number,
            at: at + first.word.span.start,
            is_marked: false,
            starts_sentence,
            n_capitals: 0,
            is_mixed: first.word.is_capitalised()
                && !last.word.is_capitalised()
                && !starts_sentence
                && !first.word.text.chars().all(char::is_uppercase),
        });
        candidate.count += 1;
        candidate.is_marked |= is_marked;
        candidate.n_capitals += n_capitals;
    }

    fn rank(&self, corpus: &Corpus) -> Vec<Ranked> {
        self.candidates
            .values()
            .map(|candidate| Ranked {
                stems: candidate.stems.clone(),
                score: self.score(candidate, corpus),
                first: candidate.first,
                at: candidate.at,
            })
            .collect()
    }

    fn score(&self, candidate: &Candidate<'_>, corpus: &Corpus) -> f32 {
        let len = candidate.stems.len() as f32;
        let words: f32 = candidate
            .stems
            .iter()
            .map(|stem| {
                let tf = self.stems.get(stem).copied().unwrap_or(1) as f32;
                corpus.idf(stem) * (1.0 + tf.ln())
            })
            .sum();
        // English writes its compounds apart, so there the sum over the words counts nearly whole.
        let power = if self.language == Some(Language::English) { 0.15 } else { 0.5 };
        let mut score = words / len.powf(power);
        score *= 1.0 + 0.4 * (candidate.count as f32).ln();
        score *= 1.0 + 0.4 / (1.0 + candidate.first as f32 / 3.0);
        if candidate.is_marked {
            score *= 2.0;
        }
        if candidate.is_mixed {
            score *= 0.6;
        }
        let share = candidate.n_capitals as f32 / candidate.count as f32;
        score *= match self.language {
            // A German phrase that does not end in a noun is no tag.
            Some(Language::German) if candidate.starts_sentence => 0.8,
            Some(Language::German) => 0.25 + 0.75 * share,
            Some(Language::English) if candidate.looks_verbal() => 0.6,
            _ => 1.0 + 0.2 * share,
        };
        score
    }
}

/// Whether what stands between two words ends a phrase. Emphasis does not, a link's border does.
fn divides(between: &str) -> bool {
    between.contains("--")
        || between.chars().any(|c| !c.is_whitespace() && !matches!(c, '-' | '*' | '_' | '~' | '='))
}

impl Candidate<'_> {
    /// A lone English word in -ed or -ing is more often a verb than a topic, and so is one in -ed
    /// behind another: "lock expired".
    fn looks_verbal(&self) -> bool {
        self.n_capitals == 0
            && match self.words[..] {
                [word] => word.ends_with("ed") || word.ends_with("ing"),
                _ => self.words[1..].iter().any(|word| word.ends_with("ed") && word.len() > 4),
            }
    }
}

/// Keeps the best, and of overlapping phrases the better one.
fn choose(ranked: &[Ranked], reader: &Reader<'_>, limit: usize) -> Vec<Keyphrase> {
    let best = ranked.first().map_or(1.0, |first| first.score).max(f32::EPSILON);
    let mut chosen: Vec<&Ranked> = Vec::new();
    let mut keys = HashSet::new();
    let mut phrases = Vec::new();
    for candidate in ranked {
        if phrases.len() >= limit {
            break;
        }
        if chosen.iter().any(|other| overlaps(&candidate.stems, &other.stems)) {
            continue;
        }
        let Some(found) = reader.candidates.get(&candidate.stems) else { continue };
        let key = key_of(found, reader.language);
        if key.is_empty() || !keys.insert(key.clone()) {
            continue;
        }
        chosen.push(candidate);
        phrases.push(Keyphrase { text: shown(found, reader), key, score: candidate.score / best });
    }
    phrases
}

fn overlaps(stems: &[String], chosen: &[String]) -> bool {
    let (short, long) = if stems.len() < chosen.len() { (stems, chosen) } else { (chosen, stems) };
    let shared = short.iter().filter(|stem| long.contains(stem)).count();
    shared == short.len() || (shared >= 2 && short.len() == LONGEST)
}

fn shown(candidate: &Candidate<'_>, reader: &Reader<'_>) -> String {
    let unspaced = reader.language.is_some_and(Language::is_unspaced);
    let joint = if unspaced {
        ""
    } else if candidate.is_hyphenated {
        "-"
    } else {
        " "
    };
    let mut words: Vec<String> = candidate.words.iter().map(|word| (*word).to_owned()).collect();
    // The capital of a sentence's first word is the sentence's.
    let first = &words[0];
    let is_acronym = first.chars().skip(1).any(char::is_uppercase);
    let others_lower = words.len() > 1 && words[1].starts_with(char::is_lowercase);
    if candidate.starts_sentence
        && !is_acronym
        && reader.language != Some(Language::German)
        && (others_lower || reader.lower.contains(words::fold(first).as_ref()))
    {
        words[0] = first.to_lowercase();
    }
    words.join(joint)
}

fn key_of(candidate: &Candidate<'_>, language: Option<Language>) -> String {
    let unspaced = language.is_some_and(Language::is_unspaced);
    let mut parts: Vec<String> = candidate
        .words
        .iter()
        .map(|word| words::fold(word).replace(['\'', '.', ',', ':'], ""))
        .filter(|word| !word.is_empty())
        .collect();
    // A name or a tag of the person's own is not made singular.
    if language == Some(Language::English)
        && !candidate.is_marked
        && candidate.n_capitals == 0
        && let Some(last) = parts.last_mut()
    {
        *last = singular(last);
    }
    parts.join(if unspaced { "" } else { "-" })
}

/// The singular of a regular English plural.
fn singular(word: &str) -> String {
    let is_plural = word.len() > 3
        && word.ends_with('s')
        && !["ss", "us", "is", "ics", "news", "series"].iter().any(|end| word.ends_with(end));
    if !is_plural {
        return word.to_owned();
    }
    let stem = &word[..word.len() - 1];
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return format!("{stem}y");
    }
    if ["ches", "shes", "sses", "xes", "zes"].iter().any(|end| word.ends_with(end)) {
        return word[..word.len() - 2].to_owned();
    }
    stem.to_owned()
}

/// Function words and bare numbers divide phrases.
fn is_divider(folded: &str, word: &Word<'_>, language: Option<Language>) -> bool {
    words::is_stop_word(folded, language)
        || (language.is_some_and(Language::is_unspaced) && folded.chars().count() == 1)
        || (word.is_number() && !word.text.chars().any(char::is_alphabetic))
}

/// Words that may stand inside a phrase but make no topic at its edge.
fn is_weak(folded: &str, word: &Word<'_>, begins: bool, language: Option<Language>) -> bool {
    let unspaced = word.text.starts_with(|c: char| c as u32 >= 0x2e80);
    let letters = folded.chars().count();
    if letters < if unspaced { 2 } else { 3 } {
        // "AI" and "3D" are topics, "am" and "ha" are not.
        return !(letters == 2 && word.text.chars().all(|c| c.is_uppercase() || c.is_numeric()));
    }
    // Hashes and identifiers.
    if letters > 6 && folded.contains(|c: char| c.is_ascii_digit()) {
        return true;
    }
    let listed = match language {
        Some(Language::German) => WEAK_GERMAN.contains(folded),
        Some(Language::English) => WEAK_ENGLISH.contains(folded),
        _ => WEAK_ENGLISH.contains(folded) || WEAK_GERMAN.contains(folded),
    };
    let adverb = language == Some(Language::English)
        && folded.len() > 5
        && folded.ends_with("ly")
        && (begins || !word.is_capitalised());
    listed
        || adverb
        || folded.contains('\'') && language == Some(Language::English) && !folded.ends_with("'s")
}

/// English words on the weak list that make a topic with a word before them.
const NOUNS_TOO: [&str; 45] = [
    "run",
    "walk",
    "talk",
    "call",
    "calls",
    "play",
    "sleep",
    "drink",
    "read",
    "move",
    "work",
    "change",
    "changes",
    "report",
    "study",
    "offer",
    "date",
    "day",
    "days",
    "night",
    "week",
    "year",
    "morning",
    "evening",
    "afternoon",
    "weekend",
    "time",
    "number",
    "place",
    "part",
    "type",
    "set",
    "idea",
    "problem",
    "question",
    "questions",
    "meeting",
    "meetings",
    "writing",
    "reading",
    "feeling",
    "result",
    "results",
    "point",
    "form",
];

type Words = LazyLock<HashSet<&'static str>>;
static WEAK_ENGLISH: Words =
    LazyLock::new(|| include_str!("lexicon/weak.en.txt").split_whitespace().collect());
static WEAK_GERMAN: Words =
    LazyLock::new(|| include_str!("lexicon/weak.de.txt").split_whitespace().collect());

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str, language: Language, limit: usize) -> Vec<String> {
        extract(text, Some(language), &Corpus::new(), limit).into_iter().map(|k| k.key).collect()
    }

    const DAY: &str = "Long day. Worked on the grant letter with Mira until four, then a canal run in \
                       the rain. The new search engine for the archive still crashes on large files; \
                       Jonas thinks it's the tokenizer. Felt good about the grant letter though.";

    #[test]
    fn tags_are_what_a_person_would_choose() {
        let keys = keys(DAY, Language::English, 6);
        assert_eq!(keys[0], "grant-letter");
        for key in ["canal-run", "search-engine"] {
            assert!(keys.iter().any(|found| found.contains(key)), "{key} in {keys:?}");
        }
        for key in keys {
            assert!(
                !["day", "four", "good", "felt-good", "long-day"].contains(&key.as_str()),
                "{key}"
            );
        }
    }

    #[test]
    fn german_tags_are_nouns() {
        let text = "Heute lange am Förderantrag gesessen. Danach mit Jonas am Kanal spazieren gegangen, \
                    es war kalt. Abends noch die Suchmaschine repariert.";
        let keys = keys(text, Language::German, 4);
        assert_eq!(keys[0], "forderantrag");
        assert!(keys.contains(&"kanal".to_owned()) && keys.contains(&"suchmaschine".to_owned()));
    }

    #[test]
    fn unspaced_scripts_have_tags() {
        let keys = keys(
            "今天下午和小林去公园散步,聊了毕业论文的事情。继续写毕业论文。",
            Language::Chinese,
            3,
        );
        assert_eq!(keys[0], "毕业论文");
    }

    #[test]
    fn what_the_person_marked_comes_first() {
        let text = "Read the report about the harbour. Then the budget. See #tideways";
        assert_eq!(keys(text, Language::English, 1), ["tideways"]);
    }

    #[test]
    fn a_rare_word_of_the_journal_beats_its_everyday_words() {
        let mut corpus = Corpus::new();
        for _ in 0..50 {
            corpus.add("coffee and breakfast", Some(Language::English));
        }
        let text = "coffee, breakfast, glacier";
        let best = extract(text, Some(Language::English), &corpus, 1);
        assert_eq!(best[0].key, "glacier");
    }

    #[test]
    fn plurals_share_a_key() {
        for (word, expected) in [
            ("engines", "engine"),
            ("stories", "story"),
            ("boxes", "box"),
            ("glass", "glass"),
            ("news", "news"),
            ("bus", "bus"),
            ("physics", "physics"),
            ("cats", "cat"),
        ] {
            assert_eq!(singular(word), expected);
        }
    }

    #[test]
    fn code_and_addresses_are_no_tags() {
        let found = keys(
            "See https://example.org/harbour\n```\nlet harbour = 1;\n```",
            Language::English,
            9,
        );
        assert!(found.is_empty(), "{found:?}");
    }
}
