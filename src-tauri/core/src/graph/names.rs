//! Finds the node that a name means.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    explain::counted,
    node::{Faces, Node, word},
};
use crate::{
    Error, Result,
    api::graph::{GraphNode, NodeKind},
    text::{tags::tag_key, words::fold},
};

/// Meanings that are looked at where nothing is called exactly so.
const MOST: usize = 12;
/// Titles that are looked through for one that is the same.
const TITLES: usize = 50;
/// A longer name is no name.
const LONGEST: usize = 400;

/// The node that a name means.
///
/// # Errors
/// It means nothing, or several things: then they are listed with what to type.
pub(crate) fn resolve(faces: &mut Faces<'_>, reader: &Connection, name: &str) -> Result<GraphNode> {
    resolve_among(faces, reader, name, &[])
}

/// The node of some kinds that a name means; of all kinds, if none is named.
///
/// # Errors
/// As [`resolve`].
pub(crate) fn resolve_among(
    faces: &mut Faces<'_>,
    reader: &Connection,
    name: &str,
    kinds: &[NodeKind],
) -> Result<GraphNode> {
    let mut meanings = find_among(faces, reader, name, kinds, MOST)?;
    let shown = shown(name);
    match meanings.len() {
        0 => {
            let what = if let [kind] = kinds { word(*kind) } else { "node" };
            Err(Error::NotFound(format!("{what} “{shown}”")))
        }
        1 => Ok(meanings.remove(0)),
        _ => {
            let said: Vec<String> = meanings.iter().map(meaning).collect();
            Err(Error::invalid(format!(
                "“{shown}” means several things: say which by typing {}",
                said.join(", ")
            )))
        }
    }
}

/// What a name may mean, the likeliest first: a key means itself; otherwise people and topics that are
/// called exactly so, or people and topics that have it in their names, or notes, conversations and moments
/// with this title.
pub(crate) fn find(
    faces: &mut Faces<'_>,
    reader: &Connection,
    name: &str,
    limit: usize,
) -> Result<Vec<GraphNode>> {
    find_among(faces, reader, name, &[], limit)
}

fn find_among(
    faces: &mut Faces<'_>,
    reader: &Connection,
    name: &str,
    kinds: &[NodeKind],
    limit: usize,
) -> Result<Vec<GraphNode>> {
    let is_of_kind = |face: &GraphNode| kinds.is_empty() || kinds.contains(&face.kind);
    let name = name.trim();
    if name.is_empty() || name.len() > LONGEST {
        return Ok(Vec::new());
    }
    if let Some((kind, id)) = key(name) {
        let node = node_of_key(reader, &kind, id)?;
        return shown_of(
            faces,
            node.into_iter(),
            |face| fits(&kind, face.kind) && is_of_kind(face),
            limit,
        );
    }
    if fold(name) == "me"
        && let Some(owner) = faces.owner()
    {
        return shown_of(faces, [owner].into_iter(), is_of_kind, limit);
    }
    let word = name.strip_prefix('#').unwrap_or(name);
    for found in [exactly, partly, titled] {
        let nodes = found(reader, word)?;
        let meanings = shown_of(faces, nodes.into_iter(), is_of_kind, limit)?;
        if !meanings.is_empty() {
            return Ok(meanings);
        }
    }
    Ok(Vec::new())
}

/// "topic:5 (harmonium, 12 moments)".
fn meaning(node: &GraphNode) -> String {
    let day = node.day.as_deref().map_or(String::new(), |day| format!(", {day}"));
    let what = word(node.kind);
    match node.kind {
        NodeKind::Moment | NodeKind::Note | NodeKind::Session => {
            format!("{} (a {what}{day})", node.key)
        }
        _ => {
            let moments = counted(node.n_moments, "moment");
            format!("{} ({what} “{}”, {moments})", node.key, node.name)
        }
    }
}

fn shown(name: &str) -> String {
    name.trim().chars().take(60).collect()
}

fn shown_of(
    faces: &mut Faces<'_>,
    nodes: impl Iterator<Item = Node>,
    is_meant: impl Fn(&GraphNode) -> bool,
    limit: usize,
) -> Result<Vec<GraphNode>> {
    let mut all = Vec::new();
    for node in nodes {
        all.extend(faces.of(node)?.filter(|face| is_meant(face)));
    }
    all.sort_by(|a, b| b.n_moments.cmp(&a.n_moments).then_with(|| a.key.cmp(&b.key)));
    all.truncate(limit);
    Ok(all)
}

