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
            views.contains(table_name) || ROW_FUNCTIONS.contains(&table_name) || by_view
        }
        _ => false,
    };
    if is_fine { Authorization::Allow } else { Authorization::Deny }
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
