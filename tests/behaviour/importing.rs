use std::{fs, os::unix::fs::MetadataExt, path::Path};

use rem_core::{
    Code,
    api::{
        records::{ShowRecord, show_record},
        search::{HitKind, Scope, SearchRequest},
    },
    sources,
};

use crate::world::{World, differences};

const CHAT: &str = "[03/10/2026, 09:15:00] Ana: Are the swallows back already?\n\
    [03/10/2026, 09:16:10] Hester: Not one of them.\n\
    [13/10/2026, 18:02:00] Ana: They left for the south last week!\n";

const CHATGPT: &str = r#"[{"id":"c1","title":"Garlic","create_time":1791000000.5,"current_node":"n2","mapping":{
    "n1":{"id":"n1","parent":null,"children":["n2"],"message":{"id":"m1","author":{"role":"user"},"create_time":1791000009.12,"content":{"content_type":"text","parts":["When do I plant garlic this autumn?"]}}},
    "n2":{"id":"n2","parent":"n1","children":[],"message":{"id":"m2","author":{"role":"assistant"},"create_time":1791000020.5,"content":{"content_type":"text","parts":["Plant the cloves in October."]}}}}}]"#;

const CLAUDE_CODE: &str = concat!(
    r#"{"type":"user","uuid":"a","parentUuid":null,"timestamp":"2026-10-05T08:00:00.000Z","sessionId":"s1","message":{"role":"user","content":"Why does the parser drop umlauts?"}}"#,
    "\n",
    r#"{"type":"assistant","uuid":"b","parentUuid":"a","timestamp":"2026-10-05T08:00:30.000Z","sessionId":"s1","message":{"role":"assistant","content":[{"type":"text","text":"It reads bytes instead of letters."}]}}"#,
    "\n",
);

const LINES: &str = concat!(
    r#"{"session":"trip","author":"Ana","time":"2026-10-06T09:30:00+02:00","text":"The ferry is booked."}"#,
    "\n",
    r#"{"session":"trip","author":"Ben","time":"2026-10-06T09:31:00+02:00","text":"Then we leave on Friday."}"#,
    "\n",
);

/// One file of each format.
fn everything_there_is(world: &World) {
    world.write("2026-10-12.md", "# Monday\n\n## 14:05\nTuned the harmonium until supper.\n");
    world.write("plain.txt", "Dear diary, on the 5 October 2026 nothing happened.\n");
    world.write("WhatsApp Chat with Ana.txt", CHAT);
    world.write("export/conversations.json", CHATGPT);
    world.write("sessions/s1.jsonl", CLAUDE_CODE);
    world.write("trip.jsonl", LINES);
}

#[test]
fn each_format_is_recognised_by_its_content() {
    let world = World::new();
    everything_there_is(&world);
    let report = world.scan();
    assert_eq!((report.n_files, report.n_new, report.n_failed), (6, 6, 0), "{report:?}");
    let mut formats: Vec<_> =
        world.source_view().formats.into_iter().map(|f| (f.format, f.n)).collect();
    formats.sort();
    let expected =
        [("chatgpt", 1), ("claude-code", 1), ("jsonl", 1), ("notes", 2), ("whatsapp", 1)];
    assert_eq!(formats, expected.map(|(name, n)| (name.to_owned(), n)));
}

#[test]
fn what_each_format_says_can_be_found() {
    let world = World::new();
    everything_there_is(&world);
    world.scan();
    for (words, kind, day) in [
        ("harmonium", HitKind::Note, "2026-10-12"),
        ("swallows", HitKind::Message, "2026-10-03"),
        ("cloves", HitKind::Message, "2026-10-03"),
        ("umlauts", HitKind::Message, "2026-10-05"),
        ("ferry", HitKind::Message, "2026-10-06"),
    ] {
        // A conversation may be found by its title as well.
        let hits: Vec<_> =
            world.search(words).into_iter().filter(|h| h.kind != HitKind::Session).collect();
        assert_eq!(hits.len(), 1, "{words}: {hits:?}");
        assert_eq!((hits[0].kind, hits[0].day.as_deref()), (kind, Some(day)), "{words}");
    }
}

