//! Minds: which models there are, which are used, what they cost.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Empty;
use crate::{
    Error, Journal, Result,
    mind::{choose, ledger, openai},
    settings::ServerKind,
};

mod trial;
mod view;

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

/// A model as the server has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ModelView {
    /// Its name on the server.
    pub name: String,
    /// Bytes on disk; 0 where the server does not tell.
    #[ts(type = "number")]
    pub size_bytes: u64,
    /// For example "4.0B".
    pub parameters: String,
    /// For example "Q4_K_M".
    pub quantization: String,
    /// The most tokens it was made for.
    pub context_tokens: Option<u32>,
    /// Numbers in its vectors, for embedding models.
    pub dimensions: Option<u32>,
    /// Whether it can chat.
    pub can_chat: bool,
    /// Whether it can embed.
    pub can_embed: bool,
    /// Whether it thinks before it replies.
    pub thinks: bool,
    /// Whether it fits into this machine's memory beside everything else; `None` where unknown.
    pub fits: Option<bool>,
    /// Why it must not be used.
    pub refused: Option<String>,
    /// What to know before using it.
    pub caution: Option<String>,
    /// "fast", "deep", "embedding": what it is used for at present.
    pub used_for: Vec<String>,
}

/// A model that would suit this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Proposal {
    /// Its name, as it would be pulled.
    pub name: String,
    /// "chat" or "embedding".
    pub purpose: String,
    /// Bytes to download.
    #[ts(type = "number")]
    pub size_bytes: u64,
    /// Why this one, in a sentence.
    pub why: String,
    /// Whether it is there already.
    pub is_installed: bool,
}

/// How a download is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum PullState {
    /// Nothing was downloaded since the app started.
    #[default]
    None,
    /// A download runs.
    Pulling {
        /// The model.
        name: String,
        /// What the server is doing.
        status: String,
        /// Bytes that have come.
        #[ts(type = "number")]
        n_done: u64,
        /// Bytes to come in all, as far as is known.
        #[ts(type = "number")]
        n_total: u64,
    },
    /// The last download is there.
    Done {
        /// The model.
        name: String,
    },
    /// The last download broke off or was cancelled.
    Failed {
        /// The model.
        name: String,
        /// Why.
        message: String,
    },
}

/// Where the vectors for "what is like this" come from, and how far a change has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EmbeddingView {
    /// The embedder in use, for example "built-in embedder" or "nomic-embed-text".
    pub in_use: String,
    /// The one that is being prepared, while the other is still used.
    pub next: Option<String>,
    /// Stretches of writing that the next one has embedded.
    pub n_done: u32,
    /// Stretches of writing in all.
    pub n_total: u32,
}

/// What the mind is made of at present.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MindView {
    /// The server by name and address: "Ollama at 127.0.0.1:11434"; empty where none is wanted.
    pub server: String,
    /// The address that is asked.
    pub address: String,
    /// Whether the address is on this machine.
    pub is_local: bool,
    /// For an address outside this machine that the person has not agreed to: what would be sent where,
    /// in a sentence. Nothing is sent until `mind.agreed_address` in the settings equals the address.
    pub asks_consent: Option<String>,
    /// The server's version, if it answers.
    pub version: Option<String>,
    /// Why there is no model at present, in a sentence that says what to do.
    pub problem: Option<String>,
    /// What to know although it works, for example that the server listens to the whole network.
    pub cautions: Vec<String>,
    /// Its models.
    pub models: Vec<ModelView>,
    /// The model for many small questions; absent: the built-in analyser.
    pub fast: Option<String>,
    /// The model that tells days.
    pub deep: Option<String>,
    /// Vectors.
    pub embedding: EmbeddingView,
    /// What would suit this machine.
    pub proposals: Vec<Proposal>,
    /// Bytes of memory of this machine; 0 where unknown.
    #[ts(type = "number")]
    pub memory_bytes: u64,
    /// Whether a key for the server is in the keychain.
    pub has_key: bool,
    /// Days that the built-in analyser dreamt for want of a model, to be dreamt again with one.
    pub n_days_provisional: u32,
    /// The download that runs or ran last.
    pub pull: PullState,
}

/// Names a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ModelName {
    /// Its name on the server.
    pub name: String,
}

/// A key for a server that wants one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServerKey {
    /// The key; empty to forget it.
    pub key: String,
}

impl std::fmt::Debug for ServerKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ServerKey(…)")
    }
}

