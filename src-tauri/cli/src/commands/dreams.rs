//! `rem dreams`: looks back at the nights, and undoes one.

use clap::{Args, Subcommand};
use rem_core::{
    Journal,
    api::history::{
        DreamEntry, DreamId, ListDreams, diff_dream, list_dreams, show_dream_detail, undo_dream,
    },
};

use crate::{
    clean,
    desk::{Desk, Present},
    exit::{Exit, Result, invalid},
    page,
};

const EXAMPLES: &str = "\
Examples:
  rem dreams                 the last nights, and whether each can be undone
  rem dreams show 12         what dream 12 did, in short
  rem dreams diff 12         thing by thing, before and after
  rem dreams undo 12         everything it derived is as before it; your corrections stay";

/// What to do with past dreams; lists them if nothing is said.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Dreams {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the dreams, the newest first.
    List(List),
    /// Show what a dream did, in short.
    Show {
        /// The dream's number, as `rem dreams` lists it.
        id: i64,
    },
    /// Show what a dream did, thing by thing, before and after.
    Diff {
        /// The dream's number, as `rem dreams` lists it.
        id: i64,
    },
    /// Take back what a dream did; what you corrected since stays.
    Undo {
        /// The dream's number, as `rem dreams` lists it.
        id: i64,
        /// Do not ask.
        #[arg(long, short)]
        yes: bool,
    },
}

#[derive(Debug, Default, Args)]
struct List {
    /// At most so many.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Only those before this dream.
    #[arg(long, value_name = "ID")]
    before: Option<i64>,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Dreams) -> Result<Exit> {
    match &args.action {
        None => list(desk, &List::default()),
        Some(Action::List(args)) => list(desk, args),
        Some(Action::Show { id }) => {
            let journal = desk.open()?;
            let detail = show_dream_detail(&journal, DreamId { id: *id })?;
            if desk.is_json() {
                return desk.json(&detail);
            }
            page::history::detail(desk, &detail, Present::of(&journal)?)?;
            Ok(Exit::Done)
        }
        Some(Action::Diff { id }) => {
            let journal = desk.open()?;
            let diff = diff_dream(&journal, DreamId { id: *id })?;
            if desk.is_json() {
                return desk.json(&diff);
            }
            page::history::diff(desk, &diff, Present::of(&journal)?)?;
            Ok(Exit::Done)
        }
        Some(Action::Undo { id, yes }) => undo(desk, *id, *yes),
    }
}

fn list(desk: &mut Desk<'_, '_>, args: &List) -> Result<Exit> {
    let journal = desk.open()?;
    let dreams = list_dreams(&journal, ListDreams { limit: args.limit, before: args.before })?;
    if desk.is_json() {
        return desk.json(&dreams);
    }
    if dreams.is_empty() {
        desk.confirm("No dreams yet: `rem dream` turns new days into moments.")?;
        return Ok(Exit::Done);
    }
    page::history::list(desk, &dreams, Present::of(&journal)?)?;
    Ok(Exit::Done)
}

fn undo(desk: &mut Desk<'_, '_>, id: i64, yes: bool) -> Result<Exit> {
    let journal = desk.open()?;
    if !yes && !is_sure(desk, &journal, id)? {
        desk.aside("nothing was undone")?;
        return Ok(Exit::Cancelled);
    }
    let report = undo_dream(&journal, DreamId { id })?;
    if desk.is_json() {
        return desk.json(&report);
    }
    if !desk.globals.quiet {
        page::history::undone(desk, &report)?;
    }
    Ok(Exit::Done)
}

/// Asks the person, where there is one.
fn is_sure(desk: &mut Desk<'_, '_>, journal: &Journal, id: i64) -> Result<bool> {
    let dream = show_dream_detail(journal, DreamId { id })?.dream;
    if !dream.can_undo {
        // The refusal says why; there is nothing to be sure about.
        return Ok(true);
    }
    if !desk.terminal.is_input_terminal {
        return Err(invalid("nobody can be asked here whether to undo a dream: say --yes"));
    }
    let question = format!("Undo dream {id} ({})? [y/N] ", summary(&dream));
    write!(desk.terminal.err, "{}", clean::one_line(&question))?;
    desk.terminal.err.flush()?;
    Ok(matches!(answer(desk)?.trim().to_lowercase().as_str(), "y" | "yes"))
}

fn summary(dream: &DreamEntry) -> String {
    let parts = page::history::what_it_did(dream);
    if parts.is_empty() { "it told days again".into() } else { parts }
}

/// One line of what is typed.
fn answer(desk: &mut Desk<'_, '_>) -> Result<String> {
    let mut line = Vec::new();
    let mut byte = [0];
    while line.len() < 64 && desk.terminal.input.read(&mut byte)? == 1 && byte[0] != b'\n' {
        line.push(byte[0]);
    }
    Ok(String::from_utf8_lossy(&line).into_owned())
}
