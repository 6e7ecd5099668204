//! What a model replies about an episode. The names are chosen so that evidence comes before judgement
//! even where a server sorts the fields.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use serde_json::Value;

use crate::{
    mind::{MOMENT_TYPES, schema},
    text::feelings::FEELINGS,
};

/// The most tokens of it: all fields at their usual length, twice over.
pub(super) const TOKENS: u32 = 600;
/// The most tokens of what people came to together, beside them.
pub(super) const INSIGHT_TOKENS: u32 = 200;
pub(super) const TITLE: usize = 70;
pub(super) const SUMMARY: usize = 400;
pub(super) const OUTCOME: usize = 160;
pub(super) const INSIGHT: usize = 200;

/// A description as a model gives it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Reply {
    #[schemars(length(max = 4))]
    pub(super) evidence: Vec<Quote>,
    #[schemars(length(max = 4))]
    pub(super) feelings: Vec<Feeling>,
    /// Only asked for where several people meet the keeper.
    #[schemars(length(max = 3))]
    #[serde(default)]
    pub(super) insights: Option<Vec<Insight>>,
    #[schemars(schema_with = "moment_types")]
    pub(super) moment_type: String,
    #[schemars(length(max = 200))]
    pub(super) outcome: Option<String>,
    #[schemars(length(max = 8), inner(length(max = 60)))]
    pub(super) people: Vec<String>,
    #[schemars(length(max = 500))]
    pub(super) summary: String,
    #[schemars(length(max = 5), inner(length(max = 40)))]
    pub(super) tags: Vec<String>,
    #[schemars(length(max = 90))]
    pub(super) title: String,
    #[schemars(range(min = -2, max = 2))]
    pub(super) valence: i8,
}

/// Words of a passage.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Quote {
    #[schemars(length(max = 12))]
    pub(super) passage: Option<String>,
    #[schemars(length(max = 240))]
    pub(super) quote: String,
    #[schemars(length(max = 5))]
    pub(super) time: Option<String>,
}

/// What people decided or learnt together, with the words that say so.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Insight {
    #[schemars(length(max = 12))]
    pub(super) passage: Option<String>,
    #[schemars(length(max = 240))]
    pub(super) quote: String,
    #[schemars(length(max = 240))]
    pub(super) told: String,
}

/// Something felt.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Feeling {
    #[schemars(schema_with = "labels")]
    pub(super) label: String,
    pub(super) strength: Strength,
}

/// How strongly.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Strength {
    Weak,
    Clear,
    Strong,
}

impl Strength {
    /// On the scale of the built-in analyser, where one plain word gives about 0.6.
    pub(super) fn weight(self) -> f32 {
        match self {
            Self::Weak => 0.35,
            Self::Clear => 0.6,
            Self::Strong => 0.85,
        }
    }
}

/// What a model replies about a long episode, from what was noted of its parts.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Merged {
    #[schemars(length(max = 600))]
    pub(super) summary: String,
    #[schemars(length(max = 90))]
    pub(super) title: String,
}

/// The schema of a [`Reply`] as one question has it: with the person's own types of moments, and with
/// insights only where a group is asked about.
pub(super) fn schema<'a>(own_types: impl Iterator<Item = &'a str>, is_group: bool) -> Value {
    let mut schema = schema::of::<Reply>();
    let words = schema.pointer_mut("/properties/moment_type/enum").and_then(Value::as_array_mut);
    if let Some(words) = words {
        let own = own_types.map(Value::from).filter(|name| !words.contains(name));
        let own: Vec<Value> = own.collect();
        words.extend(own);
    }
    if !is_group {
        let is_asked = |name: &str| name != "insights";
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            properties.retain(|name, _| is_asked(name));
        }
        if let Some(required) = schema.get_mut("required").and_then(Value::as_array_mut) {
            required.retain(|name| name.as_str().is_some_and(is_asked));
        }
    }
    schema
}

fn moment_types(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": MOMENT_TYPES })
}

fn labels(_: &mut SchemaGenerator) -> Schema {
    let labels: Vec<&str> = FEELINGS.iter().map(|feeling| feeling.label).collect();
    json_schema!({ "type": "string", "enum": labels })
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;
    use crate::mind::schema;

    const FOLDER: &str = "src/dream/stages/moments";

    #[test]
    fn the_schemas_to_read_are_those_that_are_sent() {
        schema::compare(&format!("{FOLDER}/prompt/schema.json"), &schema::of::<Reply>());
        schema::compare(&format!("{FOLDER}/merge/schema.json"), &schema::of::<Merged>());
    }

    #[test]
    fn a_question_has_the_types_of_its_journal_and_insights_only_of_groups() {
        let words = |schema: &Value| schema.pointer("/properties/moment_type/enum").cloned();
        let plain = super::schema(["exercise"].into_iter(), false);
        assert_eq!(words(&plain), words(&schema::of::<Reply>()), "one word stands there once");
        assert!(!plain.to_string().contains("insights"));
        let of_group = super::schema(["climbing"].into_iter(), true);
        assert!(of_group.to_string().contains("\"climbing\""));
        assert!(of_group["required"].as_array().unwrap().contains(&"insights".into()));
        assert!(schema::is_sorted(&plain) && schema::is_sorted(&of_group));
    }

    #[test]
    fn sorting_the_fields_changes_nothing() {
        assert!(schema::is_sorted(&schema::of::<Reply>()));
        assert!(schema::is_sorted(&schema::of::<Merged>()));
    }
}
