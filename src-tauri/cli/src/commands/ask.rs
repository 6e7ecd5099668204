//! `rem ask`: answers a question from the moments, and cites them.

use std::cell::RefCell;

use clap::Args;
use rem_core::{
    Journal,
    api::{
        ask::{self, AskReply, AskRequest},
        dreams::DreamRequest,
    },
    event::Event,
};

use super::dream;
use crate::{
    desk::{Desk, Present},
    exit::{Exit, Result},
    page,
    progress::{Step, follow_aloud},
    times::count,
};

const EXAMPLES: &str = "\
Examples:
  rem ask \"What was I working on last Tuesday afternoon?\"
  rem ask what did I learn this week
  rem ask \"When did I last work on the harmonium, and how did it end?\"
  rem ask when was I most productive
  rem ask \"Wie ging es mir im März mit der Miete?\"
  rem ask --dream-first summarise my week

Dates in words are understood in English and German, and always look back. With a model in use it writes
the answer; each of its sentences is held against the moments that it cites, and left out if they do not
bear it out.";

/// A question, in your own words.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Ask {
    /// The question.
    #[arg(value_name = "QUESTION", required = true)]
    words: Vec<String>,
    /// Answer by rule alone, even where a model is in use.
    #[arg(long)]
    no_mind: bool,
    /// First dream the days that the question is about and that no dream has read yet.
    #[arg(long)]
    dream_first: bool,
    /// At most so many moments, 12 unless said otherwise.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    limit: Option<u32>,
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Ask) -> Result<Exit> {
    let journal = desk.open()?;
    let present = Present::of(&journal)?;
    let request = AskRequest {
        id: 0,
        question: args.words.join(" "),
        use_mind: args.no_mind.then_some(false),
        limit: args.limit,
    };
    if args.dream_first && dream_first(desk, &journal, &request, present)? == Exit::Cancelled {
        return Ok(Exit::Cancelled);
    }
    let (reply, told) = answer(desk, &journal, &request)?;
    if desk.is_json() {
        return desk.json(&reply);
    }
    page::ask::write(desk, &reply, &told, present)?;
    if let Some(first) = reply.moments.first() {
        desk.hint(&format!("A moment with the words it rests on: rem show {}", first.moment.id))?;
    }
    Ok(Exit::Done)
}

/// Asks. On a terminal the sentences of a model are written as they come; returns those that were.
fn answer(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    request: &AskRequest,
) -> Result<(AskReply, Vec<String>)> {
    let is_told = desk.terminal.is_out_terminal && !desk.is_json();
    let told: RefCell<Vec<String>> = RefCell::default();
    let reply = follow_aloud(
        desk,
        journal,
        |cancel| ask::answer(journal, request, cancel),
        |_| Some(Step { n_done: 0, n_total: 1, message: "looking through your journal".into() }),
        |desk, event| {
            let Event::AnswerMoved { sentences, is_by_model: true, .. } = event else {
                return Ok(());
            };
            let mut told = told.borrow_mut();
            let goes_on = sentences.len() > told.len()
                && told.iter().zip(sentences).all(|(before, now)| *before == now.text);
            if is_told && goes_on {
                for sentence in &sentences[told.len()..] {
                    page::ask::sentence(desk, sentence)?;
                    told.push(sentence.text.clone());
                }
                desk.flush()?;
            }
            Ok(())
        },
    )?;
    Ok((reply, told.into_inner()))
}

/// Dreams the days that the question is about, if any of them waits for it.
fn dream_first(
    desk: &mut Desk<'_, '_>,
    journal: &Journal,
    request: &AskRequest,
    present: Present,
) -> Result<Exit> {
    let look = AskRequest { use_mind: Some(false), ..request.clone() };
    let looked = ask::answer(journal, &look, &desk.interruptible())?;
    let Some(waiting) = looked.waiting else { return Ok(Exit::Done) };
    desk.aside(&format!("dreaming {} first", count(waiting.n_days, "day")))?;
    let dates = looked.dates;
    let dream = DreamRequest {
        start: dates.as_ref().and_then(|dates| dates.from.clone()),
        end: Some(dates.map_or_else(|| present.today.to_string(), |dates| dates.until)),
        cause: "question".into(),
        ..DreamRequest::default()
    };
    let report = dream::dream(desk, journal, &dream)?;
    Ok(if report.is_cancelled { Exit::Cancelled } else { Exit::Done })
}
