//! Words: finding them, making them comparable, and knowing which carry no topic.

use std::{borrow::Cow, collections::HashSet, ops::Range, sync::LazyLock};

use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed, options::WordBreakInvariantOptions};
use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;

use super::language::Language;

/// A word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word<'a> {
    /// Bytes in the text given to [`iter`].
    pub span: Range<usize>,
    /// The word as written.
    pub text: &'a str,
}

impl Word<'_> {
    /// Whether it is a number, possibly with a unit or an ordinal behind it ("3", "14:30", "5km").
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_numeric())
    }

    /// Whether its first letter is a capital.
    #[must_use]
    pub fn is_capitalised(&self) -> bool {
        self.text.starts_with(char::is_uppercase)
    }
}

/// The words of `text`, in order. Apostrophes inside a word belong to it, hyphens divide; scripts
/// written without spaces are cut by the Unicode dictionary.
pub fn iter(text: &str) -> impl Iterator<Item = Word<'_>> {
    Words { text, at: 0, complex: Vec::new() }
}

struct Words<'a> {
    text: &'a str,
    at: usize,
    /// Words of an unspaced run, last first.
    complex: Vec<Range<usize>>,
}

impl<'a> Iterator for Words<'a> {
    type Item = Word<'a>;

    fn next(&mut self) -> Option<Word<'a>> {
        loop {
            if let Some(span) = self.complex.pop() {
                return Some(Word { text: &self.text[span.clone()], span });
            }
            let rest = &self.text[self.at..];
            let Some(offset) = rest.find(char::is_alphanumeric) else {
                self.at = self.text.len();
                return None;
            };
            let start = self.at + offset;
            let run = &self.text[start..];
            if run.starts_with(is_unspaced) {
                let len = run.find(|c| !is_unspaced(c) && !is_mark(c)).unwrap_or(run.len());
                self.at = start + len;
                self.complex = cut_unspaced(&run[..len], start);
                continue;
            }
            let end = start + word_len(run);
            self.at = end;
            return Some(Word { text: &self.text[start..end], span: start..end });
        }
    }
}

fn word_len(run: &str) -> usize {
    let mut end = 0;
    let mut chars = run.char_indices().peekable();
    let mut previous = ' ';
    while let Some((at, c)) = chars.next() {
        let belongs = if c.is_alphanumeric() {
            !is_unspaced(c)
        } else if is_mark(c) {
            true
        } else {
            let next = chars.peek().map_or(' ', |(_, next)| *next);
            match c {
                '\'' | '’' => previous.is_alphabetic() && next.is_alphabetic(),
                '.' | ',' | ':' => previous.is_ascii_digit() && next.is_ascii_digit(),
                _ => false,
            }
        };
        if !belongs {
            break;
        }
        end = at + c.len_utf8();
        previous = c;
    }
    end
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{93a}'..='\u{94f}' | '\u{200c}' | '\u{200d}' | '\u{e31}'..='\u{e3a}'
        | '\u{e47}'..='\u{e4e}' | '\u{3099}' | '\u{309a}')
}

fn is_unspaced(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Runs are cut in pieces of this many bytes, because the dictionary's memory grows with the run.
const LONGEST_RUN: usize = 2_000;

fn cut_unspaced(run: &str, start: usize) -> Vec<Range<usize>> {
    static SEGMENTER: LazyLock<WordSegmenterBorrowed<'static>> =
        LazyLock::new(|| WordSegmenter::new_auto(WordBreakInvariantOptions::default()));
    let mut spans = Vec::new();
    let mut from = 0;
    while from < run.len() {
        let mut to = (from + LONGEST_RUN).min(run.len());
        while !run.is_char_boundary(to) {
            to -= 1;
        }
        let piece = &run[from..to];
        let mut last = 0;
        for end in SEGMENTER.segment_str(piece).skip(1) {
            if piece[last..end].chars().any(char::is_alphanumeric) {
                spans.push(start + from + last..start + from + end);
            }
            last = end;
        }
        from = to;
    }
    spans.reverse();
    spans
}

/// The form under which words compare: compatibility forms unified, lower case, ß as ss, and no
/// accents on Latin and Greek letters nor vowel signs on Hebrew and Arabic ones. Elsewhere marks
/// make a different letter (й, が) and stay.
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return if word.bytes().any(|b| b.is_ascii_uppercase()) {
            Cow::Owned(word.to_ascii_lowercase())
        } else {
            Cow::Borrowed(word)
        };
    }
    let mut base = ' ';
    let kept = word.nfkd().flat_map(char::to_lowercase).filter(move |&c| {
        let strip = match c {
            '\u{300}'..='\u{36f}' => (base as u32) < 0x400,
            '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{640}' => true,
            _ => false,
        };
        if !is_mark(c) {
            base = c;
        }
        !strip
    });
    let mut folded = String::with_capacity(word.len());
    for c in kept.nfc() {
        match c {
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            '’' => folded.push('\''),
            _ => folded.push(c),
        }
    }
    Cow::Owned(folded)
}

/// The folded stem of a word: inflected forms share it. Languages without a Snowball stemmer get
/// the folded word.
#[must_use]
pub fn stem(word: &str, language: Option<Language>) -> String {
    let trimmed = word.split(['\'', '’']).next().filter(|head| head.len() > 2).unwrap_or(word);
    let word = if language == Some(Language::English) { trimmed } else { word };
    let Some(algorithm) = language.and_then(algorithm) else { return fold(word).into_owned() };
    // Nothing so long is a word, and the stemmer was written for words.
    if word.len() > 64 || word.starts_with(|c: char| c.is_numeric()) {
        return fold(word).into_owned();
    }
    let lower = word.to_lowercase();
    fold(&Stemmer::create(algorithm).stem(&lower)).into_owned()
}

