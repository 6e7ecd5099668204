use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use rem_core::{
    Journal,
    api::{
        days::{DayView, ListDays, ShowDay, list_days, show_day},
        dreams::{DreamReport, DreamRequest},
        moments::{MomentCard, MomentDetail, ShowMoment, show_moment},
        notes::{AddNote, add_note},
        pieces::Piece,
        search::{Hit, SearchRequest, search},
        sources::{ScanReport, SourceId, SourceView, list_problems, remove_source},
    },
    clock::Clock,
    journal::{Cancel, Opening},
    mind::around::Around,
    sources,
};
use rusqlite::types::ValueRef;
use tempfile::TempDir;

/// Wednesday, 14 October 2026, 20:00 in Berlin.
pub(crate) const EVENING: &str = "2026-10-14T18:00:00Z";

/// A folder of notes, a journal beside it, and a clock that stands still until it is moved.
pub(crate) struct World {
    pub(crate) journal: Journal,
    home: TempDir,
    now: Arc<AtomicI64>,
}

pub(crate) fn instant(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).expect("an instant").timestamp_millis()
}

fn clock_of(now: &Arc<AtomicI64>) -> Clock {
    let now = Arc::clone(now);
    Clock::from_fn(move || -> DateTime<Utc> {
        DateTime::from_timestamp_millis(now.load(Ordering::SeqCst)).expect("a time")
    })
}

impl World {
    pub(crate) fn new() -> Self {
        Self::in_zone("Europe/Berlin")
    }

    pub(crate) fn in_zone(zone: &str) -> Self {
        Self::of(zone, Around::default())
    }

    /// With something around the journal: a model, for example.
    pub(crate) fn around(around: Around) -> Self {
        Self::of("Europe/Berlin", around)
    }

    fn of(zone: &str, around: Around) -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        fs::create_dir(home.path().join("notes")).expect("a folder for notes");
        let now = Arc::new(AtomicI64::new(instant(EVENING)));
        let journal = open_around(home.path(), "personal", zone, clock_of(&now), around);
        Self { journal, home, now }
    }

    /// The same journal's file opened once more, as by the command line beside the app.
    pub(crate) fn opened_again(&self) -> Journal {
        let around = self.journal.around().clone();
        open_around(
            self.home.path(),
            self.journal.name(),
            "Europe/Berlin",
            clock_of(&self.now),
            around,
        )
    }

    pub(crate) fn pass(&self, milliseconds: i64) {
        self.now.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    /// The folder of the notes, as the journal knows it.
    pub(crate) fn notes(&self) -> PathBuf {
        self.home.path().canonicalize().expect("the folder is there").join("notes")
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.notes().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder for the note");
        fs::write(path, text).expect("the note is written");
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        let to = self.notes().join(to);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder for the note");
        fs::rename(self.notes().join(from), to).expect("the note is renamed");
    }

    pub(crate) fn delete(&self, path: &str) {
        fs::remove_file(self.notes().join(path)).expect("the note is deleted");
    }

    /// The notes' folder as a source.
    pub(crate) fn source(&self) -> i64 {
        sources::add(&self.journal, &self.notes(), true).expect("the folder becomes a source")
    }

    pub(crate) fn scan(&self) -> ScanReport {
        self.scan_with(false)
    }

    pub(crate) fn scan_with(&self, accept_missing: bool) -> ScanReport {
        self.journal
            .scan(self.source(), accept_missing, &Cancel::default())
            .expect("the folder is read")
    }

    /// Imports a file or folder of its own.
    pub(crate) fn import(&self, path: &Path) -> ScanReport {
        let id = sources::add(&self.journal, path, false).expect("it becomes a source");
        self.journal.scan(id, false, &Cancel::default()).expect("it is read")
    }

    pub(crate) fn forget_source(&self, id: i64) {
        remove_source(&self.journal, SourceId { id }).expect("the source is forgotten");
    }

    /// The notes' folder, as the window lists it.
    pub(crate) fn source_view(&self) -> SourceView {
        let id = self.source();
        let all = rem_core::api::sources::list_sources(&self.journal, Default::default());
        all.expect("sources are listed").into_iter().find(|s| s.id == id).expect("it is there")
    }

    /// What is said about a file of the notes' folder: its status and the reason.
    pub(crate) fn said_of(&self, file: &str) -> Option<(String, String)> {
        list_problems(&self.journal, SourceId { id: self.source() })
            .expect("problems are listed")
            .into_iter()
            .find(|problem| problem.file == file)
            .map(|problem| (problem.status, problem.reason))
    }

    pub(crate) fn note(&self, text: &str) -> i64 {
        let request = AddNote { text: text.into(), at: None };
        add_note(&self.journal, request).expect("the note is kept").record_id
    }

    pub(crate) fn dream(&self) -> DreamReport {
        self.dream_with(&DreamRequest::default())
    }

    pub(crate) fn dream_with(&self, request: &DreamRequest) -> DreamReport {
        self.journal.dream(request, &Cancel::default()).expect("the dream ends well")
    }

    pub(crate) fn day(&self, day: &str) -> DayView {
        show_day(&self.journal, ShowDay { day: day.into(), with_hidden: false })
            .expect("the day is shown")
    }

    pub(crate) fn days(&self) -> Vec<String> {
        let days = list_days(&self.journal, ListDays::default()).expect("days are listed");
        days.into_iter().map(|mark| mark.day).collect()
    }

    /// All moments, hidden ones too, in order of time.
    pub(crate) fn moments(&self) -> Vec<MomentCard> {
        let of_day = |day: String| {
            show_day(&self.journal, ShowDay { day, with_hidden: true }).expect("a day").moments
        };
        self.days().into_iter().flat_map(of_day).collect()
    }

    /// The only moment whose words hold `words`.
    pub(crate) fn moment_about(&self, words: &str) -> MomentDetail {
        let about: Vec<MomentDetail> = self
            .moments()
            .into_iter()
            .map(|card| self.moment(card.id))
            .filter(|moment| moment.evidence.iter().any(|e| text(&e.pieces).contains(words)))
            .collect();
        let [moment] = <[MomentDetail; 1]>::try_from(about)
            .unwrap_or_else(|found| panic!("{} moments are about “{words}”", found.len()));
        moment
    }

    pub(crate) fn moment(&self, id: i64) -> MomentDetail {
        show_moment(&self.journal, ShowMoment { id }).expect("the moment is shown")
    }

    pub(crate) fn search(&self, query: &str) -> Vec<Hit> {
        self.search_with(SearchRequest { query: query.into(), ..SearchRequest::default() })
    }

    pub(crate) fn search_with(&self, request: SearchRequest) -> Vec<Hit> {
        search(&self.journal, request).expect("a search is never an error").hits
    }

    /// The record of the note that holds `words`.
    pub(crate) fn record_of(&self, words: &str) -> i64 {
        let hits = self.search(&format!("\"{words}\""));
        hits.first().unwrap_or_else(|| panic!("nothing holds “{words}”")).id
    }

    /// Everything in the journal's file, table by table, row by row.
    pub(crate) fn everything(&self) -> BTreeMap<String, Vec<String>> {
        self.journal.count_visits();
        everything(self.journal.path())
    }

    /// One number out of the journal's file, for what no command tells.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        outside(self.journal.path()).query_row(sql, [], |row| row.get(0)).expect("a number")
    }
}

