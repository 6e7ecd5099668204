//! Gathers tags to topics, and finds what they have to do with each other. Pure, and the same for the same
//! material, in whatever order it was written.
//!
//! - A topic is a group of tags that are one ([`alike`]), as the person parted and joined them.
//! - Two topics are related by the moments they share: their weight is the Jaccard index of their moments
//!   times n / (n + 1) for n shared ones, because one shared moment is a weak witness. Each topic keeps its
//!   [`MOST_RELATED`] strongest with two and more; of those with one it keeps [`MOST_ONCE`], and rather
//!   such as come back: words that stand in one moment alone are tied to what it is about, not to each
//!   other. An edge stays if one of its ends keeps it.
//! - Communities are found over these edges; what has one moment in all is none.
//! - A topic is a part of a broader one whose words it has and more ("rust-async", "rust"); or of one that
//!   at least [`PART`] of its moments have as well, three or more, and that is [`TIMES`] as large.
//! - Its importance is w / (w + [`HALF`]), w being the weights of its moments.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    material::{Material, Tag},
    shape::{Ontology, Relation, Topic},
};
use crate::{
    Result,
    graph::communities::{self, Link},
    journal::Cancel,
    text::{
        alike::{self, Sets},
        words,
    },
};

/// Related topics that each topic keeps.
const MOST_RELATED: usize = 10;
/// Of these, such as were met once.
const MOST_ONCE: usize = 2;
/// Of the moments of a part, those that the whole has too.
const PART: f64 = 0.8;
/// Shared moments from which that says anything.
const PART_MOMENTS: u32 = 3;
/// How many times as many moments the whole has.
const TIMES: f64 = 1.5;
/// The moments' weights at which a topic is half as important as one can be.
const HALF: f64 = 8.0;
/// Where modularity itself cuts.
const RESOLUTION: f64 = 1.0;
/// Topics of one moment whose pairs are counted; a moment with more tags is a list of tags.
const MOST_OF_MOMENT: usize = 40;
/// Pairs that are gathered before they are counted.
const AT_A_TIME: usize = 1 << 20;

/// What there should be.
pub(crate) fn gather(material: &Material, cancel: &Cancel) -> Result<Ontology> {
    let mut topics = grouped(material);
    let of_moment = moments_of_topics(material, &mut topics);
    cancel.check()?;
    count(material, &mut topics);
    let together = together(&topics, &of_moment, cancel)?;
    find_broader(material, &mut topics, &together);
    let relations = related(&topics, &together);
    cancel.check()?;
    let links: Vec<Link> =
        relations.iter().map(|r| Link { a: r.a, b: r.b, weight: r.weight }).collect();
    let mut fine = communities::find(topics.len(), &links, RESOLUTION)?;
    fine.retain(|members| {
        let moments: BTreeSet<usize> = members
            .iter()
            .flat_map(|topic| topics[*topic].moments.iter().take(2))
            .copied()
            .collect();
        moments.len() > 1
    });
    let broad = communities::above(topics.len(), &links, &fine, RESOLUTION)?;
    for relation in &relations {
        for end in [relation.a, relation.b] {
            topics[end].degree += 1;
            topics[end].weight += relation.weight;
        }
    }
    for topic in &mut topics {
        topic.weight = rounded(topic.weight);
    }
    Ok(Ontology { topics, relations, fine, broad })
}

/// Sums of the same numbers are the same to this many places, in whatever order they were added.
fn rounded(number: f64) -> f64 {
    (number * 1e6).round() / 1e6
}

