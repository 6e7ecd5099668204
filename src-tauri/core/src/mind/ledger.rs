//! The ledger: what each call cost. No word of a prompt or a reply stands in it.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{
    answer::Remarks,
    model::{ModelCard, Said},
};
use crate::{
    Result,
    api::{
        health::{Metric, MetricKind, Sample},
        history::CallSum,
        minds::{LedgerDream, LedgerStage, LedgerView, ShowLedger},
    },
};

/// Dreams in a reply that names no number.
const USUAL_DREAMS: u32 = 20;
const MONTH_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Why a call was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    First,
    Retry,
    Repair,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Retry => "retry",
            Self::Repair => "repair",
        }
    }
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Good,
    Unusable,
    TooLong,
    Fault,
    Cancelled,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Unusable => "unusable",
            Self::TooLong => "too-long",
            Self::Fault => "fault",
            Self::Cancelled => "cancelled",
        }
    }
}

/// A line of the ledger.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// Absent where no dream asked.
    pub(super) dream_id: Option<i64>,
    pub(super) stage: &'a str,
    pub(super) prompt: &'a str,
    pub(super) card: &'a ModelCard,
    pub(super) kind: Kind,
    pub(super) outcome: Outcome,
    pub(super) reason: &'a str,
    pub(super) remarks: &'a Remarks,
    pub(super) estimated_tokens: u32,
    pub(super) said: Option<&'a Said>,
    pub(super) took_ms: u64,
    pub(super) now: i64,
}

pub(super) fn write(tx: &Transaction<'_>, line: &Line<'_>) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO mind_calls (dream_id, stage, prompt, model, digest, kind, outcome, reason, remarks,
           estimated_tokens, prompt_tokens, reply_tokens, load_ms, took_ms, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
    )?
    .execute(params![
        line.dream_id,
        line.stage,
        line.prompt,
        line.card.name,
        line.card.digest,
        line.kind.as_str(),
        line.outcome.as_str(),
        line.reason,
        serde_json::to_string(line.remarks).unwrap_or_else(|_| "{}".into()),
        line.estimated_tokens,
        line.said.and_then(|said| said.prompt_tokens),
        line.said.and_then(|said| said.reply_tokens),
        line.said.map_or(0, |said| said.load_ms),
        line.took_ms,
        line.now,
    ])?;
    Ok(())
}

/// Whether a model was ever asked about this journal.
pub(crate) fn has_asked(reader: &Connection) -> Result<bool> {
    Ok(reader.query_row("SELECT EXISTS (SELECT 1 FROM mind_models)", [], |row| row.get(0))?)
}

/// The numbers of all calls that this journal remembers.
pub(crate) fn metrics(reader: &Connection) -> Result<Vec<Metric>> {
    let mut find = reader.prepare(
        "SELECT model, outcome, count(*), sum(took_ms) / 1000.0, coalesce(sum(prompt_tokens), 0),
           coalesce(sum(reply_tokens), 0)
         FROM mind_calls GROUP BY 1, 2 ORDER BY 1, 2",
    )?;
    let mut rows = find.query([])?;
    let (mut calls, mut seconds, mut tokens) = (Vec::new(), Vec::new(), Vec::new());
    while let Some(row) = rows.next()? {
        let (model, outcome): (String, String) = (row.get(0)?, row.get(1)?);
        let of = |kind: &'static str, n| {
            Sample::new(&[("model", &model), ("outcome", &outcome), ("kind", kind)], n)
        };
        let plain = |n| Sample::new(&[("model", &model), ("outcome", &outcome)], n);
        calls.push(plain(row.get(2)?));
        seconds.push(plain(row.get(3)?));
        tokens.extend([of("prompt", row.get(4)?), of("reply", row.get(5)?)]);
    }
    let counter = |name, help, samples| Metric::new(MetricKind::Counter, name, help, samples);
    Ok(vec![
        counter("rem_model_calls_total", "Calls of models, by how they ended.", calls),
        counter("rem_model_seconds_total", "Time spent in calls of models.", seconds),
        counter("rem_model_tokens_total", "Tokens read and written by models.", tokens),
    ])
}

