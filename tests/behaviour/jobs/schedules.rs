use std::sync::atomic::{AtomicI64, Ordering};

use chrono::DateTime;
use rem_core::{
    api::{
        Empty,
        dreams::{DreamRequest, DreamState, StageEnd},
        jobs::JobState,
        schedule::{
            DreamForQuestion, PauseSchedules, ScheduleView, SetSchedule, dream_for_question,
            list_schedules, pause_schedules, resume_schedules, set_schedule,
        },
        status::show_status,
    },
    clock::Clock,
    event::Event,
    journal::{Cancel, Keeper},
};

use super::{HOUR, MINUTE, abandon, feeling, keeper, queue, work};
use crate::world::{World, instant, open, outside};

const DAY: i64 = 24 * HOUR;

/// Dreamt once by the person, as every journal is that dreams by itself; every schedule has been looked at.
fn at_home() -> World {
    let world = World::new();
    ready(&world);
    world
}

fn ready(world: &World) {
    world.note("The harmonium has a cracked reed.");
    world.dream();
    world.pass(MINUTE);
    let found = keeper(world).decide().expect("it looks");
    assert_eq!(found.n_queued, 0, "a first look only learns the times");
    work(world);
}

/// One look, and the work that it finds.
fn look(world: &World) -> u32 {
    let keeper = keeper(world);
    let found = keeper.decide().expect("it looks");
    keeper.work_here(&Cancel::default()).expect("it works");
    found.n_queued
}

fn go_to(world: &World, time: &str) {
    world.pass(instant(time) - world.journal.clock().now_ms());
}

fn schedule(world: &World, name: &str) -> ScheduleView {
    let all = list_schedules(&world.journal, Empty {}).expect("schedules are listed").schedules;
    all.into_iter().find(|one| one.name == name).expect("it is among them")
}

fn causes(world: &World) -> Vec<String> {
    let file = outside(world.journal.path());
    let mut find = file.prepare("SELECT cause FROM dreams ORDER BY id").expect("dreams");
    let rows = find.query_map([], |row| row.get(0)).expect("dreams");
    rows.collect::<rusqlite::Result<_>>().expect("dreams")
}

fn n_nights(world: &World) -> usize {
    causes(world).iter().filter(|cause| *cause == "night").count()
}

#[test]
fn the_night_dreams_at_three_once() {
    let world = at_home();
    world.note("Swam eleven lengths.");
    go_to(&world, "2026-10-15T02:59:00+02:00");
    look(&world);
    assert_eq!(n_nights(&world), 0);
    go_to(&world, "2026-10-15T03:00:00+02:00");
    look(&world);
    assert_eq!(n_nights(&world), 1);
    assert_eq!(schedule(&world, "night").last_slot.as_deref(), Some("2026-10-15T03:00:00"));
    world.note("Swam twelve lengths.");
    for _ in 0..20 {
        world.pass(HOUR);
        look(&world);
    }
    assert_eq!(n_nights(&world), 1, "what is new waits for the next night");
    go_to(&world, "2026-10-16T03:00:00+02:00");
    look(&world);
    assert_eq!(n_nights(&world), 2);
}

#[test]
fn a_machine_that_was_off_for_three_nights_catches_up_once() {
    let world = at_home();
    world.note("Swam eleven lengths.");
    world.pass(3 * DAY);
    look(&world);
    look(&world);
    assert_eq!(n_nights(&world), 1);
    assert_eq!(world.count("SELECT count(*) FROM jobs WHERE kind = 'dream'"), 0);
}

#[test]
fn nothing_is_dreamt_behind_the_back_of_who_has_never_dreamt() {
    let world = World::new();
    world.note("The harmonium has a cracked reed.");
    for _ in 0..3 {
        look(&world);
        world.pass(DAY);
    }
    assert_eq!(causes(&world), Vec::<String>::new());
}

#[test]
fn a_night_that_was_killed_goes_on_when_somebody_finds_it() {
    let world = at_home();
    world.note("Swam eleven lengths.");
    go_to(&world, "2026-10-15T03:00:00+02:00");
    assert_eq!(keeper(&world).decide().expect("it looks").n_queued, 1);
    let id = queue(&world).jobs.iter().find(|job| job.kind == "night").expect("it waits").id;
    abandon(&world, id, 6 * MINUTE);
    look(&world);
    assert_eq!(n_nights(&world), 1);
    assert_eq!(world.count("SELECT count(*) FROM jobs WHERE kind IN ('dream', 'night')"), 0);
}

