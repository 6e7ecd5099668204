//! What became of a prediction: a hit, a miss, or unclear, from moments written after it was made.
//!
//! Its own moments never settle it, nor does a sentence that only plans it again. A plan or what a model
//! foretold came if a moment in its time (or up to two days later) has enough of its words; it did not if
//! a sentence with them says so. A rhythm came if a moment of its day has its tag. Where no trace is left
//! when its time is over, a plan is unclear ("did this happen?"), because who did a thing does not always
//! write it down; a rhythm, and what a model foretold, is a miss if anything was written in its time and
//! unclear otherwise.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::{GRACE_DAYS, Prediction, plans, told::Told};
use crate::{
    api::predictions::{PredictionKind, Settled},
    text::{tags::tag_key, words},
};

/// How a prediction is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trace {
    pub(crate) outcome: Settled,
    /// The day on which it could be seen.
    pub(crate) settled_on: Option<NaiveDate>,
    /// The moments that settle it.
    pub(crate) settled_by: Vec<i64>,
}

/// What became of a prediction by `today`. `moments` are in order of time.
pub(crate) fn trace(prediction: &Prediction, moments: &[Told], today: NaiveDate) -> Trace {
    let after = |day: NaiveDate, n: u64| day.checked_add_days(Days::new(n)).unwrap_or(day);
    let is_rhythm = prediction.kind == PredictionKind::Rhythm;
    let last = if is_rhythm { prediction.due_on } else { after(prediction.due_on, GRACE_DAYS) };
    let in_time = moments.iter().filter(|moment| {
        moment.day >= prediction.due_from
            && moment.day <= last
            && moment.written > prediction.made_on
            && !prediction.moment_ids.contains(&moment.id)
    });
    let mut is_written = false;
    for moment in in_time {
        is_written = true;
        let seen =
            if is_rhythm { by_tag(prediction, moment) } else { by_words(prediction, moment) };
        if let Some(outcome) = seen {
            return Trace { outcome, settled_on: Some(moment.day), settled_by: vec![moment.id] };
        }
    }
    let is_over = today > after(prediction.due_on, GRACE_DAYS);
    if !is_over {
        return Trace { outcome: Settled::Open, settled_on: None, settled_by: Vec::new() };
    }
    let is_plan = prediction.kind == PredictionKind::Plan;
    Trace {
        outcome: if is_written && !is_plan { Settled::Miss } else { Settled::Unclear },
        settled_on: Some(after(prediction.due_on, GRACE_DAYS + 1)),
        settled_by: Vec::new(),
    }
}

fn by_tag(prediction: &Prediction, moment: &Told) -> Option<Settled> {
    let has = prediction.tags.iter().any(|tag| moment.tags.contains(tag));
    has.then_some(Settled::Hit)
}

/// Words that must be found again: half of them, two where there are two.
fn needed(n: usize) -> usize {
    n.div_ceil(2).max(n.min(2))
}

fn by_words(prediction: &Prediction, moment: &Told) -> Option<Settled> {
    let needed = needed(prediction.words.len());
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let mut has_failed = false;
    let own = moment.sentences();
    let mut is_restated = false;
    for sentence in &own {
        if plans::is_plan(sentence, moment.language, moment.written) {
            is_restated = true;
            continue;
        }
        let here = matched(prediction, sentence, moment);
        has_failed |= here.len() >= needed.div_ceil(2) && plans::says_it_failed(sentence);
        found.extend(here);
    }
    // What was said of a moment may be the plan told again in other words.
    if !is_restated {
        found.extend(matched(prediction, &moment.said, moment));
        for name in moment.tags.iter().chain(&moment.people) {
            found.extend(matched(prediction, &tag_key(name).replace('-', " "), moment));
        }
    }
    if found.len() < needed || needed == 0 {
        return None;
    }
    Some(if has_failed { Settled::Miss } else { Settled::Hit })
}

