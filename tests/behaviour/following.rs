use std::fs;

use rem_core::{
    api::records::{ShowRecord, show_record},
    settings::Settings,
};

use crate::world::World;

const MONDAY: &str = "# Monday\n\nTuned the harmonium until supper.\n";
const TUESDAY: &str = "# Tuesday\n\nSwam eleven lengths in cold water.\n";

#[test]
fn an_edited_note_keeps_its_record_and_says_the_new_text() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.scan();
    let record = world.record_of("harmonium");
    world.write("2026-10-12.md", MONDAY.replace("harmonium", "piano"));
    let report = world.scan();
    assert_eq!((report.n_changed, report.n_records_changed, report.n_records_added), (1, 1, 0));
    assert_eq!(world.record_of("piano"), record);
    assert!(world.search("harmonium").is_empty());
}

#[test]
fn a_renamed_note_keeps_its_record() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.scan();
    let record = world.record_of("harmonium");
    world.rename("2026-10-12.md", "2026-10-12 in the workshop.md");
    let report = world.scan();
    assert_eq!((report.n_renamed, report.n_new, report.n_removed), (1, 0, 0));
    assert_eq!(world.record_of("harmonium"), record);
    let view = show_record(&world.journal, ShowRecord { id: record, moment_id: None });
    assert_eq!(view.expect("the record").file, "2026-10-12 in the workshop.md");
}

#[test]
fn a_note_keeps_its_record_through_several_renames_and_edits() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.scan();
    let record = world.record_of("harmonium");
    for (from, to) in [
        ("2026-10-12.md", "2026-10-12 a.md"),
        ("2026-10-12 a.md", "b/2026-10-12.md"),
        ("b/2026-10-12.md", "2026-10-12.md"),
    ] {
        world.rename(from, to);
        world.scan();
        world.write(to, format!("{MONDAY}It was moved to {to}.\n"));
        world.scan();
        assert_eq!(world.record_of("harmonium"), record, "{to}");
    }
}

#[test]
fn a_moved_folder_keeps_the_records_of_its_notes() {
    let world = World::new();
    world.write("diary/2026-10-12.md", MONDAY);
    world.write("diary/2026-10-13.md", TUESDAY);
    world.scan();
    let before = (world.record_of("harmonium"), world.record_of("eleven lengths"));
    world.rename("diary", "archive/2026/diary");
    let report = world.scan();
    assert_eq!((report.n_renamed, report.n_records_added, report.n_removed), (2, 0, 0));
    assert_eq!((world.record_of("harmonium"), world.record_of("eleven lengths")), before);
}

#[test]
fn two_notes_that_swap_their_names_both_stay() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.write("2026-10-13.md", TUESDAY);
    world.scan();
    world.rename("2026-10-12.md", "aside");
    world.rename("2026-10-13.md", "2026-10-12.md");
    world.rename("aside", "2026-10-13.md");
    world.scan();
    let days =
        |words: &str| world.search(words).into_iter().filter_map(|h| h.day).collect::<Vec<_>>();
    assert_eq!(days("harmonium"), ["2026-10-13"]);
    assert_eq!(days("lengths"), ["2026-10-12"]);
}

#[test]
fn a_note_that_takes_the_name_of_a_renamed_one_loses_neither() {
    let world = World::new();
    world.write("today.md", MONDAY);
    world.scan();
    // "a" is read before "today": the old name still seems to hold the old text then.
    world.rename("today.md", "a.md");
    world.write("today.md", TUESDAY);
    world.scan();
    assert_eq!(world.search("harmonium").len(), 1);
    assert_eq!(world.search("lengths").len(), 1);
}

#[test]
fn a_deleted_note_is_gone_from_search_and_from_the_day() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.write("2026-10-13.md", TUESDAY);
    world.scan();
    world.delete("2026-10-12.md");
    assert_eq!(world.scan().n_removed, 1);
    assert!(world.search("harmonium").is_empty());
    assert_eq!(world.days(), ["2026-10-13"]);
}

