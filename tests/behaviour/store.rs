use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::PermissionsExt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::Barrier,
    thread,
};

use rem_core::{
    Code, Error, Journal,
    api::{
        notes::{AddNote, add_note},
        search::{SearchRequest, search},
    },
    clock::Clock,
    journal::Opening,
    mind::around::Around,
    store::Store,
};

use crate::world::{EVENING, World, everything, open, outside};

fn clock() -> Clock {
    Clock::fixed(EVENING.parse().expect("a time"))
}

fn opening(path: &Path) -> Opening {
    Opening {
        path: path.to_owned(),
        name: "personal".into(),
        clock: clock(),
        zone: "Europe/Berlin".into(),
        data_dir: path.parent().expect("a folder").to_owned(),
        around: Around::default(),
    }
}

fn refusal(path: &Path) -> Error {
    Journal::open(opening(path)).expect_err("this file is refused")
}

/// All files of a folder with their bytes.
fn bytes_in(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (path.display().to_string(), fs::read(&path).expect("a file")))
        .collect();
    all.sort();
    all
}

fn keep(journal: &Journal, text: &str) {
    add_note(journal, AddNote { text: text.into(), at: None }).expect("the note is kept");
}

fn finds(journal: &Journal, query: &str) -> usize {
    let request = SearchRequest { query: query.into(), ..SearchRequest::default() };
    search(journal, request).expect("a search").hits.len()
}

#[test]
fn a_new_journal_can_be_read_by_its_owner_alone() {
    let world = World::new();
    world.note("Nobody else reads this.");
    let folder = world.journal.path().parent().expect("a folder");
    let mode = |path: &Path| fs::metadata(path).expect("it is there").permissions().mode() & 0o777;
    let open_to_others: Vec<_> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| mode(path) != 0o600)
        .collect();
    assert!(open_to_others.is_empty(), "{open_to_others:?}");
    assert_eq!(mode(folder), 0o700);
}

/// A journal with a note in it, as a later version would leave it.
fn newer_journal(home: &Path, journal_mode: &str) -> std::path::PathBuf {
    let journal = open(home, "personal", "Europe/Berlin", clock());
    keep(&journal, "Written by a newer version.");
    let path = journal.path().to_owned();
    drop(journal);
    let file = outside(&path);
    file.pragma_update(None, "user_version", 4_711).expect("a newer schema");
    file.query_row(&format!("PRAGMA journal_mode = {journal_mode}"), [], |_| Ok(()))
        .expect("a journal mode");
    drop(file);
    path
}

#[test]
fn a_journal_of_a_newer_version_is_refused_and_left_as_it_was() {
    // A backup is kept without a write-ahead log, a journal in use with one.
    for mode in ["wal", "delete"] {
        let home = tempfile::tempdir().expect("a folder");
        let path = newer_journal(home.path(), mode);
        let folder = path.parent().expect("a folder");
        let before = bytes_in(folder);
        let error = refusal(&path);
        assert_eq!(error.code(), Code::NewerJournal, "{error}");
        assert!(bytes_in(folder) == before, "the file was changed ({mode})");
    }
}

#[test]
fn the_database_of_another_program_is_refused_and_left_as_it_was() {
    for mode in ["wal", "delete"] {
        let home = tempfile::tempdir().expect("a folder");
        let path = home.path().join("photos.db");
        let theirs = outside(&path);
        theirs.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |_| Ok(())).expect("mode");
        theirs.execute_batch("CREATE TABLE photos (name TEXT)").expect("a table of theirs");
        drop(theirs);
        let before = bytes_in(home.path());
        let error = refusal(&path);
        assert!(error.to_string().contains("photos.db is not a REM journal"), "{error}");
        assert!(bytes_in(home.path()) == before, "the file was changed ({mode})");
    }
}

#[test]
fn a_text_file_is_refused_and_left_as_it_was() {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("diary.txt");
    fs::write(&path, "Dear diary, this is no database at all. ".repeat(100)).expect("a file");
    let before = bytes_in(home.path());
    let error = refusal(&path);
    assert_eq!(error.code(), Code::InvalidInput, "{error}");
    assert!(error.to_string().contains("diary.txt"), "{error}");
    assert!(bytes_in(home.path()) == before);
}

#[test]
fn two_journals_side_by_side_know_nothing_of_each_other() {
    let home = tempfile::tempdir().expect("a folder");
    let personal = open(home.path(), "personal", "Europe/Berlin", clock());
    let work = open(home.path(), "work", "Europe/Berlin", clock());
    keep(&personal, "The pear tree has lost its leaves.");
    keep(&work, "The quarterly report is late.");
    assert_eq!((finds(&personal, "pear"), finds(&personal, "quarterly")), (1, 0));
    assert_eq!((finds(&work, "pear"), finds(&work, "quarterly")), (0, 1));
}

