//! Finds the JSON value in what a model said: behind thoughts, in a code fence, among prose.

use std::fmt;

use serde::{
    Deserialize,
    de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use super::answer::{Complaint, Remark, Remarks};

/// Bytes of a reply that are looked through. What was asked for is a tenth of it at most.
const LONGEST: usize = 256 * 1024;
/// Places that are tried for the beginning of a value.
const MOST_TRIES: usize = 400;
/// Ends of thoughts behind which the value is looked for.
const MOST_ENDS: usize = 8;
/// How models mark their thoughts.
const THOUGHTS: &[&str] = &["think", "thinking", "thought", "reasoning"];

/// The value of a reply.
pub(super) fn find(text: &str, remarks: &mut Remarks) -> Result<Value, Complaint> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let none = |remarks: &mut Remarks| {
        remarks.add(Remark::NoJson);
        Complaint("the reply is no JSON object".into())
    };
    if text.len() > LONGEST {
        return Err(none(remarks));
    }
    match read(text) {
        Parsed::Good(value, end) if text[end..].trim().is_empty() => return Ok(value),
        Parsed::Repeated if serde_json::from_str::<Value>(text).is_ok() => {
            return Err(repeated(remarks));
        }
        _ => {}
    }
    let (rest, has_thoughts) = without_thoughts(text);
    let Some(found) = among_prose(rest) else { return Err(none(remarks)) };
    if has_thoughts {
        remarks.add(Remark::Thoughts);
    }
    let (before, after, is_fenced) = without_fence(&rest[..found.start], &rest[found.end..]);
    if is_fenced {
        remarks.add(Remark::Fenced);
    }
    if !before.trim().is_empty() || !after.trim().is_empty() {
        remarks.add(Remark::Prose);
    }
    found.value.ok_or_else(|| repeated(remarks))
}

fn repeated(remarks: &mut Remarks) -> Complaint {
    remarks.add(Remark::RepeatedField);
    Complaint("a field stands in the reply twice".into())
}

/// What follows the thoughts that a reply begins with, if it begins with any. Thoughts that are not
/// closed may hold the value themselves.
fn without_thoughts(text: &str) -> (&str, bool) {
    let opened = THOUGHTS.iter().find_map(|name| {
        let rest = text.strip_prefix('<')?.strip_prefix(name)?.strip_prefix('>')?;
        Some((*name, rest))
    });
    let closed = |text: &'_ str, name: &str| -> Option<usize> {
        let mark = format!("</{name}>");
        let mut ends = text.match_indices(&mark).map(|(at, _)| at + mark.len()).take(MOST_ENDS);
        ends.find(|end| among_prose(&text[*end..]).is_some())
    };
    if let Some((name, rest)) = opened {
        return (closed(rest, name).map_or(rest, |end| &rest[end..]), true);
    }
    // A template may have opened the thoughts in the prompt.
    let before = text.find(['{', '[']).unwrap_or(text.len());
    for name in THOUGHTS {
        if let Some(end) = closed(text, name)
            && (text[..before].contains(&format!("</{name}>"))
                || among_prose(&text[..end]).is_none())
        {
            return (&text[end..], true);
        }
    }
    (text, false)
}

struct Found {
    start: usize,
    end: usize,
    /// `None` if a field stands in it twice.
    value: Option<Value>,
}

/// The longest object in a text; failing that, the longest list.
fn among_prose(text: &str) -> Option<Found> {
    let mut best: Option<(bool, usize, Found)> = None;
    let mut at = 0;
    for _ in 0..MOST_TRIES {
        let Some(offset) = text[at..].find(['{', '[']) else { break };
        let start = at + offset;
        let (value, length) = match read(&text[start..]) {
            Parsed::Good(value, length) => (Some(value), length),
            Parsed::Repeated => match length_of(&text[start..]) {
                Some(length) => (None, length),
                None => {
                    at = start + 1;
                    continue;
                }
            },
            Parsed::Bad => {
                at = start + 1;
                continue;
            }
        };
        let is_object = text[start..].starts_with('{');
        if best.as_ref().is_none_or(|(known, most, _)| (is_object, length) > (*known, *most)) {
            best = Some((is_object, length, Found { start, end: start + length, value }));
        }
        at = start + length;
    }
    best.map(|(_, _, found)| found)
}

fn length_of(text: &str) -> Option<usize> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    stream.next()?.ok()?;
    Some(stream.byte_offset())
}

/// The text around a value without the fence it stands in.
fn without_fence<'t>(before: &'t str, after: &'t str) -> (&'t str, &'t str, bool) {
    let trimmed = before.trim_end();
    let bare = trimmed.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
    let opened = bare.strip_suffix("```").or_else(|| bare.strip_suffix("~~~"));
    let opened = opened.filter(|_| trimmed.len() - bare.len() <= 8);
    let rest = after.trim_start();
    let closed = rest.strip_prefix("```").or_else(|| rest.strip_prefix("~~~"));
    match (opened, closed) {
        (Some(before), closed) => (before, closed.unwrap_or(after), true),
        (None, Some(rest)) => (before, rest, true),
        (None, None) => (before, after, false),
    }
}

enum Parsed {
    /// A value and how many bytes it has.
    Good(Value, usize),
    /// It would be one, but for a field that stands in it twice.
    Repeated,
    Bad,
}

fn read(text: &str) -> Parsed {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Strict>();
    match stream.next() {
        Some(Ok(Strict(value))) => Parsed::Good(value, stream.byte_offset()),
        Some(Err(error)) if error.to_string().starts_with(TWICE) => Parsed::Repeated,
        _ => Parsed::Bad,
    }
}

const TWICE: &str = "a field twice";

/// A value none of whose objects has a field twice; `serde_json` would keep the last one in silence.
struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Strict(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some((name, Strict(value))) = fields.next_entry::<String, Strict>()? {
            if object.insert(name, value).is_some() {
                return Err(A::Error::custom(TWICE));
            }
        }
        Ok(Value::Object(object))
    }
}