#[test]
fn a_slot_and_its_job_are_one_transaction() {
    let world = at_home();
    world.note("Swam eleven lengths.");
    go_to(&world, "2026-10-15T03:00:00+02:00");
    outside(world.journal.path())
        .execute_batch(
            "CREATE TRIGGER full BEFORE INSERT ON jobs WHEN NEW.kind = 'night' BEGIN
               SELECT RAISE(ABORT, 'the disk is full'); END",
        )
        .expect("a full disk");
    keeper(&world).decide().expect_err("the job cannot be kept");
    let slot = schedule(&world, "night").last_slot;
    assert_ne!(slot.as_deref(), Some("2026-10-15T03:00:00"), "so the slot has not had its turn");
    outside(world.journal.path()).execute_batch("DROP TRIGGER full").expect("there is room");
    look(&world);
    assert_eq!(n_nights(&world), 1);
}

#[test]
fn two_programs_that_keep_one_journal_dream_once() {
    let world = at_home();
    world.note("Swam eleven lengths.");
    go_to(&world, "2026-10-15T03:00:00+02:00");
    let other = world.opened_again();
    let n = keeper(&world).decide().expect("it looks").n_queued
        + Keeper::new(&other, None).decide().expect("the other looks").n_queued;
    assert_eq!(n, 1);
    work(&world);
    other.work_off(rem_core::journal::Work::All, &Cancel::default()).expect("the other works");
    assert_eq!(n_nights(&world), 1);
}

