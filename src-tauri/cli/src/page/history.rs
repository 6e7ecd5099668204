//! The nights: a list of them, one of them thing by thing, and what undoing one did.

use rem_core::api::history::{
    ChangeCounts, ChangeOp, DreamDetail, DreamDiff, DreamEnd, DreamEntry, EdgeSide, MomentSide,
    ThingDiff, UndoReport,
};

use super::{dotted, review};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::{self, count, thousands},
    wrap,
};

const LABEL_COLUMN: usize = 10;
/// Days that are named one by one.
const NAMED: usize = 3;

/// The dreams, the newest first.
pub(crate) fn list(desk: &mut Desk<'_, '_>, dreams: &[DreamEntry], present: Present) -> Result {
    for (n, dream) in dreams.iter().enumerate() {
        if n > 0 {
            desk.blank()?;
        }
        head(desk, dream, present)?;
    }
    desk.hint("`rem dreams diff ID` shows one thing by thing, `rem dreams undo ID` takes it back.")
}

/// One dream in short.
pub(crate) fn detail(desk: &mut Desk<'_, '_>, detail: &DreamDetail, present: Present) -> Result {
    head(desk, &detail.dream, present)?;
    if detail.calls.n_calls > 0 {
        let took = times::duration(detail.calls.model_ms);
        let calls = format!("{} in {took}", count(detail.calls.n_calls, "call"));
        desk.indented(5, &Line::of(Ink::Quiet, &calls))?;
    }
    if !detail.digest.is_empty() {
        desk.indented(5, &Line::of(Ink::Quiet, &detail.digest))?;
    }
    if !detail.moments.is_empty() {
        desk.blank()?;
    }
    let columns = desk.width();
    for moment in &detail.moments {
        let line = sign(moment.op).and(Ink::Plain, " ").and(Ink::Plain, &moment.title);
        let id = if moment.is_there { moment.id.to_string() } else { String::new() };
        let right = dotted([present.name(&moment.day).as_str(), &id]);
        desk.line(&line.with_right(Line::of(Ink::Quiet, &right), columns))?;
    }
    forgotten(desk, detail.n_forgotten)
}

/// One dream thing by thing, before and after.
pub(crate) fn diff(desk: &mut Desk<'_, '_>, diff: &DreamDiff, present: Present) -> Result {
    head(desk, &diff.dream, present)?;
    let mut last = String::new();
    for thing in &diff.things {
        let part = match thing {
            ThingDiff::Moment { day, .. } | ThingDiff::Story { day, .. } => present.name(day),
            ThingDiff::Review { kind, starts_on, .. } => {
                review::name(*kind, starts_on).unwrap_or_else(|| starts_on.clone())
            }
            ThingDiff::Edge { .. } => "what belongs together".into(),
        };
        if part != last {
            desk.blank()?;
            desk.line(&Line::of(Ink::Strong, &part))?;
            last = part;
        }
        match thing {
            ThingDiff::Moment { before, after, .. } => {
                moment(desk, before.as_deref(), after.as_deref(), present)?;
            }
            ThingDiff::Story { before, after, .. } => {
                changed(desk, "the day’s story", before.as_deref(), after.as_deref())?;
            }
            ThingDiff::Review { before, after, .. } => {
                changed(desk, "the review", before.as_deref(), after.as_deref())?;
            }
            ThingDiff::Edge { before, after, .. } => edge(desk, before.as_ref(), after.as_ref())?,
        }
    }
    forgotten(desk, diff.n_forgotten)
}

/// What undoing did.
pub(crate) fn undone(desk: &mut Desk<'_, '_>, report: &UndoReport) -> Result {
    desk.text(&Line::of(Ink::Strong, &format!("Dream {} is undone.", report.dream.id)))?;
    let say = |n: u32, what: &str| match n {
        0 => String::new(),
        n => format!("{} {what}", count(n, "moment")),
    };
    let edges = match report.n_edges {
        0 => String::new(),
        n => format!("{} as before", count(n, "edge")),
    };
    let parts = [
        say(report.n_removed, "gone"),
        say(report.n_changed, "as before"),
        say(report.n_returned, "back"),
        edges,
    ];
    let parts = dotted(parts.iter().map(String::as_str));
    if !parts.is_empty() {
        desk.text(&Line::of(Ink::Quiet, &parts))?;
    }
    if report.n_kept > 0 {
        let kept = say(report.n_kept, "stayed, because you worked on it");
        let kept = if report.n_kept == 1 { kept } else { kept.replace("on it", "on them") };
        desk.text(&Line::of(Ink::Quiet, &kept))?;
    }
    match u32::try_from(report.days.len()).unwrap_or(u32::MAX) {
        0 => Ok(()),
        n => {
            let wait = if n == 1 { "waits" } else { "wait" };
            desk.hint(&format!("{} {wait} for a dream again: `rem dream`.", count(n, "day")))
        }
    }
}

