use rem_cli::Exit;

use super::Desk;

#[test]
fn types_are_listed_added_and_removed() {
    let desk = Desk::new();
    desk.does(&["init"]);
    let words = ["types", "add", "Climbing Hall", "--description", "ropes, walls"];
    let said = desk.does(&words);
    assert!(said.contains("climbing_hall"), "{said}");
    let all = desk.does(&["types"]);
    assert!(all.contains("work_session") && all.contains("yours · ropes, walls"), "{all}");
    desk.does(&["types", "remove", "climbing-hall"]);
    assert!(!desk.does(&["types", "list"]).contains("climbing_hall"));
    assert_eq!(desk.fails(&["types", "remove", "climbing_hall"]).exit, Exit::NotFound);
    assert_eq!(desk.fails(&["types", "remove", "meeting"]).exit, Exit::Usage);
    assert_eq!(desk.fails(&["types", "add", "--", "--"]).exit, Exit::Usage);
}

#[test]
fn a_type_is_registered_as_the_papers_say_and_asked_for_by_name() {
    let desk = Desk::with_notes();
    let words = ["dream", "register-type", "birds", "--description", "herons, kingfishers"];
    assert_eq!(desk.asks(&words)["is_common"], false);
    desk.does(&["dream", "--moment-types", "work_session,birds"]);
    let id = desk.moment("heron");
    assert_eq!(desk.asks(&["show", &id])["moment"]["moment_type"], "birds");
    desk.does(&["types", "remove", "birds"]);
    let shown = desk.does(&["show", &id]);
    assert!(shown.contains("birds (a type no longer registered)"), "{shown}");
    let refused = desk.fails(&["dream", "--moment-types", "birds"]);
    assert!(
        refused.err.contains("is no type of moment; there are: conversation"),
        "{}",
        refused.err
    );
}

#[test]
fn the_type_of_a_moment_is_corrected_and_taken_back() {
    let desk = Desk::dreamt();
    let id = desk.moment("heron");
    let before = desk.asks(&["show", &id])["moment"]["moment_type"].clone();
    let shown = desk.does(&["correct", &id, "--type", "Social"]);
    assert!(shown.contains("social") && shown.contains("Corrected  type"), "{shown}");
    let after = desk.asks(&["correct", &id, "--withdraw", "type"]);
    assert_eq!(after["moment"]["moment_type"], before);
    assert_eq!(desk.fails(&["correct", &id, "--type", "nonsense"]).exit, Exit::Usage);
}

#[test]
fn a_moment_shows_who_tells_of_it_and_what_was_come_to_together() {
    let desk = Desk::new();
    desk.write(
        "notes/2026-10-13.md",
        "## 18:10\nTomas, Ilse and I carried the harmonium to the chapel; a pedal broke on the stairs.\n",
    );
    desk.write(
        "notes/WhatsApp Chat with Choir.txt",
        "13/10/2026, 18:04 - Tomas: That harmonium is heavy.\n\
         13/10/2026, 18:05 - Nora: And the pedal broke on the chapel stairs.\n\
         13/10/2026, 18:06 - Ilse: We agreed to mend the pedal together.\n",
    );
    desk.does(&["import", &desk.path("notes")]);
    desk.does(&["dream"]);
    let shown = desk.does(&["show", &desk.moment("pedal")]);
    for part in [
        "Together",
        "Ilse: We agreed to mend the pedal together.",
        "Told by",
        "whatsapp · Choir",
        "3 messages · 18:04–18:06",
        "notes · 2026-10-13",
    ] {
        assert!(shown.contains(part), "{part} in {shown}");
    }
}
