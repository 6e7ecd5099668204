//! A dream of one stage: affinity. It holds the dream's lock and writes under a revision of its own.

use std::time::Instant;

use super::{
    begun::{Begun, What},
    lock::DreamLock,
    stages::affinity,
};
use crate::{
    Error, Journal, Result,
    api::affinity::{AffinityReport, AffinityRequest},
    journal::Cancel,
    mind::{
        builtin,
        caller::{Caller, Profile, Terms},
        choose::Minds,
    },
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
        journal.embed_if_possible(false, cancel)?;
    }
    let minds =
        if request.use_llm { Minds::open(journal, None, cancel)? } else { Minds::default() };
    let reason = match &minds.reason {
        None if request.use_llm && minds.is_off => "no model is wanted in the settings".into(),
        reason => reason.clone().unwrap_or_default(),
    };
    let model = minds.of(Profile::Fast).map(|model| model.card().name.clone());
    let _lock = if request.dry_run { None } else { Some(DreamLock::take(journal)?) };
    let mind = model.clone().unwrap_or_else(|| builtin::NAME.into());
    let what = What {
        cause: "affinity",
        mind: &mind,
        label: "found what belongs together",
        is_whole: false,
    };
    let begun = Begun::new(journal, what, request);
    let (dream, revision) = (|| begun.dream(), || begun.revision());
    let terms = Terms {
        cancel,
        dream: Some(&dream),
        waits: &|_| {},
        is_night: false,
        is_debug: false,
        somebody_waits: false,
    };
    let caller = match model {
        Some(_) => Some(Caller::new(journal, minds, terms)?),
        None => None,
    };
    let ended = affinity::run(journal, request, false, caller.as_ref(), &revision, cancel, tell);
    if let Some(caller) = &caller {
        caller.finish();
    }
    let mut report = match &ended {
        Ok(report) => report.clone(),
        Err(_) => AffinityReport { is_dry_run: request.dry_run, ..AffinityReport::default() },
    };
    report.is_cancelled = matches!(ended, Err(Error::Cancelled));
    if report.without_model.is_empty() {
        report.without_model = reason;
    }
    report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    report.dream_id = begun.id();
    begun.close(&ended, &report)?;
    match ended {
        Ok(_) | Err(Error::Cancelled) => Ok(report),
        Err(error) => Err(error),
    }
}
