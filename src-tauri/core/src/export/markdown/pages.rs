//! The pages of what was dreamt: days, reviews, the list of days.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};

use super::markup::{day_file, day_long, front, line, link, paragraphs, time};
use crate::{
    Result,
    api::{
        export::ExportPart,
        moments::{EmotionWeight, MomentCard},
        periods::{PeriodKind, ReviewView},
    },
    moments::cards_of_day,
};

/// What is felt less strongly is "a little" of it, as the terminal says.
const LITTLE: f32 = 0.35;

/// A page of a day.
pub(super) struct Page {
    pub(super) text: String,
    pub(super) n_moments: u32,
}

/// A day with its story and its moments; nothing where it has neither.
pub(super) fn day(
    reader: &Connection,
    day: &str,
    (before, after): (Option<&str>, Option<&str>),
    parts: &BTreeSet<ExportPart>,
) -> Result<Option<Page>> {
    let told: Option<(String, Option<f32>, Option<f32>)> = reader
        .prepare_cached(
            "SELECT summary, valence, arousal FROM periods WHERE kind = 'day' AND starts_on = ?1",
        )?
        .query_row([day], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let (story, valence, arousal) = told.unwrap_or_default();
    let moments = cards_of_day(reader, day, false)?;
    let with_moments = parts.contains(&ExportPart::Moments);
    let story = if parts.contains(&ExportPart::Stories) { story } else { String::new() };
    if story.is_empty() && (moments.is_empty() || !with_moments) {
        return Ok(None);
    }
    let file = day_file(day);
    let mut text = front(&[
        ("title", json!(day_long(day))),
        ("date", Value::from(day)),
        ("mood", rounded(valence)),
        ("energy", rounded(arousal)),
        ("topics", names(moments.iter().flat_map(|moment| &moment.tags))),
        ("people", names(moments.iter().flat_map(|moment| &moment.people))),
        ("moments", json!(moments.len())),
    ]);
    text.push_str(&format!("# {}\n\n", day_long(day)));
    if !story.is_empty() {
        text.push_str(&format!("{}\n\n", paragraphs(&story)));
    }
    if with_moments {
        for card in &moments {
            text.push_str(&moment(card));
        }
    }
    let talks = conversations(reader, day, &file, parts)?;
    if !talks.is_empty() {
        text.push_str(&format!("## Conversations\n\n{talks}\n"));
    }
    let ways: Vec<String> = [(before, "Before"), (after, "After")]
        .into_iter()
        .filter_map(|(other, label)| {
            Some(format!("{label}: {}", link(&file, &day_file(other?), other?)))
        })
        .collect();
    if !ways.is_empty() {
        text.push_str(&format!("{}\n", ways.join(" · ")));
    }
    let n_moments = if with_moments { moments.len() } else { 0 };
    Ok(Some(Page { text, n_moments: u32::try_from(n_moments).unwrap_or(u32::MAX) }))
}

/// Links to the conversations of a day that have a page.
fn conversations(
    reader: &Connection,
    day: &str,
    file: &str,
    parts: &BTreeSet<ExportPart>,
) -> Result<String> {
    let with_records = parts.contains(&ExportPart::Records);
    if !with_records && !parts.contains(&ExportPart::Conversations) {
        return Ok(String::new());
    }
    let mut find = reader.prepare_cached(
        "SELECT s.id, s.title,
                (SELECT min(c.day) FROM records m JOIN chunks c ON c.record_id = m.id
                 WHERE m.session_id = s.id AND m.deleted_at IS NULL)
         FROM records s
         WHERE s.deleted_at IS NULL AND s.id IN
             (SELECT r.session_id FROM chunks c JOIN records r ON r.id = c.record_id
              WHERE c.day = ?1 AND r.deleted_at IS NULL)
           AND (?2 OR EXISTS (SELECT 1 FROM session_summaries t WHERE t.session_id = s.id))
         ORDER BY s.id",
    )?;
    let mut rows = find.query(rusqlite::params![day, with_records])?;
    let mut text = String::new();
    while let Some(row) = rows.next()? {
        let (id, title, first): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let page = super::records::conversation_file(id, &title, &first, 0);
        text.push_str(&format!("- {}\n", link(file, &page, &title)));
    }
    Ok(text)
}

/// "## The first reed (14:10–16:30)" with its summary, topics, outcome, people and emotions.
fn moment(card: &MomentCard) -> String {
    let time = time(card);
    let time = if time.is_empty() { time } else { format!(" ({time})") };
    let mut text = format!("## {}{time}\n\n", line(&card.title));
    if !card.summary.is_empty() {
        text.push_str(&format!("{}\n\n", paragraphs(&card.summary)));
    }
    let felt: Vec<String> = card.emotions.iter().map(feeling).collect();
    for (label, said) in [
        ("Topics", card.tags.join(", ")),
        ("Outcome", card.outcome.clone()),
        ("People", card.people.join(", ")),
        ("Emotion", felt.join(", ")),
    ] {
        if !said.trim().is_empty() {
            text.push_str(&format!("- {label}: {}\n", line(&said)));
        }
    }
    text.push('\n');
    text
}

fn feeling(emotion: &EmotionWeight) -> String {
    let label = &emotion.label;
    if emotion.weight < LITTLE { format!("a little {label}") } else { label.clone() }
}

/// Each name once, in the order in which they come.
fn names<'n>(all: impl Iterator<Item = &'n String>) -> Value {
    let mut seen = BTreeSet::new();
    all.filter(|name| seen.insert(*name)).map(String::as_str).collect()
}

