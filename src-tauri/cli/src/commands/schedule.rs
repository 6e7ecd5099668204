//! `rem schedule`: when what is done without being asked.

use std::{fs, path::PathBuf};

use clap::{ArgGroup, Args, Subcommand};
use rem_core::{
    api::{
        Empty,
        schedule::{
            ExportSchedules, PauseSchedules, SchedulerSystem, Schedules, SetSchedule,
            export_schedules, list_schedules, pause_schedules, resume_schedules, set_schedule,
        },
    },
    error::Attempt as _,
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    line::Line,
    page::{dotted, table},
    palette::Ink,
    times::{self, TimeWords},
};

const EXAMPLES: &str = "\
Examples:
  rem schedule                                 what is due when
  rem schedule set night \"30 2 * * *\"          every night at half past two
  rem schedule set light off                   no light dreams
  rem schedule pause --until \"2026-10-20 08:00\"
  rem schedule resume
  rem schedule run night                       the night's work, now
  rem schedule export --systemd --to ~/.config/systemd/user

The window and `rem daemon` keep these schedules while they run. Where neither runs, the system's own
scheduler can: export gives it ready files.";

/// What to do about the schedules; they are listed, if nothing is said.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Schedule {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List what is due when.
    List,
    /// Give a schedule another rule: minute, hour, day of the month, month, day of the week; or "off".
    Set(Set),
    /// Let nothing happen by itself, until a time or until `resume`.
    Pause(Pause),
    /// Let things happen by themselves again.
    Resume,
    /// Do a schedule's work now.
    Run(Run),
    /// Write files for the system's own scheduler.
    Export(Export),
}

#[derive(Debug, Args)]
struct Set {
    /// night, decay, light, deep or sessions.
    name: String,
    /// A cron text such as "0 3 * * *", or "off".
    rule: String,
}

#[derive(Debug, Args)]
struct Pause {
    /// Until then, for example "2026-10-20 08:00".
    #[arg(long, value_name = "TIME")]
    until: Option<TimeWords>,
}

#[derive(Debug, Args)]
struct Run {
    /// night, decay, light, deep or sessions.
    name: String,
    /// Only if it is due: what the system's own scheduler asks for.
    #[arg(long)]
    if_due: bool,
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("system").required(true).multiple(false))]
struct Export {
    /// Timers and services for Linux; a time that was slept through is made up for.
    #[arg(long, group = "system")]
    systemd: bool,
    /// Agents for macOS.
    #[arg(long, group = "system")]
    launchd: bool,
    /// Tasks for Windows.
    #[arg(long, group = "system")]
    schtasks: bool,
    /// Lines for a crontab.
    #[arg(long, group = "system")]
    cron: bool,
    /// Write the files into this folder instead of showing them.
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    /// The program to start; the one that runs now, if nothing is said.
    #[arg(long, value_name = "PATH")]
    program: Option<PathBuf>,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Schedule) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let schedules = match &args.verb {
        None | Some(Verb::List) => list_schedules(&journal, Empty {})?,
        Some(Verb::Set(args)) => {
            let request = SetSchedule { name: args.name.clone(), rule: args.rule.clone() };
            set_schedule(&journal, request)?
        }
        Some(Verb::Pause(args)) => {
            let until = args.until.map(|until| until.instant(present.calendar, present.now));
            pause_schedules(&journal, PauseSchedules { until })?
        }
        Some(Verb::Resume) => resume_schedules(&journal, Empty {})?,
        Some(Verb::Run(args)) => return now(desk, &journal, args),
        Some(Verb::Export(args)) => return export(desk, &journal, args),
    };
    if desk.is_json() {
        return desk.json(&schedules);
    }
    tell(desk, &schedules, present)
}

