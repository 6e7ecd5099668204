//! What the journal tells while it works, in the past tense: one list for window, terminal and tests.

use std::sync::{
    Arc, Mutex, PoisonError,
    mpsc::{Receiver, Sender, channel},
};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::api::{ask::AskSentence, dreams::DreamState, minds::PullState, sources::ScanReport};

/// Something that happened in the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// Records, moments, sources or settings changed: views that show them ask again.
    JournalChanged {
        /// The days that are touched; empty means "anything".
        days: Vec<String>,
    },
    /// A scan read some more files.
    ScanMoved {
        /// The source.
        #[ts(type = "number")]
        source_id: i64,
        /// Files done.
        n_done: u32,
        /// Files to do.
        n_total: u32,
    },
    /// A scan ended.
    ScanFinished {
        /// What it did.
        report: ScanReport,
    },
    /// A scan failed as a whole.
    ScanFailed {
        /// The source.
        #[ts(type = "number")]
        source_id: i64,
        /// Why.
        message: String,
    },
    /// A download of a model began, came further or ended.
    PullMoved {
        /// How it is.
        pull: PullState,
    },
    /// A model was asked in a dream that was begun with `debug`. Never logged, never kept.
    MindSpoke {
        /// The stage that asked.
        stage: String,
        /// The model.
        model: String,
        /// Role and words of each message.
        prompt: Vec<(String, String)>,
        /// What came back, or why nothing did.
        reply: String,
        /// How long it took.
        #[ts(type = "number")]
        took_ms: u64,
    },
    /// An answer came further: all of its sentences so far, each of them checked.
    AnswerMoved {
        /// The number of the question.
        id: u32,
        /// The sentences; what was told before them is replaced.
        sentences: Vec<AskSentence>,
        /// Whether a model writes them; the first ones are put together by rule.
        is_by_model: bool,
    },
    /// A dream began, came further or ended.
    DreamMoved {
        /// How it is.
        dream: DreamState,
    },
}

/// Hands every event to everybody who listens.
#[derive(Debug, Clone, Default)]
pub struct Bus(Arc<Mutex<Vec<Sender<Event>>>>);

impl Bus {
    /// Begins to listen.
    #[must_use]
    pub fn subscribe(&self) -> Receiver<Event> {
        let (sender, receiver) = channel();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// Tells everybody; those who no longer listen are forgotten.
    pub fn send(&self, event: &Event) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|listener| listener.send(event.clone()).is_ok());
    }
}
