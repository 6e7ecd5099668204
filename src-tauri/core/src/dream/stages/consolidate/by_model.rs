//! Proposals worded and judged by a model. What it says is held against the words it was shown.

use super::{
    is_conflict,
    reply::{self, Judged, Merged, Verdict},
};
use crate::{
    Result,
    consolidation::{self, Proposal, Unit},
    dream::{
        night::Night,
        stages::told::{Asked, Given, language_name},
    },
    mind::{
        answer::{Complaint, Remark, Remarks},
        budget,
        caller::{Caller, NoAnswer, Profile, Question},
        prompt::Prompt,
        quoted::{self, Piece, Quoted},
    },
    text::{language, language::Language, secrets},
};

/// Tokens of texts above which a model is not asked to merge them: it would leave half of them out.
const MOST_TOKENS: u32 = 1_500;
const WHAT: &str = "texts";

/// Lets a model word a proposal, or say that there is nothing in it. `Err`: a model is missed that may be
/// back another night.
pub(super) fn word(
    night: &Night<'_>,
    caller: &Caller<'_>,
    proposal: &mut Proposal,
    units: &[Unit],
) -> Result<Result<(), NoAnswer>> {
    let texts = night.read(|reader| {
        let mut texts = Vec::new();
        for source in &proposal.sources {
            let unit = units.iter().find(|unit| (unit.thing, unit.id) == (source.thing, source.id));
            let body = unit.map(|unit| consolidation::body(reader, unit)).transpose()?;
            let body = body.unwrap_or_default();
            let part = source.span.and_then(|(from, to)| body.get(from..to));
            // A secret is no business of a model's either.
            texts.push(secrets::scrub(part.unwrap_or(&body)).text);
        }
        Ok(texts)
    })?;
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    if is_conflict(proposal) {
        return judge(night, caller, proposal, &texts);
    }
    if proposal.tokens_before > MOST_TOKENS {
        return Ok(Ok(()));
    }
    merge(night, caller, proposal, &texts)
}

fn merge(
    night: &Night<'_>,
    caller: &Caller<'_>,
    proposal: &mut Proposal,
    texts: &[&str],
) -> Result<Result<(), NoAnswer>> {
    let quoted = quote(texts);
    let language = language::detect(&texts.join("\n\n"), None);
    let name = language_name(language, WHAT);
    let places = [("code", quoted.code.as_str()), ("texts", &quoted.text), ("language", &name)];
    let prompt = &night.reading.prompts.consolidate_merge;
    let given = given(texts, language, prompt, &quoted);
    // A text that saves nothing is no better than the sentences themselves.
    let most = proposal.tokens_after;
    let check = |said: Merged, remarks: &mut Remarks| -> Result<String, Complaint> {
        let told = given.check(&said.summary, reply::MOST, remarks)?;
        if budget::tokens(&told) > most.max(40) {
            remarks.add(Remark::TooLong);
            return Err(Complaint("the text must be shorter than the texts together".into()));
        }
        Ok(secrets::scrub(&told).text)
    };
    let question = question(prompt, &places, &proposal.record_ids, reply::TOKENS);
    match caller.ask::<Merged, String>(&question, &check)? {
        Ok(answered) => {
            proposal.tokens_after = budget::tokens(&answered.value);
            proposal.text = answered.value;
            proposal.mind = answered.model;
            Ok(Ok(()))
        }
        Err(no_answer) => Ok(for_now(no_answer)),
    }
}

fn judge(
    night: &Night<'_>,
    caller: &Caller<'_>,
    proposal: &mut Proposal,
    texts: &[&str],
) -> Result<Result<(), NoAnswer>> {
    // The later one is the first source; a model reads in order of time.
    let in_time: Vec<&str> = texts.iter().rev().copied().collect();
    let quoted = quote(&in_time);
    let places = [("code", quoted.code.as_str()), ("texts", quoted.text.as_str())];
    let prompt = &night.reading.prompts.consolidate_judge;
    let question = question(prompt, &places, &proposal.record_ids, reply::VERDICT_TOKENS);
    match caller.ask::<Judged, Verdict>(&question, &|said, _| Ok(said.verdict))? {
        Ok(answered) => {
            let (kind, action) = match answered.value {
                Verdict::Contradiction => ("contradiction", "supersede"),
                Verdict::HasChanged => ("temporal_update", "supersede"),
                Verdict::Compatible => (proposal.kind.as_str(), "ignore"),
            };
            proposal.kind = kind.to_owned();
            proposal.proposed_action = action.into();
            proposal.mind = answered.model;
            Ok(Ok(()))
        }
        Err(no_answer) => Ok(for_now(no_answer)),
    }
}

fn for_now(no_answer: NoAnswer) -> Result<(), NoAnswer> {
    match no_answer {
        NoAnswer::Away | NoAnswer::Limit => Err(no_answer),
        NoAnswer::TooLong | NoAnswer::Unusable => Ok(()),
    }
}

fn quote(texts: &[&str]) -> Quoted {
    let handles: Vec<String> = (1..=texts.len()).map(|n| format!("t{n}")).collect();
    let pieces: Vec<Piece<'_>> =
        texts.iter().zip(&handles).map(|(text, handle)| Piece { handle, by: "", text }).collect();
    quoted::quote(&pieces)
}

fn given<'t>(
    texts: &[&'t str],
    language: Option<Language>,
    prompt: &'t Prompt,
    quoted: &'t Quoted,
) -> Given<'t> {
    let asked = Asked {
        what: WHAT,
        language,
        to_machine: false,
        rules: prompt.system(),
        code: &quoted.code,
    };
    Given::new(texts.to_vec(), Vec::new(), asked)
}

fn question<'q>(
    prompt: &'q Prompt,
    places: &'q [(&'q str, &'q str)],
    record_ids: &'q [i64],
    reply_tokens: u32,
) -> Question<'q> {
    Question {
        stage: "consolidate",
        profile: Profile::Fast,
        prompt,
        places,
        reply_tokens,
        record_ids,
    }
}
