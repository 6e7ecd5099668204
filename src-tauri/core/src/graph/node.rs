//! The nodes of the graph: how each is named, and what is shown of it.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension};

use crate::{
    Result,
    api::graph::{GraphNode, NodeKind},
    entities,
};

/// The weight of moments at which a node is half as important as one can be; the same as of topics.
pub(crate) const HALF: f64 = 8.0;
/// Characters of a name; whoever wants the rest opens the thing.
const LONGEST_NAME: usize = 120;

/// Whether an entity, `{entity}` in SQL, is a topic that the person hid.
pub(super) const IS_HIDDEN_TOPIC: &str = "EXISTS (SELECT 1 FROM topic_tags g
    JOIN topic_corrections c ON c.kind = 'hidden' AND c.tag = g.tag WHERE g.topic_id = {entity})";

/// A node: the table it stands in, and its row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Node {
    /// A topic, a person or another entity.
    Entity(i64),
    /// A moment.
    Moment(i64),
    /// A note or a conversation, never one of its messages.
    Record(i64),
}

/// The word of a kind in a key.
pub(crate) fn word(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Topic => "topic",
        NodeKind::Person => "person",
        NodeKind::Entity => "entity",
        NodeKind::Moment => "moment",
        NodeKind::Note => "note",
        NodeKind::Session => "session",
    }
}

/// What is shown of nodes, looked up once each.
pub(crate) struct Faces<'r> {
    reader: &'r Connection,
    owner: Option<i64>,
    known: HashMap<Node, Option<GraphNode>>,
}

impl<'r> Faces<'r> {
    pub(crate) fn new(reader: &'r Connection) -> Result<Self> {
        Ok(Self { reader, owner: entities::own(reader)?, known: HashMap::new() })
    }

    /// The node that stands for the journal's owner.
    pub(crate) fn owner(&self) -> Option<Node> {
        self.owner.map(Node::Entity)
    }

    /// What is shown of a node; nothing of what is hidden or forgotten, and of people and topics without a
    /// moment that is shown.
    pub(crate) fn of(&mut self, node: Node) -> Result<Option<GraphNode>> {
        if let Some(known) = self.known.get(&node) {
            return Ok(known.clone());
        }
        let found = match node {
            Node::Entity(id) => self.entity(id)?,
            Node::Moment(id) => self.moment(id)?,
            Node::Record(id) => self.record(id)?,
        };
        self.known.insert(node, found.clone());
        Ok(found)
    }

    /// What the other end of an edge is, without looking more up than needed: edges to hidden moments are
    /// not seen at all.
    pub(crate) fn kind(&mut self, node: Node) -> Result<Option<NodeKind>> {
        match node {
            Node::Moment(_) => Ok(Some(NodeKind::Moment)),
            _ => Ok(self.of(node)?.map(|face| face.kind)),
        }
    }

