//! An answer: how its dates were understood, its sentences, its numbers, its moments, what was found beside them.

use rem_core::api::{
    ask::{AskCitation, AskDates, AskMoment, AskReply, AskSentence, AskTable, KindCount},
    moments::MomentCard,
    search::{Hit, HitKind},
};

use super::{dotted, feeling, heading, review};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::{Line, width},
    palette::{Ink, Mood},
    times::{self, count},
    wrap,
};

const LABEL_COLUMN: usize = 9;
/// Citations that are named behind a sentence; more are counted.
const FEW: usize = 3;
/// The widest label of a row.
const MOST_LABEL: usize = 44;

/// An answer as a page. `told` are sentences that were written while they came.
pub(crate) fn write(
    desk: &mut Desk<'_, '_>,
    reply: &AskReply,
    told: &[String],
    present: Present,
) -> Result {
    let texts: Vec<&str> = reply.sentences.iter().map(|sentence| sentence.text.as_str()).collect();
    let n_told = if texts.iter().zip(told).all(|(now, before)| now == before) {
        told.len().min(texts.len())
    } else {
        desk.blank()?;
        desk.text(&Line::of(Ink::Quiet, "The answer was begun anew:"))?;
        0
    };
    for one in &reply.sentences[n_told..] {
        sentence(desk, one)?;
    }
    notes(desk, reply, present)?;
    for one in &reply.tables {
        table(desk, one)?;
    }
    let mut day = "";
    for card in &reply.moments {
        desk.blank()?;
        if card.moment.day != day {
            desk.line(&heading(&present.name(&card.moment.day)))?;
            day = &card.moment.day;
        }
        moment(desk, card)?;
    }
    hits(desk, &reply.hits, present)?;
    if !reply.basis.is_empty() {
        desk.blank()?;
        desk.text(&Line::of(Ink::Quiet, &reply.basis))?;
    }
    waiting(desk, reply)?;
    if !reply.without_model.is_empty() {
        desk.aside(&format!("no model wrote this: {}", reply.without_model))?;
    }
    Ok(())
}

/// A sentence with what it cites.
pub(crate) fn sentence(desk: &mut Desk<'_, '_>, sentence: &AskSentence) -> Result {
    let mut line = Line::plain(&sentence.text);
    let cited = cited(&sentence.citations);
    if !cited.is_empty() {
        line = line.and(Ink::Quiet, &format!(" [{cited}]"));
    }
    desk.text(&line)
}

/// "moment 12, record:34", or how many.
fn cited(citations: &[AskCitation]) -> String {
    if citations.len() > FEW {
        return format!("{} cited", count(citations.len().try_into().unwrap_or(u32::MAX), "thing"));
    }
    let named = citations.iter().map(|citation| match citation {
        AskCitation::Moment { id } => format!("moment {id}"),
        AskCitation::Record { id, .. } => format!("record:{id}"),
    });
    named.collect::<Vec<_>>().join(", ")
}

/// How the question was read, and what was left out of the answer.
fn notes(desk: &mut Desk<'_, '_>, reply: &AskReply, present: Present) -> Result {
    let mut all = Vec::new();
    if let Some(dates) = &reply.dates {
        all.push(understood(dates, present));
    }
    if reply.is_by_model {
        all.push(format!("written by {}", reply.mind));
    }
    if reply.is_cut {
        all.push("the model broke off here".into());
    }
    if reply.n_dropped > 0 && reply.is_by_model {
        let dropped = count(reply.n_dropped, "sentence");
        all.push(format!("{dropped} left out that the moments do not bear out"));
    }
    if all.is_empty() {
        return Ok(());
    }
    desk.text(&Line::of(Ink::Quiet, &dotted(all.iter().map(String::as_str))))
}

/// "“last Tuesday afternoon”: Tue 13 Oct, 12:00–18:00".
fn understood(dates: &AskDates, present: Present) -> String {
    let name = |day: &str| {
        times::day(day).map_or_else(|| day.to_owned(), |day| times::day_short(day, present.year))
    };
    let until = name(&dates.until);
    let days = match &dates.from {
        Some(from) if *from == dates.until => until,
        Some(from) => format!("{} to {until}", name(from)),
        None => format!("until {until}"),
    };
    let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let hours = dates.hours.map_or_else(String::new, |hours| {
        format!(", {}–{}", clock(hours.from), clock(hours.until))
    });
    if dates.words.is_empty() {
        return format!("looked at: {days}{hours}");
    }
    let words: Vec<String> = dates.words.iter().map(|words| format!("“{words}”")).collect();
    format!("{}: {days}{hours}", words.join(", "))
}

