//! A week, a month or a year told without a model: in its moments' own words, which are in their own
//! language. Only the sentence of who was there is ours.

use std::collections::BTreeMap;

use super::{
    facts::{self, Facts, Material},
    span::Span,
    story::{best_sentence, closed, weight},
};
use crate::{
    api::{moments::MomentCard, periods::PeriodKind},
    mind::builtin,
    text::{language::Language, words},
};

/// Outcomes that are told where no sentence tells them.
const MOST_OUTCOMES: usize = 2;
/// People who are named.
const MOST_PEOPLE: usize = 4;

/// What is told of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) title: String,
    pub(crate) summary: String,
    /// Who told it: a model, or the built-in analyser.
    pub(crate) mind: String,
    /// Whether a model was missed that may be back another night.
    pub(crate) is_provisional: bool,
}

/// Sentences of a period, and about how many characters they may have.
fn limits(kind: PeriodKind) -> (usize, usize) {
    match kind {
        PeriodKind::Week => (5, 460),
        PeriodKind::Month => (6, 560),
        PeriodKind::Year => (8, 720),
    }
}

/// Tells a period by rule.
pub(crate) fn told(span: &Span, material: &Material, facts: &Facts) -> Told {
    let moments = &material.moments;
    let mut sentences = sentences(span, moments);
    let text = words::fold(&sentences.join(" ")).into_owned();
    let ends = facts::outcomes(span.kind, moments)
        .into_iter()
        .map(|moment| capitalised(&closed(moment.outcome.trim())))
        .filter(|outcome| !text.contains(bare(&words::fold(outcome))));
    sentences.extend(ends.take(MOST_OUTCOMES));
    sentences.extend(people(facts));
    Told {
        title: title(moments),
        summary: sentences.join(" "),
        mind: builtin::NAME.into(),
        is_provisional: false,
    }
}

/// The name of the weightiest moment; of equals, of the first.
pub(crate) fn title(moments: &[MomentCard]) -> String {
    let mut best: Option<(&MomentCard, f32)> = None;
    for moment in moments.iter().filter(|moment| !moment.title.is_empty()) {
        let weight = weight(moment);
        if best.is_none_or(|(_, known)| weight > known) {
            best = Some((moment, weight));
        }
    }
    best.map_or_else(String::new, |(moment, _)| moment.title.clone())
}

/// The most telling sentences: of each day of a week, each week of a month, each month of a year at most
/// one, while there are enough; in order of time.
fn sentences(span: &Span, moments: &[MomentCard]) -> Vec<String> {
    let (most, length) = limits(span.kind);
    let mut ranked: Vec<(usize, f32)> = moments.iter().map(weight).enumerate().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut n_told: BTreeMap<String, usize> = BTreeMap::new();
    // How many of its section are weightier says in which turn a moment is looked at.
    let mut turns: Vec<(usize, usize)> = ranked
        .into_iter()
        .map(|(at, _)| {
            let turn = n_told.entry(section(span, &moments[at].day)).or_default();
            *turn += 1;
            (*turn, at)
        })
        .collect();
    // Stable: within a turn the weightiest stay first.
    turns.sort_by_key(|(turn, _)| *turn);
    let mut chosen: Vec<(usize, String)> = Vec::new();
    let mut n_chars = 0;
    for (_, at) in turns {
        let Some(sentence) = best_sentence(&moments[at]) else { continue };
        let n = sentence.chars().count();
        let is_told = chosen.iter().any(|(_, other)| *other == sentence);
        if is_told || (!chosen.is_empty() && n_chars + n > length) {
            continue;
        }
        n_chars += n;
        chosen.push((at, sentence));
        if chosen.len() == most {
            break;
        }
    }
    chosen.sort_by_key(|(at, _)| *at);
    chosen.into_iter().map(|(_, sentence)| sentence).collect()
}

/// The part of a period in which a day lies.
fn section(span: &Span, day: &str) -> String {
    match span.kind {
        PeriodKind::Week => day.to_owned(),
        PeriodKind::Month => {
            let n_days =
                day.parse().map_or(0, |day: chrono::NaiveDate| (day - span.from).num_days());
            (n_days / 7).to_string()
        }
        PeriodKind::Year => day.get(..7).unwrap_or(day).to_owned(),
    }
}

