//! Moments that go with one: what shares its rare topics and people, and what is told in like words.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use crate::{
    Result,
    api::moments::{MomentCard, RelatedMoment},
    mind::likeness,
    store::vectors::{self, State, Thing},
};

const MOST: usize = 5;
/// How many near vectors are looked at.
const NEAR: usize = 24;

pub(super) fn of(reader: &Connection, moment: &MomentCard) -> Result<Vec<RelatedMoment>> {
    let mut scores: HashMap<i64, (f64, String)> = HashMap::new();
    for (word, column) in moment
        .people
        .iter()
        .map(|name| (name, "people"))
        .chain(moment.tags.iter().map(|tag| (tag, "tags")))
    {
        let others = sharing(reader, moment.id, column, word)?;
        // What nearly everything shares says nothing about two of them.
        let weight = 1.0 / (1.0 + others.len() as f64).ln().max(0.7);
        let reason = if column == "people" { format!("with {word}") } else { format!("#{word}") };
        for id in others {
            let entry = scores.entry(id).or_insert_with(|| (0.0, reason.clone()));
            entry.0 += weight;
        }
    }
    for (id, cosine) in near(reader, moment.id)? {
        let entry = scores.entry(id).or_insert_with(|| (0.0, "similar words".into()));
        entry.0 += 1.6 * f64::from(cosine);
    }
    let mut ranked: Vec<_> = scores.into_iter().collect();
    ranked.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then(a.0.cmp(&b.0)));
    let mut related = Vec::new();
    for (id, (_, reason)) in ranked {
        if related.len() == MOST {
            break;
        }
        let found = reader
            .prepare_cached(
                "SELECT title, day, valence FROM moments WHERE id = ?1 AND is_hidden = 0",
            )?
            .query_row([id], |row| {
                Ok(RelatedMoment {
                    id,
                    title: row.get(0)?,
                    day: row.get(1)?,
                    valence: row.get(2)?,
                    reason: reason.clone(),
                })
            })
            .optional()?;
        related.extend(found);
    }
    Ok(related)
}

fn sharing(reader: &Connection, id: i64, column: &str, word: &str) -> Result<Vec<i64>> {
    // The index finds candidates by words; the list itself decides.
    let mut find = reader.prepare_cached(match column {
        "people" => {
            "SELECT m.id FROM moments_fts f JOIN moments m ON m.id = f.rowid
             WHERE moments_fts MATCH ?1 AND m.id <> ?2 AND m.is_hidden = 0
               AND EXISTS (SELECT 1 FROM json_each(m.people) WHERE value = ?3) LIMIT 200"
        }
        _ => {
            "SELECT m.id FROM moments_fts f JOIN moments m ON m.id = f.rowid
             WHERE moments_fts MATCH ?1 AND m.id <> ?2 AND m.is_hidden = 0
               AND EXISTS (SELECT 1 FROM json_each(m.tags) WHERE value = ?3) LIMIT 200"
        }
    })?;
    let phrase = format!("{column} : \"{}\"", word.replace(['"', '\0'], " "));
    Ok(find
        .query_map(params![phrase, id, word], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}

fn near(reader: &Connection, id: i64) -> Result<Vec<(i64, f32)>> {
    let Some(embedder) = vectors::embedder(reader, State::Used)? else { return Ok(Vec::new()) };
    let Some(vector) = vectors::vector_of(reader, Thing::Moment, embedder.id, id)? else {
        return Ok(Vec::new());
    };
    let least = likeness::related(&embedder);
    let mut near = vectors::nearest(reader, Thing::Moment, &embedder, &vector, NEAR)?;
    near.retain(|(other, cosine)| *other != id && *cosine >= least);
    Ok(near)
}
