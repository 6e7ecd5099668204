//! The journal as JSON Lines: one thing a line, streamed from one snapshot.

use std::io::Write;

use rusqlite::{Connection, Row, types::ValueRef};
use serde_json::Value;

use super::{
    Days, Writing,
    table::{Child, Column, Holds, Table},
    tables,
};
use crate::{Error, Result, error::Attempt, settings::Settings};

/// What the first line of every export says. A file that begins like this is one.
pub(super) const MARK: &str = crate::sources::formats::own::JSON;
/// What the lines mean; another number from the next change on that a reader must know of.
pub(crate) const VERSION: u32 = 1;

/// Writes the first line.
fn head(out: &mut dyn Write, days: &Days) -> Result<()> {
    let day = |day: &Option<String>| serde_json::json!(day).to_string();
    let (since, until) = (day(&days.since), day(&days.until));
    let is_whole = days.is_all();
    write(
        out,
        format!(
            "{MARK},\"version\":{VERSION},\"is_whole\":{is_whole},\"since\":{since},\"until\":{until}}}\n"
        )
        .as_bytes(),
    )
}

/// Writes everything, or what belongs to a stretch of days.
pub(super) fn export(
    reader: &Connection,
    settings: &Settings,
    days: &Days,
    out: &mut dyn Write,
    writing: &mut Writing<'_>,
) -> Result<()> {
    head(out, days)?;
    let mut n_things = 0;
    if days.is_all() {
        n_things += 1;
        let settings = serde_json::to_value(settings_to_carry(settings)).unwrap_or_default();
        write(out, format!("{{\"thing\":\"settings\",\"settings\":{settings}}}\n").as_bytes())?;
    }
    for table in tables::all() {
        if days.is_all() || !table.part.is_empty() {
            n_things += things(reader, table, days, out, writing)?;
        }
    }
    // Whoever reads it knows by this that nothing is missing.
    write(out, format!("{{\"thing\":\"end\",\"n_things\":{n_things}}}\n").as_bytes())
}

/// The settings without those that are about one machine, or that would open a door on another: where
/// models are asked, and what assistant programs may do.
pub(super) fn settings_to_carry(settings: &Settings) -> Settings {
    let mut carried = settings.clone();
    carried.mind.address = String::new();
    carried.mind.agreed_address = String::new();
    carried.assistants = Default::default();
    carried
}

fn things(
    reader: &Connection,
    table: &Table,
    days: &Days,
    out: &mut dyn Write,
    writing: &mut Writing<'_>,
) -> Result<u64> {
    let mut find = reader.prepare(&table.select(!days.is_all()))?;
    let mut rows = if days.is_all() {
        find.query([])?
    } else {
        let (since, until) = days.bounds();
        find.query([since, until])?
    };
    let key = table.columns.iter().position(|column| column.name == table.key);
    let mut line = Vec::new();
    let mut n_things = 0;
    while let Some(row) = rows.next()? {
        writing.cancel.check()?;
        line.clear();
        line.extend_from_slice(b"{\"thing\":\"");
        line.extend_from_slice(table.thing.as_bytes());
        line.push(b'"');
        cells(row, table.columns, true, &mut line)?;
        if let Some(key) = key {
            for child in table.children {
                children(reader, child, row.get_ref(key)?, &mut line)?;
            }
        }
        line.extend_from_slice(b"}\n");
        write(out, &line)?;
        writing.count(table.thing);
        n_things += 1;
    }
    Ok(n_things)
}

fn children(
    reader: &Connection,
    child: &Child,
    parent: ValueRef<'_>,
    line: &mut Vec<u8>,
) -> Result<()> {
    let parent: rusqlite::types::Value = parent.try_into().map_err(rusqlite::Error::from)?;
    let mut find = reader.prepare_cached(&child.select())?;
    let mut rows = find.query([parent])?;
    line.extend_from_slice(b",\"");
    line.extend_from_slice(child.field.as_bytes());
    line.extend_from_slice(b"\":");
    if !child.is_one {
        line.push(b'[');
    }
    let mut n = 0;
    while let Some(row) = rows.next()? {
        if n > 0 {
            line.push(b',');
        }
        line.push(b'{');
        cells(row, child.columns, false, line)?;
        line.push(b'}');
        n += 1;
    }
    if !child.is_one {
        line.push(b']');
    } else if n == 0 {
        line.extend_from_slice(b"null");
    }
    Ok(())
}

/// The columns of a row as members of an object.
fn cells(row: &Row<'_>, columns: &[Column], follows: bool, line: &mut Vec<u8>) -> Result<()> {
    for (n, column) in columns.iter().enumerate() {
        if n > 0 || follows {
            line.push(b',');
        }
        line.push(b'"');
        line.extend_from_slice(column.name.as_bytes());
        line.extend_from_slice(b"\":");
        cell(row.get_ref(n)?, column, line)?;
    }
    Ok(())
}

fn cell(value: ValueRef<'_>, column: &Column, line: &mut Vec<u8>) -> Result<()> {
    let damaged =
        || Error::invalid(format!("the column {} of the journal is damaged", column.name));
    match (value, column.holds) {
        (ValueRef::Null, _) => line.extend_from_slice(b"null"),
        (ValueRef::Integer(number), Holds::Truth) => {
            line.extend_from_slice(if number == 0 { b"false" } else { b"true" });
        }
        (ValueRef::Integer(number), Holds::Whole) => {
            line.extend_from_slice(number.to_string().as_bytes());
        }
        (ValueRef::Integer(number), Holds::Number) => put(&Value::from(number as f64), line)?,
        (ValueRef::Real(number), Holds::Number) => put(&Value::from(settled(number)), line)?,
        (ValueRef::Text(text), Holds::Text) => {
            put(&String::from_utf8_lossy(text), line)?;
        }
        (ValueRef::Text(text), Holds::Json) => {
            let mut value: Value = serde_json::from_slice(text).map_err(|_| damaged())?;
            settle(&mut value);
            put(&value, line)?;
        }
        (ValueRef::Blob(bytes), Holds::Bytes) => {
            line.push(b'"');
            for byte in bytes {
                line.extend_from_slice(format!("{byte:02x}").as_bytes());
            }
            line.push(b'"');
        }
        _ => return Err(damaged()),
    }
    Ok(())
}

fn put<T: serde::Serialize + ?Sized>(value: &T, line: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(line, value).map_err(|error| {
        Error::invalid(format!("a value of the journal cannot be written: {error}"))
    })
}

/// A number as its first 15 digits say it: readers of JSON differ in what they make of more.
pub(super) fn settled(number: f64) -> f64 {
    format!("{number:.14e}").parse().unwrap_or(number)
}

/// The same for every number in a value.
pub(super) fn settle(value: &mut Value) {
    match value {
        Value::Number(number) if number.is_f64() => {
            if let Some(number) = number.as_f64() {
                *value = Value::from(settled(number));
            }
        }
        Value::Array(list) => list.iter_mut().for_each(settle),
        Value::Object(map) => map.values_mut().for_each(settle),
        _ => {}
    }
}

fn write(out: &mut dyn Write, bytes: &[u8]) -> Result<()> {
    out.write_all(bytes).attempt(|| "writing the export".into())
}
