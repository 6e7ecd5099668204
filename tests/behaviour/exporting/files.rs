use rem_core::api::{
    export::{ExportFormat, ExportRequest, export_journal, export_to},
    moments::Correction,
};
use rem_core::journal::Cancel;

use super::{correct, dreamt, export, hide, read, request};

fn rows(text: &str) -> Vec<&str> {
    text.lines().skip(1).collect()
}

/// The events of a calendar, with folded lines put together again.
fn events(text: &str) -> Vec<String> {
    let text = text.replace("\r\n ", "");
    text.split("BEGIN:VEVENT").skip(1).map(str::to_owned).collect()
}

#[test]
fn every_mood_is_a_line_with_its_time_and_its_moment() {
    let world = dreamt();
    let report = export(&world, ExportFormat::Csv, "moods.csv");

    let text = read(&world, "moods.csv");
    assert!(text.starts_with("day,time,utc_offset,precision,valence,arousal,"), "{text}");
    assert_eq!(rows(&text).len(), report.n_moods as usize);
    let call = rows(&text).into_iter().find(|row| row.contains("2026-10-13,09:30,+02:00,exact,"));
    assert!(call.is_some(), "{text}");
}

#[test]
fn hidden_moments_have_neither_a_mood_nor_an_event_outside() {
    let world = dreamt();
    let title = world.moment_about("canal").moment.title;
    hide(&world, "canal");
    export(&world, ExportFormat::Csv, "moods.csv");
    export(&world, ExportFormat::Ics, "moments.ics");

    assert!(!read(&world, "moods.csv").contains(&title));
    assert!(events(&read(&world, "moments.ics")).iter().all(|event| !event.contains("heron")));
}

#[test]
fn a_moment_is_an_event_in_universal_time_that_keeps_its_name() {
    let world = dreamt();
    export(&world, ExportFormat::Ics, "moments.ics");
    let uid = |text: &str| {
        let all = events(text);
        let call = all.iter().find(|event| event.contains("DTSTART:20261013T073000Z"));
        let call = call.unwrap_or_else(|| panic!("09:30 in Berlin is not in {text}")).clone();
        call.lines().find(|line| line.starts_with("UID:")).map(str::to_owned)
    };
    let before = uid(&read(&world, "moments.ics"));
    let id = world.moment_about("Call with Ilse").moment.id;
    world.pass(60_000);
    correct(&world.journal, id, Correction::Title { title: "Ilse rang; \\ , and\nmore".into() });
    export(&world, ExportFormat::Ics, "moments.ics");

    let text = read(&world, "moments.ics");
    assert_eq!(uid(&text), before);
    assert!(
        text.replace("\r\n ", "").contains("SUMMARY:Ilse rang\\; \\\\ \\, and more\r\n"),
        "{text}"
    );
    assert!(text.lines().all(|line| line.len() <= 76), "a line is too long");
}

#[test]
fn a_moment_of_which_only_the_day_is_known_takes_the_whole_day() {
    let world = crate::world::World::new();
    world.write("2026-10-12.md", "Somewhere in the rain we mended the bellows and were happy.");
    world.scan();
    world.dream();
    export(&world, ExportFormat::Ics, "moments.ics");

    let text = read(&world, "moments.ics").replace("\r\n ", "");
    assert!(text.contains("DTSTART;VALUE=DATE:20261012\r\n"), "{text}");
    assert!(text.contains("The time of day is not known."), "{text}");
}

#[test]
fn an_export_can_go_to_a_stream() {
    let world = dreamt();
    let mut out = Vec::new();
    let asked = request(&world, ExportFormat::Ics, "-");
    export_to(&world.journal, &asked, &mut out, &Cancel::default()).expect("it is exported");
    let text = String::from_utf8(out).expect("text");
    assert!(
        text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"),
        "{text}"
    );
}

#[test]
fn an_export_that_is_cancelled_leaves_the_file_as_it_was() {
    let world = dreamt();
    export(&world, ExportFormat::Csv, "moods.csv");
    let before = read(&world, "moods.csv");
    hide(&world, "canal");
    let cancel = Cancel::default();
    cancel.cancel();
    let asked = request(&world, ExportFormat::Csv, "moods.csv");

    rem_core::api::export::export_until(&world.journal, &asked, &cancel).expect_err("it stops");
    assert_eq!(read(&world, "moods.csv"), before);
    let left = std::fs::read_dir(world.home()).expect("a folder");
    let left = left.filter_map(Result::ok).filter(|entry| entry.file_name() != "moods.csv");
    assert!(left.into_iter().all(|entry| !entry.file_name().to_string_lossy().contains("moods")));
}

#[test]
fn days_that_cannot_be_are_refused() {
    let world = dreamt();
    for (since, until) in [("2026-10-14", "2026-10-13"), ("14.10.2026", "2026-10-14")] {
        let request = ExportRequest {
            since: Some(since.into()),
            until: Some(until.into()),
            ..request(&world, ExportFormat::Csv, "moods.csv")
        };
        export_journal(&world.journal, request).expect_err("it is refused");
    }
}
