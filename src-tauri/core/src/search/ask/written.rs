//! An answer written by a model: shown what was found, told while it comes, and held against what it cites,
//! sentence by sentence. Nothing that was not checked is ever told.

use std::cell::RefCell;

use rusqlite::Connection;

use super::{
    answer::Question,
    borne_out::{Checker, Shown},
    gather,
    reply::{self, Coming, Reply},
    say::Speaker,
};
use crate::{
    Result,
    api::{
        ask::{AskCitation, AskReply, AskSentence},
        moments::MomentCard,
        search::{Hit, HitKind},
    },
    clock::Precision,
    journal::Cancel,
    mind::{
        answer::{Complaint, Remark, Remarks},
        caller::{Caller, Heard, NoAnswer, Profile, Question as Asked, Terms},
        choose::Minds,
        prompt::{Prompt, PromptFiles, prompt_files},
        quoted::{self, Piece},
    },
    text::{clean, language::Language},
};

const ASK: PromptFiles = prompt_files!("ask", 1, "prompt");

/// Tokens of moments and passages that are shown; of more, the first.
const MOST_TOKENS: u32 = 3_000;
/// Tokens of a question's places beside them.
const SLACK: u32 = 60;
/// Characters of a moment's summary.
const MOST_SUMMARY: usize = 400;
/// Passages that are shown.
const MOST_PASSAGES: usize = 6;

/// What came of asking a model.
#[derive(Debug)]
pub(super) enum Written {
    /// It has an answer; cut off, if it broke off in the middle.
    Told { sentences: Vec<AskSentence>, model: String, n_dropped: u32, is_cut: bool },
    /// It says that the journal has none.
    NotThere { model: String },
    /// Nothing can be shown of it; why, for people.
    Nothing { reason: String, n_dropped: u32 },
}

/// Lets a model answer from what was found. `tell` hears all sentences so far whenever there is one more.
pub(super) fn write(
    question: &Question<'_>,
    typed: &str,
    found: &AskReply,
    cancel: &Cancel,
    tell: &dyn Fn(&[AskSentence]),
) -> Result<Written> {
    let journal = question.journal;
    let minds = Minds::open(journal, None, cancel)?;
    let Some(model) = minds.of(Profile::Deep).map(|model| model.card().name.clone()) else {
        return Ok(Written::Nothing { reason: minds.reason.unwrap_or_default(), n_dropped: 0 });
    };
    let prompt = Prompt::load(&ASK, journal.data_dir())?;
    let terms = Terms {
        cancel,
        dream: None,
        waits: &|_| {},
        is_night: false,
        is_debug: false,
        somebody_waits: true,
    };
    let caller = Caller::new(journal, minds, terms)?;
    let speaker = Speaker { is_german: question.understood.is_german };
    let language = if speaker.is_german { Language::German } else { Language::English };
    let today = speaker.day(question.today);
    let empty = [("today", today.as_str()), ("code", ""), ("texts", ""), ("language", "")];
    let asked = asked(&prompt, &empty, &[]);
    let room = caller.room(&asked, 0)?.unwrap_or_default().min(MOST_TOKENS).saturating_sub(SLACK);
    let (shown, record_ids) =
        journal.store().read(|reader| material(reader, found, typed, speaker, room))?;
    if shown.is_empty() {
        return Ok(Written::Nothing { reason: String::new(), n_dropped: 0 });
    }
    let mut pieces = vec![Piece { handle: "q", by: "", text: typed }];
    pieces.extend(shown.iter().map(|one| Piece { handle: &one.handle, by: "", text: &one.text }));
    let quoted = quoted::quote(&pieces);
    let name = language.name();
    let places = [
        ("today", today.as_str()),
        ("code", quoted.code.as_str()),
        ("texts", quoted.text.as_str()),
        ("language", name.as_str()),
    ];
    let checker = Checker { shown: &shown, language, rules: prompt.system(), code: &quoted.code };
    let told: RefCell<(Coming, Vec<AskSentence>)> = RefCell::default();
    let longest: RefCell<Vec<AskSentence>> = RefCell::default();
    let ear = |heard: Heard<'_>| {
        let mut told = told.borrow_mut();
        match heard {
            // What was told before it broke off is still borne out.
            Heard::Anew => {
                let before = std::mem::take(&mut *told).1;
                let mut longest = longest.borrow_mut();
                if before.len() > longest.len() {
                    *longest = before;
                }
            }
            Heard::More(words) => {
                for said in told.0.take(words) {
                    // What is put right here is counted when the whole reply is read.
                    if let Some(sentence) = checker.check(&said, &mut Remarks::default()) {
                        told.1.push(sentence);
                        tell(&told.1);
                    }
                }
            }
        }
    };
    let question = self::asked(&prompt, &places, &record_ids);
    let answer = caller.ask_aloud::<Reply, Checked>(&question, &ear, &|said, remarks| {
        check(&said, &checker, remarks)
    })?;
    let shortfall = caller.shortfall();
    let (so_far, longest) = (told.into_inner().1, longest.into_inner());
    let so_far = if longest.len() > so_far.len() { longest } else { so_far };
    Ok(match answer {
        Ok(answered) if answered.value.sentences.is_empty() => {
            Written::NotThere { model: answered.model }
        }
        Ok(answered) => {
            let Checked { sentences, n_dropped } = answered.value;
            Written::Told { sentences, model: answered.model, n_dropped, is_cut: false }
        }
        Err(NoAnswer::Away | NoAnswer::Limit | NoAnswer::TooLong) if !so_far.is_empty() => {
            Written::Told { sentences: so_far, model, n_dropped: 0, is_cut: true }
        }
        Err(why) => Written::Nothing {
            reason: shortfall.unwrap_or_else(|| reason(why).into()),
            n_dropped: u32::from(why == NoAnswer::Unusable),
        },
    })
}

