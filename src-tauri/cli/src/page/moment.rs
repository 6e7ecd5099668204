//! A moment with its receipts: the exact words it rests on, where they stand and when they were written.

use rem_core::api::moments::{EmotionWeight, Evidence, Field, MomentDetail, RelatedMoment};

use super::{dotted, glyph, heading, mood, rests_on};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::{Line, quote},
    palette::Ink,
    times::{self, count},
    wrap,
};

const LABEL_COLUMN: usize = 11;
const BAR: usize = 12;

/// A moment as a page.
pub(crate) fn write(desk: &mut Desk<'_, '_>, detail: &MomentDetail, present: Present) -> Result {
    let card = &detail.moment;
    let columns = desk.width();
    let id = Line::of(Ink::Quiet, &format!("moment {}", card.id));
    desk.line(&Line::of(Ink::Strong, &card.title).with_right(id, columns))?;
    let day = times::day(&card.day).map_or(card.day.clone(), times::day_long);
    let time = times::span(card.starts_at, card.ends_at, card.offset_minutes, card.precision);
    let removed = if detail.is_type_registered { "" } else { " (a type no longer registered)" };
    let kind = format!("{}{removed}", card.moment_type);
    let facts = dotted([day.as_str(), &time, &kind, &rests_on(&card.sources)]);
    desk.text(&Line::of(Ink::Quiet, &facts))?;
    desk.blank()?;
    desk.text(&Line::plain(&card.summary))?;
    desk.blank()?;
    facts_of(desk, detail)?;
    insights(desk, detail)?;
    witnesses(desk, detail)?;
    if !detail.evidence.is_empty() {
        desk.blank()?;
        desk.line(&heading("Rests on"))?;
    }
    for (n, evidence) in detail.evidence.iter().enumerate() {
        if n > 0 {
            desk.blank()?;
        }
        receipt(desk, evidence, present)?;
    }
    goes_with(desk, &detail.related, present)?;
    if desk.is_verbose() {
        history(desk, detail, present)?;
    }
    Ok(())
}

fn facts_of(desk: &mut Desk<'_, '_>, detail: &MomentDetail) -> Result {
    let card = &detail.moment;
    let topics = card.tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ");
    fact(desk, "Outcome", &Line::plain(&card.outcome))?;
    fact(desk, "People", &Line::plain(&card.people.join(", ")))?;
    fact(desk, "Topics", &Line::plain(&topics))?;
    fact(desk, "Mood", &mood(Some(card.valence)))?;
    for (n, emotion) in card.emotions.iter().enumerate() {
        fact(desk, if n == 0 { "Felt" } else { " " }, &felt(emotion, card.valence))?;
    }
    let sure = format!("{:.0} %, {}", detail.confidence * 100.0, detail.mind);
    fact(desk, "Sure", &Line::of(Ink::Quiet, &sure))?;
    let pinned = if card.is_pinned { ", pinned: it does not fade" } else { "" };
    let strength = format!("{:.0} %{pinned}", detail.strength * 100.0);
    fact(desk, "Strength", &Line::of(Ink::Quiet, &strength))?;
    let corrected = detail.corrected.iter().map(|field| field_name(*field)).collect::<Vec<_>>();
    fact(desk, "Corrected", &Line::plain(&corrected.join(", ")))
}

fn fact(desk: &mut Desk<'_, '_>, label: &str, value: &Line) -> Result {
    if value.is_empty() {
        return Ok(());
    }
    let first = Line::of(Ink::Quiet, label).pad(LABEL_COLUMN);
    let rest = Line::spaces(LABEL_COLUMN);
    let lines = wrap::hang(&first, &rest, value, desk.width());
    desk.lines(&lines)
}

fn felt(emotion: &EmotionWeight, valence: f32) -> Line {
    let weight = emotion.weight.clamp(0.0, 1.0);
    let full = (1..=BAR).filter(|n| *n as f32 <= weight * BAR as f32 + 0.5).count();
    let ink = Ink::Mood(crate::palette::Mood::of(Some(valence)));
    Line::of(ink, &"━".repeat(full))
        .and(Ink::Quiet, &"─".repeat(BAR - full))
        .and(Ink::Plain, &format!("\u{a0}{}\u{a0}", emotion.label))
        .and(Ink::Quiet, &format!("{weight:.1}"))
}

