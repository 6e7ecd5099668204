//! What a moment weighs, before anything fades: a rule, the same for everybody.
//!
//! ```text
//! importance = 0.25
//!            + 0.20 · min(1, bytes / 250)          much was written about it
//!            + 0.25 · strongest emotion            it moved the person
//!            + 0.10 · it has an outcome            something was decided or ended
//!            + 0.05 · people / (people + 1)        it was shared
//!            + 0.15 · mean of 1 / (1 + seen) over its tags   it was new
//!            pinned: 1
//! ```
//!
//! `seen` counts the moments of the 365 days before its day that have the tag, so that what comes later
//! changes nothing of what a moment weighed. The weights are our own judgement; they sum to 1. Emotion
//! weighs most, because what was felt is what is remembered (Brown & Kulik 1977 on vivid memories;
//! Kensinger 2009 on emotion in memory); then length, because people write at length of what occupies
//! them; then novelty and outcome. Half of what is written of at moderate length stays below the 0.6 of the
//! papers (B050): on the sample journal about two moments in five reach it.

use std::collections::{HashMap, VecDeque};

use chrono::{Days, NaiveDate};
use rusqlite::{Connection, Transaction, params};

use super::lived::Lived;
use crate::Result;

const BASE: f64 = 0.25;
const LENGTH: f64 = 0.20;
const EMOTION: f64 = 0.25;
const OUTCOME: f64 = 0.10;
const PEOPLE: f64 = 0.05;
const NOVELTY: f64 = 0.15;
/// Bytes of writing that count in full: about forty words, as a quarter of the sample's moments have.
const LONG: f64 = 250.0;
/// Days after which a tag is new again.
const REMEMBERED_DAYS: u64 = 365;
/// Kept to a thousandth: nobody can tell more.
const STEPS: f64 = 1e3;

/// Weighs moments, which are in order of days.
pub(crate) fn weigh(all: &mut [Lived]) {
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut remembered: VecDeque<(String, Vec<String>)> = VecDeque::new();
    let mut from = 0;
    while from < all.len() {
        let day = all[from].day.clone();
        let n = all[from..].iter().take_while(|moment| moment.day == day).count();
        forget(&mut seen, &mut remembered, &day);
        for moment in &mut all[from..from + n] {
            moment.importance = of(moment, &seen);
        }
        for moment in &all[from..from + n] {
            for tag in &moment.tags {
                *seen.entry(tag.clone()).or_default() += 1;
            }
            remembered.push_back((day.clone(), moment.tags.clone()));
        }
        from += n;
    }
}

fn forget(
    seen: &mut HashMap<String, u32>,
    remembered: &mut VecDeque<(String, Vec<String>)>,
    day: &str,
) {
    let first = day
        .parse::<NaiveDate>()
        .ok()
        .and_then(|day| day.checked_sub_days(Days::new(REMEMBERED_DAYS)))
        .map_or_else(String::new, |day| day.to_string());
    while remembered.front().is_some_and(|(day, _)| *day < first) {
        for tag in remembered.pop_front().into_iter().flat_map(|(_, tags)| tags) {
            if let Some(n) = seen.get_mut(&tag) {
                *n = n.saturating_sub(1);
            }
        }
    }
}

/// What a moment weighs, where its tags were seen so often before.
fn of(moment: &Lived, seen: &HashMap<String, u32>) -> f64 {
    if moment.is_pinned {
        return 1.0;
    }
    let length = (f64::from(moment.n_bytes) / LONG).min(1.0);
    let felt = moment.emotions.iter().map(|felt| f64::from(felt.weight)).fold(0.0, f64::max);
    let n_people = moment.people.len() as f64;
    let times = |tag: &String| seen.get(tag).copied().unwrap_or_default();
    let new: f64 = moment.tags.iter().map(|tag| 1.0 / (1.0 + f64::from(times(tag)))).sum();
    let novelty = if moment.tags.is_empty() { 0.0 } else { new / moment.tags.len() as f64 };
    let importance = BASE
        + LENGTH * length
        + EMOTION * felt.min(1.0)
        + if moment.outcome.is_empty() { 0.0 } else { OUTCOME }
        + PEOPLE * n_people / (n_people + 1.0)
        + NOVELTY * novelty;
    ((importance * STEPS).round() / STEPS).clamp(0.0, 1.0)
}

