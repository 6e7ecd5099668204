//! What a model expects of the days to come, held against the moments it was shown.

use chrono::{Days as Span, NaiveDate};

use super::reply::{self, Reply, Said};
use crate::{
    Result,
    api::predictions::PredictionKind,
    dream::{
        night::Night,
        stages::{
            lines,
            reading::Reading,
            reflect,
            told::{Asked, Given, language_name},
        },
    },
    insights::{
        lived::{Days, Lived},
        predictions::{Prediction, key},
    },
    mind::{
        answer::{Complaint, Remark, Remarks},
        caller::{Caller, NoAnswer, Price, Profile, Question},
        quoted::{self, Piece},
    },
    text::{
        language::{self, Language},
        words,
    },
};

/// Days whose moments are shown, the newest included.
pub(super) const SHOWN_DAYS: u64 = 7;
/// Moments below which there is nothing to go by.
pub(super) const FEWEST: usize = 6;
/// Tokens of moments that are shown; of more, the weightiest.
const MOST_TOKENS: u32 = 3_000;
/// Tokens of a question's places beside the moments.
const SLACK: u32 = 60;
/// Predictions that are kept of one night.
const MOST: usize = 3;
/// Stems by which one is known again.
const MOST_WORDS: usize = 8;

/// Asks a model what is to come.
pub(super) fn foretell(
    night: &Night<'_>,
    caller: &Caller<'_>,
    days: &Days<'_>,
    newest: NaiveDate,
) -> Result<Result<Vec<Prediction>, NoAnswer>> {
    if caller.minds().of(Profile::Deep).is_none() {
        return Ok(Err(NoAnswer::Away));
    }
    let since = newest.checked_sub_days(Span::new(SHOWN_DAYS - 1)).unwrap_or(newest);
    let moments = days.between(&since.to_string(), &newest.to_string());
    let mut weightiest: Vec<&Lived> = moments.iter().collect();
    weightiest.sort_by(|a, b| {
        let by_weight = b.importance.total_cmp(&a.importance);
        by_weight.then(b.starts_at.cmp(&a.starts_at)).then(b.id.cmp(&a.id))
    });
    let prompt = &night.reading.prompts.predict;
    let bare = [("day", ""), ("code", ""), ("moments", ""), ("language", "")];
    let question = Question {
        stage: "predict",
        profile: Profile::Deep,
        prompt,
        places: &bare,
        reply_tokens: reply::TOKENS,
        record_ids: &[],
    };
    let room = caller.room(&question, 0)?.unwrap_or_default();
    let shown = lines::that_fit(&weightiest, room.saturating_sub(SLACK).min(MOST_TOKENS));
    if shown.len() < FEWEST {
        return Ok(Ok(Vec::new()));
    }
    let told: Vec<String> = shown.iter().map(|moment| lines::line(moment)).collect();
    let handles: Vec<String> = (1..=told.len()).map(|n| format!("m{n}")).collect();
    let pieces: Vec<Piece<'_>> =
        told.iter().zip(&handles).map(|(text, handle)| Piece { handle, by: "", text }).collect();
    let quoted = quoted::quote(&pieces);
    let summaries: Vec<&str> = shown.iter().map(|moment| moment.summary.as_str()).collect();
    let language = language::detect(&summaries.join("\n\n"), None);
    let name = language_name(language, "moments");
    let day = newest.format("%A %-d %B %Y").to_string();
    let places = [
        ("day", day.as_str()),
        ("code", &quoted.code),
        ("moments", &quoted.text),
        ("language", &name),
    ];
    let ids: Vec<i64> = shown.iter().map(|moment| moment.id).collect();
    let record_ids = night.read(|reader| reflect::record_ids(reader, &ids))?;
    let question = Question { places: &places, record_ids: &record_ids, ..question };
    let asked = Asked {
        what: "moments",
        language,
        to_machine: false,
        rules: prompt.system(),
        code: &quoted.code,
    };
    let people = shown.iter().flat_map(|moment| &moment.people).map(String::as_str).collect();
    let given = Given::new(told.iter().map(String::as_str).collect(), people, asked);
    let checking = Checking { shown: &shown, given: &given, language, newest };
    let answer = caller
        .ask::<Reply, Vec<Prediction>>(&question, &|said, remarks| checking.all(&said, remarks))?;
    Ok(answer.map(|answered| {
        let mut predictions = answered.value;
        for one in &mut predictions {
            one.mind.clone_from(&answered.model);
        }
        predictions
    }))
}

