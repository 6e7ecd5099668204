//! Consolidation: what says the same twice, or contradicts itself; what is proposed about it, and what the
//! person decided. What they wrote is never touched: an accepted text stands beside its sources.

mod decide;
mod digest;
mod keep;
mod material;
mod show;
mod signatures;

use serde::{Deserialize, Serialize};

pub(crate) use decide::{Decided, accept, edit, reject, reopen};
pub(crate) use digest::{of_dream as digest_of_dream, sentence, write as write_digest};
pub(crate) use keep::{Decision, decisions, existing, save};
pub(crate) use material::{Faded, Material, Unit, body, faded, read, records_of, stamp};
pub(crate) use show::{list, show};
pub(crate) use signatures::{Signature, Signatures};

use crate::store::Hash;

/// What can say the same as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Thing {
    /// A note, or a message of a conversation.
    Record,
    /// A moment.
    Moment,
}

impl Thing {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Moment => "moment",
        }
    }
}

/// What a proposal speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Source {
    pub(crate) thing: Thing,
    pub(crate) id: i64,
    /// What stays the same while its words do: of a record its text's hash, of a moment that of the words
    /// it rests on.
    #[serde(with = "hex")]
    pub(crate) key: Hash,
    /// The part meant, in bytes of a record's text; absent: all of it.
    pub(crate) span: Option<(usize, usize)>,
}

/// A proposal, as a dream makes it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Proposal {
    pub(crate) key: Hash,
    /// "merge", "contradiction", "temporal_update" or "decay".
    pub(crate) kind: String,
    /// "merge", "supersede", "demote" or, where a model found nothing in it, "ignore".
    pub(crate) proposed_action: String,
    /// 0 to 1, in thousandths.
    pub(crate) confidence: f64,
    pub(crate) reason_codes: Vec<String>,
    pub(crate) strategy_used: String,
    /// The one that would stand for all first.
    pub(crate) sources: Vec<Source>,
    /// The records in whose words it rests.
    pub(crate) record_ids: Vec<i64>,
    pub(crate) text: String,
    pub(crate) tokens_before: u32,
    pub(crate) tokens_after: u32,
    pub(crate) language: String,
    pub(crate) mind: String,
    pub(crate) is_provisional: bool,
}

impl Proposal {
    /// The key of a proposal of this kind about these sources, in whatever order.
    pub(crate) fn key_of(kind: &str, keys: &[Hash]) -> Hash {
        let mut keys = keys.to_vec();
        keys.sort_unstable();
        keys.dedup();
        let kind = [kind.as_bytes()];
        Hash::of_fields(kind.into_iter().chain(keys.iter().map(|key| key.0.as_slice())))
    }
}

/// The letters of a hash by which a proposal is called; enough that no two of a journal share them.
pub(crate) const ID_LETTERS: usize = 12;

pub(crate) fn id_of(key: &Hash) -> String {
    hex::text(key)[..ID_LETTERS].to_owned()
}

mod hex {
    use std::fmt::Write as _;

    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::store::Hash;

    pub(super) fn text(hash: &Hash) -> String {
        hash.0.iter().fold(String::with_capacity(64), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
    }

    pub(super) fn serialize<S: Serializer>(hash: &Hash, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&text(hash))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Hash, D::Error> {
        let text = String::deserialize(from)?;
        let mut bytes = [0; 32];
        for (n, byte) in bytes.iter_mut().enumerate() {
            let digits = text.get(2 * n..2 * n + 2);
            let read = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
            *byte = read.ok_or_else(|| D::Error::custom("no hash"))?;
        }
        Ok(Hash(bytes))
    }
}
