//! Which of the models that a server lists would be used: pure, so that the window can show it before
//! anything is opened.

use std::cmp::Reverse;

use super::model::Listed;
use crate::settings::{MindSettings, ServerKind};

/// What stands in the settings for "no model".
pub const OFF: &str = "off";
/// A model in memory is larger than its file: buffers, and what the server adds.
const LOADED: f64 = 1.2;
/// Memory for a token of window: keys and values of a model of 4 B (36 layers, 8 heads of 128 numbers,
/// 2 bytes each, Qwen3-4B's card). Larger models need up to twice, smaller ones less.
const BYTES_PER_TOKEN: u64 = 147_456;
/// Of the machine's memory models may take so much, in hundredths; the rest is the person's.
const SHARE: u64 = 75;

/// What the settings say about one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    Off,
    Best,
    Named(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) fast: Wish,
    /// `None`: the same as the fast one.
    pub(super) deep: Option<Wish>,
}

impl Wanted {
    pub(super) fn of(settings: &MindSettings) -> Self {
        if settings.server == ServerKind::Off {
            return Self { fast: Wish::Off, deep: None };
        }
        let wish = |name: &str| match name.trim() {
            "" => Wish::Best,
            OFF => Wish::Off,
            name => Wish::Named(name.to_owned()),
        };
        let deep = (!settings.deep_model.trim().is_empty()).then(|| wish(&settings.deep_model));
        Self { fast: wish(&settings.fast_model), deep }
    }

    pub(super) fn is_off(&self) -> bool {
        self.fast == Wish::Off && self.deep.as_ref().is_none_or(|deep| *deep == Wish::Off)
    }
}

/// Bytes of memory that a model of this size takes with a window of so many tokens.
#[must_use]
pub fn needs_bytes(size_bytes: u64, window_tokens: u32) -> u64 {
    (size_bytes as f64 * LOADED) as u64 + BYTES_PER_TOKEN * u64::from(window_tokens)
}

/// Whether a model fits beside everything else; `None` where memory or size is unknown.
#[must_use]
pub fn fits(model: &Listed, memory_bytes: u64, window_tokens: u32) -> Option<bool> {
    let window = match model.can_chat {
        true => window_tokens.min(model.context_tokens.unwrap_or(window_tokens)),
        false => 0,
    };
    let is_known = memory_bytes > 0 && model.size_bytes > 0;
    is_known.then(|| needs_bytes(model.size_bytes, window) <= memory_bytes / 100 * SHARE)
}

/// The names that are in use or would be: for small questions, for deep ones, for embedding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picked {
    /// For many small questions.
    pub fast: Option<String>,
    /// For few that need more thought.
    pub deep: Option<String>,
    /// For vectors.
    pub embedding: Option<String>,
}

/// What [`Minds`](super::choose::Minds) will try to open first, of what a server lists.
#[must_use]
pub fn pick(settings: &MindSettings, listed: &[Listed], memory_bytes: u64) -> Picked {
    let wanted = Wanted::of(settings);
    let is_there = |name: &str| {
        let same = |model: &&Listed| model.name == name || model.name == format!("{name}:latest");
        listed.iter().find(same).filter(|model| model.refused.is_none()).map(|m| m.name.clone())
    };
    let name = |wish: &Wish| match wish {
        Wish::Off => None,
        Wish::Named(name) => is_there(name),
        Wish::Best => {
            ranked(listed, memory_bytes, settings.window_tokens).first().map(|m| m.name.clone())
        }
    };
    let fast = name(&wanted.fast);
    let deep = wanted.deep.as_ref().map_or_else(|| fast.clone(), name);
    let embedding = match settings.embedding_model.trim() {
        _ if settings.server == ServerKind::Off => None,
        OFF => None,
        "" => best_embedder(listed).map(|model| model.name.clone()),
        name => is_there(name),
    };
    Picked { fast, deep, embedding }
}

/// The models that can read days, the best first: following schemas, of 3 to 9 B, not thinking, not made
/// for something else, and among these the largest.
pub(super) fn ranked(listed: &[Listed], memory_bytes: u64, window_tokens: u32) -> Vec<&Listed> {
    let mut models: Vec<&Listed> = listed
        .iter()
        .filter(|model| model.can_chat && model.refused.is_none())
        .filter(|model| fits(model, memory_bytes, window_tokens) != Some(false))
        .collect();
    models.sort_by_key(|model| {
        let billions = billions(model);
        let size_class = match billions {
            n if n < 1.0 => 4,
            n if n < 3.0 => 3,
            n if n <= 9.0 => 0,
            n if n <= 16.0 => 1,
            _ => 2,
        };
        let millions = (billions * 1000.0) as u64;
        (
            model.caution.is_some(),
            is_for_something_else(&model.name),
            size_class,
            model.thinks,
            Reverse(millions),
            model.name.clone(),
        )
    });
    models
}

/// Parameters in billions, as told ("4.0B", "522M") or by the size of a file of 4 bits each.
fn billions(model: &Listed) -> f64 {
    let told = model.parameters.trim().to_uppercase();
    let number = |end: char, factor: f64| {
        told.strip_suffix(end)?.trim().parse::<f64>().ok().map(|n| n * factor)
    };
    number('B', 1.0)
        .or_else(|| number('M', 0.001))
        .or_else(|| number('K', 0.000_001))
        .unwrap_or(model.size_bytes as f64 / 0.6e9)
}

