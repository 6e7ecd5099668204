//! `rem completions`: a completion script for a shell.

use clap::Args;
use clap_complete::Shell;

use crate::{
    desk::Desk,
    exit::{Exit, Result},
};

/// Which shell.
#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Completions) -> Result<Exit> {
    // clap_complete panics where it cannot write, so the script is made in memory first.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut crate::command(), "rem", &mut script);
    desk.terminal.out.write_all(&script)?;
    Ok(Exit::Done)
}
