//! Answers that are kept one by one although several were asked for at once.
//!
//! A [`Caller`](super::caller::Caller) keeps whole replies. Where a reply answers to several things, of
//! which another run asks for others, each answer is kept here under a key of the asker's own making.
//! The key must name the model, the prompt and what was asked about.

use serde::{Serialize, de::DeserializeOwned};

use super::cache::{self, Kept};
use crate::{Error, Journal, Result, store::Hash};

/// What was kept under a key. What an older version kept and this one cannot read is not known.
///
/// # Errors
/// The store failed.
pub fn find<V: DeserializeOwned>(journal: &Journal, key: &Hash) -> Result<Option<V>> {
    Ok(match cache::find(journal.store(), key)? {
        Some(Kept::Reply(text)) => serde_json::from_str(&text).ok(),
        _ => None,
    })
}

/// An answer to be kept.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a, V> {
    /// Tells what was asked from all else.
    pub key: &'a Hash,
    /// The model's name.
    pub model: &'a str,
    /// The prompt's name and version.
    pub prompt: &'a str,
    /// The checked answer.
    pub value: &'a V,
    /// The records it rests on: with the first of them it is forgotten.
    pub record_ids: &'a [i64],
}

/// Keeps answers, all of them or none.
///
/// # Errors
/// The store failed.
pub fn keep<V: Serialize>(journal: &Journal, answers: &[Answer<'_, V>]) -> Result<()> {
    let now = journal.clock().now_ms();
    journal.store().write(|tx| {
        for answer in answers {
            let text = serde_json::to_string(answer.value).map_err(|error| {
                let prompt = answer.prompt;
                Error::invalid(format!("an answer to the prompt {prompt} cannot be kept: {error}"))
            })?;
            let kept = Kept::Reply(text);
            let Answer { key, model, prompt, record_ids, .. } = answer;
            cache::keep(tx, key, model, prompt, &kept, record_ids, now)?;
        }
        Ok(())
    })
}
