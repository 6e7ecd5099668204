//! Carrying the journal out, and a whole export in again.
//!
//! Everything is read from the journal and written as it comes: what is in memory is a day, a conversation's
//! page or a line, however long the years were. What the person hid stays out of all that is for reading;
//! a whole export of the journal has it, marked as hidden, so that it stays hidden where it is restored.

mod calendar;
mod file;
mod folder;
mod lines;
mod markdown;
mod moods;
pub(crate) mod restore;
mod schema;
mod table;
mod tables;

use std::{collections::BTreeSet, io::Write, path::Path};

use crate::{
    Error, Journal, Result,
    api::export::{ExportFormat, ExportPart, ExportReport, ExportRequest},
    clock::parse_day,
    journal::Cancel,
};

pub(crate) use schema::schemas;
pub(crate) use tables::is_exported;

/// The days that are exported, both ends included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Days {
    since: Option<String>,
    until: Option<String>,
}

impl Days {
    fn of(request: &ExportRequest) -> Result<Self> {
        let day = |day: &Option<String>| -> Result<Option<String>> {
            day.as_deref().map(|day| Ok(parse_day(day)?.to_string())).transpose()
        };
        let (since, until) = (day(&request.since)?, day(&request.until)?);
        if let (Some(since), Some(until)) = (&since, &until)
            && since > until
        {
            return Err(Error::invalid(format!(
                "{until} lies before {since}: no day is between them"
            )));
        }
        Ok(Self { since, until })
    }

    fn is_all(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    /// As SQL compares them.
    fn bounds(&self) -> (&str, &str) {
        (
            self.since.as_deref().unwrap_or("0000-01-01"),
            self.until.as_deref().unwrap_or("9999-12-31"),
        )
    }

    /// Whether something that spans these days is all within.
    fn hold(&self, from: &str, until: &str) -> bool {
        let (first, last) = self.bounds();
        first <= from && until <= last
    }
}

/// An export that goes on.
pub(super) struct Writing<'a> {
    cancel: &'a Cancel,
    report: ExportReport,
}

impl Writing<'_> {
    fn count(&mut self, thing: &str) {
        match thing {
            "resource" => self.report.n_notes += 1,
            "session" => self.report.n_sessions += 1,
            "message" => self.report.n_messages += 1,
            "moment" => self.report.n_moments += 1,
            _ => {}
        }
    }
}

/// Exports to a file or, for Markdown, to a folder.
pub(crate) fn export(
    journal: &Journal,
    request: &ExportRequest,
    cancel: &Cancel,
) -> Result<ExportReport> {
    if request.path.trim().is_empty() {
        return Err(Error::invalid(
            "an export needs a place: name a file, or a folder for Markdown",
        ));
    }
    let path = Path::new(&request.path);
    refuse_sources(journal, path)?;
    let days = Days::of(request)?;
    let mut writing = Writing { cancel, report: report(request) };
    if request.format == ExportFormat::Markdown {
        let parts = parts(request);
        markdown::export(journal, path, &days, &parts, &mut writing)?;
    } else {
        let format = request.format;
        let written = file::replace(path, |head| is_ours(format, head), &mut |out| {
            stream(journal, format, &days, out, &mut writing)
        })?;
        let report = &mut writing.report;
        (report.n_written, report.n_unchanged) = if written { (1, 0) } else { (0, 1) };
    }
    Ok(writing.report)
}

/// Exports to a stream; Markdown, which is many files, cannot be.
pub(crate) fn export_to(
    journal: &Journal,
    request: &ExportRequest,
    out: &mut dyn Write,
    cancel: &Cancel,
) -> Result<ExportReport> {
    if request.format == ExportFormat::Markdown {
        return Err(Error::invalid("Markdown is a folder of files: name one to write to"));
    }
    let days = Days::of(request)?;
    let mut writing = Writing { cancel, report: report(request) };
    stream(journal, request.format, &days, out, &mut writing)?;
    Ok(writing.report)
}

fn report(request: &ExportRequest) -> ExportReport {
    ExportReport {
        format: request.format,
        path: request.path.clone(),
        n_written: 0,
        n_unchanged: 0,
        n_removed: 0,
        left_alone: Vec::new(),
        n_left_alone: 0,
        n_days: 0,
        n_moments: 0,
        n_notes: 0,
        n_sessions: 0,
        n_messages: 0,
        n_moods: 0,
    }
}

fn parts(request: &ExportRequest) -> BTreeSet<ExportPart> {
    if request.parts.is_empty() {
        use ExportPart::{Conversations, Moments, Reviews, Stories};
        [Stories, Moments, Reviews, Conversations].into()
    } else {
        request.parts.iter().copied().collect()
    }
}

fn stream(
    journal: &Journal,
    format: ExportFormat,
    days: &Days,
    out: &mut dyn Write,
    writing: &mut Writing<'_>,
) -> Result<()> {
    let settings = journal.settings();
    journal.store().read(|reader| match format {
        ExportFormat::Json => lines::export(reader, &settings, days, out, writing),
        ExportFormat::Csv => moods::export(reader, days, out, writing),
        ExportFormat::Ics => calendar::export(reader, days, out, writing),
        ExportFormat::Markdown => Err(Error::invalid("Markdown is a folder of files")),
    })
}

/// Whether a file that begins like this was written by an export of this format.
fn is_ours(format: ExportFormat, head: &[u8]) -> bool {
    let mark = match format {
        ExportFormat::Json => lines::MARK,
        ExportFormat::Csv => moods::HEADINGS,
        ExportFormat::Ics => calendar::HEAD,
        ExportFormat::Markdown => return false,
    };
    head.starts_with(mark.as_bytes())
}

/// What is exported among the notes would stand beside them as if the person had written it.
fn refuse_sources(journal: &Journal, path: &Path) -> Result<()> {
    let place = file::real(path);
    let own = file::real(journal.path());
    if place == own || own.starts_with(&place) {
        return Err(Error::invalid(format!(
            "{} is where the journal itself lies: choose another place",
            path.display()
        )));
    }
    journal.store().read(|reader| {
        let mut find = reader.prepare("SELECT path FROM sources WHERE kind <> 'capture'")?;
        let sources: Vec<String> =
            find.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        match sources.iter().find(|source| place.starts_with(source)) {
            None => Ok(()),
            Some(source) => Err(Error::invalid(format!(
                "{} lies within {source}, which the journal reads: choose a place beside it",
                path.display()
            ))),
        }
    })
}
