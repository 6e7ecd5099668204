//! How strong a thing still is: a pure function of its life and of time.
//!
//! It is never stepped on from yesterday's value. Whoever asks once after a year gets what they would
//! have got by asking every day, and weeks in which the machine slept change nothing (T4).
//!
//! ```text
//! strength = max(floor, importance · e^−faded)
//! faded    = Σ rate(stretch) · days(stretch)
//! rate     = clamp(base · factor(stretch) / (1 + boost · ln(1 + visits)))
//! ```
//!
//! The stretches are: the days before the last visit, which the visit protects after the fact; the
//! first seven days since it; those up to the thirtieth; all after that. So a visit gives back a part
//! of what was lost and slows what comes, and every further one does less. The names in brackets at
//! the constants are those of the list of capabilities.

use crate::settings::DecaySettings;

/// Share of its weight that a thing loses in a day (B017). The paper says "per second", which would
/// leave nothing after an hour; its limits make sense by the day alone (T3).
pub(crate) const BASE_RATE: f64 = 0.001;
/// No rate is lower, however often a thing is visited (B018).
pub(crate) const LEAST_RATE: f64 = 0.0001;
/// No rate is higher, however long a thing is left alone (B019): 1 % a day, the paper's older fixed rate
/// (B016).
pub(crate) const GREATEST_RATE: f64 = 0.01;
/// Below it nothing fades any further (B012, B027).
pub(crate) const FLOOR: f64 = 0.01;
/// Days after a visit in which a thing is protected (B026).
pub(crate) const PROTECTED_DAYS: f64 = 7.0;
/// Days after a visit from which on a thing fades faster (B025).
pub(crate) const NEGLECTED_DAYS: f64 = 30.0;
/// How much slower a protected thing fades. The papers say "slower"; the number is ours.
const PROTECTED: f64 = 0.5;
/// How much faster a neglected thing fades. The papers say "faster"; the number is ours: with it half
/// is left of a moment to which nobody has returned for a year, and a tenth after three.
const NEGLECTED: f64 = 2.0;

const DAY_MS: f64 = 86_400_000.0;
/// Strengths are kept to a millionth, so that a machine with another `exp` has nothing to correct.
const STEPS: f64 = 1e6;

/// How fast things fade, as the person set it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rates {
    /// Share of its weight that a thing loses in a day.
    pub(crate) base: f64,
    /// No rate is lower.
    pub(crate) least: f64,
    /// No rate is higher.
    pub(crate) greatest: f64,
    /// How much visits slow it down; 0: not at all.
    pub(crate) boost: f64,
    /// Whether visits count at all; otherwise there is one stretch, at the base rate, from the beginning.
    pub(crate) heeds_visits: bool,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            base: BASE_RATE,
            least: LEAST_RATE,
            greatest: GREATEST_RATE,
            boost: 1.0,
            heeds_visits: true,
        }
    }
}

impl From<&DecaySettings> for Rates {
    fn from(set: &DecaySettings) -> Self {
        Self {
            base: set.base_rate,
            least: set.least_rate,
            greatest: set.greatest_rate,
            boost: set.access_boost,
            heeds_visits: true,
        }
    }
}

/// What fading depends on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Life {
    /// What it weighs unfaded, 0 to 1.
    pub(crate) importance: f64,
    /// When it came in, in Unix milliseconds.
    pub(crate) since_at: i64,
    /// When the person last opened it, in Unix milliseconds; before that, when it came in.
    pub(crate) visited_at: i64,
    /// Days on which the person opened it.
    pub(crate) n_visits: u32,
    /// Whether the person pinned it.
    pub(crate) is_pinned: bool,
}

/// How fast a thing fades just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pace {
    /// Not at all.
    Pinned,
    /// It was visited, or came in, within the last seven days.
    Protected,
    /// At the base rate.
    Usual,
    /// Nobody has returned to it for thirty days.
    Neglected,
}