fn reason(why: NoAnswer) -> &'static str {
    match why {
        NoAnswer::Away => "the model did not answer",
        NoAnswer::Limit => "the time that the model may be asked is used up",
        NoAnswer::TooLong => "the model wrote without coming to an end",
        NoAnswer::Unusable => "what the model wrote is not borne out by your journal",
    }
}

fn asked<'q>(
    prompt: &'q Prompt,
    places: &'q [(&'q str, &'q str)],
    record_ids: &'q [i64],
) -> Asked<'q> {
    Asked {
        stage: "ask",
        profile: Profile::Deep,
        prompt,
        places,
        reply_tokens: reply::TOKENS,
        record_ids,
    }
}

struct Checked {
    sentences: Vec<AskSentence>,
    n_dropped: u32,
}

/// Keeps what is borne out. A reply of which nothing is left is complained about, once.
fn check(said: &Reply, checker: &Checker<'_>, remarks: &mut Remarks) -> Result<Checked, Complaint> {
    if !said.is_answered {
        return Ok(Checked { sentences: Vec::new(), n_dropped: 0 });
    }
    let mut sentences: Vec<AskSentence> = Vec::new();
    let mut n_dropped = 0;
    for one in &said.sentences {
        match checker.check(one, remarks) {
            Some(sentence) if sentences.iter().all(|known| known.text != sentence.text) => {
                sentences.push(sentence);
            }
            Some(_) => {}
            None => n_dropped += 1,
        }
    }
    if sentences.is_empty() {
        remarks.add(Remark::MissingEvidence);
        return Err(Complaint(
            "every sentence must name in citations the handles of moments or passages that were shown, and \
             say only what these say, with their names, numbers and words; if they do not answer the \
             question, is_answered is false"
                .into(),
        ));
    }
    Ok(Checked { sentences, n_dropped })
}

