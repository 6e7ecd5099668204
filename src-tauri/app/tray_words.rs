//! What the tray says and how it looks, from how the journal is.

use chrono::{DateTime, Days, NaiveDateTime};
use rem_core::{
    api::{dreams::DreamState, status::Status},
    clock::Calendar,
};

/// The tray's picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    /// Watching.
    Resting,
    /// A dream runs.
    Dreaming,
    /// Paused.
    Paused,
}

/// Everything about the tray that changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) face: Face,
    /// The first line of the menu.
    pub(crate) status: String,
    /// The line that begins or stops a dream.
    pub(crate) dream: &'static str,
    /// The line that pauses or resumes.
    pub(crate) pause: &'static str,
}

impl Look {
    /// The look before the journal is open.
    pub(crate) fn opening() -> Self {
        Self {
            face: Face::Resting,
            status: "Opening the journal…".into(),
            dream: "Dream now",
            pause: "Pause",
        }
    }

    /// The look of a journal.
    pub(crate) fn of(status: &Status, calendar: &Calendar) -> Self {
        let is_dreaming = matches!(status.dream, DreamState::Dreaming { .. });
        Self {
            face: match (is_dreaming, status.is_paused) {
                (true, _) => Face::Dreaming,
                (false, true) => Face::Paused,
                (false, false) => Face::Resting,
            },
            status: status_line(status, calendar),
            dream: if is_dreaming { "Stop dreaming" } else { "Dream now" },
            pause: if status.is_paused { "Resume" } else { "Pause" },
        }
    }
}

fn status_line(status: &Status, calendar: &Calendar) -> String {
    match (&status.dream, status.last_dream_at) {
        (DreamState::Dreaming { progress }, _) if progress.n_total == 0 => "Dreaming…".into(),
        (DreamState::Dreaming { progress }, _) => {
            let (n_done, n_total) = (progress.n_done, progress.n_total);
            format!("Dreaming: {n_done} of {n_total} {}…", plural(n_total, "day"))
        }
        (DreamState::Failed { .. }, _) => "The last dream failed; open the journal".into(),
        (_, None) => "Not dreamt yet".into(),
        (_, Some(at)) => {
            let n = status.n_moments;
            let when = when(at, status.now, calendar);
            format!("Last dream {when} · {n} {}", plural(n, "moment"))
        }
    }
}

/// "today 03:04", "yesterday 23:10" or "on 5 October".
fn when(at: i64, now: i64, calendar: &Calendar) -> String {
    let (then, now) = (local(at, calendar), local(now, calendar));
    let time = then.format("%H:%M");
    if then.date() == now.date() {
        format!("today {time}")
    } else if Some(then.date()) == now.date().checked_sub_days(Days::new(1)) {
        format!("yesterday {time}")
    } else {
        then.format("on %-d %B").to_string()
    }
}

fn local(at: i64, calendar: &Calendar) -> NaiveDateTime {
    let shift = i64::from(calendar.offset_at(at)) * 60_000;
    DateTime::from_timestamp_millis(at.saturating_add(shift)).unwrap_or_default().naive_utc()
}

fn plural(n: u32, word: &str) -> String {
    if n == 1 { word.into() } else { format!("{word}s") }
}

#[cfg(test)]
mod tests {
    use rem_core::api::dreams::{DreamProgress, Stage};

    use super::*;

    /// 2026-11-21 10:00 in Berlin.
    const NOW: i64 = 1_795_251_600_000;
    const HOUR: i64 = 3_600_000;

    fn berlin() -> Calendar {
        Calendar::new("Europe/Berlin").unwrap()
    }

    fn status(last_dream_at: Option<i64>, dream: &DreamState) -> Status {
        let json = serde_json::json!({
            "journal": "personal", "path": "", "size": 0, "version": "", "zone": "Europe/Berlin",
            "today": "2026-11-21", "now": NOW, "n_notes": 0, "n_sessions": 0, "n_messages": 0,
            "n_moments": 12, "n_sources": 0, "n_days": 0, "n_days_waiting": 0,
            "n_days_provisional": 0, "n_jobs": 0,
            "first_day": null, "last_day": null, "last_dream_at": last_dream_at,
            "next_dream_at": null, "is_paused": false, "mind": "", "dream": dream,
        });
        serde_json::from_value(json).unwrap()
    }

    fn line(last_dream_at: Option<i64>, dream: &DreamState) -> String {
        Look::of(&status(last_dream_at, dream), &berlin()).status
    }

    fn dreaming(n_done: u32, n_total: u32) -> DreamState {
        let (stage, day, last_title) = (Stage::Moments, None, None);
        let progress = DreamProgress {
            stage,
            day,
            n_done,
            n_total,
            n_moments: 0,
            last_title,
            model: None,
            waits_for: None,
            minutes_left: None,
        };
        DreamState::Dreaming { progress }
    }

    #[test]
    fn the_last_dream_is_told_in_the_journals_own_zone() {
        let at = |hours| line(Some(NOW - hours * HOUR), &DreamState::Awake);
        assert_eq!(at(7), "Last dream today 03:00 · 12 moments");
        assert_eq!(at(11), "Last dream yesterday 23:00 · 12 moments");
        assert_eq!(at(24 * 20), "Last dream on 1 November · 12 moments");
    }

    #[test]
    fn a_running_dream_counts_its_days() {
        assert_eq!(line(None, &dreaming(3, 14)), "Dreaming: 3 of 14 days…");
        assert_eq!(line(None, &dreaming(0, 1)), "Dreaming: 0 of 1 day…");
        assert_eq!(line(None, &dreaming(0, 0)), "Dreaming…");
    }

    #[test]
    fn what_was_never_dreamt_says_so() {
        assert_eq!(line(None, &DreamState::Awake), "Not dreamt yet");
    }

    #[test]
    fn the_picture_shows_a_dream_before_a_pause() {
        let mut status = status(None, &dreaming(1, 2));
        status.is_paused = true;
        let look = Look::of(&status, &berlin());
        assert_eq!(
            (look.face, look.dream, look.pause),
            (Face::Dreaming, "Stop dreaming", "Resume")
        );
        status.dream = DreamState::Awake;
        let look = Look::of(&status, &berlin());
        assert_eq!((look.face, look.dream), (Face::Paused, "Dream now"));
    }
}
