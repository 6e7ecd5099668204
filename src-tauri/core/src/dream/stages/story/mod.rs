//! The day's story: told by a model from the day's moments and held against them, or put together by the
//! built-in analyser from their sentences.

#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, sync::LazyLock};

use chrono::DateTime;
use regex::Regex;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{moments::is_other_language, reading::Reading};
use crate::{
    Result,
    api::moments::MomentCard,
    clock::Precision,
    mind::{
        answer::{Complaint, Remark, Remarks},
        caller::{Caller, NoAnswer, Profile, Question},
        instructions::{self, Against},
        quoted::{self, Piece, Quoted},
    },
    periods::{self, Story},
    text::{
        clean,
        language::{self, Language},
        names::{self, KnownNames, NameKind},
        sentences,
        verbatim::Folded,
        words,
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
    let rules = reading.prompts.story.system();
    let answer = caller
        .ask::<Reply, String>(&question, &|reply, remarks| day.check(&reply, rules, remarks))?;
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
    all: Folded,
    figures: BTreeSet<String>,
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
        let all = lines.join("\n");
        let told: Vec<&str> = shown.iter().map(|moment| moment.summary.as_str()).collect();
        let language = language::detect(&told.join("\n\n"), None);
        Some(Self {
            quoted: quoted::quote(&pieces),
            language,
            language_name: match language {
                Some(Language::Other) | None => "the language of the moments".into(),
                Some(language) => language.name(),
            },
            figures: figures(&all).collect(),
            all: Folded::of(&all),
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

    fn check(&self, said: &Reply, rules: &str, remarks: &mut Remarks) -> Result<String, Complaint> {
        let cleaned = clean::reply(&said.summary, &self.all, MOST_CHARS);
        if cleaned.was_unsafe {
            remarks.add(Remark::Unsafe);
        }
        let mut story = cleaned.text;
        if cleaned.was_long {
            remarks.add(Remark::TooLong);
            story = whole_sentences(&story);
        }
        if story.is_empty() {
            remarks.add(Remark::MissingField);
            return Err(Complaint("the field summary must not be empty".into()));
        }
        let texts: Vec<&str> = self.lines.iter().map(String::as_str).collect();
        let commands = instructions::spoken_to_machines(&texts, false);
        let against =
            Against { rules, code: &self.quoted.code, commands: &commands, given: &self.all };
        if against.repeats(&story) {
            remarks.add(Remark::Instruction);
            return Err(Complaint("the summary must repeat no instruction".into()));
        }
        if is_other_language(&story, self.language, &texts) {
            remarks.add(Remark::OtherLanguage);
            return Err(Complaint("the summary must be in the language of the moments".into()));
        }
        if figures(&story).any(|figure| !self.figures.contains(&figure)) {
            remarks.add(Remark::OutsideTime);
            return Err(Complaint(
                "the summary has a number or clock time that no moment has".into(),
            ));
        }
        if self.names_stranger(&story) {
            remarks.add(Remark::UnknownPerson);
            return Err(Complaint("the summary names somebody whom no moment names".into()));
        }
        Ok(story)
    }

    /// Whether it names a person of whom no moment knows. The last word of a name decides: the first may
    /// only begin the sentence.
    fn names_stranger(&self, story: &str) -> bool {
        let known =
            KnownNames::new(self.people.iter().map(|name| (name.as_str(), NameKind::Person)));
        names::find(story, self.language, &known)
            .iter()
            .filter(|name| name.kind == NameKind::Person && name.known.is_none())
            .filter_map(|name| words::iter(&name.text).last().map(|word| word.text.to_owned()))
            .any(|word| self.all.find_name(&word, 1).is_empty())
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

/// The numbers of a text; "14:10" and "14.10" are the same, "1,200" and "1200" too.
fn figures(text: &str) -> impl Iterator<Item = String> {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, compiled by every test")]
    static FIGURE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\d+(?:[.,:’' ]\d+)*").unwrap());
    let plain = |found: regex::Match<'_>| {
        let digits: String = found.as_str().chars().filter(char::is_ascii_digit).collect();
        digits.trim_start_matches('0').to_owned()
    };
    FIGURE.find_iter(text).map(plain).collect::<Vec<_>>().into_iter()
}

/// A story that was cut, without the sentence in which it was.
fn whole_sentences(story: &str) -> String {
    let spans = sentences::split(story, None);
    match spans.len() {
        0 | 1 => story.to_owned(),
        n => story[..spans[n - 2].end].to_owned(),
    }
}
