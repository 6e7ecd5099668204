use std::{
    ffi::OsStr,
    fs::{self, File},
    os::unix::{ffi::OsStrExt, fs::PermissionsExt, fs::symlink, net::UnixListener},
    process::Command,
    sync::mpsc::channel,
    thread,
    time::Duration,
};

use rem_core::api::sources::ScanReport;

use crate::world::World;

/// A scan that waits at something is a failure, not a test that never ends.
fn scan_in_time(world: &World) -> ScanReport {
    let (done, is_done) = channel();
    let (journal, id) = (world.journal.clone(), world.source());
    thread::spawn(move || done.send(journal.scan(id, false, &Default::default())));
    let scanned = is_done.recv_timeout(Duration::from_secs(120));
    scanned.expect("the scan ends").expect("one bad file fails nothing")
}

/// Scans a good note beside something bad; the good one is read and the bad one named.
fn said_of(world: &World, file: &str) -> (String, String) {
    world.write("2026-10-12 good.md", "Tuned the harmonium until supper.");
    scan_in_time(world);
    assert_eq!(world.search("harmonium").len(), 1, "the good note is read");
    world.said_of(file).unwrap_or_else(|| panic!("nothing is said of {file}"))
}

fn assert_said(world: &World, file: &str, status: &str, words: &str) {
    let (said, reason) = said_of(world, file);
    assert_eq!(said, status, "{reason}");
    assert!(reason.contains(words), "“{reason}” does not say “{words}”");
}

#[test]
fn a_picture_named_like_a_note_is_left_out_by_name() {
    let world = World::new();
    let noise: Vec<u8> =
        (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    world.write("holiday.md", noise);
    assert_said(&world, "holiday.md", "failed", "not a text file");
}

#[test]
fn a_text_far_too_long_for_a_note_is_left_out_by_name() {
    let world = World::new();
    world.write("long.md", "Once upon a time. ");
    let file = File::options().append(true).open(world.notes().join("long.md")).expect("a file");
    file.set_len(200 << 20).expect("a file with a hole");
    assert_said(&world, "long.md", "failed", "has 200 MB");
}

#[test]
fn bytes_that_are_no_letters_cost_a_note_nothing_else() {
    let world = World::new();
    let mut bytes = "Grüße für Änne, schöne Öfen, und dann: ".repeat(3).into_bytes();
    bytes.extend(b"\xFF\xC3 unreadable");
    world.write("2026-10-11.md", bytes);
    assert_said(&world, "2026-10-11.md", "read", "2 bytes were not valid UTF-8");
    assert_eq!(world.search("unreadable").len(), 1);
}

#[test]
fn notes_in_utf16_are_read_with_and_without_a_mark() {
    let world = World::new();
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
    world.write("2026-10-10.md", [vec![0xFF, 0xFE], wide("The swallows are gone.")].concat());
    world.write("2026-10-11.md", wide("The herons came instead."));
    let big: Vec<u8> =
        "\u{FEFF}Nobody saw the cranes.".encode_utf16().flat_map(u16::to_be_bytes).collect();
    world.write("2026-10-09.md", big);
    assert_said(&world, "2026-10-11.md", "read", "UTF-16LE");
    for bird in ["swallows", "herons", "cranes"] {
        assert_eq!(world.search(bird).len(), 1, "{bird}");
    }
}

#[test]
fn empty_notes_are_read_and_say_nothing() {
    let world = World::new();
    world.write("2026-10-09.md", "");
    world.write("2026-10-10.md", "  \n\t\n   \n");
    world.write("2026-10-11.md", "\u{FEFF}");
    let report = scan_in_time(&world);
    assert_eq!((report.n_new, report.n_failed), (3, 0), "{:?}", report.problems);
    world.dream();
    assert!(world.moments().is_empty());
}

#[test]
fn links_are_named_and_never_followed() {
    let world = World::new();
    let outside = world.home().join("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("secret.md"), "The password is swordfish.").expect("a file");
    symlink(outside.join("secret.md"), world.notes().join("link.md")).expect("a link");
    symlink(&outside, world.notes().join("door")).expect("a link");
    symlink(world.notes(), world.notes().join("loop")).expect("a link");
    symlink("nowhere.md", world.notes().join("dangling.md")).expect("a link");
    for link in ["link.md", "door", "loop", "dangling.md"] {
        assert_said(&world, link, "skipped", "links are not followed");
    }
    assert!(world.search("swordfish").is_empty());
}

#[test]
fn a_note_that_is_replaced_by_a_link_leads_nowhere() {
    let world = World::new();
    world.write("2026-10-11.md", "The swallows are gone.");
    world.scan();
    fs::write(world.home().join("secret.md"), "The password is swordfish.").expect("a file");
    world.delete("2026-10-11.md");
    symlink(world.home().join("secret.md"), world.notes().join("2026-10-11.md")).expect("a link");
    assert_said(&world, "2026-10-11.md", "skipped", "links are not followed");
    assert!(world.search("swordfish").is_empty());
}

#[test]
fn nobody_waits_at_a_pipe_or_a_socket() {
    let world = World::new();
    let pipe = world.notes().join("pipe.md");
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo").success());
    let _socket = UnixListener::bind(world.notes().join("socket.md")).expect("a socket");
    assert_said(&world, "pipe.md", "skipped", "a pipe");
    assert_said(&world, "socket.md", "skipped", "a socket");
}

#[test]
fn a_note_that_may_not_be_read_is_named_and_tried_again() {
    let world = World::new();
    world.write("2026-10-11.md", "The swallows are gone.");
    let path = world.notes().join("2026-10-11.md");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).expect("no permissions");
    if File::open(&path).is_ok() {
        eprintln!("skipped: this user may read everything (root), so nothing is forbidden");
        return;
    }
    assert_said(&world, "2026-10-11.md", "failed", "cannot be opened");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("permissions");
    scan_in_time(&world);
    assert_eq!(world.search("swallows").len(), 1);
}

#[test]
fn notes_below_a_folder_that_may_not_be_read_are_not_taken_for_gone() {
    let world = World::new();
    world.write("shut/2026-10-11.md", "The swallows are gone.");
    world.scan();
    let folder = world.notes().join("shut");
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o000)).expect("no permissions");
    if fs::read_dir(&folder).is_ok() {
        eprintln!("skipped: this user may read everything (root), so nothing is forbidden");
        return;
    }
    let report = scan_in_time(&world);
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("permissions");
    assert_eq!((report.n_removed, report.n_failed), (0, 1), "{report:?}");
    assert_eq!(world.search("swallows").len(), 1);
}

