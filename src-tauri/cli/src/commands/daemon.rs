//! `rem daemon`: keeps a journal without a window, until it is told to stop.

use std::{
    sync::mpsc::RecvTimeoutError,
    time::{Duration, Instant},
};

use clap::Args;
use rem_core::{
    Journal,
    api::{Empty, dreams::DreamState, schedule::list_schedules},
    event::Event,
    journal::Keeper,
};
use serde_json::json;

use crate::{
    clean,
    desk::Desk,
    exit::{Exit, Result},
    times,
};

/// How often somebody who told it to stop is heard.
const TICK: Duration = Duration::from_millis(150);
/// Between two looks at what is due: what was saved settles for five seconds and is to be understood within
/// thirty.
const LOOK: Duration = Duration::from_secs(5);
/// How long it waits for a dream to come to a safe place when it is told to stop.
const LAST_WAIT: Duration = Duration::from_secs(10);

/// Follows the folders, works on the queue and keeps the schedules, in the foreground, until Ctrl-C. It says
/// what happens on one line each, without a word of what you wrote; with --json as JSON.
#[derive(Debug, Args)]
pub(crate) struct Daemon {
    /// Dream every so many seconds if anything is new, instead of by the schedules; 0: never.
    #[arg(
        long,
        visible_alias = "dream-interval-seconds",
        value_name = "SECONDS",
        env = "ENGRAM_DREAM_INTERVAL",
        hide_env_values = true
    )]
    dream_interval: Option<u32>,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Daemon) -> Result<Exit> {
    let journal = desk.open()?;
    let cancel = desk.interruptible();
    let events = journal.events();
    let watching = journal.watch()?;
    let mut keeper = Keeper::new(&journal, args.dream_interval);
    say(desk, &journal, "started", &json!({ "pid": std::process::id() }))?;
    if !journal.settings().is_paused {
        journal.start_scan(None, false);
    }
    let mut looked: Option<Instant> = None;
    while !cancel.is_cancelled() {
        match events.recv_timeout(TICK) {
            Ok(event) => tell(desk, &journal, &event)?,
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if looked.is_some_and(|at| at.elapsed() < LOOK) {
            continue;
        }
        looked = Some(Instant::now());
        match journal.poll_changes().and_then(|_| keeper.look()) {
            Ok(found) => {
                if found.has_jumped {
                    say(desk, &journal, "woken", &json!({}))?;
                    if !journal.settings().is_paused {
                        journal.start_scan(None, false);
                    }
                }
                if found.n_queued > 0 {
                    let queued = due(&journal)?;
                    say(desk, &journal, "due", &json!({ "schedules": queued }))?;
                }
                if found.has_work {
                    keeper.start_work();
                }
            }
            Err(error) => {
                say(desk, &journal, "failed", &json!({ "message": error.to_string() }))?;
            }
        }
    }
    drop(watching);
    journal.stop();
    let began = Instant::now();
    while matches!(journal.dream_state(), DreamState::Dreaming { .. })
        && began.elapsed() < LAST_WAIT
    {
        std::thread::sleep(TICK);
    }
    say(desk, &journal, "stopped", &json!({}))?;
    // To be told to stop is how this command ends; that is no failure.
    Ok(Exit::Done)
}

/// The schedules whose work waits or runs.
fn due(journal: &Journal) -> Result<Vec<String>> {
    let all = list_schedules(journal, Empty {})?.schedules;
    Ok(all.into_iter().filter(|one| one.is_queued).map(|one| one.name).collect())
}

/// Numbers and names alone: what was written stays in the journal.
fn tell(desk: &mut Desk<'_, '_>, journal: &Journal, event: &Event) -> Result {
    match event {
        Event::ScanFinished { report }
            if report.n_records_added + report.n_records_changed + report.n_removed > 0 =>
        {
            let found = json!({
                "source": report.source_id,
                "added": report.n_records_added,
                "changed": report.n_records_changed,
                "removed": report.n_removed,
                "failed": report.n_failed,
            });
            say(desk, journal, "scanned", &found)
        }
        Event::ScanFailed { source_id, .. } => {
            say(desk, journal, "scan-failed", &json!({ "source": source_id }))
        }
        Event::DreamMoved { dream: DreamState::Ended { report } } => {
            let found = json!({
                "dream": report.dream_id,
                "mind": report.mind,
                "days": report.days.len(),
                "days_left": report.n_days_left,
                "added": report.n_added,
                "changed": report.n_changed,
                "removed": report.n_removed,
                "took_ms": report.took_ms,
                "cancelled": report.is_cancelled,
            });
            say(desk, journal, "dreamt", &found)
        }
        Event::DreamMoved { dream: DreamState::Failed { .. } } => {
            say(desk, journal, "dream-failed", &json!({}))
        }
        _ => Ok(()),
    }
}

/// One line: the time, what happened, and its numbers.
fn say(desk: &mut Desk<'_, '_>, journal: &Journal, what: &str, with: &serde_json::Value) -> Result {
    let now = journal.clock().now_ms();
    if desk.is_json() {
        let mut line = json!({ "at": now, "journal": journal.name(), "event": what });
        if let (Some(line), Some(with)) = (line.as_object_mut(), with.as_object()) {
            line.extend(with.clone());
        }
        writeln!(desk.terminal.out, "{}", clean::json(&line.to_string()))?;
    } else {
        let offset = journal.settings().calendar()?.offset_at(now);
        let time = times::local(now, offset).format("%Y-%m-%d %H:%M:%S");
        let numbers: Vec<String> = with
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let line = format!("{time} {what} {}", numbers.join(" "));
        writeln!(desk.terminal.out, "{}", clean::one_line(line.trim_end()))?;
    }
    desk.flush()
}
