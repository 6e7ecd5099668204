use rem_cli::Exit;

use super::Desk;

/// A journal with a profile.
fn told() -> Desk {
    let desk = Desk::new();
    for day in 6..=14 {
        let text = format!(
            "## 09:00\nTuned harmonium number {day} with Ilse and was glad of the sound. #harmonium\n"
        );
        desk.write(&format!("notes/2026-10-{day:02}.md"), text);
    }
    desk.does(&["import", &desk.path("notes")]);
    desk.does(&["dream"]);
    desk
}

#[test]
fn the_profile_is_read_with_its_receipts_and_by_programs() {
    let desk = told();
    let said = desk.does(&["profile", "-v"]);
    for wanted in ["Lately you have been busy with harmonium", "Ilse", "wrote on 9 of the 30 days"]
    {
        assert!(said.replace('\n', " ").contains(wanted), "{wanted}: {said}");
    }
    assert!(said.contains("moment:"), "what speaks for it: {said}");
    let view = desk.asks(&["profile"]);
    assert_eq!((&view["version"], &view["activity"]["level"]), (&1.into(), &"moderate".into()));
    assert!(desk.does(&["profile", "versions"]).starts_with("version 1"));
    assert_eq!(desk.asks(&["profile", "--version", "1"])["is_newest"], true);
    assert_eq!(desk.rem(&["profile", "--version", "9"]).exit, Exit::NotFound);
}

#[test]
fn a_journal_without_moments_says_that_there_is_too_little() {
    let desk = Desk::with_notes();
    let said = desk.does(&["profile"]).replace('\n', " ");
    assert!(
        said.contains("There is too little yet: a profile needs 5 moments on 3 days"),
        "{said}"
    );
    let alone = desk.does(&["dream", "user-model"]);
    assert!(alone.contains("profile: skipped, insufficient memories"), "{alone}");
    assert_eq!(desk.asks(&["profile", "versions"]), serde_json::json!([]));
}

#[test]
fn the_persons_word_is_kept_and_taken_back() {
    let desk = told();
    let said = desk.does(&["profile", "edit", "--summary", "I tune.", "--activity", "inactive"]);
    assert!(said.contains("I tune.") && said.contains("Inactive by your word"), "{said}");
    desk.does(&["profile", "interest", "rename", "harmonium", "Reed organs"]);
    desk.does(&["profile", "interest", "add", "Letterpress"]);
    desk.does(&["profile", "person", "hide", "Ilse"]);
    let view = desk.asks(&["profile"]);
    assert_eq!(view["interests"][0]["name"], "Letterpress");
    assert_eq!(view["hidden_people"], serde_json::json!(["Ilse"]));
    desk.does(&["profile", "interest", "remove", "letterpress"]);
    for what in ["summary", "activity", "interest", "person"] {
        desk.does(&["profile", "reset", what]);
    }
    let view = desk.asks(&["profile"]);
    assert_eq!(
        (&view["is_summary_by_hand"], &view["people"][0]["name"]),
        (&false.into(), &"Ilse".into())
    );
    assert_eq!(desk.rem(&["profile", "edit"]).exit, Exit::Usage);
    assert_eq!(desk.rem(&["profile", "reset", "summary"]).exit, Exit::NotFound);
}
