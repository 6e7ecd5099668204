use std::fs;

use rem_cli::Exit;
use rem_core::journal::Cancel;

use super::Desk;

#[test]
fn a_dream_tells_what_it_did_and_a_second_one_has_nothing_to_do() {
    let desk = Desk::with_notes();
    let said = desk.does(&["dream", "--now"]);
    assert!(said.starts_with("Dreamt 2 days in "), "{said}");
    assert!(said.contains("Tue 13 Oct") && said.contains("Wed 14 Oct"), "{said}");
    let again = desk.does(&["dream"]);
    assert_eq!(again, "Nothing to dream: every day is as it was dreamt.\n");
}

#[test]
fn a_dry_run_says_what_would_be_dreamt_and_writes_nothing() {
    let desk = Desk::with_notes();
    let said = desk.does(&["dream", "--dry-run"]);
    assert!(said.starts_with("Would dream 2 days"), "{said}");
    let status = desk.asks(&["status"]);
    assert_eq!((&status["n_moments"], &status["n_days_waiting"]), (&0.into(), &2.into()));
}

#[test]
fn a_dream_can_be_about_some_days_only() {
    let desk = Desk::with_notes();
    let report = desk.asks(&["dream", "--start", "yesterday", "--end", "yesterday"]);
    assert_eq!(report["days"][0]["day"], "2026-10-13");
    assert_eq!(report["days"].as_array().map(Vec::len), Some(1));
    let report = desk.asks(&["dream", "--lookback-hours", "12"]);
    assert_eq!(report["days"][0]["day"], "2026-10-14");
}

#[test]
fn the_report_can_be_kept_in_a_file() {
    let desk = Desk::with_notes();
    let file = desk.path("report.json");
    let answer = desk.asks(&["dream", "--output", &file]);
    let kept: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(kept, answer);
    let nowhere = desk.path("no/such/folder/report.json");
    assert_eq!(desk.fails(&["dream", "--output", &nowhere]).exit, Exit::Failed);
}

#[test]
fn a_dream_that_is_stopped_ends_as_cancelled_and_goes_on_later() {
    let mut desk = Desk::with_notes();
    desk.on_interrupt = Box::new(Cancel::cancel);
    let ran = desk.fails(&["dream"]);
    assert_eq!(ran.exit, Exit::Cancelled);
    desk.on_interrupt = Box::new(|_| {});
    desk.does(&["dream"]);
    assert_eq!(desk.asks(&["status"])["n_days_waiting"], 0);
}

#[test]
fn a_window_of_days_and_hours_cannot_both_be_asked_for() {
    let desk = Desk::with_notes();
    let ran = desk.fails(&["dream", "--lookback-hours", "3", "--start", "today"]);
    assert_eq!(ran.exit, Exit::Usage);
}

#[test]
fn the_demo_shows_days_and_receipts_and_leaves_nothing_behind() {
    let desk = Desk::new();
    let shown = desk.does(&["demo"]);
    assert!(shown.contains("Rests on"), "{shown}");
    assert!(shown.contains("record:"), "{shown}");
    assert_eq!(desk.does(&["journals"]), "");
    assert!(!desk.data().exists());
}

#[test]
fn the_demo_can_be_kept_and_looked_at_again() {
    let desk = Desk::new();
    let first = desk.asks(&["demo", "--keep"]);
    assert_eq!(desk.does(&["journals"]), "sample\n");
    let days = desk.asks(&["--journal", "sample", "timeline", "--last", "1000"]);
    assert_eq!(days.as_array().map(Vec::len), first["days"].as_array().map(Vec::len));
    desk.does(&["demo", "--keep"]);
}

#[test]
fn affinity_runs_alone_and_says_what_it_found() {
    let desk = Desk::dreamt();
    let said = desk.does(&["dream", "affinity"]);
    assert!(said.starts_with("Compared 3 notes and conversations in "), "{said}");
    let report = desk.asks(&["dream", "affinity", "--dry-run", "--lookback-hours", "1"]);
    assert_eq!(report["is_dry_run"], true);
}

#[test]
fn decay_runs_alone_and_says_what_faded() {
    let mut desk = Desk::dreamt();
    let said = desk.does(&["dream", "decay"]);
    assert!(said.starts_with("Nothing to fade: "), "{said}");
    desk.now = "2026-12-24T18:00:00Z".into();
    let report = desk.asks(&["dream", "decay", "--dry-run"]);
    assert_eq!((&report["is_dry_run"], &report["day"]), (&true.into(), &"2026-12-24".into()));
    let n = report["n_processed"].as_u64().unwrap();
    assert!(n > 0 && report["n_faded"] == n && report["n_accelerated"] == n, "{report}");
    let said = desk.does(&["dream", "decay"]);
    assert!(said.starts_with(&format!("Brought {n} things up to today in ")), "{said}");
    assert!(said.contains(&format!("{n} weaker, 0 stronger; mean strength 0.")), "{said}");
    assert!(desk.does(&["dream", "decay"]).starts_with("Nothing to fade: "));
}

#[test]
fn affinity_with_a_model_wants_a_limit_and_proposes_one() {
    let desk = Desk::dreamt();
    let ran = desk.fails(&["dream", "affinity", "--use-llm"]);
    assert_eq!(ran.exit, Exit::Usage);
    assert!(ran.err.contains("needs a limit") && ran.err.contains("--limit 100"), "{}", ran.err);
}

