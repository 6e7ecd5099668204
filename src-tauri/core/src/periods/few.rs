//! A few sentences of many moments, by rule and in their own words: how it began, what mattered most, how it
//! is now. Each says where it stands.

use super::story::{best_sentence, closed, weight};
use crate::{
    api::{looking_back::StoryLine, moments::MomentCard},
    text::words,
};

/// Sentences of the weightiest moments, beside the first and the last.
const WEIGHTIEST: usize = 2;

/// Tells of moments that are in order of time. Of equals the earlier is weightier.
pub(crate) fn told_of(moments: &[MomentCard]) -> Vec<StoryLine> {
    let mut wanted: Vec<usize> = Vec::new();
    wanted.extend((!moments.is_empty()).then_some(0));
    wanted.extend(moments.len().checked_sub(1));
    let mut ranked: Vec<usize> = (0..moments.len()).collect();
    ranked.sort_by(|a, b| weight(&moments[*b]).total_cmp(&weight(&moments[*a])).then(a.cmp(b)));
    let weightiest: Vec<usize> =
        ranked.into_iter().filter(|at| !wanted.contains(at)).take(WEIGHTIEST).collect();
    wanted.extend(weightiest);
    wanted.sort_unstable();
    wanted.dedup();
    let mut lines: Vec<StoryLine> = Vec::new();
    for at in wanted {
        let moment = &moments[at];
        let line = |text: String| StoryLine { day: moment.day.clone(), moment_id: moment.id, text };
        let sentence = best_sentence(moment);
        let is_new = |lines: &[StoryLine], text: &str| lines.iter().all(|line| line.text != text);
        if let Some(text) = sentence.filter(|text| is_new(&lines, text)) {
            lines.push(line(text));
        }
    }
    // How it ended last, where no sentence says so.
    let ended = moments.iter().rev().find(|moment| !moment.outcome.trim().is_empty());
    if let Some(moment) = ended {
        let outcome = closed(moment.outcome.trim());
        let told =
            words::fold(&lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join(" "))
                .into_owned();
        let bare = words::fold(outcome.trim_end_matches(['.', '!', '?'])).into_owned();
        if !told.contains(&bare) {
            let after = lines.iter().rposition(|line| line.day <= moment.day);
            let at = after.map_or(0, |at| at + 1);
            lines.insert(
                at,
                StoryLine { day: moment.day.clone(), moment_id: moment.id, text: outcome },
            );
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::periods::testing::card;

    fn on(day: u32, summary: &str) -> MomentCard {
        MomentCard { day: format!("2026-10-{day:02}"), ..card(i64::from(day), summary) }
    }

    #[test]
    fn the_first_the_last_and_the_weightiest_are_told_in_order_of_time() {
        let mut moments = vec![
            on(1, "The harmonium came on a cart this morning."),
            on(2, "Nothing much was done about it today, only dust."),
            on(3, "Rain all day and nobody came to the workshop."),
            on(4, "The first chord in ninety years was played."),
            on(5, "It stands in the parlour and is played daily."),
        ];
        moments[3].is_pinned = true;
        moments[1].outcome = "The bellows hold".into();
        let told: Vec<(String, i64)> =
            told_of(&moments).into_iter().map(|line| (line.text, line.moment_id)).collect();
        let ids: Vec<i64> = told.iter().map(|(_, id)| *id).collect();
        assert_eq!((ids.first(), ids.last(), ids.contains(&4)), (Some(&1), Some(&5), true));
        assert!(ids.is_sorted(), "{told:?}");
        assert!(told.contains(&("The bellows hold.".into(), 2)), "{told:?}");
    }

    #[test]
    fn what_two_moments_say_is_told_once_and_nothing_is_nothing() {
        let moments =
            [on(1, "The reeds were cleaned again."), on(2, "The reeds were cleaned again.")];
        assert_eq!(told_of(&moments).len(), 1);
        assert!(told_of(&[]).is_empty());
    }
}
