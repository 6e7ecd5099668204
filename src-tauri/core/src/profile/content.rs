//! What is counted of the last days: interests, people, rhythms, mood, and what the person was engaged
//! with most.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{
    lines::Line,
    material::{Ever, Material, Seen},
    rhythms::{self, Rhythm},
};
use crate::{
    graph::engaged::{End, Engaged},
    text::{clean, tags::tag_key, words},
};

/// Interests and people of one version.
const MOST_INTERESTS: usize = 12;
const MOST_PEOPLE: usize = 8;
/// Days, or things, from which on a tag is an interest.
const FEWEST_DAYS: usize = 2;
const FEWEST_THINGS: usize = 3;
/// Where no tag is that common, so many are taken all the same.
const FEW: usize = 5;
/// Characters of a name.
const MOST_NAME: usize = 60;
/// Ids of moments and of records that speak for one thing.
const MOST_EVIDENCE: usize = 5;
/// Moments and records that the person is said to be engaged with.
const MOST_MOMENTS: usize = 20;
const MOST_RECORDS: usize = 10;

/// A profile, but for who told it and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Content {
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    /// The code of most of the material's language; empty where nobody can say.
    pub(crate) language: String,
    pub(crate) lines: Vec<Line>,
    pub(crate) interests: Vec<Interest>,
    pub(crate) people: Vec<Person>,
    pub(crate) rhythms: Vec<Rhythm>,
    pub(crate) metadata: Metadata,
}

/// What is kept beside a version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) n_days: u32,
    pub(crate) n_moments: u32,
    pub(crate) n_talks: u32,
    pub(crate) n_papers: u32,
    /// Dreamt days by weekday, Monday first: what the counts of weekdays are to be measured by.
    pub(crate) weekdays: [u32; 7],
    /// Moments in which something was felt, and their mean valence.
    pub(crate) n_felt: u32,
    pub(crate) valence: Option<f32>,
    /// The same of the whole journal.
    pub(crate) n_felt_ever: u32,
    pub(crate) valence_ever: Option<f32>,
}

/// Something the person was busy with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Interest {
    pub(crate) key: String,
    pub(crate) name: String,
    /// The share of the days that had it, in thousandths of 1.
    pub(crate) weight: f32,
    /// That share by the share of all days, in hundredths.
    pub(crate) lift: f32,
    pub(crate) n_days: u32,
    pub(crate) n_things: u32,
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    pub(crate) moments: Vec<i64>,
    pub(crate) records: Vec<i64>,
}

/// Somebody who occurs in the moments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Person {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) n_days: u32,
    pub(crate) n_moments: u32,
    pub(crate) n_felt: u32,
    pub(crate) valence: Option<f32>,
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    pub(crate) moments: Vec<i64>,
}

impl Content {
    /// Counts. The lines are still to be told.
    pub(crate) fn of(material: &Material) -> Self {
        let bounds = material.bounds().unwrap_or_default();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut weekdays = [0; 7];
        for weekday in material.days.iter().filter_map(|day| rhythms::weekday(day)) {
            weekdays[weekday] += 1;
        }
        let felt: Vec<f32> = felt(&material.moments).collect();
        let (n_ever, sum_ever) = material.felt_ever;
        Self {
            first_day: bounds.0.to_owned(),
            last_day: bounds.1.to_owned(),
            language: language(material),
            lines: Vec::new(),
            interests: interests(material),
            people: people(material),
            rhythms: rhythms::of(&material.moments),
            metadata: Metadata {
                n_days: count(material.days.len()),
                n_moments: count(material.moments.len()),
                n_talks: count(material.talks.len()),
                n_papers: count(material.papers.len()),
                weekdays,
                n_felt: count(felt.len()),
                valence: mean(&felt),
                n_felt_ever: n_ever,
                valence_ever: (n_ever > 0).then(|| hundredths(sum_ever / f64::from(n_ever))),
            },
        }
    }
}

/// The valences of moments in which something was felt.
fn felt<'m>(moments: impl IntoIterator<Item = &'m Seen>) -> impl Iterator<Item = f32> {
    moments.into_iter().filter(|moment| !moment.emotions.is_empty()).map(|moment| moment.valence)
}

fn mean(values: &[f32]) -> Option<f32> {
    let sum: f64 = values.iter().copied().map(f64::from).sum();
    (!values.is_empty()).then(|| hundredths(sum / values.len() as f64))
}

fn hundredths(value: f64) -> f32 {
    ((value * 100.0).round() / 100.0) as f32
}

/// The language that most words of the moments and summaries are in; of equals the first by its code.
fn language(material: &Material) -> String {
    let mut letters: BTreeMap<&str, usize> = BTreeMap::new();
    let moments = material.moments.iter().map(|moment| (&moment.language, &moment.summary));
    let talks = material.talks.iter().map(|talk| (&talk.language, &talk.summary));
    for (language, text) in moments.chain(talks).filter(|(language, _)| !language.is_empty()) {
        *letters.entry(language).or_default() += text.chars().count();
    }
    let most = letters.into_iter().rev().max_by_key(|(_, n)| *n);
    most.map_or_else(String::new, |(language, _)| language.to_owned())
}

