use std::fs;

use rem_cli::Exit;

use super::Desk;

#[test]
fn an_export_says_what_it_wrote_and_a_second_one_that_nothing_changed() {
    let desk = Desk::dreamt();
    let folder = desk.path("journal");
    let first = desk.does(&["export", "--output", &folder]);
    assert!(first.contains("2 days") && first.contains("files written"), "{first}");

    let again = desk.asks(&["export", "--output", &folder]);
    assert_eq!((&again["n_written"], &again["n_left_alone"]), (&0.into(), &0.into()), "{again}");
}

#[test]
fn an_export_is_restored_as_a_journal_of_another_name() {
    let desk = Desk::dreamt();
    let file = desk.path("journal.jsonl");
    desk.does(&["export", "--format", "json", "--output", &file]);
    let said = desk.does(&["restore", &file, "--journal", "again"]);
    assert!(said.contains("2 notes, 1 conversation, 5 messages"), "{said}");

    let second = desk.path("second.jsonl");
    desk.does(&["export", "--format", "json", "--output", &second, "--journal", "again"]);
    let read = |path: &str| fs::read_to_string(path).expect("the export is there");
    assert!(read(&file) == read(&second), "the two exports differ");
}

#[test]
fn an_export_goes_to_standard_output_where_that_is_asked_for() {
    let desk = Desk::dreamt();
    let out = desk.does(&["export", "--format", "csv", "--output", "-", "--since", "2026-10-14"]);
    assert!(out.starts_with("day,time,utc_offset,"), "{out}");
    assert!(!out.contains("2026-10-13"), "{out}");
}

#[test]
fn what_cannot_be_exported_or_restored_ends_with_the_code_for_it() {
    let desk = Desk::dreamt();
    let (folder, file) = (desk.path("notes"), desk.path("journal.jsonl"));
    desk.does(&["export", "--format", "json", "--output", &file]);
    for (words, exit) in [
        (vec!["export", "--output", folder.as_str()], Exit::Usage),
        (vec!["export", "--output", "-"], Exit::Usage),
        (vec!["export", "--format", "csv", "--include", "moments", "--output", "-"], Exit::Usage),
        (vec!["export", "--format", "csv", "--output", "-", "--journal", "nobody"], Exit::NotFound),
        (vec!["restore", file.as_str()], Exit::Usage),
        (vec!["restore", "/no/such/file"], Exit::Failed),
    ] {
        assert_eq!(desk.fails(&words).exit, exit, "rem {words:?}");
    }
}

#[test]
fn an_assistant_program_is_told_this_program_and_this_journal() {
    let desk = Desk::dreamt();
    let told = desk.asks(&["mcp", "config"]);
    let server = &told["mcpServers"]["rem-journal"];
    assert_eq!(server["command"], "/usr/bin/rem");
    assert_eq!(server["args"], serde_json::json!(["mcp"]));

    desk.does(&["init", "--journal", "work"]);
    let told = desk.asks(&["mcp", "config", "--journal", "work"]);
    let args = &told["mcpServers"]["rem-journal"]["args"];
    assert_eq!(*args, serde_json::json!(["--journal", "work", "mcp"]));
}

#[test]
fn nobody_types_to_what_assistant_programs_start() {
    let desk = Desk { secret: Some(String::new()), ..Desk::dreamt() };
    let ran = desk.fails(&["mcp"]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("`rem mcp config` shows how"), "{}", ran.err);
}

#[test]
fn what_was_asked_cannot_steer_the_terminal() {
    let desk = Desk::dreamt();
    let path = desk.data().join("journals/personal.rem");
    let journal = rem_core::Journal::open(rem_core::journal::Opening {
        path,
        name: "personal".into(),
        clock: rem_core::clock::Clock::fixed(super::EVENING.parse().expect("an instant")),
        zone: "Europe/Berlin".into(),
        data_dir: desk.data(),
        around: desk.around.clone(),
    })
    .expect("the journal opens");
    let call = rem_core::api::assistants::AssistantCall {
        id: 0,
        at: 0,
        client: "evil\u{1b}]0;owned\u{7} 1".into(),
        tool: "search".into(),
        arguments: serde_json::json!({ "query": "x\u{1b}[31m\u{202e}y" }),
        outcome: rem_core::api::assistants::CallOutcome::Answered,
        reason: String::new(),
        n_bytes: 10,
        took_ms: 1,
    };
    rem_core::api::assistants::keep_assistant_call(&journal, &call).expect("it is kept");

    let out = desk.does(&["mcp", "log"]);
    assert!(out.contains("evil 1") && out.contains("query: xy"), "{out:?}");
    assert!(!out.contains(['\u{1b}', '\u{202e}', '\u{7}']), "{out:?}");
}
