//! Answers questions in the person's own words. Dates are taken out of a question first (`text/when`), then rules
//! say what it wants to know; an answer is put together from moments, and a model, where there is one, writes
//! it better, held to what it cites.

mod answer;
mod borne_out;
mod counts;
mod gather;
mod intent;
mod reckoned;
mod reply;
mod say;
mod written;

use crate::{
    Error, Journal, Result,
    api::ask::{AskDates, AskHours, AskReply, AskRequest, AskSentence},
    event::Event,
    journal::Cancel,
    text::when::{self, When},
};

use self::{answer::Question, gather::Range, written::Written};

/// Characters of a question.
const LONGEST: usize = 1_000;
/// Moments that are shown where nobody says how many, and at most.
const USUAL: u32 = 12;
const MOST: u32 = 100;

/// Answers a question. All of it but the days that wait for a dream, of which this room knows nothing.
pub(crate) fn answer(journal: &Journal, request: &AskRequest, cancel: &Cancel) -> Result<AskReply> {
    let typed = request.question.trim();
    if typed.is_empty() {
        return Err(Error::invalid(
            "there is no question: ask for example “what did I do yesterday?”",
        ));
    }
    if typed.chars().count() > LONGEST {
        return Err(Error::invalid(format!("a question has at most {LONGEST} characters")));
    }
    let settings = journal.settings();
    let calendar = settings.calendar()?;
    let today = calendar.day_of(journal.clock().now_ms());
    let asked = when::Asked {
        today,
        week_start: settings.week_start()?,
        day_start_minutes: settings.day_start_minutes,
        is_southern: settings.hemisphere == "south",
    };
    let when = when::of_question(typed, &asked);
    let rest =
        when.as_ref().map_or_else(|| typed.to_owned(), |when| when::without(typed, &when.spans));
    let understood = intent::understand(typed, &rest, when.is_some());
    let question = Question {
        journal,
        rest: &rest,
        understood: &understood,
        range: when.as_ref().map(Range::of),
        today,
        limit: request.limit.unwrap_or(USUAL).clamp(1, MOST) as usize,
    };
    cancel.check()?;
    let draft = answer::compose(&question)?;
    let mut reply = draft.reply;
    reply.dates = dates(typed, when.as_ref(), draft.chosen);
    let tell = |sentences: &[AskSentence], is_by_model: bool| {
        journal.tell(&Event::AnswerMoved {
            id: request.id,
            sentences: sentences.to_vec(),
            is_by_model,
        });
    };
    tell(&reply.sentences, false);
    cancel.check()?;
    if draft.may_be_written && request.use_mind != Some(false) {
        let told = |sentences: &[AskSentence]| tell(sentences, true);
        let written = written::write(&question, typed, &reply, cancel, &told)?;
        lay_over(&mut reply, written, &question);
    }
    Ok(reply)
}

/// Puts what a model wrote in the place of what rules put together. Where it has no answer the moments that were
/// found stay, and a search that only found words says that the journal has none.
fn lay_over(reply: &mut AskReply, written: Written, question: &Question<'_>) {
    use crate::api::ask::AskIntent::Search;
    match written {
        Written::Told { sentences, model, n_dropped, is_cut } => {
            reply.sentences = sentences;
            reply.mind = model;
            reply.is_by_model = true;
            reply.n_dropped = n_dropped;
            reply.is_cut = is_cut;
            reply.is_found = true;
        }
        Written::NotThere { model } if question.understood.intent == Search => {
            let speaker = say::Speaker { is_german: question.understood.is_german };
            reply.sentences =
                vec![AskSentence { text: speaker.not_found(), citations: Vec::new() }];
            reply.is_found = false;
            reply.is_by_model = true;
            reply.mind = model;
        }
        Written::NotThere { .. } => {}
        Written::Nothing { reason, n_dropped } => {
            reply.without_model = reason;
            reply.n_dropped = n_dropped;
        }
    }
}

/// How the dates were understood, or which were chosen.
fn dates(typed: &str, when: Option<&When>, chosen: Option<Range>) -> Option<AskDates> {
    let words = when.map(|when| {
        when.spans.iter().filter_map(|span| typed.get(span.clone())).map(str::to_owned).collect()
    });
    let range = chosen.or_else(|| when.map(Range::of))?;
    Some(AskDates {
        words: words.unwrap_or_default(),
        from: range.from.map(|day| day.to_string()),
        until: range.until.to_string(),
        hours: range.hours.map(|hours| AskHours { from: hours.from, until: hours.until }),
    })
}
