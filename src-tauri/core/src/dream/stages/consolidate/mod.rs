//! Consolidation: finds what says the same twice, or contradicts itself, in everything there is, and
//! proposes what to do about it. Who decides is the person; what they wrote is only read (decision 17).
//!
//! Counts: "looked_at" notes, messages and moments; "groups_found" with "memories_merged" texts in them,
//! "tokens_before", "tokens_after" and "tokens_saved"; "memories_archived", for which another text stands
//! by the person's word; "conflicts_found"; "proposals" that wait.

mod by_model;
mod conflicts;
mod distil;
mod groups;
mod reply;

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use self::{
    conflicts::Clash,
    distil::Distilled,
    groups::{Comparing, Group},
};
use crate::{
    Journal, Result,
    api::dreams::{Stage, StageReport},
    clock::Calendar,
    consolidation::{
        self, Decision, Faded, Material, Proposal, Signature, Signatures, Source, Thing, Unit,
    },
    dream::night::{self, Account, Night},
    graph::alike,
    journal::Cancel,
    mind::{budget, builtin},
    settings::ConsolidationPolicy,
    store::Hash,
};

/// Changes when the same words would come to other proposals.
const VERSION: &[u8] = b"consolidate-1";
const STAGE: &str = "consolidate";
const DAY: i64 = 86_400_000;
/// Moments that are proposed to be folded away at the same time.
const MOST_FADED: usize = 5;

/// Keeps signatures.
type Keep<'a> = dyn Fn(&[(&Unit, Signature)]) -> Result<()> + 'a;

/// What is to be looked at, and what is known of it.
struct Look {
    policy: ConsolidationPolicy,
    material: Material,
    faded: Vec<Faded>,
    decisions: BTreeMap<Hash, Decision>,
    existing: BTreeMap<Hash, Proposal>,
    /// Pairs of records that a model's vectors hold to be nearly the same, by unit.
    near: Vec<(u32, u32)>,
}

/// What was found.
#[derive(Debug, Default)]
struct Found {
    groups: Vec<Group>,
    clashes: Vec<Clash>,
}

/// What a run came to, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::dream) struct Counts {
    pub(in crate::dream) n_looked_at: u32,
    pub(in crate::dream) n_groups: u32,
    pub(in crate::dream) n_merged: u32,
    pub(in crate::dream) n_archived: u32,
    pub(in crate::dream) tokens_before: u32,
    pub(in crate::dream) tokens_after: u32,
    pub(in crate::dream) n_conflicts: u32,
    pub(in crate::dream) n_proposals: u32,
}

/// Runs in a dream.
pub(in crate::dream) fn run(night: &Night<'_>) -> Result<StageReport> {
    let mut account = night.account(Stage::Consolidate);
    let (policy, since) = terms(night.journal, &night.calendar, night.now());
    let look = night.read(|reader| Look::read(reader, policy, since))?;
    let (with, without) = (look.stamp(true), look.stamp(false));
    let (is_same, was_without) = night.read(|reader| {
        let is = |stamp| night::is_same_input(reader, STAGE, stamp);
        Ok((is(with)?, is(without)?))
    })?;
    let can_ask = night.reading.caller.is_some_and(crate::mind::caller::Caller::can_ask);
    if is_same || was_without && !can_ask {
        let counts = night.read(|reader| Ok(look.as_it_was(reader)))?;
        tell(&mut account, counts?);
        return Ok(account.unchanged());
    }
    let keep =
        |signed: &[(&Unit, Signature)]| night.write(|writing| Signatures::keep(writing.tx, signed));
    let signatures = look.sign(night.journal, Some(&keep), night.cancel)?;
    let found = look.find(night.journal, &signatures, night.cancel)?;
    let (wanted, is_short) = look.proposals(night, &found)?;
    let counts = look.counts(night.journal, &found, &wanted)?;
    let lacked = night.lacks_model() || is_short;
    let stamp = if lacked || night.reading.caller.is_none() { without } else { with };
    let is_news = wanted.len() != look.existing.len()
        || wanted.iter().any(|one| look.existing.get(&one.key) != Some(one));
    // That a text grew old enough, and says nothing twice, is no reason for a dream to write.
    let is_due = night.begun.id().is_some() && !(was_without && stamp == without);
    if is_news || is_due {
        night.write(|writing| {
            consolidation::save(writing, &wanted, &look.existing)?;
            signatures.drop_stale(writing.tx)?;
            night::keep_input(writing, STAGE, stamp)
        })?;
    }
    tell(&mut account, counts);
    if !is_news && !is_due {
        return Ok(account.unchanged());
    }
    if lacked && wanted.iter().any(|one| one.is_provisional) {
        let reason = night.reading.caller.and_then(crate::mind::caller::Caller::shortfall);
        account.lacked_model(&reason.unwrap_or_else(|| "no model was there".into()));
    }
    Ok(account.done())
}

