//! Minds: which models there are, which are used, what they cost.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the calls of a dream came to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct CallCounts {
    /// Calls that were made, retries and repairs among them.
    pub n_calls: u32,
    /// Answers that were known already.
    pub n_known: u32,
    /// Answers that were good after the error had been named.
    pub n_repaired: u32,
    /// Questions to which the model had no usable answer; the built-in analyser answered.
    pub n_unusable: u32,
    /// Questions that were split because they were too long.
    pub n_split: u32,
    /// Tokens of all prompts.
    #[ts(type = "number")]
    pub prompt_tokens: u64,
    /// Tokens of all replies.
    #[ts(type = "number")]
    pub reply_tokens: u64,
    /// Milliseconds spent waiting for the model.
    #[ts(type = "number")]
    pub model_ms: u64,
    /// What had to be put right in replies: how often each.
    pub remarks: BTreeMap<String, u32>,
}
