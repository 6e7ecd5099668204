//! Topics, one by one and in lists, and their communities.

use rem_core::api::topics::{CommunityView, TopicCard, TopicDetail, TopicList, TopicRef};

use super::{
    day::moment_line, dotted, glyph, heading, looking_back::story, mood, review::duration, table,
};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::{self, count},
    wrap,
};

const LABEL_COLUMN: usize = 11;
/// Moments that are shown unless more is asked for.
const FEW: usize = 8;

/// A list of topics.
pub(crate) fn list(desk: &mut Desk<'_, '_>, list: &TopicList, present: Present) -> Result {
    if list.topics.is_empty() {
        return desk
            .confirm("No topics: they are gathered from the tags of moments by `rem dream`.");
    }
    let rows: Vec<Vec<String>> = list.topics.iter().map(|topic| row(topic, present)).collect();
    table::write(desk, &[" ", "Topic", " Moments", "Last", "Since", "Mood"], &rows)?;
    let n_left = list.n_total - u32::try_from(list.topics.len()).unwrap_or(list.n_total);
    if n_left > 0 {
        desk.hint(&format!("{} more: rem topics list --limit {}", n_left, list.n_total))?;
    }
    Ok(())
}

fn row(topic: &TopicCard, present: Present) -> Vec<String> {
    let mark = match (topic.is_hidden, topic.is_named) {
        (true, _) => " (hidden)",
        (_, true) => " (your name)",
        _ => "",
    };
    vec![
        topic.id.to_string(),
        format!("{}{mark}", topic.name),
        times::thousands(topic.n_moments),
        present.name(&topic.last_day),
        present.name(&topic.first_day),
        plain(&glyph(topic.valence)),
    ]
}

fn plain(line: &Line) -> String {
    line.runs().iter().map(|run| run.text.as_str()).collect()
}

/// A topic as a page.
pub(crate) fn write(desk: &mut Desk<'_, '_>, detail: &TopicDetail, present: Present) -> Result {
    let topic = &detail.topic;
    let columns = desk.width();
    let id = Line::of(Ink::Quiet, &format!("topic {}", topic.id));
    desk.line(&Line::of(Ink::Strong, &topic.name).with_right(id, columns))?;
    let hidden = if topic.is_hidden { "hidden" } else { "" };
    let since = format!("since {}", present.name(&topic.first_day));
    let facts = dotted([count(topic.n_moments, "moment").as_str(), &since, hidden]);
    desk.text(&Line::of(Ink::Quiet, &facts))?;
    if !detail.story.is_empty() {
        desk.blank()?;
        story(desk, &detail.story, present)?;
    }
    desk.blank()?;
    if let Some(last) = detail.moments.first() {
        let line = format!("{}: {}", present.name(&last.day), last.title);
        fact(desk, "Last", &Line::plain(&line))?;
    }
    if let Some(last) = &detail.last_outcome {
        let when =
            if last.is_older { format!("{}: ", present.name(&last.day)) } else { String::new() };
        fact(desk, "Ended", &Line::plain(&format!("{when}{}", last.outcome)))?;
    }
    let tags: Vec<String> =
        detail.tags.iter().map(|tag| format!("#{} ({})", tag.tag, tag.n_moments)).collect();
    fact(desk, "Tags", &Line::plain(&tags.join(" ")))?;
    let people: Vec<String> = detail
        .people
        .iter()
        .map(|person| format!("{} ({})", person.name, person.n_moments))
        .collect();
    fact(desk, "People", &Line::plain(&people.join(", ")))?;
    if topic.valence.is_some() {
        fact(desk, "Mood", &mood(topic.valence))?;
    }
    fact(desk, "Hours", &Line::plain(&hours(detail)))?;
    fact(desk, "Part of", &Line::plain(&names(detail.broader.as_slice())))?;
    fact(desk, "Parts", &Line::plain(&names(&detail.narrower)))?;
    let communities: Vec<&str> = detail.communities.iter().map(|c| c.name.as_str()).collect();
    fact(desk, "Community", &Line::plain(&communities.join(" ‹ ")))?;
    let months: Vec<String> = detail
        .months
        .iter()
        .rev()
        .take(12)
        .map(|month| format!("{} ({})", month.month, month.n_moments))
        .collect();
    fact(desk, "Months", &Line::of(Ink::Quiet, &months.join(" ")))?;
    if detail.is_waiting {
        fact(desk, "Waiting", &Line::of(Ink::Warning, "the next dream does what you said of it"))?;
    }
    if !detail.related.is_empty() {
        desk.blank()?;
        desk.line(&heading("Goes with"))?;
    }
    for related in detail.related.iter().take(if desk.is_verbose() { usize::MAX } else { FEW }) {
        let line = Line::spaces(2).and(Ink::Plain, &related.topic.name);
        desk.line(&line.with_right(Line::of(Ink::Quiet, &related.reason), columns))?;
    }
    moments(desk, detail, present)
}

