//! What is done without being asked: when, and how.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Error, Result};

/// When what is done without being asked. Times are cron texts of five fields (minute, hour, day of the
/// month, month, day of the week) in the journal's zone; "off" for never.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ScheduleSettings {
    /// Letting fade what nobody returns to, also in nights with nothing to dream.
    pub decay: String,
    /// The nightly dream; empty: every day at `dream_at`.
    pub night: String,
    /// The light dream, without a model: which notes and conversations belong together.
    pub light: String,
    /// The deep dream: a whole one in which a model also judges what belongs together.
    pub deep: String,
    /// Telling conversations in which nobody has written for an hour.
    pub sessions: String,
    /// Dream when nobody has touched the machine for so many minutes, on mains and without load; 0 for
    /// never.
    pub idle_minutes: u32,
    /// Dream when so many notes and messages are new; 0 for never.
    pub threshold_items: u32,
    /// Hours that must lie between a dream and one that idleness or a threshold sets off.
    pub rest_hours: u32,
    /// About how many notes and conversations a model judges in a deep dream.
    pub deep_limit: u32,
    /// Minutes that a dream begun by itself may take, the newest days first; 0 for no limit. What is left
    /// waits for the next one.
    pub budget_minutes: u32,
    /// Nothing of all this happens before, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub paused_until: Option<i64>,
}

impl Default for ScheduleSettings {
    fn default() -> Self {
        Self {
            decay: "0 2 * * *".into(),
            night: String::new(),
            light: "0 */6 * * *".into(),
            deep: "0 2 * * 0".into(),
            sessions: "0 * * * *".into(),
            idle_minutes: 30,
            threshold_items: 0,
            rest_hours: 6,
            deep_limit: 500,
            budget_minutes: 240,
            paused_until: None,
        }
    }
}

/// How the work that waits is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct JobSettings {
    /// Whether the queue is worked on at all. What is switched off waits, and is lost by nothing.
    pub queue_enabled: bool,
    /// Pieces of work at the same time, 1 to 16; only one of them dreams.
    pub workers: u32,
    /// Records that are worked on together, 1 to 1,000.
    pub batch_size: u32,
    /// Tries after the first, 0 to 20.
    pub max_retries: u32,
    /// Seconds before the second try, 1 to 3,600; doubled before each further one.
    pub retry_delay_seconds: u32,
}

impl Default for JobSettings {
    fn default() -> Self {
        Self {
            queue_enabled: true,
            workers: 3,
            batch_size: 10,
            max_retries: 3,
            retry_delay_seconds: 30,
        }
    }
}

impl JobSettings {
    pub(super) fn check(&self) -> Result<()> {
        within("the number of workers", self.workers, 1, 16)?;
        within("the size of a batch", self.batch_size, 1, 1_000)?;
        within("the number of retries", self.max_retries, 0, 20)?;
        within("the seconds before a retry", self.retry_delay_seconds, 1, 3_600)
    }
}

impl ScheduleSettings {
    /// The times themselves are checked by who reads them.
    pub(super) fn check(&self) -> Result<()> {
        within("the minutes of idleness", self.idle_minutes, 0, 24 * 60)?;
        within("the new notes and messages to dream after", self.threshold_items, 0, 1_000_000)?;
        within("the hours between two dreams", self.rest_hours, 0, 7 * 24)?;
        within("the limit of a deep dream", self.deep_limit, 1, 100_000)?;
        within("the minutes a dream by itself may take", self.budget_minutes, 0, 24 * 60)
    }
}

pub(super) fn within(what: &str, value: u32, least: u32, most: u32) -> Result<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::invalid(format!("{what} must lie between {least} and {most}, not {value}")))
}
