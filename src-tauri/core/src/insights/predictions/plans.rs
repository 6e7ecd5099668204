//! Plans: what the person wrote they would do, with a day, in English or German.
//!
//! A sentence is a plan if it tells a day to come ([`due`]) and either has a word of planning, or tells a
//! deadline, or the day cannot be one of the past. Questions, what is negated or called off, and tasks
//! ticked off are none. What an assistant program wrote is not looked at.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::{Prediction, key, told::Told};
use crate::{
    api::predictions::PredictionKind,
    mind::builtin,
    store::Hash,
    text::{
        clean,
        due::{self, Due},
        language::Language,
        words,
    },
};

/// Characters of a plan that are shown.
const MOST_CHARS: usize = 200;
/// Letters of a sentence that can be a plan; a longer one is a story.
const LONGEST: usize = 300;
/// Stems by which a plan is known again.
const MOST_WORDS: usize = 8;
/// Plans with a farther day are for a calendar.
const FARTHEST_DAYS: i64 = 120;

/// How many plans come true, by how they are worded. Our own judgement for want of data; what became of
/// them is counted and shown.
const FIXED: f64 = 0.8;
const INTENDED: f64 = 0.65;
const HEDGED: f64 = 0.4;

/// Words of planning.
const PLANNING: &str = "plan plans planned planning will going gonna shall must should need needs have \
    want wants todo to-do due deadline scheduled schedule appointment booked meeting visit \
    we'll i'll he'll she'll they'll it'll want promised remember remind arrives starts begins leaves \
    werde werden wird wollen will muss müssen soll sollen möchte möchten mag geplant vorhaben \
    termin verabredet gebucht fällig frist abgabe treffen treffe besuche fahren fahre erinnern";
/// Words of something that is fixed.
const FIXING: &str = "due deadline scheduled appointment booked meeting arrives starts begins leaves \
    termin verabredet gebucht fällig frist abgabe";
/// Words of doubt.
const HEDGING: &str = "maybe perhaps might could possibly probably if unless hopefully vielleicht \
    eventuell möglicherweise könnte könnten falls wenn hoffentlich wohl";
/// Words that say it will not be, or was not.
const NEGATING: &str = "not never no cancelled canceled can't won't don't didn't isn't wasn't cannot off \
    nicht nie kein keine keinen abgesagt entfällt ausfällt gestrichen";
/// Words that say that it did not come to it.
const FAILING: &str = "not never cancelled canceled can't couldn't won't don't didn't wasn't isn't \
    cannot missed forgot forgotten postponed moved skipped failed \
    nicht nie kein keine keinen abgesagt ausgefallen entfallen verschoben vergessen verpasst verlegt";

/// A sentence that is a plan.
#[derive(Debug, Clone, PartialEq)]
struct Plan {
    due: Due,
    confidence: f64,
    words: Vec<String>,
}

/// The plans in moments, as predictions; the same plan told twice is one.
pub(crate) fn find(moments: &[Told]) -> Vec<Prediction> {
    let mut found: BTreeMap<Hash, Prediction> = BTreeMap::new();
    for moment in moments {
        for sentence in moment.sentences() {
            let Some(plan) = read(sentence, moment.language, moment.written) else { continue };
            let prediction = predicted(&plan, sentence, moment);
            found
                .entry(prediction.key)
                .and_modify(|known| {
                    if !known.moment_ids.contains(&moment.id) {
                        known.moment_ids.push(moment.id);
                    }
                })
                .or_insert(prediction);
        }
    }
    let mut all: Vec<Prediction> = found.into_values().collect();
    all.sort_by(|a, b| a.due_on.cmp(&b.due_on).then(a.key.cmp(&b.key)));
    all
}

fn predicted(plan: &Plan, sentence: &str, moment: &Told) -> Prediction {
    let tomorrow = moment.written.checked_add_days(Days::new(1)).unwrap_or(moment.written);
    let mut sorted = plan.words.clone();
    sorted.sort();
    let said = sentence.to_lowercase();
    let people = moment.people.iter().filter(|name| said.contains(&name.to_lowercase()));
    let one_line = clean::visible(sentence).split_whitespace().collect::<Vec<_>>().join(" ");
    Prediction {
        kind: PredictionKind::Plan,
        key: key(PredictionKind::Plan, &sorted.join(" "), plan.due.until),
        statement: clean::cut(&one_line, MOST_CHARS),
        language: moment.language.map_or_else(String::new, |language| language.code().to_owned()),
        made_on: moment.written,
        // Before a deadline it may come at any time.
        due_from: if plan.due.is_deadline { tomorrow } else { plan.due.from },
        due_on: plan.due.until,
        confidence: plan.confidence,
        tags: moment.tags.clone(),
        people: people.cloned().collect(),
        words: plan.words.clone(),
        moment_ids: vec![moment.id],
        mind: builtin::NAME.into(),
    }
}

/// Whether a sentence written on this day is a plan.
pub(super) fn is_plan(sentence: &str, language: Option<Language>, written: NaiveDate) -> bool {
    read(sentence, language, written).is_some()
}

