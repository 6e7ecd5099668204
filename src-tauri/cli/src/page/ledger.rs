//! What dreams cost, and what had to be put right in replies.

use std::collections::BTreeMap;

use rem_core::api::minds::{LedgerDream, LedgerView};

use super::{dotted, table};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::{self, count, thousands},
};

/// The ledger, the newest dream first.
pub(crate) fn write(desk: &mut Desk<'_, '_>, ledger: &LedgerView, present: Present) -> Result {
    for dream in &ledger.dreams {
        tell(desk, dream, present)?;
        desk.blank()?;
    }
    if !ledger.dreams.is_empty() {
        desk.text(&Line::of(Ink::Quiet, "in and out: tokens of prompts and of replies"))?;
    }
    let month = match ledger.month_calls {
        0 => "In the last 30 days no model was asked.".to_owned(),
        n => format!(
            "In the last 30 days: {} of model time in {}.",
            times::duration(ledger.month_ms),
            count(n, "call")
        ),
    };
    desk.text(&Line::plain(&month))
}

fn tell(desk: &mut Desk<'_, '_>, dream: &LedgerDream, present: Present) -> Result {
    let name = dream.dream_id.map_or("Outside a dream".to_owned(), |id| format!("Dream {id}"));
    let local = times::local(dream.started_at, present.calendar.offset_at(dream.started_at));
    let when = format!(
        "{} {}",
        present.name(&present.calendar.day_of(dream.started_at).to_string()),
        local.format("%H:%M")
    );
    let calls: u32 = dream.stages.iter().map(|stage| stage.n_calls).sum();
    let took: u64 = dream.stages.iter().map(|stage| stage.took_ms).sum();
    let sum = dotted([when.as_str(), &count(calls, "call"), &times::duration(took)]);
    let columns = desk.width();
    let head = Line::of(Ink::Strong, &name).with_right(Line::of(Ink::Quiet, &sum), columns);
    desk.line(&head)?;
    let rows: Vec<_> = dream
        .stages
        .iter()
        .map(|stage| {
            vec![
                stage.stage.clone(),
                stage.model.clone(),
                thousands(stage.n_calls),
                thousands(stage.n_retries),
                thousands(stage.n_repairs),
                thousands(signed(stage.prompt_tokens)),
                thousands(signed(stage.reply_tokens)),
                times::duration(stage.took_ms),
            ]
        })
        .collect();
    let headings = ["stage", "model", " calls", " retries", " repairs", " in", " out", " time"];
    table::write(desk, &headings, &rows)?;
    let reasons = added_up(dream.stages.iter().map(|stage| &stage.reasons));
    for (reason, n) in &reasons {
        desk.indented(2, &Line::of(Ink::Warning, &format!("{}: {reason}", times_said(*n))))?;
    }
    let remarks = added_up(dream.stages.iter().map(|stage| &stage.remarks));
    write_remarks(desk, &remarks)
}

/// What had to be put right, one line each.
pub(crate) fn write_remarks(desk: &mut Desk<'_, '_>, remarks: &BTreeMap<String, u32>) -> Result {
    for (name, n) in remarks.iter().filter(|(_, n)| **n > 0) {
        desk.indented(2, &Line::of(Ink::Quiet, &remark(name, *n)))?;
    }
    Ok(())
}

/// A remark in words: "3 replies named people who are not in the text; they were left out".
pub(crate) fn remark(name: &str, n: u32) -> String {
    let what = match name {
        "fenced" => "stood in a code fence",
        "prose" => "had prose around the answer; it was cut away",
        "thoughts" => "held thoughts; they were cut away",
        "no-json" => "did not have the form that was asked for",
        "wrong-type" => "had a field of the wrong kind",
        "extra-field" => "said something nobody asked for; it was left out",
        "missing-field" => "left something out",
        "unknown-value" => "used a word that is not on the list; it was left out",
        "too-long" => "went on for longer than allowed; the rest was cut",
        "outside-time" => "gave a time outside the episode; it was left out",
        "unknown-person" => "named people who are not in the text; they were left out",
        "missing-evidence" => "quoted words that are not in the text; they were left out",
        "other-language" => "came in another language than the text",
        "instruction" => "repeated instructions instead of reading; the answer was refused",
        "unsafe" => "held links or hidden characters; they were taken out",
        _ => return format!("{}: {name}", times_said(n)),
    };
    let replies = if n == 1 { "1 reply".to_owned() } else { format!("{} replies", thousands(n)) };
    format!("{replies} {what}")
}

fn times_said(n: u32) -> String {
    if n == 1 { "once".into() } else { format!("{} times", thousands(n)) }
}

fn added_up<'m>(maps: impl Iterator<Item = &'m BTreeMap<String, u32>>) -> BTreeMap<String, u32> {
    let mut all = BTreeMap::new();
    for (name, n) in maps.flatten() {
        *all.entry(name.clone()).or_insert(0) += n;
    }
    all
}

pub(crate) fn signed(n: u64) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_remark_of_the_core_is_said_in_words() {
        use rem_core::mind::answer::Remark;
        let all = [
            Remark::Fenced,
            Remark::Prose,
            Remark::Thoughts,
            Remark::NoJson,
            Remark::WrongType,
            Remark::ExtraField,
            Remark::MissingField,
            Remark::UnknownValue,
            Remark::TooLong,
            Remark::OutsideTime,
            Remark::UnknownPerson,
            Remark::MissingEvidence,
            Remark::OtherLanguage,
            Remark::Instruction,
            Remark::Unsafe,
        ];
        for name in all.map(Remark::name) {
            assert!(remark(&name, 1).starts_with("1 reply "), "{name}");
            assert!(remark(&name, 2).starts_with("2 replies "), "{name}");
        }
        assert_eq!(remark("a-new-one", 2), "2 times: a-new-one");
    }

    #[test]
    fn what_several_stages_met_is_added_up() {
        let map = |n| BTreeMap::from([("fenced".to_owned(), n)]);
        assert_eq!(added_up([&map(1), &map(2)].into_iter()), map(3));
    }
}
