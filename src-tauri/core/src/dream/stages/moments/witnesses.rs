//! Witnesses: finds out which episodes of a day are accounts of one event by several sources, and makes one
//! moment of what was told of each.
//!
//! Whether two are is told by the records alone (when, who, which words), not by what a mind made of them:
//! so a moment has the same evidence, which is its identity, whoever reads.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Planned, episode_of, precision_of,
    reconcile::{SAME, overlap},
    reply, written,
};
use crate::{
    clock::Precision,
    dream::stages::collect::Chunk,
    mind::{OTHER, Stream, builtin::Builtin},
    moments::{
        derive::{Derived, Dreamt, Insight},
        write::Existing,
    },
    text::{duplicates, embed, language, markdown, words},
};

/// Exact times that lie no further apart than this may be of one event: who writes about it does so within
/// a quarter of an hour.
const NEAR_EXACT_MS: i64 = 15 * 60_000;
/// The same where of one of them only the hour is known.
const NEAR_HOUR_MS: i64 = 60 * 60_000;
/// A word is rare that stands in no more records than this elsewhere, or in no greater part of them.
const RARE_RECORDS: u32 = 4;
const RARE_PART: u32 = 100;
/// Two texts whose vectors are as near as this speak of the same things.
const NEAR_VECTORS: f32 = 0.5;
/// A summary that shares this much with another adds nothing to it.
const SAID_ALREADY: f32 = 0.4;
const MOST_TAGS: usize = 8;
const MOST_FEELINGS: usize = 4;
const MOST_PEOPLE: usize = 12;
const MOST_INSIGHTS: usize = 6;
/// How much surer each further witness makes, and the most that all of them do.
const SURER: f32 = 0.05;
const SUREST: f32 = 0.95;

/// What two accounts of one event must have in common: people and words, or words alone.
struct Wanted {
    n_words_with_people: usize,
    part_with_people: f32,
    n_words: usize,
    part: f32,
    /// Whether near vectors make up for words, where people are shared.
    takes_vectors: bool,
}

/// Of accounts at the same time.
const AT_ONE_TIME: Wanted = Wanted {
    n_words_with_people: 2,
    part_with_people: 0.2,
    n_words: 3,
    part: 0.3,
    takes_vectors: true,
};

/// Where one of them tells no time of day: that they share a day says nothing.
const ON_ONE_DAY: Wanted = Wanted {
    n_words_with_people: 4,
    part_with_people: 0.35,
    n_words: 6,
    part: 0.5,
    takes_vectors: false,
};

/// One source's account, as the moment needs it that several of them become.
#[derive(Debug, Clone)]
pub(super) struct Account {
    pub(super) stream: Stream,
    pub(super) text: String,
}

/// What tells whether two accounts are of one event.
struct Trace {
    /// Notes and conversations in which it stands.
    threads: BTreeSet<(bool, i64)>,
    from: i64,
    until: i64,
    precision: Precision,
    /// Names, folded.
    people: BTreeSet<String>,
    /// Stems, with the number of its pieces in which they stand.
    words: BTreeMap<String, u32>,
    n_rare: usize,
    vector: Vec<f32>,
}

