//! Embeds what is new in the background, and changes from one embedder to another.
//!
//! First the journal's word frequencies take in what is new; the built-in analyser needs them whoever
//! embeds. Then the embedder in use is brought up to date: the built-in one always can be, a model only
//! while it can be asked. If another one is wanted, it is prepared beside the one in use, batch by
//! batch; with the last batch it takes its place in one transaction, and what the old one left is taken
//! away afterwards. Vectors of two embedders never meet.

mod builtin;
mod model;
mod view;

use rusqlite::Connection;

use crate::{
    Error, Journal, Result,
    journal::Cancel,
    mind::likeness::Wanted,
    store::vectors::{self, EmbedderRow, State},
    text::corpus::Corpus,
};

pub(crate) use builtin::recount;
pub(crate) use view::{name, view};

/// Fewer pairs of texts than this say nothing about how alike unlike texts are.
const FEWEST_PAIRS: usize = 30;
/// More say no more.
const MOST_PAIRS: usize = 1_000;

/// The journal's word frequencies as far as they have been counted.
pub(crate) fn corpus(journal: &Journal) -> Result<Corpus> {
    Ok(journal.store().read(builtin::state)?.corpus)
}

/// The same, for who reads already.
pub(crate) fn words(reader: &Connection) -> Result<Corpus> {
    Ok(builtin::state(reader)?.corpus)
}

/// Counts and embeds what is new. Returns how many texts were embedded. Writes nothing where nothing is
/// new. What is cancelled, or stopped because the model went away, goes on from there next time.
pub(crate) fn catch_up(journal: &Journal, wanted: Wanted<'_>, cancel: &Cancel) -> Result<u32> {
    let has_doubled = builtin::count(journal, cancel)?;
    let used = journal.store().read(used)?;
    let mut n_embedded = 0;
    if used.is_built_in() {
        n_embedded += builtin::catch_up(journal, &used, has_doubled, cancel)?;
    }
    match wanted {
        Wanted::Same => {}
        Wanted::BuiltIn if used.is_built_in() => keep_to(journal)?,
        Wanted::BuiltIn => {
            let next = prepared(journal, vectors::BUILT_IN, "", used_dimensions(), "")?;
            n_embedded += builtin::catch_up(journal, &next, true, cancel)?;
            change_over(journal)?;
        }
        Wanted::Model(embedder) => {
            let card = embedder.card();
            let is_used = used.name == card.name
                && used.digest == card.digest
                && used.dimensions == card.dimensions
                && used.prefix == card.document_prefix;
            if is_used {
                keep_to(journal)?;
                n_embedded += model::catch_up(journal, embedder, &used, cancel)?.n_embedded;
                measure(journal, State::Used)?;
            } else {
                let (name, digest) = (&card.name, &card.digest);
                let next = prepared(journal, name, digest, card.dimensions, &card.document_prefix)?;
                let done = model::catch_up(journal, embedder, &next, cancel)?;
                n_embedded += done.n_embedded;
                if done.is_all {
                    measure(journal, State::Next)?;
                    change_over(journal)?;
                }
            }
        }
    }
    clear_away(journal, cancel)?;
    if n_embedded > 0 {
        journal.store().write(|tx| {
            tx.execute("DELETE FROM jobs WHERE kind = 'embed' AND state = 'queued'", [])?;
            Ok(())
        })?;
    }
    Ok(n_embedded)
}

/// Whether a note or conversation has all its vectors; also, if nothing of it is there.
pub(crate) fn has_vectors(reader: &Connection, whole: i64) -> Result<bool> {
    let used = used(reader)?;
    let missing = "SELECT 1 FROM records r JOIN chunks c ON c.record_id = r.id
         WHERE (r.id = ?1 OR r.session_id = ?1) AND r.deleted_at IS NULL AND NOT EXISTS
           (SELECT 1 FROM chunk_vectors v WHERE v.embedder_id = ?2 AND v.chunk_id = c.id)";
    Ok(!reader.prepare_cached(missing)?.exists([whole, used.id])?)
}

