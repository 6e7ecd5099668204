//! One command over all journals, one after the other (`--all-journals`).

use rem_core::journal::journals;
use serde_json::{Map, Value};

use crate::{
    args::{Command, Globals},
    clean, commands,
    desk::Desk,
    exit::{Exit, Result, invalid},
    line::Line,
    palette::Ink,
};

/// Runs the command for each journal that is not paused. One that fails is told and does not stop the
/// others; the command ends as the first of those did.
pub(crate) fn run(desk: &mut Desk<'_, '_>, command: &Command) -> Result<Exit> {
    if !command.goes_over_journals() {
        return Err(invalid("this command is about one journal: leave --all-journals out"));
    }
    let data_dir = desk.data_dir()?;
    let names = journals(&data_dir)?;
    if names.is_empty() {
        desk.aside("there is no journal yet: `rem init` makes one")?;
    }
    let (mut ended, mut replies) = (Exit::Done, Map::new());
    for name in names {
        if desk.cancel.is_cancelled() {
            return Ok(Exit::Cancelled);
        }
        // One that cannot be opened is told below.
        let opened = desk.open_named(&name, data_dir.clone());
        if opened.is_ok_and(|journal| journal.settings().is_paused) {
            desk.aside(&format!("{name} is paused and left alone"))?;
            continue;
        }
        let globals =
            Globals { journal: name.clone(), all_journals: false, ..desk.globals.clone() };
        let mut reply = Vec::new();
        let done = if desk.is_json() {
            with_output(desk, &globals, &mut reply, command)
        } else {
            desk.line(&Line::of(Ink::Strong, &name))?;
            commands::run(&mut desk.beside(&globals), command)
        };
        let exit = match done {
            Ok(exit) => {
                let reply = serde_json::from_slice(&reply).unwrap_or(Value::Null);
                replies.insert(name, reply);
                exit
            }
            Err(failure) if failure.is_broken_pipe() => return Err(failure),
            Err(failure) => {
                let error = failure.wire();
                desk.aside(&format!("{name}: {}", error.message))?;
                replies.insert(name, serde_json::to_value(&error).unwrap_or(Value::Null));
                failure.exit()
            }
        };
        if matches!(ended, Exit::Done) {
            ended = exit;
        }
    }
    if desk.is_json() {
        let text = serde_json::to_string_pretty(&replies).map_err(std::io::Error::from)?;
        writeln!(desk.terminal.out, "{}", clean::json(&text))?;
    }
    Ok(ended)
}

/// Runs a command and keeps its answer instead of writing it.
fn with_output(
    desk: &mut Desk<'_, '_>,
    globals: &Globals,
    reply: &mut Vec<u8>,
    command: &Command,
) -> Result<Exit> {
    let mut terminal = desk.terminal.with_output(reply);
    let cancel = desk.cancel.clone();
    let mut desk = Desk::new(&mut terminal, globals);
    desk.cancel = cancel;
    commands::run(&mut desk, command)
}
