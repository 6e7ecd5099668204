//! Makes a value fit a schema of [`schema`](super::schema): mends what is plainly meant, leaves out what
//! nobody asked for, and names what cannot be mended.
//!
//! Only what our own schemas use is known here: type, properties, required, items, enum, limits.

use serde_json::{Map, Value};

use super::answer::{Complaint, Remark, Remarks};

/// Texts that models write where they mean nothing at all.
const NOTHING: &[&str] = &["", "null", "none", "n/a", "nil"];

/// The value as the schema wants it.
///
/// # Errors
/// In one line: which field breaks which rule. Never holds words of the value.
pub(super) fn fit(value: Value, schema: &Value, remarks: &mut Remarks) -> Result<Value, Complaint> {
    Fitting { remarks }.value(unwrapped(value, schema), schema, "")
}

/// `[{…}]` and `{"moment": {…}}` where `{…}` was asked for.
fn unwrapped(value: Value, schema: &Value) -> Value {
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        return value;
    };
    let is_it = |value: &Value| {
        value
            .as_object()
            .is_some_and(|object| object.keys().any(|key| properties.contains_key(key)))
    };
    let inner = match &value {
        Value::Array(items) if items.len() == 1 => items.first(),
        Value::Object(object) if object.len() == 1 && !is_it(&value) => object.values().next(),
        _ => None,
    };
    match inner {
        Some(inner) if is_it(inner) => inner.clone(),
        _ => value,
    }
}

struct Fitting<'r> {
    remarks: &'r mut Remarks,
}

