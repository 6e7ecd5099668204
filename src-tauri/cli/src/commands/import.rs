//! `rem import`: reads files or folders, once or from now on.

use std::path::PathBuf;

use clap::Args;
use rem_core::{
    Journal,
    api::{
        Empty,
        sources::{ScanReport, SourceId, SourceView, list_problems, list_sources},
    },
    event::Event,
    sources,
};

use crate::{
    desk::{Desk, exit_of},
    exit::{Exit, Result},
    page,
    progress::{Step, follow},
};

/// The reports of the core hold so many problems; where there are more, the journal knows them.
const IN_A_REPORT: usize = 200;

/// What to read.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// Files or folders.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
    /// Follow the folders from now on, instead of reading them once.
    #[arg(long)]
    watch: bool,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Import) -> Result<Exit> {
    let journal = desk.open_or_create()?;
    let mut reports = Vec::new();
    for path in &args.paths {
        let id = sources::add(&journal, path, args.watch)?;
        reports.push(read(desk, &journal, id, false)?);
        if desk.cancel.is_cancelled() {
            break;
        }
    }
    let is_in_vain =
        reports.iter().all(|report| report.n_failed > 0 && report.n_failed == report.n_files);
    let exit = if is_in_vain { Exit::Failed } else { exit_of(&reports) };
    if desk.is_json() {
        desk.json(&reports)?;
    } else if reports.iter().any(|report| report.n_records_added > 0) {
        desk.hint("Next: `rem dream` turns what was read into moments.")?;
    }
    Ok(exit)
}

/// Reads a source with a progress bar and says what was found; all problems are in the report.
pub(crate) fn read(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    id: i64,
    accept_missing: bool,
) -> Result<ScanReport> {
    let label = source(journal, id)?.label;
    let work = |cancel: &_| journal.scan(id, accept_missing, cancel);
    let mut report = follow(desk, journal, work, |event| match event {
        Event::ScanMoved { n_done, n_total, .. } => {
            Some(Step { n_done: *n_done, n_total: *n_total, message: label.clone() })
        }
        _ => None,
    })?;
    if report.problems.len() >= IN_A_REPORT {
        report.problems = list_problems(journal, SourceId { id })?;
    }
    if !desk.is_json() {
        page::scan::write(desk, &label, &report)?;
        page::scan::problems(desk, &report.problems)?;
    }
    Ok(report)
}

/// One source by its id.
pub(crate) fn source(journal: &Journal, id: i64) -> Result<SourceView> {
    let sources = list_sources(journal, Empty {})?;
    let found = sources.into_iter().find(|source| source.id == id);
    Ok(found.ok_or_else(|| rem_core::Error::NotFound(format!("source {id}")))?)
}
