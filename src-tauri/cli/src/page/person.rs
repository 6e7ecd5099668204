//! People, one by one and in lists.

use rem_core::api::{
    graph::Neighbour,
    people::{PeopleList, PersonCard, PersonDetail},
};

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
/// Moments, and months, that are shown unless more is asked for.
const FEW: usize = 8;
const MONTHS: usize = 12;

/// A list of people.
pub(crate) fn list(
    desk: &mut Desk<'_, '_>,
    list: &PeopleList,
    skipped: u32,
    present: Present,
) -> Result {
    if list.people.is_empty() {
        return desk.confirm("Nobody: people are found in moments by `rem dream`.");
    }
    let rows: Vec<Vec<String>> = list.people.iter().map(|person| row(person, present)).collect();
    table::write(desk, &[" ", "Name", " Moments", " Days", "Last", "Since", "Mood"], &rows)?;
    let shown = skipped.saturating_add(u32::try_from(list.people.len()).unwrap_or(u32::MAX));
    let left = list.n_total.saturating_sub(shown);
    if left > 0 {
        desk.hint(&format!("{left} more: rem people --skip {shown}"))?;
    }
    Ok(())
}

fn row(person: &PersonCard, present: Present) -> Vec<String> {
    let felt = glyph(person.valence).runs().iter().map(|run| run.text.as_str()).collect();
    vec![
        person.id.to_string(),
        person.name.clone(),
        times::thousands(person.n_moments),
        times::thousands(person.n_days),
        present.name(&person.last_day),
        present.name(&person.first_day),
        felt,
    ]
}

/// A person's page.
pub(crate) fn write(
    desk: &mut Desk<'_, '_>,
    detail: &PersonDetail,
    with_all: bool,
    present: Present,
) -> Result {
    let person = &detail.person;
    let columns = desk.width();
    let key = Line::of(Ink::Quiet, &person.key);
    desk.line(&Line::of(Ink::Strong, &person.name).with_right(key, columns))?;
    let facts = dotted([
        count(person.n_moments, "moment").as_str(),
        &count(person.n_days, "day"),
        &format!("first {}", present.name(&person.first_day)),
        &format!("last {}", present.name(&person.last_day)),
    ]);
    desk.text(&Line::of(Ink::Quiet, &facts))?;
    if !detail.story.is_empty() {
        desk.blank()?;
        story(desk, &detail.story, present)?;
    }
    desk.blank()?;
    fact(desk, "Also", &Line::plain(&detail.aliases.join(", ")))?;
    fact(desk, "How often", &Line::plain(&format!("{:.1} moments a month", detail.per_month)))?;
    fact(desk, "Hours", &Line::plain(&hours(detail.minutes, detail.approximate_minutes)))?;
    if let Some(valence) = person.valence {
        let usual = detail.valence_usual.map_or_else(String::new, |usual| {
            format!(
                ", {usual:+.2} in all {} of the journal",
                count(detail.n_felt_usual, "felt moment")
            )
        });
        let told = format!("{valence:+.2} in {}{usual}", count(person.n_felt, "felt moment"));
        fact(desk, "Mood", &mood(Some(valence)).and(Ink::Quiet, "  ").and(Ink::Quiet, &told))?;
    }
    let months: Vec<String> = detail
        .months
        .iter()
        .rev()
        .take(MONTHS)
        .map(|month| format!("{} ({})", month.month, month.n_moments))
        .collect();
    fact(desk, "Months", &Line::of(Ink::Quiet, &months.join(" ")))?;
    shared(desk, "Topics together", &detail.topics)?;
    shared(desk, "People together", &detail.people)?;
    moments(desk, detail, with_all, present)
}

fn hours(minutes: u32, about: u32) -> String {
    match (minutes, about) {
        (0, 0) => String::new(),
        (minutes, 0) => duration(minutes),
        (0, about) => format!("about {}", duration(about)),
        (minutes, about) => format!("{} and about {} more", duration(minutes), duration(about)),
    }
}

fn shared(desk: &mut Desk<'_, '_>, label: &str, all: &[Neighbour]) -> Result {
    if all.is_empty() {
        return Ok(());
    }
    desk.blank()?;
    desk.line(&heading(label))?;
    let columns = desk.width();
    let most = if desk.is_verbose() { all.len() } else { FEW };
    for Neighbour { node, edge } in all.iter().take(most) {
        let line = Line::spaces(2)
            .then(glyph(node.valence))
            .and(Ink::Plain, " ")
            .and(Ink::Plain, &node.name);
        desk.line(&line.with_right(Line::of(Ink::Quiet, &edge.reason), columns))?;
    }
    Ok(())
}

fn moments(
    desk: &mut Desk<'_, '_>,
    detail: &PersonDetail,
    with_all: bool,
    present: Present,
) -> Result {
    let columns = desk.width();
    let most = if with_all || desk.is_verbose() { detail.moments.len() } else { FEW };
    let mut day = "";
    for card in detail.moments.iter().take(most) {
        if card.day != day {
            desk.blank()?;
            desk.line(&heading(&present.name(&card.day)))?;
            day = &card.day;
        }
        desk.line(&moment_line(card, 2, columns))?;
    }
    if detail.moments.len() > most || detail.next.is_some() {
        desk.hint("All moments with --all.")?;
    }
    Ok(())
}

fn fact(desk: &mut Desk<'_, '_>, label: &str, value: &Line) -> Result {
    if value.runs().iter().all(|run| run.text.is_empty()) {
        return Ok(());
    }
    let first = Line::of(Ink::Quiet, label).pad(LABEL_COLUMN);
    let rest = Line::spaces(LABEL_COLUMN);
    desk.lines(&wrap::hang(&first, &rest, value, desk.width()))
}