impl Fitting<'_> {
    fn value(&mut self, value: Value, schema: &Value, name: &str) -> Result<Value, Complaint> {
        if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
            let inner = choices.iter().find(|choice| !is_type(choice, "null"));
            if value.is_null() && choices.iter().any(|choice| is_type(choice, "null")) {
                return Ok(value);
            }
            return match inner {
                Some(inner) => self.value(value, inner, name),
                None => Ok(Value::Null),
            };
        }
        let is_nullable = is_type(schema, "null");
        if value.is_null() && is_nullable {
            return Ok(value);
        }
        if is_nullable && is_nothing(&value) {
            self.remarks.add(Remark::WrongType);
            return Ok(Value::Null);
        }
        if is_type(schema, "object") {
            self.object(value, schema, name)
        } else if is_type(schema, "array") {
            self.list(value, schema, name)
        } else if is_type(schema, "integer") {
            self.number(&value, schema, name, true)
        } else if is_type(schema, "number") {
            self.number(&value, schema, name, false)
        } else if is_type(schema, "boolean") {
            self.truth(value, name)
        } else if is_type(schema, "string") || schema.get("enum").is_some() {
            self.text(value, schema, name, is_nullable)
        } else {
            Ok(value)
        }
    }

    fn object(&mut self, value: Value, schema: &Value, name: &str) -> Result<Value, Complaint> {
        let Value::Object(mut given) = value else {
            self.remarks.add(Remark::WrongType);
            return Err(Complaint(format!("{} must be an object", field(name))));
        };
        let mut object = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (key, schema) in properties.into_iter().flatten() {
            let path = if name.is_empty() { key.clone() } else { format!("{name}.{key}") };
            let value = match given.remove(key) {
                Some(value) => value,
                None => {
                    self.remarks.add(Remark::MissingField);
                    if !is_type(schema, "null") {
                        return Err(Complaint(format!("{} is missing", field(&path))));
                    }
                    Value::Null
                }
            };
            object.insert(key.clone(), self.value(value, schema, &path)?);
        }
        for _ in &given {
            self.remarks.add(Remark::ExtraField);
        }
        Ok(Value::Object(object))
    }

    /// What does not fit in a list is left out of it and counted.
    fn list(&mut self, value: Value, schema: &Value, name: &str) -> Result<Value, Complaint> {
        let items = match value {
            Value::Array(items) => items,
            value if value.is_null() || is_nothing(&value) => {
                self.remarks.add(Remark::WrongType);
                Vec::new()
            }
            value => {
                self.remarks.add(Remark::WrongType);
                vec![value]
            }
        };
        let mut list = Vec::new();
        for item in items {
            if item.is_null() {
                self.remarks.add(Remark::WrongType);
                continue;
            }
            match schema.get("items") {
                // What is wrong with it was counted where it was found.
                Some(schema) => list.extend(self.value(item, schema, name).ok()),
                None => list.push(item),
            }
        }
        if let Some(most) = limit(schema, "maxItems")
            && list.len() > most
        {
            list.truncate(most);
            self.remarks.add(Remark::TooLong);
        }
        Ok(Value::Array(list))
    }

    fn text(
        &mut self,
        value: Value,
        schema: &Value,
        name: &str,
        is_nullable: bool,
    ) -> Result<Value, Complaint> {
        let mut text = match value {
            Value::String(text) => text,
            Value::Number(number) => {
                self.remarks.add(Remark::WrongType);
                number.to_string()
            }
            Value::Array(mut items) if items.len() == 1 && items[0].is_string() => {
                self.remarks.add(Remark::WrongType);
                items.remove(0).as_str().unwrap_or_default().to_owned()
            }
            _ => {
                self.remarks.add(Remark::WrongType);
                return Err(Complaint(format!("{} must be a text", field(name))));
            }
        };
        if let Some(allowed) = schema.get("enum").and_then(Value::as_array) {
            let mut allowed = allowed.iter().filter_map(Value::as_str);
            if let Some(exact) = allowed.clone().find(|choice| *choice == text) {
                return Ok(exact.into());
            }
            let meant = text.trim().to_lowercase();
            if let Some(choice) = allowed.find(|choice| choice.to_lowercase() == meant) {
                self.remarks.add(Remark::WrongType);
                return Ok(choice.into());
            }
            self.remarks.add(Remark::UnknownValue);
            return if is_nullable {
                Ok(Value::Null)
            } else {
                Err(Complaint(format!("{} must be one of the allowed words", field(name))))
            };
        }
        if let Some(most) = limit(schema, "maxLength")
            && let Some((end, _)) = text.char_indices().nth(most)
        {
            text.truncate(end);
            self.remarks.add(Remark::TooLong);
        }
        Ok(Value::String(text))
    }

    fn number(
        &mut self,
        value: &Value,
        schema: &Value,
        name: &str,
        is_whole: bool,
    ) -> Result<Value, Complaint> {
        let given = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) => {
                self.remarks.add(Remark::WrongType);
                text.trim().trim_start_matches('+').parse().ok()
            }
            _ => None,
        };
        let Some(given) = given.filter(|given| given.is_finite()) else {
            self.remarks.add(Remark::WrongType);
            return Err(Complaint(format!("{} must be a number", field(name))));
        };
        let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
        let (least, most) = (bound("minimum"), bound("maximum"));
        let inside =
            given.max(least.unwrap_or(f64::NEG_INFINITY)).min(most.unwrap_or(f64::INFINITY));
        if inside != given {
            self.remarks.add(Remark::UnknownValue);
        }
        if !is_whole {
            return Ok(inside.into());
        }
        if inside.round() != inside {
            self.remarks.add(Remark::WrongType);
        }
        // Beyond this a float is no whole number any more.
        let whole = inside.round().clamp(-9.0e15, 9.0e15);
        Ok((whole as i64).into())
    }

    fn truth(&mut self, value: Value, name: &str) -> Result<Value, Complaint> {
        if value.is_boolean() {
            return Ok(value);
        }
        self.remarks.add(Remark::WrongType);
        match value.as_str().map(str::trim).map(str::to_lowercase).as_deref() {
            Some("true" | "yes") => Ok(true.into()),
            Some("false" | "no") => Ok(false.into()),
            _ => Err(Complaint(format!("{} must be true or false", field(name)))),
        }
    }
}

fn is_nothing(value: &Value) -> bool {
    value.as_str().is_some_and(|text| NOTHING.contains(&text.trim().to_lowercase().as_str()))
}

/// Whether a schema allows a type.
fn is_type(schema: &Value, name: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(only)) => only == name,
        Some(Value::Array(several)) => several.iter().any(|one| one == name),
        _ => schema
            .get("anyOf")
            .and_then(Value::as_array)
            .is_some_and(|choices| choices.iter().any(|choice| is_type(choice, name))),
    }
}

fn limit(schema: &Value, key: &str) -> Option<usize> {
    schema.get(key).and_then(Value::as_u64).and_then(|limit| usize::try_from(limit).ok())
}

/// A field's name comes from our schema, so that it can be said.
fn field(name: &str) -> String {
    if name.is_empty() { "the reply".into() } else { format!("the field {name}") }
}
