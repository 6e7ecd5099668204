//! The one place through which a dream asks a model: it measures, looks into the cache, waits its turn,
//! calls, tries again what is worth it, checks, has the error put right once, and writes the ledger.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use backon::{BackoffBuilder, ExponentialBuilder};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{
    Fault, LanguageModel,
    answer::{self, Complaint, Remark, Remarks},
    budget,
    cache::{self, Kept},
    choose::Minds,
    ledger::{self, Kind, Learnt, Outcome},
    manners::{self, Gate},
    model::{Chat, End, Message, ModelCard, Role, Said},
    prompt::Prompt,
    schema,
};
use crate::{
    Error, Journal, Result, api::minds::CallCounts, event::Event, journal::Cancel,
    settings::MindSettings, store::Hash,
};

/// Tries again after the first, for what passes by itself.
const MOST_RETRIES: usize = 3;
/// Questions in a row that came to nothing before the server is left alone for a while.
const MOST_FAILURES: u32 = 3;
/// Between two looks whether a server that has gone is back.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// What a model that cannot help thinking needs beside its reply.
const THOUGHT_TOKENS: u32 = 1_024;
/// Bytes of an unusable reply that are shown to the model again.
const SHOWN_AGAIN: usize = 600;

/// Which model is to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Many small questions.
    Fast,
    /// Few that need more thought.
    Deep,
}

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct Question<'q> {
    /// The stage that asks, for the ledger: "moments".
    pub stage: &'static str,
    /// Which model.
    pub profile: Profile,
    /// The prompt.
    pub prompt: &'q Prompt,
    /// What its places are filled with.
    pub places: &'q [(&'q str, &'q str)],
    /// The most tokens the reply may have.
    pub reply_tokens: u32,
    /// The records whose words are in the prompt.
    pub record_ids: &'q [i64],
}

/// A checked value.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered<C> {
    /// The value.
    pub value: C,
    /// The model that gave it.
    pub model: String,
    /// What had to be put right.
    pub remarks: Remarks,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoAnswer {
    /// There is no model in use, or it went away, or it fails again and again. Worth asking another night.
    Away,
    /// The minutes of this dream are used up. Worth asking another night.
    Limit,
    /// The prompt does not fit, or its reply did not: ask about less.
    TooLong,
    /// The model cannot do it, not even with the error named. Not worth asking again.
    Unusable,
}

/// What an answer would cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Price {
    /// Whether the answer is known already and costs nothing.
    pub is_known: bool,
    /// Whether the prompt is too long for the window.
    pub is_too_long: bool,
    /// Milliseconds, about.
    pub ms: u64,
}

/// Asks models on behalf of one dream. Can be shared between threads.
pub struct Caller<'a> {
    journal: &'a Journal,
    minds: Minds,
    settings: MindSettings,
    cancel: &'a Cancel,
    /// The dream under whose number the calls are written down; begun with the first one.
    dream: &'a (dyn Fn() -> Result<i64> + Sync),
    /// Hears why the dream waits, and `None` when it goes on.
    waits: &'a (dyn Fn(Option<&str>) + Sync),
    is_night: bool,
    is_debug: bool,
    gate: Gate,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    counts: CallCounts,
    learnt: HashMap<String, Learnt>,
    /// When the server was last found to be away.
    away_since: Option<Instant>,
    /// Why the model is not asked any more in this dream.
    refused: Option<String>,
    n_failures: u32,
}

/// How a dream wants its calls to be made.
#[derive(Clone, Copy)]
pub struct Terms<'a> {
    /// Stops all of it.
    pub cancel: &'a Cancel,
    /// Gives the dream's number, beginning it if need be.
    pub dream: &'a (dyn Fn() -> Result<i64> + Sync),
    /// Hears why the dream waits, and `None` when it goes on.
    pub waits: &'a (dyn Fn(Option<&str>) + Sync),
    /// Whether nobody asked for it just now: then it waits for battery and person.
    pub is_night: bool,
    /// Whether prompts and replies are told as events.
    pub is_debug: bool,
}

/// One question on its way.
struct Asked<'q, 'm> {
    question: &'q Question<'q>,
    model: &'m dyn LanguageModel,
    schema: &'q serde_json::Value,
    key: Hash,
    estimated: u32,
    reply_tokens: u32,
}

