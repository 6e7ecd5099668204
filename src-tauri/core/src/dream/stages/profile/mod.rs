//! The profile: who the person is lately, told from the days that were dreamt last. By rule (`crate::profile`),
//! and by the deep model where there is one (`by_model`).
//!
//! Counts: `versions` laid down, `interests`, `people`, `days` and `moments` they were counted from, and
//! `edges_added`, `edges_changed`, `edges_removed` from the person to what they were engaged with.

mod by_model;
mod reply;

use std::collections::BTreeMap;

use chrono::Days;

use self::by_model::Told;
use crate::{
    Result,
    api::dreams::{Stage, StageReport},
    clock::parse_day,
    dream::night::{self, Night},
    graph::engaged::{self, Changes},
    mind::{builtin, caller::Profile},
    profile::{self, Content, Edits, FEWEST_DAYS, FEWEST_MOMENTS, Material, Telling},
    store::Hash,
};

/// The stage, by its name among the inputs.
const NAME: &str = "profile";
/// Changes when the same material would have to be told anew.
const VERSION: &[u8] = b"profile-1";
/// Days after which what a model told is so old that what is counted without one says more.
const STALE_DAYS: u64 = 7;
/// There is too little to say who somebody is.
const TOO_LITTLE: &str = "insufficient_memories";

/// Who is to tell a profile, or told it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Teller {
    Model(String),
    /// Nobody wants a model, or it cannot do it.
    BuiltIn,
    /// A model is wanted and missed.
    StandIn,
}

impl Teller {
    fn of(night: &Night<'_>) -> Self {
        if let Some(caller) = night.reading.caller {
            return match caller.minds().of(Profile::Deep) {
                Some(model) => Self::Model(model.card().name.clone()),
                None => Self::BuiltIn,
            };
        }
        if night.lacks_model() { Self::StandIn } else { Self::BuiltIn }
    }

    fn name(&self) -> &str {
        match self {
            Self::Model(name) => name,
            Self::BuiltIn | Self::StandIn => builtin::NAME,
        }
    }
}

/// Tells who the person is lately, if anything that it is told from has changed.
pub(in crate::dream) fn run(night: &Night<'_>) -> Result<StageReport> {
    let mut account = night.account(Stage::Profile);
    let settings = night.journal.settings();
    let today = night.calendar.day_of(night.now());
    let lookback = settings.profile.lookback_days;
    let (material, edits, latest) = night.read(|reader| {
        let material = Material::read(reader, lookback, today, &settings.own_names, night.cancel)?;
        Ok((material, Edits::read(reader)?, profile::latest(reader)?))
    })?;
    let is_enough =
        material.n_days_with_moments() >= FEWEST_DAYS && material.moments.len() >= FEWEST_MOMENTS;
    account.count("days", count(material.days.len()));
    account.count("moments", count(material.moments.len()));
    if !is_enough {
        let changes = night.read(|reader| Changes::look(reader, BTreeMap::new()))?;
        if !changes.is_nothing() {
            night.write(|writing| engaged::write(writing, &changes))?;
        }
        return Ok(account.skipped(TOO_LITTLE));
    }
    let wanted = Teller::of(night);
    let input = |teller: &Teller| hash(&material, teller);
    let is_kept =
        |teller: &Teller| night.read(|reader| night::is_same_input(reader, NAME, input(teller)));
    let by_model = latest.as_ref().filter(|version| version.mind != builtin::NAME);
    // What a model told of this very material stands, whoever would tell it now.
    let stands = match by_model {
        Some(version) => is_kept(&Teller::Model(version.mind.clone()))?,
        None => false,
    };
    if stands || latest.is_some() && is_kept(&wanted)? {
        if wanted == Teller::StandIn {
            account.lacked_model(&shortfall(night));
        }
        return Ok(account.unchanged());
    }
    let mut content = Content::of(&material);
    content.lines = profile::told(&content);
    let mut teller = wanted.clone();
    if let (Some(caller), Teller::Model(_)) = (night.reading.caller, &wanted) {
        let mut counted = content.clone();
        edits.lay_over(&mut counted);
        counted.lines = profile::told(&counted);
        let unwanted = edits.unwanted();
        teller = match by_model::tell(&material, &counted, &unwanted, &night.reading, caller)? {
            Told::Lines(lines, model) => {
                content.lines = lines;
                Teller::Model(model)
            }
            Told::Nothing { is_for_now: true } => Teller::StandIn,
            // That it cannot is known as long as it is the same model.
            Told::Nothing { is_for_now: false } => Teller::BuiltIn,
        };
    }
    night.cancel.check()?;
    let is_stand_in = teller == Teller::StandIn;
    if is_stand_in {
        account.lacked_model(&shortfall(night));
        if by_model.is_some_and(|version| is_fresh(&version.content, &content)) {
            return Ok(account.unchanged());
        }
    }
    let kept_as = if is_stand_in { &teller } else { &wanted };
    let changes = night.read(|reader| Changes::look(reader, profile::engaged(&material)))?;
    let is_new = latest.as_ref().is_none_or(|version| version.content != content);
    if !is_new && changes.is_nothing() && is_kept(kept_as)? {
        return Ok(account.unchanged());
    }
    night.write(|writing| {
        if is_new {
            let telling = Telling { mind: teller.name(), is_provisional: is_stand_in };
            profile::add(writing, &content, &material, telling)?;
        }
        engaged::write(writing, &changes)?;
        night::keep_input(writing, NAME, input(kept_as))
    })?;
    account.count("versions", u32::from(is_new));
    account.count("interests", count(content.interests.len()));
    account.count("people", count(content.people.len()));
    let [added, changed, removed] = changes.counts();
    account.count("edges_added", added);
    account.count("edges_changed", changed);
    account.count("edges_removed", removed);
    Ok(account.done())
}

/// Of all that is read, and of who tells it. The person's edits are no part of it: they are laid over
/// whatever was told.
fn hash(material: &Material, teller: &Teller) -> Hash {
    // Without a model it is told the same, whether one is missed or not.
    let model = match teller {
        Teller::Model(name) => name.as_str(),
        Teller::BuiltIn | Teller::StandIn => "",
    };
    let material = serde_json::to_string(material).unwrap_or_default();
    Hash::of_fields([VERSION, material.as_bytes(), model.as_bytes()])
}

/// Whether what a model told is not much older than what could be told without one.
fn is_fresh(told: &Content, counted: &Content) -> bool {
    let (Ok(told), Ok(counted)) = (parse_day(&told.last_day), parse_day(&counted.last_day)) else {
        return false;
    };
    told.checked_add_days(Days::new(STALE_DAYS)).is_some_and(|until| counted < until)
}

fn shortfall(night: &Night<'_>) -> String {
    let asked = night.reading.caller.and_then(|caller| caller.shortfall());
    asked.unwrap_or_else(|| "there is no model at present".into())
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
