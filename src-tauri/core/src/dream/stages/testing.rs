//! A journal, a script for a model, and a day of writing, for the tests of the stages.

use std::sync::Arc;

use chrono::NaiveDate;
use tempfile::TempDir;

use super::{
    collect::{Chunk, Day},
    reading::{Prompts, Reading},
};
use crate::{
    Journal,
    api::minds::CallCounts,
    clock::{Clock, Precision},
    journal::{Cancel, Opening},
    mind::{
        Fault, Server, Stream,
        around::{Around, Patience},
        budget,
        builtin::Builtin,
        caller::{Caller, Terms},
        choose::Minds,
        model::{Chat, ModelCard, Said, Use},
        scripted::Scripted,
    },
    store::Hash,
    text::corpus::Corpus,
};

/// 14 October 2026, midnight in UTC.
pub(super) const MIDNIGHT: i64 = 1_791_936_000_000;
pub(super) const HOUR: i64 = 3_600_000;

/// A journal in which nothing waits, and a model that follows a script.
pub(super) struct Bench {
    pub(super) script: Scripted,
    pub(super) journal: Journal,
    dream_id: i64,
    home: TempDir,
}

/// What reading gave, and what the calls came to.
pub(super) struct Read<T> {
    pub(super) value: T,
    pub(super) counts: CallCounts,
}

impl<T> Read<T> {
    pub(super) fn n(&self, remark: &str) -> u32 {
        self.counts.remarks.get(remark).copied().unwrap_or_default()
    }
}

impl Bench {
    pub(super) fn new(
        reply: impl Fn(&Chat<'_>) -> Result<Said, Fault> + Send + Sync + 'static,
    ) -> Self {
        let home = tempfile::tempdir().unwrap();
        let patience = Patience {
            first_wait: std::time::Duration::ZERO,
            until_back: std::time::Duration::ZERO,
            ..Patience::default()
        };
        let journal = Journal::open(Opening {
            path: home.path().join("personal.rem"),
            name: "personal".into(),
            clock: Clock::fixed(chrono::DateTime::from_timestamp_millis(MIDNIGHT).unwrap()),
            zone: "UTC".into(),
            data_dir: home.path().to_owned(),
            around: Around { patience, ..Around::default() },
        })
        .unwrap();
        let dream_id = journal
            .store()
            .write(|tx| {
                tx.execute(
                    "INSERT INTO dreams (cause, mind, options, state, started_at)
                     VALUES ('now', 'scripted', '{}', 'running', 0)",
                    [],
                )?;
                Ok(tx.last_insert_rowid())
            })
            .unwrap();
        let bench = Self { script: Scripted::new(reply), journal, dream_id, home };
        bench.set(1);
        bench
    }

    /// A model that always says this.
    pub(super) fn saying(text: &str) -> Self {
        let said = Scripted::said(text);
        Self::new(move |_| Ok(said.clone()))
    }

    /// Questions at the same time.
    pub(super) fn set(&self, concurrency: u8) {
        let mut settings = self.journal.settings();
        settings.mind.min_gap_ms = 0;
        settings.mind.concurrency = concurrency;
        self.journal.change_settings(settings).unwrap();
    }

    pub(super) fn window(&self, tokens: u32) {
        self.script.become_another(|card: &mut ModelCard| card.window_tokens = tokens);
    }

    pub(super) fn data_dir(&self) -> &std::path::Path {
        self.home.path()
    }

    /// Reads with the script as both models.
    pub(super) fn read<T>(&self, work: impl FnOnce(&Reading<'_>) -> T) -> Read<T> {
        let wanted = Use { window_tokens: 1 << 20 };
        let model = self.script.language_model("scripted", wanted, &Cancel::default()).unwrap();
        let minds = Minds {
            fast: Some(Arc::clone(&model)),
            deep: Some(model),
            reason: None,
            is_off: false,
        };
        let (cancel, dream_id) = (Cancel::default(), self.dream_id);
        let terms = Terms {
            cancel: &cancel,
            dream: Some(&move || Ok(dream_id)),
            waits: &|_| {},
            is_night: false,
            is_debug: false,
            somebody_waits: false,
        };
        let caller = Caller::new(&self.journal, minds, terms).unwrap();
        let prompts = Prompts::load(self.data_dir()).unwrap();
        let builtin = Builtin::new(Corpus::new(), &["Ilse Brandt".to_owned()]);
        let reading = Reading { builtin: &builtin, caller: Some(&caller), prompts: &prompts };
        let value = work(&reading);
        Read { value, counts: caller.counts() }
    }

    /// The last messages of all that was asked.
    pub(super) fn tasks(&self) -> Vec<String> {
        let asked = self.script.asked();
        asked.iter().map(|messages| messages[messages.len() - 1].text.clone()).collect()
    }

    /// The longest prompt in tokens.
    pub(super) fn longest(&self) -> u32 {
        let asked = self.script.asked();
        asked.iter().map(|messages| budget::prompt_tokens(messages)).max().unwrap_or_default()
    }
}

/// Reads without a model.
pub(super) fn by_hand<T>(work: impl FnOnce(&Reading<'_>) -> T) -> T {
    let prompts = Prompts::load(std::path::Path::new("nowhere")).unwrap();
    let builtin = Builtin::new(Corpus::new(), &["Ilse Brandt".to_owned()]);
    work(&Reading { builtin: &builtin, caller: None, prompts: &prompts })
}

/// A note of which only the day is known.
pub(super) fn note(record_id: i64, text: &str) -> Chunk {
    Chunk {
        record_id,
        record_hash: Hash::of(text.as_bytes()),
        session_id: None,
        title: "A day".into(),
        heading: String::new(),
        range: 0..text.len(),
        text: text.into(),
        author: String::new(),
        is_own: Some(true),
        at: MIDNIGHT,
        until: None,
        offset_minutes: 0,
        precision: Precision::Day,
        stream: Stream::Notes,
        tags: Vec::new(),
    }
}

/// A message of one conversation, so many minutes after 14:00.
pub(super) fn message(author: &str, minute: i64, text: &str) -> Chunk {
    Chunk {
        record_id: 1_000 + minute,
        session_id: Some(1),
        title: "Tomas".into(),
        author: author.into(),
        is_own: Some(author == "Hester"),
        at: MIDNIGHT + 14 * HOUR + minute * 60_000,
        precision: Precision::Exact,
        stream: Stream::Chat,
        ..note(0, text)
    }
}

pub(super) fn day(chunks: Vec<Chunk>) -> Day {
    Day {
        day: NaiveDate::from_ymd_opt(2026, 10, 14).unwrap(),
        chunks,
        input_hash: Hash([0; 32]),
        queued_at: None,
        dreamt_hash: None,
        is_provisional: false,
    }
}