impl<'a> Caller<'a> {
    /// A caller for one dream.
    #[must_use]
    pub fn new(journal: &'a Journal, minds: Minds, terms: Terms<'a>) -> Self {
        let settings = journal.settings().mind;
        Self {
            journal,
            minds,
            gate: Gate::new(settings.concurrency),
            settings,
            cancel: terms.cancel,
            dream: terms.dream,
            waits: terms.waits,
            is_night: terms.is_night,
            is_debug: terms.is_debug,
            state: Mutex::default(),
        }
    }

    /// The models in use.
    #[must_use]
    pub fn minds(&self) -> &Minds {
        &self.minds
    }

    /// How many questions may be asked at the same time.
    #[must_use]
    pub fn concurrency(&self) -> usize {
        usize::from(self.settings.concurrency)
    }

    /// What the calls came to so far.
    #[must_use]
    pub fn counts(&self) -> CallCounts {
        self.state().counts.clone()
    }

    /// Why the model is no longer asked, if it is so.
    #[must_use]
    pub fn refused(&self) -> Option<String> {
        self.state().refused.clone()
    }

    /// Counts a question that was split because it was too long.
    pub fn count_split(&self) {
        self.state().counts.n_split += 1;
    }

    /// Tokens that the text filled into a prompt may have: what the window leaves beside the reply and
    /// the rest of the prompt. `None` without a model.
    ///
    /// # Errors
    /// The store failed.
    pub fn room(&self, question: &Question<'_>, n_examples: usize) -> Result<Option<u32>> {
        let Some(model) = self.minds.of(question.profile) else { return Ok(None) };
        let card = model.card();
        let empty: Vec<(&str, &str)> =
            question.places.iter().map(|(place, _)| (*place, "")).collect();
        let frame = budget::prompt_tokens(&question.prompt.messages(&empty, n_examples));
        let room = budget::room(card.window_tokens, reply_tokens(card, question.reply_tokens));
        let ratio = self.learnt(card)?.token_ratio.max(1.0);
        Ok(Some((f64::from(room) / ratio) as u32).map(|room| room.saturating_sub(frame)))
    }

    /// What an answer would cost; asks nothing.
    ///
    /// # Errors
    /// The store failed.
    pub fn price<T: JsonSchema>(&self, question: &Question<'_>) -> Result<Price> {
        let Some(model) = self.minds.of(question.profile) else { return Ok(Price::default()) };
        let card = model.card();
        let schema = schema::of::<T>();
        let Some((messages, estimated)) = self.fit(question, card)? else {
            return Ok(Price { is_too_long: true, ..Price::default() });
        };
        let reply = reply_tokens(card, question.reply_tokens);
        let key = cache::key(card, &messages, &schema, reply);
        if cache::find(self.journal.store(), &key)?.is_some() {
            return Ok(Price { is_known: true, ..Price::default() });
        }
        let learnt = self.learnt(card)?;
        // Replies are rarely as long as they may be.
        let ms = f64::from(estimated) * learnt.token_ratio * learnt.ms_per_prompt_token
            + f64::from(question.reply_tokens) * 0.4 * learnt.ms_per_reply_token;
        Ok(Price { ms: ms as u64, ..Price::default() })
    }

