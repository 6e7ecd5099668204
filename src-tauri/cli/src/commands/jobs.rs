//! `rem jobs`: the work that waits, runs or failed.

use clap::{Args, Subcommand};
use rem_core::api::jobs::{
    JobId, JobState, JobView, ListJobs, QueueView, discard_job, list_jobs, retry_job, show_job,
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    line::Line,
    page::{dotted, table},
    palette::Ink,
    times::{self, count},
};

const EXAMPLES: &str = "\
Examples:
  rem jobs                       what waits, runs or failed
  rem jobs show 12               one job with its parts
  rem jobs retry 12              try it again now; parts that are done stay done
  rem jobs discard 12            give it up; the next dream does what it would have done";

/// What to do about the queue; it is listed, if nothing is said.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Jobs {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List what waits, runs or failed.
    List(List),
    /// Show one job with its parts.
    Show(One),
    /// Try a job again now.
    Retry(One),
    /// Take a job off the queue for good.
    Discard(One),
}

#[derive(Debug, Default, Args)]
struct List {
    /// Days that wait for a dream, too.
    #[arg(long)]
    days: bool,
    /// At most so many.
    #[arg(long, value_name = "N", default_value_t = 50)]
    limit: u32,
}

#[derive(Debug, Args)]
struct One {
    /// The job's number, as listed.
    id: i64,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Jobs) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    match &args.verb {
        None => {
            let queue = list_jobs(&journal, ListJobs { with_days: false, limit: 50 })?;
            tell(desk, &queue, present)
        }
        Some(Verb::List(args)) => {
            let request = ListJobs { with_days: args.days, limit: args.limit };
            tell(desk, &list_jobs(&journal, request)?, present)
        }
        Some(Verb::Show(args)) => {
            let job = show_job(&journal, JobId { id: args.id })?;
            one(desk, &job, present)
        }
        Some(Verb::Retry(args)) => {
            let queue = retry_job(&journal, JobId { id: args.id })?;
            if desk.is_json() {
                return desk.json(&queue);
            }
            desk.confirm(&format!(
                "job {} waits for its turn: the window or `rem daemon` takes it up",
                args.id
            ))?;
            Ok(Exit::Done)
        }
        Some(Verb::Discard(args)) => {
            let job = discard_job(&journal, JobId { id: args.id })?;
            if desk.is_json() {
                return desk.json(&job);
            }
            desk.confirm(&format!("job {} ({}) is given up", job.id, job.kind))?;
            Ok(Exit::Done)
        }
    }
}

fn tell(desk: &mut Desk<'_, '_>, queue: &QueueView, present: Present) -> Result<Exit> {
    if desk.is_json() {
        return desk.json(queue);
    }
    if !queue.jobs.is_empty() {
        let rows: Vec<_> = queue
            .jobs
            .iter()
            .map(|job| {
                vec![
                    job.id.to_string(),
                    job.kind.clone(),
                    if job.key == job.kind { String::new() } else { job.key.clone() },
                    state(job, present),
                    job.n_attempts.to_string(),
                    reason(job),
                ]
            })
            .collect();
        let headings = [" job", "kind", "about", "state", " tries", "why"];
        table::write(desk, &headings, &rows)?;
        desk.blank()?;
    }
    let days = match queue.n_days {
        0 => String::new(),
        1 => "1 day waits for a dream".into(),
        n => format!("{} days wait for a dream", times::thousands(n)),
    };
    let sum = match (queue.n_waiting, queue.n_running, queue.n_dead) {
        (0, 0, 0) => "No work waits".to_owned(),
        (waiting, running, dead) => {
            format!("{} waiting, {running} running, {dead} failed", count(waiting, "job"))
        }
    };
    desk.text(&Line::of(Ink::Quiet, &dotted([sum.as_str(), &days])))?;
    Ok(Exit::Done)
}

fn one(desk: &mut Desk<'_, '_>, job: &JobView, present: Present) -> Result<Exit> {
    if desk.is_json() {
        return desk.json(job);
    }
    let head = format!("Job {}", job.id);
    let asked = format!("asked for {}", times::distance(job.created_at, present.now));
    let about = if job.key == job.kind { "" } else { &job.key };
    let right = dotted([job.kind.as_str(), about, &state(job, present), &asked]);
    let columns = desk.width();
    desk.line(&Line::of(Ink::Strong, &head).with_right(Line::of(Ink::Quiet, &right), columns))?;
    if job.n_attempts > 0 {
        desk.text(&Line::plain(&format!("Tried {}", times_said(job.n_attempts))))?;
    }
    if !job.reason.is_empty() {
        desk.text(&Line::of(Ink::Warning, &job.reason))?;
    }
    for part in &job.parts {
        let why = if part.reason.is_empty() { String::new() } else { format!(": {}", part.reason) };
        desk.indented(2, &Line::plain(&format!("{} {}{why}", part.name, part.state)))?;
    }
    if let Some(record) = job.record_id {
        desk.hint(&format!("`rem show record:{record}` shows what it is about."))?;
    }
    Ok(Exit::Done)
}

fn times_said(n: u32) -> String {
    if n == 1 { "once".into() } else { format!("{n} times") }
}

fn state(job: &JobView, present: Present) -> String {
    match job.state {
        JobState::Dead => "failed".into(),
        JobState::Running => "running".into(),
        JobState::Waiting if job.run_after > present.now => {
            times::distance(job.run_after, present.now)
        }
        JobState::Waiting => "waiting".into(),
    }
}

/// Why it failed, or which of its parts did.
fn reason(job: &JobView) -> String {
    let failed = job.parts.iter().find(|part| part.state == "failed");
    match failed {
        Some(part) => format!("{}: {}", part.name, part.reason),
        None => job.reason.clone(),
    }
}
