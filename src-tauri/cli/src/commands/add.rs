//! `rem add`: keeps a quick note.

use std::io::Read as _;

use clap::Args;
use rem_core::{
    api::notes::{AddNote, add_note},
    error::Error,
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result, invalid},
    times::TimeWords,
};

/// Quick notes are short; what is longer than this was piped in by mistake.
const LONGEST: u64 = 1 << 20;

/// What to keep.
#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The note; without it, or with `-`, it is read from standard input.
    #[arg(value_name = "TEXT")]
    text: Vec<String>,
    /// When it happened, if not now: "2026-10-14 18:30", "yesterday 18:30" or "18:30".
    #[arg(long, value_name = "WHEN")]
    at: Option<TimeWords>,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Add) -> Result<Exit> {
    let text = if args.text.is_empty() || args.text == ["-"] {
        from_input(desk)?
    } else {
        args.text.join(" ")
    };
    let journal = desk.open_or_create()?;
    let present = Present::of(&journal)?;
    let at = args.at.map(|words| words.instant(present.calendar, present.now));
    let added = add_note(&journal, AddNote { text, at })?;
    if desk.is_json() {
        return desk.json(&added);
    }
    let day = present.name(&added.day);
    desk.confirm(&format!("Kept for {day} (record:{}).", added.record_id))?;
    Ok(Exit::Done)
}

fn from_input(desk: &mut Desk<'_, '_>) -> Result<String> {
    if desk.terminal.is_input_terminal {
        desk.aside("write your note; Ctrl-D on an empty line ends it")?;
    }
    let mut bytes = Vec::new();
    let attempt = || "reading the note from standard input".to_owned();
    (&mut *desk.terminal.input)
        .take(LONGEST)
        .read_to_end(&mut bytes)
        .map_err(|source| Error::Io { attempt: attempt(), source })?;
    if bytes.len() as u64 == LONGEST {
        return Err(invalid("this is too long for a quick note: save it as a file and import it"));
    }
    String::from_utf8(bytes).map_err(|_| {
        invalid("this is not UTF-8 text: save it as a file and import it, files in other encodings are understood")
    })
}
