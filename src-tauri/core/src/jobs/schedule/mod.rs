//! When something is done without being asked: pure rules over a state that is read, a time, a calendar
//! and what the machine feels.
//!
//! A slot is a time on the wall, such as 3 o'clock of 14 October. Each slot gives work at most once,
//! whatever happens to the clock: an hour that is repeated names the same slots again, one that is skipped
//! names slots that have passed as soon as it is over, and a flight or a clock that is set back leads to
//! slots that have had their turn. A machine that slept gives the newest slot its turn when it wakes.

mod cron;
mod due;
pub(crate) mod export;
#[cfg(test)]
mod simulation;
mod store;

pub(crate) use cron::{Cron, wall};
pub(crate) use due::{Due, Felt, Look, State, look, next_at};
pub(crate) use store::{load, queue, save, slots};

use crate::{
    Error, Result,
    settings::{ScheduleSettings, Settings},
};

/// What can be due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Name {
    Decay,
    Night,
    Deep,
    Light,
    Sessions,
    /// Nobody has touched the machine for a while.
    Idle,
    /// Much is new.
    Threshold,
    /// Every so many seconds, where a daemon was started so.
    Interval,
    /// A question that days which were not dreamt yet would answer.
    Question,
}

/// Those that have a rule of times, in the order in which they are looked at.
pub(crate) const TIMED: &[Name] =
    &[Name::Deep, Name::Night, Name::Decay, Name::Light, Name::Sessions];

/// All of them.
pub(crate) const ALL: &[Name] = &[
    Name::Night,
    Name::Decay,
    Name::Light,
    Name::Deep,
    Name::Sessions,
    Name::Idle,
    Name::Threshold,
    Name::Interval,
    Name::Question,
];

/// The kinds of all jobs that dream.
pub(crate) const KINDS: &[&str] =
    &["night", "decay", "light", "deep", "sessions", "idle", "threshold", "interval", "question"];

/// What stands for "never" in the settings.
pub(crate) const OFF: &str = "off";

impl Name {
    /// Its name for people, in the queue and in the history.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Decay => "decay",
            Self::Night => "night",
            Self::Deep => "deep",
            Self::Light => "light",
            Self::Sessions => "sessions",
            Self::Idle => "idle",
            Self::Threshold => "threshold",
            Self::Interval => "interval",
            Self::Question => "question",
        }
    }

    /// The schedule of this name.
    ///
    /// # Errors
    /// There is none.
    pub(crate) fn parse(word: &str) -> Result<Self> {
        let known = ALL.iter().copied().find(|name| name.as_str() == word.trim());
        known.ok_or_else(|| {
            let names: Vec<&str> = TIMED.iter().map(|name| name.as_str()).collect();
            Error::invalid(format!(
                "there is no schedule “{word}”; there are {}, idle and threshold",
                names.join(", ")
            ))
        })
    }

    /// Whether it is a whole dream.
    pub(crate) fn is_whole(self) -> bool {
        !matches!(self, Self::Decay | Self::Light | Self::Sessions)
    }

    fn place(self, settings: &mut ScheduleSettings) -> Option<&mut String> {
        match self {
            Self::Decay => Some(&mut settings.decay),
            Self::Night => Some(&mut settings.night),
            Self::Deep => Some(&mut settings.deep),
            Self::Light => Some(&mut settings.light),
            Self::Sessions => Some(&mut settings.sessions),
            _ => None,
        }
    }
}

/// The cron text of a schedule; `None` if it is off, or has no times.
pub(crate) fn rule(settings: &Settings, name: Name) -> Option<String> {
    let text = match name {
        Name::Decay => &settings.schedule.decay,
        Name::Night => &settings.schedule.night,
        Name::Deep => &settings.schedule.deep,
        Name::Light => &settings.schedule.light,
        Name::Sessions => &settings.schedule.sessions,
        _ => return None,
    };
    let text = text.trim();
    if name == Name::Night && text.is_empty() {
        let (hour, minute) = settings.dream_at.split_once(':')?;
        let number = |text: &str| text.trim().parse::<u32>().ok();
        return Some(format!("{} {} * * *", number(minute)?, number(hour)?));
    }
    (!text.is_empty() && text != OFF).then(|| text.to_owned())
}

/// Refuses rules that cannot be read, or never come.
pub(crate) fn check(settings: &Settings) -> Result<()> {
    for name in TIMED {
        if let Some(text) = rule(settings, *name) {
            Cron::parse(&text)?;
        }
    }
    Ok(())
}

/// The settings with another rule for a schedule: a cron text, or "off".
///
/// # Errors
/// The text is neither, or the schedule has no times.
pub(crate) fn set(settings: &Settings, name: Name, text: &str) -> Result<Settings> {
    let mut settings = settings.clone();
    let text = text.trim();
    if text != OFF {
        let cron = Cron::parse(text)?;
        if name == Name::Night
            && let Some(time) = cron.daily()
        {
            // The one time that the window shows, too.
            settings.schedule.night = String::new();
            settings.dream_at = time;
            return Ok(settings);
        }
    }
    let Some(place) = name.place(&mut settings.schedule) else {
        return Err(Error::invalid(format!(
            "{} has no times: `rem settings schedule.{}` sets when it is due",
            name.as_str(),
            if name == Name::Threshold { "threshold_items" } else { "idle_minutes" }
        )));
    };
    text.clone_into(place);
    Ok(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_night_comes_at_the_time_that_the_window_shows() {
        let mut settings = Settings::default();
        assert_eq!(rule(&settings, Name::Night).as_deref(), Some("0 3 * * *"));
        settings.dream_at = "04:30".into();
        assert_eq!(rule(&settings, Name::Night).as_deref(), Some("30 4 * * *"));
        let moved = set(&settings, Name::Night, "15 1 * * *").expect("a time a day");
        assert_eq!((moved.dream_at.as_str(), moved.schedule.night.as_str()), ("01:15", ""));
        let weekends = set(&settings, Name::Night, "15 1 * * 6,0").expect("two nights a week");
        assert_eq!(weekends.schedule.night, "15 1 * * 6,0");
        assert_eq!(rule(&weekends, Name::Night).as_deref(), Some("15 1 * * 6,0"));
    }

    #[test]
    fn a_schedule_can_be_switched_off() {
        let settings = set(&Settings::default(), Name::Light, "off").expect("off");
        assert_eq!(rule(&settings, Name::Light), None);
        assert!(check(&settings).is_ok());
    }

    #[test]
    fn a_rule_that_cannot_be_read_or_never_comes_is_refused() {
        for text in ["", "every night", "0 3 * *", "61 3 * * *", "0 3 30 2 *", "0 0 3 * * *"] {
            assert!(set(&Settings::default(), Name::Decay, text).is_err(), "{text}");
        }
        assert!(set(&Settings::default(), Name::Idle, "0 3 * * *").is_err());
    }

    #[test]
    fn every_schedule_is_known_by_its_name() {
        for name in ALL {
            assert_eq!(Name::parse(name.as_str()).ok(), Some(*name));
            assert!(KINDS.contains(&name.as_str()));
        }
        assert!(Name::parse("noon").is_err());
    }
}
