//! `rem restore`: makes a new journal of a whole export.

use std::{fs::File, io::BufReader, path::PathBuf};

use clap::Args;
use rem_core::{api::export::restore_journal, error::Attempt as _};

use crate::{
    desk::Desk,
    exit::{Exit, Result},
    progress::follow,
    times::count,
};

const EXAMPLES: &str = "\
Examples:
  rem restore journal.jsonl --journal again     a new journal beside yours
  rem restore journal.jsonl                     on a machine that has none yet

Nothing is restored over a journal that holds something. Addresses of models and what assistant programs
may do are not taken over from a file.";

/// What to make a journal of.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Restore {
    /// A whole export, as `rem export --format json` writes it.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Restore) -> Result<Exit> {
    let file =
        File::open(&args.file).attempt(|| format!("opening the export {}", args.file.display()))?;
    let journal = desk.create()?;
    let mut file = BufReader::new(file);
    let work = |cancel: &_| restore_journal(&journal, &mut file, cancel);
    let report = follow(desk, &journal, work, |_| None)?;
    if desk.is_json() {
        return desk.json(&report);
    }
    let held = [
        count(report.n_notes, "note"),
        count(report.n_sessions, "conversation"),
        count(report.n_messages, "message"),
        count(report.n_moments, "moment"),
    ];
    desk.confirm(&format!("{} are in the journal “{}”", held.join(", "), journal.name()))?;
    desk.hint("Next: `rem dream` goes on where the exported journal was.")?;
    Ok(Exit::Done)
}
