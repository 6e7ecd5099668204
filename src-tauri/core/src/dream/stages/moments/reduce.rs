//! Puts the parts of a long episode together: in code what can be counted, and by one more small question
//! title and summary. That text is a summary of summaries and never evidence.

use std::collections::HashMap;

use super::reply::{self, Merged};
use crate::{
    Result,
    dream::stages::{
        long::{self, Note},
        reading::Reading,
        told::is_other_language,
    },
    mind::{
        Description, Felt, Joint, MOMENT_TYPES, NamedPerson, OTHER,
        answer::{Complaint, Remark, Remarks},
        caller::{Caller, NoAnswer, Profile, Question},
        instructions::{self, Against},
        quoted::{self, Piece},
    },
    text::{clean, language::Language, verbatim::Folded},
};

const MOST_TAGS: usize = 5;
const MOST_PEOPLE: usize = 12;
const MOST_FEELINGS: usize = 4;
const MOST_INSIGHTS: usize = 6;
/// The most tokens of a sum.
pub(super) const SUMMARY_TOKENS: u32 = 300;
/// Characters of a summary that is put together in code, as the built-in analyser's.
const SUMMARY_CHARS: usize = 280;

pub(super) fn question<'q>(
    reading: &Reading<'q>,
    places: &'q [(&'q str, &'q str)],
    record_ids: &'q [i64],
) -> Question<'q> {
    Question {
        stage: "moments",
        profile: Profile::Fast,
        prompt: &reading.prompts.merge,
        places,
        reply_tokens: SUMMARY_TOKENS,
        record_ids,
    }
}

/// Title and summary of neighbouring notes.
pub(super) fn sum_up(
    notes: &[Note],
    reading: &Reading<'_>,
    caller: &Caller<'_>,
    record_ids: &[i64],
    language: Option<Language>,
) -> Result<Result<Merged, NoAnswer>> {
    let handles: Vec<String> = (1..=notes.len()).map(|n| format!("s{n}")).collect();
    let texts: Vec<&str> = notes.iter().map(|note| note.text.as_str()).collect();
    let pieces: Vec<Piece<'_>> =
        texts.iter().zip(&handles).map(|(text, handle)| Piece { handle, by: "", text }).collect();
    let quoted = quoted::quote(&pieces);
    let given = Folded::of(&texts.join("\n"));
    let commands = instructions::spoken_to_machines(&texts, false);
    let against = Against {
        rules: reading.prompts.merge.system(),
        code: &quoted.code,
        commands: &commands,
        given: &given,
    };
    let check = |said: Merged, remarks: &mut Remarks| -> Result<Merged, Complaint> {
        let title = clean::reply(&said.title, &given, reply::TITLE);
        let summary = clean::reply(&said.summary, &given, reply::SUMMARY);
        for cleaned in [&title, &summary] {
            if cleaned.was_unsafe {
                remarks.add(Remark::Unsafe);
            }
            if cleaned.was_long {
                remarks.add(Remark::TooLong);
            }
        }
        let title = title.text.trim_end_matches('.').to_owned();
        if title.is_empty() || summary.text.is_empty() {
            remarks.add(Remark::MissingField);
            return Err(Complaint("the fields title and summary must not be empty".into()));
        }
        if against.repeats(&title) || against.repeats(&summary.text) {
            remarks.add(Remark::Instruction);
            return Err(Complaint("title and summary must repeat no instruction".into()));
        }
        if is_other_language(&format!("{title}. {}", summary.text), language, &texts) {
            remarks.add(Remark::OtherLanguage);
            return Err(Complaint("title and summary must be in the language of the notes".into()));
        }
        Ok(Merged { summary: summary.text, title })
    };
    let places = [("code", quoted.code.as_str()), ("notes", quoted.text.as_str())];
    let answer = caller.ask::<Merged, Merged>(&question(reading, &places, record_ids), &check)?;
    Ok(answer.map(|answered| answered.value))
}

