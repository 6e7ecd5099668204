//! Signatures: by what a text finds those that are nearly the same, and what it states. Kept by the text's
//! hash, so that a later run signs only what is new.

use std::collections::{BTreeMap, HashMap};

use rusqlite::{Connection, Transaction, params};

use super::{Thing, Unit};
use crate::{
    Result,
    store::Hash,
    text::{
        duplicates::{BANDS, Shingles},
        statements::{self, Statement},
    },
};

/// Words below which a note or a moment says too little to be a copy of another.
const FEWEST_WORDS: usize = 8;
/// The same of a message: whole sentences are said again and again.
const FEWEST_WORDS_OF_MESSAGE: usize = 20;

/// What is kept of one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature {
    n_words: usize,
    bands: Option<[u32; BANDS]>,
    pub(crate) statements: Vec<Statement>,
}

impl Signature {
    /// Reads a text.
    pub(crate) fn of(text: &str, thing: Thing) -> Self {
        let shingles = Shingles::of(text);
        let n_words = shingles.n_words;
        Self {
            n_words,
            bands: if n_words < FEWEST_WORDS { None } else { shingles.bands() },
            // What a moment says is nobody's statement.
            statements: match thing {
                Thing::Record => statements::find(text),
                Thing::Moment => Vec::new(),
            },
        }
    }

    /// By what it finds others; `None` where it says too little.
    pub(crate) fn bands(&self, is_message: bool) -> Option<&[u32; BANDS]> {
        let is_enough = !is_message || self.n_words >= FEWEST_WORDS_OF_MESSAGE;
        self.bands.as_ref().filter(|_| is_enough)
    }
}

/// The signatures of all texts that are compared.
#[derive(Debug, Default)]
pub(crate) struct Signatures(HashMap<Hash, Signature>);

impl Signatures {
    /// Those that are kept, of the texts of these units.
    pub(crate) fn read(reader: &Connection, units: &[Unit]) -> Result<Self> {
        let mut find =
            reader.prepare("SELECT hash, n_words, bands, statements FROM text_signatures")?;
        let mut kept: HashMap<Hash, Signature> = HashMap::new();
        let mut rows = find.query([])?;
        while let Some(row) = rows.next()? {
            let bytes: Vec<u8> = row.get(2)?;
            let statements: String = row.get(3)?;
            let signature = Signature {
                n_words: row.get(1)?,
                bands: numbers(&bytes),
                statements: serde_json::from_str(&statements).unwrap_or_default(),
            };
            kept.insert(row.get(0)?, signature);
        }
        let wanted: std::collections::HashSet<Hash> = units.iter().map(|u| u.text_hash).collect();
        kept.retain(|hash, _| wanted.contains(hash));
        Ok(Self(kept))
    }

    pub(crate) fn of(&self, unit: &Unit) -> Option<&Signature> {
        self.0.get(&unit.text_hash)
    }

    /// One unit for each text that is not signed yet, in a fixed order.
    pub(crate) fn missing<'u>(&self, units: &'u [Unit]) -> Vec<&'u Unit> {
        let mut missing: BTreeMap<Hash, &Unit> = BTreeMap::new();
        for unit in units.iter().filter(|unit| !self.0.contains_key(&unit.text_hash)) {
            missing.entry(unit.text_hash).or_insert(unit);
        }
        let mut missing: Vec<&Unit> = missing.into_values().collect();
        missing.sort_by_key(|unit| (unit.thing, unit.id));
        missing
    }

    pub(crate) fn add(&mut self, hash: Hash, signature: Signature) {
        self.0.insert(hash, signature);
    }

    /// Keeps signatures.
    pub(crate) fn keep(tx: &Transaction<'_>, signed: &[(&Unit, Signature)]) -> Result<()> {
        let mut insert = tx.prepare_cached(
            "INSERT INTO text_signatures (hash, is_moment, n_words, bands, statements)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (hash) DO NOTHING",
        )?;
        for (unit, signature) in signed {
            let bands: Vec<u8> =
                signature.bands.iter().flatten().flat_map(|band| band.to_le_bytes()).collect();
            insert.execute(params![
                unit.text_hash,
                unit.thing == Thing::Moment,
                signature.n_words,
                bands,
                crate::store::json_list(&signature.statements),
            ])?;
        }
        Ok(())
    }

    /// Forgets the signatures of words that no moment has any more.
    pub(crate) fn drop_stale(&self, tx: &Transaction<'_>) -> Result<()> {
        let mut find = tx.prepare("SELECT hash FROM text_signatures WHERE is_moment = 1")?;
        let kept: Vec<Hash> =
            find.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        let mut drop = tx.prepare_cached("DELETE FROM text_signatures WHERE hash = ?1")?;
        for hash in kept.iter().filter(|hash| !self.0.contains_key(hash)) {
            drop.execute([hash])?;
        }
        Ok(())
    }
}

fn numbers(bytes: &[u8]) -> Option<[u32; BANDS]> {
    if bytes.len() != BANDS * 4 {
        return None;
    }
    let mut bands = [0; BANDS];
    for (band, bytes) in bands.iter_mut().zip(bytes.chunks_exact(4)) {
        *band = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]);
    }
    Some(bands)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_note_and_a_sentence_of_a_chat_are_compared_with_nothing() {
        let signature =
            Signature::of("Are you coming to the lake on Sunday, or not?", Thing::Record);
        assert!(signature.bands(false).is_some());
        assert!(signature.bands(true).is_none());
        assert!(Signature::of("To the lake", Thing::Record).bands(false).is_none());
    }

    #[test]
    fn a_moment_states_nothing() {
        let text = "Ilse lives in Porto.";
        assert_eq!(Signature::of(text, Thing::Record).statements.len(), 1);
        assert!(Signature::of(text, Thing::Moment).statements.is_empty());
    }
}
