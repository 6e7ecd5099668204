use rem_cli::Exit;

use super::Desk;

#[test]
fn a_new_journal_says_where_it_is_and_making_it_again_changes_nothing() {
    let desk = Desk::new();
    let first = desk.does(&["init"]);
    assert!(first.contains("“personal” is made"), "{first}");
    let words: Vec<_> = first.split_whitespace().collect();
    assert!(words.concat().contains("journals/personal.rem"), "{first}");
    desk.does(&["add", "still here"]);
    assert!(desk.does(&["init"]).contains("was there already"));
    assert_eq!(desk.asks(&["status"])["n_notes"], 1);
}

#[test]
fn a_journal_can_begin_with_a_folder() {
    let desk = Desk::new();
    desk.write("notes/a.md", "# A walk\n\nAlong the canal.\n");
    let reply = desk.asks(&["init", &desk.path("notes")]);
    assert_eq!(reply["is_new"], true);
    assert_eq!(reply["reports"][0]["n_new"], 1);
    assert_eq!(reply["status"]["zone"], "Europe/Berlin");
    assert_eq!(desk.asks(&["sources"])[0]["is_watched"], true);
}

#[test]
fn a_note_is_found_as_soon_as_it_is_kept() {
    let desk = Desk::new();
    let said = desk.does(&["add", "Called", "Ana,", "she", "said", "yes"]);
    assert!(said.starts_with("Kept for today (record:"), "{said}");
    let found = desk.does(&["search", "called"]);
    assert!(found.contains("Called Ana, she said yes"), "{found}");
}

#[test]
fn a_note_from_a_pipe_is_kept_whole() {
    let desk = Desk::new();
    for words in [&["add"][..], &["add", "-"]] {
        let ran = desk.rem_with_input(words, "Zeile eins\nZeile zwei 日本\n".as_bytes());
        assert_eq!(ran.exit, Exit::Done, "{}", ran.err);
    }
    let shown = desk.does(&["show", "record:1"]);
    assert!(shown.ends_with("Zeile eins\nZeile zwei 日本\n"), "{shown}");
}

#[test]
fn a_note_belongs_to_the_time_it_is_said_to_belong_to() {
    let desk = Desk::new();
    let added = desk.asks(&["add", "--at", "2026-10-12 23:30", "late"]);
    assert_eq!(added["day"], "2026-10-12");
    let shown = desk.does(&["show", "record:1"]);
    assert!(shown.contains("Mon 12 Oct, 23:30"), "{shown}");
    assert_eq!(desk.asks(&["add", "--at", "yesterday 08:00", "x"])["day"], "2026-10-13");
    assert_eq!(desk.fails(&["add", "--at", "2026-10-12", "no time"]).exit, Exit::Usage);
}

#[test]
fn a_note_without_text_or_in_no_known_letters_is_refused() {
    let desk = Desk::new();
    assert_eq!(desk.fails(&["add", "  "]).exit, Exit::Usage);
    assert_eq!(desk.rem_with_input(&["add"], b"\xff\xfe\x00").exit, Exit::Usage);
    assert_eq!(desk.rem_with_input(&["add"], &vec![b'x'; 2 << 20]).exit, Exit::Usage);
}

#[test]
fn a_slip_in_the_name_of_a_journal_makes_no_new_one() {
    let desk = Desk::new();
    desk.does(&["add", "the first note makes the personal journal"]);
    desk.does(&["--journal", "work", "init"]);
    let slip = desk.fails(&["--journal", "wrok", "add", "lost?"]);
    assert_eq!(slip.exit, Exit::NotFound);
    assert!(slip.err.contains("no journal “wrok”"), "{}", slip.err);
    assert_eq!(desk.does(&["journals"]), "personal\nwork\n");
}

#[test]
fn a_setting_is_read_and_changed_by_its_name() {
    let desk = Desk::new();
    desk.does(&["init"]);
    assert_eq!(desk.does(&["settings", "zone"]), "Europe/Berlin\n");
    desk.does(&["settings", "day-start-minutes", "240"]);
    desk.does(&["settings", "own_names", "Mia, Mia K."]);
    let settings = desk.asks(&["settings"]);
    assert_eq!(settings["day_start_minutes"], 240);
    assert_eq!(settings["own_names"], serde_json::json!(["Mia", "Mia K."]));
    assert_eq!(desk.fails(&["settings", "zone", "Berlin"]).exit, Exit::Usage);
    assert_eq!(desk.fails(&["settings", "day_start_minutes", "soon"]).exit, Exit::Usage);
    let unknown = desk.fails(&["settings", "colour"]);
    assert!(unknown.err.contains("; there are "), "{}", unknown.err);
    assert!(unknown.err.contains(" day_start_minutes, decay.access_boost, "), "{}", unknown.err);
}

#[test]
fn quiet_says_nothing_but_what_was_asked_for() {
    let desk = Desk::with_notes();
    assert_eq!(desk.does(&["-q", "add", "hush"]), "");
    assert_eq!(desk.does(&["-q", "import", &desk.path("notes")]), "");
    assert_eq!(desk.does(&["-q", "dream"]), "");
    assert!(!desk.does(&["-q", "today"]).is_empty());
}
