//! Whole dreams: the second changes nothing, the order of stages does not matter, a killed one goes on.

/// Killed at any moment, nothing is lost, nothing is there twice, nothing is there by half.
mod killed;
/// Over real notes and chats, where they are at hand.
pub(crate) mod real;

use std::collections::BTreeMap;

use proptest::{prelude::*, test_runner::Config};
use rem_core::{
    api::dreams::{DreamReport, DreamRequest, Stage, StageEnd},
    journal::Cancel,
};
use rusqlite::types::ValueRef;

use crate::world::{World, differences, outside};

const HOUR: i64 = 3_600_000;

/// Tables that say where something lies, or when and how often something was done, and not what came of it.
const ACCOUNTS: &[&str] = &[
    "files",
    "sources",
    "embedders",
    "dreams",
    "revisions",
    "revision_changes",
    "revision_rows",
    "revision_touches",
    "jobs",
    "job_parts",
    "schedules",
    "locks",
    "mind_calls",
    "mind_models",
    "digests",
    // By the number of a vector, of which the index of neighbours says nothing but its bytes.
    "vectors",
    "chunk_vectors",
    "moment_vectors",
];

/// Six weeks of an invented life: notes by day, a long chat, an essay that comes twice.
pub(super) fn six_weeks() -> World {
    let world = World::new();
    for n in 0..42_u32 {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 9, 1).expect("a day")
            + chrono::Days::new(n.into());
        let weekday = chrono::Datelike::weekday(&day);
        let mut text = format!(
            "## 09:00–11:30\nTuned the harmonium with Ilse, reed {n}, and was glad of the sound. #harmonium\n\n"
        );
        if n % 3 == 0 {
            text += "## 14:00–15:00\nFought with the bellows again; the glue does not hold and I was angry. \
                     Then it held: use hide glue, warmed slowly. #bellows #repair\n\n";
        }
        if weekday == chrono::Weekday::Thu {
            text += "## 18:30–20:00\nChoir with Tomas in the old church; we sang badly and laughed. #choir\n\n";
        }
        if n % 10 == 4 {
            text += &format!(
                "## 21:00\nPlan: send the grant letter on Friday, draft {n}. [[Grant]] #grant\n\n"
            );
        }
        world.write(&format!("{day}.md"), text);
    }
    let line = |n: usize| {
        let (day, minute) = (1 + n / 6, n % 6);
        let who = if n.is_multiple_of(2) { "Ilse" } else { "Hester Voss" };
        format!(
            "{day:02}/10/2026, 18:0{minute} - {who}: about the harmonium and the kiln, number {n}\n"
        )
    };
    world.write("WhatsApp Chat with Ilse.txt", (0..48).map(line).collect::<String>());
    let essay = "Bells are founded in loam. The core is built first, then the false bell, then the cope. \
                 What is between them melts away, and bronze takes its place.\n";
    world.write("essays/bells.md", essay.repeat(3));
    world.write("essays/bells copy.md", format!("{}And it rings.\n", essay.repeat(3)));
    world.scan();
    world
}

/// What is derived, without the numbers and times that say only in which order it was made.
pub(super) fn content(world: &World) -> BTreeMap<String, Vec<String>> {
    let all = world.everything();
    let file = outside(world.journal.path());
    let is_derived = |name: &&String| {
        !ACCOUNTS.contains(&name.as_str())
            && !name.contains("_fts")
            && !name.starts_with("near_")
            && !name.starts_with("sqlite_")
    };
    all.keys().filter(is_derived).map(|name| (name.clone(), content_of(&file, name))).collect()
}

fn content_of(file: &rusqlite::Connection, table: &str) -> Vec<String> {
    // How many versions came before the newest says how often it was told.
    let is_version = table.starts_with("profile") && table != "profile_edits";
    let newest =
        if is_version { "WHERE version = (SELECT max(version) FROM profiles)" } else { "" };
    let mut find = file.prepare(&format!("SELECT * FROM \"{table}\" {newest}")).expect("a table");
    let is_number = |name: &str| {
        name == "id"
            || name.ends_with("_id")
            || ["revision", "key", "created_at", "updated_at", "generated_at", "version"]
                .contains(&name)
            || name.ends_with("_hash") && name != "record_hash"
            // Who was met in an earlier dream is recognised with more confidence.
            || table == "mentions" && name == "confidence"
    };
    let names: Vec<String> = find.column_names().iter().map(|&name| name.to_owned()).collect();
    let kept: Vec<usize> = (0..names.len()).filter(|n| !is_number(&names[*n])).collect();
    let mut rows: Vec<String> = find
        .query_map([], |row| {
            let cells = kept.iter().map(|n| {
                Ok(match row.get_ref(*n)? {
                    ValueRef::Blob(bytes) => format!("{bytes:02x?}"),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    other => format!("{other:?}"),
                })
            });
            Ok(cells.collect::<rusqlite::Result<Vec<_>>>()?.join(" | "))
        })
        .expect("rows")
        .collect::<rusqlite::Result<_>>()
        .expect("rows");
    rows.sort();
    rows
}

