//! `rem dream consolidate`: finds what says the same twice, or contradicts itself.

use clap::Args;
use rem_core::{
    api::{
        dreams::Stage,
        proposals::{
            AutoConsolidateCounts, ConsolidateReport, ConsolidateRequest, WorkspaceReport,
        },
    },
    event::Event,
};

use crate::{
    desk::Desk,
    exit::{Exit, Result},
    line::Line,
    page,
    palette::Ink,
    progress::{Step, follow},
    times::{count, thousands},
};

/// How to go about it. What you wrote is never changed: everything is a proposal first.
#[derive(Debug, Args)]
pub(crate) struct Consolidate {
    /// Only say what would be found; writes nothing and asks no model.
    #[arg(long)]
    dry_run: bool,
    /// Also accept what is sure enough, as many as `consolidation.max_actions_per_run` allows.
    #[arg(long)]
    apply: bool,
    /// Use this model once instead of the one in the settings; "off": the built-in analyser.
    #[arg(long, value_name = "MODEL")]
    llm: Option<String>,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Consolidate) -> Result<Exit> {
    let journal = desk.open()?;
    let request = ConsolidateRequest {
        dry_run: args.dry_run,
        apply: args.apply,
        model: args.llm.as_ref().map(|name| name.trim().to_owned()),
    };
    let work = |cancel: &_| journal.dream_consolidate(&request, cancel);
    let step = |_: &Event| {
        let message = page::dream::stage(Stage::Consolidate).to_owned();
        Some(Step { n_done: 0, n_total: 0, message })
    };
    let report = follow(desk, &journal, work, step)?;
    if desk.is_json() {
        desk.json(&report)?;
    } else if !desk.globals.quiet {
        write(desk, &report, args.dry_run)?;
    }
    Ok(if report.is_cancelled { Exit::Cancelled } else { Exit::Done })
}

fn write(desk: &mut Desk<'_, '_>, report: &ConsolidateReport, is_dry_run: bool) -> Result {
    for workspace in &report.workspaces {
        desk.text(&Line::of(Ink::Strong, &headline(workspace)))?;
        desk.text(&Line::of(Ink::Quiet, &saved(workspace)))?;
        if let Some(counts) = &workspace.auto_consolidate {
            desk.text(&Line::of(Ink::Quiet, &applied(counts)))?;
        }
    }
    for error in &report.errors {
        desk.text(&Line::of(Ink::Warning, error))?;
    }
    if report.is_cancelled {
        let note = "Stopped before the end; what was signed is kept, and the next run goes on.";
        desk.text(&Line::of(Ink::Warning, note))?;
    }
    if !report.without_model.is_empty() {
        let note = format!("Without a model: {}.", report.without_model);
        desk.text(&Line::of(Ink::Warning, &note))?;
    }
    if is_dry_run {
        return desk.hint("Nothing was written. `rem dream consolidate` makes proposals of it.");
    }
    desk.hint("`rem proposals` lists what waits for you.")
}

fn headline(workspace: &WorkspaceReport) -> String {
    format!(
        "Looked at {} notes, messages and moments: {} of {} texts, {}",
        thousands(workspace.n_looked_at),
        count(workspace.groups_found, "group"),
        thousands(workspace.memories_merged),
        count(workspace.conflicts_found, "contradiction"),
    )
}

fn saved(workspace: &WorkspaceReport) -> String {
    format!(
        "{} tokens would do for {}, which saves {}; another text stands for {} by now",
        thousands(workspace.tokens_after),
        thousands(workspace.tokens_before),
        thousands(workspace.tokens_saved),
        thousands(workspace.memories_archived),
    )
}

fn applied(counts: &AutoConsolidateCounts) -> String {
    format!(
        "{}: {} merged, {} settled, {} folded away, {} left for you",
        if counts.dry_run { "would apply" } else { "applied" },
        count(counts.duplicates_merged, "group"),
        count(counts.conflicts_resolved, "contradiction"),
        count(counts.summarized, "moment"),
        thousands(counts.skipped),
    )
}
