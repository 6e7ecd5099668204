//! Finds what is there again in what should be, so that things keep their numbers.

use std::collections::{BTreeMap, BTreeSet};

/// What speaks for a new thing being an old one; the greater, the more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Likeness {
    /// The person said that it is.
    pub(super) is_said: bool,
    /// The person did not part the new one from it.
    pub(super) is_not_apart: bool,
    /// Moments of the members that both have.
    pub(super) overlap: u64,
    /// The new one has the member that the old one is named by.
    pub(super) has_name: bool,
}

/// The old one that each new one is. The likest pair is matched first, then the likest of those that are
/// left; of equals the one with the smaller old number, then the earlier place.
pub(super) fn best(n_new: usize, pairs: &BTreeMap<(usize, i64), Likeness>) -> Vec<Option<i64>> {
    let mut ranked: Vec<(Likeness, i64, usize)> =
        pairs.iter().map(|((new, old), likeness)| (*likeness, *old, *new)).collect();
    ranked.sort_unstable_by(|a, b| b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let mut matched = vec![None; n_new];
    let mut taken = BTreeSet::new();
    for (_, old, new) in ranked {
        if matched[new].is_none() && taken.insert(old) {
            matched[new] = Some(old);
        }
    }
    matched
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(overlap: u64) -> Likeness {
        Likeness { overlap, is_not_apart: true, ..Likeness::default() }
    }

    #[test]
    fn the_greater_part_keeps_the_number() {
        let pairs = [((0, 7), by(2)), ((1, 7), by(5)), ((1, 9), by(4))].into();
        assert_eq!(best(2, &pairs), [None, Some(7)]);
    }

    #[test]
    fn who_loses_the_first_choice_gets_the_second() {
        let pairs = [((0, 7), by(5)), ((1, 7), by(4)), ((1, 9), by(1))].into();
        assert_eq!(best(3, &pairs), [Some(7), Some(9), None]);
    }

    #[test]
    fn the_persons_word_counts_more_than_any_number() {
        let said = Likeness { is_said: true, ..by(1) };
        let parted = Likeness { is_not_apart: false, ..by(50) };
        assert_eq!(best(1, &[((0, 7), by(90)), ((0, 9), said)].into()), [Some(9)]);
        assert_eq!(best(2, &[((0, 7), parted), ((1, 7), by(3))].into()), [None, Some(7)]);
    }
}
