//! The hand-made lists of words that speak of feelings, as tables.

use std::{collections::HashMap, sync::LazyLock};

use aho_corasick::{AhoCorasick, MatchKind};

use super::{feelings::FEELINGS, language::Language, words};

/// What a cue says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sense {
    /// The feeling, as an index of [`FEELINGS`]; `None` if it is only good or bad news.
    pub(super) feeling: Option<usize>,
    /// Pleasant or unpleasant, -1 to 1, the weight applied.
    pub(super) valence: f32,
    /// How surely the word means it, 0 to 1.
    pub(super) weight: f32,
}

struct Entry {
    /// The keys after the first, for a phrase.
    rest: Vec<String>,
    sense: Sense,
}

/// The cue words and phrases of one language.
pub(super) struct Lexicon(HashMap<String, Vec<Entry>>);

/// Emoji and emoticons, found in any language.
pub(super) struct Signs {
    pub(super) finder: AhoCorasick,
    pub(super) senses: Vec<Sense>,
}

impl Lexicon {
    /// The list of a language, if there is one.
    pub(super) fn of(language: Language) -> Option<&'static Self> {
        static ENGLISH: LazyLock<Lexicon> = LazyLock::new(|| {
            Lexicon::load(include_str!("lexicon/emotion.en.txt"), Language::English)
        });
        static GERMAN: LazyLock<Lexicon> = LazyLock::new(|| {
            Lexicon::load(include_str!("lexicon/emotion.de.txt"), Language::German)
        });
        static FRENCH: LazyLock<Lexicon> = LazyLock::new(|| {
            Lexicon::load(include_str!("lexicon/emotion.fr.txt"), Language::French)
        });
        static SPANISH: LazyLock<Lexicon> = LazyLock::new(|| {
            Lexicon::load(include_str!("lexicon/emotion.es.txt"), Language::Spanish)
        });
        match language {
            Language::English => Some(&ENGLISH),
            Language::German => Some(&GERMAN),
            Language::French => Some(&FRENCH),
            Language::Spanish => Some(&SPANISH),
            _ => None,
        }
    }

    fn load(list: &'static str, language: Language) -> Self {
        let mut table: HashMap<String, Vec<Entry>> = HashMap::new();
        for (sense, form) in parse(list) {
            let (first, rest) = match form.strip_prefix('!') {
                Some(exact) => (exact_key(exact), Vec::new()),
                None => {
                    let mut keys = form.split('_').map(|word| key(word, language));
                    (keys.next().unwrap_or_default(), keys.collect::<Vec<_>>())
                }
            };
            let entries = table.entry(first).or_default();
            // Inflected forms of one word stand on one line; a word on two lines has two senses.
            if !entries
                .iter()
                .any(|entry| entry.rest == rest && entry.sense.feeling == sense.feeling)
            {
                entries.push(Entry { rest, sense });
            }
        }
        for entries in table.values_mut() {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.rest.len()));
        }
        Self(table)
    }

    /// The senses of the longest cue that begins with the first of `keys`, and its number of words.
    /// `word` is the first word as written; a cue listed in one form only is found by it.
    pub(super) fn find(&self, keys: &[String], word: &str) -> Option<(usize, Vec<Sense>)> {
        let found = self.longest(keys);
        if found.as_ref().is_some_and(|(n, _)| *n > 1) {
            return found;
        }
        let exact = self.0.get(&exact_key(word));
        exact.map(|entries| (1, entries.iter().map(|entry| entry.sense).collect())).or(found)
    }

    fn longest(&self, keys: &[String]) -> Option<(usize, Vec<Sense>)> {
        let entries = self.0.get(keys.first()?)?;
        let fits = |entry: &&Entry| {
            keys.len() > entry.rest.len()
                && entry.rest.iter().zip(&keys[1..]).all(|(part, key)| part == key)
        };
        let n = entries.iter().find(fits)?.rest.len();
        let same = entries.iter().filter(|entry| entry.rest.len() == n).filter(fits);
        Some((n + 1, same.map(|entry| entry.sense).collect()))
    }
}

/// No stem begins with "!".
fn exact_key(word: &str) -> String {
    format!("!{}", words::fold(word))
}

