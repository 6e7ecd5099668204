//! Which language a text is written in.
//!
//! Statistics over letters (whatlang) are right on a paragraph and wrong on "ok see you tomorrow",
//! so they are asked only for text long enough; short text follows its thread, or its function words.

use std::{collections::HashMap, sync::LazyLock};

use super::{markdown, words};

/// A language the analyser can name. Those with their own rules come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Language {
    English,
    German,
    French,
    Spanish,
    Italian,
    Portuguese,
    Dutch,
    Russian,
    Chinese,
    Japanese,
    Korean,
    Arabic,
    Hebrew,
    Danish,
    Swedish,
    Norwegian,
    Finnish,
    Polish,
    Czech,
    Hungarian,
    Romanian,
    Turkish,
    Greek,
    Ukrainian,
    Hindi,
    Thai,
    Vietnamese,
    Indonesian,
    Persian,
    Other,
}

use Language::*;

/// Language, ISO 639-1 code, ISO 639-3 code as whatlang spells it.
const CODES: [(Language, &str, &str); 29] = [
    (English, "en", "eng"),
    (German, "de", "deu"),
    (French, "fr", "fra"),
    (Spanish, "es", "spa"),
    (Italian, "it", "ita"),
    (Portuguese, "pt", "por"),
    (Dutch, "nl", "nld"),
    (Russian, "ru", "rus"),
    (Chinese, "zh", "cmn"),
    (Japanese, "ja", "jpn"),
    (Korean, "ko", "kor"),
    (Arabic, "ar", "ara"),
    (Hebrew, "he", "heb"),
    (Danish, "da", "dan"),
    (Swedish, "sv", "swe"),
    (Norwegian, "no", "nob"),
    (Finnish, "fi", "fin"),
    (Polish, "pl", "pol"),
    (Czech, "cs", "ces"),
    (Hungarian, "hu", "hun"),
    (Romanian, "ro", "ron"),
    (Turkish, "tr", "tur"),
    (Greek, "el", "ell"),
    (Ukrainian, "uk", "ukr"),
    (Hindi, "hi", "hin"),
    (Thai, "th", "tha"),
    (Vietnamese, "vi", "vie"),
    (Indonesian, "id", "ind"),
    (Persian, "fa", "pes"),
];

impl Language {
    /// The ISO 639-1 code; "und" for [`Language::Other`].
    #[must_use]
    pub fn code(self) -> &'static str {
        CODES.iter().find(|(language, ..)| *language == self).map_or("und", |(_, code, _)| code)
    }

    /// Its English name; "Other" for [`Language::Other`].
    #[must_use]
    pub fn name(self) -> String {
        format!("{self:?}")
    }

    /// The language of an ISO 639-1 code, with or without a region ("en", "pt-BR", "zh_CN").
    /// A code that is not known gives `None`; "und" gives [`Language::Other`].
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let base = code.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match base.as_str() {
            "und" => Some(Other),
            "nb" | "nn" => Some(Norwegian),
            "iw" => Some(Hebrew),
            _ => CODES.iter().find(|(_, short, _)| *short == base).map(|(language, ..)| *language),
        }
    }

    /// Whether the language is written from right to left.
    #[must_use]
    pub fn is_right_to_left(self) -> bool {
        matches!(self, Arabic | Hebrew | Persian)
    }

    /// Whether its words are written without spaces between them.
    #[must_use]
    pub fn is_unspaced(self) -> bool {
        matches!(self, Chinese | Japanese | Thai)
    }
}

/// Letters needed before whatlang is believed; measured on short chat lines, where it guesses.
const ENOUGH_LETTERS: usize = 60;
/// Bytes looked at. More text does not change the answer, only the time.
const SAMPLE: usize = 1_500;

/// The language of `text` (Markdown or plain).
///
/// The script decides where one script means one language. Otherwise statistics decide when there
/// are at least 60 letters and they are sure; then a clear majority of function words; then `hint`
/// (the thread's or the note's language); then the function words, however few. `None` if nothing
/// speaks for any language.
#[must_use]
pub fn detect(text: &str, hint: Option<Language>) -> Option<Language> {
    let mut end = text.len().min(SAMPLE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let prose = markdown::prose(&text[..end]);
    let scripts = Scripts::count(&prose);
    if let Some(language) = scripts.decide(hint) {
        return Some(language);
    }
    if scripts.letters == 0 {
        return hint;
    }
    if scripts.letters >= ENOUGH_LETTERS
        && let Some(info) = whatlang::detect(&prose)
        && info.is_reliable()
    {
        let code = info.lang().code();
        return CODES
            .iter()
            .find(|(.., long)| *long == code)
            .map_or(Some(Other), |(language, ..)| Some(*language));
    }
    let votes = vote(&prose);
    let hinted = hint.and_then(|hint| votes.iter().find(|(language, _)| *language == hint));
    match (votes.first(), hint) {
        (Some(&(winner, n)), Some(hint)) => {
            let for_hint = hinted.map_or(0, |(_, n)| *n);
            Some(if n >= 3 && n >= 2 * for_hint + 2 { winner } else { hint })
        }
        (None, Some(hint)) => Some(hint),
        (Some(&(winner, n)), None) => {
            let second = votes.get(1).map_or(0, |(_, n)| *n);
            (n > second).then_some(winner)
        }
        (None, None) => None,
    }
}

/// How many function words of each language occur, most first.
fn vote(prose: &str) -> Vec<(Language, usize)> {
    static WORDS: LazyLock<HashMap<&'static str, Vec<Language>>> = LazyLock::new(|| {
        let mut table: HashMap<&'static str, Vec<Language>> = HashMap::new();
        for language in [English, German, French, Spanish, Italian, Portuguese, Dutch] {
            for word in words::stop_words(language) {
                table.entry(word).or_default().push(language);
            }
        }
        table
    });
    let mut counts: HashMap<Language, usize> = HashMap::new();
    for word in words::iter(prose) {
        for language in WORDS.get(words::fold(word.text).as_ref()).into_iter().flatten() {
            *counts.entry(*language).or_default() += 1;
        }
    }
    let mut votes: Vec<_> = counts.into_iter().collect();
    votes.sort_by_key(|&(language, n)| (std::cmp::Reverse(n), language));
    votes
}

