//! Listens to what a dream's writes do to derived rows.
//!
//! Temporary triggers, which only the writer's connection has, keep every row that comes, changes or goes
//! in `revision_rows`, as it was and as it is, at once: what a night over ten years does is more than
//! belongs in memory. Cascades of foreign keys are heard as well. The triggers are made from the tables'
//! own columns, so that a new column is never missed (decision 15).

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{
    Connection, Transaction,
    functions::{Context, FunctionFlags},
    params,
    types::Value,
};

use super::rows::{self, Exact};
use crate::Result;

/// A row, whole: its values by column.
pub(crate) type Row = BTreeMap<String, Value>;

/// The tables whose rows dreams make, with what else is needed to make a row of them again.
const TABLES: &[(&str, &[(&str, &str)])] = &[
    ("entities", &[]),
    ("moments", &[]),
    ("evidence", &[]),
    ("mentions", &[]),
    ("edges", &[]),
    ("moods", &[]),
    // A vector that nobody needs is taken away, and another may get its number.
    (
        "moment_vectors",
        &[
            ("hash", "(SELECT hash FROM vectors WHERE id = {row}.vector_id)"),
            ("vector", "(SELECT vector FROM vectors WHERE id = {row}.vector_id)"),
        ],
    ),
    ("periods", &[]),
    ("session_summaries", &[]),
    ("stage_inputs", &[]),
    ("communities", &[]),
    ("topics", &[]),
    ("topic_tags", &[]),
    ("moment_tags", &[]),
    ("moment_importance", &[]),
    ("reflections", &[]),
    ("insights", &[]),
    ("predictions", &[]),
    ("profiles", &[]),
    ("profile_interests", &[]),
    ("profile_people", &[]),
    ("profile_rhythms", &[]),
    ("profile_sources", &[]),
    ("proposals", &[]),
    ("proposal_records", &[]),
    ("digests", &[]),
];

/// The table of which a dream writes rows by the ten thousand. Those between records are kept narrow, in
/// `revision_edges`, where the triggers put them without the tape.
const NARROW: &str = "edges";
const IS_NARROW: &str = " AND {row}.from_kind = 'record' AND {row}.to_kind = 'record'";
const NOT_NARROW: &str = " AND NOT ({row}.from_kind = 'record' AND {row}.to_kind = 'record')";
/// What of such a row is the same as long as it lives; all else is kept as it was and as it became.
const LASTING: &[&str] = &["id", "from_kind", "from_id", "to_kind", "to_id", "rel_type"];

/// What happened to one row, all in all.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RowChange {
    pub(crate) table: String,
    /// The primary key, a JSON list.
    pub(crate) key: String,
    /// Absent: it was added.
    pub(crate) before: Option<Row>,
    /// Absent: it was removed.
    pub(crate) after: Option<Row>,
}

/// The columns of a table, and which of them are its primary key.
#[derive(Debug, Clone)]
struct Table {
    name: &'static str,
    columns: Vec<String>,
    keys: Vec<usize>,
}

/// The tape of one writer.
#[derive(Debug, Clone)]
pub(super) struct Tape(Arc<Mutex<Heard>>);

#[derive(Debug, Default)]
struct Heard {
    is_running: bool,
    revision_id: i64,
    /// The columns of each table, with what is kept beside them.
    columns: Vec<(&'static str, Vec<String>)>,
    /// The names of what the rows belong to that were heard.
    touched: BTreeSet<String>,
}

impl Tape {
    /// Makes a tape that hears what is written through this connection while it runs.
    pub(super) fn attach(writer: &Connection) -> Result<Self> {
        let tape = Self(Arc::default());
        let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_INNOCUOUS;
        let heard = tape.clone();
        writer.create_scalar_function("tape_is_running", 0, flags, move |_| {
            Ok(heard.lock().is_running)
        })?;
        let heard = tape.clone();
        writer.create_scalar_function("tape_revision", 0, flags, move |_| {
            Ok(heard.lock().revision_id)
        })?;
        writer.create_scalar_function("tape_key", -1, flags, key)?;
        let heard = tape.clone();
        writer.create_scalar_function("tape_row", -1, flags, move |context| {
            heard.lock().hear(context)
        })?;
        let mut all = Vec::new();
        for (n, (name, more)) in TABLES.iter().enumerate() {
            let table = columns(writer, name)?;
            let not_narrow = if *name == NARROW { NOT_NARROW } else { "" };
            writer.execute_batch(&triggers(n, &table, more, not_narrow))?;
            if *name == NARROW {
                writer.execute_batch(&narrow_triggers(&table))?;
            }
            let more = more.iter().map(|(column, _)| (*column).to_owned());
            all.push((*name, table.columns.into_iter().chain(more).collect()));
        }
        tape.lock().columns = all;
        Ok(tape)
    }

