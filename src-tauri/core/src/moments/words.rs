//! The words of a moment that an embedder reads.

use rusqlite::{Connection, Transaction};

use crate::{
    Result,
    records::passage_at,
    store::{
        Hash,
        vectors::{self, EmbedderRow, Thing},
    },
};

/// The words it rests on, as the built-in analyser read them.
pub(crate) fn evidence(reader: &Connection, id: i64) -> Result<String> {
    let mut find = reader.prepare_cached(
        "SELECT record_id, record_hash, starts, ends FROM evidence WHERE moment_id = ?1
         ORDER BY ordinal",
    )?;
    let spans: Vec<(i64, Hash, usize, usize)> = find
        .query_map([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let mut texts = Vec::new();
    for (record_id, hash, starts, ends) in spans {
        if let Some(passage) = passage_at(reader, record_id, hash, starts..ends)? {
            texts.push(passage.body[passage.range].to_owned());
        }
    }
    Ok(texts.join("\n\n"))
}

/// What is told of each moment, for models: they read sentences better than notes of two words.
pub(crate) fn told(reader: &Connection) -> Result<Vec<(i64, String)>> {
    let mut find =
        reader.prepare_cached("SELECT id, title, summary, outcome FROM moments ORDER BY id")?;
    let told = find.query_map([], |row| {
        let parts: [String; 3] = [row.get(1)?, row.get(2)?, row.get(3)?];
        let parts: Vec<&str> =
            parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty()).collect();
        Ok((row.get(0)?, parts.join("\n")))
    })?;
    Ok(told.collect::<rusqlite::Result<_>>()?)
}

/// Gives a moment the built-in embedder's vector.
pub(crate) fn keep_built_in(
    tx: &Transaction<'_>,
    embedder: &EmbedderRow,
    id: i64,
    vector: &[f32],
) -> Result<()> {
    let has_words = vector.iter().any(|value| *value != 0.0);
    let bytes: Vec<u8> = vector.iter().flat_map(|value| value.to_le_bytes()).collect();
    // Whose words these were is in the evidence; the vector is made while dreaming and named by itself.
    let vector = vectors::keep(tx, embedder.id, Hash::of(&bytes), has_words.then_some(vector))?;
    vectors::give(tx, Thing::Moment, embedder, id, vector)
}
