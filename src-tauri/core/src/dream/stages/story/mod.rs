//! The day's story: told by a model from the day's moments and held against them, or put together by the
//! built-in analyser from their sentences.

#[cfg(test)]
mod tests;

use chrono::DateTime;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    reading::Reading,
    told::{self, Asked, Given},
};
use crate::{
    Result,
    api::moments::MomentCard,
    clock::Precision,
    mind::{
        caller::{Caller, NoAnswer, Profile, Question},
        quoted::{self, Piece, Quoted},
    },
    periods::{self, Story},
    text::{
        clean,
        language::{self, Language},
    },
};

/// The most tokens of a story.
const REPLY_TOKENS: u32 = 300;
/// Tokens of moments that are shown; a day of more is told by its weightiest.
const MOST_TOKENS: u32 = 2_500;
const SLACK: u32 = 24;
/// Characters of a story, and of a moment's summary in the prompt.
const MOST_CHARS: usize = 600;
const MOST_SUMMARY: usize = 300;
/// A story of fewer moments than this says nothing that the moment does not.
const FEWEST: usize = 2;

/// A story as a model gives it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
struct Reply {
    #[schemars(length(max = 800))]
    summary: String,
}

/// Tells a day from its moments. `record_ids` are the records they rest on.
pub(in crate::dream) fn tell(
    moments: &[MomentCard],
    record_ids: &[i64],
    reading: &Reading<'_>,
) -> Result<Story> {
    let by_hand = Story::of(moments);
    let Some(caller) = reading.caller.filter(|_| moments.len() >= FEWEST) else {
        return Ok(by_hand);
    };
    let Some(day) = Day::new(moments, most_tokens(reading, caller)?) else { return Ok(by_hand) };
    let places = day.places();
    let question = question(reading, &places, record_ids);
    let given = day.given(reading.prompts.story.system());
    let answer = caller.ask::<Reply, String>(&question, &|reply, remarks| {
        given.check(&reply.summary, MOST_CHARS, remarks)
    })?;
    Ok(match answer {
        Ok(answered) => Story { text: answered.value, mind: answered.model, is_provisional: false },
        Err(NoAnswer::Away | NoAnswer::Limit) => Story { is_provisional: true, ..by_hand },
        Err(NoAnswer::TooLong | NoAnswer::Unusable) => by_hand,
    })
}

/// What telling a day of so many moments would cost in milliseconds, about; `None` if nobody is asked.
pub(in crate::dream) fn price(n_moments: usize, reading: &Reading<'_>) -> Result<Option<u64>> {
    let Some(caller) = reading.caller.filter(|_| n_moments >= FEWEST) else { return Ok(None) };
    if caller.minds().of(Profile::Deep).is_none() {
        return Ok(None);
    }
    // A moment takes about as many words as this.
    let moments = "word ".repeat(60 * n_moments.min(30));
    let places = [("code", ""), ("moments", moments.as_str()), ("language", "")];
    Ok(Some(caller.price::<Reply>(&question(reading, &places, &[]))?.ms))
}

fn most_tokens(reading: &Reading<'_>, caller: &Caller<'_>) -> Result<u32> {
    let places = [("code", ""), ("moments", ""), ("language", "")];
    let room = caller.room(&question(reading, &places, &[]), 0)?;
    // Without a model nothing is shown to anybody.
    Ok(room.map_or(MOST_TOKENS, |room| room.min(MOST_TOKENS)).saturating_sub(SLACK))
}

fn question<'q>(
    reading: &Reading<'q>,
    places: &'q [(&'q str, &'q str)],
    record_ids: &'q [i64],
) -> Question<'q> {
    Question {
        stage: "periods",
        profile: Profile::Deep,
        prompt: &reading.prompts.story,
        places,
        reply_tokens: REPLY_TOKENS,
        record_ids,
    }
}

/// The moments as they are shown, and what a story may say.
struct Day {
    lines: Vec<String>,
    quoted: Quoted,
    language: Option<Language>,
    language_name: String,
    people: Vec<String>,
}

