//! Finds texts that are nearly the same: a note copied and touched up, a message quoted, a chat
//! exported twice.

use std::collections::HashSet;

use super::{embed, markdown, words};

/// Words in a shingle: long enough that chance does not repeat them, short enough to survive an edit.
const SHINGLE: usize = 3;

/// The 64-bit SimHash of a text (Charikar 2002) over folded words and shingles of three words. Texts
/// that share most of their shingles differ in few bits. 0 for a text without words.
#[must_use]
pub fn fingerprint(text: &str) -> u64 {
    let shingles = shingles(text);
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
    let (a, b) = (shingles(a), shingles(b));
    let shared = a.intersection(&b).count();
    let all = a.len() + b.len() - shared;
    if all == 0 { 0.0 } else { shared as f32 / all as f32 }
}

/// Whether one text is a touched-up copy of the other: at least two thirds of the shingles shared,
/// which is about one word in twelve changed.
#[must_use]
pub fn is_near_duplicate(a: &str, b: &str) -> bool {
    similarity(a, b) >= 0.66
}

/// Single words are counted too, so that short texts have something to compare and a changed order
/// is not a different text.
fn shingles(text: &str) -> HashSet<u64> {
    let hashes: Vec<u64> = words::iter(&markdown::prose(text))
        .map(|word| embed::hash(words::fold(word.text).as_bytes()))
        .collect();
    let mut shingles: HashSet<u64> = hashes.iter().copied().collect();
    shingles.extend(
        hashes.windows(SHINGLE).map(|window| {
            window.iter().fold(17, |all, hash| embed::mix(all ^ hash.rotate_left(7)))
        }),
    );
    shingles
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
