//! The rows that revisions changed: kept whole as they were and as they became, and put back.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{
    Connection, OptionalExtension, Transaction, params, params_from_iter, types::Value,
};
use serde::{Serialize, Serializer, ser::SerializeMap};
use serde_json::Value as Json;

pub(crate) use super::tape::{Row, RowChange};
use crate::{Error, Result};

/// Tables whose rows are put back by their keys alone, because nothing that a person corrects and no search
/// index hangs on them. The children of a table stand after it. Every night may work on the same rows of
/// them, and yet any may be undone: what a later night did to a row is then told from what was before the
/// one that is undone.
const PLAIN: &[&str] = &[
    "session_summaries",
    "stage_inputs",
    "communities",
    "topics",
    "topic_tags",
    "moment_tags",
    "moment_importance",
    "reflections",
    "insights",
    "predictions",
    "profiles",
    "profile_interests",
    "profile_people",
    "profile_rhythms",
    "profile_sources",
    "proposals",
    "proposal_records",
    "digests",
];

/// The edge from the person to what they were engaged with.
pub(crate) const ENGAGED_WITH: &str = "engaged_with";

/// What a dream did to one row, all in all.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Changed {
    pub(crate) row: RowChange,
    /// Whether its words were forgotten with their source: then before and after hold next to nothing.
    pub(crate) is_forgotten: bool,
}

impl Changed {
    /// A number in the row, which is the same before and after.
    pub(crate) fn number(&self, column: &str) -> Option<i64> {
        number(self.either()?, column)
    }

    /// A word in the row, as it became or, where it went, as it was.
    pub(crate) fn text(&self, column: &str) -> Option<&str> {
        text(self.either()?, column)
    }

    fn either(&self) -> Option<&Row> {
        self.row.after.as_ref().or(self.row.before.as_ref())
    }
}

/// A whole number of a row.
pub(crate) fn number(row: &Row, column: &str) -> Option<i64> {
    match row.get(column) {
        Some(Value::Integer(number)) => Some(*number),
        _ => None,
    }
}

/// A text of a row.
pub(crate) fn text<'r>(row: &'r Row, column: &str) -> Option<&'r str> {
    match row.get(column) {
        Some(Value::Text(text)) => Some(text),
        _ => None,
    }
}

/// The names of what a row belongs to. A name stands for one thing for ever, and for the places that only
/// one thing may take.
pub(super) fn touches(table: &str, row: &Row) -> Vec<String> {
    let moment = |column: &str| number(row, column).map(|id| format!("moment {id}"));
    match table {
        "moments" => {
            let place = match row.get("key") {
                Some(Value::Blob(key)) => Some(format!("words {}", hex(key))),
                _ => None,
            };
            moment("id").into_iter().chain(place).collect()
        }
        "edges" => {
            let end = |kind: &str, id: &str| Some((text(row, kind)?, number(row, id)?));
            let ends = [end("from_kind", "from_id"), end("to_kind", "to_id")];
            if is_of_every_night(row) {
                return Vec::new();
            }
            let of_moments: Vec<String> = ends
                .iter()
                .flatten()
                .filter(|(kind, _)| *kind == "moment")
                .map(|(_, id)| format!("moment {id}"))
                .collect();
            if !of_moments.is_empty() {
                return of_moments;
            }
            let place: Vec<String> =
                ends.iter().flatten().map(|(kind, id)| format!("{kind} {id}")).collect();
            let rel_type = text(row, "rel_type").unwrap_or_default();
            vec![format!("edge {} {rel_type}", place.join(" "))]
        }
        "periods" if text(row, "kind") == Some("day") => {
            vec![format!("period day {}", text(row, "starts_on").unwrap_or_default())]
        }
        // Every night of a year tells the year: it is told anew where another night told it since.
        "periods" => Vec::new(),
        // Who is named in one night is named in others: an entity goes when nobody names it.
        "entities" => Vec::new(),
        plain if PLAIN.contains(&plain) => Vec::new(),
        _ => moment("moment_id").into_iter().collect(),
    }
}

