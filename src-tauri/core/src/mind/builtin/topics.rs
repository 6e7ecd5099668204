//! What a whole text is about, as tags with their weights.

use super::{Builtin, person, topics_of};
use crate::text::{
    keyphrases, language,
    names::{self, NameKind},
};

/// Phrases that are looked at; some of them only name people.
const PHRASES: usize = 12;

impl Builtin {
    /// The best tags of a text, best first, each with its weight: the best has 1. People are not tags.
    #[must_use]
    pub fn topics(&self, text: &str) -> Vec<(String, f32)> {
        let language = language::detect(text, None);
        let phrases = keyphrases::extract(text, language, &self.corpus, PHRASES);
        let mut people = Vec::new();
        for found in names::find(text, language, &self.known) {
            if found.kind == NameKind::Person {
                person(&mut people, &found.text, found.confidence);
            }
        }
        let score = |of: &str| {
            let phrase = phrases.iter().find(|phrase| phrase.text == of);
            phrase.map_or(0.0, |phrase| phrase.score)
        };
        let chosen = topics_of(&phrases, &people, &[]);
        // The best phrase of all may be somebody's name.
        let best = chosen.first().map_or(0.0, |(_, phrase)| score(phrase)).max(f32::MIN_POSITIVE);
        chosen
            .into_iter()
            .map(|(tag, phrase)| (tag, (score(phrase) / best).clamp(f32::MIN_POSITIVE, 1.0)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::corpus::Corpus;

    #[test]
    fn a_text_is_about_things_and_not_about_people() {
        let builtin = Builtin::new(Corpus::default(), &["Ilse".into()]);
        let topics = builtin.topics(
            "Tuned the harmonium with Ilse. The harmonium has a cracked reed, and Ilse knows a reed maker.",
        );
        assert_eq!(topics.first().map(|(_, score)| *score), Some(1.0));
        assert!(topics.iter().any(|(tag, _)| tag == "harmonium"), "{topics:?}");
        assert!(!topics.iter().any(|(tag, _)| tag.contains("ilse")), "{topics:?}");
        assert!(topics.iter().all(|(_, score)| *score > 0.0 && *score <= 1.0));
        assert!(builtin.topics("…").is_empty());
    }
}
