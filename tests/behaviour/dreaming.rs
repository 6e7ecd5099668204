use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{channel, sync_channel},
    },
    thread,
    time::Duration,
};

use rem_core::{
    Code, Journal,
    api::{
        days::DayState,
        dreams::{DreamRequest, DreamState},
    },
    clock::Clock,
    journal::Cancel,
};

use crate::world::{EVENING, World, differences, everything, instant, open, outside};

/// A week of a person who tunes, swims and reads.
fn week() -> World {
    let world = World::new();
    for day in 5..12 {
        world.write(
            &format!("2026-10-{day:02}.md"),
            format!(
                "## 09:00–11:30\nTuned harmonium number {day} and was glad of the sound.\n\n\
                 ## 18:00\nSwam {day} lengths; the water was cold.\n"
            ),
        );
    }
    world.scan();
    world
}

fn ask(set: impl FnOnce(&mut DreamRequest)) -> DreamRequest {
    let mut request = DreamRequest::default();
    set(&mut request);
    request
}

#[test]
fn a_dream_makes_moments_and_tells_the_day() {
    let world = week();
    let report = world.dream();
    assert_eq!((report.days.len(), report.n_added), (7, 14));
    let day = world.day("2026-10-05");
    assert_eq!((day.state, day.moments.len()), (DayState::Dreamt, 2));
    assert!(day.summary.expect("a story").contains("harmonium number 5"));
    assert_eq!(day.moments[0].starts_at, instant("2026-10-05T09:00:00+02:00"));
    assert_eq!(day.moments[0].ends_at, instant("2026-10-05T11:30:00+02:00"));
}

#[test]
fn a_second_dream_writes_nothing() {
    let world = week();
    world.dream();
    let before = world.everything();
    for request in [DreamRequest::default(), ask(|r| r.start = Some("2026-10-01".into()))] {
        let report = world.dream_with(&request);
        assert_eq!(report.dream_id, None);
        assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
    }
}

#[test]
fn the_same_notes_are_dreamt_alike_in_two_journals() {
    let told = || {
        let world = week();
        world.dream();
        let shown: Vec<_> =
            world.moments().into_iter().map(|m| (m.title, m.summary, m.tags)).collect();
        shown
    };
    assert_eq!(told(), told());
}

#[test]
fn a_changed_day_is_dreamt_again_and_the_others_are_left_alone() {
    let world = week();
    world.dream();
    world.write("2026-10-07.md", "## 09:00\nSlept until noon because of the fever.\n");
    world.scan();
    assert_eq!(world.day("2026-10-07").state, DayState::Stale);
    let report = world.dream();
    assert_eq!(report.days.iter().map(|d| d.day.as_str()).collect::<Vec<_>>(), ["2026-10-07"]);
    assert_eq!(world.day("2026-10-07").state, DayState::Dreamt);
}

