use rem_core::{
    Code,
    api::graph::{EdgeFilter, FindPaths, GraphPaths, find_paths},
};

use super::{filter, hide, key, three_days};
use crate::world::World;

fn paths(world: &World, from: &str, to: &str, n: u32, filter: EdgeFilter) -> GraphPaths {
    let request = FindPaths { from: from.into(), to: to.into(), n, filter };
    find_paths(&world.journal, request).expect("it looks")
}

fn over(found: &GraphPaths, n: usize) -> Vec<&str> {
    found.paths[n].nodes.iter().map(|node| node.name.as_str()).collect()
}

#[test]
fn two_things_hang_together_over_the_moment_that_has_both() {
    let world = three_days();
    let found = paths(&world, "Tomas", "lake", 1, filter(&["involves", "about"]));
    let shared = world.moment_about("to the lake").moment;
    assert_eq!(over(&found, 0), ["Tomas", shared.title.as_str(), "lake"]);
    // Two edges of full strength cost a step each.
    assert!((found.paths[0].cost - 2.0).abs() < 1e-5);
    let edges: Vec<&str> = found.paths[0].edges.iter().map(|e| e.rel_type.as_str()).collect();
    assert_eq!(edges, ["involves", "about"]);
}

#[test]
fn a_path_is_the_same_from_either_end() {
    let world = three_days();
    let there = paths(&world, "Ilse", "lake", 1, EdgeFilter::default());
    let back = paths(&world, "lake", "Ilse", 1, EdgeFilter::default());
    assert_eq!(there.paths[0].cost, back.paths[0].cost);
    assert_eq!(there.from.key, key(&world, "Ilse"));
}

#[test]
fn each_further_path_avoids_the_nodes_of_those_before_and_costs_no_less() {
    let world = three_days();
    let found = paths(&world, "harmonium", "lake", 5, EdgeFilter::default());
    assert!(found.paths.len() > 1, "by the moment, by Tomas, or straight");
    let costs: Vec<f32> = found.paths.iter().map(|path| path.cost).collect();
    assert!(costs.is_sorted(), "{costs:?}");
    let mut seen = std::collections::BTreeSet::new();
    for path in &found.paths {
        assert_eq!(path.edges.len() + 1, path.nodes.len());
        for node in &path.nodes[1..path.nodes.len() - 1] {
            assert!(seen.insert(node.key.clone()), "{} is in two paths", node.key);
        }
    }
}

#[test]
fn the_edges_of_a_path_lead_from_each_node_to_the_next() {
    let world = three_days();
    let found = paths(&world, "Ilse", "lake", 3, EdgeFilter::default());
    for path in &found.paths {
        for (edge, nodes) in path.edges.iter().zip(path.nodes.windows(2)) {
            let ends = [edge.from.as_str(), edge.to.as_str()];
            assert!(ends.contains(&nodes[0].key.as_str()) && ends.contains(&nodes[1].key.as_str()));
        }
    }
}

#[test]
fn no_path_leads_over_the_owner_or_over_what_is_hidden() {
    let world = three_days();
    let found = paths(&world, "reeds", "lake", 5, EdgeFilter::default());
    for path in &found.paths {
        assert!(path.nodes.iter().all(|node| node.name != "me"), "{path:?}");
    }
    hide(&world, "to the lake");
    let straight = paths(&world, "reeds", "lake", 1, filter(&["about", "involves"]));
    assert!(straight.paths.is_empty() && !straight.is_cut, "{:?}", straight.paths);
}

#[test]
fn a_node_has_no_path_to_itself() {
    let world = three_days();
    let (from, to) = ("harmonium".to_owned(), "#harmonium".to_owned());
    let request = FindPaths { from, to, n: 1, filter: EdgeFilter::default() };
    let error = find_paths(&world.journal, request).expect_err("both are one");
    assert_eq!(error.code(), Code::InvalidInput);
}