/// How a model did in a small trial with invented words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrialReport {
    /// The model.
    pub name: String,
    /// Whether it read the trial's note as it should.
    pub is_good: bool,
    /// What it made of it, or what went wrong, in a sentence.
    pub said: String,
    /// Milliseconds, loading included.
    #[ts(type = "number")]
    pub took_ms: u64,
    /// Of these, milliseconds for loading.
    #[ts(type = "number")]
    pub load_ms: u64,
    /// Tokens it wrote per second; absent where the server does not tell.
    pub tokens_per_second: Option<u32>,
}

/// What to look up in the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ShowLedger {
    /// Only this dream.
    #[ts(type = "number | null")]
    pub dream_id: Option<i64>,
    /// At most so many dreams, the newest first; 20 if 0.
    pub limit: u32,
}

/// What a stage of a dream cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LedgerStage {
    /// The stage.
    pub stage: String,
    /// The model.
    pub model: String,
    /// Prompt and version, for example "moments-1".
    pub prompt: String,
    /// Calls, retries and repairs among them.
    pub n_calls: u32,
    /// Of these, retries.
    pub n_retries: u32,
    /// Of these, repairs.
    pub n_repairs: u32,
    /// Of these, ended well.
    pub n_good: u32,
    /// Tokens of prompts.
    #[ts(type = "number")]
    pub prompt_tokens: u64,
    /// Tokens of replies.
    #[ts(type = "number")]
    pub reply_tokens: u64,
    /// Milliseconds.
    #[ts(type = "number")]
    pub took_ms: u64,
    /// Why calls failed: how often each.
    pub reasons: BTreeMap<String, u32>,
    /// What had to be put right in replies: how often each.
    pub remarks: BTreeMap<String, u32>,
}

/// What a dream cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LedgerDream {
    /// The dream; absent for calls outside any dream.
    #[ts(type = "number | null")]
    pub dream_id: Option<i64>,
    /// When it began, Unix milliseconds.
    #[ts(type = "number")]
    pub started_at: i64,
    /// Its stages.
    pub stages: Vec<LedgerStage>,
}

/// The ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LedgerView {
    /// Dreams with calls, the newest first.
    pub dreams: Vec<LedgerDream>,
    /// Milliseconds of model time in the last 30 days.
    #[ts(type = "number")]
    pub month_ms: u64,
    /// Calls in the last 30 days.
    pub month_calls: u32,
}

/// Looks for the server and its models. May take some seconds where an address does not answer.
///
/// # Errors
/// The store failed. That nothing answers is no error: the view says so.
pub fn show_mind(journal: &Journal, _: Empty) -> Result<MindView> {
    view::of(journal)
}

/// Begins to download a model; [`crate::event::Event::PullMoved`] tells how it goes.
///
/// # Errors
/// A download runs already, or the server must not be asked.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn pull_model(journal: &Journal, request: ModelName) -> Result<PullState> {
    let name = request.name.trim();
    if name.is_empty() {
        return Err(Error::invalid("name the model to download, for example gemma3:4b"));
    }
    let server = choose::server(journal).map_err(|fault| Error::invalid(fault.to_string()))?;
    journal.start_pull(server, name)
}

/// Asks the running download to stop; what has come is used when it is begun again.
///
/// # Errors
/// None; the signature is that of all commands.
pub fn cancel_pull(journal: &Journal, _: Empty) -> Result<PullState> {
    journal.cancel_pull();
    Ok(journal.pull_state())
}

/// Lets a model read a note of invented words, or embed it.
///
/// # Errors
/// The store failed. That the model does badly or is not there is in the report.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn try_model(journal: &Journal, request: ModelName) -> Result<TrialReport> {
    Ok(trial::of(journal, request.name.trim()))
}

/// Keeps the key of an OpenAI server in the operating system's keychain.
///
/// # Errors
/// There is no keychain, or it is locked; or no OpenAI server is set.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn keep_key(journal: &Journal, request: ServerKey) -> Result<Empty> {
    if journal.settings().mind.server != ServerKind::Openai {
        return Err(Error::invalid(
            "only an OpenAI server has a key: choose one in the settings first",
        ));
    }
    let agreed =
        choose::agreed_address(journal).map_err(|fault| Error::invalid(fault.to_string()))?;
    let name = openai::key_name(&agreed);
    journal.around().keychain.set(&name, request.key.trim()).map_err(Error::invalid)?;
    Ok(Empty {})
}

/// What dreams cost.
///
/// # Errors
/// The store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn show_ledger(journal: &Journal, request: ShowLedger) -> Result<LedgerView> {
    let now = journal.clock().now_ms();
    journal.store().read(|reader| ledger::view(reader, &request, now))
}
