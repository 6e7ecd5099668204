//! The only place that opens a connection.

use std::{path::Path, sync::Once, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig, limits::Limit};

use crate::{Error, Result, error::Attempt};

/// How long a connection waits for another process before it gives up.
pub(super) const BUSY: Duration = Duration::from_secs(5);

/// "REMJ": tells a journal from any other SQLite file.
const APPLICATION_ID: i64 = 0x5245_4d4a;

/// SQLite before 3.51.3 can damage a WAL file when two connections checkpoint at once.
const OLDEST_SAFE_SQLITE: i32 = 3_051_003;

pub(super) fn open_writer(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let writer = open(path, flags)?;
    claim(&writer, path)?;
    super::migrations::refuse_newer(&writer, path)?;
    super::rank::register(&writer)?;
    // WAL is a property of the file; a file system that cannot do it answers with another mode.
    let mode: String = writer
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .attempt(|| format!("opening the journal {}", path.display()))?;
    if mode != "wal" {
        return Err(Error::invalid(format!(
            "the journal {} lies on a file system without shared memory (network or sync folder); \
             move it to a local disk",
            path.display()
        )));
    }
    writer.execute_batch(
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;
         PRAGMA cache_size = -32768; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 67108864;",
    )?;
    Ok(writer)
}

/// Settings that may only follow the migrations: inside them the schema itself is written.
pub(super) fn finish_writer(writer: &Connection) -> Result<()> {
    writer.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    Ok(())
}

pub(super) fn open_reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let reader = open(path, flags)?;
    super::rank::register(&reader)?;
    reader.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -8192;")?;
    Ok(reader)
}

/// A connection for one question in somebody's own SQL. `prepare` gives it what it needs in TEMP; after that
/// nothing can be written, attached or loaded by it. What it may read is for whoever asks to say, by an
/// authorizer.
pub(super) fn open_for_questions(
    path: &Path,
    prepare: impl FnOnce(&Connection) -> Result<()>,
) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = open(path, flags)?;
    connection.execute_batch("PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY;")?;
    prepare(&connection)?;
    connection.execute_batch("PRAGMA query_only = ON;")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    for off in [
        DbConfig::SQLITE_DBCONFIG_DQS_DML,
        DbConfig::SQLITE_DBCONFIG_DQS_DDL,
        DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER,
        DbConfig::SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER,
        DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE,
        DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE,
    ] {
        connection.set_db_config(off, false)?;
    }
    // A note of 20 MB must fit; a statement is long because it was written anew from a short one.
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, 64 << 20),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 2 << 20),
        (Limit::SQLITE_LIMIT_COLUMN, 500),
        (Limit::SQLITE_LIMIT_EXPR_DEPTH, 1_000),
        (Limit::SQLITE_LIMIT_COMPOUND_SELECT, 60),
        (Limit::SQLITE_LIMIT_VDBE_OP, 1_000_000),
        (Limit::SQLITE_LIMIT_FUNCTION_ARG, 120),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 100),
        (Limit::SQLITE_LIMIT_VARIABLE_NUMBER, 6_000),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 1),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, most)?;
    }
    Ok(connection)
}

fn open(path: &Path, flags: OpenFlags) -> Result<Connection> {
    register_sqlite_vec();
    if rusqlite::version_number() < OLDEST_SAFE_SQLITE {
        return Err(Error::invalid(format!(
            "this build carries SQLite {}, which is too old to be trusted with a journal",
            rusqlite::version()
        )));
    }
    #[expect(clippy::disallowed_methods, reason = "the one place that opens connections")]
    let connection = Connection::open_with_flags(path, flags)
        .attempt(|| format!("opening the journal {}", path.display()))?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(128);
    connection.execute_batch(
        "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;",
    )?;
    Ok(connection)
}

/// Marks a new file as a journal and refuses a file that is something else.
fn claim(writer: &Connection, path: &Path) -> Result<()> {
    let not_ours = || {
        Error::invalid(format!(
            "{} is not a REM journal; nothing was changed in it",
            path.display()
        ))
    };
    let id: i64 = match writer.query_row("PRAGMA application_id", [], |row| row.get(0)) {
        Ok(id) => id,
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
            return Err(not_ours());
        }
        Err(error) => return Err(error.into()),
    };
    if id == APPLICATION_ID {
        return Ok(());
    }
    let n_tables: i64 =
        writer.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    if id != 0 || n_tables != 0 {
        // Another program may have made this very journal between the two questions.
        let id: i64 = writer.query_row("PRAGMA application_id", [], |row| row.get(0))?;
        return if id == APPLICATION_ID { Ok(()) } else { Err(not_ours()) };
    }
    writer.pragma_update(None, "application_id", APPLICATION_ID)?;
    Ok(())
}

#[expect(
    unsafe_code,
    reason = "sqlite-vec is a C extension: its entry point is handed to SQLite once per process"
)]
fn register_sqlite_vec() {
    static ONCE: Once = Once::new();
    type EntryPoint = unsafe extern "C" fn(
        *mut rusqlite::ffi::sqlite3,
        *mut *mut std::ffi::c_char,
        *const rusqlite::ffi::sqlite3_api_routines,
    ) -> std::ffi::c_int;
    ONCE.call_once(|| {
        // SAFETY: `sqlite3_vec_init` has exactly the signature of an extension's entry point; the crate
        // declares it without arguments only because it does not depend on rusqlite's types.
        unsafe {
            let entry = std::mem::transmute::<*const (), EntryPoint>(
                sqlite_vec::sqlite3_vec_init as *const (),
            );
            rusqlite::ffi::sqlite3_auto_extension(Some(entry));
        }
    });
}
