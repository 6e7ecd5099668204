//! Finds texts that are nearly the same: a note copied and touched up, a message quoted, a chat
//! exported twice.

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

fn shingles(text: &str) -> Vec<u64> {
    Shingles::of(text).all
}

/// What two texts are compared by: hashes of their words and of their shingles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shingles {
    /// Words, each as often as it is there.
    pub n_words: usize,
    words: Vec<u64>,
    /// Single words are among them, so that short texts have something to compare and a changed order
    /// is not a different text.
    all: Vec<u64>,
}

impl Shingles {
    /// Those of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let hashes: Vec<u64> = words::iter(&markdown::prose(text))
            .map(|word| embed::hash(words::fold(word.text).as_bytes()))
            .collect();
        let mut all = hashes.clone();
        all.extend(hashes.windows(SHINGLE).map(|window| {
            window.iter().fold(17, |all, hash| embed::mix(all ^ hash.rotate_left(7)))
        }));
        let n_words = hashes.len();
        let (words, all) = (as_set(hashes), as_set(all));
        Self { n_words, words, all }
    }

    /// The share of shingles in common, 0 to 1.
    #[must_use]
    pub fn similarity(&self, other: &Self) -> f32 {
        jaccard(&self.all, &other.all)
    }

    /// As [`is_near_duplicate`] of the two texts.
    #[must_use]
    pub fn is_near_duplicate(&self, other: &Self) -> bool {
        // No more can be shared than the shorter one has.
        let (fewer, more) =
            (self.all.len().min(other.all.len()), self.all.len().max(other.all.len()));
        fewer as f32 >= COPY * more as f32 && self.similarity(other) >= COPY
    }

    /// The share of words in common, 0 to 1.
    #[must_use]
    pub fn word_similarity(&self, other: &Self) -> f32 {
        jaccard(&self.words, &other.words)
    }

    /// By what texts that are nearly the same find each other among many: they agree in at least one of
    /// these numbers at the same place. MinHash (Broder 1997) in [`BANDS`] bands of four rows (Leskovec,
    /// Rajaraman, Ullman, *Mining of Massive Datasets*, 3.4): of two texts that share two thirds of their
    /// shingles 99.9 % do, of two that share half 87 %, of two that share a tenth 0.3 %. None for a text
    /// without words.
    #[must_use]
    pub fn bands(&self) -> Option<[u32; BANDS]> {
        if self.all.is_empty() {
            return None;
        }
        let mut least = [u32::MAX; BANDS * ROWS];
        for shingle in &self.all {
            for (row, least) in least.iter_mut().enumerate() {
                *least = (*least).min((shingle.wrapping_mul(FACTORS[row]) >> 32) as u32);
            }
        }
        let mut bands = [0; BANDS];
        for (band, rows) in bands.iter_mut().zip(least.chunks_exact(ROWS)) {
            let key = rows.iter().fold(ROWS as u64, |key, row| embed::mix(key ^ u64::from(*row)));
            *band = (key >> 32) as u32;
        }
        Some(bands)
    }
}

/// Numbers by which texts that are nearly the same find each other.
pub const BANDS: usize = 32;
const ROWS: usize = 4;
/// One odd number a row: multiplying by it draws the shingles in another order.
const FACTORS: [u64; BANDS * ROWS] = {
    let mut factors = [0; BANDS * ROWS];
    // The steps of SplitMix64 (Steele, Lea, Flood 2014).
    let mut state: u64 = 0x5eed;
    let mut row = 0;
    while row < factors.len() {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        factors[row] = (z ^ (z >> 31)) | 1;
        row += 1;
    }
    factors
};

fn as_set(mut hashes: Vec<u64>) -> Vec<u64> {
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// Of two sorted sets.
fn jaccard(a: &[u64], b: &[u64]) -> f32 {
    let (mut n, mut m, mut shared) = (0, 0, 0);
    while n < a.len() && m < b.len() {
        match a[n].cmp(&b[m]) {
            std::cmp::Ordering::Less => n += 1,
            std::cmp::Ordering::Greater => m += 1,
            std::cmp::Ordering::Equal => {
                shared += 1;
                n += 1;
                m += 1;
            }
        }
    }
    let all = a.len() + b.len() - shared;
    if all == 0 { 0.0 } else { shared as f32 / all as f32 }
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
    fn a_copy_shares_bands_and_another_note_none() {
        let bands = |text: &str| Shingles::of(text).bands().expect("words");
        let shared =
            |a: &str, b: &str| bands(a).iter().zip(bands(b)).filter(|(a, b)| **a == *b).count();
        assert!(shared(NOTE, &NOTE.replace("talked", "spoke")) > 4);
        assert_eq!(shared(NOTE, "Slept badly. The printer ate the last page of the report."), 0);
        assert_eq!(Shingles::of("...").bands(), None);
    }

    #[test]
    fn nine_of_ten_texts_that_share_two_thirds_find_each_other() {
        let text = |from: usize| -> String {
            (from..from + 60).map(|n| format!("w{} ", embed::mix(n as u64))).collect()
        };
        let found = (0..200).filter(|n| {
            let (a, b) = (Shingles::of(&text(n * 1_000)), Shingles::of(&text(n * 1_000 + 12)));
            assert!((0.6..0.7).contains(&a.similarity(&b)), "{}", a.similarity(&b));
            let (a, b) = (a.bands().expect("words"), b.bands().expect("words"));
            a.iter().zip(b).any(|(a, b)| *a == b)
        });
        assert!(found.count() >= 180);
    }

    #[test]
    fn nothing_is_not_a_copy_of_nothing() {
        assert_eq!(similarity("", ""), 0.0);
        assert_eq!(fingerprint("..."), 0);
    }
}
