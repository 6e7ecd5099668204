//! `rem predictions`: what was foretold, what became of it, and how well the journal foretells.

use clap::{Args, Subcommand, ValueEnum};
use rem_core::api::predictions::{
    ListPredictions, SettlePrediction, Settled, list_predictions, settle_prediction,
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
};

const EXAMPLES: &str = "\
Examples:
  rem predictions                    open, settled, and the score
  rem predictions settle 12 hit      it came; your word stands in every later dream
  rem predictions settle 12 reset    take your word back";

/// Which predictions to list.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, after_help = EXAMPLES)]
pub(crate) struct PredictionsArgs {
    #[command(subcommand)]
    action: Option<Action>,
    /// At most so many settled ones, the newest first.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say what became of a prediction.
    Settle {
        /// Its number, as `rem predictions` lists it.
        id: i64,
        /// What became of it.
        outcome: Word,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Word {
    /// It came.
    Hit,
    /// It did not come.
    Miss,
    /// Nobody can say.
    Unclear,
    /// Take back what you said.
    Reset,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &PredictionsArgs) -> Result<Exit> {
    if let Some(Action::Settle { id, outcome }) = args.action {
        return settle(desk, id, outcome);
    }
    let journal = desk.open()?;
    let all = list_predictions(&journal, ListPredictions { limit: args.limit })?;
    if desk.is_json() {
        return desk.json(&all);
    }
    if all.open.is_empty() && all.settled.is_empty() {
        desk.confirm("Nothing was foretold yet: `rem dream predict` looks for plans and rhythms.")?;
        return Ok(Exit::Done);
    }
    page::insights::predictions(desk, &all, Present::of(&journal)?)?;
    Ok(Exit::Done)
}

fn settle(desk: &mut Desk<'_, '_>, id: i64, word: Word) -> Result<Exit> {
    let journal = desk.open()?;
    let outcome = match word {
        Word::Hit => Settled::Hit,
        Word::Miss => Settled::Miss,
        Word::Unclear => Settled::Unclear,
        Word::Reset => Settled::Open,
    };
    let view = settle_prediction(&journal, SettlePrediction { id, outcome })?;
    if desk.is_json() {
        return desk.json(&view);
    }
    let told = page::insights::outcome(view.outcome);
    desk.confirm(&format!("prediction {id} is {told} now"))?;
    Ok(Exit::Done)
}
