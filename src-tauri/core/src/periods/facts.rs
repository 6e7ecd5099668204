//! What is reckoned of a week, a month or a year: from its moments, by rule, never guessed.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::{
    hours::{self, Hours},
    span::Span,
    story::{mood_of, weight},
};
use crate::{
    Result,
    api::{
        moments::MomentCard,
        periods::{BestDay, NameCount, PeriodKind},
    },
    moments,
    text::words,
};

/// People, and topics, that are kept.
const MOST_NAMES: usize = 20;

/// The moments of a period.
#[derive(Debug, Default)]
pub(crate) struct Material {
    /// Those that are not hidden, day by day, in order of time.
    pub(crate) moments: Vec<MomentCard>,
    /// Records that they rest on.
    pub(crate) n_records: u32,
    /// The code of the language of most of them; empty where nobody can say.
    pub(crate) language: String,
}

impl Material {
    /// Reads the moments of a period.
    pub(crate) fn read(reader: &Connection, span: &Span) -> Result<Self> {
        let (from, until) = span.days();
        let n_records = reader
            .prepare_cached(
                "SELECT count(DISTINCT e.record_id) FROM moments m JOIN evidence e ON e.moment_id = m.id
                 WHERE m.day BETWEEN ?1 AND ?2 AND m.is_hidden = 0",
            )?
            .query_row([&from, &until], |row| row.get(0))?;
        let mut find = reader.prepare_cached(
            "SELECT language FROM moments
             WHERE day BETWEEN ?1 AND ?2 AND is_hidden = 0 AND language NOT IN ('', 'und')
             GROUP BY language ORDER BY sum(length(summary)) DESC, language LIMIT 1",
        )?;
        let language: Option<String> =
            find.query_map(params![from, until], |row| row.get(0))?.next().transpose()?;
        Ok(Self {
            moments: moments::cards_between(reader, &from, &until)?,
            n_records,
            language: language.unwrap_or_default(),
        })
    }
}

/// What is reckoned of a period.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Facts {
    pub(super) n_days: u32,
    pub(super) n_moments: u32,
    pub(super) n_records: u32,
    pub(super) language: String,
    pub(super) valence: Option<f32>,
    pub(super) arousal: Option<f32>,
    pub(super) hours: Hours,
    pub(super) n_outcomes: u32,
    /// The moments with the weightiest outcomes, in order of time.
    pub(super) outcomes: Vec<i64>,
    pub(super) people: Vec<NameCount>,
    pub(super) topics: Vec<NameCount>,
    pub(super) best_day: Option<BestDay>,
}

impl Facts {
    /// Reckons.
    pub(crate) fn of(kind: PeriodKind, material: &Material) -> Self {
        let moments = &material.moments;
        let days: BTreeSet<&str> = moments.iter().map(|moment| moment.day.as_str()).collect();
        let (valence, arousal) = mood_of(moments).unzip();
        let ended = moments.iter().filter(|moment| has_outcome(moment)).count();
        Self {
            n_days: count(days.len()),
            n_moments: count(moments.len()),
            n_records: material.n_records,
            language: material.language.clone(),
            valence,
            arousal,
            hours: hours::of(moments),
            n_outcomes: count(ended),
            outcomes: outcomes(kind, moments).into_iter().map(|moment| moment.id).collect(),
            people: counted(moments, |moment| &moment.people),
            topics: counted(moments, |moment| &moment.tags),
            best_day: best_day(moments),
        }
    }

    /// Whether there is too little for more than the moments' own words.
    pub(crate) fn is_thin(&self, kind: PeriodKind) -> bool {
        is_thin(kind, self.n_days, self.n_moments)
    }

    /// The names of its people.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.people.iter().map(|person| person.name.as_str())
    }
}

/// Whether so many days and moments are too little to tell a period from: one day says nothing of a week
/// that it does not say itself, and two say nothing of a month.
pub(crate) fn is_thin(kind: PeriodKind, n_days: u32, n_moments: u32) -> bool {
    match kind {
        PeriodKind::Week => n_days < 2 || n_moments < 3,
        PeriodKind::Month | PeriodKind::Year => n_days < 3,
    }
}

fn has_outcome(moment: &MomentCard) -> bool {
    !moment.outcome.trim().is_empty()
}

/// The moments with the weightiest outcomes, each outcome once, in order of time.
pub(crate) fn outcomes(kind: PeriodKind, moments: &[MomentCard]) -> Vec<&MomentCard> {
    let most = match kind {
        PeriodKind::Week => 7,
        PeriodKind::Month => 10,
        PeriodKind::Year => 12,
    };
    let mut ranked: Vec<(usize, f32)> = moments
        .iter()
        .enumerate()
        .filter(|(_, moment)| has_outcome(moment))
        .map(|(at, moment)| (at, weight(moment)))
        .collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut told = BTreeSet::new();
    ranked.retain(|(at, _)| told.insert(words::fold(moments[*at].outcome.trim()).into_owned()));
    ranked.truncate(most);
    let mut chosen: Vec<usize> = ranked.into_iter().map(|(at, _)| at).collect();
    chosen.sort_unstable();
    chosen.into_iter().map(|at| &moments[at]).collect()
}

