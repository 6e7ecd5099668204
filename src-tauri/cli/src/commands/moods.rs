//! `rem moods`: what was felt with what.

use clap::{Args, Subcommand};
use rem_core::api::moods::{MoodRequest, mood_by_hour, mood_by_topic, productive_stretches};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
    times::DayWord,
};

const EXAMPLES: &str = "\
Examples:
  rem moods topics                           what was felt with which topic
  rem moods topics --emotion frustrated      what frustrated, by topic, with counts
  rem moods hours --since 2026-01-01         what was felt at which time of day, doing what
  rem moods productive                       the ten longest stretches in which things got done

These are counts; `rem insights` says what is more than chance.";

/// What to count.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub(crate) struct Moods {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Feelings by topics.
    Topics(Which),
    /// Feelings by time of day and type of moment, with where each is most and least frequent.
    Hours(Which),
    /// The longest moments in which somebody felt focused, energetic, determined or proud.
    Productive(Which),
}

#[derive(Debug, Args)]
struct Which {
    /// First day.
    #[arg(long, value_name = "DAY")]
    since: Option<DayWord>,
    /// Last day, included.
    #[arg(long, value_name = "DAY")]
    until: Option<DayWord>,
    /// The feeling that matters, for example frustrated.
    #[arg(long, value_name = "FEELING")]
    emotion: Option<String>,
    /// Rows at most.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true, value_parser = clap::value_parser!(u32).range(0..=500))]
    limit: u32,
}

impl Which {
    fn request(&self, present: Present) -> MoodRequest {
        MoodRequest {
            since: self.since.map(|day| present.day(day)),
            until: self.until.map(|day| present.day(day)),
            emotion: self.emotion.clone(),
            limit: self.limit,
        }
    }
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Moods) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    match &args.action {
        Action::Topics(which) => {
            let found = mood_by_topic(&journal, which.request(present))?;
            if desk.is_json() {
                return desk.json(&found);
            }
            page::moods::topics(desk, &found, which.emotion.as_deref())?;
        }
        Action::Hours(which) => {
            let found = mood_by_hour(&journal, which.request(present))?;
            if desk.is_json() {
                return desk.json(&found);
            }
            page::moods::hours(desk, &found)?;
        }
        Action::Productive(which) => {
            let found = productive_stretches(&journal, which.request(present))?;
            if desk.is_json() {
                return desk.json(&found);
            }
            page::moods::productive(desk, &found, present)?;
        }
    }
    Ok(Exit::Done)
}
