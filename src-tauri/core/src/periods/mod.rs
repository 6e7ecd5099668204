//! Periods: days and their stories. (Weeks, months and years come with the whole dream.)

mod show;
mod story;
mod undo;

pub(crate) use show::{list_days, show_day};
pub(crate) use story::{Story, Telling, tell_again, tell_anew, tell_day, told, weight};
pub(crate) use undo::undo;
