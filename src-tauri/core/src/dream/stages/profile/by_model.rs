//! A profile told by a model from what was counted and from the weightiest moments and conversations, each
//! sentence held against the pieces that it says it rests on.

use std::collections::{BTreeMap, BTreeSet};

use super::reply::{self, Reply, Said};
use crate::{
    Result,
    dream::stages::{
        reading::Reading,
        told::{Asked, Given, language_name},
    },
    mind::{
        answer::{Complaint, Remark, Remarks},
        caller::{Caller, NoAnswer, Profile, Question},
        quoted::{self, Piece, Quoted},
    },
    profile::{Content, Line, Material, Seen, by_weight, names_any},
    text::{clean, language::Language, verbatim::Folded, words},
};

/// Tokens of pieces that are shown.
const MOST_TOKENS: u32 = 3_500;
/// Tokens of the question's other places.
const SLACK: u32 = 40;
/// Conversations that are shown.
const MOST_TALKS: usize = 8;
/// Characters of a summary that are shown.
const MOST_SUMMARY: usize = 300;
/// Sentences that are kept, and without which it is no profile.
const MOST_LINES: usize = 6;
const FEWEST_LINES: usize = 2;
/// Moments, or records, that are kept as evidence of a sentence.
const MOST_EVIDENCE: usize = 6;
/// What is shown, in words for a model.
const WHAT: &str = "pieces";

/// What came of asking.
pub(super) enum Told {
    /// Sentences, and who told them.
    Lines(Vec<Line>, String),
    /// There is no answer; with `true` only for now.
    Nothing { is_for_now: bool },
}

/// Lets the deep model tell it. `counted` is what was counted, without what the person does not want to be
/// told; `unwanted` are the names of that.
pub(super) fn tell(
    material: &Material,
    counted: &Content,
    unwanted: &[&str],
    reading: &Reading<'_>,
    caller: &Caller<'_>,
) -> Result<Told> {
    let empty = [("code", ""), ("pieces", ""), ("language", "")];
    let room = caller.room(&question(reading, &empty, &[]), 0)?.unwrap_or_default();
    let most = room.min(MOST_TOKENS).saturating_sub(SLACK);
    let shown = Shown::new(material, counted, unwanted, most);
    if shown.pieces.is_empty() {
        return Ok(Told::Nothing { is_for_now: false });
    }
    let places = [
        ("code", shown.quoted.code.as_str()),
        ("pieces", &shown.quoted.text),
        ("language", &shown.language_name),
    ];
    let question = question(reading, &places, &shown.record_ids);
    let texts = shown.pieces.iter().map(|piece| piece.text.as_str()).collect();
    let people = shown.people.iter().map(String::as_str).collect();
    let asked = Asked {
        what: WHAT,
        language: shown.language,
        to_machine: false,
        rules: reading.prompts.profile.system(),
        code: &shown.quoted.code,
    };
    let given = Given::new(texts, people, asked);
    let answer = caller.ask::<Reply, Vec<Line>>(&question, &|reply, remarks| {
        shown.check(reply, &given, unwanted, remarks)
    })?;
    Ok(match answer {
        Ok(answered) => Told::Lines(answered.value, answered.model),
        Err(NoAnswer::Away | NoAnswer::Limit) => Told::Nothing { is_for_now: true },
        Err(NoAnswer::TooLong | NoAnswer::Unusable) => Told::Nothing { is_for_now: false },
    })
}

fn question<'q>(
    reading: &Reading<'q>,
    places: &'q [(&'q str, &'q str)],
    record_ids: &'q [i64],
) -> Question<'q> {
    Question {
        stage: "profile",
        profile: Profile::Deep,
        prompt: &reading.prompts.profile,
        places,
        reply_tokens: reply::TOKENS,
        record_ids,
    }
}

/// One piece, and what it speaks for.
struct Shot {
    handle: String,
    text: String,
    /// How many things it was told or counted from.
    n_things: u32,
    moments: Vec<i64>,
    records: Vec<i64>,
}

/// What a model is shown.
struct Shown {
    pieces: Vec<Shot>,
    quoted: Quoted,
    language: Option<Language>,
    language_name: String,
    people: Vec<String>,
    record_ids: Vec<i64>,
}

