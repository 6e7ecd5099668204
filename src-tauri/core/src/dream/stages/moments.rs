//! Moments: describes each episode, checks what the mind said, and finds out what of it is new.

use std::{collections::BTreeSet, ops::Range};

use super::{
    collect::{Chunk, Day},
    episodes::{Cut, Piece},
};
use crate::{
    Result,
    api::{
        dreams::{Compared, Said},
        moments::EmotionWeight,
    },
    clock::Precision,
    journal::Cancel,
    mind::{Description, Episode, Passage, builtin::Builtin},
    moments::{
        derive::{Derived, Dreamt, Mention, Span},
        write::{self, Existing, Writing},
    },
    store::Hash,
    text::{duplicates, tags},
};

/// Two moments whose evidence shares this much are the same one, changed.
const SAME: f32 = 0.3;

/// Describes a day's episodes. Calls `tell` with each title as it is made; stops between episodes when
/// asked to.
pub(in crate::dream) fn describe(
    day: &Day,
    cuts: &[Cut],
    reading: &super::Reading<'_>,
    cancel: &Cancel,
    tell: &(dyn Fn(&str) + Sync),
) -> Result<Described> {
    let mind = reading.builtin;
    let mut dreamt: Vec<Dreamt> = Vec::new();
    let mut texts: Vec<String> = Vec::new();
    // Of two witnesses the one that knows the time makes the moment.
    let mut in_turn: Vec<&Cut> = cuts.iter().collect();
    in_turn.sort_by_key(|cut| std::cmp::Reverse(precision_of(&day.chunks, cut)));
    for cut in in_turn {
        cancel.check()?;
        let text = text_of(&day.chunks, cut);
        // The same passage copied into another note is a second witness, not a second moment.
        let bare = without_headings(&text);
        let twin = texts.iter().position(|other| duplicates::is_near_duplicate(other, &bare));
        if let Some(twin) = twin {
            let spans = spans_of(&day.chunks, cut, &[]);
            dreamt[twin].evidence.extend(spans);
            continue;
        }
        let description = mind.describe(&episode_of(&day.chunks, cut));
        let moment = checked(day, cut, description, mind, &text);
        tell(&moment.derived.title);
        dreamt.push(moment);
        texts.push(bare);
    }
    Ok(Described { dreamt, is_provisional: reading.caller.is_none() })
}

