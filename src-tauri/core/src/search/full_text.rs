//! Full-text search over moments, notes, conversations and messages.

use std::{ops::Range, str::FromStr};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::query;
use crate::{
    Journal, Result,
    api::{
        pieces,
        search::{Hit, HitKind, Scope, SearchReply, SearchRequest},
    },
    clock::{Precision, parse_day},
    fading,
};

const USUAL: u32 = 20;
const MOST: u32 = 200;
/// Characters that neither FTS5 nor a person puts into a text, to find the marks in a snippet by.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';
/// Ranking looks at every hit, so of a very common word only so many are ranked: those that came in
/// last. (At 100,000 notes a common word costs SQLite over 100 ms otherwise.)
const RANKED: u32 = 3_000;
/// A snippet's length in words.
const WORDS: u32 = 24;

pub(crate) fn search(journal: &Journal, request: &SearchRequest) -> Result<SearchReply> {
    let day = |text: &Option<String>| text.as_deref().map(parse_day).transpose();
    let (since, until) = (day(&request.since)?, day(&request.until)?);
    let Some(query) = query::parse(&request.query) else {
        return Ok(SearchReply { hits: Vec::new() });
    };
    let limit = request.limit.unwrap_or(USUAL).clamp(1, MOST);
    let asked = Asked {
        query,
        since: since.map_or_else(String::new, |day| day.to_string()),
        until: until.map_or_else(|| "9999-12-31".into(), |day| day.to_string()),
        has_range: since.is_some() || until.is_some(),
        limit,
    };
    journal.store().read(|reader| {
        let mut hits = Vec::new();
        if matches!(request.scope, Scope::All | Scope::Moments) {
            hits.extend(moments(reader, &asked)?);
        }
        if request.scope != Scope::Moments {
            hits.extend(records(reader, &asked, request.scope)?);
        }
        // Best first; a moment says more than the lines it was made of.
        hits.sort_by(|a, b| a.0.total_cmp(&b.0));
        hits.truncate(limit as usize);
        Ok(SearchReply { hits: hits.into_iter().map(|(_, hit)| hit).collect() })
    })
}

/// The row after which a word's last [`RANKED`] hits begin; 0 if it has no more.
/// Named days are few: there every hit is ranked. `only` says which rows count.
fn first_ranked(reader: &Connection, table: &str, only: &str, asked: &Asked) -> Result<i64> {
    if asked.has_range {
        return Ok(0);
    }
    let mut find = reader.prepare_cached(&format!(
        "SELECT rowid FROM {table} WHERE {table} MATCH ?1 {only}
         ORDER BY rowid DESC LIMIT 1 OFFSET {RANKED}"
    ))?;
    let after: Option<i64> = find.query_row([&asked.query], |row| row.get(0)).optional()?;
    Ok(after.unwrap_or(0))
}

struct Asked {
    query: String,
    since: String,
    until: String,
    has_range: bool,
    limit: u32,
}

fn moments(reader: &Connection, asked: &Asked) -> Result<Vec<(f64, Hit)>> {
    let mut find = reader.prepare_cached(&format!(
        "SELECT m.id, m.title, m.day, m.starts_at, m.offset_minutes, m.precision,
                snippet(moments_fts, 1, '{OPEN}', '{CLOSE}', '…', {WORDS}),
                bm25(moments_fts, 4.0, 2.0, 2.0, 2.0) * 1.25 * {}
         FROM moments_fts JOIN moments m ON m.id = moments_fts.rowid
              LEFT JOIN moment_fading d ON d.moment_id = m.id
         WHERE moments_fts MATCH ?1 AND moments_fts.rowid > ?5 AND m.is_hidden = 0
           AND m.day BETWEEN ?2 AND ?3
         ORDER BY 8 LIMIT ?4",
        fading::gently("d.strength")
    ))?;
    let after = first_ranked(reader, "moments_fts", "", asked)?;
    let hits = find.query_map(
        params![asked.query, asked.since, asked.until, asked.limit, after],
        |row: &Row<'_>| {
            let hit = Hit {
                kind: HitKind::Moment,
                id: row.get(0)?,
                title: row.get(1)?,
                author: String::new(),
                pieces: marked(&row.get::<_, String>(6)?),
                day: row.get(2)?,
                at: row.get(3)?,
                offset_minutes: row.get(4)?,
                precision: precision(&row.get::<_, String>(5)?),
                moment_id: None,
            };
            Ok((row.get(7)?, hit))
        },
    )?;
    Ok(hits.collect::<rusqlite::Result<_>>()?)
}

