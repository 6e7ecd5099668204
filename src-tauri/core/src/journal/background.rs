//! The work behind the person's back: counting words, making vectors.

use std::{
    sync::{MutexGuard, TryLockError},
    thread,
};

use super::{Cancel, Journal};
use crate::{
    Error, Result,
    api::minds::EmbeddingView,
    mind::{choose::Minds, likeness::Wanted, manners, pick},
    settings::ServerKind,
};

impl Journal {
    /// Does the background work that waits and needs no model, such as counting and embedding new
    /// writing where the built-in embedder is used. Returns how many pieces were done.
    ///
    /// # Errors
    /// The store failed, or it was cancelled.
    pub fn run_jobs(&self, cancel: &Cancel) -> Result<u32> {
        crate::search::catch_up(self.store(), cancel)?;
        crate::search::embed::catch_up(self, Wanted::Same, cancel)
    }

    /// Embeds what is new with the embedder that is wanted; where that is another one than before, it
    /// is prepared while the old one is used, and takes its place when it has seen everything. Returns
    /// how many texts were embedded; 0 also while another thread does it.
    ///
    /// # Errors
    /// The store failed, it was cancelled (what was embedded is kept), or the model gives vectors of
    /// another length than it says. That a model goes away is no error: it goes on next time.
    pub fn embed(&self, wanted: Wanted<'_>, cancel: &Cancel) -> Result<u32> {
        let Some(_one) = self.alone_embedding() else { return Ok(0) };
        crate::search::embed::catch_up(self, wanted, cancel)
    }

    /// Does all that waits in the background, until it is done or the journal is stopped. A model is
    /// asked only while the machine can spare it.
    pub(crate) fn catch_up(&self) {
        let stopping = &self.0.stopping;
        let done = self.run_jobs(stopping).and_then(|_| self.embed_with(true, stopping));
        match done {
            Ok(_) | Err(Error::Cancelled) => {}
            Err(error) => tracing::warn!(%error, "Background work stopped."),
        }
    }

    /// Does it on a thread of its own: a model may take hours.
    pub(crate) fn start_catching_up(&self) {
        let journal = self.clone();
        thread::spawn(move || journal.catch_up());
    }

    /// Embeds what is new as the settings want it: with a model if it can be asked just now. Returns how
    /// many texts were embedded. Where nothing is new no model is loaded.
    ///
    /// # Errors
    /// As [`embed`](Self::embed).
    pub fn embed_as_set(&self, cancel: &Cancel) -> Result<u32> {
        self.embed_with(false, cancel)
    }

    /// The same for who goes on with the vectors that are there if the model cannot be asked. It comes
    /// before what is alike is compared: the dream that brings a new embedder compares by it, and not only
    /// the next one.
    pub(crate) fn embed_if_possible(&self, is_by_itself: bool, cancel: &Cancel) -> Result<()> {
        match self.embed_with(is_by_itself, cancel) {
            Ok(_) => cancel.check(),
            Err(Error::Cancelled) => Err(Error::Cancelled),
            Err(error) => {
                tracing::warn!(%error, "What is alike is compared by the vectors that are there.");
                Ok(())
            }
        }
    }

    fn embed_with(&self, is_behind_the_back: bool, cancel: &Cancel) -> Result<u32> {
        let Some(_one) = self.alone_embedding() else { return Ok(0) };
        let mind = self.settings().mind;
        let embed = |wanted| crate::search::embed::catch_up(self, wanted, cancel);
        if mind.server == ServerKind::Off || mind.embedding_model.trim() == pick::OFF {
            return embed(Wanted::BuiltIn);
        }
        let Some(found) = Minds::find_embedder(self, cancel)? else { return embed(Wanted::Same) };
        if crate::search::embed::is_up_to_date(self, found.name(), found.digest())? {
            return Ok(0);
        }
        if is_behind_the_back {
            // Whoever comes meanwhile finds somebody waiting already.
            manners::wait_politely(&*self.around().senses, &mind, cancel, &|_| {})?;
        }
        let Some(embedder) = found.open(cancel)? else { return embed(Wanted::Same) };
        let ended = embed(Wanted::Model(&*embedder));
        embedder.unload(&Cancel::default());
        ended
    }

    /// One thread embeds with a model: two would ask it the same things.
    fn alone_embedding(&self) -> Option<MutexGuard<'_, ()>> {
        match self.0.embedding.try_lock() {
            Ok(one) => Some(one),
            Err(TryLockError::Poisoned(one)) => Some(one.into_inner()),
            Err(TryLockError::WouldBlock) => None,
        }
    }

    /// Where vectors come from, and how far a change of the embedder has come.
    ///
    /// # Errors
    /// The store failed.
    pub fn embedding(&self) -> Result<EmbeddingView> {
        crate::search::embedding_view(self)
    }
}
