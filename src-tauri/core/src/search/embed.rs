//! Embeds new writing in the background, with the built-in embedder.
//!
//! First the journal's word frequencies take in what is new, then each chunk gets its vector. When the
//! journal has doubled since the first vectors were made, all are made again, because the weights that
//! they rest on have moved.

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Journal, Result,
    journal::Cancel,
    text::{
        corpus::Corpus,
        embed::{DIMENSIONS, Embedder},
        language,
    },
};

const NAME: &str = "builtin-1";
/// Chunks per transaction.
const BATCH: i64 = 512;

/// The journal's word frequencies as far as they have been counted.
pub(crate) fn corpus(journal: &Journal) -> Result<Corpus> {
    Ok(journal.store().read(state)?.map_or_else(Corpus::new, |state| state.corpus))
}

struct State {
    corpus: Corpus,
    /// The last chunk whose words are counted.
    counted: i64,
    /// The last chunk that has a vector.
    embedded: i64,
}

fn state(reader: &Connection) -> Result<Option<State>> {
    Ok(reader
        .query_row(
            "SELECT corpus, counted_chunk, through_chunk FROM embedders WHERE name = ?1",
            [NAME],
            |row| {
                let bytes: Vec<u8> = row.get(0)?;
                Ok(State {
                    corpus: Corpus::from_bytes(&bytes).unwrap_or_default(),
                    counted: row.get(1)?,
                    embedded: row.get(2)?,
                })
            },
        )
        .optional()?)
}

/// Counts and embeds what is new. Returns how many chunks were embedded. Writes nothing where nothing
/// is new.
pub(crate) fn catch_up(journal: &Journal, cancel: &Cancel) -> Result<u32> {
    let mut state = journal.store().read(state)?.unwrap_or_else(|| State {
        corpus: Corpus::new(),
        counted: 0,
        embedded: 0,
    });
    let newest: i64 = journal.store().read(|reader| {
        Ok(reader.query_row("SELECT coalesce(max(id), 0) FROM chunks", [], |row| row.get(0))?)
    })?;
    if newest > state.counted {
        let before = state.corpus.n_documents();
        count_words(journal, &mut state, cancel)?;
        if before > 0 && state.corpus.n_documents() > 2 * before {
            state.embedded = 0;
        }
        save_corpus(journal, &mut state)?;
    }
    let mut n_embedded = 0;
    while newest > state.embedded {
        cancel.check()?;
        n_embedded += embed_some(journal, &mut state)?;
    }
    if n_embedded > 0 {
        journal.store().write(|tx| {
            tx.execute("DELETE FROM jobs WHERE kind = 'embed' AND state = 'queued'", [])?;
            Ok(())
        })?;
    }
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

fn count_words(journal: &Journal, state: &mut State, cancel: &Cancel) -> Result<()> {
    loop {
        cancel.check()?;
        let texts = journal.store().read(|reader| next_texts(reader, state.counted))?;
        let Some(last) = texts.last() else { return Ok(()) };
        state.counted = last.chunk_id;
        for text in &texts {
            state.corpus.add(&text.text, language::detect(&text.text, None));
        }
    }
}

fn save_corpus(journal: &Journal, state: &mut State) -> Result<()> {
    state.corpus.prune();
    let now = journal.clock().now_ms();
    let bytes = state.corpus.to_bytes();
    let (counted, embedded) = (state.counted, state.embedded);
    journal.store().write(|tx| {
        tx.execute(
            "INSERT INTO embedders (name, dimensions, counted_chunk, through_chunk, corpus, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (name) DO UPDATE SET counted_chunk = excluded.counted_chunk,
               through_chunk = excluded.through_chunk, corpus = excluded.corpus,
               updated_at = excluded.updated_at",
            params![NAME, DIMENSIONS, counted, embedded, bytes, now],
        )?;
        Ok(())
    })
}

fn embed_some(journal: &Journal, state: &mut State) -> Result<u32> {
    let texts = journal.store().read(|reader| next_texts(reader, state.embedded))?;
    let Some(last) = texts.last().map(|text| text.chunk_id) else {
        // The newest chunks were taken away meanwhile.
        state.embedded = i64::MAX;
        return Ok(0);
    };
    let embedder = Embedder { corpus: &state.corpus };
    let vectors: Vec<(i64, Vec<f32>)> = texts
        .iter()
        .map(|text| {
            let language = language::detect(&text.text, None);
            (text.chunk_id, embedder.embed(&text.text, language))
        })
        .collect();
    journal.store().write(|tx| {
        let mut forget = tx.prepare_cached("DELETE FROM chunk_embeddings WHERE chunk_id = ?1")?;
        let mut is_there = tx.prepare_cached("SELECT 1 FROM chunks WHERE id = ?1")?;
        let mut keep = tx
            .prepare_cached("INSERT INTO chunk_embeddings (chunk_id, embedding) VALUES (?1, ?2)")?;
        for (id, vector) in &vectors {
            forget.execute([id])?;
            // A text without a word the embedder knows is like no other; one that was taken away
            // meanwhile must leave nothing behind.
            if vector.iter().any(|value| *value != 0.0) && is_there.exists([id])? {
                let bytes: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
                keep.execute(params![id, bytes])?;
            }
        }
        tx.execute("UPDATE embedders SET through_chunk = ?2 WHERE name = ?1", params![NAME, last])?;
        Ok(())
    })?;
    state.embedded = last;
    Ok(u32::try_from(vectors.len()).unwrap_or(u32::MAX))
}
