//! Schedules: when what is done without being asked, what is next, and putting it off.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Empty, dreams::DreamRequest};
use crate::{
    Error, Journal, Result,
    clock::parse_day,
    dream::days_waiting,
    jobs::{
        self, New, Priority,
        schedule::{self, Name, export},
    },
    journal::Cancel,
};

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScheduleView {
    /// "night", "decay", "light", "deep", "sessions", "idle" or "threshold".
    pub name: String,
    /// Its cron text, or what stands for it: "after 30 idle minutes"; "off" if it never is due.
    pub rule: String,
    /// When it is next due, in Unix milliseconds; absent where that is no matter of time.
    #[ts(type = "number | null")]
    pub next_at: Option<i64>,
    /// The time on the wall of the last slot that had its turn, `YYYY-MM-DDTHH:MM:SS`.
    pub last_slot: Option<String>,
    /// When it last gave work to the queue, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub queued_at: Option<i64>,
    /// Whether its work waits or runs just now.
    pub is_queued: bool,
}

/// The schedules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Schedules {
    /// All of them.
    pub schedules: Vec<ScheduleView>,
    /// Whether nothing happens by itself until the person says so.
    pub is_paused: bool,
    /// Nothing happens by itself before, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub paused_until: Option<i64>,
    /// Whether the queue is worked on at all.
    pub queue_enabled: bool,
}

/// Another rule for a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SetSchedule {
    /// Which.
    pub name: String,
    /// A cron text of five fields, or "off".
    pub rule: String,
}

/// Until when nothing is to happen by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PauseSchedules {
    /// Unix milliseconds; absent: until the person says so.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
}

/// Asks for a schedule's work now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RunSchedule {
    /// Which.
    pub name: String,
    /// Only if it is due: for the system's own scheduler.
    pub if_due: bool,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ScheduleRun {
    /// Whether there was anything to do.
    pub has_run: bool,
    /// Jobs that failed for good.
    pub n_dead: u32,
}

/// Asks for the files that let the system's own scheduler do it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ExportSchedules {
    /// Whose words.
    pub system: SchedulerSystem,
    /// The program `rem` with its whole path.
    pub program: String,
    /// The folder where journals lie, if it is not the usual one.
    pub data_dir: Option<String>,
}

/// A scheduler of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum SchedulerSystem {
    /// Timers and services of systemd.
    Systemd,
    /// Agents of macOS.
    Launchd,
    /// Tasks of Windows.
    Schtasks,
    /// A crontab.
    Cron,
}

/// A file for a scheduler.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SchedulerFile {
    /// Its name.
    pub name: String,
    /// What stands in it.
    pub text: String,
}

/// Asks whether days that a question is about wait for a dream, and lets them be dreamt first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DreamForQuestion {
    /// First day, `YYYY-MM-DD`.
    pub start: String,
    /// Last day, included.
    pub end: String,
    /// Whether the person agreed to wait so long.
    pub is_agreed: bool,
}

/// What dreaming for a question would take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuestionDream {
    /// Days that wait for a dream.
    pub n_days: u32,
    /// Minutes it will take, about; 0 for less than one.
    pub minutes: u32,
    /// The job, if it was agreed to and there is anything to dream.
    #[ts(type = "number | null")]
    pub job_id: Option<i64>,
}

/// The schedules and what is next.
///
/// # Errors
/// The store failed, or a rule cannot be read.
pub fn list_schedules(journal: &Journal, _: Empty) -> Result<Schedules> {
    let (settings, now) = (journal.settings(), journal.clock().now_ms());
    let calendar = journal.calendar()?;
    let state = journal.store().read(|reader| schedule::load(reader, &settings, now))?;
    let mut schedules = Vec::new();
    for name in schedule::ALL {
        let conditions = &settings.schedule;
        let rule = match name {
            Name::Idle if conditions.idle_minutes > 0 => {
                format!("after {} idle minutes", conditions.idle_minutes)
            }
            Name::Threshold if conditions.threshold_items > 0 => {
                format!("after {} new notes and messages", conditions.threshold_items)
            }
            Name::Interval | Name::Question => continue,
            timed => schedule::rule(&settings, *timed).unwrap_or_else(|| schedule::OFF.into()),
        };
        let slot = state.slots.get(name).copied();
        let next_at = schedule::next_at(&settings, *name, slot, now, &calendar)?;
        schedules.push(ScheduleView {
            name: name.as_str().into(),
            rule,
            next_at: next_at.filter(|_| !settings.is_paused),
            last_slot: slot.map(|slot| slot.format("%Y-%m-%dT%H:%M:%S").to_string()),
            queued_at: state.queued_at.get(name).copied(),
            is_queued: state.queued.contains(name),
        });
    }
    Ok(Schedules {
        schedules,
        is_paused: settings.is_paused,
        paused_until: settings.schedule.paused_until.filter(|until| *until > now),
        queue_enabled: settings.jobs.queue_enabled,
    })
}

