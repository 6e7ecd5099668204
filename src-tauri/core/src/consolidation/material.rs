//! What is compared: every note and every message as one text, and every moment.

use rusqlite::{Connection, params};

use super::Thing;
use crate::{Result, settings::ConsolidationPolicy, store::Hash};

/// A text that is compared once it is old enough.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unit {
    pub(crate) thing: Thing,
    pub(crate) id: i64,
    /// What it is known by to proposals.
    pub(crate) key: Hash,
    /// Of the words that are compared.
    pub(crate) text_hash: Hash,
    pub(crate) is_message: bool,
    /// Whether it is old enough to be compared.
    pub(crate) is_old: bool,
    /// When it happened, in Unix milliseconds.
    pub(crate) at: i64,
    /// Whether the time of day is known.
    pub(crate) has_time: bool,
    /// The local day.
    pub(crate) day: String,
    /// Of its tags; 0: it has fewer than two.
    pub(crate) tags: u64,
    /// Of whoever speaks of themselves in it.
    pub(crate) author: u64,
}

/// All that is compared.
#[derive(Debug, Default)]
pub(crate) struct Material {
    /// Records first, then moments; each by id.
    pub(crate) units: Vec<Unit>,
    /// Records that were looked at, those without a text among them.
    pub(crate) n_records: u32,
    /// Moments that were looked at.
    pub(crate) n_moments: u32,
}

/// Reads all notes, messages and moments; old are those that happened before `before` (Unix milliseconds).
pub(crate) fn read(reader: &Connection, before: i64) -> Result<Material> {
    let mut material = Material::default();
    let mut find = reader.prepare(
        "SELECT id, hash, kind, role, author, coalesce(occurred_at, created_at), coalesce(day, ''),
           precision IN ('hour', 'exact'), tags, trim(body) <> '',
           min(coalesce(occurred_at, created_at), created_at)
         FROM records WHERE kind <> 'session' AND deleted_at IS NULL AND role <> 'system' ORDER BY id",
    )?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        material.n_records += 1;
        let (at, has_words): (i64, bool) = (row.get(5)?, row.get(9)?);
        if !has_words {
            continue;
        }
        let (kind, role): (String, String) = (row.get(2)?, row.get(3)?);
        let author: String = row.get(4)?;
        // The journal's owner is one person, in notes and in chats.
        let is_owner = kind == "resource" || role == "user";
        let key: Hash = row.get(1)?;
        material.units.push(Unit {
            thing: Thing::Record,
            id: row.get(0)?,
            key,
            text_hash: key,
            is_message: kind == "message",
            // What is dated ahead is as old as its coming in.
            is_old: row.get::<_, i64>(10)? < before,
            at,
            day: row.get(6)?,
            has_time: row.get(7)?,
            tags: tags(&row.get::<_, String>(8)?),
            author: if is_owner { 1 } else { short(&Hash::of(author.as_bytes())) },
        });
    }
    let mut find = reader.prepare(
        "SELECT id, key, title, summary, starts_at, ends_at, day, precision IN ('hour', 'exact'), tags
         FROM moments WHERE is_hidden = 0 ORDER BY id",
    )?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        material.n_moments += 1;
        let ends_at: i64 = row.get(5)?;
        let words = moment_words(&row.get::<_, String>(2)?, &row.get::<_, String>(3)?);
        material.units.push(Unit {
            thing: Thing::Moment,
            id: row.get(0)?,
            key: row.get(1)?,
            // Never that of a record.
            text_hash: Hash::of_fields([b"moment".as_slice(), words.as_bytes()]),
            is_message: false,
            is_old: ends_at < before,
            at: row.get(4)?,
            day: row.get(6)?,
            has_time: row.get(7)?,
            tags: tags(&row.get::<_, String>(8)?),
            author: 0,
        });
    }
    Ok(material)
}

fn moment_words(title: &str, summary: &str) -> String {
    // A title is mostly the first words again.
    if summary.trim().is_empty() { title.to_owned() } else { summary.to_owned() }
}

fn tags(json: &str) -> u64 {
    let mut tags: Vec<String> = serde_json::from_str(json).unwrap_or_default();
    tags.sort_unstable();
    tags.dedup();
    if tags.len() < 2 {
        return 0;
    }
    short(&Hash::of_fields(tags.iter().map(String::as_bytes))) | 1
}

fn short(hash: &Hash) -> u64 {
    hash.0.iter().take(8).fold(0, |all, byte| all << 8 | u64::from(*byte))
}