/// "3 moments new, 1 gone; 2 edges new".
pub(crate) fn what_it_did(dream: &DreamEntry) -> String {
    let say = |counts: ChangeCounts, thing: &str| {
        let parts =
            [(counts.n_added, "new"), (counts.n_changed, "changed"), (counts.n_removed, "gone")];
        let mut said = Vec::new();
        for (n, what) in parts.into_iter().filter(|(n, _)| *n > 0) {
            let n = if said.is_empty() { count(n, thing) } else { thousands(n) };
            said.push(format!("{n} {what}"));
        }
        said.join(", ")
    };
    let (moments, edges) = (say(dream.moments, "moment"), say(dream.edges, "edge"));
    let parts = [moments, edges];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

fn head(desk: &mut Desk<'_, '_>, dream: &DreamEntry, present: Present) -> Result {
    let columns = desk.width();
    let name = Line::of(Ink::Quiet, &format!("{:>3}  ", dream.id))
        .and(Ink::Strong, &when(dream.started_at, present));
    let took = dream
        .minutes
        .map_or(String::new(), |minutes| times::duration((minutes.max(0.0) * 60_000.0) as u64));
    let right = dotted([cause(&dream.cause), &dream.mind, &took]);
    desk.line(&name.with_right(Line::of(Ink::Quiet, &right), columns))?;
    let did = what_it_did(dream);
    let facts = dotted([days(&dream.days, present).as_str(), &did]);
    if !facts.is_empty() {
        desk.indented(5, &Line::plain(&facts))?;
    }
    let ended = match dream.state {
        DreamEnd::Done => String::new(),
        DreamEnd::Running => "has not ended".into(),
        DreamEnd::Cancelled => "stopped before the end".into(),
        DreamEnd::Failed => format!("broke off: {}", dream.reason),
    };
    if !ended.is_empty() {
        desk.indented(5, &Line::of(Ink::Warning, &ended))?;
    }
    match dream.undone_at {
        Some(at) => {
            desk.indented(5, &Line::of(Ink::Warning, &format!("undone {}", when(at, present))))
        }
        None if dream.can_undo => Ok(()),
        None => {
            let why = format!("cannot be undone: {}", dream.why_not);
            desk.indented(5, &Line::of(Ink::Quiet, &why))
        }
    }
}

fn when(at: i64, present: Present) -> String {
    let local = times::local(at, present.calendar.offset_at(at));
    let day = present.name(&present.calendar.day_of(at).to_string());
    format!("{day} {}", local.format("%H:%M"))
}

fn cause(cause: &str) -> &str {
    match cause {
        "now" => "by hand",
        "night" => "at night",
        "saved" => "as you wrote",
        "light" => "lightly",
        "idle" => "while you were away",
        "threshold" => "after much was new",
        "interval" => "every so often",
        "question" => "for a question",
        other => other,
    }
}

fn days(days: &[String], present: Present) -> String {
    if days.len() <= NAMED {
        return days.iter().map(|day| present.name(day)).collect::<Vec<_>>().join(", ");
    }
    match (days.first(), days.last()) {
        (Some(first), Some(last)) => {
            format!("{} days, {} to {}", days.len(), present.name(first), present.name(last))
        }
        _ => String::new(),
    }
}

fn sign(op: ChangeOp) -> Line {
    match op {
        ChangeOp::Added => Line::of(Ink::Strong, "+"),
        ChangeOp::Changed => Line::of(Ink::Quiet, "~"),
        ChangeOp::Removed => Line::of(Ink::Warning, "-"),
    }
}

fn moment(
    desk: &mut Desk<'_, '_>,
    before: Option<&MomentSide>,
    after: Option<&MomentSide>,
    present: Present,
) -> Result {
    let op = match (before, after) {
        (None, _) => ChangeOp::Added,
        (Some(_), Some(_)) => ChangeOp::Changed,
        (Some(_), None) => ChangeOp::Removed,
    };
    let Some(shown) = after.or(before) else { return Ok(()) };
    let head = sign(op).and(Ink::Plain, " ").and(Ink::Strong, &shown.title);
    desk.text(&head)?;
    let (Some(before), Some(after)) = (before, after) else {
        let time = said_time(shown, present);
        desk.indented(2, &Line::of(Ink::Quiet, &dotted([time.as_str(), &shown.moment_type])))?;
        desk.indented(2, &Line::plain(&shown.summary))?;
        let about = about(shown);
        return if about.is_empty() {
            Ok(())
        } else {
            desk.indented(2, &Line::of(Ink::Quiet, &about))
        };
    };
    let joined = |list: &[String]| list.join(", ");
    for (what, old, new) in [
        ("title", before.title.clone(), after.title.clone()),
        ("when", said_time(before, present), said_time(after, present)),
        ("summary", before.summary.clone(), after.summary.clone()),
        ("outcome", before.outcome.clone(), after.outcome.clone()),
        ("type", before.moment_type.clone(), after.moment_type.clone()),
        ("topics", joined(&before.tags), joined(&after.tags)),
        ("people", joined(&before.people), joined(&after.people)),
        ("felt", joined(&before.emotions), joined(&after.emotions)),
        ("by", before.mind.clone(), after.mind.clone()),
    ] {
        if old != new {
            side(desk, what, "-", Ink::Warning, &old)?;
            side(desk, "", "+", Ink::Strong, &new)?;
        }
    }
    Ok(())
}

fn said_time(side: &MomentSide, present: Present) -> String {
    let time = times::span(side.starts_at, side.ends_at, side.offset_minutes, side.precision);
    dotted([present.name(&side.day).as_str(), &time])
}

fn about(side: &MomentSide) -> String {
    let topics = side.tags.iter().map(|tag| format!("#{tag}"));
    let all = side.emotions.iter().cloned().chain(side.people.iter().cloned()).chain(topics);
    all.collect::<Vec<_>>().join(" · ")
}

fn edge(desk: &mut Desk<'_, '_>, before: Option<&EdgeSide>, after: Option<&EdgeSide>) -> Result {
    let said = |edge: &EdgeSide| {
        format!("{}: {:.2}, {}", edge.rel_type.replace('_', " "), edge.weight, edge.context)
    };
    let Some(shown) = after.or(before) else { return Ok(()) };
    let name = format!("{} – {}", shown.from, shown.to);
    changed(desk, &name, before.map(said).as_deref(), after.map(said).as_deref())
}

fn changed(
    desk: &mut Desk<'_, '_>,
    name: &str,
    before: Option<&str>,
    after: Option<&str>,
) -> Result {
    let op = match (before, after) {
        (None, _) => ChangeOp::Added,
        (Some(_), Some(_)) => ChangeOp::Changed,
        (Some(_), None) => ChangeOp::Removed,
    };
    desk.text(&sign(op).and(Ink::Plain, " ").and(Ink::Strong, name))?;
    if let Some(before) = before {
        side(desk, "", "-", Ink::Warning, before)?;
    }
    if let Some(after) = after {
        side(desk, "", "+", Ink::Strong, after)?;
    }
    Ok(())
}

fn side(desk: &mut Desk<'_, '_>, what: &str, sign: &str, ink: Ink, text: &str) -> Result {
    let label = Line::spaces(2).and(Ink::Quiet, what).pad(LABEL_COLUMN);
    let first = label.and(ink, sign).and(Ink::Plain, " ");
    let text = if text.is_empty() { "nothing" } else { text };
    let lines =
        wrap::hang(&first, &Line::spaces(LABEL_COLUMN + 2), &Line::plain(text), desk.width());
    desk.lines(&lines)
}

fn forgotten(desk: &mut Desk<'_, '_>, n: u32) -> Result {
    if n == 0 {
        return Ok(());
    }
    desk.blank()?;
    let said = format!(
        "{} can no longer be told: you forgot the source.",
        if n == 1 { "1 thing".to_owned() } else { format!("{} things", thousands(n)) }
    );
    desk.text(&Line::of(Ink::Warning, &said))
}
