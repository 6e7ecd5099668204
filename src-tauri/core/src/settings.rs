//! The journal's settings: kept in its file, so that they travel with it.

use chrono::NaiveTime;
use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Error, Result, clock::Calendar};

/// What a person can set for one journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// IANA zone in which times without a zone are read and days are counted.
    pub zone: String,
    /// Minutes after midnight at which a day begins, 0 to 720.
    pub day_start_minutes: u16,
    /// The names under which the journal's owner writes in chats.
    pub own_names: Vec<String>,
    /// When the nightly dream is due, `HH:MM` in local time.
    pub dream_at: String,
    /// Whether watching and nightly dreams are paused.
    pub is_paused: bool,
    /// "system", "night" or "paper".
    pub theme: String,
    /// Whether the first-run guide was finished.
    pub is_set_up: bool,
    /// What dreams, and how.
    pub mind: MindSettings,
    /// When what is done without being asked.
    pub schedule: ScheduleSettings,
    /// How the work that waits is done.
    pub jobs: JobSettings,
}

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
    fn check(&self) -> Result<()> {
        within("the number of workers", self.workers, 1, 16)?;
        within("the size of a batch", self.batch_size, 1, 1_000)?;
        within("the number of retries", self.max_retries, 0, 20)?;
        within("the seconds before a retry", self.retry_delay_seconds, 1, 3_600)
    }
}

impl ScheduleSettings {
    /// The times themselves are checked by who reads them.
    fn check(&self) -> Result<()> {
        within("the minutes of idleness", self.idle_minutes, 0, 24 * 60)?;
        within("the new notes and messages to dream after", self.threshold_items, 0, 1_000_000)?;
        within("the hours between two dreams", self.rest_hours, 0, 7 * 24)?;
        within("the limit of a deep dream", self.deep_limit, 1, 100_000)?;
        within("the minutes a dream by itself may take", self.budget_minutes, 0, 24 * 60)
    }
}

fn within(what: &str, value: u32, least: u32, most: u32) -> Result<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::invalid(format!("{what} must lie between {least} and {most}, not {value}")))
}

/// Where models are looked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ServerKind {
    /// Ollama.
    #[default]
    Ollama,
    /// A server that speaks the OpenAI API, such as llama.cpp or LM Studio.
    Openai,
    /// Nowhere: the built-in analyser does everything.
    Off,
}

/// What dreams, and how.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct MindSettings {
    /// Where models are looked for.
    pub server: ServerKind,
    /// The server's address; empty for `OLLAMA_HOST`, or 127.0.0.1:11434. An OpenAI server has no default.
    pub address: String,
    /// The address outside this machine to which the person has agreed to send what they wrote. It must
    /// be equal to `address`, or nothing is sent.
    pub agreed_address: String,
    /// The model that reads episodes and pairs; empty: the best of those installed that fits; "off": the
    /// built-in analyser.
    pub fast_model: String,
    /// The model that tells days; empty: the same as the fast one; "off": the built-in analyser.
    pub deep_model: String,
    /// The model that embeds; empty: the best of those installed; "off": the built-in embedder.
    pub embedding_model: String,
    /// Tokens of window to ask for, prompt and reply together, 2,048 to 262,144.
    pub window_tokens: u32,
    /// Calls at the same time, 1 to 8. More than the server's own setting only queue there.
    pub concurrency: u8,
    /// Minutes of model time a dream may take; 0 for no limit.
    pub most_minutes: u32,
    /// Milliseconds of rest between two calls, about; 0 for none.
    pub min_gap_ms: u32,
    /// Whether a nightly dream waits while the machine runs on its battery.
    pub waits_on_battery: bool,
    /// Whether a nightly dream waits while the person uses the machine.
    pub waits_while_active: bool,
}

impl Default for MindSettings {
    fn default() -> Self {
        Self {
            server: ServerKind::Ollama,
            address: String::new(),
            agreed_address: String::new(),
            fast_model: String::new(),
            deep_model: String::new(),
            embedding_model: String::new(),
            window_tokens: 8192,
            concurrency: 1,
            most_minutes: 120,
            min_gap_ms: 500,
            waits_on_battery: true,
            waits_while_active: true,
        }
    }
}

impl MindSettings {
    fn check(&self) -> Result<()> {
        let (fast, deep) = (self.fast_model.trim(), self.deep_model.trim());
        if fast == "off" && !["", "off"].contains(&deep) {
            return Err(Error::invalid(
                "a model that tells the days needs one that reads them: choose both, or neither",
            ));
        }
        within("the window in tokens", self.window_tokens, 2048, 262_144)?;
        within("the number of calls at the same time", u32::from(self.concurrency), 1, 8)?;
        within("the minutes a dream may take", self.most_minutes, 0, 24 * 60)?;
        within("the rest between two calls in milliseconds", self.min_gap_ms, 0, 60_000)
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            zone: "UTC".into(),
            day_start_minutes: 0,
            own_names: Vec::new(),
            dream_at: "03:00".into(),
            is_paused: false,
            theme: "system".into(),
            is_set_up: false,
            mind: MindSettings::default(),
            schedule: ScheduleSettings::default(),
            jobs: JobSettings::default(),
        }
    }
}

impl Settings {
    /// The zone and start of the day.
    ///
    /// # Errors
    /// The zone is unknown.
    pub fn calendar(&self) -> Result<Calendar> {
        let mut calendar = Calendar::new(&self.zone)?;
        calendar.day_start_minutes = self.day_start_minutes;
        Ok(calendar)
    }

    /// When the nightly dream is due.
    ///
    /// # Errors
    /// `dream_at` is not a time of day.
    pub fn dream_time(&self) -> Result<NaiveTime> {
        NaiveTime::parse_from_str(&self.dream_at, "%H:%M").map_err(|_| {
            Error::invalid(format!("“{}” is not a time of day such as 03:00", self.dream_at))
        })
    }

    /// Whether nothing is to happen without being asked for.
    #[must_use]
    pub fn rests(&self, now: i64) -> bool {
        self.is_paused || self.schedule.paused_until.is_some_and(|until| now < until)
    }

    pub(crate) fn check(&self) -> Result<()> {
        self.calendar()?;
        self.dream_time()?;
        self.mind.check()?;
        self.schedule.check()?;
        self.jobs.check()?;
        if self.day_start_minutes > 720 {
            return Err(Error::invalid("a day cannot begin later than noon (720 minutes)"));
        }
        if !["system", "night", "paper"].contains(&self.theme.as_str()) {
            return Err(Error::invalid(format!(
                "“{}” is not a theme: choose system, night or paper",
                self.theme
            )));
        }
        Ok(())
    }

    /// Reads the settings; values that are not there keep their default. Absent altogether: `None`.
    pub(crate) fn load(connection: &Connection) -> Result<Option<Self>> {
        let kept: Option<String> = connection
            .query_row("SELECT value FROM settings WHERE key = 'journal'", [], |row| row.get(0))
            .optional()?;
        kept.map(|text| {
            serde_json::from_str(&text).map_err(|error| {
                Error::invalid(format!("the journal's settings are damaged: {error}"))
            })
        })
        .transpose()
    }

    pub(crate) fn save(&self, tx: &Transaction<'_>) -> Result<()> {
        let text = serde_json::to_string(self)
            .map_err(|error| Error::invalid(format!("these settings cannot be kept: {error}")))?;
        tx.execute(
            "INSERT INTO settings (key, value) VALUES ('journal', ?1)
             ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            [text],
        )?;
        Ok(())
    }
}
