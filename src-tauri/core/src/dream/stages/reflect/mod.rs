//! Reflect: looks at what mattered lately and says what goes with what, what keeps coming back, and what
//! helped.
//!
//! The newest day with moments is looked at in every dream, by the time at which things happened and not by
//! when they came in; so are those of the six days before it that no reflection has looked at, and the week
//! that ended within them. A reflection whose moments have changed is told anew, whatever its age. What
//! each found is gathered into the insights (`insights/gather.rs`).
//!
//! The insights it rests on are moments alone. Only a model is told, as words of others, what strategies
//! reflections of earlier days found; they are no part of what decides whether a reflection still holds.

mod by_model;
mod reply;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use by_model::record_ids;
use chrono::{Datelike, Days as Span, NaiveDate};

use crate::{
    Journal, Result,
    api::{
        dreams::{Stage, StageReport},
        insights::{Depth, InsightKind, ReflectRequest},
    },
    clock::parse_day,
    dream::{
        night::Night,
        plan,
        stages::{long::Cost, reading::Reading},
    },
    insights::{
        self,
        found::Found,
        importance,
        lived::{self, Days, Lived},
        patterns, plain,
        reflections::{self, Kept, Reflection, Terms, Window},
        say, strategies, themes,
    },
    mind::{
        builtin,
        caller::{Caller, NoAnswer},
    },
    settings::InsightSettings,
};

/// Moments below which there is nothing to reflect on (B082).
const FEWEST: usize = 3;
/// Days before the newest, itself included, that are made up for.
const MADE_UP_DAYS: u64 = 7;
/// A week, in hours.
const WEEK_HOURS: u32 = 168;

/// Refuses a request that cannot be.
pub(in crate::dream) fn check(request: &ReflectRequest) -> Result<()> {
    let asked = InsightSettings::default();
    let asked = InsightSettings {
        lookback_hours: request.lookback_hours.unwrap_or(asked.lookback_hours),
        min_importance: request.min_importance.unwrap_or(asked.min_importance),
        max_samples: request.max_samples.unwrap_or(asked.max_samples),
        ..asked
    };
    asked.check()
}

/// Reflects, and keeps what was found. The counts of its report: `reflections_generated`,
/// `reflections_removed`, `samples`, `patterns`, `themes`, `strategies` (those of the new reflections),
/// `insights_added`, `insights_changed`, `insights_removed`.
pub(in crate::dream) fn run(night: &Night<'_>) -> Result<StageReport> {
    let mut account = night.account(Stage::Reflect);
    let settings = night.journal.settings().insights;
    let asked = night.request.reflect;
    let is_wanted = settings.lets_dreams_reflect() || asked.depth.is_some() && settings.is_on;
    if !is_wanted {
        tracing::info!(reason = "disabled_by_config", "dreaming_cycle_skipped");
        return Ok(account.skipped("disabled_by_config"));
    }
    let (all, kept) = night.read(|reader| Ok((lived::all(reader)?, reflections::kept(reader)?)))?;
    let weights = night.read(|reader| importance::Changes::look(reader, &all))?;
    if !weights.is_nothing() {
        night.write(|writing| weights.write(writing.tx))?;
    }
    let days = Days::new(&all);
    let today = night.calendar.day_of(night.now()).to_string();
    let newest = days.newest(&today).map(parse_day).transpose()?;
    let terms = terms(&settings, &asked);
    let targets = match newest {
        Some(newest) => targets(night, &days, &kept, newest, (terms, &asked))?,
        None => Vec::new(),
    };
    let mut cycle = Cycle { night, days: &days, done: Done::default() };
    cycle.go(targets, &kept)?;
    let done = cycle.done;
    let changes = night.read(insights::gather)?;
    if !changes.is_nothing() {
        night.write(|writing| changes.write(writing))?;
    }
    for (name, n) in [
        ("reflections_generated", done.n_made),
        ("reflections_removed", done.n_removed),
        ("samples", done.n_samples),
        ("patterns", done.found(InsightKind::Pattern)),
        ("themes", done.found(InsightKind::Theme)),
        ("strategies", done.found(InsightKind::Strategy)),
        ("insights_added", changes.n_added()),
        ("insights_changed", changes.n_changed()),
        ("insights_removed", changes.n_removed()),
    ] {
        account.count(name, n);
    }
    if done.n_provisional > 0 {
        let reason = night.reading.caller.and_then(Caller::shortfall);
        account.lacked_model(&reason.unwrap_or_else(|| "there is no model".into()));
    }
    let is_nothing = done.n_made + done.n_removed == 0 && changes.is_nothing();
    Ok(match (is_nothing, done.has_reflection) {
        (true, false) => {
            tracing::info!(reason = "insufficient_memories", "dreaming_cycle_skipped");
            account.skipped("insufficient_memories")
        }
        (true, true) => account.unchanged(),
        (false, _) => account.done(),
    })
}

