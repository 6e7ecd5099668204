//! The questions about the graph, from the words of a request to the reply.

use rusqlite::Connection;

use super::{
    export,
    filter::Filter,
    hold_together, kinds,
    links::Graph,
    names,
    node::{Faces, Node},
    path,
    picture::{self, Part},
    walk::{self, Reach},
};
use crate::{
    Error, Journal, Result,
    api::graph::{
        DrawGraph, EdgeFilter, EdgeType, ExportGraph, FindNodes, FindPaths, GraphCommunity,
        GraphFile, GraphNode, GraphPaths, GraphPicture, GraphWalk, ListGraphCommunities,
        ListNeighbours, Neighbour, Neighbours, NodeKind, TraverseGraph,
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
        is_brief: false,
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
        hold_together::communities(reader, faces, request.id, n_members)
    })
}
