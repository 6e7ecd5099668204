//! Makes a journal again from a whole export.

use std::io::BufRead;

use rusqlite::{
    Connection, OptionalExtension, Transaction, params_from_iter, types::Value as Cell,
};
use serde_json::{Map, Value};

use super::{
    lines::{VERSION, settings_to_carry},
    table::{Column, Holds, Table},
    tables,
};
use crate::{
    Error, Journal, Result, api::export::RestoreReport, error::Attempt, journal::Cancel,
    settings::Settings,
};

/// No line is longer: the longest note has 20 MB, and JSON may need six bytes for one of its own.
const LONGEST_LINE: u64 = 256 << 20;

/// Reads an export into a journal that is empty. All of it is kept, or nothing.
pub(crate) fn restore(
    journal: &Journal,
    from: &mut dyn BufRead,
    cancel: &Cancel,
) -> Result<(RestoreReport, Settings)> {
    let now = journal.clock().now_ms();
    journal.store().write(|tx| {
        refuse_used(tx)?;
        // A line may name what a later one brings.
        tx.execute_batch("PRAGMA defer_foreign_keys = ON")?;
        let mut report = RestoreReport::default();
        let mut settings = journal.settings();
        let mut line = Vec::new();
        let (mut n, mut n_things, mut is_whole) = (0_u64, 0_u64, false);
        loop {
            cancel.check()?;
            line.clear();
            let read = std::io::Read::take(&mut *from, LONGEST_LINE)
                .read_until(b'\n', &mut line)
                .attempt(|| "reading the export".into())?;
            if read == 0 {
                break;
            }
            n += 1;
            let at = |error: Error| match error {
                Error::InvalidInput(why) => {
                    Error::invalid(format!("line {n} of the export: {why}"))
                }
                Error::Store { source, .. } => {
                    Error::Store { attempt: format!("keeping line {n} of the export"), source }
                }
                other => other,
            };
            if line.last() != Some(&b'\n') && read as u64 == LONGEST_LINE {
                return Err(at(Error::invalid("it is longer than any line of an export")));
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let mut thing = object(&line).map_err(at)?;
            let name = word(&mut thing, "thing").map_err(at)?;
            if is_whole {
                return Err(at(Error::invalid("it follows its end")));
            }
            match (n, name.as_str()) {
                (1, "journal") => {
                    check_head(&thing).map_err(at)?;
                    continue;
                }
                (1, _) => {
                    return Err(at(Error::invalid("no export of REM Journal begins like this")));
                }
                (_, "end") => {
                    if thing.get("n_things").and_then(Value::as_u64) != Some(n_things) {
                        return Err(at(Error::invalid("there were other things than it counts")));
                    }
                    is_whole = true;
                    continue;
                }
                (_, "settings") => settings = read_settings(&mut thing, &settings).map_err(at)?,
                (_, name) => {
                    let table = tables::named(name).ok_or_else(|| {
                        at(Error::invalid(format!("it is no thing of version {VERSION}")))
                    })?;
                    keep(tx, table, thing).map_err(at)?;
                    count(&mut report, table.thing);
                }
            }
            n_things += 1;
        }
        if n == 0 {
            return Err(Error::invalid("the export is empty: nothing was restored"));
        }
        if !is_whole {
            return Err(Error::invalid(
                "it is cut off: its last line is missing, and nothing was restored",
            ));
        }
        settings.save(tx)?;
        index(tx)?;
        check_references(tx)?;
        let wholes: std::collections::BTreeSet<i64> = tx
            .prepare("SELECT id FROM records WHERE kind <> 'message'")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        crate::records::keep::queue_wholes(tx, &wholes, now)?;
        Ok((report, settings))
    })
}

/// Only a journal that holds nothing can take another's things with their numbers.
fn refuse_used(tx: &Transaction<'_>) -> Result<()> {
    for table in ["records", "sources", "moments", "dreams", "revisions", "moment_types"] {
        let used: Option<i64> = tx
            .query_row(&format!("SELECT 1 FROM {table} LIMIT 1"), [], |row| row.get(0))
            .optional()?;
        if used.is_some() {
            return Err(Error::invalid(
                "this journal holds something already: restore into a new one, with --journal and a \
                 name of its own",
            ));
        }
    }
    Ok(())
}

fn object(line: &[u8]) -> Result<Map<String, Value>> {
    match serde_json::from_slice(line) {
        Ok(Value::Object(thing)) => Ok(thing),
        Ok(_) => Err(Error::invalid("it is no JSON object")),
        Err(error) => Err(Error::invalid(format!(
            "it is no JSON (column {}): is the file whole?",
            error.column()
        ))),
    }
}

fn word(thing: &mut Map<String, Value>, name: &str) -> Result<String> {
    match thing.remove(name) {
        Some(Value::String(word)) => Ok(word),
        _ => Err(Error::invalid(format!("it has no “{name}”"))),
    }
}

fn check_head(head: &Map<String, Value>) -> Result<()> {
    if head.get("format").and_then(Value::as_str) != Some("rem-journal-export") {
        return Err(Error::invalid("no export of REM Journal begins like this"));
    }
    let version = head.get("version").and_then(Value::as_u64).unwrap_or(0);
    if version > u64::from(VERSION) {
        return Err(Error::invalid(format!(
            "it was written by a newer version of REM Journal (export {version}, this version reads \
             {VERSION}): update the app"
        )));
    }
    if head.get("is_whole").and_then(Value::as_bool) != Some(true) {
        return Err(Error::invalid(
            "it holds some days of a journal only: a journal is made of a whole export, without \
             --since and --until",
        ));
    }
    Ok(())
}

fn read_settings(thing: &mut Map<String, Value>, present: &Settings) -> Result<Settings> {
    let value = thing.remove("settings").unwrap_or_default();
    let read: Settings = serde_json::from_value(value)
        .map_err(|_| Error::invalid("these are no settings of REM Journal"))?;
    // Whoever made the file does not say where texts are sent to, nor who may write here.
    let mut settings = settings_to_carry(&read);
    settings.mind.address.clone_from(&present.mind.address);
    settings.mind.agreed_address.clone_from(&present.mind.agreed_address);
    settings.assistants = present.assistants.clone();
    settings.check()?;
    Ok(settings)
}

fn keep(tx: &Transaction<'_>, table: &Table, mut thing: Map<String, Value>) -> Result<()> {
    let mut children = Vec::new();
    for child in table.children {
        match thing.remove(child.field) {
            None | Some(Value::Null) => {}
            Some(Value::Array(list)) if !child.is_one => children.push((child, list)),
            Some(one @ Value::Object(_)) if child.is_one => children.push((child, vec![one])),
            Some(_) => return Err(Error::invalid(format!("{} is of another shape", child.field))),
        }
    }
    let own = row(table.columns, thing, table.thing)?;
    let key = own.iter().find(|(name, _)| *name == table.key).map(|(_, cell)| cell.clone());
    let fixed = table.fixed.map(|(name, value)| (name, Cell::Text(value.into())));
    insert(tx, table.table, own.into_iter().chain(fixed).collect())?;
    for (child, list) in children {
        let parent = key.clone().ok_or_else(|| Error::invalid("it has no key"))?;
        for one in list {
            let Value::Object(one) = one else {
                return Err(Error::invalid(format!("{} is of another shape", child.field)));
            };
            let mut cells = row(child.columns, one, child.field)?;
            cells.push((child.parent, parent.clone()));
            insert(tx, child.table, cells)?;
        }
    }
    Ok(())
}

/// The members of an object as cells. What is not there keeps the table's own default.
fn row(
    columns: &[Column],
    mut members: Map<String, Value>,
    of: &str,
) -> Result<Vec<(&'static str, Cell)>> {
    let mut cells = Vec::with_capacity(columns.len());
    for column in columns {
        if let Some(value) = members.remove(column.name) {
            cells.push((column.name, cell(column, value, of)?));
        }
    }
    match members.keys().next() {
        // Its name may be anything: it is not repeated.
        Some(_) => {
            Err(Error::invalid(format!("{of} has a member that this version does not know")))
        }
        None => Ok(cells),
    }
}

fn cell(column: &Column, value: Value, of: &str) -> Result<Cell> {
    let wrong =
        || Error::invalid(format!("{of}.{} is of another kind than it should be", column.name));
    Ok(match (column.holds, value) {
        (_, Value::Null) if column.is_optional => Cell::Null,
        (Holds::Whole, Value::Number(number)) => Cell::Integer(number.as_i64().ok_or_else(wrong)?),
        (Holds::Number, Value::Number(number)) => Cell::Real(number.as_f64().ok_or_else(wrong)?),
        (Holds::Text, Value::String(text)) => Cell::Text(text),
        (Holds::Truth, Value::Bool(truth)) => Cell::Integer(truth.into()),
        (Holds::Bytes, Value::String(digits)) => Cell::Blob(unhex(&digits).ok_or_else(wrong)?),
        (Holds::Json, Value::Null) => return Err(wrong()),
        (Holds::Json, value) => Cell::Text(value.to_string()),
        _ => return Err(wrong()),
    })
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digit = |c: u8| char::from(c).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = digits.as_bytes().chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    pairs.map(|pair| Some((digit(pair[0])? << 4) | digit(pair[1])?)).collect()
}

/// The names are those of this program, never of the file. A trigger may have made the row already, as
/// it does for how things fade.
fn insert(tx: &Transaction<'_>, table: &str, cells: Vec<(&'static str, Cell)>) -> Result<()> {
    let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
    let marks: Vec<String> = (1..=names.len()).map(|n| format!("?{n}")).collect();
    let or = if table.ends_with("_fading") { "INSERT OR REPLACE" } else { "INSERT" };
    tx.prepare_cached(&format!(
        "{or} INTO {table} ({}) VALUES ({})",
        names.join(", "),
        marks.join(", ")
    ))?
    .execute(params_from_iter(cells.into_iter().map(|(_, cell)| cell)))?;
    Ok(())
}

fn index(tx: &Transaction<'_>) -> Result<()> {
    crate::records::index::fill(tx)?;
    crate::moments::index::fill(tx)
}

fn check_references(reader: &Connection) -> Result<()> {
    let table: Option<String> = reader
        .query_row("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1", [], |row| row.get(0))
        .optional()?;
    match table {
        None => Ok(()),
        Some(table) => Err(Error::invalid(format!(
            "something of {table} names what is not in the export: nothing was restored"
        ))),
    }
}

fn count(report: &mut RestoreReport, thing: &str) {
    match thing {
        "resource" => report.n_notes += 1,
        "session" => report.n_sessions += 1,
        "message" => report.n_messages += 1,
        "moment" => report.n_moments += 1,
        _ => {}
    }
    report.n_things += 1;
}
