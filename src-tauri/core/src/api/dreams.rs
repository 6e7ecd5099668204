//! Dreams: starting one, watching it, stopping it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Empty, decay::DecayReport, insights::ReflectRequest, minds::CallCounts};
use crate::{Journal, Result, settings::ReflectiveMode};

/// What to dream about. By default all days that are new or changed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DreamRequest {
    /// First day, `YYYY-MM-DD`.
    pub start: Option<String>,
    /// Last day, `YYYY-MM-DD`.
    pub end: Option<String>,
    /// Only days within so many hours before now.
    pub lookback_hours: Option<u32>,
    /// Read at most so many records, the newest days first.
    pub limit: Option<u32>,
    /// Only say what would be dreamt.
    pub dry_run: bool,
    /// Keep no moment shorter than this, where its length is known.
    pub min_duration_minutes: u32,
    /// Keep only moments of these types; all, if empty.
    pub moment_types: Vec<String>,
    /// Tell the days' stories again from the moments that are there, without making moments.
    pub summary_only: bool,
    /// What set it off: "now", "night", "first" (from the guide), "sample", or the name of a schedule.
    pub cause: String,
    /// Dream the days again with the mind in use, although nothing in them has changed.
    pub redo: bool,
    /// With `redo`: write nothing, and report old and new side by side. What the model said is kept, so
    /// that taking it over afterwards costs no calls.
    pub compare: bool,
    /// A model to use this once instead of the one in the settings; "off" for the built-in analyser.
    pub model: Option<String>,
    /// Tell prompts and replies as [`crate::event::Event::MindSpoke`].
    pub debug: bool,
    /// Only these stages; a whole dream, if empty.
    pub stages: Vec<Stage>,
    /// Also let a model say how notes and conversations belong together, about so many of them. Absent:
    /// by their vectors alone.
    pub llm_affinity_limit: Option<u32>,
    /// How to reflect, where it is not as the settings say.
    pub reflect: ReflectRequest,
    /// Minutes after which no further day is begun, the newest days first; 0 for no limit.
    pub most_minutes: u32,
}

/// A step of a dream, in the order in which a whole dream takes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Lets fade what nobody returns to.
    Decay,
    /// Looks which days are new or changed. A part of making moments.
    Collect,
    /// Cuts a day's stream into episodes. A part of making moments.
    Episodes,
    /// Describes episodes as moments with evidence, and tells the story of each day.
    Moments,
    /// Tells a day's story. A part of making moments.
    Story,
    /// Tells what whole conversations were about.
    Summarize,
    /// Tells weeks, months and years.
    Periods,
    /// Finds which notes and conversations belong together.
    Affinity,
    /// Gathers tags to topics, and topics to communities.
    Topics,
    /// Says who the person is lately.
    Profile,
    /// Looks for patterns, themes and strategies in what mattered lately.
    Reflect,
    /// Finds what says the same twice, or contradicts itself, and proposes what to do.
    Consolidate,
    /// Settles what was foretold, and foretells.
    Predict,
    /// Says in short what the dream came to.
    Digest,
}

/// How a stage ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum StageEnd {
    /// It did its work.
    #[default]
    Done,
    /// Everything was as it had left it.
    Unchanged,
    /// It had no reason to work; `reason` says why in a word of a list, such as "insufficient_memories".
    Skipped,
    /// It failed; `reason` says why. The stages after it went on.
    Failed,
}

/// What one stage of a dream came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct StageReport {
    /// The stage.
    pub stage: Stage,
    /// How it ended.
    pub end: StageEnd,
    /// Why it was skipped or failed, or why no model was asked; empty where there is nothing to say.
    pub reason: String,
    /// What it came to, by names that the stage's documentation explains.
    pub counts: BTreeMap<String, f64>,
    /// Whether a model was missed; the stage works again when there is one.
    pub is_provisional: bool,
    /// Milliseconds.
    #[ts(type = "number")]
    pub took_ms: u64,
}

/// How far a dream has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DreamProgress {
    /// The stage it is in.
    pub stage: Stage,
    /// The day it dreams about.
    pub day: Option<String>,
    /// Days done; in the stage that summarises, conversations.
    pub n_done: u32,
    /// Days to do; in the stage that summarises, conversations.
    pub n_total: u32,
    /// Moments so far.
    pub n_moments: u32,
    /// The title of the moment made last.
    pub last_title: Option<String>,
    /// The model that is asked; absent: the built-in analyser.
    pub model: Option<String>,
    /// Why it waits just now, for example "on battery".
    pub waits_for: Option<String>,
    /// Minutes it will still take, about; absent where nobody can say.
    pub minutes_left: Option<u32>,
}

/// What a dream did with one day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DreamtDay {
    /// `YYYY-MM-DD`.
    pub day: String,
    /// Stretches of writing that were read.
    pub n_chunks: u32,
    /// Episodes they were cut into.
    pub n_episodes: u32,
    /// Moments the day has now.
    pub n_moments: u32,
    /// The day's story.
    pub summary: String,
    /// Mean valence.
    pub valence: Option<f32>,
}

