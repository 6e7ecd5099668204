//! Proposals: what dreams think could be done about what says the same twice, or contradicts itself, and
//! what the person says to it. And consolidating alone.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Journal, Result, consolidation, event::Event, journal::Cancel};

/// What a proposal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProposalKind {
    /// A text that sums up others.
    Summary,
    /// What the person likes.
    Preference,
    /// What binds the person.
    Constraint,
    /// How a project stands.
    ProjectState,
    /// What was so once.
    StaleFact,
    /// Two statements that cannot both be true.
    Contradiction,
    /// Texts that say the same.
    Merge,
    /// What deserves more weight.
    Promotion,
    /// What hardly anything is left of.
    Decay,
    /// A statement that a later one says has changed.
    TemporalUpdate,
}

/// What would be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProposedAction {
    /// Something is made.
    Create,
    /// Something is changed.
    Update,
    /// One text stands for several.
    Merge,
    /// The later statement holds.
    Supersede,
    /// Something ends.
    Expire,
    /// Something gets more weight.
    Promote,
    /// Something is folded away.
    Demote,
    /// Nothing: a model looked, and found nothing in it.
    Ignore,
}

/// What became of a proposal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProposalState {
    /// It waits for the person.
    Pending,
    /// They accepted it, and nothing stands for its sources: these were forgotten in the meantime.
    Accepted,
    /// They accepted it in their own words, which stand for its sources.
    Edited,
    /// They refused it; it is not made again.
    Rejected,
    /// They accepted it, and its text stands for its sources.
    Applied,
    /// Nothing is to be done about it.
    Archived,
}

/// How long ago the newest source of a proposal was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Less than 30 days.
    Fresh,
    /// 30 days and more.
    Stale,
    /// 90 days and more.
    Archived,
    /// Nobody can say.
    Unknown,
}

/// One of the things a proposal is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProposalSource {
    /// "record" or "moment".
    pub thing: String,
    /// Its id.
    #[ts(type = "number")]
    pub id: i64,
    /// Its title.
    pub title: String,
    /// Its day, `YYYY-MM-DD`; empty where that is not known.
    pub day: String,
    /// Its words, or those meant; cut where they are many.
    pub text: String,
    /// Whether it still says this.
    pub is_current: bool,
}

/// A proposal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProposalView {
    /// What it is called, in letters; the same for ever, in this journal and in every copy of it.
    pub id: String,
    /// What it is about.
    pub kind: ProposalKind,
    /// What would be done.
    pub proposed_action: ProposedAction,
    /// What became of it.
    pub review_state: ProposalState,
    /// How sure it is, 0 to 1.
    pub confidence: f64,
    /// How long ago its newest source was written.
    pub freshness_state: Freshness,
    /// Why it was made, in words of a list, such as "content_overlap" or "negation".
    pub reason_codes: Vec<String>,
    /// How its sources were found.
    pub strategy_used: String,
    /// What would stand for the sources, or does.
    pub text: String,
    /// What it is about, the one that would stand for all first.
    pub sources: Vec<ProposalSource>,
    /// Tokens of the sources, about.
    pub tokens_before: u32,
    /// Tokens of the text, about.
    pub tokens_after: u32,
    /// Who wrote the text.
    pub mind: String,
    /// Whether it is made again when there is a model.
    pub is_provisional: bool,
    /// When the person decided, in Unix milliseconds.
    #[ts(type = "number | null")]
    pub decided_at: Option<i64>,
}

/// Which proposals to list. By default those that wait for the person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListProposals {
    /// Only those in this state; absent: those that wait.
    pub state: Option<ProposalState>,
    /// All, in whatever state.
    pub all: bool,
    /// At most so many; 50 if nothing is said.
    pub limit: Option<u32>,
}

/// One proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ProposalId {
    /// What it is called; the first letters do, where no other begins with them.
    pub id: String,
}

/// Accepts a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AcceptProposal {
    /// What it is called.
    pub id: String,
    /// Only say what would be.
    #[serde(default)]
    pub dry_run: bool,
}

/// Accepts a proposal in other words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EditProposal {
    /// What it is called.
    pub id: String,
    /// What is to stand for its sources.
    pub text: String,
}

/// What deciding came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ProposalOutcome {
    /// The proposal as it is now.
    pub proposal: ProposalView,
    /// Whether it only looked.
    pub is_dry_run: bool,
    /// Whether anything changed; deciding the same twice changes nothing.
    pub has_changed: bool,
    /// Notes, messages and moments for which the text stands from now on, beside the first.
    pub n_folded: u32,
}

/// How to consolidate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ConsolidateRequest {
    /// Only say what would be proposed; writes nothing and asks no model.
    pub dry_run: bool,
    /// Also accept what is sure enough, as many as the settings allow.
    pub apply: bool,
    /// A model to use this once; "off" for the built-in analyser.
    pub model: Option<String>,
}