/// Which episodes are accounts of one event; each stands in one group.
pub(super) fn same_events(
    chunks: &[Chunk],
    planned: &[Planned<'_>],
    builtin: &Builtin,
) -> Vec<Vec<usize>> {
    let threads: BTreeSet<(bool, i64)> = chunks.iter().map(thread).collect();
    if threads.len() < 2 {
        return (0..planned.len()).map(|one| vec![one]).collect();
    }
    // Short texts take the language of what is written around them.
    let all: Vec<&str> = planned.iter().map(|one| one.text.as_str()).collect();
    let around = language::detect(&all.join("\n"), None);
    let traces: Vec<Trace> =
        planned.iter().map(|one| Trace::of(chunks, one, around, builtin)).collect();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for (index, trace) in traces.iter().enumerate() {
        let mut best: Option<(f32, usize)> = None;
        for (at, group) in groups.iter().enumerate() {
            if !group.iter().all(|other| trace.can_be(&traces[*other])) {
                continue;
            }
            let scores = group.iter().filter_map(|other| trace.likeness(&traces[*other], builtin));
            if let Some(score) = scores.max_by(f32::total_cmp)
                && best.is_none_or(|(most, _)| score > most)
            {
                best = Some((score, at));
            }
        }
        match best {
            Some((_, at)) => groups[at].push(index),
            None => groups.push(vec![index]),
        }
    }
    groups
}

fn thread(chunk: &Chunk) -> (bool, i64) {
    (chunk.session_id.is_some(), chunk.session_id.unwrap_or(chunk.record_id))
}

impl Trace {
    fn of(
        chunks: &[Chunk],
        planned: &Planned<'_>,
        around: Option<language::Language>,
        builtin: &Builtin,
    ) -> Self {
        let cuts = || std::iter::once(planned.cut).chain(planned.twins.iter().copied());
        let threads = cuts().flat_map(|cut| &cut.pieces).map(|piece| thread(&chunks[piece.chunk]));
        let episode = &episode_of(chunks, planned.cut);
        let language = language::detect(&planned.text, around);
        let people: BTreeSet<String> = builtin
            .people(episode, language)
            .iter()
            .map(|person| words::fold(&person.name).into_owned())
            .collect();
        let of_names: BTreeSet<String> = people
            .iter()
            .flat_map(|name| words::content_stems(name, language).collect::<Vec<_>>())
            .collect();
        let mut found: BTreeMap<String, u32> = BTreeMap::new();
        for passage in &episode.passages {
            // What a program wrote is nobody's account.
            if episode.stream == Stream::Assistant && passage.is_own != Some(true) {
                continue;
            }
            let prose = markdown::prose(passage.text);
            let stems: BTreeSet<String> = words::content_stems(&prose, language).collect();
            for stem in stems.into_iter().filter(|stem| !of_names.contains(stem)) {
                *found.entry(stem).or_default() += 1;
            }
        }
        let when = written(chunks, planned.cut);
        let mut trace = Self {
            threads: threads.collect(),
            from: when.starts_at,
            until: when.ends_at,
            precision: precision_of(chunks, planned.cut),
            people,
            n_rare: 0,
            vector: builtin.embed(&planned.text, language),
            words: found,
        };
        trace.n_rare = trace.words.iter().filter(|(word, n)| is_rare(word, **n, builtin)).count();
        trace
    }

    fn is_timed(&self) -> bool {
        self.precision >= Precision::Hour
    }

    /// Whether nothing speaks against it: not one note or conversation, and not two times.
    fn can_be(&self, other: &Self) -> bool {
        if !self.threads.is_disjoint(&other.threads) {
            return false;
        }
        if !self.is_timed() || !other.is_timed() {
            return true;
        }
        let is_exact = self.precision.min(other.precision) == Precision::Exact;
        let near = if is_exact { NEAR_EXACT_MS } else { NEAR_HOUR_MS };
        self.from.max(other.from) - self.until.min(other.until) <= near
    }

    /// How much two accounts have in common, if it is enough to be of one event.
    fn likeness(&self, other: &Self, builtin: &Builtin) -> Option<f32> {
        let n_words = self
            .words
            .iter()
            .filter_map(|(word, n)| Some((word, n + other.words.get(word)?)))
            .filter(|(word, n)| is_rare(word, *n, builtin))
            .count();
        if n_words == 0 {
            // Nothing else makes up for it.
            return None;
        }
        let n_people = self
            .people
            .iter()
            .filter(|name| other.people.iter().any(|known| is_same_name(name, known)))
            .count();
        let part = n_words as f32 / self.n_rare.min(other.n_rare).max(1) as f32;
        let nearness = embed::similarity(&self.vector, &other.vector);
        let wanted = if self.is_timed() && other.is_timed() { AT_ONE_TIME } else { ON_ONE_DAY };
        let by_people = n_people > 0
            && n_words >= wanted.n_words_with_people
            && part >= wanted.part_with_people;
        let by_words = n_words >= wanted.n_words && part >= wanted.part;
        let by_vectors = wanted.takes_vectors && n_people > 0 && nearness >= NEAR_VECTORS;
        (by_people || by_words || by_vectors)
            .then_some(n_words as f32 + 2.0 * n_people as f32 + nearness)
    }
}

/// Whether a word stands in few records beside these `n`.
fn is_rare(word: &str, n: u32, builtin: &Builtin) -> bool {
    let corpus = builtin.corpus();
    let elsewhere = corpus.frequency(word).saturating_sub(n);
    elsewhere <= RARE_RECORDS.max(corpus.n_documents() / RARE_PART)
}

/// "hester" and "hester voss".
fn is_same_name(one: &str, other: &str) -> bool {
    let first = |name: &str| name.split_whitespace().next().map(str::to_owned);
    let is_alone = !one.contains(char::is_whitespace) || !other.contains(char::is_whitespace);
    one == other || is_alone && first(one) == first(other)
}

/// The moments of a day: one for each event, with all its witnesses. What the person hid or put at another
/// time stays apart from what else is told, and so does what they worked on beside another that they
/// worked on: their word about one is no word about both.
pub(super) fn join(
    dreamt: Vec<Dreamt>,
    accounts: &[Account],
    groups: &[Vec<usize>],
    existing: &[Existing],
    builtin: &Builtin,
) -> Vec<Dreamt> {
    let parts = groups.iter().flat_map(|group| set_apart(group, &dreamt, existing));
    let mut parts: Vec<Vec<usize>> = parts.collect();
    parts.sort();
    let mut left: Vec<Option<Dreamt>> = dreamt.into_iter().map(Some).collect();
    let mut joined = Vec::new();
    for part in parts {
        let members: Vec<(Dreamt, &Account)> = part
            .iter()
            .filter_map(|index| Some((left.get_mut(*index)?.take()?, accounts.get(*index)?)))
            .collect();
        joined.extend(of_witnesses(members, builtin));
    }
    joined
}

/// A group, cut where the person's corrections want it.
fn set_apart(group: &[usize], dreamt: &[Dreamt], existing: &[Existing]) -> Vec<Vec<usize>> {
    if group.len() < 2 {
        return vec![group.to_vec()];
    }
    let mut rest = group.to_vec();
    let mut parts = Vec::new();
    let mut has_correction = false;
    for old in existing.iter().filter(|old| old.is_corrected) {
        let (told, other): (Vec<usize>, Vec<usize>) = rest
            .iter()
            .copied()
            .partition(|index| overlap(&old.evidence, &dreamt[*index].evidence) >= SAME);
        if told.is_empty() {
            continue;
        }
        if !other.is_empty() && (old.is_set_apart || has_correction) {
            parts.push(told);
            rest = other;
        } else {
            has_correction = true;
        }
    }
    parts.push(rest);
    parts
}

/// One moment of all that tell of it.
fn of_witnesses(mut members: Vec<(Dreamt, &Account)>, builtin: &Builtin) -> Option<Dreamt> {
    if members.len() < 2 {
        return members.pop().map(|(only, _)| only);
    }
    // The person's own note tells it, then who told most.
    let rank = |stream: Stream| match stream {
        Stream::Notes => 0,
        Stream::Chat => 1,
        Stream::Assistant => 2,
    };
    members.sort_by_key(|(_, account)| {
        (rank(account.stream), std::cmp::Reverse(account.text.chars().count()))
    });
    let texts: Vec<&str> = members.iter().map(|(_, account)| account.text.as_str()).collect();
    let text = texts.join("\n\n");
    let embedding = builtin.embed(&text, language::detect(&text, None));
    let mut rest = members.into_iter().map(|(dreamt, _)| dreamt);
    let Dreamt { mut derived, mut evidence, mut mentions, .. } = rest.next()?;
    for other in rest {
        add(&mut derived, other.derived, evidence.len());
        evidence.extend(other.evidence);
        mentions.extend(other.mentions);
    }
    derived.people.truncate(MOST_PEOPLE);
    derived.tags.truncate(MOST_TAGS);
    derived.emotions.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.label.cmp(&b.label)));
    derived.emotions.truncate(MOST_FEELINGS);
    derived.insights.truncate(MOST_INSIGHTS);
    Some(Dreamt { derived, evidence, mentions, embedding, n_namesakes: 0 })
}

