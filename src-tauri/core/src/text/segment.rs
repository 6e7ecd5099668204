//! Cuts a stream of paragraphs and messages into episodes: where time passes, where the thread
//! changes, and where the talk turns to something else.

use std::{collections::HashMap, ops::Range};

use super::{cues, language::Language, markdown, words};

/// A paragraph or a message, in the order in which it was written.
#[derive(Debug, Clone, Copy)]
pub struct Unit<'a> {
    /// The text, Markdown or plain.
    pub text: &'a str,
    /// Unix milliseconds, only if a clock time is known.
    pub at: Option<i64>,
    /// Who says it, in a conversation.
    pub speaker: Option<&'a str>,
    /// Units of the same note or conversation share this number.
    pub thread: u64,
    /// The language of the text.
    pub language: Option<Language>,
}

/// What bounds a segment.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Minutes of silence after which a new segment begins in any case.
    pub gap_minutes: i64,
    /// A topic shift makes no segment of fewer units than this (silence and threads may).
    pub min_units: usize,
    /// No segment has more units than this.
    pub max_units: usize,
    /// A topic shift makes no segment of fewer bytes than this.
    pub min_chars: usize,
    /// No segment of two or more units has more bytes than this.
    pub max_chars: usize,
    /// How dear a cut is: 1.0 as tuned, more for fewer and longer segments.
    pub reluctance: f32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            gap_minutes: 90,
            min_units: 2,
            max_units: 80,
            min_chars: 0,
            max_chars: 12_000,
            reluctance: 1.0,
        }
    }
}

