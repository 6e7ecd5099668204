//! The queue, the schedules that fill it, and what is done as soon as something is saved.

/// What happens to a save, a step at a time: nothing is lost, nothing is done twice.
mod saving;
/// What is due when, and what becomes of it.
mod schedules;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use rem_core::{
    api::{
        dreams::StageEnd,
        jobs::{
            JobId, JobState, JobView, ListJobs, QueueView, discard_job, list_jobs, retry_job,
            show_job,
        },
    },
    journal::{Cancel, Keeper, Work},
    mind::around::{Around, Senses},
};

use crate::world::{World, differences, outside};

const SECOND: i64 = 1_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

fn queue(world: &World) -> QueueView {
    list_jobs(&world.journal, ListJobs::default()).expect("the queue is listed")
}

fn job(world: &World, id: i64) -> JobView {
    show_job(&world.journal, JobId { id }).expect("the job is there")
}

fn work(world: &World) -> u32 {
    world.journal.work_off(Work::All, &Cancel::default()).expect("the queue is worked on")
}

/// Lets what was saved settle, and works on it.
fn settle(world: &World) -> u32 {
    world.pass(6 * SECOND);
    work(world)
}

fn keeper(world: &World) -> Keeper {
    Keeper::new(&world.journal, None)
}

/// What the machine feels like, for a test to change.
#[derive(Clone, Default)]
struct Feeling(Arc<Mutex<Felt>>);

#[derive(Clone, Copy, Default)]
struct Felt {
    battery: Option<bool>,
    idle: Option<u64>,
}

impl Feeling {
    fn set(&self, battery: Option<bool>, idle: Option<u64>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Felt { battery, idle };
    }

    fn get(&self) -> Felt {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Senses for Feeling {
    fn is_on_battery(&self) -> Option<bool> {
        self.get().battery
    }

    fn idle_for(&self) -> Option<Duration> {
        self.get().idle.map(Duration::from_secs)
    }
}

fn feeling() -> (World, Feeling) {
    let feeling = Feeling::default();
    let around = Around { senses: Arc::new(feeling.clone()), ..Around::default() };
    (World::around(around), feeling)
}

/// A job of which a program died so many milliseconds ago.
fn abandon(world: &World, id: i64, ago: i64) {
    let now = world.journal.clock().now_ms();
    outside(world.journal.path())
        .execute(
            "UPDATE jobs SET state = 'running', leased_by = 'killed', n_attempts = n_attempts + 1,
               heartbeat_at = ?2, leased_until = ?2 + 300000 WHERE id = ?1",
            [id, now - ago],
        )
        .expect("as a killed program left it");
}

#[test]
fn a_saved_note_waits_in_the_queue_with_the_transaction_that_kept_it() {
    let world = World::new();
    let record = world.note("The harmonium has a cracked reed.");
    let queue = queue(&world);
    assert_eq!((queue.n_waiting, queue.n_days), (1, 1), "the note, and its day for the dream");
    let job = &queue.jobs[0];
    assert_eq!((job.kind.as_str(), job.record_id), ("record", Some(record)));
    assert_eq!((job.state, job.priority, job.n_attempts), (JobState::Waiting, 0, 0));
    let payload: String = outside(world.journal.path())
        .query_row("SELECT group_concat(payload || key || reason, '') FROM jobs", [], |row| {
            row.get(0)
        })
        .expect("payloads");
    assert!(!payload.contains("harmonium"), "a job points at rows and copies no text: {payload}");
}

#[test]
fn saving_a_note_again_joins_the_job_that_waits() {
    let world = World::new();
    world.write("2026-10-14.md", "Tuned the harmonium.\n");
    world.scan();
    let first = queue(&world).jobs[0].clone();
    world.pass(3 * SECOND);
    world.write("2026-10-14.md", "Tuned the harmonium, and swam.\n");
    world.scan();
    let records: Vec<JobView> =
        queue(&world).jobs.into_iter().filter(|job| job.kind == "record").collect();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].id, first.id);
    assert!(records[0].run_after > first.run_after, "it settles once more");
    assert!(records[0].run_after - first.created_at <= 20 * SECOND, "but not for ever");
}

