use std::path::Path;

use rem_cli::Exit;
use serde_json::Value;

use super::Desk;

#[test]
fn every_command_answers_with_exactly_one_json_document() {
    let desk = Desk::dreamt();
    let id = desk.moment("heron");
    let folder = desk.path("notes");
    let folder_of_export = desk.path("exported");
    let commands: &[&[&str]] = &[
        &["init"],
        &["add", "a note"],
        &["import", &folder],
        &["sources"],
        &["sources", "list"],
        &["sources", "add", &folder],
        &["sources", "scan"],
        &["sources", "scan", "1"],
        &["sources", "problems"],
        &["dream", "--dry-run"],
        &["models"],
        &["models", "use", "--fast", "auto"],
        &["ledger"],
        &["dream"],
        &["today"],
        &["timeline"],
        &["show", "today"],
        &["show", &id],
        &["show", "record:1"],
        &["search", "grant", "letter"],
        &["search", "zeppelin"],
        &["status"],
        &["export", "--output", &folder_of_export],
        &["mcp", "config"],
        &["mcp", "log"],
        &["settings"],
        &["settings", "zone"],
        &["settings", "theme", "night"],
        &["correct", &id, "--pin"],
        &["journals"],
        &["demo"],
        &["sources", "remove", "1"],
    ];
    for words in commands {
        let ran = desk.rem(&[words, &["--json"][..]].concat());
        assert_eq!(ran.exit, Exit::Done, "{words:?}: {}", ran.err);
        serde_json::from_str::<Value>(&ran.out)
            .unwrap_or_else(|error| panic!("{words:?}: {error} in {}", ran.out));
        assert_eq!(ran.err, "", "{words:?}");
    }
}

#[test]
fn errors_are_json_too_with_a_code_to_act_on() {
    let desk = Desk::dreamt();
    let cases: &[(&[&str], Exit, &str)] = &[
        (&["show", "99999"], Exit::NotFound, "not-found"),
        (&["show", "record:99999"], Exit::NotFound, "not-found"),
        (&["--journal", "nope", "status"], Exit::NotFound, "not-found"),
        (&["sources", "scan", "77"], Exit::NotFound, "not-found"),
        (&["settings", "zone", "Nowhere"], Exit::Usage, "invalid-input"),
        (&["--journal", "a/b", "status"], Exit::Usage, "invalid-input"),
        (&["frobnicate"], Exit::Usage, "invalid-input"),
        (&["show", "someday"], Exit::Usage, "invalid-input"),
        (&["import", "/no/such/place"], Exit::Failed, "io"),
    ];
    for (words, exit, code) in cases {
        let ran = desk.fails(&[words, &["--json"][..]].concat());
        assert_eq!(ran.exit, *exit, "{words:?}: {}", ran.err);
        assert_eq!(ran.out, "", "{words:?}");
        let error: Value = serde_json::from_str(&ran.err)
            .unwrap_or_else(|error| panic!("{words:?}: {error} in {}", ran.err));
        assert_eq!(error["code"], *code, "{words:?}");
        assert!(error["message"].as_str().is_some_and(|text| !text.is_empty()), "{words:?}");
    }
}

#[test]
fn without_json_an_error_is_one_line_for_people() {
    let desk = Desk::dreamt();
    let ran = desk.fails(&["show", "99999"]);
    assert_eq!(ran.err, "rem: there is no moment 99999 in this journal\n");
}

#[test]
fn a_journal_of_a_newer_version_is_left_alone() {
    let desk = Desk::dreamt();
    change(&desk, "PRAGMA user_version = 999");
    let ran = desk.fails(&["status"]);
    assert_eq!(ran.exit, Exit::NewerJournal);
    assert!(ran.err.contains("newer version"), "{}", ran.err);
}

#[test]
fn two_dreams_at_once_are_one_too_many() {
    let desk = Desk::with_notes();
    change(
        &desk,
        "INSERT INTO locks (name, owner, heartbeat_at, expires_at)
         VALUES ('dream', 'somebody else', 1792000800000, 1892000800000)",
    );
    let ran = desk.fails(&["dream"]);
    assert_eq!(ran.exit, Exit::Busy, "{}", ran.err);
}

#[test]
fn help_tells_the_exit_codes() {
    let desk = Desk::new();
    for words in [&["help", "exit-codes"][..], &["--help"], &["exit-codes"]] {
        let help = desk.does(words);
        assert!(help.contains("130  cancelled"), "{words:?}: {help}");
    }
    assert!(desk.does(&["dream", "--help"]).contains("--dry-run"));
    assert!(desk.does(&["--version"]).starts_with("rem "));
}

#[test]
fn every_shell_gets_its_completions() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = desk.does(&["completions", shell]);
        assert!(script.contains("timeline"), "{shell}");
    }
}

/// Changes the journal's file behind the program's back.
fn change(desk: &Desk, sql: &str) {
    let path = desk.data().join("journals/personal.rem");
    open(&path).execute_batch(sql).expect("the change");
}

#[expect(clippy::disallowed_methods, reason = "this plays another program")]
fn open(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).expect("the journal's file")
}
