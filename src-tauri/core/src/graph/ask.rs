//! The questions about the graph, from the words of a request to the reply.

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    export, kinds,
    links::{Filter, Graph},
    names,
    node::{Faces, Node},
    path,
    picture::{self, Part},
    walk::{self, Reach},
};
use crate::{
    Error, Journal, Result,
    api::graph::{
        CommunityMember, DrawGraph, EdgeFilter, EdgeType, ExportGraph, FindNodes, FindPaths,
        GraphCommunity, GraphFile, GraphNode, GraphPaths, GraphPicture, GraphWalk,
        ListGraphCommunities, ListNeighbours, Neighbour, Neighbours, NodeKind, TraverseGraph,
    },
};

/// Where nobody says how many.
const FAN_OUT: u32 = 12;
const WALKED: u32 = 100;
const LISTED: u32 = 40;
const DRAWN: u32 = 300;
const MEMBERS: u32 = 12;
const MEANINGS: u32 = 12;
/// The most of each.
const DEEPEST: u32 = 6;
const MOST_WALKED: u32 = 2_000;
const MOST_DRAWN: u32 = 5_000;
const MOST_PATHS: u32 = 5;

/// A number that was asked for, or the usual one; an error if there are too many.
fn or_usual(asked: u32, usual: u32, most: u32, what: &str) -> Result<usize> {
    if asked > most {
        return Err(Error::invalid(format!("{what} are at most {most}")));
    }
    Ok(if asked == 0 { usual } else { asked } as usize)
}

fn steps(depth: u32) -> Result<u32> {
    if (1..=DEEPEST).contains(&depth) {
        Ok(depth)
    } else {
        Err(Error::invalid(format!("a walk has 1 to {DEEPEST} steps")))
    }
}

fn node_of(face: &GraphNode) -> Node {
    match face.kind {
        NodeKind::Topic | NodeKind::Person | NodeKind::Entity => Node::Entity(face.id),
        NodeKind::Moment => Node::Moment(face.id),
        NodeKind::Note | NodeKind::Session => Node::Record(face.id),
    }
}

/// Asks on one snapshot of the journal.
fn ask<T>(
    journal: &Journal,
    filter: &EdgeFilter,
    question: impl FnOnce(&Connection, &Graph<'_>, &mut Faces<'_>) -> Result<T>,
) -> Result<T> {
    let filter = Filter::read(filter)?;
    journal.store().read(|reader| {
        let graph = Graph::new(reader, filter)?;
        let mut faces = Faces::new(reader)?;
        question(reader, &graph, &mut faces)
    })
}

/// What a name may mean.
pub(crate) fn find(journal: &Journal, request: &FindNodes) -> Result<Vec<GraphNode>> {
    let limit = or_usual(request.limit, MEANINGS, MOST_WALKED, "meanings")?;
    ask(journal, &EdgeFilter::default(), |reader, _, faces| {
        names::find(faces, reader, &request.name, limit)
    })
}

/// Walks from a node.
pub(crate) fn traverse(journal: &Journal, request: &TraverseGraph) -> Result<GraphWalk> {
    let reach = Reach {
        depth: steps(request.depth)?,
        fan_out: or_usual(request.fan_out, FAN_OUT, MOST_WALKED, "edges of a node")?,
        limit: or_usual(request.limit, WALKED, MOST_WALKED, "nodes of a walk")?,
    };
    ask(journal, &request.filter, |reader, graph, faces| {
        let start = names::resolve(faces, reader, &request.start)?;
        walk::walk(graph, faces, node_of(&start), reach)
    })
}

/// Finds ways from one node to another.
pub(crate) fn paths(journal: &Journal, request: &FindPaths) -> Result<GraphPaths> {
    let n = or_usual(request.n, 1, MOST_PATHS, "paths")?;
    ask(journal, &request.filter, |reader, graph, faces| {
        let from = names::resolve(faces, reader, &request.from)?;
        let to = names::resolve(faces, reader, &request.to)?;
        if from.key == to.key {
            return Err(Error::invalid("both ends of the path are one node"));
        }
        let found = path::paths(graph, faces, node_of(&from), node_of(&to), n)?;
        Ok(GraphPaths {
            from,
            to,
            paths: found.paths,
            is_cut: found.is_cut,
            n_looked_at: u32::try_from(found.n_looked_at).unwrap_or(u32::MAX),
        })
    })
}

/// Lists neighbours.
pub(crate) fn neighbours(journal: &Journal, request: &ListNeighbours) -> Result<Neighbours> {
    let limit = or_usual(request.limit, LISTED, MOST_WALKED, "neighbours")?;
    ask(journal, &request.filter, |reader, graph, faces| {
        let node = names::resolve(faces, reader, &request.node)?;
        walk::neighbours(graph, faces, node_of(&node), limit)?
            .ok_or_else(|| Error::NotFound(node.key))
    })
}

/// The one node of some kinds that a name means.
///
/// # Errors
/// It means nothing, or several things.
pub(crate) fn resolve(journal: &Journal, name: &str, kinds: &[NodeKind]) -> Result<GraphNode> {
    ask(journal, &EdgeFilter::default(), |reader, _, faces| {
        names::resolve_among(faces, reader, name, kinds)
    })
}

/// What shares moments with somebody, the strongest first.
pub(crate) struct Together {
    pub(crate) topics: Vec<Neighbour>,
    pub(crate) people: Vec<Neighbour>,
}

