//! Which models there are, what they can do, and which of them are not on this machine at all.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::{
    Fault,
    model::Listed,
    wire::{Pace, Wire},
};
use crate::journal::Cancel;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tags {
    models: Vec<Tag>,
}

/// A model in `api/tags`; details, capabilities and lengths came with later releases.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Tag {
    name: String,
    digest: String,
    size: u64,
    remote_host: Option<String>,
    remote_model: Option<String>,
    details: Option<Details>,
    capabilities: Option<Vec<String>>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Details {
    format: Option<String>,
    family: Option<String>,
    parameter_size: Option<String>,
    quantization_level: Option<String>,
    context_length: Option<u32>,
    embedding_length: Option<u32>,
}

/// What `api/show` says of a model.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Shown {
    remote_host: Option<String>,
    remote_model: Option<String>,
    details: Option<Details>,
    model_info: Option<Map<String, Value>>,
    capabilities: Option<Vec<String>>,
}

/// The models of a server. Releases before 0.30 do not say in their list what a model can do: then each
/// one is asked for.
pub(super) fn list(wire: &Wire, cancel: &Cancel) -> Result<Vec<Listed>, Fault> {
    let mut listed = Vec::new();
    for tag in tags(wire, cancel)? {
        let is_told = tag.capabilities.is_some() || cloud_reason(&tag).is_some();
        let shown = if is_told {
            Shown::default()
        } else {
            match show(wire, &tag.name, cancel) {
                Ok(shown) => shown,
                // A model that is broken or just being deleted does not hide the others.
                Err(Fault::Missing(_) | Fault::Refused(_) | Fault::Passing(_)) => Shown::default(),
                Err(fault) => return Err(fault),
            }
        };
        listed.push(describe(&tag, &shown));
    }
    Ok(listed)
}

/// A model that is going to be used: there, and really on this machine.
pub(super) fn open(wire: &Wire, name: &str, cancel: &Cancel) -> Result<Listed, Fault> {
    refuse_cloud_name(name)?;
    let wanted = canonical(name);
    let tag = tags(wire, cancel)?.into_iter().find(|tag| canonical(&tag.name) == wanted);
    let Some(tag) = tag else { return Err(Fault::Missing(name.to_owned())) };
    let shown = show(wire, &tag.name, cancel)?;
    let listed = describe(&tag, &shown);
    match listed.refused {
        Some(why) => Err(Fault::Forbidden(why)),
        None => Ok(listed),
    }
}

fn tags(wire: &Wire, cancel: &Cancel) -> Result<Vec<Tag>, Fault> {
    Ok(wire.json::<Tags>("api/tags", None, Pace::Quick, None, cancel)?.models)
}

fn show(wire: &Wire, name: &str, cancel: &Cancel) -> Result<Shown, Fault> {
    wire.json("api/show", Some(&json!({ "model": name })), Pace::Quick, Some(name), cancel)
}

/// Names are equal for Ollama without their case and with the tag that stands for none.
fn canonical(name: &str) -> String {
    let name = name.trim().to_lowercase();
    let last = name.rsplit('/').next().unwrap_or_default();
    if last.contains(':') { name } else { format!("{name}:latest") }
}

/// Whether a name stands for a model of Ollama's cloud: "x:cloud", "x:120b-cloud".
pub(super) fn is_cloud_name(name: &str) -> bool {
    let name = name.trim().to_lowercase();
    name.ends_with(":cloud") || name.ends_with("-cloud")
}

/// # Errors
/// [`Fault::Forbidden`] for a name of Ollama's cloud.
pub(in super::super) fn refuse_cloud_name(name: &str) -> Result<(), Fault> {
    if is_cloud_name(name) { Err(Fault::Forbidden(cloud(name))) } else { Ok(()) }
}

fn cloud(name: &str) -> String {
    format!(
        "the model {name} runs in a cloud and not on this machine: choose one that is installed here"
    )
}

fn cloud_reason(tag: &Tag) -> Option<String> {
    let is_cloud =
        is_cloud_name(&tag.name) || is_set(&tag.remote_host) || is_set(&tag.remote_model);
    is_cloud.then(|| cloud(&tag.name))
}

fn is_set(text: &Option<String>) -> bool {
    text.as_ref().is_some_and(|text| !text.is_empty())
}

fn describe(tag: &Tag, shown: &Shown) -> Listed {
    let of_tag = tag.details.clone().unwrap_or_default();
    let of_show = shown.details.clone().unwrap_or_default();
    let either = |one: &Option<String>, other: &Option<String>| {
        one.clone().filter(|text| !text.is_empty()).or_else(|| other.clone()).unwrap_or_default()
    };
    let family = either(&of_show.family, &of_tag.family);
    let format = either(&of_show.format, &of_tag.format);
    let abilities = shown.capabilities.as_ref().or(tag.capabilities.as_ref());
    let can = |what: &str| abilities.is_some_and(|list| list.iter().any(|able| able == what));
    // Releases that name no capabilities at all: the families of embedding models are few.
    let is_encoder = ["bert", "nomic-bert", "nomic-bert-moe", "xlm-roberta"].contains(&&*family);
    let can_embed = can("embedding") || abilities.is_none() && is_encoder;
    let can_chat = can("completion") || abilities.is_none() && !is_encoder;
    let is_cloud = is_set(&shown.remote_host) || is_set(&shown.remote_model);
    let context = length(shown, "context_length").or(of_tag.context_length);
    let dimensions = length(shown, "embedding_length").or(of_tag.embedding_length);
    let is_mlx = format == "safetensors" || tag.name.to_lowercase().contains("-mlx");
    Listed {
        name: tag.name.clone(),
        digest: tag.digest.clone(),
        size_bytes: tag.size,
        parameters: either(&of_show.parameter_size, &of_tag.parameter_size),
        quantization: either(&of_show.quantization_level, &of_tag.quantization_level),
        context_tokens: context.filter(|n| *n > 0),
        dimensions: dimensions.filter(|n| *n > 0 && can_embed),
        can_chat,
        can_embed,
        thinks: can("thinking") || abilities.is_none() && is_gpt_oss(&tag.name, &family),
        refused: cloud_reason(tag).or_else(|| is_cloud.then(|| cloud(&tag.name))),
        caution: is_mlx.then(|| {
            "models in this format ignore the schema of a reply: what they say is often unusable".into()
        }),
    }
}

/// `<architecture>.<what>` of `model_info`.
fn length(shown: &Shown, what: &str) -> Option<u32> {
    let info = shown.model_info.as_ref()?;
    let architecture = info.get("general.architecture").and_then(Value::as_str);
    let named = architecture.and_then(|name| info.get(&format!("{name}.{what}")));
    let found = named.or_else(|| {
        info.iter()
            .find(|(key, _)| key.split_once('.').is_some_and(|(_, rest)| rest == what))
            .map(|(_, v)| v)
    });
    u32::try_from(found?.as_u64()?).ok()
}

/// Models of this family think whatever they are told; they can only be told to think little.
pub(super) fn is_gpt_oss(name: &str, family: &str) -> bool {
    let name = name.to_lowercase();
    let last = name.rsplit('/').next().unwrap_or_default();
    last.starts_with("gpt-oss") || family == "gptoss" || family == "gpt-oss"
}
