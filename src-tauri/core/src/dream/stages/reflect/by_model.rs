//! A reflection by a model: shown the sampled moments and what helped before, and held against them.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::reply::{self, Reply, Said};
use crate::{
    Result,
    api::insights::{Depth, InsightKind},
    dream::{
        night::Night,
        stages::{
            lines,
            reading::Reading,
            told::{Asked, Given, language_name},
        },
    },
    insights::{
        chance,
        found::{self, Found},
        lived::Lived,
        plain,
        reflections::{self, Known, Reflection, Window},
    },
    mind::{
        answer::{Complaint, Remark, Remarks},
        caller::{Caller, NoAnswer, Price, Profile, Question},
        quoted::{self, Piece, Quoted},
    },
    text::language::{self, Language},
};

/// Tokens of moments that are shown; of more, the weightiest.
const MOST_TOKENS: u32 = 3_000;
/// Tokens of a question's places beside the moments.
const SLACK: u32 = 60;
/// Strategies that are told.
const MOST_STRATEGIES: usize = 5;
/// Tokens that they take, about.
const STRATEGY_TOKENS: u32 = 400;
/// What stands in the place of strategies where none is known.
const NONE_KNOWN: &str = "nothing is known yet";

/// What a model told.
#[derive(Debug)]
pub(super) struct Told {
    text: String,
    sentiment: f64,
    found: Vec<Found>,
    /// The moments whose words it was told beside the sample.
    told_of: Vec<i64>,
    language: Option<Language>,
    model: String,
}

impl Told {
    /// Puts the model's words into a reflection by rule. Numbers are the rule's: a model counts badly.
    pub(super) fn lay_over(self, reflection: &mut Reflection) {
        let is_both = reflection.label == crate::api::insights::SentimentLabel::Mixed;
        reflection.text = self.text;
        reflection.sentiment = self.sentiment;
        reflection.label = plain::label(self.sentiment, is_both);
        if let Some(language) = self.language {
            language.code().clone_into(&mut reflection.language);
        }
        let mut ids: BTreeSet<i64> = reflection.moment_ids.iter().copied().collect();
        ids.extend(self.told_of);
        ids.extend(self.found.iter().flat_map(|found| &found.moment_ids));
        reflection.moment_ids = ids.into_iter().collect();
        reflection.found = merged(self.found, std::mem::take(&mut reflection.found));
        reflection.mind = self.model;
        reflection.is_provisional = false;
    }
}

/// What a model found, then what rules found beside it; the same thing once, in the model's words and with
/// the rule's numbers.
fn merged(by_model: Vec<Found>, by_rule: Vec<Found>) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for found in by_model.into_iter().chain(by_rule) {
        let is_known = |known: &&mut Found| known.kind == found.kind && known.key == found.key;
        match all.iter_mut().find(is_known) {
            None => all.push(found),
            Some(known) => {
                known.sample = known.sample.or(found.sample);
                known.confidence = known.confidence.max(found.confidence);
                for id in found.moment_ids {
                    if !known.moment_ids.contains(&id) {
                        known.moment_ids.push(id);
                    }
                }
                known.moment_ids.sort_unstable_by(|a, b| b.cmp(a));
            }
        }
    }
    all
}

