//! The one door to models: traits for a language model, an embedder, and the server they live on.
//!
//! An implementation speaks one wire and nothing else. Budget, cache, retries, repair and the ledger are
//! the [`Caller`](super::caller::Caller)'s.

use std::{fmt, sync::Arc};

use super::Fault;
use crate::journal::Cancel;

/// What is known of a language model that is ready to be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelCard {
    /// Its name on the server, for example "qwen3:4b".
    pub name: String,
    /// What tells this build of the model from another of the same name; part of every cache key.
    pub digest: String,
    /// Tokens of the window that every call asks for: prompt and reply together.
    pub window_tokens: u32,
    /// Whether its replies may begin with thoughts that cannot be switched off; they use up the reply's
    /// tokens.
    pub thinks: bool,
}

/// Who says a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Our instructions.
    System,
    /// Us.
    User,
    /// The model.
    Assistant,
}

impl Role {
    /// Its name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
        }
    }
}

/// One message of a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Who says it.
    pub role: Role,
    /// The words.
    pub text: String,
}

impl Message {
    /// A message.
    pub fn new(role: Role, text: impl Into<String>) -> Self {
        Self { role, text: text.into() }
    }
}

/// One call.
#[derive(Debug, Clone, Copy)]
pub struct Chat<'a> {
    /// In order; the last one is ours.
    pub messages: &'a [Message],
    /// The JSON schema that the reply is to follow.
    pub schema: &'a serde_json::Value,
    /// The most tokens a reply may have.
    pub reply_tokens: u32,
    /// 0 for the likeliest reply.
    pub temperature: f32,
    /// The same seed gives the same reply, where the server can.
    pub seed: u32,
}

/// How a reply ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The model had said all.
    Stop,
    /// The tokens for the reply, or the window, were used up.
    Length,
    /// The stream ended without saying how: the server broke off.
    Unfinished,
}

/// What came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The reply's text as it came, thoughts left out.
    pub text: String,
    /// How long the thoughts were, in bytes.
    pub n_thought_bytes: usize,
    /// How it ended.
    pub end: End,
    /// Tokens of the prompt, as the server counted them after any cut.
    pub prompt_tokens: Option<u32>,
    /// Tokens of the reply.
    pub reply_tokens: Option<u32>,
    /// Milliseconds the server took to load the model.
    pub load_ms: u64,
    /// Milliseconds it took to read the prompt; 0 where it does not tell.
    pub prompt_ms: u64,
    /// Milliseconds it took to write the reply; 0 where it does not tell.
    pub reply_ms: u64,
}

/// A language model.
pub trait LanguageModel: Send + Sync + fmt::Debug {
    /// What is known of it.
    fn card(&self) -> &ModelCard;

    /// Asks it once. Returns within a second of a cancellation.
    ///
    /// # Errors
    /// See [`Fault`]. A reply that is cut or no JSON is no fault: it is in [`Said`] for the caller to
    /// judge.
    fn chat(&self, chat: &Chat<'_>, cancel: &Cancel) -> Result<Said, Fault>;

    /// The same; `hear` is given the words of the reply as they come, in order. A model that cannot do so
    /// gives them all at the end.
    ///
    /// # Errors
    /// As [`chat`](Self::chat). What was heard until then is worth nothing.
    fn chat_aloud(
        &self,
        chat: &Chat<'_>,
        cancel: &Cancel,
        hear: &mut dyn FnMut(&str),
    ) -> Result<Said, Fault> {
        let said = self.chat(chat, cancel)?;
        hear(&said.text);
        Ok(said)
    }

    /// Whether its server answers at all; asks nothing of the model.
    fn is_there(&self, cancel: &Cancel) -> bool;

    /// Lets the server free the model's memory. What goes wrong with that is nobody's loss.
    fn unload(&self, cancel: &Cancel);
}

/// What a vector is for; many models want a text marked with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be found.
    Document,
    /// To find with.
    Query,
}

/// What is known of an embedding model. Vectors of two embedders can be compared only if all of it is
/// equal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedderCard {
    /// Its name on the server, for example "nomic-embed-text".
    pub name: String,
    /// What tells this build of the model from another of the same name.
    pub digest: String,
    /// Numbers in a vector.
    pub dimensions: u32,
    /// What is put before a document, for example "search_document: ".
    pub document_prefix: String,
    /// What is put before a query.
    pub query_prefix: String,
    /// The most tokens of one text.
    pub window_tokens: u32,
}

/// An embedding model.
pub trait Embedder: Send + Sync + fmt::Debug {
    /// What is known of it.
    fn card(&self) -> &EmbedderCard;

    /// A unit vector for each text, in their order; `None` for a text that the model cannot embed.
    ///
    /// # Errors
    /// See [`Fault`].
    fn embed(
        &self,
        texts: &[&str],
        purpose: Purpose,
        cancel: &Cancel,
    ) -> Result<Vec<Option<Vec<f32>>>, Fault>;

    /// Lets the server free the model's memory.
    fn unload(&self, cancel: &Cancel);
}

/// A model as a server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its name on the server.
    pub name: String,
    /// Its digest; empty where the server has none.
    pub digest: String,
    /// Bytes on disk; 0 where the server does not tell.
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
    /// Why it must not be used, for example because it is really a cloud service.
    pub refused: Option<String>,
    /// What to know before using it, for example that it ignores schemas.
    pub caution: Option<String>,
}

/// How far a download has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pulling {
    /// What the server is doing, for example "pulling manifest".
    pub status: String,
    /// Bytes that have come.
    pub n_done: u64,
    /// Bytes to come in all, as far as is known.
    pub n_total: u64,
}

/// How a language model is to be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Use {
    /// The most tokens of window to ask for; the model's own limit may be lower.
    pub window_tokens: u32,
}

/// Where models live.
pub trait Server: Send + Sync + fmt::Debug {
    /// What it is called before people, with its address: "Ollama at 127.0.0.1:11434".
    fn name(&self) -> String;

    /// Its version.
    ///
    /// # Errors
    /// [`Fault::Gone`] where nothing answers; [`Fault::Forbidden`] where it must not be asked.
    fn version(&self, cancel: &Cancel) -> Result<String, Fault>;

    /// The models it has, in its order.
    ///
    /// # Errors
    /// See [`Fault`].
    fn list(&self, cancel: &Cancel) -> Result<Vec<Listed>, Fault>;

    /// A language model, ready to be called.
    ///
    /// # Errors
    /// It is missing, cannot chat, or must not be used.
    fn language_model(
        &self,
        name: &str,
        wanted: Use,
        cancel: &Cancel,
    ) -> Result<Arc<dyn LanguageModel>, Fault>;

    /// An embedding model, ready to be called.
    ///
    /// # Errors
    /// It is missing, cannot embed, or must not be used.
    fn embedder(&self, name: &str, cancel: &Cancel) -> Result<Arc<dyn Embedder>, Fault>;

    /// Downloads a model, telling how far it has come. The server goes out to the network for it; we do
    /// not.
    ///
    /// # Errors
    /// There is no such model, the download broke off, or it was cancelled.
    fn pull(&self, name: &str, tell: &mut dyn FnMut(Pulling), cancel: &Cancel)
    -> Result<(), Fault>;
}
