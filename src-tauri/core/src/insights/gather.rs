//! Gathers the insights from what reflections found: the same insight of several nights is one row, which
//! grows. Only from reflections and only by their keys, so that it can be done again at any time.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::{
    found::{self, Found},
    patterns::MOST_EVIDENCE,
};
use crate::{
    Result,
    api::insights::InsightKind,
    mind::builtin,
    moments::{
        history::{self, Change},
        write::Writing,
    },
    store::{Hash, json_list},
};

/// What is left of the doubt about an insight each time it is found again.
const DOUBT_LEFT: f64 = 0.9;
/// Nothing that is found is surer than this.
const MOST_SURE: f64 = 0.97;

/// An insight as it is kept.
#[derive(Debug, Clone, PartialEq)]
struct Insight {
    statement: String,
    language: String,
    tags: String,
    moment_ids: String,
    confidence: f64,
    sample: Option<String>,
    n_seen: u32,
    first_seen_on: String,
    last_seen_on: String,
    mind: String,
}

type Key = (&'static str, Hash);

/// What is to be done so that the insights are those of the reflections.
pub(crate) struct Changes {
    set: Vec<(Key, Insight, Option<i64>)>,
    remove: Vec<i64>,
}

impl Changes {
    pub(crate) fn is_nothing(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }

    pub(crate) fn n_added(&self) -> u32 {
        count(self.set.iter().filter(|(.., id)| id.is_none()).count())
    }

    pub(crate) fn n_changed(&self) -> u32 {
        count(self.set.len()) - self.n_added()
    }

    pub(crate) fn n_removed(&self) -> u32 {
        count(self.remove.len())
    }

    pub(crate) fn write(&self, writing: &Writing<'_>) -> Result<()> {
        for id in &self.remove {
            writing.tx.execute("DELETE FROM insights WHERE id = ?1", [id])?;
            mark(writing, "removed", *id)?;
        }
        for ((kind, key), insight, there) in &self.set {
            let id: i64 = writing
                .tx
                .prepare_cached(
                    "INSERT INTO insights (kind, key, statement, language, tags, moment_ids,
                       confidence, sample, n_seen, first_seen_on, last_seen_on, mind, revision_id,
                       created_at, updated_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?14)
                     ON CONFLICT (kind, key) DO UPDATE SET statement = excluded.statement,
                       language = excluded.language, tags = excluded.tags,
                       moment_ids = excluded.moment_ids, confidence = excluded.confidence,
                       sample = excluded.sample, n_seen = excluded.n_seen,
                       first_seen_on = excluded.first_seen_on,
                       last_seen_on = excluded.last_seen_on, mind = excluded.mind,
                       revision_id = excluded.revision_id, updated_at = excluded.updated_at
                     RETURNING id",
                )?
                .query_row(
                    params![
                        kind,
                        key,
                        insight.statement,
                        insight.language,
                        insight.tags,
                        insight.moment_ids,
                        insight.confidence,
                        insight.sample,
                        insight.n_seen,
                        insight.first_seen_on,
                        insight.last_seen_on,
                        insight.mind,
                        writing.revision_id,
                        writing.now,
                    ],
                    |row| row.get(0),
                )?;
            mark(writing, if there.is_some() { "changed" } else { "added" }, id)?;
        }
        Ok(())
    }
}

fn mark(writing: &Writing<'_>, op: &str, id: i64) -> Result<()> {
    let change = Change { revision_id: writing.revision_id, op, thing: "insight", id };
    history::mark(writing.tx, &change)
}

/// Looks what is to be done.
pub(crate) fn gather(reader: &Connection) -> Result<Changes> {
    let wanted = wanted(reader)?;
    let mut there = kept(reader)?;
    let mut set = Vec::new();
    for (key, insight) in wanted {
        match there.remove(&key) {
            Some((_, kept)) if kept == insight => {}
            Some((id, _)) => set.push((key, insight, Some(id))),
            None => set.push((key, insight, None)),
        }
    }
    let remove = there.into_values().map(|(id, _)| id).collect();
    Ok(Changes { set, remove })
}

/// What reflections found of one thing, the newest last.
type Seen = Vec<(String, Found)>;

fn wanted(reader: &Connection) -> Result<BTreeMap<Key, Insight>> {
    let mut find =
        reader.prepare("SELECT ends_on, found FROM reflections ORDER BY ends_on, depth")?;
    let mut seen: BTreeMap<Key, Seen> = BTreeMap::new();
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let (day, found): (String, String) = (row.get(0)?, row.get(1)?);
        let found: Vec<Found> = serde_json::from_str(&found).unwrap_or_default();
        for one in found {
            if let Some(key) = one.hash() {
                seen.entry((one.kind.as_str(), key)).or_default().push((day.clone(), one));
            }
        }
    }
    Ok(seen.into_iter().filter_map(|(key, seen)| Some((key, insight(&seen)?))).collect())
}