/// The form under which words of texts and lists meet. A negated verb stays itself, or "can't wait"
/// would be found in "can wait"; a French article in front goes.
pub(super) fn key(word: &str, language: Language) -> String {
    let folded = words::fold(word);
    if folded.ends_with("n't") || folded.chars().all(|c| c.is_ascii_digit()) {
        return folded.into_owned();
    }
    let bare = match language {
        Language::French => folded.rsplit('\'').next().map_or(0, |tail| folded.len() - tail.len()),
        _ => 0,
    };
    let word = if bare > 0 { word.rsplit(['\'', '’']).next().unwrap_or(word) } else { word };
    words::stem(word, Some(language))
}

/// The signs of every language.
pub(super) fn signs() -> &'static Signs {
    #[expect(clippy::unwrap_used, reason = "a constant list, built by every test")]
    static SIGNS: LazyLock<Signs> = LazyLock::new(|| {
        let (senses, forms): (Vec<_>, Vec<_>) =
            parse(include_str!("lexicon/emotion.signs.txt")).unzip();
        let finder =
            AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(forms).unwrap();
        Signs { finder, senses }
    });
    &SIGNS
}

fn parse(list: &'static str) -> impl Iterator<Item = (Sense, &'static str)> {
    list.lines().filter(|line| !line.starts_with("# ")).flat_map(|line| {
        // The last ": " before the words; emoticons begin with a colon but have no space in front.
        let (label, entries) = line.split_once(": ").unwrap_or(("", ""));
        let feeling = FEELINGS.iter().position(|feeling| feeling.label == label);
        let direction = match (feeling, label) {
            (Some(index), _) => FEELINGS[index].valence,
            (None, "+") => 1.0,
            (None, "-") => -1.0,
            _ => 0.0,
        };
        entries.split_whitespace().map(move |entry| {
            // "=)" and ":D=0.5": only a number behind the last sign is a weight.
            let weighed = entry
                .rsplit_once('=')
                .and_then(|(form, weight)| Some((form, weight.parse::<f32>().ok()?)))
                .filter(|(form, _)| !form.is_empty());
            let (form, weight) = weighed.unwrap_or((entry, 1.0));
            (Sense { feeling, valence: direction * weight, weight }, form)
        })
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    const LISTS: [&str; 5] = [
        include_str!("lexicon/emotion.en.txt"),
        include_str!("lexicon/emotion.de.txt"),
        include_str!("lexicon/emotion.fr.txt"),
        include_str!("lexicon/emotion.es.txt"),
        include_str!("lexicon/emotion.signs.txt"),
    ];

    #[test]
    fn every_line_of_every_list_has_a_known_label() {
        for line in
            LISTS.iter().flat_map(|list| list.lines()).filter(|line| !line.starts_with("# "))
        {
            let label = line.split_once(": ").map_or(line, |(label, _)| label);
            let known = FEELINGS.iter().any(|feeling| feeling.label == label);
            assert!(known || label == "+" || label == "-", "{line}");
        }
    }

    #[test]
    fn every_feeling_has_words_in_english_and_german() {
        for list in &LISTS[..2] {
            for feeling in FEELINGS {
                assert!(
                    list.lines().any(|line| line.starts_with(feeling.label)),
                    "{}",
                    feeling.label
                );
            }
        }
    }

    #[test]
    fn a_word_listed_in_one_form_is_found_in_that_form_only() {
        let lexicon = Lexicon::of(Language::English).unwrap();
        let find = |word| lexicon.find(&[key(word, Language::English)], word).is_some();
        assert!(find("Pleased") && find("longing"));
        assert!(!find("please") && !find("long"));
    }

    #[test]
    fn the_longest_phrase_is_found() {
        let keys: Vec<String> =
            ["can't", "wait", "today"].iter().map(|w| key(w, Language::English)).collect();
        let lexicon = Lexicon::of(Language::English).unwrap();
        let (n, senses) = lexicon.find(&keys, "can't").unwrap();
        assert_eq!(n, 2);
        assert_eq!(FEELINGS[senses[0].feeling.unwrap()].label, "excited");
        assert!(lexicon.find(&[key("table", Language::English)], "table").is_none());
    }
}
