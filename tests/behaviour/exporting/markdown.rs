use std::{fs, path::Path};

use rem_core::api::{
    export::{ExportFormat, ExportPart, ExportRequest, export_journal},
    moments::Correction,
};

use super::{correct, dreamt, export, export_parts, hide, place, read, refused, request};
use crate::world::World;

const MARKDOWN: ExportFormat = ExportFormat::Markdown;
const WEDNESDAY: &str = "journal/2026/10/2026-10-14.md";
const TUESDAY: &str = "journal/2026/10/2026-10-13.md";

/// Every file of an export below a folder, with its text.
fn files(root: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(root).expect("below").to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&path).expect("text")));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_day_is_a_page_with_front_matter_its_story_and_its_moments() {
    let world = dreamt();
    export(&world, MARKDOWN, "journal");

    let page = read(&world, TUESDAY);
    let (front, body) = page[4..].split_once("\n---\n").expect("front matter");
    assert!(front.starts_with("rem_export: 1\ntitle: \"Tuesday, 13 October 2026\"\n"), "{front}");
    assert!(front.contains("\ndate: \"2026-10-13\"\n"), "{front}");
    assert!(front.contains("\"Ilse\""), "{front}");
    assert!(body.contains("# Tuesday, 13 October 2026\n\n"), "{body}");
    assert!(body.contains("(09:30–10:00)\n"), "{body}");
    for label in ["- Topics: ", "- People: ", "- Emotion: "] {
        assert!(body.contains(label), "{label} is not in {body}");
    }
    assert!(body.contains("After: [2026-10-14](../../2026/10/2026-10-14.md)"), "{body}");
}

#[test]
fn a_conversation_is_told_as_a_paragraph_its_topics_and_its_sentiment() {
    let world = dreamt();
    export(&world, MARKDOWN, "journal");

    let all = files(&place(&world, "journal"));
    let (name, page) = all
        .iter()
        .find(|(name, _)| name.starts_with("conversations/"))
        .expect("the chat has a page");
    assert!(name.starts_with("conversations/2026/2026-10-13-"), "{name}");
    let topics = page.find("\n\nKey Topics: ").expect("topics");
    let sentiment = page.find("\n\nSentiment: ").expect("a sentiment");
    assert!(topics < sentiment, "{page}");
    assert!(read(&world, TUESDAY).contains(&format!("](../../{name})")), "the day leads to it");
}

#[test]
fn weeks_and_months_are_pages_whose_outcomes_lead_to_their_days() {
    let world = dreamt();
    export(&world, MARKDOWN, "journal");

    let week = read(&world, "journal/reviews/week-2026-10-12.md");
    assert!(week.contains("# Week from 2026-10-12 to 2026-10-18"), "{week}");
    assert!(read(&world, "journal/reviews/month-2026-10.md").contains("# 2026-10"));
    assert!(read(&world, "journal/index.md").contains("](reviews/week-2026-10-12.md)"));
}

#[test]
fn every_link_between_pages_leads_to_a_page() {
    let world = dreamt();
    let parts = [
        ExportPart::Stories,
        ExportPart::Moments,
        ExportPart::Reviews,
        ExportPart::Conversations,
        ExportPart::Records,
    ];
    export_parts(&world, &parts, "journal");

    let root = place(&world, "journal");
    let mut n = 0;
    for (name, text) in files(&root).iter().filter(|(name, _)| name.ends_with(".md")) {
        for target in text.split("](").skip(1) {
            let target = target.split(')').next().expect("an end");
            let folder = root.join(name).parent().expect("a folder").to_owned();
            assert!(folder.join(target).is_file(), "{name} leads to {target}");
            n += 1;
        }
    }
    assert!(n >= 6, "only {n} links");
}

#[test]
fn notes_stand_in_it_as_they_were_written_where_that_is_asked_for() {
    let world = dreamt();
    assert!(files_of_notes(&world, "without", &[]).is_empty());

    let notes = files_of_notes(&world, "with", &[ExportPart::Records]);
    assert!(notes.iter().any(|text| text.contains(super::WEDNESDAY)), "{notes:#?}");
}

fn files_of_notes(world: &World, name: &str, parts: &[ExportPart]) -> Vec<String> {
    export_parts(world, parts, name);
    let all = files(&place(world, name)).into_iter();
    all.filter(|(name, _)| name.starts_with("notes/")).map(|(_, text)| text).collect()
}

#[test]
fn exporting_the_same_twice_changes_nothing() {
    let world = dreamt();
    export(&world, MARKDOWN, "journal");
    let before = files(&place(&world, "journal"));

    let again = export(&world, MARKDOWN, "journal");
    assert_eq!((again.n_written, again.n_removed, again.n_left_alone), (0, 0, 0));
    assert_eq!(files(&place(&world, "journal")), before);
}

#[test]
fn a_folder_with_somebody_elses_files_is_refused() {
    let world = dreamt();
    fs::create_dir(place(&world, "journal")).expect("a folder");
    fs::write(place(&world, "journal/mine.md"), "mine").expect("a file");

    let error = refused(&world, MARKDOWN, "journal");
    assert!(error.to_string().contains("holds files that no export wrote"), "{error}");
    assert_eq!(files(&place(&world, "journal")), [("mine.md".to_owned(), "mine".to_owned())]);
}

