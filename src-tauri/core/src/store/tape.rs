//! Listens to what a dream's writes do to derived rows.
//!
//! Temporary triggers, which only the writer's connection has, hand every row that comes, changes or goes
//! to a tape in memory, as it was and as it is; cascades of foreign keys are heard as well. The triggers
//! are made from the tables' own columns, so that a new column is never missed (decision 15).

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write as _,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{
    Connection,
    functions::{Context, FunctionFlags},
    types::Value,
};

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
    tables: Vec<Table>,
    changes: Vec<RowChange>,
    at: HashMap<(String, String), usize>,
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
        writer.create_scalar_function("tape_row", -1, flags, move |context| {
            heard.lock().hear(context)?;
            Ok(rusqlite::types::Null)
        })?;
        let mut tables = Vec::new();
        for (n, (name, more)) in TABLES.iter().enumerate() {
            let table = columns(writer, name)?;
            writer.execute_batch(&triggers(n, &table, more))?;
            let more = more.iter().map(|(column, _)| (*column).to_owned());
            tables.push(Table {
                columns: table.columns.iter().cloned().chain(more).collect(),
                ..table
            });
        }
        tape.lock().tables = tables;
        Ok(tape)
    }

    /// Starts the tape; it stops when the returned value is dropped.
    pub(super) fn run(&self) -> Running {
        self.lock().start();
        Running(self.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A tape that runs.
#[derive(Debug)]
pub(super) struct Running(Tape);

impl Running {
    /// What was heard, each row once, in the order in which they were first touched.
    pub(super) fn stop(self) -> Vec<RowChange> {
        let mut changes = std::mem::take(&mut self.0.lock().changes);
        changes.retain(|change| change.before != change.after);
        changes
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut heard = self.0.lock();
        heard.start();
        heard.is_running = false;
    }
}

impl Heard {
    fn start(&mut self) {
        self.is_running = true;
        self.changes.clear();
        self.at.clear();
    }

    /// The number of a table, whether it was there and whether it is there, then the values of both.
    fn hear(&mut self, context: &Context<'_>) -> rusqlite::Result<()> {
        let (n, was, is): (usize, bool, bool) = (context.get(0)?, context.get(1)?, context.get(2)?);
        let Some(table) = self.tables.get(n) else { return Ok(()) };
        let mut next = 3;
        let mut row = |is_there: bool| -> rusqlite::Result<Option<Row>> {
            if !is_there {
                return Ok(None);
            }
            let mut row = Row::new();
            for column in &table.columns {
                row.insert(column.clone(), context.get(next)?);
                next += 1;
            }
            Ok(Some(row))
        };
        let (before, after) = (row(was)?, row(is)?);
        let (name, old, new) = (
            table.name,
            before.as_ref().map(|r| table.key(r)),
            after.as_ref().map(|r| table.key(r)),
        );
        match (old, new) {
            // A row that gets another key is another row.
            (Some(old), Some(new)) if old != new => {
                self.add(name, old, before, None);
                self.add(name, new, None, after);
            }
            (old, new) => {
                if let Some(key) = old.or(new) {
                    self.add(name, key, before, after);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, table: &str, key: String, before: Option<Row>, after: Option<Row>) {
        match self.at.get(&(table.to_owned(), key.clone())) {
            Some(at) => self.changes[*at].after = after,
            None => {
                self.at.insert((table.to_owned(), key.clone()), self.changes.len());
                self.changes.push(RowChange { table: table.to_owned(), key, before, after });
            }
        }
    }
}

impl Table {
    fn key(&self, row: &Row) -> String {
        let values = self.keys.iter().filter_map(|n| row.get(&self.columns[*n]));
        serde_json::Value::Array(values.map(super::rows::to_json).collect()).to_string()
    }
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

fn triggers(n: usize, table: &Table, more: &[(&str, &str)]) -> String {
    let values = |row: &str| -> String {
        let plain = table.columns.iter().map(|column| format!("{row}.\"{column}\""));
        let more = more.iter().map(|(_, sql)| sql.replace("{row}", row));
        plain.chain(more).collect::<Vec<_>>().join(", ")
    };
    let (old, new, name) = (values("OLD"), values("NEW"), table.name);
    let mut sql = String::new();
    for (event, was, is, values) in [
        ("INSERT", 0, 1, new.clone()),
        ("UPDATE", 1, 1, format!("{old}, {new}")),
        ("DELETE", 1, 0, old.clone()),
    ] {
        let _ = writeln!(
            sql,
            "CREATE TEMP TRIGGER tape_{name}_{event} AFTER {event} ON main.{name}
             WHEN tape_is_running() BEGIN SELECT tape_row({n}, {was}, {is}, {values}); END;"
        );
    }
    sql
}
