//! Says of an edge why it is there, and which moments show it.

use rusqlite::{OptionalExtension, params};

use super::{
    alike::SIMILAR,
    kinds::{ABOUT, BROADER, CAPTURED_IN, CONTAINS, INVOLVES, RELATED, TOGETHER},
    links::{Graph, Link},
    node::{Faces, Node},
    shared::Shared,
};
use crate::{Result, api::graph::GraphEdge, store::vectors, text::corpus::Corpus};

impl Graph<'_> {
    /// An edge of a picture, which has thousands: why it is there, without the moments that show it.
    pub(crate) fn brief(
        &self,
        faces: &mut Faces<'_>,
        from: Node,
        link: &Link,
    ) -> Result<Option<GraphEdge>> {
        let reason = match (link.rel_type.as_str(), link.n_moments) {
            (TOGETHER, n) => format!("{} together", counted(n, "moment")),
            (RELATED, _) => link.reason.clone(),
            (SIMILAR, _) => "their words are alike".to_owned(),
            _ => return self.explain(faces, from, link),
        };
        self.edge(faces, (from, link), (reason, link.n_moments, Vec::new()))
    }

    /// An edge as it is shown. Nothing where one of its ends is not to be seen.
    pub(crate) fn explain(
        &self,
        faces: &mut Faces<'_>,
        from: Node,
        link: &Link,
    ) -> Result<Option<GraphEdge>> {
        let why = self.reason(from, link)?;
        self.edge(faces, (from, link), why)
    }

    fn edge(
        &self,
        faces: &mut Faces<'_>,
        (from, link): (Node, &Link),
        (reason, n_moments, moments): (String, u32, Vec<i64>),
    ) -> Result<Option<GraphEdge>> {
        let (Some(here), Some(there)) = (faces.of(from)?, faces.of(link.other)?) else {
            return Ok(None);
        };
        let (from, to) =
            if link.is_outward { (here.key, there.key) } else { (there.key, here.key) };
        Ok(Some(GraphEdge {
            from,
            to,
            rel_type: link.rel_type.clone(),
            weight: link.weight as f32,
            confidence: link.confidence as f32,
            reason,
            n_moments,
            moments,
        }))
    }

    fn reason(&self, here: Node, link: &Link) -> Result<(String, u32, Vec<i64>)> {
        let (from, to) = if link.is_outward { (here, link.other) } else { (link.other, here) };
        let own = || link.reason.clone();
        Ok(match (link.rel_type.as_str(), from, to) {
            (TOGETHER, Node::Entity(a), Node::Entity(b)) => {
                let (n, moments) = self.shared(a, b)?;
                (format!("{} together", counted(n, "moment")), n, moments)
            }
            (RELATED, Node::Entity(a), Node::Entity(b)) => {
                let (n, moments) = self.shared(a, b)?;
                (own(), n, moments)
            }
            (BROADER, Node::Entity(part), Node::Entity(whole)) => {
                let (n, moments) = self.shared(part, whole)?;
                let all = self.n_moments(part)?;
                let reason = if n > 0 {
                    format!("{n} of its {} are in the whole, too", counted(all, "moment"))
                } else {
                    "its name says so".to_owned()
                };
                (reason, n, moments)
            }
            (INVOLVES, Node::Moment(moment), Node::Entity(person)) => {
                (self.named(moment, person)?, 1, vec![moment])
            }
            (ABOUT, Node::Moment(moment), Node::Entity(topic)) => {
                (self.tagged(moment, topic)?, 1, vec![moment])
            }
            (CONTAINS | CAPTURED_IN, Node::Moment(moment), Node::Record(record)) => {
                (self.rests(moment, record, link.weight)?, 1, vec![moment])
            }
            (SIMILAR, Node::Record(a), Node::Record(b)) if link.reason.is_empty() => {
                (self.words()?.why(self.reader, a, b)?, link.n_moments, Vec::new())
            }
            (_, _, Node::Moment(moment)) => (own(), 1, vec![moment]),
            _ => (own(), link.n_moments, Vec::new()),
        })
    }

    /// The words that two texts share are found when they are asked for, in the words that they have now.
    fn words(&self) -> Result<&Shared> {
        if let Some(known) = self.words.get() {
            return Ok(known);
        }
        let bytes: Option<Vec<u8>> = self
            .reader
            .prepare_cached("SELECT corpus FROM embedders WHERE name = ?1")?
            .query_row([vectors::BUILT_IN], |row| row.get(0))
            .optional()?;
        let corpus = bytes.and_then(|bytes| Corpus::from_bytes(&bytes)).unwrap_or_default();
        Ok(self.words.get_or_init(|| Shared::new(corpus)))
    }

    fn named(&self, moment: i64, person: i64) -> Result<String> {
        let n: u32 = self
            .reader
            .prepare_cached(
                "SELECT count(*) FROM mentions WHERE moment_id = ?1 AND entity_id = ?2",
            )?
            .query_row([moment, person], |row| row.get(0))?;
        Ok(match n {
            0 => "took part".into(),
            1 => "named once in its words".into(),
            n => format!("named {n} times in its words"),
        })
    }

    fn tagged(&self, moment: i64, topic: i64) -> Result<String> {
        let mut find = self.reader.prepare_cached(
            "SELECT t.tag FROM moment_tags l JOIN topic_tags t ON t.id = l.tag_id
             WHERE l.moment_id = ?1 AND t.topic_id = ?2 ORDER BY t.tag",
        )?;
        let tags: Vec<String> = find
            .query_map([moment, topic], |row| Ok(format!("#{}", row.get::<_, String>(0)?)))?
            .collect::<rusqlite::Result<_>>()?;
        Ok(format!("tagged {}", tags.join(" ")))
    }

    fn rests(&self, moment: i64, record: i64, share: f64) -> Result<String> {
        let n: u32 = self
            .reader
            .prepare_cached(
                "SELECT count(*) FROM evidence e JOIN records r ON r.id = e.record_id
                 WHERE e.moment_id = ?1 AND coalesce(r.session_id, r.id) = ?2",
            )?
            .query_row(params![moment, record], |row| row.get(0))?;
        let passages = counted(n, "passage");
        Ok(if share > 0.995 {
            format!("rests on {passages} of it, and on nothing else")
        } else {
            format!("rests on {passages} of it, {:.0} % of its words", share * 100.0)
        })
    }
}

/// "1 moment", "12 moments".
pub(crate) fn counted(n: u32, thing: &str) -> String {
    format!("{n} {thing}{}", if n == 1 { "" } else { "s" })
}
