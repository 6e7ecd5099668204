use super::Desk;

#[test]
fn a_week_is_shown_with_its_hours_outcomes_and_people() {
    let desk = Desk::dreamt();
    let said = desk.does(&["review"]);
    assert!(said.starts_with("Week of 12–18 October 2026 · so far"), "{said}");
    for part in ["Hours", "Outcomes", "People", "no minute counts twice", "moments"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    let asked = desk.asks(&["review", "week", "2026-10-14"]);
    assert_eq!((&asked["starts_on"], &asked["state"]), (&"2026-10-12".into(), &"told".into()));
    let id = asked["outcomes"][0]["moment_id"].to_string();
    assert!(said.lines().any(|line| line.trim_end().ends_with(&id)), "{said}");
}

#[test]
fn a_month_a_year_and_a_day_are_shown_and_what_has_nothing_says_so() {
    let desk = Desk::dreamt();
    assert!(desk.does(&["review", "month", "2026-10-14"]).starts_with("October 2026 · so far"));
    assert!(desk.does(&["review", "year", "today"]).starts_with("2026 · so far"));
    assert_eq!(desk.does(&["review", "day"]), desk.does(&["show", "today"]));
    let empty = desk.does(&["review", "week", "2019-05-01"]);
    assert!(empty.contains("Nothing was written in this week."), "{empty}");
    let waiting = Desk::with_notes().does(&["review"]);
    assert!(waiting.contains("not told yet: `rem dream`"), "{waiting}");
}

#[test]
fn the_stage_runs_alone() {
    let desk = Desk::with_notes();
    desk.does(&["dream", "moments"]);
    let told = desk.does(&["dream", "periods"]);
    assert!(told.contains("periods: ") && told.contains("1 week told"), "{told}");
    assert!(desk.does(&["dream", "periods"]).contains("periods: as it was"));
}

#[test]
fn markdown_has_time_topics_outcome_people_and_emotion_of_every_moment() {
    let desk = Desk::dreamt();
    let said = desk.does(&["review", "week", "--markdown"]);
    assert!(said.starts_with("# Week of 12–18 October 2026\n"), "{said}");
    assert!(said.contains("| Type | Hours | Approximate | Moments |"), "{said}");
    let asked = desk.asks(&["review", "week"]);
    let n_moments = said.lines().filter(|line| line.starts_with("### ")).count();
    assert_eq!(serde_json::json!(n_moments), asked["n_moments"]);
    for label in ["- Topics: ", "- Outcome: ", "- People: ", "- Emotion: "] {
        assert!(said.contains(label), "{label} is not in {said}");
    }
    assert!(
        desk.does(&["review", "day", "--markdown"]).starts_with("# Wednesday, 14 October 2026\n")
    );
}