/// Topics and people that share moments with somebody.
pub(crate) fn together(reader: &Connection, person: i64) -> Result<Together> {
    let edge_types = vec![kinds::TOGETHER.to_owned()];
    let filter = Filter::read(&EdgeFilter { edge_types, ..EdgeFilter::default() })?;
    let graph = Graph::new(reader, filter)?;
    let mut faces = Faces::new(reader)?;
    let all = walk::neighbours(&graph, &mut faces, Node::Entity(person), MOST_WALKED as usize)?;
    let all = all.map(|found| found.neighbours).unwrap_or_default();
    let (topics, people) = all.into_iter().partition(|one| one.node.kind == NodeKind::Topic);
    Ok(Together { topics, people })
}

/// The vocabulary.
pub(crate) fn edge_types() -> Vec<EdgeType> {
    kinds::all()
}

/// Draws the graph or a part of it.
pub(crate) fn draw(journal: &Journal, request: &DrawGraph) -> Result<GraphPicture> {
    let limit = or_usual(request.limit, DRAWN, MOST_DRAWN, "nodes of a picture")?;
    let depth = if request.depth == 0 { 2 } else { steps(request.depth)? };
    ask(journal, &request.filter, |reader, graph, faces| {
        let around = match &request.around {
            Some(name) => Some((node_of(&names::resolve(faces, reader, name)?), depth)),
            None => None,
        };
        let kinds = request.kinds.iter().copied().collect();
        picture::draw(graph, faces, &Part { around, kinds, limit })
    })
}

/// Writes the graph or a part of it as a file.
pub(crate) fn export(journal: &Journal, request: &ExportGraph) -> Result<GraphFile> {
    let picture = draw(journal, &request.part)?;
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(GraphFile {
        format: request.format,
        text: export::write(&picture, request.format)?,
        n_nodes: count(picture.nodes.len()),
        n_edges: count(picture.edges.len()),
        n_nodes_left_out: picture.n_nodes_left_out,
        n_edges_left_out: picture.n_edges_left_out,
    })
}

/// Communities with how they hold together.
pub(crate) fn communities(
    journal: &Journal,
    request: &ListGraphCommunities,
) -> Result<Vec<GraphCommunity>> {
    let n_members = or_usual(request.n_members, MEMBERS, MOST_DRAWN, "members")?;
    ask(journal, &EdgeFilter::default(), |reader, _, faces| {
        let mut find = reader.prepare_cached(
            "SELECT id, level, parent_id, name FROM communities WHERE ?1 IS NULL OR id = ?1
             ORDER BY level DESC, n_moments DESC, name, id",
        )?;
        let found: Vec<(i64, u8, Option<i64>, String)> = find
            .query_map([request.id], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<rusqlite::Result<_>>()?;
        if let (Some(id), true) = (request.id, found.is_empty()) {
            return Err(Error::NotFound(format!("community {id}")));
        }
        let mut all = Vec::new();
        for (id, level, parent_id, name) in found {
            let community = GraphCommunity {
                id,
                level,
                parent_id,
                name,
                n_topics: 0,
                n_moments: 0,
                n_edges: 0,
                strength: 0.0,
                members: Vec::new(),
            };
            all.push(members(reader, faces, community, n_members)?);
        }
        Ok(all)
    })
}

/// The topics of the community `?1`, of either level, that are not hidden.
const MEMBERS_OF: &str = "SELECT t.id FROM topics t
    WHERE (t.community_id = ?1 OR t.community_id IN (SELECT id FROM communities WHERE parent_id = ?1))
      AND NOT EXISTS (SELECT 1 FROM topic_tags g
        JOIN topic_corrections c ON c.kind = 'hidden' AND c.tag = g.tag WHERE g.topic_id = t.id)";

fn members(
    reader: &Connection,
    faces: &mut Faces<'_>,
    mut community: GraphCommunity,
    n_members: usize,
) -> Result<GraphCommunity> {
    let id = community.id;
    // Each edge is met once from either end.
    let mut find = reader.prepare_cached(&format!(
        "WITH own AS MATERIALIZED ({MEMBERS_OF}),
              tied AS (SELECT from_id AS here, to_id AS there, weight FROM edges JOIN own ON own.id = from_id
                       WHERE from_kind = 'entity' AND to_kind = 'entity' AND rel_type = 'related_to'
                       UNION ALL
                       SELECT to_id, from_id, weight FROM edges JOIN own ON own.id = to_id
                       WHERE to_kind = 'entity' AND from_kind = 'entity' AND rel_type = 'related_to')
         SELECT own.id, coalesce(sum(CASE WHEN tied.there IN own THEN tied.weight END), 0.0),
           coalesce(sum(tied.weight), 0.0), count(CASE WHEN tied.there IN own THEN 1 END)
         FROM own LEFT JOIN tied ON tied.here = own.id GROUP BY own.id ORDER BY 2 DESC, own.id"
    ))?;
    let mut rows = find.query([id])?;
    let (mut inside, mut all, mut n_ends) = (0.0, 0.0, 0_u32);
    while let Some(row) = rows.next()? {
        let (topic, held, tied): (i64, f64, f64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        inside += held;
        all += tied;
        n_ends += row.get::<_, u32>(3)?;
        community.n_topics += 1;
        if community.members.len() < n_members
            && let Some(node) = faces.of(Node::Entity(topic))?
        {
            community.members.push(CommunityMember { node, strength: held as f32 });
        }
    }
    community.n_edges = n_ends / 2;
    community.strength = if all > 0.0 { (inside / all) as f32 } else { 0.0 };
    community.n_moments = reader
        .prepare_cached(&format!(
            "SELECT count(DISTINCT m.id) FROM ({MEMBERS_OF}) o JOIN topic_tags t ON t.topic_id = o.id
                  JOIN moment_tags l ON l.tag_id = t.id
                  JOIN moments m ON m.id = l.moment_id AND m.is_hidden = 0"
        ))?
        .query_row(params![id], |row| row.get(0))
        .optional()?
        .unwrap_or_default();
    Ok(community)
}
