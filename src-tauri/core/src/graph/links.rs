//! The edges at a node, from wherever they are kept: edges that dreams wrote, the evidence of moments, their
//! tags, and the moments that people and topics share. Each lookup goes through an index of the node; nothing
//! here reads the whole graph.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
};

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    filter::Filter,
    kinds::{ABOUT, BROADER, CAPTURED_IN, CONTAINS, INVOLVES, RELATED, TOGETHER},
    node::{IS_HIDDEN_TOPIC, Node},
    shared::Shared,
};
use crate::{Result, entities, store::rows::ENGAGED_WITH};

/// People and topics with whom somebody shares moments: those of the most shared ones.
const MOST_TOGETHER: usize = 40;

/// An edge, seen from one of its ends.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Link {
    /// The other end.
    pub(crate) other: Node,
    pub(crate) rel_type: String,
    /// Whether it leads from here to the other end.
    pub(crate) is_outward: bool,
    pub(crate) weight: f64,
    pub(crate) confidence: f64,
    /// Why, where that is kept with it.
    pub(crate) reason: String,
    /// Moments that show it, where that is counted.
    pub(crate) n_moments: u32,
    /// Of two that are as strong, the greater comes first: how important the other end is.
    pub(crate) rank: f64,
    /// The day of the other end, for the same.
    pub(crate) day: String,
}

impl Link {
    fn new(other: Node, rel_type: &str, is_outward: bool) -> Self {
        Self {
            other,
            rel_type: rel_type.to_owned(),
            is_outward,
            weight: 1.0,
            confidence: 1.0,
            reason: String::new(),
            n_moments: 0,
            rank: 0.0,
            day: String::new(),
        }
    }

    /// Weight times confidence, 0 to 1.
    pub(crate) fn strength(&self) -> f64 {
        (self.weight * self.confidence).clamp(0.0, 1.0)
    }
}

/// The graph of a journal as far as it is looked at.
pub(crate) struct Graph<'r> {
    pub(super) reader: &'r Connection,
    pub(super) filter: Filter,
    owner: Option<i64>,
    /// Moments of people and topics, counted once each.
    counted: RefCell<HashMap<i64, u32>>,
    /// Finds why texts are alike; read when it is first needed.
    pub(super) words: OnceCell<Shared>,
}

/// The moments of the topic `?1` that are shown, of the days `?2` to `?3`.
const OF_TOPIC: &str = "SELECT DISTINCT m.id AS id, m.day AS day
    FROM topic_tags t JOIN moment_tags l ON l.tag_id = t.id JOIN moments m ON m.id = l.moment_id
    WHERE t.topic_id = ?1 AND m.is_hidden = 0 AND m.day BETWEEN ?2 AND ?3";
/// The same of whoever has the number `?1`.
const OF_PERSON: &str = "SELECT m.id AS id, m.day AS day FROM edges p JOIN moments m ON m.id = p.from_id
    WHERE p.to_kind = 'entity' AND p.to_id = ?1 AND p.from_kind = 'moment' AND p.rel_type = 'involves'
      AND m.is_hidden = 0 AND m.day BETWEEN ?2 AND ?3";

impl<'r> Graph<'r> {
    pub(crate) fn new(reader: &'r Connection, filter: Filter) -> Result<Self> {
        let owner = entities::own(reader)?;
        let (counted, words) = (RefCell::default(), OnceCell::new());
        Ok(Self { reader, filter, owner, counted, words })
    }

    /// Whether a node is the journal's owner, who is tied to everything.
    pub(crate) fn is_owner(&self, node: Node) -> bool {
        self.owner.is_some_and(|owner| node == Node::Entity(owner))
    }

