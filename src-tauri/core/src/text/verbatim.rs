//! Finds words in a text where somebody copied them: with other quotation marks, capitals, accents,
//! blanks or emphasis, and nothing else changed.

use std::ops::Range;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use super::clean;

/// A text in the form in which copies are compared, with the way back to its bytes.
#[derive(Debug, Clone, Default)]
pub struct Folded {
    text: String,
    /// For each character: where it begins in `text`, and the bytes of the original it stands for.
    chars: Vec<(usize, Range<usize>)>,
}

/// Marks that writing has and a copy may lack: emphasis, brackets, quotation marks.
fn is_mark(c: char) -> bool {
    matches!(
        c,
        '*' | '_'
            | '`'
            | '~'
            | '#'
            | '['
            | ']'
            | '('
            | ')'
            | '<'
            | '>'
            | '‹'
            | '›'
            | '{'
            | '}'
            | '|'
            | '\\'
            | '"'
            | '“'
            | '”'
            | '„'
            | '‟'
            | '«'
            | '»'
    )
}

impl Folded {
    /// Folds a text: small letters without accents, one blank for white space, plain apostrophes and
    /// dashes, no unseen characters and no marks.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut folded = Self::default();
        for (at, c) in text.char_indices() {
            let end = at + c.len_utf8();
            if c.is_whitespace() {
                folded.push(' ', at..end);
            } else if clean::is_unseen(c) || is_mark(c) {
            } else if is_combining_mark(c) {
                // An accent belongs to the letter before it.
                if let Some((_, source)) = folded.chars.last_mut()
                    && source.end == at
                {
                    source.end = end;
                }
            } else {
                for part in std::iter::once(c).nfkd().flat_map(char::to_lowercase) {
                    folded.push_letter(part, at..end);
                }
            }
        }
        while folded.text.ends_with(' ') {
            folded.text.pop();
            folded.chars.pop();
        }
        folded
    }

    fn push_letter(&mut self, c: char, source: Range<usize>) {
        match c {
            '‘' | '’' | '‚' | '‛' | '´' | 'ʼ' => self.push('\'', source),
            '‐'..='―' | '−' => self.push('-', source),
            'ß' => {
                self.push('s', source.clone());
                self.push('s', source);
            }
            c if is_combining_mark(c) || is_mark(c) => {}
            c => self.push(c, source),
        }
    }

    fn push(&mut self, c: char, source: Range<usize>) {
        if c == ' ' && (self.text.is_empty() || self.text.ends_with(' ')) {
            return;
        }
        self.chars.push((self.text.len(), source));
        self.text.push(c);
    }

    /// The folded text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether nothing is left.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether these words stand in it, anywhere.
    #[must_use]
    pub fn contains(&self, words: &str) -> bool {
        let words = Self::of(words);
        !words.is_empty() && self.text.contains(&words.text)
    }

    /// Where a copied passage stands in the original: bytes. Signs at its ends do not matter; a short one
    /// must be made of whole words.
    #[must_use]
    pub fn find(&self, quote: &str) -> Option<Range<usize>> {
        let quote = Self::of(quote);
        let bare = |c: char| c.is_ascii_punctuation() || matches!(c, ' ' | '…' | '-');
        let needle = quote.text.trim_matches(bare);
        if needle.is_empty() {
            return None;
        }
        // A long quote may have been cut within a word.
        let is_long = needle.chars().count() >= 24;
        self.places(needle).find(|at| is_long || self.is_whole(at, false)).map(|at| self.back(&at))
    }

    /// Where a name stands in the original, as whole words or with a possessive ending.
    #[must_use]
    pub fn find_name(&self, name: &str, most: usize) -> Vec<Range<usize>> {
        let name = Self::of(name);
        if name.text.chars().all(|c| !c.is_alphanumeric()) {
            return Vec::new();
        }
        self.places(&name.text)
            .filter(|at| self.is_whole(at, true))
            .map(|at| self.back(&at))
            .take(most)
            .collect()
    }

    fn places<'a>(&'a self, needle: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        self.text.match_indices(needle).map(|(at, found)| at..at + found.len())
    }

    /// Whether no letter goes on on either side. In scripts without blanks every place is a border, and
    /// so is one before a suffix of Korean.
    fn is_whole(&self, at: &Range<usize>, is_name: bool) -> bool {
        let spaced = |c: char| c.is_alphanumeric() && (c as u32) < 0xe00;
        let inside = &self.text[at.clone()];
        let goes_on = |inner: Option<char>, outer: Option<char>| {
            inner.is_some_and(spaced) && outer.is_some_and(spaced)
        };
        if goes_on(inside.chars().next(), self.text[..at.start].chars().next_back()) {
            return false;
        }
        let rest = &self.text[at.end..];
        let rest = match rest.strip_prefix('s') {
            Some(rest) if is_name => rest,
            _ => rest,
        };
        !goes_on(inside.chars().next_back(), rest.chars().next())
    }

    fn back(&self, at: &Range<usize>) -> Range<usize> {
        let index = |byte: usize| self.chars.partition_point(|(start, _)| *start < byte);
        let first = self.chars.get(index(at.start));
        let last = index(at.end).checked_sub(1).and_then(|index| self.chars.get(index));
        match (first, last) {
            (Some((_, first)), Some((_, last))) => first.start..last.end,
            _ => 0..0,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found<'a>(text: &'a str, quote: &str) -> Option<&'a str> {
        Folded::of(text).find(quote).map(|range| &text[range])
    }

    #[test]
    fn a_copy_with_other_signs_is_found() {
        let text = "Then “Ilse’s”  **old**\nharmonium — Café cre\u{300}me.";
        assert_eq!(found(text, "\"ilse's\" old harmonium"), Some("Ilse’s”  **old**\nharmonium"));
        assert_eq!(found(text, "Harmonium - cafe crème."), Some("harmonium — Café cre\u{300}me"));
        assert_eq!(found("in der Straße", "STRASSE"), Some("Straße"));
    }

    #[test]
    fn unseen_characters_do_not_hide_words() {
        assert_eq!(
            found("a se\u{200b}cr\u{202e}et plan", "secret"),
            Some("se\u{200b}cr\u{202e}et")
        );
    }

    #[test]
    fn other_words_and_halves_of_words_are_not_found() {
        assert_eq!(found("Hester left early", "Hester stayed"), None);
        assert_eq!(found("Annabel came", "Anna"), None);
        assert_eq!(found("anything", "…"), None);
    }

    #[test]
    fn a_name_is_found_with_a_possessive_and_not_inside_another() {
        let text = "Tomas' bike, Ilse's and Hesters hat; Ilsebill.";
        let names = |name: &str| -> Vec<&str> {
            Folded::of(text).find_name(name, 9).into_iter().map(|at| &text[at]).collect()
        };
        assert_eq!(names("tomas"), ["Tomas"]);
        assert_eq!(names("Ilse"), ["Ilse"]);
        assert_eq!(names("Hester"), ["Hester"]);
        assert!(names("Tom").is_empty());
    }

    #[test]
    fn unspaced_scripts_need_no_border() {
        assert_eq!(found("今天下午和小林去公园散步", "小林去公园"), Some("小林去公园"));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn every_place_found_can_be_sliced(text in "\\PC{0,60}", quote in "\\PC{1,8}") {
            let folded = Folded::of(&text);
            for at in folded.find(&quote).into_iter().chain(folded.find_name(&quote, 5)) {
                prop_assert!(text.get(at).is_some_and(|words| !words.is_empty()));
            }
        }

        #[test]
        fn a_text_is_found_in_itself(text in "[a-zäöüéA-Z0-9 ,.'’“”*_\u{200b}-]{0,40}[a-z]{2}") {
            prop_assert!(Folded::of(&text).find(&text).is_some());
        }
    }
}