fn records(reader: &Connection, asked: &Asked, scope: Scope) -> Result<Vec<(f64, Hit)>> {
    let kinds = match scope {
        Scope::Notes => "('resource')",
        Scope::Messages => "('message')",
        _ => "('resource', 'session', 'message')",
    };
    // The best rows are chosen before anything is looked up for them: `rank` and `limit` inside, so
    // that a common word costs one pass over the index and no more.
    let inner = if scope == Scope::All && !asked.has_range {
        "SELECT rowid AS id, rank AS score FROM records_fts WHERE records_fts MATCH ?1 AND rowid > ?5
         AND rank MATCH 'bm25(3.0, 1.0)' ORDER BY rank LIMIT ?4"
            .to_owned()
    } else {
        format!(
            "SELECT f.rowid AS id, bm25(records_fts, 3.0, 1.0) AS score
             FROM records_fts f JOIN records r ON r.id = f.rowid
             WHERE records_fts MATCH ?1 AND f.rowid > ?5 AND r.kind IN {kinds}
               AND (?2 = '' AND ?3 = '9999-12-31' OR r.day BETWEEN ?2 AND ?3)
             ORDER BY score LIMIT ?4"
        )
    };
    let mut find = reader.prepare_cached(&format!(
        "SELECT r.id, r.kind, coalesce(s.title, r.title), r.author, r.day, r.occurred_at,
                r.offset_minutes, r.precision, best.score * {} AS score,
                (SELECT e.moment_id FROM evidence e JOIN moments m ON m.id = e.moment_id
                 WHERE e.record_id = r.id AND m.is_hidden = 0 ORDER BY e.id LIMIT 1)
         FROM ({inner}) best JOIN records r ON r.id = best.id
              LEFT JOIN records s ON s.id = r.session_id
              LEFT JOIN record_fading d ON d.record_id = coalesce(r.session_id, r.id)
         WHERE ?2 IS NOT NULL AND ?3 IS NOT NULL
         ORDER BY score, r.id",
        fading::gently("d.strength")
    ))?;
    let mut snippet = reader.prepare_cached(&format!(
        "SELECT snippet(records_fts, -1, '{OPEN}', '{CLOSE}', '…', {WORDS}) FROM records_fts
         WHERE records_fts MATCH ?1 AND rowid = ?2"
    ))?;
    // Thousands of messages with a word must not hide the one note that has it.
    let only = match scope {
        Scope::All => String::new(),
        _ => format!("AND (SELECT kind FROM records WHERE id = records_fts.rowid) IN {kinds}"),
    };
    let after = first_ranked(reader, "records_fts", &only, asked)?;
    let rows = find.query_map(
        params![asked.query, asked.since, asked.until, asked.limit, after],
        |row: &Row<'_>| {
            let kind = match row.get::<_, String>(1)?.as_str() {
                "message" => HitKind::Message,
                "session" => HitKind::Session,
                _ => HitKind::Note,
            };
            let hit = Hit {
                kind,
                id: row.get(0)?,
                title: row.get(2)?,
                author: row.get(3)?,
                pieces: Vec::new(),
                day: row.get(4)?,
                at: row.get(5)?,
                offset_minutes: row.get(6)?,
                precision: precision(&row.get::<_, String>(7)?),
                moment_id: row.get(9)?,
            };
            Ok((row.get::<_, f64>(8)?, hit))
        },
    )?;
    let mut hits: Vec<(f64, Hit)> = rows.collect::<rusqlite::Result<_>>()?;
    for (_, hit) in &mut hits {
        let text: String = snippet.query_row(params![asked.query, hit.id], |row| row.get(0))?;
        hit.pieces = marked(&text);
    }
    Ok(hits)
}

/// Takes the marks out of a snippet.
fn marked(snippet: &str) -> Vec<pieces::Piece> {
    let mut text = String::with_capacity(snippet.len());
    let mut marks: Vec<Range<usize>> = Vec::new();
    let mut start = None;
    for c in snippet.chars() {
        match c {
            OPEN => start = Some(text.len()),
            CLOSE => marks.extend(start.take().map(|start| start..text.len())),
            // A snippet is one line.
            '\n' | '\r' | '\t' => text.push(' '),
            c => text.push(c),
        }
    }
    pieces::cut(&text, &marks)
}

fn precision(word: &str) -> Precision {
    Precision::from_str(word).unwrap_or(Precision::Unknown)
}
