//! Episodes: cuts a day's writing into stretches that belong together, without a model.
//!
//! Notes with clock times are cut where the time changes, notes without by topic, conversations by
//! silence and topic. Nothing is said about what an episode means.

use std::{collections::BTreeMap, ops::Range};

use super::collect::Chunk;
use crate::{
    clock::Precision,
    mind::Stream,
    text::{
        segment::{self, Options, Unit},
        sentences, words,
    },
};

/// Entries of a note closer together than this, and shorter than [`SHORT`], are one episode.
const NEAR_MS: i64 = 20 * 60_000;
/// Bytes of text below which an entry is too short to stand alone when its neighbour is near.
const SHORT: usize = 60;
/// A paragraph longer than this is cut by topic between its sentences.
const LONG: usize = 700;
/// Fewer words than this are nobody's moment.
const FEWEST_WORDS: usize = 3;

/// What people say to each other within an hour is one moment rather than many: a change of topic must
/// be plain, and what it cuts off must be worth a name of its own. (A review of a neighbour's cards of
/// 10 to 60 minutes came to the same: "bias to merge".)
const TALK: Options = Options {
    gap_minutes: 60,
    min_units: 6,
    max_units: 120,
    min_chars: 400,
    max_chars: 12_000,
    reluctance: 1.8,
};

/// A stretch of a chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dream) struct Piece {
    /// Which of the day's chunks.
    pub(in crate::dream) chunk: usize,
    /// Bytes in that chunk's text.
    pub(in crate::dream) range: Range<usize>,
}

/// An episode: pieces of chunks in the order they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dream) struct Cut {
    pub(in crate::dream) pieces: Vec<Piece>,
    /// Whether it is the first under its heading or the only one of its note.
    pub(in crate::dream) is_first: bool,
}

/// Cuts the chunks of one day into episodes, in order of time.
pub(in crate::dream) fn cut(chunks: &[Chunk]) -> Vec<Cut> {
    let mut threads: BTreeMap<(i64, i64, bool), Vec<usize>> = BTreeMap::new();
    for (index, chunk) in chunks.iter().enumerate() {
        let is_timed = chunk.precision >= Precision::Hour;
        let thread = match chunk.session_id {
            Some(session) => (1, session, is_timed),
            None => (0, chunk.record_id, is_timed),
        };
        threads.entry(thread).or_default().push(index);
    }
    let mut cuts = Vec::new();
    for ((_, _, is_timed), members) in threads {
        let is_note = chunks[members[0]].stream == Stream::Notes;
        cuts.extend(match (is_note, is_timed) {
            (true, true) => timed_note(chunks, &members),
            (true, false) => untimed_note(chunks, &members),
            (false, _) => conversation(chunks, &members),
        });
    }
    cuts.retain(|cut| has_words(chunks, cut));
    cuts.sort_by_key(|cut| {
        let first = &chunks[cut.pieces[0].chunk];
        (first.precision >= Precision::Hour, first.at, cut.pieces[0].chunk)
    });
    cuts
}

/// One episode an entry; very short entries join a near neighbour.
fn timed_note(chunks: &[Chunk], members: &[usize]) -> Vec<Cut> {
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for &member in members {
        let chunk = &chunks[member];
        let joins = groups.last().is_some_and(|group| {
            let last = &chunks[group[group.len() - 1]];
            let first = &chunks[group[0]];
            let is_same = last.at == chunk.at && last.heading == chunk.heading;
            let is_near = chunk.at - last.until.unwrap_or(last.at) <= NEAR_MS
                && chunk.at - first.at <= 3 * NEAR_MS
                && last.heading == chunk.heading;
            let is_short = last.text.trim().len() < SHORT || chunk.text.trim().len() < SHORT;
            let is_span = last.until.is_some() || chunk.until.is_some();
            is_same || (is_near && is_short && !is_span)
        });
        match groups.last_mut() {
            Some(group) if joins => group.push(member),
            _ => groups.push(vec![member]),
        }
    }
    let mut cuts = Vec::new();
    let mut heading = None;
    for group in groups {
        let is_first = heading != Some(&chunks[group[0]].heading);
        heading = Some(&chunks[group[0]].heading);
        let pieces = group.into_iter().flat_map(|chunk| whole(chunks, chunk)).collect();
        cuts.push(Cut { pieces, is_first });
    }
    cuts
}

