//! `cargo xtask bench`: how fast the journal is, against a bare program in the same run, and how well it finds.

use anyhow::{Result, bail};

use crate::shell;

pub(crate) fn run(args: &[String]) -> Result<()> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    match words[..] {
        [] => {}
        [
            "affinity" | "decay" | "minds" | "night" | "search" | "vectors" | "years"
            | "consolidate",
        ] => {}
        ["recall" | "search", _] => {}
        _ => bail!(
            "`cargo xtask bench` takes nothing, for all figures, or one of `affinity`, `consolidate`, \
             `decay`, `minds`, `night`, `search` (with a number: so many percent of it), `vectors`, \
             `years`, or `recall FILE` with a file of conversations and questions in the form of LoCoMo"
        ),
    }
    // The benchmark runs the real command, as it would be installed.
    shell::finish(&mut shell::cargo(&["build", "--release", "-p", "rem-cli"]))?;
    let mut bench = shell::cargo(&["bench", "-p", "rem-tests", "--bench", "journal"]);
    if !words.is_empty() {
        bench.arg("--").args(&words);
    }
    shell::finish(&mut bench)
}
