//! Affinity: which notes and conversations belong together.
//!
//! By their vectors alone, exactly and at no cost: edges "semantic_similar" with the cosine as weight.
//! With a model, the strongest of these pairs are judged beside that, as few calls as can be. What the
//! stage finds is compared with what is there, so that a second run writes nothing.

mod assess;
mod pairs;
mod resources;

use std::collections::{BTreeMap, BTreeSet};

use assess::{Assess, Pair, Verdict};
use pairs::Compare;
use resources::{Days, News, Resources};
use rusqlite::{Connection, Transaction, params};

use crate::{
    Error, Journal, Result,
    api::{
        affinity::{AffinityReport, AffinityRequest},
        dreams::{DreamRequest, Stage as Step, StageReport},
    },
    clock::parse_day,
    dream::{
        night::Night,
        plan::{self, Range},
    },
    graph::{
        alike::{self, Alike, Changes, SIMILAR},
        edges::{Edge, Kept},
    },
    journal::Cancel,
    mind::{caller::Caller, likeness},
    search,
    store::{
        vectors::EmbedderRow,
        wholes::{self, Compared},
    },
};

/// How far a model's verdict on a pair is trusted. It was never measured on this person's words.
const TRUST: f64 = 0.7;
/// So many calls are few for any number of resources.
const FEW_CALLS: u32 = 8;
/// The limit that is proposed where none was given.
const PROPOSED_LIMIT: u32 = 100;

/// Refuses a request that cannot be.
pub(in crate::dream) fn check(request: &AffinityRequest) -> Result<()> {
    for day in [&request.start, &request.end].into_iter().flatten() {
        parse_day(day)?;
    }
    if request.use_llm && request.limit.is_none_or(|limit| limit == 0) {
        return Err(Error::invalid(format!(
            "with a model affinity needs a limit, or it may ask for hours: try --limit {PROPOSED_LIMIT}, \
             at most {} calls",
            most_calls(PROPOSED_LIMIT)
        )));
    }
    if request.threshold.is_some_and(|least| !(0.0..=1.0).contains(&least)) {
        return Err(Error::invalid("a threshold of likeness lies between 0 and 1"));
    }
    Ok(())
}

/// Calls that so many resources may take at most, repairs among them: 2 candidates for each and 8 pairs
/// in a call are a quarter of their number; the rest is for batches that have to be asked again.
fn most_calls(n_resources: u32) -> u32 {
    n_resources.saturating_mul(3).div_ceil(10).max(FEW_CALLS)
}

/// Affinity in a whole dream: by vectors, and with a model only if the request says for how many.
pub(in crate::dream) fn in_a_dream(night: &Night<'_>) -> Result<StageReport> {
    let mut account = night.account(Step::Affinity);
    let request = AffinityRequest {
        use_llm: night.request.llm_affinity_limit.is_some(),
        limit: night.request.llm_affinity_limit,
        ..AffinityRequest::default()
    };
    if night.waits_for_models() {
        let is_by_itself = plan::is_by_itself(&night.request.cause);
        night.journal.embed_if_possible(is_by_itself, night.cancel)?;
    }
    let revision = || night.begun.revision();
    let done = run(
        night.journal,
        &request,
        true,
        night.reading.caller,
        &revision,
        night.cancel,
        &|_, _| {},
    )?;
    account.count("resources_processed", done.n_resources);
    account.count("edges_added", done.n_edges_added);
    account.count("edges_changed", done.n_edges_changed);
    account.count("edges_removed", done.n_edges_removed);
    account.count("calls", done.n_calls);
    if request.use_llm && !done.without_model.is_empty() {
        account.lacked_model(&done.without_model);
    }
    let n_written = done.n_edges_added + done.n_edges_changed + done.n_edges_removed;
    Ok(if n_written == 0 { account.unchanged() } else { account.done() })
}

