//! Which models a dream uses: what the settings name, or the best of what is installed.

use std::{fmt, sync::Arc};

use super::{
    Embedder, Fault, LanguageModel, Server,
    address::{Address, Agreed},
    caller::Profile,
    model::{Listed, Use},
    ollama::Ollama,
    openai::{self, Openai},
    pick::{OFF, Wanted, Wish, best_embedder, ranked},
};
use crate::{
    Error, Journal, Result,
    journal::Cancel,
    settings::{MindSettings, ServerKind},
};

/// The models in use, and why there are none.
#[derive(Clone, Default)]
pub struct Minds {
    /// For many small questions.
    pub fast: Option<Arc<dyn LanguageModel>>,
    /// For few that need more thought.
    pub deep: Option<Arc<dyn LanguageModel>>,
    /// Why there is no model, for people.
    pub reason: Option<String>,
    /// Whether it is by the person's own choice that there is no model.
    pub is_off: bool,
}

impl Minds {
    /// Opens the models that the settings name, or the best of those installed. `model_override` takes
    /// the place of both; "off" means none. That there is no model is no error: `reason` says why.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn open(journal: &Journal, model_override: Option<&str>, cancel: &Cancel) -> Result<Self> {
        let settings = settings_for(journal, model_override);
        let wanted = Wanted::of(&settings);
        if wanted.is_off() {
            return Ok(Self { is_off: true, ..Self::default() });
        }
        if is_nowhere(journal, &settings) {
            return Ok(Self { is_off: true, ..Self::default() });
        }
        match open(journal, &settings, &wanted, cancel) {
            Ok(minds) => Ok(minds),
            Err(Fault::Cancelled) => Err(Error::Cancelled),
            Err(fault) => Ok(Self { reason: Some(fault.to_string()), ..Self::default() }),
        }
    }

    /// Finds the embedding model that the settings name, or the best of those installed; `None` for the
    /// built-in embedder, by choice or because there is no other.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn find_embedder(journal: &Journal, cancel: &Cancel) -> Result<Option<FoundEmbedder>> {
        let settings = journal.settings().mind;
        let name = settings.embedding_model.trim();
        if settings.server == ServerKind::Off || name == OFF {
            return Ok(None);
        }
        let found = server(journal).and_then(|server| {
            let listed = server.list(cancel)?;
            let model = match name {
                "" => best_embedder(&listed),
                name => listed.iter().find(|model| is_called(model, name)),
            };
            Ok(model.cloned().map(|listed| FoundEmbedder { server, listed }))
        });
        present(found)
    }

    /// The model of a profile.
    #[must_use]
    pub fn of(&self, profile: Profile) -> Option<&Arc<dyn LanguageModel>> {
        match profile {
            Profile::Fast => self.fast.as_ref(),
            Profile::Deep => self.deep.as_ref(),
        }
    }
}

/// An embedding model that is there. It is opened only when something is to be embedded: opening makes
/// the server load it.
#[derive(Debug, Clone)]
pub struct FoundEmbedder {
    server: Arc<dyn Server>,
    listed: Listed,
}

impl FoundEmbedder {
    /// Its name on the server.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.listed.name
    }

    /// What tells this build from another; empty where the server has nothing of the kind.
    #[must_use]
    pub fn digest(&self) -> &str {
        &self.listed.digest
    }

    /// Makes it ready; `None` if that fails for now.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    pub fn open(&self, cancel: &Cancel) -> Result<Option<Arc<dyn Embedder>>> {
        present(self.server.embedder(&self.listed.name, cancel).map(Some))
    }
}

/// Servers list "nomic-embed-text:latest" where people write "nomic-embed-text".
fn is_called(model: &Listed, name: &str) -> bool {
    model.name == name || model.name.strip_suffix(":latest") == Some(name)
}

/// What is there, or nothing: that a model cannot be had at present is no error.
fn present<T>(found: Result<Option<T>, Fault>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(found),
        Err(Fault::Cancelled) => Err(Error::Cancelled),
        Err(fault) => {
            tracing::info!(%fault, "There is no embedding model at present.");
            Ok(None)
        }
    }
}

fn settings_for(journal: &Journal, model_override: Option<&str>) -> MindSettings {
    let mut settings = journal.settings().mind;
    if let Some(name) = model_override.map(str::trim).filter(|name| !name.is_empty()) {
        name.clone_into(&mut settings.fast_model);
        settings.deep_model = String::new();
    }
    settings
}