#[test]
fn a_big_import_fills_no_queue() {
    let world = World::new();
    for n in 0..1_010 {
        world.write(&format!("many/{n}.md"), format!("Note {n} about the kiln.\n"));
    }
    world.scan();
    let queue = queue(&world);
    let kinds: Vec<&str> = queue.jobs.iter().map(|job| job.kind.as_str()).collect();
    assert_eq!(kinds, ["records", "embed"], "one job for all of it");
    settle(&world);
    assert_eq!(world.count("SELECT count(*) FROM tagged_records"), 1_010);
    assert_eq!(world.count("SELECT count(*) FROM jobs WHERE kind <> 'dream'"), 0);
}

#[test]
fn a_program_that_died_is_waited_for_and_its_job_taken_over() {
    let world = World::new();
    world.note("The harmonium has a cracked reed.");
    world.pass(6 * SECOND);
    let id = queue(&world).jobs[0].id;
    abandon(&world, id, 4 * MINUTE);
    assert_eq!(work(&world), 0, "its lease runs for five minutes");
    assert_eq!(job(&world, id).state, JobState::Running);
    world.pass(2 * MINUTE);
    assert_eq!(work(&world), 1);
    assert_eq!(world.count("SELECT count(*) FROM record_tags WHERE tag = 'harmonium'"), 1);
}

#[test]
fn a_job_that_takes_its_program_with_it_is_not_tried_for_ever() {
    let world = World::new();
    world.note("The harmonium has a cracked reed.");
    world.pass(6 * SECOND);
    let id = queue(&world).jobs[0].id;
    for _ in 0..4 {
        abandon(&world, id, 6 * MINUTE);
        keeper(&world).decide().expect("it looks");
    }
    let dead = job(&world, id);
    assert_eq!((dead.state, dead.n_attempts), (JobState::Dead, 4));
    assert!(dead.reason.contains("the program ended"), "{}", dead.reason);
}

/// Makes the tags of all notes fail, as a damaged table would.
fn break_tags(world: &World) {
    outside(world.journal.path())
        .execute_batch(
            "CREATE TRIGGER broken BEFORE INSERT ON tagged_records BEGIN
               SELECT RAISE(ABORT, 'the shelf is full'); END",
        )
        .expect("a broken table");
}

fn mend_tags(world: &World) {
    outside(world.journal.path()).execute_batch("DROP TRIGGER broken").expect("mended");
}

#[test]
fn only_the_part_that_failed_is_tried_again() {
    let world = World::new();
    world.note("The harmonium has a cracked reed.");
    break_tags(&world);
    settle(&world);
    let failed = queue(&world).jobs[0].clone();
    let states: BTreeMap<&str, &str> =
        failed.parts.iter().map(|part| (part.name.as_str(), part.state.as_str())).collect();
    assert_eq!(
        states,
        BTreeMap::from([("edges", "done"), ("embedding", "done"), ("tags", "failed")])
    );
    assert_eq!((failed.state, failed.n_attempts), (JobState::Waiting, 1));
    let gap = failed.run_after - world.journal.clock().now_ms();
    assert!((22 * SECOND..=38 * SECOND).contains(&gap), "about half a minute: {gap} ms");
    mend_tags(&world);
    world.pass(gap);
    assert_eq!(work(&world), 1);
    assert_eq!(world.count("SELECT count(*) FROM record_tags WHERE tag = 'harmonium'"), 1);
}

#[test]
fn a_job_that_fails_four_times_is_dead_until_the_person_wants_it_tried_again() {
    let world = World::new();
    world.note("The harmonium has a cracked reed.");
    break_tags(&world);
    settle(&world);
    let id = queue(&world).jobs[0].id;
    for n in 2..=4 {
        world.pass(HOUR);
        work(&world);
        assert_eq!(job(&world, id).n_attempts, n);
    }
    let dead = job(&world, id);
    assert_eq!(dead.state, JobState::Dead);
    assert!(
        dead.reason.contains("tags") && dead.reason.contains("the shelf is full"),
        "{}",
        dead.reason
    );
    world.pass(24 * HOUR);
    assert_eq!(work(&world), 0, "nobody tries it");
    assert_eq!(queue(&world).n_dead, 1);
    mend_tags(&world);
    retry_job(&world.journal, JobId { id }).expect("it is tried again");
    assert_eq!(work(&world), 1);
    assert_eq!(queue(&world).n_dead, 0);
}

