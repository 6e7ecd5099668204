//! The journal's settings: kept in its file, so that they travel with it.

mod work;

use chrono::{NaiveTime, Weekday};
use rusqlite::{Connection, OptionalExtension, Transaction};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use self::work::within;
pub use self::work::{JobSettings, ScheduleSettings};
use crate::{Error, Result, clock::Calendar};

mod assistants;
mod consolidation;
pub use assistants::AssistantSettings;
pub use consolidation::{ConsolidationPolicy, Strategy};

/// What a person can set for one journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    /// IANA zone in which times without a zone are read and days are counted.
    pub zone: String,
    /// Minutes after midnight at which a day begins, 0 to 720.
    pub day_start_minutes: u16,
    /// The day on which a week begins: "monday" to "sunday".
    pub week_starts_on: String,
    /// On which half of the earth the person's summers lie: "north" or "south".
    pub hemisphere: String,
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
    /// How what says the same twice is found, and what is proposed.
    pub consolidation: ConsolidationPolicy,
    /// How things fade.
    pub decay: DecaySettings,
    /// Which conversations are summarised.
    pub summaries: SummariesSettings,
    /// When what is done without being asked.
    pub schedule: ScheduleSettings,
    /// How the work that waits is done.
    pub jobs: JobSettings,
    /// What dreams make of moments: reflections and predictions.
    pub insights: InsightSettings,
    /// What the profile looks at.
    pub profile: ProfileSettings,
    /// What assistant programs may do.
    pub assistants: AssistantSettings,
}

/// What the profile looks at, and what it calls active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ProfileSettings {
    /// Dreamt days that it is told from, back from the newest, 7 to 366.
    pub lookback_days: u16,
    /// Days with writing, of the last 30, from which on the person counts as active.
    pub active_days: u8,
    /// Days with writing, of the last 30, from which on they count as moderately active.
    pub moderate_days: u8,
}

impl Default for ProfileSettings {
    fn default() -> Self {
        Self { lookback_days: 30, active_days: 12, moderate_days: 4 }
    }
}

impl ProfileSettings {
    fn check(self) -> Result<()> {
        if !(7..=366).contains(&self.lookback_days) {
            return Err(Error::invalid(format!(
                "the days that the profile is told from must lie between 7 and 366, not {}",
                self.lookback_days
            )));
        }
        let (moderate, active) = (self.moderate_days, self.active_days);
        if moderate == 0 || moderate > active || active > 30 {
            return Err(Error::invalid(format!(
                "days that count as moderately active ({moderate}) and as active ({active}) must be \
                 from 1 to 30, and the first no more than the second"
            )));
        }
        Ok(())
    }
}

/// Which conversations are summarised. The names of the papers are in brackets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct SummariesSettings {
    /// Whether any is (`SUMMARIZATION_ENABLED`).
    pub is_on: bool,
    /// Conversations with fewer messages are not, 2 to 1,000 (`SUMMARIZATION_MIN_EVENTS`).
    pub fewest_messages: u32,
}

impl Default for SummariesSettings {
    fn default() -> Self {
        Self { is_on: true, fewest_messages: 10 }
    }
}

/// How things fade to which nobody returns. The names of the papers are in brackets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DecaySettings {
    /// Whether anything fades (`MEMORY_IMPORTANCE_DECAY_ENABLED`).
    pub is_on: bool,
    /// Share of its weight that a thing loses in a day, 0 to 1 (`MEMORY_BASE_DECAY_RATE`).
    pub base_rate: f64,
    /// No rate is lower (`MEMORY_MIN_DECAY_RATE`).
    pub least_rate: f64,
    /// No rate is higher (`MEMORY_MAX_DECAY_RATE`).
    pub greatest_rate: f64,
    /// How much visits slow it down, 0 to 10; 0: not at all (`MEMORY_ACCESS_COUNT_BOOST`).
    pub access_boost: f64,
}

impl Default for DecaySettings {
    fn default() -> Self {
        Self {
            is_on: true,
            base_rate: 0.001,
            least_rate: 0.0001,
            greatest_rate: 0.01,
            access_boost: 1.0,
        }
    }
}

/// How much is made of reflecting.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ReflectiveMode {
    /// No reflections, and predictions by rule alone: for small machines.
    Lite,
    /// All of it.
    #[default]
    Full,
}

