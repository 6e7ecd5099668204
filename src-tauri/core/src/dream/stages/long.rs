//! What is too long for one question: asked part by part, and put together in a tree of small sums.

use std::ops::Range;

use super::parts::{self, Slice};
use crate::{
    Result,
    mind::{
        Episode, budget,
        caller::{Caller, NoAnswer, Price},
        quoted::{self, Piece},
    },
    text::{language::Language, sentences, summary},
};

/// Tokens of text in one question. Models of 4 B leave out more and more of what they are shown beyond
/// this, long before their window is full.
pub(super) const PART_TOKENS: u32 = 1_500;
/// Notes of parts that usually fit in one question.
const NOTES_AT_ONCE: usize = 10;

/// Room in steps: what is learnt of a model's tokens from call to call must not cut every part anew.
pub(super) fn steady(room: u32) -> u32 {
    let mut most = PART_TOKENS;
    while most > room {
        most = most * 4 / 5;
    }
    most
}

/// Asks about the parts of an episode.
pub(super) trait ByPart {
    /// Asks about one part and keeps what was said of it.
    fn ask(&mut self, part: &[Slice]) -> Result<Result<(), NoAnswer>>;
    /// Keeps what can be said of a part without a model.
    fn do_without(&mut self, part: &[Slice]);
}

/// Asks about a part; where it turns out too long, about its halves; where the model cannot, does
/// without it. `Err` says that there is no going on in this dream.
pub(super) fn ask_part(
    asker: &mut dyn ByPart,
    caller: &Caller<'_>,
    episode: &Episode<'_>,
    part: &[Slice],
    most: u32,
) -> Result<Result<(), NoAnswer>> {
    match asker.ask(part)? {
        Err(NoAnswer::TooLong) if most / 2 >= parts::LEAST => {
            let half = (parts::tokens(episode, part) / 2).clamp(parts::LEAST, most / 2);
            let smaller = parts::split(episode, part, half);
            if smaller.len() < 2 {
                // The same question would get the same reply.
                asker.do_without(part);
                return Ok(Ok(()));
            }
            caller.count_split();
            for smaller in smaller {
                if let Err(none) = ask_part(asker, caller, episode, &smaller, half)? {
                    return Ok(Err(none));
                }
            }
            Ok(Ok(()))
        }
        Err(NoAnswer::TooLong | NoAnswer::Unusable) => {
            asker.do_without(part);
            Ok(Ok(()))
        }
        asked => Ok(asked),
    }
}

/// What was noted of a part.
#[derive(Debug, Clone)]
pub(super) struct Note {
    /// The words.
    pub(super) text: String,
    /// The records whose words the part holds.
    pub(super) record_ids: Vec<i64>,
}

/// A sum of notes with its words, or why there is none.
pub(super) type Summed<T> = Result<(T, String), NoAnswer>;

/// Sums notes up to one, in a tree where they are many; `sum_up` gives the sum of neighbours, and its
/// words. `Ok(None)`: the model cannot; `Err`: there is no going on in this dream.
pub(super) fn merge<T>(
    mut notes: Vec<Note>,
    most: u32,
    sum_up: &dyn Fn(&[Note]) -> Result<Summed<T>>,
) -> Result<Result<Option<T>, NoAnswer>> {
    loop {
        let groups = groups(&notes, most);
        let mut sums = Vec::with_capacity(groups.len());
        let mut next = Vec::with_capacity(groups.len());
        for group in &groups {
            let group = &notes[group.clone()];
            match sum_up(group)? {
                Ok((sum, text)) => {
                    let mut record_ids: Vec<i64> =
                        group.iter().flat_map(|note| note.record_ids.iter().copied()).collect();
                    record_ids.sort_unstable();
                    record_ids.dedup();
                    next.push(Note { text, record_ids });
                    sums.push(sum);
                }
                Err(none @ (NoAnswer::Away | NoAnswer::Limit)) => return Ok(Err(none)),
                Err(NoAnswer::TooLong | NoAnswer::Unusable) => return Ok(Ok(None)),
            }
        }
        // Groups of one would be summed up for ever.
        if sums.len() == 1 || sums.len() >= notes.len() {
            return Ok(Ok((sums.len() == 1).then(|| sums.swap_remove(0))));
        }
        notes = next;
    }
}

/// The most telling sentences of all summaries, at most about `most` characters.
pub(super) fn in_code<'s>(
    summaries: impl Iterator<Item = &'s str>,
    language: Option<Language>,
    most: usize,
) -> String {
    let mut all: Vec<&str> = Vec::new();
    for told in summaries {
        let spans = sentences::split(told, language);
        all.extend(spans.into_iter().filter_map(|span| told.get(span)));
    }
    let chosen = summary::summarize(&all, language, most);
    let told: Vec<&str> = chosen.into_iter().map(|index| all[index]).collect();
    told.join(" ")
}

