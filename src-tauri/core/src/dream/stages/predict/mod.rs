//! Predict: foretells from plans, rhythms and by a model, and settles what was foretold before.
//!
//! All is seen from the newest day with moments, not from the clock: the rhythm of a journal that ended
//! years ago foretells nothing. A plan is a pure function of the words it stands in, so plans are found
//! anew in every dream. What rests on the days before (a rhythm, a model's word) may change as long as its
//! day is the newest; from the next day on it stands as it was said, and is only settled.

mod by_model;
mod reply;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days as Span, NaiveDate};

use crate::{
    Journal, Result,
    api::{
        dreams::{Stage, StageReport},
        predictions::{PredictionKind, Settled},
    },
    clock::parse_day,
    dream::{
        night::{Account, Night},
        stages::{long::Cost, reading::Reading},
    },
    insights::{
        lived::{self, Days},
        predictions::{
            Changes, GRACE_DAYS, Kept, LOOKED_AGAIN_DAYS, Prediction, is_about_the_same, kept,
            plans, rhythms,
            told::{self, Told},
            traces::{self, Trace},
        },
    },
    mind::caller::NoAnswer,
    settings::ReflectiveMode,
    store::Hash,
};

/// Days of writing in which plans are looked for.
const PLAN_DAYS: u64 = 60;
/// Days for which a plan whose time passed unseen is still asked about.
const LATE_DAYS: u64 = 14;
/// Days without writing after which a journal has no rhythm to foretell.
const SILENT_DAYS: i64 = 7;

/// Foretells and settles. The counts of its report: `predictions_made`, `predictions_changed`,
/// `predictions_withdrawn`, and `hits`, `misses` and `unclear` among those settled just now.
pub(in crate::dream) fn run(night: &Night<'_>) -> Result<StageReport> {
    let mut account = night.account(Stage::Predict);
    let settings = night.journal.settings().insights;
    if !settings.is_on {
        return Ok(account.skipped("disabled_by_config"));
    }
    let today = night.calendar.day_of(night.now());
    let known = night.read(kept)?;
    let newest = newest(night, today)?;
    let mut wanted = Wanted::default();
    if let Some(newest) = newest {
        let from = before(newest, PLAN_DAYS);
        wanted.plans = plans::find(&night.read(|reader| told::between(reader, from, newest))?);
        wanted.plans_from = Some(from);
        wanted.newest = Some(newest);
        if (today - newest).num_days() <= SILENT_DAYS {
            let all = night.read(lived::all)?;
            let days = Days::new(&all);
            let since = before(newest, rhythms::LOOKED_BACK_DAYS).to_string();
            // What is written down for a day to come need not be foretold.
            wanted.rhythms = rhythms::find(days.between(&since, "9999-12-31"), newest);
            let is_full = settings.mode == ReflectiveMode::Full;
            foretell(night, &days, newest, &known, &mut wanted, is_full, &mut account)?;
            wanted.is_alive = true;
        }
    }
    let changes = decide(night, &known, &wanted, today)?;
    tell(&mut account, &known, &changes);
    if changes.is_nothing() {
        return Ok(account.unchanged());
    }
    night.write(|writing| changes.write(writing))?;
    Ok(account.done())
}

/// What foretelling would cost once these days are dreamt, of which so many episodes are known.
pub(in crate::dream) fn price(
    journal: &Journal,
    n_episodes: &BTreeMap<NaiveDate, u32>,
    reading: &Reading<'_>,
) -> Result<Cost> {
    let mut cost = Cost::default();
    let settings = journal.settings().insights;
    let is_wanted = settings.is_on && settings.mode == ReflectiveMode::Full;
    let Some(caller) = reading.caller.filter(|_| is_wanted) else { return Ok(cost) };
    let today = journal.calendar()?.day_of(journal.clock().now_ms());
    let newest = n_episodes.range(..=today).next_back().map(|(day, _)| *day);
    let Some(newest) = newest.filter(|day| (today - *day).num_days() <= SILENT_DAYS) else {
        return Ok(cost);
    };
    let of_days = n_episodes.range(before(newest, by_model::SHOWN_DAYS - 1)..=newest);
    let n = of_days.map(|(_, n)| *n as usize).sum();
    if n >= by_model::FEWEST {
        cost.count(by_model::price(n, reading, caller)?);
    }
    Ok(cost)
}