/// Cuts `units` into contiguous ranges that cover all of them, in order.
///
/// A change of thread and a silence of [`Options::gap_minutes`] always cut. In between, the cuts are
/// those under which the words of the whole are most probable when every segment has a word
/// distribution of its own (Utiyama & Isahara 2001, a dynamic programme over Laplace-smoothed
/// unigrams; the idea of lexical cohesion is Hearst 1997 and Choi 2000). The price of a cut is
/// lowered by a pause, a farewell before it or a new opening after it, and raised before an answer
/// or a sentence that leans on the one before.
///
/// Time is linear in the units, times `max_units`.
#[must_use]
pub fn cut(units: &[Unit<'_>], options: &Options) -> Vec<Range<usize>> {
    let mut segments = Vec::new();
    let mut start = 0;
    // Paragraphs without a clock time stand between those with one.
    let mut known: Option<i64> = units.first().and_then(|unit| unit.at);
    for at in 1..=units.len() {
        let ends = units.get(at).is_none_or(|unit| {
            unit.thread != units[at - 1].thread || is_silence(known, unit.at, options)
        });
        known = units.get(at).and_then(|unit| unit.at).or(known.filter(|_| !ends));
        if ends {
            cut_run(units, start..at, options, &mut segments);
            start = at;
        }
    }
    segments
}

fn is_silence(before: Option<i64>, after: Option<i64>, options: &Options) -> bool {
    let gap = options.gap_minutes.max(1).saturating_mul(60_000);
    matches!((before, after), (Some(before), Some(after)) if after.saturating_sub(before) >= gap)
}

fn minutes_between(before: &Unit<'_>, after: &Unit<'_>) -> Option<f32> {
    Some(after.at?.saturating_sub(before.at?).max(0) as f32 / 60_000.0)
}

/// The price of a cut in units of ln(words of the whole), and the weight of Laplace smoothing in units
/// of the vocabulary: both 1 in Utiyama & Isahara, and no other value did better on known topics.
const CUT_PRICE: f32 = 1.0;
const SMOOTHING: f32 = 1.0;

/// What one unit brings to a segment.
struct Weighed {
    /// Word numbers, repeated as often as they occur.
    words: Vec<u32>,
    chars: usize,
    /// What is added to the price of a cut before this unit.
    price: f32,
}

fn cut_run(
    units: &[Unit<'_>],
    run: Range<usize>,
    options: &Options,
    segments: &mut Vec<Range<usize>>,
) {
    let n = run.len();
    if n <= 1 {
        segments.extend((n == 1).then_some(run));
        return;
    }
    let (weighed, vocabulary) = weigh(&units[run.clone()]);
    let best = plan(&weighed, vocabulary, options);
    let mut ends = vec![n];
    while let Some(&end) = ends.last()
        && best[end] > 0
    {
        ends.push(best[end]);
    }
    let mut from = 0;
    for end in ends.into_iter().rev() {
        segments.push(run.start + from..run.start + end);
        from = end;
    }
}

/// For every end the start of the last segment of the cheapest cutting up to it.
fn plan(weighed: &[Weighed], vocabulary: usize, options: &Options) -> Vec<usize> {
    let n = weighed.len();
    let longest = options.max_units.max(1);
    let total: usize = weighed.iter().map(|unit| unit.words.len()).sum();
    let price = options.reluctance * CUT_PRICE * (total.max(2) as f32).ln();
    let smoothing = vocabulary as f32 * SMOOTHING;
    let mut cost = vec![f32::INFINITY; n + 1];
    let mut best = vec![0usize; n + 1];
    cost[0] = 0.0;
    let mut counts = vec![0u32; vocabulary];
    for start in 0..n {
        let base = cost[start] + if start > 0 { price + price * weighed[start].price } else { 0.0 };
        let (mut n_words, mut chars, mut gain) = (0usize, 0usize, 0f32);
        let last = (start + longest).min(n);
        for end in start + 1..=last {
            let unit = &weighed[end - 1];
            chars += unit.chars;
            if chars > options.max_chars && end > start + 1 {
                break;
            }
            for &word in &unit.words {
                let before = counts[word as usize];
                counts[word as usize] = before + 1;
                gain += rise(before);
            }
            n_words += unit.words.len();
            let spread = (n_words as f32 + smoothing).ln();
            let mut candidate = base + n_words as f32 * spread - gain;
            let is_short = end - start < options.min_units || chars < options.min_chars;
            if is_short && !(start == 0 && end == n) {
                // Not forbidden, or a run might have no cutting at all.
                candidate += 10.0 * price;
            }
            if candidate < cost[end] {
                cost[end] = candidate;
                best[end] = start;
            }
        }
        for unit in &weighed[start..last] {
            for &word in &unit.words {
                counts[word as usize] = 0;
            }
        }
    }
    best
}

/// What one more occurrence of a word seen `before` times adds to f·ln(f + 1).
fn rise(before: u32) -> f32 {
    let f = before as f32;
    (f + 1.0) * (f + 2.0).ln() - f * (f + 1.0).ln()
}

fn weigh(units: &[Unit<'_>]) -> (Vec<Weighed>, usize) {
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut weighed = Vec::with_capacity(units.len());
    for (at, unit) in units.iter().enumerate() {
        let prose = markdown::prose(unit.text);
        let mut list = Vec::new();
        for stem in words::content_stems(&prose, unit.language) {
            let next = numbers.len() as u32;
            list.push(*numbers.entry(stem).or_insert(next));
        }
        let price = match at.checked_sub(1).map(|before| &units[before]) {
            Some(before) => price_of(before, unit),
            None => 0.0,
        };
        weighed.push(Weighed { words: list, chars: unit.text.len(), price });
    }
    (weighed, numbers.len())
}

/// The share by which the price of a cut between two neighbours changes.
fn price_of(before: &Unit<'_>, after: &Unit<'_>) -> f32 {
    let mut price = 0.0;
    if let Some(minutes) = minutes_between(before, after) {
        price -= 0.25 * (1.0 + minutes / 5.0).ln();
    }
    let is_talk = before.speaker.is_some() && after.speaker.is_some();
    if is_talk {
        price += cues::price(before.text, after.text, before.speaker == after.speaker);
    }
    if after.text.trim_start().starts_with('#') {
        price -= 0.8;
    }
    price
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn unit(text: &str, minute: i64, thread: u64) -> Unit<'_> {
        Unit {
            text,
            at: Some(minute * MINUTE),
            speaker: None,
            thread,
            language: Some(Language::English),
        }
    }

    #[test]
    fn no_units_no_segments() {
        assert!(cut(&[], &Options::default()).is_empty());
        assert_eq!(cut(&[unit("", 0, 1)], &Options::default()), vec![0..1]);
    }

    #[test]
    fn silence_cuts() {
        let units = [unit("canal run", 0, 1), unit("canal again", 10, 1), unit("canal", 101, 1)];
        assert_eq!(cut(&units, &Options::default()), [0..2, 2..3]);
    }

    #[test]
    fn silence_cuts_across_units_without_a_time() {
        let untimed = Unit { at: None, ..unit("canal again", 0, 1) };
        let units = [unit("canal run", 0, 1), untimed, unit("canal", 200, 1)];
        assert_eq!(cut(&units, &Options::default()), [0..2, 2..3]);
    }

    #[test]
    fn another_thread_cuts() {
        let units = [unit("canal run", 0, 1), unit("canal run", 1, 2)];
        assert_eq!(cut(&units, &Options::default()), [0..1, 1..2]);
    }

    #[test]
    fn a_clock_that_runs_backwards_does_not_cut() {
        let units = [unit("canal run", 500, 1), unit("canal run", 1, 1)];
        assert_eq!(cut(&units, &Options::default()), [Range { start: 0, end: 2 }]);
    }

    #[test]
    fn a_turn_to_another_topic_cuts() {
        let texts = [
            "Ran along the canal, the water was high and the canal path muddy.",
            "At the canal lock a heron stood in the water, the path was empty.",
            "Water over the path again, so the canal run was short, the heron watched.",
            "The grant letter needs a budget; the council wants the budget by Friday.",
            "Wrote the budget for the grant, the council form asks for three copies of the letter.",
            "The council form, the letter and the budget for the grant are in the post.",
        ];
        let units: Vec<_> =
            texts.iter().map(|text| Unit { at: None, ..unit(text, 0, 1) }).collect();
        assert_eq!(cut(&units, &Options::default()), [0..3, 3..6]);
    }

    #[test]
    fn no_segment_is_longer_than_allowed() {
        let units: Vec<_> =
            (0..500).map(|_| Unit { at: None, ..unit("canal run", 0, 1) }).collect();
        let options = Options { max_units: 40, max_chars: 300, ..Options::default() };
        let segments = cut(&units, &options);
        assert!(segments.iter().all(|segment| segment.len() <= 34));
        assert_eq!(segments.last().unwrap().end, 500);
    }

    #[test]
    fn a_unit_larger_than_allowed_stands_alone() {
        let long = "canal ".repeat(5_000);
        let units = [unit("run", 0, 1), unit(&long, 1, 1), unit("run", 2, 1)];
        assert_eq!(cut(&units, &Options::default()), [0..1, 1..2, 2..3]);
    }

    #[test]
    fn segments_cover_every_unit_once() {
        let texts = ["grant", "canal", "", "budget letter", "?", "heron water path"];
        let units: Vec<_> = (0..300usize)
            .map(|n| unit(texts[n * 7 % 6], (n * n % 50) as i64, (n / 90) as u64))
            .collect();
        let mut at = 0;
        for segment in cut(&units, &Options::default()) {
            assert_eq!(segment.start, at);
            assert!(!segment.is_empty());
            at = segment.end;
        }
        assert_eq!(at, units.len());
    }
}