/// Lets a model reflect.
pub(super) fn tell(
    night: &Night<'_>,
    caller: &Caller<'_>,
    window: &Window,
    samples: &[&Lived],
) -> Result<Result<Told, NoAnswer>> {
    if caller.minds().of(Profile::Deep).is_none() {
        return Ok(Err(NoAnswer::Away));
    }
    let prompt = &night.reading.prompts.reflect;
    let bare = [("scope", ""), ("code", ""), ("moments", ""), ("strategies", ""), ("language", "")];
    let question = Question {
        stage: "reflect",
        profile: Profile::Deep,
        prompt,
        places: &bare,
        reply_tokens: reply::TOKENS,
        record_ids: &[],
    };
    let room = caller.room(&question, 0)?.unwrap_or_default();
    let most = room.saturating_sub(SLACK + STRATEGY_TOKENS).min(MOST_TOKENS);
    let shown = lines::that_fit(samples, most);
    if shown.len() < super::FEWEST {
        return Ok(Err(NoAnswer::TooLong));
    }
    let known = night
        .read(|reader| reflections::strategies_before(reader, &window.ends_on, MOST_STRATEGIES))?;
    let asking = Asking::new(window, shown, known);
    let record_ids = night.read(|reader| record_ids(reader, &asking.ids()))?;
    let places = asking.places();
    let question = Question { places: &places, record_ids: &record_ids, ..question };
    let given = asking.given(prompt.system());
    let answer = caller.ask::<Reply, Checked>(&question, &|said, remarks| {
        check(&said, &asking, &given, remarks)
    })?;
    Ok(answer.map(|answered| {
        let Checked { text, sentiment, mut found } = answered.value;
        for one in &mut found {
            one.mind.clone_from(&answered.model);
        }
        Told {
            text,
            sentiment,
            found,
            told_of: asking.known.iter().flat_map(|known| known.moment_ids.clone()).collect(),
            language: asking.language,
            model: answered.model,
        }
    }))
}

/// What asking about so many moments would cost.
pub(super) fn price(n_moments: usize, reading: &Reading<'_>, caller: &Caller<'_>) -> Result<Price> {
    // A moment takes about as many words as this.
    let moments = "word ".repeat(50 * n_moments.min(40));
    let places = [
        ("scope", ""),
        ("code", ""),
        ("moments", moments.as_str()),
        ("strategies", ""),
        ("language", ""),
    ];
    caller.price::<Reply>(&Question {
        stage: "reflect",
        profile: Profile::Deep,
        prompt: &reading.prompts.reflect,
        places: &places,
        reply_tokens: reply::TOKENS,
        record_ids: &[],
    })
}

/// The records on which moments rest.
pub(in crate::dream::stages) fn record_ids(
    reader: &Connection,
    moments: &[i64],
) -> Result<Vec<i64>> {
    let mut find =
        reader.prepare_cached("SELECT DISTINCT record_id FROM evidence WHERE moment_id = ?1")?;
    let mut all: BTreeSet<i64> = BTreeSet::new();
    for id in moments {
        for record in find.query_map([id], |row| row.get(0))? {
            all.insert(record?);
        }
    }
    Ok(all.into_iter().collect())
}

/// The moments as they are shown.
struct Asking<'m> {
    scope: &'static str,
    shown: Vec<&'m Lived>,
    lines: Vec<String>,
    known: Vec<Known>,
    moments: Quoted,
    strategies: String,
    language: Option<Language>,
    language_name: String,
}

impl<'m> Asking<'m> {
    fn new(window: &Window, shown: Vec<&'m Lived>, known: Vec<Known>) -> Self {
        let lines: Vec<String> = shown.iter().map(|moment| lines::line(moment)).collect();
        let handles = |letter: char, n: usize| -> Vec<String> {
            (1..=n).map(|n| format!("{letter}{n}")).collect()
        };
        let (of_moments, of_known) = (handles('m', lines.len()), handles('s', known.len()));
        let pieces: Vec<Piece<'_>> = lines
            .iter()
            .zip(&of_moments)
            .map(|(text, handle)| Piece { handle, by: "", text })
            .chain(known.iter().zip(&of_known).map(|(known, handle)| Piece {
                handle,
                by: "",
                text: &known.statement,
            }))
            .collect();
        // One code for both, drawn from all of them.
        let all = quoted::quote(&pieces);
        let begins = format!("<s1-{}", all.code);
        let (moments, strategies) = match all.text.find(&begins) {
            Some(at) => (all.text[..at].trim_end().to_owned(), all.text[at..].to_owned()),
            None => (all.text, NONE_KNOWN.to_owned()),
        };
        let summaries: Vec<&str> = shown.iter().map(|moment| moment.summary.as_str()).collect();
        let language = language::detect(&summaries.join("\n\n"), None);
        Self {
            scope: if window.depth == Depth::Meta { "one week" } else { "the last day" },
            lines,
            known,
            moments: Quoted { text: moments, code: all.code },
            strategies,
            language,
            language_name: language_name(language, "moments"),
            shown,
        }
    }