/// By topic, between paragraphs and, in long ones, between sentences.
fn untimed_note(chunks: &[Chunk], members: &[usize]) -> Vec<Cut> {
    let mut pieces = Vec::new();
    for &member in members {
        pieces.extend(paragraphs(chunks, member));
    }
    by_topic(chunks, &pieces, false)
}

/// By silence and topic, between messages.
fn conversation(chunks: &[Chunk], members: &[usize]) -> Vec<Cut> {
    let pieces: Vec<Piece> = members.iter().flat_map(|&member| whole(chunks, member)).collect();
    by_topic(chunks, &pieces, true)
}

fn by_topic(chunks: &[Chunk], pieces: &[Piece], is_conversation: bool) -> Vec<Cut> {
    let units: Vec<Unit<'_>> = pieces
        .iter()
        .map(|piece| {
            let chunk = &chunks[piece.chunk];
            Unit {
                text: &chunk.text[piece.range.clone()],
                at: (chunk.precision >= Precision::Hour).then_some(chunk.at),
                speaker: (!chunk.author.is_empty()).then_some(chunk.author.as_str()),
                // A new heading is a new thread; in a conversation only silence and topic count.
                thread: if is_conversation { 0 } else { heading_number(chunks, piece) },
                language: None,
            }
        })
        .collect();
    let mut heading = None;
    let options = if is_conversation { TALK } else { Options::default() };
    segment::cut(&units, &options)
        .into_iter()
        .filter_map(|range| {
            let pieces = join(&pieces[range]);
            let first = pieces.first()?;
            let is_first = is_conversation || heading != Some(&chunks[first.chunk].heading);
            heading = Some(&chunks[first.chunk].heading);
            Some(Cut { pieces, is_first })
        })
        .collect()
}

fn heading_number(chunks: &[Chunk], piece: &Piece) -> u64 {
    let heading = &chunks[piece.chunk].heading;
    let first = chunks
        .iter()
        .position(|c| c.record_id == chunks[piece.chunk].record_id && c.heading == *heading);
    first.unwrap_or(0) as u64
}

/// Neighbouring pieces of one chunk become one, so that evidence is a whole passage.
fn join(pieces: &[Piece]) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    for piece in pieces {
        match joined.last_mut() {
            Some(last) if last.chunk == piece.chunk => last.range.end = piece.range.end,
            _ => joined.push(piece.clone()),
        }
    }
    joined
}

fn whole(chunks: &[Chunk], chunk: usize) -> Option<Piece> {
    trimmed(&chunks[chunk].text, 0..chunks[chunk].text.len()).map(|range| Piece { chunk, range })
}

fn paragraphs(chunks: &[Chunk], index: usize) -> Vec<Piece> {
    let text = &chunks[index].text;
    let mut pieces = Vec::new();
    let mut start = 0;
    let bytes = text.as_bytes();
    let mut line_start = 0;
    while line_start <= text.len() {
        let line_end = bytes[line_start..]
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(text.len(), |n| line_start + n);
        let is_blank = text[line_start..line_end].trim().is_empty();
        if is_blank || line_end == text.len() {
            let end = if is_blank { line_start } else { line_end };
            pieces.extend(paragraph(text, index, start..end));
            start = line_end;
        }
        if line_end == text.len() {
            break;
        }
        line_start = line_end + 1;
    }
    pieces
}

fn paragraph(text: &str, chunk: usize, range: Range<usize>) -> Vec<Piece> {
    let Some(range) = trimmed(text, range) else { return Vec::new() };
    if range.len() <= LONG {
        return vec![Piece { chunk, range }];
    }
    sentences::split(&text[range.clone()], None)
        .into_iter()
        .map(|inner| Piece { chunk, range: range.start + inner.start..range.start + inner.end })
        .collect()
}

fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let inner = text.get(range.clone())?;
    let start = range.start + (inner.len() - inner.trim_start().len());
    let end = range.end - (inner.len() - inner.trim_end().len());
    (start < end).then_some(start..end)
}

fn has_words(chunks: &[Chunk], cut: &Cut) -> bool {
    let mut n_words = 0;
    for piece in &cut.pieces {
        let text = &chunks[piece.chunk].text[piece.range.clone()];
        n_words += words::iter(text).filter(|word| !word.is_number()).take(FEWEST_WORDS).count();
        if n_words >= FEWEST_WORDS {
            return true;
        }
    }
    false
}