/// Questions that so many parts need for being summed up, about.
pub(super) fn n_merges(n_parts: usize) -> u32 {
    let (mut left, mut n) = (n_parts, 0);
    while left > 1 {
        left = left.div_ceil(NOTES_AT_ONCE);
        n += u32::try_from(left).unwrap_or(u32::MAX);
    }
    n
}

/// What asking about an episode comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::dream) struct Cost {
    /// Questions.
    pub(in crate::dream) n_calls: u32,
    /// Answers that are known already.
    pub(in crate::dream) n_known: u32,
    /// Milliseconds, about.
    pub(in crate::dream) ms: u64,
}

impl Cost {
    /// Counts one question.
    pub(super) fn count(&mut self, price: Price) {
        if price.is_known {
            self.n_known += 1;
        } else if !price.is_too_long {
            self.n_calls += 1;
            self.ms += price.ms;
        }
    }

    /// Counts the sums of so many parts. Nobody knows yet what they will be made from; it is about as
    /// long as a part.
    pub(super) fn count_merges(&mut self, n_parts: usize) {
        if n_parts > 1 && self.n_calls > 0 {
            let n_merges = n_merges(n_parts);
            self.ms += self.ms / u64::from(self.n_calls) * u64::from(n_merges);
            self.n_calls += n_merges;
        }
    }

    /// Counts all of another.
    pub(in crate::dream) fn add(&mut self, other: Self) {
        self.n_calls += other.n_calls;
        self.n_known += other.n_known;
        self.ms += other.ms;
    }
}

/// Neighbouring notes that fit into one question each.
fn groups(notes: &[Note], most: u32) -> Vec<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut filled = 0;
    for (index, note) in notes.iter().enumerate() {
        let needs = note_tokens(&note.text);
        match groups.last_mut() {
            Some(group) if filled + needs <= most => {
                group.end = index + 1;
                filled += needs;
            }
            _ => {
                groups.push(index..index + 1);
                filled = needs;
            }
        }
    }
    groups
}

/// Tokens of a note among others.
fn note_tokens(note: &str) -> u32 {
    quoted::tokens(&Piece { handle: "s1000", by: "", text: note }).max(budget::tokens(note))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::cell::RefCell;

    use super::*;

    fn notes(n: i64) -> Vec<Note> {
        (0..n)
            .map(|id| Note { text: format!("note {id} of the lake"), record_ids: vec![id, id + 1] })
            .collect()
    }

    #[test]
    fn many_notes_are_summed_up_in_a_tree_and_each_is_read_once() {
        let read = RefCell::new(Vec::new());
        let sum_up = |group: &[Note]| {
            assert!(group.iter().map(|note| note_tokens(&note.text)).sum::<u32>() <= 200);
            read.borrow_mut().extend(group.iter().map(|note| note.text.clone()));
            Ok(Ok((group.len(), format!("sum of {}", group.len()))))
        };
        let sum = merge(notes(30), 200, &sum_up).unwrap().unwrap();
        assert!(sum.is_some());
        let read = read.into_inner();
        let n_leaves = read.iter().filter(|text| text.starts_with("note ")).count();
        assert_eq!(n_leaves, 30);
        assert!(read.iter().any(|text| text.starts_with("sum of ")), "a tree: {read:?}");
    }

    #[test]
    fn a_sum_rests_on_the_records_of_its_notes() {
        let seen = RefCell::new(Vec::new());
        let sum_up = |group: &[Note]| {
            seen.borrow_mut().extend(group.iter().map(|note| note.record_ids.clone()));
            Ok(Ok(((), "sum".to_owned())))
        };
        merge(notes(12), 200, &sum_up).unwrap().unwrap();
        let last = seen.into_inner().pop().unwrap();
        assert!(last.windows(2).all(|pair| pair[0] < pair[1]) && last.contains(&12), "{last:?}");
    }

    #[test]
    fn notes_that_fit_with_no_other_are_given_up_and_not_asked_for_ever() {
        let n = RefCell::new(0);
        let sum_up = |group: &[Note]| {
            *n.borrow_mut() += group.len();
            Ok(Ok(((), "x ".repeat(400))))
        };
        assert!(merge(notes(3), 10, &sum_up).unwrap().unwrap().is_none());
        assert_eq!(n.into_inner(), 3);
    }

    #[test]
    fn so_many_sums_are_reckoned_with() {
        assert_eq!([1, 2, 10, 11, 101].map(n_merges), [0, 1, 1, 3, 14]);
    }
}
