//! JSON schemas for models, derived from the Rust types that their replies become.

use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

/// The schema of a reply: without references, titles and formats, every property required and none but
/// these. What can be absent is nullable, because small models leave out what is optional.
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
    match schema {
        Value::Object(object) => {
            for useless in ["$schema", "title", "format", "default", "definitions"] {
                object.remove(useless);
            }
            if let Some(properties) = object.get("properties").and_then(Value::as_object) {
                let names = properties.keys().cloned().map(Value::String).collect();
                object.insert("required".into(), Value::Array(names));
                object.insert("additionalProperties".into(), Value::Bool(false));
            }
            object.values_mut().for_each(tighten);
        }
        Value::Array(items) => items.iter_mut().for_each(tighten),
        _ => {}
    }
}