/// What a run would come to; writes nothing, and asks no model.
pub(in crate::dream) fn dry_run(
    journal: &Journal,
    calendar: &Calendar,
    cancel: &Cancel,
) -> Result<Counts> {
    let (policy, since) = terms(journal, calendar, journal.clock().now_ms());
    let look = journal.store().read(|reader| Look::read(reader, policy, since))?;
    let signatures = look.sign(journal, None, cancel)?;
    let found = look.find(journal, &signatures, cancel)?;
    let wanted = look.plain(journal, &found)?;
    look.counts(journal, &found, &wanted)
}

/// The policy, and the beginning of the day: what is proposed depends on the day, not on the hour.
fn terms(journal: &Journal, calendar: &Calendar, now: i64) -> (ConsolidationPolicy, i64) {
    let (since, _) = calendar.day_bounds(calendar.day_of(now));
    (journal.settings().consolidation, since)
}

fn tell(account: &mut Account, counts: Counts) {
    account.count("looked_at", counts.n_looked_at);
    account.count("groups_found", counts.n_groups);
    account.count("memories_merged", counts.n_merged);
    account.count("memories_archived", counts.n_archived);
    account.count("tokens_before", counts.tokens_before);
    account.count("tokens_after", counts.tokens_after);
    account.count("tokens_saved", counts.tokens_before.saturating_sub(counts.tokens_after));
    account.count("conflicts_found", counts.n_conflicts);
    account.count("proposals", counts.n_proposals);
}

impl Look {
    fn read(reader: &Connection, policy: ConsolidationPolicy, since: i64) -> Result<Self> {
        let before = since - (policy.min_age_hours * 3_600_000.0) as i64;
        let material = consolidation::read(reader, before)?;
        let faded = consolidation::faded(reader, &policy, since)?;
        let near = groups::near_by_vectors(reader, &material.units, policy.duplicate_threshold)?;
        Ok(Self {
            material,
            faded,
            near,
            decisions: consolidation::decisions(reader)?,
            existing: consolidation::existing(reader)?,
            policy,
        })
    }

    /// Of all that a run depends on, and of whether a model has its say.
    fn stamp(&self, has_model: bool) -> Hash {
        let policy = serde_json::to_vec(&self.policy).unwrap_or_default();
        let decided: Vec<u8> = self
            .decisions
            .iter()
            .flat_map(|(key, one)| key.0.into_iter().chain([u8::from(one.is_accepted)]))
            .collect();
        let near: Vec<u8> = self
            .near
            .iter()
            .flat_map(|(a, b)| [a.to_le_bytes(), b.to_le_bytes()].concat())
            .collect();
        let all = consolidation::stamp(&self.material, &self.faded);
        let mind: &[u8] = if has_model { b"model" } else { b"" };
        Hash::of_fields([VERSION, &policy, &decided, &near, &all, mind])
    }

