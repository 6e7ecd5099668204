//! Strategies by rule: what helped.
//!
//! Two things count as help. Something that low moments were followed by together with a good one, more
//! often than low moments without it were; and an outcome that a trouble came to within a week, about the
//! same tag. Both say what came after what, and no more: what helped is for the person to judge.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    chance,
    found::{self, Found},
    lived::Lived,
    patterns::{Feature, newest},
    say::{self, Voice},
};
use crate::{
    api::insights::{InsightKind, SampleSizes},
    mind::builtin,
};

const HOUR_MS: i64 = 3_600_000;
/// How soon after a low moment something can have helped.
const SOON_MS: i64 = 36 * HOUR_MS;
/// How long a trouble may take to be solved.
const SOLVED_MS: i64 = 7 * 24 * HOUR_MS;
/// How much better it must be than the trouble.
const BETTER: f64 = 0.4;
/// Times that something must have helped.
const FEWEST: u32 = 2;
/// The share of times that it must have helped.
const LEAST_SHARE: f64 = 0.5;
/// Strategies of each of the two sorts in one reflection.
const MOST: usize = 3;
/// Types of moments that are something one can do.
const DOING: &[&str] = &[
    "conversation",
    "meeting",
    "creative",
    "travel",
    "meal",
    "exercise",
    "reading",
    "rest",
    "family",
    "celebration",
];

/// The strategies of `base`, which is in order of time, that a moment of `window` shows; the surest first.
pub(crate) fn find(base: &[Lived], window: &BTreeSet<i64>) -> Vec<Found> {
    let mut all = helped(base, window);
    all.extend(solved(base, window));
    all
}

/// What came after each low moment in which something was done.
#[derive(Default)]
struct Help<'a> {
    n_tried: u32,
    pairs: Vec<(&'a Lived, &'a Lived)>,
}

fn helped(base: &[Lived], window: &BTreeSet<i64>) -> Vec<Found> {
    let mut tried: BTreeMap<String, (Feature, Help<'_>)> = BTreeMap::new();
    let (mut n_low, mut n_lifted) = (0, 0);
    for (at, low) in base.iter().enumerate().filter(|(_, moment)| moment.is_low()) {
        let after = soon_after(&base[at + 1..], low, SOON_MS);
        n_low += 1;
        n_lifted += u32::from(after.clone().any(Lived::is_good));
        let mut done: BTreeMap<String, (Feature, Option<&Lived>)> = BTreeMap::new();
        for moment in after {
            for feature in doing(moment) {
                let entry = done.entry(feature.about()).or_insert((feature, None));
                if entry.1.is_none() && moment.is_good() {
                    entry.1 = Some(moment);
                }
            }
        }
        for (about, (feature, good)) in done {
            let entry = tried.entry(about).or_insert_with(|| (feature, Help::default()));
            entry.1.n_tried += 1;
            entry.1.pairs.extend(good.map(|good| (low, good)));
        }
    }
    let mut strategies: Vec<(f64, Found)> = tried
        .into_values()
        .filter_map(|(feature, help)| told(&feature, &help, (n_low, n_lifted), window))
        .map(|found| (found.confidence, found))
        .collect();
    strategies.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.key.cmp(&b.1.key)));
    let mut kept: Vec<Found> = Vec::new();
    for (_, found) in strategies {
        // What was done together helped once: the surest of it is named.
        if kept.len() < MOST && !kept.iter().any(|known| known.moment_ids == found.moment_ids) {
            kept.push(found);
        }
    }
    kept
}

fn told(
    feature: &Feature,
    help: &Help<'_>,
    (n_low, n_lifted): (u32, u32),
    window: &BTreeSet<i64>,
) -> Option<Found> {
    let n_helped = u32::try_from(help.pairs.len()).unwrap_or(u32::MAX);
    let sample = SampleSizes {
        n_with: help.n_tried,
        n_with_mood: n_helped,
        n_without: n_low - help.n_tried,
        n_without_mood: n_lifted.saturating_sub(n_helped).min(n_low - help.n_tried),
        p_value: (chance::fisher(n_low, n_lifted.max(n_helped), help.n_tried, n_helped) * 1e6)
            .round()
            / 1e6,
    };
    let with = f64::from(n_helped) / f64::from(help.n_tried);
    let without = f64::from(sample.n_without_mood) / f64::from(sample.n_without.max(1));
    let is_seen = help.pairs.iter().any(|(_, good)| window.contains(&good.id));
    if n_helped < FEWEST || with < LEAST_SHARE || with <= without || !is_seen {
        return None;
    }
    let moments = help.pairs.iter().flat_map(|(low, good)| [*low, *good]);
    let language = say::language(moments.clone());
    let mut ids: Vec<&Lived> = moments.collect();
    ids.sort_by_key(|moment| (moment.starts_at, moment.id));
    Some(Found {
        kind: InsightKind::Strategy,
        key: found::key(InsightKind::Strategy, &feature.about()),
        statement: Voice::of(&language).helped(feature, &sample),
        language,
        tags: feature.tags(),
        moment_ids: newest(ids.iter().map(|moment| moment.id)),
        confidence: chance::share(n_helped, help.n_tried),
        sample: Some(sample),
        mind: builtin::NAME.into(),
    })
}

fn doing(moment: &Lived) -> Vec<Feature> {
    let mut all: Vec<Feature> = moment.tags.iter().cloned().map(Feature::Tag).collect();
    if DOING.contains(&moment.moment_type.as_str()) {
        all.push(Feature::Type(moment.moment_type.clone()));
    }
    all
}