#[derive(Default)]
struct Scripts {
    letters: usize,
    han: usize,
    kana: usize,
    hangul: usize,
    arabic: usize,
    persian: usize,
    hebrew: usize,
    greek: usize,
    thai: usize,
    devanagari: usize,
    cyrillic: usize,
    ukrainian: usize,
}

impl Scripts {
    fn count(text: &str) -> Self {
        let mut scripts = Self::default();
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            scripts.letters += 1;
            let slot = match c {
                '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' => {
                    &mut scripts.han
                }
                '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' => &mut scripts.kana,
                '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7af}' => {
                    &mut scripts.hangul
                }
                'پ' | 'چ' | 'ژ' | 'گ' | 'ک' | 'ی' => &mut scripts.persian,
                '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => &mut scripts.arabic,
                '\u{590}'..='\u{5ff}' => &mut scripts.hebrew,
                '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => &mut scripts.greek,
                '\u{e00}'..='\u{e7f}' => &mut scripts.thai,
                '\u{900}'..='\u{97f}' => &mut scripts.devanagari,
                'і' | 'ї' | 'є' | 'ґ' | 'І' | 'Ї' | 'Є' | 'Ґ' => &mut scripts.ukrainian,
                '\u{400}'..='\u{52f}' => &mut scripts.cyrillic,
                _ => continue,
            };
            *slot += 1;
        }
        scripts
    }

    /// One Han character says as much as a short word, so CJK needs a smaller share of the letters.
    fn decide(&self, hint: Option<Language>) -> Option<Language> {
        let east = self.han + self.kana + self.hangul;
        if east > 0 && 3 * east >= self.letters {
            // A few Han characters alone are Japanese in a Japanese thread.
            let is_japanese = if self.kana > 0 {
                5 * self.kana >= self.han
            } else {
                hint == Some(Japanese) && self.han <= 4
            };
            return Some(if self.hangul > self.han + self.kana {
                Korean
            } else if is_japanese {
                Japanese
            } else {
                Chinese
            });
        }
        let most = |n: usize| n > 0 && 2 * n > self.letters;
        if most(self.arabic + self.persian) {
            // A fifth of Persian letters are ones that Arabic does not have; a loan word has fewer.
            Some(if 10 * self.persian > self.arabic { Persian } else { Arabic })
        } else if most(self.hebrew) {
            Some(Hebrew)
        } else if most(self.greek) {
            Some(Greek)
        } else if most(self.thai) {
            Some(Thai)
        } else if most(self.devanagari) {
            Some(Hindi)
        } else if most(self.cyrillic + self.ukrainian) && self.letters < ENOUGH_LETTERS {
            Some(match hint {
                Some(Ukrainian) => Ukrainian,
                _ if self.ukrainian > 0 => Ukrainian,
                _ => Russian,
            })
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_recognised_by_its_letters() {
        let german = "Heute Morgen bin ich früh aufgestanden und am Kanal entlang gelaufen, danach \
                      haben wir lange gefrühstückt.";
        assert_eq!(detect(german, None), Some(German));
        let english = "Walked along the canal before breakfast and then wrote the letter about the \
                       grant for most of the afternoon.";
        assert_eq!(detect(english, Some(German)), Some(English));
    }

    #[test]
    fn a_short_line_follows_its_thread() {
        assert_eq!(detect("ok see you tomorrow", Some(English)), Some(English));
        assert_eq!(detect("Super!", Some(French)), Some(French));
    }

    #[test]
    fn a_short_line_without_a_thread_follows_its_function_words() {
        assert_eq!(detect("ok see you tomorrow", None), Some(English));
        assert_eq!(detect("ich bin noch nicht da", None), Some(German));
        assert_eq!(detect("merci pour hier, je suis content", None), Some(French));
        assert_eq!(detect("xyzzy", None), None);
    }

    #[test]
    fn a_clear_majority_of_function_words_beats_the_thread() {
        assert_eq!(
            detect("ich war mit Jonas im Kino und es war schön", Some(English)),
            Some(German)
        );
    }

    #[test]
    fn the_script_decides_where_it_can() {
        assert_eq!(detect("今天下午和小林去公园散步。", None), Some(Chinese));
        assert_eq!(detect("今日は友達と公園を散歩した。", Some(Chinese)), Some(Japanese));
        assert_eq!(detect("오늘 친구를 만났다", None), Some(Korean));
        assert_eq!(detect("ذهبت اليوم إلى السوق", None), Some(Arabic));
        assert_eq!(detect("היום הלכתי לים", None), Some(Hebrew));
        assert_eq!(detect("Сегодня гулял", None), Some(Russian));
        assert_eq!(detect("วันนี้ไปตลาด", None), Some(Thai));
    }

    #[test]
    fn code_does_not_speak() {
        assert_eq!(detect("```\nlet the = if and or not;\n```", None), None);
    }

    #[test]
    fn codes_go_both_ways() {
        for (language, code, _) in CODES {
            assert_eq!(language.code(), code);
            assert_eq!(Language::from_code(code), Some(language));
        }
        assert_eq!(Language::from_code("pt-BR"), Some(Portuguese));
        assert_eq!(Language::from_code("xx"), None);
        assert!(Arabic.is_right_to_left() && !English.is_right_to_left());
    }
}