/// Tags in groups; the groups in the order of their first tags.
fn grouped(material: &Material) -> Vec<Topic> {
    let tags: Vec<alike::Tag<'_>> = material
        .tags
        .iter()
        .map(|tag| alike::Tag {
            text: &tag.text,
            language: tag.language,
            n: tag.n,
            is_apart: material.corrections.apart.contains(&tag.text),
        })
        .collect();
    let mut sets = Sets::new(tags.len());
    for (n, first) in alike::groups(&tags).into_iter().enumerate() {
        sets.join(first, n);
    }
    for (tag, into) in &material.corrections.with {
        if let (Some(tag), Some(into)) = (material.place(tag), material.place(into)) {
            sets.join(tag, into);
        }
    }
    let mut by_first: BTreeMap<usize, Topic> = BTreeMap::new();
    for n in 0..tags.len() {
        by_first.entry(sets.first(n)).or_default().tags.push(n);
    }
    let mut topics: Vec<Topic> = by_first.into_values().collect();
    for topic in &mut topics {
        let texts = || topic.tags.iter().map(|tag| material.tags[*tag].text.as_str());
        let corrections = &material.corrections;
        topic.hub = topic.tags.iter().copied().find(|tag| {
            let text = &material.tags[*tag].text;
            !corrections.with.contains_key(text) && corrections.with.values().any(|v| v == text)
        });
        topic.is_apart = texts().all(|text| corrections.apart.contains(text));
        topic.is_hidden = corrections.hides(texts());
        topic.given_name = corrections.name(texts()).map(str::to_owned);
    }
    topics
}

/// Gives each topic its moments, and says for each moment which topics it has.
fn moments_of_topics(material: &Material, topics: &mut [Topic]) -> Vec<Vec<usize>> {
    let mut of_tag = vec![0; material.tags.len()];
    for (n, topic) in topics.iter().enumerate() {
        for tag in &topic.tags {
            of_tag[*tag] = n;
        }
    }
    let mut all = Vec::with_capacity(material.moments.len());
    for (place, moment) in material.moments.iter().enumerate() {
        let own: BTreeSet<usize> = moment.tags.iter().map(|tag| of_tag[*tag]).collect();
        for topic in &own {
            topics[*topic].moments.push(place);
        }
        all.push(own.into_iter().collect());
    }
    all
}

fn count(material: &Material, topics: &mut [Topic]) {
    for topic in topics {
        let moments = || topic.moments.iter().map(|place| &material.moments[*place]);
        let weight: f64 = moments().map(|moment| moment.importance).sum();
        topic.importance = rounded(weight / (weight + HALF));
        let moods: Vec<(f64, f64)> = moments().filter_map(|moment| moment.mood).collect();
        if !moods.is_empty() {
            let n = moods.len() as f64;
            let sum = moods.iter().fold((0.0, 0.0), |sum, mood| (sum.0 + mood.0, sum.1 + mood.1));
            topic.mood = Some((rounded(sum.0 / n), rounded(sum.1 / n)));
        }
        if let (Some(first), Some(last)) = (moments().next(), moments().next_back()) {
            topic.first_day = first.day.clone();
            topic.last_day = last.day.clone();
            topic.last_moment_id = last.id;
        }
    }
}

/// Two topics that share `n` moments, by their places; `a` comes before `b`. Ten years have millions of
/// them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pair {
    a: u32,
    b: u32,
    n: u32,
}

/// The pairs that share moments, in the order of their places.
fn together(topics: &[Topic], of_moment: &[Vec<usize>], cancel: &Cancel) -> Result<Vec<Pair>> {
    let mut shared: Vec<Pair> = Vec::new();
    let mut fresh: Vec<(u32, u32)> = Vec::new();
    for (n, own) in of_moment.iter().enumerate() {
        if n % 1_000 == 0 {
            cancel.check()?;
        }
        let seen: Vec<u32> = own
            .iter()
            .filter(|n| !topics[**n].is_hidden)
            .take(MOST_OF_MOMENT)
            .map(|n| u32::try_from(*n).unwrap_or(u32::MAX))
            .collect();
        for (at, a) in seen.iter().enumerate() {
            fresh.extend(seen[at + 1..].iter().map(|b| (*a, *b)));
        }
        if fresh.len() >= AT_A_TIME {
            shared = with(&shared, &mut fresh);
        }
    }
    Ok(with(&shared, &mut fresh))
}

