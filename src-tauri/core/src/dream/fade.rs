//! Decay in a dream: alone, or as the first stage of every dream.

use std::time::Instant;

use super::{
    begun::{Begun, What},
    lock::DreamLock,
    stages::decay::{self, Far, Look},
};
use crate::{
    Error, Journal, Result,
    api::decay::{DecayReport, DecayRequest},
    fading::formula::Rates,
    journal::Cancel,
    mind::builtin,
};

/// Brings all strengths up to today, in a dream of this one stage. A cancelled run is reported, not an
/// error.
pub(crate) fn fade(
    journal: &Journal,
    request: DecayRequest,
    cancel: &Cancel,
) -> Result<DecayReport> {
    let began = Instant::now();
    let mut report = match alone(journal, request, cancel) {
        Err(Error::Cancelled) => DecayReport { is_cancelled: true, ..DecayReport::default() },
        ended => ended?,
    };
    report.is_dry_run = request.dry_run;
    report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(report)
}

fn alone(journal: &Journal, request: DecayRequest, cancel: &Cancel) -> Result<DecayReport> {
    let far = if request.dry_run { Far::Whole } else { Far::First };
    let look = decay::look(journal, far, rates(journal, request)?, cancel)?;
    if request.dry_run || !look.is_due {
        return Ok(look.report);
    }
    let lock = DreamLock::take(journal)?;
    let what =
        What { cause: "decay", mind: builtin::NAME, label: "let things fade", is_whole: false };
    let begun = Begun::new(journal, what, &request);
    let ended = write(journal, look, &lock, &begun, cancel);
    match &ended {
        Ok(report) => begun.close(&ended, report)?,
        Err(_) => begun.close(&ended, &DecayReport::default())?,
    }
    ended
}

/// How fast things fade: as it is set, or as it is asked for this once.
fn rates(journal: &Journal, request: DecayRequest) -> Result<Rates> {
    let set = Rates::from(&journal.settings().decay);
    let base = request.rate.unwrap_or(set.base);
    if !(0.0..=1.0).contains(&base) {
        return Err(Error::invalid(format!(
            "a rate of fading lies between 0 and 1 a day, not {base}"
        )));
    }
    Ok(Rates { base, heeds_visits: !request.ignore_access, ..set })
}

/// Writes the strengths under the dream's revision, if there is anything to write.
pub(super) fn write(
    journal: &Journal,
    look: Look,
    lock: &DreamLock,
    begun: &Begun<'_>,
    cancel: &Cancel,
) -> Result<DecayReport> {
    if !look.is_due {
        return Ok(look.report);
    }
    cancel.check()?;
    begun.revision()?;
    let now = journal.clock().now_ms();
    let report = journal.store().write(|tx| {
        lock.hold(tx, now)?;
        decay::write(tx, &look, cancel)
    })?;
    Ok(DecayReport { dream_id: begun.id(), ..report })
}