/// What a dream did.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct DreamReport {
    /// The dream; absent where nothing had to be written.
    #[ts(type = "number | null")]
    pub dream_id: Option<i64>,
    /// What dreamt, for example "built-in analyser".
    pub mind: String,
    /// Whether it only looked.
    pub is_dry_run: bool,
    /// Whether it was stopped before the end. What was finished is kept.
    pub is_cancelled: bool,
    /// Days that were left alone because nothing in them had changed.
    pub n_days_unchanged: u32,
    /// Days that are left for another dream because the minutes were used up.
    pub n_days_left: u32,
    /// Records that were read.
    pub n_records: u32,
    /// Moments that are new.
    pub n_added: u32,
    /// Moments that say something else now.
    pub n_changed: u32,
    /// Moments that are gone because what they rested on is gone.
    pub n_removed: u32,
    /// Moments found again as they were.
    pub n_unchanged: u32,
    /// The days, in order.
    pub days: Vec<DreamtDay>,
    /// How long it took, in milliseconds.
    #[ts(type = "number")]
    pub took_ms: u64,
    /// What asking the model came to.
    pub calls: CallCounts,
    /// Days that the built-in analyser dreamt, wholly or in part, for want of the model; they are dreamt
    /// again when there is one.
    pub n_days_provisional: u32,
    /// Conversations that were summarised; for a dry run, that would be.
    pub n_summaries: u32,
    /// Of these, to be summarised again when there is a model.
    pub n_summaries_provisional: u32,
    /// Whether the person counts on a model, so that its absence is worth a word: there is one, they
    /// chose one, or one has read this journal before.
    pub expects_model: bool,
    /// Why the model was not used, or not to the end, in a sentence; empty where it was or none is wanted.
    pub without_model: String,
    /// What each stage came to, in order.
    pub stages: Vec<StageReport>,
    /// The same as the papers count it; absent where the dream only looked.
    pub maintenance: Option<Box<Maintenance>>,
    /// What faded; absent where the dream only looked or compared.
    pub faded: Option<Box<DecayReport>>,
    /// Calls and minutes that days and conversations would take, for a dry run.
    pub estimate: Option<Estimate>,
    /// Old and new moments side by side, for a comparison.
    pub compared: Vec<Compared>,
}

/// What a dream did, in the shape and under the names of the papers, for programs that read theirs. A
/// tenant is a journal, and a dream is about one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Maintenance {
    /// Fading.
    pub decay: MaintainedDecay,
    /// Reflecting.
    pub dreaming: MaintainedReflections,
    /// Summarising.
    pub summarization: MaintainedSummaries,
    /// Unix milliseconds.
    #[ts(type = "number")]
    pub started_at: i64,
    /// Unix milliseconds.
    #[ts(type = "number")]
    pub completed_at: i64,
    /// The settings it went by.
    pub config: MaintainedBy,
}

/// What faded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MaintainedDecay {
    /// Journals.
    pub total_tenants: u32,
    /// Moments and records with another strength than before.
    pub total_updated: u32,
}

/// What was reflected on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MaintainedReflections {
    /// Journals.
    pub tenants_processed: u32,
    /// Reflections made.
    pub reflections_generated: u32,
}

/// What was summarised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MaintainedSummaries {
    /// Journals.
    pub tenants_processed: u32,
    /// Conversations.
    pub summaries_created: u32,
}

/// The settings that a dream went by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MaintainedBy {
    /// Whether anything is made of moments.
    pub reflective_enabled: bool,
    /// How much.
    pub mode: ReflectiveMode,
}

/// What a dream will cost, about.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Estimate {
    /// Calls.
    pub n_calls: u32,
    /// Answers that are known already.
    pub n_known: u32,
    /// Minutes of model time.
    pub minutes: u32,
}

/// One moment as it is and as another mind would have it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Compared {
    /// The day.
    pub day: String,
    /// As it is; absent where it would be new.
    pub before: Option<Said>,
    /// As it would be; absent where it would go.
    pub after: Option<Said>,
}

/// What a mind says of an episode, in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Said {
    /// The mind.
    pub mind: String,
    /// The title.
    pub title: String,
    /// The summary.
    pub summary: String,
    /// The outcome.
    pub outcome: String,
    /// The type.
    pub moment_type: String,
    /// Tags.
    pub tags: Vec<String>,
    /// People.
    pub people: Vec<String>,
    /// Emotions, strongest first.
    pub emotions: Vec<String>,
    /// -1 to 1.
    pub valence: f32,
}

/// How the dreaming is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "lowercase")]
pub enum DreamState {
    /// No dream has run since the app started.
    #[default]
    Awake,
    /// A dream runs.
    Dreaming {
        /// How far it has come.
        progress: DreamProgress,
    },
    /// The last dream ended, finished or cancelled.
    Ended {
        /// What it did.
        report: DreamReport,
    },
    /// The last dream failed.
    Failed {
        /// Why.
        message: String,
    },
}

/// Begins a dream in the background; [`crate::event::Event::DreamMoved`] tells how it goes.
///
/// # Errors
/// A dream is running already, or the request cannot be.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn start_dream(journal: &Journal, request: DreamRequest) -> Result<DreamState> {
    journal.start_dream(&request)
}

/// Asks the running dream to stop at the next episode.
///
/// # Errors
/// None; the signature is that of all commands.
pub fn cancel_dream(journal: &Journal, _: Empty) -> Result<DreamState> {
    journal.cancel_dream();
    Ok(journal.dream_state())
}

/// How the dreaming is.
///
/// # Errors
/// None; the signature is that of all commands.
pub fn show_dream(journal: &Journal, _: Empty) -> Result<DreamState> {
    Ok(journal.dream_state())
}