pub(super) fn assert_same(
    wanted: &BTreeMap<String, Vec<String>>,
    found: &BTreeMap<String, Vec<String>>,
    what: &str,
) {
    let differ = differences(wanted, found);
    assert!(
        differ.is_empty(),
        "{what}: {} differ, first {:#?}",
        differ.len(),
        &differ[..differ.len().min(12)]
    );
    let n = |all: &BTreeMap<String, Vec<String>>| all.values().map(Vec::len).sum::<usize>();
    assert_eq!(n(wanted), n(found), "{what}");
}

/// The stages that can run alone.
pub(super) fn stages(world: &World) -> Vec<Stage> {
    let report = world.dream_with(&DreamRequest::default());
    report.stages.iter().map(|stage| stage.stage).collect()
}

/// Dreams once more and makes sure that nothing at all is written.
pub(super) fn changes_nothing(world: &World) -> DreamReport {
    let before = world.everything();
    world.pass(HOUR);
    let again = world.dream();
    let failed: Vec<_> = again.stages.iter().filter(|s| s.end == StageEnd::Failed).collect();
    assert!(failed.is_empty(), "{failed:?}");
    let differ = differences(&before, &world.everything());
    assert!(differ.is_empty(), "{:#?} by {:#?}", &differ[..differ.len().min(12)], again.stages);
    assert_eq!(again.dream_id, None);
    again
}

#[test]
fn every_stage_reports_and_a_second_dream_changes_nothing_at_all() {
    let world = six_weeks();
    let report = world.dream();
    for stage in &report.stages {
        assert_ne!(stage.end, StageEnd::Failed, "{stage:?}");
    }
    changes_nothing(&world);
}

#[test]
fn a_password_is_in_nothing_that_a_dream_makes() {
    let world = World::new();
    let key = "aB3".repeat(12);
    for n in 0..21_u32 {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 9, 1).expect("a day")
            + chrono::Days::new(n.into());
        let text = format!(
            "## 09:00–10:00\nSet up the router with Ilse. The router's password=Tulip7bed9 is on \
             the label, and we were glad. #router\n\n## 12:00\nThe key {key} goes to the \
             server tomorrow; decided to keep Tulip7bed9 secret, token: Tulip7bed9\n"
        );
        world.write(&format!("{day}.md"), text);
    }
    let line = |n: usize| {
        format!("01/10/2026, 18:{n:02} - Ilse: router again, number {n}, pwd=Tulip7bed9 works\n")
    };
    world.write("WhatsApp Chat with Ilse.txt", (10..30).map(line).collect::<String>());
    world.scan();
    world.dream();
    world.pass(HOUR);
    world.journal.work_off(rem_core::journal::Work::All, &Cancel::default()).expect("tags");
    let written = ["records", "record_versions", "records_fts", "messages_fts", "revision_rows"];
    let mut n_tables = 0;
    for (table, rows) in world.everything() {
        // What the person wrote stays as it is, and is found.
        if written.iter().any(|name| table.starts_with(name)) {
            continue;
        }
        n_tables += usize::from(!rows.is_empty());
        for row in rows {
            let row = row.to_lowercase();
            assert!(!row.contains("tulip7bed9"), "{table}: {row}");
            assert!(!row.contains(&key.to_lowercase()), "{table}: {row}");
        }
    }
    assert!(n_tables > 10, "the dream made something: {n_tables}");
    assert!(world.count("SELECT count(*) FROM session_summaries") > 0);
    assert!(world.count("SELECT count(*) FROM record_tags") > 0);
}

proptest! {
    #![proptest_config(Config { cases: 6, failure_persistence: None, ..Config::default() })]

    #[test]
    fn stages_alone_in_any_order_and_then_a_whole_dream_end_as_a_whole_dream_alone(
        order in Just((0..11).collect::<Vec<usize>>()).prop_shuffle(),
        n_alone in 1_usize..11,
    ) {
        let alone = six_weeks();
        let all = stages(&alone);
        let wanted = content(&alone);
        let world = six_weeks();
        for n in order.into_iter().filter(|n| *n < all.len()).take(n_alone) {
            let request = DreamRequest { stages: vec![all[n]], ..DreamRequest::default() };
            world.dream_with(&request);
        }
        world.dream();
        assert_same(&wanted, &content(&world), "whole");
    }
}

#[test]
fn a_dream_by_hand_after_one_that_wanted_no_model_changes_nothing() {
    let world = six_weeks();
    world.dream_with(&DreamRequest { cause: "sample".into(), ..DreamRequest::default() });
    changes_nothing(&world);
}
