//! Answers to questions in SQL, and the tables that can be asked.

use rem_core::api::query::{ColumnKind, QueryColumn, QueryReply, QueryView};
use serde_json::Value;

use super::table;
use crate::{
    clean,
    desk::Desk,
    exit::Result,
    line::{Line, width},
    palette::Ink,
    times::count,
    wrap,
};

/// Columns of the terminal that a column of an answer needs to be readable.
const NARROWEST: usize = 7;
/// Characters of a cell in a table; longer ones are told whole by `--json` and `--csv`.
const LONGEST_CELL: usize = 300;

/// An answer as a table, or, where it has more columns than the terminal has room for, row after row.
pub(crate) fn table(desk: &mut Desk<'_, '_>, reply: &QueryReply) -> Result {
    if reply.rows.is_empty() {
        return desk.aside("no rows");
    }
    let rows: Vec<Vec<String>> = reply
        .rows
        .iter()
        .map(|row| {
            reply.columns.iter().map(|column| cell(row.get(&column.name), column.kind)).collect()
        })
        .collect();
    let room = desk.width() / reply.columns.len().max(1);
    let is_alone = reply.columns.len() == 1;
    if room < NARROWEST + 2 && !is_alone {
        row_by_row(desk, reply, &rows)
    } else {
        in_columns(desk, reply, &rows)
    }
}

fn in_columns(desk: &mut Desk<'_, '_>, reply: &QueryReply, rows: &[Vec<String>]) -> Result {
    let headings: Vec<String> = reply.columns.iter().map(heading).collect();
    let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
    table::write(desk, &headings, rows)
}

/// Numbers stand to the right, which a heading says by a space before it.
fn heading(column: &QueryColumn) -> String {
    let name = clean::one_line(&column.name);
    match column.kind {
        ColumnKind::Number | ColumnKind::Interval => format!(" {name}"),
        _ => name.trim_start().to_owned(),
    }
}

fn row_by_row(desk: &mut Desk<'_, '_>, reply: &QueryReply, rows: &[Vec<String>]) -> Result {
    let names: Vec<String> =
        reply.columns.iter().map(|column| clean::one_line(&column.name)).collect();
    let longest = names.iter().map(|name| width(name)).max().unwrap_or(0).min(desk.width() / 2);
    for (n, row) in rows.iter().enumerate() {
        if n > 0 {
            desk.blank()?;
        }
        desk.line(&Line::of(Ink::Quiet, &format!("row {}", n + 1)))?;
        for (name, text) in names.iter().zip(row).filter(|(_, text)| !text.is_empty()) {
            let label = Line::of(Ink::Quiet, name).fit(longest).pad(longest + 2);
            let indent = Line::spaces(longest + 2);
            for (n, line) in clean::lines(text).iter().enumerate() {
                let first = if n == 0 { &label } else { &indent };
                let lines = wrap::hang(first, &indent, &Line::plain(line), desk.width());
                desk.lines(&lines)?;
            }
        }
    }
    Ok(())
}

