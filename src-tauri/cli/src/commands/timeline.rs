//! `rem timeline`: the days, each with its mood and story.

use clap::Args;
use rem_core::{
    Journal,
    api::days::{DayMark, DayState, DayView, ListDays, ShowDay, list_days, show_day},
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    line::Line,
    page::{day::moment_line, glyph, mood},
    palette::Ink,
    times::{self, DayWord, count},
};

/// Days shown unless others are asked for.
const FEW: usize = 14;

/// Which days to show.
#[derive(Debug, Default, Args)]
pub(crate) struct Timeline {
    /// First day.
    #[arg(long, value_name = "DAY")]
    from: Option<DayWord>,
    /// Last day, included.
    #[arg(long, value_name = "DAY")]
    until: Option<DayWord>,
    /// Only the last so many days that have something; 14 unless --from or --until is given.
    #[arg(long, value_name = "N")]
    last: Option<usize>,
    /// Show each day's moments too.
    #[arg(long)]
    moments: bool,
    /// Show hidden moments too.
    #[arg(long)]
    with_hidden: bool,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Timeline) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let request = ListDays {
        from: args.from.map(|day| present.day(day)),
        until: args.until.map(|day| present.day(day)),
    };
    let marks = list_days(&journal, request)?;
    let is_bounded = args.from.is_some() || args.until.is_some();
    let n_shown = args.last.unwrap_or(if is_bounded { usize::MAX } else { FEW }).min(marks.len());
    let (earlier, shown) = marks.split_at(marks.len() - n_shown);
    if desk.is_json() {
        return json(desk, &journal, shown, args.with_hidden);
    }
    if marks.is_empty() {
        desk.confirm(if is_bounded {
            "Nothing was written on these days."
        } else {
            "Nothing was written yet: `rem add` keeps a note, `rem import` reads what you have."
        })?;
    }
    if !shown.is_empty() {
        strip(desk, shown, present)?;
    }
    for mark in shown {
        let view = view(&journal, mark, args.with_hidden)?;
        write(desk, &view, args.moments, present)?;
    }
    if !earlier.is_empty() && args.last.is_none() {
        let all = count(i64::try_from(earlier.len()).unwrap_or(i64::MAX), "earlier day");
        desk.hint(&format!("{all}: rem timeline --last {}", marks.len()))?;
    }
    Ok(Exit::Done)
}

/// All days as one JSON list, moments included.
fn json(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    marks: &[DayMark],
    with_hidden: bool,
) -> Result<Exit> {
    let views: Result<Vec<_>> = marks.iter().map(|mark| view(journal, mark, with_hidden)).collect();
    desk.json(&views?)
}

fn view(journal: &Journal, mark: &DayMark, with_hidden: bool) -> Result<DayView> {
    Ok(show_day(journal, ShowDay { day: mark.day.clone(), with_hidden })?)
}

/// The days at a glance, a glyph each.
fn strip(desk: &mut Desk<'_, '_>, marks: &[DayMark], present: Present) -> Result {
    let (Some(first), Some(last)) = (marks.first(), marks.last()) else { return Ok(()) };
    let until = present.name(&last.day);
    let label = if first.day == last.day {
        until
    } else {
        format!("{} – {until}", present.name(&first.day))
    };
    let room = desk.width().saturating_sub(crate::line::width(&label) + 2).max(1);
    let newest = &marks[marks.len().saturating_sub(room)..];
    let glyphs = newest.iter().fold(Line::new(), |line, mark| line.then(glyph(mark.valence)));
    desk.line(&glyphs.and(Ink::Plain, "  ").and(Ink::Quiet, &label))
}

/// A day of a list.
pub(crate) fn write(
    desk: &mut Desk<'_, '_>,
    day: &DayView,
    with_moments: bool,
    present: Present,
) -> Result {
    let columns = desk.width();
    let name =
        times::day(&day.day).map_or(day.day.clone(), |date| times::day_short(date, present.year));
    let n_shown = i64::try_from(day.moments.len()).unwrap_or(i64::MAX);
    let size = match day.state {
        DayState::Waiting => "not dreamt yet".into(),
        DayState::Stale => format!("{}, changed since", count(n_shown, "moment")),
        DayState::Empty | DayState::Dreamt => count(n_shown, "moment"),
    };
    desk.blank()?;
    let head = Line::of(Ink::Strong, &name).pad(16).and(Ink::Plain, " ").then(mood(day.valence));
    desk.line(&head.with_right(Line::of(Ink::Quiet, &size), columns))?;
    if let Some(summary) = day.summary.as_deref().filter(|summary| !summary.is_empty()) {
        desk.indented(2, &Line::plain(summary))?;
    }
    if with_moments {
        for card in &day.moments {
            desk.line(&moment_line(card, 2, columns))?;
        }
    }
    Ok(())
}
