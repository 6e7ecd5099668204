//! `rem mcp`: lets assistant programs read the journal, over the Model Context Protocol.

mod abilities;
mod bounds;
mod resources;
mod server;

use clap::{Args, Subcommand};
use rem_core::{
    Journal,
    api::assistants::{CallOutcome, ListAssistantCalls, list_assistant_calls},
};
use serde_json::{Value, json};

use crate::{
    args::DEFAULT_JOURNAL,
    desk::{Desk, Present},
    exit::{Exit, Result, invalid},
    line::Line,
    page::table,
    palette::Ink,
    times,
};

const EXAMPLES: &str = "\
Examples:
  rem mcp                        serve on standard input and output; assistant programs start this
  rem mcp config                 what to write into the assistant's settings
  rem mcp log                    what assistants asked, and what became of it

An assistant reads what you would: search, days, moments, notes, topics, reviews. It writes nothing unless
you allow it: rem settings assistants.may_write true. What it asked is kept in the journal alone.
What the assistant reads it may send to where its model runs: that is for its maker to say.";

/// Serve, or look at what was asked; serves, if nothing is said.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Mcp {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Serve on standard input and output, until the assistant program goes.
    Serve,
    /// Show what to write into an assistant program's settings.
    Config,
    /// List what assistant programs asked, the newest first.
    Log(Log),
}

#[derive(Debug, Args)]
struct Log {
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    limit: u32,
    /// Only those before this number.
    #[arg(long, value_name = "ID")]
    before: Option<i64>,
}

/// What an assistant would be told by everything that it can ask for and that reads, each asked with the same
/// arguments; by name.
pub(crate) fn all_answers(
    journal: &Journal,
    arguments: &Value,
) -> Vec<(&'static str, rem_core::Result<Value>)> {
    let answer = |ability: &abilities::Ability| {
        let answer = (ability.call)(journal, arguments.clone());
        answer.map(|answer| bounds::reply(answer.result, answer.next_cursor))
    };
    let reading = abilities::ALL.iter().filter(|ability| !ability.writes);
    reading.map(|ability| (ability.name, answer(ability))).collect()
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Mcp) -> Result<Exit> {
    match &args.verb {
        None | Some(Verb::Serve) => serve(desk),
        Some(Verb::Config) => config(desk),
        Some(Verb::Log(args)) => log(desk, args),
    }
}

fn serve(desk: &mut Desk<'_, '_>) -> Result<Exit> {
    if desk.terminal.is_input_terminal {
        return Err(invalid(
            "assistant programs start this, and nobody types to it: `rem mcp config` shows how",
        ));
    }
    let journal = desk.open()?;
    server::serve(&journal)?;
    Ok(Exit::Done)
}

/// How the common assistant programs are told: all of them take the same few lines.
fn config(desk: &mut Desk<'_, '_>) -> Result<Exit> {
    // It must be there, or the assistant would be told of a name that nobody knows.
    let journal = desk.open()?;
    let program = desk.terminal.program.as_deref().map_or("rem".into(), |program| {
        program.to_str().map_or_else(|| "rem".to_owned(), str::to_owned)
    });
    let mut words: Vec<String> = Vec::new();
    if journal.name() != DEFAULT_JOURNAL {
        words.extend(["--journal".into(), journal.name().to_owned()]);
    }
    if let Some(folder) =
        desk.globals.data_dir.as_ref().and_then(|folder| folder.canonicalize().ok())
    {
        words.extend(["--data-dir".into(), folder.to_string_lossy().into_owned()]);
    }
    words.push("mcp".into());
    let server = json!({ "command": program, "args": words });
    let common = json!({ "mcpServers": { "rem-journal": server } });
    if desk.is_json() {
        return desk.json(&common);
    }
    desk.text(&Line::of(
        Ink::Quiet,
        "Claude Desktop (claude_desktop_config.json), Cursor (mcp.json), Windsurf and others:",
    ))?;
    show(desk, &common)?;
    desk.blank()?;
    desk.text(&Line::of(Ink::Quiet, "Visual Studio Code (.vscode/mcp.json):"))?;
    show(desk, &json!({ "servers": { "rem-journal": server } }))?;
    desk.blank()?;
    desk.text(&Line::of(Ink::Quiet, "Zed (settings.json):"))?;
    show(desk, &json!({ "context_servers": { "rem-journal": server } }))?;
    desk.hint("`rem mcp log` lists what it asked then.")?;
    Ok(Exit::Done)
}

fn show(desk: &mut Desk<'_, '_>, value: &Value) -> Result {
    desk.json(value).map(|_| ())
}

fn log(desk: &mut Desk<'_, '_>, args: &Log) -> Result<Exit> {
    let journal = desk.open()?;
    let request = ListAssistantCalls { before: args.before, limit: Some(args.limit) };
    let reply = list_assistant_calls(&journal, request)?;
    if desk.is_json() {
        return desk.json(&reply);
    }
    if reply.calls.is_empty() {
        desk.confirm("no assistant program has asked anything")?;
        return Ok(Exit::Done);
    }
    let present = Present::of(&journal)?;
    let rows: Vec<Vec<String>> = reply
        .calls
        .iter()
        .map(|call| {
            let offset = present.calendar.offset_at(call.at);
            let outcome = match call.outcome {
                CallOutcome::Answered => format!("{} bytes", times::thousands(call.n_bytes)),
                CallOutcome::Refused => "refused".into(),
                CallOutcome::Failed => format!("failed: {}", call.reason),
                CallOutcome::Cancelled => "cancelled".into(),
            };
            vec![
                call.id.to_string(),
                times::local(call.at, offset).format("%Y-%m-%d %H:%M:%S").to_string(),
                call.client.clone(),
                call.tool.clone(),
                said(&call.arguments),
                outcome,
            ]
        })
        .collect();
    table::write(desk, &[" id", "when", "program", "asked for", "with", "got"], &rows)?;
    Ok(Exit::Done)
}

/// Arguments in short: "query: grant letter".
fn said(arguments: &Value) -> String {
    let Value::Object(members) = arguments else { return String::new() };
    let said = members.iter().map(|(name, value)| match value {
        Value::String(text) => format!("{name}: {text}"),
        other => format!("{name}: {other}"),
    });
    said.collect::<Vec<_>>().join(", ")
}
