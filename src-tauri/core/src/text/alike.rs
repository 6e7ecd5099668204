//! Which tags are spellings of one subject.
//!
//! Tags are compared word by word. Two words are one where
//! - they fold to the same letters ("Café", "cafe"), or
//! - they share a stem in their language and differ by an inflection ("meeting", "meetings"), or
//! - one is a slip of the other: one letter more, less, other or swapped, in words of eight letters and
//!   more, neither in the first four letters nor in the last two, where the other is written at least
//!   three times as often ("harmonium", "harmoinum").
//!
//! The first letters must be the same because prefixes turn meanings round (un-, in-, hypo-), the last two
//! because endings do (employer, employee); short words and acronyms are never slips, nor words with
//! figures. Two tags are one where their words are one by one, where only a gap parts them ("data-base",
//! "database"), or where the same words stand in another order, small words of belonging left out
//! ("letter-for-the-grant", "grant-letter"). No tag is merged for what it is near to in meaning alone: the
//! nearest neighbour of a word is often its opposite.

use std::collections::{BTreeMap, HashMap};

use super::{
    language::Language,
    words::{fold, stem},
};

/// A tag as it occurs.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    /// In kebab-case, as [`tag_key`](super::tags::tag_key) gives it.
    pub text: &'a str,
    /// The language of most texts that have it.
    pub language: Option<Language>,
    /// How many texts have it.
    pub n: u32,
    /// Whether it is to stand alone, whatever it is like.
    pub is_apart: bool,
}

/// Letters of a word that may be a slip.
const SLIP_LETTERS: usize = 8;
/// Letters at its beginning and at its end in which nobody slips.
const SLIP_HEAD: usize = 4;
const SLIP_TAIL: usize = 2;
/// How much more often the right spelling must stand.
const SLIP_TIMES: u32 = 3;
/// Letters of a tag from which a gap in it says nothing.
const GAP_LETTERS: usize = 6;
/// Endings that an inflection adds.
const ENDING: usize = 4;
/// Words of belonging, folded. Not "from", "to", "not" or "without": those turn a meaning round.
const SMALL: &[&str] = &[
    "a", "an", "the", "of", "for", "and", "der", "die", "das", "des", "dem", "den", "ein", "eine",
    "und", "fur", "von", "vom", "le", "la", "les", "de", "du", "et", "el", "los", "las", "del",
    "y", "il", "lo", "di", "e", "da", "do", "dos", "het", "een", "van", "en",
];

