//! A conversation told without a model: in its own most telling words, or by how it began where a model
//! was missed on the way.

use super::{Conversation, reply};
use crate::{
    mind::{builtin, builtin::Builtin},
    sessions::Summary,
    text::{clean, language::Language},
};

/// Messages that a conversation is told by where a model failed.
const FIRST: usize = 5;
/// Characters of each of them.
const MOST_CHARS: usize = 160;

/// The built-in analyser's summary.
pub(super) fn told(conversation: &Conversation, builtin: &Builtin) -> Summary {
    let brief = builtin.brief(&conversation.episode(), reply::SUMMARY);
    Summary {
        summary: if brief.summary.is_empty() { began(conversation, None) } else { brief.summary },
        key_topics: brief.key_topics,
        valence: brief.valence.clamp(-1.0, 1.0),
        language: brief.language.map_or_else(String::new, |language| language.code().to_owned()),
        mind: builtin::NAME.into(),
        is_provisional: false,
    }
}

/// What stands in for a model's summary until there is one: how the conversation began, and how many
/// messages follow. Topics and valence are the built-in analyser's.
pub(super) fn stand_in(conversation: &Conversation, builtin: &Builtin) -> Summary {
    let told = told(conversation, builtin);
    let language = Language::from_code(&told.language);
    Summary { summary: began(conversation, language), is_provisional: true, ..told }
}

/// The first messages that have words, and the number of those that follow.
fn began(conversation: &Conversation, language: Option<Language>) -> String {
    let lines = &conversation.lines;
    let mut told: Vec<String> = Vec::new();
    let mut n_passed = 0;
    for line in lines {
        if told.len() == FIRST {
            break;
        }
        n_passed += 1;
        let words = clean::visible(&line.text).split_whitespace().collect::<Vec<_>>().join(" ");
        let mut words = clean::cut(&words, MOST_CHARS);
        if words.ends_with(char::is_alphanumeric) {
            words.push('.');
        }
        if !words.is_empty() {
            told.push(words);
        }
    }
    match (lines.len() - n_passed, language) {
        (0, _) => {}
        (n, Some(Language::English)) => told.push(format!("… and {n} more messages.")),
        (n, Some(Language::German)) => told.push(format!("… und {n} weitere Nachrichten.")),
        (n, _) => told.push(format!("… (+{n})")),
    }
    told.join(" ")
}
