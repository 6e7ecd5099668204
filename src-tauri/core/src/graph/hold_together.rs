//! How communities hold together: of the weight of all edges of their topics, the share that stays inside.

use std::collections::{BTreeMap, HashMap};

use rusqlite::Connection;

use super::node::{Faces, IS_HIDDEN_TOPIC, Node};
use crate::{
    Error, Result,
    api::graph::{CommunityMember, GraphCommunity},
};

/// A community with what is summed up of it.
struct Sum {
    community: GraphCommunity,
    /// The weight of the edges of its topics, each edge counted from either end.
    all: f64,
    inside: f64,
    n_ends: u32,
    /// Of each topic the weight of its edges to other members.
    held: BTreeMap<i64, f64>,
}

/// Communities, or the one with this number; read in one pass over the edges between topics.
pub(super) fn communities(
    reader: &Connection,
    faces: &mut Faces<'_>,
    wanted: Option<i64>,
    n_members: usize,
) -> Result<Vec<GraphCommunity>> {
    let mut sums = all(reader)?;
    let places: HashMap<i64, usize> =
        sums.iter().enumerate().map(|(at, sum)| (sum.community.id, at)).collect();
    let of_topic = members(reader, &mut sums, &places)?;
    let mut find = reader.prepare_cached(
        "SELECT from_id, to_id, weight FROM edges
         WHERE from_kind = 'entity' AND to_kind = 'entity' AND rel_type = 'related_to'",
    )?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let (a, b, weight): (i64, i64, f64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        for (own, other) in [(a, b), (b, a)] {
            for at in of_topic.get(&own).into_iter().flatten() {
                let sum = &mut sums[*at];
                sum.all += weight;
                if of_topic.get(&other).is_some_and(|theirs| theirs.contains(at)) {
                    sum.inside += weight;
                    sum.n_ends += 1;
                    *sum.held.entry(own).or_default() += weight;
                }
            }
        }
    }
    let mut shown = Vec::new();
    for sum in sums.into_iter().filter(|sum| wanted.is_none_or(|id| id == sum.community.id)) {
        shown.push(told(faces, sum, n_members)?);
    }
    match wanted {
        Some(id) if shown.is_empty() => Err(Error::NotFound(format!("community {id}"))),
        _ => Ok(shown),
    }
}

fn all(reader: &Connection) -> Result<Vec<Sum>> {
    let mut find = reader.prepare_cached(
        "SELECT id, level, parent_id, name, n_moments FROM communities
         ORDER BY level DESC, n_moments DESC, name, id",
    )?;
    let sums = find.query_map([], |row| {
        Ok(Sum {
            community: GraphCommunity {
                id: row.get(0)?,
                level: row.get(1)?,
                parent_id: row.get(2)?,
                name: row.get(3)?,
                n_topics: 0,
                n_moments: row.get(4)?,
                n_edges: 0,
                strength: 0.0,
                members: Vec::new(),
            },
            all: 0.0,
            inside: 0.0,
            n_ends: 0,
            held: BTreeMap::new(),
        })
    })?;
    Ok(sums.collect::<rusqlite::Result<_>>()?)
}

/// The communities of each topic that is not hidden, of either level, by their places.
fn members(
    reader: &Connection,
    sums: &mut [Sum],
    places: &HashMap<i64, usize>,
) -> Result<HashMap<i64, Vec<usize>>> {
    let hidden = IS_HIDDEN_TOPIC.replace("{entity}", "t.id");
    let mut find = reader.prepare_cached(&format!(
        "SELECT t.id, t.community_id FROM topics t WHERE t.community_id IS NOT NULL AND NOT {hidden}"
    ))?;
    let mut rows = find.query([])?;
    let mut of_topic: HashMap<i64, Vec<usize>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (topic, community): (i64, i64) = (row.get(0)?, row.get(1)?);
        let Some(own) = places.get(&community) else { continue };
        let above = sums[*own].community.parent_id.and_then(|id| places.get(&id));
        for at in [Some(own), above].into_iter().flatten() {
            sums[*at].community.n_topics += 1;
            sums[*at].held.insert(topic, 0.0);
            of_topic.entry(topic).or_default().push(*at);
        }
    }
    Ok(of_topic)
}

fn told(faces: &mut Faces<'_>, sum: Sum, n_members: usize) -> Result<GraphCommunity> {
    let mut community = sum.community;
    community.n_edges = sum.n_ends / 2;
    community.strength = if sum.all > 0.0 { (sum.inside / sum.all) as f32 } else { 0.0 };
    let mut held: Vec<(i64, f64)> = sum.held.into_iter().collect();
    held.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    for (topic, weight) in held {
        if community.members.len() == n_members {
            break;
        }
        if let Some(node) = faces.of(Node::Entity(topic))? {
            community.members.push(CommunityMember { node, strength: weight as f32 });
        }
    }
    Ok(community)
}
