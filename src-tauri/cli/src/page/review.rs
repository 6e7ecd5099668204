//! A week, a month or a year.

use chrono::Datelike as _;
use rem_core::api::periods::{KindHours, NameCount, PeriodKind, ReviewState, ReviewView};

use super::{dotted, heading, mood};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::{Line, width},
    palette::Ink,
    times::{self, count},
};

/// Columns of the longest bar.
const BAR: usize = 24;
/// People and topics that are named unless all are wanted.
const FEW_NAMES: usize = 8;

/// A review as a page.
pub(crate) fn write(desk: &mut Desk<'_, '_>, review: &ReviewView, present: Present) -> Result {
    let name = name(review.kind, &review.starts_on).unwrap_or_else(|| review.starts_on.clone());
    let running = if review.is_running { " · so far" } else { "" };
    let head = Line::of(Ink::Strong, &name).and(Ink::Quiet, running);
    let columns = desk.width();
    desk.line(&head.with_right(mood(review.valence), columns))?;
    let material = material(review, present);
    if !material.is_empty() {
        desk.text(&Line::of(Ink::Quiet, &material))?;
    }
    told(desk, review)?;
    for note in notes(review) {
        desk.blank()?;
        desk.text(&Line::of(Ink::Warning, &note))?;
    }
    hours(desk, review)?;
    outcomes(desk, review, present)?;
    names(desk, "People", &review.people)?;
    names(desk, "Topics", &review.topics)?;
    if let Some(best) = &review.best_day {
        let outcomes = count(best.n_outcomes, "outcome");
        let time =
            if best.minutes > 0 { format!("in {}", duration(best.minutes)) } else { String::new() };
        let line = format!("{}: {outcomes} {time}", long(&best.day));
        section(desk, "Most productive day", line.trim_end())?;
    }
    if !review.differences.text.is_empty() {
        section(desk, "Different from before", &review.differences.text)?;
    }
    Ok(())
}

/// "Week of 12–18 October 2026", "October 2026", "2026".
pub(crate) fn name(kind: PeriodKind, starts_on: &str) -> Option<String> {
    let from = times::day(starts_on)?;
    Some(match kind {
        PeriodKind::Week => {
            let until = from + chrono::Days::new(6);
            let first = if from.month() == until.month() {
                from.format("%-d")
            } else if from.year() == until.year() {
                from.format("%-d %B ")
            } else {
                from.format("%-d %B %Y ")
            };
            let dash = if from.month() == until.month() { "–" } else { "– " };
            format!("Week of {first}{dash}{}", until.format("%-d %B %Y"))
        }
        PeriodKind::Month => from.format("%B %Y").to_string(),
        PeriodKind::Year => from.year().to_string(),
    })
}

fn material(review: &ReviewView, present: Present) -> String {
    let counted = |n: u32, thing| if n > 0 { count(n, thing) } else { String::new() };
    let told = match review.told_at {
        Some(at) => format!("told {} by {}", times::distance(at, present.now), review.mind),
        None => String::new(),
    };
    dotted([
        counted(review.n_moments, "moment").as_str(),
        &counted(review.n_days, "day"),
        &counted(review.n_records, "record"),
        &told,
    ])
}

fn told(desk: &mut Desk<'_, '_>, review: &ReviewView) -> Result {
    if !review.title.is_empty() {
        desk.blank()?;
        desk.text(&Line::of(Ink::Strong, &review.title))?;
    }
    if review.summary.is_empty() { Ok(()) } else { desk.text(&Line::plain(&review.summary)) }
}

/// What is to be known beside it.
pub(crate) fn notes(review: &ReviewView) -> Vec<String> {
    let kind = word(review.kind);
    let state = match review.state {
        ReviewState::Empty => Some(format!("Nothing was written in this {kind}.")),
        ReviewState::Waiting => Some(format!("This {kind} is not told yet: `rem dream` does it.")),
        ReviewState::Stale => {
            Some("Something changed since it was told: `rem dream` tells it again.".into())
        }
        ReviewState::Told => None,
    };
    let thin = review.is_thin.then(|| {
        let (days, moments) = (count(review.n_days, "day"), count(review.n_moments, "moment"));
        format!("Too little for more than its own words: {moments} on {days}.")
    });
    let provisional = (review.is_provisional && review.state == ReviewState::Told).then(|| {
        if review.is_by_model {
            "The text is older than the last changes; it is told again when there is a model."
                .into()
        } else {
            "Told without a model; told again when there is one.".into()
        }
    });
    [state, thin, provisional].into_iter().flatten().collect()
}

