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
    line::Line,
    page,
    palette::Ink,
    times::{self, count},
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
    for (n, source) in sources.iter().enumerate() {
        if n > 0 {
            desk.blank()?;
        }
        write(desk, source, now)?;
    }
    Ok(Exit::Done)
}

fn write(desk: &mut Desk<'_, '_>, source: &SourceView, now: i64) -> Result {
    let columns = desk.width();
    let head = Line::of(Ink::Quiet, &format!("{:>3}  ", source.id)).and(Ink::Strong, &source.label);
    desk.line(&head.with_right(Line::of(Ink::Quiet, &state(source, now)), columns))?;
    if !source.path.is_empty() {
        // Never wrapped: a path is there to be copied.
        desk.line(&Line::spaces(5).and(Ink::Plain, &source.path))?;
    }
    let formats = page::rests_on(&source.formats);
    let files = if source.n_files > 0 { count(source.n_files, "file") } else { String::new() };
    let problems = match source.n_problems {
        0 => String::new(),
        n => format!("{} to look at: rem sources problems {}", count(n, "file"), source.id),
    };
    let facts = [files.as_str(), &formats, &count(source.n_records, "record")];
    desk.indented(5, &Line::of(Ink::Quiet, &page::dotted(facts)))?;
    for warning in [&problems, &source.state_reason] {
        if !warning.is_empty() {
            desk.indented(5, &Line::of(Ink::Warning, warning))?;
        }
    }
    Ok(())
}

fn state(source: &SourceView, now: i64) -> String {
    let read = match (source.kind.as_str(), source.state.as_str(), source.scanned_at) {
        ("capture", ..) => return "as you write".into(),
        (_, "missing", _) => "missing".into(),
        (_, _, Some(at)) => format!("read {}", times::distance(at, now)),
        (_, _, None) => "not read yet".into(),
    };
    if source.is_watched { format!("followed, {read}") } else { read }
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