/// Milliseconds that nightly dreams have asked models since an instant.
pub(super) fn spent_at_night(reader: &Connection, since: i64) -> Result<u64> {
    Ok(reader.query_row(
        "SELECT coalesce(sum(c.took_ms), 0) FROM mind_calls c JOIN dreams d ON d.id = c.dream_id
         WHERE d.cause = 'night' AND c.created_at >= ?1",
        [since],
        |row| row.get(0),
    )?)
}

/// What was learnt of a model by using it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Learnt {
    /// Counted tokens by estimated ones.
    pub(super) token_ratio: f64,
    pub(super) ms_per_prompt_token: f64,
    pub(super) ms_per_reply_token: f64,
    pub(super) n_calls: u32,
}

impl Default for Learnt {
    /// A processor without a graphics card and a model of 4 B: about 40 tokens a second read, 8 written.
    fn default() -> Self {
        Self { token_ratio: 1.0, ms_per_prompt_token: 25.0, ms_per_reply_token: 125.0, n_calls: 0 }
    }
}

impl Learnt {
    pub(super) fn of(reader: &Connection, digest: &str) -> Result<Self> {
        let kept = reader
            .prepare_cached(
                "SELECT token_ratio, ms_per_prompt_token, ms_per_reply_token, n_calls
                 FROM mind_models WHERE digest = ?1",
            )?
            .query_row([digest], |row| {
                Ok(Self {
                    token_ratio: row.get(0)?,
                    ms_per_prompt_token: row.get(1)?,
                    ms_per_reply_token: row.get(2)?,
                    n_calls: row.get(3)?,
                })
            })
            .optional()?;
        Ok(kept.unwrap_or_default())
    }

    /// Takes in one more call. Estimates may only be lowered slowly, and are raised at once.
    pub(super) fn learn(&mut self, estimated_tokens: u32, said: &Said) {
        let blend =
            |old: f64, new: f64| if self.n_calls == 0 { new } else { 0.8 * old + 0.2 * new };
        if let Some(counted) = said.prompt_tokens.filter(|n| *n > 0) {
            let ratio = f64::from(counted) / f64::from(estimated_tokens.max(1));
            self.token_ratio = if ratio > self.token_ratio {
                ratio
            } else {
                0.95 * self.token_ratio + 0.05 * ratio
            };
            if said.prompt_ms > 0 {
                let each = said.prompt_ms as f64 / f64::from(counted);
                self.ms_per_prompt_token = blend(self.ms_per_prompt_token, each);
            }
        }
        if let Some(written) = said.reply_tokens.filter(|n| *n > 0)
            && said.reply_ms > 0
        {
            let each = said.reply_ms as f64 / f64::from(written);
            self.ms_per_reply_token = blend(self.ms_per_reply_token, each);
        }
        self.n_calls += 1;
    }

    pub(super) fn save(&self, tx: &Transaction<'_>, card: &ModelCard, now: i64) -> Result<()> {
        tx.prepare_cached(
            "INSERT INTO mind_models (digest, name, token_ratio, ms_per_prompt_token,
               ms_per_reply_token, n_calls, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (digest) DO UPDATE SET name = excluded.name,
               token_ratio = excluded.token_ratio, ms_per_prompt_token = excluded.ms_per_prompt_token,
               ms_per_reply_token = excluded.ms_per_reply_token, n_calls = excluded.n_calls,
               updated_at = excluded.updated_at",
        )?
        .execute(params![
            card.digest,
            card.name,
            self.token_ratio,
            self.ms_per_prompt_token,
            self.ms_per_reply_token,
            self.n_calls,
            now
        ])?;
        Ok(())
    }
}

/// What the calls of a dream came to.
pub(crate) fn sum_of_dream(reader: &Connection, dream_id: i64) -> Result<CallSum> {
    let find = "SELECT count(*), coalesce(sum(prompt_tokens), 0), coalesce(sum(reply_tokens), 0),
                  coalesce(sum(took_ms), 0)
                FROM mind_calls WHERE dream_id = ?1";
    Ok(reader.query_row(find, [dream_id], |row| {
        Ok(CallSum {
            n_calls: row.get(0)?,
            prompt_tokens: row.get(1)?,
            reply_tokens: row.get(2)?,
            model_ms: row.get(3)?,
        })
    })?)
}