fn hours(desk: &mut Desk<'_, '_>, review: &ReviewView) -> Result {
    if review.hours.is_empty() {
        return Ok(());
    }
    desk.blank()?;
    desk.line(&heading("Hours"))?;
    let all = |kind: &KindHours| kind.minutes + kind.approximate_minutes;
    let most = review.hours.iter().map(all).max().unwrap_or(0);
    let names = review.hours.iter().map(|kind| width(&kind.moment_type)).max().unwrap_or(0);
    let columns = desk.width();
    for kind in &review.hours {
        let line = Line::spaces(2)
            .then(Line::plain(&kind.moment_type).pad(names + 2))
            .then(bar(kind, most).pad(if most > 0 { BAR + 2 } else { 0 }))
            .and(Ink::Plain, &lasted(kind));
        let moments = count(kind.n_moments, "moment");
        desk.line(&line.with_right(Line::of(Ink::Quiet, &moments), columns))?;
    }
    let sum = match (review.minutes, review.approximate_minutes) {
        (0, 0) => "No moment has a known length.".to_owned(),
        (minutes, 0) => format!("{} in all; no minute counts twice", duration(minutes)),
        (0, about) => format!("about {} in all (approximate)", duration(about)),
        (minutes, about) => format!(
            "{} in all, and about {} more (approximate); no minute counts twice",
            duration(minutes),
            duration(about)
        ),
    };
    desk.indented(2, &Line::of(Ink::Quiet, &sum))?;
    let n_without: u32 = review.hours.iter().map(|kind| kind.n_without_length).sum();
    if n_without > 0 && (review.minutes, review.approximate_minutes) != (0, 0) {
        let note =
            format!("{} without a known length counted no minute", count(n_without, "moment"));
        desk.indented(2, &Line::of(Ink::Quiet, &note))?;
    }
    Ok(())
}

/// Full for what is known by the clock, light for what is known about.
fn bar(kind: &KindHours, most: u32) -> Line {
    let columns = |minutes: u32| {
        let share = minutes as usize * BAR;
        if minutes == 0 { 0 } else { (share / most.max(1) as usize).max(1) }
    };
    Line::plain(&"█".repeat(columns(kind.minutes)))
        .and(Ink::Quiet, &"░".repeat(columns(kind.approximate_minutes)))
}

fn lasted(kind: &KindHours) -> String {
    match (kind.minutes, kind.approximate_minutes) {
        (0, 0) => "–".into(),
        (minutes, 0) => duration(minutes),
        (0, about) => format!("about {}", duration(about)),
        (minutes, about) => format!("{} + about {}", duration(minutes), duration(about)),
    }
}

fn outcomes(desk: &mut Desk<'_, '_>, review: &ReviewView, present: Present) -> Result {
    if review.outcomes.is_empty() {
        return Ok(());
    }
    desk.blank()?;
    let left = i64::from(review.n_outcomes) - i64::try_from(review.outcomes.len()).unwrap_or(0);
    let label = if left > 0 { format!("Outcomes (and {left} more)") } else { "Outcomes".into() };
    desk.line(&heading(&label))?;
    let columns = desk.width();
    for outcome in &review.outcomes {
        let day = times::day(&outcome.day)
            .map_or_else(|| outcome.day.clone(), |day| times::day_short(day, present.year));
        let head = Line::spaces(2)
            .then(Line::of(Ink::Quiet, &day).pad(16))
            .and(Ink::Plain, &outcome.title);
        let id = Line::of(Ink::Quiet, &outcome.moment_id.to_string());
        desk.line(&head.with_right(id, columns))?;
        desk.indented(4, &Line::plain(&format!("→ {}", outcome.outcome)))?;
    }
    Ok(())
}

fn names(desk: &mut Desk<'_, '_>, label: &str, names: &[NameCount]) -> Result {
    let most = if desk.is_verbose() { names.len() } else { FEW_NAMES };
    let said: Vec<String> = names
        .iter()
        .take(most)
        .map(|name| format!("{} {}", name.name, times::thousands(name.n_moments)))
        .collect();
    if said.is_empty() { Ok(()) } else { section(desk, label, &said.join(" · ")) }
}

fn section(desk: &mut Desk<'_, '_>, label: &str, text: &str) -> Result {
    desk.blank()?;
    desk.line(&heading(label))?;
    desk.indented(2, &Line::plain(text))
}

fn long(day: &str) -> String {
    times::day(day).map_or_else(|| day.to_owned(), times::day_long)
}

fn word(kind: PeriodKind) -> &'static str {
    match kind {
        PeriodKind::Week => "week",
        PeriodKind::Month => "month",
        PeriodKind::Year => "year",
    }
}

/// "5 h 30 min", "40 min", "12 h".
pub(crate) fn duration(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{} h", times::thousands(hours)),
        (hours, minutes) => format!("{} h {minutes} min", times::thousands(hours)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_is_named_by_its_days() {
        let week = |day: &str| name(PeriodKind::Week, day).unwrap_or_default();
        assert_eq!(week("2026-10-12"), "Week of 12–18 October 2026");
        assert_eq!(week("2026-10-26"), "Week of 26 October – 1 November 2026");
        assert_eq!(week("2026-12-28"), "Week of 28 December 2026 – 3 January 2027");
        assert_eq!(name(PeriodKind::Month, "2026-10-01").as_deref(), Some("October 2026"));
        assert_eq!(name(PeriodKind::Year, "1660-01-01").as_deref(), Some("1660"));
    }

    #[test]
    fn what_is_known_about_is_said_to_be_about() {
        let kind = |minutes, approximate_minutes| KindHours {
            moment_type: "work_session".into(),
            n_moments: 1,
            n_without_length: 0,
            minutes,
            approximate_minutes,
        };
        assert_eq!(lasted(&kind(330, 0)), "5 h 30 min");
        assert_eq!(lasted(&kind(60, 45)), "1 h + about 45 min");
        assert_eq!(lasted(&kind(0, 120)), "about 2 h");
        assert_eq!(lasted(&kind(0, 0)), "–");
    }
}
