//! What the built-in analyser says of something long in short: a whole conversation.

use super::{
    Builtin, blend, feeling_words, feelings_of, join, own_words, sentences_of, summary_of, told,
    topics_of,
};
use crate::{
    mind::{Episode, Stream},
    text::{
        keyphrases,
        language::{self, Language},
    },
};

/// A long stretch of writing in short.
#[derive(Debug, Clone, PartialEq)]
pub struct Brief {
    /// Its most telling sentences, in their order.
    pub summary: String,
    /// Its phrases, the most important first.
    pub key_topics: Vec<String>,
    /// -1 to 1.
    pub valence: f32,
    /// The language of most of it.
    pub language: Option<Language>,
}

impl Builtin {
    /// Tells an episode in about `most` characters of its own words, without looking for a title,
    /// an outcome or evidence.
    #[must_use]
    pub fn brief(&self, episode: &Episode<'_>, most: usize) -> Brief {
        let whole = join(episode.passages.iter().map(|passage| told(passage.text)));
        let own = own_words(episode);
        // Between people both sides say what it is about; an assistant only answers.
        let is_own_alone = episode.stream == Stream::Assistant && !own.trim().is_empty();
        let voice = if is_own_alone { &own } else { &whole };
        let language = language::detect(&whole, None);
        let feelings = feelings_of(episode, language);
        let phrases = keyphrases::extract(voice, language, &self.corpus, 12);
        let people = self.people(episode, language);
        let topics = topics_of(&phrases, &people, &feeling_words(episode, &feelings));
        let (valence, ..) = blend(&feelings);
        Brief {
            summary: summary_of(episode, &sentences_of(episode, language), language, most),
            key_topics: topics.into_iter().map(|(_, text)| text.to_owned()).collect(),
            valence,
            language,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{mind::Passage, text::corpus::Corpus};

    #[test]
    fn a_conversation_is_told_in_its_own_words_within_the_room() {
        let says = |author, text| Passage { text, author, is_own: Some(author == "Hester") };
        let episode = Episode {
            stream: Stream::Chat,
            heading: "Tomas",
            passages: vec![
                says("Tomas", "The harmonium needs new reeds before the concert in Sörnitz."),
                says("Hester", "I am so happy that the harmonium sings again!"),
                says("Tomas", "Then we play the harmonium at the concert on Sunday."),
                says("Hester", "Ok."),
            ],
        };
        let brief = Builtin::new(Corpus::new(), &[]).brief(&episode, 120);
        assert!(brief.summary.contains("harmonium"), "{}", brief.summary);
        assert!(brief.summary.chars().count() <= 160, "{}", brief.summary);
        assert!(brief.key_topics.iter().any(|t| t.to_lowercase() == "harmonium"), "{brief:?}");
        assert!(!brief.key_topics.iter().any(|topic| topic.contains("Tomas")), "{brief:?}");
        assert!(brief.valence > 0.0);
        assert_eq!(brief.language, Some(Language::English));
    }
}