    fn ids(&self) -> Vec<i64> {
        let shown = self.shown.iter().map(|moment| moment.id);
        shown.chain(self.known.iter().flat_map(|known| known.moment_ids.clone())).collect()
    }

    fn places(&self) -> [(&'static str, &str); 5] {
        [
            ("scope", self.scope),
            ("code", &self.moments.code),
            ("moments", &self.moments.text),
            ("strategies", &self.strategies),
            ("language", &self.language_name),
        ]
    }

    fn given<'d>(&'d self, rules: &'d str) -> Given<'d> {
        let asked = Asked {
            what: "moments",
            language: self.language,
            to_machine: false,
            rules,
            code: &self.moments.code,
        };
        let texts = self.lines.iter().map(String::as_str);
        let known = self.known.iter().map(|known| known.statement.as_str());
        let people = self.shown.iter().flat_map(|moment| &moment.people).map(String::as_str);
        Given::new(texts.chain(known).collect(), people.collect(), asked)
    }
}

#[derive(Debug)]
struct Checked {
    text: String,
    sentiment: f64,
    found: Vec<Found>,
}

fn check(
    said: &Reply,
    asking: &Asking<'_>,
    given: &Given<'_>,
    remarks: &mut Remarks,
) -> Result<Checked, Complaint> {
    let text = given.check(&said.reflection, reply::REFLECTION, remarks).map_err(|wrong| {
        // The checks speak of what most stages ask for.
        Complaint(wrong.0.replace("summary", "reflection"))
    })?;
    let mut found: Vec<Found> = Vec::new();
    for (kind, list) in [
        (InsightKind::Pattern, &said.patterns),
        (InsightKind::Strategy, &said.strategies),
        (InsightKind::Theme, &said.themes),
    ] {
        for one in list {
            found.extend(checked(kind, one, asking, given, remarks));
        }
    }
    Ok(Checked { text, sentiment: f64::from(said.sentiment.clamp(-2, 2)) / 2.0, found })
}

/// What it says it found, if it may be kept: in words that the moments bear out, and with evidence.
fn checked(
    kind: InsightKind,
    said: &Said,
    asking: &Asking<'_>,
    given: &Given<'_>,
    remarks: &mut Remarks,
) -> Option<Found> {
    let (mut evidence, n_unknown) = lines::named(&said.evidence, &asking.shown);
    let fewest = if kind == InsightKind::Theme { 1 } else { 2 };
    for _ in 0..n_unknown {
        remarks.add(Remark::MissingEvidence);
    }
    if evidence.len() < fewest {
        remarks.add(Remark::MissingEvidence);
        return None;
    }
    let statement = given.check(&said.statement, reply::STATEMENT, remarks).ok()?;
    evidence.sort_by_key(|moment| (moment.starts_at, moment.id));
    let (about, tags) = found::about(kind, &statement, &evidence);
    let n = u32::try_from(evidence.len()).unwrap_or(u32::MAX);
    Some(Found {
        kind,
        key: found::key(kind, &about),
        statement,
        language: asking.language.map_or_else(String::new, |language| language.code().to_owned()),
        tags,
        moment_ids: evidence.iter().rev().map(|moment| moment.id).collect(),
        // Nothing was counted: it is as sure as so many cases without one against it.
        confidence: chance::share(n, n),
        sample: None,
        mind: String::new(),
    })
}