#[test]
fn a_deleted_note_that_comes_back_finds_its_record_again() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.write("2026-10-13.md", TUESDAY);
    world.scan();
    let record = world.record_of("harmonium");
    world.delete("2026-10-12.md");
    world.scan();
    world.write("2026-10-12.md", MONDAY);
    world.scan();
    assert_eq!(world.record_of("harmonium"), record);
}

#[test]
fn a_chat_outlives_its_file() {
    let world = World::new();
    world.write("2026-10-13.md", TUESDAY);
    let line = r#"{"session":"trip","author":"Ana","time":"2026-10-07T10:00:00+02:00","text":"The ferry is late."}"#;
    world.write("trip.jsonl", format!("{line}\n"));
    world.scan();
    world.delete("trip.jsonl");
    world.scan();
    assert_eq!(world.search("ferry").len(), 1, "chat programs delete their logs of themselves");
}

#[test]
fn an_emptied_note_says_nothing_any_more() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.scan();
    world.write("2026-10-12.md", "");
    world.scan();
    assert!(world.search("harmonium").is_empty());
    assert_eq!(world.days(), Vec::<String>::new());
}

#[test]
fn a_note_that_becomes_a_chat_is_no_longer_a_note() {
    let world = World::new();
    world.write("Ana.txt", "Wrote a letter to Ana about the swallows.");
    world.scan();
    let chat = "[03/10/2026, 09:15] Ana: Thank you for the letter!\n\
        [13/10/2026, 09:16] Hester: You are welcome.\n[13/10/2026, 09:17] Ana: Bye now.\n";
    world.write("Ana.txt", chat);
    world.scan();
    assert!(world.search("swallows").is_empty());
    assert_eq!(world.search("welcome").len(), 1);
}

#[test]
fn one_text_under_two_names_is_one_note() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.write("copy/2026-10-12.md", MONDAY);
    let report = world.scan();
    assert_eq!((report.n_duplicates, report.n_records_added), (1, 1));
    assert_eq!(world.search("harmonium").len(), 1);
    let (status, reason) = world.said_of("copy/2026-10-12.md").expect("it is named");
    assert_eq!((status.as_str(), reason.as_str()), ("duplicate", "the same as 2026-10-12.md"));
}

#[test]
fn when_the_first_of_two_copies_is_deleted_the_second_takes_over() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.write("copy/2026-10-12.md", MONDAY);
    world.scan();
    world.delete("2026-10-12.md");
    world.scan();
    world.scan();
    assert_eq!(world.search("harmonium").len(), 1);
    assert_eq!(world.said_of("copy/2026-10-12.md"), None);
}

#[test]
fn when_the_first_of_two_copies_is_edited_the_second_keeps_the_old_text() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.write("copy/2026-10-12.md", MONDAY);
    world.scan();
    world.write("2026-10-12.md", MONDAY.replace("harmonium", "piano"));
    world.scan();
    assert_eq!(world.search("piano").len(), 1);
    assert_eq!(world.search("harmonium").len(), 1);
}

#[test]
fn a_renamed_copy_stays_a_copy() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.write("copy/2026-10-12.md", MONDAY);
    world.scan();
    world.rename("copy/2026-10-12.md", "copy/elsewhere.md");
    world.scan();
    assert_eq!(world.search("harmonium").len(), 1);
    assert_eq!(world.said_of("copy/elsewhere.md").expect("it is named").0, "duplicate");
}

/// Thirty notes, of which `n_left` are left.
fn thinned_out(n_left: usize) -> World {
    let world = World::new();
    for n in 0..30 {
        world.write(&format!("{n:02}.md"), format!("date: 2026-10-12\n\nEntry number n{n}n here."));
    }
    world.scan();
    for n in n_left..30 {
        world.delete(&format!("{n:02}.md"));
    }
    world
}

#[test]
fn many_notes_that_vanish_at_once_are_kept_until_the_person_says_so() {
    let world = thinned_out(2);
    let report = world.scan();
    assert_eq!(report.n_removed, 0);
    let why = report.held_back.expect("the scan is held back");
    assert!(why.starts_with("28 of 30 files"), "{why}");
    assert_eq!(world.source_view().state, "missing");
    assert_eq!(world.search("n29n").len(), 1);
    assert!(world.scan().held_back.is_some(), "it is still held back at the next look");
    let report = world.scan_with(true);
    assert_eq!((report.n_removed, report.held_back), (28, None));
    assert!(world.search("n29n").is_empty());
    assert_eq!(world.source_view().state, "ok");
}

