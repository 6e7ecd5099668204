//! `rem dream affinity`: finds which notes and conversations belong together.

use std::sync::atomic::{AtomicU32, Ordering};

use clap::Args;
use rem_core::api::affinity::{AffinityReport, AffinityRequest};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    line::Line,
    palette::Ink,
    progress::{Step, follow},
    times::{self, DayWord, count, thousands},
};

/// Which notes and conversations to look at; all of them, if nothing is said.
#[derive(Debug, Args)]
pub(crate) struct Affinity {
    /// Also let a model say how the strongest pairs belong together; needs --limit.
    #[arg(long)]
    use_llm: bool,
    /// Look at no more than so many notes and conversations, the newest first.
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// The least likeness of a pair, 0 to 1; what suits the embedder in use, if nothing is said.
    #[arg(long, value_name = "X")]
    threshold: Option<f32>,
    /// Only those of the days within so many hours before now.
    #[arg(long, value_name = "N", conflicts_with_all = ["start", "end"])]
    lookback_hours: Option<u32>,
    /// Only those from this day on.
    #[arg(long, value_name = "DAY")]
    start: Option<DayWord>,
    /// Only those up to this day.
    #[arg(long, value_name = "DAY")]
    end: Option<DayWord>,
    /// Only say what would be found, and what it would cost.
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Affinity) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let request = AffinityRequest {
        use_llm: args.use_llm,
        limit: args.limit,
        threshold: args.threshold,
        lookback_hours: args.lookback_hours,
        start: args.start.map(|day| present.day(day)),
        end: args.end.map(|day| present.day(day)),
        dry_run: args.dry_run,
    };
    let done = AtomicU32::new(0);
    let work = |cancel: &_| {
        journal.dream_affinity(&request, cancel, &|n, _| done.store(n, Ordering::Relaxed))
    };
    let report = follow(desk, &journal, work, |_| {
        let n_done = done.load(Ordering::Relaxed);
        let message = format!("comparing; judged {}", count(n_done, "pair"));
        Some(Step { n_done, n_total: n_done, message })
    })?;
    if desk.is_json() {
        desk.json(&report)?;
    } else if !desk.globals.quiet {
        write(desk, &report, args.use_llm)?;
    }
    Ok(if report.is_cancelled { Exit::Cancelled } else { Exit::Done })
}

fn write(desk: &mut Desk<'_, '_>, report: &AffinityReport, use_llm: bool) -> Result {
    let verb = if report.is_dry_run { "Would compare" } else { "Compared" };
    let resources = match report.n_resources {
        1 => "1 note or conversation".to_owned(),
        n => format!("{} notes and conversations", thousands(n)),
    };
    desk.text(&Line::of(
        Ink::Strong,
        &format!("{verb} {resources} in {}", times::duration(report.took_ms)),
    ))?;
    let pairs = format!(
        "{} at least {:.2} alike to the {}",
        count(report.n_pairs, "pair"),
        report.threshold,
        report.embedder
    );
    desk.text(&Line::of(Ink::Quiet, &pairs))?;
    if use_llm {
        desk.text(&Line::of(Ink::Quiet, &judged(report)))?;
    }
    let (new, changed, gone) = (
        thousands(report.n_edges_added),
        thousands(report.n_edges_changed),
        thousands(report.n_edges_removed),
    );
    desk.text(&Line::of(Ink::Quiet, &format!("edges: {new} new, {changed} changed, {gone} gone")))?;
    if report.is_cancelled {
        let note = "Stopped before the end; what was judged is kept and not asked for again.";
        desk.text(&Line::of(Ink::Warning, note))?;
    }
    if !report.without_model.is_empty() {
        let note = format!("Without a model: {}.", report.without_model);
        desk.text(&Line::of(Ink::Warning, &note))?;
    }
    Ok(())
}

fn judged(report: &AffinityReport) -> String {
    let instead = thousands(i64::try_from(report.n_calls_naive).unwrap_or(i64::MAX));
    if report.is_dry_run {
        return format!(
            "would judge {} with {} (asking for each pair: {instead}), about {} min; {} known",
            count(report.n_candidates - report.n_known, "pair"),
            count(report.n_calls, "call"),
            report.minutes,
            thousands(report.n_known),
        );
    }
    format!(
        "judged {} with {} (asking for each pair: {instead}); {} known before, {} unrelated, {} without \
         an answer",
        count(report.n_assessed, "pair"),
        count(report.n_calls, "call"),
        thousands(report.n_known),
        thousands(report.n_unrelated),
        thousands(report.n_unanswered),
    )
}
