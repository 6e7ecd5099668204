//! What a model replies about texts that say the same, and about statements that seem to contradict each
//! other.

use schemars::JsonSchema;
use serde::Deserialize;

/// The most tokens of a merged text.
pub(super) const TOKENS: u32 = 700;
/// Characters of it.
pub(super) const MOST: usize = 2_000;
/// The most tokens of a verdict.
pub(super) const VERDICT_TOKENS: u32 = 40;

/// One text for several.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Merged {
    #[schemars(length(max = 2400))]
    pub(super) summary: String,
}

/// How two statements go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    /// They cannot both be true.
    Contradiction,
    /// The later one says what has become of the earlier one.
    HasChanged,
    /// Both can be true.
    Compatible,
}

/// A verdict.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Judged {
    pub(super) verdict: Verdict,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mind::schema;

    const FOLDER: &str = "src/dream/stages/consolidate";

    #[test]
    fn the_schemas_to_read_are_those_that_are_sent() {
        schema::compare(&format!("{FOLDER}/merge/schema.json"), &schema::of::<Merged>());
        schema::compare(&format!("{FOLDER}/judge/schema.json"), &schema::of::<Judged>());
    }
}
