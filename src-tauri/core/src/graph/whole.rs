//! Chooses what of the whole graph goes into a picture: the most important nodes, and the edges between them,
//! read in a few passes instead of node by node.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Row, params};

use super::{
    alike::SIMILAR,
    filter::Filter,
    kinds::{ABOUT, BROADER, CAPTURED_IN, CONTAINS, INVOLVES, RELATED, TOGETHER},
    links::{Graph, Link, shared_weight},
    node::{IS_HIDDEN_TOPIC, Node},
};
use crate::{Result, api::graph::NodeKind};

/// Edges of `together_with` and of likeness that each node keeps: all of them would be a ball of wool.
const MOST_OF_A_NODE: usize = 6;

/// Nodes of a picture, the most important first, and how many there are in all.
pub(crate) struct Chosen {
    pub(crate) nodes: Vec<Node>,
    pub(crate) n_all: usize,
}

/// Edges between nodes of a picture, the strongest first: each with the node that it leads from.
pub(crate) struct Among {
    pub(crate) edges: Vec<(Node, Link)>,
    pub(crate) n_left_out: usize,
}

impl Graph<'_> {
    /// The most important nodes of some kinds that stand in the days of the filter.
    pub(crate) fn choose(&self, kinds: &BTreeSet<NodeKind>, limit: usize) -> Result<Chosen> {
        let mut ranked: Vec<(f64, Node)> = Vec::new();
        for kind in kinds {
            self.rank(*kind, &mut ranked)?;
        }
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let n_all = ranked.len();
        ranked.truncate(limit);
        Ok(Chosen { nodes: ranked.into_iter().map(|(_, node)| node).collect(), n_all })
    }

    fn rank(&self, kind: NodeKind, ranked: &mut Vec<(f64, Node)>) -> Result<()> {
        let half = super::node::HALF;
        let Filter { since, until, .. } = &self.filter;
        let days = params![since, until];
        let entities = |kind: &str| {
            format!(
                "SELECT e.to_id, sum(coalesce(f.importance, 1.0)) FROM edges e
                      JOIN entities n ON n.id = e.to_id AND n.kind {kind}
                      JOIN moments m ON m.id = e.from_id
                      LEFT JOIN moment_fading f ON f.moment_id = m.id
                 WHERE e.to_kind = 'entity' AND e.from_kind = 'moment' AND e.rel_type = 'involves'
                   AND m.is_hidden = 0 AND m.day BETWEEN ?1 AND ?2 GROUP BY 1"
            )
        };
        let records = |kind: &str| {
            format!(
                "SELECT r.id, coalesce((SELECT sum(coalesce(f.importance, 1.0)) FROM moments m
                     LEFT JOIN moment_fading f ON f.moment_id = m.id
                   WHERE m.is_hidden = 0 AND m.day BETWEEN ?1 AND ?2 AND m.id IN
                     (SELECT v.moment_id FROM evidence v JOIN records l ON l.id = v.record_id
                      WHERE l.id = r.id AND r.kind = 'resource'
                      UNION SELECT v.moment_id FROM records l JOIN evidence v ON v.record_id = l.id
                      WHERE l.session_id = r.id AND r.kind = 'session')), 0.0) AS weight
                 FROM records r WHERE r.kind = '{kind}' AND r.deleted_at IS NULL
                   AND (?1 = '' AND ?2 = '9999-12-31' OR weight > 0
                        OR coalesce(r.day, '') BETWEEN ?1 AND ?2)"
            )
        };
        let hidden = IS_HIDDEN_TOPIC.replace("{entity}", "t.id");
        let sql = match kind {
            // What the picture leaves out of a topic's days changes nothing of what it weighs.
            NodeKind::Topic => format!(
                "SELECT t.id, t.importance FROM topics t WHERE NOT {hidden}
                   AND t.last_day >= ?1 AND t.first_day <= ?2 AND EXISTS
                     (SELECT 1 FROM topic_tags g JOIN moment_tags l ON l.tag_id = g.id
                        JOIN moments m ON m.id = l.moment_id
                      WHERE g.topic_id = t.id AND m.is_hidden = 0 AND m.day BETWEEN ?1 AND ?2)"
            ),
            NodeKind::Person => entities("= 'person'"),
            NodeKind::Entity => entities("NOT IN ('person', 'topic')"),
            NodeKind::Moment => "SELECT m.id, coalesce(f.importance, 1.0)
                 FROM moments m LEFT JOIN moment_fading f ON f.moment_id = m.id
                 WHERE m.is_hidden = 0 AND m.day BETWEEN ?1 AND ?2"
                .to_owned(),
            NodeKind::Note => records("resource"),
            NodeKind::Session => records("session"),
        };
        let is_ready = matches!(kind, NodeKind::Topic | NodeKind::Moment);
        let mut find = self.reader.prepare_cached(&sql)?;
        let mut rows = find.query(days)?;
        while let Some(row) = rows.next()? {
            let (id, weight): (i64, f64) = (row.get(0)?, row.get(1)?);
            let node = match kind {
                NodeKind::Topic | NodeKind::Person | NodeKind::Entity => Node::Entity(id),
                NodeKind::Moment => Node::Moment(id),
                NodeKind::Note | NodeKind::Session => Node::Record(id),
            };
            if !self.is_owner(node) {
                ranked.push((if is_ready { weight } else { weight / (weight + half) }, node));
            }
        }
        Ok(())
    }

    /// The edges between some nodes, at most so many.
    pub(crate) fn among(&self, nodes: &[Node], limit: usize) -> Result<Among> {
        let set: BTreeSet<Node> = nodes.iter().copied().collect();
        let mut edges = Vec::new();
        let mut n_left_out = 0;
        self.entities_among(&set, &mut edges)?;
        n_left_out += self.moments_among(&set, &mut edges)?;
        n_left_out += self.records_among(&set, &mut edges)?;
        edges.retain(|(_, link)| self.filter.is_strong(link));
        sort(&mut edges);
        n_left_out += edges.len().saturating_sub(limit);
        edges.truncate(limit);
        Ok(Among { edges, n_left_out })
    }

    fn entities_among(&self, set: &BTreeSet<Node>, edges: &mut Vec<(Node, Link)>) -> Result<()> {
        let mut add = |rel_type: &str, sql: &str| -> Result<()> {
            if !self.filter.wants(rel_type) {
                return Ok(());
            }
            let mut find = self.reader.prepare_cached(sql)?;
            let mut rows = find.query([])?;
            while let Some(row) = rows.next()? {
                let (from, to) = (Node::Entity(row.get(0)?), Node::Entity(row.get(1)?));
                if set.contains(&from) && set.contains(&to) {
                    edges.push((from, self.stored(row, to, rel_type)?));
                }
            }
            Ok(())
        };
        add(
            RELATED,
            "SELECT from_id, to_id, weight, confidence, context FROM edges
             WHERE from_kind = 'entity' AND to_kind = 'entity' AND rel_type = 'related_to'",
        )?;
        add(BROADER, "SELECT id, broader_id, 1.0, 1.0, '' FROM topics WHERE broader_id IS NOT NULL")
    }

    fn stored(&self, row: &Row<'_>, other: Node, rel_type: &str) -> Result<Link> {
        Ok(Link {
            other,
            rel_type: rel_type.to_owned(),
            is_outward: true,
            weight: row.get(2)?,
            confidence: row.get(3)?,
            reason: row.get(4)?,
            n_moments: 0,
            rank: 0.0,
            day: String::new(),
        })
    }

    /// Edges that lead from moments, and those of people and topics that moments tie; how many of the latter
    /// are left out.
    fn moments_among(&self, set: &BTreeSet<Node>, edges: &mut Vec<(Node, Link)>) -> Result<usize> {
        let Filter { since, until, .. } = &self.filter;
        let mut of_moment: BTreeMap<i64, BTreeSet<(i64, bool)>> = BTreeMap::new();
        for (sql, is_topic) in [
            (
                "SELECT m.id, t.topic_id FROM moments m JOIN moment_tags l ON l.moment_id = m.id
                      JOIN topic_tags t ON t.id = l.tag_id
                 WHERE m.is_hidden = 0 AND m.day BETWEEN ?1 AND ?2",
                true,
            ),
            (
                "SELECT m.id, e.to_id FROM moments m JOIN edges e ON e.from_kind = 'moment'
                   AND e.from_id = m.id AND e.to_kind = 'entity' AND e.rel_type = 'involves'
                 WHERE m.is_hidden = 0 AND m.day BETWEEN ?1 AND ?2",
                false,
            ),
        ] {
            let mut find = self.reader.prepare_cached(sql)?;
            let mut rows = find.query(params![since, until])?;
            while let Some(row) = rows.next()? {
                let entity: i64 = row.get(1)?;
                if set.contains(&Node::Entity(entity)) {
                    of_moment.entry(row.get(0)?).or_default().insert((entity, is_topic));
                }
            }
        }
        let mut n_of: HashMap<i64, u32> = HashMap::new();
        let mut together: BTreeMap<(i64, i64), u32> = BTreeMap::new();
        for (moment, entities) in &of_moment {
            let node = Node::Moment(*moment);
            for (entity, is_topic) in entities {
                *n_of.entry(*entity).or_default() += 1;
                let rel_type = if *is_topic { ABOUT } else { INVOLVES };
                if set.contains(&node) && self.filter.wants(rel_type) {
                    edges.push((node, plain(Node::Entity(*entity), rel_type)));
                }
            }
            for (a, a_is_topic) in entities {
                for (b, b_is_topic) in entities {
                    // From somebody to a topic; of two people from the smaller number.
                    if !a_is_topic && (*b_is_topic || a < b) {
                        *together.entry((*a, *b)).or_default() += 1;
                    }
                }
            }
        }
        for node in set {
            if let Node::Moment(id) = node {
                self.evidence_among(*id, set, edges)?;
            }
        }
        if !self.filter.wants(TOGETHER) {
            return Ok(0);
        }
        let of = |id: &i64| n_of.get(id).copied().unwrap_or_default();
        let mut tied: Vec<(Node, Link)> = together
            .into_iter()
            .map(|((a, b), n)| {
                let weight = shared_weight(n, of(&a), of(&b));
                let link = Link { weight, n_moments: n, ..plain(Node::Entity(b), TOGETHER) };
                (Node::Entity(a), link)
            })
            .collect();
        let n_all = tied.len();
        keep_strongest(&mut tied);
        let n_left_out = n_all - tied.len();
        edges.extend(tied);
        Ok(n_left_out)
    }

    fn evidence_among(
        &self,
        moment: i64,
        set: &BTreeSet<Node>,
        edges: &mut Vec<(Node, Link)>,
    ) -> Result<()> {
        if !self.filter.wants(CONTAINS) && !self.filter.wants(CAPTURED_IN) {
            return Ok(());
        }
        let node = Node::Moment(moment);
        let links = self.around(node)?;
        let is_evidence = |link: &Link| matches!(link.rel_type.as_str(), CONTAINS | CAPTURED_IN);
        let inside =
            links.into_iter().filter(|link| is_evidence(link) && set.contains(&link.other));
        edges.extend(inside.map(|link| (node, link)));
        Ok(())
    }

    /// Edges between notes and conversations; how many of likeness alone are left out.
    fn records_among(&self, set: &BTreeSet<Node>, edges: &mut Vec<(Node, Link)>) -> Result<usize> {
        let mut alike = Vec::new();
        let mut find = self.reader.prepare_cached(
            "SELECT rel_type, to_id, weight, confidence, context FROM edges
             WHERE from_kind = 'record' AND from_id = ?1 AND to_kind = 'record'",
        )?;
        for node in set {
            let Node::Record(id) = node else { continue };
            let mut rows = find.query([id])?;
            while let Some(row) = rows.next()? {
                let (rel_type, other): (String, i64) = (row.get(0)?, row.get(1)?);
                let other = Node::Record(other);
                if !set.contains(&other) || !self.filter.wants(&rel_type) {
                    continue;
                }
                let link = self.stored(row, other, &rel_type)?;
                if rel_type == SIMILAR { &mut alike } else { &mut *edges }.push((*node, link));
            }
        }
        let n_all = alike.len();
        keep_strongest(&mut alike);
        let n_left_out = n_all - alike.len();
        edges.extend(alike);
        Ok(n_left_out)
    }
}

