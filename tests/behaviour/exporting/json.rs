use std::{collections::BTreeSet, fs, io::Cursor};

use boon::{Compiler, SchemaIndex, Schemas};
use rem_core::{
    Error, Journal,
    api::{
        Empty,
        dreams::DreamReport,
        export::{
            ExportFormat, ExportRequest, RestoreReport, export_journal, export_schemas,
            restore_journal,
        },
        moments::{Correction, EmotionWeight},
        profile::{EditProfile, ProfileEdit, edit_profile},
        proposals::{ListProposals, ProposalId, list_proposals, reject_proposal},
        search::{SearchRequest, search},
        settings::show_settings,
        topics::{ListTopics, RenameTopic, list_topics, rename_topic},
        types::{AddMomentType, add_moment_type},
    },
    clock::Clock,
    journal::Cancel,
};
use serde_json::Value;

use super::{correct, dreamt, export, hide, place, read, refused, request};
use crate::world::{EVENING, World, open};

/// Nearly the same text twice, so that there is something to propose.
const TWICE: &str = "Swam eleven lengths before breakfast; the water was cold, the hall empty, and the \
                     attendant hummed the same three bars of a march all the while.";

/// A journal in which a person has had their say everywhere.
fn lived_in() -> World {
    let world = World::new();
    world.write("2026-10-13.md", super::TUESDAY);
    world.write("2026-10-14.md", super::WEDNESDAY);
    world.write("WhatsApp Chat with Ilse.txt", super::CHAT);
    world.write("2026-09-01.md", TWICE);
    world.write("2026-09-02.md", TWICE.replace("the hall empty", "that hall empty"));
    world.scan();
    let named =
        |name: &str| AddMomentType { name: name.into(), description: "By the water".into() };
    add_moment_type(&world.journal, named("outing")).expect("the type is added");
    world.note("A thought of my own: “quotes”, \\ and \u{2028} and 😀");
    world.dream();
    let letter = world.moment_about("letter is out").moment.id;
    let canal = world.moment_about("canal").moment.id;
    let journal = &world.journal;
    correct(journal, letter, Correction::Title { title: "It is out!\n---\n".into() });
    correct(journal, letter, Correction::Pinned { pinned: true });
    correct(journal, canal, Correction::Type { moment_type: "outing".into() });
    let emotions = vec![EmotionWeight { label: "serene".into(), weight: 0.123_456_79 }];
    correct(journal, canal, Correction::Emotions { emotions });
    hide(&world, "Call with Ilse");
    let topics = list_topics(journal, ListTopics::default()).expect("topics").topics;
    let topic = topics.first().expect("a topic").id;
    let renamed = RenameTopic { id: topic, name: Some("The great matter".into()) };
    rename_topic(journal, renamed).expect("it is renamed");
    let proposals = list_proposals(journal, ListProposals::default()).expect("proposals");
    let proposal = proposals.first().expect("the same text twice is proposed about").id.clone();
    reject_proposal(journal, ProposalId { id: proposal }).expect("it is refused");
    let edit = ProfileEdit::Summary { text: "You repair harmoniums.".into() };
    edit_profile(journal, EditProfile { edit }).expect("it is edited");
    let mut settings = journal.settings();
    settings.own_names = vec!["Hester Voss".into()];
    settings.decay.base_rate = 0.001_234_567_890_123;
    journal.change_settings(settings).expect("they are changed");
    world.pass(86_400_000);
    world.write("2026-10-15.md", "Rain all day. Mended the bellows with Tomas.");
    world.scan();
    world
}

fn another(world: &World, name: &str) -> Journal {
    open(world.home(), name, "UTC", Clock::fixed(EVENING.parse().expect("an instant")))
}

fn restore(journal: &Journal, text: &str) -> Result<RestoreReport, Error> {
    restore_journal(journal, &mut Cursor::new(text), &Cancel::default())
}

fn export_of(journal: &Journal, world: &World, name: &str) -> String {
    export_journal(journal, request(world, ExportFormat::Json, name)).expect("it is exported");
    read(world, name)
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("every line is JSON")).collect()
}

/// The first line that differs, so that a failure says something.
fn assert_same(first: &str, second: &str) {
    for (one, other) in first.lines().zip(second.lines()) {
        assert_eq!(one, other);
    }
    assert_eq!(first.len(), second.len());
}

#[test]
fn a_journal_that_is_exported_restored_and_exported_again_is_the_same_to_the_byte() {
    let world = lived_in();
    export(&world, ExportFormat::Json, "first.jsonl");
    let first = read(&world, "first.jsonl");
    for thing in [
        "settings",
        "source",
        "file",
        "resource",
        "session",
        "message",
        "dream",
        "revision",
        "entity",
        "moment",
        "period",
        "edge",
        "topic",
        "tag",
        "profile",
        "moment_type",
        "topic_correction",
        "proposal_decision",
        "profile_edit",
        "waiting_day",
        "insight",
        "prediction",
    ] {
        let named = format!("{{\"thing\":\"{thing}\"");
        let is_there = first.lines().any(|line| line.starts_with(&named));
        assert!(is_there || matches!(thing, "insight" | "prediction"), "there is no {thing}");
    }

    let again = another(&world, "again");
    let report = restore(&again, &first).expect("it is restored");
    assert_same(&first, &export_of(&again, &world, "second.jsonl"));
    assert_eq!(report.n_messages, 11);
}

