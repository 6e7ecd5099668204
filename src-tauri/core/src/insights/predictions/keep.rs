//! Predictions as they are kept.

use chrono::NaiveDate;
use rusqlite::{Connection, Row, params};

use super::{Prediction, traces::Trace};
use crate::{
    Result,
    api::predictions::{PredictionKind, Settled},
    clock::parse_day,
    insights::show::list_of,
    moments::{
        history::{self, Change},
        write::Writing,
    },
    store::json_list,
};

/// A prediction that is there, and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Kept {
    pub(crate) id: i64,
    pub(crate) prediction: Prediction,
    pub(crate) trace: Trace,
}

/// All predictions, in order of their numbers.
pub(crate) fn kept(reader: &Connection) -> Result<Vec<Kept>> {
    let mut find = reader.prepare_cached(
        "SELECT id, kind, key, statement, language, made_on, due_from, due_on, confidence, tags,
                people, words, moment_ids, mind, outcome, settled_on, settled_by
         FROM predictions ORDER BY id",
    )?;
    let mut rows = find.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(Kept { id: row.get(0)?, prediction: prediction(row)?, trace: trace(row)? });
    }
    Ok(all)
}

fn prediction(row: &Row<'_>) -> Result<Prediction> {
    let day = |n: usize| -> Result<NaiveDate> { parse_day(&row.get::<_, String>(n)?) };
    let list = |n: usize| -> Result<Vec<String>> { Ok(list_of(&row.get::<_, String>(n)?)) };
    Ok(Prediction {
        kind: kind(&row.get::<_, String>(1)?),
        key: row.get(2)?,
        statement: row.get(3)?,
        language: row.get(4)?,
        made_on: day(5)?,
        due_from: day(6)?,
        due_on: day(7)?,
        confidence: row.get(8)?,
        tags: list(9)?,
        people: list(10)?,
        words: list(11)?,
        moment_ids: list_of(&row.get::<_, String>(12)?),
        mind: row.get(13)?,
    })
}

fn trace(row: &Row<'_>) -> Result<Trace> {
    let on: Option<String> = row.get(15)?;
    Ok(Trace {
        outcome: settled(&row.get::<_, String>(14)?),
        settled_on: on.map(|day| parse_day(&day)).transpose()?,
        settled_by: list_of(&row.get::<_, String>(16)?),
    })
}

pub(super) fn kind(word: &str) -> PredictionKind {
    match word {
        "plan" => PredictionKind::Plan,
        "rhythm" => PredictionKind::Rhythm,
        _ => PredictionKind::Foretold,
    }
}

pub(super) fn settled(word: &str) -> Settled {
    match word {
        "hit" => Settled::Hit,
        "miss" => Settled::Miss,
        "unclear" => Settled::Unclear,
        _ => Settled::Open,
    }
}

/// What is to be done.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// New ones, or others in the place of those with these numbers.
    pub(crate) set: Vec<(Option<i64>, Prediction, Trace)>,
    pub(crate) remove: Vec<i64>,
}

impl Changes {
    pub(crate) fn is_nothing(&self) -> bool {
        self.set.is_empty() && self.remove.is_empty()
    }

    pub(crate) fn write(&self, writing: &Writing<'_>) -> Result<()> {
        let mark = |op, id| {
            let change = Change { revision_id: writing.revision_id, op, thing: "prediction", id };
            history::mark(writing.tx, &change)
        };
        for id in &self.remove {
            writing.tx.execute("DELETE FROM predictions WHERE id = ?1", [id])?;
            mark("removed", *id)?;
        }
        for (there, prediction, trace) in &self.set {
            let id = save(writing, prediction, trace)?;
            mark(if there.is_some() { "changed" } else { "added" }, id)?;
        }
        Ok(())
    }
}

fn save(writing: &Writing<'_>, prediction: &Prediction, trace: &Trace) -> Result<i64> {
    Ok(writing
        .tx
        .prepare_cached(
            "INSERT INTO predictions (kind, key, statement, language, made_on, due_from, due_on,
               confidence, tags, people, words, moment_ids, mind, outcome, settled_on, settled_by,
               revision_id, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
               ?18)
             ON CONFLICT (key) DO UPDATE SET statement = excluded.statement,
               language = excluded.language, made_on = excluded.made_on,
               due_from = excluded.due_from, due_on = excluded.due_on,
               confidence = excluded.confidence, tags = excluded.tags, people = excluded.people,
               words = excluded.words, moment_ids = excluded.moment_ids, mind = excluded.mind,
               outcome = excluded.outcome, settled_on = excluded.settled_on,
               settled_by = excluded.settled_by, revision_id = excluded.revision_id,
               updated_at = excluded.updated_at
             RETURNING id",
        )?
        .query_row(
            params![
                prediction.kind.as_str(),
                prediction.key,
                prediction.statement,
                prediction.language,
                prediction.made_on.to_string(),
                prediction.due_from.to_string(),
                prediction.due_on.to_string(),
                prediction.confidence,
                json_list(&prediction.tags),
                json_list(&prediction.people),
                json_list(&prediction.words),
                json_list(&prediction.moment_ids),
                prediction.mind,
                trace.outcome.as_str(),
                trace.settled_on.map(|day| day.to_string()),
                json_list(&trace.settled_by),
                writing.revision_id,
                writing.now,
            ],
            |row| row.get(0),
        )?)
}
