//! Moments as they are shown to a model that looks at many of them.

use chrono::DateTime;

use crate::{
    clock::Precision,
    insights::lived::Lived,
    mind::quoted::{self, Piece},
    text::clean,
};

/// Characters of a summary.
const MOST_SUMMARY: usize = 240;
/// Topics that are named.
const MOST_TAGS: usize = 4;

/// "2026-10-12, 09:10 The bellows leak. The patch … Ended: … With: … Felt: … Topics: …"
pub(super) fn line(moment: &Lived) -> String {
    let mut line = moment.day.clone();
    if moment.precision >= Precision::Hour {
        let local = moment.starts_at + i64::from(moment.offset_minutes) * 60_000;
        if let Some(time) = DateTime::from_timestamp_millis(local) {
            line.push_str(&time.format(", %H:%M").to_string());
        }
    }
    line.push(' ');
    line.push_str(&closed(&moment.title));
    line.push_str(&closed(&clean::cut(&moment.summary, MOST_SUMMARY)));
    let felt: Vec<&str> = moment.emotions.iter().map(|felt| felt.label.as_str()).collect();
    let tags: Vec<&str> = moment.tags.iter().take(MOST_TAGS).map(String::as_str).collect();
    for (word, told) in [
        ("Ended: ", moment.outcome.clone()),
        ("With: ", moment.people.join(", ")),
        ("Felt: ", felt.join(", ")),
        ("Topics: ", tags.join(", ")),
    ] {
        if !told.trim().is_empty() {
            line.push_str(word);
            line.push_str(&closed(&told));
        }
    }
    line.trim_end().to_owned()
}

fn closed(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() {
        return String::new();
    }
    let is_closed = text.ends_with(['.', '!', '?', '…', '。', '！', '？', '”', '"', '»', '“']);
    if is_closed { format!("{text} ") } else { format!("{text}. ") }
}

/// Of moments with the weightiest first those that fit into so many tokens, in order of time.
pub(super) fn that_fit<'m>(weightiest_first: &[&'m Lived], most: u32) -> Vec<&'m Lived> {
    let mut left = most;
    let mut chosen: Vec<&Lived> = Vec::new();
    for moment in weightiest_first {
        let text = line(moment);
        let needs = quoted::tokens(&Piece { handle: "m1000", by: "", text: &text }) + 1;
        if needs <= left {
            left -= needs;
            chosen.push(moment);
        }
    }
    chosen.sort_by_key(|moment| (moment.starts_at, moment.id));
    chosen
}

/// The moments that a reply names by their handles, each once: unknown ones are left out and counted.
pub(super) fn named<'m>(handles: &[String], shown: &[&'m Lived]) -> (Vec<&'m Lived>, u32) {
    let mut named: Vec<&Lived> = Vec::new();
    let mut n_unknown = 0;
    for handle in handles {
        let bare = handle.trim().trim_matches(['<', '>', '[', ']']);
        let number = bare.split('-').next().and_then(|bare| bare.strip_prefix('m'));
        let at = number.and_then(|number| number.parse::<usize>().ok());
        match at.and_then(|at| shown.get(at.checked_sub(1)?)) {
            Some(moment) if named.iter().all(|known| known.id != moment.id) => named.push(moment),
            Some(_) => {}
            None => n_unknown += 1,
        }
    }
    (named, n_unknown)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::insights::lived::tests::{felt, moment};

    #[test]
    fn a_moment_is_one_line_with_all_that_is_known_of_it() {
        let moment = Lived {
            summary: "Eleven lengths in the lake".into(),
            outcome: "Warm again.".into(),
            people: vec!["Ilse".into()],
            ..felt(1, "2026-10-12", &["lake"], 0.5)
        };
        assert_eq!(
            line(&moment),
            "2026-10-12, 12:00 Moment 1. Eleven lengths in the lake. Ended: Warm again. With: Ilse. \
             Felt: content. Topics: lake."
        );
    }

    #[test]
    fn only_handles_that_were_shown_name_a_moment() {
        let all = [moment(7, "2026-10-12"), moment(9, "2026-10-12")];
        let shown: Vec<&Lived> = all.iter().collect();
        let handles = ["m2", "m2-hqtzbn", "m3", "m0", "x", "<m1>"].map(str::to_owned);
        let (found, n_unknown) = named(&handles, &shown);
        let ids: Vec<i64> = found.iter().map(|moment| moment.id).collect();
        assert_eq!((ids, n_unknown), (vec![9, 7], 3));
    }
}
