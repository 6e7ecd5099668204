//! Finds out what of a dream's moments is new beside those that are there.

use std::collections::BTreeSet;

use crate::{
    Result,
    api::dreams::{Compared, Said},
    mind::builtin,
    moments::{
        derive::{Derived, Dreamt, Span},
        write::{self, Existing, Writing},
    },
};

/// Two moments whose evidence shares this much are the same one, changed.
pub(super) const SAME: f32 = 0.3;
/// A moment of which another has this much tells nothing that the other does not.
const INSIDE: f32 = 0.8;

/// How a dream's moments compare with those that are there.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::dream) struct Counts {
    pub(in crate::dream) n_added: u32,
    pub(in crate::dream) n_changed: u32,
    pub(in crate::dream) n_removed: u32,
    pub(in crate::dream) n_unchanged: u32,
}

/// What kind of dream it is that compares.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::dream) struct Kind {
    /// A dream of some kinds of moments only: nothing is taken away.
    pub(in crate::dream) is_partial: bool,
    /// The built-in analyser stood in for a model: what the model said of the same words stays.
    pub(in crate::dream) is_stand_in: bool,
}

impl Kind {
    fn is_worse(self, old: &Existing, new: &Dreamt) -> bool {
        self.is_stand_in && new.derived.mind == builtin::NAME && old.derived.mind != builtin::NAME
    }
}

/// What is to be done to make the moments that are there those that were dreamt.
#[derive(Debug)]
pub(in crate::dream) struct Reconciled<'a> {
    add: Vec<&'a Dreamt>,
    change: Vec<(Existing, &'a Dreamt)>,
    /// Says the same; only the places of its words have moved.
    renew: Vec<(Existing, &'a Dreamt)>,
    remove: Vec<Existing>,
    pub(in crate::dream) counts: Counts,
}

impl Reconciled<'_> {
    pub(in crate::dream) fn is_nothing(&self) -> bool {
        self.add.is_empty()
            && self.change.is_empty()
            && self.renew.is_empty()
            && self.remove.is_empty()
    }

    /// Old and new, side by side: what would change, come or go.
    pub(in crate::dream) fn side_by_side(&self, day: &str) -> Vec<Compared> {
        let pair = |before: Option<&Existing>, after: Option<&Dreamt>| Compared {
            day: day.to_owned(),
            before: before.map(|existing| said(&existing.derived)),
            after: after.map(|dreamt| said(&dreamt.derived)),
        };
        let changed = self.change.iter().map(|(old, new)| pair(Some(old), Some(new)));
        let added = self.add.iter().map(|new| pair(None, Some(new)));
        let removed = self.remove.iter().map(|old| pair(Some(old), None));
        changed.chain(added).chain(removed).collect()
    }

    pub(in crate::dream) fn write(&self, writing: &Writing<'_>) -> Result<()> {
        // What goes makes room first: a key may pass from one moment to another.
        for existing in &self.remove {
            write::remove(writing, existing)?;
        }
        for (existing, dreamt) in &self.change {
            write::change(writing, existing, dreamt)?;
        }
        for (existing, dreamt) in &self.renew {
            write::renew(writing, existing, dreamt)?;
        }
        for dreamt in &self.add {
            write::add(writing, dreamt)?;
        }
        Ok(())
    }
}

