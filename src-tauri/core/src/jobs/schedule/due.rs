//! Decides what is due. Pure.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use chrono::NaiveDateTime;

use super::{
    Cron, Name, TIMED,
    cron::{instant, wall},
    rule,
};
use crate::{Result, clock::Calendar, settings::Settings};

/// A slot that lies further ahead than this was had by a clock that was wrong: no flight turns a wall
/// back by more (from UTC+14 to UTC-12).
const FARTHEST: chrono::Duration = chrono::Duration::hours(26);
/// A machine with more of its cores at work is somebody's: 70 percent, as screenpipe's batch work has it.
const LOADED: f32 = 0.7;

/// What is felt of the machine at one moment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Felt {
    pub(crate) is_on_battery: Option<bool>,
    pub(crate) idle: Option<Duration>,
    /// The share of the machine's cores that work, 0 to 1 and above.
    pub(crate) load: Option<f32>,
}

impl Felt {
    /// Whether small work that can wait may be done. What is unknown keeps nothing from being done.
    pub(crate) fn spares(&self) -> bool {
        self.is_on_battery != Some(true)
    }

    /// Whether a dream may begin that no hour was chosen for.
    fn is_at_rest(&self) -> bool {
        self.spares() && self.load.is_none_or(|load| load < LOADED)
    }
}

/// What is known of the journal.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct State {
    /// The last slot of each schedule that had its turn.
    pub(crate) slots: BTreeMap<Name, NaiveDateTime>,
    /// When each last gave work, in Unix milliseconds.
    pub(crate) queued_at: BTreeMap<Name, i64>,
    /// Those whose work still waits, or runs.
    pub(crate) queued: BTreeSet<Name>,
    /// When the last whole dream ended, in Unix milliseconds.
    pub(crate) last_dream_at: Option<i64>,
    /// Days that are new or changed.
    pub(crate) n_days_waiting: u32,
    /// Days that lacked a model.
    pub(crate) n_days_provisional: u32,
    /// Notes and messages since the last whole dream.
    pub(crate) n_new_records: u32,
    pub(crate) is_dreaming: bool,
}

/// Something that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Due {
    pub(crate) name: Name,
    /// The slot whose turn it is.
    pub(crate) slot: Option<NaiveDateTime>,
}

/// What is due, and which slots have had their turn without work.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) due: Vec<Due>,
    pub(crate) passed: BTreeMap<Name, NaiveDateTime>,
}

/// Looks what is due. `interval_ms` takes the place of all schedules that dream: a dream every so often,
/// or none if it is 0.
///
/// # Errors
/// A rule of the settings cannot be read.
pub(crate) fn look(
    state: &State,
    now: i64,
    calendar: &Calendar,
    felt: &Felt,
    settings: &Settings,
    interval_ms: Option<i64>,
) -> Result<Look> {
    let mut look = Look::default();
    if settings.rests(now) || state.is_dreaming {
        return Ok(look);
    }
    // The first dream is the person's to begin: nothing happens behind their back on the first day.
    let has_dreamt = state.last_dream_at.is_some();
    if let Some(interval) = interval_ms {
        if interval > 0 && has_dreamt && is_due_every(state, now, interval) {
            look.due.push(Due { name: Name::Interval, slot: None });
        }
        return Ok(look);
    }
    let wall_now = wall(calendar, now);
    // A whole dream does what the smaller ones would.
    let mut is_whole_due = state.queued.iter().any(|name| name.is_whole());
    for name in TIMED {
        let Some(text) = rule(settings, *name) else { continue };
        let Some(slot) = Cron::parse(&text)?.latest(wall_now) else { continue };
        let known = match state.slots.get(name) {
            Some(known) if *known > wall_now + FARTHEST => None,
            Some(known) => Some(*known),
            // A journal of before there were schedules counts from its last dream.
            None if *name == Name::Night => state.last_dream_at.map(|at| wall(calendar, at)),
            None => None,
        };
        if known.is_some_and(|known| slot <= known) {
            continue;
        }
        let is_first_look = known.is_none() || !has_dreamt;
        if is_first_look || is_whole_due || !is_of_use(*name, state) {
            look.passed.insert(*name, slot);
        } else if !state.queued.contains(name) && (name.is_whole() || felt.spares()) {
            look.due.push(Due { name: *name, slot: Some(slot) });
            is_whole_due |= name.is_whole();
        }
    }
    let is_rested = state
        .last_dream_at
        .is_some_and(|last| now - last >= i64::from(settings.schedule.rest_hours) * 3_600_000);
    if !is_whole_due && is_rested && state.n_days_waiting > 0 && felt.is_at_rest() {
        let idle = Duration::from_secs(u64::from(settings.schedule.idle_minutes) * 60);
        let most = settings.schedule.threshold_items;
        if !idle.is_zero() && felt.idle.is_some_and(|felt| felt >= idle) {
            look.due.push(Due { name: Name::Idle, slot: None });
        } else if most > 0 && state.n_new_records >= most {
            look.due.push(Due { name: Name::Threshold, slot: None });
        }
    }
    Ok(look)
}

