//! The one place through which a dream asks a model: it measures, looks into the cache, waits its turn,
//! calls, tries again what is worth it, checks, has the error put right once, and writes the ledger.

mod call;

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use super::{
    LanguageModel,
    answer::{self, Complaint, Remark, Remarks},
    budget,
    cache::{self, Kept},
    choose::Minds,
    ledger::{self, Kind, Learnt, Outcome},
    manners::Gate,
    model::{Message, ModelCard, Role, Said},
    prompt::Prompt,
    schema,
};
use crate::{
    Journal, Result, api::minds::CallCounts, journal::Cancel, settings::MindSettings, store::Hash,
};

/// Between two looks whether a server that has gone is back.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// Dreams that began within so long belong to one night.
const NIGHT_MS: i64 = 18 * 3_600_000;
/// How long a server may take to hear that it can free its memory.
const GOODBYE: Duration = Duration::from_millis(600);
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
    dream: Option<&'a (dyn Fn() -> Result<i64> + Sync)>,
    /// Hears why the dream waits, and `None` when it goes on.
    waits: &'a (dyn Fn(Option<&str>) + Sync),
    is_night: bool,
    is_debug: bool,
    somebody_waits: bool,
    /// What earlier dreams of this night took: one that was broken off is no reason for a second helping.
    spent_before_ms: u64,
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
    /// Gives the dream's number, beginning it if need be; absent where no dream asks.
    pub dream: Option<&'a (dyn Fn() -> Result<i64> + Sync)>,
    /// Hears why the dream waits, and `None` when it goes on.
    pub waits: &'a (dyn Fn(Option<&str>) + Sync),
    /// Whether nobody asked for it just now: then it waits for battery and person.
    pub is_night: bool,
    /// Whether prompts and replies are told as events.
    pub is_debug: bool,
    /// Whether a person sits there and waits for the answer: then a server in trouble is tried once more,
    /// and not waited for.
    pub somebody_waits: bool,
}

/// What is heard of a reply while it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard<'t> {
    /// A reply begins; what was heard before is worth nothing any more.
    Anew,
    /// It goes on with this text.
    More(&'t str),
}

/// Who hears a reply while it comes.
pub type Ear<'e> = dyn Fn(Heard<'_>) + 'e;

/// How a call ended, as the ledger and the cache need to know it.
struct Ended<'e> {
    outcome: Outcome,
    reason: &'e str,
    remarks: &'e Remarks,
    said: Option<&'e Said>,
    took_ms: u64,
    kept: Option<&'e Kept>,
}

/// One question on its way.
struct Asked<'q, 'm> {
    question: &'q Question<'q>,
    model: &'m dyn LanguageModel,
    schema: &'q serde_json::Value,
    key: Hash,
    estimated: u32,
    reply_tokens: u32,
    ear: Option<&'q Ear<'q>>,
}

