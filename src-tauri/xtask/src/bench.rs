//! `cargo xtask bench`: how fast the journal is, against a bare program in the same run.

use anyhow::{Result, bail};

use crate::shell;

pub(crate) fn run(args: &[String]) -> Result<()> {
    if !args.is_empty() {
        bail!("`cargo xtask bench` takes nothing: it prints all figures in one run");
    }
    // The benchmark runs the real command, as it would be installed.
    shell::finish(&mut shell::cargo(&["build", "--release", "-p", "rem-cli"]))?;
    shell::finish(&mut shell::cargo(&["bench", "-p", "rem-tests", "--bench", "journal"]))
}
