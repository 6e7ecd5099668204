//! How long things took: stretches of time laid over each other, so that no minute counts twice. Pure.

use std::collections::BTreeMap;

use crate::{
    api::{moments::MomentCard, periods::KindHours},
    clock::Precision,
};

/// From when to when, in Unix milliseconds.
type Stretch = (i64, i64);

/// How long the moments of a period took.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Hours {
    /// Minutes of all moments, known by the clock.
    pub(crate) minutes: u32,
    /// Minutes beside them whose beginning or end is only known about.
    pub(crate) approximate_minutes: u32,
    /// The same by type of moment, the longest first.
    pub(crate) by_kind: Vec<KindHours>,
}

/// When a moment was, and what kind of thing it is: all that is needed to say how long things took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Took<'m> {
    pub(crate) moment_type: &'m str,
    pub(crate) starts_at: i64,
    pub(crate) ends_at: i64,
    pub(crate) precision: Precision,
}

impl<'m> From<&'m MomentCard> for Took<'m> {
    fn from(moment: &'m MomentCard) -> Self {
        Self {
            moment_type: &moment.moment_type,
            starts_at: moment.starts_at,
            ends_at: moment.ends_at,
            precision: moment.precision,
        }
    }
}

/// The stretches of some moments.
#[derive(Debug, Default)]
struct Stretches {
    exact: Vec<Stretch>,
    all: Vec<Stretch>,
    n_moments: u32,
    n_without_length: u32,
}

impl Stretches {
    fn add(&mut self, moment: Took<'_>) {
        self.n_moments += 1;
        let stretch = (moment.starts_at, moment.ends_at);
        // A time that is only a day, or a guess, orders moments and says nothing of their length.
        if moment.precision < Precision::Hour || stretch.1 <= stretch.0 {
            self.n_without_length += 1;
            return;
        }
        self.all.push(stretch);
        if moment.precision == Precision::Exact {
            self.exact.push(stretch);
        }
    }

    /// Minutes known by the clock, and minutes beside them.
    fn minutes(&self) -> (u32, u32) {
        let exact = covered(&self.exact);
        (in_minutes(exact), in_minutes(covered(&self.all) - exact))
    }
}

/// How long moments took. The length of a moment is the time that passed, also where clocks were changed.
pub(crate) fn of<'m>(moments: impl IntoIterator<Item = impl Into<Took<'m>>>) -> Hours {
    let mut all = Stretches::default();
    let mut kinds: BTreeMap<&str, Stretches> = BTreeMap::new();
    for moment in moments {
        let moment = moment.into();
        all.add(moment);
        kinds.entry(moment.moment_type).or_default().add(moment);
    }
    let (minutes, approximate_minutes) = all.minutes();
    let mut by_kind: Vec<KindHours> = kinds
        .into_iter()
        .map(|(kind, stretches)| {
            let (minutes, approximate_minutes) = stretches.minutes();
            KindHours {
                moment_type: kind.to_owned(),
                n_moments: stretches.n_moments,
                n_without_length: stretches.n_without_length,
                minutes,
                approximate_minutes,
            }
        })
        .collect();
    by_kind.sort_by(|a, b| {
        let length = |kind: &KindHours| kind.minutes + kind.approximate_minutes;
        length(b)
            .cmp(&length(a))
            .then(b.n_moments.cmp(&a.n_moments))
            .then(a.moment_type.cmp(&b.moment_type))
    });
    Hours { minutes, approximate_minutes, by_kind }
}

/// Milliseconds that at least one stretch covers.
fn covered(stretches: &[Stretch]) -> i64 {
    let mut sorted = stretches.to_vec();
    sorted.sort_unstable();
    let mut sum = 0;
    let mut reached = i64::MIN;
    for (from, until) in sorted {
        sum += (until - from.max(reached)).max(0);
        reached = reached.max(until);
    }
    sum
}

/// Half a minute is one.
fn in_minutes(milliseconds: i64) -> u32 {
    u32::try_from((milliseconds + 30_000) / 60_000).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::periods::testing::card;

    const MINUTE: i64 = 60_000;

    fn moment(kind: &str, from: i64, until: i64, precision: Precision) -> MomentCard {
        let (starts_at, ends_at) = (from * MINUTE, until * MINUTE);
        MomentCard { starts_at, ends_at, precision, moment_type: kind.into(), ..card(1, "a day") }
    }

    fn exact(kind: &str, from: i64, until: i64) -> MomentCard {
        moment(kind, from, until, Precision::Exact)
    }

    #[test]
    fn a_minute_of_two_moments_counts_once_in_its_type_and_once_in_all() {
        let moments = [exact("work", 0, 60), exact("work", 30, 90), exact("meeting", 60, 120)];
        let hours = of(&moments);
        assert_eq!(hours.minutes, 120);
        let by_kind: Vec<_> =
            hours.by_kind.iter().map(|kind| (kind.moment_type.as_str(), kind.minutes)).collect();
        assert_eq!(by_kind, [("work", 90), ("meeting", 60)]);
    }

    #[test]
    fn a_moment_within_another_one_adds_nothing() {
        let hours = of(&[exact("work", 0, 120), exact("work", 10, 20), exact("work", 130, 140)]);
        assert_eq!(hours.minutes, 130);
    }

    #[test]
    fn what_is_known_about_counts_apart_and_only_beside_what_is_known_by_the_clock() {
        let about = moment("work", 30, 120, Precision::Hour);
        let hours = of(&[exact("work", 0, 60), about]);
        assert_eq!((hours.minutes, hours.approximate_minutes), (60, 60));
    }

    #[test]
    fn a_moment_of_a_day_or_of_one_instant_has_no_length() {
        let moments = [
            moment("note", 0, 600, Precision::Day),
            moment("note", 0, 600, Precision::Unknown),
            exact("note", 5, 5),
        ];
        let hours = of(&moments);
        assert_eq!((hours.minutes, hours.approximate_minutes), (0, 0));
        assert_eq!((hours.by_kind[0].n_moments, hours.by_kind[0].n_without_length), (3, 3));
    }

    proptest! {
        #[test]
        fn each_covered_minute_counts_once_in_whatever_order_moments_stand(
            mut stretches in prop::collection::vec((0i64..200, 0i64..60), 0..20),
        ) {
            let wanted = (0..260).filter(|minute| {
                stretches.iter().any(|(from, long)| *from <= *minute && *minute < from + long)
            });
            let wanted = wanted.count();
            let minutes = |stretches: &[(i64, i64)]| {
                let moments: Vec<_> =
                    stretches.iter().map(|(from, long)| exact("work", *from, from + long)).collect();
                of(&moments).minutes as usize
            };
            prop_assert_eq!(minutes(&stretches), wanted);
            stretches.reverse();
            prop_assert_eq!(minutes(&stretches), wanted);
        }
    }
}
