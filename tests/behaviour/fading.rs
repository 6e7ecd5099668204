use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use chrono::{DateTime, TimeDelta};
use rem_core::{
    Code,
    api::{
        decay::{DecayReport, DecayRequest, dream_decay},
        dreams::DreamRequest,
        moments::{CorrectMoment, Correction, correct_moment},
        records::{ShowRecord, show_record},
        search::{Scope, SearchRequest},
    },
    clock::Clock,
    journal::Cancel,
};

use crate::world::{World, differences, open, outside};

const DAY: i64 = 86_400_000;

/// A day with two moments, and a conversation.
fn dreamt() -> World {
    let world = World::new();
    world.write(
        "2026-10-12.md",
        "## 09:00\nTuned the harmonium with Ilse and was glad of the sound.\n\n\
         ## 18:00\nSwam eleven lengths; the water was cold.\n",
    );
    world.write(
        "WhatsApp Chat with Tomas.txt",
        "13/10/2026, 18:02 - Tomas: Did the kiln arrive?\n\
         13/10/2026, 18:05 - Hester Voss: It did, and it is heavier than the oven.\n",
    );
    world.scan();
    world.dream();
    world
}

fn fade(world: &World) -> DecayReport {
    dream_decay(&world.journal, DecayRequest::default()).expect("it ends well")
}

/// The strengths as the stage wrote them.
fn written(world: &World) -> BTreeMap<String, f64> {
    world.journal.count_visits();
    let file = outside(world.journal.path());
    let mut find = file
        .prepare(
            "SELECT 'moment ' || moment_id, strength FROM moment_fading
             UNION ALL SELECT 'record ' || record_id, strength FROM record_fading",
        )
        .expect("strengths");
    let rows = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("strengths");
    rows.collect::<rusqlite::Result<_>>().expect("strengths")
}

fn strength_of(world: &World, id: i64) -> f64 {
    written(world)[&format!("moment {id}")]
}

/// The ids of the moments about the harmonium and about swimming.
fn two(world: &World) -> (i64, i64) {
    let id = |words: &str| {
        let file = outside(world.journal.path());
        file.query_row(
            "SELECT id FROM moments WHERE summary LIKE '%' || ?1 || '%'",
            [words],
            |row| row.get(0),
        )
        .expect("a moment")
    };
    (id("harmonium"), id("lengths"))
}

fn pin(world: &World, id: i64, pinned: bool) {
    let correction = Correction::Pinned { pinned };
    correct_moment(&world.journal, CorrectMoment { id, correction }).expect("it is pinned");
}

#[test]
fn what_is_new_has_all_its_strength_and_what_nobody_returns_to_loses_some() {
    let world = dreamt();
    assert!(written(&world).values().all(|strength| *strength == 1.0));
    world.pass(40 * DAY);
    let report = fade(&world);
    assert_eq!((report.n_processed, report.n_faded, report.n_accelerated), (5, 5, 5));
    assert!(report.mean_after < report.mean_before && report.dream_id.is_some());
    assert!(written(&world).values().all(|strength| (0.9..1.0).contains(strength)));
}

#[test]
fn a_year_of_daily_runs_and_one_run_at_its_end_give_the_same() {
    let (daily, once) = (dreamt(), dreamt());
    for day in 0..365 {
        for world in [&daily, &once] {
            world.pass(DAY);
            if day % 50 == 49 {
                world.moment(two(world).0);
                world.journal.count_visits();
            }
        }
        fade(&daily);
    }
    fade(&once);
    assert_eq!(written(&daily), written(&once));
}

