use rem_cli::Exit;

use super::Desk;

#[test]
fn the_queue_is_listed_shown_retried_and_discarded() {
    let desk = Desk::with_notes();
    let queue = desk.asks(&["jobs"]);
    assert!(queue["n_waiting"].as_i64() >= Some(1), "{queue}");
    let id = queue["jobs"][0]["id"].to_string();
    assert!(desk.does(&["jobs", "show", &id]).contains(&format!("Job {id}")));
    desk.does(&["jobs", "retry", &id]);
    desk.does(&["jobs", "discard", &id]);
    assert_eq!(desk.fails(&["jobs", "show", &id]).exit, Exit::NotFound);
    let listed = desk.does(&["jobs", "list", "--days"]);
    assert!(listed.contains("2026-10-13") && listed.contains("wait for a dream"), "{listed}");
}

#[test]
fn schedules_are_listed_set_paused_and_resumed() {
    let desk = Desk::with_notes();
    let listed = desk.does(&["schedule"]);
    assert!(listed.contains("night") && listed.contains("0 3 * * *"), "{listed}");
    let set = desk.asks(&["schedule", "set", "night", "30 4 * * 1-5"]);
    let night =
        set["schedules"].as_array().and_then(|all| all.iter().find(|s| s["name"] == "night"));
    assert_eq!(night.expect("the night")["rule"], "30 4 * * 1-5");
    assert_eq!(desk.fails(&["schedule", "set", "night", "at night"]).exit, Exit::Usage);
    let paused = desk.does(&["schedule", "pause", "--until", "2026-10-20 08:00"]);
    assert!(paused.contains("paused until Tue 20 Oct 08:00"), "{paused}");
    assert!(!desk.does(&["schedule", "resume"]).contains("paused"));
}

#[test]
fn a_schedule_can_be_run_now_and_only_if_it_is_due() {
    let desk = Desk::with_notes();
    let run = desk.asks(&["schedule", "run", "night", "--if-due"]);
    assert_eq!(run["has_run"], false, "nothing is due before the first dream");
    let run = desk.asks(&["schedule", "run", "night"]);
    assert_eq!((&run["has_run"], &run["n_dead"]), (&true.into(), &0.into()));
    assert!(desk.does(&["timeline"]).contains("moment"));
}

#[test]
fn files_for_the_systems_own_scheduler_are_written_where_they_are_wanted() {
    let desk = Desk::with_notes();
    let folder = desk.path("units");
    desk.does(&["schedule", "export", "--systemd", "--to", &folder]);
    let timer = std::fs::read_to_string(format!("{folder}/rem-journal-personal-night.timer"));
    assert!(timer.expect("a timer").contains("Persistent=true"));
    let service = std::fs::read_to_string(format!("{folder}/rem-journal-personal-night.service"));
    assert!(service.expect("a service").contains("ExecStart=/usr/bin/rem --journal personal"));
    assert!(desk.does(&["schedule", "export", "--cron"]).contains("0 3 * * * /usr/bin/rem"));
    assert_eq!(desk.fails(&["schedule", "export"]).exit, Exit::Usage);
}

#[test]
fn a_daemon_runs_until_it_is_told_to_stop_and_says_no_word_of_what_was_written() {
    let mut desk = Desk::with_notes();
    let out = desk.out.clone();
    desk.on_interrupt = Box::new(move |cancel| {
        let (cancel, out) = (cancel.clone(), out.clone());
        std::thread::spawn(move || {
            while !out.text().contains("started") {
                std::thread::yield_now();
            }
            cancel.cancel();
        });
    });
    let said = desk.does(&["daemon", "--json", "--dream-interval", "0"]);
    let lines: Vec<serde_json::Value> =
        said.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(lines.first().map(|line| &line["event"]), Some(&"started".into()), "{said}");
    assert_eq!(lines.last().map(|line| &line["event"]), Some(&"stopped".into()), "{said}");
    for word in ["Ana", "grant", "heron", "Tuesday"] {
        assert!(!said.contains(word), "{said}");
    }
}
