//! The graph: how topics, people, moments, notes and conversations hang together, and why.
//!
//! A node is named the same everywhere: in words ("Hester Voss", "harmonium", "#harmonium"), or by kind and
//! number (`topic:5`, `person:7`, `moment:12`, `note:34`, `session:40`, `record:34`, `entity:7`); "me" is
//! the journal's owner. Hidden moments and topics, and what was forgotten, are in no answer.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Empty;
use crate::{Journal, Result, graph};

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum NodeKind {
    /// What moments are about.
    Topic,
    /// Somebody, the journal's owner among them.
    Person,
    /// Another entity.
    Entity,
    /// Something that happened.
    Moment,
    /// A note.
    Note,
    /// A conversation.
    Session,
}

/// A node of the graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct GraphNode {
    /// How it is named without doubt: `topic:5`.
    pub key: String,
    /// What it is.
    pub kind: NodeKind,
    /// Its number among those of its kind.
    #[ts(type = "number")]
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Of a moment or a note its day, otherwise the last day it was met, `YYYY-MM-DD`.
    pub day: Option<String>,
    /// Moments that it stands in or that rest on it; of a moment 1.
    pub n_moments: u32,
    /// 0 to 1. Of topics and people w / (w + 8), w being the sum of what their moments weigh; of notes and
    /// conversations the same of those that rest on them.
    pub importance: f32,
    /// Mean valence, -1 to 1, where something was felt.
    pub valence: Option<f32>,
    /// The community of level 1 that a topic belongs to.
    #[ts(type = "number | null")]
    pub community_id: Option<i64>,
}

/// An edge: typed, weighted, and with its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct GraphEdge {
    /// The key of the node it leads from.
    pub from: String,
    /// The key of the node it leads to.
    pub to: String,
    /// One of the names of `list_edge_types`.
    pub rel_type: String,
    /// 0 to 1.
    pub weight: f32,
    /// 0 to 1: how sure it is.
    pub confidence: f32,
    /// Why it is there, in a few words.
    pub reason: String,
    /// How many moments show it.
    pub n_moments: u32,
    /// The weightiest of these; at most 3.
    #[ts(type = "number[]")]
    pub moments: Vec<i64>,
}

/// Which edges are looked at.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct EdgeFilter {
    /// Only of these types, by name, by the name of their other direction, or by a name of the papers;
    /// empty: of all.
    pub edge_types: Vec<String>,
    /// Only what moments, notes and conversations of this day and later show, `YYYY-MM-DD`.
    pub since: Option<String>,
    /// The same up to this day, included.
    pub until: Option<String>,
    /// Only edges of at least this strength (weight times confidence), 0 to 1.
    pub min_weight: f32,
}

/// Looks a name up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindNodes {
    /// The words, or a key.
    pub name: String,
    /// At most so many; 0: twelve.
    #[serde(default)]
    pub limit: u32,
}

/// Walks from a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct TraverseGraph {
    /// The node to begin at.
    pub start: String,
    /// Steps, 1 to 6.
    pub depth: u32,
    /// Edges that are followed from each node, the strongest; 0: twelve.
    #[serde(default)]
    pub fan_out: u32,
    /// Nodes in all, at most 2,000; 0: a hundred.
    #[serde(default)]
    pub limit: u32,
    /// Which edges.
    #[serde(default)]
    pub filter: EdgeFilter,
}

/// A node that a walk came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct WalkedNode {
    /// The node.
    pub node: GraphNode,
    /// Steps from the start.
    pub depth: u32,
    /// The product of the strengths of the edges on the strongest way there, 0 to 1.
    pub strength: f32,
    /// The edge by which it was reached, by its place among the edges; none for the start.
    pub via: Option<u32>,
    /// Edges of it that the walk saw and did not follow, because there are stronger ones.
    pub n_left_out: u32,
}

/// A walk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct GraphWalk {
    /// The start, then what was reached, the nearest first, of these the strongest.
    pub nodes: Vec<WalkedNode>,
    /// The edges between these that were seen.
    pub edges: Vec<GraphEdge>,
    /// Edges that were seen and not followed, all in all.
    pub n_left_out: u32,
}

