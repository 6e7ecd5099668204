//! Vectors for texts without a trained model: hashed words and pieces of words.
//!
//! They know nothing of meaning, only of shared words, word pairs and spellings; enough to find the
//! note that speaks of the same things, and always there.

use super::{corpus::Corpus, language::Language, markdown, words};

/// The length of every vector.
pub const DIMENSIONS: usize = 256;

/// Relative weight of the kinds of features. Words carry the topic; pairs reward phrases; pieces of
/// words catch compounds, typing errors and languages without a stemmer.
const WORD: f32 = 1.0;
const PAIR: f32 = 0.5;
const PIECE: f32 = 0.25;

/// Makes vectors whose weights follow one journal's word frequencies.
#[derive(Debug, Clone, Copy)]
pub struct Embedder<'a> {
    /// The journal's document frequencies; an empty corpus works.
    pub corpus: &'a Corpus,
}

impl Embedder<'_> {
    /// The vector of a text: [`DIMENSIONS`] numbers of unit length, or zeros if no word carries
    /// topic. The dot product of two vectors is their cosine similarity.
    ///
    /// Features are stems, pairs of neighbouring stems and 3- to 5-grams of characters, each with
    /// (1 + ln tf) × idf (Salton & Buckley 1988), added under a random sign to two places chosen by
    /// hash, so that collisions cancel in expectation (Weinberger et al. 2009).
    #[must_use]
    pub fn embed(&self, text: &str, language: Option<Language>) -> Vec<f32> {
        let stems: Vec<String> = words::content_stems(&markdown::prose(text), language).collect();
        self.embed_stems(&stems)
    }

    /// The vector of a text that is already stems.
    pub(super) fn embed_stems(&self, stems: &[String]) -> Vec<f32> {
        let mut vector = vec![0f32; DIMENSIONS];
        let hashes: Vec<u64> = stems.iter().map(|stem| hash(stem.as_bytes())).collect();
        let mut order: Vec<usize> = (0..stems.len()).collect();
        order.sort_unstable_by_key(|&at| hashes[at]);
        for group in order.chunk_by(|&a, &b| hashes[a] == hashes[b]) {
            let stem = &stems[group[0]];
            let weight = (1.0 + (group.len() as f32).ln()) * self.corpus.idf(stem);
            add(&mut vector, hashes[group[0]], WORD * weight);
            add_pieces(&mut vector, stem, PIECE * weight);
        }
        let mut pairs: Vec<u64> =
            hashes.windows(2).map(|pair| mix(pair[0] ^ pair[1].rotate_left(23))).collect();
        pairs.sort_unstable();
        for group in pairs.chunk_by(|a, b| a == b) {
            add(&mut vector, group[0], PAIR * (1.0 + (group.len() as f32).ln()));
        }
        normalise(&mut vector);
        vector
    }
}

/// The cosine similarity of two vectors made by [`Embedder::embed`], -1 to 1.
#[must_use]
pub fn similarity(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Pieces of longer words share the weight of their word, so that a long word does not shout.
fn add_pieces(vector: &mut [f32], stem: &str, weight: f32) {
    let mut bounds = [0usize; 34];
    let mut n = 0;
    for (at, _) in stem.char_indices().take(32) {
        bounds[n] = at;
        n += 1;
    }
    bounds[n] = if n == 32 {
        stem.char_indices().nth(32).map_or(stem.len(), |(at, _)| at)
    } else {
        stem.len()
    };
    if n < 4 {
        return;
    }
    let share = weight / (n as f32).sqrt();
    let bytes = stem.as_bytes();
    for size in 3..=5usize.min(n) {
        for from in 0..=(n - size) {
            let piece = &bytes[bounds[from]..bounds[from + size]];
            add(vector, hash(piece) ^ 0x9e37_79b9_7f4a_7c15, share);
        }
    }
}

fn add(vector: &mut [f32], hash: u64, weight: f32) {
    let first = (hash & 0xff) as usize;
    let second = ((hash >> 8) & 0xff) as usize;
    vector[first] += if hash & (1 << 40) == 0 { weight } else { -weight };
    vector[second] += if hash & (1 << 41) == 0 { weight } else { -weight };
}

fn normalise(vector: &mut [f32]) {
    let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if length > f32::EPSILON && length.is_finite() {
        vector.iter_mut().for_each(|x| *x /= length);
    } else {
        vector.fill(0.0);
    }
}

/// FNV-1a over bytes with a final mix: stable across runs and machines, since vectors are stored.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    for byte in bytes {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    }
    mix(hash)
}

/// The finaliser of MurmurHash3 (Appleby), which spreads FNV's weak high bits.
pub(super) fn mix(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, language: Language) -> Vec<f32> {
        Embedder { corpus: &Corpus::new() }.embed(text, Some(language))
    }

    #[test]
    fn a_text_without_words_is_the_zero_vector() {
        for text in ["", " \n", "!!!", "the and of", "```\ncode\n```"] {
            assert!(of(text, Language::English).iter().all(|x| *x == 0.0), "{text}");
        }
    }

    #[test]
    fn vectors_have_unit_length() {
        let vector = of("Ran along the canal before breakfast", Language::English);
        assert_eq!(vector.len(), DIMENSIONS);
        assert!((similarity(&vector, &vector) - 1.0).abs() < 1e-4);
    }

    #[test]
    fn the_same_topic_is_nearer_than_another() {
        let run = of("A long run along the canal in the morning", Language::English);
        let again = of("Morning running: the canal, twice", Language::English);
        let letter = of("Finished the grant letter for the council", Language::English);
        assert!(similarity(&run, &again) > similarity(&run, &letter) + 0.2);
    }

    #[test]
    fn a_compound_is_near_its_parts() {
        let whole = of("Förderantrag", Language::German);
        let part = of("Antrag für die Förderung", Language::German);
        let other = of("Spaziergang am Kanal", Language::German);
        assert!(similarity(&whole, &part) > similarity(&whole, &other));
    }

    #[test]
    fn unspaced_scripts_have_vectors_too() {
        let park = of("今天和小林去公园散步", Language::Chinese);
        let again = of("公园里散步很舒服", Language::Chinese);
        let work = of("写了一整天的报告", Language::Chinese);
        assert!(similarity(&park, &again) > similarity(&park, &work));
    }

    #[test]
    fn vectors_do_not_change_between_versions() {
        // Stored vectors are compared with new ones: changing the hash means embedding everything again.
        assert_eq!(hash(b"canal"), hash(b"canal"));
        assert_eq!(hash(b""), mix(0xcbf2_9ce4_8422_2325));
    }
}