/// How strong it is at an instant, 0 to 1. An instant before its life began counts as its beginning.
pub(crate) fn strength(life: &Life, at: i64, rates: &Rates) -> f64 {
    if life.is_pinned || life.importance <= FLOOR {
        return life.importance;
    }
    let age = days(life.since_at, at);
    let slower = 1.0 + rates.boost * f64::from(life.n_visits).ln_1p();
    let rate = |factor: f64| (rates.base * factor / slower).clamp(rates.least, rates.greatest);
    let faded = if rates.heeds_visits {
        let idle = days(life.visited_at, at).min(age);
        rate(PROTECTED) * (age - idle + idle.min(PROTECTED_DAYS))
            + rate(1.0) * (idle.min(NEGLECTED_DAYS) - PROTECTED_DAYS).max(0.0)
            + rate(NEGLECTED) * (idle - NEGLECTED_DAYS).max(0.0)
    } else {
        rates.base.clamp(rates.least, rates.greatest) * age
    };
    let left = (life.importance * (-faded).exp()).max(FLOOR);
    (left * STEPS).round() / STEPS
}

/// How fast it fades at an instant.
pub(crate) fn pace(life: &Life, at: i64) -> Pace {
    let idle = days(life.visited_at, at);
    if life.is_pinned {
        Pace::Pinned
    } else if idle < PROTECTED_DAYS {
        Pace::Protected
    } else if idle <= NEGLECTED_DAYS {
        Pace::Usual
    } else {
        Pace::Neglected
    }
}

