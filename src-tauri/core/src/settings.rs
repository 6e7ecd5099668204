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

    pub(crate) fn check(&self) -> Result<()> {
        self.calendar()?;
        self.dream_time()?;
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