fn table(desk: &mut Desk<'_, '_>, table: &AskTable) -> Result {
    desk.blank()?;
    desk.line(&heading(&table.title))?;
    let widest = table.rows.iter().map(|row| width(&row.label)).max().unwrap_or_default();
    let column = widest.min(MOST_LABEL).min(desk.width() / 2) + 2;
    for row in &table.rows {
        let n = match row.n_of {
            Some(n_of) => format!("{} of {}", times::thousands(row.n), times::thousands(n_of)),
            None if row.n > 1 => times::thousands(row.n),
            None => String::new(),
        };
        let length = row.minutes.filter(|minutes| *minutes > 0).map(review::duration);
        let facts = dotted([n.as_str(), length.as_deref().unwrap_or_default(), &row.note]);
        let label = Line::plain("  ").and(Ink::Plain, &row.label).fit(column).pad(column + 1);
        let rest = Line::spaces(column + 1);
        desk.lines(&wrap::hang(&label, &rest, &Line::of(Ink::Quiet, &facts), desk.width()))?;
    }
    Ok(())
}

/// "Title (13:45–16:30)", and below it topics, outcome, people, emotions and what it is tied to.
fn moment(desk: &mut Desk<'_, '_>, card: &AskMoment) -> Result {
    let AskMoment { moment, related } = card;
    let columns = desk.width();
    let head =
        Line::of(Ink::Mood(Mood::of(Some(moment.valence))), Mood::of(Some(moment.valence)).glyph())
            .and(Ink::Plain, " ")
            .and(Ink::Strong, &moment.title)
            .and(Ink::Quiet, &format!(" ({})", time(moment)));
    let id = Line::of(Ink::Quiet, &format!("moment {}", moment.id));
    desk.line(&head.with_right(id, columns))?;
    if moment.summary != moment.title {
        desk.indented(2, &Line::plain(&moment.summary))?;
    }
    let emotions: Vec<String> = moment.emotions.iter().map(feeling).collect();
    let tied: Vec<String> = related.iter().map(counted).collect();
    for (label, text) in [
        ("Topics", moment.tags.join(", ")),
        ("Outcome", moment.outcome.clone()),
        ("People", moment.people.join(", ")),
        ("Emotion", emotions.join(", ")),
        ("Related", tied.join(", ")),
    ] {
        if text.trim().is_empty() {
            continue;
        }
        let first = Line::spaces(2).and(Ink::Quiet, label).pad(LABEL_COLUMN + 2);
        let rest = Line::spaces(LABEL_COLUMN + 2);
        desk.lines(&wrap::hang(&first, &rest, &Line::plain(&text), columns))?;
    }
    Ok(())
}

fn time(moment: &MomentCard) -> String {
    times::span(moment.starts_at, moment.ends_at, moment.offset_minutes, moment.precision)
}

fn counted(kind: &KindCount) -> String {
    count(kind.n, &kind.kind)
}

fn hits(desk: &mut Desk<'_, '_>, hits: &[Hit], present: Present) -> Result {
    if hits.is_empty() {
        return Ok(());
    }
    desk.blank()?;
    desk.line(&heading("In your writing"))?;
    let columns = desk.width();
    for hit in hits {
        let kind = match hit.kind {
            HitKind::Moment => "moment",
            HitKind::Note => "note",
            HitKind::Session => "conversation",
            HitKind::Message => "message",
        };
        let day = hit.day.as_deref().map_or_else(String::new, |day| present.name(day));
        let facts = dotted([kind, hit.author.as_str(), &day]);
        let head = Line::spaces(2)
            .and(Ink::Plain, &hit.title)
            .and(Ink::Quiet, "  ")
            .and(Ink::Quiet, &facts);
        let id = Line::of(Ink::Quiet, &format!("record:{}", hit.id));
        desk.line(&head.with_right(id, columns))?;
        let text = hit.pieces.iter().fold(Line::spaces(4), |line, piece| {
            line.and(if piece.is_marked { Ink::Marked } else { Ink::Quiet }, &piece.text)
        });
        if hit.pieces.iter().any(|piece| !piece.text.trim().is_empty()) {
            desk.line(&text.fit(columns))?;
        }
    }
    Ok(())
}

/// Days that could be dreamt first.
fn waiting(desk: &mut Desk<'_, '_>, reply: &AskReply) -> Result {
    let Some(waiting) = reply.waiting else { return Ok(()) };
    let days = match waiting.n_days {
        1 => "1 day of this is not dreamt yet".to_owned(),
        n => format!("{} of this are not dreamt yet", count(n, "day")),
    };
    let how = match waiting.minutes {
        Some(0) => "--dream-first dreams it first, in less than a minute".to_owned(),
        Some(minutes) => {
            format!("--dream-first dreams it first, in about {}", count(minutes, "minute"))
        }
        None => "a dream runs just now".to_owned(),
    };
    desk.blank()?;
    desk.text(&Line::of(Ink::Warning, &format!("{days}: {how}.")))
}
