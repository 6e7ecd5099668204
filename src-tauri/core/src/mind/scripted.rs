//! A mind for tests: what it says is written beforehand, and what it was asked is remembered.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Embedder, Fault, LanguageModel, Server,
    model::{Chat, EmbedderCard, End, Listed, Message, ModelCard, Pulling, Purpose, Said, Use},
};
use crate::{journal::Cancel, store::Hash};

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

type Hook = dyn Fn(usize, &[&str]) -> Result<(), Fault> + Send + Sync;

/// An embedder that follows a script: texts that share words are near each other, and it remembers what
/// it was asked.
#[derive(Clone)]
pub struct ScriptedEmbedder(Arc<EmbedderInner>);

struct EmbedderInner {
    card: EmbedderCard,
    before: Mutex<Box<Hook>>,
    /// Texts with one of these words in them cannot be embedded.
    strange: Mutex<Vec<String>>,
    asked: Mutex<Vec<Vec<String>>>,
}

impl ScriptedEmbedder {
    /// An embedder whose vectors depend on its digest.
    #[must_use]
    pub fn new(name: &str, digest: &str, dimensions: u32) -> Self {
        Self(Arc::new(EmbedderInner {
            card: EmbedderCard {
                name: name.to_owned(),
                digest: digest.to_owned(),
                dimensions,
                document_prefix: "document: ".into(),
                query_prefix: "query: ".into(),
                window_tokens: 512,
            },
            before: Mutex::new(Box::new(|_, _| Ok(()))),
            strange: Mutex::default(),
            asked: Mutex::default(),
        }))
    }

    /// Does something before each call from now on, with the number of calls before it and its texts; a
    /// fault is what the call gives.
    pub fn before(
        &self,
        hook: impl Fn(usize, &[&str]) -> Result<(), Fault> + Send + Sync + 'static,
    ) {
        *lock(&self.0.before) = Box::new(hook);
    }

    /// Lets it have no vector for texts with this word in them.
    pub fn cannot_embed(&self, word: &str) {
        lock(&self.0.strange).push(word.to_owned());
    }

    /// The texts of every call so far that it answered.
    #[must_use]
    pub fn asked(&self) -> Vec<Vec<String>> {
        lock(&self.0.asked).clone()
    }

    fn vector(&self, text: &str) -> Vec<f32> {
        let dimensions = self.0.card.dimensions as usize;
        let mut vector = vec![0.0_f32; dimensions];
        for word in text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3) {
            let parts = [self.0.card.digest.as_bytes(), &word.to_lowercase().into_bytes()];
            for pair in Hash::of_fields(parts).0.chunks_exact(2).take(8) {
                let at = usize::from(u16::from_le_bytes([pair[0], pair[1]]));
                vector[at % dimensions] += if pair[0] & 1 == 0 { 1.0 } else { -1.0 };
            }
        }
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        vector.iter().map(|x| x / length).collect()
    }
}

impl fmt::Debug for ScriptedEmbedder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScriptedEmbedder").field("card", &self.0.card).finish_non_exhaustive()
    }
}

impl Embedder for ScriptedEmbedder {
    fn card(&self) -> &EmbedderCard {
        &self.0.card
    }

    fn embed(
        &self,
        texts: &[&str],
        _purpose: Purpose,
        cancel: &Cancel,
    ) -> Result<Vec<Option<Vec<f32>>>, Fault> {
        if cancel.is_cancelled() {
            return Err(Fault::Cancelled);
        }
        let n_before = lock(&self.0.asked).len();
        (lock(&self.0.before))(n_before, texts)?;
        lock(&self.0.asked).push(texts.iter().map(|text| (*text).to_owned()).collect());
        let strange = lock(&self.0.strange).clone();
        Ok(texts
            .iter()
            .map(|text| {
                let can = !strange.iter().any(|word| text.contains(word.as_str()));
                can.then(|| self.vector(text))
            })
            .collect())
    }

    fn unload(&self, _cancel: &Cancel) {}
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