#[test]
fn a_stage_of_a_night_that_failed_is_dreamt_again_alone() {
    let world = at_home();
    world.note("Swam eleven lengths.");
    let broken = "CREATE TRIGGER broken BEFORE UPDATE OF strength ON record_fading BEGIN
                    SELECT RAISE(ABORT, 'the shelf is full'); END";
    outside(world.journal.path()).execute_batch(broken).expect("a broken table");
    go_to(&world, "2026-10-15T03:00:00+02:00");
    look(&world);
    let job = queue(&world).jobs.into_iter().find(|job| job.kind == "night").expect("it waits");
    assert_eq!((job.state, job.n_attempts), (JobState::Waiting, 1));
    let failed: Vec<&str> = job
        .parts
        .iter()
        .filter(|part| part.state == "failed")
        .map(|part| part.name.as_str())
        .collect();
    assert_eq!(failed, ["decay"]);
    assert_eq!(
        world.count("SELECT count(*) FROM jobs WHERE kind = 'dream'"),
        0,
        "the day is dreamt"
    );
    outside(world.journal.path()).execute_batch("DROP TRIGGER broken").expect("mended");
    world.pass(MINUTE);
    look(&world);
    assert!(!queue(&world).jobs.iter().any(|job| job.kind == "night"));
    let file = outside(world.journal.path());
    let options: String = file
        .query_row(
            "SELECT options FROM dreams WHERE cause = 'night' ORDER BY id DESC LIMIT 1",
            [],
            |row| row.get(0),
        )
        .expect("the second try");
    assert!(options.contains(r#""stages":["decay"]"#), "{options}");
}

#[test]
fn a_pause_ends_by_itself_and_what_was_missed_is_caught_up_with() {
    let world = at_home();
    world.note("Swam eleven lengths.");
    let until = instant("2026-10-17T12:00:00+02:00");
    pause_schedules(&world.journal, PauseSchedules { until: Some(until) }).expect("it rests");
    let next = show_status(&world.journal, Empty {}).expect("status").next_dream_at;
    assert_eq!(next, Some(instant("2026-10-18T03:00:00+02:00")));
    go_to(&world, "2026-10-16T09:00:00+02:00");
    assert_eq!(look(&world), 0);
    go_to(&world, "2026-10-17T12:00:00+02:00");
    look(&world);
    assert_eq!(n_nights(&world), 1);
    pause_schedules(&world.journal, PauseSchedules { until: Some(1) }).expect_err("it has passed");
    pause_schedules(&world.journal, PauseSchedules::default()).expect("until further notice");
    assert!(schedule(&world, "night").next_at.is_none());
    resume_schedules(&world.journal, Empty {}).expect("it goes on");
    assert!(schedule(&world, "night").next_at.is_some());
}

#[test]
fn a_rule_can_be_changed_and_a_wrong_one_is_refused() {
    let world = at_home();
    let set = |name: &str, rule: &str| {
        set_schedule(&world.journal, SetSchedule { name: name.into(), rule: rule.into() })
    };
    set("night", "30 4 * * *").expect("a plain rule");
    assert_eq!(world.journal.settings().dream_at, "04:30", "what the window shows");
    assert_eq!(schedule(&world, "night").next_at, Some(instant("2026-10-15T04:30:00+02:00")));
    set("light", "off").expect("off");
    assert_eq!(schedule(&world, "light").rule, "off");
    set("light", "0 25 * * *").expect_err("no such hour");
    let mut settings = world.journal.settings();
    settings.schedule.deep = "whenever".into();
    world.journal.change_settings(settings).expect_err("no rule, by whichever way");
}

#[test]
fn an_idle_machine_dreams_and_a_busy_one_does_not() {
    let (world, feeling) = feeling();
    ready(&world);
    world.note("Swam eleven lengths.");
    world.pass(7 * HOUR - 4 * HOUR);
    feeling.set(Some(false), Some(40 * 60));
    look(&world);
    assert!(!causes(&world).iter().any(|cause| cause == "idle"), "six hours have not passed");
    // Half past three in the afternoon of the next day, after its night.
    go_to(&world, "2026-10-15T03:00:00+02:00");
    look(&world);
    world.note("Swam twelve lengths.");
    go_to(&world, "2026-10-15T15:30:00+02:00");
    feeling.set(Some(true), Some(40 * 60));
    look(&world);
    feeling.set(Some(false), Some(60));
    look(&world);
    assert!(!causes(&world).iter().any(|cause| cause == "idle"));
    feeling.set(Some(false), Some(40 * 60));
    look(&world);
    assert_eq!(causes(&world).last().map(String::as_str), Some("idle"));
}

#[test]
fn a_dream_by_itself_takes_the_newest_days_first_and_leaves_the_rest_when_its_minutes_are_over() {
    let world = World::new();
    for day in 5..12 {
        world.write(&format!("2026-10-{day:02}.md"), format!("Swam {day} lengths in the lake.\n"));
    }
    world.scan();
    // By its clock each look at the time takes twenty seconds.
    let ticks = AtomicI64::new(instant("2026-10-14T20:00:00+02:00"));
    let clock = Clock::from_fn(move || {
        DateTime::from_timestamp_millis(ticks.fetch_add(20_000, Ordering::SeqCst)).expect("a time")
    });
    let slow = open(world.home(), "personal", "Europe/Berlin", clock);
    let request = DreamRequest { most_minutes: 3, ..DreamRequest::default() };
    let report = slow.dream(&request, &Cancel::default()).expect("it ends");
    let days: Vec<&str> = report.days.iter().map(|day| day.day.as_str()).collect();
    assert_eq!(days.first(), Some(&"2026-10-11"), "the newest first");
    assert!(report.n_days_left > 0, "{days:?}");
    assert_eq!(days.len() + report.n_days_left as usize, 7);
    assert_eq!(world.dream().days.len(), report.n_days_left as usize, "the others wait");
}

#[test]
fn days_that_a_question_is_about_can_be_dreamt_first() {
    let world = at_home();
    world.note("Swam eleven lengths.");
    let ask = |is_agreed| {
        let request =
            DreamForQuestion { start: "2026-10-12".into(), end: "2026-10-18".into(), is_agreed };
        dream_for_question(&world.journal, request).expect("it is answered")
    };
    let asked = ask(false);
    assert_eq!((asked.n_days, asked.job_id), (1, None), "nothing is done without a yes");
    let events = world.journal.events();
    assert!(ask(true).job_id.is_some());
    // It is begun on a thread of its own; a minute without a word is a failure.
    loop {
        let event = events.recv_timeout(std::time::Duration::from_secs(60)).expect("it dreams");
        if let Event::DreamMoved { dream: DreamState::Ended { report } } = event {
            assert_eq!(report.days.len(), 1);
            break;
        }
    }
    assert_eq!(causes(&world).iter().filter(|cause| *cause == "question").count(), 1);
    assert_eq!(ask(false).n_days, 0);
}

#[test]
fn an_hourly_look_tells_conversations_that_are_over() {
    let world = at_home();
    let line = |minute: u32| {
        format!("14/10/2026, 20:{minute:02} - Tomas: The kiln is hot, {minute} marks.\n")
    };
    let chat: String = (0..12).map(line).collect();
    world.write("WhatsApp Chat with Tomas.txt", chat);
    world.scan();
    go_to(&world, "2026-10-14T21:00:00+02:00");
    look(&world);
    assert_eq!(world.count("SELECT count(*) FROM session_summaries"), 0, "somebody may answer");
    go_to(&world, "2026-10-14T22:00:00+02:00");
    look(&world);
    assert_eq!(world.count("SELECT count(*) FROM session_summaries"), 1);
}

#[test]
fn a_light_dream_and_a_deep_one_come_in_their_turn() {
    let world = at_home();
    world.note("Swam eleven lengths.");
    go_to(&world, "2026-10-18T01:00:00+02:00");
    look(&world);
    go_to(&world, "2026-10-18T02:00:00+02:00");
    look(&world);
    assert!(causes(&world).iter().any(|cause| cause == "night"), "the nights that were missed");
    world.note("Swam twelve lengths.");
    go_to(&world, "2026-10-25T02:00:00+02:00");
    look(&world);
    assert_eq!(causes(&world).last().map(String::as_str), Some("deep"));
    let report = world.dream();
    assert!(report.stages.iter().all(|stage| stage.end != StageEnd::Failed));
}
