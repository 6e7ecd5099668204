//! `rem maintain`: what the papers do every day and every hour, at once.

use clap::Args;
use rem_core::api::dreams::{DreamRequest, Stage};

use super::dream;
use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
};

/// Which of it.
#[derive(Debug, Args)]
pub(crate) struct Maintain {
    /// All stages of a dream; so it is if nothing is said.
    #[arg(long, conflicts_with = "hourly")]
    daily: bool,
    /// Only conversations that have become long enough, and the work that waits in the queue.
    #[arg(long)]
    hourly: bool,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Maintain) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let stages = if args.hourly { vec![Stage::Summarize] } else { Vec::new() };
    let request = DreamRequest { cause: "now".into(), stages, ..DreamRequest::default() };
    dream::and_tell(desk, &journal, &request, present, None)
}