fn insight(seen: &Seen) -> Option<Insight> {
    let (first, last) = (&seen.first()?.0, seen.last()?);
    let mut days: Vec<&str> = seen.iter().map(|(day, _)| day.as_str()).collect();
    days.dedup();
    let n_seen = count(days.len());
    // A model's words are not replaced by the built-in analyser's; its numbers are taken all the same.
    let by_model = seen.iter().rev().find(|(_, found)| found.mind != builtin::NAME);
    let told = by_model.map_or(&last.1, |(_, found)| found);
    let sample = seen.iter().rev().find_map(|(_, found)| found.sample);
    let mut moment_ids: Vec<i64> = Vec::new();
    for id in seen.iter().rev().flat_map(|(_, found)| &found.moment_ids) {
        if moment_ids.len() < MOST_EVIDENCE && !moment_ids.contains(id) {
            moment_ids.push(*id);
        }
    }
    Some(Insight {
        statement: told.statement.clone(),
        language: told.language.clone(),
        tags: json_list(&told.tags),
        moment_ids: json_list(&moment_ids),
        confidence: strengthened(last.1.confidence, n_seen),
        sample: sample.and_then(|sample| serde_json::to_string(&sample).ok()),
        n_seen,
        first_seen_on: first.clone(),
        last_seen_on: last.0.clone(),
        mind: told.mind.clone(),
    })
}

/// How sure something is that was found so often: each time a tenth of the doubt goes.
fn strengthened(confidence: f64, n_seen: u32) -> f64 {
    let again = i32::try_from(n_seen.saturating_sub(1)).unwrap_or(i32::MAX);
    let sure = 1.0 - (1.0 - confidence) * DOUBT_LEFT.powi(again);
    (sure.min(MOST_SURE) * 1e3).round() / 1e3
}

fn kept(reader: &Connection) -> Result<BTreeMap<Key, (i64, Insight)>> {
    let mut find = reader.prepare(
        "SELECT id, kind, key, statement, language, tags, moment_ids, confidence, sample, n_seen,
                first_seen_on, last_seen_on, mind
         FROM insights",
    )?;
    let rows = find.query_map([], |row| {
        let kind: String = row.get(1)?;
        let insight = Insight {
            statement: row.get(3)?,
            language: row.get(4)?,
            tags: row.get(5)?,
            moment_ids: row.get(6)?,
            confidence: row.get(7)?,
            sample: row.get(8)?,
            n_seen: row.get(9)?,
            first_seen_on: row.get(10)?,
            last_seen_on: row.get(11)?,
            mind: row.get(12)?,
        };
        Ok(((word(&kind), row.get(2)?), (row.get(0)?, insight)))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn word(kind: &str) -> &'static str {
    let known = InsightKind::ALL.iter().find(|known| known.as_str() == kind);
    known.map_or("", |known| known.as_str())
}

/// The keys of insights, so that others can speak of them.
pub(super) fn ids(reader: &Connection) -> Result<BTreeMap<String, i64>> {
    let mut find = reader.prepare_cached("SELECT key, id FROM insights")?;
    let rows = find.query_map([], |row| Ok((found::hex(&row.get::<_, Hash>(0)?), row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(statement: &str, mind: &str, ids: &[i64]) -> Found {
        Found {
            kind: InsightKind::Theme,
            key: found::key(InsightKind::Theme, "reed"),
            statement: statement.into(),
            language: "en".into(),
            tags: vec!["reed".into()],
            moment_ids: ids.to_vec(),
            confidence: 0.5,
            sample: None,
            mind: mind.into(),
        }
    }

    #[test]
    fn the_same_found_again_is_one_insight_that_grows() {
        let day = |n| format!("2026-10-0{n}");
        let seen = vec![
            (day(1), found("Reeds.", "scripted", &[2, 1])),
            (day(3), found("“reed” ×3", builtin::NAME, &[3, 2])),
            (day(3), found("“reed” ×4", builtin::NAME, &[4])),
        ];
        let insight = insight(&seen).expect("an insight");
        assert_eq!((insight.n_seen, insight.statement.as_str()), (2, "Reeds."));
        assert_eq!((insight.first_seen_on, insight.last_seen_on), (day(1), day(3)));
        assert_eq!(insight.moment_ids, "[4,3,2,1]");
        assert!((insight.confidence - 0.55).abs() < 1e-9);
    }

    #[test]
    fn nothing_becomes_certain() {
        assert_eq!(strengthened(0.5, u32::MAX), MOST_SURE);
        assert!(strengthened(0.5, 1) < strengthened(0.5, 2));
    }
}