#[test]
fn the_names_of_journals_are_listed() {
    let home = tempfile::tempdir().expect("a folder");
    for name in ["work", "personal"] {
        drop(open(home.path(), name, "Europe/Berlin", clock()));
    }
    let names = rem_core::journal::journals(home.path()).expect("a list");
    assert_eq!(names, ["personal", "work"]);
}

#[test]
fn two_openings_of_one_journal_both_write_and_nothing_is_lost() {
    let world = World::new();
    let other = world.opened_again();
    let writers = [&world.journal, &other, &world.journal, &other];
    thread::scope(|scope| {
        for (n, journal) in writers.into_iter().enumerate() {
            scope.spawn(move || {
                for m in 0..25 {
                    keep(journal, &format!("Writer {n} wrote line {m}."));
                }
            });
        }
    });
    let rows = everything(world.journal.path());
    let written: BTreeSet<_> =
        rows["records"].iter().filter(|row| row.contains("Writer")).collect();
    assert_eq!(written.len(), 100);
}

#[test]
fn several_programs_may_make_the_same_journal_in_the_same_instant() {
    for _ in 0..4 {
        let home = tempfile::tempdir().expect("a folder");
        let start = Barrier::new(4);
        thread::scope(|scope| {
            for n in 0..4 {
                let (start, home) = (&start, home.path());
                scope.spawn(move || {
                    start.wait();
                    let journal = open(home, "personal", "Europe/Berlin", clock());
                    keep(&journal, &format!("Program {n} was here."));
                });
            }
        });
        let journal = open(home.path(), "personal", "Europe/Berlin", clock());
        assert_eq!(finds(&journal, "\"was here\""), 4);
    }
}

#[test]
fn what_another_program_wrote_is_noticed() {
    let world = World::new();
    let other = world.opened_again();
    world.journal.poll_changes().expect("a first look");
    world.note("Written in here.");
    assert!(!world.journal.poll_changes().expect("a look"), "its own writing is no news");
    keep(&other, "Written over there.");
    assert!(world.journal.poll_changes().expect("a look"));
    assert_eq!(finds(&world.journal, "\"over there\""), 1);
}

#[test]
fn a_write_that_fails_leaves_nothing_of_itself() {
    let home = tempfile::tempdir().expect("a folder");
    let store = Store::open(&home.path().join("a.rem")).expect("a store");
    let before = everything(store.path());
    let add = "INSERT INTO settings (key, value) VALUES ('half', '1')";
    let failed: Result<(), Error> = store.write(|tx| {
        tx.execute(add, [])?;
        Err(Error::Cancelled)
    });
    assert!(failed.is_err());
    assert!(everything(store.path()) == before);
    // The program dies inside a write: the transaction is never committed.
    let died = catch_unwind(AssertUnwindSafe(|| {
        store.write::<()>(|tx| {
            tx.execute(add, [])?;
            panic!("killed here")
        })
    }));
    assert!(died.is_err());
    assert!(everything(store.path()) == before);
    store.write(|tx| Ok(tx.execute(add, [])?)).expect("the next write is not harmed by it");
}

#[test]
fn nobody_sees_half_of_a_write() {
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("a.rem");
    let (store, other) = (Store::open(&path).expect("one"), Store::open(&path).expect("another"));
    let seen = |store: &Store| {
        let count = "SELECT count(*) FROM settings WHERE key LIKE 'part%'";
        store.read(|r| Ok(r.query_row(count, [], |row| row.get::<_, i64>(0))?)).expect("a number")
    };
    store
        .write(|tx| {
            tx.execute("INSERT INTO settings (key, value) VALUES ('part one', '1')", [])?;
            assert_eq!((seen(&store), seen(&other)), (0, 0));
            tx.execute("INSERT INTO settings (key, value) VALUES ('part two', '2')", [])?;
            Ok(())
        })
        .expect("the write");
    assert_eq!((seen(&store), seen(&other)), (2, 2));
}

#[test]
fn a_journal_that_another_program_holds_says_so_and_loses_nothing() {
    let world = World::new();
    world.note("Before.");
    let theirs = outside(world.journal.path());
    theirs.execute_batch("BEGIN IMMEDIATE").expect("they begin to write");
    let error = add_note(&world.journal, AddNote { text: "Meanwhile.".into(), at: None })
        .expect_err("nobody else can write now");
    assert_eq!(error.code(), Code::Busy, "{error}");
    assert_eq!(world.search("before").len(), 1, "reading goes on");
    theirs.execute_batch("ROLLBACK").expect("they are done");
    world.note("Afterwards.");
    assert_eq!(world.search("afterwards").len(), 1);
}
