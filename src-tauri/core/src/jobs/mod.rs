//! Work that waits: a durable queue in the journal's own file, and the schedules that fill it.
//!
//! A job points at rows and holds no text. It is added in the transaction that makes it necessary, taken
//! under a lease that a sign of life renews, and tried again with growing gaps; one that nothing can help
//! is dead and waits for the person. Days that wait for a dream stand in the same table, but no worker
//! takes them: they belong to the next dream.

mod lease;
mod list;
mod parts;
mod queue;
mod retry;
pub(crate) mod schedule;

pub(crate) use lease::{give_back, has_left, hold, let_go, sweep, take};
pub(crate) use list::{discard, list, retry, show, waiting};
pub(crate) use parts::{PartEnd, close_part, open_parts};
pub(crate) use queue::{New, add};

/// A note or a conversation that was saved: its key is the record's number. Added where records are kept.
pub(crate) const RECORD: &str = "record";
/// More was saved at once than jobs are kept for: all that is new is looked for.
pub(crate) const RECORDS: &str = "records";
/// New writing waits for its vectors.
pub(crate) const EMBED: &str = "embed";

/// What a job's turn depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Priority {
    /// Tidying up.
    Low = -1,
    /// What was written.
    Normal = 0,
    /// What the person asked for.
    High = 1,
}

/// A job that somebody holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Job {
    pub(crate) id: i64,
    pub(crate) kind: String,
    /// What it is about: a day, a record's number, a schedule's name.
    pub(crate) key: String,
    pub(crate) payload: serde_json::Value,
    /// Tries before this one.
    pub(crate) n_attempts: u32,
}