    /// Asks, and checks the reply. `check` turns it into what is kept, or says in one line what is wrong
    /// with it; that line is shown to the model once.
    ///
    /// # Errors
    /// Cancelled, or the store failed. That there is no answer is no error.
    pub fn ask<T, C>(
        &self,
        question: &Question<'_>,
        check: &dyn Fn(T, &mut Remarks) -> Result<C, Complaint>,
    ) -> Result<Result<Answered<C>, NoAnswer>>
    where
        T: DeserializeOwned + JsonSchema,
    {
        self.cancel.check()?;
        let Some(model) = self.minds.of(question.profile).cloned() else {
            return Ok(Err(NoAnswer::Away));
        };
        let card = model.card();
        let schema = schema::of::<T>();
        let Some((messages, estimated)) = self.fit(question, card)? else {
            return Ok(Err(NoAnswer::TooLong));
        };
        let reply_tokens = reply_tokens(card, question.reply_tokens);
        let key = cache::key(card, &messages, &schema, reply_tokens);
        let read = |text: &str, remarks: &mut Remarks| -> Result<C, Complaint> {
            check(answer::read(text, &schema, remarks)?, remarks)
        };
        match cache::find(self.journal.store(), &key)? {
            Some(Kept::Unusable) => {
                self.state().counts.n_known += 1;
                return Ok(Err(NoAnswer::Unusable));
            }
            Some(Kept::Reply(text)) => {
                let mut remarks = Remarks::default();
                // A reply that an older version let through and this one does not is asked for again.
                if let Ok(value) = read(&text, &mut remarks) {
                    self.state().counts.n_known += 1;
                    return Ok(Ok(Answered { value, model: card.name.clone(), remarks }));
                }
            }
            None => {}
        }
        let asked =
            Asked { question, model: &*model, schema: &schema, key, estimated, reply_tokens };
        self.ask_anew(&asked, &messages, &read)
    }

    fn ask_anew<C>(
        &self,
        asked: &Asked<'_, '_>,
        messages: &[Message],
        read: &dyn Fn(&str, &mut Remarks) -> Result<C, Complaint>,
    ) -> Result<Result<Answered<C>, NoAnswer>> {
        let mut complaint: Option<(Complaint, String)> = None;
        for kind in [Kind::First, Kind::Repair] {
            let messages = match &complaint {
                None => messages.to_vec(),
                Some((complaint, reply)) => match self.repair(asked, messages, complaint, reply)? {
                    Some(messages) => messages,
                    None => break,
                },
            };
            let (said, took) = match self.call(asked, &messages, kind)? {
                Ok(said) => said,
                Err(no_answer) => return Ok(Err(no_answer)),
            };
            let mut remarks = Remarks::default();
            if said.n_thought_bytes > 0 {
                remarks.add(Remark::Thoughts);
            }
            match read(&said.text, &mut remarks) {
                Ok(value) => {
                    let kept = Kept::Reply(said.text.clone());
                    self.write(
                        asked,
                        kind,
                        Outcome::Good,
                        "",
                        &remarks,
                        Some(&said),
                        took,
                        Some(&kept),
                    )?;
                    let mut state = self.state();
                    state.n_failures = 0;
                    state.counts.n_repaired += u32::from(kind == Kind::Repair);
                    drop(state);
                    let model = asked.model.card().name.clone();
                    return Ok(Ok(Answered { value, model, remarks }));
                }
                Err(wrong) => {
                    let kept = (kind == Kind::Repair).then_some(Kept::Unusable);
                    self.write(
                        asked,
                        kind,
                        Outcome::Unusable,
                        &wrong.0,
                        &remarks,
                        Some(&said),
                        took,
                        kept.as_ref(),
                    )?;
                    complaint = Some((wrong, said.text));
                }
            }
        }
        let mut state = self.state();
        state.n_failures = 0;
        state.counts.n_unusable += 1;
        Ok(Err(NoAnswer::Unusable))
    }

    /// The messages and their tokens, with as many examples as fit; `None` if it is too long without any.
    fn fit(
        &self,
        question: &Question<'_>,
        card: &ModelCard,
    ) -> Result<Option<(Vec<Message>, u32)>> {
        let room = budget::room(card.window_tokens, reply_tokens(card, question.reply_tokens));
        let ratio = self.learnt(card)?.token_ratio.max(1.0);
        for n_examples in (0..=question.prompt.n_examples()).rev() {
            let messages = question.prompt.messages(question.places, n_examples);
            let estimated = budget::prompt_tokens(&messages);
            if f64::from(estimated) * ratio <= f64::from(room) {
                return Ok(Some((messages, estimated)));
            }
        }
        Ok(None)
    }

