//! Opens the journal beside the window, so that neither waits for the other.

use std::{
    sync::{Arc, Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

use chrono::Utc;
use rem_core::{
    Error, Journal,
    clock::Clock,
    error::WireError,
    journal::Opening,
    mind::{
        around::{Around, OLLAMA_HOST},
        keychain::SystemKeychain,
    },
};

use crate::{senses::Machine, shell::Place};

/// A journal that is being opened, is open, or could not be opened.
#[derive(Clone, Default)]
pub(crate) struct Opened(Arc<Inner>);

#[derive(Default)]
struct Inner {
    journal: Mutex<Option<Result<Journal, WireError>>>,
    is_done: Condvar,
}

impl Opened {
    /// Begins to open the journal.
    #[expect(clippy::disallowed_methods, reason = "a shell is where the wall clock comes in")]
    pub(crate) fn begin(place: &Place) -> Self {
        let opened = Self::default();
        let waiting = opened.clone();
        let opening = Opening {
            path: place.journal.clone(),
            name: place.name.clone(),
            clock: Clock::from_fn(Utc::now),
            zone: zone(),
            data_dir: place.data_dir.clone(),
            around: around(),
        };
        thread::spawn(move || {
            let journal = Journal::open(opening).map_err(|error| WireError::from(&error));
            *waiting.0.journal.lock().unwrap_or_else(PoisonError::into_inner) = Some(journal);
            waiting.0.is_done.notify_all();
        });
        opened
    }

    /// Waits for the journal.
    pub(crate) fn wait(&self) -> Result<Journal, WireError> {
        let guard = self.0.journal.lock().unwrap_or_else(PoisonError::into_inner);
        let done = self.0.is_done.wait_while(guard, |journal| journal.is_none());
        match &*done.unwrap_or_else(PoisonError::into_inner) {
            Some(journal) => journal.clone(),
            None => Err(WireError::from(&Error::Busy("the journal is being opened".into()))),
        }
    }

    /// The journal, if it is open within `patience`.
    pub(crate) fn within(&self, patience: Duration) -> Option<Journal> {
        let guard = self.0.journal.lock().unwrap_or_else(PoisonError::into_inner);
        let done = self.0.is_done.wait_timeout_while(guard, patience, |journal| journal.is_none());
        let (journal, _) = done.unwrap_or_else(PoisonError::into_inner);
        journal.as_ref().and_then(|journal| journal.clone().ok())
    }
}

/// The machine's zone; a machine that does not know its own is taken to be in UTC, which the settings
/// can change.
fn zone() -> String {
    iana_time_zone::get_timezone().unwrap_or_else(|_| "UTC".into())
}

fn around() -> Around {
    Around {
        ollama_host: Some(std::env::var("OLLAMA_HOST").unwrap_or_else(|_| OLLAMA_HOST.into())),
        memory_bytes: memory_bytes(),
        keychain: Arc::new(SystemKeychain::default()),
        senses: Arc::new(Machine),
        host: sysinfo::System::host_name().unwrap_or_default(),
        program: "the app".into(),
        ..Around::default()
    }
}

fn memory_bytes() -> u64 {
    let memory = sysinfo::MemoryRefreshKind::nothing().with_ram();
    let kinds = sysinfo::RefreshKind::nothing().with_memory(memory);
    sysinfo::System::new_with_specifics(kinds).map_or(0, |system| system.total_memory())
}
