//! What a model replies about a community of topics.

use schemars::JsonSchema;
use serde::Deserialize;

/// The most tokens of it: a few words in any script, twice over.
pub(super) const TOKENS: u32 = 60;
/// Characters of a name.
pub(super) const NAME: usize = 40;

/// A community as a model calls it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Reply {
    #[schemars(length(max = 60))]
    pub(super) name: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::schema;

    #[test]
    fn the_schema_to_read_is_the_one_that_is_sent() {
        schema::compare("src/dream/stages/topics/prompt/schema.json", &schema::of::<Reply>());
        assert!(schema::is_sorted(&schema::of::<Reply>()));
    }
}
