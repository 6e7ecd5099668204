//! Communities of a weighted graph by the Leiden algorithm (Traag, Waltman and van Eck 2019,
//! doi:10.1038/s41598-019-41695-z).
//!
//! The same graph gives the same communities: the seed is fixed, and the nodes come in an order of the
//! caller's that does not depend on numbers of rows.

use std::collections::BTreeMap;

use leiden_rs::{GraphDataBuilder, Leiden, LeidenConfig};

use crate::{Error, Result};

/// Any number will do, as long as it stays.
const SEED: u64 = 0x5EED_0F70_71C5;
/// Passes over the graph; it settles in fewer than ten.
const MOST_PASSES: usize = 50;

/// An edge of an undirected graph, by the places of its nodes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Link {
    pub(crate) a: usize,
    pub(crate) b: usize,
    /// Above 0.
    pub(crate) weight: f64,
}

/// Communities of at least two nodes, each in ascending order, in the order of their first nodes. A node
/// without links is in none. The higher the resolution (1 is modularity's own), the more and the smaller.
///
/// # Errors
/// A link leads out of the graph or has no positive weight.
pub(crate) fn find(n_nodes: usize, links: &[Link], resolution: f64) -> Result<Vec<Vec<usize>>> {
    if links.is_empty() {
        return Ok(Vec::new());
    }
    run(n_nodes, links.iter().filter(|link| link.a != link.b).copied(), resolution)
}

/// Communities of communities: each of the given ones is a node, linked by all that links members of two.
/// What holds one together inside does not count, or none would ever need another. What no other belongs to
/// is in none.
///
/// # Errors
/// As [`find`].
pub(crate) fn above(
    n_nodes: usize,
    links: &[Link],
    communities: &[Vec<usize>],
    resolution: f64,
) -> Result<Vec<Vec<usize>>> {
    let mut of_node = vec![None; n_nodes];
    for (community, nodes) in communities.iter().enumerate() {
        for node in nodes {
            of_node[*node] = Some(community);
        }
    }
    let mut between: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for link in links {
        let (Some(a), Some(b)) = (of_node[link.a], of_node[link.b]) else { continue };
        if a != b {
            *between.entry((a.min(b), a.max(b))).or_default() += link.weight;
        }
    }
    if between.is_empty() {
        return Ok(Vec::new());
    }
    let between = between.into_iter().map(|((a, b), weight)| Link { a, b, weight });
    run(communities.len(), between, resolution)
}

fn run(
    n_nodes: usize,
    links: impl Iterator<Item = Link>,
    resolution: f64,
) -> Result<Vec<Vec<usize>>> {
    let failed = |error| Error::invalid(format!("communities cannot be found: {error}"));
    let mut builder = GraphDataBuilder::new(n_nodes);
    for link in links {
        builder.add_edge(link.a, link.b, link.weight).map_err(failed)?;
    }
    let graph = builder.build().map_err(failed)?;
    let config = LeidenConfig::builder()
        .seed(SEED)
        .resolution(resolution)
        .max_iterations(MOST_PASSES)
        .build();
    let found = Leiden::new(config).run(&graph).map_err(failed)?;
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (node, community) in found.partition.as_slice().iter().enumerate() {
        members.entry(*community).or_default().push(node);
    }
    let mut all: Vec<Vec<usize>> = members.into_values().filter(|nodes| nodes.len() > 1).collect();
    all.sort();
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `n` cliques of `size` nodes, in two halves that hold together more than with each other.
    fn cliques(n: usize, size: usize) -> (usize, Vec<Link>) {
        let mut links = Vec::new();
        for clique in 0..n {
            for a in 0..size {
                for b in a + 1..size {
                    links.push(Link { a: clique * size + a, b: clique * size + b, weight: 1.0 });
                }
            }
        }
        for a in 0..n {
            for b in a + 1..n {
                let is_near = (a < n / 2) == (b < n / 2);
                let weight = if is_near { 0.8 } else { 0.05 };
                links.push(Link { a: a * size, b: b * size, weight });
            }
        }
        (n * size, links)
    }

    #[test]
    fn cliques_are_found_and_their_halves_above_them() {
        let (n, links) = cliques(8, 5);
        let found = find(n, &links, 1.0).expect("communities");
        let wanted: Vec<Vec<usize>> = (0..8).map(|c| (c * 5..c * 5 + 5).collect()).collect();
        assert_eq!(found, wanted);
        let above = above(n, &links, &found, 1.0).expect("communities");
        assert_eq!(above, [[0, 1, 2, 3], [4, 5, 6, 7]]);
    }

    #[test]
    fn the_same_graph_gives_the_same_communities() {
        let (n, links) = cliques(30, 4);
        let first = find(n, &links, 1.0).expect("communities");
        for _ in 0..3 {
            assert_eq!(find(n, &links, 1.0).expect("communities"), first);
        }
    }

    #[test]
    fn nodes_without_links_are_in_no_community() {
        assert_eq!(find(0, &[], 1.0).expect("none"), Vec::<Vec<usize>>::new());
        let links = [Link { a: 1, b: 3, weight: 0.5 }];
        assert_eq!(find(5, &links, 1.0).expect("one"), [[1, 3]]);
        assert_eq!(above(5, &links, &[vec![1, 3]], 1.0).expect("none"), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn a_link_out_of_the_graph_is_an_error() {
        assert!(find(2, &[Link { a: 0, b: 7, weight: 1.0 }], 1.0).is_err());
        assert!(find(2, &[Link { a: 0, b: 1, weight: f64::NAN }], 1.0).is_err());
    }
}
