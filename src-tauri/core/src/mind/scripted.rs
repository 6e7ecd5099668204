//! A mind for tests: what it says is written beforehand, and what it was asked is remembered.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Embedder, Fault, LanguageModel, Server,
    model::{Chat, End, Listed, Message, ModelCard, Pulling, Said, Use},
};
use crate::journal::Cancel;

type Reply = dyn Fn(&Chat<'_>) -> Result<Said, Fault> + Send + Sync;

/// A model that follows a script, and the server it lives on.
#[derive(Clone)]
pub struct Scripted(Arc<Inner>);

struct Inner {
    card: Mutex<ModelCard>,
    next: Mutex<VecDeque<Result<Said, Fault>>>,
    otherwise: Box<Reply>,
    asked: Mutex<Vec<Vec<Message>>>,
}

impl Scripted {
    /// A model that replies with `otherwise` whenever nothing else was put down for it.
    pub fn new(
        otherwise: impl Fn(&Chat<'_>) -> Result<Said, Fault> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(Inner {
            card: Mutex::new(ModelCard {
                name: "scripted".into(),
                digest: "scripted-1".into(),
                window_tokens: 8192,
                thinks: false,
            }),
            next: Mutex::default(),
            otherwise: Box::new(otherwise),
            asked: Mutex::default(),
        }))
    }

    /// A finished reply of this text.
    #[must_use]
    pub fn said(text: &str) -> Said {
        Said {
            text: text.to_owned(),
            n_thought_bytes: 0,
            end: End::Stop,
            prompt_tokens: None,
            reply_tokens: None,
            load_ms: 0,
            prompt_ms: 0,
            reply_ms: 0,
        }
    }

    /// Puts down what the next call gives, after those that were put down before.
    pub fn next(&self, reply: Result<Said, Fault>) {
        lock(&self.0.next).push_back(reply);
    }

    /// Makes it another build of the model, or one with another window, for those who ask from now on.
    pub fn become_another(&self, change: impl FnOnce(&mut ModelCard)) {
        change(&mut lock(&self.0.card));
    }

    /// All it was asked so far.
    #[must_use]
    pub fn asked(&self) -> Vec<Vec<Message>> {
        lock(&self.0.asked).clone()
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scripted").field("card", &*lock(&self.0.card)).finish_non_exhaustive()
    }
}

#[derive(Debug)]
struct Ready {
    card: ModelCard,
    script: Scripted,
}

impl LanguageModel for Ready {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    fn chat(&self, chat: &Chat<'_>, cancel: &Cancel) -> Result<Said, Fault> {
        if cancel.is_cancelled() {
            return Err(Fault::Cancelled);
        }
        lock(&self.script.0.asked).push(chat.messages.to_vec());
        let next = lock(&self.script.0.next).pop_front();
        next.unwrap_or_else(|| (self.script.0.otherwise)(chat))
    }

    fn is_there(&self, _cancel: &Cancel) -> bool {
        true
    }

    fn unload(&self, _cancel: &Cancel) {}
}

impl Server for Scripted {
    fn name(&self) -> String {
        "a script".into()
    }

    fn version(&self, _cancel: &Cancel) -> Result<String, Fault> {
        Ok("1".into())
    }

    fn list(&self, _cancel: &Cancel) -> Result<Vec<Listed>, Fault> {
        let card = lock(&self.0.card).clone();
        Ok(vec![Listed {
            name: card.name,
            digest: card.digest,
            size_bytes: 0,
            parameters: String::new(),
            quantization: String::new(),
            context_tokens: Some(card.window_tokens),
            dimensions: None,
            can_chat: true,
            can_embed: false,
            thinks: card.thinks,
            refused: None,
            caution: None,
        }])
    }

    fn language_model(
        &self,
        name: &str,
        wanted: Use,
        _cancel: &Cancel,
    ) -> Result<Arc<dyn LanguageModel>, Fault> {
        let mut card = lock(&self.0.card).clone();
        if name != card.name {
            return Err(Fault::Missing(name.to_owned()));
        }
        card.window_tokens = card.window_tokens.min(wanted.window_tokens);
        Ok(Arc::new(Ready { card, script: self.clone() }))
    }

    fn embedder(&self, name: &str, _cancel: &Cancel) -> Result<Arc<dyn Embedder>, Fault> {
        Err(Fault::Missing(name.to_owned()))
    }

    fn pull(
        &self,
        name: &str,
        _tell: &mut dyn FnMut(Pulling),
        _cancel: &Cancel,
    ) -> Result<(), Fault> {
        Err(Fault::Missing(name.to_owned()))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