/// Asks how two nodes hang together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct FindPaths {
    /// One node.
    pub from: String,
    /// The other.
    pub to: String,
    /// Paths, 1 to 5. None shares a node between the ends with a cheaper one.
    pub n: u32,
    /// Which edges.
    #[serde(default)]
    pub filter: EdgeFilter,
}

/// A way from one node to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct GraphPath {
    /// The sum over its edges of 1 - ln(weight · confidence): every step costs, a weak one more.
    pub cost: f32,
    /// The nodes, from the one end to the other.
    pub nodes: Vec<GraphNode>,
    /// The edges between them: one fewer.
    pub edges: Vec<GraphEdge>,
}

/// Ways from one node to another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct GraphPaths {
    /// One node.
    pub from: GraphNode,
    /// The other.
    pub to: GraphNode,
    /// The paths, the cheapest first.
    pub paths: Vec<GraphPath>,
    /// Whether the search was given up: there may be more paths, or cheaper ones.
    pub is_cut: bool,
    /// Nodes whose edges were looked at.
    pub n_looked_at: u32,
}

/// Asks for the neighbours of a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ListNeighbours {
    /// The node.
    pub node: String,
    /// At most so many, 2,000 at most; 0: forty.
    #[serde(default)]
    pub limit: u32,
    /// Which edges.
    #[serde(default)]
    pub filter: EdgeFilter,
}

/// How many neighbours of a kind there are by edges of a type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EdgeCount {
    /// The type.
    pub rel_type: String,
    /// What the neighbours are.
    pub kind: NodeKind,
    /// How many.
    pub n: u32,
}

/// A neighbour with the edge to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Neighbour {
    /// The neighbour.
    pub node: GraphNode,
    /// The edge.
    pub edge: GraphEdge,
}

/// The neighbours of a node.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Neighbours {
    /// The node.
    pub node: GraphNode,
    /// All of them by type of edge and kind, also those that are not listed.
    pub counts: Vec<EdgeCount>,
    /// The strongest of each type and kind in turn.
    pub neighbours: Vec<Neighbour>,
    /// Those that are not listed.
    pub n_left_out: u32,
}

/// Asks for communities with how they hold together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ListGraphCommunities {
    /// Only this one.
    #[ts(type = "number | null")]
    pub id: Option<i64>,
    /// Members that are listed of each; 0: twelve.
    pub n_members: u32,
}

/// A topic of a community.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct CommunityMember {
    /// The topic.
    pub node: GraphNode,
    /// The sum of the weights of its edges to other members.
    pub strength: f32,
}

/// A community with how it holds together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct GraphCommunity {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// 1: of topics; 2: of communities.
    pub level: u8,
    /// The community of level 2 that it belongs to.
    #[ts(type = "number | null")]
    pub parent_id: Option<i64>,
    /// What it is called.
    pub name: String,
    /// Its topics that are not hidden.
    pub n_topics: u32,
    /// Moments of its topics, as the last dream counted them.
    pub n_moments: u32,
    /// Edges between its topics.
    pub n_edges: u32,
    /// 0 to 1: of the weight of all edges of its topics, the share that stays inside.
    pub strength: f32,
    /// Its topics, those that hold to it most first.
    pub members: Vec<CommunityMember>,
}

/// A type of edges.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EdgeType {
    /// Its name.
    pub name: String,
    /// Its name from the other end; the same where it has no direction.
    pub inverse: String,
    /// Names that mean it, too.
    pub aliases: Vec<String>,
    /// What it leads from, and to.
    pub between: String,
    /// What it says.
    pub meaning: String,
    /// What its weight is.
    pub weight: String,
    /// Whether a dream keeps it; otherwise it follows from what is kept.
    pub is_stored: bool,
}

/// Which part of the graph is drawn or exported.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct DrawGraph {
    /// Only what is around this node.
    pub around: Option<String>,
    /// Steps from it, 1 to 6; 0: two.
    pub depth: u32,
    /// Only these kinds; empty: topics and people, around a node all.
    pub kinds: Vec<NodeKind>,
    /// At most so many nodes, the most important first, 5,000 at most; 0: 300.
    pub limit: u32,
    /// Which edges.
    pub filter: EdgeFilter,
}