#[test]
fn what_the_person_hid_stays_hidden_where_it_is_restored() {
    let world = lived_in();
    export(&world, ExportFormat::Json, "first.jsonl");
    let again = another(&world, "again");
    restore(&again, &read(&world, "first.jsonl")).expect("it is restored");

    let request = SearchRequest { query: "agreed".into(), ..SearchRequest::default() };
    let hits = search(&again, request).expect("a search").hits;
    assert!(hits.iter().all(|hit| hit.kind != rem_core::api::search::HitKind::Moment), "{hits:#?}");
}

#[test]
fn a_restored_journal_finds_its_notes_and_dreams_on() {
    let world = lived_in();
    export(&world, ExportFormat::Json, "first.jsonl");
    let again = another(&world, "again");
    restore(&again, &read(&world, "first.jsonl")).expect("it is restored");

    let request = SearchRequest { query: "heron".into(), ..SearchRequest::default() };
    assert!(!search(&again, request).expect("a search").hits.is_empty());
    let report = again.dream(&Default::default(), &Cancel::default()).expect("it dreams");
    let days = |report: &DreamReport| -> Vec<String> {
        report.days.iter().map(|day| day.day.clone()).collect()
    };
    assert_eq!(days(&report), days(&world.dream()), "the days that waited, and no other");
}

#[test]
fn every_line_is_as_its_published_schema_says() {
    let world = lived_in();
    export(&world, ExportFormat::Json, "first.jsonl");
    let (mut compiler, mut schemas) = (Compiler::new(), Schemas::new());
    let base = "http://schemas.invalid/";
    for (name, mut schema) in export_schemas() {
        schema["$id"] = Value::from(format!("{base}{name}"));
        compiler.add_resource(&format!("{base}{name}"), schema).expect("a schema");
    }
    let mut of = |thing: &str| -> SchemaIndex {
        let place = format!("{base}{thing}.schema.json");
        compiler.compile(&place, &mut schemas).unwrap_or_else(|error| panic!("{error}"))
    };
    let all = lines(&read(&world, "first.jsonl"));
    let named: Vec<(SchemaIndex, &Value)> =
        all.iter().map(|line| (of(line["thing"].as_str().expect("a thing")), line)).collect();
    let any = of("export");

    for (index, line) in named {
        assert!(schemas.validate(line, index).is_ok(), "{:?}", schemas.validate(line, index).err());
    }
    assert!(schemas.validate(&all[1], any).is_ok());
    let strange = serde_json::json!({ "thing": "moment", "title": 5 });
    assert!(schemas.validate(&strange, any).is_err());
}

#[test]
fn some_days_have_neither_other_days_nor_what_is_hidden() {
    let world = lived_in();
    let request = ExportRequest {
        since: Some("2026-10-13".into()),
        until: Some("2026-10-13".into()),
        ..request(&world, ExportFormat::Json, "some.jsonl")
    };
    export_journal(&world.journal, request).expect("it is exported");

    let all = lines(&read(&world, "some.jsonl"));
    let of = |thing: &str| all.iter().filter(|line| line["thing"] == thing).collect::<Vec<_>>();
    let days: BTreeSet<&str> =
        of("moment").iter().map(|line| line["day"].as_str().expect("a day")).collect();
    assert_eq!(days, BTreeSet::from(["2026-10-13"]));
    assert!(of("moment").iter().all(|line| line["is_hidden"] == false));
    assert!(of("resource").iter().all(|line| line["title"] != "Wednesday"));
    assert_eq!(of("settings").len(), 0);
}

#[test]
fn some_days_make_no_journal() {
    let world = dreamt();
    let request = ExportRequest {
        since: Some("2026-10-14".into()),
        ..request(&world, ExportFormat::Json, "some.jsonl")
    };
    export_journal(&world.journal, request).expect("it is exported");

    let error = restore(&another(&world, "again"), &read(&world, "some.jsonl")).expect_err("no");
    assert!(error.to_string().contains("some days of a journal only"), "{error}");
}

#[test]
fn nothing_is_restored_over_a_journal_that_holds_something() {
    let world = dreamt();
    export(&world, ExportFormat::Json, "first.jsonl");
    let before = world.everything();

    let error = restore(&world.journal, &read(&world, "first.jsonl")).expect_err("it is refused");
    assert!(error.to_string().contains("holds something already"), "{error}");
    assert_eq!(world.everything(), before);
}

