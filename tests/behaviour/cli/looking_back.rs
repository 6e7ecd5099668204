use rem_cli::Exit;

use super::Desk;

#[test]
fn this_day_in_earlier_years_is_shown_with_its_moments() {
    let desk = Desk::new();
    desk.write("notes/2024-10-14.md", "## 09:00\nThe stove was lit for the first time.\n");
    desk.does(&["import", &desk.path("notes")]);
    desk.does(&["dream"]);
    let found = desk.does(&["on-this-day"]);
    assert!(found.contains("2 years ago · Monday, 14 October 2024"), "{found}");
    assert!(found.contains("09:00"), "{found}");
    let nothing = desk.does(&["on-this-day", "2026-06-01"]);
    assert!(nothing.contains("No earlier year"), "{nothing}");
    assert_eq!(desk.asks(&["on-this-day"])["years"][0]["years_ago"], 2);
}

#[test]
fn streaks_are_said_in_days() {
    let desk = Desk::dreamt();
    let streaks = desk.does(&["streaks"]);
    assert!(streaks.contains("2 days in a row, since yesterday"), "{streaks}");
    assert_eq!(desk.asks(&["streaks"])["written"]["current"], 2);
    assert!(Desk::with_notes().does(&["streaks"]).contains("No day yet."));
}

#[test]
fn people_are_listed_and_one_has_a_page() {
    let desk = Desk::dreamt();
    assert!(desk.does(&["people"]).contains("Ana"));
    let page = desk.does(&["people", "ana", "--all"]);
    assert!(page.starts_with("Ana"), "{page}");
    assert!(page.contains("moments a month"), "{page}");
    assert_eq!(desk.fails(&["people", "Hester"]).exit, Exit::NotFound);
    assert!(desk.asks(&["people", "Ana"])["person"]["n_moments"].as_i64() > Some(1));
}

#[test]
fn moods_are_counted_by_topic_by_hour_and_by_length() {
    let desk = Desk::dreamt();
    let topics = desk.does(&["moods", "topics"]);
    assert!(topics.contains("in which something was felt"), "{topics}");
    let hours = desk.does(&["moods", "hours"]);
    assert!(hours.contains("06–12") && hours.contains("Most and least"), "{hours}");
    assert!(desk.does(&["moods", "productive"]).contains("focused, energetic"));
    assert_eq!(desk.fails(&["moods", "topics", "--emotion", "wobbly"]).exit, Exit::Usage);
}
