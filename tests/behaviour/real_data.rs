use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
    time::Instant,
};

use rem_core::api::{
    dreams::DreamRequest,
    sources::{SourceId, list_problems},
};

use crate::{
    receipts,
    world::{World, differences},
};

/// The folder of real notes and chats, where there is one.
fn data(below: &str) -> Option<PathBuf> {
    let Some(root) = env::var_os("REM_TEST_DATA") else {
        eprintln!("skipped: REM_TEST_DATA names no folder of real notes and chats");
        return None;
    };
    let folder = Path::new(&root).join(below);
    assert!(folder.exists(), "{} is not there", folder.display());
    Some(folder)
}

/// The visible files below a folder.
fn files_below(folder: &Path) -> BTreeSet<String> {
    ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .hidden(true)
        .build()
        .filter_map(Result::ok)
        .filter(|entry| !entry.file_type().is_some_and(|kind| kind.is_dir()))
        .filter_map(|entry| entry.path().strip_prefix(folder).ok().map(Path::to_path_buf))
        .map(|path| path.to_string_lossy().into_owned())
        .collect()
}

/// Reads a folder, dreams over all of its days, and checks what holds for every journal.
fn read_and_dream(folder: &Path, zone: &str) -> World {
    let world = World::in_zone(zone);
    let began = Instant::now();
    let id = rem_core::sources::add(&world.journal, folder, true).expect("a source");
    let report = world.journal.scan(id, false, &Default::default()).expect("it is read");
    let read_in = began.elapsed();
    let problems = list_problems(&world.journal, SourceId { id }).expect("problems");
    let unsaid: Vec<_> = problems.iter().filter(|problem| problem.reason.is_empty()).collect();
    assert!(unsaid.is_empty(), "without a reason: {unsaid:?}");
    let named: BTreeSet<_> = problems.iter().map(|problem| problem.file.clone()).collect();
    let n_read = world.count("SELECT count(*) FROM files WHERE status = 'read'");
    let n_other = world.count("SELECT count(*) FROM files WHERE status <> 'read'");
    let met = files_below(folder);
    assert_eq!(met.len(), report.n_files as usize, "every file is met");
    assert_eq!(n_read + n_other, i64::from(report.n_files), "every file has a status");
    assert!(named.len() as i64 >= n_other.min(1_000), "what was not read is named");
    let begun = Instant::now();
    let all = DreamRequest {
        start: Some("0001-01-01".into()),
        end: Some("9999-12-31".into()),
        ..DreamRequest::default()
    };
    let dreamt = world.dream_with(&all);
    let dreamt_in = begun.elapsed();
    let n_spans = receipts::check(&world);
    eprintln!(
        "{}: {} files, {n_read} read, {} left out or failed, {} records in {read_in:.1?}; \
         {} days, {} moments, {n_spans} spans in {dreamt_in:.1?}",
        folder.file_name().unwrap_or_default().to_string_lossy(),
        report.n_files,
        n_other,
        report.n_records_added,
        dreamt.days.len(),
        dreamt.n_added,
    );
    let before = world.everything();
    world.journal.scan(id, false, &Default::default()).expect("read again");
    assert_eq!(world.dream_with(&all).dream_id, None, "nothing is left to dream");
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
    world
}

#[test]
fn a_vault_of_notes_is_read_and_dreamt_whole() {
    let Some(folder) = data("vault-kepano/vault") else { return };
    let world = read_and_dream(&folder, "America/Los_Angeles");
    assert!(world.count("SELECT count(*) FROM records") > 30);
}

#[test]
fn the_diary_of_1660_is_read_and_dreamt_whole() {
    let Some(folder) = data("diary-pepys-1660/days") else { return };
    let n_files = fs::read_dir(&folder).expect("a folder").count();
    let world = read_and_dream(&folder, "Europe/London");
    let n_days = world.days().iter().filter(|day| day.starts_with("1660")).count();
    assert!(n_days * 10 >= n_files * 9, "{n_days} days of {n_files} files");
}

#[test]
fn conversations_with_an_assistant_are_read_and_dreamt_whole() {
    let Some(folder) = data("chat-formats/chatgpt") else { return };
    read_and_dream(&folder, "Europe/Berlin");
}

#[test]
fn chats_between_people_are_read_and_dreamt_whole() {
    let Some(folder) = data("chat-formats/whatsapp") else { return };
    let world = read_and_dream(&folder, "Europe/Berlin");
    assert_eq!(world.count("SELECT count(*) FROM files WHERE format <> 'whatsapp'"), 0);
}

#[test]
fn sessions_of_a_coding_assistant_are_read_and_dreamt_whole() {
    let Some(folder) = data("chat-formats/claude-code") else { return };
    read_and_dream(&folder, "Europe/Berlin");
}

#[test]
fn exports_of_every_other_program_are_read_or_named() {
    let Some(folder) = data("chat-formats") else { return };
    read_and_dream(&folder, "Europe/Berlin");
}