impl Shown {
    fn new(material: &Material, counted: &Content, unwanted: &[&str], most: u32) -> Self {
        let is_wanted = |text: &str| !names_any(text, unwanted.iter().copied());
        let by_id: BTreeMap<i64, &Seen> =
            material.moments.iter().map(|moment| (moment.id, moment)).collect();
        let mut records: BTreeSet<i64> = BTreeSet::new();
        let mut left = most;
        let mut pieces: Vec<Shot> = Vec::new();
        let mut show = |shot: Shot, rests_on: &mut dyn Iterator<Item = i64>| {
            let piece = Piece { handle: "m1000", by: "", text: &shot.text };
            let needs = quoted::tokens(&piece) + 1;
            if needs <= left && is_wanted(&shot.text) {
                left -= needs;
                records.extend(rests_on);
                pieces.push(shot);
            }
        };
        for (n, line) in counted.lines.iter().enumerate() {
            let of_moments = line.moments.iter().filter_map(|id| by_id.get(id));
            let mut rests_on = of_moments
                .flat_map(|moment| moment.records.iter().copied())
                .chain(line.records.iter().copied());
            let shot = Shot {
                handle: format!("k{}", n + 1),
                text: line.text.clone(),
                n_things: line.n_things,
                moments: line.moments.clone(),
                records: line.records.clone(),
            };
            show(shot, &mut rests_on);
        }
        let mut talks: Vec<_> = material.talks.iter().collect();
        talks.sort_by(|a, b| b.day.cmp(&a.day).then(a.id.cmp(&b.id)));
        for (n, talk) in talks.into_iter().take(MOST_TALKS).enumerate() {
            let shot = Shot {
                handle: format!("s{}", n + 1),
                text: clean::cut(&talk.summary, MOST_SUMMARY),
                n_things: 1,
                moments: Vec::new(),
                records: vec![talk.id],
            };
            show(shot, &mut std::iter::once(talk.id));
        }
        let mut moments: Vec<&Seen> = material.moments.iter().collect();
        moments.sort_by(|a, b| by_weight(a, b));
        for (n, moment) in moments.into_iter().enumerate() {
            let shot = Shot {
                handle: format!("m{}", n + 1),
                text: line(moment),
                n_things: 1,
                moments: vec![moment.id],
                records: Vec::new(),
            };
            show(shot, &mut moment.records.iter().copied());
        }
        let quoted: Vec<Piece<'_>> = pieces
            .iter()
            .map(|shot| Piece { handle: &shot.handle, by: "", text: &shot.text })
            .collect();
        let quoted = quoted::quote(&quoted);
        let language = Language::from_code(&counted.language);
        Self {
            quoted,
            language,
            language_name: language_name(language, WHAT),
            people: counted.people.iter().map(|person| person.name.clone()).collect(),
            record_ids: records.into_iter().collect(),
            pieces,
        }
    }

    /// The sentences that hold. Where too few do, what is wrong with the first that does not.
    fn check(
        &self,
        reply: Reply,
        given: &Given<'_>,
        unwanted: &[&str],
        remarks: &mut Remarks,
    ) -> Result<Vec<Line>, Complaint> {
        let mut lines: Vec<Line> = Vec::new();
        let mut complaint = None;
        for said in reply.lines {
            match self.line(&said, given, remarks) {
                Ok(line) if names_any(&line.text, unwanted.iter().copied()) => {}
                Ok(line) if lines.iter().any(|known| known.text == line.text) => {}
                Ok(line) => lines.push(line),
                Err(wrong) => {
                    complaint.get_or_insert(wrong);
                }
            }
        }
        lines.truncate(MOST_LINES);
        if lines.len() >= FEWEST_LINES {
            return Ok(lines);
        }
        Err(complaint.unwrap_or_else(|| {
            remarks.add(Remark::MissingField);
            Complaint(format!("lines must hold at least {FEWEST_LINES} different sentences"))
        }))
    }

    fn line(
        &self,
        said: &Said,
        given: &Given<'_>,
        remarks: &mut Remarks,
    ) -> Result<Line, Complaint> {
        let text = given.check(&said.text, reply::TEXT, remarks)?;
        let mut cited: Vec<&Shot> = Vec::new();
        for handle in &said.evidence {
            let handle = handle.trim_matches(['<', '>', ' ']);
            let handle = handle.split('-').next().unwrap_or_default();
            match self.pieces.iter().find(|shot| shot.handle == handle) {
                Some(shot) if speaks_for(shot, &text, self.language) => cited.push(shot),
                _ => remarks.add(Remark::MissingEvidence),
            }
        }
        if cited.is_empty() {
            remarks.add(Remark::MissingEvidence);
            return Err(Complaint(
                "the evidence of each sentence must be pieces that speak of the same".into(),
            ));
        }
        let ids = |of: fn(&Shot) -> &[i64]| -> Vec<i64> {
            let all: BTreeSet<i64> = cited.iter().flat_map(|shot| of(shot)).copied().collect();
            all.into_iter().take(MOST_EVIDENCE).collect()
        };
        Ok(Line {
            text,
            n_things: cited.iter().map(|shot| shot.n_things).sum(),
            moments: ids(|shot| &shot.moments),
            records: ids(|shot| &shot.records),
        })
    }
}

/// Whether a piece has at least one telling word of a sentence; in languages without spaces, two letters
/// that follow each other.
fn speaks_for(shot: &Shot, text: &str, language: Option<Language>) -> bool {
    if language.is_some_and(Language::is_unspaced) {
        let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
        return letters.windows(2).any(|pair| shot.text.contains(&pair.iter().collect::<String>()));
    }
    let of = |text: &str| -> BTreeSet<String> {
        words::iter(text)
            .filter(|word| !words::is_stop_word(&words::fold(word.text), language))
            .map(|word| words::stem(&words::fold(word.text), language))
            .filter(|stem| stem.chars().count() > 2)
            .collect()
    };
    let there = of(&shot.text);
    of(text).iter().any(|stem| there.contains(stem)) || Folded::of(&shot.text).contains(text)
}

/// "2026-10-12. The first reed holds. Hester looked … Ended: … With: Hester. Felt: relieved."
fn line(moment: &Seen) -> String {
    let felt: Vec<&str> = moment.emotions.iter().map(|felt| felt.label.as_str()).collect();
    let mut line = closed(&moment.day);
    line.push_str(&closed(&moment.title));
    line.push_str(&closed(&clean::cut(&moment.summary, MOST_SUMMARY)));
    for (word, told) in [
        ("Ended: ", moment.outcome.clone()),
        ("With: ", moment.people.join(", ")),
        ("Felt: ", felt.join(", ")),
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