    fn entity(&self, id: i64) -> Result<Option<GraphNode>> {
        let found = self
            .reader
            .prepare_cached("SELECT kind, name, key FROM entities WHERE id = ?1")?
            .query_row([id], |row| {
                Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?))
            })
            .optional()?;
        let Some((kind, name, key)) = found else { return Ok(None) };
        if Some(id) == self.owner {
            return Ok(Some(owner(id)));
        }
        match kind.as_str() {
            "topic" => self.topic(id, &name, &key),
            "person" => self.named(id, NodeKind::Person, &name),
            _ => self.named(id, NodeKind::Entity, &name),
        }
    }

    fn topic(&self, id: i64, dreamt: &str, tag: &str) -> Result<Option<GraphNode>> {
        let given = given_name(self.reader, id)?;
        // A name that the person took back is no name any more; an undone night leaves a topic without a key.
        let name = given.unwrap_or_else(|| {
            if tag.is_empty() || tag.starts_with('~') { dreamt.to_owned() } else { tag.to_owned() }
        });
        Ok(self
            .reader
            .prepare_cached(&format!(
                "SELECT n_moments, importance, valence, community_id, last_day FROM topics
                 WHERE id = ?1 AND NOT {}",
                IS_HIDDEN_TOPIC.replace("{entity}", "?1")
            ))?
            .query_row([id], |row| {
                Ok(GraphNode {
                    key: format!("topic:{id}"),
                    kind: NodeKind::Topic,
                    id,
                    name: shortened(&name),
                    day: row.get(4)?,
                    n_moments: row.get(0)?,
                    importance: row.get(1)?,
                    valence: row.get(2)?,
                    community_id: row.get(3)?,
                })
            })
            .optional()?)
    }

    /// Somebody or something that moments name.
    fn named(&self, id: i64, kind: NodeKind, name: &str) -> Result<Option<GraphNode>> {
        let (n_moments, weight, valence, day): (u32, f64, Option<f32>, Option<String>) = self
            .reader
            .prepare_cached(
                "SELECT count(*), coalesce(sum(coalesce(f.importance, 1.0)), 0.0),
                   avg(CASE WHEN m.emotions <> '[]' THEN m.valence END), max(m.day)
                 FROM edges e JOIN moments m ON m.id = e.from_id
                      LEFT JOIN moment_fading f ON f.moment_id = m.id
                 WHERE e.to_kind = 'entity' AND e.to_id = ?1 AND e.from_kind = 'moment'
                   AND e.rel_type = 'involves' AND m.is_hidden = 0",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
        Ok((n_moments > 0).then(|| GraphNode {
            key: format!("{}:{id}", word(kind)),
            kind,
            id,
            name: shortened(name),
            day,
            n_moments,
            importance: importance(weight),
            valence,
            community_id: None,
        }))
    }

    fn moment(&self, id: i64) -> Result<Option<GraphNode>> {
        Ok(self
            .reader
            .prepare_cached(
                "SELECT m.title, m.day, coalesce(f.importance, 1.0),
                   CASE WHEN m.emotions <> '[]' THEN m.valence END
                 FROM moments m LEFT JOIN moment_fading f ON f.moment_id = m.id
                 WHERE m.id = ?1 AND m.is_hidden = 0",
            )?
            .query_row([id], |row| {
                Ok(GraphNode {
                    key: format!("moment:{id}"),
                    kind: NodeKind::Moment,
                    id,
                    name: shortened(&row.get::<_, String>(0)?),
                    day: row.get(1)?,
                    n_moments: 1,
                    importance: row.get(2)?,
                    valence: row.get(3)?,
                    community_id: None,
                })
            })
            .optional()?)
    }

    fn record(&self, id: i64) -> Result<Option<GraphNode>> {
        let found = self
            .reader
            .prepare_cached(
                "SELECT r.kind, r.title, coalesce(f.name, ''), substr(r.body, 1, 200), r.day
                 FROM records r LEFT JOIN files f ON f.id = r.file_id
                 WHERE r.id = ?1 AND r.kind <> 'message' AND r.deleted_at IS NULL",
            )?
            .query_row([id], |row| {
                let texts: [String; 4] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
                Ok((texts, row.get::<_, Option<String>>(4)?))
            })
            .optional()?;
        let Some(([kind, title, file, body], day)) = found else { return Ok(None) };
        let is_session = kind == "session";
        let kind = if is_session { NodeKind::Session } else { NodeKind::Note };
        let name = [title.as_str(), file.as_str(), body.trim()]
            .into_iter()
            .find(|text| !text.trim().is_empty())
            .unwrap_or("(empty)");
        let (n_moments, weight, last): (u32, f64, Option<String>) = self
            .reader
            .prepare_cached(&format!(
                "SELECT count(*), coalesce(sum(coalesce(f.importance, 1.0)), 0.0), max(m.day)
                 FROM moments m LEFT JOIN moment_fading f ON f.moment_id = m.id
                 WHERE m.is_hidden = 0 AND m.id IN ({})",
                moments_of_record(is_session)
            ))?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        Ok(Some(GraphNode {
            key: format!("{}:{id}", word(kind)),
            kind,
            id,
            name: shortened(name),
            day: day.or(last),
            n_moments,
            importance: importance(weight),
            valence: None,
            community_id: None,
        }))
    }
}

/// The moments that rest on the note or conversation `?1`, as a query of SQL.
pub(super) fn moments_of_record(is_session: bool) -> &'static str {
    if is_session {
        "SELECT e.moment_id FROM records l JOIN evidence e ON e.record_id = l.id
         WHERE l.session_id = ?1 AND l.deleted_at IS NULL"
    } else {
        "SELECT moment_id FROM evidence WHERE record_id = ?1"
    }
}

/// The name that the person gave a topic, the latest of several.
pub(super) fn given_name(reader: &Connection, topic: i64) -> Result<Option<String>> {
    Ok(reader
        .prepare_cached(
            "SELECT c.value FROM topic_tags g
                  JOIN topic_corrections c ON c.kind = 'name' AND c.tag = g.tag
             WHERE g.topic_id = ?1 ORDER BY c.created_at DESC, c.tag DESC LIMIT 1",
        )?
        .query_row([topic], |row| row.get(0))
        .optional()?)
}

/// How important moments of this weight make what they share.
pub(super) fn importance(weight: f64) -> f32 {
    (weight / (weight + HALF)) as f32
}

fn owner(id: i64) -> GraphNode {
    GraphNode {
        key: format!("person:{id}"),
        kind: NodeKind::Person,
        id,
        name: "me".into(),
        day: None,
        n_moments: 0,
        importance: 1.0,
        valence: None,
        community_id: None,
    }
}

/// The first line of a name, of bearable length.
fn shortened(name: &str) -> String {
    let line = name.trim().lines().next().unwrap_or_default().trim();
    match line.char_indices().nth(LONGEST_NAME) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_line_of_bearable_length() {
        assert_eq!(shortened("  The lake \n and more"), "The lake");
        let long = shortened(&"ä".repeat(500));
        assert_eq!((long.chars().count(), long.ends_with('…')), (LONGEST_NAME + 1, true));
    }
}
