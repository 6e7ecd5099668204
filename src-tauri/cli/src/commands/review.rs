//! `rem review`: a day, a week, a month or a year, told and reckoned.

use clap::{Args, ValueEnum};
use rem_core::{
    Journal,
    api::{
        days::{DayView, ListDays, ShowDay, list_days, show_day},
        periods::{PeriodKind, ReviewView, ShowReview, show_review},
    },
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
    times::DayWord,
};

/// Which period to look back on.
#[derive(Debug, Args)]
pub(crate) struct Review {
    /// How much to look back on.
    #[arg(value_name = "PERIOD", default_value = "week")]
    what: What,
    /// A day in it (2026-10-14, today, yesterday).
    #[arg(value_name = "DAY", default_value = "today")]
    day: DayWord,
    /// Write Markdown with every moment: its time, topics, outcome, people and emotions.
    #[arg(long, conflicts_with = "json")]
    markdown: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// One day; `rem show` shows it, too.
    Day,
    /// The week in which it lies, from the day on which yours begins.
    Week,
    /// The month.
    Month,
    /// The year.
    Year,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Review) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let day = present.day(args.day);
    let kind = match args.what {
        What::Day => return one_day(desk, &journal, day, args.markdown, present),
        What::Week => PeriodKind::Week,
        What::Month => PeriodKind::Month,
        What::Year => PeriodKind::Year,
    };
    let review = show_review(&journal, ShowReview { kind, day: Some(day) })?;
    if desk.is_json() {
        return desk.json(&review);
    }
    if args.markdown {
        page::markdown::review(desk, &review)?;
        for day in days_of(&journal, &review)? {
            page::markdown::day(desk, &show_day(&journal, day)?, 2)?;
        }
        return Ok(Exit::Done);
    }
    page::review::write(desk, &review, present)?;
    if let Some(outcome) = review.outcomes.first() {
        desk.hint(&format!("A moment with the words it rests on: rem show {}", outcome.moment_id))?;
    }
    Ok(Exit::Done)
}

fn one_day(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    day: String,
    is_markdown: bool,
    present: Present,
) -> Result<Exit> {
    let view: DayView = show_day(journal, ShowDay { day, with_hidden: false })?;
    if desk.is_json() {
        return desk.json(&view);
    }
    if is_markdown {
        page::markdown::day(desk, &view, 1)?;
    } else {
        page::day::write(desk, &view, present)?;
    }
    Ok(Exit::Done)
}

/// The days of a review that have moments.
fn days_of(journal: &Journal, review: &ReviewView) -> Result<Vec<ShowDay>> {
    let (from, until) = (Some(review.starts_on.clone()), Some(review.ends_on.clone()));
    let marks = list_days(journal, ListDays { from, until })?;
    let with_moments = marks.into_iter().filter(|mark| mark.n_moments > 0);
    Ok(with_moments.map(|mark| ShowDay { day: mark.day, with_hidden: false }).collect())
}
