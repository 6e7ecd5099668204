//! What the names in a query mean: tables, their columns, and the names that a query gives its own.

use super::{parse::clipped, views};
use crate::{Error, Result, api::query::ColumnKind, text::spelling::nearest};

/// A column that can be named.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// As the person names it.
    pub(super) name: String,
    pub(super) kind: ColumnKind,
    /// As SQLite is to name it.
    pub(super) sql: String,
}

/// A table of a FROM clause.
#[derive(Debug, Clone)]
pub(super) struct Table {
    /// As the person names it, in small letters.
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
}

/// All that can be named in one SELECT.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    pub(super) tables: Vec<Table>,
    /// Columns that two tables share by USING: naming them is not ambiguous.
    pub(super) shared: Vec<String>,
    /// A list that the SELECT groups by stands for its elements: the list's column, and the element's.
    pub(super) elements: Vec<(String, Column)>,
    /// Lists that are taken apart in what is given, and their elements.
    pub(super) apart: Vec<(String, String)>,
}

/// What a name was found to be.
#[derive(Debug)]
enum Found {
    One(Column),
    Several,
    None,
}

impl Scope {
    fn column(&self, table: Option<&str>, name: &str) -> Found {
        let mut found = Vec::new();
        for one in &self.tables {
            if table.is_some_and(|table| !one.name.eq_ignore_ascii_case(table)) {
                continue;
            }
            let columns = one.columns.iter();
            found.extend(columns.filter(|column| column.name.eq_ignore_ascii_case(name)));
        }
        let is_shared = self.shared.iter().any(|shared| shared.eq_ignore_ascii_case(name));
        match found[..] {
            [] => Found::None,
            [one] => Found::One(self.or_element(one)),
            [first, ..] if is_shared => Found::One(self.or_element(first)),
            _ => Found::Several,
        }
    }

    fn or_element(&self, column: &Column) -> Column {
        let element = self.elements.iter().find(|(list, _)| *list == column.sql);
        element.map_or_else(|| column.clone(), |(_, element)| element.clone())
    }

    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name))
    }
}

/// The column of this name, in the innermost of `scopes` that has it.
///
/// # Errors
/// There is none, or there are several.
pub(super) fn column(
    scopes: &[Scope],
    table: Option<&str>,
    name: &str,
    at: &str,
) -> Result<Column> {
    for scope in scopes.iter().rev() {
        match scope.column(table, name) {
            Found::One(column) => return Ok(column),
            Found::Several => {
                let tables: Vec<&str> = scope
                    .tables
                    .iter()
                    .filter(|one| one.columns.iter().any(|c| c.name.eq_ignore_ascii_case(name)))
                    .map(|one| one.name.as_str())
                    .collect();
                return Err(Error::invalid(clipped(&format!(
                    "several tables have a column “{name}”{at}: say which, as in {}.{name}",
                    tables.first().copied().unwrap_or("moments"),
                ))));
            }
            Found::None => {}
        }
    }
    Err(unknown(scopes, table, name, at))
}

fn unknown(scopes: &[Scope], table: Option<&str>, name: &str, at: &str) -> Error {
    let tables = || scopes.iter().rev().flat_map(|scope| &scope.tables);
    if let Some(table) = table
        && !tables().any(|one| one.name.eq_ignore_ascii_case(table))
    {
        let meant = nearest(table, tables().map(|one| one.name.as_str()));
        return Error::invalid(clipped(&format!(
            "nothing is called “{table}” in this FROM{at}{}",
            did_you_mean(meant)
        )));
    }
    let columns = tables()
        .filter(|one| table.is_none_or(|table| one.name.eq_ignore_ascii_case(table)))
        .flat_map(|one| one.columns.iter().map(|column| column.name.as_str()));
    let meant = nearest(name, columns);
    let hint = match (meant, tables().count()) {
        (Some(_), _) => did_you_mean(meant),
        (None, 0) => "; text stands in single quotes, and a column needs a FROM".to_owned(),
        (None, _) => {
            ": `rem query --schema` lists the columns; text stands in single quotes".to_owned()
        }
    };
    Error::invalid(clipped(&format!("there is no column “{name}”{at}{hint}")))
}

/// The refusal of a table that is not there.
pub(super) fn no_table<'n>(name: &'n str, own: impl Iterator<Item = &'n str>, at: &str) -> Error {
    let known: Vec<&str> = views::all().map(|view| view.name).chain(own).collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(meant) => did_you_mean(Some(meant)),
        None => ": `rem query --schema` lists the tables".to_owned(),
    };
    Error::invalid(clipped(&format!("there is no table “{name}”{at}{hint}")))
}

/// "; did you mean start_time?", or nothing.
pub(super) fn did_you_mean(meant: Option<&str>) -> String {
    meant.map_or_else(String::new, |meant| format!("; did you mean {meant}?"))
}