/// What asking about so many moments would cost.
pub(super) fn price(n_moments: usize, reading: &Reading<'_>, caller: &Caller<'_>) -> Result<Price> {
    // A moment takes about as many words as this.
    let moments = "word ".repeat(50 * n_moments.min(40));
    let places = [("day", ""), ("code", ""), ("moments", moments.as_str()), ("language", "")];
    caller.price::<Reply>(&Question {
        stage: "predict",
        profile: Profile::Deep,
        prompt: &reading.prompts.predict,
        places: &places,
        reply_tokens: reply::TOKENS,
        record_ids: &[],
    })
}

struct Checking<'c> {
    shown: &'c [&'c Lived],
    given: &'c Given<'c>,
    language: Option<Language>,
    newest: NaiveDate,
}

impl Checking<'_> {
    /// Those that may be kept. If none of several may, the model is told.
    fn all(&self, said: &Reply, remarks: &mut Remarks) -> Result<Vec<Prediction>, Complaint> {
        let kept: Vec<Prediction> =
            said.predictions.iter().filter_map(|one| self.one(one, remarks)).take(MOST).collect();
        if kept.is_empty() && !said.predictions.is_empty() {
            return Err(Complaint(
                "each prediction needs handles of moments that were shown, and only their names, \
                 numbers and language"
                    .into(),
            ));
        }
        Ok(kept)
    }

    fn one(&self, said: &Said, remarks: &mut Remarks) -> Option<Prediction> {
        let (evidence, n_unknown) = lines::named(&said.evidence, self.shown);
        for _ in 0..n_unknown {
            remarks.add(Remark::MissingEvidence);
        }
        if evidence.is_empty() {
            remarks.add(Remark::MissingEvidence);
            return None;
        }
        let statement = self.given.check(&said.statement, reply::STATEMENT, remarks).ok()?;
        let ahead = said.due_in_days.clamp(1, reply::FARTHEST_DAYS);
        let due_on = self.newest.checked_add_days(Span::new(u64::from(ahead)))?;
        let mut stems: Vec<String> = Vec::new();
        for stem in words::content_stems(&statement, self.language) {
            if !stems.contains(&stem) && stems.len() < MOST_WORDS {
                stems.push(stem);
            }
        }
        if stems.is_empty() {
            remarks.add(Remark::MissingField);
            return None;
        }
        let mut sorted = stems.clone();
        sorted.sort();
        let mut tags: Vec<String> =
            evidence.iter().flat_map(|moment| moment.tags.clone()).collect();
        tags.sort();
        tags.dedup();
        let people = evidence
            .iter()
            .flat_map(|moment| &moment.people)
            .filter(|name| statement.contains(*name));
        let mut people: Vec<String> = people.cloned().collect();
        people.sort();
        people.dedup();
        Some(Prediction {
            kind: PredictionKind::Foretold,
            key: key(PredictionKind::Foretold, &sorted.join(" "), due_on),
            statement,
            language: self.language.map_or_else(String::new, |language| language.code().to_owned()),
            made_on: self.newest,
            due_from: self.newest.checked_add_days(Span::new(1))?,
            due_on,
            confidence: f64::from(said.confidence.clamp(1, 99)) / 100.0,
            tags,
            people,
            words: stems,
            moment_ids: evidence.iter().map(|moment| moment.id).collect(),
            mind: String::new(),
        })
    }
}
