//! A picture of the graph: which nodes and edges, and where they stand.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::{Connection, OptionalExtension};

use super::{
    layout::{self, Tie},
    links::Graph,
    node::{Faces, Node},
    walk::{self, Reach},
    whole::Among,
};
use crate::{
    Result,
    api::graph::{DrawnCommunity, DrawnNode, GraphEdge, GraphNode, GraphPicture, NodeKind},
};

/// Edges of a picture: more are a ball of wool.
const MOST_EDGES: usize = 20_000;
/// Edges that are followed from each node around one: as many as fit into the picture.
const FAN_OUT: usize = 60;

/// Which part is drawn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    /// Only what is around this node, in so many steps.
    pub(crate) around: Option<(Node, u32)>,
    /// Only these kinds; empty: topics and people, around a node all.
    pub(crate) kinds: BTreeSet<NodeKind>,
    /// Nodes at most.
    pub(crate) limit: usize,
}

/// Draws it.
pub(crate) fn draw(graph: &Graph<'_>, faces: &mut Faces<'_>, part: &Part) -> Result<GraphPicture> {
    let (nodes, edges, left_out) = match part.around {
        Some((node, depth)) => around(graph, faces, node, depth, part)?,
        None => whole(graph, faces, part)?,
    };
    let place: HashMap<&str, usize> =
        nodes.iter().enumerate().map(|(at, node)| (node.key.as_str(), at)).collect();
    let ties: Vec<Tie> = edges
        .iter()
        .filter_map(|edge| {
            let (a, b) = (*place.get(edge.from.as_str())?, *place.get(edge.to.as_str())?);
            // The weakest still holds: what stands alone would fly away.
            Some(Tie { a, b, weight: f64::from(edge.weight * edge.confidence).max(0.02) })
        })
        .collect();
    let places = layout::lay_out(nodes.len(), &ties, &[]);
    let communities = communities(graph.reader, &nodes)?;
    let nodes = nodes
        .into_iter()
        .zip(places)
        .map(|(node, place)| DrawnNode { node, x: place.x as f32, y: place.y as f32 })
        .collect();
    let [n_nodes_left_out, n_edges_left_out] =
        left_out.map(|n| u32::try_from(n).unwrap_or(u32::MAX));
    Ok(GraphPicture { nodes, edges, communities, n_nodes_left_out, n_edges_left_out })
}

/// Nodes, edges, and how many of each are left out.
type Drawn = (Vec<GraphNode>, Vec<GraphEdge>, [usize; 2]);

fn whole(graph: &Graph<'_>, faces: &mut Faces<'_>, part: &Part) -> Result<Drawn> {
    let kinds = if part.kinds.is_empty() {
        BTreeSet::from([NodeKind::Topic, NodeKind::Person])
    } else {
        part.kinds.clone()
    };
    let chosen = graph.choose(&kinds, part.limit)?;
    let Among { edges: found, n_left_out } = graph.among(&chosen.nodes, MOST_EDGES)?;
    let mut nodes = Vec::new();
    for node in &chosen.nodes {
        nodes.extend(faces.of(*node)?);
    }
    let mut edges = Vec::new();
    for (from, link) in &found {
        edges.extend(graph.brief(faces, *from, link)?);
    }
    let n_nodes_left_out = chosen.n_all - chosen.nodes.len();
    Ok((nodes, edges, [n_nodes_left_out, n_left_out]))
}

fn around(
    graph: &Graph<'_>,
    faces: &mut Faces<'_>,
    node: Node,
    depth: u32,
    part: &Part,
) -> Result<Drawn> {
    let reach = Reach { is_brief: true, depth, fan_out: FAN_OUT, limit: part.limit };
    let walked = walk::walk(graph, faces, node, reach)?;
    let is_wanted = |at: usize, node: &GraphNode| {
        at == 0 || part.kinds.is_empty() || part.kinds.contains(&node.kind)
    };
    let nodes: Vec<GraphNode> = walked
        .nodes
        .into_iter()
        .enumerate()
        .filter(|(at, walked)| is_wanted(*at, &walked.node))
        .map(|(_, walked)| walked.node)
        .collect();
    let inside: BTreeSet<&str> = nodes.iter().map(|node| node.key.as_str()).collect();
    let mut edges = walked.edges;
    edges.retain(|edge| inside.contains(edge.from.as_str()) && inside.contains(edge.to.as_str()));
    edges.sort_by(|a, b| {
        (b.weight * b.confidence)
            .total_cmp(&(a.weight * a.confidence))
            .then_with(|| (&a.from, &a.to, &a.rel_type).cmp(&(&b.from, &b.to, &b.rel_type)))
    });
    let n_left_out = edges.len().saturating_sub(MOST_EDGES);
    edges.truncate(MOST_EDGES);
    drop(inside);
    // Each edge that was not followed led to a node that is not in it.
    Ok((nodes, edges, [walked.n_left_out as usize, n_left_out]))
}

/// The communities of the topics of a picture, the largest first.
fn communities(reader: &Connection, nodes: &[GraphNode]) -> Result<Vec<DrawnCommunity>> {
    let mut sizes: BTreeMap<i64, u32> = BTreeMap::new();
    for id in nodes.iter().filter_map(|node| node.community_id) {
        *sizes.entry(id).or_default() += 1;
    }
    let mut find = reader.prepare_cached("SELECT name FROM communities WHERE id = ?1")?;
    let mut all = Vec::new();
    for (id, n_nodes) in sizes {
        let name: Option<String> = find.query_row([id], |row| row.get(0)).optional()?;
        all.extend(name.map(|name| DrawnCommunity { id, name, n_nodes }));
    }
    all.sort_by(|a, b| b.n_nodes.cmp(&a.n_nodes).then(a.id.cmp(&b.id)));
    Ok(all)
}
