//! The nights: what each dream did, thing by thing, and undoing one.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::periods::PeriodKind;
use crate::{Journal, Result, clock::Precision};

/// How many dreams are listed if nothing is said.
const USUAL: u32 = 20;
/// The most that are listed at once.
const MOST: u32 = 500;

/// Asks for the dreams, the newest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListDreams {
    /// At most so many, 20 if absent.
    pub limit: Option<u32>,
    /// Only those before this dream.
    #[ts(type = "number | null")]
    pub before: Option<i64>,
}

/// Names a dream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DreamId {
    /// The dream.
    #[ts(type = "number")]
    pub id: i64,
}

/// How a dream ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum DreamEnd {
    /// It runs, or its program ended before it did and nobody has dreamt since.
    Running,
    /// It came to its end.
    Done,
    /// It was stopped; what was finished is kept.
    Cancelled,
    /// It broke off; what was finished is kept.
    Failed,
}

/// How many things a dream added, changed and removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChangeCounts {
    /// New things.
    pub n_added: u32,
    /// Things that say something else.
    pub n_changed: u32,
    /// Things that went.
    pub n_removed: u32,
}

/// One dream of the list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DreamEntry {
    /// The dream.
    #[ts(type = "number")]
    pub id: i64,
    /// What set it off: "now", "night", "sample", "affinity".
    pub cause: String,
    /// What dreamt, for example "built-in analyser".
    pub mind: String,
    /// How it ended.
    pub state: DreamEnd,
    /// Why it did not come to its end; empty where it did.
    pub reason: String,
    /// When it began, in Unix milliseconds.
    #[ts(type = "number")]
    pub started_at: i64,
    /// When it ended.
    #[ts(type = "number | null")]
    pub finished_at: Option<i64>,
    /// How long it took, in minutes; absent while it runs.
    pub minutes: Option<f64>,
    /// The days it told, in order.
    pub days: Vec<String>,
    /// What it did to moments.
    pub moments: ChangeCounts,
    /// What it did to edges between notes and conversations.
    pub edges: ChangeCounts,
    /// When the person undid it, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub undone_at: Option<i64>,
    /// Whether it can be undone now.
    pub can_undo: bool,
    /// Why not, in a sentence; empty where it can.
    pub why_not: String,
    /// The later dreams that have to be undone before it, the newest, which is first in turn, first.
    #[ts(type = "number[]")]
    pub undo_first: Vec<i64>,
}

/// One dream with what it did in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DreamDetail {
    /// The dream as the list has it.
    pub dream: DreamEntry,
    /// The moments it touched, in the order in which it did.
    pub moments: Vec<TouchedMoment>,
    /// What asking models came to.
    pub calls: CallSum,
    /// What it came to, in a sentence of numbers; empty where nothing was said.
    pub digest: String,
    /// How many things can no longer be told, because the person forgot their source.
    pub n_forgotten: u32,
}

/// What a dream's calls came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CallSum {
    /// Calls, retries and repairs among them.
    pub n_calls: u32,
    /// Tokens of all prompts.
    #[ts(type = "number")]
    pub prompt_tokens: u64,
    /// Tokens of all replies.
    #[ts(type = "number")]
    pub reply_tokens: u64,
    /// Milliseconds spent waiting for models.
    #[ts(type = "number")]
    pub model_ms: u64,
}

/// A moment that a dream touched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TouchedMoment {
    /// The moment.
    #[ts(type = "number")]
    pub id: i64,
    /// What became of it.
    pub op: ChangeOp,
    /// Its day, `YYYY-MM-DD`.
    pub day: String,
    /// Its title after the dream or, where it went, before.
    pub title: String,
    /// Whether it is there now.
    pub is_there: bool,
}

/// What a dream did to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum ChangeOp {
    /// It is new.
    Added,
    /// It says something else.
    Changed,
    /// It went.
    Removed,
}

/// What a dream did, thing by thing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DreamDiff {
    /// The dream as the list has it.
    pub dream: DreamEntry,
    /// The things in order of their days, moments before the story; edges last.
    pub things: Vec<ThingDiff>,
    /// How many things can no longer be told, because the person forgot their source.
    pub n_forgotten: u32,
}