/// Models for programs, images, mathematics and filters read a diary worse than others of their size.
fn is_for_something_else(name: &str) -> bool {
    let name = name.to_lowercase();
    ["code", "coder", "math", "guard", "ocr", "-vl", "translate", "medical", "-base"]
        .iter()
        .any(|word| name.contains(word))
}

/// Embedding models by how well they serve a journal in several languages.
const EMBEDDERS: &[&str] = &[
    "embeddinggemma",
    "qwen3-embedding",
    "nomic-embed-text-v2-moe",
    "snowflake-arctic-embed2",
    "bge-m3",
    "nomic-embed-text",
    "mxbai-embed-large",
    "granite-embedding",
    "all-minilm",
];

pub(super) fn best_embedder(listed: &[Listed]) -> Option<&Listed> {
    listed
        .iter()
        .filter(|model| model.can_embed && !model.can_chat && model.refused.is_none())
        .min_by_key(|model| {
            let last = model.name.rsplit('/').next().unwrap_or_default();
            let base = last.split(':').next().unwrap_or_default();
            let rank = EMBEDDERS.iter().position(|known| *known == base);
            (rank.unwrap_or(EMBEDDERS.len()), model.size_bytes, model.name.clone())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GB: u64 = 1_000_000_000;

    fn model(name: &str, parameters: &str, size_bytes: u64) -> Listed {
        Listed {
            name: name.into(),
            digest: String::new(),
            size_bytes,
            parameters: parameters.into(),
            quantization: String::new(),
            context_tokens: Some(32_768),
            dimensions: None,
            can_chat: true,
            can_embed: false,
            thinks: false,
            refused: None,
            caution: None,
        }
    }

    fn fast(listed: &[Listed], memory_bytes: u64) -> Option<String> {
        pick(&MindSettings::default(), listed, memory_bytes).fast
    }

    #[test]
    fn the_best_is_a_model_of_middle_size_that_does_not_think() {
        let mut thinking = model("qwen3:8b", "8.2B", 5 * GB);
        thinking.thinks = true;
        let coder = model("qwen2.5-coder:7b", "7.6B", 5 * GB);
        let huge = model("llama3.3:70b", "70B", 43 * GB);
        let tiny = model("llama3.2:1b", "1.2B", GB);
        let good = model("gemma3:4b", "4.3B", 3 * GB);
        let all = [thinking, coder, huge, tiny, good];
        assert_eq!(fast(&all, 128 * GB).as_deref(), Some("gemma3:4b"));
        assert_eq!(fast(&all[..4], 16 * GB).as_deref(), Some("qwen3:8b"));
        assert_eq!(fast(&all[3..4], 16 * GB).as_deref(), Some("llama3.2:1b"));
    }

    #[test]
    fn what_does_not_fit_what_is_refused_and_what_only_embeds_is_never_chosen() {
        let mut cloud = model("gpt-oss:120b-cloud", "117B", 400);
        cloud.refused = Some("cloud".into());
        let mut embedding = model("embeddinggemma:latest", "308M", GB);
        (embedding.can_chat, embedding.can_embed) = (false, true);
        let large = model("gemma3:12b", "12.2B", 8 * GB);
        let all = [cloud, embedding, large];
        assert_eq!(fast(&all, 8 * GB), None);
        let picked = pick(&MindSettings::default(), &all, 0);
        assert_eq!(picked.fast.as_deref(), Some("gemma3:12b"));
        assert_eq!(picked.embedding.as_deref(), Some("embeddinggemma:latest"));
    }

    #[test]
    fn a_model_that_ignores_schemas_is_the_last_choice() {
        let mut mlx = model("gemma3:4b-mlx", "4.3B", 3 * GB);
        mlx.caution = Some("ignores schemas".into());
        let all = [mlx, model("llama3.2:1b", "1.2B", GB)];
        assert_eq!(fast(&all, 0).as_deref(), Some("llama3.2:1b"));
    }

    #[test]
    fn settings_name_models_or_switch_them_off() {
        let all = [model("gemma3:4b", "4.3B", GB), model("llama3.1:8b", "8.0B", GB)];
        let set = |fast: &str, deep: &str| MindSettings {
            fast_model: fast.into(),
            deep_model: deep.into(),
            ..MindSettings::default()
        };
        let named = pick(&set("gemma3:4b", ""), &all, 0);
        assert_eq!(
            (named.fast.as_deref(), named.deep.as_deref()),
            (Some("gemma3:4b"), Some("gemma3:4b"))
        );
        let two = pick(&set("gemma3:4b", "llama3.1:8b"), &all, 0);
        assert_eq!(two.deep.as_deref(), Some("llama3.1:8b"));
        assert_eq!(pick(&set(OFF, ""), &all, 0).fast, None);
        assert!(Wanted::of(&set(OFF, "")).is_off());
        assert!(!Wanted::of(&set(OFF, "gemma3:4b")).is_off());
        assert_eq!(pick(&set("gone:1b", ""), &all, 0).fast, None);
    }
}
