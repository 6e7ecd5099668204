use rem_cli::Exit;

use super::{Desk, WEDNESDAY};

/// A journal with two nights; the second changed a moment of the first.
fn two_nights() -> Desk {
    let desk = Desk::dreamt();
    desk.write("notes/2026-10-14.md", WEDNESDAY.replace("Relieved and proud!", "Tired and sad."));
    desk.does(&["sources", "scan"]);
    desk.does(&["dream"]);
    desk
}

#[test]
fn the_nights_are_listed_with_what_they_did_and_what_bars_their_undoing() {
    let desk = two_nights();
    let said = desk.does(&["dreams"]);
    assert_eq!(desk.does(&["dreams", "list"]), said);
    assert!(said.starts_with("  2  today 20:00"), "{said}");
    assert!(said.contains("1 changed") || said.contains("1 moment changed"), "{said}");
    let barred = "cannot be undone: dream 2 changed the same things since: undo dream 2 first";
    assert!(said.replace("\n     ", " ").contains(barred), "{said}");
    let listed = desk.asks(&["dreams", "list", "--limit", "1"]);
    assert_eq!((&listed[0]["id"], &listed[0]["can_undo"]), (&2.into(), &true.into()));
    assert_eq!(listed.as_array().map(Vec::len), Some(1));
    let older = desk.asks(&["dreams", "list", "--before", "2"]);
    assert_eq!((&older[0]["id"], &older[0]["undo_first"][0]), (&1.into(), &2.into()));
}

#[test]
fn a_journal_without_nights_says_how_to_dream() {
    let desk = Desk::with_notes();
    assert!(desk.does(&["dreams"]).starts_with("No dreams yet: `rem dream`"));
    assert_eq!(desk.asks(&["dreams"]), serde_json::json!([]));
}

#[test]
fn a_night_is_shown_in_short_and_thing_by_thing() {
    let desk = two_nights();
    let first = desk.does(&["dreams", "show", "1"]);
    assert!(
        first.lines().any(|line| line.starts_with("+ ") && line.contains("yesterday")),
        "{first}"
    );
    let second = desk.does(&["dreams", "diff", "2"]);
    let has = |sign: &str, words: &str| {
        second.lines().any(|line| line.contains(sign) && line.contains(words))
    };
    assert!(has("- ", "Relieved and proud"), "{second}");
    assert!(has("+ ", "Tired and sad"), "{second}");
    assert!(desk.does(&["dreams", "diff", "1"]).contains("+ the day’s story"));
    let diff = desk.asks(&["dreams", "diff", "2"]);
    assert_eq!(diff["things"][0]["thing"], "moment");
    assert_eq!(desk.asks(&["dreams", "show", "2"])["dream"]["id"], 2);
}

#[test]
fn a_night_is_undone_without_asking_when_that_is_said() {
    let desk = two_nights();
    let said = desk.does(&["dreams", "undo", "2", "--yes"]);
    assert!(said.starts_with("Dream 2 is undone.\n"), "{said}");
    assert!(desk.does(&["show", "today"]).contains("Relieved and proud"));
    assert!(desk.does(&["dreams"]).contains("undone today 20:00"));
    assert_eq!(desk.asks(&["status"])["n_days_waiting"], 1);
    let report = desk.asks(&["dreams", "undo", "1", "--yes"]);
    assert_eq!(report["days"], serde_json::json!(["2026-10-13", "2026-10-14"]));
}

#[test]
fn nothing_is_undone_where_nobody_can_be_asked() {
    let desk = two_nights();
    let ran = desk.fails(&["dreams", "undo", "2"]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("say --yes"), "{}", ran.err);
    assert_eq!(desk.asks(&["dreams"])[0]["undone_at"], serde_json::Value::Null);
}

#[test]
fn a_person_at_a_terminal_is_asked_and_may_say_no() {
    let mut desk = two_nights();
    desk.secret = Some(String::new());
    for no in ["n\n", "\n", "", "yesterday\n"] {
        let ran = desk.rem_with_input(&["dreams", "undo", "2"], no.as_bytes());
        assert_eq!(ran.exit, Exit::Cancelled, "{no:?}");
        assert!(ran.err.contains("Undo dream 2 (") && ran.err.contains("[y/N]"), "{}", ran.err);
        assert_eq!(desk.asks(&["dreams"])[0]["undone_at"], serde_json::Value::Null);
    }
    let ran = desk.rem_with_input(&["dreams", "undo", "2"], b"Yes\n");
    assert_eq!((ran.exit, ran.out.starts_with("Dream 2 is undone.")), (Exit::Done, true));
}

#[test]
fn what_cannot_be_undone_is_refused_with_the_reason_and_a_code() {
    let desk = two_nights();
    let ran = desk.fails(&["dreams", "undo", "1"]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("undo dream 2 first"), "{}", ran.err);
    for words in [["dreams", "undo", "99"], ["dreams", "show", "99"], ["dreams", "diff", "99"]] {
        let ran = desk.fails(&words);
        assert_eq!(ran.exit, Exit::NotFound);
        assert!(ran.err.contains("dream 99"), "{}", ran.err);
    }
}

#[test]
fn the_shells_complete_the_nights_too() {
    let desk = Desk::new();
    let script = desk.does(&["completions", "bash"]);
    assert!(
        script.contains("rem__subcmd__dreams__subcmd__undo")
            || script.contains("rem__dreams__undo")
    );
}
