//! `rem reflect`: looks for patterns, themes and strategies in what mattered lately.

use clap::{Args, ValueEnum};
use rem_core::{
    Journal,
    api::{
        dreams::{DreamReport, DreamRequest, Stage, StageEnd},
        insights::{
            Depth, ListReflections, ReflectRequest, ReflectionView, list_reflections, reflected,
        },
    },
};

use super::dream;
use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
};

const EXAMPLES: &str = "\
Examples:
  rem reflect                            what mattered on the newest day
  rem reflect --lookback-hours 72        on the last three days
  rem reflect --depth meta               in the last seven days
  rem reflect --json                     [{\"reflection_id\": 3, \"strategy_id\": 12}]";

/// How to look, where it is not as the settings say.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Reflect {
    /// Hours before the end of the newest day.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=720))]
    lookback_hours: Option<u32>,
    /// Importance of the moments to look at, at least; 0 to 1.
    #[arg(long, value_name = "X")]
    min_importance: Option<f64>,
    /// Look at so many moments at most.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(3..=100))]
    max_samples: Option<u32>,
    /// Make one reflection of this depth, even where the settings let dreams make none.
    #[arg(long, value_name = "DEPTH")]
    depth: Option<DepthWord>,
    /// Use this model once instead of the one in the settings; "off": the built-in analyser.
    #[arg(long, value_name = "MODEL")]
    llm: Option<String>,
    /// Show on standard error what models are asked and what they reply.
    #[arg(long)]
    debug: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum DepthWord {
    /// By rule, without a model.
    Surface,
    /// What mattered on a day.
    Analytical,
    /// What mattered in seven days.
    Meta,
}

fn request(args: &Reflect) -> DreamRequest {
    let depth = args.depth.map(|word| match word {
        DepthWord::Surface => Depth::Surface,
        DepthWord::Analytical => Depth::Analytical,
        DepthWord::Meta => Depth::Meta,
    });
    DreamRequest {
        cause: "now".into(),
        stages: vec![Stage::Reflect],
        model: args.llm.as_ref().map(|name| name.trim().to_owned()),
        debug: args.debug,
        reflect: ReflectRequest {
            lookback_hours: args.lookback_hours,
            min_importance: args.min_importance,
            max_samples: args.max_samples,
            depth,
        },
        ..DreamRequest::default()
    }
}

/// `rem dream reflect`: tells it as a dream.
pub(crate) fn in_a_dream(desk: &mut Desk<'_, '_>, args: &Reflect) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    dream::and_tell(desk, &journal, &request(args), present, None)
}

/// `rem reflect`: tells what came of it.
pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Reflect) -> Result<Exit> {
    let journal = desk.open()?;
    let report = dream::dream(desk, &journal, &request(args))?;
    let pairs = reflected(&journal, report.dream_id)?;
    if desk.is_json() {
        desk.json(&pairs)?;
    } else if !desk.globals.quiet {
        let made: Vec<i64> = pairs.iter().map(|pair| pair.reflection_id).collect();
        tell(desk, &journal, &report, &made)?;
    }
    Ok(if report.is_cancelled { Exit::Cancelled } else { Exit::Done })
}

fn tell(desk: &mut Desk<'_, '_>, journal: &Journal, report: &DreamReport, made: &[i64]) -> Result {
    let stage = report.stages.iter().find(|stage| stage.stage == Stage::Reflect);
    let why = stage.map(|stage| (stage.end, stage.reason.as_str()));
    let why = match why {
        Some((StageEnd::Skipped, "disabled_by_config")) => {
            "Skipped: reflecting is switched off in the settings (disabled_by_config)."
        }
        Some((StageEnd::Skipped, "insufficient_memories")) => {
            "Skipped: fewer than three moments matter enough (insufficient_memories). \
             `--min-importance 0.4` looks at more."
        }
        Some((StageEnd::Unchanged, _)) => "Nothing new: every reflection is as it was.",
        _ if made.is_empty() => {
            "Reflections with too little to look at by now were taken away, and none was made."
        }
        _ => "",
    };
    if !why.is_empty() {
        desk.confirm(why)?;
    }
    let request = ListReflections { limit: Some(if made.is_empty() { 1 } else { 30 }) };
    let all = list_reflections(journal, request)?;
    let shown: Vec<&ReflectionView> =
        all.iter().filter(|one| made.is_empty() || made.contains(&one.id)).collect();
    page::insights::reflections(desk, &shown, Present::of(journal)?)?;
    desk.hint("What was found: rem insights")?;
    Ok(())
}
