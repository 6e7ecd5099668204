//! `cargo xtask golden`: accepts what the golden and snapshot tests see now.

use anyhow::Result;

use crate::shell;

pub(crate) fn run(args: &[String]) -> Result<()> {
    shell::no_args("golden", args)?;
    let mut tests = shell::cargo(&["test", "-p", "rem-core", "-p", "rem-cli", "-p", "rem-tests"]);
    shell::finish(tests.env("UPDATE", "1").env("INSTA_UPDATE", "always"))?;
    shell::say("Now look at `git diff`: everything in it is a promise from here on.");
    Ok(())
}
