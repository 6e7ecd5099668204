//! What a full-text index holds of a text beside its words: their stems in the language it is written in,
//! and for scripts without spaces the pairs of neighbouring characters.
//!
//! The index itself knows the stems of English. In Chinese, Japanese and Thai it takes a whole sentence for
//! one word, and in Korean a word with all its endings; of pairs every word can be put together, however it
//! was cut (Kwok 1997 found them as good for retrieval as a dictionary).

use super::{language::Language, words};

/// Bytes that tell the language of a text: more of them only take longer.
const SAMPLE: usize = 480;

/// The language whose stems are to be indexed for a text: `None` for English, whose stems the index has,
/// and for those nobody knows the stems of.
#[must_use]
pub fn language(text: &str) -> Option<Language> {
    let end = (0..=text.len().min(SAMPLE)).rev().find(|at| text.is_char_boundary(*at));
    let language = super::language::detect(text.get(..end?)?, None)?;
    has_stems(language).then_some(language)
}

/// Whether words of this language have stems that the index does not know by itself.
#[must_use]
pub fn has_stems(language: Language) -> bool {
    language != Language::English && words::has_stemmer(language)
}

/// The stems and pairs of a text, divided by spaces.
#[must_use]
pub fn of(text: &str, language: Option<Language>) -> String {
    let mut stems = String::new();
    if let Some(language) = language.filter(|language| has_stems(*language)) {
        for word in words::iter(text).filter(|word| !word.is_number()) {
            if !word.text.starts_with(is_paired) {
                push(&mut stems, &words::stem(word.text, Some(language)));
            }
        }
    }
    // Bytes from 0xE1 on begin the characters that may be paired; most texts have none.
    if text.bytes().any(|byte| byte >= 0xe0) {
        for run in text.split(|c: char| !is_paired(c)).filter(|run| !run.is_empty()) {
            pairs(&mut stems, run, true);
        }
    }
    stems
}

/// Whether a character belongs to those that are indexed in pairs.
#[must_use]
pub fn is_paired(c: char) -> bool {
    c.is_alphanumeric()
        && matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
            | '\u{1780}'..='\u{17ff}' | '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
            | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}'
            | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// The pairs that a word of such a script is found by, in order; a single character is found as the
/// beginning of one.
#[must_use]
pub fn pairs_of(word: &str) -> String {
    let mut text = String::new();
    pairs(&mut text, word, false);
    text
}

fn pairs(text: &mut String, run: &str, with_last: bool) {
    let folded = words::fold(run);
    let mut previous: Option<char> = None;
    let mut n = 0;
    for c in folded.chars() {
        if let Some(previous) = previous.replace(c) {
            space(text);
            text.push(previous);
            text.push(c);
            n += 1;
        }
    }
    if let Some(last) = previous.filter(|_| with_last || n == 0) {
        space(text);
        text.push(last);
    }
}

fn push(text: &mut String, word: &str) {
    space(text);
    text.push_str(word);
}

fn space(text: &mut String) {
    if !text.is_empty() {
        text.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_texts_have_nothing_beside_their_words() {
        assert_eq!(
            language("We rowed to the island and had breakfast under the old pear tree."),
            None
        );
        assert_eq!(of("Tuned the harmonium", Some(Language::English)), "");
    }

    #[test]
    fn a_german_text_has_the_stems_of_its_words() {
        let text = "Am Abend haben wir die alten Häuser am Hafen noch einmal von innen angesehen.";
        assert_eq!(language(text), Some(Language::German));
        let stems = of("Häuser am Hafen, 1902", Some(Language::German));
        assert_eq!(stems, "haus am haf");
    }

    #[test]
    fn scripts_without_spaces_are_indexed_in_pairs_of_characters() {
        assert_eq!(of("去公园。", None), "去公 公园 园");
        assert_eq!(pairs_of("公园里"), "公园 园里");
        assert_eq!(pairs_of("园"), "园");
    }

    #[test]
    fn pairs_stand_beside_the_stems_of_the_rest() {
        let both = of("Treffen mit 小林", Some(Language::German));
        assert_eq!(both, "treff mit 小林 林");
    }
}