fn days(from: i64, to: i64) -> f64 {
    to.saturating_sub(from).max(0) as f64 / DAY_MS
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const DAY: i64 = 86_400_000;
    const BORN: i64 = 1_790_000_000_000;

    /// A thing of weight 1 that came in on day 0 and was last visited on `visited`, `n_visits` times.
    fn life(visited: i64, n_visits: u32) -> Life {
        Life {
            importance: 1.0,
            since_at: BORN,
            visited_at: BORN + visited * DAY,
            n_visits,
            is_pinned: false,
        }
    }

    fn left(life: &Life, day: i64) -> f64 {
        strength(life, BORN + day * DAY, &Rates::default())
    }

    #[test]
    fn the_settings_begin_as_the_constants() {
        assert_eq!(Rates::from(&DecaySettings::default()), Rates::default());
    }

    #[test]
    fn the_constants_are_those_of_the_papers() {
        let said = [
            ("B017 base rate", BASE_RATE, 0.001),
            ("B018 least rate", LEAST_RATE, 0.0001),
            ("B016 and B019 greatest rate", GREATEST_RATE, 0.01),
            ("B012 and B027 floor", FLOOR, 0.01),
            ("B026 protected days", PROTECTED_DAYS, 7.0),
            ("B025 neglected days", NEGLECTED_DAYS, 30.0),
        ];
        for (id, ours, papers) in said {
            assert!((ours - papers).abs() < f64::EPSILON, "{id}: {ours} is not {papers}");
        }
    }

    #[test]
    fn a_thing_fades_as_the_papers_say() {
        let (never, once, often) = (life(0, 0), life(20, 1), life(20, 50));
        let pinned = Life { is_pinned: true, ..never };
        let small = Life { importance: 0.005, ..never };
        let half = Life { importance: 0.5, ..never };
        // Written out by hand: rate times days, stretch by stretch.
        let ln2 = 1.0 + 2_f64.ln();
        let table = [
            ("T3 nothing is lost in the first second", &never, 0, 1.0),
            ("B026 slower for seven days", &never, 7, (-7.0 * 0.0005_f64).exp()),
            ("B024 the base rate from then on", &never, 8, (-0.0035 - 0.001_f64).exp()),
            ("B024 up to the thirtieth day", &never, 30, (-0.0035 - 0.023_f64).exp()),
            ("B025 faster after it", &never, 31, (-0.0265 - 0.002_f64).exp()),
            ("B025 a year", &never, 365, (-0.0265 - 335.0 * 0.002_f64).exp()),
            ("B027 never below the floor", &never, 100_000, 0.01),
            ("B012 what is below the floor stays", &small, 400, 0.005),
            ("B013 by its weight", &half, 30, 0.5 * (-0.0265_f64).exp()),
            ("B021 visited once", &once, 27, (-27.0 * 0.0005 / ln2).exp()),
            ("B018 visited often", &often, 20, (-20.0 * 0.0005 / (1.0 + 51_f64.ln())).exp()),
            ("pinned", &pinned, 100_000, 1.0),
        ];
        for (what, life, day, wanted) in table {
            let found = left(life, day);
            assert!((found - wanted).abs() < 1e-6, "{what}: {found} is not {wanted}");
        }
    }

    #[test]
    fn where_visits_do_not_count_there_is_one_rate_from_the_beginning() {
        let rates = Rates { base: 0.01, heeds_visits: false, ..Rates::default() };
        for life in [life(0, 0), life(90, 40)] {
            let found = strength(&life, BORN + 100 * DAY, &rates);
            assert!((found - (-1.0_f64).exp()).abs() < 1e-6, "{found}");
        }
        let without_boost = Rates { boost: 0.0, ..Rates::default() };
        let found = strength(&life(0, 50), BORN + 7 * DAY, &without_boost);
        assert!((found - (-0.0035_f64).exp()).abs() < 1e-6, "{found}");
    }

    #[test]
    fn no_number_of_visits_makes_it_slower_than_the_least_rate() {
        let found = left(&life(0, u32::MAX), 7);
        assert!((found - (-7.0 * LEAST_RATE).exp()).abs() < 1e-6, "{found}");
    }

    #[test]
    fn the_pace_follows_the_days_since_the_last_visit() {
        let table = [
            (0, Pace::Protected),
            (6, Pace::Protected),
            (7, Pace::Usual),
            (30, Pace::Usual),
            (31, Pace::Neglected),
        ];
        for (day, wanted) in table {
            assert_eq!(pace(&life(100, 1), BORN + (100 + day) * DAY), wanted, "day {day}");
        }
        assert_eq!(pace(&Life { is_pinned: true, ..life(0, 0) }, BORN + 900 * DAY), Pace::Pinned);
    }

    fn lives() -> impl Strategy<Value = Life> {
        let weights = (0_u32..=1000).prop_map(|n| f64::from(n) / 1000.0);
        (weights, any::<i64>(), any::<i64>(), any::<u32>(), any::<bool>()).prop_map(
            |(importance, a, b, n_visits, is_pinned)| Life {
                importance,
                since_at: a.min(b),
                visited_at: a.max(b),
                n_visits,
                is_pinned,
            },
        )
    }

    proptest! {
        #[test]
        fn a_strength_lies_between_the_floor_and_the_weight(life in lives(), at in any::<i64>()) {
            let found = strength(&life, at, &Rates::default());
            prop_assert!(found <= life.importance && found >= life.importance.min(FLOOR), "{found}");
        }

        #[test]
        fn time_never_strengthens(life in lives(), a in any::<i64>(), b in any::<i64>()) {
            let rates = Rates::default();
            prop_assert!(strength(&life, a.max(b), &rates) <= strength(&life, a.min(b), &rates));
        }

        #[test]
        fn time_never_strengthens_over_a_human_life(
            visited in 0_i64..30_000, n in 0_u32..5_000, from in 0_i64..30_000, more in 0_i64..3_000,
        ) {
            let life = life(visited, n);
            prop_assert!(left(&life, visited + from + more) <= left(&life, visited + from));
        }

        #[test]
        fn a_visit_never_weakens(
            visited in 0_i64..20_000, n in 0_u32..5_000, later in 0_i64..3_000, asked in 0_i64..3_000,
        ) {
            let again = life(visited + later, n + 1);
            let day = visited + later + asked;
            prop_assert!(left(&again, day) >= left(&life(visited, n), day));
        }
    }
}
