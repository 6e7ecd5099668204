//! A reflection by rule: what stood out, what it turned on, how it felt, and the first thing found.

use std::collections::BTreeMap;

use super::{
    found::Found,
    lived::Lived,
    say::{self, Voice},
};
use crate::api::insights::{Depth, InsightKind, SentimentLabel};

/// Titles that are named.
const TITLES: usize = 3;
/// Tags that are named.
const TAGS: usize = 3;
/// What lies nearer to nothing than this is neither good nor bad.
const NEUTRAL: f64 = 0.15;
/// A valence as strong as this makes a mixed mood, where there is its opposite, too.
const STRONG: f64 = 0.35;

/// The text of a reflection on these moments, the weightiest first.
pub(crate) fn text(samples: &[&Lived], found: &[Found], depth: Depth) -> String {
    let voice = Voice::of(&say::language(samples.iter().copied()));
    let titles: Vec<String> =
        samples.iter().take(TITLES).map(|moment| moment.title.clone()).collect();
    let mut parts = vec![voice.stood_out(&titles, samples.len(), depth == Depth::Meta)];
    let tags = common(samples);
    if !tags.is_empty() {
        parts.push(voice.turned_on(&tags));
    }
    parts.push(voice.mood(sentiment(samples).1).to_owned());
    for kind in [InsightKind::Pattern, InsightKind::Strategy] {
        let first = found.iter().find(|found| found.kind == kind);
        parts.extend(first.map(|found| found.statement.clone()));
    }
    parts.join(" ")
}

/// Tags of two or more of them, the commonest first.
fn common(samples: &[&Lived]) -> Vec<String> {
    let mut counted: BTreeMap<&str, u32> = BTreeMap::new();
    for tag in samples.iter().flat_map(|moment| &moment.tags) {
        *counted.entry(tag).or_default() += 1;
    }
    let mut common: Vec<(&str, u32)> = counted.into_iter().filter(|(_, n)| *n > 1).collect();
    common.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    common.into_iter().take(TAGS).map(|(tag, _)| tag.to_owned()).collect()
}

/// The mean valence of those in which something was felt, by their weight, to a hundredth; and its word.
pub(crate) fn sentiment(samples: &[&Lived]) -> (f64, SentimentLabel) {
    let felt: Vec<&&Lived> = samples.iter().filter(|moment| moment.is_felt()).collect();
    let weight: f64 = felt.iter().map(|moment| moment.importance).sum();
    if weight <= 0.0 {
        return (0.0, SentimentLabel::Neutral);
    }
    let sum: f64 = felt.iter().map(|moment| moment.importance * moment.valence).sum();
    let mean = ((sum / weight).clamp(-1.0, 1.0) * 100.0).round() / 100.0;
    let is_both = felt.iter().any(|moment| moment.valence >= STRONG)
        && felt.iter().any(|moment| moment.valence <= -STRONG);
    (mean, label(mean, is_both))
}

/// The word for a sentiment; `is_both`: there is strong good and strong bad in it.
pub(crate) fn label(sentiment: f64, is_both: bool) -> SentimentLabel {
    match sentiment {
        _ if is_both && sentiment.abs() < STRONG => SentimentLabel::Mixed,
        s if s > NEUTRAL => SentimentLabel::Positive,
        s if s < -NEUTRAL => SentimentLabel::Negative,
        _ => SentimentLabel::Neutral,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::lived::tests::{felt, moment};

    #[test]
    fn a_reflection_says_what_stood_out_and_how_it_felt() {
        let all = [
            felt(1, "2026-10-01", &["reed", "glue"], 0.6),
            felt(2, "2026-10-01", &["reed"], 0.4),
            moment(3, "2026-10-01"),
        ];
        let samples: Vec<&Lived> = all.iter().collect();
        assert_eq!(
            text(&samples, &[], Depth::Analytical),
            "3 moments stood out, first of all “Moment 1”, “Moment 2” and “Moment 3”. Several of them \
             turned on “reed”. On the whole it felt good."
        );
    }

    #[test]
    fn a_mood_has_one_of_four_words() {
        let of = |all: &[f64]| {
            let moments: Vec<Lived> =
                all.iter().map(|valence| felt(1, "2026-10-01", &[], *valence)).collect();
            sentiment(&moments.iter().collect::<Vec<_>>())
        };
        assert_eq!(of(&[0.6, 0.4]), (0.5, SentimentLabel::Positive));
        assert_eq!(of(&[-0.6, -0.4]), (-0.5, SentimentLabel::Negative));
        assert_eq!(of(&[0.6, -0.6]), (0.0, SentimentLabel::Mixed));
        assert_eq!(of(&[0.1, -0.1]), (0.0, SentimentLabel::Neutral));
        assert_eq!(of(&[]), (0.0, SentimentLabel::Neutral));
    }
}