/// What dreams make of moments. The names of the papers are in brackets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct InsightSettings {
    /// Whether anything is: without it there are no reflections and no predictions
    /// (`REFLECTIVE_MEMORY_ENABLED`).
    pub is_on: bool,
    /// How much is (`REFLECTIVE_MEMORY_MODE`).
    pub mode: ReflectiveMode,
    /// Whether dreams reflect (`DREAMING_ENABLED`).
    pub reflects: bool,
    /// Hours before the end of the newest day that a reflection looks at, 1 to 720
    /// (`DREAMING_LOOKBACK_HOURS`).
    pub lookback_hours: u32,
    /// Importance of the moments that it looks at, at least; 0 to 1 (`DREAMING_MIN_IMPORTANCE`).
    pub min_importance: f64,
    /// Moments that it looks at, at most; 3 to 100 (`DREAMING_MAX_SAMPLES`).
    pub max_samples: u32,
}

impl Default for InsightSettings {
    fn default() -> Self {
        Self {
            is_on: true,
            mode: ReflectiveMode::Full,
            reflects: true,
            lookback_hours: 24,
            min_importance: 0.6,
            max_samples: 20,
        }
    }
}

impl InsightSettings {
    /// Whether dreams reflect by themselves: lite counts as no.
    #[must_use]
    pub fn lets_dreams_reflect(&self) -> bool {
        self.is_on && self.reflects && self.mode == ReflectiveMode::Full
    }

    pub(crate) fn check(&self) -> Result<()> {
        if !(1..=720).contains(&self.lookback_hours) {
            return Err(Error::invalid("a reflection looks back 1 to 720 hours"));
        }
        if !(0.0..=1.0).contains(&self.min_importance) {
            return Err(Error::invalid("an importance lies between 0 and 1"));
        }
        if !(3..=100).contains(&self.max_samples) {
            return Err(Error::invalid("a reflection looks at 3 to 100 moments"));
        }
        Ok(())
    }
}

impl DecaySettings {
    fn check(&self) -> Result<()> {
        let rates = [self.least_rate, self.base_rate, self.greatest_rate];
        if !rates.iter().all(|rate| (0.0..=1.0).contains(rate))
            || self.least_rate > self.greatest_rate
        {
            return Err(Error::invalid(
                "rates of fading lie between 0 and 1 a day, and the least is not above the greatest",
            ));
        }
        if !(0.0..=10.0).contains(&self.access_boost) {
            return Err(Error::invalid("the boost by visits must lie between 0 and 10"));
        }
        Ok(())
    }
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
            week_starts_on: "monday".into(),
            hemisphere: "north".into(),
            own_names: Vec::new(),
            dream_at: "03:00".into(),
            is_paused: false,
            theme: "system".into(),
            is_set_up: false,
            mind: MindSettings::default(),
            consolidation: ConsolidationPolicy::default(),
            decay: DecaySettings::default(),
            summaries: SummariesSettings::default(),
            insights: InsightSettings::default(),
            profile: ProfileSettings::default(),
            schedule: ScheduleSettings::default(),
            jobs: JobSettings::default(),
            assistants: AssistantSettings::default(),
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

    /// The day on which a week begins.
    ///
    /// # Errors
    /// `week_starts_on` is not the name of a day.
    pub fn week_start(&self) -> Result<Weekday> {
        // Short names are days for chrono, too; a setting has one way of being written.
        let is_whole = self.week_starts_on.ends_with("day");
        let name = self.week_starts_on.parse().ok().filter(|_| is_whole);
        name.ok_or_else(|| {
            Error::invalid(format!(
                "“{}” is not a day on which a week can begin: write for example monday or sunday",
                self.week_starts_on
            ))
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
        self.week_start()?;
        self.mind.check()?;
        self.consolidation.check()?;
        self.decay.check()?;
        self.profile.check()?;
        self.assistants.check()?;
        self.schedule.check()?;
        self.jobs.check()?;
        if !(2..=1_000).contains(&self.summaries.fewest_messages) {
            return Err(Error::invalid(
                "the fewest messages of a conversation that is summarised lie between 2 and 1000",
            ));
        }
        self.insights.check()?;
        if self.day_start_minutes > 720 {
            return Err(Error::invalid("a day cannot begin later than noon (720 minutes)"));
        }
        if !["north", "south"].contains(&self.hemisphere.as_str()) {
            return Err(Error::invalid(format!(
                "“{}” is not a half of the earth: choose north or south",
                self.hemisphere
            )));
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
