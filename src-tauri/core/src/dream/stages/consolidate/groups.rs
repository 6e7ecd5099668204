//! Groups of texts that say the same: candidates by shared bands, each measured exactly, none left out.

use std::collections::{BTreeSet, HashMap, HashSet};

use rusqlite::{Connection, params};

use super::{are_within_a_day, edges_between};
use crate::{
    Result,
    consolidation::{self, Decision, Proposal, Signatures, Thing, Unit},
    journal::Cancel,
    search::embed,
    settings::{ConsolidationPolicy, Strategy},
    store::{
        Hash,
        vectors::{self, EmbedderRow},
    },
    text::{duplicates::Shingles, embed::similarity as cosine},
};

/// The least share of shingles by which two texts say the same where no model's vectors are there: about
/// one word in twelve changed (`text/duplicates.rs`).
const SAME: f32 = 0.66;
/// The same where they lie within one hour, or have all tags in common, which is half the proof.
const SAME_BESIDES: f32 = 0.5;
/// Texts that are held in memory while pairs of them are compared.
const MOST_HELD: usize = 4_096;
/// Pairs between two looks whether to stop.
const PAIRS: usize = 256;
const HOUR: i64 = 3_600_000;

/// Texts that say the same.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) key: Hash,
    /// Numbers of units, in order of time; the first stands for all.
    pub(super) members: Vec<usize>,
    pub(super) strategy: Strategy,
    /// The likeness of the least alike to the first, in thousandths.
    pub(super) confidence: f64,
}

/// Pairs that are not to be proposed together.
#[derive(Debug, Default)]
pub(super) struct Refused(HashSet<(Hash, Hash)>);

impl Refused {
    pub(super) fn new<'d>(decisions: impl Iterator<Item = &'d Decision>) -> Self {
        let mut pairs = HashSet::new();
        for decision in decisions.filter(|one| one.kind == "merge" && !one.is_accepted) {
            let keys = &decision.source_keys;
            for (n, a) in keys.iter().enumerate() {
                if keys.len() == 1 {
                    pairs.insert((*a, *a));
                }
                pairs.extend(keys[n + 1..].iter().map(|b| ordered(*a, *b)));
            }
        }
        Self(pairs)
    }

    fn has(&self, a: &Unit, b: &Unit) -> bool {
        self.0.contains(&ordered(a.key, b.key))
    }
}

fn ordered(a: Hash, b: Hash) -> (Hash, Hash) {
    if a <= b { (a, b) } else { (b, a) }
}

/// The units in order of time; ties by id.
fn in_time(units: &[Unit]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..units.len()).map(|n| n as u32).collect();
    order.sort_by_key(|n| {
        let unit = &units[*n as usize];
        (unit.thing, unit.at, unit.id)
    });
    order
}

/// Pairs of units that may say the same, the earlier first. Each band of each unit is looked at, and in a
/// band that many share each is paired with its next neighbours in time alone: so the number of pairs
/// grows with the number of units, however many are alike.
pub(super) fn candidates(
    units: &[Unit],
    signatures: &Signatures,
    near: &[(u32, u32)],
    most: usize,
    cancel: &Cancel,
) -> Result<Vec<(u32, u32)>> {
    let order = in_time(units);
    let banded: Vec<(u32, &[u32])> = order
        .iter()
        .filter_map(|n| {
            let unit = Some(&units[*n as usize]).filter(|unit| unit.is_old)?;
            let bands = signatures.of(unit)?.bands(unit.is_message)?;
            Some((*n, bands.as_slice()))
        })
        .collect();
    let mut rank = vec![0_u32; units.len()];
    for (at, n) in (0_u32..).zip(&order) {
        rank[*n as usize] = at;
    }
    let mut pairs: HashSet<(u32, u32)> = HashSet::new();
    let n_bands = banded.first().map_or(0, |(_, bands)| bands.len());
    for band in 0..n_bands {
        cancel.check()?;
        let mut shared: Vec<(Thing, u32, u32)> = banded
            .iter()
            .map(|(n, bands)| (units[*n as usize].thing, bands[band], rank[*n as usize]))
            .collect();
        shared.sort_unstable();
        for bucket in shared.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            for (n, (_, _, a)) in bucket.iter().enumerate() {
                for (_, _, b) in bucket[n + 1..].iter().take(most - 1) {
                    pairs.insert((order[*a as usize], order[*b as usize]));
                }
            }
        }
    }
    pairs.extend(
        near.iter().map(
            |(a, b)| {
                if rank[*a as usize] <= rank[*b as usize] { (*a, *b) } else { (*b, *a) }
            },
        ),
    );
    let mut pairs: Vec<(u32, u32)> = pairs.into_iter().collect();
    pairs.sort_unstable_by_key(|(a, b)| (rank[*a as usize], rank[*b as usize]));
    Ok(pairs)
}

