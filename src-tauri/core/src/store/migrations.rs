//! Numbered, forward-only changes of the schema.

use std::{path::Path, sync::LazyLock};

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};

use crate::{Error, Result, error::Attempt};

const STEPS: &[M<'static>] = &[
    M::up(include_str!("migrations/0001_first_night.sql")),
    M::up(include_str!("migrations/0002_minds.sql")),
    M::up(include_str!("migrations/0003_embedders.sql")),
    M::up(include_str!("migrations/0004_fading.sql")),
    M::up(include_str!("migrations/0005_changesets.sql")),
    M::up(include_str!("migrations/0006_session_summaries.sql")),
    M::up(include_str!("migrations/0007_stages.sql")),
    M::up(include_str!("migrations/0008_periods.sql")),
    M::up(include_str!("migrations/0009_kinds.sql")),
    M::up(include_str!("migrations/0010_topics.sql")),
    M::up(include_str!("migrations/0011_insights.sql")),
    M::up(include_str!("migrations/0012_consolidation.sql")),
    M::up(include_str!("migrations/0013_jobs.sql")),
    M::up(include_str!("migrations/0014_profiles.sql")),
    M::up(include_str!("migrations/0016_affinity.sql")),
    M::up(include_str!("migrations/0021_assistants.sql")),
    M::up(include_str!("migrations/0022_rows_once.sql")),
    M::up(include_str!("migrations/0017_search.sql")),
];

static MIGRATIONS: LazyLock<Migrations<'static>> = LazyLock::new(|| Migrations::from_slice(STEPS));

/// The newest schema this program knows.
pub const SCHEMA_VERSION: i64 = STEPS.len() as i64;

fn version(writer: &Connection) -> Result<i64> {
    Ok(writer.query_row("PRAGMA user_version", [], |row| row.get(0))?)
}

/// Leaves a journal of a newer version alone, before anything at all is written to it.
pub(super) fn refuse_newer(writer: &Connection, path: &Path) -> Result<()> {
    let found = version(writer)?;
    if found > SCHEMA_VERSION {
        return Err(Error::NewerJournal { path: path.to_owned(), found, known: SCHEMA_VERSION });
    }
    Ok(())
}

pub(super) fn migrate(writer: &mut Connection, path: &Path) -> Result<()> {
    let found = version(writer)?;
    if found == SCHEMA_VERSION {
        return Ok(());
    }
    if found > 0 {
        back_up(writer, path, found)?;
    }
    let Err(error) = MIGRATIONS.to_latest(writer) else { return Ok(()) };
    // Another program opened the same journal in the same instant and was faster.
    if version(writer)? == SCHEMA_VERSION {
        return Ok(());
    }
    Err(match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => {
            Error::Store { attempt: "bringing the journal up to date".into(), source: err }
        }
        other => Error::invalid(format!("bringing the journal up to date: {other}")),
    })
}

/// A whole copy beside the journal, before its schema changes.
fn back_up(writer: &Connection, path: &Path, found: i64) -> Result<()> {
    let copy = path.with_extension(format!("schema-{found}.backup"));
    if copy.exists() {
        return Ok(());
    }
    writer
        .execute("VACUUM INTO ?1", [copy.to_string_lossy()])
        .attempt(|| format!("backing up the journal to {}", copy.display()))?;
    super::make_private(&copy)
}

/// The whole schema as one text, for people to read and for a test to compare.
///
/// # Errors
/// The database failed.
pub fn dump_schema(path: &Path) -> Result<String> {
    let reader = super::connection::open_reader(path)?;
    let mut statement = reader.prepare(
        "SELECT sql FROM sqlite_schema
         WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%'
           AND name NOT LIKE '%\\_fts\\_%' ESCAPE '\\' AND name NOT LIKE 'near\\_%' ESCAPE '\\'
         ORDER BY rowid",
    )?;
    let sentences = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    Ok(sentences.into_iter().map(|sql| format!("{sql};\n\n")).collect())
}
