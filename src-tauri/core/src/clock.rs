//! Time as the journal knows it: when something happened, how precisely that is known, and which
//! local day it belongs to.
//!
//! The wall clock itself is passed in by the shells as a [`Clock`], so that every test has a fixed one.

use std::{fmt, str::FromStr, sync::Arc};

use chrono::{
    DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone,
    Utc,
};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Error, Result};

/// Gives the present instant.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>);

impl Clock {
    /// A clock that asks `now` each time; the shells pass `chrono::Utc::now`.
    pub fn from_fn(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// A clock that stands still, for tests and for the sample journal.
    #[must_use]
    pub fn fixed(at: DateTime<Utc>) -> Self {
        Self::from_fn(move || at)
    }

    /// The present instant.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        (self.0)()
    }

    /// The present instant in Unix milliseconds.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        self.now().timestamp_millis()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Clock({})", self.now())
    }
}

/// How precisely a time is known. Ordered from vague to precise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// A guess, such as the time a file was last saved.
    Unknown,
    /// The day is known, the time of day is not.
    Day,
    /// The time of day is known roughly ("in the morning", "around 3").
    Hour,
    /// A clock time was written down or stamped.
    Exact,
}

impl Precision {
    /// The word in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::Exact => "exact",
        }
    }
}

impl FromStr for Precision {
    type Err = Error;

    fn from_str(word: &str) -> Result<Self> {
        match word {
            "unknown" => Ok(Self::Unknown),
            "day" => Ok(Self::Day),
            "hour" => Ok(Self::Hour),
            "exact" => Ok(Self::Exact),
            other => Err(Error::invalid(format!("“{other}” is not a precision"))),
        }
    }
}

/// A time as a source gives it, before the journal's zone is applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stamp {
    /// An instant in Unix milliseconds, shown in the journal's zone.
    Instant(i64),
    /// An instant in Unix milliseconds with the offset (minutes east of UTC) in force where it was made.
    Offset(i64, i32),
    /// A wall-clock time without a zone: read in the journal's zone.
    Local(NaiveDateTime),
    /// A day without a time.
    Date(NaiveDate),
}

/// A [`Stamp`], until when it lasted if that is said, and how precisely it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamped {
    /// When it happened or began.
    pub at: Stamp,
    /// When it ended, where the source says so ("14:30 – 16:00").
    pub until: Option<Stamp>,
    /// How precisely `at` is known. [`Stamp::Date`] is never more than [`Precision::Day`].
    pub precision: Precision,
}

impl Stamped {
    /// A clock time.
    #[must_use]
    pub fn exact(at: Stamp) -> Self {
        Self { at, until: None, precision: Precision::Exact }
    }

    /// A day.
    #[must_use]
    pub fn date(day: NaiveDate) -> Self {
        Self { at: Stamp::Date(day), until: None, precision: Precision::Day }
    }
}

/// A time in the journal: an instant, the offset in force then, the local day it belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// Unix milliseconds. For [`Precision::Day`] the first instant of the day.
    pub at: i64,
    /// Unix milliseconds of the end, if known.
    pub until: Option<i64>,
    /// Minutes east of UTC.
    pub offset_minutes: i32,
    /// The journal's day, with the person's start of the day applied.
    pub day: NaiveDate,
    /// How precisely `at` is known.
    pub precision: Precision,
}

/// The person's zone and start of the day: turns stamps into times of the journal.
#[derive(Debug, Clone, Copy)]
pub struct Calendar {
    /// IANA zone.
    pub zone: Tz,
    /// Minutes after midnight at which a day begins: 0 by default, 240 for night owls.
    pub day_start_minutes: u16,
}

impl Calendar {
    /// A calendar in `zone` (an IANA name such as "Europe/Berlin") whose days begin at midnight.
    ///
    /// # Errors
    /// The name is not an IANA zone.
    pub fn new(zone: &str) -> Result<Self> {
        let zone = zone.parse().map_err(|_| {
            Error::invalid(format!("“{zone}” is not a time zone; names look like Europe/Berlin"))
        })?;
        Ok(Self { zone, day_start_minutes: 0 })
    }

