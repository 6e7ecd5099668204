//! Affinity: which notes and conversations belong together.
//!
//! By their vectors alone, exactly and at no cost: edges "semantic_similar" with the cosine as weight.
//! With a model, the strongest of these pairs are judged beside that, as few calls as can be. What the
//! stage finds is compared with what is there, so that a second run writes nothing.

mod assess;
mod pairs;
mod resources;
mod shared;

use std::collections::{BTreeMap, BTreeSet};

use assess::{Assess, Verdict};
use pairs::Pair;
use resources::Resources;
use rusqlite::Connection;
use shared::Shared;

use crate::{
    Error, Journal, Result,
    api::{
        affinity::{AffinityReport, AffinityRequest},
        dreams::{DreamRequest, Stage as Step, StageReport},
    },
    clock::parse_day,
    dream::{night::Night, plan},
    graph::edges::{self, Changes, Edge, Kept},
    journal::Cancel,
    mind::{caller::Caller, likeness},
    search,
    store::vectors::EmbedderRow,
};

/// The edge between two resources that are alike.
pub(super) const SIMILAR: &str = "semantic_similar";
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
    let revision = || night.begun.revision();
    let done =
        run(night.journal, &request, night.reading.caller, &revision, night.cancel, &|_, _| {})?;
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
/// anything to write. Without a caller nothing is judged by a model.
pub(in crate::dream) fn run(
    journal: &Journal,
    request: &AffinityRequest,
    caller: Option<&Caller<'_>>,
    revision: &dyn Fn() -> Result<i64>,
    cancel: &Cancel,
    tell: &dyn Fn(u32, u32),
) -> Result<AffinityReport> {
    check(request)?;
    let range = DreamRequest {
        start: request.start.clone(),
        end: request.end.clone(),
        lookback_hours: request.lookback_hours,
        ..DreamRequest::default()
    };
    let range = plan::range(&range, journal.clock().now_ms(), &journal.calendar()?)?;
    let (embedder, resources, there) = journal.store().read(|reader| {
        let embedder = search::embed::used(reader)?;
        let resources = Resources::read(reader, &embedder)?;
        Ok((embedder, resources, edges::between_records(reader)?))
    })?;
    let threshold = request.threshold.unwrap_or_else(|| likeness::affinity(&embedder));
    let chosen = resources.chosen(range, request.limit);
    let n = chosen.len() as u64;
    let mut report = AffinityReport {
        is_dry_run: request.dry_run,
        embedder: search::embed::name(&embedder),
        threshold,
        n_resources: u32::try_from(n).unwrap_or(u32::MAX),
        n_calls_naive: n * n.saturating_sub(1) / 2,
        ..AffinityReport::default()
    };
    let scope = Scope { rows: resources.rows_by_id(), chosen, threshold };
    let found =
        pairs::find(&resources.matrix, &scope.chosen, &scope.others(&there), threshold, cancel)?;
    report.n_pairs = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let stage = Stage {
        journal,
        embedder: &embedder,
        resources: &resources,
        scope: &scope,
        shared: Shared::new(search::embed::corpus(journal)?),
        revision,
    };
    let changes = stage.similar(&there, &found)?;
    stage.write(&changes, &mut report)?;
    let Some(caller) = caller.filter(|_| request.use_llm) else { return Ok(report) };
    let candidates = strongest(&found, assess::CANDIDATES * scope.chosen.len());
    let assess =
        Assess { journal, caller, resources: &resources, embedder: &embedder, cancel, tell };
    let verdicts = assess.run(&candidates, &mut report)?;
    let changes = stage.judged(&there, &verdicts);
    stage.write(&changes, &mut report)?;
    Ok(report)
}

