//! The built-in embedder: always there, and cheap enough to go through all chunks in order.
//!
//! When the journal has doubled since the first vectors were made, all are made again, because the
//! weights that they rest on have moved.

use rusqlite::{Connection, Transaction, params};

use crate::{
    Journal, Result,
    journal::Cancel,
    moments::words,
    store::{
        Hash,
        vectors::{self, EmbedderRow, Thing},
    },
    text::{corpus::Corpus, embed::Embedder, language},
};

/// Chunks per transaction.
const BATCH: i64 = 512;

pub(super) struct Counted {
    pub(super) corpus: Corpus,
    /// The last chunk whose words are counted.
    counted: i64,
    /// The last chunk that has a vector.
    embedded: i64,
}

pub(super) fn state(reader: &Connection) -> Result<Counted> {
    Ok(reader.query_row(
        "SELECT corpus, counted_chunk, through_chunk FROM embedders WHERE name = ?1",
        [vectors::BUILT_IN],
        |row| {
            let bytes: Vec<u8> = row.get(0)?;
            Ok(Counted {
                corpus: Corpus::from_bytes(&bytes).unwrap_or_default(),
                counted: row.get(1)?,
                embedded: row.get(2)?,
            })
        },
    )?)
}

fn newest(journal: &Journal) -> Result<i64> {
    journal.store().read(|reader| {
        Ok(reader.query_row("SELECT coalesce(max(id), 0) FROM chunks", [], |row| row.get(0))?)
    })
}

/// Lets the journal's words be counted anew with the next look at what is new: some of them were forgotten.
pub(crate) fn recount(tx: &Transaction<'_>) -> Result<()> {
    tx.execute(
        "UPDATE embedders SET corpus = x'', counted_chunk = 0 WHERE name = ?1",
        [vectors::BUILT_IN],
    )?;
    Ok(())
}

/// Counts the words of what is new. Returns whether the journal has doubled by it.
pub(super) fn count(journal: &Journal, cancel: &Cancel) -> Result<bool> {
    let mut state = journal.store().read(state)?;
    if newest(journal)? <= state.counted {
        return Ok(false);
    }
    let before = state.corpus.n_documents();
    loop {
        cancel.check()?;
        let texts = journal.store().read(|reader| next_texts(reader, state.counted))?;
        let Some(last) = texts.last() else { break };
        state.counted = last.chunk_id;
        for text in &texts {
            state.corpus.add(&text.text, language::detect(&text.text, None));
        }
    }
    state.corpus.prune();
    let now = journal.clock().now_ms();
    let bytes = state.corpus.to_bytes();
    journal.store().write(|tx| {
        tx.execute(
            "UPDATE embedders SET counted_chunk = ?2, corpus = ?3, updated_at = ?4 WHERE name = ?1",
            params![vectors::BUILT_IN, state.counted, bytes, now],
        )?;
        Ok(())
    })?;
    Ok(before > 0 && state.corpus.n_documents() > 2 * before)
}

/// Embeds what is new; `anew`: everything. Returns how many chunks and moments were embedded.
pub(super) fn catch_up(
    journal: &Journal,
    row: &EmbedderRow,
    anew: bool,
    cancel: &Cancel,
) -> Result<u32> {
    let mut state = journal.store().read(state)?;
    let newest = newest(journal)?;
    if anew && state.embedded > 0 {
        state.embedded = 0;
        journal.store().write(|tx| {
            vectors::forget_chunks(tx, row.id)?;
            tx.execute("UPDATE embedders SET through_chunk = 0 WHERE id = ?1", [row.id])?;
            Ok(())
        })?;
    }
    let mut n_embedded = 0;
    while newest > state.embedded {
        cancel.check()?;
        n_embedded += embed_some(journal, row, &mut state)?;
    }
    n_embedded += embed_moments(journal, row, &state.corpus, cancel)?;
    Ok(n_embedded)
}

struct Text {
    chunk_id: i64,
    text: String,
}

fn next_texts(reader: &Connection, after: i64) -> Result<Vec<Text>> {
    let mut find = reader.prepare_cached(
        "SELECT c.id, c.starts, c.ends, r.body FROM chunks c JOIN records r ON r.id = c.record_id
         WHERE c.id > ?1 ORDER BY c.id LIMIT ?2",
    )?;
    let texts = find.query_map(params![after, BATCH], |row| {
        let (starts, ends): (usize, usize) = (row.get(1)?, row.get(2)?);
        let body: String = row.get(3)?;
        Ok(Text {
            chunk_id: row.get(0)?,
            text: body.get(starts..ends).unwrap_or_default().to_owned(),
        })
    })?;
    Ok(texts.collect::<rusqlite::Result<_>>()?)
}

fn embed_some(journal: &Journal, row: &EmbedderRow, state: &mut Counted) -> Result<u32> {
    let texts = journal.store().read(|reader| next_texts(reader, state.embedded))?;
    let Some(last) = texts.last().map(|text| text.chunk_id) else {
        // The newest chunks were taken away meanwhile.
        state.embedded = i64::MAX;
        return Ok(0);
    };
    let embedder = Embedder { corpus: &state.corpus };
    let made: Vec<(i64, Hash, Vec<f32>)> = texts
        .iter()
        .map(|text| {
            let language = language::detect(&text.text, None);
            let vector = embedder.embed(&text.text, language);
            (text.chunk_id, Hash::of(text.text.as_bytes()), vector)
        })
        .collect();
    journal.store().write(|tx| {
        for (id, hash, vector) in &made {
            // A text without a word the embedder knows is like no other.
            let has_words = vector.iter().any(|value| *value != 0.0);
            let vector = vectors::keep(tx, row.id, *hash, has_words.then_some(vector))?;
            vectors::give(tx, Thing::Chunk, row, *id, vector)?;
        }
        tx.execute("UPDATE embedders SET through_chunk = ?2 WHERE id = ?1", params![row.id, last])?;
        Ok(())
    })?;
    state.embedded = last;
    Ok(u32::try_from(made.len()).unwrap_or(u32::MAX))
}

/// Moments get their vectors while they are dreamt; those that were dreamt while a model embedded get
/// them here.
fn embed_moments(
    journal: &Journal,
    row: &EmbedderRow,
    corpus: &Corpus,
    cancel: &Cancel,
) -> Result<u32> {
    let missing: Vec<i64> = journal.store().read(|reader| {
        let mut find = reader.prepare_cached(
            "SELECT m.id FROM moments m WHERE NOT EXISTS
               (SELECT 1 FROM moment_vectors v WHERE v.moment_id = m.id AND v.embedder_id = ?1)
             ORDER BY m.id",
        )?;
        Ok(find.query_map([row.id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
    })?;
    let embedder = Embedder { corpus };
    for some in missing.chunks(BATCH as usize) {
        cancel.check()?;
        let texts: Vec<(i64, String)> = journal.store().read(|reader| {
            some.iter().map(|id| Ok((*id, words::evidence(reader, *id)?))).collect()
        })?;
        journal.store().write(|tx| {
            for (id, text) in &texts {
                let vector = embedder.embed(text, language::detect(text, None));
                words::keep_built_in(tx, row, *id, &vector)?;
            }
            Ok(())
        })?;
    }
    Ok(u32::try_from(missing.len()).unwrap_or(u32::MAX))
}
