//! Moods: what was felt with what.

mod felt;
mod hours;
mod productive;
mod topics;

pub(crate) use hours::by_hour;
pub(crate) use productive::productive;
pub(crate) use topics::by_topic;