#[test]
fn what_cannot_get_better_is_not_tried_again() {
    let world = World::new();
    outside(world.journal.path())
        .execute(
            "INSERT INTO jobs (kind, key, created_at, updated_at) VALUES ('record', 'nonsense', 0, 0)",
            [],
        )
        .expect("a job that is wrong");
    work(&world);
    let dead = queue(&world).jobs[0].clone();
    assert_eq!((dead.state, dead.n_attempts), (JobState::Dead, 1));
    discard_job(&world.journal, JobId { id: dead.id }).expect("it is given up");
    assert_eq!(queue(&world).jobs, []);
}

#[test]
fn a_day_that_waits_for_a_dream_cannot_be_discarded() {
    let world = World::new();
    world.note("The harmonium has a cracked reed.");
    let all = list_jobs(&world.journal, ListJobs { with_days: true, limit: 10 }).expect("listed");
    let day = all.jobs.iter().find(|job| job.kind == "dream").expect("a day waits");
    assert_eq!(day.key, "2026-10-14");
    let error = discard_job(&world.journal, JobId { id: day.id }).expect_err("it is refused");
    assert_eq!(error.code(), rem_core::Code::InvalidInput);
}

#[test]
fn what_was_saved_waits_while_a_dream_runs_anywhere() {
    let world = World::new();
    world.note("The harmonium has a cracked reed.");
    let now = world.journal.clock().now_ms();
    outside(world.journal.path())
        .execute(
            "INSERT INTO locks (name, owner, heartbeat_at, expires_at) VALUES ('dream', 'other', ?1, ?2)",
            [now, now + HOUR],
        )
        .expect("another dreamer");
    let before = world.everything();
    assert_eq!(settle(&world), 0);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
    outside(world.journal.path()).execute("DELETE FROM locks", []).expect("it ended");
    assert_eq!(work(&world), 1);
}

#[test]
fn who_dreams_is_told_to_whoever_wants_to() {
    let around = Around { host: "heron".into(), program: "rem".into(), ..Around::default() };
    let world = World::around(around);
    let now = world.journal.clock().now_ms();
    let holder = r#"{"pid": 4711, "host": "heron", "program": "rem", "since": 1792000800000}"#;
    outside(world.journal.path())
        .execute(
            "INSERT INTO locks (name, owner, heartbeat_at, expires_at, holder)
             VALUES ('dream', 'other', ?1, ?1 + 300000, ?2)",
            rusqlite::params![now, holder],
        )
        .expect("another dreamer");
    world.note("The harmonium has a cracked reed.");
    let error = world.journal.dream(&Default::default(), &Cancel::default());
    let error = error.expect_err("another one dreams");
    assert_eq!(error.code(), rem_core::Code::Busy);
    let said = error.to_string();
    assert!(
        said.contains("could not acquire advisory lock (another instance may be running)"),
        "{said}"
    );
    assert!(
        said.contains("rem (process 4711 on heron)") && said.contains("2026-10-14 20:00"),
        "{said}"
    );
}

#[test]
fn a_lock_from_the_future_of_a_clock_that_was_set_back_holds_nobody() {
    let world = World::new();
    let now = world.journal.clock().now_ms();
    outside(world.journal.path())
        .execute(
            "INSERT INTO locks (name, owner, heartbeat_at, expires_at) VALUES ('dream', 'killed', ?1, ?2)",
            [now + 48 * HOUR, now + 48 * HOUR + 300_000],
        )
        .expect("its lock");
    world.note("The harmonium has a cracked reed.");
    let report = world.dream();
    assert!(report.stages.iter().all(|stage| stage.end != StageEnd::Failed));
}

#[test]
fn the_queue_can_be_switched_off_and_loses_nothing() {
    let world = World::new();
    let mut settings = world.journal.settings();
    settings.jobs.queue_enabled = false;
    world.journal.change_settings(settings.clone()).expect("off");
    world.note("The harmonium has a cracked reed.");
    assert_eq!(settle(&world), 0);
    settings.jobs.queue_enabled = true;
    world.journal.change_settings(settings).expect("on");
    assert_eq!(work(&world), 1);
}