#[test]
fn a_second_run_on_the_same_day_writes_nothing() {
    let world = dreamt();
    world.pass(40 * DAY);
    fade(&world);
    let before = world.everything();
    for hours in [1, 2] {
        world.pass(hours * 3_600_000 / 2);
        let report = fade(&world);
        assert_eq!((report.dream_id, report.n_faded), (None, 0));
        assert_eq!(world.dream().dream_id, None);
    }
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn it_leaves_one_dream_and_one_revision_and_no_history_of_things() {
    let world = dreamt();
    let changes = world.count("SELECT count(*) FROM revision_changes");
    world.pass(40 * DAY);
    let report = fade(&world);
    assert_eq!(world.count("SELECT count(*) FROM revision_changes"), changes);
    let kept = outside(world.journal.path())
        .query_row(
            "SELECT d.report FROM dreams d JOIN revisions r ON r.dream_id = d.id
             WHERE d.cause = 'decay' AND d.state = 'done'",
            [],
            |row| row.get::<_, String>(0),
        )
        .expect("one dream with one revision");
    let kept: DecayReport = serde_json::from_str(&kept).expect("its report");
    assert_eq!((kept.n_faded, kept.dream_id), (report.n_faded, report.dream_id));
}

#[test]
fn every_dream_begins_with_it() {
    let world = dreamt();
    world.pass(40 * DAY);
    let report = world.dream();
    assert_eq!(report.faded.expect("it faded").n_faded, 5);
    assert!(report.dream_id.is_some() && report.days.is_empty());
    assert!(written(&world).values().all(|strength| *strength < 1.0));
}

#[test]
fn looking_and_comparing_fade_nothing() {
    let world = dreamt();
    world.pass(40 * DAY);
    let before = world.everything();
    let report =
        dream_decay(&world.journal, DecayRequest { dry_run: true, ..DecayRequest::default() })
            .expect("it looks");
    assert_eq!((report.n_faded, report.is_dry_run, report.dream_id), (5, true, None));
    world.dream_with(&DreamRequest { dry_run: true, ..DreamRequest::default() });
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
    let start = Some("2026-10-12".into());
    let request = DreamRequest { redo: true, compare: true, start, ..DreamRequest::default() };
    assert_eq!(world.dream_with(&request).faded, None);
    assert!(written(&world).values().all(|strength| *strength == 1.0));
}

#[test]
fn asked_to_stop_it_writes_nothing() {
    let world = dreamt();
    world.pass(40 * DAY);
    let before = world.everything();
    let cancel = Cancel::default();
    cancel.cancel();
    let report = world.journal.dream_decay(DecayRequest::default(), &cancel).expect("it ends");
    assert!(report.is_cancelled);
    assert!(world.journal.dream(&DreamRequest::default(), &cancel).expect("it ends").is_cancelled);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn opening_a_moment_slows_its_fading() {
    let world = dreamt();
    let (opened, left_alone) = two(&world);
    world.pass(60 * DAY);
    fade(&world);
    let before = strength_of(&world, opened);
    assert_eq!(before, strength_of(&world, left_alone));
    let shown = world.moment(opened);
    assert!((f64::from(shown.strength) - before).abs() < 1e-6, "it is shown as it was found");
    world.journal.count_visits();
    assert!(f64::from(world.moment(opened).strength) > before, "and is rekindled by it");
    world.pass(30 * DAY);
    fade(&world);
    let lost = |id| before - strength_of(&world, id);
    assert!(lost(opened) < 0.0, "a part of what was lost came back");
    assert!(lost(left_alone) > 0.05);
}

#[test]
fn a_day_has_one_visit_however_often_the_window_asks() {
    let world = dreamt();
    let (id, _) = two(&world);
    let n = |world: &World| {
        world.journal.count_visits();
        world.count(&format!("SELECT n_visits FROM moment_fading WHERE moment_id = {id}"))
    };
    world.moment(id);
    assert_eq!(n(&world), 0, "it is no return on the day on which it came in");
    for day in 1..=3 {
        world.pass(DAY);
        for _ in 0..5 {
            world.moment(id);
        }
        assert_eq!(n(&world), day);
    }
}

#[test]
fn lists_searches_and_dreams_are_no_visits() {
    let world = dreamt();
    world.pass(DAY);
    let visits = "SELECT (SELECT sum(n_visits) FROM moment_fading)
                       + (SELECT sum(n_visits) FROM record_fading)";
    world.day("2026-10-12");
    world.days();
    world.search("harmonium");
    world.write("2026-10-13.md", "## 08:00\nIlse wrote that the harmonium is in tune.\n");
    world.scan();
    world.dream();
    world.journal.count_visits();
    assert_eq!(world.count(visits), 0);
}

#[test]
fn reading_a_message_is_a_visit_to_its_conversation() {
    let world = dreamt();
    let message = world.count("SELECT max(id) FROM records WHERE kind = 'message'");
    world.pass(DAY);
    show_record(&world.journal, ShowRecord { id: message, moment_id: None }).expect("it is shown");
    world.journal.count_visits();
    let visited = "SELECT count(*) FROM record_fading f JOIN records r ON r.id = f.record_id
                   WHERE r.kind = 'session' AND f.n_visits = 1";
    assert_eq!(world.count(visited), 1);
    assert_eq!(world.count("SELECT sum(n_visits) FROM record_fading"), 1);
}

#[test]
fn pinned_moments_do_not_fade_and_fade_again_when_they_are_unpinned() {
    let world = dreamt();
    let (pinned, other) = two(&world);
    pin(&world, pinned, true);
    world.pass(3_000 * DAY);
    assert_eq!(fade(&world).n_pinned, 1);
    assert_eq!(strength_of(&world, pinned), 1.0);
    assert!(strength_of(&world, other) < 0.02);
    pin(&world, pinned, false);
    fade(&world);
    assert_eq!(strength_of(&world, pinned), strength_of(&world, other));
}

#[test]
fn after_a_year_of_ordinary_use_pinned_and_revisited_things_lead_and_nothing_is_at_the_floor() {
    let world = World::new();
    for n in 0..20 {
        let day = n % 10 + 1;
        world.write(
            &format!("2026-09-{day:02} {n}.md"),
            format!("Day {n}: mended chair number {n} with Tomas.\n"),
        );
    }
    world.scan();
    world.dream();
    let ids: Vec<i64> = world.moments().iter().map(|moment| moment.id).collect();
    let [pinned, weekly, monthly, ref rest @ ..] = ids[..] else { panic!("too few moments") };
    pin(&world, pinned, true);
    for day in 1..=365 {
        world.pass(DAY);
        if day % 7 == 0 {
            world.moment(weekly);
        }
        if day % 30 == 0 {
            world.moment(monthly);
        }
        if day % 10 == 0 {
            world.journal.count_visits();
            fade(&world);
        }
    }
    let report = fade(&world);
    let [pinned, weekly, monthly] = [pinned, weekly, monthly].map(|id| strength_of(&world, id));
    let rest: Vec<f64> = rest.iter().map(|id| strength_of(&world, *id)).collect();
    assert!(pinned > weekly && weekly > monthly, "{pinned} {weekly} {monthly}");
    assert!(rest.iter().all(|strength| (0.4..0.6).contains(strength)), "{rest:?}");
    assert!(monthly > 0.9, "{monthly}");
    assert_eq!(report.n_at_floor, 0);
}

#[test]
fn a_clock_that_was_set_back_neither_strengthens_nor_breaks_anything() {
    let world = dreamt();
    let (id, _) = two(&world);
    world.pass(60 * DAY);
    world.moment(id);
    world.journal.count_visits();
    fade(&world);
    let before = (written(&world), world.moment(id).strength);
    for back in [DAY, 59 * DAY, 20_000 * DAY] {
        world.pass(-back);
        assert_eq!((fade(&world).n_faded, fade(&world).n_rekindled), (0, 0));
        assert_eq!(world.moment(id).strength, before.1);
        world.note("The clock on the oven is wrong as well.");
        world.dream();
        assert!(
            written(&world).values().all(|strength| *strength > 0.5),
            "nor weakens what is new"
        );
        world.pass(back);
        let after = written(&world);
        assert!(before.0.iter().all(|(thing, strength)| after[thing] <= *strength), "{after:?}");
    }
    world.pass(40 * DAY);
    fade(&world);
    let after = written(&world);
    assert!(before.0.iter().all(|(thing, strength)| after[thing] < *strength), "it goes on");
}

#[test]
fn of_two_that_say_the_same_the_one_that_was_returned_to_is_found_first() {
    let world = World::new();
    world.write("2026-10-01.md", "Rowed to the heron island with Ilse.\n");
    world.write("2026-10-02.md", "Rowed to the heron island with Anna.\n");
    world.scan();
    world.dream();
    let found = |scope: Scope| -> Vec<i64> {
        let request = SearchRequest { query: "heron".into(), scope, ..SearchRequest::default() };
        world.search_with(request).into_iter().map(|hit| hit.id).collect()
    };
    for scope in [Scope::Moments, Scope::Notes] {
        let before = found(scope);
        world.pass(DAY);
        if scope == Scope::Moments {
            world.moment(before[1]);
        } else {
            let ask = ShowRecord { id: before[1], moment_id: None };
            show_record(&world.journal, ask).expect("it is shown");
        }
        world.journal.count_visits();
        world.pass(40 * DAY);
        fade(&world);
        assert_eq!(found(scope), [before[1], before[0]], "{scope:?}");
    }
}

#[test]
fn what_is_gone_no_longer_fades() {
    let world = dreamt();
    world.forget_source(world.source());
    world.dream();
    assert_eq!(written(&world), BTreeMap::new());
}

#[test]
fn another_process_that_dreams_is_not_disturbed() {
    let world = dreamt();
    world.pass(40 * DAY);
    outside(world.journal.path())
        .execute(
            "INSERT INTO locks (name, owner, heartbeat_at, expires_at)
             VALUES ('dream', 'another', ?1, ?1 + 300000)",
            [world.journal.clock().now_ms()],
        )
        .expect("another process dreams");
    let error = dream_decay(&world.journal, DecayRequest::default()).expect_err("it dreams");
    assert_eq!(error.code(), Code::Busy);
    assert!(written(&world).values().all(|strength| *strength == 1.0));
}

#[test]
fn two_processes_that_fade_and_read_at_once_do_not_disturb_each_other() {
    let world = dreamt();
    let (id, _) = two(&world);
    let other = world.opened_again();
    world.pass(40 * DAY);
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !is_over.load(Ordering::SeqCst) {
                let request = rem_core::api::moments::ShowMoment { id };
                rem_core::api::moments::show_moment(&other, request).expect("it is shown");
            }
        });
        for _ in 0..20 {
            world.pass(DAY);
            fade(&world);
        }
        is_over.store(true, Ordering::SeqCst);
        reader.join().expect("reading never fails");
    });
    world.moment(id);
    world.journal.count_visits();
    other.count_visits();
    let n = world.count(&format!("SELECT n_visits FROM moment_fading WHERE moment_id = {id}"));
    assert!((1..=21).contains(&n), "{n}");
}

