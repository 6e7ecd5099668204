//! A profile as a model gives it.

use schemars::JsonSchema;
use serde::Deserialize;

/// The most tokens of a reply.
pub(super) const TOKENS: u32 = 700;
/// Characters of a sentence.
pub(super) const TEXT: usize = 280;

/// Who somebody is lately. The fields are named so that evidence comes before the sentence in every order.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Reply {
    #[schemars(length(max = 7))]
    pub(super) lines: Vec<Said>,
}

/// One sentence and the pieces it rests on.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Said {
    #[schemars(length(max = 6), inner(length(max = 8)))]
    pub(super) evidence: Vec<String>,
    #[schemars(length(max = 320))]
    pub(super) text: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::schema;

    #[test]
    fn the_schema_is_kept_beside_the_prompt_and_sorted() {
        let made = schema::of::<Reply>();
        schema::compare("src/dream/stages/profile/prompt/schema.json", &made);
        assert!(schema::is_sorted(&made));
    }
}
