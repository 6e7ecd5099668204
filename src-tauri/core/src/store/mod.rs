//! The journal's file: one SQLite database, one writer, many readers.
//!
//! Every connection of the program is opened here and nowhere else, so that its settings (and, later,
//! its key) are the same everywhere. A write is always a transaction through [`Store::write`]; a read is
//! a snapshot through [`Store::read`].

mod connection;
pub(crate) mod edge_rows;
mod migrations;
pub(crate) mod rank;
pub(crate) mod rows;
mod sql;
mod tape;
pub(crate) mod vectors;
pub(crate) mod wholes;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use self::tape::Tape;
use crate::{Error, Result, error::Attempt};

pub use migrations::{SCHEMA_VERSION, dump_schema};
pub use sql::{Hash, json_list};

/// Readers kept open for the next question; more are opened when needed and closed afterwards.
const IDLE_READERS: usize = 4;

/// An open journal file.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    writer: Mutex<Connection>,
    /// Hears what the writer does to derived rows.
    tape: Tape,
    /// Microseconds that were spent in what [`Store::write_under`] writes.
    writing: AtomicU64,
    readers: Mutex<Vec<Connection>>,
}

impl Store {
    /// Opens the journal at `path`, creating it where there is none, and brings its schema up to date.
    ///
    /// # Errors
    /// The file belongs to a newer version ([`Error::NewerJournal`]), is not a journal, or cannot be
    /// opened or written.
    pub fn open(path: &Path) -> Result<Self> {
        if let Some(folder) = path.parent() {
            create_private_folder(folder)?;
        }
        let mut writer = connection::open_writer(path)?;
        make_private(path)?;
        migrations::migrate(&mut writer, path)?;
        connection::finish_writer(&writer)?;
        let tape = Tape::attach(&writer)?;
        let (path, readers) = (path.to_owned(), Mutex::default());
        let writing = AtomicU64::new(0);
        Ok(Self { path, writer: Mutex::new(writer), tape, writing, readers })
    }

    /// The journal's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Runs `work` in one transaction: all of it is kept, or nothing.
    ///
    /// # Errors
    /// Whatever `work` returns, or the database's failure to begin or commit.
    pub fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        write(&mut lock(&self.writer), work)
    }

    /// As [`write`](Self::write), for what can be done another time: waits no longer than `patience`
    /// for another process that writes.
    ///
    /// # Errors
    /// As [`write`](Self::write).
    pub fn write_within<T>(
        &self,
        patience: Duration,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let mut writer = lock(&self.writer);
        writer.busy_timeout(patience)?;
        let written = write(&mut writer, work);
        writer.busy_timeout(connection::BUSY)?;
        written
    }

    /// Runs `work` like [`Store::write`] and keeps, in the same transaction, what it did to derived rows,
    /// so that it can be undone.
    ///
    /// # Errors
    /// Whatever `work` returns, or the database's failure to begin or commit.
    pub(crate) fn write_under<T>(
        &self,
        revision_id: i64,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let began = Instant::now();
        let written = self.write(|tx| {
            let running = self.tape.run(tx, revision_id)?;
            let value = work(tx)?;
            running.stop(tx)?;
            Ok(value)
        });
        let took = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        self.writing.fetch_add(took, Ordering::Relaxed);
        written
    }

    /// How long dreams have been writing since the journal was opened.
    pub(crate) fn time_writing(&self) -> Duration {
        Duration::from_micros(self.writing.load(Ordering::Relaxed))
    }

    /// As [`write_under`](Self::write_under), for a revision that is only found, or begun, within the
    /// transaction. Where there is none, nothing is written, and `None` is returned.
    ///
    /// # Errors
    /// Whatever `find` and `work` return, or the database's failure to begin or commit.
    pub(crate) fn write_under_found<T>(
        &self,
        find: impl FnOnce(&Transaction<'_>) -> Result<Option<i64>>,
        work: impl FnOnce(&Transaction<'_>, i64) -> Result<T>,
    ) -> Result<Option<T>> {
        self.write(|tx| {
            let Some(revision_id) = find(tx)? else { return Ok(None) };
            let running = self.tape.run(tx, revision_id)?;
            let value = work(tx, revision_id)?;
            running.stop(tx)?;
            Ok(Some(value))
        })
    }

    /// Runs `question` on one unchanging snapshot of the journal; writers go on beside it.
    ///
    /// # Errors
    /// Whatever `question` returns, or the database's failure to open a reader.
    pub fn read<T>(&self, question: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let pooled = lock(&self.readers).pop();
        let mut reader = match pooled {
            Some(reader) => reader,
            None => connection::open_reader(&self.path)?,
        };
        let answer = {
            let snapshot = reader.transaction().attempt(|| "reading the journal".into())?;
            question(&snapshot)
        };
        let mut idle = lock(&self.readers);
        if idle.len() < IDLE_READERS {
            idle.push(reader);
        }
        answer
    }

    /// A connection of its own for one question in somebody's own SQL, which cannot write anything.
    /// `prepare` gives it what it needs in TEMP.
    ///
    /// # Errors
    /// Whatever `prepare` returns, or the database's failure to open.
    pub(crate) fn open_for_questions(
        &self,
        prepare: impl FnOnce(&Connection) -> Result<()>,
    ) -> Result<Connection> {
        connection::open_for_questions(&self.path, prepare)
    }

    /// A number that changes whenever another process has written to the file, and never through
    /// writes of this one. `None` while this process is writing: ask again later.
    ///
    /// # Errors
    /// The database failed.
    pub fn foreign_version(&self) -> Result<Option<i64>> {
        let Ok(writer) = self.writer.try_lock() else { return Ok(None) };
        // SQLite counts the commits of all other connections; those of this process that are not the
        // writer only read.
        let version = writer.query_row("PRAGMA data_version", [], |row| row.get(0))?;
        Ok(Some(version))
    }

    /// Merges the write-ahead log into the file and lets the query planner look at what is new.
    ///
    /// # Errors
    /// The database failed.
    pub fn settle(&self) -> Result<()> {
        let writer = lock(&self.writer);
        writer.busy_timeout(Duration::from_millis(200))?;
        let merged = writer.execute_batch("PRAGMA optimize; PRAGMA wal_checkpoint(TRUNCATE);");
        writer.busy_timeout(connection::BUSY)?;
        match merged {
            // Another process is reading or writing; the log is merged later.
            Err(error) if is_busy(&error) => Ok(()),
            other => other.attempt(|| "settling the journal".into()),
        }
    }
}

fn write<T>(
    writer: &mut Connection,
    work: impl FnOnce(&Transaction<'_>) -> Result<T>,
) -> Result<T> {
    let tx =
        writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(begin_error)?;
    let value = work(&tx)?;
    tx.commit().attempt(|| "saving to the journal".into())?;
    Ok(value)
}

/// A poisoned lock means that another thread panicked inside a transaction, which SQLite has rolled
/// back: the connection itself is sound.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked)
    )
}

fn begin_error(error: rusqlite::Error) -> Error {
    if is_busy(&error) {
        Error::Busy(
            "another program is writing to this journal: try again when it has finished".into(),
        )
    } else {
        Error::Store { attempt: "beginning to write".into(), source: error }
    }
}

fn create_private_folder(folder: &Path) -> Result<()> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    fs::create_dir_all(folder).attempt(|| format!("creating the folder {}", folder.display()))?;
    set_mode(folder, 0o700)
}

fn make_private(path: &Path) -> Result<()> {
    set_mode(path, 0o600)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
        .attempt(|| format!("making {} private", path.display()))
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) -> Result<()> {
    Ok(())
}
