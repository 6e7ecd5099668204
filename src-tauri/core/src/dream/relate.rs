//! A dream of one stage: affinity. It holds the dream's lock and writes under a revision of its own.

use std::{sync::Mutex, time::Instant};

use rusqlite::params;

use super::{lock::DreamLock, stages::affinity};
use crate::{
    Error, Journal, Result,
    api::affinity::{AffinityReport, AffinityRequest},
    journal::Cancel,
    mind::{
        builtin,
        caller::{Caller, Profile, Terms},
        choose::Minds,
        model::Use,
    },
    moments::history,
};

/// Finds which notes and conversations belong together. A cancelled run is reported, not an error.
pub(crate) fn relate(
    journal: &Journal,
    request: &AffinityRequest,
    cancel: &Cancel,
    tell: &dyn Fn(u32, u32),
) -> Result<AffinityReport> {
    affinity::check(request)?;
    let began = Instant::now();
    if !request.dry_run {
        journal.run_jobs(cancel)?;
    }
    let minds = if request.use_llm { minds(journal, cancel)? } else { Minds::default() };
    let reason = minds.reason.clone().unwrap_or_default();
    let model = minds.of(Profile::Fast).map(|model| model.card().name.clone());
    let lock = if request.dry_run { None } else { Some(DreamLock::take(journal)?) };
    let begun = Begun {
        journal,
        mind: model.clone().unwrap_or_else(|| builtin::NAME.into()),
        options: serde_json::to_string(request).unwrap_or_else(|_| "{}".into()),
        ids: Mutex::new(None),
    };
    let dream = || Ok(begun.ids()?.0);
    let terms = Terms { cancel, dream: &dream, waits: &|_| {}, is_night: false, is_debug: false };
    let caller = model.map(|_| Caller::new(journal, minds, terms));
    let revision = || Ok(begun.ids()?.1);
    let beat_and_tell = |n_done, n_total| {
        let now = journal.clock().now_ms();
        let beaten = lock.as_ref().map(|lock| journal.store().write(|tx| lock.beat(tx, now)));
        if let Some(Err(error)) = beaten {
            tracing::warn!(%error, "The dream's lock could not be renewed.");
        }
        tell(n_done, n_total);
    };
    let ended = affinity::run(journal, request, caller.as_ref(), &revision, cancel, &beat_and_tell);
    let mut report = match &ended {
        Ok(report) => report.clone(),
        Err(_) => AffinityReport { is_dry_run: request.dry_run, ..AffinityReport::default() },
    };
    report.is_cancelled = matches!(ended, Err(Error::Cancelled));
    if report.without_model.is_empty() {
        report.without_model = reason;
    }
    report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    begun.close(&ended, &mut report)?;
    match ended {
        Ok(_) | Err(Error::Cancelled) => Ok(report),
        Err(error) => Err(error),
    }
}

/// The model that judges pairs: the one in the settings, or the first that can chat.
fn minds(journal: &Journal, cancel: &Cancel) -> Result<Minds> {
    let without = |reason: String| Minds { reason: Some(reason), ..Minds::default() };
    let settings = journal.settings().mind;
    let Some(server) = &journal.around().server else {
        return Ok(without("there is no server with models".into()));
    };
    let found = server.list(cancel).and_then(|listed| {
        let is_usable = |model: &&crate::mind::model::Listed| {
            model.can_chat
                && model.refused.is_none()
                && (settings.fast_model.is_empty() || model.name == settings.fast_model)
        };
        let wanted = Use { window_tokens: settings.window_tokens };
        listed
            .iter()
            .find(is_usable)
            .map(|model| server.language_model(&model.name, wanted, cancel))
            .transpose()
    });
    cancel.check()?;
    Ok(match found {
        Ok(Some(fast)) => Minds { fast: Some(fast), ..Minds::default() },
        Ok(None) => without(format!("{} has no model that can judge pairs", server.name())),
        Err(fault) => without(fault.to_string()),
    })
}

/// The dream and its revision, begun with the first thing that is written under them.
struct Begun<'a> {
    journal: &'a Journal,
    mind: String,
    options: String,
    ids: Mutex<Option<(i64, i64)>>,
}

impl Begun<'_> {
    fn ids(&self) -> Result<(i64, i64)> {
        let mut ids = self.ids.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(ids) = *ids {
            return Ok(ids);
        }
        let now = self.journal.clock().now_ms();
        let begun = self.journal.store().write(|tx| {
            tx.execute(
                "INSERT INTO dreams (cause, mind, options, state, started_at)
                 VALUES ('affinity', ?1, ?2, 'running', ?3)",
                params![self.mind, self.options, now],
            )?;
            let dream_id = tx.last_insert_rowid();
            Ok((dream_id, history::begin(tx, Some(dream_id), "found what belongs together", now)?))
        })?;
        *ids = Some(begun);
        Ok(begun)
    }

    fn close(&self, ended: &Result<AffinityReport>, report: &mut AffinityReport) -> Result<()> {
        let ids = *self.ids.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let Some((dream_id, _)) = ids else { return Ok(()) };
        report.dream_id = Some(dream_id);
        let (state, reason) = match ended {
            Ok(_) => ("done", String::new()),
            Err(Error::Cancelled) => ("cancelled", "stopped by the person".into()),
            Err(error) => ("failed", error.to_string()),
        };
        let text = serde_json::to_string(report).unwrap_or_else(|_| "{}".into());
        let now = self.journal.clock().now_ms();
        self.journal.store().write(|tx| {
            tx.execute(
                "UPDATE dreams SET state = ?2, reason = ?3, report = ?4, finished_at = ?5
                 WHERE id = ?1",
                params![dream_id, state, reason, text, now],
            )?;
            Ok(())
        })
    }
}