    /// The journal's time for a stamp.
    #[must_use]
    pub fn resolve(&self, stamped: Stamped) -> When {
        let (at, offset_minutes) = self.instant(stamped.at);
        let day = match stamped.at {
            Stamp::Date(day) => day,
            _ => self.day_at(at, offset_minutes),
        };
        let precision = match stamped.at {
            Stamp::Date(_) => stamped.precision.min(Precision::Day),
            _ => stamped.precision,
        };
        let until = stamped.until.map(|stamp| self.instant(stamp).0).filter(|end| *end >= at);
        When { at, until, offset_minutes, day, precision }
    }

    /// The journal's day of an instant.
    #[must_use]
    pub fn day_of(&self, at: i64) -> NaiveDate {
        self.day_at(at, self.offset_at(at))
    }

    /// The first instant of a day, and of the day after it.
    #[must_use]
    pub fn day_bounds(&self, day: NaiveDate) -> (i64, i64) {
        let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
        (self.instant(Stamp::Date(day)).0, self.instant(Stamp::Date(next)).0)
    }

    /// Minutes east of UTC at an instant.
    #[must_use]
    pub fn offset_at(&self, at: i64) -> i32 {
        DateTime::from_timestamp_millis(at).map_or(0, |utc| {
            self.zone.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc() / 60
        })
    }

    fn day_at(&self, at: i64, offset_minutes: i32) -> NaiveDate {
        let local = at + i64::from(offset_minutes - i32::from(self.day_start_minutes)) * 60_000;
        DateTime::from_timestamp_millis(local).unwrap_or_default().date_naive()
    }

    fn instant(&self, stamp: Stamp) -> (i64, i32) {
        match stamp {
            Stamp::Instant(at) => (at, self.offset_at(at)),
            Stamp::Offset(at, offset) => (at, offset),
            Stamp::Local(local) => self.local(local),
            Stamp::Date(day) => {
                let start = NaiveTime::from_num_seconds_from_midnight_opt(
                    u32::from(self.day_start_minutes) * 60,
                    0,
                );
                self.local(day.and_time(start.unwrap_or_default()))
            }
        }
    }

    /// A wall-clock time that a change of clocks skipped is moved on by an hour; one that it repeats
    /// is read as the first of the two.
    fn local(&self, local: NaiveDateTime) -> (i64, i32) {
        let found = match self.zone.from_local_datetime(&local) {
            LocalResult::Single(time) | LocalResult::Ambiguous(time, _) => Some(time),
            LocalResult::None => {
                self.zone.from_local_datetime(&(local + chrono::Duration::hours(1))).earliest()
            }
        };
        found.map_or_else(
            || (local.and_utc().timestamp_millis(), 0),
            |time| {
                // Before railways a zone's offset had seconds. Whole minutes are kept, and the
                // instant follows them, so that the clock shows what was written.
                let offset = time.offset().fix().local_minus_utc() / 60;
                let shown = time.naive_local().and_utc().timestamp_millis();
                (shown - i64::from(offset) * 60_000, offset)
            },
        )
    }
}

/// What a clock showed at an instant, so many minutes east of UTC.
pub(crate) fn shown(at: i64, offset_minutes: i32) -> NaiveDateTime {
    let local = at.saturating_add(i64::from(offset_minutes) * 60_000);
    DateTime::from_timestamp_millis(local).unwrap_or_default().naive_utc()
}

/// Whether an instant lies in a year that a day `YYYY-MM-DD` can be written for.
pub(crate) fn can_be_told(at: i64) -> bool {
    DateTime::from_timestamp_millis(at).is_some_and(|time| (1..9999).contains(&time.year()))
}

/// A day written `YYYY-MM-DD`.
///
/// # Errors
/// It is not.
pub(crate) fn parse_day(text: &str) -> Result<NaiveDate> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
        .map_err(|_| Error::invalid(format!("“{text}” is not a day: write it like 2026-10-14")))
}