/// `topic:5` in its parts.
fn key(name: &str) -> Option<(String, i64)> {
    let (kind, id) = name.split_once(':')?;
    let kind = kind.trim().to_lowercase();
    let is_kind = matches!(
        kind.as_str(),
        "topic" | "person" | "entity" | "moment" | "note" | "session" | "record" | "message"
    );
    let id = id.trim().parse().ok()?;
    is_kind.then_some((kind, id))
}

fn node_of_key(reader: &Connection, kind: &str, id: i64) -> Result<Option<Node>> {
    Ok(match kind {
        "topic" | "person" | "entity" => Some(Node::Entity(id)),
        "moment" => Some(Node::Moment(id)),
        // A message stands for its conversation.
        _ => reader
            .prepare_cached(
                "SELECT coalesce(session_id, id) FROM records WHERE id = ?1 AND deleted_at IS NULL",
            )?
            .query_row([id], |row| row.get(0))
            .optional()?
            .map(Node::Record),
    })
}

fn fits(word_of_key: &str, kind: NodeKind) -> bool {
    match word_of_key {
        "entity" => matches!(kind, NodeKind::Topic | NodeKind::Person | NodeKind::Entity),
        "record" => matches!(kind, NodeKind::Note | NodeKind::Session),
        "message" => kind == NodeKind::Session,
        own => word(kind) == own,
    }
}

/// People and other entities by their names, topics by their tags and by the names that the person gave.
fn exactly(reader: &Connection, name: &str) -> Result<BTreeSet<Node>> {
    let (key, tag) = (fold(name), tag_key(name));
    let mut find = reader.prepare_cached(
        "SELECT id FROM entities WHERE kind IN
           ('person', 'place', 'topic', 'project', 'tool', 'organisation', 'other') AND key = ?1
         UNION SELECT topic_id FROM topic_tags WHERE tag = ?2",
    )?;
    let mut found: BTreeSet<Node> = find
        .query_map(params![key, tag], |row| row.get(0).map(Node::Entity))?
        .collect::<rusqlite::Result<_>>()?;
    let mut find = reader.prepare_cached(
        "SELECT g.topic_id, c.value FROM topic_corrections c JOIN topic_tags g ON g.tag = c.tag
         WHERE c.kind = 'name'",
    )?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        if fold(&row.get::<_, String>(1)?) == key {
            found.insert(Node::Entity(row.get(0)?));
        }
    }
    Ok(found)
}

/// People of whose names one word begins so, and topics with such a word in a tag.
fn partly(reader: &Connection, name: &str) -> Result<BTreeSet<Node>> {
    let (wanted, tag) = (fold(name).into_owned(), tag_key(name));
    let begins = |text: &str, wanted: &str| {
        !wanted.is_empty()
            && text.match_indices(wanted).any(|(at, _)| {
                text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric())
            })
    };
    let mut found = BTreeSet::new();
    let mut find =
        reader.prepare_cached("SELECT id, key FROM entities WHERE kind NOT IN ('topic')")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        if begins(&row.get::<_, String>(1)?, &wanted) {
            found.insert(Node::Entity(row.get(0)?));
        }
    }
    let mut find = reader.prepare_cached("SELECT topic_id, tag FROM topic_tags")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        if begins(&row.get::<_, String>(1)?, &tag) {
            found.insert(Node::Entity(row.get(0)?));
        }
    }
    Ok(found)
}

/// Notes, conversations and moments with this title. The index finds candidates by their words.
fn titled(reader: &Connection, name: &str) -> Result<BTreeSet<Node>> {
    if !name.chars().any(char::is_alphanumeric) {
        return Ok(BTreeSet::new());
    }
    let phrase = format!("title : \"{}\"", name.replace(['"', '\0'], " "));
    let wanted = fold(name);
    let mut found = BTreeSet::new();
    for (sql, node) in [
        (
            "SELECT r.id, r.title FROM records_fts f JOIN records r ON r.id = f.rowid
             WHERE records_fts MATCH ?1 AND r.kind <> 'message' AND r.deleted_at IS NULL LIMIT ?2",
            Node::Record as fn(i64) -> Node,
        ),
        (
            "SELECT m.id, m.title FROM moments_fts f JOIN moments m ON m.id = f.rowid
             WHERE moments_fts MATCH ?1 AND m.is_hidden = 0 LIMIT ?2",
            Node::Moment as fn(i64) -> Node,
        ),
    ] {
        let mut find = reader.prepare_cached(sql)?;
        let mut rows = find.query(params![phrase, TITLES])?;
        while let Some(row) = rows.next()? {
            if fold(row.get::<_, String>(1)?.trim()) == wanted {
                found.insert(node(row.get(0)?));
            }
        }
    }
    Ok(found)
}
