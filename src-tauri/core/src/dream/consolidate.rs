//! A dream of one stage: consolidation; and applying what it is sure of, where the person wants that.

use std::collections::BTreeSet;

use super::stages::consolidate as stage;
use crate::{
    Error, Journal, Result,
    api::{
        dreams::{DreamRequest, Stage, StageEnd},
        proposals::{
            AutoConsolidateCounts, ConsolidateReport, ConsolidateRequest, ListProposals,
            ProposalKind, ProposalView, WorkspaceReport,
        },
    },
    consolidation,
    event::Event,
    journal::Cancel,
    periods,
    settings::ConsolidationPolicy,
};

/// Consolidates, and applies if asked to. That applying failed is told in the report.
pub(crate) fn consolidate(
    journal: &Journal,
    request: &ConsolidateRequest,
    cancel: &Cancel,
) -> Result<ConsolidateReport> {
    let policy = journal.settings().consolidation;
    let mut report =
        ConsolidateReport { started_at: journal.clock().now_ms(), ..ConsolidateReport::default() };
    let mut workspace =
        WorkspaceReport { workspace: journal.name().to_owned(), ..WorkspaceReport::default() };
    if request.dry_run {
        let counts = stage::dry_run(journal, &journal.calendar()?, cancel)?;
        workspace.n_looked_at = counts.n_looked_at;
        workspace.groups_found = counts.n_groups;
        workspace.memories_merged = counts.n_merged;
        workspace.memories_archived = counts.n_archived;
        workspace.tokens_before = counts.tokens_before;
        workspace.tokens_after = counts.tokens_after;
        workspace.conflicts_found = counts.n_conflicts;
    } else {
        dream(journal, request, cancel, &mut report, &mut workspace)?;
    }
    workspace.tokens_saved = workspace.tokens_before.saturating_sub(workspace.tokens_after);
    if (request.apply || !policy.dry_run) && !report.is_cancelled {
        match apply(journal, &policy, request.dry_run, cancel) {
            Ok(counts) => {
                tracing::debug!(
                    dry_run = counts.dry_run,
                    duplicates_merged = counts.duplicates_merged,
                    conflicts_resolved = counts.conflicts_resolved,
                    summarized = counts.summarized,
                    skipped = counts.skipped,
                    "auto_consolidated"
                );
                workspace.auto_consolidate = Some(counts);
            }
            Err(Error::Cancelled) => report.is_cancelled = true,
            Err(error) => {
                tracing::warn!(%error, "auto_consolidate_failed");
                report.errors.push(format!("{}: {error}", journal.name()));
            }
        }
    }
    report.workspaces.push(workspace);
    report.finished_at = journal.clock().now_ms();
    Ok(report)
}

fn dream(
    journal: &Journal,
    request: &ConsolidateRequest,
    cancel: &Cancel,
    report: &mut ConsolidateReport,
    workspace: &mut WorkspaceReport,
) -> Result<()> {
    let wanted = DreamRequest {
        stages: vec![Stage::Consolidate],
        model: request.model.clone(),
        cause: "consolidate".into(),
        ..DreamRequest::default()
    };
    let dreamt = journal.dream(&wanted, cancel)?;
    report.dream_id = dreamt.dream_id;
    report.is_cancelled = dreamt.is_cancelled;
    report.without_model = dreamt.without_model;
    let of = |name: &str| {
        let counts = dreamt.stages.iter().find(|one| one.stage == Stage::Consolidate);
        counts.and_then(|one| one.counts.get(name)).copied().unwrap_or_default() as u32
    };
    workspace.n_looked_at = of("looked_at");
    workspace.groups_found = of("groups_found");
    workspace.memories_merged = of("memories_merged");
    workspace.memories_archived = of("memories_archived");
    workspace.tokens_before = of("tokens_before");
    workspace.tokens_after = of("tokens_after");
    workspace.conflicts_found = of("conflicts_found");
    let failed = dreamt.stages.iter().filter(|one| one.end == StageEnd::Failed);
    report.errors.extend(failed.map(|one| format!("{}: {}", workspace.workspace, one.reason)));
    Ok(())
}

/// Accepts what is sure enough, in the person's name, as many as the settings allow.
fn apply(
    journal: &Journal,
    policy: &ConsolidationPolicy,
    is_dry_run: bool,
    cancel: &Cancel,
) -> Result<AutoConsolidateCounts> {
    let mut counts = AutoConsolidateCounts { dry_run: is_dry_run, ..Default::default() };
    let all = ListProposals { limit: Some(u32::MAX), ..ListProposals::default() };
    let mut n_done = 0;
    let mut days = BTreeSet::new();
    for proposal in consolidation::list(journal, &all)? {
        cancel.check()?;
        if n_done >= policy.max_actions_per_run || !is_sure(&proposal, policy) {
            counts.skipped += 1;
            continue;
        }
        let decided = consolidation::accept(journal, &proposal.id, is_dry_run)?;
        days.extend(decided.days);
        n_done += 1;
        match proposal.kind {
            ProposalKind::Merge => counts.duplicates_merged += 1,
            ProposalKind::Decay => counts.summarized += 1,
            _ => counts.conflicts_resolved += 1,
        }
    }
    if n_done > 0 && !is_dry_run {
        for day in &days {
            periods::tell_again(journal, day)?;
        }
        journal.tell(&Event::JournalChanged { days: days.into_iter().collect() });
    }
    Ok(counts)
}

fn is_sure(proposal: &ProposalView, policy: &ConsolidationPolicy) -> bool {
    let differs = proposal.reason_codes.iter().any(|code| code == "numbers_differ");
    match proposal.kind {
        ProposalKind::Merge => proposal.confidence >= policy.duplicate_threshold && !differs,
        ProposalKind::Decay => proposal.confidence >= policy.duplicate_threshold,
        ProposalKind::TemporalUpdate => policy.conflict_auto_resolve,
        _ => false,
    }
}
