//! This day in earlier years, and days in a row.

use rem_core::api::looking_back::{DayInYears, StoryLine, Streak, Streaks, YearBack};

use super::{day::moment_line, heading, mood};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::{self, count},
    wrap,
};

/// The earlier years of a day.
pub(crate) fn on_this_day(desk: &mut Desk<'_, '_>, found: &DayInYears) -> Result {
    let name = times::day(&found.day).map_or_else(|| found.day.clone(), times::day_long);
    desk.text(&Line::of(Ink::Strong, &name))?;
    if found.years.is_empty() {
        return desk.confirm("No earlier year has anything on this day or near it.");
    }
    if !found.note.is_empty() {
        desk.text(&Line::of(Ink::Quiet, &found.note))?;
    }
    for year in &found.years {
        desk.blank()?;
        one_year(desk, year)?;
    }
    let first = found.years.first();
    if let Some(moment) = first.and_then(|year| year.moments.first()) {
        desk.hint(&format!("A moment with the words it rests on: rem show {}", moment.id))?;
    }
    Ok(())
}

fn one_year(desk: &mut Desk<'_, '_>, year: &YearBack) -> Result {
    let columns = desk.width();
    let ago = format!("{} ago", count(year.years_ago, "year"));
    let day = times::day(&year.day).map_or_else(|| year.day.clone(), times::day_long);
    let head = Line::of(Ink::Strong, &ago).and(Ink::Quiet, " · ").and(Ink::Quiet, &day);
    desk.line(&head.with_right(mood(year.valence), columns))?;
    if let Some(summary) = &year.summary {
        desk.indented(2, &Line::plain(summary))?;
    }
    for card in &year.moments {
        desk.line(&moment_line(card, 2, columns))?;
    }
    let left = i64::from(year.n_moments) - i64::try_from(year.moments.len()).unwrap_or(0);
    if left > 0 {
        let more = format!("{} more: rem show {}", count(left, "moment"), year.day);
        desk.indented(2, &Line::of(Ink::Quiet, &more))?;
    }
    Ok(())
}

/// Days in a row.
pub(crate) fn streaks(desk: &mut Desk<'_, '_>, found: &Streaks, present: Present) -> Result {
    one_streak(desk, "Written", &found.written, present)?;
    desk.blank()?;
    one_streak(desk, "With moments", &found.moments, present)
}

fn one_streak(desk: &mut Desk<'_, '_>, name: &str, streak: &Streak, present: Present) -> Result {
    desk.line(&heading(name))?;
    let (Some(first), Some(last)) = (&streak.first_day, &streak.last_day) else {
        return desk.indented(2, &Line::plain("No day yet."));
    };
    let now = match (&streak.current_since, streak.has_today) {
        (Some(since), true) => {
            format!("{} in a row, since {}", count(streak.current, "day"), present.name(since))
        }
        (Some(since), false) => format!(
            "{} in a row, since {}; today is still to come",
            count(streak.current, "day"),
            present.name(since)
        ),
        (None, _) => format!("no streak now; the last day was {}", present.name(last)),
    };
    desk.indented(2, &Line::plain(&now))?;
    if let (Some(from), Some(until)) = (&streak.longest_from, &streak.longest_until) {
        let days = if from == until {
            present.name(from)
        } else {
            format!("{} to {}", present.name(from), present.name(until))
        };
        let longest = format!("longest: {}, {days}", count(streak.longest, "day"));
        desk.indented(2, &Line::of(Ink::Quiet, &longest))?;
    }
    let all = format!(
        "{} in all since {}; {} of the last 30",
        count(streak.n_days, "day"),
        present.name(first),
        streak.n_last_30
    );
    desk.indented(2, &Line::of(Ink::Quiet, &all))
}

/// A story of a few sentences, each with its day.
pub(crate) fn story(desk: &mut Desk<'_, '_>, lines: &[StoryLine], present: Present) -> Result {
    let rest = Line::spaces(18);
    let mut day = "";
    for line in lines {
        let first = if line.day == day {
            rest.clone()
        } else {
            Line::spaces(2).then(Line::of(Ink::Quiet, &present.name(&line.day)).fit(15).pad(16))
        };
        day = &line.day;
        desk.lines(&wrap::hang(&first, &rest, &Line::plain(&line.text), desk.width()))?;
    }
    Ok(())
}
