//! How common each word is in this journal: what tells a topic from a habit of speech.

use std::collections::{HashMap, HashSet};

use super::{language::Language, markdown, words};

/// Distinct stems kept. A life of notes has fewer; logs and pasted tables have more.
const VOCABULARY: usize = 200_000;

/// Document frequencies of stems over the records of a journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Corpus {
    n_documents: u32,
    frequencies: HashMap<String, u32>,
}

impl Corpus {
    /// A corpus that has seen nothing: every word is equally rare.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts one document.
    pub fn add(&mut self, text: &str, language: Option<Language>) {
        self.n_documents = self.n_documents.saturating_add(1);
        let stems: HashSet<String> =
            words::content_stems(&markdown::prose(text), language).collect();
        for stem in stems {
            *self.frequencies.entry(stem).or_default() += 1;
        }
        // Pruning at twice the cap keeps the cost per document constant.
        if self.frequencies.len() > 2 * VOCABULARY {
            self.prune();
        }
    }

    /// The number of documents counted.
    #[must_use]
    pub fn n_documents(&self) -> u32 {
        self.n_documents
    }

    /// The number of distinct stems kept.
    #[must_use]
    pub fn n_stems(&self) -> usize {
        self.frequencies.len()
    }

    /// How many documents contain the stem.
    #[must_use]
    pub fn frequency(&self, stem: &str) -> u32 {
        self.frequencies.get(stem).copied().unwrap_or(0)
    }

    /// Inverse document frequency, smoothed: ln((1 + N) / (1 + df)) + 1, so 1.0 for a word of every
    /// document and for an empty corpus (Spärck Jones 1972, with the smoothing of scikit-learn).
    #[must_use]
    pub fn idf(&self, stem: &str) -> f32 {
        idf(self.n_documents, self.frequency(stem))
    }

    /// Forgets the rarest stems until the vocabulary fits; singletons go first.
    pub fn prune(&mut self) {
        let mut floor = 1;
        while self.frequencies.len() > VOCABULARY && floor < u32::MAX {
            self.frequencies.retain(|_, n| *n > floor);
            floor += 1;
        }
    }

    /// The compact form: version, N, count, then per stem (sorted) the length, the bytes and the
    /// frequency, numbers as LEB128. At most the capped vocabulary is written.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut kept: Vec<(&str, u32)> =
            self.frequencies.iter().map(|(stem, n)| (stem.as_str(), *n)).collect();
        if kept.len() > VOCABULARY {
            kept.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
            kept.truncate(VOCABULARY);
        }
        kept.sort_unstable();
        let mut bytes = vec![VERSION];
        put(&mut bytes, self.n_documents.into());
        put(&mut bytes, kept.len() as u64);
        for (stem, n) in kept {
            put(&mut bytes, stem.len() as u64);
            bytes.extend_from_slice(stem.as_bytes());
            put(&mut bytes, n.into());
        }
        bytes
    }

    /// Reads what [`Corpus::to_bytes`] wrote. `None` if the bytes are cut short, of another version
    /// or otherwise not a corpus; the caller then counts again.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::read(bytes, |_| true)
    }

    /// As [`Corpus::from_bytes`], with no other stems than these: to weigh a question the whole vocabulary
    /// need not be kept.
    #[must_use]
    pub fn of_stems(bytes: &[u8], stems: &HashSet<String>) -> Option<Self> {
        Self::read(bytes, |stem| stems.contains(stem))
    }

    fn read(bytes: &[u8], is_kept: impl Fn(&str) -> bool) -> Option<Self> {
        let (version, mut rest) = bytes.split_first()?;
        if *version != VERSION {
            return None;
        }
        let n_documents = u32::try_from(take(&mut rest)?).ok()?;
        let count = usize::try_from(take(&mut rest)?).ok()?;
        let mut frequencies = HashMap::new();
        for _ in 0..count {
            let len = usize::try_from(take(&mut rest)?).ok()?;
            let stem = std::str::from_utf8(rest.get(..len)?).ok()?;
            rest = &rest[len..];
            let n = u32::try_from(take(&mut rest)?).ok()?;
            if is_kept(stem) {
                frequencies.insert(stem.to_owned(), n);
            }
        }
        rest.is_empty().then_some(Self { n_documents, frequencies })
    }
}

/// See [`Corpus::idf`].
pub(super) fn idf(n_documents: u32, frequency: u32) -> f32 {
    ((1.0 + n_documents as f32) / (1.0 + frequency.min(n_documents) as f32)).ln() + 1.0
}

const VERSION: u8 = 1;

fn put(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push((number as u8 & 0x7f) | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn take(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn three_days() -> Corpus {
        let mut corpus = Corpus::new();
        for day in ["Ran along the canal", "Canal again, in the rain", "Wrote the grant letter"] {
            corpus.add(day, Some(Language::English));
        }
        corpus
    }

    #[test]
    fn a_rare_word_weighs_more_than_a_common_one() {
        let corpus = three_days();
        assert_eq!(corpus.n_documents(), 3);
        assert_eq!(corpus.frequency("canal"), 2);
        assert!(corpus.idf("grant") > corpus.idf("canal"));
        assert!(corpus.idf("never seen") > corpus.idf("grant"));
    }

    #[test]
    fn an_empty_corpus_finds_every_word_alike() {
        assert_eq!(Corpus::new().idf("a"), Corpus::new().idf("b"));
    }

    #[test]
    fn a_corpus_survives_its_bytes() {
        let corpus = three_days();
        assert_eq!(Corpus::from_bytes(&corpus.to_bytes()), Some(corpus));
    }

    #[test]
    fn a_part_of_a_corpus_weighs_its_stems_as_the_whole_does() {
        let corpus = three_days();
        let part = Corpus::of_stems(&corpus.to_bytes(), &HashSet::from(["canal".to_owned()]));
        let part = part.expect("a corpus");
        assert_eq!((part.n_stems(), part.idf("canal")), (1, corpus.idf("canal")));
    }

    #[test]
    fn damaged_bytes_are_refused() {
        let bytes = three_days().to_bytes();
        assert_eq!(Corpus::from_bytes(&bytes[..bytes.len() - 1]), None);
        assert_eq!(Corpus::from_bytes(&[]), None);
        assert_eq!(Corpus::from_bytes(&[9, 1, 1]), None);
        assert_eq!(Corpus::from_bytes(&[1, 1, 255, 255, 255, 255, 15]), None);
    }

    #[test]
    fn the_vocabulary_is_capped() {
        let mut corpus = Corpus::new();
        for block in 0..9 {
            let text: String = (0..50_000).map(|n| format!("w{block}x{n} ")).collect();
            corpus.add(&format!("canal {text}"), None);
        }
        assert!(corpus.n_stems() <= 2 * VOCABULARY);
        corpus.prune();
        assert!(corpus.n_stems() <= VOCABULARY);
        assert_eq!(corpus.frequency("canal"), 9);
    }
}
