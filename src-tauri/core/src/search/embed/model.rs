//! Embedding by a model: only texts it has not seen, a batch per transaction, and a text that it cannot
//! embed is noted and not asked for again.

use std::collections::HashMap;

use rusqlite::{Connection, params};

use crate::{
    Error, Journal, Result,
    journal::Cancel,
    mind::{Embedder, Fault, budget, model::Purpose},
    moments::words,
    store::{
        Hash,
        vectors::{self, EmbedderRow, Thing},
    },
};

/// Texts per call: from 16 on some builds of Ollama gave other vectors (ollama issue 6262).
const BATCH: usize = 16;
/// Chunks that are looked at in one question to the store.
const PAGE: i64 = 256;
/// Share of the model's window that a text may take by our count, in percent: Ollama has refused dense
/// texts from about there on (ollama issue 14186).
const WINDOW_SHARE: u32 = 60;
/// Pieces of one text that are embedded; what comes after says no more of what it is about.
const MOST_PIECES: usize = 8;
/// A text that every model can embed, to tell a text in trouble from a server in trouble.
const PROBE: &str = "a walk by the river";

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Done {
    pub(super) n_embedded: u32,
    /// Whether nothing is left to embed; `false` where the model went away.
    pub(super) is_all: bool,
}

/// Somebody who needs a vector for a text.
#[derive(Debug, Clone)]
struct Needed {
    thing: Thing,
    id: i64,
    hash: Hash,
    text: String,
}

pub(super) fn catch_up(
    journal: &Journal,
    embedder: &dyn Embedder,
    row: &EmbedderRow,
    cancel: &Cancel,
) -> Result<Done> {
    let work = Work { journal, embedder, row, cancel };
    let mut done = Done { n_embedded: 0, is_all: true };
    let mut after = 0;
    loop {
        let page = journal.store().read(|reader| chunks(reader, row.id, after))?;
        let Some(last) = page.last() else { break };
        after = last.id;
        if !work.embed(page, &mut done)? {
            return Ok(done);
        }
    }
    let missing =
        journal.store().read(|reader| not_given(reader, row.id, moments_told(reader)?))?;
    work.embed(missing, &mut done)?;
    Ok(done)
}

/// Whether something has no vector of this embedder.
pub(super) fn is_missing_any(reader: &Connection, embedder: i64) -> Result<bool> {
    if !chunks(reader, embedder, 0)?.is_empty() {
        return Ok(true);
    }
    Ok(!not_given(reader, embedder, moments_told(reader)?)?.is_empty())
}

/// The moments in the words that are embedded.
fn moments_told(reader: &Connection) -> Result<Vec<Needed>> {
    let needed = |(id, text): (i64, String)| {
        let hash = Hash::of(text.as_bytes());
        Needed { thing: Thing::Moment, id, hash, text }
    };
    Ok(words::told(reader)?.into_iter().map(needed).collect())
}