    /// The first question again, with the reply and what is wrong with it, if that fits.
    fn repair(
        &self,
        asked: &Asked<'_, '_>,
        messages: &[Message],
        complaint: &Complaint,
        reply: &str,
    ) -> Result<Option<Vec<Message>>> {
        let card = asked.model.card();
        let mut shown = SHOWN_AGAIN.min(reply.len());
        while !reply.is_char_boundary(shown) {
            shown -= 1;
        }
        let wrong = format!(
            "That cannot be used: {}. Answer again, with nothing but the JSON that was asked for.",
            complaint.0
        );
        let mut longer = messages.to_vec();
        if !reply.trim().is_empty() {
            longer.push(Message::new(Role::Assistant, &reply[..shown]));
        }
        longer.push(Message::new(Role::User, wrong));
        let room = budget::room(card.window_tokens, asked.reply_tokens);
        let ratio = self.learnt(card)?.token_ratio.max(1.0);
        let fits = f64::from(budget::prompt_tokens(&longer)) * ratio <= f64::from(room);
        Ok(fits.then_some(longer))
    }

    /// One call, tried again while that is worth it.
    fn call(
        &self,
        asked: &Asked<'_, '_>,
        messages: &[Message],
        kind: Kind,
    ) -> Result<Result<(Said, u64), NoAnswer>> {
        let patience = self.journal.around().patience;
        let mut waits = ExponentialBuilder::default()
            .with_min_delay(patience.first_wait)
            .with_factor(2.0)
            .with_max_times(MOST_RETRIES)
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
                    let none = Remarks::default();
                    self.write(asked, this, outcome, reason, &none, Some(&said), took, None)?;
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
                    let none = Remarks::default();
                    self.write(asked, this, outcome, &fault.to_string(), &none, None, took, None)?;
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
        let (is_refused, away_since, spent_ms) = {
            let state = self.state();
            (state.refused.is_some(), state.away_since, state.counts.model_ms)
        };
        if is_refused {
            return Ok(Some(NoAnswer::Away));
        }
        let most_ms = u64::from(self.settings.most_minutes) * 60_000;
        if most_ms > 0 && spent_ms >= most_ms {
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
        let ended = asked.model.chat(&chat, self.cancel);
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
        let until = Instant::now() + patience.until_back;
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

    #[expect(clippy::too_many_arguments, reason = "a line of the ledger has that many columns")]
    fn write(
        &self,
        asked: &Asked<'_, '_>,
        kind: Kind,
        outcome: Outcome,
        reason: &str,
        remarks: &Remarks,
        said: Option<&Said>,
        took_ms: u64,
        kept: Option<&Kept>,
    ) -> Result<()> {
        let dream_id = (self.dream)()?;
        let now = self.journal.clock().now_ms();
        let card = asked.model.card();
        let mut learnt = self.learnt(card)?;
        if let Some(said) = said.filter(|_| kind != Kind::Repair) {
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
                    outcome,
                    reason,
                    remarks,
                    estimated_tokens: asked.estimated,
                    said,
                    took_ms,
                    now,
                },
            )?;
            if let Some(kept) = kept {
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
        counts.model_ms += took_ms;
        counts.prompt_tokens += u64::from(said.and_then(|s| s.prompt_tokens).unwrap_or_default());
        counts.reply_tokens += u64::from(said.and_then(|s| s.reply_tokens).unwrap_or_default());
        for (remark, n) in &remarks.0 {
            *counts.remarks.entry(remark.name()).or_default() += n;
        }
        Ok(())
    }

    fn learnt(&self, card: &ModelCard) -> Result<Learnt> {
        if let Some(learnt) = self.state().learnt.get(&card.digest) {
            return Ok(*learnt);
        }
        let learnt = self.journal.store().read(|reader| Learnt::of(reader, &card.digest))?;
        self.state().learnt.insert(card.digest.clone(), learnt);
        Ok(learnt)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn reply_tokens(card: &ModelCard, wanted: u32) -> u32 {
    wanted + if card.thinks { THOUGHT_TOKENS } else { 0 }
}

/// Whether a server cut the prompt and said nothing: Ollama fills the window up to 0.24 and keeps half of
/// it since 0.30 (`server/prompt.go`, `llm/llama_server.go` of Ollama).
fn is_truncated(said: &Said, estimated: u32, card: &ModelCard) -> bool {
    let Some(counted) = said.prompt_tokens else { return false };
    let window = card.window_tokens;
    let half = window / 2;
    let is_suspicious = counted + 1 >= window || (half + 1..=half + 3).contains(&counted);
    // Our estimate is high, but never three times as high.
    is_suspicious && counted < estimated || u64::from(counted) * 3 < u64::from(estimated)
}
