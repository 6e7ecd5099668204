//! The developers' only door: `cargo xtask run`, `cargo xtask test` and their smaller sisters.
//!
//! One file per command. What the commands share: [`shell`] (starting programs), [`system`] and
//! [`needs`] (which packages a machine lacks), [`display`], [`ui`] and [`stamp`] (what the window is
//! made of). Deliberately not here: anything that the product itself needs at run time.

mod bench;
mod bindings;
mod check;
mod dev;
mod display;
mod fmt;
mod golden;
mod help;
mod icons;
mod needs;
mod run;
mod shell;
mod stamp;
mod steps;
mod system;
mod test;
mod ui;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_else(|| "help".into());
    let rest: Vec<String> = args.collect();
    let outcome = match command.as_str() {
        "run" => run::run(&rest),
        "test" => test::run(&rest),
        "check" => check::run(&rest),
        "fmt" => fmt::run(&rest),
        "bindings" => bindings::run(&rest),
        "golden" => golden::run(&rest),
        "bench" => bench::run(&rest),
        "icons" => icons::run(&rest),
        "dev" => dev::run(&rest),
        "help" | "--help" | "-h" => help::run(),
        other => {
            Err(anyhow::anyhow!("there is no command “{other}”; `cargo xtask help` lists them"))
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