/// A node with its place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct DrawnNode {
    /// The node.
    #[serde(flatten)]
    pub node: GraphNode,
    /// To the right; the unit is free, the middle is 0.
    pub x: f32,
    /// Down.
    pub y: f32,
}

/// A community by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DrawnCommunity {
    /// Its number.
    #[ts(type = "number")]
    pub id: i64,
    /// What it is called.
    pub name: String,
    /// Its topics in the picture.
    pub n_nodes: u32,
}

/// The graph, or a part of it, with places to draw it at. As JSON it is what `export_graph` writes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct GraphPicture {
    /// The most important first.
    pub nodes: Vec<DrawnNode>,
    /// The edges between them, the strongest first.
    pub edges: Vec<GraphEdge>,
    /// The communities of the topics among them, the largest first.
    pub communities: Vec<DrawnCommunity>,
    /// Nodes of these kinds that are not in it.
    pub n_nodes_left_out: u32,
    /// Edges between its nodes that are not in it.
    pub n_edges_left_out: u32,
}

/// A form of file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "lowercase")]
pub enum GraphFormat {
    /// The language of Graphviz.
    #[default]
    Dot,
    /// XML that yEd, Gephi and networkx read.
    Graphml,
    /// `GraphPicture` as JSON.
    Json,
    /// A picture.
    Svg,
}

/// Writes the graph, or a part of it, as the text of a file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct ExportGraph {
    /// In which form.
    pub format: GraphFormat,
    /// Which part.
    #[serde(default)]
    pub part: DrawGraph,
}

/// The text of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GraphFile {
    /// In which form it is.
    pub format: GraphFormat,
    /// The text, UTF-8.
    pub text: String,
    /// Nodes in it.
    pub n_nodes: u32,
    /// Edges in it.
    pub n_edges: u32,
    /// Nodes that are not in it.
    pub n_nodes_left_out: u32,
    /// Edges between its nodes that are not in it.
    pub n_edges_left_out: u32,
}

/// What a name may mean, the likeliest first; nothing is an empty list.
///
/// # Errors
/// The store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn find_nodes(journal: &Journal, request: FindNodes) -> Result<Vec<GraphNode>> {
    graph::ask::find(journal, &request)
}

/// Walks from a node, breadth first, along its strongest edges.
///
/// # Errors
/// The name means nothing or several things, an edge type or a day is not one, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn traverse_graph(journal: &Journal, request: TraverseGraph) -> Result<GraphWalk> {
    graph::ask::traverse(journal, &request)
}

/// Finds the cheapest ways from one node to another. They never lead through the journal's owner, who is
/// tied to everything.
///
/// # Errors
/// As [`traverse_graph`].
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn find_paths(journal: &Journal, request: FindPaths) -> Result<GraphPaths> {
    graph::ask::paths(journal, &request)
}

/// The neighbours of a node, with how many there are of each kind.
///
/// # Errors
/// As [`traverse_graph`].
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn list_neighbours(journal: &Journal, request: ListNeighbours) -> Result<Neighbours> {
    graph::ask::neighbours(journal, &request)
}

/// Communities with their topics and how they hold together: those of level 2 first, each level by its
/// moments.
///
/// # Errors
/// There is no such community, or the store failed.
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn list_graph_communities(
    journal: &Journal,
    request: ListGraphCommunities,
) -> Result<Vec<GraphCommunity>> {
    graph::ask::communities(journal, &request)
}

/// All types of edges, with what they mean and what they are called from the other end.
///
/// # Errors
/// None; all commands return a result.
pub fn list_edge_types(_: &Journal, _: Empty) -> Result<Vec<EdgeType>> {
    Ok(graph::ask::edge_types())
}

/// The graph, or what is around a node, with places to draw it at.
///
/// # Errors
/// As [`traverse_graph`].
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn draw_graph(journal: &Journal, request: DrawGraph) -> Result<GraphPicture> {
    graph::ask::draw(journal, &request)
}

/// The graph, or what is around a node, as the text of a file.
///
/// # Errors
/// As [`traverse_graph`].
#[expect(clippy::needless_pass_by_value, reason = "all commands take their request by value")]
pub fn export_graph(journal: &Journal, request: ExportGraph) -> Result<GraphFile> {
    graph::ask::export(journal, &request)
}