/// The newest day up to today that has moments.
fn newest(night: &Night<'_>, today: NaiveDate) -> Result<Option<NaiveDate>> {
    let day: Option<String> = night.read(|reader| {
        Ok(reader
            .prepare_cached("SELECT max(day) FROM moments WHERE is_hidden = 0 AND day <= ?1")?
            .query_row([today.to_string()], |row| row.get(0))?)
    })?;
    day.map(|day| parse_day(&day)).transpose()
}

fn before(day: NaiveDate, n: u64) -> NaiveDate {
    day.checked_sub_days(Span::new(n)).unwrap_or(day)
}

/// What is foretold as things are.
#[derive(Default)]
struct Wanted {
    newest: Option<NaiveDate>,
    plans: Vec<Prediction>,
    plans_from: Option<NaiveDate>,
    /// Whether rhythms were looked for.
    is_alive: bool,
    rhythms: Vec<Prediction>,
    /// What a model says; absent where none was asked.
    foretold: Option<Vec<Prediction>>,
}

impl Wanted {
    fn find(&self, key: Hash) -> Option<&Prediction> {
        let all = self.plans.iter().chain(&self.rhythms).chain(self.foretold.iter().flatten());
        all.into_iter().find(|one| one.key == key)
    }

    /// Whether a prediction may still change: it was made on the newest day.
    fn is_of_today(&self, prediction: &Prediction) -> bool {
        self.newest.is_some_and(|newest| prediction.made_on == newest)
    }
}

/// Lets a model foretell. What it says again of what stands already is left out.
fn foretell(
    night: &Night<'_>,
    days: &Days<'_>,
    newest: NaiveDate,
    known: &[Kept],
    wanted: &mut Wanted,
    is_full: bool,
    account: &mut Account,
) -> Result<()> {
    if !is_full {
        return Ok(());
    }
    let Some(caller) = night.reading.caller else {
        if night.lacks_model() {
            account.lacked_model("there is no model");
        }
        return Ok(());
    };
    match by_model::foretell(night, caller, days, newest)? {
        Ok(said) => {
            let stands = |one: &&Kept| {
                let is_redone = one.prediction.kind == PredictionKind::Foretold
                    && one.prediction.made_on == newest;
                one.trace.outcome == Settled::Open && !is_redone
            };
            let mut taken: Vec<Prediction> =
                known.iter().filter(stands).map(|one| one.prediction.clone()).collect();
            taken.extend(wanted.plans.iter().cloned());
            let mut foretold = Vec::new();
            for one in said {
                if !taken.iter().any(|other| is_about_the_same(&one, other)) {
                    taken.push(one.clone());
                    foretold.push(one);
                }
            }
            wanted.foretold = Some(foretold);
        }
        Err(NoAnswer::Away | NoAnswer::Limit) => {
            let reason = caller.shortfall();
            account.lacked_model(&reason.unwrap_or_else(|| "there is no model".into()));
        }
        Err(NoAnswer::TooLong | NoAnswer::Unusable) => {}
    }
    Ok(())
}

