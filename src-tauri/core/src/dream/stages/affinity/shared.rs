//! The words that two texts share and few others have: why they are alike, in the person's own words.

use std::collections::BTreeMap;

use crate::text::{corpus::Corpus, language, markdown, words};

/// Bytes of a text that are looked at.
pub(super) const MOST_BYTES: usize = 20_000;
/// Words that are named.
const MOST_WORDS: usize = 3;

/// At most three words that both texts have, the rarest of this journal first, as the first text writes
/// them.
pub(super) fn words(a: &str, b: &str, corpus: &Corpus) -> Vec<String> {
    let (a, b) = (stems(a), stems(b));
    let mut shared: Vec<(&String, &String)> =
        a.iter().filter(|(stem, _)| b.contains_key(*stem)).collect();
    shared.sort_by(|x, y| corpus.idf(y.0).total_cmp(&corpus.idf(x.0)).then(x.0.cmp(y.0)));
    shared.into_iter().take(MOST_WORDS).map(|(_, word)| word.clone()).collect()
}

/// The stems of the words that carry topic, each with the word as it is first written.
fn stems(text: &str) -> BTreeMap<String, String> {
    let language = language::detect(text, None);
    let prose = markdown::prose(text);
    let mut stems = BTreeMap::new();
    for word in words::iter(&prose) {
        let folded = words::fold(word.text);
        if folded.chars().count() > 2
            && !word.is_number()
            && !words::is_stop_word(&folded, language)
        {
            stems.entry(words::stem(word.text, language)).or_insert_with(|| word.text.to_owned());
        }
    }
    stems
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rarest_words_that_both_have_are_named() {
        let mut corpus = Corpus::new();
        for _ in 0..5 {
            corpus.add("Rowed on the lake.", Some(language::Language::English));
        }
        let shared = words(
            "Rowed on the lake to the heron with Ilse.",
            "On the lake again: herons, and Ilse rowed.",
            &corpus,
        );
        assert!(shared.contains(&"heron".into()) && shared.contains(&"Ilse".into()), "{shared:?}");
    }
}
