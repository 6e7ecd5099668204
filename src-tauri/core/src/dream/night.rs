//! What all stages of one dream share: the journal, the right to write to it, the minds, and the person's
//! wish to stop.

use std::{collections::BTreeMap, time::Instant};

use rusqlite::{Connection, OptionalExtension, params};

use super::{begun::Begun, lock::DreamLock, progress::Progress, stages::reading::Reading};
use crate::{
    Journal, Result,
    api::dreams::{DreamRequest, Stage, StageEnd, StageReport},
    clock::Calendar,
    journal::Cancel,
    mind::pick,
    moments::write::Writing,
    store::Hash,
};

/// A dream that runs, as its stages see it.
pub(super) struct Night<'a> {
    pub(super) journal: &'a Journal,
    /// What the person, or the clock, asked for.
    pub(super) request: &'a DreamRequest,
    pub(super) cancel: &'a Cancel,
    pub(super) calendar: Calendar,
    pub(super) lock: &'a DreamLock,
    pub(super) begun: &'a Begun<'a>,
    pub(super) progress: &'a Progress<'a>,
    pub(super) reading: Reading<'a>,
    /// Whether the person wants no model: then nothing is missed.
    pub(super) is_off: bool,
}

impl Night<'_> {
    /// Unix milliseconds.
    pub(super) fn now(&self) -> i64 {
        self.journal.clock().now_ms()
    }

    /// Whether there is no model although one is wanted.
    pub(super) fn lacks_model(&self) -> bool {
        self.reading.caller.is_none() && !self.is_off
    }

    /// Whether a model may make vectors meanwhile. Who looks around in the sample, or has just begun a
    /// journal, has not come to wait for one.
    pub(super) fn waits_for_models(&self) -> bool {
        let is_named_off =
            self.request.model.as_deref().is_some_and(|name| name.trim() == pick::OFF);
        let is_beginning = ["sample", "first"].contains(&self.request.cause.as_str());
        !self.is_off && !is_named_off && (!is_beginning || self.request.model.is_some())
    }

    /// Reads one snapshot of the journal.
    pub(super) fn read<T>(&self, question: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.journal.store().read(question)
    }

    /// Writes in one transaction under the dream's revision, which is begun with its first write, so that
    /// it can be undone. Fails if another dreamer took this dream over; whether the person wants to stop is
    /// asked between writes that belong together, not here.
    pub(super) fn write<T>(&self, work: impl FnOnce(&Writing<'_>) -> Result<T>) -> Result<T> {
        let revision_id = self.begun.revision()?;
        let (now, calendar) = (self.now(), &self.calendar);
        self.journal.store().write_under(revision_id, |tx| {
            self.lock.hold(tx, now)?;
            work(&Writing { tx, revision_id, calendar, now })
        })
    }

    /// Begins the account of a stage, and tells that it runs.
    pub(super) fn account(&self, stage: Stage) -> Account {
        self.progress.stage(stage, None);
        Account::new(stage)
    }
}

/// The account of a stage, kept while it works.
pub(super) struct Account {
    began: Instant,
    report: StageReport,
}

impl Account {
    pub(super) fn new(stage: Stage) -> Self {
        let report = StageReport {
            stage,
            end: StageEnd::Done,
            reason: String::new(),
            counts: BTreeMap::new(),
            is_provisional: false,
            took_ms: 0,
        };
        Self { began: Instant::now(), report }
    }

    /// Keeps a number under a name.
    pub(super) fn count(&mut self, name: &str, n: impl Into<f64>) {
        self.report.counts.insert(name.to_owned(), n.into());
    }

    /// A model was missed, or failed; why, in a sentence.
    pub(super) fn lacked_model(&mut self, reason: &str) {
        self.report.is_provisional = true;
        reason.clone_into(&mut self.report.reason);
    }

    /// The stage did its work.
    pub(super) fn done(self) -> StageReport {
        self.end(StageEnd::Done)
    }

    /// Everything was as the stage had left it.
    pub(super) fn unchanged(self) -> StageReport {
        self.end(StageEnd::Unchanged)
    }

    /// The stage had no reason to work.
    pub(super) fn skipped(mut self, reason: &str) -> StageReport {
        reason.clone_into(&mut self.report.reason);
        self.end(StageEnd::Skipped)
    }

    /// The stage failed.
    pub(super) fn failed(mut self, reason: String) -> StageReport {
        self.report.reason = reason;
        self.end(StageEnd::Failed)
    }

    fn end(mut self, end: StageEnd) -> StageReport {
        self.report.end = end;
        self.report.took_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.report
    }
}

/// Whether a stage made what is there from this very input.
pub(super) fn is_same_input(reader: &Connection, stage: &str, input: Hash) -> Result<bool> {
    let found: Option<Hash> = reader
        .prepare_cached("SELECT input_hash FROM stage_inputs WHERE stage = ?1")?
        .query_row([stage], |row| row.get(0))
        .optional()?;
    Ok(found == Some(input))
}

/// Keeps from what input a stage made what is there; in the transaction that writes it.
pub(super) fn keep_input(writing: &Writing<'_>, stage: &str, input: Hash) -> Result<()> {
    writing
        .tx
        .prepare_cached(
            "INSERT INTO stage_inputs (stage, input_hash, revision_id) VALUES (?1, ?2, ?3)
             ON CONFLICT (stage) DO UPDATE SET input_hash = excluded.input_hash,
               revision_id = excluded.revision_id",
        )?
        .execute(params![stage, input, writing.revision_id])?;
    Ok(())
}
