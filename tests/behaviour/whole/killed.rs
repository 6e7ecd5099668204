use std::{
    env,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use rem_core::{api::dreams::DreamRequest, journal::Cancel, mind::around::Around};

use super::{assert_same, changes_nothing, content, six_weeks};
use crate::world::{World, outside};

/// Names the folder of the journal that [`a_night_in_a_process_of_its_own`] is to dream about.
const CHILD: &str = "REM_TEST_KILLED";

/// How often a dream is killed: a few times in every run of the tests, more where that is asked for.
fn n_kills() -> u64 {
    env::var("REM_TEST_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

#[test]
#[ignore = "no test by itself: it is what is killed"]
fn a_night_in_a_process_of_its_own() {
    let home = env::var_os(CHILD).expect("the folder of a journal");
    let journal = crate::world::reopened(home.as_ref(), Around::default());
    for source in
        rem_core::api::sources::list_sources(&journal, Default::default()).expect("sources")
    {
        journal.scan(source.id, false, &Cancel::default()).expect("it is read");
    }
    journal.dream(&DreamRequest::default(), &Cancel::default()).expect("the dream ends well");
}

/// Begins a night in another process, and kills it after so many milliseconds. Whether it was killed.
fn killed_after(world: &World, milliseconds: u64) -> bool {
    let mut child = Command::new(env::current_exe().expect("this program"))
        .args(["--exact", "whole::killed::a_night_in_a_process_of_its_own", "--ignored"])
        .env(CHILD, world.home())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it runs");
    thread::sleep(Duration::from_millis(milliseconds));
    let is_over = child.try_wait().expect("a child").is_some();
    let _ = child.kill();
    child.wait().expect("it ends");
    !is_over
}

/// The file is sound, and nothing is there by half.
fn is_sound(world: &World) {
    let file = outside(world.journal.path());
    let check: String =
        file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("a check");
    assert_eq!(check, "ok");
    for (what, sql) in [
        ("something names what is gone", "SELECT count(*) FROM pragma_foreign_key_check"),
        (
            "a moment without evidence",
            "SELECT count(*) FROM moments WHERE id NOT IN (SELECT moment_id FROM evidence)",
        ),
        (
            "a revision of no dream",
            "SELECT count(*) FROM revisions WHERE author = 'dream' AND dream_id IS NULL",
        ),
        (
            "the same words twice",
            "SELECT count(*) FROM (SELECT 1 FROM records GROUP BY key HAVING count(*) > 1)",
        ),
    ] {
        assert_eq!(world.count(sql), 0, "{what}");
    }
}

#[test]
fn a_dream_that_is_killed_at_any_moment_loses_nothing_and_goes_on() {
    let wanted = {
        let world = six_weeks();
        later(&world, 0);
        world.dream();
        content(&world)
    };
    let (mut killed, mut round) = (0, 0_u64);
    while killed < n_kills() {
        let world = six_weeks();
        // What comes in just before: it is read, queued and dreamt by what is killed.
        write_later(&world, 0);
        // Each start goes a little further; primes, so that no two are killed at the same place.
        for n in 0..25 {
            let after = (37 + 53 * n + 101 * round) % 1_800;
            let is_killed = killed_after(&world, after);
            killed += u64::from(is_killed);
            is_sound(&world);
            outside(world.journal.path())
                .execute("UPDATE locks SET expires_at = 0", [])
                .expect("what was killed gives no sign any more");
            // Who ended by itself has left nothing to be killed in.
            if killed >= n_kills() || !is_killed {
                break;
            }
        }
        round += 1;
        world.scan();
        world.dream();
        is_sound(&world);
        let none = |sql: &str| assert_eq!(world.count(sql), 0, "{sql}");
        none("SELECT count(*) FROM dreams WHERE state = 'running'");
        none("SELECT count(*) FROM locks");
        none("SELECT count(*) FROM jobs WHERE kind = 'dream'");
        assert_same(&wanted, &content(&world), "after its kills");
        changes_nothing(&world);
    }
}

fn later(world: &World, n: usize) {
    write_later(world, n);
    world.scan();
}

fn write_later(world: &World, n: usize) {
    world.write(
        &format!("later {n}.md"),
        "# 2026-10-14\n\n## 08:00\nBaked bread with Ilse and was calm.\n",
    );
}