/// One description of all parts.
pub(super) fn reduce(
    parts: &[Description],
    merged: Option<Merged>,
    language: Option<Language>,
) -> Description {
    let merged = merged.unwrap_or_else(|| told_in_code(parts, language));
    let n_passages = parts.iter().map(|part| part.marks.len()).max().unwrap_or_default();
    let mut marks = vec![Vec::new(); n_passages];
    let mut people: Vec<NamedPerson> = Vec::new();
    let mut emotions: Vec<Felt> = Vec::new();
    let mut tags: Vec<(String, usize)> = Vec::new();
    let mut insights: Vec<Joint> = Vec::new();
    let mut kinds: HashMap<&str, usize> = HashMap::new();
    for part in parts {
        for (all, found) in marks.iter_mut().zip(&part.marks) {
            all.extend(found.iter().cloned());
        }
        for person in &part.people {
            match people.iter_mut().find(|known| known.name == person.name) {
                Some(known) => {
                    known.mentions.extend(person.mentions.iter().cloned());
                    known.confidence = known.confidence.max(person.confidence);
                }
                None => people.push(person.clone()),
            }
        }
        for felt in &part.emotions {
            match emotions.iter_mut().find(|known| known.label == felt.label) {
                Some(known) => known.weight = known.weight.max(felt.weight),
                None => emotions.push(felt.clone()),
            }
        }
        for tag in &part.tags {
            match tags.iter_mut().find(|(known, _)| known == tag) {
                Some((_, n)) => *n += 1,
                None => tags.push((tag.clone(), 1)),
            }
        }
        for joint in &part.insights {
            if insights.len() < MOST_INSIGHTS && !insights.iter().any(|known| known == joint) {
                insights.push(joint.clone());
            }
        }
        *kinds.entry(part.moment_type.as_str()).or_default() += 1;
    }
    // Sorting is stable: of equals the earlier stays first.
    tags.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    people.sort_by_key(|person| std::cmp::Reverse(person.mentions.len()));
    emotions.sort_by(|a, b| b.weight.total_cmp(&a.weight).then_with(|| a.label.cmp(&b.label)));
    emotions.truncate(MOST_FEELINGS);
    people.truncate(MOST_PEOPLE);
    // A type of the person's own stands before the common ones.
    let rank = |kind: &str| MOMENT_TYPES.iter().position(|known| *known == kind);
    let kind =
        kinds.into_iter().max_by_key(|(kind, n)| (*n, std::cmp::Reverse((rank(kind), *kind))));
    let felt: Vec<&Description> =
        parts.iter().filter(|part| !part.emotions.is_empty() || part.valence != 0.0).collect();
    let mean = |of: fn(&Description) -> f32, all: &[&Description]| {
        all.iter().map(|part| of(part)).sum::<f32>() / all.len().max(1) as f32
    };
    let all: Vec<&Description> = parts.iter().collect();
    let outcomes = parts.iter().rev().map(|part| &part.outcome);
    Description {
        title: merged.title,
        summary: merged.summary,
        outcome: outcomes.into_iter().find(|told| !told.is_empty()).cloned().unwrap_or_default(),
        moment_type: kind.map_or(OTHER, |(kind, _)| kind).to_owned(),
        insights,
        language,
        tags: tags.into_iter().map(|(tag, _)| tag).take(MOST_TAGS).collect(),
        people,
        emotions,
        valence: mean(|part| part.valence, &felt),
        arousal: mean(|part| part.arousal, &felt),
        confidence: mean(|part| part.confidence, &all),
        marks,
        starts: parts.iter().filter_map(|part| part.starts).min(),
        ends: parts.iter().filter_map(|part| part.ends.or(part.starts)).max(),
    }
}

/// The title of the part with most evidence, and the most telling sentences of all summaries.
fn told_in_code(parts: &[Description], language: Option<Language>) -> Merged {
    let n_marks = |part: &Description| part.marks.iter().map(Vec::len).sum::<usize>();
    let best = parts.iter().rev().max_by_key(|part| n_marks(part));
    Merged {
        summary: long::in_code(
            parts.iter().map(|part| part.summary.as_str()),
            language,
            SUMMARY_CHARS,
        ),
        title: best.map(|part| part.title.clone()).unwrap_or_default(),
    }
}
