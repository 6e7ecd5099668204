//! What the person says of topics: kept by tag, laid over what dreams gather, and never written by a dream.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::material::topic_tag;
use crate::{
    Error, Journal, Result,
    moments::history::{self, Change},
    text::clean,
};

/// Characters of a name that the person gives.
const LONGEST_NAME: usize = 80;

/// All that the person said of topics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Corrections {
    /// By a tag of the topic: its name, and when it was given.
    pub(super) names: BTreeMap<String, (String, i64)>,
    /// By tag: a tag whose topic it belongs to.
    pub(super) with: BTreeMap<String, String>,
    /// Tags that stand alone but for what the person put with them.
    pub(super) apart: BTreeSet<String>,
    /// Tags whose topic is out of sight.
    pub(super) hidden: BTreeSet<String>,
}

impl Corrections {
    pub(super) fn read(reader: &Connection) -> Result<Self> {
        let mut all = Self::default();
        let mut find = reader.prepare_cached(
            "SELECT kind, tag, value, created_at FROM topic_corrections ORDER BY kind, tag",
        )?;
        let mut rows = find.query([])?;
        while let Some(row) = rows.next()? {
            let (kind, tag, value): (String, String, String) =
                (row.get(0)?, row.get(1)?, row.get(2)?);
            match kind.as_str() {
                "name" => {
                    all.names.insert(tag, (value, row.get(3)?));
                }
                "with" => {
                    all.with.insert(tag, value);
                }
                "apart" => {
                    all.apart.insert(tag);
                }
                _ => {
                    all.hidden.insert(tag);
                }
            }
        }
        Ok(all)
    }

    pub(super) fn hash_into(&self, add: &mut dyn FnMut(&[u8])) {
        for (tag, (name, at)) in &self.names {
            for field in [b"name", tag.as_bytes(), name.as_bytes(), &at.to_le_bytes()] {
                add(field);
            }
        }
        for (tag, into) in &self.with {
            for field in [b"with".as_slice(), tag.as_bytes(), into.as_bytes()] {
                add(field);
            }
        }
        for (kind, tags) in [("apart", &self.apart), ("hidden", &self.hidden)] {
            for tag in tags {
                add(kind.as_bytes());
                add(tag.as_bytes());
            }
        }
    }

    /// The name that the person gave the topic of these tags, the latest of several.
    pub(super) fn name<'c>(&'c self, tags: impl Iterator<Item = &'c str>) -> Option<&'c str> {
        tags.filter_map(|tag| self.names.get(tag).map(|(name, at)| (at, tag, name)))
            .max()
            .map(|(.., name)| name.as_str())
    }