/// The dreams after this one that touched the same things and stand, the newest first.
pub(crate) fn touched_since(reader: &Connection, dream_id: i64) -> Result<Vec<i64>> {
    let mut find = reader.prepare_cached(
        "SELECT later.dream_id
         FROM revisions own JOIN revision_touches t ON t.revision_id = own.id
              JOIN revision_touches o ON o.touched = t.touched
              JOIN revisions later ON later.id = o.revision_id AND later.dream_id > own.dream_id
              JOIN dreams d ON d.id = later.dream_id AND d.undone_by IS NULL
         WHERE own.dream_id = ?1
         UNION SELECT later.dream_id
         FROM revisions own JOIN revision_edges t ON t.revision_id = own.id
              JOIN revision_edges o ON o.from_id = t.from_id AND o.to_id = t.to_id AND o.rel_type = t.rel_type
              JOIN revisions later ON later.id = o.revision_id AND later.dream_id > own.dream_id
              JOIN dreams d ON d.id = later.dream_id AND d.undone_by IS NULL
         WHERE own.dream_id = ?1 ORDER BY 1 DESC",
    )?;
    Ok(find.query_map([dream_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// What a dream did to rows, each row once, in the order in which they were first touched. Edges between
/// records are kept apart ([`super::edge_rows`]).
pub(crate) fn of_dream(reader: &Connection, dream_id: i64) -> Result<Vec<Changed>> {
    let mut find = reader.prepare_cached(
        "SELECT c.of_table, c.row_key, c.before, c.after, c.is_forgotten
         FROM revision_rows c JOIN revisions r ON r.id = c.revision_id
         WHERE r.dream_id = ?1 ORDER BY c.id",
    )?;
    let mut rows = find.query([dream_id])?;
    let mut all: Vec<Changed> = Vec::new();
    let mut at: HashMap<(String, String), usize> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (table, key): (String, String) = (row.get(0)?, row.get(1)?);
        let image = |text: Option<String>| text.map(|text| from_text(&text)).transpose();
        let (before, after) = (image(row.get(2)?)?, image(row.get(3)?)?);
        let is_forgotten: bool = row.get(4)?;
        match at.get(&(table.clone(), key.clone())) {
            Some(at) => {
                all[*at].row.after = after;
                all[*at].is_forgotten |= is_forgotten;
            }
            None => {
                at.insert((table.clone(), key.clone()), all.len());
                let row = RowChange { table, key, before, after };
                all.push(Changed { row, is_forgotten });
            }
        }
    }
    all.retain(|changed| changed.is_forgotten || changed.row.before != changed.row.after);
    Ok(all)
}

/// A row as a dream once added it.
pub(crate) fn as_added(reader: &Connection, table: &str, id: i64) -> Result<Option<Row>> {
    let image: Option<String> = reader
        .prepare_cached(
            "SELECT after FROM revision_rows
             WHERE of_table = ?1 AND row_key = ?2 AND before IS NULL AND after IS NOT NULL
             ORDER BY id DESC LIMIT 1",
        )?
        .query_row(params![table, format!("[{id}]")], |row| row.get(0))
        .optional()?;
    image.map(|image| from_text(&image)).transpose()
}

/// Puts a row back as it was: a row with its key is changed, otherwise it is added. Columns that the table
/// does not have (any more) are left out.
pub(crate) fn put_back(tx: &Transaction<'_>, table: &str, row: &Row) -> Result<()> {
    let columns = columns(tx, table)?;
    let there: Vec<&(String, bool)> =
        columns.iter().filter(|(name, _)| row.contains_key(name)).collect();
    let (names, marks): (Vec<String>, Vec<String>) = there
        .iter()
        .enumerate()
        .map(|(n, (name, _))| (format!("\"{name}\""), format!("?{}", n + 1)))
        .unzip();
    let values: Vec<&Value> = there.iter().map(|(name, _)| &row[name]).collect();
    let pairs = |is_key: bool| -> Vec<String> {
        let of_kind = there.iter().enumerate().filter(|(_, column)| column.1 == is_key);
        of_kind.map(|(n, _)| format!("{} = {}", names[n], marks[n])).collect()
    };
    let (others, keys) = (pairs(false).join(", "), pairs(true).join(" AND "));
    // A row that is all key is as it was, or it is not there.
    let is_there = if others.is_empty() {
        tx.prepare_cached(&format!("SELECT 1 FROM {table} WHERE {keys}"))?
            .exists(params_from_iter(&values))?
    } else {
        tx.prepare_cached(&format!("UPDATE {table} SET {others} WHERE {keys}"))?
            .execute(params_from_iter(&values))?
            > 0
    };
    if !is_there {
        tx.prepare_cached(&format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            names.join(", "),
            marks.join(", ")
        ))?
        .execute(params_from_iter(&values))?;
    }
    Ok(())
}

/// Whether every night weighs such an edge anew: one between entities, or one that says what the person
/// was engaged with.
pub(crate) fn is_of_every_night(edge: &Row) -> bool {
    let is_between_entities =
        ["from_kind", "to_kind"].iter().all(|end| text(edge, end) == Some("entity"));
    is_between_entities || text(edge, "rel_type") == Some(ENGAGED_WITH)
}

fn is_plain(changed: &Changed) -> bool {
    let is_edge =
        || changed.row.table == "edges" && changed.either().is_some_and(is_of_every_night);
    PLAIN.contains(&changed.row.table.as_str()) || is_edge()
}

/// Takes back what a dream did to rows of plain tables and to edges that every night weighs
/// anew.
///
/// # Errors
/// A later dream that stands put another row in the place of one that is to come back.
pub(crate) fn restore_plain(
    tx: &Transaction<'_>,
    dream_id: i64,
    changed: &[Changed],
) -> Result<()> {
    // Rows that belong together are put back one after the other.
    tx.pragma_update(None, "defer_foreign_keys", true)?;
    let mut later = tx.prepare_cached(
        "SELECT c.id FROM revision_rows c JOIN revisions r ON r.id = c.revision_id
           JOIN dreams d ON d.id = r.dream_id AND d.undone_by IS NULL
         WHERE c.of_table = ?1 AND c.row_key = ?2 AND d.id > ?3 ORDER BY d.id, c.id LIMIT 1",
    )?;
    for one in changed.iter().rev().filter(|one| is_plain(one) && !one.is_forgotten) {
        let RowChange { table, key, before, after } = &one.row;
        let found: Option<i64> =
            later.query_row(params![table, key, dream_id], |row| row.get(0)).optional()?;
        match (found, before, after) {
            (Some(id), ..) => {
                tx.prepare_cached("UPDATE revision_rows SET before = ?2 WHERE id = ?1")?
                    .execute(params![id, before.as_ref().map(to_text).transpose()?])?;
            }
            (None, Some(before), _) => put_back(tx, table, before).map_err(|error| match error {
                Error::Store { source, .. }
                    if source.sqlite_error_code()
                        == Some(rusqlite::ErrorCode::ConstraintViolation) =>
                {
                    Error::invalid(format!(
                        "dream {dream_id} cannot be undone by itself: a later one made anew what it \
                         took away; undo the later ones first"
                    ))
                }
                other => other,
            })?,
            (None, None, Some(after)) => take_out_row(tx, table, after)?,
            (None, None, None) => {}
        }
    }
    Ok(())
}

/// Takes a row out by its primary key, if it is there.
fn take_out_row(tx: &Transaction<'_>, table: &str, row: &Row) -> Result<()> {
    let keys: Vec<String> = columns(tx, table)?
        .into_iter()
        .filter(|(_, is_key)| *is_key)
        .map(|(name, _)| name)
        .collect();
    let wanted: Vec<String> =
        keys.iter().enumerate().map(|(n, name)| format!("\"{name}\" = ?{}", n + 1)).collect();
    let values: Vec<&Value> = keys.iter().filter_map(|name| row.get(name)).collect();
    tx.prepare_cached(&format!("DELETE FROM {table} WHERE {}", wanted.join(" AND ")))?
        .execute(params_from_iter(values))?;
    Ok(())
}

/// Takes a row out by its id, if it is there.
pub(crate) fn take_out(tx: &Transaction<'_>, table: &str, id: i64) -> Result<()> {
    tx.prepare_cached(&format!("DELETE FROM {table} WHERE id = ?1"))?.execute([id])?;
    Ok(())
}

/// The row with this id, as it is now.
pub(crate) fn present(reader: &Connection, table: &str, id: i64) -> Result<Option<Row>> {
    let names: Vec<String> = columns(reader, table)?.into_iter().map(|(name, _)| name).collect();
    Ok(reader
        .prepare_cached(&format!("SELECT \"{}\" FROM {table} WHERE id = ?1", names.join("\", \"")))?
        .query_row([id], |found| {
            let mut row = Row::new();
            for (n, name) in names.iter().enumerate() {
                row.insert(name.clone(), found.get(n)?);
            }
            Ok(row)
        })
        .optional()?)
}

/// The columns of a table, and whether they are part of its primary key.
fn columns(reader: &Connection, table: &str) -> Result<Vec<(String, bool)>> {
    let mut find =
        reader.prepare_cached("SELECT name, pk > 0 FROM pragma_table_info(?1) ORDER BY cid")?;
    Ok(find
        .query_map([table], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?)
}

/// A value as JSON that gives the very same value again: numbers with a fraction by all their digits,
/// bytes in hexadecimal.
pub(super) struct Exact<'v>(pub(super) &'v Value);

impl Serialize for Exact<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let tagged = |to: S, tag: &'static str, text: &str| {
            let mut map = to.serialize_map(Some(1))?;
            map.serialize_entry(tag, text)?;
            map.end()
        };
        match self.0 {
            Value::Null => to.serialize_unit(),
            Value::Integer(number) => to.serialize_i64(*number),
            // The shortest text that reads as the same number.
            Value::Real(number) => tagged(to, "real", &format!("{number:?}")),
            Value::Text(text) => to.serialize_str(text),
            Value::Blob(bytes) => tagged(to, "bytes", &hex(bytes)),
        }
    }
}

