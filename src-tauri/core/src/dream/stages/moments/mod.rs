//! Moments: describes each episode, checks what the mind said, and finds out what of it is new.
//!
//! With a model `by_model` asks, `check` and `people` hold the reply against the passages, `reduce`
//! puts long episodes together again; `witnesses` makes one moment of what several sources tell of one
//! event; `reconcile` compares with what is there.

mod by_model;
mod check;
mod clock_words;
mod people;
mod reconcile;
mod reduce;
mod reply;
#[cfg(test)]
mod tests;
mod witnesses;

use std::{
    ops::Range,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use chrono::NaiveTime;

use self::{
    by_model::{Said, Task},
    check::Written,
    witnesses::Account,
};
use super::{
    collect::{Chunk, Day},
    episodes::{Cut, Piece},
    long::Cost,
    reading::Reading,
};
use crate::{
    Result,
    api::moments::EmotionWeight,
    clock::Precision,
    journal::Cancel,
    mind::{
        Description, Episode, Joint, Passage, Stream,
        builtin::{self, Builtin},
        caller::Caller,
    },
    moments::{
        derive::{Derived, Dreamt, Insight, Mention, Place, Span},
        write::Existing,
    },
    store::Hash,
    text::{duplicates::Shingles, tags},
};

pub(in crate::dream) use reconcile::{Kind, reconcile};

const DAY_MS: i64 = 24 * 60 * 60_000;

/// The moments of a day.
#[derive(Debug)]
pub(in crate::dream) struct Described {
    /// Each source's account of something, in order of their certainty about time.
    dreamt: Vec<Dreamt>,
    accounts: Vec<Account>,
    /// Which of them are of one event.
    groups: Vec<Vec<usize>>,
    /// Whether the built-in analyser stood in for a model that may be back another night.
    pub(in crate::dream) is_provisional: bool,
}

impl Described {
    /// The moments, one for each event; what the person corrected among those that are there decides what
    /// stays apart.
    pub(in crate::dream) fn joined(self, existing: &[Existing], builtin: &Builtin) -> Vec<Dreamt> {
        witnesses::join(self.dreamt, &self.accounts, &self.groups, existing, builtin)
    }
}

/// An episode of its own, with the episodes that say the same.
struct Planned<'c> {
    cut: &'c Cut,
    text: String,
    twins: Vec<&'c Cut>,
}

/// Describes a day's episodes, several at a time where the model's server may be asked so. Calls `tell`
/// with each title as it is made; stops between episodes when asked to. The order is always the same.
pub(in crate::dream) fn describe(
    day: &Day,
    cuts: &[Cut],
    reading: &Reading<'_>,
    cancel: &Cancel,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Described> {
    let planned = plan(&day.chunks, cuts);
    let read = |planned: &Planned<'_>| -> Result<(Dreamt, bool)> {
        cancel.check()?;
        let (description, mind, is_provisional) = read(&day.chunks, planned.cut, reading)?;
        let moment = checked(day, planned, description, &mind, reading.builtin);
        tell(&moment.derived.title);
        Ok((moment, is_provisional))
    };
    let n_threads = reading.caller.map_or(1, Caller::concurrency).min(planned.len());
    let account = |one: &Planned<'_>| Account {
        stream: day.chunks[one.cut.pieces[0].chunk].stream,
        text: one.text.clone(),
    };
    let mut described = Described {
        dreamt: Vec::new(),
        accounts: planned.iter().map(account).collect(),
        groups: witnesses::same_events(&day.chunks, &planned, reading.builtin),
        is_provisional: false,
    };
    let all = if n_threads > 1 {
        at_once(&planned, n_threads, &read)
    } else {
        planned.iter().map(read).collect()
    };
    for (moment, is_provisional) in all? {
        described.dreamt.push(moment);
        described.is_provisional |= is_provisional;
    }
    Ok(described)
}

