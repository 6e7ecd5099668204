//! An embedding model of Ollama, and what models want their texts to begin with.

use serde_json::json;

use ollama_rs::{
    generation::{
        embeddings::request::{EmbeddingsInput, GenerateEmbeddingsRequest},
        parameters::{KeepAlive, TimeUnit},
    },
    models::ModelOptions,
};
use serde::Deserialize;

use super::{
    super::{
        Embedder, Fault,
        model::{EmbedderCard, Listed, Purpose},
        wire::{
            Pace, Wire,
            vectors::{self, Vectors},
        },
    },
    KEPT_MINUTES,
};
use crate::journal::Cancel;

/// The most tokens of a text. Chunks are far shorter; a larger window would only cost memory.
pub(in super::super) const WINDOW: u32 = 2048;
/// Of a model that does not say: the smallest in use.
const UNKNOWN_WINDOW: u32 = 512;
/// Embedded once when a model is opened, to see how long its vectors are.
pub(in super::super) const SAMPLE: &str = "a quiet morning by the harbour";

/// What a model wants before documents and before queries. From the models' own cards; Ollama adds
/// nothing itself. A model that is not listed gets nothing.
const PREFIXES: &[(&str, &str, &str)] = &[
    ("nomic-embed-text", "search_document: ", "search_query: "),
    ("nomic-embed-text-v2-moe", "search_document: ", "search_query: "),
    ("embeddinggemma", "title: none | text: ", "task: search result | query: "),
    (
        "qwen3-embedding",
        "",
        "Instruct: Given a search query, retrieve relevant passages that answer the query\nQuery:",
    ),
    ("mxbai-embed-large", "", "Represent this sentence for searching relevant passages: "),
    ("snowflake-arctic-embed2", "", "query: "),
];

/// The prefixes of a model for documents and queries.
pub(in super::super) fn prefixes(name: &str) -> (&'static str, &'static str) {
    let name = name.to_lowercase();
    let last = name.rsplit('/').next().unwrap_or_default();
    let base = last.split(':').next().unwrap_or_default();
    PREFIXES
        .iter()
        .find(|(model, ..)| *model == base)
        .map_or(("", ""), |(_, document, query)| (document, query))
}

/// A model ready to embed.
#[derive(Debug)]
pub(super) struct Embedding {
    wire: Wire,
    card: EmbedderCard,
}

impl Embedding {
    pub(super) fn open(wire: Wire, listed: &Listed, cancel: &Cancel) -> Result<Self, Fault> {
        let (document, query) = prefixes(&listed.name);
        let card = EmbedderCard {
            name: listed.name.clone(),
            digest: listed.digest.clone(),
            dimensions: 0,
            document_prefix: document.to_owned(),
            query_prefix: query.to_owned(),
            window_tokens: WINDOW.min(listed.context_tokens.unwrap_or(UNKNOWN_WINDOW)),
        };
        let mut opened = Self { wire, card };
        let first = opened.embed(&[SAMPLE], Purpose::Document, cancel)?;
        let Some(Some(first)) = first.into_iter().next() else {
            return Err(Fault::Refused(format!("the model {} gives no vectors", listed.name)));
        };
        opened.card.dimensions = u32::try_from(first.len()).unwrap_or(u32::MAX);
        Ok(opened)
    }

    fn ask(&self, texts: &[String], cancel: &Cancel) -> Result<Vectors, Fault> {
        let input = EmbeddingsInput::Multiple(texts.to_vec());
        let window = u64::from(self.card.window_tokens);
        let request = GenerateEmbeddingsRequest::new(self.card.name.clone(), input)
            .truncate(false)
            .options(ModelOptions::default().num_ctx(window))
            .keep_alive(KeepAlive::Until { time: KEPT_MINUTES, unit: TimeUnit::Minutes });
        let body = serde_json::to_value(&request)
            .map_err(|_| Fault::Refused("these texts cannot be put into a request".into()))?;
        let name = Some(self.card.name.as_str());
        let reply: Reply = self.wire.json("api/embed", Some(&body), Pace::Loading, name, cancel)?;
        Ok(reply.embeddings.into_iter().map(vector).collect())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Reply {
    embeddings: Vec<Option<Vec<Option<f32>>>>,
}

/// Some servers write `null` where a number is none.
pub(in super::super) fn vector(numbers: Option<Vec<Option<f32>>>) -> Option<Vec<f32>> {
    numbers?.into_iter().collect()
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

    fn unload(&self, cancel: &Cancel) {
        let empty = json!({ "model": self.card.name, "input": [], "keep_alive": 0 });
        super::unload(&self.wire, "api/embed", &empty, cancel);
    }
}