    /// What is there of an earlier run.
    fn as_it_was(&self, reader: &Connection) -> Result<Counts> {
        let merges = || self.existing.values().filter(|one| one.kind == "merge");
        let sum = |of: fn(&Proposal) -> u32| merges().map(of).sum::<u32>();
        Ok(Counts {
            n_looked_at: self.material.n_records + self.material.n_moments,
            n_groups: count(merges().count()),
            n_merged: count(merges().map(|one| one.sources.len()).sum()),
            n_archived: n_folded(reader)?,
            tokens_before: sum(|one| one.tokens_before),
            tokens_after: sum(|one| one.tokens_after),
            n_conflicts: count(self.existing.values().filter(|one| is_conflict(one)).count()),
            n_proposals: self.n_pending(self.existing.values()),
        })
    }

    fn n_pending<'p>(&self, proposals: impl Iterator<Item = &'p Proposal>) -> u32 {
        let is_open = |one: &&Proposal| {
            one.proposed_action != "ignore" && !self.decisions.contains_key(&one.key)
        };
        count(proposals.filter(is_open).count())
    }

    /// Signs what is not signed yet, so many texts at a time.
    fn sign(
        &self,
        journal: &Journal,
        keep: Option<&Keep<'_>>,
        cancel: &Cancel,
    ) -> Result<Signatures> {
        let units = &self.material.units;
        let mut signatures = journal.store().read(|reader| Signatures::read(reader, units))?;
        let missing: Vec<Unit> = signatures.missing(units).into_iter().cloned().collect();
        for some in missing.chunks(self.policy.batch_size.max(1) as usize) {
            cancel.check()?;
            let signed = journal.store().read(|reader| {
                some.iter()
                    .map(|unit| {
                        let body = consolidation::body(reader, unit)?;
                        Ok((unit, Signature::of(&body, unit.thing)))
                    })
                    .collect::<Result<Vec<_>>>()
            })?;
            if let Some(keep) = keep {
                keep(&signed)?;
            }
            for (unit, signature) in signed {
                signatures.add(unit.text_hash, signature);
            }
        }
        Ok(signatures)
    }

    fn find(&self, journal: &Journal, signatures: &Signatures, cancel: &Cancel) -> Result<Found> {
        let units = &self.material.units;
        let pairs = groups::candidates(
            units,
            signatures,
            &self.near,
            self.policy.max_group_size as usize,
            cancel,
        )?;
        let refused = groups::Refused::new(self.decisions.values());
        journal.store().read(|reader| {
            let mut comparing = Comparing::new(reader, units, &self.policy)?;
            let mut groups = comparing.groups(&pairs, &refused, cancel)?;
            // What was decided stays to be seen while its sources are there.
            let decided = self.decisions.values().filter(|one| one.kind == "merge");
            for decision in decided {
                if let Some(group) = comparing.again(&decision.source_keys)?
                    && !groups.iter().any(|one| one.key == group.key)
                {
                    groups.push(group);
                }
            }
            let clashes = conflicts::find(reader, units, signatures, cancel)?;
            groups.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.key.cmp(&b.key)));
            Ok(Found { groups, clashes })
        })
    }

    /// What is proposed without a model: all that was decided, and of the rest the surest.
    fn plain(&self, journal: &Journal, found: &Found) -> Result<Vec<Proposal>> {
        journal.store().read(|reader| {
            let mut all = Vec::new();
            for group in self.first(&found.groups, |group| (group.key, group.confidence)) {
                let members: Vec<&Unit> =
                    group.members.iter().map(|n| &self.material.units[*n]).collect();
                let distilled = Distilled::of(reader, &members)?;
                if !distilled.text.is_empty() {
                    all.push(self.merge(reader, group, &members, distilled)?);
                }
            }
            for clash in self.first(&found.clashes, |clash| (clash.key, clash.confidence)) {
                all.push(self.clash(clash));
            }
            let faded: Vec<Proposal> = self.faded.iter().map(fold_away).collect();
            for proposal in self.first(&faded, |one| (one.key, one.confidence)).take(MOST_FADED) {
                let unit = |unit: &&Unit| {
                    unit.thing == Thing::Moment && unit.key == proposal.sources[0].key
                };
                let units: Vec<&Unit> = self.material.units.iter().filter(unit).collect();
                let record_ids = consolidation::records_of(reader, &units)?;
                all.push(Proposal { record_ids, ..proposal.clone() });
            }
            Ok(all)
        })
    }

    /// Those decided, and as many of the others as a model may be asked about, the surest first.
    fn first<'a, T>(
        &self,
        all: &'a [T],
        of: impl Fn(&T) -> (Hash, f64) + 'a,
    ) -> impl Iterator<Item = &'a T> {
        let mut sorted: Vec<(&T, Hash, f64, bool)> = all
            .iter()
            .map(|one| {
                let (key, confidence) = of(one);
                (one, key, confidence, self.decisions.contains_key(&key))
            })
            .collect();
        sorted.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.1.cmp(&b.1)));
        let most = self.policy.max_memories as usize;
        let mut n_open = 0;
        sorted.into_iter().filter_map(move |(one, _, _, is_decided)| {
            n_open += usize::from(!is_decided);
            (is_decided || n_open <= most).then_some(one)
        })
    }

    /// The proposals, worded by a model where there is one; and whether one was missed.
    fn proposals(&self, night: &Night<'_>, found: &Found) -> Result<(Vec<Proposal>, bool)> {
        let mut is_short = false;
        let lacks_model = night.lacks_model();
        let mut all = self.plain(night.journal, found)?;
        for proposal in &mut all {
            night.cancel.check()?;
            let before = self.existing.get(&proposal.key).filter(|one| one.is_by_model());
            let is_open = !self.decisions.contains_key(&proposal.key);
            match night.reading.caller.filter(|_| is_open && is_worth_asking(proposal)) {
                Some(caller) => {
                    let asked = by_model::word(night, caller, proposal, &self.material.units)?;
                    is_short |= asked.is_err();
                    proposal.is_provisional = asked.is_err();
                }
                None => proposal.is_provisional = lacks_model && is_worth_asking(proposal),
            }
            if let Some(before) = before
                && (proposal.mind == builtin::NAME || !is_open)
                && is_worth_asking(proposal)
            {
                // What a model said of the same sources is not made worse.
                proposal.kind.clone_from(&before.kind);
                proposal.proposed_action.clone_from(&before.proposed_action);
                proposal.text.clone_from(&before.text);
                proposal.tokens_after = before.tokens_after;
                proposal.mind.clone_from(&before.mind);
                proposal.is_provisional = false;
            }
        }
        all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.key.cmp(&b.key)));
        let most = self.policy.max_candidates as usize;
        let mut n_open = 0;
        all.retain(|one| {
            let is_open = one.proposed_action != "ignore" && !self.decisions.contains_key(&one.key);
            n_open += usize::from(is_open);
            !is_open || n_open <= most
        });
        all.sort_by_key(|one| one.key);
        all.dedup_by_key(|one| one.key);
        Ok((all, is_short))
    }

    fn counts(&self, journal: &Journal, found: &Found, wanted: &[Proposal]) -> Result<Counts> {
        let tokens = |of: fn(&Proposal) -> u32| -> u32 {
            wanted.iter().filter(|one| one.kind == "merge").map(of).sum()
        };
        Ok(Counts {
            n_looked_at: self.material.n_records + self.material.n_moments,
            n_groups: count(found.groups.len()),
            n_merged: count(found.groups.iter().map(|group| group.members.len()).sum()),
            n_archived: journal.store().read(n_folded)?,
            tokens_before: tokens(|one| one.tokens_before),
            tokens_after: tokens(|one| one.tokens_after),
            n_conflicts: count(found.clashes.len()),
            n_proposals: self.n_pending(wanted.iter()),
        })
    }

    fn merge(
        &self,
        reader: &Connection,
        group: &Group,
        members: &[&Unit],
        distilled: Distilled,
    ) -> Result<Proposal> {
        let mut reasons: BTreeSet<&str> = BTreeSet::from([group.strategy.as_str()]);
        if members.iter().all(|one| one.text_hash == members[0].text_hash) {
            reasons.insert("exact_copy");
        }
        if distilled.has_other_figures {
            reasons.insert("numbers_differ");
        }
        if distilled.had_secrets {
            reasons.insert("secrets_removed");
        }
        Ok(Proposal {
            key: group.key,
            kind: "merge".into(),
            proposed_action: "merge".into(),
            confidence: group.confidence,
            reason_codes: reasons.into_iter().map(str::to_owned).collect(),
            strategy_used: group.strategy.as_str().into(),
            sources: members.iter().map(|unit| source(unit, None)).collect(),
            record_ids: consolidation::records_of(reader, members)?,
            tokens_before: distilled.tokens_before,
            tokens_after: budget::tokens(&distilled.text),
            text: distilled.text,
            language: distilled.language,
            mind: builtin::NAME.into(),
            is_provisional: false,
        })
    }

    fn clash(&self, clash: &Clash) -> Proposal {
        let [earlier, later] = clash.sides.each_ref().map(|side| {
            let unit = &self.material.units[side.unit];
            (unit, source(unit, Some((side.span.start, side.span.end))))
        });
        let mut record_ids = vec![earlier.0.id, later.0.id];
        record_ids.sort_unstable();
        record_ids.dedup();
        Proposal {
            key: clash.key,
            kind: if clash.has_cue { "temporal_update" } else { "contradiction" }.into(),
            proposed_action: "supersede".into(),
            confidence: clash.confidence,
            reason_codes: clash.reasons.iter().map(|reason| (*reason).to_owned()).collect(),
            strategy_used: "statements".into(),
            sources: vec![later.1, earlier.1],
            record_ids,
            tokens_before: clash.sides.iter().map(|side| budget::tokens(&side.text)).sum(),
            tokens_after: budget::tokens(&clash.sides[1].text),
            text: clash.sides[1].text.clone(),
            language: String::new(),
            mind: builtin::NAME.into(),
            is_provisional: false,
        }
    }
}

