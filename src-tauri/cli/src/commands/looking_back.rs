//! `rem on-this-day` and `rem streaks`: looking back.

use clap::Args;
use rem_core::api::{
    Empty,
    looking_back::{OnThisDay, on_this_day, show_streaks},
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
    times::DayWord,
};

/// Which day to look back from.
#[derive(Debug, Args)]
pub(crate) struct OnThisDayArgs {
    /// The day (2026-10-14, today, yesterday).
    #[arg(value_name = "DAY", default_value = "today")]
    day: DayWord,
    /// Where no earlier year has anything on the day itself, look so many days before and after it.
    #[arg(long, value_name = "DAYS", default_value_t = 3, value_parser = clap::value_parser!(u32).range(0..=15))]
    around: u32,
    /// Moments of each year, the most important first.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=50))]
    limit: u32,
}

pub(crate) fn on_day(desk: &mut Desk<'_, '_>, args: &OnThisDayArgs) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let request = OnThisDay {
        day: Some(present.day(args.day)),
        around: Some(args.around),
        limit: args.limit,
    };
    let found = on_this_day(&journal, request)?;
    if desk.is_json() {
        return desk.json(&found);
    }
    page::looking_back::on_this_day(desk, &found)?;
    Ok(Exit::Done)
}

pub(crate) fn streaks(desk: &mut Desk<'_, '_>) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let found = show_streaks(&journal, Empty {})?;
    if desk.is_json() {
        return desk.json(&found);
    }
    page::looking_back::streaks(desk, &found, present)?;
    Ok(Exit::Done)
}