#[test]
fn a_page_that_the_person_changed_is_left_as_it_is() {
    let world = dreamt();
    export(&world, MARKDOWN, "journal");
    fs::write(place(&world, WEDNESDAY), "my own words").expect("a file");
    let id = world.moment_about("letter is out").moment.id;
    correct(&world.journal, id, Correction::Title { title: "Out at last".into() });

    let report = export(&world, MARKDOWN, "journal");
    assert_eq!(report.left_alone, ["2026/10/2026-10-14.md"]);
    assert_eq!(read(&world, WEDNESDAY), "my own words");
}

#[test]
fn what_is_hidden_or_gone_leaves_the_folder_with_the_next_export() {
    let world = dreamt();
    export(&world, MARKDOWN, "journal");
    assert!(read(&world, TUESDAY).contains("heron"));
    hide(&world, "canal");
    world.delete("2026-10-14.md");
    world.delete("WhatsApp Chat with Ilse.txt");
    world.scan_with(true);
    world.dream();

    export(&world, MARKDOWN, "journal");
    assert!(!read(&world, TUESDAY).contains("heron"));
    let all = files(&place(&world, "journal"));
    assert!(all.iter().all(|(_, text)| !text.contains("Relieved and proud")), "{all:#?}");
}

#[test]
fn some_days_alone_leave_the_pages_of_other_days_alone() {
    let world = dreamt();
    export(&world, MARKDOWN, "journal");
    let request = ExportRequest {
        since: Some("2026-10-14".into()),
        until: Some("2026-10-14".into()),
        ..request(&world, MARKDOWN, "journal")
    };
    let report = export_journal(&world.journal, request).expect("it is exported");
    assert_eq!((report.n_days, report.n_removed), (1, 0));
    assert!(place(&world, TUESDAY).exists());
}

#[test]
fn an_exported_folder_is_not_read_as_notes() {
    let world = dreamt();
    export_parts(
        &world,
        &[ExportPart::Stories, ExportPart::Moments, ExportPart::Records],
        "journal",
    );
    export(&world, ExportFormat::Json, "journal.jsonl");
    fs::rename(place(&world, "journal"), world.notes().join("journal")).expect("it is moved");
    fs::rename(place(&world, "journal.jsonl"), world.notes().join("j.jsonl")).expect("it is moved");
    let report = world.scan();
    assert_eq!(report.n_records_added, 0, "{report:#?}");

    let (status, reason) = world.said_of("journal/2026/10/2026-10-14.md").expect("it is told");
    assert_eq!(status, "skipped");
    assert!(reason.contains("must not read its own words as yours"), "{reason}");
    assert_eq!(world.said_of("j.jsonl").expect("it is told").0, "skipped");
}

#[test]
fn it_cannot_be_exported_among_the_notes() {
    let world = dreamt();
    let error = refused(&world, MARKDOWN, "notes/journal");
    assert!(error.to_string().contains("which the journal reads"), "{error}");
}

#[cfg(unix)]
#[test]
fn no_link_leads_an_export_out_of_its_folder() {
    let world = dreamt();
    export(&world, MARKDOWN, "journal");
    let outside = place(&world, "outside");
    fs::create_dir(&outside).expect("a folder");
    fs::remove_dir_all(place(&world, "journal/2026")).expect("it is removed");
    std::os::unix::fs::symlink(&outside, place(&world, "journal/2026")).expect("a link");

    refused(&world, MARKDOWN, "journal");
    assert_eq!(files(&outside), []);
}

#[test]
fn a_list_that_names_files_outside_takes_none_away() {
    let world = dreamt();
    export(&world, MARKDOWN, "journal");
    let hash = blake3::hash(b"precious").to_hex();
    fs::write(place(&world, "precious.txt"), "precious").expect("a file");
    let list = format!(
        "{{\"rem_export\":1,\"files\":{{\"../precious.txt\":{{\"hash\":\"{hash}\",\"from\":\"2026-10-14\",\
         \"until\":\"2026-10-14\"}}}}}}"
    );
    fs::write(place(&world, "journal/.rem-export.json"), list).expect("a list");

    refused(&world, MARKDOWN, "journal");
    assert_eq!(read(&world, "precious.txt"), "precious");
}

#[test]
fn hostile_words_are_words_on_every_page() {
    let world = World::new();
    let hostile =
        "<script>alert(1)</script> ![x](http://evil.example/p.png) [[Wiki]] \u{1b}[31m\u{202e}";
    world.write(
        "2026-10-14.md",
        format!("# {hostile}\n\n## 10:00 {hostile}\n\nI was sad. {hostile}\n"),
    );
    world.scan();
    world.dream();
    let id = world.moments().first().expect("a moment").id;
    let title = "x\"\n---\n# owned <img src=x>".to_owned();
    correct(&world.journal, id, Correction::Title { title });
    let tags = vec!["a: b\n---".into(), "{{evil}}".into()];
    correct(&world.journal, id, Correction::Tags { tags });
    export(&world, MARKDOWN, "journal");

    for (name, text) in files(&place(&world, "journal")) {
        if name.ends_with(".md") {
            let (_, body) = text[4..].split_once("\n---\n").expect("front matter");
            for wrong in ["<script", "<img", "![x]", "[[Wiki", "\u{1b}", "\u{202e}", "\n---\n"] {
                let is_bare = body.match_indices(wrong).any(|(at, _)| !body[..at].ends_with('\\'));
                assert!(!is_bare, "{name} has “{wrong}”: {body}");
            }
        }
    }
}