#[test]
fn conversations_are_summarised_alone_and_the_summary_stands_above_the_transcript() {
    let desk = Desk::new();
    let line = |n: usize| {
        format!(
            "10/{}/26, 18:0{n} - Ana: The boat to the island leaves at six, number {n}\n",
            1 + n
        )
    };
    let chat: String = (0..10).map(line).collect();
    desk.write("notes/WhatsApp Chat with Ana.txt", &chat);
    desk.does(&["import", &desk.path("notes")]);
    let planned = desk.asks(&["dream", "summarize", "--dry-run"]);
    assert_eq!(
        (&planned["n_summarised"], &planned["sessions"][0]["summary"]),
        (&1.into(), &"".into())
    );
    let id = planned["sessions"][0]["id"].to_string();
    let said = desk.does(&["dream", "summarize", "--session", &id]);
    assert!(said.starts_with("Summarised 1 conversation in "), "{said}");
    assert!(said.contains("of 1") && said.contains("island"), "{said}");
    let shown = desk.does(&["show", &format!("record:{id}")]);
    let (above, transcript) = shown.split_once("told by built-in analyser").expect("a summary");
    assert!(above.contains("island") && transcript.contains("number 9"), "{shown}");
    let again = desk.asks(&["dream", "summarize"]);
    assert_eq!((&again["n_summarised"], &again["n_unchanged"]), (&0.into(), &1.into()));
}

#[test]
fn a_rate_given_once_fades_faster_and_the_next_dream_goes_by_the_settings_again() {
    let mut desk = Desk::dreamt();
    desk.now = "2026-12-24T18:00:00Z".into();
    let usual = desk.asks(&["decay", "--dry-run"])["mean_after"].as_f64().unwrap();
    let report = desk.asks(&["decay", "--rate", "0.01", "--ignore-access"]);
    assert!(report["mean_after"].as_f64().unwrap() < usual - 0.2, "{report}");
    let again = desk.asks(&["decay"]);
    assert_eq!(again["n_rekindled"], again["n_processed"]);
    assert_eq!(again["mean_after"].as_f64().unwrap(), usual);
    let ran = desk.fails(&["decay", "--rate", "7"]);
    assert!(ran.err.contains("between 0 and 1 a day"), "{}", ran.err);
}

#[test]
fn who_lets_nothing_fade_is_told_that_the_stage_was_skipped() {
    let mut desk = Desk::dreamt();
    desk.does(&["settings", "decay.is_on", "false"]);
    desk.now = "2026-12-24T18:00:00Z".into();
    let report = desk.asks(&["dream", "full"]);
    let decay = &report["stages"][0];
    assert_eq!(
        (&decay["stage"], &decay["end"], &decay["reason"]),
        (&"decay".into(), &"skipped".into(), &"disabled_by_config".into())
    );
}

#[test]
fn only_long_conversations_are_summarised_where_that_is_asked() {
    let desk = Desk::dreamt();
    let report = desk.asks(&["summarize", "--long", "--threshold", "40"]);
    assert_eq!(
        (&report["n_summarised"], &report["skipped"]),
        (&0.into(), &"insufficient_events".into())
    );
    let report = desk.asks(&["summarize", "--min-events", "2"]);
    assert_eq!((&report["n_summarised"], &report["skipped"]), (&1.into(), &"".into()));
    desk.does(&["settings", "summaries.is_on", "false"]);
    assert_eq!(desk.asks(&["summarize"])["skipped"], "summarization_disabled");
}

#[test]
fn a_whole_dream_says_what_each_stage_came_to() {
    let desk = Desk::with_notes();
    let report = desk.asks(&["dream", "full"]);
    let stages: Vec<&str> =
        report["stages"].as_array().unwrap().iter().map(|s| s["stage"].as_str().unwrap()).collect();
    assert_eq!(stages[..3], ["decay", "moments", "summarize"]);
    assert!(report["stages"].as_array().unwrap().iter().all(|stage| stage["end"] != "failed"));
    let again = desk.asks(&["maintain", "--daily"]);
    assert_eq!(again["dream_id"], serde_json::Value::Null, "{again}");
}

#[test]
fn one_journal_that_fails_does_not_stop_the_others() {
    let desk = Desk::with_notes();
    for name in ["asleep", "broken", "work"] {
        desk.does(&["init", "--journal", name]);
        desk.does(&["add", "--journal", name, "Tuned the harmonium with Ilse"]);
    }
    desk.does(&["settings", "--journal", "asleep", "is_paused", "true"]);
    desk.write("data/journals/broken.rem", "this is no journal any more");
    for beside in ["broken.rem-wal", "broken.rem-shm"] {
        let _ = std::fs::remove_file(desk.data().join("journals").join(beside));
    }
    let ran = desk.rem(&["dream", "full", "--all-journals", "--json"]);
    assert_ne!(ran.exit, Exit::Done);
    assert!(ran.err.contains("broken: "), "{}", ran.err);
    assert!(ran.err.contains("asleep is paused"), "{}", ran.err);
    let replies: serde_json::Value = serde_json::from_str(&ran.out).expect("one document");
    assert_eq!(replies["work"]["n_added"], 1, "{replies}");
    assert_eq!(replies["personal"]["n_added"].as_u64().map(|n| n > 1), Some(true));
    assert!(replies["broken"]["code"].is_string());
    let ran = desk.fails(&["status", "--all-journals"]);
    assert!(ran.err.contains("about one journal"), "{}", ran.err);
}
