//! A day: its story, and its moments on a rail of hours with the empty hours folded away.

use rem_core::{
    api::{
        days::{DayState, DayView},
        moments::MomentCard,
    },
    clock::Precision,
};

use super::{chips, dotted, glyph, mood};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::{Line, width},
    palette::{Ink, Mood},
    times::{self, count},
    wrap,
};

const HOUR: i64 = 3_600_000;
/// The widest common time ("around 15:00", "09:30–10:15").
const TIME_COLUMN: usize = 12;

/// A day as a page.
pub(crate) fn write(desk: &mut Desk<'_, '_>, day: &DayView, present: Present) -> Result {
    let columns = desk.width();
    desk.line(&title(day, present).with_right(mood(day.valence), columns))?;
    if let Some(line) = material(day, present) {
        desk.text(&Line::of(Ink::Quiet, &line))?;
    }
    if let Some(summary) = &day.summary {
        desk.blank()?;
        desk.text(&Line::plain(summary))?;
    }
    if let Some(note) = state(day) {
        desk.blank()?;
        desk.text(&Line::of(Ink::Warning, note))?;
    }
    if !day.moments.is_empty() {
        desk.blank()?;
        rail(desk, &day.moments)?;
    }
    if day.n_hidden > 0 && day.moments.iter().all(|card| !card.is_hidden) {
        desk.blank()?;
        let hidden = count(day.n_hidden, "moment");
        let note = format!("{hidden} hidden: add --with-hidden to see them");
        desk.text(&Line::of(Ink::Quiet, &note))?;
    }
    Ok(())
}

/// A moment on one line, for lists.
pub(crate) fn moment_line(card: &MomentCard, indent: usize, columns: usize) -> Line {
    let time = Line::of(Ink::Quiet, &time(card)).pad(TIME_COLUMN);
    let line = Line::spaces(indent)
        .then(time)
        .and(Ink::Plain, " ")
        .then(glyph(Some(card.valence)))
        .and(Ink::Plain, " ")
        .and(Ink::Plain, &card.title)
        .then(marks(card));
    line.with_right(id(card), columns)
}

fn title(day: &DayView, present: Present) -> Line {
    let Some(date) = times::day(&day.day) else { return Line::of(Ink::Strong, &day.day) };
    let name = present.name(&day.day);
    let title = Line::of(Ink::Strong, &times::day_long(date));
    if name == "today" || name == "yesterday" {
        title.and(Ink::Quiet, " · ").and(Ink::Quiet, &name)
    } else {
        title
    }
}

fn material(day: &DayView, present: Present) -> Option<String> {
    let counted = |n: u32, thing| if n > 0 { count(n, thing) } else { String::new() };
    let dreamt = match (day.dreamt_at, &day.mind) {
        (Some(at), Some(mind)) => format!("dreamt {} by {mind}", times::distance(at, present.now)),
        _ => String::new(),
    };
    let line = dotted([
        counted(day.moments.len().try_into().unwrap_or(u32::MAX), "moment").as_str(),
        &counted(day.n_notes, "note"),
        &counted(day.n_sessions, "conversation"),
        &counted(day.n_messages, "message"),
        &dreamt,
    ]);
    (!line.is_empty()).then_some(line)
}

fn state(day: &DayView) -> Option<&'static str> {
    match day.state {
        DayState::Empty if day.moments.is_empty() => Some("Nothing was written on this day."),
        DayState::Waiting => Some("Not dreamt yet: `rem dream` makes moments of it."),
        DayState::Stale => {
            Some("Something changed since it was dreamt: `rem dream` reads it again.")
        }
        DayState::Empty | DayState::Dreamt => None,
    }
}

fn rail(desk: &mut Desk<'_, '_>, moments: &[MomentCard]) -> Result {
    let times = moments.iter().map(|card| width(&time(card))).max().unwrap_or(0);
    let column = times.max(TIME_COLUMN);
    let mut before: Option<Stop> = None;
    for card in moments {
        let stop = Stop { is_timed: card.precision >= Precision::Hour, ends_at: card.ends_at };
        if let Some(before) = before {
            between(desk, before, card, column)?;
        }
        station(desk, card, column)?;
        // A long moment may outlast those that begin after it.
        let ends_at = before.map_or(stop.ends_at, |before| before.ends_at.max(stop.ends_at));
        before = Some(Stop { ends_at, ..stop });
    }
    Ok(())
}

/// How far the rail has come.
#[derive(Clone, Copy)]
struct Stop {
    is_timed: bool,
    ends_at: i64,
}

/// The way to the next moment: hours without anything are said, not drawn.
fn between(desk: &mut Desk<'_, '_>, before: Stop, card: &MomentCard, column: usize) -> Result {
    let is_rail = before.is_timed && card.precision >= Precision::Hour;
    let empty_hours = (card.starts_at - before.ends_at) / HOUR;
    let label =
        if is_rail && empty_hours >= 2 { format!("{empty_hours} h") } else { String::new() };
    let rail = if is_rail { "┊" } else { "" };
    desk.line(&Line::of(Ink::Quiet, &format!("{label:>column$} {rail}")))
}

fn station(desk: &mut Desk<'_, '_>, card: &MomentCard, column: usize) -> Result {
    let columns = desk.width();
    let ink = Ink::Mood(Mood::of(Some(card.valence)));
    let time = time(card);
    let head = Line::of(Ink::Quiet, &format!("{time:>column$} "))
        .then(glyph(Some(card.valence)))
        .and(Ink::Plain, " ")
        .and(Ink::Strong, &card.title)
        .then(marks(card));
    desk.line(&head.with_right(id(card), columns))?;
    let indent = Line::spaces(column + 1).and(ink, "│ ");
    let outcome =
        if card.outcome.is_empty() { String::new() } else { format!("→ {}", card.outcome) };
    let parts =
        [Line::plain(&card.summary), Line::plain(&outcome), Line::of(Ink::Quiet, &chips(card))];
    for part in parts.iter().filter(|part| !part.is_empty()) {
        desk.lines(&wrap::hang(&indent, &indent, part, columns))?;
    }
    Ok(())
}

fn time(card: &MomentCard) -> String {
    times::span(card.starts_at, card.ends_at, card.offset_minutes, card.precision)
}

fn id(card: &MomentCard) -> Line {
    Line::of(Ink::Quiet, &format!("{}", card.id))
}

fn marks(card: &MomentCard) -> Line {
    let marks = [
        (card.is_pinned, " (pinned)"),
        (card.is_corrected, " (corrected)"),
        (card.is_hidden, " (hidden)"),
    ];
    marks
        .iter()
        .filter(|(is_set, _)| *is_set)
        .fold(Line::new(), |line, (_, mark)| line.and(Ink::Quiet, mark))
}
