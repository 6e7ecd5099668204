//! Patterns by rule: what goes with a good or a low mood more often than chance would have it, measured
//! against the person's own last eight weeks.
//!
//! For every tag, person, type of moment, part of the day and weekday that at least [`FEWEST`] moments
//! have in which something was felt, the share of good (or low) ones is compared with the share among
//! all the other moments by Fisher's exact test, one-sided. So many comparisons find something by chance
//! alone; Benjamini and Hochberg's procedure keeps the share of such finds at or below [`RATE`]. A pattern
//! also needs three days: one bad evening written up in five notes is no pattern.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Weekday};

use super::{
    chance,
    found::{self, Found},
    lived::Lived,
    say::{self, Voice},
};
use crate::{
    api::insights::{InsightKind, SampleSizes},
    clock::Precision,
    mind::builtin,
};

/// Moments that a thing must have at least.
const FEWEST: u32 = 5;
/// Of these, with the mood, and on so many days.
const FEWEST_HITS: u32 = 3;
/// The share of patterns that may be chance.
const RATE: f64 = 0.1;
/// The mood must come so many times as often with the thing as without it.
const LEAST_LIFT: f64 = 1.5;
/// Of this share of their moments two patterns are the same one.
const SAME: f64 = 0.8;
/// Patterns of one reflection.
const MOST: usize = 5;
/// Moments that are kept as evidence.
pub(super) const MOST_EVIDENCE: usize = 24;

/// Something that moments have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Feature {
    Tag(String),
    Person(String),
    Type(String),
    /// Quarters of a day from midnight on.
    Hour(u8),
    Weekday(Weekday),
}

impl Feature {
    /// What a thing with this feature is about, for its key and for sorting.
    pub(super) fn about(&self) -> String {
        match self {
            // As a model's pattern about the same tag.
            Self::Tag(tag) => tag.clone(),
            Self::Person(name) => format!("person {name}"),
            Self::Type(kind) => format!("type {kind}"),
            Self::Hour(band) => format!("hour {band}"),
            Self::Weekday(day) => format!("weekday {day}"),
        }
    }

    pub(super) fn tags(&self) -> Vec<String> {
        match self {
            Self::Tag(tag) => vec![tag.clone()],
            _ => Vec::new(),
        }
    }

    /// What a moment has.
    fn of(moment: &Lived) -> Vec<Self> {
        let mut all: Vec<Self> = moment.tags.iter().cloned().map(Self::Tag).collect();
        let mut people = moment.people.clone();
        people.sort();
        people.dedup();
        all.extend(people.into_iter().map(Self::Person));
        all.push(Self::Type(moment.moment_type.clone()));
        let local = moment.starts_at + i64::from(moment.offset_minutes) * 60_000;
        if moment.precision >= Precision::Hour
            && let Some(time) = DateTime::from_timestamp_millis(local)
        {
            all.push(Self::Hour(u8::try_from(time.hour() / 6).unwrap_or_default()));
        }
        if let Ok(day) = moment.day.parse::<NaiveDate>() {
            all.push(Self::Weekday(day.weekday()));
        }
        all
    }
}

/// A comparison.
struct Tried<'a> {
    feature: Feature,
    is_good: bool,
    hits: Vec<&'a Lived>,
    sample: SampleSizes,
}

/// The patterns of `base` that a moment of `window` shows, which is a part of it, the surest first.
pub(crate) fn find(base: &[Lived], window: &BTreeSet<i64>) -> Vec<Found> {
    let felt: Vec<&Lived> = base.iter().filter(|moment| moment.is_felt()).collect();
    let mut having: BTreeMap<String, (Feature, Vec<&Lived>)> = BTreeMap::new();
    for moment in &felt {
        for feature in Feature::of(moment) {
            let entry = having.entry(feature.about()).or_insert_with(|| (feature, Vec::new()));
            entry.1.push(moment);
        }
    }
    let mut tried = Vec::new();
    for (feature, having) in having.into_values() {
        for is_good in [true, false] {
            tried.extend(compare(&feature, is_good, &having, &felt));
        }
    }
    let probabilities: Vec<f64> = tried.iter().map(|tried| tried.sample.p_value).collect();
    let most = chance::threshold(&probabilities, RATE);
    tried.retain(|tried| is_pattern(tried, most, window));
    tried.sort_by(|a, b| {
        let by_chance = a.sample.p_value.total_cmp(&b.sample.p_value);
        by_chance.then_with(|| a.feature.about().cmp(&b.feature.about()))
    });
    told_once(tried).iter().take(MOST).map(told).collect()
}

/// Things that come with each other make one pattern: that of the first.
fn told_once(surest_first: Vec<Tried<'_>>) -> Vec<Tried<'_>> {
    let mut kept: Vec<Tried<'_>> = Vec::new();
    for one in surest_first {
        let ids: BTreeSet<i64> = one.hits.iter().map(|moment| moment.id).collect();
        let is_same = |other: &Tried<'_>| {
            let shared = other.hits.iter().filter(|moment| ids.contains(&moment.id)).count();
            let either = ids.len() + other.hits.len() - shared;
            other.is_good == one.is_good && shared as f64 >= SAME * either as f64
        };
        if !kept.iter().any(is_same) {
            kept.push(one);
        }
    }
    kept
}