/// What is to be done about edges because some notes and conversations changed, and the revision up to
/// which the journal was read: the same as a whole run would do, if everything else is as such a run left
/// it. A resource that comes, goes or moves changes the nearest ones of those it is or was near to, and of
/// nobody else.
pub(in crate::dream) fn around(
    journal: &Journal,
    changed: &BTreeSet<i64>,
    cancel: &Cancel,
) -> Result<(Changes, i64)> {
    let (embedder, resources, there, revision) = journal.store().read(|reader| {
        let embedder = search::embed::used(reader)?;
        let resources = Resources::read(reader, &embedder)?;
        let last = "SELECT coalesce(max(id), 0) FROM revisions";
        let revision = reader.query_row(last, [], |row| row.get(0))?;
        Ok((embedder, resources, edges::between_records(reader)?, revision))
    })?;
    let threshold = likeness::affinity(&embedder);
    let rows = resources.rows_by_id();
    let moved: BTreeSet<usize> = changed.iter().filter_map(|id| rows.get(id).copied()).collect();
    let mut chosen = pairs::alike(&resources.matrix, &moved, threshold, cancel)?;
    chosen.extend(&moved);
    let is_changed = |edge: &Edge| changed.contains(&edge.from) || changed.contains(&edge.to);
    for kept in there.iter().filter(|kept| is_changed(&kept.edge)) {
        let ends = [kept.edge.from, kept.edge.to];
        chosen.extend(ends.iter().filter_map(|id| rows.get(id)));
    }
    let scope = Scope { rows, chosen, threshold };
    let there: Vec<Kept> = there
        .into_iter()
        .filter(|kept| is_changed(&kept.edge) || scope.pair_of(&kept.edge).is_some())
        .collect();
    let found =
        pairs::find(&resources.matrix, &scope.chosen, &scope.others(&there), threshold, cancel)?;
    let stage = Stage {
        journal,
        embedder: &embedder,
        resources: &resources,
        scope: &scope,
        shared: Shared::new(search::embed::corpus(journal)?),
        revision: &|| Ok(revision),
    };
    Ok((stage.similar(&there, &found)?, revision))
}

/// The pairs with the greatest cosines; of equal ones those of the smaller ids.
fn strongest(found: &BTreeMap<Pair, u32>, most: usize) -> Vec<Pair> {
    let mut pairs: Vec<(Pair, u32)> = found.iter().map(|(pair, cosine)| (*pair, *cosine)).collect();
    pairs.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    pairs.into_iter().take(most).map(|(pair, _)| pair).collect()
}

/// What this run speaks of.
struct Scope {
    rows: BTreeMap<i64, usize>,
    chosen: BTreeSet<usize>,
    threshold: f32,
}

impl Scope {
    /// The rows of an edge, if both ends have vectors and one is chosen.
    fn pair_of(&self, edge: &Edge) -> Option<Pair> {
        let (a, b) = (*self.rows.get(&edge.from)?, *self.rows.get(&edge.to)?);
        let is_in = self.chosen.contains(&a) || self.chosen.contains(&b);
        is_in.then_some((a.min(b), a.max(b)))
    }

    /// The far ends of edges that are there: whether one of them stays is also theirs to say.
    fn others(&self, there: &[Kept]) -> BTreeSet<usize> {
        let pairs = there.iter().filter_map(|kept| self.pair_of(&kept.edge));
        pairs.flat_map(|(a, b)| [a, b]).filter(|row| !self.chosen.contains(row)).collect()
    }
}

struct Stage<'a> {
    journal: &'a Journal,
    embedder: &'a EmbedderRow,
    resources: &'a Resources,
    scope: &'a Scope,
    shared: Shared,
    revision: &'a dyn Fn() -> Result<i64>,
}