/// Whether there are rules for the stems of a language.
#[must_use]
pub fn has_stemmer(language: Language) -> bool {
    algorithm(language).is_some()
}

fn algorithm(language: Language) -> Option<Algorithm> {
    Some(match language {
        Language::English => Algorithm::English,
        Language::German => Algorithm::German,
        Language::French => Algorithm::French,
        Language::Spanish => Algorithm::Spanish,
        Language::Italian => Algorithm::Italian,
        Language::Portuguese => Algorithm::Portuguese,
        Language::Dutch => Algorithm::Dutch,
        Language::Russian => Algorithm::Russian,
        Language::Arabic => Algorithm::Arabic,
        Language::Danish => Algorithm::Danish,
        Language::Swedish => Algorithm::Swedish,
        Language::Norwegian => Algorithm::Norwegian,
        Language::Finnish => Algorithm::Finnish,
        Language::Hungarian => Algorithm::Hungarian,
        Language::Romanian => Algorithm::Romanian,
        Language::Turkish => Algorithm::Turkish,
        Language::Greek => Algorithm::Greek,
        _ => return None,
    })
}

/// Languages with a list of function words, and the list.
const STOP_WORDS: [(Language, &str); 10] = [
    (Language::English, include_str!("lexicon/stop.en.txt")),
    (Language::German, include_str!("lexicon/stop.de.txt")),
    (Language::French, include_str!("lexicon/stop.fr.txt")),
    (Language::Spanish, include_str!("lexicon/stop.es.txt")),
    (Language::Italian, include_str!("lexicon/stop.it.txt")),
    (Language::Portuguese, include_str!("lexicon/stop.pt.txt")),
    (Language::Dutch, include_str!("lexicon/stop.nl.txt")),
    (Language::Russian, include_str!("lexicon/stop.ru.txt")),
    (Language::Chinese, include_str!("lexicon/stop.zh.txt")),
    (Language::Japanese, include_str!("lexicon/stop.ja.txt")),
];

/// The function words of a language, folded.
pub fn stop_words(language: Language) -> impl Iterator<Item = &'static str> {
    let list = STOP_WORDS.iter().find(|(of, _)| *of == language).map_or("", |(_, list)| list);
    list.split_whitespace()
}

/// Whether a folded word carries grammar rather than topic. Without a language, English and German
/// lists are asked.
#[must_use]
pub fn is_stop_word(folded: &str, language: Option<Language>) -> bool {
    static SETS: LazyLock<Vec<(Language, HashSet<&'static str>)>> = LazyLock::new(|| {
        STOP_WORDS.iter().map(|(of, list)| (*of, list.split_whitespace().collect())).collect()
    });
    SETS.iter()
        .filter(|(of, _)| match language {
            Some(language) => *of == language,
            None => matches!(of, Language::English | Language::German),
        })
        .any(|(_, set)| set.contains(folded))
}

/// The stems of the words of `text` that carry topic: no function words, no bare numbers, no single
/// letters. `text` is prose, see [`super::markdown::prose`].
pub fn content_stems(text: &str, language: Option<Language>) -> impl Iterator<Item = String> {
    iter(text).filter_map(move |word| {
        let folded = fold(word.text);
        let short =
            folded.len() < 2 || (folded.len() == 2 && folded.is_ascii() && word.is_number());
        if short || is_stop_word(&folded, language) || is_bare_number(word.text) {
            return None;
        }
        Some(stem(word.text, language))
    })
}

fn is_bare_number(word: &str) -> bool {
    word.chars().all(|c| c.is_numeric() || matches!(c, '.' | ',' | ':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<&str> {
        iter(text).map(|word| word.text).collect()
    }

    #[test]
    fn words_keep_their_apostrophes_and_numbers_their_points() {
        assert_eq!(
            texts("Didn't pay 3.50 at 14:30 – l’été, well-being."),
            ["Didn't", "pay", "3.50", "at", "14:30", "l’été", "well", "being"]
        );
    }

    #[test]
    fn unspaced_scripts_are_cut_into_words() {
        assert!(texts("今天下午和小林去公园散步").len() >= 5);
        assert!(texts("วันนี้ไปตลาดกับแม่").len() >= 3);
        assert_eq!(texts("Meeting mit 小林 um drei").len(), 5);
    }

    #[test]
    fn spans_point_at_the_words() {
        let text = "Zoë 🏃‍♀️ läuft 公园, нет?";
        for word in iter(text) {
            assert_eq!(&text[word.span.clone()], word.text);
        }
    }

    #[test]
    fn folding_makes_spellings_compare() {
        assert_eq!(fold("CAFÉ"), "cafe");
        assert_eq!(fold("Straße"), "strasse");
        assert_eq!(fold("ﬁne"), "fine");
        assert_eq!(fold("й"), "й");
        assert_eq!(fold("が"), "が");
        assert_eq!(fold("مُحَمَّد"), "محمد");
    }

    #[test]
    fn inflected_forms_share_a_stem() {
        let en = Some(Language::English);
        assert_eq!(stem("meetings", en), stem("meeting", en));
        assert_eq!(stem("Anna's", en), stem("anna", en));
        let de = Some(Language::German);
        assert_eq!(stem("Häuser", de), stem("Hauses", de));
    }

    #[test]
    fn content_is_what_is_left_without_grammar() {
        let stems: Vec<_> =
            content_stems("I went to the canal with 3 of them", Some(Language::English)).collect();
        assert_eq!(stems, ["canal"]);
    }
}
