//! Predictions as they are shown: what the person said of them stands over what a dream saw.

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    keep::{self, Kept},
    score,
};
use crate::{
    Error, Journal, Result,
    api::predictions::{
        ListPredictions, PredictionKind, PredictionView, Predictions, Score, SettlePrediction,
        Settled,
    },
    insights::show::evidence,
    store::Hash,
};

/// Settled predictions that are listed where nothing is said.
const FEW: u32 = 50;

/// How the person settled each, by key.
type ByHand = std::collections::HashMap<Hash, Settled>;

/// Predictions, and how well they turn out.
pub(crate) fn list(journal: &Journal, request: &ListPredictions) -> Result<Predictions> {
    journal.store().read(|reader| {
        let all = keep::kept(reader)?;
        let by_hand = by_hand(reader)?;
        let score = scored(&all, &by_hand);
        let (mut open, mut settled): (Vec<&Kept>, Vec<&Kept>) =
            all.iter().partition(|kept| outcome(kept, &by_hand).0 == Settled::Open);
        open.sort_by_key(|kept| (kept.prediction.due_on, kept.id));
        settled.sort_by_key(|kept| std::cmp::Reverse((kept.prediction.due_on, kept.id)));
        settled.truncate(request.limit.unwrap_or(FEW) as usize);
        let views = |some: Vec<&Kept>| -> Result<Vec<PredictionView>> {
            some.into_iter().map(|kept| view(reader, kept, &by_hand, &score)).collect()
        };
        let (open, settled) = (views(open)?, views(settled)?);
        Ok(Predictions { open, settled, score })
    })
}

fn by_hand(reader: &Connection) -> Result<ByHand> {
    let mut find = reader.prepare_cached("SELECT key, outcome FROM prediction_decisions")?;
    let rows =
        find.query_map([], |row| Ok((row.get(0)?, keep::settled(&row.get::<_, String>(1)?))))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// What became of it, and whether the person said so.
fn outcome(kept: &Kept, by_hand: &ByHand) -> (Settled, bool) {
    match by_hand.get(&kept.prediction.key) {
        Some(outcome) => (*outcome, true),
        None => (kept.trace.outcome, false),
    }
}

fn scored(all: &[Kept], by_hand: &ByHand) -> Score {
    let all: Vec<(f64, Settled)> =
        all.iter().map(|kept| (kept.prediction.confidence, outcome(kept, by_hand).0)).collect();
    score::score(&all)
}

fn view(
    reader: &Connection,
    kept: &Kept,
    by_hand: &ByHand,
    score: &Score,
) -> Result<PredictionView> {
    let Kept { id, prediction, trace } = kept;
    let (outcome, is_settled_by_person) = outcome(kept, by_hand);
    Ok(PredictionView {
        id: *id,
        moment_type: "prediction".into(),
        kind: prediction.kind,
        statement: prediction.statement.clone(),
        language: prediction.language.clone(),
        made_on: prediction.made_on.to_string(),
        due_from: prediction.due_from.to_string(),
        due_on: prediction.due_on.to_string(),
        confidence: prediction.confidence,
        calibrated: score::calibrated(score, prediction.confidence),
        outcome,
        settled_on: trace.settled_on.map(|day| day.to_string()),
        is_settled_by_person,
        needs_confirmation: prediction.kind == PredictionKind::Plan
            && outcome == Settled::Unclear
            && !is_settled_by_person,
        evidence: evidence(reader, &prediction.moment_ids)?,
        settled_by: evidence(reader, &trace.settled_by)?,
        mind: prediction.mind.clone(),
    })
}

/// Keeps how the person settles a prediction, or takes that back.
pub(crate) fn settle_by_hand(
    journal: &Journal,
    request: SettlePrediction,
) -> Result<PredictionView> {
    let now = journal.clock().now_ms();
    journal.store().write(|tx| {
        let key: Option<Hash> = tx
            .query_row("SELECT key FROM predictions WHERE id = ?1", [request.id], |row| row.get(0))
            .optional()?;
        let key = key.ok_or_else(|| Error::NotFound(format!("prediction {}", request.id)))?;
        if request.outcome == Settled::Open {
            tx.execute("DELETE FROM prediction_decisions WHERE key = ?1", [key])?;
            return Ok(());
        }
        tx.execute(
            "INSERT INTO prediction_decisions (key, outcome, decided_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (key) DO UPDATE SET outcome = excluded.outcome,
               decided_at = excluded.decided_at",
            params![key, request.outcome.as_str(), now],
        )?;
        Ok(())
    })?;
    journal.store().read(|reader| {
        let all = keep::kept(reader)?;
        let by_hand = by_hand(reader)?;
        let score = scored(&all, &by_hand);
        let kept = all.iter().find(|kept| kept.id == request.id);
        let kept = kept.ok_or_else(|| Error::NotFound(format!("prediction {}", request.id)))?;
        view(reader, kept, &by_hand, &score)
    })
}
