//! What a model replies to a question, and how its sentences are read while they still come.

use schemars::JsonSchema;
use serde::Deserialize;

/// The most tokens of it.
pub(super) const TOKENS: u32 = 700;
/// Characters of a sentence.
pub(super) const SENTENCE: usize = 400;

/// An answer as a model gives it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Reply {
    pub(super) is_answered: bool,
    #[schemars(length(max = 6))]
    pub(super) sentences: Vec<Said>,
}

/// A sentence, and what it says bears it out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub(super) struct Said {
    #[schemars(length(max = 8), inner(length(max = 12)))]
    pub(super) citations: Vec<String>,
    #[schemars(length(max = 500))]
    pub(super) text: String,
}

/// A reply that is still coming.
#[derive(Debug, Default)]
pub(super) struct Coming {
    text: String,
    /// Where the next sentence may begin; absent before the first.
    at: Option<usize>,
    is_over: bool,
}

impl Coming {
    /// Takes the next words. Returns the sentences that are whole by now, each once.
    pub(super) fn take(&mut self, words: &str) -> Vec<Said> {
        self.text.push_str(words);
        let mut whole = Vec::new();
        while let Some(object) = self.next_object() {
            whole.extend(serde_json::from_str::<Said>(&object).ok());
        }
        whole
    }

    fn next_object(&mut self) -> Option<String> {
        if self.is_over {
            return None;
        }
        let at = match self.at {
            Some(at) => at,
            None => self.begin()?,
        };
        let rest = &self.text[at..];
        let skipped = rest.len() - rest.trim_start_matches([' ', '\n', '\r', '\t', ',']).len();
        let body = &rest[skipped..];
        if body.starts_with(']') {
            self.is_over = true;
        }
        if !body.starts_with('{') {
            return None;
        }
        let length = length_of_object(body)?;
        let object = body[..length].to_owned();
        self.at = Some(at + skipped + length);
        Some(object)
    }

    /// Behind the bracket of the list, unless the model has said that it has no answer.
    fn begin(&mut self) -> Option<usize> {
        let name = self.text.find("\"sentences\"")?;
        let list = name + self.text[name..].find('[')? + 1;
        let before: String = self.text[..name].split_whitespace().collect();
        self.is_over = before.contains("\"is_answered\":false");
        self.at = Some(list);
        (!self.is_over).then_some(list)
    }
}

/// Bytes of the object that a text begins with, if it is whole.
fn length_of_object(text: &str) -> Option<usize> {
    let (mut depth, mut is_string, mut is_escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_string => is_escaped = true,
            b'"' => is_string = !is_string,
            b'{' if !is_string => depth += 1,
            b'}' if !is_string => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::schema;

    #[test]
    fn the_schema_to_read_is_the_one_that_is_sent() {
        schema::compare("src/search/ask/prompt/schema.json", &schema::of::<Reply>());
    }

    #[test]
    fn sorting_the_fields_changes_nothing() {
        assert!(schema::is_sorted(&schema::of::<Reply>()));
    }

    const REPLY: &str = r#"{"is_answered": true, "sentences": [
        {"citations": ["m1"], "text": "A \"brace\" } in {words} – and ü."},
        {"citations": ["m2", "r1"], "text": "Two."}], "more": [{"citations": [], "text": "no"}]}"#;

    #[test]
    fn sentences_are_read_as_soon_as_they_are_whole_wherever_the_reply_is_cut() {
        let whole: Vec<Said> = Coming::default().take(REPLY);
        assert_eq!(whole.len(), 2);
        assert_eq!(whole[0].text, "A \"brace\" } in {words} – and ü.");
        let mut coming = Coming::default();
        let mut found = Vec::new();
        for c in REPLY.chars() {
            found.extend(coming.take(&c.to_string()));
        }
        assert_eq!(found, whole);
    }

    #[test]
    fn nothing_is_read_of_a_reply_that_has_no_answer_or_is_no_reply() {
        let refused = REPLY.replace("true", "false");
        assert!(Coming::default().take(&refused).is_empty());
        for text in ["", "{", "\"sentences\": [}", "I would say [{]}", "\"sentences\"[[[["] {
            assert!(Coming::default().take(text).is_empty(), "{text}");
        }
    }
}
