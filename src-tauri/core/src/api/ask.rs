//! Asking: a question in the person's words, and an answer from their moments that cites them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    Empty,
    moments::MomentCard,
    schedule::{DreamForQuestion, dream_for_question},
    search::Hit,
};
use crate::{Error, Journal, Result, journal::Cancel, search::ask};

/// Asks a question.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct AskRequest {
    /// A number of the asker's own, under which the answer is told while it comes and can be stopped.
    pub id: u32,
    /// The question, in English or German, at most 1,000 characters. Dates in words are understood.
    pub question: String,
    /// Whether a model may write the answer; if absent, it does where one is in use.
    pub use_mind: Option<bool>,
    /// At most so many moments; 12 if absent, 100 at most.
    pub limit: Option<u32>,
}

/// A question that is being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AskId {
    /// [`AskRequest::id`].
    pub id: u32,
}

/// What a question wants to know, as far as rules can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum AskIntent {
    /// What happened: "What was I working on last Tuesday afternoon?"
    Happened,
    /// "What did I learn this week?"
    Learned,
    /// "When was I most productive?"
    Productive,
    /// When, and with what, something is felt: "What frustrates me most?"
    Mood,
    /// "How did I feel about the rent?"
    Felt,
    /// "When did I last work on the bellows, and how did it end?"
    Last,
    /// "What is related to the harmonium?"
    Related,
    /// All moments of a topic: "Show me all Rust work".
    Topic,
    /// A week, a month or a year: "Summarise my week".
    Review,
    /// Anything else: what is found.
    Search,
}

/// Hours of each day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AskHours {
    /// Minutes after midnight.
    pub from: u16,
    /// Minutes after midnight, not included; over 1,440 in the day after.
    pub until: u16,
}

/// How the dates of a question were understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AskDates {
    /// The words that told them; empty where the question told none and a span had to be chosen.
    pub words: Vec<String>,
    /// First day, `YYYY-MM-DD`; absent where there is no beginning.
    pub from: Option<String>,
    /// Last day, included.
    pub until: String,
    /// Only these hours of each day.
    pub hours: Option<AskHours>,
}

/// What bears out a sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "cited", rename_all = "lowercase")]
pub enum AskCitation {
    /// A moment, which has evidence of its own.
    Moment {
        /// Its id.
        #[ts(type = "number")]
        id: i64,
    },
    /// Words of a record.
    Record {
        /// The record's id.
        #[ts(type = "number")]
        id: i64,
        /// Where the words begin in its body, in bytes.
        starts: u32,
        /// Where they end.
        ends: u32,
    },
}

/// A sentence of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AskSentence {
    /// Plain text.
    pub text: String,
    /// What bears it out; empty only for what is said about the answer itself, or reckoned from all moments.
    pub citations: Vec<AskCitation>,
}

/// How many things of a kind a moment rests on, or that are tied to what it rests on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct KindCount {
    /// "document", "conversation" or "quick note".
    pub kind: String,
    /// Notes, or whole conversations.
    pub n: u32,
}

/// A moment of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AskMoment {
    /// The moment.
    pub moment: MomentCard,
    /// What it rests on and what is tied to that, by kind.
    pub related: Vec<KindCount>,
}

/// A line of a table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AskRow {
    /// What is counted: "morning", "#harmonium", a moment's title.
    pub label: String,
    /// How many moments.
    pub n: u32,
    /// Of how many; absent where nothing is compared.
    pub n_of: Option<u32>,
    /// Minutes of these, where their length is known.
    pub minutes: Option<u32>,
    /// Something beside it, such as the feelings.
    pub note: String,
    /// Moments that were counted, at most ten, the latest first.
    #[ts(type = "number[]")]
    pub moment_ids: Vec<i64>,
}

/// Numbers of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AskTable {
    /// What they are of.
    pub title: String,
    /// Line by line, what matters most first.
    pub rows: Vec<AskRow>,
}

