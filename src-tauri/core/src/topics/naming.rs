//! Names of communities: what a model is shown, and what becomes of its answer.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::write::Due;
use crate::{Result, moments::write::Writing, store::json_list, text::language::Language};

/// What a model is shown of a community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) due: Due,
    /// The names of its most central topics.
    pub(crate) topics: Vec<String>,
    /// The titles of their latest moments.
    pub(crate) titles: Vec<String>,
    /// The records that these moments rest on.
    pub(crate) record_ids: Vec<i64>,
    /// Who takes part in these moments.
    pub(crate) people: Vec<String>,
    /// The language of most of them.
    pub(crate) language: Option<Language>,
}

/// Reads what a model is to be shown of a community: for each topic the latest moment that no other of them
/// has shown already.
pub(crate) fn wanted(reader: &Connection, due: Due) -> Result<Wanted> {
    let mut name = reader.prepare_cached("SELECT name FROM entities WHERE id = ?1")?;
    let mut latest = reader.prepare_cached(
        "SELECT DISTINCT m.id, m.title, m.language, m.people, m.day, m.starts_at
         FROM topic_tags t JOIN moment_tags l ON l.tag_id = t.id JOIN moments m ON m.id = l.moment_id
         WHERE t.topic_id = ?1 AND m.is_hidden = 0 ORDER BY m.day DESC, m.starts_at DESC, m.id DESC
         LIMIT 8",
    )?;
    let mut records = reader.prepare_cached(
        "SELECT DISTINCT record_id FROM evidence WHERE moment_id = ?1 ORDER BY record_id",
    )?;
    let (mut topics, mut titles) = (Vec::new(), Vec::new());
    let (mut record_ids, mut people) = (BTreeSet::new(), BTreeSet::new());
    let mut seen = BTreeSet::new();
    let mut languages: BTreeMap<Option<Language>, u32> = BTreeMap::new();
    for topic in &due.topics {
        topics.extend(name.query_row([topic], |row| row.get::<_, String>(0)).optional()?);
        let mut rows = latest.query([topic])?;
        while let Some(row) = rows.next()? {
            let id: i64 = row.get(0)?;
            if !seen.insert(id) {
                continue;
            }
            titles.push(row.get(1)?);
            *languages.entry(Language::from_code(&row.get::<_, String>(2)?)).or_default() += 1;
            let names: String = row.get(3)?;
            people.extend(serde_json::from_str::<Vec<String>>(&names).unwrap_or_default());
            for record in records.query_map([id], |row| row.get(0))? {
                record_ids.insert(record?);
            }
            break;
        }
    }
    let most = languages.into_iter().max_by_key(|(language, n)| (*n, std::cmp::Reverse(*language)));
    Ok(Wanted {
        due,
        topics,
        titles,
        record_ids: record_ids.into_iter().collect(),
        people: people.into_iter().collect(),
        language: most.and_then(|(language, _)| language),
    })
}

/// Keeps what a model called a community, or that it can find no name (`None`): then it stays called by its
/// topics, and no model is asked until the topics in its middle are others.
pub(crate) fn keep_name(
    writing: &Writing<'_>,
    due: &Due,
    named: Option<(&str, &str)>,
) -> Result<()> {
    let (name, mind) = named.unzip();
    writing
        .tx
        .prepare_cached(
            "UPDATE communities SET name = coalesce(?2, name), mind = coalesce(?3, mind),
               is_provisional = 0, named_from = ?4, revision_id = ?5, updated_at = ?6 WHERE id = ?1",
        )?
        .execute(params![
            due.community_id,
            name,
            mind,
            json_list(&due.topics),
            writing.revision_id,
            writing.now
        ])?;
    Ok(())
}