impl Stage<'_> {
    /// What is to be done so that the pairs that are alike have an edge, and no others; and edges of
    /// what is gone go, whoever made them.
    fn similar(&self, there: &[Kept], found: &BTreeMap<Pair, u32>) -> Result<Changes> {
        self.journal.store().read(|reader| {
            let mut changes = Changes::default();
            let mut has: BTreeSet<Pair> = BTreeSet::new();
            for kept in there.iter().filter(|kept| is_ours(&kept.edge)) {
                let edge = &kept.edge;
                if !resources::is_there(reader, edge.from)?
                    || !resources::is_there(reader, edge.to)?
                {
                    changes.remove.push(kept.clone());
                    continue;
                }
                let Some(pair) = self.scope.pair_of(edge) else { continue };
                if edge.rel_type != SIMILAR {
                    // What a model once said of two texts does not hold when they are no longer alike.
                    let cosine = pairs::cosine(&self.resources.matrix, pair.0, pair.1);
                    if cosine < pairs::thousandths(self.scope.threshold) {
                        changes.remove.push(kept.clone());
                    }
                    continue;
                }
                match found.get(&pair) {
                    None => changes.remove.push(kept.clone()),
                    Some(cosine) => {
                        has.insert(pair);
                        if (edge.weight * 1_000.0).round() as u32 != *cosine {
                            let edge = self.alike(reader, pair, *cosine)?;
                            changes.change.push((kept.clone(), edge));
                        }
                    }
                }
            }
            for (pair, cosine) in found.iter().filter(|(pair, _)| !has.contains(*pair)) {
                changes.add.push(self.alike(reader, *pair, *cosine)?);
            }
            Ok(changes)
        })
    }

    fn alike(&self, reader: &Connection, (a, b): Pair, cosine: u32) -> Result<Edge> {
        let (from, to) = (self.resources.all[a].id, self.resources.all[b].id);
        let shared = self.shared.words(reader, from, to)?;
        let context = if shared.is_empty() {
            format!("alike to the {}", search::embed::name(self.embedder))
        } else {
            format!("both speak of {}", shared.join(", "))
        };
        Ok(Edge {
            from,
            to,
            rel_type: SIMILAR.into(),
            weight: f64::from(cosine) / 1_000.0,
            confidence: 1.0,
            context,
        })
    }

    /// What is to be done so that the edges of a judged pair are what was said of it.
    fn judged(&self, there: &[Kept], verdicts: &BTreeMap<Pair, Verdict>) -> Changes {
        let mut changes = Changes::default();
        let mut wanted: BTreeMap<Pair, Edge> = BTreeMap::new();
        for (pair, verdict) in verdicts {
            if let Some(rel_type) = verdict.rel_type.edge() {
                let (first, second) = assess::in_time(self.resources, *pair);
                let edge = Edge {
                    // The later one goes on with the earlier one.
                    from: self.resources.all[second].id,
                    to: self.resources.all[first].id,
                    rel_type: rel_type.into(),
                    weight: verdict.strength.weight(),
                    confidence: TRUST,
                    context: verdict.context.clone(),
                };
                wanted.insert(*pair, edge);
            }
        }
        for kept in there.iter().filter(|kept| assess::EDGES.contains(&kept.edge.rel_type.as_str()))
        {
            let Some(pair) = self.scope.pair_of(&kept.edge) else { continue };
            if !verdicts.contains_key(&pair) {
                continue;
            }
            let is_same = |edge: &Edge| {
                (edge.from, edge.to, &edge.rel_type)
                    == (kept.edge.from, kept.edge.to, &kept.edge.rel_type)
            };
            match wanted.get(&pair).filter(|edge| is_same(edge)) {
                None => changes.remove.push(kept.clone()),
                Some(edge) => {
                    if *edge != kept.edge {
                        changes.change.push((kept.clone(), edge.clone()));
                    }
                    wanted.remove(&pair);
                }
            }
        }
        changes.add.extend(wanted.into_values());
        changes
    }

    fn write(&self, changes: &Changes, report: &mut AffinityReport) -> Result<()> {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        report.n_edges_added += count(changes.add.len());
        report.n_edges_changed += count(changes.change.len());
        report.n_edges_removed += count(changes.remove.len());
        if report.is_dry_run || changes.is_nothing() {
            return Ok(());
        }
        let revision_id = (self.revision)()?;
        let now = self.journal.clock().now_ms();
        let store = self.journal.store();
        store.write_under(revision_id, |tx| edges::write(tx, changes, revision_id, now))
    }
}

/// Whether this stage made the edge.
fn is_ours(edge: &Edge) -> bool {
    edge.rel_type == SIMILAR || assess::EDGES.contains(&edge.rel_type.as_str())
}
