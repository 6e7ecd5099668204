//! `rem sources`: lists, adds, forgets and reads sources again.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use rem_core::{
    Journal,
    api::{
        Empty,
        sources::{SourceId, SourceView, list_problems, list_sources, remove_source},
    },
    sources,
};

use super::import;
use crate::{
    desk::{Desk, Present, exit_of},
    exit::{Exit, Result},
    page,
    times::{self, thousands},
};

/// What to do with sources; lists them if nothing is said.
#[derive(Debug, Args)]
pub(crate) struct Sources {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the sources.
    List,
    /// Add a folder to follow, or a file to read once.
    Add {
        /// A folder or a file.
        path: PathBuf,
    },
    /// Forget a source with everything that was read from it; its files are not touched.
    Remove {
        /// The source's id, as `rem sources` lists it.
        id: i64,
    },
    /// Read one source or all of them again.
    Scan {
        /// The source's id; all, if absent.
        id: Option<i64>,
        /// Believe that files which vanished all at once are really gone.
        #[arg(long)]
        accept_missing: bool,
    },
    /// List the files that are not in the journal as they should be.
    Problems {
        /// The source's id; all, if absent.
        id: Option<i64>,
    },
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Sources) -> Result<Exit> {
    match args.action.as_ref().unwrap_or(&Action::List) {
        Action::List => list(desk),
        Action::Add { path } => {
            let journal = desk.open_or_create()?;
            let id = sources::add(&journal, path, true)?;
            read(desk, &journal, &[id], false)
        }
        Action::Remove { id } => remove(desk, *id),
        Action::Scan { id, accept_missing } => {
            let journal = desk.open()?;
            let ids = chosen(&journal, *id)?;
            read(desk, &journal, &ids, *accept_missing)
        }
        Action::Problems { id } => problems(desk, *id),
    }
}

fn list(desk: &mut Desk<'_, '_>) -> Result<Exit> {
    let journal = desk.open()?;
    let sources = list_sources(&journal, Empty {})?;
    if desk.is_json() {
        return desk.json(&sources);
    }
    if sources.is_empty() {
        desk.confirm("No sources yet: `rem import FOLDER --watch` follows a folder of notes.")?;
        return Ok(Exit::Done);
    }
    let now = Present::of(&journal)?.now;
    let rows: Vec<_> = sources.iter().map(|source| row(source, now)).collect();
    let headings = [" id", "name", " files", " records", " problems", "read", "where"];
    page::table::write(desk, &headings, &rows)?;
    for source in sources.iter().filter(|source| !source.state_reason.is_empty()) {
        desk.aside(&format!("{}: {}", source.label, source.state_reason))?;
    }
    Ok(Exit::Done)
}

fn row(source: &SourceView, now: i64) -> Vec<String> {
    let read = match (source.kind.as_str(), source.state.as_str(), source.scanned_at) {
        ("capture", ..) => "as you write".into(),
        (_, "missing", _) => "missing".into(),
        (_, _, Some(at)) => times::distance(at, now),
        (_, _, None) => "not yet".into(),
    };
    let read = if source.is_watched { format!("{read}, followed") } else { read };
    vec![
        source.id.to_string(),
        source.label.clone(),
        thousands(source.n_files),
        thousands(source.n_records),
        thousands(source.n_problems),
        read,
        source.path.clone(),
    ]
}

fn read(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    ids: &[i64],
    accept_missing: bool,
) -> Result<Exit> {
    let mut reports = Vec::new();
    for id in ids {
        reports.push(import::read(desk, journal, *id, accept_missing)?);
        if desk.cancel.is_cancelled() {
            break;
        }
    }
    import::catch_up(desk, journal)?;
    if desk.is_json() {
        desk.json(&reports)?;
    }
    Ok(exit_of(&reports))
}

fn remove(desk: &mut Desk<'_, '_>, id: i64) -> Result<Exit> {
    let journal = desk.open()?;
    let source = import::source(&journal, id)?;
    let reply = remove_source(&journal, SourceId { id })?;
    if desk.is_json() {
        return desk.json(&reply);
    }
    desk.confirm(&format!("“{}” is forgotten; its files were not touched.", source.label))?;
    Ok(Exit::Done)
}

fn problems(desk: &mut Desk<'_, '_>, id: Option<i64>) -> Result<Exit> {
    let journal = desk.open()?;
    let mut problems = Vec::new();
    for id in chosen(&journal, id)? {
        problems.extend(list_problems(&journal, SourceId { id })?);
    }
    if desk.is_json() {
        return desk.json(&problems);
    }
    if problems.is_empty() {
        desk.confirm("Every file is in the journal as it should be.")?;
    }
    page::scan::problems(desk, &problems)?;
    Ok(Exit::Done)
}

fn chosen(journal: &Journal, id: Option<i64>) -> Result<Vec<i64>> {
    if let Some(id) = id {
        return Ok(vec![import::source(journal, id)?.id]);
    }
    let sources = list_sources(journal, Empty {})?;
    Ok(sources.iter().filter(|source| source.kind != "capture").map(|source| source.id).collect())
}