/// What is to be done: new ones, those that say something else or are settled now, those withdrawn.
fn decide(night: &Night<'_>, known: &[Kept], wanted: &Wanted, today: NaiveDate) -> Result<Changes> {
    let recent = before(today, LOOKED_AGAIN_DAYS);
    let is_looked_at =
        |one: &&Kept| one.trace.outcome == Settled::Open || one.prediction.due_on >= recent;
    let all = wanted.plans.iter().chain(&wanted.rhythms).chain(wanted.foretold.iter().flatten());
    let due: Vec<&Prediction> =
        known.iter().filter(is_looked_at).map(|one| &one.prediction).chain(all.clone()).collect();
    let since = due.iter().map(|one| one.due_from).min();
    let until = due.iter().map(|one| one.due_on).max();
    let seen: Vec<Told> = match (since, until) {
        (Some(since), Some(until)) => {
            let until = until.checked_add_days(Span::new(GRACE_DAYS)).unwrap_or(until);
            night.read(|reader| told::between(reader, since, until))?
        }
        _ => Vec::new(),
    };
    let seen = Seen { moments: &seen, today };
    let mut changes = Changes::default();
    let mut there: BTreeSet<Hash> = BTreeSet::new();
    for one in known {
        night.cancel.check()?;
        there.insert(one.prediction.key);
        match still(night, one, wanted)? {
            None => changes.remove.push(one.id),
            Some(prediction) => {
                let is_over = one.trace.outcome != Settled::Open && one.prediction.due_on < recent;
                let trace = if is_over { one.trace.clone() } else { seen.trace(&prediction) };
                if prediction != one.prediction || trace != one.trace {
                    changes.set.push((Some(one.id), prediction, trace));
                }
            }
        }
    }
    for prediction in all.filter(|one| !there.contains(&one.key)) {
        let trace = seen.trace(prediction);
        if is_worth_it(prediction, &trace, wanted, today) {
            changes.set.push((None, prediction.clone(), trace));
        }
    }
    Ok(changes)
}

/// What a prediction that is there says now; `None` where it is withdrawn.
fn still(night: &Night<'_>, one: &Kept, wanted: &Wanted) -> Result<Option<Prediction>> {
    let prediction = &one.prediction;
    if let Some(anew) = wanted.find(prediction.key)
        && (prediction.kind == PredictionKind::Plan || wanted.is_of_today(prediction))
    {
        return Ok(Some(anew.clone()));
    }
    let is_withdrawn = match prediction.kind {
        // Its words would have been found.
        PredictionKind::Plan => wanted.plans_from.is_some_and(|from| prediction.made_on >= from),
        PredictionKind::Rhythm => wanted.is_alive && wanted.is_of_today(prediction),
        PredictionKind::Foretold => wanted.foretold.is_some() && wanted.is_of_today(prediction),
    };
    if is_withdrawn {
        return Ok(None);
    }
    let rests = night.read(|reader| told::that_are_there(reader, &prediction.moment_ids))?;
    Ok((!rests.is_empty()).then(|| prediction.clone()))
}

/// What is there already is not foretold. A plan whose time passed unseen is kept for a while, because
/// the person may be asked whether it came.
fn is_worth_it(prediction: &Prediction, trace: &Trace, wanted: &Wanted, today: NaiveDate) -> bool {
    match trace.outcome {
        Settled::Open => wanted.newest.is_some_and(|newest| {
            prediction.due_on > newest || prediction.kind == PredictionKind::Plan
        }),
        Settled::Unclear => {
            prediction.kind == PredictionKind::Plan && prediction.due_on >= before(today, LATE_DAYS)
        }
        Settled::Hit | Settled::Miss => false,
    }
}

struct Seen<'m> {
    moments: &'m [Told],
    today: NaiveDate,
}

impl Seen<'_> {
    fn trace(&self, prediction: &Prediction) -> Trace {
        traces::trace(prediction, self.moments, self.today)
    }
}

fn tell(account: &mut Account, known: &[Kept], changes: &Changes) {
    let before: BTreeMap<i64, Settled> =
        known.iter().map(|one| (one.id, one.trace.outcome)).collect();
    let (mut n_made, mut n_changed) = (0_u32, 0_u32);
    let mut settled: BTreeMap<&str, u32> = BTreeMap::new();
    for (id, _, trace) in &changes.set {
        match id {
            None => n_made += 1,
            Some(_) => n_changed += 1,
        }
        let was = id.and_then(|id| before.get(&id).copied()).unwrap_or(Settled::Open);
        if trace.outcome != was {
            let name = match trace.outcome {
                Settled::Hit => "hits",
                Settled::Miss => "misses",
                Settled::Unclear => "unclear",
                Settled::Open => continue,
            };
            *settled.entry(name).or_default() += 1;
        }
    }
    account.count("predictions_made", n_made);
    account.count("predictions_changed", n_changed);
    let n_withdrawn = u32::try_from(changes.remove.len()).unwrap_or(u32::MAX);
    account.count("predictions_withdrawn", n_withdrawn);
    for name in ["hits", "misses", "unclear"] {
        account.count(name, settled.get(name).copied().unwrap_or_default());
    }
}
