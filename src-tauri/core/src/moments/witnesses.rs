//! Who tells of a moment: the notes and conversations that its evidence stands in.

use super::show::Stands;
use crate::{
    api::moments::{MomentCard, Witness},
    clock::Precision,
};

/// Each note and conversation, in the order of the evidence. Whether one tells another time is not asked
/// of a moment that the person put at a time of their own.
pub(super) fn of(moment: &MomentCard, evidence: &[Stands], is_moved: bool) -> Vec<Witness> {
    let mut all: Vec<(i64, Vec<i64>, Witness)> = Vec::new();
    for stands in evidence {
        let Some(view) = stands.view() else { continue };
        let at =
            all.iter().position(|(thread, ..)| *thread == stands.thread).unwrap_or_else(|| {
                let witness = Witness {
                    format: view.format.clone(),
                    title: view.title.clone(),
                    file: view.file.clone(),
                    n_records: 0,
                    starts_at: view.occurred_at,
                    ends_at: view.occurred_at,
                    offset_minutes: view.offset_minutes,
                    precision: view.precision,
                    tells_another_time: false,
                };
                all.push((stands.thread, Vec::new(), witness));
                all.len() - 1
            });
        let (_, records, witness) = &mut all[at];
        if !records.contains(&view.record_id) {
            records.push(view.record_id);
            witness.n_records += 1;
        }
        if view.precision < witness.precision {
            witness.precision = view.precision;
        }
        if view.occurred_at.is_some() {
            witness.starts_at = witness
                .starts_at
                .map_or(view.occurred_at, |at| view.occurred_at.map(|o| o.min(at)));
            witness.ends_at = witness.ends_at.max(stands.until).max(view.occurred_at);
        }
    }
    let witness = |(_, _, mut witness): (i64, Vec<i64>, Witness)| {
        let told = witness.starts_at.zip(witness.ends_at);
        let is_timed = witness.precision.min(moment.precision) >= Precision::Hour;
        witness.tells_another_time = !is_moved
            && is_timed
            && told.is_some_and(|(from, until)| from > moment.ends_at || until < moment.starts_at);
        witness
    };
    all.into_iter().map(witness).collect()
}
