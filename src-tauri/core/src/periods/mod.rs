//! Periods: days and their stories; weeks, months and years, told and reckoned.

mod compare;
pub(crate) mod digest;
pub(crate) mod facts;
mod few;
pub(crate) mod hours;
pub(crate) mod keep;
mod on_this_day;
pub(crate) mod plain;
mod review;
mod show;
pub(crate) mod span;
mod story;
mod streaks;
#[cfg(test)]
mod testing;
mod undo;

pub(crate) use few::told_of;
pub(crate) use keep::{Which, mend};
pub(crate) use on_this_day::on_this_day;
pub(crate) use review::show_review;
pub(crate) use show::{list_days, show_day};
pub(crate) use span::Span;
pub(crate) use story::{Story, Telling, stories, tell_again, tell_anew, tell_day, told, weight};
pub(crate) use streaks::streaks;
pub(crate) use undo::undo;
