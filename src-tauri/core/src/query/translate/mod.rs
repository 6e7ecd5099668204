//! From the SQL that a person writes to the SQL that SQLite runs.
//!
//! Nothing of the text goes through: each part of the tree that is known here is written anew, and what is
//! not known is refused. Names become names that are made here; text becomes values that are bound. So a
//! question cannot say anything to SQLite that this room does not say.

mod aggregates;
mod compare;
mod expressions;
mod from;
mod functions;
mod lists;
mod queries;
mod selects;
mod times;

use chrono::{NaiveDate, NaiveDateTime};
use sqlparser::{
    ast::{Expr, Ident, ObjectName, ObjectNamePart, Query, Spanned as _},
    tokenizer::Span as Place,
};

use super::{
    functions::times::{Span, Wall},
    parse::clipped,
    scope::{Column, Scope},
};
use crate::{
    Error, Result,
    api::query::{ColumnKind, QueryColumn},
};

/// How deep expressions and subqueries may stand in each other.
const DEEPEST: usize = 60;
/// Bytes of what a question is translated to.
const LONGEST: usize = 1 << 20;
/// Columns of an answer, or of a table that is made on the way.
const MOST_COLUMNS: usize = 200;
/// Steps that taking a question apart may take: the first part of a recursive WITH is read twice, and such
/// can stand in each other.
const MOST_STEPS: usize = 50_000;
/// Tables in one FROM, lists that are taken apart included.
const MOST_TABLES: usize = 16;

/// A question as SQLite is asked it.
#[derive(Debug)]
pub(super) struct Translated {
    pub(super) sql: String,
    /// The texts in it, in order of their numbers.
    pub(super) texts: Vec<String>,
    pub(super) columns: Vec<QueryColumn>,
}

/// What a question is asked from.
#[derive(Debug, Clone)]
pub(super) struct Present {
    pub(super) wall: Wall,
    /// On the wall of the journal's zone.
    pub(super) now: NaiveDateTime,
    /// The journal's day.
    pub(super) today: NaiveDate,
    /// What the names of the views begin with on this connection.
    pub(super) prefix: String,
}

/// Translates a query.
///
/// # Errors
/// It names what is not there, or has something in it that questions cannot have.
pub(super) fn translate(query: &Query, present: &Present) -> Result<Translated> {
    let mut translator = Translator {
        present,
        texts: Vec::new(),
        scopes: Vec::new(),
        own: Vec::new(),
        n_names: 0,
        depth: 0,
        n_steps: 0,
    };
    let made = translator.query(query)?;
    if made.sql.len() > LONGEST {
        return Err(Error::invalid("this question becomes too long when it is taken apart"));
    }
    let mut columns: Vec<QueryColumn> = Vec::with_capacity(made.columns.len());
    for column in made.columns {
        let is_taken = |name: &str| columns.iter().any(|one| one.name == name);
        let name = match is_taken(&column.name) {
            false => column.name,
            true => (2_u32..)
                .map(|n| format!("{}_{n}", column.name))
                .find(|name| !is_taken(name))
                .unwrap_or_default(),
        };
        columns.push(QueryColumn { name, kind: column.kind });
    }
    Ok(Translated { sql: made.sql, texts: translator.texts, columns })
}

/// A piece of SQL for SQLite, and what its values are.
#[derive(Debug, Clone)]
struct Sql {
    text: String,
    kind: ColumnKind,
    /// The text, where it is one that the person wrote: it may be meant as a day, a time, a list.
    literal: Option<String>,
    /// The length of time, where the person wrote one.
    span: Option<Span>,
}

impl Sql {
    fn of(kind: ColumnKind, text: impl Into<String>) -> Self {
        Self { text: text.into(), kind, literal: None, span: None }
    }

    fn is(&self, kind: ColumnKind) -> bool {
        self.kind == kind
    }

    fn is_time(&self) -> bool {
        matches!(self.kind, ColumnKind::Time | ColumnKind::Date)
    }
}

/// A query for SQLite, and its columns, which it names `c1`, `c2`, ….
struct Made {
    sql: String,
    columns: Vec<Named>,
}

/// A column of a query.
#[derive(Debug, Clone)]
struct Named {
    name: String,
    kind: ColumnKind,
}

/// A table that the query made by WITH.
#[derive(Debug, Clone)]
struct Own {
    name: String,
    sql_name: String,
    columns: Vec<Named>,
}

struct Translator<'p> {
    present: &'p Present,
    texts: Vec<String>,
    /// What can be named, from the outermost SELECT to the innermost.
    scopes: Vec<Scope>,
    own: Vec<Own>,
    n_names: usize,
    depth: usize,
    n_steps: usize,
}

impl Translator<'_> {
    /// A name that nothing else has.
    fn new_name(&mut self, letter: char) -> String {
        self.n_names += 1;
        format!("{letter}{}", self.n_names)
    }

    /// A text as a value to be bound; the same text has the same number, so that expressions that are the
    /// same to the person are the same to SQLite.
    fn bind(&mut self, text: &str) -> String {
        let known = self.texts.iter().position(|one| one == text);
        let n = known.unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        });
        format!("?{}", n + 1)
    }

    fn text(&mut self, text: &str) -> Sql {
        let mut sql = Sql::of(ColumnKind::Text, self.bind(text));
        sql.literal = Some(text.to_owned());
        sql
    }

    /// Goes one step deeper into the tree.
    fn deeper<T>(&mut self, work: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        self.n_steps += 1;
        if self.n_steps > MOST_STEPS {
            return Err(Error::invalid("this question has too many parts"));
        }
        if self.depth >= DEEPEST {
            return Err(Error::invalid(format!(
                "expressions stand more than {DEEPEST} deep in each other here"
            )));
        }
        self.depth += 1;
        let done = work(self);
        self.depth -= 1;
        done
    }
}

/// " (line 1, column 9)", or nothing where the place is not known.
fn place(of: Place) -> String {
    if of.start.line == 0 {
        return String::new();
    }
    format!(" (line {}, column {})", of.start.line, of.start.column)
}

fn place_of(expr: &Expr) -> String {
    place(expr.span())
}

/// The refusal of something that SQL has and questions do not.
fn refused(what: &str, at: &str) -> Error {
    Error::invalid(clipped(&format!("{what} is not understood here{at}")))
}

/// Refuses a part that SQL dialects have and questions do not, if it is there.
fn absent(is_there: bool, what: &str) -> Result<()> {
    if is_there { Err(refused(what, "")) } else { Ok(()) }
}

/// A name without a schema before it.
fn simple_name(name: &ObjectName) -> Result<&Ident> {
    match &name.0[..] {
        [ObjectNamePart::Identifier(name)] => Ok(name),
        _ => Err(Error::invalid(clipped(&format!(
            "“{name}” names a schema: tables are named without one, as in FROM moments"
        )))),
    }
}

/// The columns of a made query, as a table of this name has them.
fn columns_of(made: &[Named], table: &str) -> Vec<Column> {
    let column = |(n, named): (usize, &Named)| Column {
        name: named.name.clone(),
        kind: named.kind,
        sql: format!("{table}.c{}", n + 1),
    };
    made.iter().enumerate().map(column).collect()
}

fn too_many_columns() -> Error {
    Error::invalid(format!("more than {MOST_COLUMNS} columns; name those that are needed"))
}

#[cfg(test)]
mod tests;
