//! Insights and reflections as they are shown, with what the person thinks of them laid over.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{found::Found, gather, reflections};
use crate::{
    Error, Journal, Result,
    api::insights::{
        DecideInsight, Decision, EvidenceMoment, InsightKind, InsightView, ListInsights,
        ListReflections, Reflected, ReflectionView,
    },
    store::Hash,
};

const COLUMNS: &str =
    "i.id, i.kind, i.statement, i.language, i.tags, i.confidence, i.sample, i.n_seen,
    i.first_seen_on, i.last_seen_on, i.mind, d.decision, i.moment_ids";
const FROM: &str = "insights i LEFT JOIN insight_decisions d ON d.kind = i.kind AND d.key = i.key";
/// Reflections that are listed where nothing is said.
const FEW: u32 = 30;

/// Insights, those seen last first.
pub(crate) fn list(journal: &Journal, request: &ListInsights) -> Result<Vec<InsightView>> {
    journal.store().read(|reader| {
        let mut find = reader.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM {FROM}
             WHERE (?1 IS NULL OR i.kind = ?1) AND (?2 OR d.decision IS NOT 'hidden')
             ORDER BY i.last_seen_on DESC, i.confidence DESC, i.id LIMIT ?3"
        ))?;
        let kind = request.kind.map(InsightKind::as_str);
        let most = request.limit.map_or(-1, i64::from);
        let found = find
            .query_map(params![kind, request.with_hidden, most], view)?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        found.into_iter().map(|(view, ids)| with_evidence(reader, view, &ids)).collect()
    })
}

fn one(reader: &Connection, id: i64) -> Result<InsightView> {
    let (view, ids) = reader
        .query_row(&format!("SELECT {COLUMNS} FROM {FROM} WHERE i.id = ?1"), [id], view)
        .optional()?
        .ok_or_else(|| Error::NotFound(format!("insight {id}")))?;
    with_evidence(reader, view, &ids)
}

fn view(row: &Row<'_>) -> rusqlite::Result<(InsightView, String)> {
    let kind: String = row.get(1)?;
    let kind = InsightKind::ALL.into_iter().find(|known| known.as_str() == kind);
    let kind = kind.unwrap_or(InsightKind::Theme);
    let decision: Option<String> = row.get(11)?;
    let view = InsightView {
        id: row.get(0)?,
        kind,
        layer: if kind == InsightKind::Strategy { "procedural" } else { "reflective" }.into(),
        statement: row.get(2)?,
        language: row.get(3)?,
        tags: list_of(&row.get::<_, String>(4)?),
        confidence: row.get(5)?,
        sample: row.get::<_, Option<String>>(6)?.and_then(|text| serde_json::from_str(&text).ok()),
        n_seen: row.get(7)?,
        first_seen_on: row.get(8)?,
        last_seen_on: row.get(9)?,
        mind: row.get(10)?,
        decision: decision.map(|word| match word.as_str() {
            "hidden" => Decision::Hidden,
            _ => Decision::Confirmed,
        }),
        evidence: Vec::new(),
    };
    Ok((view, row.get(12)?))
}

fn with_evidence(reader: &Connection, mut view: InsightView, ids: &str) -> Result<InsightView> {
    view.evidence = evidence(reader, &list_of(ids))?;
    Ok(view)
}

pub(super) fn list_of<T: serde::de::DeserializeOwned>(json: &str) -> Vec<T> {
    serde_json::from_str(json).unwrap_or_default()
}

