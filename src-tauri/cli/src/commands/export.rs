//! `rem export`: carries the journal out.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use rem_core::api::export::{
    ExportFormat, ExportPart, ExportReport, ExportRequest, export_to, export_until,
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result, invalid},
    page::dotted,
    progress::follow,
    times::{DayWord, count},
};

const EXAMPLES: &str = "\
Examples:
  rem export --format markdown --output ~/Journal      a folder that any notes program opens
  rem export --format json --output journal.jsonl      everything; `rem restore` reads it
  rem export --format csv --output moods.csv --since 2026-01-01
  rem export --format ics --output moments.ics
  rem export --format json --output - | gzip > journal.jsonl.gz

Exporting again brings a folder or a file up to date; what you changed there yourself is left as it is.
What you hid is in none of them but a whole JSON export, which keeps it hidden.";

/// What to carry out, and where to.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Export {
    /// What to write.
    #[arg(long, short, value_name = "FORMAT", default_value = "markdown")]
    format: Format,
    /// The file to write, `-` for standard output; for Markdown a folder.
    #[arg(long, short, value_name = "PATH")]
    output: PathBuf,
    /// First day.
    #[arg(long, value_name = "DAY")]
    since: Option<DayWord>,
    /// Last day, included.
    #[arg(long, value_name = "DAY")]
    until: Option<DayWord>,
    /// What goes into Markdown: all but records, if nothing is said.
    #[arg(long, value_name = "PARTS", value_delimiter = ',')]
    include: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// A folder with a page a day.
    Markdown,
    /// JSON Lines, with schemas in docs/schemas.
    Json,
    /// Moods, one a line.
    Csv,
    /// Moments as a calendar.
    Ics,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Part {
    /// The stories of days.
    Stories,
    /// Moments.
    Moments,
    /// Weeks, months and years.
    Reviews,
    /// What is told of conversations.
    Conversations,
    /// Notes and messages as they were written.
    Records,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Export) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    if !args.include.is_empty() && args.format != Format::Markdown {
        return Err(invalid("--include is for Markdown: the other formats have one shape"));
    }
    let path = args.output.to_str().ok_or_else(|| {
        invalid(format!("the name {} has letters that are no text", args.output.display()))
    })?;
    let request = ExportRequest {
        format: match args.format {
            Format::Markdown => ExportFormat::Markdown,
            Format::Json => ExportFormat::Json,
            Format::Csv => ExportFormat::Csv,
            Format::Ics => ExportFormat::Ics,
        },
        path: path.to_owned(),
        since: args.since.map(|day| present.day(day)),
        until: args.until.map(|day| present.day(day)),
        parts: args.include.iter().map(|part| part_of(*part)).collect(),
    };
    if path == "-" {
        if desk.is_json() {
            return Err(invalid("--json and the export cannot both go to standard output"));
        }
        let cancel = desk.interruptible();
        export_to(&journal, &request, desk.terminal.out, &cancel)?;
        return Ok(Exit::Done);
    }
    let report =
        follow(desk, &journal, |cancel| export_until(&journal, &request, cancel), |_| None)?;
    if desk.is_json() {
        return desk.json(&report);
    }
    tell(desk, &report)?;
    Ok(Exit::Done)
}

fn part_of(part: Part) -> ExportPart {
    match part {
        Part::Stories => ExportPart::Stories,
        Part::Moments => ExportPart::Moments,
        Part::Reviews => ExportPart::Reviews,
        Part::Conversations => ExportPart::Conversations,
        Part::Records => ExportPart::Records,
    }
}

fn tell(desk: &mut Desk<'_, '_>, report: &ExportReport) -> Result {
    let held: Vec<String> = [
        (report.n_days, "day"),
        (report.n_moments, "moment"),
        (report.n_moods, "mood"),
        (report.n_notes, "note"),
        (report.n_sessions, "conversation"),
        (report.n_messages, "message"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, thing)| count(n, thing))
    .collect();
    let held = if held.is_empty() { "nothing".into() } else { held.join(", ") };
    desk.confirm(&format!("{held} to {}", report.path))?;
    let files: Vec<String> = [
        (report.n_written, "written"),
        (report.n_unchanged, "as before"),
        (report.n_removed, "taken away"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{} {what}", count(n, "file")))
    .collect();
    if !files.is_empty() {
        desk.confirm(&dotted(files.iter().map(String::as_str)))?;
    }
    if report.n_left_alone > 0 {
        desk.aside(&format!(
            "{} left as you changed them: {}",
            count(report.n_left_alone, "file"),
            report.left_alone.iter().take(5).cloned().collect::<Vec<_>>().join(", ")
        ))?;
    }
    Ok(())
}
