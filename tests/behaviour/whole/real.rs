use std::{env, fs, path::Path};

use rem_core::api::dreams::StageEnd;
use serde_json::{Value, json};

use super::changes_nothing;
use crate::world::World;

/// The folder of real notes and chats, where there is one.
fn data(below: &str) -> Option<std::path::PathBuf> {
    let Some(root) = env::var_os("REM_TEST_DATA") else {
        eprintln!("skipped: REM_TEST_DATA names no folder of real notes and chats");
        return None;
    };
    Some(Path::new(&root).join(below))
}

/// Dreams twice, and says what each stage came to.
pub(crate) fn twice(world: &World, name: &str) {
    let report = world.dream();
    for stage in &report.stages {
        eprintln!(
            "{name}: {:?} {:?} {} {:?} in {} ms",
            stage.stage, stage.end, stage.reason, stage.counts, stage.took_ms
        );
        assert_ne!(stage.end, StageEnd::Failed, "{stage:?}");
    }
    assert!(report.n_added > 0);
    changes_nothing(world);
}

/// A diary of a year, where it is at hand.
pub(crate) fn diary(world: &World) -> Option<()> {
    world.import(&data("diary-pepys-1660/days")?);
    Some(())
}

/// A folder of linked notes.
pub(crate) fn vault(world: &World) -> Option<()> {
    world.import(&data("vault-kepano/vault")?);
    Some(())
}

/// A conversation of two people over months, as lines of JSON, the format for whatever has none of its own.
pub(crate) fn conversation(world: &World) -> Option<()> {
    let all = fs::read(data("locomo/locomo.json")?).expect("chats");
    let all: Value = serde_json::from_slice(&all).expect("JSON");
    let talk = all[0]["conversation"].as_object().expect("a conversation");
    let mut lines = String::new();
    for n in 1.. {
        let Some(messages) = talk.get(&format!("session_{n}")).and_then(Value::as_array) else {
            break;
        };
        let told = talk[&format!("session_{n}_date_time")].as_str().expect("a time");
        let began =
            chrono::NaiveDateTime::parse_from_str(told, "%I:%M %P on %d %B, %Y").expect("a time");
        for (minute, message) in messages.iter().enumerate() {
            let at = began + chrono::Duration::minutes(minute as i64);
            let line = json!({
                "session": format!("talk-{n}"),
                "author": message["speaker"],
                "time": at.format("%Y-%m-%dT%H:%M").to_string(),
                "text": message["text"],
            });
            lines += &format!("{line}\n");
        }
    }
    let path = world.home().join("talk.jsonl");
    fs::write(&path, lines).expect("it is written");
    world.import(&path);
    Some(())
}

#[test]
fn a_year_of_a_diary_is_dreamt_whole_and_then_left_alone() {
    let world = World::in_zone("Europe/London");
    if diary(&world).is_some() {
        twice(&world, "diary");
    }
}

#[test]
fn a_vault_is_dreamt_whole_and_then_left_alone() {
    let world = World::in_zone("America/Los_Angeles");
    if vault(&world).is_some() {
        twice(&world, "vault");
    }
}

#[test]
fn a_long_conversation_is_dreamt_whole_and_then_left_alone() {
    let world = World::new();
    if conversation(&world).is_some() {
        twice(&world, "conversation");
    }
}
