//! Moments as they stand on the timeline.

use std::str::FromStr;

use rusqlite::{Connection, OptionalExtension, Row};

use crate::{
    Result,
    api::moments::{MomentCard, SourceCount},
    clock::Precision,
};

/// The columns of [`card`], to be selected from `moments m`.
pub(super) const COLUMNS: &str = "m.id, m.day, m.starts_at, m.ends_at, m.offset_minutes, m.precision,
    m.moment_type, m.title, m.summary, m.outcome, m.tags, m.people, m.emotions, m.valence, m.arousal,
    m.is_pinned, m.is_hidden, EXISTS (SELECT 1 FROM corrections k WHERE k.moment_id = m.id)";

pub(super) fn card(row: &Row<'_>) -> rusqlite::Result<MomentCard> {
    Ok(MomentCard {
        id: row.get(0)?,
        day: row.get(1)?,
        starts_at: row.get(2)?,
        ends_at: row.get(3)?,
        offset_minutes: row.get(4)?,
        precision: Precision::from_str(&row.get::<_, String>(5)?).unwrap_or(Precision::Unknown),
        moment_type: row.get(6)?,
        title: row.get(7)?,
        summary: row.get(8)?,
        outcome: row.get(9)?,
        tags: list(&row.get::<_, String>(10)?),
        people: list(&row.get::<_, String>(11)?),
        emotions: serde_json::from_str(&row.get::<_, String>(12)?).unwrap_or_default(),
        valence: row.get(13)?,
        arousal: row.get(14)?,
        is_pinned: row.get(15)?,
        is_hidden: row.get(16)?,
        is_corrected: row.get(17)?,
        sources: Vec::new(),
    })
}

/// The moments with these numbers that are there and not hidden, in this order.
pub(crate) fn cards_of(reader: &Connection, ids: &[i64]) -> Result<Vec<MomentCard>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM moments m WHERE m.id = ?1 AND m.is_hidden = 0"
    ))?;
    let mut cards = Vec::new();
    for id in ids {
        if let Some(mut card) = find.query_row([id], card).optional()? {
            card.sources = sources_of(reader, *id)?;
            cards.push(card);
        }
    }
    Ok(cards)
}

fn list(json: &str) -> Vec<String> {
    serde_json::from_str(json).unwrap_or_default()
}

/// A moment for which, by the person's word, another one stands, or that they folded away.
pub(crate) const IS_FOLDED: &str = "EXISTS (SELECT 1 FROM consolidated_sources s
      JOIN consolidated_memories c ON c.key = s.memory_key
    WHERE s.thing = 'moment' AND s.key = m.key AND s.is_folded = 1
      AND (c.proposed_action = 'demote' OR EXISTS
        (SELECT 1 FROM consolidated_sources f JOIN moments o ON o.key = f.key
         WHERE f.memory_key = s.memory_key AND f.is_folded = 0 AND o.is_hidden = 0)))";

/// What by the person's word stands for a moment and others; their own words for it go before.
fn stands_for(reader: &Connection, id: i64) -> Result<Option<String>> {
    Ok(reader
        .prepare_cached(
            "SELECT c.summary FROM moments m
               JOIN consolidated_sources s ON s.thing = 'moment' AND s.key = m.key
               JOIN consolidated_memories c ON c.key = s.memory_key
             WHERE m.id = ?1 AND s.is_folded = 0 AND c.proposed_action = 'merge'
               AND NOT EXISTS (SELECT 1 FROM corrections k
                               WHERE k.moment_id = m.id AND k.field = 'summary')
             ORDER BY c.created_at DESC, c.key LIMIT 1",
        )?
        .query_row([id], |row| row.get(0))
        .optional()?)
}

/// The moments of a day in order of time; those without a time of day first. With the hidden ones come
/// those that are folded away.
pub(crate) fn cards_of_day(
    reader: &Connection,
    day: &str,
    with_hidden: bool,
) -> Result<Vec<MomentCard>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM moments m WHERE m.day = ?1 AND m.is_hidden <= ?2
           AND (?2 = 1 OR NOT {IS_FOLDED})
         ORDER BY m.precision IN ('hour', 'exact'), m.starts_at, m.ends_at, m.id"
    ))?;
    let mut cards: Vec<MomentCard> = find
        .query_map(rusqlite::params![day, with_hidden], card)?
        .collect::<rusqlite::Result<_>>()?;
    for card in &mut cards {
        card.sources = sources_of(reader, card.id)?;
        if let Some(summary) = stands_for(reader, card.id)? {
            card.summary = summary;
        }
    }
    Ok(cards)
}

/// The moments of all days from one to another that are not hidden, day by day, in order of time. What they
/// rest on is left out.
pub(crate) fn cards_between(
    reader: &Connection,
    from: &str,
    until: &str,
) -> Result<Vec<MomentCard>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM moments m WHERE m.day BETWEEN ?1 AND ?2 AND m.is_hidden = 0
         ORDER BY m.day, m.precision IN ('hour', 'exact'), m.starts_at, m.ends_at, m.id"
    ))?;
    Ok(find.query_map([from, until], card)?.collect::<rusqlite::Result<_>>()?)
}

/// The records that the moments of all days from one to another rest on.
pub(crate) fn records_between(reader: &Connection, from: &str, until: &str) -> Result<Vec<i64>> {
    let mut find = reader.prepare_cached(
        "SELECT DISTINCT e.record_id FROM evidence e JOIN moments m ON m.id = e.moment_id
         WHERE m.day BETWEEN ?1 AND ?2 AND m.is_hidden = 0 ORDER BY e.record_id",
    )?;
    Ok(find.query_map([from, until], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The records that the moments of a day rest on.
pub(crate) fn records_of_day(reader: &Connection, day: &str) -> Result<Vec<i64>> {
    let mut find = reader.prepare_cached(
        "SELECT DISTINCT e.record_id FROM evidence e JOIN moments m ON m.id = e.moment_id
         WHERE m.day = ?1 AND m.is_hidden = 0 ORDER BY e.record_id",
    )?;
    Ok(find.query_map([day], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// How many moments of a day are hidden.
pub(crate) fn n_hidden(reader: &Connection, day: &str) -> Result<u32> {
    Ok(reader
        .prepare_cached("SELECT count(*) FROM moments WHERE day = ?1 AND is_hidden = 1")?
        .query_row([day], |row| row.get(0))?)
}

/// What a moment rests on, by kind of source.
pub(super) fn sources_of(reader: &Connection, moment_id: i64) -> Result<Vec<SourceCount>> {
    let mut count = reader.prepare_cached(
        "SELECT coalesce(f.format, 'capture'), count(DISTINCT e.record_id)
         FROM evidence e JOIN records r ON r.id = e.record_id LEFT JOIN files f ON f.id = r.file_id
         WHERE e.moment_id = ?1 GROUP BY 1 ORDER BY 2 DESC, 1",
    )?;
    Ok(count
        .query_map([moment_id], |row| Ok(SourceCount { format: row.get(0)?, n: row.get(1)? }))?
        .collect::<rusqlite::Result<_>>()?)
}