/// Finds edges and writes them under the revision that `revision` gives, begun only if there is
/// anything to write. Without a caller nothing is judged by a model. In a whole dream a limit says only how
/// many resources a model looks at.
pub(in crate::dream) fn run(
    journal: &Journal,
    request: &AffinityRequest,
    is_whole: bool,
    caller: Option<&Caller<'_>>,
    revision: &dyn Fn() -> Result<i64>,
    cancel: &Cancel,
    tell: &dyn Fn(u32, u32),
) -> Result<AffinityReport> {
    check(request)?;
    let days = DreamRequest {
        start: request.start.clone(),
        end: request.end.clone(),
        lookback_hours: request.lookback_hours,
        ..DreamRequest::default()
    };
    let range = plan::range(&days, journal.clock().now_ms(), &journal.calendar()?)?;
    let is_bound = range.from.is_some() || range.until.is_some();
    let scope = match (is_bound || request.limit.is_some(), is_whole) {
        (false, _) => Scope::All,
        // A dream compares what is new, and lets some be judged.
        (true, true) => Scope::NewAnd(range),
        (true, false) => Scope::Only(range),
    };
    let found = journal.store().read(|reader| find(reader, request, scope, cancel))?;
    let n = found.n_resources as u64;
    let mut report = AffinityReport {
        is_dry_run: request.dry_run,
        embedder: search::embed::name(&found.embedder),
        threshold: found.threshold,
        n_resources: u32::try_from(n).unwrap_or(u32::MAX),
        n_calls_naive: n * n.saturating_sub(1) / 2,
        n_pairs: found.n_pairs,
        n_alike: found.n_alike,
        ..AffinityReport::default()
    };
    let stage = Stage { journal, revision, report: &mut report };
    stage.keep(&found)?;
    let (Some(caller), Some(known)) = (caller.filter(|_| request.use_llm), &found.known) else {
        return Ok(report);
    };
    let candidates = strongest(&found.alike, assess::CANDIDATES * found.n_resources);
    let (resources, days) = (&known.resources, &known.days);
    let embedder = &found.embedder;
    let assess = Assess { journal, caller, resources, days, embedder, cancel, tell };
    let verdicts = assess.run(&candidates, &mut report)?;
    let changes = journal.store().read(|reader| judged(reader, days, &verdicts))?;
    let stage = Stage { journal, revision, report: &mut report };
    stage.write(&changes)?;
    Ok(report)
}

/// What is to be done because of what came, went or changed since all was compared last; nothing is
/// written.
pub(in crate::dream) fn look(reader: &Connection, cancel: &Cancel) -> Result<Outcome> {
    find(reader, &AffinityRequest::default(), Scope::All, cancel)
}

/// What a run compares.
#[derive(Clone, Copy)]
enum Scope {
    /// What is new; if nothing that is kept holds, all.
    All,
    /// What is new, and what is of these days or among the newest.
    NewAnd(Range),
    /// Only what is of these days or among the newest. What is new and not of these waits.
    Only(Range),
}

/// What comparing came to.
pub(in crate::dream) struct Outcome {
    embedder: EmbedderRow,
    threshold: f32,
    n_resources: usize,
    n_pairs: u32,
    n_alike: u64,
    /// Pairs of the resources that were asked for.
    alike: Vec<Alike>,
    changes: Changes,
    /// Absent where everything was as it had been left.
    known: Option<Known>,
    /// What the edges rest on from now on; absent: on what they did.
    compared: Option<Compared>,
}

impl Outcome {
    /// Whether there is nothing to write.
    pub(in crate::dream) fn is_nothing(&self) -> bool {
        self.taken_in().is_none() && self.compared.is_none() && self.changes.is_nothing()
    }

    /// Edges that come, change or go.
    pub(in crate::dream) fn n_edges(&self) -> usize {
        self.changes.n_added() + self.changes.n_changed() + self.changes.remove.len()
    }

    /// What is new and is compared with everything now.
    fn taken_in(&self) -> Option<&Known> {
        self.known.as_ref().filter(|known| known.is_all && known.resources.has_news())
    }

    /// Writes down how far all is compared.
    fn keep(&self, tx: &Transaction<'_>) -> Result<()> {
        if let Some(known) = self.taken_in() {
            known.resources.keep(tx)?;
        }
        self.compared.map_or(Ok(()), |compared| wholes::set_compared(tx, compared))
    }