/// Whether a model's vectors are in use and none is missing; asks no model. An empty digest is any.
pub(crate) fn is_up_to_date(journal: &Journal, name: &str, digest: &str) -> Result<bool> {
    journal.store().read(|reader| {
        let used = used(reader)?;
        let is_used = used.name == name && (digest.is_empty() || used.digest == digest);
        let changes = vectors::embedder(reader, State::Next)?.is_some();
        Ok(is_used && !changes && !model::is_missing_any(reader, used.id)?)
    })
}

fn used_dimensions() -> u32 {
    u32::try_from(crate::text::embed::DIMENSIONS).unwrap_or(u32::MAX)
}

/// The embedder whose vectors are asked.
pub(crate) fn used(reader: &Connection) -> Result<EmbedderRow> {
    vectors::embedder(reader, State::Used)?.ok_or_else(|| Error::NotFound("embedder in use".into()))
}

/// The one in use is the one that is wanted: whichever else was being prepared is given up.
fn keep_to(journal: &Journal) -> Result<()> {
    if journal.store().read(|reader| vectors::embedder(reader, State::Next))?.is_some() {
        journal.store().write(vectors::give_up_next)?;
    }
    Ok(())
}

fn prepared(
    journal: &Journal,
    name: &str,
    digest: &str,
    dimensions: u32,
    prefix: &str,
) -> Result<EmbedderRow> {
    let next = journal.store().read(|reader| vectors::embedder(reader, State::Next))?;
    let is_same = |next: &EmbedderRow| {
        next.name == name
            && next.digest == digest
            && next.dimensions == dimensions
            && next.prefix == prefix
    };
    if let Some(next) = next.filter(is_same) {
        return Ok(next);
    }
    let now = journal.clock().now_ms();
    journal.store().write(|tx| {
        vectors::prepare(tx, name, digest, dimensions, prefix, now)?;
        vectors::embedder(tx, State::Next)?
            .ok_or_else(|| Error::NotFound("embedder to prepare".into()))
    })
}

/// Takes over the embedder that was prepared, if it has seen all there is.
fn change_over(journal: &Journal) -> Result<bool> {
    let now = journal.clock().now_ms();
    let has_changed = journal.store().write(|tx| vectors::use_next(tx, now))?;
    if has_changed {
        journal.tell(&crate::event::Event::JournalChanged { days: Vec::new() });
    }
    Ok(has_changed)
}

/// Takes away what nobody needs any more, some of it at a time.
fn clear_away(journal: &Journal, cancel: &Cancel) -> Result<()> {
    if !journal.store().read(vectors::has_leftovers)? {
        return Ok(());
    }
    journal.store().write(vectors::drop_orphans)?;
    while !cancel.is_cancelled() && journal.store().write(vectors::drop_some_old)? {}
    Ok(())
}

/// Measures how alike two texts are under an embedder that have nothing to do with each other: pairs
/// drawn by the hashes of their texts, which follow no order.
fn measure(journal: &Journal, state: State) -> Result<()> {
    let Some(embedder) = journal.store().read(|reader| vectors::embedder(reader, state))? else {
        return Ok(());
    };
    if embedder.alike.is_some() {
        return Ok(());
    }
    let drawn =
        journal.store().read(|reader| vectors::drawn(reader, embedder.id, 2 * MOST_PAIRS))?;
    let cosines: Vec<f32> = drawn
        .chunks_exact(2)
        .map(|pair| crate::text::embed::similarity(&pair[0], &pair[1]))
        .collect();
    if cosines.len() < FEWEST_PAIRS {
        return Ok(());
    }
    let n = cosines.len() as f32;
    let mean = cosines.iter().sum::<f32>() / n;
    let spread = (cosines.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / n).sqrt();
    journal.store().write(|tx| vectors::set_alike(tx, embedder.id, mean, spread))
}
