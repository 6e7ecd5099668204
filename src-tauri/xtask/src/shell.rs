//! Starting programs: every command of the door goes through here, so that all of them run at the
//! repository's root, fail alike and are announced alike.

use std::{
    env,
    ffi::OsStr,
    io::{IsTerminal, Write},
    net::{TcpStream, ToSocketAddrs},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    // The variable is Cargo's and follows a moved checkout; the compiled-in path does not.
    let here = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.ancestors().nth(2).map_or(here.clone(), Path::to_path_buf)
}

/// Where Cargo builds.
pub(crate) fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Where xtask keeps its stamps and tools.
pub(crate) fn own_folder() -> PathBuf {
    target().join("xtask")
}

/// A program, started at the root.
pub(crate) fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    // `cargo run` describes xtask to xtask. Build scripts that watch these variables would build
    // again each time somebody goes from `cargo test` to `cargo xtask test`.
    for (key, _) in env::vars_os() {
        let name = key.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|own| name.starts_with(own)) {
            command.env_remove(&key);
        }
    }
    command
}

/// Cargo, the same that started xtask.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let mut command = program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    command
}

/// npm, in `ui/`.
pub(crate) fn npm(args: &[&str]) -> Command {
    let mut command = program(if cfg!(windows) { "npm.cmd" } else { "npm" });
    command.current_dir(root().join("ui")).args(args);
    command
}

/// Says what comes next.
pub(crate) fn headline(text: &str) {
    if std::io::stderr().is_terminal() {
        eprintln!("\n\x1b[1m==> {text}\x1b[0m");
    } else {
        eprintln!("\n==> {text}");
    }
}

/// Says something by the way.
pub(crate) fn say(text: &str) {
    eprintln!("    {text}");
}

/// Runs a program to its end, with its output shown.
pub(crate) fn finish(command: &mut Command) -> Result<()> {
    let line = show(command);
    say(&format!("$ {line}"));
    std::io::stderr().flush().ok();
    let status = command.status().with_context(|| format!("starting `{line}`"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// What a program prints, if it can be started and succeeds.
pub(crate) fn answer(name: &str, args: &[&str]) -> Option<String> {
    let output = program(name).args(args).env("LC_ALL", "C").stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a program can be started and succeeds, without a word.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// The program of that name on the search path, or in `more` folders.
pub(crate) fn find(name: &str, more: &[PathBuf]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let file = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&path)
        .chain(more.iter().cloned())
        .map(|folder| folder.join(&file))
        .find(|candidate| candidate.is_file())
}

/// Whether somebody takes calls at this address, without waiting long for it.
pub(crate) fn answers_at(host: &str, port: u16) -> bool {
    let Ok(addresses) = (host, port).to_socket_addrs() else { return false };
    addresses
        .into_iter()
        .any(|address| TcpStream::connect_timeout(&address, Duration::from_secs(2)).is_ok())
}

/// The command as a person would type it.
pub(crate) fn show(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or(command.get_program());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| quote(&word.to_string_lossy()))
        .collect::<Vec<_>>()
        .join(" ")
}

fn quote(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@+^~%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// The arguments after `--`, which belong to the program that is opened.
///
/// # Errors
/// There is something before the `--` that nobody understands.
pub(crate) fn passed_on<'a>(command: &str, args: &'a [String]) -> Result<&'a [String]> {
    match args.split_first() {
        None => Ok(&[]),
        Some((first, rest)) if first == "--" => Ok(rest),
        Some((other, _)) => bail!(
            "`cargo xtask {command}` does not know “{other}”; arguments for the journal follow `--`"
        ),
    }
}

/// Refuses arguments where a command takes none.
pub(crate) fn no_args(command: &str, args: &[String]) -> Result<()> {
    match args.first() {
        None => Ok(()),
        Some(other) => bail!("`cargo xtask {command}` takes no arguments, but was given “{other}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn arguments_after_two_dashes_are_passed_on() {
        assert_eq!(passed_on("run", &words("-- --journal work")).unwrap(), words("--journal work"));
        assert!(passed_on("run", &[]).unwrap().is_empty());
        assert!(passed_on("run", &words("--journal work")).is_err());
    }

    #[test]
    fn a_shown_command_can_be_typed_again() {
        let mut command = Command::new("/usr/bin/npm");
        command.args(["run", "a b", "it's"]);
        assert_eq!(show(&command), r"npm run 'a b' 'it'\''s'");
    }

    #[test]
    fn the_root_holds_the_desktop_configuration() {
        assert!(root().join("tauri.conf.json").is_file());
    }
}