/// How long its moments took.
fn hours(detail: &TopicDetail) -> String {
    match (detail.minutes, detail.approximate_minutes) {
        (0, 0) => String::new(),
        (minutes, 0) => duration(minutes),
        (0, about) => format!("about {}", duration(about)),
        (minutes, about) => format!("{} and about {} more", duration(minutes), duration(about)),
    }
}

fn moments(desk: &mut Desk<'_, '_>, detail: &TopicDetail, present: Present) -> Result {
    let columns = desk.width();
    let n_shown = if desk.is_verbose() { detail.moments.len() } else { FEW };
    let mut day = "";
    for card in detail.moments.iter().take(n_shown) {
        if card.day != day {
            desk.blank()?;
            desk.line(&heading(&present.name(&card.day)))?;
            day = &card.day;
        }
        desk.line(&moment_line(card, 2, columns))?;
    }
    if detail.moments.len() > n_shown {
        desk.hint("More moments with --verbose.")?;
    }
    Ok(())
}

fn names(topics: &[TopicRef]) -> String {
    topics.iter().map(|topic| topic.name.as_str()).collect::<Vec<_>>().join(", ")
}

fn fact(desk: &mut Desk<'_, '_>, label: &str, value: &Line) -> Result {
    if value.runs().iter().all(|run| run.text.is_empty()) {
        return Ok(());
    }
    let first = Line::of(Ink::Quiet, label).pad(LABEL_COLUMN);
    let rest = Line::spaces(LABEL_COLUMN);
    let lines = wrap::hang(&first, &rest, value, desk.width());
    desk.lines(&lines)
}

/// Communities, the broad ones with their parts below them.
pub(crate) fn communities(desk: &mut Desk<'_, '_>, all: &[CommunityView]) -> Result {
    if all.is_empty() {
        return desk.confirm(
            "No communities yet: topics that share moments make them, with the next `rem dream`.",
        );
    }
    let mut is_first = true;
    let broad = all.iter().filter(|community| community.level == 2);
    for parent in broad.map(Some).chain([None]) {
        let id = parent.map(|parent| parent.id);
        let parts: Vec<&CommunityView> =
            all.iter().filter(|c| c.level == 1 && c.parent_id == id).collect();
        if parts.is_empty() {
            continue;
        }
        if !is_first {
            desk.blank()?;
        }
        is_first = false;
        if let Some(parent) = parent {
            community(desk, parent, 0)?;
        }
        for part in parts {
            community(desk, part, if parent.is_some() { 2 } else { 0 })?;
            desk.indented(4, &Line::of(Ink::Quiet, &names(&part.topics)))?;
        }
    }
    Ok(())
}

fn community(desk: &mut Desk<'_, '_>, community: &CommunityView, indent: usize) -> Result {
    let columns = desk.width();
    let size = dotted([
        count(community.n_topics, "topic").as_str(),
        &count(community.n_moments, "moment"),
        &community.id.to_string(),
    ]);
    let size = Line::of(Ink::Quiet, &size);
    let name = Line::spaces(indent).and(Ink::Strong, &community.name);
    let room = columns.saturating_sub(size.width() + 2);
    desk.line(&name.fit(room).with_right(size, columns))
}