/// What reflecting would cost at most once these days are dreamt, of which so many episodes are known:
/// nobody knows yet which of them will matter.
pub(in crate::dream) fn price(
    journal: &Journal,
    n_episodes: &BTreeMap<NaiveDate, u32>,
    reading: &Reading<'_>,
) -> Result<Cost> {
    let mut cost = Cost::default();
    let settings = journal.settings();
    let is_wanted = settings.insights.lets_dreams_reflect();
    let Some(caller) = reading.caller.filter(|_| is_wanted) else { return Ok(cost) };
    let today = journal.calendar()?.day_of(journal.clock().now_ms());
    let Some((newest, _)) = n_episodes.range(..=today).next_back() else { return Ok(cost) };
    let last_of_week = settings.week_start()?.pred();
    let back = |day: NaiveDate, n: u64| day.checked_sub_days(Span::new(n)).unwrap_or(day);
    for day in (0..MADE_UP_DAYS).map(|n| back(*newest, n)) {
        let of_day = n_episodes.get(&day).map(|n| *n as usize);
        let is_end = day.weekday() == last_of_week;
        let of_week = is_end
            .then(|| n_episodes.range(back(day, 6)..=day).map(|(_, n)| *n as usize).sum::<usize>());
        for n in of_day.into_iter().chain(of_week).filter(|n| *n >= FEWEST) {
            cost.count(by_model::price(n, reading, caller)?);
        }
    }
    Ok(cost)
}

fn terms(settings: &InsightSettings, asked: &ReflectRequest) -> Terms {
    Terms {
        lookback_hours: asked.lookback_hours.unwrap_or(settings.lookback_hours),
        min_importance: asked.min_importance.unwrap_or(settings.min_importance),
        max_samples: asked.max_samples.unwrap_or(settings.max_samples),
    }
}

/// What is to be looked at: first of all the newest day, then days that were missed, then the week.
fn targets(
    night: &Night<'_>,
    days: &Days<'_>,
    kept: &[Kept],
    newest: NaiveDate,
    (terms, asked): (Terms, &ReflectRequest),
) -> Result<Vec<Window>> {
    let window = |depth, last, terms| Window::new(depth, last, terms, &night.calendar);
    let of_week = |terms: Terms| match asked.lookback_hours {
        None => Terms { lookback_hours: WEEK_HOURS, ..terms },
        Some(_) => terms,
    };
    if let Some(depth) = asked.depth {
        let terms = if depth == Depth::Meta { of_week(terms) } else { terms };
        return Ok(vec![window(depth, newest, terms)]);
    }
    let back = |n: u64| newest.checked_sub_days(Span::new(n));
    let lately: Vec<NaiveDate> = (0..MADE_UP_DAYS).filter_map(back).collect();
    let is_lately = |day: &NaiveDate| lately.contains(day);
    // What was looked at of these days stays looked at, with the terms that are in force now.
    let mut targets: Vec<Window> = kept
        .iter()
        .filter(|kept| kept.depth == Depth::Analytical && is_lately(&kept.ends_on))
        .map(|kept| window(Depth::Analytical, kept.ends_on, terms))
        .collect();
    for day in &lately {
        let name = day.to_string();
        let is_covered = targets.iter().any(|target| target.covers(&name));
        let is_new = *day == newest && targets.iter().all(|target| target.ends_on != name);
        if is_new || days.has(&name) && !is_covered {
            targets.push(window(Depth::Analytical, *day, terms));
        }
    }
    if asked.lookback_hours.is_none() {
        let last = night.journal.settings().week_start()?.pred();
        let end = lately.iter().find(|day| day.weekday() == last);
        targets.extend(end.map(|day| window(Depth::Meta, *day, of_week(terms))));
    }
    Ok(targets)
}

#[derive(Default)]
struct Done {
    n_made: u32,
    n_removed: u32,
    n_samples: u32,
    n_provisional: u32,
    found: BTreeMap<InsightKind, u32>,
    /// Whether there was enough to reflect on at all.
    has_reflection: bool,
}

impl Done {
    fn found(&self, kind: InsightKind) -> u32 {
        self.found.get(&kind).copied().unwrap_or_default()
    }
}

struct Cycle<'n> {
    night: &'n Night<'n>,
    days: &'n Days<'n>,
    done: Done,
}

