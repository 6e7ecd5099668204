use std::{fs, thread, time::Duration};

use rem_cli::Exit;
use rem_core::journal::Cancel;

use super::{Desk, Shared, WEDNESDAY};

#[test]
fn a_folder_is_read_once_and_reading_it_again_changes_nothing() {
    let desk = Desk::with_notes();
    let again = desk.does(&["import", &desk.path("notes")]);
    assert!(again.contains("3 files: 3 unchanged"), "{again}");
    assert!(again.contains("0 records new, 0 changed"), "{again}");
    let sources = desk.asks(&["sources"]);
    assert_eq!(sources.as_array().map(Vec::len), Some(1));
    assert_eq!(sources[0]["is_watched"], false);
}

#[test]
fn a_file_that_changed_is_read_again() {
    let desk = Desk::with_notes();
    desk.write("notes/2026-10-14.md", format!("{WEDNESDAY}\n## 19:00 Dinner\n\nSoup.\n"));
    let report = &desk.asks(&["sources", "scan"])[0];
    assert_eq!((&report["n_changed"], &report["n_unchanged"]), (&1.into(), &2.into()));
}

#[test]
fn a_file_that_is_left_out_says_why() {
    let desk = Desk::new();
    desk.write("in/good.md", "# Good\n\nA fine day.\n");
    desk.write("in/copy.md", "# Good\n\nA fine day.\n");
    desk.write("in/noise.bin", [0_u8, 159, 146, 150]);
    let said = desk.does(&["import", &desk.path("in")]);
    assert!(said.contains("1 new") && said.contains("1 duplicate"), "{said}");
    assert!(said.contains("skipped") && said.contains("noise.bin"), "{said}");
    let problems = desk.asks(&["sources", "problems"]);
    let names: Vec<_> = problems.as_array().into_iter().flatten().map(|p| &p["file"]).collect();
    assert_eq!(names.len(), 2, "{problems}");
}

#[test]
fn many_problems_are_counted_and_shown_when_asked_for() {
    let desk = Desk::new();
    for n in 0..30 {
        desk.write(&format!("in/{n:02}.bin"), [0, n]);
    }
    desk.write("in/good.md", "# Good\n");
    let few = desk.does(&["import", &desk.path("in")]);
    assert!(few.contains("… and 10 more: add --verbose"), "{few}");
    assert!(!few.contains("29.bin"), "{few}");
    assert!(desk.does(&["sources", "problems", "--verbose"]).contains("29.bin"));
    let all = desk.asks(&["sources", "problems"]);
    assert_eq!(all.as_array().map(Vec::len), Some(30));
}

#[test]
fn a_path_without_anything_is_no_import() {
    let desk = Desk::new();
    let ran = desk.fails(&["import", &desk.path("nowhere")]);
    assert_eq!(ran.exit, Exit::Failed);
    assert!(ran.err.contains("nowhere"), "{}", ran.err);
}

#[test]
fn forgetting_a_source_leaves_its_files_alone() {
    let desk = Desk::with_notes();
    desk.does(&["sources", "remove", "1"]);
    assert_eq!(desk.asks(&["status"])["n_notes"], 0);
    assert!(fs::exists(desk.path("notes/2026-10-13.md")).unwrap());
    assert_eq!(desk.fails(&["sources", "remove", "1"]).exit, Exit::NotFound);
}

#[test]
fn files_that_vanish_all_at_once_are_believed_gone_only_when_the_person_says_so() {
    let desk = Desk::new();
    for n in 0..40 {
        desk.write(&format!("many/{n}.md"), format!("# Note {n}\n\nText number {n}.\n"));
    }
    desk.does(&["import", &desk.path("many"), "--watch"]);
    for n in 0..39 {
        fs::remove_file(desk.path(&format!("many/{n}.md"))).unwrap();
    }
    let held = desk.does(&["sources", "scan", "1"]);
    assert!(held.contains("--accept-missing"), "{held}");
    assert_eq!(desk.asks(&["status"])["n_notes"], 40);
    desk.does(&["sources", "scan", "1", "--accept-missing"]);
    assert_eq!(desk.asks(&["status"])["n_notes"], 1);
}

#[test]
fn an_import_that_is_stopped_keeps_what_it_read_and_says_so() {
    let mut desk = Desk::new();
    for n in 0..50 {
        desk.write(&format!("many/{n}.md"), format!("# Note {n}\n"));
    }
    desk.on_interrupt = Box::new(Cancel::cancel);
    let ran = desk.fails(&["import", &desk.path("many")]);
    assert_eq!(ran.exit, Exit::Cancelled);
    assert!(ran.out.contains("Stopped before the end"), "{}", ran.out);
    desk.on_interrupt = Box::new(|_| {});
    desk.does(&["import", &desk.path("many")]);
    assert_eq!(desk.asks(&["status"])["n_notes"], 50);
}

#[test]
fn following_a_folder_says_what_changed_meanwhile_and_ends_with_ctrl_c() {
    let mut desk = Desk::new();
    desk.write("notes/a.md", "# A\n");
    desk.does(&["import", &desk.path("notes"), "--watch"]);
    desk.write("notes/b.md", "# B\n\nNew since then.\n");
    let out = desk.out.clone();
    desk.on_interrupt = Box::new(move |cancel| interrupt_after_a_line(&out, cancel));
    let ran = desk.rem(&["watch"]);
    assert_eq!(ran.exit, Exit::Done, "{}", ran.err);
    assert_eq!(ran.out.lines().count(), 1, "{}", ran.out);
    assert!(ran.out.starts_with("20:00:00 notes"), "{}", ran.out);
    assert!(ran.out.contains("1 new"), "{}", ran.out);
    assert!(ran.err.contains("following notes"), "{}", ran.err);
}

fn interrupt_after_a_line(out: &Shared, cancel: &Cancel) {
    let (out, cancel) = (out.clone(), cancel.clone());
    thread::spawn(move || {
        for _ in 0..200 {
            if out.text().contains('\n') {
                break;
            }
            thread::sleep(Duration::from_millis(50));
        }
        cancel.cancel();
    });
}

#[test]
fn there_is_nothing_to_follow_without_a_followed_folder() {
    let desk = Desk::with_notes();
    assert_eq!(desk.fails(&["watch"]).exit, Exit::Usage);
}