    /// Writes the edges under a revision, and how far all is compared.
    pub(in crate::dream) fn write(
        &self,
        tx: &Transaction<'_>,
        revision_id: i64,
        now: i64,
    ) -> Result<()> {
        self.keep(tx)?;
        alike::write(tx, &self.changes, revision_id, now)
    }
}

struct Known {
    resources: Resources,
    days: Days,
    /// Whether all that was new is taken in.
    is_all: bool,
}

fn find(
    reader: &Connection,
    request: &AffinityRequest,
    scope: Scope,
    cancel: &Cancel,
) -> Result<Outcome> {
    let embedder = search::embed::used(reader)?;
    let usual = likeness::affinity(&embedder);
    let threshold = request.threshold.unwrap_or(usual);
    let before = wholes::compared(reader)?;
    let news = News::read(reader, &embedder, before)?;
    let holds = before.is_some_and(|it| {
        it.embedder_id == embedder.id && it.threshold.is_some_and(|least| least == threshold)
    });
    let mut outcome = Outcome {
        embedder: embedder.clone(),
        threshold,
        n_resources: 0,
        n_pairs: 0,
        n_alike: 0,
        alike: Vec::new(),
        changes: Changes::default(),
        known: None,
        compared: None,
    };
    if holds && news.changed.is_empty() && matches!(scope, Scope::All) {
        outcome.n_resources = wholes::count(reader)?;
        outcome.n_pairs = n_edges(reader, before)?;
        return Ok(outcome);
    }
    let resources = Resources::read(reader, &embedder, &news, cancel)?;
    let (changed, gone) = resources.changed();
    let compare = Compare { matrix: &resources.matrix, threshold, is_judged, cancel };
    let n_all = resources.matrix.len();
    let (chosen, days) = match scope {
        Scope::All => (None, Days::default()),
        Scope::NewAnd(range) | Scope::Only(range) => {
            let days = resources.days(reader)?;
            (Some(resources.chosen(&days, range, request.limit)), days)
        }
    };
    let is_all = !matches!(scope, Scope::Only(_));
    let rows: BTreeSet<usize> = match (&chosen, is_all) {
        (Some(chosen), false) => chosen.clone(),
        (Some(chosen), true) => chosen.union(&changed).copied().collect(),
        (None, _) => changed,
    };
    // Beyond the half of them all pairs cost no more than those of some.
    let compares_all = is_all && (!holds || rows.len() > n_all / 2);
    let found = if compares_all {
        compare.all(reader)?
    } else {
        let none = BTreeSet::new();
        compare.some(reader, &rows, if is_all { &gone } else { &none })?
    };
    outcome.n_resources = chosen.as_ref().map_or(n_all, BTreeSet::len);
    outcome.n_alike = found.n_alike;
    let n_edges = if compares_all {
        count(found.alike.len())
    } else {
        let n = n_edges(reader, before)? as usize + found.changes.add_alike.len();
        count(n.saturating_sub(n_alike_removed(reader, &found.changes)?))
    };
    outcome.n_pairs = match &chosen {
        None => n_edges,
        Some(chosen) => {
            let is_of = |id| resources.matrix.row(id).is_some_and(|row| chosen.contains(&row));
            outcome.alike = found.alike;
            outcome.alike.retain(|alike| is_of(alike.from) || is_of(alike.to));
            count(outcome.alike.len())
        }
    };
    outcome.changes = found.changes;
    let is_usual = threshold == usual;
    let now = Compared {
        embedder_id: embedder.id,
        threshold: is_usual.then_some(threshold),
        n_edges: Some(n_edges),
    };
    // Edges by another measure than the usual one are found anew by the next dream.
    outcome.compared = match (is_all, is_usual) {
        (true, _) => Some(now),
        (false, _) => before.map(|before| Compared {
            threshold: before.threshold.filter(|_| is_usual),
            n_edges: Some(n_edges),
            ..before
        }),
    };
    // Of an empty journal there is nothing to remember.
    let is_worth_it = |now: &Compared| before != Some(*now) && (n_all > 0 || before.is_some());
    outcome.compared = outcome.compared.filter(is_worth_it);
    outcome.known = Some(Known { resources, days, is_all });
    Ok(outcome)
}

