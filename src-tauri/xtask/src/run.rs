//! `cargo xtask run`: from a fresh checkout to the open journal.

use anyhow::Result;

use crate::{
    display, needs,
    shell::{self, headline, say},
    system::System,
    ui,
};

pub(crate) fn run(args: &[String]) -> Result<()> {
    let args = shell::passed_on("run", args)?;
    let system = System::detect();
    match display::usable() {
        Ok(()) => in_a_window(&system, args),
        Err(why) => {
            headline(&format!("There is no display here: {why}"));
            say("The same first night is played in this terminal instead.");
            in_the_terminal(&system, args)
        }
    }
}

fn in_a_window(system: &System, args: &[String]) -> Result<()> {
    needs::meet(system, &[needs::BUILD, needs::WINDOW])?;
    let node = ui::meet_node(system)?;
    headline("The window's pages");
    ui::install(&node)?;
    ui::build(&node)?;
    headline("The journal (the first build takes some minutes)");
    // What the Tauri command line would do, without having to install it: with this feature the pages
    // are inside the program.
    let mut journal =
        shell::cargo(&["run", "-p", "rem-journal", "--features", "custom-protocol", "--"]);
    shell::finish(journal.args(args))
}

fn in_the_terminal(system: &System, args: &[String]) -> Result<()> {
    needs::meet(system, &[needs::BUILD])?;
    headline("The journal in the terminal (the first build takes some minutes)");
    shell::finish(shell::cargo(&["run", "-p", "rem-cli", "--", "demo"]).args(args))
}
