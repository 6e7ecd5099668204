//! What a search needs to understand a question: the journal's vectors in memory, and the model that made
//! them.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

use super::{Cancel, Journal};
use crate::{
    Result,
    mind::{choose::Minds, model::Purpose},
    search::near::Near,
    store::vectors::{EmbedderRow, Thing},
};

/// A search waits so long for a model; what it says later serves the next one.
const PATIENCE: Duration = Duration::from_millis(800);
/// Questions whose vectors are remembered.
const REMEMBERED: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Meaning {
    near: Near,
    /// A thread asks a model just now.
    is_asking: AtomicBool,
    /// Embedder, question and vector, the oldest first.
    known: Mutex<VecDeque<(i64, String, Vec<f32>)>>,
}

impl Journal {
    /// The vectors of this journal in memory.
    pub(crate) fn near(&self) -> &Near {
        &self.0.meaning.near
    }

    /// Bytes that the journal's vectors take in this process's memory.
    #[must_use]
    pub fn vector_bytes(&self) -> usize {
        self.near().n_bytes()
    }

    /// The `k` stretches of writing whose vectors are nearest to this one, as numbers of vectors, with
    /// their cosines; none, if the vector is not one of the embedder in use.
    ///
    /// # Errors
    /// The store failed.
    pub fn nearest_chunks(&self, vector: &[f32], k: usize) -> Result<Vec<(i64, f32)>> {
        self.store().read(|reader| {
            let embedder = crate::search::embed::used(reader)?;
            self.near().nearest(reader, Thing::Chunk, &embedder, vector, k)
        })
    }

    /// A question as the model understands it that made the vectors in use. `None` where it cannot be asked,
    /// or does not answer in time.
    pub(crate) fn question_vector(&self, embedder: &EmbedderRow, text: &str) -> Option<Vec<f32>> {
        if let Some(known) = self.known_vector(embedder.id, text) {
            return Some(known);
        }
        let meaning = &self.0.meaning;
        if meaning.is_asking.swap(true, Ordering::AcqRel) {
            return None;
        }
        let (tell, hear) = mpsc::channel();
        let (journal, embedder, text) = (self.clone(), embedder.clone(), text.to_owned());
        thread::spawn(move || {
            let asked = Asking(&journal);
            let vector = journal.ask_model(&embedder, &text);
            if let Some(vector) = &vector {
                journal.remember(embedder.id, text, vector.clone());
            }
            drop(asked);
            // Whoever asked may have gone on without it.
            let _ = tell.send(vector);
        });
        hear.recv_timeout(PATIENCE).ok().flatten()
    }

    fn ask_model(&self, embedder: &EmbedderRow, text: &str) -> Option<Vec<f32>> {
        let cancel = Cancel::default();
        let found = Minds::find_embedder(self, &cancel).ok()??;
        if found.name() != embedder.name || found.digest() != embedder.digest {
            return None;
        }
        let model = found.open(&cancel).ok()??;
        let vectors = model.embed(&[text], Purpose::Query, &cancel).ok()?;
        let vector = vectors.into_iter().next().flatten()?;
        (vector.len() == embedder.dimensions as usize).then_some(vector)
    }

    fn known_vector(&self, embedder: i64, text: &str) -> Option<Vec<f32>> {
        let known = self.0.meaning.known.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known.iter().find(|(of, asked, _)| *of == embedder && asked == text);
        found.map(|(.., vector)| vector.clone())
    }

    fn remember(&self, embedder: i64, text: String, vector: Vec<f32>) {
        let mut known = self.0.meaning.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() == REMEMBERED {
            known.pop_front();
        }
        known.push_back((embedder, text, vector));
    }
}

/// A model is being asked, until it is dropped.
struct Asking<'a>(&'a Journal);

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        self.0.0.meaning.is_asking.store(false, Ordering::Release);
    }
}