struct Image<'r>(&'r Row);

impl Serialize for Image<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(column, value)| (column, Exact(value))))
    }
}

fn from_json(value: &Json) -> Option<Value> {
    Some(match value {
        Json::Null => Value::Null,
        Json::Number(number) => Value::Integer(number.as_i64()?),
        Json::String(text) => Value::Text(text.clone()),
        Json::Object(object) => match (object.get("real"), object.get("bytes")) {
            (Some(real), _) => Value::Real(real.as_str()?.parse().ok()?),
            (_, Some(bytes)) => Value::Blob(from_hex(bytes.as_str()?)?),
            _ => return None,
        },
        _ => return None,
    })
}

pub(super) fn to_text(row: &Row) -> Result<String> {
    serde_json::to_string(&Image(row))
        .map_err(|_| Error::invalid("a row cannot be kept to be undone"))
}

fn from_text(text: &str) -> Result<Row> {
    let damaged = || Error::invalid("what is kept to undo a dream is damaged");
    let row: BTreeMap<String, Json> = serde_json::from_str(text).map_err(|_| damaged())?;
    row.into_iter()
        .map(|(column, value)| Ok((column, from_json(&value).ok_or_else(damaged)?)))
        .collect()
}

fn hex(bytes: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(u32::from(four), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = (0..text.len()).step_by(2);
    pairs.map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn values() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Null),
            any::<i64>().prop_map(Value::Integer),
            any::<f64>()
                .prop_filter("SQLite keeps no other", |x| x.is_finite())
                .prop_map(Value::Real),
            any::<String>().prop_map(Value::Text),
            any::<Vec<u8>>().prop_map(Value::Blob),
        ]
    }

    proptest! {
        #[test]
        fn a_row_is_read_as_it_was_written(
            row in prop::collection::btree_map("[a-z]{1,6}", values(), 0..8)
        ) {
            prop_assert_eq!(from_text(&to_text(&row).expect("a text")).expect("a row"), row);
        }
    }

    #[test]
    fn what_is_no_row_is_refused_without_a_word_of_it() {
        for damaged in
            ["", "[]", r#"{"a": 1.5}"#, r#"{"a": {"bytes": "0g"}}"#, r#"{"a": {"b": 1}}"#]
        {
            let error = from_text(damaged).expect_err("refused").to_string();
            assert!(error.ends_with("is damaged"), "{error}");
        }
    }
}