fn open(
    journal: &Journal,
    settings: &MindSettings,
    wanted: &Wanted,
    cancel: &Cancel,
) -> Result<Minds, Fault> {
    let server = server(journal)?;
    let usage = Use { window_tokens: settings.window_tokens };
    let open = |wish: &Wish| match wish {
        Wish::Off => Ok(None),
        Wish::Named(name) => server.language_model(name, usage, cancel).map(Some),
        Wish::Best => {
            let memory = journal.around().memory_bytes;
            best(&*server, memory, usage, cancel).map(Some)
        }
    };
    let fast = open(&wanted.fast)?;
    let deep = match &wanted.deep {
        None => fast.clone(),
        Some(wish) if *wish == wanted.fast => fast.clone(),
        Some(wish) => open(wish)?,
    };
    Ok(Minds { fast, deep, ..Minds::default() })
}

/// The first of the ranked models that opens.
fn best(
    server: &dyn Server,
    memory_bytes: u64,
    usage: Use,
    cancel: &Cancel,
) -> Result<Arc<dyn LanguageModel>, Fault> {
    let listed = server.list(cancel)?;
    let ranked = ranked(&listed, memory_bytes, usage.window_tokens);
    let mut fault = Fault::Refused(none_of(&server.name(), &listed));
    for model in ranked {
        match server.language_model(&model.name, usage, cancel) {
            Ok(model) => return Ok(model),
            // Another one may be what this one only seemed to be.
            Err(one @ (Fault::Forbidden(_) | Fault::Refused(_) | Fault::Missing(_))) => fault = one,
            Err(fault) => return Err(fault),
        }
    }
    Err(fault)
}

/// Why none of the models there can be used.
fn none_of(server: &str, listed: &[Listed]) -> String {
    let can_chat = listed.iter().any(|model| model.can_chat && model.refused.is_none());
    if can_chat {
        format!(
            "none of the models that {server} has fits into this machine’s memory: get a smaller one"
        )
    } else {
        format!("{server} has no model that can read your days yet: get one in the settings")
    }
}

/// The server that the settings name and that may be asked.
///
/// # Errors
/// None is known, its address cannot be read, or it must not be asked.
pub fn server(journal: &Journal) -> Result<Arc<dyn Server>, Fault> {
    let around = journal.around();
    if let Some(server) = &around.server {
        return Ok(Arc::clone(server));
    }
    let settings = journal.settings().mind;
    let agreed = address(journal)?.agreed(&settings.agreed_address)?;
    match settings.server {
        ServerKind::Ollama => Ok(Arc::new(Ollama::new(agreed, around.patience))),
        ServerKind::Openai => {
            // Most servers on this machine want no key; one that does will say so.
            let key = around.keychain.get(&openai::key_name(&agreed)).unwrap_or_default();
            Ok(Arc::new(Openai::new(agreed, around.patience, key)))
        }
        ServerKind::Off => Err(switched_off()),
    }
}

/// The address that the settings name, or the one that the shell knows.
///
/// # Errors
/// There is none, or it cannot be read.
pub fn address(journal: &Journal) -> Result<Address, Fault> {
    let settings = journal.settings().mind;
    match (settings.server, settings.address.trim()) {
        (ServerKind::Off, _) => Err(switched_off()),
        (ServerKind::Openai, address) => Address::openai(address),
        (ServerKind::Ollama, "") => match &journal.around().ollama_host {
            Some(host) => Address::ollama(host),
            None => Err(Fault::Refused(
                "no address of a model server is known: write one into the settings".into(),
            )),
        },
        (ServerKind::Ollama, address) => Address::ollama(address),
    }
}

/// The address, once it may be asked.
///
/// # Errors
/// As [`server`].
pub fn agreed_address(journal: &Journal) -> Result<Agreed, Fault> {
    address(journal)?.agreed(&journal.settings().mind.agreed_address)
}

/// Whether neither the settings nor the shell know any place to look for models.
fn is_nowhere(journal: &Journal, settings: &MindSettings) -> bool {
    let around = journal.around();
    settings.server == ServerKind::Ollama
        && settings.address.trim().is_empty()
        && around.ollama_host.is_none()
        && around.server.is_none()
}

fn switched_off() -> Fault {
    Fault::Refused("models are switched off in the settings".into())
}

impl fmt::Debug for Minds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |model: &Option<Arc<dyn LanguageModel>>| {
            model.as_ref().map(|model| model.card().name.clone())
        };
        f.debug_struct("Minds")
            .field("fast", &name(&self.fast))
            .field("deep", &name(&self.deep))
            .field("reason", &self.reason)
            .finish_non_exhaustive()
    }
}