#[test]
fn a_visit_that_cannot_be_counted_just_now_is_counted_with_the_next() {
    let world = dreamt();
    let (first, second) = two(&world);
    world.pass(DAY);
    let other = outside(world.journal.path());
    other.execute_batch("BEGIN IMMEDIATE").expect("another process writes");
    world.moment(first);
    world.journal.count_visits();
    assert_eq!(world.count("SELECT sum(n_visits) FROM moment_fading"), 0);
    other.execute_batch("COMMIT").expect("it has written");
    world.moment(second);
    world.journal.count_visits();
    assert_eq!(world.count("SELECT sum(n_visits) FROM moment_fading"), 2);
}

#[test]
fn a_journal_from_before_fading_begins_to_fade_when_it_is_opened() {
    // sqlite-vec is registered by the first journal of the process.
    drop(World::new());
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = rem_core::journal::journal_path(home.path(), "personal").expect("a name");
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let moment = |id: i64, is_pinned: bool| {
        format!(
            "INSERT INTO moments VALUES ({id}, x'0{id}', '2026-01-0{id}', '2026-01-0{id}', 0, 0, 0, 'day',
               'work', 'Tuned a reed', 'Tuned a reed.', '', 'en', '[]', '[]', '[]', 0, 0, 1, 0,
               {is_pinned}, 'built-in', '{{}}', 1, 0, 0);"
        )
    };
    outside(&path)
        .execute_batch(&format!(
            "{}{}{}
             INSERT INTO revisions (id, author, label, created_at) VALUES (1, 'person', 'x', 1);
             {}{} PRAGMA user_version = 3; PRAGMA application_id = 0x52454d4a;
             PRAGMA journal_mode = WAL;",
            include_str!("../../src-tauri/core/src/store/migrations/0001_first_night.sql"),
            include_str!("../../src-tauri/core/src/store/migrations/0002_minds.sql"),
            include_str!("../../src-tauri/core/src/store/migrations/0003_embedders.sql"),
            moment(1, false),
            moment(2, true),
        ))
        .expect("an old journal");
    let now = DateTime::UNIX_EPOCH + TimeDelta::days(40);
    let journal = open(home.path(), "personal", "Europe/Berlin", Clock::fixed(now));
    let report = dream_decay(&journal, DecayRequest::default()).expect("it ends well");
    assert_eq!((report.n_faded, report.n_pinned), (1, 1));
}
