//! `rem dream moments` and its like: one stage of a dream, or all of them, with what the stage needs said.

use clap::Args;
use rem_core::api::dreams::{DreamRequest, Stage};

use super::dream;
use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    times::DayWord,
};

/// A stage that reads what is new or changed in the whole journal.
#[derive(Debug, Args)]
pub(crate) struct Whole {
    /// Use this model once instead of the one in the settings; "off": the built-in analyser.
    #[arg(long, value_name = "MODEL")]
    llm: Option<String>,
    /// Show on standard error what models are asked and what they reply.
    #[arg(long)]
    debug: bool,
}

/// The stage that makes moments of days.
#[derive(Debug, Args)]
pub(crate) struct Moments {
    #[command(flatten)]
    whole: Whole,
    /// Only days within so many hours before now.
    #[arg(long, value_name = "N", conflicts_with_all = ["start", "end"])]
    lookback_hours: Option<u32>,
    /// First day.
    #[arg(long, value_name = "DAY")]
    start: Option<DayWord>,
    /// Last day, included.
    #[arg(long, value_name = "DAY")]
    end: Option<DayWord>,
    /// Read at most so many records, the newest days first.
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// Only say what would be dreamt.
    #[arg(long)]
    dry_run: bool,
}

/// A whole dream.
#[derive(Debug, Args)]
pub(crate) struct Full {
    #[command(flatten)]
    whole: Whole,
    /// Also let a model say how notes and conversations belong together.
    #[arg(long)]
    use_llm_affinity: bool,
    /// Let it judge at most so many notes and conversations, the newest first.
    #[arg(long, value_name = "N", default_value_t = 100, requires = "use_llm_affinity")]
    limit: u32,
}

/// What is to be run.
pub(crate) enum Run<'a> {
    Stage(Stage, &'a Whole),
    Moments(&'a Moments),
    Full(&'a Full),
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, run: &Run<'_>) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    dream::and_tell(desk, &journal, &request(run, present), present, None)
}

fn request(run: &Run<'_>, present: Present) -> DreamRequest {
    let (stages, whole) = match run {
        Run::Stage(stage, whole) => (vec![*stage], *whole),
        Run::Moments(moments) => (vec![Stage::Moments], &moments.whole),
        Run::Full(full) => (Vec::new(), &full.whole),
    };
    let mut request = DreamRequest {
        cause: "now".into(),
        stages,
        model: whole.llm.as_ref().map(|name| name.trim().to_owned()),
        debug: whole.debug,
        ..DreamRequest::default()
    };
    match run {
        Run::Stage(..) => {}
        Run::Moments(moments) => {
            request.start = moments.start.map(|day| present.day(day));
            request.end = moments.end.map(|day| present.day(day));
            request.lookback_hours = moments.lookback_hours;
            request.limit = moments.limit;
            request.dry_run = moments.dry_run;
        }
        Run::Full(full) => {
            request.llm_affinity_limit = full.use_llm_affinity.then_some(full.limit);
        }
    }
    request
}