/// What dreams cost, the newest first.
pub(crate) fn view(reader: &Connection, request: &ShowLedger, now: i64) -> Result<LedgerView> {
    let limit = if request.limit == 0 { USUAL_DREAMS } else { request.limit };
    let mut find = reader.prepare_cached(
        "SELECT c.dream_id, coalesce(d.started_at, min(c.created_at))
         FROM mind_calls c LEFT JOIN dreams d ON d.id = c.dream_id
         WHERE ?1 IS NULL OR c.dream_id = ?1
         GROUP BY c.dream_id ORDER BY max(c.id) DESC LIMIT ?2",
    )?;
    let dreams = find
        .query_map(params![request.dream_id, limit], |row| {
            Ok(LedgerDream { dream_id: row.get(0)?, started_at: row.get(1)?, stages: Vec::new() })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let dreams = dreams
        .into_iter()
        .map(|dream| Ok(LedgerDream { stages: stages(reader, dream.dream_id)?, ..dream }))
        .collect::<Result<Vec<_>>>()?;
    let (month_ms, month_calls) = reader.query_row(
        "SELECT coalesce(sum(took_ms), 0), count(*) FROM mind_calls WHERE created_at >= ?1",
        [now - MONTH_MS],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(LedgerView { dreams, month_ms, month_calls })
}

fn stages(reader: &Connection, dream_id: Option<i64>) -> Result<Vec<LedgerStage>> {
    let mut find = reader.prepare_cached(
        "SELECT stage, model, prompt, kind, outcome, reason, remarks, count(*),
           coalesce(sum(prompt_tokens), 0), coalesce(sum(reply_tokens), 0), coalesce(sum(took_ms), 0)
         FROM mind_calls WHERE dream_id IS ?1
         GROUP BY stage, model, prompt, kind, outcome, reason, remarks ORDER BY min(id)",
    )?;
    let mut stages: Vec<LedgerStage> = Vec::new();
    let mut rows = find.query([dream_id])?;
    while let Some(row) = rows.next()? {
        let (stage, model, prompt): (String, String, String) =
            (row.get(0)?, row.get(1)?, row.get(2)?);
        let known = stages
            .iter()
            .position(|s| (&s.stage, &s.model, &s.prompt) == (&stage, &model, &prompt));
        let at = known.unwrap_or_else(|| {
            stages.push(LedgerStage {
                stage,
                model,
                prompt,
                n_calls: 0,
                n_retries: 0,
                n_repairs: 0,
                n_good: 0,
                prompt_tokens: 0,
                reply_tokens: 0,
                took_ms: 0,
                reasons: BTreeMap::new(),
                remarks: BTreeMap::new(),
            });
            stages.len() - 1
        });
        let (kind, outcome, reason): (String, String, String) =
            (row.get(3)?, row.get(4)?, row.get(5)?);
        let (remarks, n): (String, u32) = (row.get(6)?, row.get(7)?);
        let Some(stage) = stages.get_mut(at) else { continue };
        stage.n_calls += n;
        stage.n_retries += if kind == Kind::Retry.as_str() { n } else { 0 };
        stage.n_repairs += if kind == Kind::Repair.as_str() { n } else { 0 };
        stage.n_good += if outcome == Outcome::Good.as_str() { n } else { 0 };
        stage.prompt_tokens += row.get::<_, u64>(8)?;
        stage.reply_tokens += row.get::<_, u64>(9)?;
        stage.took_ms += row.get::<_, u64>(10)?;
        if outcome != Outcome::Good.as_str() {
            let reason = if reason.is_empty() { outcome } else { reason };
            *stage.reasons.entry(reason).or_default() += n;
        }
        let remarks: BTreeMap<String, u32> = serde_json::from_str(&remarks).unwrap_or_default();
        for (remark, times) in remarks {
            *stage.remarks.entry(remark).or_default() += times * n;
        }
    }
    Ok(stages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        mind::{answer::Remark, model::End},
        store::Store,
    };

    const NOW: i64 = 1_791_000_000_000;

    fn said(prompt_tokens: u32) -> Said {
        Said {
            text: String::new(),
            n_thought_bytes: 0,
            end: End::Stop,
            prompt_tokens: Some(prompt_tokens),
            reply_tokens: Some(10),
            load_ms: 0,
            prompt_ms: 0,
            reply_ms: 0,
        }
    }

    /// Two dreams: the older one made four calls of one stage, the newer one, a month later, one.
    fn store() -> (tempfile::TempDir, Store) {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("a.rem")).unwrap();
        let card = ModelCard {
            name: "gemma3:4b".into(),
            digest: "d".into(),
            window_tokens: 4096,
            thinks: false,
        };
        let mut fenced = Remarks::default();
        fenced.add(Remark::Fenced);
        let calls = [
            (1, Kind::First, Outcome::Fault, "the connection broke", None, 0),
            (1, Kind::Retry, Outcome::Good, "", Some(said(100)), 1),
            (1, Kind::First, Outcome::Unusable, "no JSON", Some(said(50)), 2),
            (1, Kind::Repair, Outcome::Good, "", Some(said(70)), 3),
            (2, Kind::First, Outcome::Good, "", Some(said(5)), MONTH_MS + 10),
        ];
        store
            .write(|tx| {
                for (id, started_at) in [(1, NOW - 5), (2, NOW + MONTH_MS)] {
                    tx.execute(
                        "INSERT INTO dreams (id, cause, mind, options, state, started_at)
                         VALUES (?1, 'now', 'm', '{}', 'done', ?2)",
                        params![id, started_at],
                    )?;
                }
                for (dream_id, kind, outcome, reason, said, later) in &calls {
                    write(
                        tx,
                        &Line {
                            dream_id: Some(*dream_id),
                            stage: "moments",
                            prompt: "moments-1",
                            card: &card,
                            kind: *kind,
                            outcome: *outcome,
                            reason,
                            remarks: &fenced,
                            estimated_tokens: 100,
                            said: said.as_ref(),
                            took_ms: 1000,
                            now: NOW + later,
                        },
                    )?;
                }
                Ok(())
            })
            .unwrap();
        (dir, store)
    }

    fn view_at(request: &ShowLedger, now: i64) -> LedgerView {
        let (_dir, store) = store();
        store.read(|reader| view(reader, request, now)).unwrap()
    }

    #[test]
    fn a_dreams_calls_are_summed_by_stage() {
        let ledger = view_at(&ShowLedger::default(), NOW + MONTH_MS + 20);
        let ids: Vec<_> = ledger.dreams.iter().map(|dream| dream.dream_id).collect();
        assert_eq!(ids, [Some(2), Some(1)]);
        let dream = &ledger.dreams[1];
        assert_eq!((dream.started_at, dream.stages.len()), (NOW - 5, 1));
        let stage = &dream.stages[0];
        let counts = (stage.n_calls, stage.n_retries, stage.n_repairs, stage.n_good);
        assert_eq!(counts, (4, 1, 1, 2));
        assert_eq!((stage.prompt_tokens, stage.reply_tokens, stage.took_ms), (220, 30, 4000));
        let expected = [("no JSON".to_owned(), 1), ("the connection broke".to_owned(), 1)];
        assert_eq!(stage.reasons, BTreeMap::from(expected));
        assert_eq!(stage.remarks, BTreeMap::from([("fenced".to_owned(), 4)]));
    }

    #[test]
    fn only_the_last_month_counts_for_the_month() {
        let ledger = view_at(&ShowLedger::default(), NOW + MONTH_MS + 20);
        assert_eq!((ledger.month_calls, ledger.month_ms), (1, 1000));
        assert_eq!(view_at(&ShowLedger::default(), NOW + MONTH_MS).month_calls, 5);
    }

    #[test]
    fn one_dream_can_be_asked_for_and_the_list_can_be_short() {
        let one = view_at(&ShowLedger { dream_id: Some(1), limit: 0 }, NOW);
        assert_eq!(one.dreams.len(), 1);
        assert_eq!(one.dreams[0].dream_id, Some(1));
        let newest = view_at(&ShowLedger { dream_id: None, limit: 1 }, NOW);
        assert_eq!(newest.dreams[0].dream_id, Some(2));
    }
}