#[test]
fn notes_that_come_and_go_during_a_scan_break_nothing() {
    let world = World::new();
    for n in 0..300 {
        world.write(&format!("{n:03}.md"), format!("Entry number n{n}n of many."));
    }
    thread::scope(|scope| {
        scope.spawn(|| {
            for n in (0..300).rev().step_by(2) {
                world.delete(&format!("{n:03}.md"));
            }
        });
        scan_in_time(&world);
    });
    world.scan_with(true);
    let n_notes = world.count("SELECT count(*) FROM records WHERE deleted_at IS NULL");
    assert_eq!(n_notes, 150);
}

const TWO_CHATS: &str = r#"[
  {"id":"c1","title":"Garlic","create_time":1791000000,"current_node":"n1","mapping":{"n1":{"id":"n1","parent":null,"message":{"id":"m1","author":{"role":"user"},"create_time":1791000009,"content":{"content_type":"text","parts":["When do I plant garlic?"]}}}}},
  {"id":"c2","title":"Leeks","create_time":1791000000,"current_node":"n1","mapping":{"n1":{"id":"n1","parent":null,"message":{"id":"m1","author":{"role":"user"},"create_time":1791000009,"content":{"content_type":"text","parts":["And when the leeks?"]}}}}}]"#;

#[test]
fn an_export_that_was_cut_gives_what_came_before_the_cut() {
    let world = World::new();
    let cut = TWO_CHATS.find("And when").expect("the second chat");
    world.write("conversations.json", &TWO_CHATS[..cut]);
    let (status, reason) = said_of(&world, "conversations.json");
    assert_eq!(status, "partial", "{reason}");
    assert_eq!((world.search("garlic").len(), world.search("leeks").len()), (2, 0));
    world.write("conversations.json", TWO_CHATS);
    scan_in_time(&world);
    assert_eq!(world.search("leeks").len(), 2, "the title and the message");
    assert_eq!(world.said_of("conversations.json"), None);
}