fn read(sentence: &str, language: Option<Language>, written: NaiveDate) -> Option<Plan> {
    let is_question = sentence.trim_end().ends_with(['?', '？']);
    if is_question || sentence.chars().count() > LONGEST {
        return None;
    }
    // A short note is easily taken for another language; its words for days are not.
    let due = due::find(sentence, None, written).into_iter().next()?;
    let folded: BTreeSet<String> = words::iter(sentence)
        .filter(|word| word.span.end <= due.span.start || word.span.start >= due.span.end)
        .map(|word| word.text.to_lowercase().replace('’', "'"))
        .collect();
    let has = |list: &str| list.split_whitespace().any(|word| folded.contains(word));
    let is_far = (due.until - written).num_days() > FARTHEST_DAYS;
    if is_far || has(NEGATING) || !(has(PLANNING) || due.is_deadline || due.is_ahead) {
        return None;
    }
    let without_day = format!("{} {}", &sentence[..due.span.start], &sentence[due.span.end..]);
    let cues = stems_of(&format!("{PLANNING} {HEDGING}"), language);
    let mut stems: Vec<String> = Vec::new();
    for stem in words::content_stems(&without_day, language) {
        if !cues.contains(&stem) && !stems.contains(&stem) && stems.len() < MOST_WORDS {
            stems.push(stem);
        }
    }
    if stems.is_empty() {
        return None;
    }
    let confidence = match () {
        () if has(HEDGING) => HEDGED,
        () if has(FIXING) || due.is_deadline => FIXED,
        () => INTENDED,
    };
    Some(Plan { due, confidence, words: stems })
}

fn stems_of(list: &str, language: Option<Language>) -> BTreeSet<String> {
    // "Meeting" and "visit" are what the plan is about, not only that it is one.
    let about = ["meeting", "visit", "appointment", "termin", "treffen"];
    list.split_whitespace()
        .filter(|word| !about.contains(word))
        .map(|word| words::stem(word, language))
        .collect()
}

/// Whether a sentence says that something did not come to it.
pub(super) fn says_it_failed(sentence: &str) -> bool {
    words::iter(sentence).any(|word| {
        let folded = word.text.to_lowercase().replace('’', "'");
        FAILING.split_whitespace().any(|word| word == folded)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::predictions::told::tests::told;

    /// Written on Wednesday, 14 October.
    fn plans(text: &str) -> Vec<Prediction> {
        find(&[told(1, "2026-10-14", text)])
    }

    #[test]
    fn what_is_to_be_done_on_a_day_is_a_plan() {
        for (text, due, confidence) in [
            ("I have an appointment with the dentist on Friday.", "2026-10-16", FIXED),
            ("The estimate is due by Monday.", "2026-10-19", FIXED),
            ("Tomorrow I will row to the heron island.", "2026-10-15", INTENDED),
            ("Maybe I will visit Ilse on Sunday.", "2026-10-18", HEDGED),
            ("- [ ] Order bone glue by 20 October", "2026-10-20", FIXED),
            ("Am Freitag habe ich einen Termin beim Zahnarzt.", "2026-10-16", FIXED),
            ("Ich muss bis Montag den Kostenvoranschlag abgeben.", "2026-10-19", FIXED),
            ("Morgen werde ich Tomas besuchen.", "2026-10-15", INTENDED),
        ] {
            let found = plans(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!(found[0].due_on.to_string(), due, "{text}");
            assert_eq!(found[0].confidence, confidence, "{text}");
            assert!(!found[0].words.is_empty(), "{text}");
        }
    }

    #[test]
    fn what_was_or_is_asked_or_is_called_off_is_none() {
        for text in [
            "On Friday we rowed to the island.",
            "Will you come on Friday?",
            "The rehearsal on Friday is cancelled.",
            "I will not go on Friday.",
            "Die Probe am Freitag ist abgesagt.",
            "Last Friday the estimate was due.",
            "I will row one day.",
            "- [x] Order bone glue by Friday",
            "Tomorrow.",
        ] {
            assert_eq!(plans(text), [], "{text}");
        }
    }

    #[test]
    fn before_a_deadline_it_may_come_at_any_time() {
        let from = |text: &str| plans(text)[0].due_from.to_string();
        assert_eq!(from("The estimate must be sent by Monday."), "2026-10-15");
        assert_eq!(from("I will visit the dentist on Monday."), "2026-10-19");
    }

    #[test]
    fn the_same_plan_told_twice_is_one_with_two_witnesses() {
        let found = find(&[
            told(1, "2026-10-14", "I will see the dentist on Friday."),
            told(2, "2026-10-15", "I have to see the dentist on Friday."),
        ]);
        assert_eq!(found.len(), 1, "{found:#?}");
        assert_eq!(
            (found[0].moment_ids.clone(), found[0].made_on.to_string()),
            (vec![1, 2], "2026-10-14".into())
        );
    }

    #[test]
    fn a_plan_is_known_again_by_what_it_is_about() {
        assert_eq!(plans("I will see the dentist on Friday.")[0].words, ["dentist"]);
    }
}
