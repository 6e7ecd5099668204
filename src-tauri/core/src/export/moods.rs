//! Moods as CSV: one line each, for spreadsheets.

use std::io::Write;

use rusqlite::Connection;

use super::{Days, Writing};
use crate::{Error, Result, api::moments::EmotionWeight, clock::shown};

/// The first line, which tells a file of moods from any other.
pub(super) const HEADINGS: &str =
    "day,time,utc_offset,precision,valence,arousal,emotions,note,moment_id,moment_title";

pub(super) fn export(
    reader: &Connection,
    days: &Days,
    out: &mut dyn Write,
    writing: &mut Writing<'_>,
) -> Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEADINGS.split(',')).map_err(|error| failed(&error))?;
    let (since, until) = days.bounds();
    let mut find = reader.prepare(
        "SELECT o.day, o.at, o.offset_minutes, o.precision, o.valence, o.arousal, m.emotions, o.note,
                o.moment_id, m.title
         FROM moods o LEFT JOIN moments m ON m.id = o.moment_id
         WHERE o.day BETWEEN ?1 AND ?2 AND coalesce(m.is_hidden, 0) = 0
         ORDER BY o.day, o.at, o.id",
    )?;
    let mut rows = find.query([since, until])?;
    while let Some(row) = rows.next()? {
        writing.cancel.check()?;
        let (at, offset): (i64, i32) = (row.get(1)?, row.get(2)?);
        let precision: String = row.get(3)?;
        let has_time = matches!(precision.as_str(), "hour" | "exact");
        let emotions: Option<String> = row.get(6)?;
        let emotions: Vec<EmotionWeight> =
            emotions.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default();
        let labels: Vec<&str> = emotions.iter().map(|emotion| emotion.label.as_str()).collect();
        let (valence, arousal): (f32, f32) = (row.get(4)?, row.get(5)?);
        let moment: Option<i64> = row.get(8)?;
        let title: Option<String> = row.get(9)?;
        table
            .write_record([
                row.get::<_, String>(0)?,
                if has_time {
                    shown(at, offset).format("%H:%M").to_string()
                } else {
                    String::new()
                },
                utc_offset(offset),
                precision,
                valence.to_string(),
                arousal.to_string(),
                cell(&labels.join("; ")),
                cell(&row.get::<_, String>(7)?),
                moment.map_or_else(String::new, |id| id.to_string()),
                cell(&title.unwrap_or_default()),
            ])
            .map_err(|error| failed(&error))?;
        writing.report.n_moods += 1;
    }
    table.flush().map_err(|source| Error::Io { attempt: "writing the export".into(), source })
}

/// A text that no spreadsheet takes for a formula: one that begins like a formula gets an apostrophe before
/// it (OWASP, "CSV Injection").
fn cell(text: &str) -> String {
    let text = crate::text::clean::visible(text);
    if text.trim_start().starts_with(['=', '+', '-', '@', '\t']) {
        format!("'{text}")
    } else {
        text
    }
}

/// "+02:00".
pub(super) fn utc_offset(minutes: i32) -> String {
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

fn failed(error: &csv::Error) -> Error {
    Error::invalid(format!("writing the export: {error}"))
}

#[cfg(test)]
mod tests {
    use super::{cell, utc_offset};

    #[test]
    fn what_a_person_wrote_is_no_formula() {
        assert_eq!(
            cell("=HYPERLINK(\"http://evil.example\")"),
            "'=HYPERLINK(\"http://evil.example\")"
        );
        assert_eq!(cell(" @SUM(A1)"), "' @SUM(A1)");
        assert_eq!(cell("calm - mostly"), "calm - mostly");
    }

    #[test]
    fn an_offset_has_a_sign_and_two_digits_each() {
        assert_eq!(utc_offset(120), "+02:00");
        assert_eq!(utc_offset(-210), "-03:30");
    }
}