/// What applying came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AutoConsolidateCounts {
    /// Whether it only looked.
    pub dry_run: bool,
    /// Groups whose text stands for them now.
    pub duplicates_merged: u32,
    /// Contradictions settled in favour of what was written last.
    pub conflicts_resolved: u32,
    /// Moments folded away.
    pub summarized: u32,
    /// Proposals that were not sure enough, or too many.
    pub skipped: u32,
}

/// What consolidating one journal came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct WorkspaceReport {
    /// The journal's name.
    pub workspace: String,
    /// Notes, messages and moments that were looked at: all of them.
    pub n_looked_at: u32,
    /// Groups of texts that say the same.
    pub groups_found: u32,
    /// Texts in these groups.
    pub memories_merged: u32,
    /// Of these, for which another text stands by now; none of what the person wrote is ever archived.
    pub memories_archived: u32,
    /// Tokens of the texts in groups, about.
    pub tokens_before: u32,
    /// Tokens of the texts that would stand for them.
    pub tokens_after: u32,
    /// The difference.
    pub tokens_saved: u32,
    /// Pairs of statements that cannot both be true.
    pub conflicts_found: u32,
    /// What applying came to; absent where nothing was to be applied, or it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub auto_consolidate: Option<AutoConsolidateCounts>,
}

/// What consolidating came to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ConsolidateReport {
    /// The dream; absent where nothing had to be written.
    #[ts(type = "number | null")]
    pub dream_id: Option<i64>,
    /// When it began, in Unix milliseconds.
    #[ts(type = "number")]
    pub started_at: i64,
    /// When it ended.
    #[ts(type = "number")]
    pub finished_at: i64,
    /// Whether it was stopped before the end.
    pub is_cancelled: bool,
    /// One journal each; this one.
    pub workspaces: Vec<WorkspaceReport>,
    /// What went wrong, as "journal: why".
    pub errors: Vec<String>,
    /// Why the model was not used, or not to the end; empty where it was or none is wanted.
    pub without_model: String,
}

/// The proposals, the surest first.
///
/// # Errors
/// The store failed.
pub fn list_proposals(journal: &Journal, request: ListProposals) -> Result<Vec<ProposalView>> {
    consolidation::list(journal, &request)
}

/// One proposal with its sources.
///
/// # Errors
/// There is no such proposal, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn show_proposal(journal: &Journal, request: ProposalId) -> Result<ProposalView> {
    consolidation::show(journal, &request.id)
}

/// Accepts a proposal: its text stands for its sources in lists and in what models are shown. What the
/// person wrote stays as it is.
///
/// # Errors
/// There is no such proposal, nothing is to be done about it, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn accept_proposal(journal: &Journal, request: AcceptProposal) -> Result<ProposalOutcome> {
    let decided = consolidation::accept(journal, &request.id, request.dry_run)?;
    outcome(journal, decided, request.dry_run)
}

/// Accepts a proposal in other words.
///
/// # Errors
/// There is no such proposal, the text is empty or too long, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn edit_proposal(journal: &Journal, request: EditProposal) -> Result<ProposalOutcome> {
    outcome(journal, consolidation::edit(journal, &request.id, &request.text)?, false)
}

/// Refuses a proposal; it is not made again.
///
/// # Errors
/// There is no such proposal, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn reject_proposal(journal: &Journal, request: ProposalId) -> Result<ProposalOutcome> {
    outcome(journal, consolidation::reject(journal, &request.id)?, false)
}

/// Takes a decision back: the proposal waits again, and nothing stands for its sources.
///
/// # Errors
/// There is no such proposal, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn reopen_proposal(journal: &Journal, request: ProposalId) -> Result<ProposalOutcome> {
    outcome(journal, consolidation::reopen(journal, &request.id)?, false)
}

/// Finds what says the same twice or contradicts itself, alone, and applies what is sure if asked to.
///
/// # Errors
/// A dream runs on this journal, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn dream_consolidate(
    journal: &Journal,
    request: ConsolidateRequest,
) -> Result<ConsolidateReport> {
    journal.dream_consolidate(&request, &Cancel::default())
}

fn outcome(
    journal: &Journal,
    decided: consolidation::Decided,
    is_dry_run: bool,
) -> Result<ProposalOutcome> {
    if decided.has_changed && !is_dry_run {
        for day in &decided.days {
            crate::periods::tell_again(journal, day)?;
        }
        journal.tell(&Event::JournalChanged { days: decided.days });
    }
    Ok(ProposalOutcome {
        proposal: consolidation::show(journal, &consolidation::id_of(&decided.key))?,
        is_dry_run,
        has_changed: decided.has_changed,
        n_folded: decided.n_folded,
    })
}
