//! What means much the same as a question, by the vectors of the embedder in use.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension};

use super::{embed, found::Key, query::Query};
use crate::{
    Journal, Result,
    mind::likeness,
    store::vectors::{self, EmbedderRow, Thing},
    text::{corpus::Corpus, embed::Embedder, language, language::Language, words},
};

/// How many stretches of writing, and how many moments, are looked at; with a filter more, because most of
/// them may not pass it.
const NEAREST: usize = 100;
const NEAREST_FILTERED: usize = 250;
/// What a place by the built-in embedder counts beside one by words: it knows no meaning, only spellings
/// and which words stand together. Chosen with `cargo xtask bench recall`.
const BUILT_IN: f64 = 0.3;
/// What a place by a model counts.
const MODEL: f64 = 1.0;
/// From how many deviations above the mean of unlike texts a text without any of the words is found: a
/// question is less like a text than two texts are.
const DEVIATIONS: f32 = 2.0;
/// Where that was not measured yet.
const UNMEASURED: f32 = 0.6;

/// What is near in meaning.
#[derive(Debug, Default)]
pub(super) struct Meant {
    pub(super) near: Vec<NearThing>,
    /// The least cosine of what is found by meaning alone.
    pub(super) least: f64,
    /// What a place by meaning counts beside one by words.
    pub(super) weight: f64,
    /// Whether there was a vector to ask with.
    pub(super) is_asked: bool,
}

/// A thing near in meaning, and the passage of it that is.
#[derive(Debug, Clone, Copy)]
pub(super) struct NearThing {
    pub(super) key: Key,
    pub(super) cosine: f64,
    pub(super) passage: Option<(usize, usize)>,
}

/// A question as a vector.
#[derive(Debug)]
pub(super) struct Asked {
    embedder: EmbedderRow,
    vector: Vec<f32>,
}

/// The question as the embedder in use understands it; `None` while it cannot be asked. May wait for a
/// model, so it is no part of a snapshot.
pub(super) fn ask(journal: &Journal, text: &str, query: &Query) -> Result<Option<Asked>> {
    let embedder = journal.store().read(embed::used)?;
    let vector = if embedder.is_built_in() {
        let asked = language::detect(text, None).unwrap_or(Language::English);
        let wanted: Vec<&str> = query.terms.iter().map(|term| term.text.as_str()).collect();
        let text = wanted.join(" ");
        let stems: HashSet<String> = words::content_stems(&text, Some(asked)).collect();
        let corpus = journal.store().read(|reader| frequencies(reader, &stems))?;
        Some(Embedder { corpus: &corpus }.embed(&text, Some(asked)))
    } else {
        journal.question_vector(&embedder, text)
    };
    Ok(vector.map(|vector| Asked { embedder, vector }))
}

/// How common these stems are in the journal, and no others.
fn frequencies(reader: &Connection, stems: &HashSet<String>) -> Result<Corpus> {
    let bytes: Option<Vec<u8>> = reader
        .prepare_cached("SELECT corpus FROM embedders WHERE name = ?1 AND digest = ''")?
        .query_row([vectors::BUILT_IN], |row| row.get(0))
        .optional()?;
    Ok(bytes.and_then(|bytes| Corpus::of_stems(&bytes, stems)).unwrap_or_default())
}

/// The things nearest to a question.
pub(super) fn find(
    journal: &Journal,
    reader: &Connection,
    asked: Option<&Asked>,
    things: &[Thing],
    is_filtered: bool,
) -> Result<Meant> {
    let Some(Asked { embedder, vector }) = asked else { return Ok(Meant::default()) };
    let k = if is_filtered { NEAREST_FILTERED } else { NEAREST };
    let mut best: HashMap<Key, NearThing> = HashMap::new();
    let mut chunk =
        reader.prepare_cached("SELECT record_id, starts, ends FROM chunks WHERE id = ?1")?;
    for thing in things {
        for (vector_id, cosine) in journal.near().nearest(reader, *thing, embedder, vector, k)? {
            let cosine = f64::from(cosine);
            for id in vectors::things(reader, *thing, vector_id)? {
                let near = match thing {
                    Thing::Moment => NearThing { key: Key::Moment(id), cosine, passage: None },
                    Thing::Chunk => {
                        let place: Option<(i64, usize, usize)> = chunk
                            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
                            .optional()?;
                        let Some((record, starts, ends)) = place else { continue };
                        NearThing {
                            key: Key::Record(record),
                            cosine,
                            passage: Some((starts, ends)),
                        }
                    }
                };
                let kept = best.entry(near.key).or_insert(near);
                if near.cosine > kept.cosine {
                    *kept = near;
                }
            }
        }
    }
    let mut near: Vec<NearThing> = best.into_values().filter(|near| near.cosine > 0.0).collect();
    near.sort_by(|a, b| b.cosine.total_cmp(&a.cosine).then(a.key.cmp(&b.key)));
    let (least, weight) = if embedder.is_built_in() {
        (likeness::related(embedder), BUILT_IN)
    } else {
        let measured = embedder.alike.map(|(mean, spread)| mean + DEVIATIONS * spread);
        (measured.unwrap_or(UNMEASURED), MODEL)
    };
    Ok(Meant { near, least: f64::from(least), weight, is_asked: true })
}
