//! What dreams made of topics before: what is there.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Connection;

use crate::{
    Result,
    graph::edges::{self, Kept as KeptEdge},
};

/// The type of an edge between two topics.
pub(super) const RELATED: &str = "related_to";

/// A topic that is there.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct KeptTopic {
    pub(crate) id: i64,
    /// The tag that it has its name from.
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) aliases: String,
    /// What dreams counted; absent for an entity that is nothing more.
    pub(crate) row: Option<TopicRow>,
}

/// What dreams counted of a topic.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TopicRow {
    pub(crate) n_moments: u32,
    pub(crate) first_day: String,
    pub(crate) last_day: String,
    pub(crate) last_moment_id: i64,
    pub(crate) importance: f64,
    pub(crate) mood: Option<(f64, f64)>,
    pub(crate) degree: u32,
    pub(crate) weight: f64,
    pub(crate) community_id: Option<i64>,
    pub(crate) broader_id: Option<i64>,
}

/// A tag that is there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KeptTag {
    pub(crate) id: i64,
    pub(crate) topic_id: i64,
    pub(crate) n_moments: u32,
}

/// A community that is there.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct KeptCommunity {
    pub(crate) level: u8,
    pub(crate) parent_id: Option<i64>,
    pub(crate) name: String,
    pub(crate) mind: String,
    pub(crate) is_provisional: bool,
    /// The numbers of its most central topics when it was named.
    pub(crate) named_from: Vec<i64>,
    pub(crate) n_topics: u32,
    pub(crate) n_moments: u32,
}

/// All that is there.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) topics: BTreeMap<i64, KeptTopic>,
    pub(crate) tags: HashMap<String, KeptTag>,
    /// Tags of which there are two rows; only a damaged journal has any.
    pub(crate) doubles: Vec<i64>,
    /// Moment, tag.
    pub(crate) moment_tags: BTreeSet<(i64, i64)>,
    pub(crate) communities: BTreeMap<i64, KeptCommunity>,
    pub(crate) edges: Vec<KeptEdge>,
}

impl Kept {
    /// Reads it.
    pub(crate) fn read(reader: &Connection) -> Result<Self> {
        let mut kept = Self {
            topics: topics(reader)?,
            communities: communities(reader)?,
            edges: edges::between_entities(reader, RELATED)?,
            ..Self::default()
        };
        let mut find = reader
            .prepare_cached("SELECT id, tag, topic_id, n_moments FROM topic_tags ORDER BY id")?;
        let mut rows = find.query([])?;
        while let Some(row) = rows.next()? {
            let tag = KeptTag { id: row.get(0)?, topic_id: row.get(2)?, n_moments: row.get(3)? };
            if let Some(double) = kept.tags.insert(row.get(1)?, tag) {
                kept.doubles.push(double.id);
            }
        }
        let mut find = reader.prepare_cached("SELECT moment_id, tag_id FROM moment_tags")?;
        let rows = find.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        kept.moment_tags = rows.collect::<rusqlite::Result<_>>()?;
        Ok(kept)
    }
}

fn topics(reader: &Connection) -> Result<BTreeMap<i64, KeptTopic>> {
    let mut find = reader.prepare_cached(
        "SELECT e.id, e.key, e.name, e.aliases, t.n_moments, t.first_day, t.last_day,
           t.last_moment_id, t.importance, t.valence, t.arousal, t.degree, t.weight, t.community_id,
           t.broader_id
         FROM entities e LEFT JOIN topics t ON t.id = e.id WHERE e.kind = 'topic'
         UNION ALL
         SELECT t.id, '', '', '[]', t.n_moments, t.first_day, t.last_day, t.last_moment_id,
           t.importance, t.valence, t.arousal, t.degree, t.weight, t.community_id, t.broader_id
         FROM topics t WHERE NOT EXISTS (SELECT 1 FROM entities e WHERE e.id = t.id)",
    )?;
    let rows = find.query_map([], |row| {
        let n_moments: Option<u32> = row.get(4)?;
        let (valence, arousal): (Option<f64>, Option<f64>) = (row.get(9)?, row.get(10)?);
        let row_of = |n_moments: u32| -> rusqlite::Result<TopicRow> {
            Ok(TopicRow {
                n_moments,
                first_day: row.get(5)?,
                last_day: row.get(6)?,
                last_moment_id: row.get(7)?,
                importance: row.get(8)?,
                mood: valence.zip(arousal),
                degree: row.get(11)?,
                weight: row.get(12)?,
                community_id: row.get(13)?,
                broader_id: row.get(14)?,
            })
        };
        let topic = KeptTopic {
            id: row.get(0)?,
            key: row.get(1)?,
            name: row.get(2)?,
            aliases: row.get(3)?,
            row: n_moments.map(row_of).transpose()?,
        };
        Ok((topic.id, topic))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn communities(reader: &Connection) -> Result<BTreeMap<i64, KeptCommunity>> {
    let mut find = reader.prepare_cached(
        "SELECT id, level, parent_id, name, mind, is_provisional, named_from, n_topics, n_moments
         FROM communities",
    )?;
    let rows = find.query_map([], |row| {
        let named_from: String = row.get(6)?;
        let community = KeptCommunity {
            level: row.get(1)?,
            parent_id: row.get(2)?,
            name: row.get(3)?,
            mind: row.get(4)?,
            is_provisional: row.get(5)?,
            named_from: serde_json::from_str(&named_from).unwrap_or_default(),
            n_topics: row.get(7)?,
            n_moments: row.get(8)?,
        };
        Ok((row.get(0)?, community))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