/// Gives a schedule another rule.
///
/// # Errors
/// There is no such schedule, or its rule cannot be that.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn set_schedule(journal: &Journal, request: SetSchedule) -> Result<Schedules> {
    let name = Name::parse(&request.name)?;
    journal.change_settings(schedule::set(&journal.settings(), name, &request.rule)?)?;
    list_schedules(journal, Empty {})
}

/// Lets nothing happen by itself, until a time or until the person says so. Without a time folders are not
/// followed either.
///
/// # Errors
/// The time has passed, or the store failed.
pub fn pause_schedules(journal: &Journal, request: PauseSchedules) -> Result<Schedules> {
    let mut settings = journal.settings();
    match request.until {
        Some(until) if until <= journal.clock().now_ms() => {
            return Err(Error::invalid("a pause ends in the future: this time has passed"));
        }
        Some(until) => settings.schedule.paused_until = Some(until),
        None => settings.is_paused = true,
    }
    journal.change_settings(settings)?;
    list_schedules(journal, Empty {})
}

/// Lets things happen by themselves again. What was missed is caught up with.
///
/// # Errors
/// The store failed.
pub fn resume_schedules(journal: &Journal, _: Empty) -> Result<Schedules> {
    let mut settings = journal.settings();
    settings.is_paused = false;
    settings.schedule.paused_until = None;
    journal.change_settings(settings)?;
    list_schedules(journal, Empty {})
}

/// Does a schedule's work now, and returns when it has ended.
///
/// # Errors
/// There is no such schedule, another program dreams, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn run_schedule(journal: &Journal, request: RunSchedule) -> Result<ScheduleRun> {
    journal.run_schedule(&request.name, request.if_due, &Cancel::default())
}

/// The files that let the system's own scheduler do it.
///
/// # Errors
/// A rule cannot be said in the words of that system.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn export_schedules(journal: &Journal, request: ExportSchedules) -> Result<Vec<SchedulerFile>> {
    let system = match request.system {
        SchedulerSystem::Systemd => export::System::Systemd,
        SchedulerSystem::Launchd => export::System::Launchd,
        SchedulerSystem::Schtasks => export::System::Schtasks,
        SchedulerSystem::Cron => export::System::Cron,
    };
    let start = export::Start {
        program: &request.program,
        journal: journal.name(),
        data_dir: request.data_dir.as_deref(),
    };
    let files = export::export(system, &journal.settings(), &start)?;
    Ok(files.into_iter().map(|file| SchedulerFile { name: file.name, text: file.text }).collect())
}

/// How many days that a question is about wait for a dream, and about how long that would take. If the person
/// agreed, they are dreamt before anything else.
///
/// # Errors
/// A day is not written `YYYY-MM-DD`, the first lies after the last, or the store failed.
pub fn dream_for_question(journal: &Journal, request: DreamForQuestion) -> Result<QuestionDream> {
    for day in [&request.start, &request.end] {
        parse_day(day)?;
    }
    let n_days =
        journal.store().read(|reader| days_waiting(reader, &request.start, &request.end))?;
    if n_days == 0 {
        return Ok(QuestionDream { n_days, minutes: 0, job_id: None });
    }
    if !request.is_agreed {
        let look = DreamRequest {
            start: Some(request.start),
            end: Some(request.end),
            dry_run: true,
            cause: Name::Question.as_str().into(),
            ..DreamRequest::default()
        };
        let report = journal.estimate(&look)?;
        let minutes = report.estimate.map_or(0, |estimate| estimate.minutes);
        return Ok(QuestionDream { n_days, minutes, job_id: None });
    }
    let now = journal.clock().now_ms();
    let key = format!("{}..{}", request.start, request.end);
    let job = New {
        kind: Name::Question.as_str(),
        key: &key,
        payload: serde_json::json!({ "version": 1, "start": request.start, "end": request.end }),
        priority: Priority::High,
        run_after: now,
    };
    let job_id = journal.store().write(|tx| jobs::add(tx, &job, now))?;
    journal.start_working();
    Ok(QuestionDream { n_days, minutes: 0, job_id: Some(job_id) })
}
