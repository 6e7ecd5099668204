//! A year of nights on a machine that sleeps, flies, runs empty and has its clock set, tick by tick: what is
//! written is dreamt exactly once and in time, and no slot has two turns.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDateTime};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::{
    Felt, Name, State,
    cron::{instant, wall},
    look,
};
use crate::{clock::Calendar, settings::Settings};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// The machine looks every half an hour while it is awake; the real one looks every half minute.
const TICK: i64 = HOUR / 2;

/// What may happen in a year.
#[derive(Debug, Clone, Copy)]
struct Troubles {
    flies: bool,
    clock_is_set: bool,
    crashes: bool,
}

/// A generator of numbers from a seed (splitmix64, Steele et al. 2014): the same year for the same seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self, below: u64) -> i64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below).cast_signed()
    }
}

/// Something written, and when it was dreamt.
#[derive(Debug, Default)]
struct Written {
    at: i64,
    /// The first instant at which a night could take it, where the wall's zone stays the same.
    due_at: i64,
    dreamt_at: Vec<i64>,
}

struct Year {
    chance: Chance,
    troubles: Troubles,
    calendar: Calendar,
    settings: Settings,
    state: State,
    /// How wrong the machine's clock is.
    error: i64,
    /// How often it was set.
    n_sets: usize,
    written: Vec<Written>,
    waiting: BTreeSet<usize>,
    /// Each slot that had its turn, with the instant by a right clock.
    turns: BTreeMap<Name, Vec<(NaiveDateTime, i64)>>,
    /// The ticks at which the machine was awake.
    awake: Vec<i64>,
}

impl Year {
    fn live(seed: u64, zone: &str, troubles: Troubles) -> Self {
        let begin = DateTime::parse_from_rfc3339("2026-01-01T08:00:00Z").expect("an instant");
        let begin = begin.timestamp_millis();
        let calendar = Calendar::new(zone).expect("a zone");
        let mut settings = Settings { zone: zone.into(), ..Settings::default() };
        // The repeated and the skipped hour of both zones.
        settings.dream_at = ["01:30", "02:00", "02:30", "03:00"][seed as usize % 4].into();
        let state = State { last_dream_at: Some(begin), ..State::default() };
        let mut year = Self {
            chance: Chance(seed),
            troubles,
            calendar,
            settings,
            state,
            error: 0,
            n_sets: 0,
            written: Vec::new(),
            waiting: BTreeSet::new(),
            turns: BTreeMap::new(),
            awake: Vec::new(),
        };
        for day in 0..365 {
            year.day(begin + day * DAY);
        }
        // A last week at home, awake and with a right clock.
        year.error = 0;
        for tick in 0..7 * 48 {
            year.tick(begin + 365 * DAY + tick * TICK);
        }
        year
    }

    fn day(&mut self, begin: i64) {
        if self.troubles.flies && self.chance.next(12) == 0 {
            const PLACES: [&str; 6] = [
                "Europe/Berlin",
                "America/New_York",
                "Pacific/Auckland",
                "Pacific/Honolulu",
                "Asia/Kathmandu",
                "Europe/London",
            ];
            let place = PLACES[self.chance.next(6) as usize];
            self.calendar = Calendar::new(place).expect("a zone");
        }
        if self.troubles.clock_is_set && self.chance.next(20) == 0 {
            self.n_sets += 1;
            // Back or forth by up to three weeks, or right again.
            self.error = match self.chance.next(3) {
                0 => 0,
                1 => -self.chance.next(21 * 24) * HOUR,
                _ => self.chance.next(21 * 24) * HOUR,
            };
        }
        let wakes = self.chance.next(30);
        let (from, until) = match self.chance.next(10) {
            // The battery is dead, or the machine is left at home.
            0 | 1 => return,
            // It is never switched off.
            2 | 3 => (0, 48),
            _ => (wakes, (wakes + 1 + self.chance.next(30)).min(48)),
        };
        let writes = from + self.chance.next(u64::try_from(until - from).expect("it is awake"));
        for tick in from..until {
            let at = begin + tick * TICK;
            if tick == writes && self.chance.next(4) > 0 {
                self.write(at);
            }
            self.tick(at);
        }
    }

    fn write(&mut self, at: i64) {
        let now = at + self.error;
        let slot = super::rule(&self.settings, Name::Night)
            .and_then(|text| super::Cron::parse(&text).ok()?.next(wall(&self.calendar, now)))
            .expect("a next night");
        self.waiting.insert(self.written.len());
        let due_at = instant(&self.calendar, slot) - self.error;
        self.written.push(Written { at, due_at, dreamt_at: Vec::new() });
    }

