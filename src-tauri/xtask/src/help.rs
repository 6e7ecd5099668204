//! `cargo xtask help`.

use anyhow::Result;

const HELP: &str = "\
cargo xtask <command>

  run [-- args]     installs what is missing, builds and opens the journal; without a display it
                    plays the first night in the terminal
  test              everything that CI runs, in the same order
      --fast          without the desktop package, the licences and the real window
      --only <step>   one step (may be repeated); see --list
      --keep-going    goes on after a failure
      --list          names the steps

  dev [-- args]     the window with pages that follow every save in ui/
  check             the quick look before a commit: format, lints of the core, types of the UI
  fmt               formats Rust and the UI
  bindings          writes ui/src/bindings/index.ts and src-tauri/core/schema.sql anew
  golden            accepts what the golden and snapshot tests see now; look at the diff
  bench             how fast the journal is, against a bare program in the same run;
                    `bench vectors`: only the forms in which vectors could be kept
                    `bench minds`: only what a call of a model costs beside the model
                    `bench affinity`, `bench decay`, `bench night`: only what these cost
                    `bench years`: only the memory of ten years of notes
  icons             draws the icons anew from icons/*.svg
  help              this text
";

pub(crate) fn run() -> Result<()> {
    print!("{HELP}");
    Ok(())
}
