//! The whole journal from a terminal: the command `rem` as a library.
//!
//! [`run`] is all of it. What a process has and a test has not (standard streams, the clock, the home
//! folder, Ctrl-C) comes in as a [`Terminal`], so that the tests run the very commands that people run.
//! Every command asks through `rem_core::api`, as the window does; what is not here is any knowledge of
//! how the journal works.

mod args;
mod clean;
mod commands;
mod desk;
mod exit;
mod journals;
mod line;
mod page;
mod palette;
mod progress;
mod terminal;
mod times;
mod wrap;

use std::{ffi::OsString, io};

use clap::{CommandFactory as _, Parser as _, error::ErrorKind};
use rem_core::error::{Code, WireError};
use tracing_subscriber::{
    Layer as _,
    filter::{LevelFilter, Targets},
    fmt,
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

pub use exit::Exit;
pub use terminal::Terminal;

use crate::{args::Cli, desk::Desk, exit::Failure};

/// Runs one command line (the first word is the program's name) and says how it ended.
pub fn run<I, T>(words: I, terminal: &mut Terminal<'_>) -> Exit
where
    I: IntoIterator<Item = T>,
    T: Into<OsString> + Clone,
{
    let words: Vec<OsString> = words.into_iter().map(Into::into).collect();
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error, &words, terminal),
    };
    let is_json = cli.globals.json;
    let mut desk = Desk::new(terminal, &cli.globals);
    log(&desk);
    let ended = if cli.globals.all_journals {
        journals::run(&mut desk, &cli.command)
    } else {
        commands::run(&mut desk, &cli.command)
    };
    let flushed = desk.flush();
    match ended.and_then(|exit| flushed.map(|()| exit)) {
        Ok(exit) => exit,
        Err(failure) => report(&failure, is_json, terminal),
    }
}

/// What an assistant program would be told by everything that it can ask for over `rem mcp` and that reads,
/// each asked with the same arguments: for tests, which besiege all of it.
#[must_use]
pub fn assistants_answers(
    journal: &rem_core::Journal,
    arguments: &serde_json::Value,
) -> Vec<(&'static str, rem_core::Result<serde_json::Value>)> {
    commands::mcp::all_answers(journal, arguments)
}

/// The command line as clap knows it, for documentation.
#[must_use]
pub fn command() -> clap::Command {
    Cli::command()
}

/// Tells on standard error what happens inside, from `-vv` on, and keeps the log file.
fn log(desk: &Desk<'_, '_>) {
    let level = match desk.globals.verbose {
        0 | 1 => LevelFilter::OFF,
        2 => LevelFilter::INFO,
        3 => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    };
    // The library that speaks to assistant programs would repeat what they ask and hear.
    let level = Targets::new().with_default(level).with_target("rmcp", LevelFilter::OFF);
    let told = fmt::layer().with_writer(io::stderr).with_filter(level);
    let folder = desk.data_dir().ok().filter(|_| desk.terminal.keeps_log);
    let kept = folder.map(|place| {
        rem_core::log::layer(&rem_core::log::folder(&place), "rem", rem_core::log::USUAL)
    });
    // Whoever runs commands in their own process may have a log of their own.
    let _ = tracing_subscriber::registry().with(told).with(kept).try_init();
}

fn report(failure: &Failure, is_json: bool, terminal: &mut Terminal<'_>) -> Exit {
    // A reader that has seen enough (`rem timeline | head -1`) is not an error worth a word.
    if failure.is_broken_pipe() {
        return Exit::Done;
    }
    tell_error(&failure.wire(), is_json, terminal);
    failure.exit()
}

fn refuse(error: &clap::Error, words: &[OsString], terminal: &mut Terminal<'_>) -> Exit {
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let text = error.render();
    if is_help {
        // Nothing is left to do where help cannot be written either.
        let _ = write!(terminal.out, "{text}").and_then(|()| terminal.out.flush());
        return Exit::Done;
    }
    if words.iter().any(|word| word == "--json") {
        let message = text.to_string();
        let message = message.trim().trim_start_matches("error: ").to_owned();
        tell_error(&WireError { code: Code::InvalidInput, message }, true, terminal);
    } else {
        let _ = write!(terminal.err, "{text}").and_then(|()| terminal.err.flush());
    }
    Exit::Usage
}

fn tell_error(error: &WireError, is_json: bool, terminal: &mut Terminal<'_>) {
    let line = if is_json {
        clean::json(&serde_json::to_string(error).unwrap_or_default())
    } else {
        format!("rem: {}", clean::one_line(&error.message))
    };
    // Where even the error stream is closed, the exit code still says it.
    let _ = writeln!(terminal.err, "{line}").and_then(|()| terminal.err.flush());
}