/// Pairs of records that affinity found so near by a model's vectors; none with the built-in embedder,
/// which knows only words.
pub(super) fn near_by_vectors(
    reader: &Connection,
    units: &[Unit],
    threshold: f64,
) -> Result<Vec<(u32, u32)>> {
    if embed::used(reader)?.is_built_in() {
        return Ok(Vec::new());
    }
    let at: HashMap<i64, u32> = (0_u32..)
        .zip(units)
        .filter(|(_, unit)| unit.thing == Thing::Record && unit.is_old)
        .map(|(n, unit)| (unit.id, n))
        .collect();
    let mut near = BTreeSet::new();
    for (from, to, weight) in edges_between(reader)? {
        if let (Some(a), Some(b)) = (at.get(&from), at.get(&to))
            && weight >= threshold
        {
            near.insert((*a.min(b), *a.max(b)));
        }
    }
    Ok(near.into_iter().collect())
}

/// Compares texts, each of which is read once while it is near in time to the others.
pub(super) struct Comparing<'a> {
    reader: &'a Connection,
    units: &'a [Unit],
    policy: &'a ConsolidationPolicy,
    embedder: Option<EmbedderRow>,
    held: HashMap<u32, Shingles>,
}

impl<'a> Comparing<'a> {
    pub(super) fn new(
        reader: &'a Connection,
        units: &'a [Unit],
        policy: &'a ConsolidationPolicy,
    ) -> Result<Self> {
        let embedder = Some(embed::used(reader)?).filter(|used| !used.is_built_in());
        Ok(Self { reader, units, policy, embedder, held: HashMap::new() })
    }

    /// Groups of at most so many: the earliest text that is in none takes those that say the same as
    /// itself, so that nobody is in a group by way of others.
    pub(super) fn groups(
        &mut self,
        pairs: &[(u32, u32)],
        refused: &Refused,
        cancel: &Cancel,
    ) -> Result<Vec<Group>> {
        let mut taken: HashSet<u32> = HashSet::new();
        let mut groups = Vec::new();
        let mut n_looked = 0;
        for of_one in pairs.chunk_by(|a, b| a.0 == b.0) {
            let first = of_one[0].0;
            if taken.contains(&first) {
                continue;
            }
            let mut members = vec![first as usize];
            let (mut strategy, mut least) = (Strategy::ContentOverlap, 1.0_f32);
            for (_, other) in of_one {
                n_looked += 1;
                if n_looked % PAIRS == 0 {
                    cancel.check()?;
                }
                let is_full = members.len() >= self.policy.max_group_size as usize;
                let [a, b] = [first, *other].map(|n| &self.units[n as usize]);
                if is_full || taken.contains(other) || refused.has(a, b) {
                    continue;
                }
                if let Some((likeness, by)) = self.likeness(first, *other)? {
                    members.push(*other as usize);
                    strategy = strategy.max(by);
                    least = least.min(likeness);
                }
            }
            if members.len() >= self.policy.summary_min_memories as usize {
                taken.extend(members.iter().map(|n| *n as u32));
                groups.push(self.group(members, strategy, least));
            }
        }
        Ok(groups)
    }

    /// The group of these sources, if all are there.
    pub(super) fn again(&mut self, keys: &[Hash]) -> Result<Option<Group>> {
        let is_wanted = |n: &usize| self.units[*n].is_old && keys.contains(&self.units[*n].key);
        let mut members: Vec<usize> = (0..self.units.len()).filter(is_wanted).collect();
        let there: BTreeSet<Hash> = members.iter().map(|n| self.units[*n].key).collect();
        if there.len() < keys.len() || members.len() < 2 {
            return Ok(None);
        }
        members.sort_by_key(|n| (self.units[*n].thing, self.units[*n].at, self.units[*n].id));
        let (mut strategy, mut least) = (Strategy::ContentOverlap, 1.0_f32);
        for other in members[1..].iter().copied() {
            match self.likeness(members[0] as u32, other as u32)? {
                Some((likeness, by)) => {
                    strategy = strategy.max(by);
                    least = least.min(likeness);
                }
                None => least = 0.0,
            }
        }
        Ok(Some(self.group(members, strategy, least)))
    }