/// A name as it is shown: one line, visible, not too long.
pub(super) fn plain(name: &str) -> String {
    let line = clean::visible(name).split_whitespace().collect::<Vec<_>>().join(" ");
    clean::cut(&line, MOST_NAME)
}

/// What is found of one interest or person.
#[derive(Default)]
struct Found<'m> {
    /// How it is written, and how often.
    forms: BTreeMap<String, u32>,
    days: BTreeSet<&'m str>,
    moments: Vec<&'m Seen>,
    records: BTreeSet<i64>,
}

impl<'m> Found<'m> {
    fn form(&mut self, form: &str) {
        *self.forms.entry(plain(form)).or_default() += 1;
    }

    /// The commonest way to write it; of equals the first.
    fn name(&self) -> String {
        let most = self.forms.iter().rev().max_by_key(|(_, n)| **n);
        most.map_or_else(String::new, |(form, _)| form.clone())
    }

    fn n_things(&self) -> usize {
        self.moments.len() + self.records.len()
    }

    /// The weightiest moments, the newest of equals first.
    fn evidence(&self) -> Vec<i64> {
        let mut moments: Vec<&&Seen> = self.moments.iter().collect();
        moments.sort_by(|a, b| by_weight(a, b));
        moments.iter().take(MOST_EVIDENCE).map(|moment| moment.id).collect()
    }

    fn bounds(&self, ever: Option<&Ever>) -> (String, String) {
        let own = (self.days.first().copied(), self.days.last().copied());
        let ever = ever.filter(|ever| ever.n_days > 0);
        let first = own.0.into_iter().chain(ever.map(|ever| ever.first_day.as_str())).min();
        let last = own.1.into_iter().chain(ever.map(|ever| ever.last_day.as_str())).max();
        (first.unwrap_or_default().to_owned(), last.unwrap_or_default().to_owned())
    }
}

fn interests(material: &Material) -> Vec<Interest> {
    let mut found: BTreeMap<String, Found<'_>> = BTreeMap::new();
    let names = names(material);
    let of = |tag: &str| -> Option<String> {
        let key = tag_key(tag);
        let is_short = key.chars().count() <= MOST_NAME;
        // "Frau Ahlers" is somebody, and no interest.
        let is_person = names.contains(&key) || names.contains(key.rsplit('-').next()?);
        (is_short && key.chars().any(char::is_alphabetic) && !is_person).then_some(key)
    };
    for moment in &material.moments {
        let mut seen = BTreeSet::new();
        for tag in &moment.tags {
            let Some(key) = of(tag).filter(|key| seen.insert(key.clone())) else {
                continue;
            };
            let one = found.entry(key.clone()).or_default();
            one.form(&key.replace('-', " "));
            one.days.insert(&moment.day);
            one.moments.push(moment);
        }
    }
    let talks = material.talks.iter().map(|talk| (talk.id, talk.day.as_str(), &talk.key_topics));
    let papers = material.papers.iter().map(|paper| (paper.id, paper.day.as_str(), &paper.tags));
    for (id, day, tags) in talks.chain(papers) {
        for tag in tags {
            let Some(key) = of(tag) else { continue };
            let one = found.entry(key).or_default();
            one.form(&tag.trim_start_matches('#').replace(['-', '_', '/'], " "));
            one.days.insert(day);
            one.records.insert(id);
        }
    }
    let n_days = material.days.len().max(1) as f64;
    let n_ever = f64::from(material.n_days_ever.max(1));
    let mut all: Vec<(f64, Interest)> = found
        .into_iter()
        .map(|(key, one)| {
            let ever = material.tags_ever.get(&key);
            let share = one.days.len() as f64 / n_days;
            // What only conversations speak of was never counted before.
            let before = f64::from(ever.map_or(0, |ever| ever.n_days)).max(one.days.len() as f64);
            let lift = share / (before / n_ever);
            let (first_day, last_day) = one.bounds(ever);
            let interest = Interest {
                name: one.name(),
                weight: (share * 1000.0).round() as f32 / 1000.0,
                lift: hundredths(lift),
                n_days: one.days.len() as u32,
                n_things: one.n_things() as u32,
                first_day,
                last_day,
                moments: one.evidence(),
                records: one.records.iter().rev().take(MOST_EVIDENCE).copied().collect(),
                key,
            };
            // What is more common lately than usual comes before what is always there.
            (one.days.len() as f64 * lift.clamp(0.5, 4.0).sqrt(), interest)
        })
        .collect();
    all.sort_by(|(a, one), (b, other)| {
        b.total_cmp(a).then(other.n_things.cmp(&one.n_things)).then_with(|| one.key.cmp(&other.key))
    });
    let is_common = |interest: &Interest| {
        interest.n_days as usize >= FEWEST_DAYS || interest.n_things as usize >= FEWEST_THINGS
    };
    let has_common = all.iter().any(|(_, interest)| is_common(interest));
    let most = if has_common { MOST_INTERESTS } else { FEW };
    all.into_iter()
        .map(|(_, interest)| interest)
        .filter(|interest| !has_common || is_common(interest))
        .take(most)
        .collect()
}