/// What is kept of how much moments weigh, and is not so any more.
pub(crate) struct Changes {
    set: Vec<(i64, f64)>,
    remove: Vec<i64>,
}

impl Changes {
    /// Compares what is kept with how much moments weigh now.
    pub(crate) fn look(reader: &Connection, all: &[Lived]) -> Result<Self> {
        let mut find = reader.prepare("SELECT moment_id, importance FROM moment_importance")?;
        let mut kept: HashMap<i64, f64> = find
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let mut set = Vec::new();
        for moment in all {
            let was = kept.remove(&moment.id);
            if was.is_none_or(|was| (was - moment.importance).abs() > 0.5 / STEPS) {
                set.push((moment.id, moment.importance));
            }
        }
        let mut remove: Vec<i64> = kept.into_keys().collect();
        remove.sort_unstable();
        Ok(Self { set, remove })
    }

    pub(crate) fn is_nothing(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }

    pub(crate) fn write(&self, tx: &Transaction<'_>) -> Result<()> {
        let mut set = tx.prepare_cached(
            "INSERT INTO moment_importance (moment_id, importance) VALUES (?1, ?2)
             ON CONFLICT (moment_id) DO UPDATE SET importance = excluded.importance",
        )?;
        for (id, importance) in &self.set {
            set.execute(params![id, importance])?;
        }
        let mut remove = tx.prepare_cached("DELETE FROM moment_importance WHERE moment_id = ?1")?;
        for id in &self.remove {
            remove.execute([id])?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{api::moments::EmotionWeight, insights::lived::tests::moment};

    fn weighed(mut all: Vec<Lived>) -> Vec<f64> {
        weigh(&mut all);
        all.into_iter().map(|moment| moment.importance).collect()
    }

    #[test]
    fn each_part_of_the_formula_counts_as_it_says() {
        let bare = Lived { n_bytes: 0, ..moment(1, "2026-10-01") };
        let weight = |moment: &Lived| weighed(vec![moment.clone()])[0];
        let felt = vec![EmotionWeight { label: "sad".into(), weight: 0.8 }];
        for (what, moment, wanted) in [
            ("nothing", bare.clone(), 0.25),
            ("half as long", Lived { n_bytes: 125, ..bare.clone() }, 0.35),
            ("very long", Lived { n_bytes: 9_000, ..bare.clone() }, 0.45),
            ("felt", Lived { emotions: felt, ..bare.clone() }, 0.45),
            ("ended", Lived { outcome: "It holds.".into(), ..bare.clone() }, 0.35),
            ("shared", Lived { people: vec!["Ilse".into()], ..bare.clone() }, 0.275),
            ("new", Lived { tags: vec!["reed".into()], ..bare.clone() }, 0.4),
            ("pinned", Lived { is_pinned: true, ..bare.clone() }, 1.0),
        ] {
            assert!((weight(&moment) - wanted).abs() < 1e-9, "{what}: {}", weight(&moment));
        }
    }

    #[test]
    fn what_was_often_written_of_is_not_new_until_a_year_has_passed() {
        let with = |id, day| Lived { n_bytes: 0, tags: vec!["reed".into()], ..moment(id, day) };
        let all = vec![with(1, "2025-10-01"), with(2, "2026-09-30"), with(3, "2027-11-01")];
        let found = weighed(all);
        assert_eq!(found, [0.4, 0.325, 0.4]);
    }

    #[test]
    fn what_comes_later_changes_nothing_of_what_came_before() {
        let with = |id, day| Lived { tags: vec!["reed".into()], ..moment(id, day) };
        let few = weighed(vec![with(1, "2026-10-01"), with(2, "2026-10-02")]);
        let more =
            weighed(vec![with(1, "2026-10-01"), with(2, "2026-10-02"), with(3, "2026-10-02")]);
        assert_eq!(few, more[..2]);
    }
}
