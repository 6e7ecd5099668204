//! One call, from waiting for its turn to the ledger.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use backon::{BackoffBuilder, ExponentialBuilder};

use super::{Asked, Caller, Ended, Heard, LOOK_AGAIN, NoAnswer};
use crate::{
    Error, Result,
    event::Event,
    mind::{
        Fault, LanguageModel,
        answer::Remarks,
        cache,
        ledger::{self, Kind, Outcome},
        manners,
        model::{Chat, End, Message, ModelCard, Said},
    },
};

/// Tries again after the first, for what passes by itself.
const MOST_RETRIES: usize = 3;
/// The same while a person waits.
const RETRIES_BEFORE_A_PERSON: usize = 1;
/// How long a person is kept waiting for a server that has gone.
const BEFORE_A_PERSON: Duration = Duration::from_secs(2);
/// Questions in a row that came to nothing before the server is left alone for a while.
const MOST_FAILURES: u32 = 3;

/// Nothing was put right in a reply that was not read.
static NO_REMARKS: Remarks = Remarks(BTreeMap::new());

impl<'e> Ended<'e> {
    fn badly(outcome: Outcome, reason: &'e str, said: Option<&'e Said>, took_ms: u64) -> Self {
        Self { outcome, reason, remarks: &NO_REMARKS, said, took_ms, kept: None }
    }
}