/// The pairs with fresh ones among them, which are emptied.
fn with(shared: &[Pair], fresh: &mut Vec<(u32, u32)>) -> Vec<Pair> {
    fresh.sort_unstable();
    let mut all: Vec<Pair> = Vec::with_capacity(shared.len() + fresh.len() / 2);
    let mut known = shared.iter().copied().peekable();
    for (a, b) in fresh.drain(..) {
        while let Some(pair) = known.next_if(|pair| (pair.a, pair.b) <= (a, b)) {
            all.push(pair);
        }
        match all.last_mut() {
            Some(last) if (last.a, last.b) == (a, b) => last.n += 1,
            _ => all.push(Pair { a, b, n: 1 }),
        }
    }
    all.extend(known);
    all
}

/// The places of each topic's pairs, one topic after the other, and where each topic's begin.
fn of_topics(n_topics: usize, together: &[Pair]) -> (Vec<u32>, Vec<usize>) {
    let mut begins = vec![0; n_topics + 1];
    for pair in together {
        begins[pair.a as usize + 1] += 1;
        begins[pair.b as usize + 1] += 1;
    }
    for n in 0..n_topics {
        begins[n + 1] += begins[n];
    }
    let mut next = begins.clone();
    let mut places = vec![0; 2 * together.len()];
    for (place, pair) in (0..).zip(together) {
        for end in [pair.a as usize, pair.b as usize] {
            places[next[end]] = place;
            next[end] += 1;
        }
    }
    (places, begins)
}

fn related(topics: &[Topic], together: &[Pair]) -> Vec<Relation> {
    let (places, begins) = of_topics(topics.len(), together);
    let mut kept: BTreeMap<(usize, usize), Relation> = BTreeMap::new();
    for own in 0..topics.len() {
        let all = places[begins[own]..begins[own + 1]].iter().map(|place| {
            let Pair { a, b, n } = together[*place as usize];
            let (a, b, shared) = (a as usize, b as usize, f64::from(n));
            let (n_a, n_b) = (topics[a].moments.len() as f64, topics[b].moments.len() as f64);
            let weight = rounded(shared / (n_a + n_b - shared) * shared / (shared + 1.0));
            Relation { a, b, n, weight }
        });
        let all = all.filter(|relation| relation.weight > 0.0);
        let size = |relation: &Relation| {
            topics[if relation.a == own { relation.b } else { relation.a }].moments.len()
        };
        let (mut often, mut once): (Vec<_>, Vec<_>) = all.partition(|one| one.n > 1);
        often.sort_unstable_by(|x, y| {
            y.weight.total_cmp(&x.weight).then(y.n.cmp(&x.n)).then((x.a, x.b).cmp(&(y.a, y.b)))
        });
        once.sort_unstable_by(|x, y| size(y).cmp(&size(x)).then((x.a, x.b).cmp(&(y.a, y.b))));
        if once.first().is_some_and(|first| size(first) > 1) {
            once.retain(|one| size(one) > 1);
        }
        let strongest = often.into_iter().take(MOST_RELATED);
        for relation in strongest.chain(once.into_iter().take(MOST_ONCE)) {
            kept.insert((relation.a, relation.b), relation);
        }
    }
    kept.into_values().collect()
}