#[test]
fn bad_lines_of_a_log_are_named_by_number_and_the_others_read() {
    let world = World::new();
    let line = |text: &str| {
        format!(r#"{{"session":"trip","time":"2026-10-07T10:00:00+02:00","text":"{text}"}}"#)
    };
    let lines = [line("The ferry is late."), "{broken".into(), "17".into(), line("We wait.")];
    world.write("trip.jsonl", lines.join("\n") + "\n");
    assert_said(&world, "trip.jsonl", "read", "lines 2 and 3 left out");
    assert_eq!((world.search("ferry").len(), world.search("wait").len()), (1, 1));
}

#[test]
fn json_that_is_no_chat_is_left_out_by_name() {
    let world = World::new();
    world.write("package.json", r#"{"name":"thing","version":"1.0.0"}"#);
    world.write("broken.json", r#"{"name":"#);
    assert_said(&world, "package.json", "skipped", "is of no kind that this version knows");
    assert_said(&world, "broken.json", "skipped", "is of no kind that this version knows");
}

#[test]
fn json_nested_without_end_is_answered() {
    let world = World::new();
    world.write("deep.json", "[{\"mapping\":".repeat(50_000));
    world.write("deep.jsonl", "{\"session\":".repeat(50_000) + "\n");
    let (status, _) = said_of(&world, "deep.json");
    assert!(["failed", "skipped"].contains(&status.as_str()), "{status}");
}

#[test]
fn notes_with_strange_names_are_read() {
    let world = World::new();
    let long = format!("2026-10-10 {}.md", "n".repeat(236));
    assert_eq!(long.len(), 250);
    let names: [&[u8]; 7] = [
        b"2026-10-11 line\nbreak.md",
        b"2026-10-11 \xFF\xFE bytes.md",
        b"-rf 2026-10-11.md",
        b"2026-10-11 'quote\" $(x).md",
        b"2026-10-11 CON:.md",
        "2026-10-11 \u{202E}dm.exe.md".as_bytes(),
        long.as_bytes(),
    ];
    for (n, name) in names.iter().enumerate() {
        let path = world.notes().join(OsStr::from_bytes(name));
        fs::write(path, format!("Entry number n{n}n of many.")).expect("a file");
    }
    let report = scan_in_time(&world);
    assert_eq!((report.n_new, report.n_failed), (7, 0), "{:?}", report.problems);
    for n in 0..names.len() {
        assert_eq!(world.search(&format!("n{n}n")).len(), 1, "{n}");
    }
    assert_eq!(scan_in_time(&world).n_unchanged, 7);
}

#[test]
fn a_folder_whose_name_is_no_text_is_refused_or_read() {
    let world = World::new();
    let folder = world.home().join(OsStr::from_bytes(b"notes \xFF"));
    fs::create_dir(&folder).expect("a folder");
    fs::write(folder.join("2026-10-11.md"), "The swallows are gone.").expect("a note");
    match rem_core::sources::add(&world.journal, &folder, true) {
        Ok(id) => {
            let report = world.journal.scan(id, false, &Default::default()).expect("a scan");
            assert_eq!((report.n_new, report.held_back), (1, None));
        }
        Err(error) => assert!(error.to_string().contains("rename"), "{error}"),
    }
}

#[test]
fn a_note_two_hundred_folders_down_is_read() {
    let world = World::new();
    let path = "d/".repeat(200) + "2026-10-11.md";
    world.write(&path, "The swallows are gone.");
    scan_in_time(&world);
    assert_eq!(world.search("swallows").len(), 1);
}

#[test]
fn three_thousand_notes_in_one_folder_are_read() {
    let world = World::new();
    for n in 0..3_000 {
        world.write(&format!("{n}.md"), format!("Entry number n{n}n of many."));
    }
    let report = scan_in_time(&world);
    assert_eq!((report.n_new, report.n_records_added), (3_000, 3_000));
    assert_eq!(world.search("n2999n").len(), 1);
    assert_eq!(scan_in_time(&world).n_unchanged, 3_000);
}

#[test]
fn front_matter_that_is_broken_costs_the_note_nothing() {
    let world = World::new();
    let bomb: String = (0..40).map(|n| format!("a{n}: &a{n} [*a{n}, *a{n}]\n")).collect();
    world.write("2026-10-10.md", format!("---\n{bomb}---\nThe swallows are gone.\n"));
    world.write("2026-10-11.md", "---\ntags: [a, {b: \ndate: 0000-00-00\n---\nThe herons came.\n");
    world.write("2026-10-09.md", "---\nnever closed\n\nThe cranes flew over.\n");
    let report = scan_in_time(&world);
    assert_eq!(report.n_new, 3, "{report:?}");
    for bird in ["swallows", "herons", "cranes"] {
        assert_eq!(world.search(bird).len(), 1, "{bird}");
    }
}

#[test]
fn what_editors_leave_behind_is_not_read() {
    let world = World::new();
    for name in ["a.md~", ".#a.md", "4913", "a.md.swp", "a.tmp", ".hidden.md", "~$a.txt"] {
        world.write(name, "Half a note about swordfish.");
    }
    let report = scan_in_time(&world);
    assert_eq!(report.n_files, 0, "{:?}", report.problems);
}
