//! `rem proposals`: what waits for the person's word, and giving it.

use std::io::Read;

use clap::{Args, Subcommand, ValueEnum};
use rem_core::api::proposals::{
    AcceptProposal, EditProposal, ListProposals, ProposalId, ProposalOutcome, ProposalState,
    accept_proposal, edit_proposal, list_proposals, reject_proposal, reopen_proposal,
    show_proposal,
};

use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result, invalid},
    page,
};

const EXAMPLES: &str = "\
Examples:
  rem proposals                        what waits for your word
  rem proposals show 3fa2c1            one of them, with what it rests on
  rem proposals accept 3fa2c1 --dry-run
  rem proposals accept 3fa2c1          its text stands for its sources; what you wrote stays
  rem proposals edit 3fa2c1 --text \"…\" the same in your own words
  rem proposals reject 3fa2c1          it is not proposed again
  rem proposals reopen 3fa2c1          takes your decision back";

/// Bytes of a text that are read from standard input.
const MOST_BYTES: u64 = 200_000;

/// What to do with proposals; lists those that wait if nothing is said.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Proposals {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List proposals, the surest first.
    List(List),
    /// Show a proposal with what it rests on.
    Show(Which),
    /// Let its text stand for its sources.
    Accept {
        #[command(flatten)]
        which: Which,
        /// Only say what would be.
        #[arg(long)]
        dry_run: bool,
    },
    /// Refuse it, for good.
    Reject(Which),
    /// Accept it in your own words.
    Edit {
        #[command(flatten)]
        which: Which,
        /// The words; "-" reads them from standard input.
        #[arg(long)]
        text: String,
    },
    /// Take a decision back.
    Reopen(Which),
}

#[derive(Debug, Args)]
struct Which {
    /// The proposal, as `rem proposals` lists it; its first letters do.
    id: String,
}

#[derive(Debug, Default, Args)]
struct List {
    /// Those in another state.
    #[arg(long, value_name = "STATE", conflicts_with = "all")]
    state: Option<State>,
    /// All of them.
    #[arg(long)]
    all: bool,
    /// At most so many.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum State {
    Pending,
    Accepted,
    Edited,
    Rejected,
    Applied,
    Archived,
}

impl From<State> for ProposalState {
    fn from(state: State) -> Self {
        match state {
            State::Pending => Self::Pending,
            State::Accepted => Self::Accepted,
            State::Edited => Self::Edited,
            State::Rejected => Self::Rejected,
            State::Applied => Self::Applied,
            State::Archived => Self::Archived,
        }
    }
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Proposals) -> Result<Exit> {
    match &args.action {
        None => list(desk, &List::default()),
        Some(Action::List(args)) => list(desk, args),
        Some(Action::Show(which)) => {
            let journal = desk.open()?;
            let proposal = show_proposal(&journal, ProposalId { id: which.id.clone() })?;
            if desk.is_json() {
                return desk.json(&proposal);
            }
            page::proposals::detail(desk, &proposal, Present::of(&journal)?)?;
            Ok(Exit::Done)
        }
        Some(Action::Accept { which, dry_run }) => {
            let request = AcceptProposal { id: which.id.clone(), dry_run: *dry_run };
            let outcome = accept_proposal(&desk.open()?, request)?;
            tell(desk, &outcome, if *dry_run { "would be accepted" } else { "is accepted" })
        }
        Some(Action::Reject(which)) => {
            let outcome = reject_proposal(&desk.open()?, ProposalId { id: which.id.clone() })?;
            tell(desk, &outcome, "is refused and will not be made again")
        }
        Some(Action::Edit { which, text }) => {
            let text = words(desk, text)?;
            let request = EditProposal { id: which.id.clone(), text };
            let outcome = edit_proposal(&desk.open()?, request)?;
            tell(desk, &outcome, "is accepted in your words")
        }
        Some(Action::Reopen(which)) => {
            let outcome = reopen_proposal(&desk.open()?, ProposalId { id: which.id.clone() })?;
            tell(desk, &outcome, "waits again")
        }
    }
}

fn list(desk: &mut Desk<'_, '_>, args: &List) -> Result<Exit> {
    let journal = desk.open()?;
    let state = args.state.map(ProposalState::from);
    let request = ListProposals { state, all: args.all, limit: args.limit };
    let proposals = list_proposals(&journal, request)?;
    if desk.is_json() {
        return desk.json(&proposals);
    }
    if proposals.is_empty() {
        desk.confirm("Nothing waits for you: `rem dream` looks for what says the same twice.")?;
        return Ok(Exit::Done);
    }
    page::proposals::list(desk, &proposals)?;
    Ok(Exit::Done)
}

fn tell(desk: &mut Desk<'_, '_>, outcome: &ProposalOutcome, what: &str) -> Result<Exit> {
    if desk.is_json() {
        return desk.json(outcome);
    }
    let id = &outcome.proposal.id;
    let folded = match outcome.n_folded {
        0 => String::new(),
        n => format!("; its text stands for {n} more"),
    };
    let told = if outcome.has_changed {
        format!("Proposal {id} {what}{folded}.")
    } else {
        format!("Proposal {id} {what}, as it was before.")
    };
    desk.confirm(&told)?;
    Ok(Exit::Done)
}

fn words(desk: &mut Desk<'_, '_>, text: &str) -> Result<String> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    let mut bytes = Vec::new();
    let input: &mut dyn Read = &mut *desk.terminal.input;
    Read::take(input, MOST_BYTES).read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|_| invalid("what came from standard input is no UTF-8 text"))
}
