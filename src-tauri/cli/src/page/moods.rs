//! What was felt with what.

use std::collections::BTreeMap;

use rem_core::api::moods::{
    DayPart, EmotionCount, MoodByHour, MoodByTopic, MoodPeak, ProductiveStretches,
};

use super::{day::moment_line, glyph, heading, review::duration, table};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::{count, thousands},
};

/// Feelings that are named in a row.
const FEW: usize = 4;

fn named(emotions: &[EmotionCount], most: usize) -> String {
    let named: Vec<String> = emotions
        .iter()
        .take(most)
        .map(|one| format!("{} {}", one.label, thousands(one.n)))
        .collect();
    named.join(", ")
}

fn plain(valence: Option<f32>) -> String {
    glyph(valence).runs().iter().map(|run| run.text.as_str()).collect()
}

/// Feelings by topics.
pub(crate) fn topics(
    desk: &mut Desk<'_, '_>,
    found: &MoodByTopic,
    emotion: Option<&str>,
) -> Result {
    let of = format!(
        "{} of {} in which something was felt: {}",
        thousands(found.n_felt),
        count(found.n_moments, "moment"),
        named(&found.emotions, 2 * FEW)
    );
    desk.text(&Line::of(Ink::Quiet, &of))?;
    if found.topics.is_empty() {
        return desk.confirm("No topic has it.");
    }
    desk.blank()?;
    let rows: Vec<Vec<String>> = found
        .topics
        .iter()
        .map(|row| {
            let wanted = emotion.map(|word| word.trim().to_lowercase());
            let n = wanted.as_ref().and_then(|wanted| {
                row.emotions.iter().find(|one| one.label == *wanted).map(|one| one.n)
            });
            vec![
                row.topic.name.clone(),
                format!("{} of {}", n.unwrap_or(row.n_felt), row.n_moments),
                plain(row.valence),
                named(&row.emotions, FEW),
            ]
        })
        .collect();
    let what = emotion.map_or(" Felt".to_owned(), |word| format!(" {word}"));
    table::write(desk, &["Topic", &what, "Mood", "Feelings"], &rows)?;
    if found.n_left_out > 0 {
        desk.hint(&format!("{} more: --limit takes more.", count(found.n_left_out, "topic")))?;
    }
    Ok(())
}

fn part(part: DayPart) -> &'static str {
    match part {
        DayPart::Night => "at night",
        DayPart::Morning => "in the morning",
        DayPart::Afternoon => "in the afternoon",
        DayPart::Evening => "in the evening",
    }
}

fn peak(peak: &MoodPeak) -> String {
    format!(
        "{} {}, {} of {}",
        peak.moment_type,
        part(peak.part),
        thousands(peak.n),
        thousands(peak.of)
    )
}

/// Moments of one type in a quarter of the day.
#[derive(Default)]
struct Quarter<'f> {
    n: u32,
    n_felt: u32,
    emotions: BTreeMap<&'f str, u32>,
}

/// Feelings by hour and type of moment.
pub(crate) fn hours(desk: &mut Desk<'_, '_>, found: &MoodByHour) -> Result {
    let of = format!(
        "{}, {} without a known hour; something was felt in {} of the others",
        count(found.n_moments, "moment"),
        thousands(found.n_without_hour),
        thousands(found.n_felt)
    );
    desk.text(&Line::of(Ink::Quiet, &of))?;
    // A terminal has no room for 24 hours.
    let mut rows: BTreeMap<(u8, &str), Quarter<'_>> = BTreeMap::new();
    for cell in &found.cells {
        let row = rows.entry((cell.hour / 6, &cell.moment_type)).or_default();
        row.n += cell.n_moments;
        row.n_felt += cell.n_felt;
        for one in &cell.emotions {
            *row.emotions.entry(&one.label).or_default() += one.n;
        }
    }
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|((quarter, kind), Quarter { n, n_felt, emotions })| {
            let mut emotions: Vec<EmotionCount> = emotions
                .into_iter()
                .map(|(label, n)| EmotionCount { label: label.into(), n })
                .collect();
            emotions.sort_by(|a, b| b.n.cmp(&a.n).then_with(|| a.label.cmp(&b.label)));
            let hours = format!("{:02}–{:02}", quarter * 6, quarter * 6 + 6);
            vec![hours, kind.to_owned(), format!("{n_felt} of {n}"), named(&emotions, FEW)]
        })
        .collect();
    if !rows.is_empty() {
        desk.blank()?;
        table::write(desk, &["Hours", "Type", " Felt", "Feelings"], &rows)?;
    }
    desk.blank()?;
    desk.line(&heading("Most and least"))?;
    if found.peaks.is_empty() {
        return desk.indented(
            2,
            &Line::plain(
                "Too little to compare: it takes two types or times with five felt moments each.",
            ),
        );
    }
    for high in &found.peaks {
        let low = found.lows.iter().find(|low| low.emotion == high.emotion);
        let least = low.map_or_else(String::new, |low| format!("; least: {}", peak(low)));
        let told = format!("{}{least} ({:.0} % anywhere)", peak(high), high.usual * 100.0);
        let line =
            Line::of(Ink::Strong, &high.emotion).and(Ink::Plain, ": ").and(Ink::Plain, &told);
        desk.indented(2, &line)?;
    }
    Ok(())
}

/// The longest productive stretches.
pub(crate) fn productive(
    desk: &mut Desk<'_, '_>,
    found: &ProductiveStretches,
    present: Present,
) -> Result {
    let feelings = match found.feelings.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => found.feelings.concat(),
    };
    let of = format!(
        "{} in which somebody felt {feelings}; of {} more nobody knows how long they took",
        count(found.n_productive, "moment"),
        thousands(found.n_without_length)
    );
    desk.text(&Line::of(Ink::Quiet, &of))?;
    let columns = desk.width();
    for stretch in &found.stretches {
        desk.blank()?;
        let about = if stretch.is_approximate { "about " } else { "" };
        let took = format!("{about}{}", duration(stretch.minutes));
        let day = Line::of(Ink::Quiet, &present.name(&stretch.moment.day));
        desk.line(&Line::of(Ink::Strong, &took).with_right(day, columns))?;
        desk.line(&moment_line(&stretch.moment, 2, columns))?;
    }
    Ok(())
}