/// Adds what another witness tells, whose evidence follows on `n_spans` others.
fn add(all: &mut Derived, other: Derived, n_spans: usize) {
    match other.precision.cmp(&all.precision) {
        std::cmp::Ordering::Greater => {
            all.precision = other.precision;
            all.starts_at = other.starts_at;
            all.ends_at = other.ends_at;
            all.offset_minutes = other.offset_minutes;
        }
        // Two that know it equally well: it was from the first to the last.
        std::cmp::Ordering::Equal => {
            if other.starts_at < all.starts_at {
                all.starts_at = other.starts_at;
                all.offset_minutes = other.offset_minutes;
            }
            all.ends_at = all.ends_at.max(other.ends_at);
        }
        std::cmp::Ordering::Less => {}
    }
    if all.moment_type == OTHER {
        all.moment_type = other.moment_type;
    }
    let is_readable = other.language == all.language || other.language.is_empty();
    let length = all.summary.chars().count() + 1 + other.summary.chars().count();
    let adds = duplicates::similarity(&all.summary, &other.summary) < SAID_ALREADY;
    if is_readable && adds && !other.summary.is_empty() && length <= reply::SUMMARY {
        if !all.summary.is_empty() {
            all.summary.push(' ');
        }
        all.summary.push_str(&other.summary);
    }
    if all.outcome.is_empty() {
        all.outcome = other.outcome;
    }
    for name in other.people {
        let is_known = |known: &String| is_same_name(&words::fold(known), &words::fold(&name));
        if !all.people.iter().any(is_known) {
            all.people.push(name);
        }
    }
    for tag in other.tags {
        if !all.tags.contains(&tag) {
            all.tags.push(tag);
        }
    }
    if !other.emotions.is_empty() && all.emotions.is_empty() {
        (all.valence, all.arousal) = (other.valence, other.arousal);
    } else if !other.emotions.is_empty() {
        all.valence = f32::midpoint(all.valence, other.valence);
        all.arousal = f32::midpoint(all.arousal, other.arousal);
    }
    for felt in other.emotions {
        match all.emotions.iter_mut().find(|known| known.label == felt.label) {
            Some(known) => known.weight = known.weight.max(felt.weight),
            None => all.emotions.push(felt),
        }
    }
    all.insights.extend(other.insights.into_iter().map(|mut insight: Insight| {
        insight.places.iter_mut().for_each(|place| place.span += n_spans);
        insight
    }));
    let surer = all.confidence.max(other.confidence) + SURER;
    all.confidence = surer.min(SUREST).max(all.confidence);
}
