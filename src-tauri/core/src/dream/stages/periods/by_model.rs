//! A period told by a model: from what was told of its shorter periods, in groups where that is much.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::Period;
use crate::{
    Result,
    api::periods::PeriodKind,
    dream::stages::{
        long::{self, Note, Summed, steady},
        reading::Reading,
        told::{Asked, Given, language_name},
    },
    mind::{
        caller::{Caller, Price, Profile, Question},
        quoted::{self, Piece},
    },
    periods::{facts, plain::Told, span},
    text::{
        clean,
        language::{self, Language},
    },
};

/// The most tokens of a reply.
const REPLY_TOKENS: u32 = 450;
/// Tokens of a question's places beside the parts.
const SLACK: u32 = 40;
/// Tokens below which nothing can be told.
const LEAST: u32 = 200;
/// Characters of a summary, of a title, and of an outcome in the prompt.
const SUMMARY: usize = 900;
const TITLE: usize = 80;
const OUTCOME: usize = 160;
/// What is shown, in words for a model.
const WHAT: &str = "parts";

/// A period as a model tells it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
pub(super) struct Reply {
    #[schemars(length(max = 1100))]
    pub(super) summary: String,
    #[schemars(length(max = 90))]
    pub(super) title: String,
}

/// What came of asking.
pub(super) enum Said {
    Told(ByModel),
    /// There is no answer; with `true` only for now.
    Nothing {
        is_for_now: bool,
    },
}

/// What a model told.
pub(super) struct ByModel {
    /// Absent where what it gave could not be kept.
    pub(super) title: Option<String>,
    /// All but the title.
    pub(super) rest: Told,
}

/// Lets a model tell a period.
pub(super) fn tell(
    period: &Period<'_>,
    reading: &Reading<'_>,
    caller: &Caller<'_>,
) -> Result<Said> {
    if caller.minds().of(Profile::Deep).is_none() {
        return Ok(Said::Nothing { is_for_now: true });
    }
    let notes = notes(period);
    let empty = [("code", ""), ("parts", ""), ("period", ""), ("language", "")];
    let room = caller.room(&question(reading, &empty, &[]), 0)?.unwrap_or_default();
    let most = steady(room.saturating_sub(SLACK));
    if notes.len() < 2 || most < LEAST {
        return Ok(Said::Nothing { is_for_now: false });
    }
    let language = language_of(period, &notes);
    let told = long::merge(notes, most, &|group| ask(period, group, language, reading, caller))?;
    Ok(match told {
        Ok(Some(told)) => Said::Told(told),
        Ok(None) => Said::Nothing { is_for_now: false },
        Err(_) => Said::Nothing { is_for_now: true },
    })
}

/// What telling a period of so many parts would cost, about.
pub(super) fn price(n_parts: usize, reading: &Reading<'_>, caller: &Caller<'_>) -> Result<Price> {
    // A part takes about as many words as this.
    let parts = "word ".repeat(60 * n_parts.min(20));
    let places = [("code", ""), ("parts", parts.as_str()), ("period", ""), ("language", "")];
    caller.price::<Reply>(&question(reading, &places, &[]))
}

fn language_of(period: &Period<'_>, notes: &[Note]) -> Option<Language> {
    Language::from_code(&period.material.language).or_else(|| {
        let texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
        language::detect(&texts.join("\n\n"), None)
    })
}

fn question<'q>(
    reading: &Reading<'q>,
    places: &'q [(&'q str, &'q str)],
    record_ids: &'q [i64],
) -> Question<'q> {
    Question {
        stage: "periods",
        profile: Profile::Deep,
        prompt: &reading.prompts.period,
        places,
        reply_tokens: REPLY_TOKENS,
        record_ids,
    }
}

/// What the period is told from, in order of time: weeks or months that lie wholly in it, and the days
/// beside them.
fn notes(period: &Period<'_>) -> Vec<Note> {
    let days =
        period.stories.iter().filter(|(day, _)| !period.is_in_part(**day)).map(|(day, story)| {
            let mut line = format!("{}: {}", day.format("%A %-d %B"), story.trim());
            if period.span.kind == PeriodKind::Week {
                line.push_str(&ended(period, *day));
            }
            (*day, line)
        });
    let parts = period.parts.iter().map(|part| {
        let name = match part.span.kind {
            PeriodKind::Week => part.span.from.format("The week of %-d %B"),
            PeriodKind::Month | PeriodKind::Year => part.span.from.format("%B"),
        };
        (part.span.from, format!("{name}: {}", part.told.summary))
    });
    let mut lines: Vec<(NaiveDate, String)> = days.chain(parts).collect();
    lines.sort();
    // A reply rests on all of the period's records, whichever parts it is of.
    lines.into_iter().map(|(_, text)| Note { text, record_ids: Vec::new() }).collect()
}

/// The key outcomes of a day.
fn ended(period: &Period<'_>, day: NaiveDate) -> String {
    let day = day.to_string();
    facts::outcomes(period.span.kind, &period.material.moments)
        .into_iter()
        .filter(|moment| moment.day == day)
        .map(|moment| format!(" Ended: {}", clean::cut(moment.outcome.trim(), OUTCOME)))
        .collect()
}

fn ask(
    period: &Period<'_>,
    notes: &[Note],
    language: Option<Language>,
    reading: &Reading<'_>,
    caller: &Caller<'_>,
) -> Result<Summed<ByModel>> {
    let handles: Vec<String> = (1..=notes.len()).map(|n| format!("s{n}")).collect();
    let texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
    let pieces: Vec<Piece<'_>> =
        texts.iter().zip(&handles).map(|(text, handle)| Piece { handle, by: "", text }).collect();
    let quoted = quoted::quote(&pieces);
    let name = language_name(language, WHAT);
    let places = [
        ("code", quoted.code.as_str()),
        ("parts", &quoted.text),
        ("period", span::word(period.span.kind)),
        ("language", &name),
    ];
    let asked = Asked {
        what: WHAT,
        language,
        to_machine: false,
        rules: reading.prompts.period.system(),
        code: &quoted.code,
    };
    let given = Given::new(texts, period.facts.names().collect(), asked);
    let question = question(reading, &places, &period.record_ids);
    let answer = caller.ask::<Reply, (String, Option<String>)>(&question, &|said, remarks| {
        let summary = given.check(&said.summary, SUMMARY, remarks)?;
        Ok((summary, given.check_words(&said.title, TITLE, remarks)))
    })?;
    Ok(answer.map(|answered| {
        let (summary, title) = answered.value;
        let text = summary.clone();
        let rest =
            Told { title: String::new(), summary, mind: answered.model, is_provisional: false };
        (ByModel { title, rest }, text)
    }))
}