/// Two digits say all that a mood means.
fn rounded(number: Option<f32>) -> Value {
    number.map_or(Value::Null, |number| json!((f64::from(number) * 100.0).round() / 100.0))
}

/// The file of a week, a month or a year.
pub(super) fn review_file(kind: PeriodKind, starts_on: &str) -> String {
    match kind {
        PeriodKind::Week => format!("reviews/week-{starts_on}.md"),
        PeriodKind::Month => format!("reviews/month-{}.md", &starts_on[..7]),
        PeriodKind::Year => format!("reviews/year-{}.md", &starts_on[..4]),
    }
}

/// A week, a month or a year.
pub(super) fn review(file: &str, review: &ReviewView) -> String {
    let name = match review.kind {
        PeriodKind::Week => format!("Week from {} to {}", review.starts_on, review.ends_on),
        PeriodKind::Month => review.starts_on[..7].to_owned(),
        PeriodKind::Year => review.starts_on[..4].to_owned(),
    };
    let counted = |names: &[crate::api::periods::NameCount]| -> Value {
        names.iter().map(|name| name.name.as_str()).collect()
    };
    let mut text = front(&[
        ("title", json!(name)),
        ("from", json!(review.starts_on)),
        ("until", json!(review.ends_on)),
        ("mood", rounded(review.valence)),
        ("energy", rounded(review.arousal)),
        ("topics", counted(&review.topics)),
        ("people", counted(&review.people)),
        ("moments", json!(review.n_moments)),
    ]);
    text.push_str(&format!("# {name}\n\n"));
    if !review.title.is_empty() {
        text.push_str(&format!("**{}**\n\n", line(&review.title)));
    }
    for told in [&review.summary, &review.differences.text] {
        if !told.is_empty() {
            text.push_str(&format!("{}\n\n", paragraphs(told)));
        }
    }
    if !review.hours.is_empty() {
        text.push_str("| Type | Minutes | Approximate | Moments |\n|---|--:|--:|--:|\n");
        for row in &review.hours {
            text.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                line(&row.moment_type),
                row.minutes,
                row.approximate_minutes,
                row.n_moments
            ));
        }
        text.push('\n');
    }
    if !review.outcomes.is_empty() {
        text.push_str("## Outcomes\n\n");
        for outcome in &review.outcomes {
            text.push_str(&format!(
                "- {}, {}: {}\n",
                link(file, &day_file(&outcome.day), &outcome.day),
                line(&outcome.title),
                line(&outcome.outcome)
            ));
        }
    }
    text
}

/// All days and reviews that the folder has.
pub(super) fn index<'n>(names: impl Iterator<Item = &'n str>) -> String {
    let mut text = front(&[("title", json!("Journal"))]);
    text.push_str("# Journal\n");
    let (mut month, mut reviews) = (String::new(), String::new());
    for name in names {
        let stem = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".md");
        if name.starts_with("reviews/") {
            reviews.push_str(&format!("- {}\n", link("index.md", name, stem)));
        } else if name.get(..1).is_some_and(|first| first.bytes().all(|byte| byte.is_ascii_digit()))
        {
            if name.get(..7) != Some(&month) {
                month = name.get(..7).unwrap_or_default().to_owned();
                text.push_str(&format!("\n## {}\n\n", month.replace('/', "-")));
            }
            text.push_str(&format!("- {}\n", link("index.md", name, &day_long(stem))));
        }
    }
    if !reviews.is_empty() {
        text.push_str(&format!("\n## Reviews\n\n{reviews}"));
    }
    text
}