/// The tags that are only names of people, and of the owner.
fn names(material: &Material) -> BTreeSet<String> {
    let people = material.moments.iter().flat_map(|moment| &moment.people);
    let mut keys = BTreeSet::new();
    for name in people.chain(&material.own_names) {
        keys.insert(tag_key(name));
        keys.extend(words::iter(name).map(|word| tag_key(word.text)));
    }
    keys
}

fn people(material: &Material) -> Vec<Person> {
    let own: BTreeSet<String> =
        material.own_names.iter().map(|name| words::fold(name).into_owned()).collect();
    let mut found: BTreeMap<String, Found<'_>> = BTreeMap::new();
    for moment in &material.moments {
        let mut seen = BTreeSet::new();
        for name in &moment.people {
            let key = words::fold(name).into_owned();
            if plain(name).is_empty() || own.contains(&key) || !seen.insert(key.clone()) {
                continue;
            }
            let one = found.entry(key).or_default();
            one.form(name);
            one.days.insert(&moment.day);
            one.moments.push(moment);
        }
    }
    let mut all: Vec<Person> = found
        .into_iter()
        .map(|(key, one)| {
            let felt: Vec<f32> = felt(one.moments.iter().copied()).collect();
            let (first_day, last_day) = one.bounds(material.people_ever.get(&key));
            Person {
                name: one.name(),
                n_days: one.days.len() as u32,
                n_moments: one.moments.len() as u32,
                n_felt: felt.len() as u32,
                valence: mean(&felt),
                first_day,
                last_day,
                moments: one.evidence(),
                key,
            }
        })
        .collect();
    all.sort_by(|a, b| {
        (b.n_days, b.n_moments)
            .cmp(&(a.n_days, a.n_moments))
            .then_with(|| b.last_day.cmp(&a.last_day))
            .then_with(|| a.key.cmp(&b.key))
    });
    all.truncate(MOST_PEOPLE);
    all
}

/// How much a moment is to the person, 0 to 1: what they pinned or worked on, what they felt strongly, what
/// came to an end.
pub(crate) fn weight(moment: &Seen) -> f64 {
    let felt = moment.emotions.iter().map(|felt| f64::from(felt.weight)).fold(0.0, f64::max);
    let is = |is: bool, weight: f64| if is { weight } else { 0.0 };
    let sum = 0.2
        + is(moment.is_pinned, 0.3)
        + is(moment.is_corrected, 0.1)
        + 0.3 * felt.min(1.0)
        + is(!moment.outcome.is_empty(), 0.1);
    (sum.min(1.0) * 1000.0).round() / 1000.0
}

/// The weightiest first; of equals the newest.
pub(crate) fn by_weight(a: &Seen, b: &Seen) -> std::cmp::Ordering {
    weight(b)
        .total_cmp(&weight(a))
        .then_with(|| b.day.cmp(&a.day))
        .then(b.starts_at.cmp(&a.starts_at))
        .then(a.id.cmp(&b.id))
}

/// The moments and records that the person was most engaged with, and why.
pub(crate) fn engaged(material: &Material) -> BTreeMap<End, Engaged> {
    let mut wanted = BTreeMap::new();
    let mut moments: Vec<&Seen> = material.moments.iter().collect();
    moments.sort_by(|a, b| by_weight(a, b));
    for moment in moments.into_iter().take(MOST_MOMENTS) {
        let reasons = [
            (moment.is_pinned, "pinned"),
            (moment.is_corrected, "worked on"),
            (!moment.emotions.is_empty(), "felt"),
            (!moment.outcome.is_empty(), "came to an end"),
        ];
        let reasons: Vec<&str> =
            reasons.into_iter().filter(|(is_so, _)| *is_so).map(|(_, why)| why).collect();
        let why = if reasons.is_empty() { "lately".into() } else { reasons.join(", ") };
        wanted.insert(("moment", moment.id), Engaged { weight: weight(moment), context: why });
    }
    let mut records: BTreeMap<i64, (BTreeSet<&str>, u32)> = BTreeMap::new();
    for moment in &material.moments {
        for whole in &moment.wholes {
            let (days, n) = records.entry(*whole).or_default();
            days.insert(&moment.day);
            *n += 1;
        }
    }
    let mut records: Vec<_> = records.into_iter().collect();
    records.sort_by(|(a, (days, n)), (b, (other_days, m))| {
        (other_days.len(), m, b).cmp(&(days.len(), n, a))
    });
    let n_days = material.days.len().max(1);
    for (id, (days, n)) in records.into_iter().take(MOST_RECORDS) {
        let share = days.len() as f64 / n_days as f64;
        // Half for the days on which it was there, half for what happened in it.
        let weight = 0.5 * share + 0.5 * (1.0 - 1.0 / f64::from(n + 1));
        let context = format!("{n} moments on {} of {n_days} days", days.len());
        let weight = (weight * 1000.0).round() / 1000.0;
        wanted.insert(("record", id), Engaged { weight, context });
    }
    wanted
}
