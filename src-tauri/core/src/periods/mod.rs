//! Periods: days and their stories. (Weeks, months and years come with the whole dream.)

mod show;
mod story;

pub(crate) use show::{list_days, show_day};
pub(crate) use story::{Story, Telling, tell_again, tell_day, told, weight};