fn source(unit: &Unit, span: Option<(usize, usize)>) -> Source {
    Source { thing: unit.thing, id: unit.id, key: unit.key, span }
}

fn fold_away(faded: &Faded) -> Proposal {
    Proposal {
        key: Proposal::key_of("decay", &[faded.key]),
        kind: "decay".into(),
        proposed_action: "demote".into(),
        confidence: faded.composite,
        reason_codes: vec!["faded".into()],
        strategy_used: "decay".into(),
        sources: vec![Source { thing: Thing::Moment, id: faded.id, key: faded.key, span: None }],
        record_ids: Vec::new(),
        tokens_before: budget::tokens(&faded.title),
        tokens_after: 0,
        text: crate::text::secrets::scrub(&faded.title).text,
        language: String::new(),
        mind: builtin::NAME.into(),
        is_provisional: false,
    }
}

fn is_conflict(proposal: &Proposal) -> bool {
    ["contradiction", "temporal_update"].contains(&proposal.kind.as_str())
}

/// Copies to the letter need no words, nor does what is folded away.
fn is_worth_asking(proposal: &Proposal) -> bool {
    is_conflict(proposal)
        || proposal.kind == "merge"
            && !proposal.reason_codes.iter().any(|code| code == "exact_copy")
}

/// Things for which another stands by the person's word.
fn n_folded(reader: &Connection) -> Result<u32> {
    Ok(reader.query_row(
        "SELECT count(*) FROM consolidated_sources WHERE is_folded = 1",
        [],
        |row| row.get(0),
    )?)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The edges that a model's vectors made are read by the groups.
fn edges_between(reader: &Connection) -> Result<Vec<(i64, i64, f64)>> {
    let mut all = Vec::new();
    alike::each_alike(reader, |_, edge| {
        all.push((edge.from, edge.to, f64::from(edge.cosine) / 1_000.0));
        Ok(())
    })?;
    Ok(all)
}

/// Days between two instants, at most.
fn are_within_a_day(a: &Unit, b: &Unit) -> bool {
    !a.day.is_empty() && a.day == b.day || (a.at - b.at).abs() < DAY / 24
}