impl Cycle<'_> {
    /// Goes through all that is to be looked at and all that is there, in order of days, each in a
    /// transaction of its own.
    fn go(&mut self, targets: Vec<Window>, kept: &[Kept]) -> Result<()> {
        let calendar = &self.night.calendar;
        let mut wanted: BTreeMap<(String, Depth), (Window, bool)> = BTreeMap::new();
        for one in kept {
            let window = Window::new(one.depth, one.ends_on, one.terms, calendar);
            wanted.insert((window.ends_on.clone(), one.depth), (window, false));
        }
        for window in targets {
            wanted.insert((window.ends_on.clone(), window.depth), (window, true));
        }
        let there: BTreeMap<(String, Depth), &Kept> =
            kept.iter().map(|one| ((one.ends_on.to_string(), one.depth), one)).collect();
        let again = self.again(kept);
        for (key, (window, is_target)) in wanted {
            self.night.cancel.check()?;
            let kept = there.get(&key).copied();
            let n_before = self.done.n_made;
            let is_there = self.one(window, kept, &again)?;
            self.done.has_reflection |= is_target && (is_there || self.done.n_made > n_before);
        }
        Ok(())
    }

    /// Reflections that lacked a model and may be told again by one now: the newest ones.
    fn again(&self, kept: &[Kept]) -> BTreeSet<i64> {
        let n = plan::n_again(self.can_ask(), plan::is_by_itself(&self.night.request.cause));
        let lacking = kept.iter().rev().filter(|one| one.is_provisional);
        lacking.take(n).map(|one| one.id).collect()
    }

    fn can_ask(&self) -> bool {
        self.night.reading.caller.is_some_and(Caller::can_ask)
    }

    /// Tells one anew if need be. Whether there is one.
    fn one(&mut self, window: Window, kept: Option<&Kept>, again: &BTreeSet<i64>) -> Result<bool> {
        let samples = window.samples(self.days);
        if samples.len() < FEWEST {
            if let Some(kept) = kept {
                self.night.write(|writing| reflections::remove(writing, kept.id))?;
                self.done.n_removed += 1;
            }
            return Ok(false);
        }
        let input_hash = window.input_hash(self.days);
        let is_same = kept.is_some_and(|kept| kept.input_hash == input_hash && !kept.is_blank);
        let is_again = kept.is_some_and(|kept| again.contains(&kept.id));
        if is_same && !is_again {
            return Ok(true);
        }
        // What a model told is not made worse while there is none.
        let is_by_model = kept.is_some_and(|kept| kept.mind != builtin::NAME && !kept.is_blank);
        let keeps_if_missed = is_same || is_by_model;
        let is_surface = window.depth == Depth::Surface;
        if keeps_if_missed && !is_surface && !self.can_ask() && !self.night.is_off {
            return Ok(true);
        }
        let mut reflection = self.reflect(window, &samples)?;
        reflection.input_hash = input_hash;
        if keeps_if_missed && reflection.is_provisional {
            return Ok(true);
        }
        self.night.write(|writing| reflections::save(writing, &reflection))?;
        self.done.n_made += 1;
        self.done.n_samples += u32::try_from(samples.len()).unwrap_or(u32::MAX);
        self.done.n_provisional += u32::from(reflection.is_provisional);
        for found in &reflection.found {
            *self.done.found.entry(found.kind).or_default() += 1;
        }
        Ok(true)
    }

    fn reflect(&self, window: Window, samples: &[&Lived]) -> Result<Reflection> {
        let found = by_rule(&window, samples, self.days);
        let (sentiment, label) = plain::sentiment(samples);
        let language = say::language(samples.iter().copied());
        let text = plain::text(samples, &found, window.depth);
        let mut moment_ids: BTreeSet<i64> = samples.iter().map(|moment| moment.id).collect();
        moment_ids.extend(found.iter().flat_map(|found| &found.moment_ids));
        let lacks_model = self.night.lacks_model() && window.depth != Depth::Surface;
        let mut reflection = Reflection {
            text,
            sentiment,
            label,
            language,
            sample_ids: samples.iter().map(|moment| moment.id).collect(),
            found,
            moment_ids: moment_ids.into_iter().collect(),
            input_hash: crate::store::Hash([0; 32]),
            mind: builtin::NAME.into(),
            is_provisional: lacks_model,
            window,
        };
        let Some(caller) = self.night.reading.caller else { return Ok(reflection) };
        if reflection.window.depth == Depth::Surface {
            return Ok(reflection);
        }
        match by_model::tell(self.night, caller, &reflection.window, samples)? {
            Ok(told) => told.lay_over(&mut reflection),
            Err(NoAnswer::Away | NoAnswer::Limit) => reflection.is_provisional = true,
            Err(NoAnswer::TooLong | NoAnswer::Unusable) => {}
        }
        Ok(reflection)
    }
}

/// Patterns, themes and strategies by rule.
fn by_rule(window: &Window, samples: &[&Lived], days: &Days<'_>) -> Vec<Found> {
    let base = days.between(&window.base_from, &window.ends_on);
    let within: BTreeSet<i64> = window.moments(days).iter().map(|moment| moment.id).collect();
    let sampled: BTreeSet<i64> = samples.iter().map(|moment| moment.id).collect();
    let fortnight = parse_day(&window.ends_on)
        .ok()
        .and_then(|last| last.checked_sub_days(Span::new(themes::DAYS - 1)))
        .map_or_else(String::new, |first| first.to_string());
    let mut found = patterns::find(base, &within);
    found.extend(themes::find(days.between(&fortnight, &window.ends_on), &sampled));
    found.extend(strategies::find(base, &within));
    found
}
