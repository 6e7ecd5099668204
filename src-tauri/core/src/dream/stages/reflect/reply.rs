//! What a model replies to a reflection.

use schemars::JsonSchema;
use serde::Deserialize;

/// The most tokens of it.
pub(super) const TOKENS: u32 = 900;
/// Characters of a reflection.
pub(super) const REFLECTION: usize = 800;
/// Characters of a statement.
pub(super) const STATEMENT: usize = 200;

/// A reflection as a model gives it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Reply {
    #[schemars(length(max = 4))]
    pub(super) patterns: Vec<Said>,
    #[schemars(length(max = 1000))]
    pub(super) reflection: String,
    #[schemars(range(min = -2, max = 2))]
    pub(super) sentiment: i8,
    #[schemars(length(max = 4))]
    pub(super) strategies: Vec<Said>,
    #[schemars(length(max = 5))]
    pub(super) themes: Vec<Said>,
}

/// Something it says it found, and in which moments.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Said {
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
        schema::compare("src/dream/stages/reflect/prompt/schema.json", &schema::of::<Reply>());
    }

    #[test]
    fn sorting_the_fields_changes_nothing() {
        assert!(schema::is_sorted(&schema::of::<Reply>()));
    }
}
