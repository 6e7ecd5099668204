//! `rem init`: makes a journal, and adds folders to it.

use std::path::PathBuf;

use clap::Args;
use rem_core::{
    Journal,
    api::{
        Empty,
        sources::ScanReport,
        status::{Status, show_status},
    },
    sources,
};
use serde::Serialize;

use super::import;
use crate::{
    desk::{Desk, exit_of},
    exit::{Exit, Result},
};

/// What to begin with.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Folders of notes or chats to follow.
    #[arg(value_name = "FOLDER")]
    folders: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Reply {
    is_new: bool,
    status: Status,
    reports: Vec<ScanReport>,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Init) -> Result<Exit> {
    let is_new = !desk.has_journal()?;
    let journal = desk.create()?;
    say_where(desk, &journal, is_new)?;
    let mut reports = Vec::new();
    for folder in &args.folders {
        let id = sources::add(&journal, folder, true)?;
        reports.push(import::read(desk, &journal, id, false)?);
    }
    let exit = exit_of(&reports);
    if desk.is_json() {
        let status = show_status(&journal, Empty {})?;
        desk.json(&Reply { is_new, status, reports })?;
    } else if args.folders.is_empty() {
        desk.hint(
            "Next: `rem import FOLDER --watch` follows your notes, `rem add` keeps a quick one.",
        )?;
    } else {
        desk.hint("Next: `rem dream` turns what was read into moments.")?;
    }
    Ok(exit)
}

fn say_where(desk: &mut Desk<'_, '_>, journal: &Journal, is_new: bool) -> Result {
    if desk.is_json() {
        return Ok(());
    }
    let verb = if is_new { "is made" } else { "was there already" };
    let zone = journal.settings().zone;
    let place = journal.path().display();
    desk.confirm(&format!("The journal “{}” {verb}: {place} (days in {zone}).", journal.name()))
}
