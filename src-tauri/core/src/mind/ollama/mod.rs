//! Ollama, as it is, through what the crate `ollama-rs` can be trusted with.
//!
//! Of the crate we use the shapes of requests (messages, options, formats, `keep_alive`, `think`) and
//! downloads, whose errors it types. Not used, in release 0.3.6, is what loses something:
//!
//! - its chat streams drop every piece of the network that ends inside a character, and skip errors in
//!   the middle of a stream (`ollama_rs_still_loses_text` below notices when that is mended);
//! - its replies have no `done_reason` and no status; a reply cut at its limit looks whole;
//! - its requests have no `truncate` and no `shift`, without which Ollama cuts long prompts in silence;
//! - its list of models has no digest, no capabilities and no `remote_host`, its description no
//!   `remote_host`: a cloud model could not be told from one on this machine;
//! - it has no version and no `ps`.
//!
//! These go over our own wire (`mind/wire/`), to the same addresses. A stream is never stopped early
//! because it begins with something else than JSON: fences and prose around a reply can be taken off.

mod catalogue;
mod chat;
mod embed;
mod pull;

use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value;

use super::{
    Embedder, Fault, LanguageModel, Server,
    address::Agreed,
    around::Patience,
    model::{Listed, Pulling, Use},
    wire::{Pace, Wire},
};
use crate::journal::Cancel;

pub(super) use catalogue::refuse_cloud_name;
pub(super) use embed::{SAMPLE, WINDOW, prefixes, vector};

/// How long a model stays loaded after a call.
const KEPT_MINUTES: u64 = 10;

/// Ollama at an address.
#[derive(Debug, Clone)]
pub struct Ollama {
    wire: Wire,
}

impl Ollama {
    /// Ollama at this address; asks nothing yet.
    #[must_use]
    pub fn new(agreed: Agreed, patience: Patience) -> Self {
        Self { wire: Wire::new("Ollama", agreed, patience, None) }
    }
}

#[derive(Debug, Deserialize)]
struct VersionReply {
    version: String,
}

impl Server for Ollama {
    fn name(&self) -> String {
        self.wire.server().to_owned()
    }

    fn version(&self, cancel: &Cancel) -> Result<String, Fault> {
        let reply: VersionReply = self.wire.json("api/version", None, Pace::Quick, None, cancel)?;
        Ok(reply.version)
    }

    fn list(&self, cancel: &Cancel) -> Result<Vec<Listed>, Fault> {
        catalogue::list(&self.wire, cancel)
    }

    fn language_model(
        &self,
        name: &str,
        wanted: Use,
        cancel: &Cancel,
    ) -> Result<Arc<dyn LanguageModel>, Fault> {
        let listed = catalogue::open(&self.wire, name, cancel)?;
        if !listed.can_chat {
            return Err(Fault::Refused(format!("the model {name} cannot chat, it only embeds")));
        }
        let version = Version::read(&self.version(cancel)?);
        Ok(Arc::new(chat::Chatting::new(self.wire.clone(), &listed, version, wanted)))
    }

    fn embedder(&self, name: &str, cancel: &Cancel) -> Result<Arc<dyn Embedder>, Fault> {
        let listed = catalogue::open(&self.wire, name, cancel)?;
        if !listed.can_embed {
            return Err(Fault::Refused(format!("the model {name} cannot embed")));
        }
        Ok(Arc::new(embed::Embedding::open(self.wire.clone(), &listed, cancel)?))
    }

    fn pull(
        &self,
        name: &str,
        tell: &mut dyn FnMut(Pulling),
        cancel: &Cancel,
    ) -> Result<(), Fault> {
        refuse_cloud_name(name)?;
        pull::pull(&self.wire, name, tell, cancel)
    }
}

/// Frees a model's memory by an empty question to the endpoint that it answers at.
fn unload(wire: &Wire, path: &str, empty: &Value, cancel: &Cancel) {
    // The server frees it by itself after a while.
    let _ = wire.json::<Value>(path, Some(empty), Pace::Quick, None, cancel);
}

/// A release of Ollama.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Version(u32, u32, u32);

impl Version {
    /// Knows `truncate` and `shift`, without which a prompt may be cut in silence.
    const TELLS_TRUNCATION: Self = Self(0, 12, 6);
    /// Follows a schema although a thinking model is told not to think (ollama issue 15901).
    const STOPS_THINKING: Self = Self(0, 31, 2);

    /// Reads "0.32.15-rc1"; what is no release, such as a build from source ("0.0.0"), is taken for new.
    fn read(text: &str) -> Self {
        let numbers = text.split(['-', '+']).next().unwrap_or_default();
        let mut parts = numbers.split('.').map(|part| part.trim().parse().unwrap_or(0));
        let mut next = || parts.next().unwrap_or(0);
        match Self(next(), next(), next()) {
            Self(0, 0, 0) => Self(u32::MAX, 0, 0),
            version => version,
        }
    }
}

/// What to know about a server of this version.
#[must_use]
pub fn cautions(version: &str) -> Vec<String> {
    let read = Version::read(version);
    let mut cautions = Vec::new();
    if read < Version::TELLS_TRUNCATION {
        cautions.push(format!(
            "Ollama {version} cuts long texts without saying so in every case: update it to 0.12.6 or newer"
        ));
    }
    if read < Version::STOPS_THINKING {
        cautions.push(format!(
            "Ollama {version} cannot keep thinking models from thinking: choose one that does not think, or \
             update it to 0.31.2 or newer"
        ));
    }
    cautions
}

#[cfg(test)]
mod tests;