#[test]
fn notes_that_vanish_and_come_back_are_as_they_were() {
    let world = thinned_out(0);
    let before = world.record_of("n29n");
    assert!(world.scan().held_back.is_some());
    for n in 0..30 {
        world.write(&format!("{n:02}.md"), format!("date: 2026-10-12\n\nEntry number n{n}n here."));
    }
    let report = world.scan();
    assert_eq!((report.held_back, report.n_records_added), (None, 0));
    assert_eq!(world.record_of("n29n"), before);
    assert_eq!(world.source_view().state, "ok");
}

#[test]
fn a_few_notes_that_vanish_are_believed() {
    let world = thinned_out(25);
    let report = world.scan();
    assert_eq!((report.n_removed, report.held_back), (5, None));
}

#[test]
fn a_copy_of_a_missing_note_waits_until_the_person_says_so() {
    let world = World::new();
    for n in 0..30 {
        world.write(&format!("a/{n:02}.md"), format!("Entry number n{n}n here."));
    }
    world.write("copy.md", "Entry number n7n here.");
    world.scan();
    let record = world.record_of("n7n");
    fs::remove_dir_all(world.notes().join("a")).expect("the folder goes");
    assert!(world.scan().held_back.is_some());
    world.scan();
    assert_eq!(world.search("n7n").len(), 1);
    assert_eq!(world.record_of("n7n"), record);
}

#[test]
fn a_folder_that_is_not_there_any_more_takes_nothing_away() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    let id = world.source();
    world.scan();
    fs::rename(world.notes(), world.home().join("unplugged")).expect("the disk goes");
    for accept in [false, true] {
        let report = world.journal.scan(id, accept, &Default::default()).expect("a scan");
        assert!(report.held_back.expect("held back").contains("is not there"));
    }
    assert_eq!(world.search("harmonium").len(), 1);
    fs::rename(world.home().join("unplugged"), world.notes()).expect("the disk is back");
    assert_eq!(world.scan().held_back, None);
    assert_eq!(world.source_view().state, "ok");
}

#[test]
fn a_scan_that_is_stopped_takes_nothing_away_and_the_next_one_finishes() {
    let world = World::new();
    world.write("2026-10-12.md", MONDAY);
    world.write("2026-10-13.md", TUESDAY);
    world.scan();
    world.delete("2026-10-12.md");
    let cancel = rem_core::journal::Cancel::default();
    cancel.cancel();
    let report = world.journal.scan(world.source(), false, &cancel).expect("a scan");
    assert!(report.is_cancelled);
    assert_eq!(world.search("harmonium").len(), 1);
    assert_eq!(world.scan().n_removed, 1);
}

#[test]
fn an_own_name_that_is_told_later_makes_the_messages_the_persons() {
    let world = World::new();
    world.write(
        "trip.jsonl",
        "{\"session\":\"trip\",\"author\":\"Hester\",\"time\":\"2026-10-07T10:00:00+02:00\",\"text\":\"I am so happy about the ferry.\"}\n",
    );
    world.scan();
    let role = || {
        let id = world.record_of("happy about");
        let view = show_record(&world.journal, ShowRecord { id, moment_id: None });
        view.expect("the conversation").messages[0].role.clone()
    };
    assert_eq!(role(), "person");
    world.dream();
    let own_names = vec!["Hester".to_owned()];
    let settings = Settings { own_names, ..world.journal.settings() };
    world.journal.change_settings(settings).expect("settings");
    assert_eq!(role(), "user");
    assert_eq!(world.dream().days.len(), 1, "the day is dreamt again");
    let settings = Settings { own_names: Vec::new(), ..world.journal.settings() };
    world.journal.change_settings(settings).expect("settings");
    assert_eq!(role(), "person");
}