fn receipt(desk: &mut Desk<'_, '_>, evidence: &Evidence, present: Present) -> Result {
    let place = match (evidence.file.as_str(), evidence.line) {
        ("", _) => evidence.format.clone(),
        (file, Some(line)) => format!("{file}, line {line}"),
        (file, None) => file.to_owned(),
    };
    // A chat is often named after the one person who writes in it.
    let says_more = evidence.title != evidence.file && evidence.title != evidence.author;
    let title = if says_more { evidence.title.as_str() } else { "" };
    let when = evidence.occurred_at.map_or(String::new(), |at| {
        times::stamp(at, evidence.offset_minutes, evidence.precision, present.year)
    });
    let record = format!("record:{}", evidence.record_id);
    let lines = quote(&evidence.pieces);
    let bar = Line::of(Ink::Quiet, "  │ ");
    for line in &lines {
        desk.lines(&wrap::hang(&bar, &bar, line, desk.width()))?;
    }
    let facts = dotted([evidence.author.as_str(), title, &place, &when, &record]);
    desk.indented(4, &Line::of(Ink::Quiet, &facts))?;
    if !evidence.is_current {
        desk.indented(4, &Line::of(Ink::Warning, "the source says something else by now"))?;
    }
    Ok(())
}

/// What people decided or learnt together, each with who said so.
fn insights(desk: &mut Desk<'_, '_>, detail: &MomentDetail) -> Result {
    if detail.insights.is_empty() {
        return Ok(());
    }
    desk.blank()?;
    desk.line(&heading("Together"))?;
    for insight in &detail.insights {
        let (first, rest) = (Line::of(Ink::Quiet, "  · "), Line::spaces(4));
        desk.lines(&wrap::hang(&first, &rest, &Line::plain(&insight.text), desk.width()))?;
        for words in &insight.evidence {
            let quoted: String = words.pieces.iter().map(|piece| piece.text.as_str()).collect();
            let quoted = format!("“{}”", quoted.split_whitespace().collect::<Vec<_>>().join(" "));
            let record = format!("record:{}", words.record_id);
            let facts = dotted([quoted.as_str(), &words.author, &record]);
            desk.indented(4, &Line::of(Ink::Quiet, &facts))?;
        }
    }
    Ok(())
}

/// Who tells of it, where that is more than one source.
fn witnesses(desk: &mut Desk<'_, '_>, detail: &MomentDetail) -> Result {
    if detail.witnesses.len() < 2 {
        return Ok(());
    }
    desk.blank()?;
    desk.line(&heading("Told by"))?;
    for witness in &detail.witnesses {
        let place = witness.file.as_str();
        let title = if witness.title == witness.file { "" } else { witness.title.as_str() };
        let n = match witness.n_records {
            1 => String::new(),
            n => count(n, "message"),
        };
        let told = witness.starts_at.zip(witness.ends_at);
        let when = told.map_or(String::new(), |(from, until)| {
            times::span(from, until, witness.offset_minutes, witness.precision)
        });
        let line = dotted([witness.format.as_str(), title, place, &n, &when]);
        desk.indented(2, &Line::plain(&line))?;
        if witness.tells_another_time {
            desk.indented(4, &Line::of(Ink::Warning, "tells another time than the one kept"))?;
        }
    }
    Ok(())
}

fn goes_with(desk: &mut Desk<'_, '_>, related: &[RelatedMoment], present: Present) -> Result {
    if related.is_empty() {
        return Ok(());
    }
    desk.blank()?;
    desk.line(&heading("Goes with"))?;
    let columns = desk.width();
    for other in related {
        let facts = dotted([present.name(&other.day).as_str(), &other.reason]);
        let line = Line::spaces(2)
            .then(glyph(Some(other.valence)))
            .and(Ink::Plain, " ")
            .and(Ink::Plain, &other.title)
            .and(Ink::Quiet, "  ")
            .and(Ink::Quiet, &facts);
        let id = Line::of(Ink::Quiet, &other.id.to_string());
        desk.line(&line.with_right(id, columns))?;
    }
    Ok(())
}

fn history(desk: &mut Desk<'_, '_>, detail: &MomentDetail, present: Present) -> Result {
    if detail.history.is_empty() {
        return Ok(());
    }
    desk.blank()?;
    desk.line(&heading("Its story"))?;
    for entry in &detail.history {
        let by = if entry.author == "person" { "you" } else { "a dream" };
        let when = times::distance(entry.at, present.now);
        desk.indented(2, &Line::plain(&dotted([when.as_str(), by, &entry.what])))?;
    }
    Ok(())
}

/// A field's name as it is typed after `--withdraw`.
pub(crate) fn field_name(field: Field) -> &'static str {
    match field {
        Field::Title => "title",
        Field::Summary => "summary",
        Field::Type => "type",
        Field::Time => "time",
        Field::Tags => "tags",
        Field::Emotions => "emotions",
        Field::Hidden => "hidden",
        Field::Pinned => "pinned",
    }
}