fn tell(desk: &mut Desk<'_, '_>, schedules: &Schedules, present: Present) -> Result<Exit> {
    let rows: Vec<_> = schedules
        .schedules
        .iter()
        .map(|one| {
            let next = one.next_at.map_or(String::new(), |at| clock(at, present));
            let last = match (one.is_queued, &one.last_slot) {
                (true, _) => "waits in the queue".to_owned(),
                (false, Some(slot)) => slot.get(..16).unwrap_or(slot).replace('T', " "),
                (false, None) => String::new(),
            };
            vec![one.name.clone(), one.rule.clone(), next, last]
        })
        .collect();
    table::write(desk, &["schedule", "when", "next", "last turn"], &rows)?;
    let until = schedules.paused_until.map(|at| format!("paused until {}", clock(at, present)));
    let note = dotted([
        if schedules.is_paused { "paused: `rem schedule resume` goes on" } else { "" },
        until.as_deref().unwrap_or_default(),
        if schedules.queue_enabled { "" } else { "the queue is switched off" },
    ]);
    if !note.is_empty() {
        desk.blank()?;
        desk.text(&Line::of(Ink::Warning, &note))?;
    }
    Ok(Exit::Done)
}

fn clock(at: i64, present: Present) -> String {
    let day = present.calendar.offset_at(at);
    let local = times::local(at, day);
    format!("{} {}", times::day_short(local.date(), present.year), local.format("%H:%M"))
}

fn now(desk: &mut Desk<'_, '_>, journal: &rem_core::Journal, args: &Run) -> Result<Exit> {
    let cancel = desk.interruptible();
    let done = journal.run_schedule(&args.name, args.if_due, &cancel)?;
    if desk.is_json() {
        desk.json(&done)?;
    } else if done.has_run {
        desk.confirm(&format!("{}: done", args.name))?;
    } else if done.n_dead == 0 {
        desk.confirm(&format!("{}: nothing was due, or another program does it", args.name))?;
    }
    if done.n_dead > 0 {
        desk.aside("it failed: `rem jobs` says why")?;
        return Ok(Exit::Failed);
    }
    Ok(if cancel.is_cancelled() { Exit::Cancelled } else { Exit::Done })
}

fn export(desk: &mut Desk<'_, '_>, journal: &rem_core::Journal, args: &Export) -> Result<Exit> {
    let system = match (args.systemd, args.launchd, args.schtasks) {
        (true, ..) => SchedulerSystem::Systemd,
        (_, true, _) => SchedulerSystem::Launchd,
        (.., true) => SchedulerSystem::Schtasks,
        _ => SchedulerSystem::Cron,
    };
    let program = args.program.clone().or_else(|| desk.terminal.program.clone());
    let program = program.unwrap_or_else(|| PathBuf::from("rem"));
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let request = ExportSchedules {
        system,
        program: text(&program),
        data_dir: desk.globals.data_dir.as_ref().map(text),
    };
    let files = export_schedules(journal, request)?;
    let Some(folder) = &args.to else {
        if desk.is_json() {
            return desk.json(&files);
        }
        for file in &files {
            desk.line(&Line::of(Ink::Quiet, &format!("# {}", file.name)))?;
            for line in file.text.lines() {
                desk.line(&Line::plain(line))?;
            }
            desk.blank()?;
        }
        return Ok(Exit::Done);
    };
    fs::create_dir_all(folder).attempt(|| format!("making the folder {}", folder.display()))?;
    for file in &files {
        let path = folder.join(&file.name);
        fs::write(&path, &file.text).attempt(|| format!("writing {}", path.display()))?;
        desk.confirm(&path.to_string_lossy())?;
    }
    desk.hint(match system {
        SchedulerSystem::Systemd => {
            "Next: `systemctl --user daemon-reload`, then `systemctl --user enable --now` with each .timer file."
        }
        SchedulerSystem::Launchd => {
            "Next: put them into ~/Library/LaunchAgents, then `launchctl load` each."
        }
        SchedulerSystem::Schtasks => "Next: `schtasks /Create /TN NAME /XML FILE` for each.",
        SchedulerSystem::Cron => "Next: `crontab -e`, and add the lines.",
    })?;
    Ok(Exit::Done)
}
