//! What a model foretells.

use schemars::JsonSchema;
use serde::Deserialize;

/// The most tokens of it.
pub(super) const TOKENS: u32 = 500;
/// Characters of a statement.
pub(super) const STATEMENT: usize = 200;
/// Days ahead that it may look.
pub(super) const FARTHEST_DAYS: u32 = 60;

/// What a model foretells.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Reply {
    #[schemars(length(max = 4))]
    pub(super) predictions: Vec<Said>,
}

/// One thing of it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Said {
    #[schemars(range(min = 1, max = 99))]
    pub(super) confidence: u32,
    #[schemars(range(min = 1, max = 60))]
    pub(super) due_in_days: u32,
    #[schemars(length(max = 12), inner(length(max = 12)))]
    pub(super) evidence: Vec<String>,
    #[schemars(length(max = 260))]
    pub(super) statement: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::schema;

    #[test]
    fn the_schema_to_read_is_the_one_that_is_sent() {
        schema::compare("src/dream/stages/predict/prompt/schema.json", &schema::of::<Reply>());
    }

    #[test]
    fn sorting_the_fields_changes_nothing() {
        assert!(schema::is_sorted(&schema::of::<Reply>()));
    }
}
