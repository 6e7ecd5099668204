//! The types of edges: one vocabulary, with a name for either direction.

use std::collections::BTreeSet;

use crate::{
    Error, Result, api::graph::EdgeType, graph::alike::SIMILAR, store::rows::ENGAGED_WITH,
};

/// A moment names somebody.
pub(crate) const INVOLVES: &str = "involves";
/// A moment is about a topic.
pub(crate) const ABOUT: &str = "about";
/// A moment rests on a note.
pub(crate) const CONTAINS: &str = "contains";
/// A moment rests on a conversation.
pub(crate) const CAPTURED_IN: &str = "captured_in";
/// Two topics share moments, as dreams count it.
pub(crate) const RELATED: &str = "related_to";
/// A topic is a part of another one.
pub(crate) const BROADER: &str = "broader";
/// Somebody shares moments with a topic, or with somebody else.
pub(crate) const TOGETHER: &str = "together_with";

struct Kind {
    name: &'static str,
    inverse: &'static str,
    aliases: &'static [&'static str],
    between: &'static str,
    meaning: &'static str,
    weight: &'static str,
    is_stored: bool,
}

/// `extracted_from` of the papers, which dreams keep beside the evidence, is in `contains` and `captured_in`.
const KINDS: &[Kind] = &[
    Kind {
        name: CONTAINS,
        inverse: "contained_in",
        aliases: &["extracted_from"],
        between: "moment → note",
        meaning: "the moment rests on words of the note",
        weight: "the note's share of the bytes it rests on",
        is_stored: false,
    },
    Kind {
        name: CAPTURED_IN,
        inverse: "captures",
        aliases: &["extracted_from"],
        between: "moment → conversation",
        meaning: "the moment rests on messages of the conversation",
        weight: "the conversation's share of the bytes it rests on",
        is_stored: false,
    },
    Kind {
        name: INVOLVES,
        inverse: "involved_in",
        aliases: &[],
        between: "moment → person",
        meaning: "the person took part in the moment",
        weight: "1",
        is_stored: true,
    },
    Kind {
        name: ABOUT,
        inverse: "subject_of",
        aliases: &[],
        between: "moment → topic",
        meaning: "the moment has a tag of the topic",
        weight: "1",
        is_stored: false,
    },
    Kind {
        name: RELATED,
        inverse: RELATED,
        aliases: &[],
        between: "topic – topic",
        meaning: "they share moments",
        weight: "shared moments by all of either, times n / (n + 1)",
        is_stored: true,
    },
    Kind {
        name: BROADER,
        inverse: "narrower",
        aliases: &["part_of"],
        between: "topic → topic",
        meaning: "the one is a part of the other",
        weight: "1",
        is_stored: false,
    },
    Kind {
        name: TOGETHER,
        inverse: TOGETHER,
        aliases: &[],
        between: "person – topic, person – person",
        meaning: "they share moments",
        weight: "shared moments by all of either, times n / (n + 1)",
        is_stored: false,
    },
    Kind {
        name: ENGAGED_WITH,
        inverse: "engaged",
        aliases: &[],
        between: "me → moment, note, conversation",
        meaning: "the journal's owner was busy with it lately",
        weight: "as the profile reckons it",
        is_stored: true,
    },
    Kind {
        name: SIMILAR,
        inverse: SIMILAR,
        aliases: &["similar"],
        between: "note or conversation – the same",
        meaning: "their words are alike",
        weight: "the cosine of their vectors",
        is_stored: true,
    },
    Kind {
        name: "continues",
        inverse: "continued_by",
        aliases: &["builds_on"],
        between: "note or conversation → the same",
        meaning: "the one goes on with the other, as a model judged",
        weight: "weak 0.17, clear 0.5, strong 0.83",
        is_stored: true,
    },
    Kind {
        name: "elaborates",
        inverse: "elaborated_by",
        aliases: &["builds_on"],
        between: "note or conversation → the same",
        meaning: "the one says more of the other, as a model judged",
        weight: "weak 0.17, clear 0.5, strong 0.83",
        is_stored: true,
    },
    Kind {
        name: "contradicts",
        inverse: "contradicts",
        aliases: &[],
        between: "note or conversation – the same",
        meaning: "they say what cannot both be so, as a model judged",
        weight: "weak 0.17, clear 0.5, strong 0.83",
        is_stored: true,
    },
    Kind {
        name: "refers-to",
        inverse: "referred-to-by",
        aliases: &["references"],
        between: "note or conversation → the same",
        meaning: "the one speaks of the other, as a model judged",
        weight: "weak 0.17, clear 0.5, strong 0.83",
        is_stored: true,
    },
    Kind {
        name: "same-topic",
        inverse: "same-topic",
        aliases: &[],
        between: "note or conversation – the same",
        meaning: "they are about one subject, as a model judged",
        weight: "weak 0.17, clear 0.5, strong 0.83",
        is_stored: true,
    },
];

