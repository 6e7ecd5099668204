//! `rem maintain`: the work of a day or of an hour, once, in the foreground.

use clap::{ArgGroup, Args};
use rem_core::journal::Work;

use crate::{
    desk::Desk,
    exit::{Exit, Result},
};

const EXAMPLES: &str = "\
Examples:
  rem maintain --daily           a whole dream: fading, moments, summaries, what belongs together
  rem maintain --hourly          summaries of new conversations, and the work that waits";

/// Which work.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, group = ArgGroup::new("which").required(true).multiple(false))]
pub(crate) struct Maintain {
    /// What a night does.
    #[arg(long, group = "which")]
    daily: bool,
    /// What an hour does.
    #[arg(long, group = "which")]
    hourly: bool,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Maintain) -> Result<Exit> {
    let journal = desk.open()?;
    let cancel = desk.interruptible();
    let name = if args.daily { "night" } else { "sessions" };
    let done = journal.run_schedule(name, false, &cancel)?;
    let n_jobs = journal.work_off(Work::Light, &cancel)?;
    if desk.is_json() {
        desk.json(&serde_json::json!({ "has_run": done.has_run, "n_dead": done.n_dead, "n_jobs": n_jobs }))?;
    } else if done.has_run {
        desk.confirm("Done.")?;
    } else if done.n_dead == 0 {
        desk.confirm("Another program does it just now; what is left waits in the queue.")?;
    }
    if done.n_dead > 0 {
        desk.aside("it failed: `rem jobs` says why")?;
        return Ok(Exit::Failed);
    }
    Ok(if cancel.is_cancelled() { Exit::Cancelled } else { Exit::Done })
}
