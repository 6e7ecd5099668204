//! The pages of conversations and of notes.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

use super::{
    super::{Days, Writing, folder::Folder},
    markup::{front, line, paragraphs, slug, verbatim},
};
use crate::{Result, api::export::ExportPart, clock::shown, sessions::summary_layout};

/// A page holds so many messages; a longer conversation has several.
const ON_A_PAGE: usize = 2_000;

/// The file of a conversation's page, the first being 0.
pub(super) fn conversation_file(id: i64, title: &str, first_day: &str, page: usize) -> String {
    let page = if page == 0 { String::new() } else { format!("-{}", page + 1) };
    format!("conversations/{}/{}{page}.md", &first_day[..4], stem(id, title, first_day))
}

fn stem(id: i64, title: &str, day: &str) -> String {
    let slug = slug(title);
    if slug.is_empty() { format!("{day}-{id}") } else { format!("{day}-{slug}-{id}") }
}

/// Pages of conversations: what is told of them, and their messages where records are asked for.
pub(super) fn conversations(
    reader: &Connection,
    days: &Days,
    parts: &BTreeSet<ExportPart>,
    folder: &mut Folder,
    writing: &mut Writing<'_>,
) -> Result<()> {
    let with_records = parts.contains(&ExportPart::Records);
    let (since, until) = days.bounds();
    let mut find = reader.prepare(
        "SELECT s.id, s.title, min(c.day), max(c.day)
         FROM records s JOIN records m ON m.session_id = s.id JOIN chunks c ON c.record_id = m.id
         WHERE s.kind = 'session' AND s.deleted_at IS NULL AND m.deleted_at IS NULL
         GROUP BY s.id HAVING min(c.day) <= ?2 AND max(c.day) >= ?1 ORDER BY s.id",
    )?;
    let mut rows = find.query(params![since, until])?;
    while let Some(row) = rows.next()? {
        let (id, title): (i64, String) = (row.get(0)?, row.get(1)?);
        let (first, last): (String, String) = (row.get(2)?, row.get(3)?);
        let told: Option<(String, String, f32)> = reader
            .prepare_cached(
                "SELECT summary, key_topics, valence FROM session_summaries WHERE session_id = ?1",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .optional()?;
        if told.is_none() && !with_records {
            continue;
        }
        let mut head = front(&[
            ("title", json!(title)),
            ("from", json!(first)),
            ("until", json!(last)),
            ("kind", json!("conversation")),
        ]);
        head.push_str(&format!("# {}\n\n", line(&title)));
        if let Some((summary, topics, valence)) = told {
            let topics: Vec<String> = serde_json::from_str(&topics).unwrap_or_default();
            let text = summary_layout(&summary, &topics, valence);
            head.push_str(&format!("{}\n", paragraphs(&text)));
        }
        let span = (first.as_str(), last.as_str());
        writing.report.n_sessions += 1;
        if !with_records {
            folder.put(&conversation_file(id, &title, &first, 0), &head, span, writing)?;
            continue;
        }
        messages(reader, days, (id, &title), &head, span, folder, writing)?;
    }
    Ok(())
}

fn messages(
    reader: &Connection,
    days: &Days,
    (id, title): (i64, &str),
    head: &str,
    (first, last): (&str, &str),
    folder: &mut Folder,
    writing: &mut Writing<'_>,
) -> Result<()> {
    let (since, until) = days.bounds();
    let mut find = reader.prepare_cached(
        "SELECT author, role, occurred_at, offset_minutes, body FROM records
         WHERE session_id = ?1 AND deleted_at IS NULL AND coalesce(day, ?2) BETWEEN ?2 AND ?3
         ORDER BY ordinal, id",
    )?;
    let mut rows = find.query(params![id, since, until])?;
    let (mut page, mut n, mut text) = (0, 0, format!("{head}\n## Messages\n\n"));
    while let Some(row) = rows.next()? {
        if n == ON_A_PAGE {
            folder.put(
                &conversation_file(id, title, first, page),
                &text,
                (first, last),
                writing,
            )?;
            (page, n, text) = (page + 1, 0, head.to_owned());
        }
        let (author, role): (String, String) = (row.get(0)?, row.get(1)?);
        let who = if author.is_empty() { role } else { author };
        let at: Option<i64> = row.get(2)?;
        let when = at.map_or_else(String::new, |at| {
            row.get(3).map_or_else(
                |_| String::new(),
                |offset| shown(at, offset).format(", %Y-%m-%d %H:%M").to_string(),
            )
        });
        let body: String = row.get(4)?;
        text.push_str(&format!("**{}**{when}\n\n{}\n\n", line(&who), paragraphs(&body)));
        n += 1;
        writing.report.n_messages += 1;
    }
    folder.put(&conversation_file(id, title, first, page), &text, (first, last), writing)
}

/// Pages of notes, each exactly as the person wrote it.
pub(super) fn notes(
    reader: &Connection,
    days: &Days,
    folder: &mut Folder,
    writing: &mut Writing<'_>,
) -> Result<()> {
    let (since, until) = days.bounds();
    let mut find = reader.prepare(
        "SELECT r.id, r.title, coalesce(r.day, (SELECT min(c.day) FROM chunks c WHERE c.record_id = r.id)),
                r.body, r.tags, coalesce(f.name, '')
         FROM records r LEFT JOIN files f ON f.id = r.file_id
         WHERE r.kind = 'resource' AND r.deleted_at IS NULL AND r.body <> ''
           AND r.id IN (SELECT record_id FROM chunks WHERE day BETWEEN ?1 AND ?2)
         ORDER BY r.id",
    )?;
    let mut rows = find.query(params![since, until])?;
    while let Some(row) = rows.next()? {
        let (id, title): (i64, String) = (row.get(0)?, row.get(1)?);
        let Some(day) = row.get::<_, Option<String>>(2)? else { continue };
        let (body, tags): (String, String) = (row.get(3)?, row.get(4)?);
        let tags: Vec<String> = serde_json::from_str(&tags).unwrap_or_default();
        let mut text = front(&[
            ("title", json!(title)),
            ("date", json!(day)),
            ("kind", json!("note")),
            ("file", json!(row.get::<_, String>(5)?)),
            ("tags_as_written", json!(tags)),
        ]);
        text.push_str(&format!("# {}\n\n{}", line(&title), verbatim(&body)));
        let name = format!("notes/{}/{}.md", &day[..4], stem(id, &title, &day));
        folder.put(&name, &text, (&day, &day), writing)?;
        writing.report.n_notes += 1;
    }
    Ok(())
}
