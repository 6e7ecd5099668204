//! Finds texts that are nearly the same: a note copied and touched up, a message quoted, a chat
//! exported twice.

use super::{embed, markdown, words};

/// Words in a shingle: long enough that chance does not repeat them, short enough to survive an edit.
const SHINGLE: usize = 3;

/// The 64-bit SimHash of a text (Charikar 2002) over folded words and shingles of three words. Texts
/// that share most of their shingles differ in few bits. 0 for a text without words.
#[must_use]
pub fn fingerprint(text: &str) -> u64 {
    let shingles = Shingles::of(text).0;
    if shingles.is_empty() {
        return 0;
    }
    let mut sums = [0i32; 64];
    for shingle in shingles {
        for (bit, sum) in sums.iter_mut().enumerate() {
            *sum += if shingle >> bit & 1 == 1 { 1 } else { -1 };
        }
    }
    sums.iter().enumerate().fold(0, |bits, (bit, sum)| bits | (u64::from(*sum > 0) << bit))
}

/// The bits in which two fingerprints differ, 0 to 64. Unrelated texts differ in about 32.
#[must_use]
pub fn distance(a: u64, b: u64) -> u32 {
    (a ^ b).count_ones()
}

/// The share of shingles that two texts have in common, 0 to 1 (Jaccard; Broder 1997). Two texts
/// without words have nothing in common.
#[must_use]
pub fn similarity(a: &str, b: &str) -> f32 {
    Shingles::of(a).similarity(&Shingles::of(b))
}

/// Whether one text is a touched-up copy of the other: at least two thirds of the shingles shared,
/// which is about one word in twelve changed.
#[must_use]
pub fn is_near_duplicate(a: &str, b: &str) -> bool {
    Shingles::of(a).is_near_duplicate(&Shingles::of(b))
}

/// The least share of shingles of a touched-up copy.
const COPY: f32 = 0.66;

/// A text's shingles, for who compares it with many others: each once, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shingles(Vec<u64>);

impl Shingles {
    /// Single words are counted too, so that short texts have something to compare and a changed order
    /// is not a different text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut shingles: Vec<u64> = words::iter(&markdown::prose(text))
            .map(|word| embed::hash(words::fold(word.text).as_bytes()))
            .collect();
        let threes: Vec<u64> = shingles
            .windows(SHINGLE)
            .map(|window| window.iter().fold(17, |all, hash| embed::mix(all ^ hash.rotate_left(7))))
            .collect();
        shingles.extend(threes);
        shingles.sort_unstable();
        shingles.dedup();
        Self(shingles)
    }

    /// As [`similarity`] of the two texts.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f32 {
        let (mut a, mut b) = (&self.0[..], &other.0[..]);
        let mut shared = 0;
        while let (Some(first), Some(second)) = (a.first(), b.first()) {
            shared += usize::from(first == second);
            (a, b) = (&a[usize::from(first <= second)..], &b[usize::from(second <= first)..]);
        }
        let all = self.0.len() + other.0.len() - shared;
        if all == 0 { 0.0 } else { shared as f32 / all as f32 }
    }

    /// As [`is_near_duplicate`] of the two texts.
    #[must_use]
    pub fn is_near_duplicate(&self, other: &Self) -> bool {
        // No more can be shared than the shorter one has.
        let (fewer, more) = (self.0.len().min(other.0.len()), self.0.len().max(other.0.len()));
        fewer as f32 >= COPY * more as f32 && self.similarity(other) >= COPY
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "We walked along the canal until the rain came, then sat in the café by the \
                        lock and talked about the grant letter, the flat and the summer.";

    #[test]
    fn a_touched_up_copy_is_a_near_duplicate() {
        let copy = NOTE.replace("talked", "spoke");
        assert!(is_near_duplicate(NOTE, &copy));
        assert!(distance(fingerprint(NOTE), fingerprint(&copy)) <= 10);
    }

    #[test]
    fn another_note_is_not() {
        let other =
            "Slept badly. The report is late again and the printer ate the last page of it.";
        assert!(!is_near_duplicate(NOTE, other));
        assert!(distance(fingerprint(NOTE), fingerprint(other)) > 12);
    }

    #[test]
    fn spelling_and_markup_do_not_matter() {
        assert_eq!(similarity("The **Café**", "the cafe"), 1.0);
        assert_eq!(fingerprint("The **Café**"), fingerprint("the cafe"));
    }

    #[test]
    fn nothing_is_not_a_copy_of_nothing() {
        assert_eq!(similarity("", ""), 0.0);
        assert_eq!(fingerprint("..."), 0);
    }
}
