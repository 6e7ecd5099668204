//! `rem status`: how the journal is.

use rem_core::api::{
    Empty,
    dreams::DreamState,
    status::{Status, show_status},
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    line::Line,
    palette::Ink,
    times::{self, count},
    wrap,
};

const LABEL_COLUMN: usize = 10;

pub(crate) fn run(desk: &mut Desk<'_, '_>) -> Result<Exit> {
    let journal = desk.open()?;
    let status = show_status(&journal, Empty {})?;
    if desk.is_json() {
        return desk.json(&status);
    }
    let present = Present::of(&journal)?;
    say(desk, "Journal", &format!("{}, {}", status.journal, size(status.size)))?;
    // Never wrapped: a path is there to be copied.
    let label = Line::of(Ink::Quiet, "File").pad(LABEL_COLUMN);
    desk.line(&label.and(Ink::Plain, &status.path))?;
    say(desk, "Written", &written(&status))?;
    say(desk, "Days", &days(&status, present))?;
    say(desk, "Moments", &times::thousands(status.n_moments))?;
    say(desk, "Dreams", &dreams(&status))?;
    say(desk, "Mind", &status.mind)?;
    if status.n_jobs > 0 {
        let verb = if status.n_jobs == 1 { "waits" } else { "wait" };
        say(desk, "Work", &format!("{} {verb}", count(status.n_jobs, "piece")))?;
    }
    if status.n_jobs_dead > 0 {
        let failed = format!("{} failed: `rem jobs` says why", count(status.n_jobs_dead, "piece"));
        say(desk, "", &failed)?;
    }
    say(desk, "Version", &format!("{}, days in {}", status.version, status.zone))?;
    Ok(Exit::Done)
}

fn say(desk: &mut Desk<'_, '_>, label: &str, value: &str) -> Result {
    let first = Line::of(Ink::Quiet, label).pad(LABEL_COLUMN);
    let rest = Line::spaces(LABEL_COLUMN);
    let lines = wrap::hang(&first, &rest, &Line::plain(value), desk.width());
    desk.lines(&lines)
}

fn written(status: &Status) -> String {
    format!(
        "{}, {} with {}, from {}",
        count(status.n_notes, "note"),
        count(status.n_sessions, "conversation"),
        count(status.n_messages, "message"),
        count(status.n_sources, "source"),
    )
}

fn days(status: &Status, present: Present) -> String {
    let waiting = match status.n_days_waiting {
        0 => "all dreamt".to_owned(),
        1 => "1 waits for a dream".to_owned(),
        n => format!("{} wait for a dream", times::thousands(n)),
    };
    match (&status.first_day, &status.last_day) {
        (Some(first), Some(last)) => {
            let (first, last) = (present.name(first), present.name(last));
            format!("{}, {first} to {last}; {waiting}", times::thousands(status.n_days))
        }
        _ => "none yet".into(),
    }
}

fn dreams(status: &Status) -> String {
    let last = status
        .last_dream_at
        .map_or("none yet".to_owned(), |at| format!("last {}", times::distance(at, status.now)));
    let next = match (status.is_paused, status.next_dream_at) {
        (true, _) => "paused".to_owned(),
        (false, Some(at)) => format!("next {}", times::distance(at, status.now)),
        (false, None) => String::new(),
    };
    let running = match status.dream {
        DreamState::Dreaming { .. } => "one runs now",
        _ => "",
    };
    let parts = [last.as_str(), &next, running];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn size(bytes: u64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "one decimal is shown")]
    let megabytes = bytes as f64 / 1_048_576.0;
    if bytes < 1 << 20 {
        format!("{} KB", bytes.div_ceil(1024))
    } else {
        format!("{megabytes:.1} MB")
    }
}
