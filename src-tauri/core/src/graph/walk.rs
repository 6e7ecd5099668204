//! Walks from a node, breadth first, along its strongest edges; and lists its neighbours.

use std::collections::{BTreeMap, HashMap};

use super::{
    kinds,
    links::{Graph, Link},
    node::{Faces, Node},
};
use crate::{
    Result,
    api::graph::{EdgeCount, GraphWalk, Neighbour, Neighbours, NodeKind, WalkedNode},
};

/// Edges that are looked at from one node for those between nodes that the walk knows already.
const MOST_BETWEEN: usize = 2_000;

/// How far a walk goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach {
    /// Whether edges say which moments show them: not in pictures, which have thousands.
    pub(crate) is_brief: bool,
    /// Steps.
    pub(crate) depth: u32,
    /// Edges that are followed from each node.
    pub(crate) fan_out: usize,
    /// Nodes in all.
    pub(crate) limit: usize,
}

/// A node that the walk came to.
struct Stop {
    node: Node,
    depth: u32,
    strength: f64,
    via: Option<usize>,
    n_left_out: u32,
}

/// Walks. Of what one step further could be reached, the strongest is taken while there is room; what was
/// seen and not taken is counted. The walk shows the journal's owner and does not go on from them, unless it
/// began there: they are tied to everything.
pub(crate) fn walk(
    graph: &Graph<'_>,
    faces: &mut Faces<'_>,
    start: Node,
    reach: Reach,
) -> Result<GraphWalk> {
    let mut stops = vec![Stop { node: start, depth: 0, strength: 1.0, via: None, n_left_out: 0 }];
    let mut place: HashMap<Node, usize> = HashMap::from([(start, 0)]);
    let mut edges: Vec<(usize, Link)> = Vec::new();
    let mut begin = 0;
    for depth in 1..=reach.depth {
        let end = stops.len();
        let mut ways: Vec<(f64, usize, Link)> = Vec::new();
        for (at, stop) in stops.iter_mut().enumerate().skip(begin) {
            let node = stop.node;
            if at > 0 && graph.is_owner(node) {
                continue;
            }
            let (known, new): (Vec<Link>, Vec<Link>) =
                graph.around(node)?.into_iter().partition(|link| place.contains_key(&link.other));
            // Nodes of earlier steps told of the edges between them and this one.
            let among = known.into_iter().filter(|link| {
                place.get(&link.other).is_some_and(|other| *other >= begin && *other > at)
            });
            edges.extend(among.take(MOST_BETWEEN).map(|link| (at, link)));
            let n_new = new.len();
            let chosen = in_turn(new, reach.fan_out, |link| link.rel_type.clone());
            stop.n_left_out = counted(n_new - chosen.len());
            let strength = stop.strength;
            ways.extend(chosen.into_iter().map(|link| (strength * link.strength(), at, link)));
        }
        ways.sort_by(|a, b| {
            b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.other.cmp(&b.2.other))
        });
        for (strength, at, link) in ways {
            if let Some(other) = place.get(&link.other) {
                // Reached in this very step by a stronger way.
                if stops[*other].depth == depth {
                    edges.push((at, link));
                }
            } else if faces.of(link.other)?.is_none() {
                // Not to be seen.
            } else if stops.len() < reach.limit {
                place.insert(link.other, stops.len());
                let via = Some(edges.len());
                stops.push(Stop { node: link.other, depth, strength, via, n_left_out: 0 });
                edges.push((at, link));
            } else {
                stops[at].n_left_out += 1;
            }
        }
        begin = end;
    }
    shown(graph, faces, (&stops, &edges), reach.is_brief)
}

fn shown(
    graph: &Graph<'_>,
    faces: &mut Faces<'_>,
    (stops, edges): (&[Stop], &[(usize, Link)]),
    is_brief: bool,
) -> Result<GraphWalk> {
    let mut walk = GraphWalk { nodes: Vec::new(), edges: Vec::new(), n_left_out: 0 };
    let mut place_of: Vec<Option<u32>> = Vec::with_capacity(edges.len());
    for (at, link) in edges {
        let from = stops[*at].node;
        let edge = if is_brief {
            graph.brief(faces, from, link)?
        } else {
            graph.explain(faces, from, link)?
        };
        place_of.push(edge.as_ref().map(|_| counted(walk.edges.len())));
        walk.edges.extend(edge);
    }
    for stop in stops {
        let Some(node) = faces.of(stop.node)? else { continue };
        walk.n_left_out += stop.n_left_out;
        walk.nodes.push(WalkedNode {
            node,
            depth: stop.depth,
            strength: stop.strength as f32,
            via: stop.via.and_then(|at| place_of[at]),
            n_left_out: stop.n_left_out,
        });
    }
    Ok(walk)
}

/// The neighbours of a node.
pub(crate) fn neighbours(
    graph: &Graph<'_>,
    faces: &mut Faces<'_>,
    node: Node,
    limit: usize,
) -> Result<Option<Neighbours>> {
    let Some(face) = faces.of(node)? else { return Ok(None) };
    let mut seen: Vec<(NodeKind, Link)> = Vec::new();
    for link in graph.around(node)? {
        if let Some(kind) = faces.kind(link.other)? {
            seen.push((kind, link));
        }
    }
    let mut counts: BTreeMap<(String, NodeKind), u32> = BTreeMap::new();
    for (kind, link) in &seen {
        let name =
            if link.is_outward { link.rel_type.as_str() } else { kinds::inverse(&link.rel_type) };
        *counts.entry((name.to_owned(), *kind)).or_default() += 1;
    }
    let n_seen = seen.len();
    let chosen = in_turn(seen, limit, |(kind, link)| (link.rel_type.clone(), *kind));
    let mut neighbours = Vec::new();
    for (_, link) in &chosen {
        let edge = graph.explain(faces, node, link)?;
        neighbours
            .extend(faces.of(link.other)?.zip(edge).map(|(node, edge)| Neighbour { node, edge }));
    }
    let counts = counts.into_iter().map(|((rel_type, kind), n)| EdgeCount { rel_type, kind, n });
    Ok(Some(Neighbours {
        node: face,
        counts: counts.collect(),
        n_left_out: counted(n_seen - neighbours.len()),
        neighbours,
    }))
}

/// So many of a list that is in order: the first of each sort, then the second of each, and so on. They stay
/// in order.
fn in_turn<T, K: Ord>(all: Vec<T>, n: usize, sort_of: impl Fn(&T) -> K) -> Vec<T> {
    let mut turns: BTreeMap<K, usize> = BTreeMap::new();
    let mut ranked: Vec<(usize, usize)> = all
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let turn = turns.entry(sort_of(one)).or_default();
            *turn += 1;
            (*turn, at)
        })
        .collect();
    ranked.sort_unstable();
    let mut chosen: Vec<usize> = ranked.into_iter().take(n).map(|(_, at)| at).collect();
    chosen.sort_unstable();
    let mut chosen = chosen.into_iter().peekable();
    all.into_iter()
        .enumerate()
        .filter_map(|(at, one)| chosen.next_if_eq(&at).map(|_| one))
        .collect()
}

fn counted(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sort_has_its_turn_before_one_has_two() {
        let all = vec![("a", 1), ("a", 2), ("a", 3), ("b", 4), ("c", 5)];
        let chosen = in_turn(all.clone(), 4, |one| one.0);
        assert_eq!(chosen, [("a", 1), ("a", 2), ("b", 4), ("c", 5)]);
        assert_eq!(in_turn(all.clone(), 0, |one| one.0), []);
        assert_eq!(in_turn(all, 9, |one| one.0).len(), 5);
    }
}
