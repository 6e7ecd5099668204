//! What a model replies about a conversation. The names are chosen so that what was said comes before how
//! it was even where a server sorts the fields.

use schemars::JsonSchema;
use serde::Deserialize;

/// The most tokens of it: all fields at their usual length, twice over.
pub(super) const TOKENS: u32 = 400;
/// Characters of a summary.
pub(super) const SUMMARY: usize = 600;
/// Characters of a topic.
pub(super) const TOPIC: usize = 48;
/// Topics of a conversation.
pub(super) const MOST_TOPICS: usize = 5;

/// A conversation, or a part of it, as a model tells it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Reply {
    #[schemars(length(max = 5), inner(length(max = 60)))]
    pub(super) key_topics: Vec<String>,
    #[schemars(length(max = 800))]
    pub(super) summary: String,
    #[schemars(range(min = -2, max = 2))]
    pub(super) valence: i8,
}

/// A long conversation as a model tells it from what was noted of its parts.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Merged {
    #[schemars(length(max = 800))]
    pub(super) summary: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::schema;

    const FOLDER: &str = "src/dream/stages/summarize";

    #[test]
    fn the_schemas_to_read_are_those_that_are_sent() {
        schema::compare(&format!("{FOLDER}/prompt/schema.json"), &schema::of::<Reply>());
        schema::compare(&format!("{FOLDER}/merge/schema.json"), &schema::of::<Merged>());
    }

    #[test]
    fn sorting_the_fields_changes_nothing() {
        assert!(schema::is_sorted(&schema::of::<Reply>()));
        assert!(schema::is_sorted(&schema::of::<Merged>()));
    }
}