impl Caller<'_> {
    /// One call, tried again while that is worth it.
    pub(super) fn call(
        &self,
        asked: &Asked<'_, '_>,
        messages: &[Message],
        kind: Kind,
    ) -> Result<Result<(Said, u64), NoAnswer>> {
        let patience = self.journal.around().patience;
        let mut waits = ExponentialBuilder::default()
            .with_min_delay(patience.first_wait)
            .with_factor(2.0)
            .with_max_times(if self.somebody_waits {
                RETRIES_BEFORE_A_PERSON
            } else {
                MOST_RETRIES
            })
            .with_jitter()
            .build();
        let mut tries = 0;
        loop {
            if let Some(no_answer) = self.may_ask(asked.model)? {
                return Ok(Err(no_answer));
            }
            let this = if tries > 0 && kind == Kind::First { Kind::Retry } else { kind };
            let (ended, took) = self.call_once(asked, messages, kind, tries)?;
            let fault = match ended {
                Ok(said) if said.end == End::Stop => return Ok(Ok((said, took))),
                Ok(said) => {
                    let reason = "the reply was cut off";
                    let outcome =
                        if said.end == End::Length { Outcome::TooLong } else { Outcome::Fault };
                    self.write(asked, this, &Ended::badly(outcome, reason, Some(&said), took))?;
                    match said.end {
                        End::Length => return Ok(Err(NoAnswer::TooLong)),
                        _ => Fault::Passing(reason.into()),
                    }
                }
                Err(fault) => {
                    let outcome = match fault {
                        Fault::TooLong { .. } => Outcome::TooLong,
                        Fault::Cancelled => Outcome::Cancelled,
                        _ => Outcome::Fault,
                    };
                    let reason = fault.to_string();
                    self.write(asked, this, &Ended::badly(outcome, &reason, None, took))?;
                    fault
                }
            };
            tries += 1;
            match fault {
                Fault::Cancelled => return Err(Error::Cancelled),
                Fault::TooLong { .. } => return Ok(Err(NoAnswer::TooLong)),
                Fault::Refused(_) => {
                    self.failed(&fault);
                    return Ok(Err(NoAnswer::Unusable));
                }
                Fault::Missing(_) | Fault::Forbidden(_) => {
                    self.state().refused = Some(fault.to_string());
                    return Ok(Err(NoAnswer::Away));
                }
                Fault::Passing(_) | Fault::Gone(_) => {
                    let Some(wait) = waits.next() else {
                        self.failed(&fault);
                        return Ok(Err(NoAnswer::Away));
                    };
                    manners::rest(wait, self.cancel)?;
                    if matches!(fault, Fault::Gone(_)) && !self.wait_until_back(asked.model)? {
                        self.state().away_since = Some(Instant::now());
                        return Ok(Err(NoAnswer::Away));
                    }
                }
            }
        }
    }

    /// Why the model must not be asked just now; waits where waiting is all it takes.
    fn may_ask(&self, model: &dyn LanguageModel) -> Result<Option<NoAnswer>> {
        let (is_refused, is_spent, away_since) = {
            let state = self.state();
            (state.refused.is_some(), self.is_spent(&state), state.away_since)
        };
        if is_refused {
            return Ok(Some(NoAnswer::Away));
        }
        if is_spent {
            return Ok(Some(NoAnswer::Limit));
        }
        if let Some(since) = away_since {
            if since.elapsed() < LOOK_AGAIN {
                return Ok(Some(NoAnswer::Away));
            }
            let is_back = model.is_there(self.cancel);
            let mut state = self.state();
            state.away_since = (!is_back).then(Instant::now);
            if !is_back {
                return Ok(Some(NoAnswer::Away));
            }
            state.n_failures = 0;
        }
        if self.is_night {
            let senses = &*self.journal.around().senses;
            manners::wait_politely(senses, &self.settings, self.cancel, self.waits)?;
        }
        Ok(None)
    }

    fn call_once(
        &self,
        asked: &Asked<'_, '_>,
        messages: &[Message],
        kind: Kind,
        tries: u32,
    ) -> Result<(Result<Said, Fault>, u64)> {
        // A likeliest reply that was no good would come again: the next one is drawn.
        let is_new = kind == Kind::Repair || tries > 0;
        let chat = Chat {
            messages,
            schema: asked.schema,
            reply_tokens: asked.reply_tokens,
            temperature: if is_new { 0.2 } else { 0.0 },
            seed: 7 + tries + u32::from(kind == Kind::Repair) * 100,
        };
        let _inside = self.gate.enter(self.cancel)?;
        let began = Instant::now();
        let ended = match asked.ear {
            Some(ear) => {
                ear(Heard::Anew);
                asked.model.chat_aloud(&chat, self.cancel, &mut |piece| ear(Heard::More(piece)))
            }
            None => asked.model.chat(&chat, self.cancel),
        };
        let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        if self.is_debug {
            self.journal.tell(&Event::MindSpoke {
                stage: asked.question.stage.into(),
                model: asked.model.card().name.clone(),
                prompt: messages.iter().map(|m| (m.role.as_str().into(), m.text.clone())).collect(),
                reply: match &ended {
                    Ok(said) => said.text.clone(),
                    Err(fault) => format!("({fault})"),
                },
                took_ms: took,
            });
        }
        // Cut without a word: what the server read is shorter than what it was sent.
        let ended = match ended {
            Ok(said) if is_truncated(&said, asked.estimated, asked.model.card()) => {
                Err(Fault::TooLong {
                    prompt_tokens: said.prompt_tokens,
                    window_tokens: Some(asked.model.card().window_tokens),
                })
            }
            other => other,
        };
        // While it rests nobody else calls.
        if self.settings.min_gap_ms > 0
            && self.journal.around().senses.is_on_battery() != Some(false)
        {
            // 0.5 to 1.5 of the setting, by the question's own bytes.
            let share = 0.5 + f64::from(asked.key.0[0]) / 255.0;
            let gap = Duration::from_secs_f64(f64::from(self.settings.min_gap_ms) / 1000.0 * share);
            if !matches!(ended, Err(Fault::Cancelled)) {
                // Cancelled while resting: the reply is worth keeping, the next look stops.
                let _ = manners::rest(gap, self.cancel);
            }
        }
        Ok((ended, took))
    }

    /// Looks until a server that has gone is back, or patience ends.
    fn wait_until_back(&self, model: &dyn LanguageModel) -> Result<bool> {
        let patience = self.journal.around().patience;
        let longest = if self.somebody_waits { BEFORE_A_PERSON } else { patience.until_back };
        let until = Instant::now() + patience.until_back.min(longest);
        let mut wait = patience.first_wait.min(Duration::from_secs(1));
        loop {
            if model.is_there(self.cancel) {
                (self.waits)(None);
                return Ok(true);
            }
            if Instant::now() >= until {
                (self.waits)(None);
                return Ok(false);
            }
            (self.waits)(Some("the model’s server does not answer"));
            manners::rest(wait, self.cancel)?;
            wait = (wait * 2).min(Duration::from_secs(5));
        }
    }

    fn failed(&self, fault: &Fault) {
        let mut state = self.state();
        state.n_failures += 1;
        if state.n_failures >= MOST_FAILURES {
            state.n_failures = 0;
            match fault {
                Fault::Refused(_) => state.refused = Some(fault.to_string()),
                _ => state.away_since = Some(Instant::now()),
            }
        }
    }

    pub(super) fn write(&self, asked: &Asked<'_, '_>, kind: Kind, ended: &Ended<'_>) -> Result<()> {
        let dream_id = self.dream.map(|dream| dream()).transpose()?;
        let now = self.journal.clock().now_ms();
        let card = asked.model.card();
        let mut learnt = self.learnt(card)?;
        if let Some(said) = ended.said.filter(|_| kind != Kind::Repair) {
            learnt.learn(asked.estimated, said);
        }
        self.journal.store().write(|tx| {
            ledger::write(
                tx,
                &ledger::Line {
                    dream_id,
                    stage: asked.question.stage,
                    prompt: &asked.question.prompt.version,
                    card,
                    kind,
                    outcome: ended.outcome,
                    reason: ended.reason,
                    remarks: ended.remarks,
                    estimated_tokens: asked.estimated,
                    said: ended.said,
                    took_ms: ended.took_ms,
                    now,
                },
            )?;
            if let Some(kept) = ended.kept {
                let prompt = &asked.question.prompt.version;
                let records = asked.question.record_ids;
                cache::keep(tx, &asked.key, &card.name, prompt, kept, records, now)?;
            }
            learnt.save(tx, card, now)
        })?;
        let mut state = self.state();
        state.learnt.insert(card.digest.clone(), learnt);
        let counts = &mut state.counts;
        counts.n_calls += 1;
        counts.model_ms += ended.took_ms;
        counts.prompt_tokens +=
            u64::from(ended.said.and_then(|s| s.prompt_tokens).unwrap_or_default());
        counts.reply_tokens +=
            u64::from(ended.said.and_then(|s| s.reply_tokens).unwrap_or_default());
        for (remark, n) in &ended.remarks.0 {
            *counts.remarks.entry(remark.name()).or_default() += n;
        }
        Ok(())
    }
}

/// Whether a server cut the prompt and said nothing: Ollama fills the window up to 0.24 and keeps half of
/// it since 0.30 (`server/prompt.go`, `llm/llama_server.go` of Ollama).
fn is_truncated(said: &Said, estimated: u32, card: &ModelCard) -> bool {
    let Some(counted) = said.prompt_tokens else { return false };
    let window = card.window_tokens;
    let half = window / 2;
    // We leave room for the reply: a prompt of our making does not fill the window.
    let is_full = counted + 1 >= window;
    let is_halved = (half + 1..=half + 3).contains(&counted) && counted < estimated;
    // Our estimate is high, but not three times as high.
    is_full || is_halved || u64::from(counted) * 3 < u64::from(estimated)
}
