use rem_cli::Exit;

use super::{Desk, WEDNESDAY};

#[test]
fn a_new_name_survives_the_next_dream() {
    let desk = Desk::dreamt();
    let id = desk.moment("heron");
    let shown = desk.does(&["correct", &id, "--title", "The heron"]);
    assert!(shown.contains("Corrected  title"), "{shown}");
    desk.write("notes/2026-10-14.md", format!("{WEDNESDAY}\n## 19:00 Soup\n\nLeek soup.\n"));
    desk.does(&["sources", "scan"]);
    desk.does(&["dream"]);
    assert_eq!(desk.asks(&["show", &id])["moment"]["title"], "The heron");
}

#[test]
fn a_correction_can_be_taken_back() {
    let desk = Desk::dreamt();
    let id = desk.moment("heron");
    let before = desk.asks(&["show", &id])["moment"]["title"].clone();
    desk.does(&["correct", &id, "--title", "Something else"]);
    let after = desk.asks(&["correct", &id, "--withdraw", "title"]);
    assert_eq!(after["moment"]["title"], before);
    assert_eq!(after["corrected"], serde_json::json!([]));
}

#[test]
fn several_things_are_corrected_at_once() {
    let desk = Desk::dreamt();
    let id = desk.moment("heron");
    let words = ["--start", "14:00", "--end", "15:15", "--tags", "canal, Old Friends", "--pin"];
    let detail = desk.asks(&[&["correct", id.as_str()], &words[..]].concat());
    let card = &detail["moment"];
    assert_eq!(card["tags"], serde_json::json!(["canal", "old-friends"]));
    assert_eq!(card["is_pinned"], true);
    let shown = desk.does(&["show", &id]);
    assert!(shown.contains("14:00–15:15"), "{shown}");
}

#[test]
fn a_moment_that_begins_at_another_time_keeps_its_length() {
    let desk = Desk::dreamt();
    let id = desk.moment("heron");
    desk.does(&["correct", &id, "--start", "10:00"]);
    assert!(desk.does(&["show", &id]).contains("10:00–11:30"));
    desk.does(&["correct", &id, "--start", "23:30", "--end", "00:15"]);
    assert!(desk.does(&["show", &id]).contains("23:30–00:15"));
}

#[test]
fn feelings_are_said_with_their_strength() {
    let desk = Desk::dreamt();
    let id = desk.moment("heron");
    let shown = desk.does(&["correct", &id, "--emotion", "calm=0.9", "--emotion", "lonely=0.3"]);
    assert!(shown.contains("calm\u{a0}0.9") || shown.contains("calm 0.9"), "{shown}");
    assert_eq!(desk.fails(&["correct", &id, "--emotion", "calm=9"]).exit, Exit::Usage);
}

#[test]
fn a_hidden_moment_is_out_of_sight_until_it_is_asked_for() {
    let desk = Desk::dreamt();
    let id = desk.moment("heron");
    desk.does(&["correct", &id, "--hide"]);
    let day = desk.does(&["show", "yesterday"]);
    assert!(!day.contains("heron") || !day.contains("15:00–16:30"), "{day}");
    assert!(day.contains("1 moment hidden: add --with-hidden"), "{day}");
    assert!(desk.does(&["show", "yesterday", "--with-hidden"]).contains("(hidden)"));
    desk.does(&["correct", &id, "--unhide"]);
    assert!(desk.does(&["show", "yesterday"]).contains("15:00–16:30"));
}

#[test]
fn a_correction_needs_a_moment_and_something_to_correct() {
    let desk = Desk::dreamt();
    assert_eq!(desk.fails(&["correct", "99999", "--pin"]).exit, Exit::NotFound);
    let id = desk.moment("heron");
    assert_eq!(desk.fails(&["correct", &id]).exit, Exit::Usage);
    assert_eq!(desk.fails(&["correct", &id, "--hide", "--unhide"]).exit, Exit::Usage);
    assert_eq!(desk.fails(&["correct", &id, "--title", " "]).exit, Exit::Usage);
}