    /// Starts the tape for what is written in this transaction; it stops when the returned value is
    /// dropped.
    pub(super) fn run(&self, tx: &Transaction<'_>, revision_id: i64) -> Result<Running> {
        let last: i64 =
            tx.query_row("SELECT coalesce(max(id), 0) FROM revision_rows", [], |row| row.get(0))?;
        let mut heard = self.lock();
        heard.touched.clear();
        heard.is_running = true;
        heard.revision_id = revision_id;
        drop(heard);
        Ok(Running { tape: self.clone(), last })
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A tape that runs.
#[derive(Debug)]
pub(super) struct Running {
    tape: Tape,
    /// The last row that was kept before it began.
    last: i64,
}

impl Running {
    /// Leaves what is after all as it was, and keeps the names of all that was touched.
    pub(super) fn stop(self, tx: &Transaction<'_>) -> Result<()> {
        let (revision_id, touched) = {
            let mut heard = self.tape.lock();
            (heard.revision_id, std::mem::take(&mut heard.touched))
        };
        tx.prepare_cached("DELETE FROM revision_rows WHERE id > ?1 AND before IS after")?
            .execute([self.last])?;
        let mut insert = tx.prepare_cached(
            "INSERT INTO revision_touches (touched, revision_id) VALUES (?1, ?2)
             ON CONFLICT DO NOTHING",
        )?;
        for name in touched {
            insert.execute(params![name, revision_id])?;
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut heard = self.tape.lock();
        heard.touched.clear();
        heard.is_running = false;
    }
}

impl Heard {
    /// The number of a table, then a row's values: gives the row as it is kept.
    fn hear(&mut self, context: &Context<'_>) -> rusqlite::Result<Option<String>> {
        let Some((table, columns)) = self.columns.get(context.get::<usize>(0)?) else {
            return Ok(None);
        };
        let mut row = Row::new();
        for (n, column) in columns.iter().enumerate() {
            row.insert(column.clone(), context.get(n + 1)?);
        }
        self.touched.extend(rows::touches(table, &row));
        rows::to_text(&row)
            .map(Some)
            .map_err(|error| rusqlite::Error::UserFunctionError(Box::new(error)))
    }
}

/// A primary key as a JSON list.
fn key(context: &Context<'_>) -> rusqlite::Result<String> {
    let values: Vec<Value> =
        (0..context.len()).map(|n| context.get(n)).collect::<rusqlite::Result<_>>()?;
    let values: Vec<Exact<'_>> = values.iter().map(Exact).collect();
    serde_json::to_string(&values)
        .map_err(|error| rusqlite::Error::UserFunctionError(Box::new(error)))
}

fn columns(reader: &Connection, name: &'static str) -> Result<Table> {
    let mut find = reader.prepare("SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid")?;
    let all: Vec<(String, usize)> = find
        .query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut keys: Vec<(usize, usize)> =
        all.iter().enumerate().filter(|(_, c)| c.1 > 0).map(|(n, c)| (c.1, n)).collect();
    keys.sort_unstable();
    Ok(Table {
        name,
        columns: all.into_iter().map(|(name, _)| name).collect(),
        keys: keys.into_iter().map(|(_, n)| n).collect(),
    })
}

fn triggers(n: usize, table: &Table, more: &[(&str, &str)], but: &str) -> String {
    let image = |row: &str| -> String {
        let plain = table.columns.iter().map(|column| format!("{row}.\"{column}\""));
        let more = more.iter().map(|(_, sql)| sql.replace("{row}", row));
        format!("tape_row({n}, {})", plain.chain(more).collect::<Vec<_>>().join(", "))
    };
    let key = |row: &str| -> String {
        let keys = table.keys.iter().map(|n| format!("{row}.\"{}\"", table.columns[*n]));
        format!("tape_key({})", keys.collect::<Vec<_>>().join(", "))
    };
    let name = table.name;
    let keep = |key: &str, before: &str, after: &str, only: &str| -> String {
        format!(
            "INSERT INTO revision_rows (revision_id, of_table, row_key, before, after)
             SELECT tape_revision(), '{name}', {key}, {before}, {after} WHERE {only}
             ON CONFLICT (of_table, row_key, revision_id) DO UPDATE SET after = excluded.after;"
        )
    };
    let (old, new, old_key, new_key) = (image("OLD"), image("NEW"), key("OLD"), key("NEW"));
    let is = |columns: &mut dyn Iterator<Item = &String>, what: &str, between: &str| -> String {
        let each = columns.map(|column| format!("NEW.\"{column}\" {what} OLD.\"{column}\""));
        each.collect::<Vec<_>>().join(between)
    };
    let same = is(&mut table.keys.iter().map(|n| &table.columns[*n]), "IS", " AND ");
    let changed = is(&mut table.columns.iter(), "IS NOT", " OR ");
    // A row that gets another key is another row.
    let update = [
        keep(&old_key, &old, &new, &same),
        keep(&old_key, &old, "NULL", &format!("NOT ({same})")),
        keep(&new_key, "NULL", &new, &format!("NOT ({same})")),
    ];
    let mut sql = String::new();
    for (event, row, when, work) in [
        ("INSERT", "NEW", String::new(), keep(&new_key, "NULL", &new, "true")),
        ("UPDATE", "NEW", format!(" AND ({changed})"), update.join("\n")),
        ("DELETE", "OLD", String::new(), keep(&old_key, &old, "NULL", "true")),
    ] {
        let _ = writeln!(
            sql,
            "CREATE TEMP TRIGGER tape_{name}_{event} AFTER {event} ON main.{name}
             WHEN tape_is_running(){}{when} BEGIN {work} END;",
            but.replace("{row}", row)
        );
    }
    sql
}

/// Triggers that keep what happens to an edge between records. With a column that `revision_edges` does not
/// have they fail, and so does the dream that writes.
fn narrow_triggers(table: &Table) -> String {
    let changing: Vec<&str> =
        table.columns.iter().map(String::as_str).filter(|name| !LASTING.contains(name)).collect();
    let names = |prefix: &str| -> String {
        changing.iter().map(|name| format!("{prefix}{name}")).collect::<Vec<_>>().join(", ")
    };
    let taken: Vec<String> =
        changing.iter().map(|name| format!("new_{name} = excluded.new_{name}")).collect();
    let nothing = vec!["NULL"; changing.len()].join(", ");
    let moved: Vec<String> =
        LASTING.iter().map(|name| format!("NEW.{name} IS NOT OLD.{name}")).collect();
    let changed: Vec<String> =
        changing.iter().map(|name| format!("NEW.{name} IS NOT OLD.{name}")).collect();
    let mut sql = String::new();
    for (event, row, old, new) in [
        ("INSERT", "NEW", nothing.clone(), names("NEW.")),
        ("UPDATE", "NEW", names("OLD."), names("NEW.")),
        ("DELETE", "OLD", names("OLD."), nothing.clone()),
    ] {
        let when = IS_NARROW.replace("{row}", row);
        let (only, stays) = match event {
            "UPDATE" => (
                format!(" AND ({})", changed.join(" OR ")),
                format!(
                    "SELECT RAISE(ABORT, 'an edge keeps its ends') WHERE {};",
                    moved.join(" OR ")
                ),
            ),
            _ => (String::new(), String::new()),
        };
        let _ = writeln!(
            sql,
            "CREATE TEMP TRIGGER tape_narrow_{event} AFTER {event} ON main.{NARROW}
             WHEN tape_is_running(){when}{only} BEGIN {stays}
               INSERT INTO revision_edges (revision_id, edge_id, from_id, to_id, rel_type, {}, {})
               VALUES (tape_revision(), {row}.id, {row}.from_id, {row}.to_id, {row}.rel_type, {old}, {new})
               ON CONFLICT (revision_id, edge_id) DO UPDATE SET {};
             END;",
            names("old_"),
            names("new_"),
            taken.join(", "),
        );
    }
    sql
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::store::Store;

    /// A store with two records and a revision that writes.
    fn store(folder: &Path) -> Store {
        let store = Store::open(&folder.join("a.rem")).expect("a journal");
        store
            .write(|tx| {
                tx.execute_batch(
                    "INSERT INTO sources (id, kind, path, label, created_at)
                     VALUES (1, 'folder', 'x', 'x', 0);
                     INSERT INTO records (id, kind, source_id, key, hash, created_at, updated_at)
                     VALUES (1, 'resource', 1, x'01', x'01', 0, 0), (2, 'resource', 1, x'02', x'02', 0, 0);
                     INSERT INTO revisions (id, author, label, created_at)
                     VALUES (1, 'dream', 'dreamt', 0), (2, 'dream', 'dreamt', 0);",
                )?;
                Ok(())
            })
            .expect("two records");
        store
    }

    fn kept(store: &Store) -> Vec<(i64, Option<f64>, Option<f64>)> {
        let sql = "SELECT revision_id, old_weight, new_weight FROM revision_edges ORDER BY 1";
        store
            .read(|reader| {
                let mut find = reader.prepare(sql)?;
                let rows = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            })
            .expect("what is kept")
    }

    fn write(store: &Store, revision_id: i64, sql: &str) -> Result<()> {
        store.write_under(revision_id, |tx| Ok(tx.execute_batch(sql)?))
    }

    const ADD: &str =
        "INSERT INTO edges (from_kind, from_id, to_kind, to_id, rel_type, weight, confidence,
        revision_id, created_at) VALUES ('record', 1, 'record', 2, 'alike', 0.5, 1, 1, 7)";

    #[test]
    fn what_happens_to_an_edge_in_one_night_is_one_row() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        write(&store, 1, ADD).expect("added");
        write(&store, 1, "UPDATE edges SET weight = 0.6").expect("changed");
        write(&store, 1, "UPDATE edges SET weight = 0.6").expect("not changed");
        assert_eq!(kept(&store), [(1, None, Some(0.6))]);
        write(&store, 2, "UPDATE edges SET weight = 0.7").expect("changed");
        write(&store, 2, "DELETE FROM edges").expect("removed");
        assert_eq!(kept(&store), [(1, None, Some(0.6)), (2, Some(0.6), None)]);
        let n = store.read(|r| {
            Ok(r.query_row("SELECT count(*) FROM revision_rows", [], |row| row.get::<_, i64>(0))?)
        });
        assert_eq!(n.expect("a number"), 0);
    }

    #[test]
    fn an_edge_that_nobody_dreams_is_not_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        store.write(|tx| Ok(tx.execute_batch(ADD)?)).expect("added");
        assert_eq!(kept(&store), []);
    }

    #[test]
    fn an_edge_cannot_be_given_other_ends() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        write(&store, 1, ADD).expect("added");
        write(&store, 2, "UPDATE edges SET weight = 0.1, rel_type = 'other'").expect_err("refused");
        assert_eq!(kept(&store), [(1, None, Some(0.5))]);
    }

    #[test]
    fn a_column_that_could_not_be_undone_lets_no_edge_be_dreamt() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        store
            .write(|tx| Ok(tx.execute_batch("ALTER TABLE edges ADD COLUMN note TEXT")?))
            .expect("a column");
        drop(store);
        let store = Store::open(&folder.path().join("a.rem")).expect("a journal");
        write(&store, 1, ADD).expect_err("it could not be undone");
        assert_eq!(kept(&store), []);
    }
}
