use std::{
    fs,
    sync::mpsc::Receiver,
    time::{Duration, Instant},
};

use rem_core::{event::Event, settings::Settings};

use crate::world::World;

/// Longer than any machine needs; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(90);

/// Waits from event to event until `is_so`.
fn until(events: &Receiver<Event>, what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        let left = PATIENCE.checked_sub(began.elapsed()).unwrap_or_default();
        assert!(events.recv_timeout(left).is_ok(), "waited in vain: {what}");
    }
}

#[test]
fn a_watched_folder_is_followed_through_writing_editing_renaming_and_deleting() {
    let world = World::new();
    world.write("2026-10-11.md", "Rested all day long.");
    world.scan();
    let events = world.journal.events();
    let _watching = world.journal.watch().expect("the folder is watched");
    world.write("deep/down/2026-10-12.md", "Tuned the harmonium.");
    until(&events, "a new note", || world.search("harmonium").len() == 1);
    let record = world.record_of("harmonium");
    world.write("deep/down/2026-10-12.md", "Tuned the piano.");
    until(&events, "an edit", || world.search("piano").len() == 1);
    world.rename("deep/down/2026-10-12.md", "2026-10-12.md");
    let is_renamed = || {
        world.count("SELECT count(*) FROM files WHERE CAST(name AS TEXT) = '2026-10-12.md'") == 1
    };
    until(&events, "a rename", is_renamed);
    assert_eq!(world.record_of("piano"), record);
    world.delete("2026-10-12.md");
    until(&events, "a deletion", || world.search("piano").is_empty());
}

#[test]
fn a_folder_that_becomes_a_source_while_watching_is_followed_too() {
    let world = World::new();
    let events = world.journal.events();
    let _watching = world.journal.watch().expect("watching begins");
    world.write("2026-10-12.md", "Tuned the harmonium.");
    world.source();
    until(&events, "the new source", || world.search("harmonium").len() == 1);
    world.write("2026-10-13.md", "Swam eleven lengths.");
    until(&events, "a note in it", || world.search("lengths").len() == 1);
}

#[test]
fn a_folder_that_goes_and_comes_back_is_followed_again() {
    let world = World::new();
    world.write("2026-10-12.md", "Tuned the harmonium.");
    world.scan();
    let events = world.journal.events();
    let _watching = world.journal.watch().expect("the folder is watched");
    let (id, notes) = (world.source(), world.notes());
    let state = || {
        let all = rem_core::api::sources::list_sources(&world.journal, Default::default());
        all.expect("sources").into_iter().find(|s| s.id == id).expect("it is there").state
    };
    fs::remove_dir_all(&notes).expect("the folder goes");
    until(&events, "its absence", || state() == "missing");
    fs::create_dir(&notes).expect("the folder is made anew");
    world.write("2026-10-12.md", "Tuned the harmonium.");
    until(&events, "its return", || state() == "ok");
    world.write("2026-10-13.md", "Swam eleven lengths.");
    until(&events, "a note in it", || world.search("lengths").len() == 1);
}

#[test]
fn what_was_written_during_a_pause_is_read_when_the_pause_ends() {
    let world = World::new();
    world.write("2026-10-12.md", "Tuned the harmonium.");
    world.scan();
    let pause = |is_paused| {
        let settings = Settings { is_paused, ..world.journal.settings() };
        world.journal.change_settings(settings).expect("settings");
    };
    pause(true);
    let events = world.journal.events();
    let _watching = world.journal.watch().expect("the folder is watched");
    world.write("2026-10-13.md", "Swam eleven lengths.");
    // Long enough for the watcher to have met the note and let it lie.
    while events.recv_timeout(Duration::from_secs(8)).is_ok() {}
    assert!(world.search("lengths").is_empty());
    pause(false);
    until(&events, "the note of the pause", || world.search("lengths").len() == 1);
}

#[test]
fn watching_ends_when_it_is_let_go() {
    let world = World::new();
    world.write("2026-10-12.md", "Tuned the harmonium.");
    world.source();
    let events = world.journal.events();
    let watching = world.journal.watch().expect("the folder is watched");
    until(&events, "the first note", || world.search("harmonium").len() == 1);
    let began = Instant::now();
    drop(watching);
    assert!(began.elapsed() < Duration::from_secs(30), "letting go took {:?}", began.elapsed());
    drop(events);
}
