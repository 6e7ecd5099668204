//! Any server that speaks the OpenAI API: llama.cpp, LM Studio, vLLM and their like.
//!
//! Off unless the settings name it. It goes over the same wire (`mind/wire/`) with the same rules: this
//! machine, or an address that the person has agreed to. The API says less than Ollama's: no size of a
//! model, no window to ask for, nothing about truncation; what is not told is left open.

use std::{collections::BTreeMap, sync::Arc};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Embedder, Fault, LanguageModel, Server,
    address::Agreed,
    around::Patience,
    model::{Chat, EmbedderCard, End, Listed, ModelCard, Pulling, Purpose, Said, Use},
    ollama::{self, SAMPLE, WINDOW},
    wire::{
        Complaint, Flow, LONGEST, Pace, Wire,
        vectors::{self, Vectors},
    },
};
use crate::journal::Cancel;

const TOP_P: f32 = 0.9;
/// Words in the names of models that embed; the API does not say what a model can do.
const EMBEDDERS: &[&str] = &["embed", "minilm", "bge-", "e5-", "gte-"];

/// The name under which the keychain keeps the key of a server.
#[must_use]
pub fn key_name(agreed: &Agreed) -> String {
    format!("openai:{}", agreed.address().shown())
}

/// A server that speaks the OpenAI API.
#[derive(Debug, Clone)]
pub struct Openai {
    wire: Wire,
}

impl Openai {
    /// The server at this address, with its key if it wants one; asks nothing yet.
    #[must_use]
    pub fn new(agreed: Agreed, patience: Patience, key: Option<String>) -> Self {
        Self { wire: Wire::new("the OpenAI server", agreed, patience, key) }
    }

    fn models(&self, cancel: &Cancel) -> Result<Vec<Entry>, Fault> {
        Ok(self.wire.json::<Models>("models", None, Pace::Quick, None, cancel)?.data)
    }

    fn open(&self, name: &str, cancel: &Cancel) -> Result<Entry, Fault> {
        ollama::refuse_cloud_name(name)?;
        self.models(cancel)?
            .into_iter()
            .find(|entry| entry.id == name)
            .ok_or_else(|| Fault::Missing(name.to_owned()))
    }