pub(crate) fn open(home: &Path, name: &str, zone: &str, clock: Clock) -> Journal {
    open_around(home, name, zone, clock, Around::default())
}

/// The journal of another process's [`World`].
pub(crate) fn reopened(home: &Path, around: Around) -> Journal {
    let now = Arc::new(AtomicI64::new(instant(EVENING)));
    open_around(home, "personal", "Europe/Berlin", clock_of(&now), around)
}

fn open_around(home: &Path, name: &str, zone: &str, clock: Clock, around: Around) -> Journal {
    let path = rem_core::journal::journal_path(home, name).expect("a name");
    Journal::open(Opening {
        path,
        name: name.into(),
        clock,
        zone: zone.into(),
        data_dir: home.to_owned(),
        around,
    })
    .expect("the journal opens")
}

pub(crate) fn text(pieces: &[Piece]) -> String {
    pieces.iter().map(|piece| piece.text.as_str()).collect()
}

/// The file as another program sees it.
#[expect(clippy::disallowed_methods, reason = "another program does not open through our store")]
pub(crate) fn outside(path: &Path) -> rusqlite::Connection {
    rusqlite::Connection::open(path).expect("the file opens")
}

pub(crate) fn everything(path: &Path) -> BTreeMap<String, Vec<String>> {
    let connection = outside(path);
    let mut names = connection
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'",
        )
        .expect("tables");
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .expect("tables")
        .collect::<rusqlite::Result<_>>()
        .expect("tables");
    names.into_iter().map(|name| (rows(&connection, &name), name)).map(|(r, n)| (n, r)).collect()
}

fn rows(connection: &rusqlite::Connection, table: &str) -> Vec<String> {
    let mut all = connection.prepare(&format!("SELECT * FROM \"{table}\"")).expect("a table");
    let n_columns = all.column_count();
    let mut rows: Vec<String> = all
        .query_map([], |row| {
            let cells = (0..n_columns).map(|n| {
                Ok(match row.get_ref(n)? {
                    ValueRef::Blob(bytes) => blake3::hash(bytes).to_hex().to_string(),
                    ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
                    other => format!("{other:?}"),
                })
            });
            Ok(cells.collect::<rusqlite::Result<Vec<_>>>()?.join(" | "))
        })
        .expect("rows")
        .collect::<rusqlite::Result<_>>()
        .expect("rows");
    rows.sort();
    rows
}

/// The tables that differ, with the rows that one side has and the other has not.
pub(crate) fn differences(
    before: &BTreeMap<String, Vec<String>>,
    after: &BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let mut found = Vec::new();
    for (table, rows) in after {
        let old = before.get(table).cloned().unwrap_or_default();
        found.extend(rows.iter().filter(|r| !old.contains(r)).map(|r| format!("{table}: + {r}")));
        found.extend(old.iter().filter(|r| !rows.contains(r)).map(|r| format!("{table}: - {r}")));
    }
    found
}
