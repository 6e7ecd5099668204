//! The digest: the last stage, which says in numbers what the dream came to. It does its best: its failure
//! is a warning and undoes nothing.

use super::super::night::Night;
use crate::{
    Result,
    api::dreams::{Stage, StageReport},
    consolidation,
};

/// Runs in a dream. A dream that wrote nothing has none.
pub(in crate::dream) fn run(night: &Night<'_>) -> Result<StageReport> {
    let mut account = night.account(Stage::Digest);
    let Some(dream_id) = night.begun.id() else { return Ok(account.unchanged()) };
    match tell(night, dream_id) {
        Ok(true) => account.count("digests", 1),
        Ok(false) => return Ok(account.unchanged()),
        Err(error @ (crate::Error::Cancelled | crate::Error::Busy(_))) => return Err(error),
        Err(error) => {
            tracing::warn!(%error, "dream_digest_failed");
            account.count("digests_failed", 1);
        }
    }
    Ok(account.done())
}

/// One transaction of its own: what the stages before wrote is kept whatever happens here.
fn tell(night: &Night<'_>, dream_id: i64) -> Result<bool> {
    let told = night.read(|reader| {
        let told = consolidation::sentence(reader, dream_id)?;
        Ok(told.filter(|told| {
            let before = consolidation::digest_of_dream(reader, dream_id).ok().flatten();
            before.as_ref() != Some(told)
        }))
    })?;
    let Some(told) = told else { return Ok(false) };
    let workspace = night.journal.name();
    night.write(|writing| consolidation::write_digest(writing, dream_id, &told, workspace))?;
    Ok(true)
}
