use rem_cli::Exit;

use super::Desk;

#[test]
fn today_has_its_moments_on_their_hours() {
    let desk = Desk::dreamt();
    let today = desk.does(&["today"]);
    assert!(today.starts_with("Wednesday, 14 October 2026 · today"), "{today}");
    assert!(today.contains("11:05"), "{today}");
    let yesterday = desk.does(&["show", "yesterday"]);
    assert!(yesterday.contains("15:00–16:30"), "{yesterday}");
    assert!(yesterday.contains("heron"), "{yesterday}");
}

#[test]
fn hours_without_anything_are_folded_away() {
    let desk = Desk::dreamt();
    let yesterday = desk.does(&["show", "2026-10-13"]);
    assert!(yesterday.lines().any(|line| line.trim().ends_with("h ┊")), "{yesterday}");
}

#[test]
fn a_day_that_is_not_dreamt_yet_says_so() {
    let desk = Desk::with_notes();
    assert!(desk.does(&["today"]).contains("Not dreamt yet"));
    let nothing = desk.does(&["show", "2020-01-01"]);
    assert!(nothing.contains("Nothing was written on this day."), "{nothing}");
}

#[test]
fn a_moment_shows_the_very_lines_it_rests_on() {
    let desk = Desk::dreamt();
    let shown = desk.does(&["show", &desk.moment("heron")]);
    assert!(shown.contains("Rests on"), "{shown}");
    assert!(shown.contains("│ Walked along the canal and saw a heron."), "{shown}");
    assert!(shown.contains("2026-10-13.md, line "), "{shown}");
    assert!(shown.contains("· Tue 13 Oct"), "{shown}");
}

#[test]
fn a_moment_shows_its_strength_and_is_rekindled_by_being_shown() {
    let mut desk = Desk::dreamt();
    let id = desk.moment("heron");
    assert!(desk.does(&["show", &id]).contains("Strength   100 %"));
    desk.now = "2027-10-14T18:00:00Z".into();
    let before = desk.asks(&["show", &id])["strength"].as_f64().unwrap();
    let after = desk.asks(&["show", &id])["strength"].as_f64().unwrap();
    assert!((0.4..0.6).contains(&before) && after > 0.8, "{before} {after}");
    desk.does(&["correct", &id, "--pin"]);
    let shown = desk.does(&["show", &id]);
    assert!(shown.contains("Strength   100 %, pinned: it does not fade"), "{shown}");
}

#[test]
fn what_was_written_is_shown_as_it_was_written() {
    let desk = Desk::with_notes();
    let hits = desk.asks(&["search", "heron", "--in", "notes"]);
    let id = format!("record:{}", hits["hits"][0]["id"]);
    let shown = desk.does(&["show", &id]);
    assert!(shown.contains("## 15:00 – 16:30 Canal"), "{shown}");
    let hits = desk.asks(&["search", "foundation", "--in", "messages"]);
    let id = format!("record:{}", hits["hits"][0]["id"]);
    let shown = desk.does(&["show", &id]);
    assert!(shown.contains("› 18:02 Ana  Did you hear from the foundation?"), "{shown}");
    assert!(shown.contains("Wednesday, 14 October 2026"), "{shown}");
}

#[test]
fn the_timeline_has_a_mood_in_glyph_and_word_for_every_dreamt_day() {
    let desk = Desk::dreamt();
    let days = desk.does(&["timeline"]);
    let moods = ["▁ heavy", "▂ low", "▄ even", "▆ good", "█ bright"];
    let n = days.lines().filter(|line| moods.iter().any(|mood| line.contains(mood))).count();
    assert_eq!(n, 2, "{days}");
    assert!(desk.does(&["timeline", "--moments"]).contains("15:00–16:30"));
}

#[test]
fn the_timeline_shows_the_days_that_are_asked_for() {
    let desk = Desk::dreamt();
    let days = |words: &[&str]| -> Vec<String> {
        let days = desk.asks(&[&["timeline"], words].concat());
        let days = days.as_array().cloned().unwrap_or_default();
        days.iter().filter_map(|day| day["day"].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(days(&[]), ["2026-10-13", "2026-10-14"]);
    assert_eq!(days(&["--last", "1"]), ["2026-10-14"]);
    assert_eq!(days(&["--until", "yesterday"]), ["2026-10-13"]);
    assert_eq!(days(&["--from", "2026-10-14"]), ["2026-10-14"]);
    assert!(days(&["--from", "2030-01-01"]).is_empty());
}

#[test]
fn search_finds_in_the_place_and_time_that_are_asked_for() {
    let desk = Desk::dreamt();
    let kinds = |words: &[&str]| {
        let reply = desk.asks(&[&["search", "budget"], words].concat());
        let hits = reply["hits"].as_array().cloned().unwrap_or_default();
        let kinds = hits.iter().filter_map(|hit| hit["kind"].as_str().map(str::to_owned));
        kinds.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>()
    };
    assert_eq!(kinds(&["--in", "messages"]), ["message"]);
    assert_eq!(kinds(&["--in", "notes"]), ["note"]);
    assert_eq!(kinds(&["--in", "moments"]), ["moment"]);
    assert!(kinds(&["--since", "today"]).is_empty());
    let nothing = desk.rem(&["search", "zeppelin"]);
    assert_eq!((nothing.exit, nothing.out.as_str()), (Exit::Done, ""));
    assert!(nothing.err.contains("nothing found for zeppelin"), "{}", nothing.err);
}

#[test]
fn search_says_on_request_how_a_hit_came_to_its_place_and_where_to_go_on() {
    let desk = Desk::dreamt();
    let told = desk.does(&["search", "budget", "--schema", "messages", "--explain"]);
    assert!(told.contains("words: place 1") && told.contains("(budget)"), "{told}");
    let first = desk.rem(&["search", "the heron or the budget?", "--limit", "1"]);
    let place = first.err.split("--after ").nth(1).expect("there is more").trim().to_owned();
    let second = desk.does(&["search", "the heron or the budget?", "--after", &place]);
    assert!(
        !second.is_empty() && !second.contains(first.out.lines().next().unwrap_or("?")),
        "{second}"
    );
    let refused = desk.rem(&["search", "budget", "--source", "no such source"]);
    assert_eq!(refused.exit, Exit::NotFound, "{}", refused.err);
}

#[test]
fn colour_comes_only_where_it_is_wanted() {
    let mut desk = Desk::dreamt();
    let is_colored = |desk: &Desk, words: &[&str]| desk.does(words).contains('\u{1b}');
    assert!(!is_colored(&desk, &["timeline"]));
    assert!(is_colored(&desk, &["timeline", "--color", "always"]));
    desk.is_terminal = true;
    assert!(is_colored(&desk, &["timeline"]));
    assert!(!is_colored(&desk, &["timeline", "--color", "never"]));
    desk.is_plain = true;
    assert!(!is_colored(&desk, &["timeline"]));
}

#[test]
fn hints_are_for_people_not_for_pipes() {
    let mut desk = Desk::dreamt();
    assert!(!desk.does(&["today"]).contains("rem show"));
    desk.is_terminal = true;
    assert!(desk.does(&["today"]).contains("rem show"));
    assert!(!desk.does(&["-q", "today"]).contains("rem show"));
}