/// Names with the number of moments that have them, the most frequent first.
fn counted(moments: &[MomentCard], of: impl Fn(&MomentCard) -> &Vec<String>) -> Vec<NameCount> {
    let mut found: BTreeMap<&str, u32> = BTreeMap::new();
    for moment in moments {
        let names: BTreeSet<&str> = of(moment).iter().map(String::as_str).collect();
        for name in names {
            *found.entry(name).or_default() += 1;
        }
    }
    let mut counted: Vec<NameCount> = found
        .into_iter()
        .map(|(name, n_moments)| NameCount { name: name.to_owned(), n_moments })
        .collect();
    counted.sort_by(|a, b| b.n_moments.cmp(&a.n_moments).then_with(|| a.name.cmp(&b.name)));
    counted.truncate(MOST_NAMES);
    counted
}

/// The day with the most outcomes; of equals the one with the most minutes, then the first.
fn best_day(moments: &[MomentCard]) -> Option<BestDay> {
    let mut best: Option<BestDay> = None;
    for moments in moments.chunk_by(|a, b| a.day == b.day) {
        let n_outcomes = count(moments.iter().filter(|moment| has_outcome(moment)).count());
        if n_outcomes == 0 {
            continue;
        }
        let hours = hours::of(moments);
        let minutes = hours.minutes + hours.approximate_minutes;
        let is_better = best
            .as_ref()
            .is_none_or(|best| (n_outcomes, minutes) > (best.n_outcomes, best.minutes));
        if is_better {
            best = Some(BestDay { day: moments[0].day.clone(), n_outcomes, minutes });
        }
    }
    best
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::Precision, periods::testing::card};

    fn ended(id: i64, day: &str, outcome: &str) -> MomentCard {
        MomentCard { day: day.into(), outcome: outcome.into(), ..card(id, "I glued a reed.") }
    }

    fn of(moments: Vec<MomentCard>) -> Facts {
        Facts::of(PeriodKind::Week, &Material { moments, ..Material::default() })
    }

    #[test]
    fn the_most_productive_day_is_that_of_the_most_outcomes_then_of_the_most_minutes() {
        let long = |id, day: &str, minutes: i64| {
            let moment = ended(id, day, "It holds.");
            let ends_at = moment.starts_at + minutes * 60_000;
            MomentCard { ends_at, precision: Precision::Exact, ..moment }
        };
        let best = |moments| of(moments).best_day.map(|best| (best.day, best.n_outcomes));
        let (monday, tuesday) = ("2026-10-12".to_owned(), "2026-10-13".to_owned());
        let two = vec![long(1, &monday, 300), long(2, &tuesday, 5), long(3, &tuesday, 5)];
        assert_eq!(best(two), Some((tuesday.clone(), 2)));
        let longer = vec![long(1, &monday, 5), long(2, &tuesday, 10)];
        assert_eq!(best(longer), Some((tuesday.clone(), 1)));
        let equal = vec![long(1, &monday, 5), long(2, &tuesday, 5)];
        assert_eq!(best(equal), Some((monday, 1)));
        assert_eq!(best(vec![card(1, "Nothing came of it.")]), None);
    }

    #[test]
    fn an_outcome_is_told_once_and_the_weightiest_are_told_in_order_of_time() {
        let mut moments: Vec<MomentCard> =
            (0..9).map(|n| ended(n, "2026-10-12", &format!("Reed {n} holds."))).collect();
        moments[8].outcome = "reed 7 HOLDS.".into();
        moments[7].is_pinned = true;
        let facts = of(moments);
        assert_eq!(facts.outcomes, [0, 1, 2, 3, 4, 5, 7]);
        assert_eq!(facts.n_outcomes, 9);
    }

    #[test]
    fn a_name_counts_once_in_a_moment_and_the_most_frequent_comes_first() {
        let with = |id, people: &[&str]| MomentCard {
            people: people.iter().map(|name| (*name).to_owned()).collect(),
            ..card(id, "We met.")
        };
        let facts = of(vec![with(1, &["Tomas", "Ilse", "Ilse"]), with(2, &["Ilse"])]);
        let people: Vec<_> = facts.people.iter().map(|p| (p.name.as_str(), p.n_moments)).collect();
        assert_eq!(people, [("Ilse", 2), ("Tomas", 1)]);
    }

    #[test]
    fn one_day_is_too_little_for_a_week_and_two_are_for_a_month() {
        assert!(is_thin(PeriodKind::Week, 1, 20));
        assert!(is_thin(PeriodKind::Week, 2, 2));
        assert!(!is_thin(PeriodKind::Week, 2, 3));
        assert!(is_thin(PeriodKind::Month, 2, 20));
        assert!(!is_thin(PeriodKind::Year, 3, 3));
    }
}