/// Whether there is anything for it to do.
fn is_of_use(name: Name, state: &State) -> bool {
    match name {
        Name::Night => state.n_days_waiting + state.n_days_provisional > 0,
        Name::Sessions => state.n_days_waiting > 0,
        _ => true,
    }
}

fn is_due_every(state: &State, now: i64, interval_ms: i64) -> bool {
    if state.queued.contains(&Name::Interval) || state.n_days_waiting == 0 {
        return false;
    }
    // A clock that was set back must not stop the dreams, and repeats none: nothing waits twice.
    let last = state.queued_at.get(&Name::Interval).copied().or(state.last_dream_at);
    last.is_none_or(|last| now < last || now - last >= interval_ms)
}

/// When a schedule is next due, in Unix milliseconds; `None` where it never is.
pub(crate) fn next_at(
    settings: &Settings,
    name: Name,
    slot: Option<NaiveDateTime>,
    now: i64,
    calendar: &Calendar,
) -> Result<Option<i64>> {
    let Some(text) = rule(settings, name) else { return Ok(None) };
    let cron = Cron::parse(&text)?;
    let wall_now = wall(calendar, now);
    let from = slot
        .filter(|slot| *slot <= wall_now + FARTHEST)
        .map_or(wall_now, |slot| slot.max(wall_now));
    Ok(cron.next(from).map(|next| instant(calendar, next)))
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn at(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).expect("an instant").timestamp_millis()
    }

    fn berlin() -> Calendar {
        Calendar::new("Europe/Berlin").expect("a zone")
    }

    /// Dreamt in the night to 13 October, with a day waiting since.
    fn waiting() -> State {
        let slot =
            |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time");
        let slots = [
            (Name::Night, slot("2026-10-13 03:00")),
            (Name::Decay, slot("2026-10-13 02:00")),
            (Name::Light, slot("2026-10-13 06:00")),
            (Name::Deep, slot("2026-10-11 02:00")),
            (Name::Sessions, slot("2026-10-13 08:00")),
        ];
        State {
            slots: slots.into(),
            last_dream_at: Some(at("2026-10-13T01:05:00Z")),
            n_days_waiting: 1,
            ..State::default()
        }
    }

    fn names(state: &State, now: &str, felt: Felt) -> Vec<Name> {
        let look = look(state, at(now), &berlin(), &felt, &Settings::default(), None);
        look.expect("plain rules").due.into_iter().map(|due| due.name).collect()
    }

    #[test]
    fn the_night_is_due_at_three_and_takes_the_smaller_ones_with_it() {
        let state = waiting();
        assert_eq!(
            names(&state, "2026-10-14T00:59:00Z", Felt::default()),
            [Name::Decay, Name::Light, Name::Sessions]
        );
        assert_eq!(names(&state, "2026-10-14T01:00:00Z", Felt::default()), [Name::Night]);
    }

    #[test]
    fn a_machine_that_slept_through_a_week_catches_up_with_one_deep_dream() {
        let look = look(
            &waiting(),
            at("2026-10-20T07:00:00Z"),
            &berlin(),
            &Felt::default(),
            &Settings::default(),
            None,
        )
        .expect("plain rules");
        assert_eq!(look.due.len(), 1);
        assert_eq!(look.due[0].name, Name::Deep);
        assert_eq!(look.passed.len(), 4, "{look:?}");
    }

    #[test]
    fn a_night_with_nothing_to_dream_passes() {
        let state = State { n_days_waiting: 0, ..waiting() };
        let look = look(
            &state,
            at("2026-10-14T01:30:00Z"),
            &berlin(),
            &Felt::default(),
            &Settings::default(),
            None,
        )
        .expect("plain rules");
        assert!(look.passed.contains_key(&Name::Night));
        assert!(!look.due.iter().any(|due| due.name == Name::Night));
        let lacking = State { n_days_provisional: 3, ..state };
        assert_eq!(names(&lacking, "2026-10-14T01:30:00Z", Felt::default()), [Name::Night]);
    }

    #[test]
    fn nothing_is_due_before_the_first_dream_or_while_one_runs_or_the_journal_rests() {
        let state = State { last_dream_at: None, ..waiting() };
        assert!(names(&state, "2026-10-14T01:30:00Z", Felt::default()).is_empty());
        let state = State { is_dreaming: true, ..waiting() };
        assert!(names(&state, "2026-10-14T01:30:00Z", Felt::default()).is_empty());
        let now = at("2026-10-14T01:30:00Z");
        let mut settings = Settings::default();
        settings.schedule.paused_until = Some(now + 1);
        let rests = look(&waiting(), now, &berlin(), &Felt::default(), &settings, None);
        assert_eq!(rests.expect("plain rules"), Look::default());
        let goes_on = look(&waiting(), now + 1, &berlin(), &Felt::default(), &settings, None);
        assert_eq!(goes_on.expect("plain rules").due[0].name, Name::Night, "the pause is over");
    }

    #[test]
    fn a_repeated_hour_gives_one_dream() {
        let settings = Settings { dream_at: "02:30".into(), ..Settings::default() };
        let mut state = waiting();
        let mut n = 0;
        for minutes in 0..6 * 60 {
            let now = at("2026-10-24T22:00:00Z") + minutes * 60_000;
            let look =
                look(&state, now, &berlin(), &Felt::default(), &settings, None).expect("plain");
            for due in look.due {
                n += usize::from(due.name == Name::Night);
                state.slots.insert(due.name, due.slot.expect("a slot"));
            }
            state.slots.extend(look.passed);
        }
        assert_eq!(n, 1);
    }

    #[test]
    fn a_skipped_time_is_due_when_the_gap_is_over() {
        let mut settings = Settings { dream_at: "02:30".into(), ..Settings::default() };
        settings.schedule.deep = "off".into();
        let state = waiting();
        let night = |now: &str| {
            let look = look(&state, at(now), &berlin(), &Felt::default(), &settings, None);
            let due = look.expect("plain rules").due;
            due.iter().find(|due| due.name == Name::Night).and_then(|due| due.slot)
        };
        assert_eq!(
            night("2026-03-29T00:59:00Z").map(|slot| slot.to_string()),
            None,
            "before it was ever dreamt"
        );
        let state = State {
            slots: [(Name::Night, wall(&berlin(), at("2026-03-28T02:00:00Z")))].into(),
            ..waiting()
        };
        let night = |now: &str| {
            let look = look(&state, at(now), &berlin(), &Felt::default(), &settings, None);
            look.expect("plain rules").due.iter().any(|due| due.name == Name::Night)
        };
        assert!(!night("2026-03-29T00:59:00Z"));
        assert!(night("2026-03-29T01:00:00Z"));
    }

    #[test]
    fn an_idle_machine_dreams_on_mains_without_load_and_not_too_often() {
        let idle = |minutes: u64| Felt {
            is_on_battery: Some(false),
            idle: Some(Duration::from_secs(minutes * 60)),
            load: Some(0.1),
        };
        let mut state = waiting();
        state.slots.insert(Name::Light, wall(&berlin(), at("2026-10-13T22:00:00Z")));
        state.slots.insert(Name::Sessions, wall(&berlin(), at("2026-10-13T22:00:00Z")));
        let evening = "2026-10-13T19:59:00Z";
        assert_eq!(names(&state, evening, idle(30)), [Name::Idle]);
        assert!(names(&state, evening, idle(29)).is_empty());
        assert!(names(&state, evening, Felt { is_on_battery: Some(true), ..idle(30) }).is_empty());
        assert!(names(&state, evening, Felt { load: Some(0.9), ..idle(30) }).is_empty());
        assert!(
            names(&state, evening, Felt { idle: None, ..idle(30) }).is_empty(),
            "unknown is not idle"
        );
        state.last_dream_at = Some(at("2026-10-13T14:00:00Z"));
        assert!(names(&state, evening, idle(30)).is_empty(), "six hours have not passed");
    }

    #[test]
    fn so_much_that_is_new_is_a_reason_to_dream() {
        let mut settings = Settings::default();
        settings.schedule.threshold_items = 50;
        let look = |n_new_records| {
            let state = State { n_new_records, ..waiting() };
            let now = at("2026-10-13T19:59:00Z");
            look(&state, now, &berlin(), &Felt::default(), &settings, None).expect("plain").due
        };
        assert!(look(50).iter().any(|due| due.name == Name::Threshold));
        assert!(!look(49).iter().any(|due| due.name == Name::Threshold));
    }

    #[test]
    fn a_light_dream_waits_for_mains_and_is_not_lost() {
        let mut state = State { n_days_waiting: 0, ..waiting() };
        state.slots.insert(Name::Decay, wall(&berlin(), at("2026-10-14T00:00:00Z")));
        let battery = Felt { is_on_battery: Some(true), ..Felt::default() };
        assert!(names(&state, "2026-10-13T10:30:00Z", battery).is_empty());
        assert_eq!(names(&state, "2026-10-13T11:30:00Z", Felt::default()), [Name::Light]);
    }

    #[test]
    fn an_interval_takes_the_place_of_all_schedules() {
        let every = |state: &State, now: &str, interval| {
            look(state, at(now), &berlin(), &Felt::default(), &Settings::default(), Some(interval))
                .expect("plain rules")
        };
        let state = waiting();
        assert_eq!(every(&state, "2026-10-20T07:00:00Z", 0), Look::default(), "0 disables it");
        let due = every(&state, "2026-10-13T02:05:00Z", 3_600_000).due;
        assert_eq!(due, [Due { name: Name::Interval, slot: None }]);
        assert!(every(&state, "2026-10-13T02:04:59Z", 3_600_000).due.is_empty());
    }

    #[test]
    fn the_next_time_is_told_and_a_slot_that_was_had_is_not_told_again() {
        let next = |name, slot, now: &str| {
            next_at(&Settings::default(), name, slot, at(now), &berlin()).expect("plain rules")
        };
        assert_eq!(
            next(Name::Night, None, "2026-10-14T18:00:00Z"),
            Some(at("2026-10-15T01:00:00Z"))
        );
        let had = wall(&berlin(), at("2026-10-15T01:00:00Z"));
        assert_eq!(
            next(Name::Night, Some(had), "2026-10-14T18:00:00Z"),
            Some(at("2026-10-16T01:00:00Z"))
        );
        assert_eq!(next(Name::Idle, None, "2026-10-14T18:00:00Z"), None);
    }
}
