//! `rem ledger`: what dreams cost.

use clap::Args;
use rem_core::api::minds::{ShowLedger, show_ledger};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
};

const EXAMPLES: &str = "\
Examples:
  rem ledger                     the last dreams, and the last 30 days in all
  rem ledger --dream 12          one dream
  rem ledger --json --limit 100  for a spreadsheet";

/// Which dreams to tell about; the last 20, if nothing is said.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Ledger {
    /// Only this dream.
    #[arg(long, value_name = "ID")]
    dream: Option<i64>,
    /// At most so many dreams, the newest first.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Ledger) -> Result<Exit> {
    let journal = desk.open()?;
    let ledger = show_ledger(&journal, ShowLedger { dream_id: args.dream, limit: args.limit })?;
    if let Some(id) = args.dream
        && ledger.dreams.is_empty()
    {
        let what = format!("dream {id} that asked a model");
        return Err(rem_core::Error::NotFound(what).into());
    }
    if desk.is_json() {
        return desk.json(&ledger);
    }
    page::ledger::write(desk, &ledger, Present::of(&journal)?)?;
    Ok(Exit::Done)
}