pub(in crate::dream) struct Described {
    pub(in crate::dream) dreamt: Vec<Dreamt>,
    pub(in crate::dream) is_provisional: bool,
}
pub(in crate::dream) struct Price {
    pub(in crate::dream) n_calls: u32,
    pub(in crate::dream) n_known: u32,
    pub(in crate::dream) ms: u64,
}
pub(in crate::dream) fn price(_: &Day, _: &[Cut], _: &super::Reading<'_>) -> Result<Price> {
    Ok(Price { n_calls: 0, n_known: 0, ms: 0 })
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
fn checked(day: &Day, cut: &Cut, said: Description, mind: &Builtin, text: &str) -> Dreamt {
    let chunks = &day.chunks;
    let evidence = spans_of(chunks, cut, &said.marks);
    let used: Vec<&Chunk> = cut.pieces.iter().map(|piece| &chunks[piece.chunk]).collect();
    let precision = precision_of(chunks, cut);
    let starts_at = used.iter().map(|chunk| chunk.at).min().unwrap_or_default();
    let ends_at = if precision >= Precision::Hour {
        used.iter().map(|chunk| chunk.until.unwrap_or(chunk.at)).max().unwrap_or(starts_at)
    } else {
        starts_at
    };
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
        starts_at,
        ends_at: ends_at.max(starts_at),
        offset_minutes: used[0].offset_minutes,
        precision,
        moment_type: said.moment_type,
        title: said.title,
        summary: said.summary,
        outcome: said.outcome,
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
        mind: crate::mind::builtin::NAME.into(),
    };
    let embedding = mind.embed(text, said.language);
    Dreamt { derived, evidence, mentions, embedding, n_namesakes: 0 }
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

/// How a dream's moments compare with those that are there.
#[derive(Debug, Default, Clone, Copy)]
pub(in crate::dream) struct Counts {
    pub(in crate::dream) n_added: u32,
    pub(in crate::dream) n_changed: u32,
    pub(in crate::dream) n_removed: u32,
    pub(in crate::dream) n_unchanged: u32,
}

/// What is to be done to make the moments that are there those that were dreamt.
#[derive(Debug)]
pub(in crate::dream) struct Reconciled<'a> {
    add: Vec<&'a Dreamt>,
    change: Vec<(Existing, &'a Dreamt)>,
    /// Says the same; only the places of its words have moved.
    renew: Vec<(Existing, &'a Dreamt)>,
    remove: Vec<Existing>,
    pub(in crate::dream) counts: Counts,
}

impl Reconciled<'_> {
    pub(in crate::dream) fn is_nothing(&self) -> bool {
        self.add.is_empty()
            && self.change.is_empty()
            && self.renew.is_empty()
            && self.remove.is_empty()
    }

    /// Old and new, side by side: what would change, come or go.
    pub(in crate::dream) fn side_by_side(&self, day: &str) -> Vec<Compared> {
        let pair = |before: Option<&Existing>, after: Option<&Dreamt>| Compared {
            day: day.to_owned(),
            before: before.map(|existing| said(&existing.derived)),
            after: after.map(|dreamt| said(&dreamt.derived)),
        };
        let changed = self.change.iter().map(|(old, new)| pair(Some(old), Some(new)));
        let added = self.add.iter().map(|new| pair(None, Some(new)));
        let removed = self.remove.iter().map(|old| pair(Some(old), None));
        changed.chain(added).chain(removed).collect()
    }

    pub(in crate::dream) fn write(&self, writing: &Writing<'_>) -> Result<()> {
        // What goes makes room first: a key may pass from one moment to another.
        for existing in &self.remove {
            write::remove(writing, existing)?;
        }
        for (existing, dreamt) in &self.change {
            write::change(writing, existing, dreamt)?;
        }
        for (existing, dreamt) in &self.renew {
            write::renew(writing, existing, dreamt)?;
        }
        for dreamt in &self.add {
            write::add(writing, dreamt)?;
        }
        Ok(())
    }
}

/// Compares. With `is_partial` (a dream of some kinds of moments only) nothing is taken away.
pub(in crate::dream) fn reconcile(
    existing: Vec<Existing>,
    dreamt: &[Dreamt],
    is_partial: bool,
) -> Reconciled<'_> {
    let mut counts = Counts::default();
    let mut add = Vec::new();
    let mut change = Vec::new();
    let mut renew = Vec::new();
    let mut left: Vec<Option<Existing>> = existing.into_iter().map(Some).collect();
    let mut open: Vec<&Dreamt> = Vec::new();
    for moment in dreamt {
        let key = moment.key();
        let same = left.iter_mut().find(|slot| slot.as_ref().is_some_and(|old| old.key == key));
        match same.and_then(Option::take) {
            Some(old) if old.derived == moment.derived => {
                counts.n_unchanged += 1;
                if !is_same_place(&old, moment) {
                    renew.push((old, moment));
                }
            }
            Some(old) => change.push((old, moment)),
            None => open.push(moment),
        }
    }
    for moment in open {
        let best = left
            .iter_mut()
            .filter_map(|slot| {
                let overlap = overlap(&slot.as_ref()?.evidence, &moment.evidence);
                (overlap >= SAME).then_some((overlap, slot))
            })
            .max_by(|a, b| a.0.total_cmp(&b.0));
        match best.and_then(|(_, slot)| slot.take()) {
            Some(old) => change.push((old, moment)),
            None => add.push(moment),
        }
    }
    // What the person worked on stays, even when its sources are gone; but not when they were
    // forgotten, and the words it rested on with them.
    let is_kept = |old: &Existing| is_partial || old.is_corrected && !old.evidence.is_empty();
    let remove: Vec<_> = left.into_iter().flatten().filter(|old| !is_kept(old)).collect();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    counts.n_added = count(add.len());
    counts.n_changed = count(change.len());
    counts.n_removed = count(remove.len());
    Reconciled { add, change, renew, remove, counts }
}

fn is_same_place(old: &Existing, new: &Dreamt) -> bool {
    let same_place = |a: &Span, b: &Span| {
        a.record_id == b.record_id
            && a.record_hash == b.record_hash
            && a.range == b.range
            && a.marks == b.marks
    };
    old.evidence.len() == new.evidence.len()
        && old.evidence.iter().zip(&new.evidence).all(|(a, b)| same_place(a, b))
}

/// How much of two moments' evidence is the same bytes of the same records, 0 to 1 of the smaller.
fn overlap(old: &[Span], new: &[Span]) -> f32 {
    let bytes = |spans: &[Span]| spans.iter().map(|span| span.range.len()).sum::<usize>();
    let records: BTreeSet<i64> = old.iter().map(|span| span.record_id).collect();
    let mut shared = 0;
    for a in old {
        for b in new.iter().filter(|b| records.contains(&b.record_id)) {
            if a.record_id == b.record_id {
                let start = a.range.start.max(b.range.start);
                let end = a.range.end.min(b.range.end);
                shared += end.saturating_sub(start);
            }
        }
    }
    let smaller = bytes(old).min(bytes(new)).max(1);
    shared as f32 / smaller as f32
}

fn said(derived: &Derived) -> Said {
    Said {
        mind: derived.mind.clone(),
        title: derived.title.clone(),
        summary: derived.summary.clone(),
        outcome: derived.outcome.clone(),
        moment_type: derived.moment_type.clone(),
        tags: derived.tags.clone(),
        people: derived.people.clone(),
        emotions: derived.emotions.iter().map(|felt| felt.label.clone()).collect(),
        valence: derived.valence,
    }
}