fn plain(other: Node, rel_type: &str) -> Link {
    Link {
        other,
        rel_type: rel_type.to_owned(),
        is_outward: true,
        weight: 1.0,
        confidence: 1.0,
        reason: String::new(),
        n_moments: 1,
        rank: 0.0,
        day: String::new(),
    }
}

fn sort(edges: &mut [(Node, Link)]) {
    edges.sort_by(|a, b| {
        b.1.strength()
            .total_cmp(&a.1.strength())
            .then_with(|| (a.0, a.1.other, &a.1.rel_type).cmp(&(b.0, b.1.other, &b.1.rel_type)))
    });
}

/// Of each node the strongest; an edge stays if one of its ends keeps it.
fn keep_strongest(edges: &mut Vec<(Node, Link)>) {
    sort(edges);
    let mut kept: HashMap<Node, usize> = HashMap::new();
    edges.retain(|(from, link)| {
        let mut is_kept = false;
        for end in [*from, link.other] {
            let n = kept.entry(end).or_default();
            *n += 1;
            is_kept |= *n <= MOST_OF_A_NODE;
        }
        is_kept
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edge_stays_if_one_of_its_ends_keeps_it() {
        let edge = |from, to, weight| {
            (Node::Entity(from), Link { weight, ..plain(Node::Entity(to), TOGETHER) })
        };
        // A hub with 20 others, of which the last knows nobody else.
        let mut edges: Vec<_> =
            (1..=20).map(|n| edge(0, n, 0.5 - 0.01 * f64::from(n as i32))).collect();
        let others: Vec<_> = (1..=19)
            .flat_map(|a| (0..MOST_OF_A_NODE as i64).map(move |n| (a, 100 + n)))
            .map(|(a, b)| edge(a, b, 0.9))
            .collect();
        edges.extend(others);
        keep_strongest(&mut edges);
        let of_hub: Vec<Node> =
            edges.iter().filter(|e| e.0 == Node::Entity(0)).map(|e| e.1.other).collect();
        assert!(of_hub.contains(&Node::Entity(20)), "{of_hub:?}");
        assert_eq!(of_hub.len(), MOST_OF_A_NODE + 1, "{of_hub:?}");
    }
}