impl Day {
    /// `None` where not even two moments fit.
    fn new(moments: &[MomentCard], most: u32) -> Option<Self> {
        let shown = chosen(moments, most);
        if shown.len() < FEWEST {
            return None;
        }
        let lines: Vec<String> = shown.iter().map(|moment| line(moment)).collect();
        let handles: Vec<String> = (1..=lines.len()).map(|n| format!("m{n}")).collect();
        let pieces: Vec<Piece<'_>> = lines
            .iter()
            .zip(&handles)
            .map(|(text, handle)| Piece { handle, by: "", text })
            .collect();
        let summaries: Vec<&str> = shown.iter().map(|moment| moment.summary.as_str()).collect();
        let language = language::detect(&summaries.join("\n\n"), None);
        Some(Self {
            quoted: quoted::quote(&pieces),
            language,
            language_name: told::language_name(language, "moments"),
            people: shown.iter().flat_map(|moment| moment.people.iter().cloned()).collect(),
            lines,
        })
    }

    fn places(&self) -> [(&'static str, &str); 3] {
        [
            ("code", &self.quoted.code),
            ("moments", &self.quoted.text),
            ("language", &self.language_name),
        ]
    }

    fn given<'d>(&'d self, rules: &'d str) -> Given<'d> {
        let asked = Asked {
            what: "moments",
            language: self.language,
            to_machine: false,
            rules,
            code: &self.quoted.code,
        };
        let lines = self.lines.iter().map(String::as_str).collect();
        Given::new(lines, self.people.iter().map(String::as_str).collect(), asked)
    }
}

/// The weightiest moments that fit, in their order.
fn chosen(moments: &[MomentCard], most: u32) -> Vec<&MomentCard> {
    let mut ranked: Vec<usize> = (0..moments.len()).collect();
    ranked.sort_by(|a, b| {
        periods::weight(&moments[*b]).total_cmp(&periods::weight(&moments[*a])).then(a.cmp(b))
    });
    let mut left = most;
    let mut chosen: Vec<usize> = Vec::new();
    for index in ranked {
        let line = line(&moments[index]);
        let needs = quoted::tokens(&Piece { handle: "m1000", by: "", text: &line }) + 1;
        if needs <= left {
            left -= needs;
            chosen.push(index);
        }
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|index| &moments[index]).collect()
}

/// "14:10–16:30 The first reed holds. Hester looked … Ended: … With: Hester. Felt: relieved."
fn line(moment: &MomentCard) -> String {
    let clock = |at: i64| {
        let local = at + i64::from(moment.offset_minutes) * 60_000;
        DateTime::from_timestamp_millis(local)
            .map_or_else(String::new, |t| t.format("%H:%M").to_string())
    };
    let mut line = String::new();
    if moment.precision >= Precision::Hour {
        line.push_str(&clock(moment.starts_at));
        if moment.ends_at > moment.starts_at {
            line.push('–');
            line.push_str(&clock(moment.ends_at));
        }
        line.push(' ');
    }
    line.push_str(&closed(&moment.title));
    line.push_str(&closed(&clean::cut(&moment.summary, MOST_SUMMARY)));
    for (word, told) in [
        ("Ended: ", moment.outcome.clone()),
        ("With: ", moment.people.join(", ")),
        ("Felt: ", felt(moment)),
    ] {
        if !told.trim().is_empty() {
            line.push_str(word);
            line.push_str(&closed(&told));
        }
    }
    line.trim_end().to_owned()
}

fn felt(moment: &MomentCard) -> String {
    let labels: Vec<&str> = moment.emotions.iter().map(|felt| felt.label.as_str()).collect();
    labels.join(", ")
}

fn closed(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let is_closed = text.ends_with(['.', '!', '?', '…', '。', '！', '？', '”', '"', '»', '“']);
    if is_closed { format!("{text} ") } else { format!("{text}. ") }
}
