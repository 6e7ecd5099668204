//! `cargo xtask bindings`: writes the generated files anew.
//!
//! The tests that compare them know how they are made, so they write them too; xtask itself stays
//! free of the core, and is built in seconds.

use anyhow::Result;

use crate::shell;

pub(crate) fn run(args: &[String]) -> Result<()> {
    shell::no_args("bindings", args)?;
    let mut tests = shell::cargo(&[
        "test",
        "--quiet",
        "-p",
        "rem-tests",
        "--test",
        "rules",
        "--",
        "generated::",
    ]);
    shell::finish(tests.env("UPDATE", "1"))?;
    shell::say(
        "ui/src/bindings/index.ts, src-tauri/core/schema.sql and docs/schemas are up to date",
    );
    Ok(())
}
