//! The connection that a question has to itself: it can read the documented tables and nothing else, however
//! the question came to be.

use std::{collections::HashSet, time::Instant};

use rusqlite::{
    Connection,
    hooks::{AuthAction, AuthContext, Authorization},
};

use super::{functions, translate::Present, views};
use crate::{Error, Result, error::Attempt, store::Store};

/// Bytes that SQLite may use for a question beyond what it uses already, in all of this process.
pub(super) const MOST_MEMORY: i64 = 256 << 20;
/// Instructions of SQLite's machine between two looks at the clock.
const STEPS: i32 = 200;
/// Functions of SQLite's that give rows, and that are read like tables.
const ROW_FUNCTIONS: &[&str] = &["json_each", "json_tree"];

/// What the names of the views begin with on one connection. Nobody who asks can know it, so no name of
/// theirs can be taken for a view.
pub(super) fn prefix() -> Result<String> {
    // The standard library seeds its hashing from the system's randomness.
    use std::hash::{BuildHasher as _, RandomState};
    Ok(format!("v{:016x}_", RandomState::new().hash_one(0_u8)))
}

/// Opens the connection for one question, which ends at `until`.
pub(super) fn connection(store: &Store, present: &Present, until: Instant) -> Result<Connection> {
    let prefix = &present.prefix;
    let connection = store.open_for_questions(|connection| {
        functions::add(connection, present.wall, until)?;
        for view in views::all() {
            connection
                .execute_batch(&definition(view, prefix))
                .attempt(|| format!("preparing the table {} for questions", view.name))?;
        }
        Ok(())
    })?;
    let names: HashSet<String> =
        views::all().map(|view| format!("{prefix}{}", view.name)).collect();
    connection.authorizer(Some(move |context: AuthContext<'_>| decide(&context, &names)))?;
    let before = memory();
    connection.progress_handler(
        STEPS,
        Some(move || Instant::now() >= until || memory() - before > MOST_MEMORY),
    )?;
    Ok(connection)
}

/// The statement that makes a view on this connection.
fn definition(view: &views::View, prefix: &str) -> String {
    let columns: Vec<&str> = view.columns.iter().map(|(name, ..)| *name).collect();
    let sql = view.sql.replace("{entities}", &format!("temp.{prefix}entities"));
    format!("CREATE TEMP VIEW {prefix}{} ({}) AS {sql}", view.name, columns.join(", "))
}

/// What a statement may do: read views, run harmless functions, and read the journal's own tables where a
/// view does it.
fn decide(context: &AuthContext<'_>, views: &HashSet<String>) -> Authorization {
    let by_view = context.accessor.is_some_and(|name| views.contains(name));
    let is_fine = match context.action {
        AuthAction::Select | AuthAction::Recursive => true,
        AuthAction::Function { function_name } => {
            functions::ALLOWED.contains(&function_name.to_ascii_lowercase().as_str())
        }
        AuthAction::Read { table_name, .. } => {
            views.contains(table_name)
                || ROW_FUNCTIONS.contains(&table_name)
                || is_own(table_name)
                || by_view
        }
        _ => false,
    };
    if is_fine { Authorization::Allow } else { Authorization::Deny }
}

/// Whether a table is one that the question made by WITH: they are called `w1`, `w2`, …, as none of the
/// journal's is. SQLite asks for those of which no column is used.
fn is_own(table: &str) -> bool {
    let digits = table.strip_prefix('w').unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Bytes that SQLite uses in this process.
#[expect(unsafe_code, reason = "rusqlite has no function for the memory that SQLite uses")]
pub(super) fn memory() -> i64 {
    // SAFETY: it takes nothing, changes nothing, and may be called at any time from any thread.
    unsafe { rusqlite::ffi::sqlite3_memory_used() }
}

/// The refusal of what SQLite would not run.
pub(super) fn refused() -> Error {
    Error::invalid(
        "this question would read what questions cannot read: `rem query --schema` lists what they can",
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rusqlite::ErrorCode;

    use super::*;
    use crate::{clock::Calendar, query::functions::times::Wall};

    /// A journal's file, and the connection that a question would have.
    fn guarded() -> (tempfile::TempDir, Store, Connection) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("personal.rem")).expect("a journal");
        let wall = Wall::new(Calendar::new("Europe/Berlin").expect("a zone"));
        let now = wall.local(0).expect("a time");
        let present = Present { wall, now, today: now.date(), prefix: "v_".into() };
        let until = Instant::now() + Duration::from_secs(600);
        let connection = super::connection(&store, &present, until).expect("a connection");
        (folder, store, connection)
    }

    fn refusal(connection: &Connection, sql: &str) -> rusqlite::Error {
        let outcome = connection.prepare(sql).and_then(|mut statement| {
            let mut rows = statement.query([])?;
            while rows.next()?.is_some() {}
            Ok(())
        });
        outcome.expect_err(sql)
    }

    #[test]
    fn the_views_can_be_read_and_what_they_are_made_of_cannot() {
        let (_folder, _store, connection) = guarded();
        for view in views::all() {
            connection
                .prepare(&format!("SELECT * FROM temp.v_{}", view.name))
                .unwrap_or_else(|error| panic!("{}: {error}", view.name));
        }
        for sql in [
            "SELECT body FROM records",
            "SELECT body FROM main.records",
            "SELECT count(*) FROM main.records",
            "SELECT title FROM main.moments",
            "SELECT value FROM settings",
            "SELECT sql FROM sqlite_schema",
            "SELECT sql FROM temp.sqlite_schema",
            "SELECT name FROM pragma_table_info('records')",
            "SELECT rank FROM records_fts('x')",
            "SELECT * FROM dbstat",
            // A table of the person's own that has the name of a table of the journal.
            "WITH records AS (SELECT body FROM main.records) SELECT * FROM records",
            "SELECT * FROM (SELECT title FROM main.moments) AS moments",
            "SELECT n.name, (SELECT body FROM main.records LIMIT 1) FROM temp.v_moments n",
        ] {
            let error = refusal(&connection, sql);
            assert_eq!(
                error.sqlite_error_code(),
                Some(ErrorCode::AuthorizationForStatementDenied),
                "{sql}: {error}"
            );
        }
    }

    #[test]
    fn nothing_can_be_written_attached_or_loaded() {
        let (folder, _store, connection) = guarded();
        let other = folder.path().join("other.db");
        for sql in [
            "DELETE FROM main.records".to_owned(),
            "UPDATE main.moments SET title = ''".into(),
            "INSERT INTO main.settings VALUES ('a', '1')".into(),
            "CREATE TABLE a (b)".into(),
            "CREATE TEMP TABLE a (b)".into(),
            "CREATE TEMP VIEW v_moments2 AS SELECT * FROM main.records".into(),
            "DROP VIEW temp.v_moments".into(),
            "PRAGMA query_only = OFF".into(),
            "PRAGMA database_list".into(),
            "BEGIN".into(),
            "VACUUM".into(),
            format!("ATTACH '{}' AS other", other.display()),
            format!("VACUUM INTO '{}'", other.display()),
            "SELECT load_extension('x')".into(),
            "SELECT fts3_tokenizer('simple')".into(),
            "SELECT randomblob(1)".into(),
            "SELECT printf('%c', 1)".into(),
            "SELECT 'a' LIKE 'b'".into(),
            "SELECT vec_version()".into(),
        ] {
            refusal(&connection, &sql);
        }
        assert!(!other.exists());
    }

    #[test]
    fn no_two_connections_call_their_views_the_same() {
        assert_ne!(prefix().expect("a prefix"), prefix().expect("a prefix"));
    }
}
