//! SQL over the journal: a question in the person's own words of SQL, and the tables it may be asked of.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

use super::Empty;
use crate::{Journal, Result};

/// Asks a question in SQL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueryRequest {
    /// One `SELECT`, `WITH` or `VALUES`, as PostgreSQL writes it.
    pub sql: String,
    /// At most so many rows; 1,000 if absent, 100,000 at most.
    #[serde(default)]
    pub limit: Option<u32>,
    /// How long it may take, in milliseconds; 2,000 if absent, 60,000 at most.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub timeout_ms: Option<u64>,
}

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ColumnKind {
    /// Words.
    Text,
    /// A number.
    Number,
    /// True or false.
    Truth,
    /// A day, `2026-10-14`.
    Date,
    /// A time on the wall of where it happened, `2026-10-14 09:30:00`.
    Time,
    /// A length of time, in seconds.
    Interval,
    /// A list.
    List,
    /// Named values.
    Object,
    /// Any of these.
    Any,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueryColumn {
    /// Its name; no two columns of an answer have the same.
    pub name: String,
    /// What its values are.
    pub kind: ColumnKind,
}

/// What a question in SQL came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct QueryReply {
    /// The columns, in their order.
    pub columns: Vec<QueryColumn>,
    /// The rows, in their order: the value of each column by its name.
    #[ts(type = "Record<string, unknown>[]")]
    pub rows: Vec<Map<String, Value>>,
    /// Whether there are more rows than were asked for or than can be held.
    pub is_cut: bool,
    /// Texts that were cut because they are longer than an answer can hold.
    pub n_cut_texts: u32,
    /// How long it took, in milliseconds.
    #[ts(type = "number")]
    pub took_ms: u64,
}

/// A column of a table that can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ViewColumn {
    /// Its name.
    pub name: String,
    /// What its values are.
    pub kind: ColumnKind,
    /// What they mean.
    pub about: String,
}

/// A table that can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueryView {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub about: String,
    /// Its columns.
    pub columns: Vec<ViewColumn>,
}

/// Answers a question in SQL. Nothing can be changed by it, and nothing read but what
/// [`list_query_views`] lists.
///
/// # Errors
/// It is not one statement that reads, names something that is not there, or took too long or too much
/// memory; the message says what and where.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn query(journal: &Journal, request: QueryRequest) -> Result<QueryReply> {
    crate::query::answer(journal, &request)
}

/// Lists the tables that can be asked, and what their columns mean.
///
/// # Errors
/// None: the list is a part of the program.
pub fn list_query_views(_journal: &Journal, _request: Empty) -> Result<Vec<QueryView>> {
    Ok(query_views())
}

/// The tables that can be asked, which are the same in every journal.
#[must_use]
pub fn query_views() -> Vec<QueryView> {
    crate::query::views()
}
