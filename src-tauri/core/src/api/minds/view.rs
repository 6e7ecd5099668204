//! Puts together what the settings' page about minds shows.

use super::{MindView, ModelView};
use crate::{
    Journal, Result,
    journal::Cancel,
    mind::{
        Fault, Server, choose,
        model::Listed,
        ollama, openai,
        pick::{self, Picked},
        proposals,
    },
    settings::{MindSettings, ServerKind},
};

/// What a look at the server found.
#[derive(Default)]
struct Found {
    server: String,
    version: Option<String>,
    listed: Vec<Listed>,
    problem: Option<String>,
    cautions: Vec<String>,
}

pub(super) fn of(journal: &Journal) -> Result<MindView> {
    let settings = journal.settings().mind;
    let memory_bytes = journal.around().memory_bytes;
    let is_script = journal.around().server.is_some();
    let address = choose::address(journal).ok().filter(|_| !is_script);
    let asks_consent = choose::agreed_address(journal)
        .is_err()
        .then(|| address.as_ref().and_then(|address| address.asks_consent()))
        .flatten();
    let mut found = if settings.server == ServerKind::Off {
        Found::default()
    } else {
        look(journal, &settings)
    };
    found.cautions.extend(address.as_ref().and_then(|address| address.caution()));
    let has_key = has_key(journal, &settings).unwrap_or_else(|why| {
        found.cautions.push(why);
        false
    });
    let picked = pick::pick(&settings, &found.listed, memory_bytes);
    if found.problem.is_none() && settings.server != ServerKind::Off {
        found.problem = missing(&settings, &picked, &found.server);
    }
    let n_days_provisional = journal.store().read(|reader| {
        Ok(reader.query_row(
            "SELECT count(*) FROM periods WHERE kind = 'day' AND is_provisional = 1",
            [],
            |row| row.get(0),
        )?)
    })?;
    if let (true, Some(address)) = (found.server.is_empty(), &address) {
        let what =
            if settings.server == ServerKind::Openai { "the OpenAI server" } else { "Ollama" };
        found.server = format!("{what} at {}", address.shown());
    }
    Ok(MindView {
        server: found.server,
        address: address.as_ref().map(|address| address.shown()).unwrap_or_default(),
        is_local: address.as_ref().is_none_or(|address| address.is_local()),
        asks_consent,
        version: found.version,
        problem: found.problem,
        cautions: found.cautions,
        models: found
            .listed
            .iter()
            .map(|model| model_view(model, &picked, memory_bytes, settings.window_tokens))
            .collect(),
        fast: picked.fast,
        deep: picked.deep,
        embedding: journal.embedding()?,
        proposals: match settings.server {
            ServerKind::Ollama => proposals::of(memory_bytes, &found.listed),
            ServerKind::Openai | ServerKind::Off => Vec::new(),
        },
        memory_bytes,
        has_key,
        n_days_provisional,
        pull: journal.pull_state(),
    })
}

fn look(journal: &Journal, settings: &MindSettings) -> Found {
    let mut found = Found::default();
    let cancel = Cancel::default();
    let asked = choose::server(journal).and_then(|server| {
        found.server = server.name();
        ask(&*server, &cancel)
    });
    match asked {
        Ok((version, listed)) => {
            if settings.server == ServerKind::Ollama && journal.around().server.is_none() {
                found.cautions = ollama::cautions(&version);
            }
            found.version = Some(version);
            found.listed = listed;
        }
        Err(fault) => found.problem = Some(fault.to_string()),
    }
    found
}

fn ask(server: &dyn Server, cancel: &Cancel) -> Result<(String, Vec<Listed>), Fault> {
    Ok((server.version(cancel)?, server.list(cancel)?))
}

/// Why there is no model although the server answers.
fn missing(settings: &MindSettings, picked: &Picked, server: &str) -> Option<String> {
    if picked.fast.is_some() || settings.fast_model.trim() == pick::OFF {
        return None;
    }
    Some(match settings.fast_model.trim() {
        "" => format!(
            "{server} has no model that can read your days and fits into this machine’s memory: get one"
        ),
        name => format!("{server} has no model {name} that may be used: get it, or choose another"),
    })
}

fn model_view(model: &Listed, picked: &Picked, memory_bytes: u64, window_tokens: u32) -> ModelView {
    let uses = [("fast", &picked.fast), ("deep", &picked.deep), ("embedding", &picked.embedding)];
    ModelView {
        name: model.name.clone(),
        size_bytes: model.size_bytes,
        parameters: model.parameters.clone(),
        quantization: model.quantization.clone(),
        context_tokens: model.context_tokens,
        dimensions: model.dimensions,
        can_chat: model.can_chat,
        can_embed: model.can_embed,
        thinks: model.thinks,
        fits: pick::fits(model, memory_bytes, window_tokens),
        refused: model.refused.clone(),
        caution: model.caution.clone(),
        used_for: uses
            .iter()
            .filter(|(_, name)| name.as_ref() == Some(&model.name))
            .map(|(usage, _)| (*usage).to_owned())
            .collect(),
    }
}

/// Whether there is a key for the server; as an error, why nobody can say.
fn has_key(journal: &Journal, settings: &MindSettings) -> Result<bool, String> {
    match choose::agreed_address(journal) {
        Ok(agreed) if settings.server == ServerKind::Openai => {
            let kept = journal.around().keychain.get(&openai::key_name(&agreed))?;
            Ok(kept.is_some())
        }
        _ => Ok(false),
    }
}