#[test]
fn a_second_scan_changes_nothing() {
    let world = World::new();
    everything_there_is(&world);
    world.scan();
    let before = world.everything();
    let report = world.scan();
    assert_eq!((report.n_unchanged, report.n_new + report.n_changed), (6, 0));
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn a_file_that_was_only_touched_changes_nothing_that_was_read() {
    let world = World::new();
    everything_there_is(&world);
    world.scan();
    world.dream();
    let records = world.everything().remove("records");
    for file in ["2026-10-12.md", "trip.jsonl", "WhatsApp Chat with Ana.txt"] {
        let path = world.notes().join(file);
        let bytes = fs::read(&path).expect("a file");
        fs::write(path, bytes).expect("the same again");
    }
    let report = world.scan();
    assert_eq!((report.n_changed, report.n_records_added, report.n_records_changed), (3, 0, 0));
    assert_eq!(world.everything().remove("records"), records);
    assert_eq!(world.dream().dream_id, None, "nothing waits for a dream");
}

#[test]
fn the_files_of_a_source_are_only_read() {
    let world = World::new();
    everything_there_is(&world);
    let look = || -> Vec<_> {
        let mut all = Vec::new();
        for file in ["2026-10-12.md", "plain.txt", "trip.jsonl", "export/conversations.json"] {
            let path = world.notes().join(file);
            let meta = fs::metadata(&path).expect("it is there");
            let stat =
                (meta.mtime(), meta.mtime_nsec(), meta.ctime_nsec(), meta.mode(), meta.ino());
            all.push((file, stat, fs::read(&path).expect("bytes")));
        }
        all
    };
    let names = |folder: &Path| {
        let mut names: Vec<_> =
            fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
        names.sort();
        names
    };
    let before = (look(), names(&world.notes()));
    world.scan();
    world.dream();
    world.forget_source(world.source());
    assert!((look(), names(&world.notes())) == before);
}

#[test]
fn an_export_of_a_chat_that_overlaps_an_earlier_one_adds_only_what_is_new() {
    let world = World::new();
    world.write("WhatsApp Chat with Ana.txt", CHAT);
    assert_eq!(world.scan().n_records_added, 4, "a conversation and three messages");
    let first = world.record_of("swallows back");
    let longer = CHAT.to_owned() + "[14/10/2026, 08:00:00] Hester: I miss their noise.\n";
    world.write("2026/WhatsApp Chat with Ana.txt", &longer);
    assert_eq!(world.scan().n_records_added, 1);
    assert_eq!(world.search("swallows").len(), 1);
    assert_eq!(world.record_of("swallows back"), first);
    let session = show_record(&world.journal, ShowRecord { id: first, moment_id: None });
    assert_eq!(session.expect("the conversation").messages.len(), 4);
}

#[test]
fn a_log_that_grows_gives_its_new_lines_only() {
    let world = World::new();
    world.write("trip.jsonl", LINES);
    world.scan();
    let line = r#"{"session":"trip","author":"Ana","time":"2026-10-07T10:00:00+02:00","text":"The ferry is late."}"#;
    // The last line is still being written: it is read when it is complete.
    world.write("trip.jsonl", format!("{LINES}{}", &line[..40]));
    assert_eq!(world.scan().n_records_added, 0);
    world.write("trip.jsonl", format!("{LINES}{line}\n"));
    assert_eq!(world.scan().n_records_added, 1);
    let hits = world.search("ferry");
    assert_eq!((hits.len(), hits[0].n_more), (1, 1), "they stand beside each other");
}

#[test]
fn a_single_file_can_be_imported() {
    let world = World::new();
    let file = world.home().join("WhatsApp Chat with Ana.txt");
    fs::write(&file, CHAT).expect("a chat");
    assert_eq!(world.import(&file).n_records_added, 4);
    assert_eq!(world.search("swallows").len(), 1);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let world = World::new();
    let error = sources::add(&world.journal, &world.home().join("nowhere"), true)
        .expect_err("there is no such folder");
    assert_eq!(error.code(), Code::Io);
    assert!(error.to_string().contains("nowhere"), "{error}");
}

#[test]
fn the_same_folder_twice_is_one_source() {
    let world = World::new();
    let first = world.source();
    let again = sources::add(&world.journal, &world.notes().join("."), true).expect("the same");
    assert_eq!(first, again);
}

#[test]
fn a_folder_inside_a_watched_folder_is_refused() {
    let world = World::new();
    world.write("inner/2026-10-12.md", "Tuned the harmonium.");
    world.source();
    let error = sources::add(&world.journal, &world.notes().join("inner"), true)
        .expect_err("it lies within a source");
    assert!(error.to_string().contains("inner lies within"), "{error}");
}

#[test]
fn a_folder_around_a_watched_folder_is_refused() {
    let world = World::new();
    world.write("inner/2026-10-12.md", "Tuned the harmonium.");
    sources::add(&world.journal, &world.notes().join("inner"), true).expect("the inner one");
    let error =
        sources::add(&world.journal, &world.notes(), true).expect_err("it holds a watched source");
    assert!(error.to_string().contains("inner"), "{error}");
}

#[test]
fn an_imported_folder_inside_a_watched_folder_does_not_become_watched() {
    let world = World::new();
    world.write("inner/2026-10-12.md", "Tuned the harmonium.");
    world.import(&world.notes().join("inner"));
    world.source();
    let error = sources::add(&world.journal, &world.notes().join("inner"), true)
        .expect_err("it lies within a source");
    assert!(error.to_string().contains("inner lies within"), "{error}");
}

#[test]
fn a_folder_that_only_begins_like_a_watched_one_is_a_source_of_its_own() {
    let world = World::new();
    world.source();
    let beside = world.home().join("notes-of-work");
    fs::create_dir(&beside).expect("a folder");
    sources::add(&world.journal, &beside, true).expect("another source");
}

#[test]
fn the_folder_that_holds_the_journal_itself_is_refused() {
    let world = World::new();
    let error = sources::add(&world.journal, world.home(), true).expect_err("it holds the journal");
    assert!(error.to_string().contains("the journal's own file"), "{error}");
}

#[test]
fn a_source_that_is_forgotten_takes_all_it_brought_with_it() {
    let world = World::new();
    everything_there_is(&world);
    world.note("My own note stays.");
    world.scan();
    world.dream();
    world.forget_source(world.source());
    world.dream();
    for words in ["harmonium", "swallows", "cloves", "umlauts", "ferry"] {
        assert!(world.search(words).is_empty(), "{words}");
    }
    let mine = SearchRequest { query: "stays".into(), scope: Scope::Notes, ..Default::default() };
    assert_eq!(world.search_with(mine).len(), 1);
    assert_eq!(world.moments().len(), 1);
    for table in ["chunks", "chunk_vectors", "moment_vectors", "files"] {
        let n = world.count(&format!("SELECT count(*) FROM {table}"));
        assert!(n <= 1, "{table} still has {n} rows");
    }
}

#[test]
fn a_copy_in_another_source_takes_over_when_the_first_source_is_forgotten() {
    let world = World::new();
    world.write("2026-10-12.md", "Tuned the harmonium until supper.");
    let other = world.home().join("backup");
    fs::create_dir(&other).expect("a folder");
    fs::copy(world.notes().join("2026-10-12.md"), other.join("2026-10-12.md")).expect("a copy");
    world.scan();
    assert_eq!(world.import(&other).n_duplicates, 1);
    world.forget_source(world.source_view().id);
    assert!(world.search("harmonium").is_empty());
    world.import(&other);
    assert_eq!(world.search("harmonium").len(), 1);
}

#[test]
fn search_knows_notes_from_messages() {
    let world = World::new();
    everything_there_is(&world);
    world.scan();
    let found = |query: &str, scope| {
        world.search_with(SearchRequest { query: query.into(), scope, ..Default::default() }).len()
    };
    assert_eq!((found("harmonium", Scope::Notes), found("harmonium", Scope::Messages)), (1, 0));
    assert_eq!((found("swallows", Scope::Notes), found("swallows", Scope::Messages)), (0, 1));
}
