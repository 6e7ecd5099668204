//! `rem dream decay`: lets fade what nobody returns to.

use clap::Args;
use rem_core::{
    api::{
        decay::{DecayReport, DecayRequest},
        dreams::Stage,
    },
    event::Event,
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    line::Line,
    page,
    palette::Ink,
    progress::{Step, follow},
    times::{self, count, thousands},
};

/// How to look at it.
#[derive(Debug, Args)]
pub(crate) struct Decay {
    /// Only say what would fade.
    #[arg(long)]
    dry_run: bool,
    /// Share of its weight that a thing loses in a day, this once; the next dream goes by the settings.
    #[arg(long, value_name = "RATE")]
    rate: Option<f64>,
    /// Let everything fade at one rate from the beginning, this once, whatever you returned to.
    #[arg(long)]
    ignore_access: bool,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Decay) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let request =
        DecayRequest { dry_run: args.dry_run, rate: args.rate, ignore_access: args.ignore_access };
    let work = |cancel: &_| journal.dream_decay(request, cancel);
    let step = |_: &Event| {
        let message = page::dream::stage(Stage::Decay).to_owned();
        Some(Step { n_done: 0, n_total: 0, message })
    };
    let report = follow(desk, &journal, work, step)?;
    if desk.is_json() {
        desk.json(&report)?;
    } else if !desk.globals.quiet {
        write(desk, &report, present)?;
    }
    Ok(if report.is_cancelled { Exit::Cancelled } else { Exit::Done })
}

fn write(desk: &mut Desk<'_, '_>, report: &DecayReport, present: Present) -> Result {
    if report.is_cancelled {
        let note = "Stopped before the end; nothing was written.";
        return desk.text(&Line::of(Ink::Warning, note));
    }
    let took = times::duration(report.took_ms);
    let things = count(report.n_processed, "thing");
    let day = present.name(&report.day);
    let headline = match (report.n_faded + report.n_rekindled, report.is_dry_run) {
        (0, _) => format!("Nothing to fade: {things} as of {day}"),
        (_, true) => format!("Would bring {things} up to {day}"),
        (_, false) => format!("Brought {things} up to {day} in {took}"),
    };
    desk.text(&Line::of(Ink::Strong, &headline))?;
    if report.n_processed == 0 {
        return Ok(());
    }
    let changes = format!(
        "{} weaker, {} stronger; mean strength {:.3}, before {:.3}",
        thousands(report.n_faded),
        thousands(report.n_rekindled),
        report.mean_after,
        report.mean_before,
    );
    let paces = format!(
        "{} protected by their last seven days, {} neglected for over thirty, {} pinned, {} as faded as \
         can be",
        thousands(report.n_protected),
        thousands(report.n_accelerated),
        thousands(report.n_pinned),
        thousands(report.n_at_floor),
    );
    desk.text(&Line::of(Ink::Quiet, &changes))?;
    desk.text(&Line::of(Ink::Quiet, &paces))
}
