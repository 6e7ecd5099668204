//! `rem watch`: follows all sources and says what changes, one line each, until Ctrl-C.

use std::{sync::mpsc::RecvTimeoutError, time::Duration};

use rem_core::{
    Journal,
    api::{Empty, sources::list_sources},
    event::Event,
};

use crate::{
    clean,
    desk::Desk,
    exit::{Exit, Result, invalid},
    line::Line,
    page::scan::{in_short, is_news},
    palette::Ink,
    times,
};

const TICK: Duration = Duration::from_millis(150);

pub(crate) fn run(desk: &mut Desk<'_, '_>) -> Result<Exit> {
    let journal = desk.open()?;
    let watched: Vec<_> =
        list_sources(&journal, Empty {})?.into_iter().filter(|source| source.is_watched).collect();
    if watched.is_empty() {
        return Err(invalid("there is no folder to follow: `rem import FOLDER --watch` adds one"));
    }
    let cancel = desk.interruptible();
    let events = journal.events();
    let watching = journal.watch()?;
    let names: Vec<_> = watched.iter().map(|source| source.label.as_str()).collect();
    desk.aside(&format!("following {} (Ctrl-C ends it)", names.join(", ")))?;
    if journal.settings().is_paused {
        desk.aside("the journal is paused: `rem settings is_paused false` goes on")?;
    }
    // What changed while nobody watched comes first.
    for source in &watched {
        if !cancel.is_cancelled() {
            journal.scan(source.id, false, &cancel)?;
        }
    }
    while !cancel.is_cancelled() {
        match events.recv_timeout(TICK) {
            Ok(event) => tell(desk, &journal, &event)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
    }
    drop(watching);
    // Ctrl-C is how this command ends; that is no failure.
    Ok(Exit::Done)
}

fn tell(desk: &mut Desk<'_, '_>, journal: &Journal, event: &Event) -> Result {
    let (source_id, text, ink) = match event {
        Event::ScanFinished { report } if is_news(report) => {
            (report.source_id, in_short(report), Ink::Plain)
        }
        Event::ScanFailed { source_id, message } => (*source_id, message.clone(), Ink::Warning),
        _ => return Ok(()),
    };
    if desk.is_json() {
        let text = serde_json::to_string(event).map_err(std::io::Error::from)?;
        writeln!(desk.terminal.out, "{}", clean::json(&text))?;
    } else {
        let now = journal.clock().now_ms();
        let offset = journal.settings().calendar()?.offset_at(now);
        let time = times::local(now, offset).format("%H:%M:%S").to_string();
        let label = super::import::source(journal, source_id)?.label;
        let line = Line::of(Ink::Quiet, &time).and(Ink::Plain, " ").and(Ink::Strong, &label);
        desk.line(&line.and(Ink::Plain, "  ").and(ink, &text))?;
    }
    desk.flush()?;
    if let Err(error) = journal.run_jobs(&desk.cancel)
        && !desk.cancel.is_cancelled()
    {
        desk.aside(&error.to_string())?;
    }
    Ok(())
}
