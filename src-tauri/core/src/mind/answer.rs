//! From a reply's text to a checked value: what had to be put right is counted, what cannot be is named.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{json, shape};

/// Something about a reply that had to be put right, left out or refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Remark {
    /// The JSON stood in a code fence.
    Fenced,
    /// There was prose around the JSON.
    Prose,
    /// There were thoughts in the reply.
    Thoughts,
    /// The reply was no JSON.
    NoJson,
    /// A field had another type than the schema says.
    WrongType,
    /// A field stood in the reply twice.
    RepeatedField,
    /// A field that nobody asked for.
    ExtraField,
    /// A field was missing.
    MissingField,
    /// A value is none of those allowed.
    UnknownValue,
    /// A text or list was longer than allowed and was cut.
    TooLong,
    /// A time outside the episode.
    OutsideTime,
    /// A person who does not occur in the text.
    UnknownPerson,
    /// Words given as evidence that do not stand in the text.
    MissingEvidence,
    /// Another language than the text's.
    OtherLanguage,
    /// The reply repeats instructions of the text, or ours.
    Instruction,
    /// Control characters, bidirectional marks, links or markup were taken out.
    Unsafe,
}

impl Remark {
    /// Its name on the wire, for example "missing-evidence".
    #[must_use]
    pub fn name(self) -> String {
        serde_json::to_value(self)
            .ok()
            .and_then(|name| name.as_str().map(str::to_owned))
            .unwrap_or_default()
    }
}

/// How often each [`Remark`] was made.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Remarks(pub BTreeMap<Remark, u32>);

impl Remarks {
    /// Counts one.
    pub fn add(&mut self, remark: Remark) {
        *self.0.entry(remark).or_default() += 1;
    }

    /// Counts all of another.
    pub fn extend(&mut self, other: &Self) {
        for (remark, n) in &other.0 {
            *self.0.entry(*remark).or_default() += n;
        }
    }
}

/// Why a reply cannot be used, in one line that a model can act on. Never holds words of the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint(pub String);

/// Reads a reply as a value of the type whose schema was sent: finds the JSON among thoughts, fences and
/// prose, mends what is plainly meant, and leaves out what nobody asked for; each is counted.
///
/// # Errors
/// It is no JSON, has a field twice, lacks one, or holds what cannot be meant.
pub fn read<T: DeserializeOwned>(
    text: &str,
    schema: &Value,
    remarks: &mut Remarks,
) -> Result<T, Complaint> {
    let found = json::find(text, remarks)?;
    let fitted = shape::fit(found, schema, remarks)?;
    // The reason may hold words of the reply, and those are the person's.
    serde_json::from_value(fitted).map_err(|_| {
        remarks.add(Remark::WrongType);
        Complaint("the reply does not follow the schema".into())
    })
}

#[cfg(test)]
mod tests;
