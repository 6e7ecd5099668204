//! The queue of work: what waits, what runs, what failed, and what may be done about it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Journal, Result, event::Event, jobs};

/// How a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum JobState {
    /// It waits for its turn, or for its next try.
    Waiting,
    /// Somebody works on it.
    Running,
    /// It failed, and is tried again only if the person wants it.
    Dead,
}

/// A part of a job: only what failed is tried again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobPart {
    /// For example "embedding", or a stage of a dream.
    pub name: String,
    /// "waiting", "done", "skipped" or "failed".
    pub state: String,
    /// Why it was skipped or failed; empty where there is nothing to say.
    pub reason: String,
}

/// A piece of work that waits, runs or failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobView {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// "dream" (a day waits for a dream), "record" (a note or conversation was saved), "records", "embed",
    /// or the name of a schedule.
    pub kind: String,
    /// What it is about: a day, a record's number, a schedule's name.
    pub key: String,
    /// 1 what the person asked for, 0 as usual, -1 tidying up.
    pub priority: i32,
    /// How it is.
    pub state: JobState,
    /// Tries so far.
    pub n_attempts: u32,
    /// Not before, in Unix milliseconds.
    #[ts(type = "number")]
    pub run_after: i64,
    /// Who works on it; empty where nobody does.
    pub held_by: String,
    /// When who works on it last gave a sign, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub heartbeat_at: Option<i64>,
    /// Why it failed; empty where it did not.
    pub reason: String,
    /// When it was first asked for, in Unix milliseconds.
    #[ts(type = "number")]
    pub created_at: i64,
    /// When it last changed, in Unix milliseconds.
    #[ts(type = "number")]
    pub updated_at: i64,
    /// The note or conversation it is about, to be opened.
    #[ts(type = "number | null")]
    pub record_id: Option<i64>,
    /// Its parts, in order; empty while nobody has begun it.
    pub parts: Vec<JobPart>,
}

/// Asks for the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListJobs {
    /// Days that wait for a dream, too.
    pub with_days: bool,
    /// At most so many jobs.
    pub limit: u32,
}

impl Default for ListJobs {
    fn default() -> Self {
        Self { with_days: false, limit: 200 }
    }
}

/// The queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QueueView {
    /// What failed, then what runs, then what waits, in its turn.
    pub jobs: Vec<JobView>,
    /// Jobs that wait.
    pub n_waiting: u32,
    /// Jobs that run.
    pub n_running: u32,
    /// Jobs that failed for good.
    pub n_dead: u32,
    /// Days that wait for a dream.
    pub n_days: u32,
}

/// A job.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct JobId {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
}

/// The queue: what failed first, then what runs, then what waits in its turn.
///
/// # Errors
/// The store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn list_jobs(journal: &Journal, request: ListJobs) -> Result<QueueView> {
    journal.store().read(|reader| jobs::list(reader, request.with_days, request.limit))
}

/// One job.
///
/// # Errors
/// There is no such job (any more), or the store failed.
pub fn show_job(journal: &Journal, request: JobId) -> Result<JobView> {
    journal.store().read(|reader| jobs::show(reader, request.id))
}

/// Lets a job that failed, or waits for its next try, be tried again now. Parts that are done stay done.
///
/// # Errors
/// There is no such job, it is running, or the store failed.
pub fn retry_job(journal: &Journal, request: JobId) -> Result<QueueView> {
    let now = journal.clock().now_ms();
    journal.store().write(|tx| jobs::retry(tx, request.id, now))?;
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    list_jobs(journal, ListJobs::default())
}

/// Takes a job off the queue for good. What it would have done is done by the next dream.
///
/// # Errors
/// There is no such job, it is a day that waits for a dream, or the store failed.
pub fn discard_job(journal: &Journal, request: JobId) -> Result<JobView> {
    let job = journal.store().write(|tx| jobs::discard(tx, request.id))?;
    journal.tell(&Event::JournalChanged { days: Vec::new() });
    Ok(job)
}
