//! The dream's own rows: begun with the first thing that is written under them, so that a dream that
//! finds nothing new leaves nothing behind.

use std::sync::{Mutex, PoisonError};

use rusqlite::params;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::{Error, Journal, Result, moments::history};

/// A dream and its revision, as far as they exist.
pub(super) struct Begun<'a> {
    journal: &'a Journal,
    what: What<'a>,
    options: String,
    rows: Mutex<Rows>,
}

/// What is begun.
#[derive(Debug, Clone, Copy)]
pub(super) struct What<'a> {
    /// What set it off: "now", "night", "affinity", "decay".
    pub(super) cause: &'a str,
    /// What dreams: a model, or the built-in analyser.
    pub(super) mind: &'a str,
    /// What its revision is called.
    pub(super) label: &'a str,
    /// Whether it goes through all stages, so that the next night counts from it.
    pub(super) is_whole: bool,
}

#[derive(Debug, Default, Clone, Copy)]
struct Rows {
    dream_id: Option<i64>,
    revision_id: Option<i64>,
}

impl<'a> Begun<'a> {
    pub(super) fn new(journal: &'a Journal, what: What<'a>, request: &impl Serialize) -> Self {
        let options = serde_json::to_string(request).unwrap_or_else(|_| "{}".into());
        Self { journal, what, options, rows: Mutex::default() }
    }

    /// The dream, if anything was written under it.
    pub(super) fn id(&self) -> Option<i64> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner).dream_id
    }

    /// The dream.
    pub(super) fn dream(&self) -> Result<i64> {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = rows.dream_id {
            return Ok(id);
        }
        let now = self.journal.clock().now_ms();
        let id = self.journal.store().write(|tx| {
            tx.execute(
                "INSERT INTO dreams (cause, mind, options, state, started_at, is_whole)
                 VALUES (?1, ?2, ?3, 'running', ?4, ?5)",
                params![self.what.cause, self.what.mind, self.options, now, self.what.is_whole],
            )?;
            Ok(tx.last_insert_rowid())
        })?;
        rows.dream_id = Some(id);
        Ok(id)
    }

    /// The dream's revision.
    pub(super) fn revision(&self) -> Result<i64> {
        let dream_id = self.dream()?;
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(id) = rows.revision_id {
            return Ok(id);
        }
        let now = self.journal.clock().now_ms();
        let id = self
            .journal
            .store()
            .write(|tx| history::begin(tx, Some(dream_id), self.what.label, now))?;
        rows.revision_id = Some(id);
        Ok(id)
    }

    /// Writes down how the dream ended.
    pub(super) fn close<T>(&self, ended: &Result<T>, report: &impl Serialize) -> Result<()> {
        let Some(dream_id) = self.id() else { return Ok(()) };
        let (state, reason) = match ended {
            Ok(_) => ("done", String::new()),
            Err(Error::Cancelled) => ("cancelled", "stopped by the person".into()),
            Err(error) => ("failed", error.to_string()),
        };
        let report = without_words(serde_json::to_value(report).unwrap_or_default()).to_string();
        let now = self.journal.clock().now_ms();
        self.journal.store().write(|tx| {
            tx.execute(
                "UPDATE dreams SET state = ?2, reason = ?3, report = ?4, finished_at = ?5
                 WHERE id = ?1",
                params![dream_id, state, reason, report, now],
            )?;
            Ok(())
        })
    }
}

/// Days' stories stand where forgetting a source reaches them, and in no report.
fn without_words(mut report: Value) -> Value {
    let days = report.get_mut("days").and_then(Value::as_array_mut);
    for day in days.into_iter().flatten() {
        day["summary"] = Value::String(String::new());
    }
    if let Some(report) = report.as_object_mut() {
        report.remove("compared");
    } else {
        report = Value::Object(Map::new());
    }
    report
}
