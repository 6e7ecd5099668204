//! The properties of a front matter that the journal uses, read leniently: whatever else stands
//! there, of whatever type, is passed over.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// The properties the journal uses; the others are passed over.
#[derive(Debug, Default)]
pub(super) struct Properties {
    /// `title`.
    pub(super) title: Option<Value>,
    /// `tags` and `tag`, each as it stands.
    pub(super) tags: Vec<Value>,
    /// When it happened, in the order of trust.
    pub(super) happened: [Option<Value>; HAPPENED.len()],
    /// When it was written down, in the order of trust.
    pub(super) created: [Option<Value>; CREATED.len()],
    /// A clock time that belongs to a date without one.
    pub(super) time: Option<Value>,
    /// When it ended.
    pub(super) end: Option<Value>,
}

const HAPPENED: [&str; 5] = ["date", "datetime", "day", "start", "when"];
const CREATED: [&str; 7] = [
    "created",
    "created_at",
    "created-at",
    "date created",
    "creation_date",
    "createdat",
    "timestamp",
];

impl Properties {
    fn put(&mut self, key: &str, value: Value) {
        let key = key.trim().to_lowercase();
        let place = |names: &[&str]| names.iter().position(|name| *name == key);
        if let Some(n) = place(&HAPPENED) {
            self.happened[n].get_or_insert(value);
        } else if let Some(n) = place(&CREATED) {
            self.created[n].get_or_insert(value);
        } else {
            match key.as_str() {
                "title" => self.title = Some(value),
                "tags" | "tag" | "keywords" => self.tags.push(value),
                "time" | "start_time" | "starttime" => self.time = Some(value),
                "end" | "end_time" | "endtime" | "until" => self.end = Some(value),
                _ => {}
            }
        }
    }
}

/// A property's value, as far as the journal is interested.
#[derive(Debug)]
pub(super) enum Value {
    /// A text or a number.
    Text(String),
    /// A list of texts.
    List(Vec<String>),
    /// Anything else.
    Other,
}

impl Value {
    /// The text, or the first of a list.
    pub(super) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::List(list) => list.first().cloned(),
            Self::Other => None,
        }
    }

    /// Tags come as a list, or as a text of words.
    pub(super) fn words(&self) -> Vec<String> {
        match self {
            Self::Text(text) if text.contains(',') => text.split(',').map(str::to_owned).collect(),
            Self::Text(text) => text.split_whitespace().map(str::to_owned).collect(),
            Self::List(list) => list.clone(),
            Self::Other => Vec::new(),
        }
    }
}

impl<'de> Deserialize<'de> for Properties {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Properties;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("properties such as “title: …”")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Properties, A::Error> {
                let mut properties = Properties::default();
                while let Some(key) = map.next_key::<Value>()? {
                    let value = map.next_value::<Value>()?;
                    if let Value::Text(key) = key {
                        properties.put(&key, value);
                    }
                }
                Ok(properties)
            }
        }
        deserializer.deserialize_map(Reader)
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Value;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }
            fn visit_str<E>(self, text: &str) -> Result<Value, E> {
                Ok(Value::Text(text.to_owned()))
            }
            fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
                Ok(Value::Text(number.to_string()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
                Ok(Value::Text(number.to_string()))
            }
            fn visit_u128<E>(self, number: u128) -> Result<Value, E> {
                Ok(Value::Text(number.to_string()))
            }
            fn visit_i128<E>(self, number: i128) -> Result<Value, E> {
                Ok(Value::Text(number.to_string()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
                Ok(Value::Text(number.to_string()))
            }
            fn visit_bool<E>(self, _: bool) -> Result<Value, E> {
                Ok(Value::Other)
            }
            fn visit_bytes<E>(self, _: &[u8]) -> Result<Value, E> {
                Ok(Value::Other)
            }
            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Other)
            }
            fn visit_none<E>(self) -> Result<Value, E> {
                Ok(Value::Other)
            }
            fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
                Value::deserialize(deserializer)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = seq.next_element::<Value>()? {
                    match item {
                        Value::Text(text) => list.push(text),
                        // `- [[Books]]` without quotes is a list in a list.
                        Value::List(inner) => list.extend(inner),
                        Value::Other => {}
                    }
                }
                Ok(Value::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Value::Other)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}