/// One thing before and after a dream. Absent before: it was added; absent after: it was removed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "thing", rename_all = "lowercase")]
pub enum ThingDiff {
    /// A moment, with the corrections that lay over it.
    Moment {
        /// The moment.
        #[ts(type = "number")]
        id: i64,
        /// Its day.
        day: String,
        /// As it was.
        before: Option<Box<MomentSide>>,
        /// As it became.
        after: Option<Box<MomentSide>>,
    },
    /// The story of a day.
    Story {
        /// The day.
        day: String,
        /// As it was told.
        before: Option<String>,
        /// As it became.
        after: Option<String>,
    },
    /// What is told of a week, a month or a year.
    Review {
        /// Which of them.
        kind: PeriodKind,
        /// Its first day.
        starts_on: String,
        /// As it was told.
        before: Option<String>,
        /// As it became.
        after: Option<String>,
    },
    /// An edge between two notes or conversations.
    Edge {
        /// The edge.
        #[ts(type = "number")]
        id: i64,
        /// As it was.
        before: Option<EdgeSide>,
        /// As it became.
        after: Option<EdgeSide>,
    },
}

/// What a moment says, as people read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct MomentSide {
    /// Its title.
    pub title: String,
    /// Its summary.
    pub summary: String,
    /// Its outcome.
    pub outcome: String,
    /// Its type.
    pub moment_type: String,
    /// Its day.
    pub day: String,
    /// When it began, in Unix milliseconds.
    #[ts(type = "number")]
    pub starts_at: i64,
    /// When it ended.
    #[ts(type = "number")]
    pub ends_at: i64,
    /// Minutes east of UTC.
    pub offset_minutes: i32,
    /// How exactly the time is known.
    pub precision: Precision,
    /// Its tags.
    pub tags: Vec<String>,
    /// Who was there.
    pub people: Vec<String>,
    /// What was felt, strongest first.
    pub emotions: Vec<String>,
    /// What described it.
    pub mind: String,
}

/// What an edge says, as people read it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct EdgeSide {
    /// The title of one end.
    pub from: String,
    /// The title of the other.
    pub to: String,
    /// How they belong together.
    pub rel_type: String,
    /// 0 to 1.
    pub weight: f64,
    /// Why.
    pub context: String,
}

/// What undoing a dream did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct UndoReport {
    /// The dream as the list has it now.
    pub dream: DreamEntry,
    /// Moments the dream had added, which are gone.
    pub n_removed: u32,
    /// Moments that say again what they said.
    pub n_changed: u32,
    /// Moments the dream had removed, which are back.
    pub n_returned: u32,
    /// Moments the dream had added that stay, because the person worked on them.
    pub n_kept: u32,
    /// Edges between notes and conversations that are as they were.
    pub n_edges: u32,
    /// The days that wait for a dream again.
    pub days: Vec<String>,
}

/// The dreams, the newest first, with whether each can be undone.
///
/// # Errors
/// The store failed.
pub fn list_dreams(journal: &Journal, request: ListDreams) -> Result<Vec<DreamEntry>> {
    let limit = request.limit.unwrap_or(USUAL).clamp(1, MOST);
    crate::dream::list(journal, limit, request.before)
}

/// One dream with what it did in short.
///
/// # Errors
/// There is no such dream, or the store failed.
pub fn show_dream_detail(journal: &Journal, request: DreamId) -> Result<DreamDetail> {
    crate::dream::detail(journal, request.id)
}

/// What a dream did, thing by thing.
///
/// # Errors
/// There is no such dream, or the store failed.
pub fn diff_dream(journal: &Journal, request: DreamId) -> Result<DreamDiff> {
    crate::dream::diff(journal, request.id)
}

/// Undoes a dream: everything it derived is as before it, but for what the person corrected since. The
/// days wait for a dream again; what models said is kept, so that dreaming them again costs no calls.
///
/// # Errors
/// There is no such dream; it runs, was undone or changed nothing; a later dream changed the same
/// things; a dream runs on this journal; or the store failed.
pub fn undo_dream(journal: &Journal, request: DreamId) -> Result<UndoReport> {
    journal.undo_dream(request.id)
}