fn compare<'a>(
    feature: &Feature,
    is_good: bool,
    having: &[&'a Lived],
    felt: &[&Lived],
) -> Option<Tried<'a>> {
    let has_mood = |moment: &Lived| if is_good { moment.is_good() } else { moment.is_low() };
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (n_with, n_all) = (count(having.len()), count(felt.len()));
    // What everything has goes with nothing.
    if n_with < FEWEST || n_with == n_all {
        return None;
    }
    let hits: Vec<&Lived> = having.iter().copied().filter(|moment| has_mood(moment)).collect();
    let n_hits = count(hits.len());
    let n_mood = count(felt.iter().filter(|moment| has_mood(moment)).count());
    let p_value = chance::fisher(n_all, n_mood, n_with, n_hits);
    let sample = SampleSizes {
        n_with,
        n_with_mood: n_hits,
        n_without: n_all - n_with,
        n_without_mood: n_mood - n_hits,
        p_value: (p_value * 1e6).round() / 1e6,
    };
    Some(Tried { feature: feature.clone(), is_good, hits, sample })
}

fn is_pattern(tried: &Tried<'_>, most: f64, window: &BTreeSet<i64>) -> bool {
    let n = &tried.sample;
    let days: BTreeSet<&str> = tried.hits.iter().map(|moment| moment.day.as_str()).collect();
    let with = f64::from(n.n_with_mood) / f64::from(n.n_with);
    let without = f64::from(n.n_without_mood) / f64::from(n.n_without.max(1));
    n.p_value <= most
        && n.n_with_mood >= FEWEST_HITS
        && days.len() >= FEWEST_HITS as usize
        && with >= LEAST_LIFT * without
        && tried.hits.iter().any(|moment| window.contains(&moment.id))
}

fn told(tried: &Tried<'_>) -> Found {
    let language = say::language(tried.hits.iter().copied());
    let statement = Voice::of(&language).pattern(&tried.feature, tried.is_good, &tried.sample);
    let mood = if tried.is_good { "good" } else { "low" };
    let about = format!("{} {mood}", tried.feature.about());
    Found {
        kind: InsightKind::Pattern,
        key: found::key(InsightKind::Pattern, &about),
        statement,
        language,
        tags: tried.feature.tags(),
        moment_ids: newest(tried.hits.iter().map(|moment| moment.id)),
        confidence: chance::share(tried.sample.n_with_mood, tried.sample.n_with),
        sample: Some(tried.sample),
        mind: builtin::NAME.into(),
    }
}

/// Ids that are given in order of time, the newest first, each once.
pub(super) fn newest(ids: impl DoubleEndedIterator<Item = i64>) -> Vec<i64> {
    let mut taken = BTreeSet::new();
    ids.rev().filter(|id| taken.insert(*id)).take(MOST_EVIDENCE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::lived::tests::felt;

    /// Six weeks: two moments a day, one in seven good; by the lake, `n_lake` of eight are good.
    fn weeks(n_lake: usize) -> Vec<Lived> {
        let first: NaiveDate = "2026-09-01".parse().expect("a day");
        let mut all = Vec::new();
        for n in 0..42_i64 {
            let day = (first + chrono::Days::new(n.unsigned_abs())).to_string();
            let mood = |is_good| if is_good { 0.6 } else { 0.0 };
            all.push(felt(2 * n, &day, &["bench"], mood(n % 7 == 0)));
            let lake = usize::try_from(n / 5).unwrap_or_default();
            let tags: &[&str] = if n % 5 == 0 { &["lake"] } else { &["yard"] };
            all.push(felt(2 * n + 1, &day, tags, mood(n % 5 == 0 && lake < n_lake)));
        }
        all
    }

    fn all_of(base: &[Lived]) -> BTreeSet<i64> {
        base.iter().map(|moment| moment.id).collect()
    }

    #[test]
    fn what_goes_with_a_mood_far_more_often_than_otherwise_is_a_pattern_with_its_numbers() {
        let base = weeks(8);
        let found = find(&base, &all_of(&base));
        let lake = found.iter().find(|found| found.tags == ["lake"]).expect("a pattern");
        assert_eq!(
            lake.statement,
            "“lake” and a good mood go together: 8 of 9 moments, otherwise 6 of 75."
        );
        let sample = lake.sample.expect("numbers");
        assert!(sample.p_value < 0.001, "{sample:?}");
        assert_eq!(lake.moment_ids.len(), 8);
        assert!(lake.moment_ids.is_sorted_by(|a, b| a > b), "the newest first");
    }

    #[test]
    fn what_chance_alone_gives_is_none() {
        let base = weeks(1);
        assert!(find(&base, &all_of(&base)).iter().all(|found| found.tags != ["lake"]));
        // Sixty tags with five moments each, moods at random by their numbers.
        let mut noise = Vec::new();
        for n in 0..300_i64 {
            let day = format!("2026-09-{:02}", 1 + n % 28);
            let tag = format!("tag{}", n % 60);
            let valence = if (n * 7919 % 101) < 25 { 0.6 } else { 0.0 };
            noise.push(felt(n, &day, &[&tag], valence));
        }
        noise.sort_by(|a, b| a.day.cmp(&b.day));
        let found = find(&noise, &all_of(&noise));
        assert!(found.iter().all(|found| found.tags.is_empty()), "{found:#?}");
    }

    #[test]
    fn one_evening_in_many_notes_is_no_pattern() {
        let mut base = weeks(0);
        for n in 0..6 {
            base.push(felt(1_000 + n, "2026-10-12", &["quarrel"], -0.7));
        }
        assert!(find(&base, &all_of(&base)).iter().all(|found| found.tags != ["quarrel"]));
    }

    #[test]
    fn a_pattern_that_no_moment_of_the_window_shows_is_not_found_again() {
        let base = weeks(8);
        let window = BTreeSet::from([base[2].id]);
        assert!(find(&base, &window).is_empty());
    }

    #[test]
    fn without_moments_there_are_no_patterns() {
        assert!(find(&[], &BTreeSet::new()).is_empty());
    }
}