/// The words of a unit, if it is still there.
pub(crate) fn body(reader: &Connection, unit: &Unit) -> Result<String> {
    let sql = match unit.thing {
        Thing::Record => "SELECT '', body FROM records WHERE id = ?1",
        Thing::Moment => "SELECT title, summary FROM moments WHERE id = ?1",
    };
    let mut find = reader.prepare_cached(sql)?;
    let mut rows = find.query([unit.id])?;
    let Some(row) = rows.next()? else { return Ok(String::new()) };
    let (title, text): (String, String) = (row.get(0)?, row.get(1)?);
    Ok(moment_words(&title, &text))
}

/// The records in whose words these units rest.
pub(crate) fn records_of(reader: &Connection, units: &[&Unit]) -> Result<Vec<i64>> {
    let mut ids = Vec::new();
    let mut find =
        reader.prepare_cached("SELECT DISTINCT record_id FROM evidence WHERE moment_id = ?1")?;
    for unit in units {
        match unit.thing {
            Thing::Record => ids.push(unit.id),
            Thing::Moment => {
                for id in find.query_map([unit.id], |row| row.get(0))? {
                    ids.push(id?);
                }
            }
        }
    }
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}

/// A moment that hardly anything is left of.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Faded {
    pub(crate) id: i64,
    pub(crate) key: Hash,
    /// The sum of the reasons to fold it away, in thousandths.
    pub(crate) composite: f64,
    pub(crate) title: String,
}

/// Moments that may be folded away, those first for which most speaks. `since` is the beginning of the
/// day, in Unix milliseconds.
///
/// The sum is that of engram's policy: what strength is lost, how old it is (full at twice the age from
/// which on it counts), and how few days it was visited on; of too few visits nothing is concluded, which
/// weighs half.
pub(crate) fn faded(
    reader: &Connection,
    policy: &ConsolidationPolicy,
    since: i64,
) -> Result<Vec<Faded>> {
    let age_ms = f64::from(policy.summarize_age_days) * 86_400_000.0;
    let mut find = reader.prepare(
        "SELECT m.id, m.key, m.title, f.strength, f.n_visits, m.ends_at
         FROM moment_fading f JOIN moments m ON m.id = f.moment_id
         WHERE f.is_pinned = 0 AND m.is_hidden = 0 AND f.strength <= ?1 AND f.importance <= ?2
           AND f.n_visits <= ?3 AND m.ends_at <= ?4
           AND NOT EXISTS (SELECT 1 FROM corrections c WHERE c.moment_id = m.id)",
    )?;
    let rows = find.query_map(
        params![
            policy.utility_threshold.min(DEMOTED_AT),
            policy.max_importance_for_archival,
            policy.max_access_count_for_archival,
            since - age_ms as i64
        ],
        |row| {
            let (strength, n_visits, at): (f64, u32, i64) = (row.get(3)?, row.get(4)?, row.get(5)?);
            let age = ((since - at) as f64 / (2.0 * age_ms)).clamp(0.0, 1.0);
            let most = f64::from(policy.max_access_count_for_archival.max(1));
            let unvisited = if n_visits < policy.min_feedback_events {
                0.5
            } else {
                1.0 - (f64::from(n_visits) / most).min(1.0)
            };
            let sum = policy.utility_weight * (1.0 - strength)
                + policy.age_weight * age
                + policy.feedback_weight * unvisited;
            let composite = (sum.clamp(0.0, 1.0) * 1_000.0).round() / 1_000.0;
            Ok(Faded { id: row.get(0)?, key: row.get(1)?, composite, title: row.get(2)? })
        },
    )?;
    let mut all: Vec<Faded> = rows.collect::<rusqlite::Result<_>>()?;
    all.retain(|one| one.composite >= policy.composite_cutoff);
    all.sort_by(|a, b| b.composite.total_cmp(&a.composite).then(a.key.cmp(&b.key)));
    Ok(all)
}

/// Strength at and below which engram proposes to demote.
const DEMOTED_AT: f64 = 0.2;

/// What changes whenever a run might come to something else: of all that is compared, in its order.
pub(crate) fn stamp(material: &Material, faded: &[Faded]) -> Vec<u8> {
    let mut hasher = blake3::Hasher::new();
    for unit in &material.units {
        hasher.update(&unit.key.0);
        hasher.update(&unit.text_hash.0);
        for number in [unit.id.cast_unsigned(), unit.at.cast_unsigned(), unit.tags, unit.author] {
            hasher.update(&number.to_le_bytes());
        }
        hasher.update(&[unit.has_time, unit.is_message, unit.is_old].map(u8::from));
        hasher.update(unit.day.as_bytes());
    }
    for one in faded {
        hasher.update(&one.key.0);
        hasher.update(&one.id.to_le_bytes());
        hasher.update(&one.composite.to_le_bytes());
    }
    hasher.finalize().as_bytes().to_vec()
}
