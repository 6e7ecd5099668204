//! `cargo xtask bench [name]`: one benchmark, or all of them.

use anyhow::{Result, bail};

use crate::shell;

pub(crate) fn run(args: &[String]) -> Result<()> {
    let mut bench = shell::cargo(&["bench", "-p", "rem-tests"]);
    match args {
        [] => bench.arg("--benches"),
        [name] => bench.args(["--bench", name]),
        _ => bail!("`cargo xtask bench` takes one name, or none for all benchmarks"),
    };
    shell::finish(&mut bench)
}
