//! `rem dream`: turns new and changed days into moments.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::{Args, Subcommand};
use rem_core::{
    Journal,
    api::{
        dreams::{DreamProgress, DreamReport, DreamRequest, DreamState, Stage},
        insights::ReflectRequest,
    },
    error::Attempt as _,
    event::Event,
    journal::Work,
};

use self::stage::Run;
use super::{affinity, consolidate, decay, reflect, stage, summarize, types};
use crate::{
    clean,
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
    progress::{Step, follow_aloud},
    times::{DayWord, count},
};

const EXAMPLES: &str = "\
Examples:
  rem dream                                  all days that are new or changed
  rem dream --dry-run                        which days, and about how long it would take
  rem dream --llm off                        this once without a model
  rem dream --redo --start 2026-10-01        again, with the mind that is in use now
  rem dream --compare --llm gemma3:12b --start yesterday
                                             what another model would say; nothing is written";

/// What to dream about; all days that are new or changed, if nothing is said.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub(crate) struct Dream {
    #[command(subcommand)]
    stage: Option<DreamStage>,
    /// Dream now; that is what this command does anyway.
    #[arg(long)]
    now: bool,
    /// Dream in the foreground, whether or not a daemon runs; that is what this command does anyway.
    #[arg(long)]
    sync: bool,
    /// Only days within so many hours before now.
    #[arg(long, value_name = "N", conflicts_with_all = ["start", "end"])]
    lookback_hours: Option<u32>,
    /// First day.
    #[arg(long, value_name = "DAY")]
    start: Option<DayWord>,
    /// Last day, included.
    #[arg(long, value_name = "DAY")]
    end: Option<DayWord>,
    /// Only say what would be dreamt.
    #[arg(long)]
    dry_run: bool,
    /// Read at most so many records, the newest days first.
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// Write the report to a file too, as JSON.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Keep no moment shorter than this, where its length is known.
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    min_duration_minutes: u32,
    /// Keep only moments of these types, for example "work_session,learning"; `rem types` lists them.
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    moment_types: Vec<String>,
    /// Tell the days' stories again from the moments that are there.
    #[arg(long)]
    summary_only: bool,
    /// Use this model once instead of the one in the settings; "off": the built-in analyser.
    #[arg(long, value_name = "MODEL")]
    llm: Option<String>,
    /// Dream the days again with the mind in use, although nothing in them has changed.
    #[arg(long, conflicts_with = "summary_only")]
    redo: bool,
    /// Write nothing, and show what is there beside what this mind would say.
    #[arg(long, conflicts_with_all = ["summary_only", "dry_run"])]
    compare: bool,
    /// Show on standard error what models are asked and what they reply. That is what you wrote:
    /// mind who looks on, and what keeps it.
    #[arg(long)]
    debug: bool,
}

/// A stage that runs alone.
#[derive(Debug, Subcommand)]
enum DreamStage {
    /// Find which notes and conversations belong together.
    Affinity(affinity::Affinity),
    /// Find what says the same twice or contradicts itself, and propose what to do.
    Consolidate(consolidate::Consolidate),
    /// Let fade what nobody returns to; every dream begins with it.
    Decay(decay::Decay),
    /// Make moments and stories of days that are new or changed.
    Moments(stage::Moments),
    /// Tell what whole conversations were about.
    Summarize(summarize::Summarize),
    /// Tell weeks, months and years, and reckon their hours.
    Periods(stage::Whole),
    /// Gather tags to topics, and topics to communities.
    Topics(stage::Whole),
    /// Add a type of moment of your own; the same as `rem types add`.
    RegisterType(types::Add),
    /// Look for patterns, themes and strategies in what mattered lately.
    Reflect(reflect::Reflect),
    /// Settle what was foretold, and foretell.
    Predict(stage::Whole),
    /// Say who you are lately; `rem profile` shows it.
    #[command(visible_alias = "user-model")]
    Profile(stage::Whole),
    /// Say in numbers what the dream came to; of a dream that writes nothing there is nothing to say.
    Digest(stage::Whole),
    /// All stages, one after the other; what `rem dream` does, too.
    Full(stage::Full),
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Dream) -> Result<Exit> {
    match &args.stage {
        Some(DreamStage::Affinity(args)) => return affinity::run(desk, args),
        Some(DreamStage::Consolidate(args)) => return consolidate::run(desk, args),
        Some(DreamStage::Digest(args)) => {
            return stage::run(desk, &Run::Stage(Stage::Digest, args));
        }
        Some(DreamStage::Decay(args)) => return decay::run(desk, args),
        Some(DreamStage::Moments(args)) => return stage::run(desk, &Run::Moments(args)),
        Some(DreamStage::Summarize(args)) => return summarize::run(desk, args),
        Some(DreamStage::Reflect(args)) => return reflect::in_a_dream(desk, args),
        Some(DreamStage::Predict(args)) => {
            return stage::run(desk, &Run::Stage(Stage::Predict, args));
        }
        Some(DreamStage::Periods(args)) => {
            return stage::run(desk, &Run::Stage(Stage::Periods, args));
        }
        Some(DreamStage::Topics(args)) => {
            return stage::run(desk, &Run::Stage(Stage::Topics, args));
        }
        Some(DreamStage::RegisterType(args)) => return types::add(desk, args),
        Some(DreamStage::Profile(args)) => {
            return stage::run(desk, &Run::Stage(Stage::Profile, args));
        }
        Some(DreamStage::Full(args)) => return stage::run(desk, &Run::Full(args)),
        None => {}
    }
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let request = request(args, present);
    and_tell(desk, &journal, &request, present, args.output.as_deref())
}