/// A value for a table.
fn cell(value: Option<&Value>, kind: ColumnKind) -> String {
    let text = match (value, kind) {
        (Some(Value::Number(seconds)), ColumnKind::Interval) => {
            length(seconds.as_f64().unwrap_or_default())
        }
        (Some(Value::Number(number)), _) => told(number),
        (Some(Value::Bool(is)), _) => if *is { "yes" } else { "no" }.to_owned(),
        (Some(Value::Array(list)), _)
            if list.iter().all(|one| !one.is_array() && !one.is_object()) =>
        {
            list.iter().map(plain).collect::<Vec<_>>().join(", ")
        }
        (Some(value), _) => plain(value),
        (None, _) => String::new(),
    };
    let text = text.trim_end();
    match text.char_indices().nth(LONGEST_CELL) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A value as its words.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A number without the digits that nobody reads.
fn told(number: &serde_json::Number) -> String {
    match number.as_f64() {
        Some(real) if number.is_f64() => {
            let text = format!("{real:.4}");
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        _ => number.to_string(),
    }
}

/// A length of time: `1:30:00`, and days before it where there are any.
fn length(seconds: f64) -> String {
    let sign = if seconds < 0.0 { "-" } else { "" };
    let whole = seconds.abs().round() as u64;
    let clock = format!("{}:{:02}:{:02}", whole / 3_600 % 24, whole / 60 % 60, whole % 60);
    match whole / 86_400 {
        0 => format!("{sign}{clock}"),
        days => format!("{sign}{} {clock}", count(u32::try_from(days).unwrap_or(u32::MAX), "day")),
    }
}

/// An answer as comma-separated values. A text that a spreadsheet would run as a formula gets an apostrophe
/// before it, as OWASP advises against CSV injection: what stands in notes and chats is not to be trusted.
pub(crate) fn csv(desk: &mut Desk<'_, '_>, reply: &QueryReply) -> Result {
    let mut bytes = Vec::new();
    let mut writer = csv::Writer::from_writer(&mut bytes);
    let write = |writer: &mut csv::Writer<&mut Vec<u8>>, record: Vec<String>| {
        writer.write_record(record).map_err(std::io::Error::from)
    };
    let names = reply.columns.iter().map(|column| harmless(&column.name)).collect();
    write(&mut writer, names)?;
    for row in &reply.rows {
        let record = reply.columns.iter().map(|column| match row.get(&column.name) {
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Bool(is)) => is.to_string(),
            Some(value) => harmless(&plain(value)),
            None => String::new(),
        });
        write(&mut writer, record.collect())?;
    }
    writer.flush()?;
    drop(writer);
    desk.terminal.out.write_all(&bytes)?;
    Ok(())
}

/// A text that neither a terminal obeys nor a spreadsheet runs.
fn harmless(text: &str) -> String {
    let shown = clean::lines(text).join("\n");
    let is_formula = shown.starts_with(['=', '+', '-', '@', '\t', '\r', '|']);
    if is_formula { format!("'{shown}") } else { shown }
}

/// The tables that can be asked.
pub(crate) fn schema(desk: &mut Desk<'_, '_>, views: &[QueryView]) -> Result {
    for (n, view) in views.iter().enumerate() {
        if n > 0 {
            desk.blank()?;
        }
        let head = Line::of(Ink::Strong, &view.name).and(Ink::Quiet, &format!(" · {}", view.about));
        desk.text(&head)?;
        let longest = view.columns.iter().map(|column| width(&column.name)).max().unwrap_or(0);
        for column in &view.columns {
            let label = Line::spaces(2)
                .and(Ink::Plain, &column.name)
                .pad(longest + 4)
                .and(Ink::Quiet, word(column.kind))
                .pad(longest + 14);
            let indent = Line::spaces(longest + 14);
            let lines =
                wrap::hang(&label, &indent, &Line::of(Ink::Quiet, &column.about), desk.width());
            desk.lines(&lines)?;
        }
    }
    desk.hint("Times are on the wall of where it happened; docs/query.md tells what can be asked, and how.")
}

fn word(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Text => "text",
        ColumnKind::Number => "number",
        ColumnKind::Truth => "truth",
        ColumnKind::Date => "date",
        ColumnKind::Time => "time",
        ColumnKind::Interval => "interval",
        ColumnKind::List => "list",
        ColumnKind::Object => "object",
        ColumnKind::Any => "any",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_spreadsheet_would_run_is_made_text() {
        for text in ["=1+1", "+1", "-1", "@SUM(A1)", "|cmd"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        assert_eq!(harmless("a=1"), "a=1");
        assert_eq!(harmless("\u{1b}[31m=cmd"), "'=cmd");
    }

    #[test]
    fn lengths_of_time_are_told_as_clocks_have_them() {
        assert_eq!(length(5_400.0), "1:30:00");
        assert_eq!(length(-61.4), "-0:01:01");
        assert_eq!(length(90_000.0), "1 day 1:00:00");
    }

    #[test]
    fn numbers_are_told_without_needless_digits() {
        let number = |n: f64| told(&serde_json::Number::from_f64(n).unwrap());
        assert_eq!(number(0.333_333_333), "0.3333");
        assert_eq!(number(2.0), "2");
        assert_eq!(number(-1.5), "-1.5");
    }

    #[test]
    fn lists_are_told_with_commas_and_long_cells_are_cut() {
        let list = serde_json::json!(["a", 1, null]);
        assert_eq!(cell(Some(&list), ColumnKind::List), "a, 1,");
        let long = serde_json::json!("ü".repeat(1_000));
        assert_eq!(cell(Some(&long), ColumnKind::Text).chars().count(), LONGEST_CELL + 1);
    }
}