/// The vocabulary as it is shown.
pub(crate) fn all() -> Vec<EdgeType> {
    let owned = |text: &&str| (*text).to_owned();
    KINDS
        .iter()
        .map(|kind| EdgeType {
            name: kind.name.into(),
            inverse: kind.inverse.into(),
            aliases: kind.aliases.iter().map(owned).collect(),
            between: kind.between.into(),
            meaning: kind.meaning.into(),
            weight: kind.weight.into(),
            is_stored: kind.is_stored,
        })
        .collect()
}

/// Whether an edge of this type says the same from either end. What no list knows has a direction.
pub(crate) fn is_symmetric(rel_type: &str) -> bool {
    KINDS.iter().any(|kind| kind.name == rel_type && kind.inverse == rel_type)
}

/// What an edge of this type is called from the end that it leads to.
pub(crate) fn inverse(rel_type: &str) -> &str {
    KINDS.iter().find(|kind| kind.name == rel_type).map_or(rel_type, |kind| kind.inverse)
}

/// The types that some words mean: none for no words, which is all types.
///
/// # Errors
/// A word is no type of edges.
pub(crate) fn wanted(words: &[String]) -> Result<Option<BTreeSet<&'static str>>> {
    let spelt = |word: &str| word.trim().to_lowercase().replace('-', "_");
    let mut types = BTreeSet::new();
    for word in words {
        let wanted = spelt(word);
        let means = |kind: &&Kind| {
            [kind.name, kind.inverse].iter().chain(kind.aliases).any(|name| spelt(name) == wanted)
        };
        let n_before = types.len();
        let mut is_known = false;
        for kind in KINDS.iter().filter(means) {
            is_known = true;
            types.insert(kind.name);
        }
        if !is_known && types.len() == n_before {
            let names: Vec<&str> = KINDS.iter().map(|kind| kind.name).collect();
            return Err(Error::invalid(format!(
                "“{word}” is no type of edges: there are {}",
                names.join(", ")
            )));
        }
    }
    Ok((!words.is_empty()).then_some(types))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted_of(words: &[&str]) -> Vec<&'static str> {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        wanted(&words).expect("they are types").unwrap_or_default().into_iter().collect()
    }

    #[test]
    fn a_type_is_known_by_either_direction_and_by_the_names_of_the_papers() {
        assert_eq!(wanted_of(&["narrower"]), ["broader"]);
        assert_eq!(wanted_of(&["Extracted-From"]), ["captured_in", "contains"]);
        assert_eq!(
            wanted_of(&["references", "builds_on"]),
            ["continues", "elaborates", "refers-to"]
        );
        assert!(wanted(&[]).expect("nothing").is_none());
    }

    #[test]
    fn what_is_no_type_is_refused_with_those_there_are() {
        let error = wanted(&["friend_of".into()]).expect_err("refused").to_string();
        assert!(error.contains("“friend_of”") && error.contains("related_to"), "{error}");
    }

    #[test]
    fn every_type_has_a_name_for_either_direction_that_no_other_type_has() {
        let mut names = BTreeSet::new();
        for kind in KINDS {
            assert!(names.insert(kind.name), "{}", kind.name);
            assert!(kind.name == kind.inverse || names.insert(kind.inverse), "{}", kind.inverse);
        }
    }
}