impl<'a> Caller<'a> {
    /// A caller for one dream.
    ///
    /// # Errors
    /// The store failed.
    pub fn new(journal: &'a Journal, minds: Minds, terms: Terms<'a>) -> Result<Self> {
        let settings = journal.settings().mind;
        let spent_before_ms = if terms.is_night {
            let since = journal.clock().now_ms() - NIGHT_MS;
            journal.store().read(|reader| ledger::spent_at_night(reader, since))?
        } else {
            0
        };
        Ok(Self {
            journal,
            minds,
            gate: Gate::new(settings.concurrency),
            settings,
            cancel: terms.cancel,
            dream: terms.dream,
            waits: terms.waits,
            is_night: terms.is_night,
            is_debug: terms.is_debug,
            somebody_waits: terms.somebody_waits,
            spent_before_ms,
            state: Mutex::default(),
        })
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

    /// Whether a question would be asked just now.
    #[must_use]
    pub fn can_ask(&self) -> bool {
        self.shortfall().is_none()
            || self.state().away_since.is_some_and(|since| since.elapsed() >= LOOK_AGAIN)
    }

    /// Why the model is not asked, or was not asked to the end, if it is so.
    #[must_use]
    pub fn shortfall(&self) -> Option<String> {
        let state = self.state();
        if let Some(refused) = &state.refused {
            return Some(refused.clone());
        }
        if self.is_spent(&state) {
            return Some(format!(
                "the time that a dream may ask the model ({} min) is used up",
                self.settings.most_minutes
            ));
        }
        state.away_since.map(|_| "the model’s server does not answer any more".into())
    }

    /// Lets the server free its memory, if it was asked anything.
    pub fn finish(&self) {
        if self.state().counts.n_calls > 0 {
            let models = [&self.minds.fast, &self.minds.deep].into_iter().flatten();
            let mut unloaded: Vec<&str> = Vec::new();
            for model in models {
                if !unloaded.contains(&model.card().name.as_str()) {
                    model.unload(&soon());
                    unloaded.push(&model.card().name);
                }
            }
        }
    }

    fn is_spent(&self, state: &State) -> bool {
        let most_ms = u64::from(self.settings.most_minutes) * 60_000;
        most_ms > 0 && self.spent_before_ms + state.counts.model_ms >= most_ms
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
        self.price_in(question, &schema::of::<T>())
    }

    /// The same with a schema of one's own.
    ///
    /// # Errors
    /// The store failed.
    pub fn price_in(&self, question: &Question<'_>, schema: &serde_json::Value) -> Result<Price> {
        let Some(model) = self.minds.of(question.profile) else { return Ok(Price::default()) };
        let card = model.card();
        let Some((messages, estimated)) = self.fit(question, card)? else {
            return Ok(Price { is_too_long: true, ..Price::default() });
        };
        let reply = reply_tokens(card, question.reply_tokens);
        let key = cache::key(card, &messages, schema, reply);
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
        self.ask_in(question, &schema::of::<T>(), check)
    }

    /// The same with a schema of one's own: that of `T`, with words in it that only this journal has, or
    /// without fields that `T` can do without.
    ///
    /// # Errors
    /// Cancelled, or the store failed. That there is no answer is no error.
    pub fn ask_in<T: DeserializeOwned, C>(
        &self,
        question: &Question<'_>,
        schema: &serde_json::Value,
        check: &dyn Fn(T, &mut Remarks) -> Result<C, Complaint>,
    ) -> Result<Result<Answered<C>, NoAnswer>> {
        self.ask_with(question, schema, None, check)
    }

    /// As [`ask`](Self::ask); `ear` hears the reply while it comes. Nothing of what it hears is checked.
    ///
    /// # Errors
    /// Cancelled, or the store failed. That there is no answer is no error.
    pub fn ask_aloud<T, C>(
        &self,
        question: &Question<'_>,
        ear: &Ear<'_>,
        check: &dyn Fn(T, &mut Remarks) -> Result<C, Complaint>,
    ) -> Result<Result<Answered<C>, NoAnswer>>
    where
        T: DeserializeOwned + JsonSchema,
    {
        self.ask_with(question, &schema::of::<T>(), Some(ear), check)
    }

    fn ask_with<T: DeserializeOwned, C>(
        &self,
        question: &Question<'_>,
        schema: &serde_json::Value,
        ear: Option<&Ear<'_>>,
        check: &dyn Fn(T, &mut Remarks) -> Result<C, Complaint>,
    ) -> Result<Result<Answered<C>, NoAnswer>> {
        self.cancel.check()?;
        let Some(model) = self.minds.of(question.profile).cloned() else {
            return Ok(Err(NoAnswer::Away));
        };
        let card = model.card();
        let Some((messages, estimated)) = self.fit(question, card)? else {
            return Ok(Err(NoAnswer::TooLong));
        };
        let reply_tokens = reply_tokens(card, question.reply_tokens);
        let key = cache::key(card, &messages, schema, reply_tokens);
        let read = |text: &str, remarks: &mut Remarks| -> Result<C, Complaint> {
            check(answer::read(text, schema, remarks)?, remarks)
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
                    if let Some(ear) = ear {
                        ear(Heard::Anew);
                        ear(Heard::More(&text));
                    }
                    self.state().counts.n_known += 1;
                    return Ok(Ok(Answered { value, model: card.name.clone(), remarks }));
                }
            }
            None => {}
        }
        let asked = Asked { question, model: &*model, schema, key, estimated, reply_tokens, ear };
        self.ask_anew(&asked, &messages, &read)
    }

    fn ask_anew<C>(
        &self,
        asked: &Asked<'_, '_>,
        messages: &[Message],
        read: &dyn Fn(&str, &mut Remarks) -> Result<C, Complaint>,
    ) -> Result<Result<Answered<C>, NoAnswer>> {
        let mut next = Some(messages.to_vec());
        for kind in [Kind::First, Kind::Repair] {
            let Some(messages) = next.take() else { break };
            let (said, took_ms) = match self.call(asked, &messages, kind)? {
                Ok(said) => said,
                Err(no_answer) => return Ok(Err(no_answer)),
            };
            let mut remarks = Remarks::default();
            if said.n_thought_bytes > 0 {
                remarks.add(Remark::Thoughts);
            }
            let value = read(&said.text, &mut remarks);
            let (outcome, reason, kept) = match &value {
                Ok(_) => (Outcome::Good, "", Some(Kept::Reply(said.text.clone()))),
                Err(wrong) => {
                    if kind == Kind::First {
                        next = self.repair(asked, &messages, wrong, &said.text)?;
                    }
                    let is_last = next.is_none();
                    (Outcome::Unusable, wrong.0.as_str(), is_last.then_some(Kept::Unusable))
                }
            };
            let ended = Ended {
                outcome,
                reason,
                remarks: &remarks,
                said: Some(&said),
                took_ms,
                kept: kept.as_ref(),
            };
            self.write(asked, kind, &ended)?;
            if let Ok(value) = value {
                let mut state = self.state();
                state.n_failures = 0;
                state.counts.n_repaired += u32::from(kind == Kind::Repair);
                drop(state);
                let model = asked.model.card().name.clone();
                return Ok(Ok(Answered { value, model, remarks }));
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

/// Cancels itself: who has stopped a dream does not wait for a server that hangs.
fn soon() -> Cancel {
    let cancel = Cancel::default();
    let timer = cancel.clone();
    thread::spawn(move || {
        thread::sleep(GOODBYE);
        timer.cancel();
    });
    cancel
}