/// How many edges there are between what is alike.
fn n_edges(reader: &Connection, before: Option<Compared>) -> Result<u32> {
    match before.and_then(|before| before.n_edges) {
        Some(n_edges) => Ok(n_edges),
        None => alike::count_alike(reader),
    }
}

fn n_alike_removed(reader: &Connection, changes: &Changes) -> Result<usize> {
    let mut find = reader.prepare_cached("SELECT 1 FROM edges WHERE id = ?1 AND rel_type = ?2")?;
    let mut n = 0;
    for id in &changes.remove {
        n += usize::from(find.exists(params![id, SIMILAR])?);
    }
    Ok(n)
}

/// The pairs with the greatest cosines; of equal ones those of the smaller ids.
fn strongest(alike: &[Alike], most: usize) -> Vec<Pair> {
    let mut pairs = alike.to_vec();
    pairs.sort_unstable_by_key(|pair| (std::cmp::Reverse(pair.cosine), pair.from, pair.to));
    pairs.into_iter().take(most).map(|pair| (pair.from, pair.to)).collect()
}

/// What is to be done so that the edges of a judged pair are what was said of it.
fn judged(reader: &Connection, days: &Days, verdicts: &BTreeMap<Pair, Verdict>) -> Result<Changes> {
    let mut changes = Changes::default();
    for (pair, verdict) in verdicts {
        let (first, second) = days.in_time(*pair);
        let mut wanted = verdict.rel_type.edge().map(|rel_type| Edge {
            // The later one goes on with the earlier one.
            from: second,
            to: first,
            rel_type: rel_type.into(),
            weight: verdict.strength.weight(),
            confidence: TRUST,
            context: verdict.context.clone(),
        });
        let there = alike::of_record(reader, pair.0)?;
        let of_pair = |kept: &&Kept| kept.other(pair.0) == pair.1 && is_judged(&kept.edge.rel_type);
        for kept in there.iter().filter(of_pair) {
            let is_same = |edge: &Edge| {
                (edge.from, edge.to, &edge.rel_type)
                    == (kept.edge.from, kept.edge.to, &kept.edge.rel_type)
            };
            match wanted.take_if(|edge| is_same(edge)) {
                None => changes.remove.push(kept.id),
                Some(edge) if edge == kept.edge => {}
                Some(edge) => changes.change.push((kept.id, edge)),
            }
        }
        changes.add.extend(wanted);
    }
    Ok(changes)
}

struct Stage<'a> {
    journal: &'a Journal,
    revision: &'a dyn Fn() -> Result<i64>,
    report: &'a mut AffinityReport,
}

impl Stage<'_> {
    /// Writes what was found, in one transaction with how far all is compared.
    fn keep(self, found: &Outcome) -> Result<()> {
        add_up(self.report, &found.changes);
        if self.report.is_dry_run || found.is_nothing() {
            return Ok(());
        }
        let now = self.journal.clock().now_ms();
        let store = self.journal.store();
        if found.changes.is_nothing() {
            return store.write(|tx| found.keep(tx));
        }
        let revision_id = (self.revision)()?;
        store.write_under(revision_id, |tx| found.write(tx, revision_id, now))
    }

    /// Writes what models said.
    fn write(self, changes: &Changes) -> Result<()> {
        add_up(self.report, changes);
        if self.report.is_dry_run || changes.is_nothing() {
            return Ok(());
        }
        let revision_id = (self.revision)()?;
        let now = self.journal.clock().now_ms();
        let store = self.journal.store();
        store.write_under(revision_id, |tx| alike::write(tx, changes, revision_id, now))
    }
}

fn add_up(report: &mut AffinityReport, changes: &Changes) {
    report.n_edges_added += count(changes.n_added());
    report.n_edges_changed += count(changes.n_changed());
    report.n_edges_removed += count(changes.remove.len());
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Whether an edge of this type is what a model said.
fn is_judged(rel_type: &str) -> bool {
    assess::EDGES.contains(&rel_type)
}
