//! `cargo xtask check`: the quick look before a commit.

use anyhow::Result;

use crate::{
    shell::{self, headline},
    system::System,
    ui,
};

pub(crate) fn run(args: &[String]) -> Result<()> {
    shell::no_args("check", args)?;
    headline("Rust is formatted");
    shell::finish(&mut shell::cargo(&["fmt", "--all", "--check"]))?;
    headline("The core without a warning");
    shell::finish(&mut shell::cargo(&[
        "clippy",
        "-p",
        "rem-core",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))?;
    headline("The types of the pages");
    let node = ui::meet_node(&System::detect())?;
    ui::install(&node)?;
    shell::finish(&mut shell::npm(&["run", "--silent", "check"]))
}