/// "With Hester, Tomas and Ilse." in the language of the period, where we speak it.
fn people(facts: &Facts) -> Option<String> {
    let (with, and) = match Language::from_code(&facts.language)? {
        Language::English => ("With", "and"),
        Language::German => ("Mit", "und"),
        Language::French => ("Avec", "et"),
        Language::Spanish => ("Con", "y"),
        Language::Italian => ("Con", "e"),
        Language::Portuguese => ("Com", "e"),
        Language::Dutch => ("Met", "en"),
        _ => return None,
    };
    let names: Vec<&str> = facts.names().take(MOST_PEOPLE).collect();
    let (last, others) = names.split_last()?;
    if others.is_empty() {
        return Some(format!("{with} {last}."));
    }
    // Spanish: “Tomas e Ilse”.
    let before_i = last.to_lowercase().starts_with(['i', 'í']) || last.starts_with("Hi");
    let and = if and == "y" && before_i { "e" } else { and };
    Some(format!("{with} {} {and} {last}.", others.join(", ")))
}

/// Without its end.
fn bare(sentence: &str) -> &str {
    sentence.trim_end_matches(|c: char| !c.is_alphanumeric())
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use chrono::Weekday;

    use super::*;
    use crate::periods::testing::card;

    fn week() -> Span {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 10, 12).unwrap_or_default();
        Span::of(PeriodKind::Week, day, Weekday::Mon)
    }

    fn on(day: u32, id: i64, summary: &str) -> MomentCard {
        MomentCard { day: format!("2026-10-{day}"), ..card(id, summary) }
    }

    fn tell(moments: Vec<MomentCard>, language: &str) -> Told {
        let material = Material { moments, language: language.into(), n_records: 1 };
        told(&week(), &material, &Facts::of(PeriodKind::Week, &material))
    }

    #[test]
    fn each_day_is_told_before_a_day_is_told_twice_and_all_in_order_of_time() {
        let moments = vec![
            on(12, 1, "The first reed of the harmonium was glued in the morning"),
            on(12, 2, "The second reed of the harmonium was glued in the afternoon"),
            on(13, 3, "Rain kept us at home for all of the long Tuesday."),
            on(14, 4, "The lake was colder than it had been the whole October."),
        ];
        let told = tell(moments, "en");
        let at = |words: &str| told.summary.find(words);
        assert!(at("first reed") < at("Rain") && at("Rain") < at("lake"), "{}", told.summary);
        assert!(at("second reed").is_some(), "there is room for it: {}", told.summary);
        assert!(told.summary.contains("in the morning. "), "it ends with a stop");
    }

    #[test]
    fn an_outcome_is_told_where_no_sentence_tells_it() {
        let mut moments = vec![on(12, 1, "I glued the first reed, and the reed holds")];
        moments[0].outcome = "the reed holds".into();
        assert_eq!(
            tell(moments.clone(), "").summary,
            "I glued the first reed, and the reed holds."
        );
        moments[0].outcome = "the concert is saved".into();
        assert!(tell(moments, "").summary.ends_with("The concert is saved."));
    }

    #[test]
    fn who_was_there_is_told_in_the_language_of_the_period_or_not_at_all() {
        let mut moments = vec![on(12, 1, "Sehr lange am See gesessen und geredet.")];
        moments[0].people = ["Hester", "Ilse", "Tomas"].map(str::to_owned).to_vec();
        let ends = |language: &str| {
            tell(moments.clone(), language).summary.split("geredet.").last().map(str::to_owned)
        };
        assert_eq!(ends("de").as_deref(), Some(" Mit Hester, Ilse und Tomas."));
        assert_eq!(ends("en").as_deref(), Some(" With Hester, Ilse and Tomas."));
        assert_eq!(ends("pl").as_deref(), Some(""));
    }

    #[test]
    fn the_title_is_that_of_the_weightiest_moment() {
        let mut moments =
            vec![on(12, 1, "The first reed holds at last."), on(13, 2, "Rain fell all day.")];
        assert_eq!(tell(moments.clone(), "en").title, "The first reed holds");
        moments[1].is_pinned = true;
        assert_eq!(tell(moments, "en").title, "Rain fell all day.");
    }

    #[test]
    fn a_period_without_moments_says_nothing() {
        assert_eq!(tell(Vec::new(), "en").summary, "");
    }
}