/// Compares.
pub(in crate::dream) fn reconcile(
    existing: Vec<Existing>,
    dreamt: &[Dreamt],
    dream: Kind,
) -> Reconciled<'_> {
    let mut counts = Counts::default();
    let mut add = Vec::new();
    let mut change = Vec::new();
    let mut renew = Vec::new();
    let mut left: Vec<Option<Existing>> = existing.into_iter().map(Some).collect();
    let mut open: Vec<&Dreamt> = Vec::new();
    for moment in dreamt {
        let key = moment.key();
        let same = left.iter_mut().find(|slot| slot.as_ref().is_some_and(|old| old.key == key));
        match same.and_then(Option::take) {
            Some(old) if old.derived == moment.derived || dream.is_worse(&old, moment) => {
                counts.n_unchanged += 1;
                if !is_same_place(&old, moment) {
                    renew.push((old, moment));
                }
            }
            Some(old) => change.push((old, moment)),
            None => open.push(moment),
        }
    }
    for moment in open {
        let best = left
            .iter_mut()
            .filter_map(|slot| {
                let old = slot.as_ref()?;
                let overlap = overlap(&old.evidence, &moment.evidence);
                // Where several have become one, it is the one that the person worked on; else the one
                // that told most.
                let is_worked_on = old.is_corrected && overlap >= INSIDE;
                let rank =
                    (is_worked_on, overlap, shared(&old.evidence, &moment.evidence), -old.id);
                (overlap >= SAME).then_some((rank, slot))
            })
            .max_by(|(a, _), (b, _)| {
                let by_overlap = a.0.cmp(&b.0).then(a.1.total_cmp(&b.1));
                by_overlap.then(a.2.cmp(&b.2)).then(a.3.cmp(&b.3))
            });
        match best.and_then(|(_, slot)| slot.take()) {
            Some(old) => change.push((old, moment)),
            None => add.push(moment),
        }
    }
    // What the person worked on stays, even when its sources are gone; but not when they were
    // forgotten, and the words it rested on with them.
    // A dream of some moments only takes away those of which another has become a part alone.
    let is_told_elsewhere = |old: &Existing| {
        dreamt.iter().any(|new| {
            shared(&old.evidence, &new.evidence) as f32
                >= INSIDE * bytes(&old.evidence).max(1) as f32
        })
    };
    let is_kept = |old: &Existing| {
        old.is_corrected && !old.evidence.is_empty() || dream.is_partial && !is_told_elsewhere(old)
    };
    let remove: Vec<_> = left.into_iter().flatten().filter(|old| !is_kept(old)).collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    counts.n_added = count(add.len());
    counts.n_changed = count(change.len());
    counts.n_removed = count(remove.len());
    Reconciled { add, change, renew, remove, counts }
}

fn is_same_place(old: &Existing, new: &Dreamt) -> bool {
    let same_place = |a: &Span, b: &Span| {
        a.record_id == b.record_id
            && a.record_hash == b.record_hash
            && a.range == b.range
            && a.marks == b.marks
    };
    old.evidence.len() == new.evidence.len()
        && old.evidence.iter().zip(&new.evidence).all(|(a, b)| same_place(a, b))
}

/// How much of two moments' evidence is the same bytes of the same records, 0 to 1 of the smaller.
pub(super) fn overlap(old: &[Span], new: &[Span]) -> f32 {
    shared(old, new) as f32 / bytes(old).min(bytes(new)).max(1) as f32
}

fn bytes(spans: &[Span]) -> usize {
    spans.iter().map(|span| span.range.len()).sum()
}

/// How many bytes of the same records both rest on.
fn shared(old: &[Span], new: &[Span]) -> usize {
    let records: BTreeSet<i64> = old.iter().map(|span| span.record_id).collect();
    let mut shared = 0;
    for a in old {
        for b in new.iter().filter(|b| records.contains(&b.record_id)) {
            if a.record_id == b.record_id {
                let start = a.range.start.max(b.range.start);
                let end = a.range.end.min(b.range.end);
                shared += end.saturating_sub(start);
            }
        }
    }
    shared
}

fn said(derived: &Derived) -> Said {
    Said {
        mind: derived.mind.clone(),
        title: derived.title.clone(),
        summary: derived.summary.clone(),
        outcome: derived.outcome.clone(),
        moment_type: derived.moment_type.clone(),
        tags: derived.tags.clone(),
        people: derived.people.clone(),
        emotions: derived.emotions.iter().map(|felt| felt.label.clone()).collect(),
        valence: derived.valence,
    }
}
