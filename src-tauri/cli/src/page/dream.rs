//! What a dream did.

use rem_core::api::dreams::{DreamReport, DreamtDay};

use super::mood;
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::{self, count, thousands},
};

/// Days told in full unless all are asked for.
const FEW: usize = 7;

/// A dream's report.
pub(crate) fn write(desk: &mut Desk<'_, '_>, report: &DreamReport, present: Present) -> Result {
    desk.text(&Line::of(Ink::Strong, &headline(report)))?;
    if let Some(changes) = changes(report) {
        desk.text(&Line::of(Ink::Quiet, &changes))?;
    }
    if report.is_cancelled {
        let note =
            "Stopped before the end; what was finished is kept and `rem dream` goes on from there.";
        desk.text(&Line::of(Ink::Warning, note))?;
    }
    let shown = if desk.is_verbose() { report.days.len() } else { report.days.len().min(FEW) };
    let left_out = report.days.len() - shown;
    if left_out > 0 {
        desk.blank()?;
        let note = format!("… {} before these: rem timeline", count(as_i64(left_out), "day"));
        desk.line(&Line::of(Ink::Quiet, &note))?;
    }
    for day in report.days.iter().skip(left_out) {
        tell(desk, day, report.is_dry_run, present)?;
    }
    Ok(())
}

fn headline(report: &DreamReport) -> String {
    let days = count(as_i64(report.days.len()), "day");
    let took = times::duration(report.took_ms);
    match (report.days.is_empty(), report.is_dry_run) {
        (true, _) => "Nothing to dream: every day is as it was dreamt.".into(),
        (false, true) => format!("Would dream {days} with {}", report.mind),
        (false, false) => format!("Dreamt {days} in {took} with {}", report.mind),
    }
}

fn changes(report: &DreamReport) -> Option<String> {
    if report.days.is_empty() || report.is_dry_run {
        return None;
    }
    Some(format!(
        "{} read; moments: {} new, {} changed, {} as before, {} gone",
        count(report.n_records, "record"),
        thousands(report.n_added),
        thousands(report.n_changed),
        thousands(report.n_unchanged),
        thousands(report.n_removed),
    ))
}

fn tell(desk: &mut Desk<'_, '_>, day: &DreamtDay, is_dry_run: bool, present: Present) -> Result {
    let name =
        times::day(&day.day).map_or(day.day.clone(), |date| times::day_short(date, present.year));
    let size = if is_dry_run {
        let pieces = count(day.n_chunks, "piece");
        format!("{pieces} of writing, {}", count(day.n_episodes, "episode"))
    } else {
        count(day.n_moments, "moment")
    };
    let mut head = Line::of(Ink::Strong, &name).pad(12).and(Ink::Plain, " ");
    if !is_dry_run {
        head = head.then(mood(day.valence).pad(10));
    }
    desk.blank()?;
    desk.line(&head.and(Ink::Quiet, &size).fit(desk.width()))?;
    if day.summary.is_empty() { Ok(()) } else { desk.indented(2, &Line::plain(&day.summary)) }
}

fn as_i64(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