/// Cut off where a line ends.
fn without_end(whole: &str) -> String {
    let at = whole.trim_end().rfind('\n').expect("a line before the last");
    whole[..=at].to_owned()
}

#[test]
fn an_export_that_is_damaged_is_refused_with_its_line_and_leaves_nothing_behind() {
    let world = dreamt();
    export(&world, ExportFormat::Json, "first.jsonl");
    let whole = read(&world, "first.jsonl");
    let n = whole.lines().count();
    let cut = &whole[..whole.len() - 20];
    let broken = [
        (cut.to_owned(), format!("line {n} of the export: it is no JSON")),
        (
            whole.replacen("{\"thing\":\"moment\"", "{\"thing\":\"spell\"", 1),
            "it is no thing of".into(),
        ),
        (whole.replacen("\"starts_at\":", "\"starts_at\":\"x\",\"was\":", 1), "moment".into()),
        (
            whole.replace("\"file_id\":1,", "\"file_id\":777,"),
            "names what is not in the export".into(),
        ),
        ("{\"hello\":1}\n".into(), "it has no “thing”".into()),
        ("[1]\n".into(), "it is no JSON object".into()),
        (without_end(&whole), "it is cut off".into()),
        (format!("{whole}{{\"thing\":\"faded\",\"only\":1,\"at\":1}}\n"), "follows its end".into()),
        (
            whole.replacen("{\"thing\":\"edge\"", "\n{\"thing\":\"edge\"", 1).replacen(
                "\"n_things\":",
                "\"n_things\":1",
                1,
            ),
            "other things than".into(),
        ),
        (String::new(), "the export is empty".into()),
        (whole.replacen("\"version\":1", "\"version\":99", 1), "newer version".into()),
    ];
    for (n, (text, wanted)) in broken.iter().enumerate() {
        let journal = another(&world, &format!("again-{n}"));
        let error = match restore(&journal, text) {
            Ok(_) => panic!("what was to fail with “{wanted}” was restored"),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(wanted), "“{error}” has no “{wanted}”");
        let status = rem_core::api::status::show_status(&journal, Empty {}).expect("a status");
        assert_eq!((status.n_notes, status.n_moments), (0, 0));
    }
}

#[test]
fn a_file_says_neither_where_texts_are_sent_nor_who_may_write() {
    let world = dreamt();
    let mut settings = world.journal.settings();
    settings.mind.address = "http://127.0.0.1:9".into();
    settings.assistants.may_write = true;
    world.journal.change_settings(settings).expect("they are changed");
    export(&world, ExportFormat::Json, "first.jsonl");
    let text = read(&world, "first.jsonl");
    assert!(!text.contains("127.0.0.1:9"));
    let hostile = text
        .replace("\"address\":\"\"", "\"address\":\"http://evil.example\"")
        .replace("\"agreed_address\":\"\"", "\"agreed_address\":\"http://evil.example\"")
        .replace("\"may_write\":false", "\"may_write\":true");
    assert_ne!(hostile, text);

    let again = another(&world, "again");
    restore(&again, &hostile).expect("it is restored");
    let settings = show_settings(&again, Empty {}).expect("settings");
    assert_eq!(settings.mind.address, "");
    assert_eq!(settings.mind.agreed_address, "");
    assert!(!settings.assistants.may_write);
}

#[test]
fn notes_whose_files_are_gone_are_not_carried_out() {
    let world = dreamt();
    world.delete("2026-10-14.md");
    world.scan();
    export(&world, ExportFormat::Json, "first.jsonl");

    let text = read(&world, "first.jsonl");
    let all = lines(&text);
    let has =
        |title: &str| all.iter().any(|line| line["thing"] == "resource" && line["title"] == title);
    assert!(has("Tuesday") && !has("Wednesday"));
    let moments = all.iter().filter(|line| line["thing"] == "moment");
    let without = moments.filter(|line| line["evidence"] == serde_json::json!([]));
    assert!(without.count() > 0, "its words are no evidence outside");
    restore(&another(&world, "again"), &text).expect("what is left is whole");
}

#[test]
fn a_file_that_no_export_wrote_is_not_overwritten() {
    let world = dreamt();
    fs::write(place(&world, "diary.jsonl"), "mine\n").expect("a file");

    let error = refused(&world, ExportFormat::Json, "diary.jsonl");
    assert!(error.to_string().contains("is there already"), "{error}");
    assert_eq!(read(&world, "diary.jsonl"), "mine\n");
}

#[test]
fn exporting_the_same_twice_leaves_the_file_as_it_is() {
    let world = dreamt();
    assert_eq!(export(&world, ExportFormat::Json, "first.jsonl").n_written, 1);
    let again = export(&world, ExportFormat::Json, "first.jsonl");
    assert_eq!((again.n_written, again.n_unchanged), (0, 1));
}