fn matched<'p>(prediction: &'p Prediction, text: &str, moment: &Told) -> Vec<&'p str> {
    let stems: BTreeSet<String> = words::content_stems(text, moment.language).collect();
    let words = prediction.words.iter().filter(|word| stems.contains(*word));
    words.map(String::as_str).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        insights::predictions::{key, plans, told::tests::told},
        mind::builtin,
    };

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    /// Written on Wednesday for Friday.
    fn dentist() -> (Told, Prediction) {
        let moment = told(1, "2026-10-14", "I will bring the invoice to Hester on Friday.");
        let plan = plans::find(std::slice::from_ref(&moment)).remove(0);
        (moment, plan)
    }

    fn choir() -> Prediction {
        Prediction {
            kind: PredictionKind::Rhythm,
            key: key(PredictionKind::Rhythm, "choir", day("2026-10-16")),
            statement: "choir".into(),
            language: "en".into(),
            made_on: day("2026-10-14"),
            due_from: day("2026-10-16"),
            due_on: day("2026-10-16"),
            confidence: 0.8,
            tags: vec!["choir".into()],
            people: Vec::new(),
            words: Vec::new(),
            moment_ids: vec![1],
            mind: builtin::NAME.into(),
        }
    }

    #[test]
    fn a_plan_is_settled_by_what_is_written_after_it() {
        use Settled::{Hit, Miss, Open, Unclear};
        let (own, plan) = dentist();
        let monday = "2026-10-19";
        for (what, written, text, today, wanted) in [
            ("it is not due", "2026-10-15", "Swept the yard.", "2026-10-15", Open),
            ("done", "2026-10-16", "Brought Hester the invoice, she paid.", "2026-10-16", Hit),
            ("told late", "2026-10-18", "Hester has the invoice now.", "2026-10-18", Hit),
            ("told too late", monday, "Hester has the invoice now.", monday, Unclear),
            ("too early", "2026-10-15", "Hester asked for an invoice.", "2026-10-15", Open),
            ("not done", "2026-10-16", "I forgot to bring Hester the invoice.", "2026-10-16", Miss),
            (
                "planned again",
                "2026-10-16",
                "I will bring Hester the invoice tomorrow.",
                "2026-10-16",
                Open,
            ),
            ("another thing", "2026-10-16", "Hester baked bread.", "2026-10-16", Open),
            ("within the grace", "2026-10-16", "Hester baked bread.", "2026-10-18", Open),
            ("no trace", "2026-10-16", "Hester baked bread.", monday, Unclear),
        ] {
            let moments = [own.clone(), told(2, written, text)];
            assert_eq!(trace(&plan, &moments, day(today)).outcome, wanted, "{what}");
        }
    }

    #[test]
    fn no_prediction_is_settled_by_its_own_words() {
        let (own, plan) = dentist();
        // The same moment, which the person has put on the day itself.
        let moved = Told { day: day("2026-10-16"), ..own };
        assert_eq!(trace(&plan, &[moved], day("2026-10-16")).outcome, Settled::Open);
    }

    #[test]
    fn a_rhythm_is_settled_by_its_tag_on_its_day() {
        use Settled::{Hit, Miss, Open, Unclear};
        let sang = |day: &str| Told { tags: vec!["choir".into()], ..told(2, day, "We sang.") };
        let silent = told(2, "2026-10-16", "Swept the yard.");
        for (what, moment, today, wanted) in [
            ("sung", sang("2026-10-16"), "2026-10-16", Hit),
            ("sung on another day", sang("2026-10-17"), "2026-10-19", Unclear),
            ("not yet over", silent.clone(), "2026-10-18", Open),
            ("something else was written", silent, "2026-10-19", Miss),
        ] {
            assert_eq!(trace(&choir(), &[moment], day(today)).outcome, wanted, "{what}");
        }
        assert_eq!(trace(&choir(), &[], day("2026-10-19")).outcome, Unclear, "nothing was written");
    }

    #[test]
    fn the_day_on_which_it_is_settled_is_not_the_day_on_which_somebody_looks() {
        let (_, plan) = dentist();
        for today in ["2026-10-19", "2027-10-19"] {
            assert_eq!(trace(&plan, &[], day(today)).settled_on, Some(day("2026-10-19")));
        }
    }
}
