//! `rem insights`: what reflections found, and what the person thinks of it.

use clap::{Args, Subcommand, ValueEnum};
use rem_core::api::insights::{
    DecideInsight, Decision, InsightKind, ListInsights, ListReflections, decide_insight,
    list_insights, list_reflections,
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
};

const EXAMPLES: &str = "\
Examples:
  rem insights                       all that was found, seen last first
  rem insights --kind strategy       what helped
  rem insights reflections           the reflections themselves
  rem insights confirm 12            so it is
  rem insights hide 12               never show it again";

/// Which insights to list; all that are not hidden, if nothing is said.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub(crate) struct Insights {
    #[command(subcommand)]
    action: Option<Action>,
    /// Only of this kind.
    #[arg(long, value_name = "KIND")]
    kind: Option<KindWord>,
    /// Hidden ones, too.
    #[arg(long)]
    with_hidden: bool,
    /// At most so many.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the reflections, the newest first.
    Reflections {
        /// At most so many.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        limit: Option<u32>,
    },
    /// Say that an insight is right.
    Confirm {
        /// Its number, as `rem insights` lists it.
        id: i64,
    },
    /// Hide an insight, in every later dream, too.
    Hide {
        /// Its number, as `rem insights` lists it.
        id: i64,
    },
    /// Take back what you said of an insight.
    Reset {
        /// Its number, as `rem insights --with-hidden` lists it.
        id: i64,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum KindWord {
    /// What goes with a mood.
    Pattern,
    /// What keeps coming back.
    Theme,
    /// What helped.
    Strategy,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Insights) -> Result<Exit> {
    match args.action {
        Some(Action::Reflections { limit }) => return reflections(desk, limit),
        Some(Action::Confirm { id }) => return decide(desk, id, Some(Decision::Confirmed)),
        Some(Action::Hide { id }) => return decide(desk, id, Some(Decision::Hidden)),
        Some(Action::Reset { id }) => return decide(desk, id, None),
        None => {}
    }
    let journal = desk.open()?;
    let kind = args.kind.map(|word| match word {
        KindWord::Pattern => InsightKind::Pattern,
        KindWord::Theme => InsightKind::Theme,
        KindWord::Strategy => InsightKind::Strategy,
    });
    let request = ListInsights { kind, with_hidden: args.with_hidden, limit: args.limit };
    let all = list_insights(&journal, request)?;
    if desk.is_json() {
        return desk.json(&all);
    }
    if all.is_empty() {
        desk.confirm("Nothing was found yet: `rem reflect` looks for it.")?;
        return Ok(Exit::Done);
    }
    page::insights::list(desk, &all, Present::of(&journal)?)?;
    Ok(Exit::Done)
}

fn reflections(desk: &mut Desk<'_, '_>, limit: Option<u32>) -> Result<Exit> {
    let journal = desk.open()?;
    let all = list_reflections(&journal, ListReflections { limit })?;
    if desk.is_json() {
        return desk.json(&all);
    }
    if all.is_empty() {
        desk.confirm("No reflections yet: `rem reflect` makes one.")?;
    }
    page::insights::reflections(desk, &all.iter().collect::<Vec<_>>(), Present::of(&journal)?)?;
    Ok(Exit::Done)
}

fn decide(desk: &mut Desk<'_, '_>, id: i64, decision: Option<Decision>) -> Result<Exit> {
    let journal = desk.open()?;
    let view = decide_insight(&journal, DecideInsight { id, decision })?;
    if desk.is_json() {
        return desk.json(&view);
    }
    let what = match decision {
        Some(Decision::Confirmed) => "confirmed",
        Some(Decision::Hidden) => "hidden; later dreams keep it so",
        None => "as the dreams have it again",
    };
    desk.confirm(&format!("insight {id} is {what}"))?;
    Ok(Exit::Done)
}
