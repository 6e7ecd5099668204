//! Running a question and holding what comes of it, within limits.

use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, params_from_iter, types::ValueRef};
use serde_json::{Map, Number, Value};

use super::{
    guard::{self, MOST_MEMORY},
    parse::clipped,
    translate::Translated,
};
use crate::{
    Error, Result,
    api::query::{ColumnKind, QueryColumn},
};

/// Bytes of a text in an answer; longer ones are cut.
const LONGEST_TEXT: usize = 256 * 1024;
/// Bytes of all that an answer holds.
const MOST_BYTES: usize = 32 << 20;

/// How much of an answer could be held.
#[derive(Debug, Default)]
pub(super) struct Held {
    pub(super) is_cut: bool,
    pub(super) n_cut_texts: u32,
    n_bytes: usize,
}

/// Runs a question; at most `limit` rows are read.
pub(super) fn read(
    connection: &Connection,
    question: &Translated,
    limit: usize,
    until: Instant,
    time: Duration,
) -> Result<(Vec<Map<String, Value>>, Held)> {
    let failed = |error: rusqlite::Error| why(error, until, time);
    let mut statement = connection.prepare(&question.sql).map_err(failed)?;
    // SQLite's own word for it, should anything have come past all else.
    if !statement.readonly() || statement.column_count() != question.columns.len() {
        return Err(guard::refused());
    }
    // A text that was meant as a day or a list stands in the statement in another form.
    let n_texts = statement.parameter_count().min(question.texts.len());
    let texts = params_from_iter(&question.texts[..n_texts]);
    let mut rows = statement.query(texts).map_err(failed)?;
    let mut answer = Vec::new();
    let mut held = Held::default();
    while let Some(row) = rows.next().map_err(failed)? {
        if answer.len() >= limit || held.n_bytes >= MOST_BYTES {
            held.is_cut = true;
            break;
        }
        let mut values = Map::new();
        for (n, QueryColumn { name, kind }) in question.columns.iter().enumerate() {
            let value = held.value(row.get_ref(n)?, *kind);
            held.n_bytes += name.len() + 32;
            values.insert(name.clone(), value);
        }
        answer.push(values);
    }
    Ok((answer, held))
}

impl Held {
    fn value(&mut self, value: ValueRef<'_>, kind: ColumnKind) -> Value {
        match value {
            ValueRef::Null => Value::Null,
            ValueRef::Integer(n) if kind == ColumnKind::Truth => Value::Bool(n != 0),
            ValueRef::Integer(n) => Value::Number(n.into()),
            ValueRef::Real(n) => Number::from_f64(n).map_or(Value::Null, Value::Number),
            ValueRef::Text(bytes) => self.text(bytes, kind),
            ValueRef::Blob(bytes) => Value::String(format!("({} bytes)", bytes.len())),
        }
    }

    fn text(&mut self, bytes: &[u8], kind: ColumnKind) -> Value {
        if matches!(kind, ColumnKind::List | ColumnKind::Object)
            && bytes.len() <= LONGEST_TEXT
            && let Ok(value) = serde_json::from_slice(bytes)
        {
            // A tree takes more room than its text.
            self.n_bytes += bytes.len() * 4;
            return value;
        }
        let is_long = bytes.len() > LONGEST_TEXT;
        let shown = bytes.get(..LONGEST_TEXT).unwrap_or(bytes);
        let mut text = String::from_utf8_lossy(shown).into_owned();
        if is_long {
            // The last letter may have been cut through.
            while text.ends_with('\u{fffd}') {
                text.pop();
            }
            text.push('…');
            self.n_cut_texts = self.n_cut_texts.saturating_add(1);
        }
        self.n_bytes += text.len();
        Value::String(text)
    }
}

/// Why SQLite did not answer.
fn why(error: rusqlite::Error, until: Instant, time: Duration) -> Error {
    let is_late = Instant::now() >= until;
    match error.sqlite_error_code() {
        Some(ErrorCode::OperationInterrupted) if !is_late => Error::invalid(format!(
            "this question needs more than {} MB of memory: ask for less at once, or group and sort fewer rows",
            MOST_MEMORY >> 20
        )),
        _ if is_late => Error::invalid(format!(
            "this question took longer than {} ms and was stopped: ask for less, or give it more with --timeout",
            time.as_millis()
        )),
        Some(ErrorCode::OutOfMemory) => {
            Error::invalid("there is not enough memory for this question")
        }
        Some(ErrorCode::AuthorizationForStatementDenied) => guard::refused(),
        Some(ErrorCode::TooBig) => Error::invalid("a text became too long in this question"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Error::Busy(
            "another program is writing to this journal: try again when it has finished".into(),
        ),
        _ => said(error),
    }
}

/// What SQLite says of a question, without the statement that it was asked.
fn said(error: rusqlite::Error) -> Error {
    let message = match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg,
        rusqlite::Error::SqliteFailure(_, Some(message)) => message,
        rusqlite::Error::UserFunctionError(inner) => inner.to_string(),
        other => return Error::from(other),
    };
    Error::invalid(clipped(&format!("this question cannot be answered: {message}")))
}
