//! `cargo xtask fmt`: formats Rust and the pages.

use anyhow::Result;

use crate::{shell, system::System, ui};

pub(crate) fn run(args: &[String]) -> Result<()> {
    shell::no_args("fmt", args)?;
    shell::finish(&mut shell::cargo(&["fmt", "--all"]))?;
    let node = ui::meet_node(&System::detect())?;
    ui::install(&node)?;
    shell::finish(&mut shell::npm(&["run", "--silent", "format"]))
}