/// What is shown, as much as there is room for, and the records on which it rests.
fn material(
    reader: &Connection,
    found: &AskReply,
    typed: &str,
    speaker: Speaker,
    room: u32,
) -> Result<(Vec<Shown>, Vec<i64>)> {
    let mut shown = Vec::new();
    let mut left = room.saturating_sub(quoted::tokens(&Piece { handle: "q", by: "", text: typed }));
    let mut records: std::collections::BTreeSet<i64> = Default::default();
    let mut show = |one: Shown, rests_on: Vec<i64>| {
        let piece = Piece { handle: &one.handle, by: "", text: &one.text };
        let needs = quoted::tokens(&piece) + 1;
        if needs <= left {
            left -= needs;
            records.extend(rests_on);
            shown.push(one);
        }
    };
    for (n, card) in found.moments.iter().enumerate() {
        let moment = &card.moment;
        let one = Shown {
            handle: format!("m{}", n + 1),
            text: line(moment, speaker),
            people: moment.people.clone(),
            citation: AskCitation::Moment { id: moment.id },
        };
        show(one, gather::records_of(reader, moment.id)?);
    }
    let written = found.hits.iter().filter(|hit| hit.kind != HitKind::Moment).take(MOST_PASSAGES);
    for (n, hit) in written.enumerate() {
        let Some((text, starts, ends)) = gather::passage(reader, hit.id, typed)? else { continue };
        let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let one = Shown {
            handle: format!("r{}", n + 1),
            text: format!("{} {text}", dated(hit, speaker)).trim().to_owned(),
            people: vec![hit.author.clone()],
            citation: AskCitation::Record { id: hit.id, starts: byte(starts), ends: byte(ends) },
        };
        show(one, vec![hit.id]);
    }
    Ok((shown, records.into_iter().collect()))
}

/// "Tuesday, 13 October 2026, Tomas:".
fn dated(hit: &Hit, speaker: Speaker) -> String {
    let day = hit.day.as_deref().and_then(|day| day.parse().ok()).map(|day| speaker.day(day));
    let parts: Vec<String> =
        day.into_iter().chain([hit.author.clone()]).filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { String::new() } else { format!("{}:", parts.join(", ")) }
}

/// "Tuesday, 13 October 2026, 14:10–16:30. The first reed holds. … Ended: … With: … Felt: … Topics: …"
fn line(moment: &MomentCard, speaker: Speaker) -> String {
    let mut line = moment.day.parse().map_or_else(|_| moment.day.clone(), |day| speaker.day(day));
    let clock = |at: i64| {
        let local = at.saturating_add(i64::from(moment.offset_minutes) * 60_000);
        chrono::DateTime::from_timestamp_millis(local)
            .map_or_else(String::new, |time| time.format("%H:%M").to_string())
    };
    if moment.precision >= Precision::Hour {
        line.push_str(&format!(", {}", clock(moment.starts_at)));
        if moment.ends_at > moment.starts_at {
            line.push_str(&format!("–{}", clock(moment.ends_at)));
        }
    }
    line.push_str(". ");
    line.push_str(&closed(&moment.title));
    line.push_str(&closed(&clean::cut(&moment.summary, MOST_SUMMARY)));
    let felt: Vec<String> =
        moment.emotions.iter().map(|felt| speaker.feeling(&felt.label)).collect();
    for (word, told) in [
        ("Ended: ", moment.outcome.clone()),
        ("With: ", moment.people.join(", ")),
        ("Felt: ", felt.join(", ")),
        ("Topics: ", moment.tags.join(", ")),
    ] {
        if !told.trim().is_empty() {
            line.push_str(word);
            line.push_str(&closed(&told));
        }
    }
    line.trim_end().to_owned()
}

fn closed(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let is_closed = text.ends_with(['.', '!', '?', '…', '。', '！', '？', '”', '"', '»', '“']);
    if is_closed { format!("{text} ") } else { format!("{text}. ") }
}