/// Days that the question is about and that no dream has read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AskWaiting {
    /// How many.
    pub n_days: u32,
    /// Minutes that dreaming them would take, about; 0 for less than one. Absent where a dream runs just now.
    pub minutes: Option<u32>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct AskReply {
    /// What the question was taken for.
    pub intent: AskIntent,
    /// What it is about, without its dates and its question words; may be empty.
    pub subject: String,
    /// When it is about.
    pub dates: Option<AskDates>,
    /// The language of the answer: "en" or "de".
    pub language: String,
    /// Whether the journal has an answer.
    pub is_found: bool,
    /// The answer, sentence by sentence.
    pub sentences: Vec<AskSentence>,
    /// What was counted, and how; empty where nothing was.
    pub basis: String,
    /// Its numbers.
    pub tables: Vec<AskTable>,
    /// Its moments.
    pub moments: Vec<AskMoment>,
    /// How many moments there are in all; about a subject no more than the latest 500 are counted.
    pub n_moments: u32,
    /// What was found beside them.
    pub hits: Vec<Hit>,
    /// What wrote the sentences: a model, or the built-in analyser.
    pub mind: String,
    /// Whether that was a model.
    pub is_by_model: bool,
    /// Why no model wrote it although one was wanted; empty otherwise.
    pub without_model: String,
    /// Sentences of the model that what they cite does not bear out; they are not shown.
    pub n_dropped: u32,
    /// Whether the model broke off: then these are its sentences up to there.
    pub is_cut: bool,
    /// Days that could be dreamt first, for a better answer.
    pub waiting: Option<AskWaiting>,
}

/// Answers a question. While it comes, the answer is told by events under the request's number: at once what
/// rules put together, then what a model writes, each sentence once it is checked.
///
/// # Errors
/// The question is empty or too long, it was cancelled, or the store failed. That the journal has no answer
/// is no error.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn ask(journal: &Journal, request: AskRequest) -> Result<AskReply> {
    let answering = journal.answering(request.id);
    answer(journal, &request, answering.cancel())
}

/// As [`ask`], for who holds the means to stop it.
///
/// # Errors
/// As [`ask`].
pub fn answer(journal: &Journal, request: &AskRequest, cancel: &Cancel) -> Result<AskReply> {
    let mut reply = ask::answer(journal, request, cancel)?;
    let (start, end) = match &reply.dates {
        Some(dates) => (dates.from.clone(), dates.until.clone()),
        None => (None, today(journal)?),
    };
    let start = start.unwrap_or_else(|| FIRST_DAY.into());
    reply.waiting = waiting(journal, &start, &end)?;
    Ok(reply)
}

/// Before every day that can be written.
const FIRST_DAY: &str = "0001-01-01";

fn today(journal: &Journal) -> Result<String> {
    Ok(journal.calendar()?.day_of(journal.clock().now_ms()).to_string())
}

fn waiting(journal: &Journal, start: &str, end: &str) -> Result<Option<AskWaiting>> {
    let look = DreamForQuestion { start: start.into(), end: end.into(), is_agreed: false };
    match dream_for_question(journal, look) {
        Ok(dream) if dream.n_days == 0 => Ok(None),
        Ok(dream) => Ok(Some(AskWaiting { n_days: dream.n_days, minutes: Some(dream.minutes) })),
        // While one dreams nobody can say how long another dream would take.
        Err(Error::Busy(_)) => {
            let n_days =
                journal.store().read(|reader| crate::dream::days_waiting(reader, start, end))?;
            Ok((n_days > 0).then_some(AskWaiting { n_days, minutes: None }))
        }
        Err(error) => Err(error),
    }
}

/// Stops the answer that is being written under this number. That there is none is no error.
///
/// # Errors
/// None.
pub fn cancel_ask(journal: &Journal, request: AskId) -> Result<Empty> {
    journal.cancel_answer(request.id);
    Ok(Empty {})
}
