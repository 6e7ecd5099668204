//! A record as the person wrote it: a note, or a stretch of a conversation.

use rem_core::api::{
    records::{MessageView, RecordView},
    sessions::SessionSummary,
};

use super::{dotted, mood};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::{Line, quote},
    palette::Ink,
    times, wrap,
};

/// A record as a page.
pub(crate) fn write(desk: &mut Desk<'_, '_>, record: &RecordView, present: Present) -> Result {
    let columns = desk.width();
    let id = Line::of(Ink::Quiet, &format!("record:{}", record.id));
    desk.line(&Line::of(Ink::Strong, &record.title).with_right(id, columns))?;
    let when = record.occurred_at.map_or(String::new(), |at| {
        times::stamp(at, record.offset_minutes, record.precision, present.year)
    });
    let tags = record.tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" ");
    let facts = [when.as_str(), &record.format, &record.source, &record.file, &tags];
    desk.text(&Line::of(Ink::Quiet, &dotted(facts)))?;
    if !record.found_tags.is_empty() {
        let about = format!("about {}", record.found_tags.join(", "));
        desk.text(&Line::of(Ink::Quiet, &about))?;
    }
    if let Some(summary) = &record.summary {
        desk.blank()?;
        tell(desk, summary)?;
    }
    if !record.pieces.is_empty() {
        desk.blank()?;
    }
    for line in quote(&record.pieces) {
        desk.lines(&wrap::wrap(&line, columns))?;
    }
    let mut day = None;
    for message in &record.messages {
        let its_day = message.occurred_at.map(|at| times::local(at, message.offset_minutes).date());
        if its_day.is_some() && its_day != day {
            day = its_day;
            desk.blank()?;
            let date = day.map_or(String::new(), times::day_long);
            desk.line(&Line::of(Ink::Quiet, &date))?;
        }
        say(desk, message, message.id == record.id)?;
    }
    if record.is_cut {
        desk.blank()?;
        desk.text(&Line::of(Ink::Warning, "There is more than is shown here."))?;
    }
    Ok(())
}

/// What is told of the whole conversation, and by whom.
fn tell(desk: &mut Desk<'_, '_>, summary: &SessionSummary) -> Result {
    desk.text(&Line::plain(&summary.summary))?;
    let topics = summary.key_topics.join(", ");
    desk.text(&mood(Some(summary.valence)).and(Ink::Quiet, "  ").and(Ink::Quiet, &topics))?;
    let by = format!("told by {}", summary.mind);
    let facts = [
        by.as_str(),
        if summary.is_provisional { "only until there is a model" } else { "" },
        if summary.is_outdated { "changed since; the next dream tells it again" } else { "" },
    ];
    desk.text(&Line::of(Ink::Quiet, &dotted(facts)))
}

fn say(desk: &mut Desk<'_, '_>, message: &MessageView, is_asked_for: bool) -> Result {
    let time = message
        .occurred_at
        .map_or(String::new(), |at| times::span(at, at, message.offset_minutes, message.precision));
    let author = if message.author.is_empty() { &message.role } else { &message.author };
    let pointer = if is_asked_for { "› " } else { "  " };
    let first = Line::plain(pointer)
        .and(Ink::Quiet, &time)
        .pad(8)
        .and(Ink::Strong, author)
        .and(Ink::Plain, "  ");
    let columns = desk.width();
    // A long name would leave no room beside it.
    let (first, indent) = if first.width() > columns / 2 {
        desk.line(&first.fit(columns))?;
        (Line::spaces(8), Line::spaces(8))
    } else {
        let indent = Line::spaces(first.width());
        (first, indent)
    };
    let mut start = &first;
    for line in quote(&message.pieces) {
        desk.lines(&wrap::hang(start, &indent, &line, columns))?;
        start = &indent;
    }
    Ok(())
}
