//! Themes by rule: tags that the person keeps coming back to.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    chance,
    found::{self, Found},
    lived::Lived,
    patterns::newest,
    say::{self, Voice},
};
use crate::{api::insights::InsightKind, mind::builtin};

/// Days that are looked at, the last one included.
pub(crate) const DAYS: u64 = 14;
/// Moments that a theme needs.
const FEWEST: usize = 3;
/// Days on which they lie.
const FEWEST_DAYS: usize = 2;
/// Themes of one reflection.
const MOST: usize = 5;

/// The themes of the last two weeks that one of the sampled moments has, the most frequent first.
pub(crate) fn find(fortnight: &[Lived], samples: &BTreeSet<i64>) -> Vec<Found> {
    let written: BTreeSet<&str> = fortnight.iter().map(|moment| moment.day.as_str()).collect();
    let mut having: BTreeMap<&str, Vec<&Lived>> = BTreeMap::new();
    for moment in fortnight {
        for tag in &moment.tags {
            having.entry(tag).or_default().push(moment);
        }
    }
    let days = |moments: &[&Lived]| {
        moments.iter().map(|moment| moment.day.as_str()).collect::<BTreeSet<_>>().len()
    };
    let mut themes: Vec<(&str, Vec<&Lived>)> = having
        .into_iter()
        .filter(|(_, moments)| moments.len() >= FEWEST && days(moments) >= FEWEST_DAYS)
        .filter(|(_, moments)| moments.iter().any(|moment| samples.contains(&moment.id)))
        .collect();
    themes.sort_by(|a, b| b.1.len().cmp(&a.1.len()).then(a.0.cmp(b.0)));
    let mut kept: Vec<(&str, Vec<&Lived>)> = Vec::new();
    for theme in themes {
        // Two tags of the same moments are one theme.
        let ids = |moments: &[&Lived]| moments.iter().map(|moment| moment.id).collect::<Vec<_>>();
        if !kept.iter().any(|known| ids(&known.1) == ids(&theme.1)) {
            kept.push(theme);
        }
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    kept.into_iter()
        .take(MOST)
        .map(|(tag, moments)| {
            let language = say::language(moments.iter().copied());
            let n_days = days(&moments);
            Found {
                kind: InsightKind::Theme,
                key: found::key(InsightKind::Theme, tag),
                statement: Voice::of(&language).theme(tag, moments.len(), n_days),
                language,
                tags: vec![tag.to_owned()],
                moment_ids: newest(moments.iter().map(|moment| moment.id)),
                confidence: chance::share(count(n_days), count(written.len())),
                sample: None,
                mind: builtin::NAME.into(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::lived::tests::felt;

    #[test]
    fn what_comes_back_on_several_days_is_a_theme() {
        let all = [
            felt(1, "2026-10-01", &["reed", "yard"], 0.0),
            felt(2, "2026-10-02", &["reed"], 0.0),
            felt(3, "2026-10-02", &["yard", "soup"], 0.0),
            felt(4, "2026-10-04", &["reed"], 0.0),
        ];
        let found = find(&all, &BTreeSet::from([4]));
        let said: Vec<&str> = found.iter().map(|found| found.statement.as_str()).collect();
        assert_eq!(said, ["“reed” keeps coming back: 3 moments on 3 days of the last two weeks."]);
        assert_eq!(found[0].moment_ids, [4, 2, 1]);
        assert!(find(&all, &BTreeSet::from([3])).is_empty(), "none of the sample speaks of it");
    }

    #[test]
    fn what_fills_one_day_alone_is_none() {
        let all = [1, 2, 3].map(|id| felt(id, "2026-10-02", &["reed"], 0.0));
        assert!(find(&all, &BTreeSet::from([1])).is_empty());
    }
}