    /// The edges at a node that are wanted, the strongest first; of equals the one to what is more important,
    /// then later.
    pub(crate) fn around(&self, node: Node) -> Result<Vec<Link>> {
        let mut links = match node {
            Node::Moment(id) => self.of_moment(id)?,
            Node::Record(id) => self.of_record(id)?,
            Node::Entity(id) if self.is_owner(node) => self.of_owner(id)?,
            Node::Entity(id) if self.is_topic(id)? => self.of_topic(id)?,
            Node::Entity(id) => self.of_person(id)?,
        };
        links.retain(|link| link.other != node && self.filter.is_strong(link));
        links.sort_by(|a, b| {
            b.strength()
                .total_cmp(&a.strength())
                .then(b.rank.total_cmp(&a.rank))
                .then_with(|| b.day.cmp(&a.day))
                .then_with(|| (a.other, &a.rel_type).cmp(&(b.other, &b.rel_type)))
        });
        Ok(links)
    }

    fn is_topic(&self, id: i64) -> Result<bool> {
        Ok(self.reader.prepare_cached("SELECT 1 FROM topics WHERE id = ?1")?.exists([id])?)
    }

    fn links(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        of: impl FnMut(&Row<'_>) -> rusqlite::Result<Link>,
    ) -> Result<Vec<Link>> {
        let mut find = self.reader.prepare_cached(sql)?;
        Ok(find.query_map(parameters, of)?.collect::<rusqlite::Result<_>>()?)
    }

    fn of_moment(&self, id: i64) -> Result<Vec<Link>> {
        let Filter { since, until, .. } = &self.filter;
        let is_shown = self
            .reader
            .prepare_cached(
                "SELECT 1 FROM moments WHERE id = ?1 AND is_hidden = 0 AND day BETWEEN ?2 AND ?3",
            )?
            .exists(params![id, since, until])?;
        let mut all = Vec::new();
        if !is_shown {
            return Ok(all);
        }
        if self.filter.wants(INVOLVES) {
            all.extend(self.links(
                "SELECT to_id, weight, confidence FROM edges WHERE from_kind = 'moment' AND from_id = ?1
                   AND to_kind = 'entity' AND rel_type = 'involves'",
                [id],
                |row| {
                    Ok(Link {
                        weight: row.get(1)?,
                        confidence: row.get(2)?,
                        ..Link::new(Node::Entity(row.get(0)?), INVOLVES, true)
                    })
                },
            )?);
        }
        if self.filter.wants(ABOUT) {
            let hidden = IS_HIDDEN_TOPIC.replace("{entity}", "p.id");
            all.extend(self.links(
                &format!(
                    "SELECT DISTINCT p.id, p.importance FROM moment_tags l
                          JOIN topic_tags t ON t.id = l.tag_id JOIN topics p ON p.id = t.topic_id
                     WHERE l.moment_id = ?1 AND NOT {hidden}"
                ),
                [id],
                |row| {
                    let other = Node::Entity(row.get(0)?);
                    Ok(Link { rank: row.get(1)?, ..Link::new(other, ABOUT, true) })
                },
            )?);
        }
        if self.filter.wants(CONTAINS) || self.filter.wants(CAPTURED_IN) {
            let mut rests = self.links(
                "SELECT coalesce(r.session_id, r.id), r.session_id IS NOT NULL, sum(e.ends - e.starts)
                 FROM evidence e JOIN records r ON r.id = e.record_id
                      LEFT JOIN records s ON s.id = r.session_id
                 WHERE e.moment_id = ?1 AND r.deleted_at IS NULL AND s.deleted_at IS NULL GROUP BY 1",
                [id],
                |row| {
                    let rel_type = if row.get(1)? { CAPTURED_IN } else { CONTAINS };
                    let weight = row.get(2)?;
                    Ok(Link { weight, ..Link::new(Node::Record(row.get(0)?), rel_type, true) })
                },
            )?;
            let sum: f64 = rests.iter().map(|link| link.weight).sum();
            for link in &mut rests {
                link.weight /= sum.max(1.0);
            }
            all.extend(rests.into_iter().filter(|link| self.filter.wants(&link.rel_type)));
        }
        all.extend(self.engaging("moment", id)?);
        Ok(all)
    }

    /// What ties the journal's owner to a thing.
    fn engaging(&self, kind: &str, id: i64) -> Result<Vec<Link>> {
        if !self.filter.wants(ENGAGED_WITH) {
            return Ok(Vec::new());
        }
        self.links(
            "SELECT from_id, weight, confidence, context FROM edges
             WHERE to_kind = ?1 AND to_id = ?2 AND from_kind = 'entity' AND rel_type = ?3",
            params![kind, id, ENGAGED_WITH],
            |row| {
                Ok(Link {
                    weight: row.get(1)?,
                    confidence: row.get(2)?,
                    reason: row.get(3)?,
                    ..Link::new(Node::Entity(row.get(0)?), ENGAGED_WITH, false)
                })
            },
        )
    }

    fn of_owner(&self, id: i64) -> Result<Vec<Link>> {
        if !self.filter.wants(ENGAGED_WITH) {
            return Ok(Vec::new());
        }
        let Filter { since, until, .. } = &self.filter;
        self.links(
            "SELECT e.to_kind, e.to_id, e.weight, e.confidence, e.context, coalesce(m.day, r.day, '')
             FROM edges e LEFT JOIN moments m ON e.to_kind = 'moment' AND m.id = e.to_id
                  LEFT JOIN records r ON e.to_kind = 'record' AND r.id = e.to_id
             WHERE e.from_kind = 'entity' AND e.from_id = ?1 AND e.rel_type = ?2
               AND coalesce(m.is_hidden, 0) = 0 AND r.deleted_at IS NULL
               AND coalesce(m.id, r.id) IS NOT NULL AND coalesce(m.day, r.day, '') BETWEEN ?3 AND ?4",
            params![id, ENGAGED_WITH, since, until],
            |row| {
                let other = match row.get::<_, String>(0)?.as_str() {
                    "moment" => Node::Moment(row.get(1)?),
                    _ => Node::Record(row.get(1)?),
                };
                Ok(Link {
                    weight: row.get(2)?,
                    confidence: row.get(3)?,
                    reason: row.get(4)?,
                    day: row.get(5)?,
                    ..Link::new(other, ENGAGED_WITH, true)
                })
            },
        )
    }

    fn of_record(&self, id: i64) -> Result<Vec<Link>> {
        let found: Option<(String, Option<String>)> = self
            .reader
            .prepare_cached(
                "SELECT kind, day FROM records
                 WHERE id = ?1 AND kind <> 'message' AND deleted_at IS NULL",
            )?
            .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((kind, day)) = found else { return Ok(Vec::new()) };
        let is_session = kind == "session";
        let rel_type = if is_session { CAPTURED_IN } else { CONTAINS };
        let mut all = Vec::new();
        if self.filter.wants(rel_type) {
            all.extend(self.resting_on(id, is_session, rel_type)?);
        }
        let Filter { since, until, .. } = &self.filter;
        let is_in_days = !self.filter.has_days()
            || day.is_some_and(|day| (since.as_str()..=until.as_str()).contains(&day.as_str()));
        if is_in_days {
            for (own, other, is_outward) in [("from", "to", true), ("to", "from", false)] {
                let found = self.links(
                    &format!(
                        "SELECT e.{other}_id, e.rel_type, e.weight, e.confidence, e.context,
                           coalesce(r.day, '')
                         FROM edges e JOIN records r ON r.id = e.{other}_id AND r.deleted_at IS NULL
                         WHERE e.{own}_kind = 'record' AND e.{own}_id = ?1 AND e.{other}_kind = 'record'
                           AND (?4 = 0 OR coalesce(r.day, '') BETWEEN ?2 AND ?3)"
                    ),
                    params![id, since, until, self.filter.has_days()],
                    |row| {
                        let rel_type: String = row.get(1)?;
                        Ok(Link {
                            weight: row.get(2)?,
                            confidence: row.get(3)?,
                            reason: row.get(4)?,
                            day: row.get(5)?,
                            ..Link::new(Node::Record(row.get(0)?), &rel_type, is_outward)
                        })
                    },
                )?;
                all.extend(found.into_iter().filter(|link| self.filter.wants(&link.rel_type)));
            }
            all.extend(self.engaging("record", id)?);
        }
        Ok(all)
    }

    /// The moments that rest on a note or conversation.
    fn resting_on(&self, id: i64, is_session: bool, rel_type: &str) -> Result<Vec<Link>> {
        let Filter { since, until, .. } = &self.filter;
        let records = if is_session {
            "records l JOIN evidence e ON e.record_id = l.id"
        } else {
            "evidence e"
        };
        let own = if is_session {
            "l.session_id = ?1 AND l.deleted_at IS NULL"
        } else {
            "e.record_id = ?1"
        };
        self.links(
            &format!(
                "SELECT m.id, sum(e.ends - e.starts) * 1.0
                     / (SELECT sum(a.ends - a.starts) FROM evidence a WHERE a.moment_id = m.id),
                   coalesce(f.importance, 1.0), m.day
                 FROM {records} JOIN moments m ON m.id = e.moment_id
                      LEFT JOIN moment_fading f ON f.moment_id = m.id
                 WHERE {own} AND m.is_hidden = 0 AND m.day BETWEEN ?2 AND ?3 GROUP BY m.id"
            ),
            params![id, since, until],
            |row| {
                Ok(Link {
                    weight: row.get(1)?,
                    rank: row.get(2)?,
                    day: row.get(3)?,
                    ..Link::new(Node::Moment(row.get(0)?), rel_type, false)
                })
            },
        )
    }

    fn of_topic(&self, id: i64) -> Result<Vec<Link>> {
        let hidden = IS_HIDDEN_TOPIC.replace("{entity}", "?1");
        let is_hidden: bool =
            self.reader.query_row(&format!("SELECT {hidden}"), [id], |row| row.get(0))?;
        let mut all = Vec::new();
        if is_hidden {
            return Ok(all);
        }
        if self.filter.wants(ABOUT) {
            all.extend(self.moments_of(OF_TOPIC, id, ABOUT)?);
        }
        if self.filter.wants(RELATED) {
            all.extend(self.related(id)?);
        }
        if self.filter.wants(BROADER) {
            all.extend(self.broader(id)?);
        }
        if self.filter.wants(TOGETHER) {
            all.extend(self.people_of(OF_TOPIC, id)?);
        }
        Ok(all)
    }

    fn of_person(&self, id: i64) -> Result<Vec<Link>> {
        let mut all = Vec::new();
        if self.filter.wants(INVOLVES) {
            all.extend(self.moments_of(OF_PERSON, id, INVOLVES)?);
        }
        if self.filter.wants(TOGETHER) {
            all.extend(self.people_of(OF_PERSON, id)?);
            all.extend(self.topics_of(id)?);
        }
        Ok(all)
    }

    fn moments_of(&self, moments: &str, id: i64, rel_type: &str) -> Result<Vec<Link>> {
        let Filter { since, until, .. } = &self.filter;
        self.links(
            &format!(
                "SELECT o.id, coalesce(f.importance, 1.0), o.day
                 FROM ({moments}) o LEFT JOIN moment_fading f ON f.moment_id = o.id"
            ),
            params![id, since, until],
            |row| {
                let other = Node::Moment(row.get(0)?);
                Ok(Link {
                    rank: row.get(1)?,
                    day: row.get(2)?,
                    n_moments: 1,
                    ..Link::new(other, rel_type, false)
                })
            },
        )
    }

    /// Topics that share moments, as dreams count it; with days, those that share moments then.
    fn related(&self, id: i64) -> Result<Vec<Link>> {
        let Filter { since, until, .. } = &self.filter;
        let hidden = IS_HIDDEN_TOPIC.replace("{entity}", "t.id");
        let mut all = self.links(
            &format!(
                "SELECT t.id, x.weight, x.confidence, x.context, t.importance, t.last_day, x.is_outward
                 FROM (SELECT to_id AS other, weight, confidence, context, 1 AS is_outward FROM edges
                       WHERE from_kind = 'entity' AND from_id = ?1 AND to_kind = 'entity' AND rel_type = ?2
                       UNION ALL
                       SELECT from_id, weight, confidence, context, 0 FROM edges
                       WHERE to_kind = 'entity' AND to_id = ?1 AND from_kind = 'entity' AND rel_type = ?2) x
                      JOIN topics t ON t.id = x.other WHERE NOT {hidden}"
            ),
            params![id, RELATED],
            |row| {
                Ok(Link {
                    weight: row.get(1)?,
                    confidence: row.get(2)?,
                    reason: row.get(3)?,
                    rank: row.get(4)?,
                    day: row.get(5)?,
                    ..Link::new(Node::Entity(row.get(0)?), RELATED, row.get(6)?)
                })
            },
        )?;
        if self.filter.has_days() {
            let mut find = self.reader.prepare_cached(&format!(
                "SELECT t.topic_id, count(DISTINCT o.id) FROM ({OF_TOPIC}) o
                      JOIN moment_tags l ON l.moment_id = o.id JOIN topic_tags t ON t.id = l.tag_id
                 GROUP BY 1"
            ))?;
            let then: HashMap<i64, u32> = find
                .query_map(params![id, since, until], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<_>>()?;
            all.retain_mut(|link| {
                let Node::Entity(other) = link.other else { return false };
                let n = then.get(&other).copied().unwrap_or_default();
                link.n_moments = n;
                link.reason = format!("{}, {n} of them in these days", link.reason);
                n > 0
            });
        }
        Ok(all)
    }

    fn broader(&self, id: i64) -> Result<Vec<Link>> {
        let hidden = IS_HIDDEN_TOPIC.replace("{entity}", "t.id");
        self.links(
            &format!(
                "SELECT t.id, t.importance, t.last_day, x.is_outward
                 FROM (SELECT broader_id AS other, 1 AS is_outward FROM topics
                       WHERE id = ?1 AND broader_id IS NOT NULL
                       UNION ALL SELECT id, 0 FROM topics WHERE broader_id = ?1) x
                      JOIN topics t ON t.id = x.other WHERE NOT {hidden}"
            ),
            [id],
            |row| {
                Ok(Link {
                    rank: row.get(1)?,
                    day: row.get(2)?,
                    ..Link::new(Node::Entity(row.get(0)?), BROADER, row.get(3)?)
                })
            },
        )
    }

    /// Who shares these moments.
    fn people_of(&self, moments: &str, id: i64) -> Result<Vec<Link>> {
        let sharing = format!(
            "SELECT p.to_id, count(DISTINCT o.id) FROM ({moments}) o JOIN edges p ON p.from_kind = 'moment'
               AND p.from_id = o.id AND p.to_kind = 'entity' AND p.rel_type = 'involves'
             WHERE p.to_id <> ?1 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?4"
        );
        self.together(&sharing, id, false)
    }

    /// Which topics share the moments of somebody.
    fn topics_of(&self, id: i64) -> Result<Vec<Link>> {
        let hidden = IS_HIDDEN_TOPIC.replace("{entity}", "t.topic_id");
        let sharing = format!(
            "SELECT t.topic_id, count(DISTINCT o.id) AS n FROM ({OF_PERSON}) o
                  JOIN moment_tags l ON l.moment_id = o.id JOIN topic_tags t ON t.id = l.tag_id
             GROUP BY 1 HAVING NOT {hidden} ORDER BY 2 DESC, 1 LIMIT ?4"
        );
        self.together(&sharing, id, true)
    }

    fn together(&self, sharing: &str, id: i64, are_topics: bool) -> Result<Vec<Link>> {
        let Filter { since, until, .. } = &self.filter;
        let mut find = self.reader.prepare_cached(sharing)?;
        let found: Vec<(i64, u32)> = find
            .query_map(params![id, since, until, MOST_TOGETHER], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        let own = self.n_moments(id)?;
        let mut all = Vec::new();
        for (other, n) in found {
            let weight = shared_weight(n, own, self.n_moments(other)?);
            // A topic and somebody: the edge leads to the topic. Two people: from the smaller number.
            let is_outward = if are_topics { true } else { !self.is_topic(id)? && id < other };
            all.push(Link {
                weight,
                n_moments: n,
                rank: f64::from(n),
                ..Link::new(Node::Entity(other), TOGETHER, is_outward)
            });
        }
        Ok(all)
    }

    /// How many moments of these days a topic or somebody has.
    pub(super) fn n_moments(&self, id: i64) -> Result<u32> {
        if let Some(n) = self.counted.borrow().get(&id) {
            return Ok(*n);
        }
        let moments = if self.is_topic(id)? { OF_TOPIC } else { OF_PERSON };
        let Filter { since, until, .. } = &self.filter;
        let n = self
            .reader
            .prepare_cached(&format!("SELECT count(*) FROM ({moments})"))?
            .query_row(params![id, since, until], |row| row.get(0))?;
        self.counted.borrow_mut().insert(id, n);
        Ok(n)
    }

    /// The weightiest moments of these days that two people or topics share; at most 3, with how many.
    pub(super) fn shared(&self, a: i64, b: i64) -> Result<(u32, Vec<i64>)> {
        let Filter { since, until, .. } = &self.filter;
        // The fewer are looked through, each by an index of what it has.
        let (few, many) = if self.n_moments(a)? <= self.n_moments(b)? { (a, b) } else { (b, a) };
        let of_few = if self.is_topic(few)? { OF_TOPIC } else { OF_PERSON };
        let is_of_many = if self.is_topic(many)? {
            "EXISTS (SELECT 1 FROM moment_tags l JOIN topic_tags t ON t.id = l.tag_id
               WHERE l.moment_id = x.id AND t.topic_id = ?4)"
        } else {
            "EXISTS (SELECT 1 FROM edges p WHERE p.from_kind = 'moment' AND p.from_id = x.id
               AND p.to_kind = 'entity' AND p.to_id = ?4 AND p.rel_type = 'involves')"
        };
        let mut find = self.reader.prepare_cached(&format!(
            "SELECT x.id, count(*) OVER () FROM ({of_few}) x
                  LEFT JOIN moment_fading f ON f.moment_id = x.id
             WHERE {is_of_many}
             ORDER BY coalesce(f.importance, 1.0) DESC, x.day DESC, x.id DESC LIMIT 3"
        ))?;
        let found: Vec<(i64, u32)> = find
            .query_map(params![few, since, until, many], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<_>>()?;
        let n = found.first().map_or(0, |(_, n)| *n);
        Ok((n, found.into_iter().map(|(id, _)| id).collect()))
    }
}

/// The Jaccard index of the moments of two, times n / (n + 1) for n shared ones, because one shared moment is
/// a weak witness: as topics are related.
pub(super) fn shared_weight(n: u32, n_a: u32, n_b: u32) -> f64 {
    let (n, all) = (f64::from(n), f64::from(n_a) + f64::from(n_b) - f64::from(n));
    (n / all.max(1.0) * n / (n + 1.0)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_shares_all_moments_is_tied_more_than_who_shares_one_and_once_is_weak() {
        assert!(shared_weight(10, 10, 10) > 0.9);
        assert!(shared_weight(10, 10, 10) > shared_weight(1, 1, 1));
        assert!(shared_weight(1, 1, 1) > shared_weight(1, 10, 10));
        assert_eq!(shared_weight(0, 0, 0), 0.0);
    }
}