/// Runs `read` on threads; the results are in the order of `all`.
fn at_once<T: Sync, R: Send>(
    all: &[T],
    n_threads: usize,
    read: &(dyn Fn(&T) -> Result<R> + Sync),
) -> Result<Vec<R>> {
    let next = AtomicUsize::new(0);
    let has_failed = AtomicBool::new(false);
    let done: Mutex<Vec<(usize, Result<R>)>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..n_threads {
            scope.spawn(|| {
                while !has_failed.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(one) = all.get(index) else { break };
                    let result = read(one);
                    has_failed.fetch_or(result.is_err(), Ordering::Relaxed);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((index, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, result)| result).collect()
}

/// What describing these episodes would cost.
pub(in crate::dream) fn price(day: &Day, cuts: &[Cut], reading: &Reading<'_>) -> Result<Cost> {
    let mut cost = Cost::default();
    let Some(caller) = reading.caller else { return Ok(cost) };
    for planned in plan(&day.chunks, cuts) {
        cost.add(by_model::price(
            &task(&day.chunks, planned.cut, reading.builtin),
            reading,
            caller,
        )?);
    }
    Ok(cost)
}

/// Tells apart what is a moment of its own and what is only a second witness.
fn plan<'c>(chunks: &[Chunk], cuts: &'c [Cut]) -> Vec<Planned<'c>> {
    let mut planned: Vec<Planned<'c>> = Vec::new();
    let mut texts: Vec<Shingles> = Vec::new();
    // Of two witnesses the one that knows the time makes the moment.
    let mut in_turn: Vec<&Cut> = cuts.iter().collect();
    in_turn.sort_by_key(|cut| std::cmp::Reverse(precision_of(chunks, cut)));
    for cut in in_turn {
        let text = text_of(chunks, cut);
        // The same passage copied into another note is a second witness, not a second moment.
        let bare = Shingles::of(&without_headings(&text));
        match texts.iter().position(|other| other.is_near_duplicate(&bare)) {
            Some(twin) => planned[twin].twins.push(cut),
            None => {
                planned.push(Planned { cut, text, twins: Vec::new() });
                texts.push(bare);
            }
        }
    }
    planned
}

/// A description, who gave it, and whether a model may give a better one another night.
fn read(chunks: &[Chunk], cut: &Cut, reading: &Reading<'_>) -> Result<(Description, String, bool)> {
    let mut is_provisional = false;
    if let Some(caller) = reading.caller {
        let task = task(chunks, cut, reading.builtin);
        match by_model::describe(&task, reading, caller)? {
            Said::Described(description, mind) => return Ok((*description, mind, false)),
            Said::Nothing { is_provisional: is } => is_provisional = is,
        }
    }
    Ok((reading.builtin.describe(&episode_of(chunks, cut)), builtin::NAME.into(), is_provisional))
}

fn task<'a>(chunks: &'a [Chunk], cut: &Cut, builtin: &Builtin) -> Task<'a> {
    let mut record_ids: Vec<i64> =
        cut.pieces.iter().map(|piece| chunks[piece.chunk].record_id).collect();
    record_ids.sort_unstable();
    record_ids.dedup();
    let episode = episode_of(chunks, cut);
    // Who is named in a chat is not there yet.
    let people = match episode.stream {
        Stream::Notes => builtin.people(&episode, None),
        Stream::Chat | Stream::Assistant => Vec::new(),
    };
    let is_group = builtin::is_group(&episode, &people);
    Task { episode, record_ids, written: written(chunks, cut), is_group }
}

/// When the records of an episode say that it was.
fn written(chunks: &[Chunk], cut: &Cut) -> Written {
    let used = || cut.pieces.iter().map(|piece| &chunks[piece.chunk]);
    let precision = precision_of(chunks, cut);
    let starts_at = used().map(|chunk| chunk.at).min().unwrap_or_default();
    let ends_at = if precision >= Precision::Hour {
        used().map(|chunk| chunk.until.unwrap_or(chunk.at)).max().unwrap_or(starts_at)
    } else {
        starts_at
    };
    Written {
        starts_at,
        ends_at: ends_at.max(starts_at),
        offset_minutes: chunks[cut.pieces[0].chunk].offset_minutes,
        precision,
    }
}

fn precision_of(chunks: &[Chunk], cut: &Cut) -> Precision {
    let known = cut.pieces.iter().map(|piece| chunks[piece.chunk].precision);
    known.min().unwrap_or(Precision::Unknown)
}

fn text_of(chunks: &[Chunk], cut: &Cut) -> String {
    let texts: Vec<&str> = cut.pieces.iter().map(|piece| piece_text(chunks, piece)).collect();
    texts.join("\n\n")
}

/// Copies differ in their headings first.
fn without_headings(text: &str) -> String {
    let lines: Vec<&str> =
        text.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
    let bare = lines.join("\n");
    if bare.trim().is_empty() { text.to_owned() } else { bare }
}

fn piece_text<'a>(chunks: &'a [Chunk], piece: &Piece) -> &'a str {
    chunks[piece.chunk].text.get(piece.range.clone()).unwrap_or_default()
}

fn episode_of<'a>(chunks: &'a [Chunk], cut: &Cut) -> Episode<'a> {
    let first = &chunks[cut.pieces[0].chunk];
    let heading = if first.session_id.is_some() {
        first.title.as_str()
    } else if cut.is_first {
        first.heading.as_str()
    } else {
        ""
    };
    Episode {
        stream: first.stream,
        heading,
        passages: cut
            .pieces
            .iter()
            .map(|piece| {
                let chunk = &chunks[piece.chunk];
                Passage {
                    text: piece_text(chunks, piece),
                    author: &chunk.author,
                    is_own: chunk.is_own,
                }
            })
            .collect(),
    }
}