    /// Whether the person hid the topic of these tags.
    pub(super) fn hides<'c>(&self, mut tags: impl Iterator<Item = &'c str>) -> bool {
        tags.any(|tag| self.hidden.contains(tag))
    }

    /// Whether something that the person said is still to be done by a dream.
    pub(super) fn waits(&self, reader: &Connection, topic_id: i64) -> Result<bool> {
        let topic_of = |tag: &str| -> Result<Option<i64>> { topic_of(reader, tag) };
        let tags = tags_of(reader, topic_id)?;
        for tag in &tags {
            if let Some(into) = self.with.get(tag)
                && topic_of(into)?.is_some_and(|id| id != topic_id)
            {
                return Ok(true);
            }
            let is_linked =
                self.with.contains_key(tag) || self.with.values().any(|into| into == tag);
            if self.apart.contains(tag) && !is_linked && tags.len() > 1 {
                return Ok(true);
            }
        }
        for (tag, into) in &self.with {
            if tags.contains(into) && topic_of(tag)?.is_some_and(|id| id != topic_id) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn topic_of(reader: &Connection, tag: &str) -> Result<Option<i64>> {
    Ok(reader
        .prepare_cached("SELECT topic_id FROM topic_tags WHERE tag = ?1")?
        .query_row([tag], |row| row.get(0))
        .optional()?)
}

fn tags_of(reader: &Connection, topic_id: i64) -> Result<BTreeSet<String>> {
    let mut find = reader.prepare_cached("SELECT tag FROM topic_tags WHERE topic_id = ?1")?;
    Ok(find.query_map([topic_id], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?)
}

/// The tag by which what the person says of a topic is kept: the one it has its key from.
fn key_tag(reader: &Connection, topic_id: i64) -> Result<String> {
    let key: Option<String> = reader
        .prepare_cached(
            "SELECT coalesce((SELECT tag FROM topic_tags WHERE topic_id = t.id AND tag = e.key),
               (SELECT min(tag) FROM topic_tags WHERE topic_id = t.id))
             FROM topics t JOIN entities e ON e.id = t.id WHERE t.id = ?1",
        )?
        .query_row([topic_id], |row| row.get(0))
        .optional()?;
    key.ok_or_else(|| Error::NotFound(format!("topic {topic_id}")))
}

fn edit(
    journal: &Journal,
    topic_id: i64,
    label: &str,
    make: impl FnOnce(&Transaction<'_>, &str, i64) -> Result<()>,
) -> Result<()> {
    let now = journal.clock().now_ms();
    journal.store().write(|tx| {
        let tag = key_tag(tx, topic_id)?;
        let revision_id = history::begin(tx, None, label, now)?;
        make(tx, &tag, now)?;
        history::mark(tx, &Change { revision_id, op: "changed", thing: "entity", id: topic_id })
    })
}

/// Keeps one correction.
pub(crate) fn correct(
    tx: &Transaction<'_>,
    (kind, tag, value): (&str, &str, &str),
    now: i64,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO topic_corrections (kind, tag, value, created_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (kind, tag) DO UPDATE SET value = excluded.value,
           created_at = excluded.created_at",
    )?
    .execute(params![kind, tag, value, now])?;
    Ok(())
}

fn take_back(tx: &Transaction<'_>, kind: &str, tag: &str) -> Result<usize> {
    Ok(tx
        .prepare_cached("DELETE FROM topic_corrections WHERE kind = ?1 AND tag = ?2")?
        .execute([kind, tag])?)
}

/// Calls a topic by another name; `None`: by its tag again.
pub(crate) fn rename(journal: &Journal, topic_id: i64, name: Option<&str>) -> Result<()> {
    let Some(name) = name else {
        return edit(journal, topic_id, "you went back to a topic’s tag", |tx, _, _| {
            let mut n = 0;
            for tag in tags_of(tx, topic_id)? {
                n += take_back(tx, "name", &tag)?;
            }
            if n == 0 {
                return Err(Error::NotFound("name that you gave this topic".into()));
            }
            Ok(())
        });
    };
    let name = clean::visible(name).split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() {
        return Err(Error::invalid("a topic needs a name"));
    }
    if name.chars().count() > LONGEST_NAME {
        return Err(Error::invalid(format!(
            "a topic’s name has at most {LONGEST_NAME} characters"
        )));
    }
    edit(journal, topic_id, "you renamed a topic", |tx, tag, now| {
        // Of a topic with several names the latest counts: the others would only wait to come back.
        for other in tags_of(tx, topic_id)? {
            take_back(tx, "name", &other)?;
        }
        correct(tx, ("name", tag, &name), now)
    })
}

/// Puts a topic out of sight, or shows it again.
pub(crate) fn hide(journal: &Journal, topic_id: i64, hidden: bool) -> Result<()> {
    let label = if hidden { "you hid a topic" } else { "you showed a topic again" };
    edit(journal, topic_id, label, |tx, tag, now| {
        for other in tags_of(tx, topic_id)? {
            take_back(tx, "hidden", &other)?;
        }
        if hidden { correct(tx, ("hidden", tag, ""), now) } else { Ok(()) }
    })
}

/// Makes one topic of two; the second lends its number and its name.
pub(crate) fn merge(journal: &Journal, topic_id: i64, into: i64) -> Result<()> {
    if topic_id == into {
        return Err(Error::invalid("a topic cannot be merged with itself: name two"));
    }
    edit(journal, topic_id, "you merged two topics", |tx, tag, now| {
        let into = key_tag(tx, into)?;
        // The one that goes takes its names and its being hidden with it.
        for own in tags_of(tx, topic_id)? {
            take_back(tx, "name", &own)?;
            take_back(tx, "hidden", &own)?;
        }
        // A topic that was once merged into this one would lead back: the chain ends at `into`.
        take_back(tx, "with", &into)?;
        correct(tx, ("with", tag, &into), now)
    })
}

/// Makes a tag of a topic a topic of its own.
pub(crate) fn split(journal: &Journal, topic_id: i64, tag: &str) -> Result<String> {
    let wanted = topic_tag(tag).ok_or_else(|| Error::invalid(format!("“{tag}” is no tag")))?;
    edit(journal, topic_id, "you made a topic of a tag", |tx, _, now| {
        let tags = tags_of(tx, topic_id)?;
        if !tags.contains(&wanted) {
            return Err(Error::NotFound(format!("tag “{wanted}” in this topic")));
        }
        if tags.len() == 1 {
            return Err(Error::invalid(format!("“{wanted}” is the only tag of this topic")));
        }
        let with = Corrections::read(tx)?.with;
        let target = with.get(&wanted).cloned();
        take_back(tx, "with", &wanted)?;
        // What was put with this tag stays together, without it.
        let left: Vec<&String> =
            with.iter().filter(|(_, into)| **into == wanted).map(|(tag, _)| tag).collect();
        let hub = target.or_else(|| left.first().map(|tag| (*tag).clone()));
        for tag in left {
            match &hub {
                Some(hub) if hub != tag => correct(tx, ("with", tag, hub), now)?,
                _ => {
                    take_back(tx, "with", tag)?;
                }
            }
        }
        correct(tx, ("apart", &wanted, ""), now)
    })?;
    Ok(wanted)
}
