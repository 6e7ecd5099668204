//! `cargo xtask bench`: how fast the journal is, against a bare program in the same run.

use anyhow::{Result, bail};

use crate::shell;

pub(crate) fn run(args: &[String]) -> Result<()> {
    let words: Vec<&str> = args.iter().map(String::as_str).collect();
    let part = match words[..] {
        [] => None,
        [part @ ("affinity" | "decay" | "minds" | "night" | "vectors" | "years")] => Some(part),
        _ => bail!(
            "`cargo xtask bench` takes nothing, for all figures, or one of `affinity`, `decay`, `minds`, \
             `night`, `vectors`, `years`"
        ),
    };
    // The benchmark runs the real command, as it would be installed.
    shell::finish(&mut shell::cargo(&["build", "--release", "-p", "rem-cli"]))?;
    let mut bench = shell::cargo(&["bench", "-p", "rem-tests", "--bench", "journal"]);
    shell::finish(bench.args(part.map_or_else(Vec::new, |part| vec!["--", part])))
}