    /// The API has no digest; what it tells of a model stands in for it.
    fn digest(&self, entry: &Entry) -> String {
        let told = entry.meta.as_ref().map(Value::to_string).unwrap_or_default();
        format!("openai:{}:{}:{told}", self.wire.agreed().address().shown(), entry.id)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Models {
    data: Vec<Entry>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Entry {
    id: String,
    /// vLLM's.
    max_model_len: Option<u32>,
    /// llama.cpp's.
    meta: Option<Value>,
}

impl Entry {
    fn meta(&self, name: &str) -> Option<u64> {
        self.meta.as_ref()?.get(name)?.as_u64()
    }

    fn context_tokens(&self) -> Option<u32> {
        let told = self.max_model_len.or_else(|| {
            let tokens = self.meta("n_ctx").or_else(|| self.meta("n_ctx_train"))?;
            u32::try_from(tokens).ok()
        });
        told.filter(|tokens| *tokens > 0)
    }

    fn can_embed(&self) -> bool {
        let name = self.id.to_lowercase();
        EMBEDDERS.iter().any(|word| name.contains(word))
    }

    fn listed(&self) -> Listed {
        let refused = ollama::refuse_cloud_name(&self.id).err().map(|fault| fault.to_string());
        Listed {
            name: self.id.clone(),
            digest: String::new(),
            size_bytes: self.meta("size").unwrap_or_default(),
            parameters: self
                .meta("n_params")
                .map(|n| format!("{:.1}B", n as f64 / 1e9))
                .unwrap_or_default(),
            quantization: String::new(),
            context_tokens: self.context_tokens(),
            dimensions: self
                .meta("n_embd")
                .filter(|_| self.can_embed())
                .and_then(|n| u32::try_from(n).ok()),
            can_chat: !self.can_embed(),
            can_embed: self.can_embed(),
            thinks: false,
            refused,
            caution: None,
        }
    }
}

impl Server for Openai {
    fn name(&self) -> String {
        self.wire.server().to_owned()
    }

    /// The API's version: the server's own cannot be asked for.
    fn version(&self, cancel: &Cancel) -> Result<String, Fault> {
        self.models(cancel).map(|_| "v1".into())
    }

    fn list(&self, cancel: &Cancel) -> Result<Vec<Listed>, Fault> {
        Ok(self.models(cancel)?.iter().map(Entry::listed).collect())
    }

    fn language_model(
        &self,
        name: &str,
        wanted: Use,
        cancel: &Cancel,
    ) -> Result<Arc<dyn LanguageModel>, Fault> {
        let entry = self.open(name, cancel)?;
        let card = ModelCard {
            name: entry.id.clone(),
            digest: self.digest(&entry),
            window_tokens: wanted.window_tokens.min(entry.context_tokens().unwrap_or(u32::MAX)),
            thinks: false,
        };
        Ok(Arc::new(Chatting { wire: self.wire.clone(), card }))
    }

    fn embedder(&self, name: &str, cancel: &Cancel) -> Result<Arc<dyn Embedder>, Fault> {
        let entry = self.open(name, cancel)?;
        let (document, query) = ollama::prefixes(name);
        let card = EmbedderCard {
            name: entry.id.clone(),
            digest: self.digest(&entry),
            dimensions: 0,
            document_prefix: document.to_owned(),
            query_prefix: query.to_owned(),
            window_tokens: WINDOW.min(entry.context_tokens().unwrap_or(512)),
        };
        let mut opened = Embedding { wire: self.wire.clone(), card };
        let first = opened.embed(&[SAMPLE], Purpose::Document, cancel)?;
        let Some(Some(first)) = first.into_iter().next() else {
            return Err(Fault::Refused(format!("the model {name} gives no vectors")));
        };
        opened.card.dimensions = u32::try_from(first.len()).unwrap_or(u32::MAX);
        Ok(Arc::new(opened))
    }

    fn pull(
        &self,
        _name: &str,
        _tell: &mut dyn FnMut(Pulling),
        _cancel: &Cancel,
    ) -> Result<(), Fault> {
        Err(Fault::Refused(format!(
            "{} cannot be asked to download models: do it in that program",
            self.wire.server()
        )))
    }
}

#[derive(Debug)]
struct Chatting {
    wire: Wire,
    card: ModelCard,
}

impl LanguageModel for Chatting {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    fn chat(&self, chat: &Chat<'_>, cancel: &Cancel) -> Result<Said, Fault> {
        self.chat_aloud(chat, cancel, &mut |_| {})
    }

    fn chat_aloud(
        &self,
        chat: &Chat<'_>,
        cancel: &Cancel,
        hear: &mut dyn FnMut(&str),
    ) -> Result<Said, Fault> {
        let messages: Vec<Value> = chat
            .messages
            .iter()
            .map(|message| json!({ "role": message.role.as_str(), "content": message.text }))
            .collect();
        let body = json!({
            "model": self.card.name,
            "messages": messages,
            "stream": true,
            "stream_options": { "include_usage": true },
            "max_tokens": chat.reply_tokens,
            "temperature": chat.temperature,
            "top_p": TOP_P,
            "seed": chat.seed,
            "response_format": {
                "type": "json_schema",
                "json_schema": { "name": "reply", "strict": true, "schema": chat.schema },
            },
        });
        let mut heard = Heard::default();
        let name = Some(self.card.name.as_str());
        self.wire.lines("chat/completions", &body, name, cancel, |line| {
            let before = heard.text.len();
            let flow = heard.take(line, &self.wire)?;
            hear(&heard.text[before..]);
            Ok(flow)
        })?;
        Ok(heard.said())
    }

    fn is_there(&self, cancel: &Cancel) -> bool {
        self.wire.json::<Value>("models", None, Pace::Quick, None, cancel).is_ok()
    }

    /// The API knows no such thing.
    fn unload(&self, _cancel: &Cancel) {}
}

/// One event of the stream, or the whole reply of a server that does not stream.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Piece {
    error: Option<Value>,
    choices: Vec<Choice>,
    usage: Option<Usage>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Choice {
    #[serde(alias = "message")]
    delta: Option<Delta>,
    finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Delta {
    content: Option<String>,
    #[serde(alias = "reasoning")]
    reasoning_content: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Usage {
    prompt_tokens: Option<u32>,
    completion_tokens: Option<u32>,
}

#[derive(Debug, Default)]
struct Heard {
    text: String,
    n_thought_bytes: usize,
    finish_reason: Option<String>,
    usage: Usage,
}

impl Heard {
    fn take(&mut self, line: &[u8], wire: &Wire) -> Result<Flow, Fault> {
        // Comments keep a connection open; names and numbers of events mean nothing here.
        if line.starts_with(b":") || line.starts_with(b"event:") || line.starts_with(b"id:") {
            return Ok(Flow::More);
        }
        let is_event = line.starts_with(b"data:");
        let data = line.strip_prefix(b"data:").unwrap_or(line).trim_ascii();
        if data == b"[DONE]" {
            return Ok(Flow::Done);
        }
        let piece: Piece = serde_json::from_slice(data).map_err(|_| wire.stranger())?;
        if let Some(error) = &piece.error {
            return Err(Complaint::of_value(error).midway(wire.server()));
        }
        if !is_event && piece.choices.is_empty() {
            return Err(wire.stranger());
        }
        for choice in piece.choices {
            if let Some(delta) = choice.delta {
                self.text.push_str(delta.content.as_deref().unwrap_or_default());
                self.n_thought_bytes += delta.reasoning_content.map_or(0, |thought| thought.len());
            }
            self.finish_reason = choice.finish_reason.or(self.finish_reason.take());
        }
        if self.text.len() + self.n_thought_bytes > LONGEST {
            return Err(wire.endless());
        }
        if let Some(usage) = piece.usage {
            self.usage = usage;
        }
        Ok(Flow::More)
    }

    fn said(self) -> Said {
        Said {
            text: self.text,
            n_thought_bytes: self.n_thought_bytes,
            end: match self.finish_reason.as_deref() {
                Some("stop") => End::Stop,
                Some("length") => End::Length,
                _ => End::Unfinished,
            },
            prompt_tokens: self.usage.prompt_tokens,
            reply_tokens: self.usage.completion_tokens,
            load_ms: 0,
            prompt_ms: 0,
            reply_ms: 0,
        }
    }
}

#[derive(Debug)]
struct Embedding {
    wire: Wire,
    card: EmbedderCard,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Embedded {
    data: Vec<One>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct One {
    index: usize,
    embedding: Option<Vec<Option<f32>>>,
}

impl Embedding {
    fn ask(&self, texts: &[String], cancel: &Cancel) -> Result<Vectors, Fault> {
        let body = json!({ "model": self.card.name, "input": texts, "encoding_format": "float" });
        let name = Some(self.card.name.as_str());
        let reply: Embedded =
            self.wire.json("embeddings", Some(&body), Pace::Loading, name, cancel)?;
        // In the order of their numbers; two of the same number are one too few.
        let by_index: BTreeMap<usize, _> =
            reply.data.into_iter().map(|one| (one.index, ollama::vector(one.embedding))).collect();
        Ok(by_index.into_values().collect())
    }
}

impl Embedder for Embedding {
    fn card(&self) -> &EmbedderCard {
        &self.card
    }

    fn embed(
        &self,
        texts: &[&str],
        purpose: Purpose,
        cancel: &Cancel,
    ) -> Result<Vec<Option<Vec<f32>>>, Fault> {
        vectors::embed(&self.card, texts, purpose, &|texts| self.ask(texts, cancel))
    }

    /// The API knows no such thing.
    fn unload(&self, _cancel: &Cancel) {}
}