#[test]
fn a_dry_run_says_what_would_be_dreamt_and_writes_nothing() {
    let world = week();
    let before = world.everything();
    let report = world.dream_with(&ask(|r| r.dry_run = true));
    assert_eq!((report.days.len(), report.n_records, report.dream_id), (7, 7, None));
    assert!(report.days.iter().all(|day| day.n_episodes == 2));
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn a_limit_dreams_the_newest_days_first() {
    let world = week();
    let report = world.dream_with(&ask(|r| r.limit = Some(2)));
    let days: Vec<_> = report.days.iter().map(|day| day.day.as_str()).collect();
    assert_eq!(days, ["2026-10-10", "2026-10-11"]);
    assert_eq!(world.dream().days.len(), 5, "the others wait for the next dream");
}

#[test]
fn only_the_days_asked_for_are_dreamt() {
    let world = week();
    let report = world.dream_with(&ask(|r| {
        r.start = Some("2026-10-06".into());
        r.end = Some("2026-10-07".into());
    }));
    assert_eq!(report.days.len(), 2);
    let report = world.dream_with(&ask(|r| r.lookback_hours = Some(24 * 4)));
    assert_eq!(report.days.len(), 2, "the 10th and 11th lie within four days of the 14th");
}

#[test]
fn short_moments_can_be_left_out_where_their_length_is_known() {
    let world = week();
    world.write("2026-10-12.md", "## 10:00–10:10\nRang the landlord about the roof.\n");
    world.scan();
    world.dream_with(&ask(|r| r.min_duration_minutes = 60));
    let lasted: Vec<_> =
        world.moments().iter().map(|m| (m.ends_at - m.starts_at) / 60_000).collect();
    assert!(lasted.contains(&150) && !lasted.contains(&10), "{lasted:?}");
    assert!(lasted.contains(&0), "what has no end may have been long: {lasted:?}");
}

#[test]
fn only_some_kinds_of_moments_can_be_asked_for() {
    let world = week();
    world.dream_with(&ask(|r| r.moment_types = vec!["exercise".into()]));
    assert_eq!(world.moments().len(), 7);
    assert!(world.moments().iter().all(|moment| moment.moment_type == "exercise"));
    assert_eq!(world.dream().n_added, 7, "the whole dream adds the others");
    assert_eq!(world.moments().len(), 14);
}

#[test]
fn a_dream_of_some_kinds_takes_nothing_away() {
    let world = week();
    world.dream();
    world.write("2026-10-07.md", "## 18:00\nSwam 70 lengths; the water was warm.\n");
    world.scan();
    let report = world.dream_with(&ask(|r| r.moment_types = vec!["exercise".into()]));
    assert_eq!(report.n_removed, 0);
    assert_eq!(world.dream().n_removed, 1);
}

#[test]
fn what_cannot_be_asked_is_refused_with_what_can() {
    let world = week();
    for (request, words) in [
        (ask(|r| r.moment_types = vec!["holiday".into()]), "conversation"),
        (ask(|r| r.start = Some("yesterday".into())), "2026-10-14"),
        (
            ask(|r| {
                r.start = Some("2026-10-07".into());
                r.end = Some("2026-10-05".into());
            }),
            "swap",
        ),
    ] {
        let error = world.journal.dream(&request, &Cancel::default()).expect_err("refused");
        assert_eq!(error.code(), Code::InvalidInput);
        assert!(error.to_string().contains(words), "{error}");
    }
    assert_eq!(world.dream().days.len(), 7, "a refused dream blocks no other");
}

#[test]
fn stories_can_be_told_again_without_dreaming() {
    let world = week();
    world.dream();
    let before = world.moments();
    let report = world.dream_with(&ask(|r| r.summary_only = true));
    assert_eq!((report.days.len(), report.n_added + report.n_changed), (7, 0));
    assert_eq!(world.moments(), before);
}

#[test]
fn telling_stories_again_leaves_a_day_that_waits_for_its_dream_waiting() {
    let world = week();
    world.dream();
    world.write("2026-10-07.md", "## 09:00\nSlept until noon because of the fever.\n");
    world.write("2026-10-12.md", "## 09:00\nBought new felt for the bellows.\n");
    world.scan();
    world.dream_with(&ask(|r| r.summary_only = true));
    assert_eq!(world.day("2026-10-07").state, DayState::Stale);
    assert_eq!(world.day("2026-10-12").state, DayState::Waiting);
    world.dream();
    world.moment_about("fever");
    world.moment_about("new felt");
}

/// A clock that calls `look` whenever a dream asks it for the time.
fn listening_clock(look: impl Fn() + Send + Sync + 'static) -> Clock {
    let now = EVENING.parse().expect("a time");
    Clock::from_fn(move || {
        look();
        now
    })
}

#[test]
fn a_dream_that_is_stopped_anywhere_keeps_whole_days_and_the_next_one_finishes() {
    let whole = {
        let world = week();
        world.dream();
        world.moments()
    };
    let mut n_stopped = 0;
    // Each round stops the dream one step later, until it is done before it can be stopped.
    for stop_at in 1.. {
        let world = week();
        let (cancel, n_looks) = (Cancel::default(), Arc::new(AtomicUsize::new(0)));
        let clock = {
            let (cancel, n_looks) = (cancel.clone(), Arc::clone(&n_looks));
            listening_clock(move || {
                if n_looks.fetch_add(1, Ordering::SeqCst) >= stop_at {
                    cancel.cancel();
                }
            })
        };
        let journal = open(world.home(), "personal", "Europe/Berlin", clock);
        n_looks.store(0, Ordering::SeqCst);
        let report = journal.dream(&DreamRequest::default(), &cancel).expect("a dream");
        for day in &report.days {
            assert_eq!(world.day(&day.day).moments.len(), 2, "{} is whole", day.day);
            assert_eq!(world.day(&day.day).state, DayState::Dreamt);
        }
        assert_eq!(world.moments().len(), 2 * report.days.len(), "no day is there by half");
        if !report.is_cancelled {
            break;
        }
        n_stopped += 1;
        world.dream();
        let shown = |m: &rem_core::api::moments::MomentCard| {
            (m.title.clone(), m.summary.clone(), m.starts_at, m.tags.clone())
        };
        let finished: Vec<_> = world.moments().iter().map(shown).collect();
        assert_eq!(finished, whole.iter().map(shown).collect::<Vec<_>>());
    }
    assert!(n_stopped >= 7, "the dream was stopped only {n_stopped} times");
}

/// A journal whose dream stands still in the middle until `go` is dropped or told.
fn held_dream(world: &World) -> (Journal, thread::JoinHandle<()>, std::sync::mpsc::SyncSender<()>) {
    let (reached, is_reached) = channel();
    let (go, may_go) = sync_channel::<()>(0);
    let may_go = std::sync::Mutex::new(may_go);
    let is_armed = Arc::new(AtomicBool::new(false));
    let clock = {
        let is_armed = Arc::clone(&is_armed);
        listening_clock(move || {
            // The lock is taken at the first look at the clock; it stops at the third.
            if thread::current().name() == Some("dreamer") && is_armed.swap(false, Ordering::SeqCst)
            {
                reached.send(()).expect("the test listens");
                let _ = may_go.lock().expect("one dreamer").recv();
            }
        })
    };
    let journal = open(world.home(), "personal", "Europe/Berlin", clock);
    let events = journal.events();
    let dreamer = {
        let journal = journal.clone();
        thread::Builder::new().name("dreamer".into()).spawn(move || {
            let report = journal.dream(&DreamRequest::default(), &Cancel::default());
            assert_eq!(report.expect("the held dream ends well").days.len(), 7);
        })
    }
    .expect("a thread");
    // The first event comes when the lock is held.
    events.recv_timeout(Duration::from_secs(60)).expect("the dream begins");
    is_armed.store(true, Ordering::SeqCst);
    is_reached.recv_timeout(Duration::from_secs(60)).expect("the dream stands still");
    (journal, dreamer, go)
}

#[test]
fn one_dream_at_a_time_in_this_program_and_in_all_others() {
    let world = week();
    let (journal, dreamer, go) = held_dream(&world);
    for other in [&journal, &world.journal] {
        let error = other.dream(&DreamRequest::default(), &Cancel::default()).expect_err("busy");
        assert_eq!(error.code(), Code::Busy, "{error}");
    }
    assert!(matches!(journal.dream_state(), DreamState::Dreaming { .. }));
    drop(go);
    dreamer.join().expect("the first dream ends well");
    assert_eq!(world.dream().dream_id, None, "and the lock is free again");
}

#[test]
fn notes_that_change_during_a_dream_are_dreamt_again() {
    let world = week();
    let (_journal, dreamer, go) = held_dream(&world);
    for day in 5..12 {
        world.write(&format!("2026-10-{day:02}.md"), format!("Slept until noon on day {day}."));
    }
    world.pass(1);
    world.scan();
    drop(go);
    dreamer.join().expect("the first dream ends well");
    world.dream();
    assert_eq!(world.moments().len(), 7);
    assert!(world.moments().iter().all(|moment| moment.summary.contains("Slept until noon")));
}

/// The traces of a dreamer that was killed.
fn killed_dreamer(world: &World) {
    let now = instant(EVENING);
    let file = outside(world.journal.path());
    file.execute(
        "INSERT INTO locks (name, owner, heartbeat_at, expires_at) VALUES ('dream', 'killed', ?1, ?2)",
        [now, now + 300_000],
    )
    .expect("its lock");
    file.execute(
        "INSERT INTO dreams (cause, mind, options, state, started_at)
         VALUES ('night', 'built-in analyser', '{}', 'running', ?1)",
        [now],
    )
    .expect("its dream");
}

#[test]
fn a_dreamer_that_was_killed_is_waited_for_and_then_taken_over_from() {
    let world = week();
    killed_dreamer(&world);
    let error = world.journal.dream(&DreamRequest::default(), &Cancel::default());
    assert_eq!(error.expect_err("it may still live").code(), Code::Busy);
    world.pass(301_000);
    assert_eq!(world.dream().days.len(), 7);
    let of_state =
        |state: &str| world.count(&format!("SELECT count(*) FROM dreams WHERE state = '{state}'"));
    assert_eq!((of_state("failed"), of_state("running"), of_state("done")), (1, 0, 1));
}

#[test]
fn what_happens_in_a_dream_is_told_as_it_happens() {
    let world = week();
    let events = world.journal.events();
    world.dream();
    let told: Vec<_> = events
        .try_iter()
        .filter_map(|event| match event {
            rem_core::event::Event::DreamMoved { dream } => Some(dream),
            _ => None,
        })
        .collect();
    assert!(matches!(told.first(), Some(DreamState::Dreaming { .. })));
    assert!(matches!(told.last(), Some(DreamState::Ended { .. })));
    let titles = told.iter().filter(
        |state| matches!(state, DreamState::Dreaming { progress } if progress.last_title.is_some()),
    );
    assert_eq!(titles.count(), 14);
}

#[test]
fn a_journal_without_notes_dreams_of_nothing() {
    let world = World::new();
    let before = everything(world.journal.path());
    let report = world.dream();
    assert_eq!((report.dream_id, report.days.len()), (None, 0));
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}
