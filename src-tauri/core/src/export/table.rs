//! How a thing of the journal becomes a line of JSON and a row again: one description of its columns, from
//! which the export writes, the restoring reads and the published schemas are made.

/// What a column holds, and how JSON says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// A whole number.
    Whole,
    /// A number. JSON has its first 15 digits, which every reader reads alike.
    Number,
    /// A text.
    Text,
    /// Yes or no; 1 or 0 in the table.
    Truth,
    /// A list or an object, which the table keeps as text.
    Json,
    /// Bytes, as small hexadecimal digits.
    Bytes,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) holds: Holds,
    pub(super) is_optional: bool,
    /// What it means, for the schema.
    pub(super) says: &'static str,
    /// What is read instead of the column itself; empty: the column.
    pub(super) read: &'static str,
}

const fn column(name: &'static str, holds: Holds, says: &'static str) -> Column {
    Column { name, holds, is_optional: false, says, read: "" }
}

pub(super) const fn whole(name: &'static str, says: &'static str) -> Column {
    column(name, Holds::Whole, says)
}

pub(super) const fn number(name: &'static str, says: &'static str) -> Column {
    column(name, Holds::Number, says)
}

pub(super) const fn text(name: &'static str, says: &'static str) -> Column {
    column(name, Holds::Text, says)
}

pub(super) const fn truth(name: &'static str, says: &'static str) -> Column {
    column(name, Holds::Truth, says)
}

pub(super) const fn json(name: &'static str, says: &'static str) -> Column {
    column(name, Holds::Json, says)
}

pub(super) const fn bytes(name: &'static str, says: &'static str) -> Column {
    column(name, Holds::Bytes, says)
}

impl Column {
    /// It may be absent.
    pub(super) const fn or_not(self) -> Self {
        Self { is_optional: true, ..self }
    }

    /// It is read by this expression.
    pub(super) const fn read_as(self, read: &'static str) -> Self {
        Self { read, ..self }
    }

    fn expression(&self) -> &'static str {
        if self.read.is_empty() { self.name } else { self.read }
    }
}

/// What belongs to a thing and stands in its line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Child {
    /// Its name in the line.
    pub(super) field: &'static str,
    pub(super) says: &'static str,
    pub(super) table: &'static str,
    /// The column that names the thing it belongs to.
    pub(super) parent: &'static str,
    pub(super) columns: &'static [Column],
    /// Which rows; empty: all.
    pub(super) only: &'static str,
    pub(super) order: &'static str,
    /// Whether there is at most one, which then stands as an object and not as a list.
    pub(super) is_one: bool,
}

/// A kind of thing: a line of the export each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    /// Its name in the line, and of its schema.
    pub(super) thing: &'static str,
    pub(super) says: &'static str,
    pub(super) table: &'static str,
    /// The column that its children name it by.
    pub(super) key: &'static str,
    pub(super) columns: &'static [Column],
    /// A column that is the same in all of them, and is not said.
    pub(super) fixed: Option<(&'static str, &'static str)>,
    /// Which rows are exported at all; empty: all.
    pub(super) only: &'static str,
    /// Which of them belong to a stretch of days from ?1 to ?2; empty: none.
    pub(super) part: &'static str,
    pub(super) order: &'static str,
    pub(super) children: &'static [Child],
}

impl Table {
    /// What most things are: all rows in order of their ids, nothing within them, and not of any day.
    pub(super) const fn new(
        thing: &'static str,
        table: &'static str,
        says: &'static str,
        columns: &'static [Column],
    ) -> Self {
        Self {
            thing,
            says,
            table,
            key: "id",
            columns,
            fixed: None,
            only: "",
            part: "",
            order: "id",
            children: &[],
        }
    }

    /// The question for all of its rows, or for those of a stretch of days.
    pub(super) fn select(&self, is_part: bool) -> String {
        let mut only: Vec<String> = Vec::new();
        if let Some((column, value)) = self.fixed {
            only.push(format!("{column} = '{value}'"));
        }
        only.extend([self.only, if is_part { self.part } else { "" }].map(str::to_owned));
        select(self.columns, self.table, &only, self.order)
    }
}

impl Child {
    /// The question for what belongs to one thing.
    pub(super) fn select(&self) -> String {
        let only = [format!("{} = ?1", self.parent), self.only.to_owned()];
        select(self.columns, self.table, &only, self.order)
    }
}

fn select(columns: &[Column], table: &str, only: &[String], order: &str) -> String {
    let columns: Vec<&str> = columns.iter().map(Column::expression).collect();
    let only: Vec<&str> = only.iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let only = if only.is_empty() { "1".into() } else { only.join(") AND (") };
    format!("SELECT {} FROM {table} WHERE ({only}) ORDER BY {order}", columns.join(", "))
}