fn solved(base: &[Lived], window: &BTreeSet<i64>) -> Vec<Found> {
    let mut by_tag: BTreeMap<&str, Help<'_>> = BTreeMap::new();
    for (at, low) in base.iter().enumerate().filter(|(_, moment)| moment.is_low()) {
        for tag in &low.tags {
            let entry = by_tag.entry(tag).or_default();
            entry.n_tried += 1;
            let is_solved = |moment: &&Lived| {
                moment.tags.contains(tag)
                    && !moment.outcome.is_empty()
                    && moment.valence >= low.valence + BETTER
                    && !moment.is_low()
            };
            entry.pairs.extend(
                soon_after(&base[at + 1..], low, SOLVED_MS).find(is_solved).map(|good| (low, good)),
            );
        }
    }
    let mut found = Vec::new();
    let mut taken = BTreeSet::new();
    // The newest first; the same two moments are told once, whatever tags they share.
    let mut all: Vec<_> = by_tag
        .into_iter()
        .filter_map(|(tag, help)| Some((tag, help.n_tried, *help.pairs.last()?, help.pairs)))
        .filter(|(_, _, (_, good), _)| window.contains(&good.id))
        .collect();
    all.sort_by(|a, b| b.2.1.starts_at.cmp(&a.2.1.starts_at).then(a.0.cmp(b.0)));
    for (tag, n, (low, good), pairs) in all {
        if found.len() == MOST || !taken.insert((low.id, good.id)) {
            continue;
        }
        let language = say::language([low, good]);
        let n_solved = u32::try_from(pairs.len()).unwrap_or(u32::MAX);
        found.push(Found {
            kind: InsightKind::Strategy,
            key: found::key(InsightKind::Strategy, &format!("solved {tag}")),
            statement: Voice::of(&language).solved(tag, &low.title, &good.outcome),
            language,
            tags: vec![tag.to_owned()],
            moment_ids: vec![good.id, low.id],
            confidence: chance::share(n_solved, n),
            sample: None,
            mind: builtin::NAME.into(),
        });
    }
    found
}

fn soon_after<'a>(
    later: &'a [Lived],
    low: &Lived,
    within: i64,
) -> impl Iterator<Item = &'a Lived> + Clone {
    let (from, until) = (low.starts_at, low.starts_at + within);
    later
        .iter()
        .take_while(move |moment| moment.starts_at <= until)
        .filter(move |moment| moment.starts_at > from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::lived::tests::felt;

    /// A low moment on the first of two days; on the second `what`, which is good or not.
    fn two_days(id: i64, first: u32, what: &str, valence: f64) -> [Lived; 2] {
        let day = |day| format!("2026-10-{day:02}");
        [felt(id, &day(first), &["invoice"], -0.6), felt(id + 1, &day(first + 1), &[what], valence)]
    }

    #[test]
    fn what_low_moments_were_followed_by_together_with_a_good_one_helped() {
        let base = [
            two_days(1, 1, "swim", 0.6),
            two_days(3, 4, "television", 0.0),
            two_days(5, 7, "swim", 0.7),
            two_days(7, 10, "swim", 0.0),
            two_days(9, 13, "television", 0.0),
        ]
        .concat();
        let found = find(&base, &BTreeSet::from([6]));
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(
            found[0].statement,
            "After a low moment, “swim” helped: a good one followed 2 of 3 times, without it 0 of 2."
        );
        assert_eq!(found[0].moment_ids, [6, 5, 2, 1]);
        assert!(find(&base, &BTreeSet::from([10])).is_empty(), "not in this window");
    }

    #[test]
    fn what_was_done_together_helped_once() {
        let mut base = [two_days(1, 1, "swim", 0.6), two_days(3, 4, "swim", 0.7)].concat();
        base.extend(two_days(5, 7, "soup", 0.0));
        for moment in base.iter_mut().filter(|moment| moment.tags == ["swim"]) {
            moment.tags.push("towel".into());
        }
        let found = find(&base, &BTreeSet::from([4]));
        assert_eq!(found.len(), 1, "{found:#?}");
    }

    #[test]
    fn once_is_no_strategy() {
        let base = [two_days(1, 1, "swim", 0.6), two_days(3, 4, "soup", 0.0)].concat();
        assert!(find(&base, &BTreeSet::from([2])).is_empty());
    }

    #[test]
    fn the_outcome_of_a_trouble_is_remembered() {
        let low =
            Lived { title: "The reed broke".into(), ..felt(1, "2026-10-01", &["reed"], -0.6) };
        let good = Lived {
            outcome: "Glued it with bone glue, and it holds.".into(),
            ..felt(2, "2026-10-04", &["reed"], 0.5)
        };
        let base = [low, good];
        let found = find(&base, &BTreeSet::from([2]));
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(
            found[0].statement,
            "When “reed” was hard (“The reed broke”), this got it further: \
             “Glued it with bone glue, and it holds”."
        );
        assert_eq!(found[0].moment_ids, [2, 1]);
    }

    #[test]
    fn what_comes_too_late_or_says_nothing_solved_nothing() {
        let low = felt(1, "2026-10-01", &["reed"], -0.6);
        let late = Lived { outcome: "It holds.".into(), ..felt(2, "2026-10-12", &["reed"], 0.5) };
        let mute = felt(2, "2026-10-02", &["reed"], 0.5);
        for good in [late, mute] {
            assert!(find(&[low.clone(), good], &BTreeSet::from([2])).is_empty());
        }
    }
}
