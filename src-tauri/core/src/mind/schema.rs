//! JSON schemas for models, derived from the Rust types that their replies become.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// What a schema for a model says of a value; all else is for people or is ignored by grammars.
const KEPT: &[&str] = &[
    "type",
    "properties",
    "required",
    "additionalProperties",
    "items",
    "enum",
    "anyOf",
    "minimum",
    "maximum",
    "maxLength",
    "maxItems",
];

/// The schema of a reply: without references, titles and formats, every property required and none but
/// these. What can be absent is nullable, because small models leave out what is optional.
///
/// The properties stand in the order of the type's fields. Some servers sort them: fields are to be named
/// so that evidence comes before judgement in both orders.
#[must_use]
pub fn of<T: JsonSchema>() -> Value {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let mut schema = schema.to_value();
    tighten(&mut schema);
    schema
}

fn tighten(schema: &mut Value) {
    let Some(object) = schema.as_object_mut() else { return };
    object.retain(|key, _| KEPT.contains(&key.as_str()));
    if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
        properties.values_mut().for_each(tighten);
        let names = properties.keys().cloned().map(Value::String).collect();
        object.insert("required".into(), Value::Array(names));
        object.insert("additionalProperties".into(), Value::Bool(false));
    }
    if let Some(items) = object.get_mut("items") {
        tighten(items);
    }
    if let Some(choices) = object.get_mut("anyOf").and_then(Value::as_array_mut) {
        choices.iter_mut().for_each(tighten);
    }
}

/// Compares a schema with the file that is kept for reading beside its prompt; with `UPDATE=1` the file
/// is written.
#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
pub(crate) fn compare(path: &str, schema: &Value) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let made = format!("{}\n", serde_json::to_string_pretty(schema).unwrap());
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &made).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(kept, made, "{path} is not that of its type: run this test with UPDATE=1");
}

/// Whether the properties come in the same order when a server sorts them.
#[cfg(test)]
pub(crate) fn is_sorted(schema: &Value) -> bool {
    let own = schema.get("properties").and_then(Value::as_object);
    let names: Vec<&String> = own.into_iter().flatten().map(|(name, _)| name).collect();
    let inner = own.into_iter().flatten().all(|(_, schema)| is_sorted(schema));
    names.is_sorted() && inner && schema.get("items").is_none_or(is_sorted)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A page.
    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Page {
        #[schemars(length(max = 3), inner(length(max = 20)))]
        quotes: Vec<String>,
        format: Line,
        title: Option<String>,
        #[schemars(range(min = -2, max = 2))]
        valence: i8,
    }

    #[derive(JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Line {
        #[schemars(length(max = 5))]
        text: Option<String>,
    }

    #[test]
    fn limits_stay_and_every_property_is_required() {
        assert_eq!(
            of::<Page>(),
            json!({
                "type": "object",
                "properties": {
                    "quotes": {
                        "type": "array", "maxItems": 3,
                        "items": { "type": "string", "maxLength": 20 },
                    },
                    "format": {
                        "type": "object",
                        "properties": { "text": { "type": ["string", "null"], "maxLength": 5 } },
                        "required": ["text"],
                        "additionalProperties": false,
                    },
                    "title": { "type": ["string", "null"] },
                    "valence": { "type": "integer", "minimum": -2, "maximum": 2 },
                },
                "required": ["quotes", "format", "title", "valence"],
                "additionalProperties": false,
            })
        );
    }

    #[test]
    fn an_order_that_sorting_changes_is_seen() {
        assert!(!is_sorted(&of::<Page>()));
        assert!(is_sorted(&of::<Line>()));
    }
}