/// Gives each topic the one that it is a part of, if any; never in a circle.
fn find_broader(material: &Material, topics: &mut [Topic], together: &[Pair]) {
    // By their words: the longest name that is contained.
    let stems: Vec<Vec<BTreeSet<String>>> =
        topics.iter().map(|topic| stems_of(material, topic)).collect();
    let mut by_word: HashMap<&str, Vec<(usize, usize)>> = HashMap::new();
    for (n, sets) in stems.iter().enumerate() {
        for (at, set) in sets.iter().enumerate() {
            // A set is found by its first word.
            if let Some(first) = set.first() {
                by_word.entry(first).or_default().push((n, at));
            }
        }
    }
    let is_apart = |a: usize, b: usize| topics[a].is_hidden || topics[b].is_hidden || a == b;
    let mut broader: Vec<Option<usize>> = vec![None; topics.len()];
    for (n, sets) in stems.iter().enumerate() {
        let mut best: Option<(usize, usize, usize)> = None;
        for set in sets.iter().filter(|set| set.len() > 1) {
            for word in set {
                for (other, at) in by_word.get(word.as_str()).into_iter().flatten() {
                    let inner = &stems[*other][*at];
                    if is_apart(n, *other) || inner.len() >= set.len() || !inner.is_subset(set) {
                        continue;
                    }
                    let rank = (inner.len(), topics[*other].moments.len(), usize::MAX - *other);
                    if best.is_none_or(|best| rank > best) {
                        best = Some(rank);
                    }
                }
            }
        }
        broader[n] = best.map(|(.., other)| usize::MAX - other);
    }
    // Topics of several tags may hold words of each other.
    break_circles(&mut broader);
    // By their moments: the closest of those that hold them.
    let mut holding: Vec<Option<(u32, usize, usize)>> = vec![None; topics.len()];
    for Pair { a, b, n: shared } in together {
        let (a, b) = (*a as usize, *b as usize);
        for (part, whole) in [(a, b), (b, a)] {
            let (n_part, n_whole) =
                (topics[part].moments.len() as f64, topics[whole].moments.len() as f64);
            let is_part = *shared >= PART_MOMENTS
                && f64::from(*shared) >= PART * n_part
                && n_whole >= TIMES * n_part;
            if is_part && broader[part].is_none() {
                let rank = (*shared, usize::MAX - topics[whole].moments.len(), usize::MAX - whole);
                if holding[part].is_none_or(|best| rank > best) {
                    holding[part] = Some(rank);
                }
            }
        }
    }
    for n in 0..topics.len() {
        if let Some((.., whole)) = holding[n] {
            broader[n] = Some(usize::MAX - whole);
            if leads_back(&broader, n) {
                broader[n] = None;
            }
        }
    }
    for (topic, broader) in topics.iter_mut().zip(broader) {
        topic.broader = broader;
    }
}

/// The stems of the words of each tag.
fn stems_of(material: &Material, topic: &Topic) -> Vec<BTreeSet<String>> {
    let stems = |tag: &usize| -> BTreeSet<String> {
        let Tag { text, language, .. } = &material.tags[*tag];
        alike::content_words(text).into_iter().map(|word| words::stem(word, *language)).collect()
    };
    topic.tags.iter().map(stems).filter(|words| !words.is_empty()).collect()
}

/// Takes away the step that closes a circle.
fn break_circles(broader: &mut [Option<usize>]) {
    // 0: not seen, 1: on the way that is gone just now, 2: known to lead out.
    let mut seen = vec![0_u8; broader.len()];
    for start in 0..broader.len() {
        let mut way = Vec::new();
        let mut at = Some(start);
        while let Some(n) = at.filter(|n| seen[*n] != 2) {
            if seen[n] == 1 {
                if let Some(last) = way.last() {
                    let last: usize = *last;
                    broader[last] = None;
                }
                break;
            }
            seen[n] = 1;
            way.push(n);
            at = broader[n];
        }
        for n in way {
            seen[n] = 2;
        }
    }
}

/// Whether who goes up from a topic comes back to it; there is no other circle.
fn leads_back(broader: &[Option<usize>], start: usize) -> bool {
    let mut at = broader[start];
    while let Some(n) = at.filter(|n| *n != start) {
        at = broader[n];
    }
    at.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted_the_same_however_many_come_at_a_time() {
        let all: Vec<(u32, u32)> = (0..200_u32).map(|n| (n % 7, 7 + n * n % 11)).collect();
        let at_once = with(&[], &mut all.clone());
        assert_eq!(at_once.iter().map(|pair| pair.n).sum::<u32>(), 200);
        for size in [1, 3, 50] {
            let mut shared = Vec::new();
            for some in all.chunks(size) {
                shared = with(&shared, &mut some.to_vec());
            }
            assert_eq!(shared, at_once, "{size} at a time");
        }
    }
}