/// The moments with these numbers that are still there and shown, in this order.
pub(super) fn evidence(reader: &Connection, ids: &[i64]) -> Result<Vec<EvidenceMoment>> {
    let mut find = reader
        .prepare_cached("SELECT id, day, title FROM moments WHERE id = ?1 AND is_hidden = 0")?;
    let mut records = reader.prepare_cached(
        "SELECT DISTINCT record_id FROM evidence WHERE moment_id = ?1 ORDER BY record_id",
    )?;
    let mut all = Vec::new();
    for id in ids {
        let found = find
            .query_row([id], |row| {
                Ok(EvidenceMoment {
                    id: row.get(0)?,
                    day: row.get(1)?,
                    title: row.get(2)?,
                    record_ids: Vec::new(),
                })
            })
            .optional()?;
        if let Some(mut moment) = found {
            moment.record_ids =
                records.query_map([id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
            all.push(moment);
        }
    }
    Ok(all)
}

/// Keeps what the person thinks of an insight.
pub(crate) fn decide(journal: &Journal, request: DecideInsight) -> Result<InsightView> {
    let now = journal.clock().now_ms();
    journal.store().write(|tx| {
        let found: Option<(String, Hash)> = tx
            .query_row("SELECT kind, key FROM insights WHERE id = ?1", [request.id], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let (kind, key) =
            found.ok_or_else(|| Error::NotFound(format!("insight {}", request.id)))?;
        let word = match request.decision {
            Some(Decision::Hidden) => "hidden",
            Some(Decision::Confirmed) => "confirmed",
            None => {
                tx.execute(
                    "DELETE FROM insight_decisions WHERE kind = ?1 AND key = ?2",
                    params![kind, key],
                )?;
                return Ok(());
            }
        };
        tx.execute(
            "INSERT INTO insight_decisions (kind, key, decision, decided_at)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (kind, key) DO UPDATE SET decision = excluded.decision,
               decided_at = excluded.decided_at",
            params![kind, key, word, now],
        )?;
        Ok(())
    })?;
    journal.store().read(|reader| one(reader, request.id))
}

/// Reflections, the newest first.
pub(crate) fn list_reflections(
    journal: &Journal,
    request: &ListReflections,
) -> Result<Vec<ReflectionView>> {
    journal.store().read(|reader| {
        let ids = gather::ids(reader)?;
        let mut find = reader.prepare_cached(
            "SELECT id, depth, ends_on, starts_at, ends_at, text, outcome, sentiment, sentiment_label,
                    language, mind, is_provisional, sample_ids, found
             FROM reflections ORDER BY ends_on DESC, depth DESC LIMIT ?1",
        )?;
        let mut rows = find.query([request.limit.unwrap_or(FEW)])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let (samples, found): (String, String) = (row.get(12)?, row.get(13)?);
            let found: Vec<Found> = list_of(&found);
            all.push(ReflectionView {
                id: row.get(0)?,
                layer: "reflective".into(),
                depth: reflections::depth(&row.get::<_, String>(1)?),
                ends_on: row.get(2)?,
                starts_at: row.get(3)?,
                ends_at: row.get(4)?,
                text: row.get(5)?,
                outcome: reflections::outcome(&row.get::<_, String>(6)?),
                sentiment: row.get(7)?,
                sentiment_label: reflections::label(&row.get::<_, String>(8)?),
                language: row.get(9)?,
                insight_ids: found.iter().filter_map(|one| ids.get(&one.key).copied()).collect(),
                samples: evidence(reader, &list_of(&samples))?,
                mind: row.get(10)?,
                is_provisional: row.get(11)?,
            });
        }
        Ok(all)
    })
}

/// The reflections that a dream made, each with each strategy that it found.
pub(crate) fn reflected(journal: &Journal, dream_id: Option<i64>) -> Result<Vec<Reflected>> {
    let Some(dream_id) = dream_id else { return Ok(Vec::new()) };
    journal.store().read(|reader| {
        let ids = gather::ids(reader)?;
        let mut find = reader.prepare_cached(
            "SELECT r.id, r.found FROM reflections r JOIN revisions v ON v.id = r.revision_id
             WHERE v.dream_id = ?1 ORDER BY r.ends_on DESC, r.depth DESC",
        )?;
        let mut rows = find.query([dream_id])?;
        let mut all = Vec::new();
        while let Some(row) = rows.next()? {
            let reflection_id = row.get(0)?;
            let found: Vec<Found> = list_of(&row.get::<_, String>(1)?);
            let before = all.len();
            for one in found.iter().filter(|one| one.kind == InsightKind::Strategy) {
                if let Some(id) = ids.get(&one.key) {
                    all.push(Reflected { reflection_id, strategy_id: Some(*id) });
                }
            }
            if all.len() == before {
                all.push(Reflected { reflection_id, strategy_id: None });
            }
        }
        Ok(all)
    })
}