    fn tick(&mut self, at: i64) {
        self.awake.push(at);
        let now = at + self.error;
        self.state.n_days_waiting = u32::try_from(self.waiting.len()).expect("few");
        // What was queued before a crash, or a tick ago, is worked on first, as the queue does.
        for name in std::mem::take(&mut self.state.queued) {
            self.work(name, at);
        }
        let look = look(&self.state, now, &self.calendar, &Felt::default(), &self.settings, None);
        let look = look.expect("plain rules");
        for due in look.due {
            let slot = due.slot.expect("all schedules of the year have slots");
            self.turns.entry(due.name).or_default().push((slot, at));
            self.state.slots.insert(due.name, slot);
            self.state.queued_at.insert(due.name, now);
            self.state.queued.insert(due.name);
        }
        self.state.slots.extend(look.passed);
        if !(self.troubles.crashes && self.chance.next(5) == 0) {
            for name in std::mem::take(&mut self.state.queued) {
                self.work(name, at);
            }
        }
    }

    /// The fake dreamer: what waits is dreamt.
    fn work(&mut self, name: Name, at: i64) {
        if name.is_whole() {
            for n in std::mem::take(&mut self.waiting) {
                self.written[n].dreamt_at.push(at);
            }
            self.state.last_dream_at = Some(at + self.error);
            self.state.n_days_waiting = 0;
        }
    }

    fn check_once(&self) -> Result<(), TestCaseError> {
        prop_assert!(
            self.written.len() > 100,
            "a year with {} days of writing",
            self.written.len()
        );
        for written in &self.written {
            prop_assert_eq!(written.dreamt_at.len(), 1, "{:?}", written);
        }
        Ok(())
    }

    fn check_slots(&self) -> Result<(), TestCaseError> {
        for (name, turns) in &self.turns {
            for pair in turns.windows(2) {
                prop_assert!(
                    pair[0].0 < pair[1].0,
                    "{:?} has {} and then {}",
                    name,
                    pair[0].0,
                    pair[1].0
                );
            }
        }
        Ok(())
    }

    /// How many ticks the machine was awake between two instants.
    fn ticks(&self, from: i64, until: i64) -> usize {
        self.awake.iter().filter(|at| (from..until).contains(*at)).count()
    }
}

fn years(troubles: Troubles, check: impl Fn(&Year) -> Result<(), TestCaseError>) {
    let config = Config { cases: 4, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(config, rng);
    let zones = prop::sample::select(vec!["Europe/Berlin", "America/New_York"]);
    runner
        .run(&(any::<u64>(), zones), |(seed, zone)| check(&Year::live(seed, zone, troubles)))
        .expect("every year passes");
}

#[test]
fn a_year_of_sleep_and_changed_clocks_is_dreamt_once_and_at_the_first_chance() {
    let troubles = Troubles { flies: false, clock_is_set: false, crashes: false };
    years(troubles, |year| {
        year.check_once()?;
        year.check_slots()?;
        for written in &year.written {
            let late = year.ticks(written.due_at, written.dreamt_at[0]);
            prop_assert!(late == 0, "awake {late} times since it was due: {written:?}");
        }
        Ok(())
    });
}

#[test]
fn a_year_of_crashes_loses_and_doubles_nothing() {
    let troubles = Troubles { flies: false, clock_is_set: false, crashes: true };
    years(troubles, |year| {
        year.check_once()?;
        year.check_slots()?;
        for written in &year.written {
            let late = year.ticks(written.due_at, written.dreamt_at[0]);
            prop_assert!(late <= 1, "the tick after a crash takes it up: {written:?}");
        }
        Ok(())
    });
}

#[test]
fn a_year_of_flights_skips_and_doubles_no_day() {
    let troubles = Troubles { flies: true, clock_is_set: false, crashes: true };
    years(troubles, |year| {
        year.check_once()?;
        year.check_slots()?;
        for written in &year.written {
            // A wall that is turned back by 23 hours has to come to its next night again, and it may be
            // turned back once more on the way.
            let late = year.ticks(written.at + 4 * DAY, written.dreamt_at[0]);
            prop_assert!(late == 0, "awake {late} times four days later: {written:?}");
        }
        Ok(())
    });
}

#[test]
fn a_year_with_a_clock_that_is_set_back_and_forth_stops_no_night_and_doubles_no_day() {
    let troubles = Troubles { flies: true, clock_is_set: true, crashes: true };
    years(troubles, |year| {
        year.check_once()?;
        for (name, turns) in &year.turns {
            // A clock that is set gives a schedule one turn more, and no turn to a slot that it has been
            // at, unless it was wrong by more than a flight can be.
            let per_day = match name {
                Name::Sessions => 24,
                Name::Light => 4,
                _ => 1,
            };
            let most = per_day * 373 + year.n_sets;
            prop_assert!(turns.len() <= most, "{name:?} had {} turns of {most}", turns.len());
        }
        Ok(())
    });
}