/// Lets nothing through that does not stand in the text or is more precise than it.
fn checked(
    day: &Day,
    planned: &Planned<'_>,
    said: Description,
    mind: &str,
    builtin: &Builtin,
) -> Dreamt {
    let chunks = &day.chunks;
    let (cut, text) = (planned.cut, planned.text.as_str());
    let mut evidence = spans_of(chunks, cut, &said.marks);
    evidence.extend(planned.twins.iter().flat_map(|twin| spans_of(chunks, twin, &[])));
    let used: Vec<&Chunk> = cut.pieces.iter().map(|piece| &chunks[piece.chunk]).collect();
    let written = told_times(written(chunks, cut), &said);
    let insights = insights_of(chunks, cut, &said.insights);
    let mut mentions = Vec::new();
    let mut people = Vec::new();
    for person in said.people {
        for (passage, range) in &person.mentions {
            let Some(piece) = cut.pieces.get(*passage) else { continue };
            let chunk = &chunks[piece.chunk];
            if piece_text(chunks, piece).get(range.clone()).is_some() {
                let at = chunk.range.start + piece.range.start;
                mentions.push(Mention {
                    name: person.name.clone(),
                    record_id: chunk.record_id,
                    range: at + range.start..at + range.end,
                    confidence: person.confidence.clamp(0.0, 1.0),
                });
            }
        }
        people.push(person.name);
    }
    let mut tags = said.tags;
    for tag in used.iter().flat_map(|chunk| &chunk.tags) {
        let key = tags::tag_key(tag);
        let is_here = text.to_lowercase().contains(&format!("#{}", tag.to_lowercase()));
        if is_here && !key.is_empty() && !tags.contains(&key) {
            tags.insert(0, key);
        }
    }
    tags.truncate(8);
    let derived = Derived {
        day: day.day.to_string(),
        starts_at: written.starts_at,
        ends_at: written.ends_at,
        offset_minutes: written.offset_minutes,
        precision: written.precision,
        moment_type: said.moment_type,
        title: said.title,
        summary: said.summary,
        outcome: said.outcome,
        insights,
        language: said.language.map_or_else(String::new, |language| language.code().to_owned()),
        tags,
        people,
        emotions: said
            .emotions
            .into_iter()
            .map(|felt| EmotionWeight { label: felt.label, weight: felt.weight.clamp(0.0, 1.0) })
            .collect(),
        valence: said.valence.clamp(-1.0, 1.0),
        arousal: said.arousal.clamp(0.0, 1.0),
        confidence: said.confidence.clamp(0.0, 1.0),
        mind: mind.into(),
    };
    let derived = derived.without_secrets(text);
    let embedding = builtin.embed(text, said.language);
    Dreamt { derived, evidence, mentions, embedding, n_namesakes: 0 }
}

/// What people came to together, with places in the spans of the episode's own evidence, which stand first.
fn insights_of(chunks: &[Chunk], cut: &Cut, said: &[Joint]) -> Vec<Insight> {
    let place = |(span, range): &(usize, Range<usize>)| {
        let text = piece_text(chunks, cut.pieces.get(*span)?);
        let words = text.get(range.clone()).filter(|words| !words.is_empty());
        words.map(|_| Place { span: *span, start: range.start, end: range.end })
    };
    said.iter()
        .map(|joint| Insight {
            text: joint.text.clone(),
            places: joint.places.iter().filter_map(place).collect(),
        })
        .filter(|insight| !insight.places.is_empty())
        .collect()
}

/// Where only the day is known, the times that the words tell count; that the moment began there is a
/// mind's guess, so that only the hour is taken for known. Stamps of records are better than any reading.
fn told_times(mut written: Written, said: &Description) -> Written {
    let Some(starts) = said.starts.filter(|_| written.precision == Precision::Day) else {
        return written;
    };
    let midnight = NaiveTime::MIN;
    let local = written.starts_at + i64::from(written.offset_minutes) * 60_000;
    let day_start = local.rem_euclid(DAY_MS);
    // A day may begin at four: what is told for an earlier hour is after midnight.
    let after_start =
        |time: NaiveTime| ((time - midnight).num_milliseconds() - day_start).rem_euclid(DAY_MS);
    let first = written.starts_at;
    let (from, until) = (after_start(starts), said.ends.map(after_start));
    written.starts_at = first + from.min(until.unwrap_or(from));
    written.ends_at = first + until.unwrap_or(from).max(from);
    written.precision = Precision::Hour;
    written
}

/// The evidence of an episode; `marks` are, for each piece, ranges within its text.
fn spans_of(chunks: &[Chunk], cut: &Cut, marks: &[Vec<Range<usize>>]) -> Vec<Span> {
    cut.pieces
        .iter()
        .enumerate()
        .map(|(index, piece)| {
            let chunk = &chunks[piece.chunk];
            let text = piece_text(chunks, piece);
            let at = chunk.range.start + piece.range.start;
            let marks = marks.get(index).map(Vec::as_slice).unwrap_or_default();
            Span {
                record_id: chunk.record_id,
                record_hash: chunk.record_hash,
                range: at..at + text.len(),
                words: Hash::of(text.as_bytes()),
                marks: marks
                    .iter()
                    .filter(|mark| text.get((*mark).clone()).is_some_and(|words| !words.is_empty()))
                    .map(|mark| at + mark.start..at + mark.end)
                    .collect(),
            }
        })
        .collect()
}
