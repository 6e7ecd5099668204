//! How two nodes hang together: the cheapest ways from one to the other.
//!
//! An edge costs 1 - ln(strength): a way is as cheap as it is short, and as the product of its strengths is
//! great. The search goes from both ends at once (Dijkstra's, as Nicholson 1966 has it) and looks at nodes
//! only as it comes to them. Each further way avoids all nodes of those before, but for the ends.

use std::{
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap, HashMap},
    rc::Rc,
};

use super::{
    links::{Graph, Link},
    node::{Faces, Node},
};
use crate::{Result, api::graph::GraphPath};

/// Nodes whose edges are looked at before the search is given up.
const MOST_LOOKED_AT: usize = 6_000;
/// A weaker edge costs no more than one of this strength.
const WEAKEST: f64 = 0.01;
/// Costs are counted in millionths: whole numbers add up to the same in any order.
const UNIT: f64 = 1e6;

/// What was found.
pub(crate) struct Found {
    pub(crate) paths: Vec<GraphPath>,
    pub(crate) is_cut: bool,
    pub(crate) n_looked_at: usize,
}

/// What an edge costs.
pub(crate) fn cost(link: &Link) -> u64 {
    ((1.0 - link.strength().max(WEAKEST).ln()) * UNIT).round() as u64
}

/// Nodes with their edges, each looked up once.
struct Known<'g, 'r> {
    graph: &'g Graph<'r>,
    links: HashMap<Node, Rc<Vec<Link>>>,
}

impl Known<'_, '_> {
    fn of(&mut self, node: Node) -> Result<Rc<Vec<Link>>> {
        if let Some(known) = self.links.get(&node) {
            return Ok(Rc::clone(known));
        }
        let found = Rc::new(self.graph.around(node)?);
        self.links.insert(node, Rc::clone(&found));
        Ok(found)
    }
}

/// What must not be used again.
#[derive(Default)]
struct Used {
    nodes: BTreeSet<Node>,
    /// An edge straight from end to end, by its type.
    straight: BTreeSet<String>,
}

/// The search from one end.
#[derive(Default)]
struct Side {
    /// The least cost to a node as far as is known, and the node and edge it is reached by.
    reached: HashMap<Node, (u64, Option<(Node, Link)>)>,
    settled: BTreeSet<Node>,
    waiting: BinaryHeap<Reverse<(u64, Node)>>,
}

impl Side {
    fn from(end: Node) -> Self {
        let mut side = Self::default();
        side.reached.insert(end, (0, None));
        side.waiting.push(Reverse((0, end)));
        side
    }

    /// The cost of the next node to be settled.
    fn next_cost(&mut self) -> Option<u64> {
        while let Some(Reverse((cost, node))) = self.waiting.peek() {
            if !self.settled.contains(node) {
                return Some(*cost);
            }
            self.waiting.pop();
        }
        None
    }

    /// The nodes from its end to a node, with the edge to each.
    fn way(&self, to: Node) -> Vec<(Node, Option<(Node, Link)>)> {
        let mut way = Vec::new();
        let mut at = Some(to);
        while let Some(node) = at {
            let via = self.reached.get(&node).and_then(|(_, via)| via.clone());
            at = via.as_ref().map(|(before, _)| *before);
            way.push((node, via));
        }
        way.reverse();
        way
    }
}

/// Finds up to `n` ways.
pub(crate) fn paths(
    graph: &Graph<'_>,
    faces: &mut Faces<'_>,
    from: Node,
    to: Node,
    n: usize,
) -> Result<Found> {
    let mut known = Known { graph, links: HashMap::new() };
    let mut used = Used::default();
    let mut found = Found { paths: Vec::new(), is_cut: false, n_looked_at: 0 };
    while from != to && found.paths.len() < n {
        let (way, is_cut) = cheapest(&mut known, from, to, &used)?;
        found.is_cut |= is_cut;
        let Some((cost, steps)) = way else { break };
        if let [(_, link)] = steps.as_slice() {
            used.straight.insert(link.rel_type.clone());
        }
        used.nodes.extend(steps.iter().skip(1).map(|(node, _)| *node));
        found.paths.extend(shown(graph, faces, &steps, cost)?);
    }
    found.n_looked_at = known.links.len();
    Ok(found)
}

/// The cost, and each edge with the node that it is taken from.
type Way = (u64, Vec<(Node, Link)>);

fn cheapest(
    known: &mut Known<'_, '_>,
    from: Node,
    to: Node,
    used: &Used,
) -> Result<(Option<Way>, bool)> {
    let mut sides = [Side::from(from), Side::from(to)];
    let mut best: Option<(u64, Node)> = None;
    let mut n_settled = 0;
    loop {
        let next = [sides[0].next_cost(), sides[1].next_cost()];
        let [Some(a), Some(b)] = next else { break };
        if best.is_some_and(|(cost, _)| a + b >= cost) {
            break;
        }
        if n_settled == MOST_LOOKED_AT {
            return Ok((best.map(|best| joined(&sides, best)), true));
        }
        n_settled += 1;
        let (near, far) = if a <= b { (0, 1) } else { (1, 0) };
        let Some(Reverse((cost_here, node))) = sides[near].waiting.pop() else { break };
        sides[near].settled.insert(node);
        let is_end = node == from || node == to;
        if !is_end && known.graph.is_owner(node) {
            continue;
        }
        for link in known.of(node)?.iter() {
            let other = link.other;
            let is_straight = is_end && (other == from || other == to);
            if used.nodes.contains(&other)
                || (is_straight && used.straight.contains(&link.rel_type))
                || sides[near].settled.contains(&other)
            {
                continue;
            }
            let there = cost_here + cost(link);
            let is_better = sides[near].reached.get(&other).is_none_or(|(known, _)| there < *known);
            if !is_better {
                continue;
            }
            sides[near].reached.insert(other, (there, Some((node, link.clone()))));
            sides[near].waiting.push(Reverse((there, other)));
            if let Some((rest, _)) = sides[far].reached.get(&other) {
                let whole = there + rest;
                if best.is_none_or(|(cost, _)| whole < cost) {
                    best = Some((whole, other));
                }
            }
        }
    }
    Ok((best.map(|best| joined(&sides, best)), false))
}

/// The way over the node at which the two searches met.
fn joined(sides: &[Side; 2], (cost, met): (u64, Node)) -> Way {
    let first = sides[0].way(met);
    let mut steps: Vec<(Node, Link)> = first.into_iter().filter_map(|(_, via)| via).collect();
    // The far side knows each edge as seen from nearer to its end.
    let mut second = sides[1].way(met);
    second.reverse();
    for (node, via) in second {
        if let Some((before, link)) = via {
            let is_outward = !link.is_outward;
            steps.push((node, Link { other: before, is_outward, ..link }));
        }
    }
    (cost, steps)
}

fn shown(
    graph: &Graph<'_>,
    faces: &mut Faces<'_>,
    steps: &[(Node, Link)],
    cost: u64,
) -> Result<Option<GraphPath>> {
    let mut path =
        GraphPath { cost: (cost as f64 / UNIT) as f32, nodes: Vec::new(), edges: Vec::new() };
    for (n, (node, link)) in steps.iter().enumerate() {
        if n == 0 {
            path.nodes.extend(faces.of(*node)?);
        }
        path.nodes.extend(faces.of(link.other)?);
        path.edges.extend(graph.explain(faces, *node, link)?);
    }
    let is_whole = path.nodes.len() == steps.len() + 1 && path.edges.len() == steps.len();
    Ok(is_whole.then_some(path))
}
