//! Moments as a calendar that other programs subscribe to or import.

use std::io::Write;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use icalendar::{Component, Event, EventLike, Property};
use rusqlite::Connection;

use super::{Days, Writing};
use crate::{Error, Result, error::Attempt, text::clean::visible};

/// What the file begins with, which tells it from any other calendar.
pub(super) const HEAD: &str =
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//REM Journal//Moments//EN\r\n";
const END: &str = "END:VCALENDAR\r\n";

pub(super) fn export(
    reader: &Connection,
    days: &Days,
    out: &mut dyn Write,
    writing: &mut Writing<'_>,
) -> Result<()> {
    put(out, HEAD)?;
    put(out, "CALSCALE:GREGORIAN\r\n")?;
    let (since, until) = days.bounds();
    let mut find = reader.prepare(
        "SELECT key, day, starts_at, ends_at, precision, moment_type, title, summary, outcome, tags,
                people, updated_at
         FROM moments WHERE is_hidden = 0 AND day BETWEEN ?1 AND ?2 ORDER BY day, starts_at, id",
    )?;
    let mut rows = find.query([since, until])?;
    while let Some(row) = rows.next()? {
        writing.cancel.check()?;
        let key: [u8; 32] = row.get(0)?;
        let day: String = row.get(1)?;
        let list = |n: usize| -> Result<Vec<String>> {
            Ok(serde_json::from_str(&row.get::<_, String>(n)?).unwrap_or_default())
        };
        let moment = Moment {
            key,
            day: day.parse().map_err(|_| Error::invalid("a day of the journal is damaged"))?,
            starts_at: row.get(2)?,
            ends_at: row.get(3)?,
            precision: row.get(4)?,
            moment_type: row.get(5)?,
            title: row.get(6)?,
            summary: row.get(7)?,
            outcome: row.get(8)?,
            tags: list(9)?,
            people: list(10)?,
            updated_at: row.get(11)?,
        };
        put(out, &moment.event())?;
        writing.report.n_moments += 1;
    }
    put(out, END)
}

struct Moment {
    key: [u8; 32],
    day: NaiveDate,
    starts_at: i64,
    ends_at: i64,
    precision: String,
    moment_type: String,
    title: String,
    summary: String,
    outcome: String,
    tags: Vec<String>,
    people: Vec<String>,
    updated_at: i64,
}

impl Moment {
    /// The event. Its name is that of its evidence, so that it is the same moment when it is imported again.
    fn event(&self) -> String {
        let name: String = self.key[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        let mut event = Event::new();
        event.uid(&format!("{name}@rem-journal.invalid"));
        event.timestamp(instant(self.updated_at));
        event.last_modified(instant(self.updated_at));
        event.summary(&line(&self.title));
        let about = match self.precision.as_str() {
            "exact" => {
                let starts = instant(self.starts_at);
                event.starts(starts);
                if self.ends_at > self.starts_at {
                    event.ends(instant(self.ends_at));
                }
                ""
            }
            "hour" => {
                event.starts(instant(self.starts_at));
                event.ends(instant(self.ends_at.max(self.starts_at)) + Duration::hours(1));
                "The time is known only roughly."
            }
            // The day is all that is known.
            _ => {
                event.all_day(self.day);
                "The time of day is not known."
            }
        };
        let mut told = vec![visible(&self.summary)];
        let named = [
            ("Outcome", visible(&self.outcome)),
            ("People", self.people.join(", ")),
            ("Topics", self.tags.join(", ")),
        ];
        for (label, text) in named {
            if !text.is_empty() {
                told.push(format!("{label}: {}", visible(&text)));
            }
        }
        told.push(about.into());
        told.retain(|text| !text.is_empty());
        event.description(&told.join("\n\n"));
        // Nobody is busy with what has happened.
        event.append_property(Property::new("TRANSP", "TRANSPARENT"));
        event.append_property(Property::new("CLASS", "PRIVATE"));
        event.append_property(Property::new("CATEGORIES", line(&self.moment_type)));
        event.to_string()
    }
}

fn instant(at: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at).unwrap_or_default()
}

/// The text on one line.
fn line(text: &str) -> String {
    visible(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn put(out: &mut dyn Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes()).attempt(|| "writing the export".into())
}