    fn group(&self, members: Vec<usize>, strategy: Strategy, least: f32) -> Group {
        let keys: Vec<Hash> = members.iter().map(|n| self.units[*n].key).collect();
        let confidence = (f64::from(least.clamp(0.0, 1.0)) * 1_000.0).round() / 1_000.0;
        Group { key: Proposal::key_of("merge", &keys), members, strategy, confidence }
    }

    /// How alike two units are, and by what they say the same; `None` if they do not.
    fn likeness(&mut self, a: u32, b: u32) -> Result<Option<(f32, Strategy)>> {
        let [one, other] = [a, b].map(|n| &self.units[n as usize]);
        // The same can happen on many days; told twice it is told of one.
        if one.thing == Thing::Moment && !are_within_a_day(one, other) {
            return Ok(None);
        }
        let has = |strategy: Strategy| self.policy.strategies.contains(&strategy);
        if one.text_hash == other.text_hash {
            let by = Strategy::ContentOverlap;
            return Ok(has(by).then_some((1.0, by)));
        }
        let is_one_hour = one.has_time && other.has_time && (one.at - other.at).abs() <= HOUR;
        let has_same_tags = one.tags != 0 && one.tags == other.tags;
        let besides = if is_one_hour && has(Strategy::TemporalProximity) {
            Some(Strategy::TemporalProximity)
        } else if has_same_tags && has(Strategy::TagSimilarity) {
            Some(Strategy::TagSimilarity)
        } else {
            None
        };
        let content = has(Strategy::ContentOverlap).then_some(Strategy::ContentOverlap);
        self.hold(a)?;
        self.hold(b)?;
        let (Some(a), Some(b)) = (self.held.get(&a), self.held.get(&b)) else { return Ok(None) };
        if f64::from(a.word_similarity(b)) < self.policy.similarity_threshold {
            return Ok(None);
        }
        let by_vectors = match &self.embedder {
            Some(embedder) => self.cosine(embedder, one, other)?,
            None => None,
        };
        if let Some(cosine) = by_vectors {
            let is_same = f64::from(cosine) >= self.policy.duplicate_threshold;
            return Ok(content.or(besides).filter(|_| is_same).map(|by| (cosine, by)));
        }
        let likeness = a.similarity(b);
        Ok(match (content, besides) {
            (Some(by), _) if likeness >= SAME => Some((likeness, by)),
            (_, Some(by)) if likeness >= SAME_BESIDES => Some((likeness, by)),
            _ => None,
        })
    }

    fn hold(&mut self, n: u32) -> Result<()> {
        if self.held.len() >= MOST_HELD {
            self.held.clear();
        }
        if !self.held.contains_key(&n) {
            let body = consolidation::body(self.reader, &self.units[n as usize])?;
            self.held.insert(n, Shingles::of(&body));
        }
        Ok(())
    }

    fn cosine(&self, embedder: &EmbedderRow, a: &Unit, b: &Unit) -> Result<Option<f32>> {
        let (a, b) = (self.vector(embedder, a)?, self.vector(embedder, b)?);
        Ok(a.zip(b).map(|(a, b)| cosine(&a, &b)))
    }

    /// A moment's vector; of a record the mean of its stretches' ones, of length one.
    fn vector(&self, embedder: &EmbedderRow, unit: &Unit) -> Result<Option<Vec<f32>>> {
        if unit.thing == Thing::Moment {
            return vectors::vector_of(self.reader, vectors::Thing::Moment, embedder.id, unit.id);
        }
        let mut find =
            self.reader.prepare_cached("SELECT id FROM chunks WHERE record_id = ?1 ORDER BY id")?;
        let chunks: Vec<i64> =
            find.query_map(params![unit.id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut mean: Option<Vec<f32>> = None;
        for chunk in chunks {
            let found = vectors::vector_of(self.reader, vectors::Thing::Chunk, embedder.id, chunk)?;
            let Some(vector) = found else { return Ok(None) };
            let sum = mean.get_or_insert_with(|| vec![0.0; vector.len()]);
            sum.iter_mut().zip(&vector).for_each(|(sum, x)| *sum += x);
        }
        Ok(mean.map(|mut mean| {
            let length = mean.iter().map(|x| x * x).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
            mean.iter_mut().for_each(|x| *x /= length);
            mean
        }))
    }
}