/// Chunks that this embedder has given no vector.
fn chunks(reader: &Connection, embedder: i64, after: i64) -> Result<Vec<Needed>> {
    let mut find = reader.prepare_cached(
        "SELECT c.id, c.starts, c.ends, r.body FROM chunks c JOIN records r ON r.id = c.record_id
         WHERE c.id > ?2 AND NOT EXISTS
           (SELECT 1 FROM chunk_vectors v WHERE v.embedder_id = ?1 AND v.chunk_id = c.id)
         ORDER BY c.id LIMIT ?3",
    )?;
    let rows = find.query_map(params![embedder, after, PAGE], |row| {
        let (starts, ends): (usize, usize) = (row.get(1)?, row.get(2)?);
        let body: String = row.get(3)?;
        let text = body.get(starts..ends).unwrap_or_default().trim().to_owned();
        let hash = Hash::of(text.as_bytes());
        Ok(Needed { thing: Thing::Chunk, id: row.get(0)?, hash, text })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The moments among these whose present words have no vector.
fn not_given(reader: &Connection, embedder: i64, told: Vec<Needed>) -> Result<Vec<Needed>> {
    let mut find = reader.prepare_cached(
        "SELECT 1 FROM moment_vectors m JOIN vectors v ON v.id = m.vector_id
         WHERE m.embedder_id = ?1 AND m.moment_id = ?2 AND v.hash = ?3",
    )?;
    let mut missing = Vec::new();
    for needed in told {
        if !find.exists(params![embedder, needed.id, needed.hash])? {
            missing.push(needed);
        }
    }
    Ok(missing)
}

struct Work<'a> {
    journal: &'a Journal,
    embedder: &'a dyn Embedder,
    row: &'a EmbedderRow,
    cancel: &'a Cancel,
}

/// A text and the pieces that are asked for.
struct Asked {
    hash: Hash,
    pieces: Vec<String>,
}

/// What the model made of one text; `None`: it cannot embed it.
type Made = (Hash, Option<Vec<f32>>);

impl Work<'_> {
    /// Gives each its vector. `false` if the model went away before the end.
    fn embed(&self, all: Vec<Needed>, done: &mut Done) -> Result<bool> {
        let mut waiting: HashMap<Hash, Vec<Needed>> = HashMap::new();
        let mut order: Vec<Hash> = Vec::new();
        let mut known = Vec::new();
        self.journal.store().read(|reader| {
            for needed in all {
                match vectors::known(reader, self.row.id, needed.hash)? {
                    Some(vector) => known.push((needed, vector)),
                    None => {
                        let same = waiting.entry(needed.hash).or_default();
                        if same.is_empty() {
                            order.push(needed.hash);
                        }
                        same.push(needed);
                    }
                }
            }
            Ok(())
        })?;
        self.cancel.check()?;
        if !known.is_empty() {
            self.journal.store().write(|tx| {
                for (needed, vector) in &known {
                    vectors::give(tx, needed.thing, self.row, needed.id, *vector)?;
                }
                Ok(())
            })?;
        }
        let mut batch: Vec<Asked> = Vec::new();
        for hash in order {
            let text = waiting[&hash].first().map_or("", |needed| needed.text.as_str());
            let asked = Asked { hash, pieces: self.pieces(text) };
            let n_pieces: usize = batch.iter().map(|asked| asked.pieces.len()).sum();
            if n_pieces + asked.pieces.len() > BATCH
                && !self.finish(&std::mem::take(&mut batch), &waiting, done)?
            {
                return Ok(false);
            }
            batch.push(asked);
        }
        self.finish(&batch, &waiting, done)
    }

    /// Asks for a batch and keeps what comes. `false` if the model went away.
    fn finish(
        &self,
        batch: &[Asked],
        waiting: &HashMap<Hash, Vec<Needed>>,
        done: &mut Done,
    ) -> Result<bool> {
        if batch.is_empty() {
            return Ok(true);
        }
        self.cancel.check()?;
        let Some(made) = self.ask(batch)? else {
            done.is_all = false;
            return Ok(false);
        };
        self.write(&made, waiting)?;
        done.n_embedded += u32::try_from(made.len()).unwrap_or(u32::MAX);
        Ok(true)
    }

    fn write(&self, made: &[Made], waiting: &HashMap<Hash, Vec<Needed>>) -> Result<()> {
        self.journal.store().write(|tx| {
            for (hash, vector) in made {
                let id = vectors::keep(tx, self.row.id, *hash, vector.as_deref())?;
                for needed in waiting.get(hash).into_iter().flatten() {
                    vectors::give(tx, needed.thing, self.row, needed.id, id)?;
                }
            }
            Ok(())
        })
    }

    /// A text in pieces that fit the model's window; none, if there is nothing to embed.
    fn pieces(&self, text: &str) -> Vec<String> {
        let most = (self.embedder.card().window_tokens * WINDOW_SHARE / 100).max(16);
        let mut pieces = Vec::new();
        let mut piece = String::new();
        let mut n_tokens = 0;
        for line in text.split_inclusive(['\n', ' ']).flat_map(|words| split(words, most)) {
            let more = budget::tokens(line).max(1);
            if n_tokens + more > most && !piece.is_empty() {
                pieces.push(std::mem::take(&mut piece));
                n_tokens = 0;
            }
            piece.push_str(line);
            n_tokens += more;
        }
        pieces.push(piece);
        pieces.retain(|piece| !piece.trim().is_empty());
        pieces.truncate(MOST_PIECES);
        pieces
    }

    /// `None` if the model went away.
    fn ask(&self, batch: &[Asked]) -> Result<Option<Vec<Made>>> {
        let texts: Vec<&str> =
            batch.iter().flat_map(|asked| asked.pieces.iter().map(String::as_str)).collect();
        let vectors = match self.call(&texts)? {
            Ok(vectors) => vectors,
            Err(fault) if is_about_the_text(&fault) => match self.ask_singly(&texts)? {
                Some(vectors) => vectors,
                None => return Ok(None),
            },
            Err(fault) => {
                self.went_away(&fault);
                return Ok(None);
            }
        };
        let mut vectors = vectors.into_iter();
        let made = batch.iter().map(|asked| {
            let of_pieces: Vec<(usize, Vec<f32>)> = asked
                .pieces
                .iter()
                .zip(vectors.by_ref())
                .filter_map(|(piece, vector)| Some((piece.len(), vector?)))
                .collect();
            (asked.hash, middle(&of_pieces))
        });
        Ok(Some(made.collect()))
    }

    /// Finds the text that spoils a batch. If a text that nothing is wrong with fails too, it is the
    /// server that is in trouble.
    fn ask_singly(&self, texts: &[&str]) -> Result<Option<Vec<Option<Vec<f32>>>>> {
        let mut vectors = Vec::new();
        let mut failed = None;
        for text in texts {
            match self.call(&[text])? {
                Ok(mut one) => vectors.push(one.pop().flatten()),
                Err(fault) if is_about_the_text(&fault) => {
                    failed = Some(fault);
                    vectors.push(None);
                }
                Err(fault) => {
                    self.went_away(&fault);
                    return Ok(None);
                }
            }
        }
        if let Some(fault) = failed
            && !matches!(self.call(&[PROBE])?, Ok(probe) if matches!(probe[..], [Some(_)]))
        {
            self.went_away(&fault);
            return Ok(None);
        }
        Ok(Some(vectors))
    }

    fn call(&self, texts: &[&str]) -> Result<Result<Vec<Option<Vec<f32>>>, Fault>> {
        if texts.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        self.cancel.check()?;
        let vectors = match self.embedder.embed(texts, Purpose::Document, self.cancel) {
            Ok(vectors) => vectors,
            Err(Fault::Cancelled) => return Err(Error::Cancelled),
            Err(fault) => return Ok(Err(fault)),
        };
        let dimensions = self.row.dimensions as usize;
        let strange = vectors.iter().flatten().find(|vector| vector.len() != dimensions);
        if vectors.len() != texts.len() || strange.is_some() {
            return Err(Error::invalid(format!(
                "the embedding model {} gave {} vectors of {} numbers for {} texts, and not {} numbers \
                 each as it said: choose another model",
                self.row.name,
                vectors.len(),
                strange.map_or(dimensions, Vec::len),
                texts.len(),
                dimensions
            )));
        }
        Ok(Ok(vectors))
    }

    fn went_away(&self, fault: &Fault) {
        tracing::info!(model = %self.row.name, %fault, "Embedding stopped; it goes on with the next look.");
    }
}

fn is_about_the_text(fault: &Fault) -> bool {
    matches!(fault, Fault::Passing(_) | Fault::Refused(_) | Fault::TooLong { .. })
}

/// A word as it is, or cut where it alone would be too long.
fn split(words: &str, most_tokens: u32) -> Vec<&str> {
    if budget::tokens(words) <= most_tokens {
        return vec![words];
    }
    // No character counts more than one token.
    let mut rest = words;
    let mut parts = Vec::new();
    while !rest.is_empty() {
        let end = rest.char_indices().nth(most_tokens as usize).map_or(rest.len(), |(at, _)| at);
        parts.push(&rest[..end]);
        rest = &rest[end..];
    }
    parts
}

/// The mean of the vectors of a text's pieces, weighted by their length, of unit length; `None` where
/// there is none that means anything.
fn middle(pieces: &[(usize, Vec<f32>)]) -> Option<Vec<f32>> {
    let (_, first) = pieces.first()?;
    let mut sum = vec![0.0; first.len()];
    for (length, vector) in pieces {
        for (sum, x) in sum.iter_mut().zip(vector) {
            *sum += *length as f32 * x;
        }
    }
    let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
    if !length.is_finite() || length <= f32::EPSILON {
        return None;
    }
    sum.iter_mut().for_each(|x| *x /= length);
    Some(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mean_of_pieces_leans_to_the_longer_one() {
        let mean = middle(&[(30, vec![1.0, 0.0]), (10, vec![0.0, 1.0])]).expect("a mean");
        assert!((mean[0] / mean[1] - 3.0).abs() < 1e-4, "{mean:?}");
    }

    #[test]
    fn a_vector_that_is_no_number_means_nothing() {
        assert_eq!(middle(&[(1, vec![f32::NAN, 1.0])]), None);
        assert_eq!(middle(&[(1, vec![0.0, 0.0])]), None);
        assert_eq!(middle(&[]), None);
    }

    #[test]
    fn a_word_without_end_is_cut() {
        let word = "ä".repeat(100);
        let parts = split(&word, 30);
        assert_eq!(parts.len(), 4);
        assert_eq!(parts.concat(), word);
    }
}
