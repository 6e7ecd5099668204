use rem_cli::Exit;

use super::Desk;

/// The sample journal, dreamt, on the Monday after its last day.
fn sample() -> Desk {
    let mut desk = Desk::new();
    desk.now = "2026-10-26T09:00:00Z".into();
    desk.does(&["demo", "--keep"]);
    desk
}

impl Desk {
    fn ask(&self, question: &str) -> String {
        self.does(&["--journal", "sample", "ask", question])
    }

    fn ask_json(&self, question: &str) -> serde_json::Value {
        self.asks(&["--journal", "sample", "ask", question])
    }
}

#[test]
fn what_was_i_working_on_last_tuesday_afternoon() {
    let desk = sample();
    let said = desk.ask("What was I working on last Tuesday afternoon?");
    assert!(said.contains("“on last Tuesday afternoon”: Tue 20 Oct, 12:00–18:00"), "{said}");
    assert!(said.contains("Did you see the card from Bremen (12:04–12:07)"), "{said}");
    for label in ["Topics", "People", "Emotion", "Related"] {
        assert!(said.contains(&format!("\n  {label}")), "{label} is not in {said}");
    }
    let asked = desk.ask_json("What was I working on last Tuesday afternoon?");
    let related = &asked["moments"][0]["related"];
    assert!(related.as_array().is_some_and(|kinds| !kinds.is_empty()), "{related}");
}

#[test]
fn the_papers_daily_journal() {
    let desk = sample();
    let said = desk.ask("What happened yesterday?");
    assert!(said.starts_with("There are 8 moments on Sunday, 25 October 2026."), "{said}");
    let at = |words: &str| said.find(words).unwrap_or_else(|| panic!("{words} is not in {said}"));
    assert!(at("(09:41–09:52)") < at("(10:00–11:00)"), "in order of time: {said}");
    assert!(at("(10:00–11:00)") < at("(19:32–19:41)"), "in order of time: {said}");
    assert!(said.contains("Tomek") && said.contains("joyful"), "{said}");
}

#[test]
fn the_papers_weekly_review() {
    let desk = sample();
    let said = desk.ask("Summarise last week");
    for part in ["Hours", "work session", "Outcomes", "“last week”: Mon 19 Oct to Sun 25 Oct"] {
        assert!(said.contains(part), "{part} is not in {said}");
    }
    let review = desk.asks(&["--journal", "sample", "review", "week", "2026-10-25"]);
    let asked = desk.ask_json("Summarise last week");
    assert_eq!(asked["n_moments"], review["n_moments"]);
    assert_eq!(asked["sentences"][0]["text"], review["summary"]);
}

#[test]
fn the_papers_topic_tracking() {
    let desk = sample();
    let said = desk.ask("When did I last work on the bellows, and how did it end?");
    assert!(
        said.starts_with("The last moment about “bellows” was on Friday, 23 October 2026"),
        "{said}"
    );
    assert!(said.contains("I worked slower than the first time and was done sooner"), "{said}");
}

#[test]
fn the_papers_mood_analysis() {
    let desk = sample();
    let said = desk.ask("When was I most productive in October?");
    assert!(said.contains("Most productive: Mornings, with "), "{said}");
    assert!(said.contains(" working moments productive"), "{said}");
    assert!(said.contains("Productive moments, the longest first"), "{said}");
    assert!(said.contains("Counted are moments of work from 1 October 2026"), "{said}");
    let table = &desk.ask_json("When was I most productive in October?")["tables"][0]["rows"];
    let minutes: Vec<u64> = table
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["minutes"].as_u64().expect("a length"))
        .collect();
    assert!(minutes.len() <= 10 && minutes.is_sorted_by(|a, b| a >= b), "{minutes:?}");
    let said = desk.ask("What frustrated me in October?");
    assert!(said.contains("#awake") && said.contains("you felt frustrated"), "{said}");
    assert!(said.contains("By part of the day and activity"), "{said}");
}

#[test]
fn what_goes_with_a_topic_and_all_of_it_can_be_asked_for() {
    let desk = sample();
    let said = desk.ask("What is related to the harmonium?");
    assert!(said.starts_with("“harmonium” goes with "), "{said}");
    let said = desk.ask("Zeig mir alles zum Harmonium");
    assert!(said.contains("Momente über „Harmonium“"), "{said}");
    let said = desk.ask("What did I learn in October?");
    assert!(said.contains("herring chapter"), "{said}");
}

#[test]
fn days_are_dreamt_first_only_if_that_is_asked_for() {
    let desk = Desk::with_notes();
    let said = desk.does(&["ask", "What did I do yesterday?"]);
    assert!(said.contains("not dreamt yet: --dream-first dreams it first"), "{said}");
    assert!(!said.contains("heron"), "{said}");
    let said = desk.does(&["ask", "--dream-first", "What did I do yesterday?"]);
    assert!(said.contains("heron") && !said.contains("not dreamt yet"), "{said}");
    let waits = desk.does(&["ask", "What did I do today?"]);
    assert!(waits.contains("not dreamt yet"), "only what was asked about: {waits}");
}

#[test]
fn a_question_of_the_shells_words_is_a_question_and_an_empty_one_is_refused() {
    let desk = Desk::dreamt();
    let said = desk.does(&["ask", "what", "did", "I", "do", "yesterday"]);
    assert!(said.contains("heron"), "{said}");
    let failed = desk.fails(&["ask", " "]);
    assert_eq!(failed.exit, Exit::Usage);
    assert!(failed.err.contains("there is no question"), "{}", failed.err);
    assert!(desk.does(&["ask", "--help"]).contains("always look back"));
}

#[test]
fn no_answer_reaches_into_the_terminal_or_beyond_its_width() {
    let mut desk = Desk::new();
    let evil =
        "Met Eve\u{1b}[31m\u{1b}]0;owned\u{7} and \u{9b}1m \u{202e}drawkcab\u{2066} was angry";
    let plain =
        "Walked to the lock and watched the barges until it rained, then home.\n".repeat(12);
    let note = format!("# {evil}\n\n## 10:00 {evil}\n\n{evil}. I was worried.\n\n{plain}");
    desk.write("notes/2026-10-14.md", note);
    desk.does(&["import", &desk.path("notes")]);
    desk.does(&["dream"]);
    for width in [30, 47, 80] {
        desk.width = width;
        for question in ["What did I do today?", "How did I feel about Eve?", "Eve", evil] {
            let out = desk.does(&["ask", question]);
            let is_obeyed = |c: char| {
                (c.is_control() && c != '\n')
                    || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
            };
            assert!(!out.contains(is_obeyed), "{question:?}: {out:?}");
            for line in out.lines() {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }
}