/// Which tags are one: for each tag the place of the first tag of its group.
#[must_use]
pub fn groups(tags: &[Tag<'_>]) -> Vec<usize> {
    let classes = Words::of(tags);
    let mut same = Sets::new(tags.len());
    let mut by_words: HashMap<String, usize> = HashMap::new();
    let mut by_bag: HashMap<String, usize> = HashMap::new();
    let mut by_run: HashMap<String, Vec<usize>> = HashMap::new();
    for (n, tag) in tags.iter().enumerate().filter(|(_, tag)| !tag.is_apart) {
        let words: Vec<&str> = tag.text.split('-').map(|word| classes.class(word)).collect();
        let first = *by_words.entry(words.join("-")).or_insert(n);
        same.join(first, n);
        let mut bag: Vec<&str> =
            words.iter().copied().filter(|word| !SMALL.contains(word)).collect();
        if bag.len() > 1 {
            bag.sort_unstable();
            let first = *by_bag.entry(bag.join("-")).or_insert(n);
            same.join(first, n);
        }
        let run: String = tag.text.split('-').map(|word| fold(word).into_owned()).collect();
        if run.chars().count() >= GAP_LETTERS {
            by_run.entry(stem(&run, tag.language)).or_default().push(n);
        }
    }
    let run = |n: usize| -> String { tags[n].text.split('-').map(fold).collect() };
    let mut runs: Vec<(&String, &Vec<usize>)> =
        by_run.iter().filter(|(_, all)| all.len() > 1).collect();
    runs.sort_unstable();
    for (_, all) in runs {
        for pair in all.windows(2) {
            let has_gap = pair.iter().any(|n| tags[*n].text.contains('-'));
            if has_gap && is_inflection(&run(pair[0]), &run(pair[1]), tags[pair[0]].language) {
                same.join(pair[0], pair[1]);
            }
        }
    }
    (0..tags.len()).map(|n| same.first(n)).collect()
}

/// The words of a tag by what they are one with; small words and figures are no words of a subject.
#[must_use]
pub fn content_words(text: &str) -> Vec<&str> {
    let is_content = |word: &&str| {
        let folded = fold(word);
        let is_long = folded.chars().count() > 2 || !folded.is_ascii();
        is_long && !SMALL.contains(&&*folded) && folded.chars().any(char::is_alphabetic)
    };
    text.split('-').filter(is_content).collect()
}

/// What each word is one with.
struct Words {
    class: HashMap<String, String>,
}

impl Words {
    fn of(tags: &[Tag<'_>]) -> Self {
        // By folded word: how often, and in which languages.
        let mut all: BTreeMap<String, (u32, BTreeMap<Option<Language>, u32>)> = BTreeMap::new();
        for tag in tags.iter().filter(|tag| !tag.is_apart) {
            for word in tag.text.split('-') {
                let (n, languages) = all.entry(fold(word).into_owned()).or_default();
                *n += tag.n;
                *languages.entry(tag.language).or_default() += tag.n;
            }
        }
        let words: Vec<(String, u32, Option<Language>)> = all
            .into_iter()
            .map(|(word, (n, languages))| {
                let most = languages.into_iter().max_by_key(|(language, n)| {
                    (*n, language.is_some(), std::cmp::Reverse(*language))
                });
                (word, n, most.and_then(|(language, _)| language))
            })
            .collect();
        let mut same = Sets::new(words.len());
        join_inflected(&words, &mut same);
        join_slips(&words, &mut same);
        let class = (0..words.len())
            .map(|n| (words[n].0.clone(), words[same.first(n)].0.clone()))
            .collect();
        Self { class }
    }

    fn class<'w>(&'w self, word: &'w str) -> &'w str {
        match fold(word) {
            std::borrow::Cow::Borrowed(folded) => {
                self.class.get(folded).map_or(folded, String::as_str)
            }
            std::borrow::Cow::Owned(folded) => self.class.get(&folded).map_or(word, String::as_str),
        }
    }
}

type Word = (String, u32, Option<Language>);

fn join_inflected(words: &[Word], same: &mut Sets) {
    let mut by_stem: BTreeMap<(Option<Language>, String), Vec<usize>> = BTreeMap::new();
    for (n, (word, _, language)) in words.iter().enumerate() {
        by_stem.entry((*language, stem(word, *language))).or_default().push(n);
    }
    for ((language, _), all) in by_stem.iter().filter(|(_, all)| all.len() > 1) {
        for (at, n) in all.iter().enumerate() {
            // A stem has a handful of forms; where it has not, the first ones speak for it.
            for m in all.iter().take(at.min(16)) {
                if is_inflection(&words[*m].0, &words[*n].0, *language) {
                    same.join(*m, *n);
                }
            }
        }
    }
}

/// Whether two words of one stem differ as forms of one word do, and not as "universe" and "university".
fn is_inflection(a: &str, b: &str, language: Option<Language>) -> bool {
    let n_same = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let rest = |word: &str| word.chars().skip(n_same).collect::<String>();
    let (a, b) = (rest(a), rest(b));
    let (short, long) = if a.chars().count() <= b.chars().count() { (a, b) } else { (b, a) };
    if short.is_empty() {
        return long.chars().count() <= ENDING;
    }
    if language == Some(Language::English) {
        const PAIRS: [(&str, &str); 6] =
            [("y", "ies"), ("y", "ied"), ("e", "ing"), ("f", "ves"), ("fe", "ves"), ("ed", "ing")];
        return PAIRS.contains(&(short.as_str(), long.as_str()));
    }
    long.chars().count() <= 2
}

/// Slips are found by the words that taking one letter out leaves (Garbe's symmetric deletes).
fn join_slips(words: &[Word], same: &mut Sets) {
    let mut without_one: HashMap<String, Vec<usize>> = HashMap::new();
    let mut candidates: Vec<(usize, usize)> = Vec::new();
    for (n, (word, ..)) in words.iter().enumerate() {
        let letters: Vec<char> = word.chars().collect();
        if letters.len() < SLIP_LETTERS || !letters.iter().all(|c| is_spelt(*c)) {
            continue;
        }
        let mut left: Vec<String> = (SLIP_HEAD..letters.len())
            .map(|out| letters.iter().take(out).chain(&letters[out + 1..]).collect())
            .collect();
        left.push(word.clone());
        left.sort_unstable();
        left.dedup();
        for rest in left {
            let known = without_one.entry(rest).or_default();
            candidates.extend(known.iter().map(|m| (*m, n)));
            known.push(n);
        }
    }
    candidates.sort_unstable();
    candidates.dedup();
    for (m, n) in candidates {
        let ((a, n_a, _), (b, n_b, _)) = (&words[m], &words[n]);
        let is_rare = n_a.min(n_b).saturating_mul(SLIP_TIMES) <= *n_a.max(n_b);
        if is_rare && is_slip(a, b) {
            same.join(m, n);
        }
    }
}

/// Alphabets in which a letter more or less leaves the word to be seen.
fn is_spelt(c: char) -> bool {
    c.is_alphabetic() && (c as u32) < 0x590
}

fn is_slip(a: &str, b: &str) -> bool {
    let head = |word: &str| word.chars().take(SLIP_HEAD).collect::<String>();
    let tail = |word: &str| word.chars().rev().take(SLIP_TAIL).collect::<String>();
    head(a) == head(b) && tail(a) == tail(b) && strsim::osa_distance(a, b) == 1
}

/// Sets that are joined; the first of a set stands for it.
#[derive(Debug)]
pub struct Sets(Vec<usize>);

impl Sets {
    /// So many things, each alone.
    #[must_use]
    pub fn new(n: usize) -> Self {
        Self((0..n).collect())
    }

    /// The first of the set that a thing is in.
    pub fn first(&mut self, mut n: usize) -> usize {
        while self.0[n] != n {
            self.0[n] = self.0[self.0[n]];
            n = self.0[n];
        }
        n
    }

    /// Makes one set of two.
    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        self.0[a.max(b)] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Option<Language> = Some(Language::English);

    fn one(tags: &[(&str, u32)], language: Option<Language>) -> bool {
        let tags: Vec<Tag<'_>> =
            tags.iter().map(|(text, n)| Tag { text, language, n: *n, is_apart: false }).collect();
        groups(&tags).iter().all(|first| *first == 0)
    }

    #[test]
    fn forms_of_one_word_are_one_tag() {
        for (language, a, b) in [
            (Language::English, "meetings", "meeting"),
            (Language::English, "running", "run"),
            (Language::English, "grant-letters", "grant-letter"),
            (Language::English, "city", "cities"),
            (Language::English, "harmonium's", "harmonium"),
            (Language::German, "häuser", "haus"),
            (Language::German, "förderanträge", "förderantrag"),
            (Language::French, "café", "cafe"),
            (Language::Spanish, "canción", "canciones"),
            (Language::Russian, "книга", "книги"),
            (Language::Arabic, "مُحَاسَبَة", "محاسبة"),
        ] {
            let (a, b) = (super::super::tags::tag_key(a), super::super::tags::tag_key(b));
            assert!(one(&[(&a, 1), (&b, 1)], Some(language)), "{a} and {b}");
        }
    }

    #[test]
    fn what_only_looks_alike_stays_apart() {
        for (a, b) in [
            ("universe", "university"),
            ("experience", "experiment"),
            ("employer", "employee"),
            ("symmetrical", "asymmetrical"),
            ("hypertension", "hypotension"),
            ("internet", "intranet"),
            ("ai", "ar"),
            ("api", "apis-mellifera"),
            ("version-1", "version-2"),
            ("log-in", "log-out"),
            ("tea-with-milk", "tea-without-milk"),
            ("happiness", "unhappiness"),
            ("日本語", "日本史"),
        ] {
            assert!(!one(&[(a, 1), (b, 9)], EN), "{a} and {b}");
        }
    }

    #[test]
    fn slips_of_long_words_go_to_the_usual_spelling() {
        assert!(one(&[("harmonium-reeds", 9), ("harmoinum-reeds", 1)], EN));
        assert!(one(&[("architecture", 6), ("architcture", 2)], EN));
        assert!(!one(&[("architecture", 3), ("architcture", 2)], EN), "both are usual");
        assert!(!one(&[("heron", 9), ("herron", 1)], EN), "too short to know");
    }

    #[test]
    fn gaps_orders_and_small_words_do_not_matter() {
        assert!(one(&[("data-base", 1), ("database", 4), ("databases", 1)], EN));
        assert!(one(&[("grant-letter", 3), ("letter-for-the-grant", 1)], EN));
        assert!(!one(&[("no-de", 3), ("node", 1)], EN), "too short to know");
    }

    #[test]
    fn who_is_to_stand_alone_does() {
        let tag = |text, is_apart| Tag { text, language: EN, n: 1, is_apart };
        assert_eq!(groups(&[tag("reed", false), tag("reeds", true)]), [0, 1]);
        assert_eq!(groups(&[tag("reed", false), tag("reeds", false)]), [0, 0]);
    }

    #[test]
    fn the_order_of_the_tags_does_not_matter() {
        let all = ["reed", "reeds", "data-base", "database", "harmonium", "lake"];
        let tags = |names: &[&'static str]| -> Vec<Tag<'static>> {
            names.iter().map(|text| Tag { text, language: EN, n: 2, is_apart: false }).collect()
        };
        let parts = |names: &[&'static str]| {
            let mut parts: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
            for (name, first) in names.iter().zip(groups(&tags(names))) {
                parts.entry(first).or_default().push(name);
            }
            let mut parts: Vec<Vec<&str>> = parts.into_values().collect();
            parts.iter_mut().for_each(|part| part.sort_unstable());
            parts.sort();
            parts
        };
        let mut turned = all;
        turned.reverse();
        assert_eq!(parts(&all), parts(&turned));
    }
}