/// Dreams, tells what it came to, and writes the report to a file if one is named.
pub(crate) fn and_tell(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    request: &DreamRequest,
    present: Present,
    output: Option<&Path>,
) -> Result<Exit> {
    let report = dream(desk, journal, request)?;
    if let Some(path) = output {
        let text = serde_json::to_string_pretty(&report).map_err(std::io::Error::from)?;
        fs::write(path, clean::json(&text) + "\n")
            .attempt(|| format!("writing the report to {}", path.display()))?;
    }
    if desk.is_json() {
        desk.json(&report)?;
    } else if !desk.globals.quiet {
        page::dream::write(desk, &report, request, present)?;
    }
    if !report.is_cancelled && !report.is_dry_run && !request.compare {
        // What is new gets its vectors; with a model the window does that while nobody is there.
        if let Err(error) = journal.embed_as_set(&desk.interruptible())
            && !desk.cancel.is_cancelled()
        {
            desk.aside(&error.to_string())?;
        }
        // What was saved before it is tagged now; tied it is already.
        journal.work_off(Work::Light, &desk.cancel)?;
    }
    Ok(if report.is_cancelled { Exit::Cancelled } else { Exit::Done })
}

/// Dreams with a progress bar.
pub(crate) fn dream(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    request: &DreamRequest,
) -> Result<DreamReport> {
    let work = |cancel: &_| journal.dream(request, cancel);
    let step = |event: &_| match event {
        Event::DreamMoved { dream: DreamState::Dreaming { progress } } => Some(step(progress)),
        _ => None,
    };
    follow_aloud(desk, journal, work, step, page::spoken::write)
}

fn request(args: &Dream, present: Present) -> DreamRequest {
    DreamRequest {
        start: args.start.map(|day| present.day(day)),
        end: args.end.map(|day| present.day(day)),
        lookback_hours: args.lookback_hours,
        limit: args.limit,
        dry_run: args.dry_run,
        min_duration_minutes: args.min_duration_minutes,
        moment_types: args.moment_types.iter().map(|kind| kind.trim().to_owned()).collect(),
        summary_only: args.summary_only,
        cause: "now".into(),
        redo: args.redo || args.compare,
        compare: args.compare,
        model: args.llm.as_ref().map(|name| name.trim().to_owned()),
        debug: args.debug,
        stages: Vec::new(),
        llm_affinity_limit: None,
        reflect: ReflectRequest::default(),
        most_minutes: 0,
    }
}

fn step(progress: &DreamProgress) -> Step {
    let stage = page::dream::stage(progress.stage);
    let day = progress.day.as_deref().unwrap_or_default();
    let moments = count(progress.n_moments, "moment");
    let title = progress.last_title.as_deref().unwrap_or(stage);
    let waits = progress.waits_for.as_ref().map(|reason| format!("waits: {reason}"));
    let left = progress.minutes_left.map(|n| format!("about {} left", count(n, "minute")));
    let model = progress.model.as_deref().unwrap_or_default();
    let message = page::dotted([
        waits.as_deref().unwrap_or_default(),
        day,
        left.as_deref().unwrap_or_default(),
        &moments,
        model,
        title,
    ]);
    Step { n_done: progress.n_done, n_total: progress.n_total, message }
}
