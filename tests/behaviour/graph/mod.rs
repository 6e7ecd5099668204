/// The graph as files: pictures, and what other programs read.
mod exporting;
/// Ways from one node to another.
mod paths;

use rem_core::{
    Code,
    api::{
        Empty,
        graph::{
            EdgeFilter, FindNodes, GraphEdge, GraphNode, GraphWalk, ListGraphCommunities,
            ListNeighbours, Neighbours, NodeKind, TraverseGraph, find_nodes, list_edge_types,
            list_graph_communities, list_neighbours, traverse_graph,
        },
        moments::{CorrectMoment, Correction, correct_moment},
        topics::{HideTopic, ListTopics, RenameTopic, hide_topic, list_topics, rename_topic},
    },
};

use crate::world::World;

/// Three days: the harmonium with Ilse, the harmonium and the lake with Tomas, the lake alone.
fn three_days() -> World {
    let world = World::new();
    world.write("2026-10-05.md", "## 09:00\nTuned the harmonium with Ilse. #harmonium #reeds\n");
    world.write(
        "2026-10-06.md",
        "## 09:00\nTook the harmonium to the lake with Tomas. #harmonium #lake\n",
    );
    world.write("2026-10-09.md", "## 09:00\nSwam in the lake, and it was cold. #lake\n");
    world.scan();
    world.dream();
    world
}

fn filter(edge_types: &[&str]) -> EdgeFilter {
    EdgeFilter {
        edge_types: edge_types.iter().map(|name| (*name).to_owned()).collect(),
        ..EdgeFilter::default()
    }
}

fn walk(world: &World, start: &str, depth: u32, filter: EdgeFilter) -> GraphWalk {
    let request = TraverseGraph { start: start.into(), depth, fan_out: 0, limit: 0, filter };
    traverse_graph(&world.journal, request).expect("it walks")
}

fn neighbours(world: &World, node: &str, filter: EdgeFilter) -> Neighbours {
    let request = ListNeighbours { node: node.into(), limit: 0, filter };
    list_neighbours(&world.journal, request).expect("there are neighbours")
}

fn names(walk: &GraphWalk) -> Vec<&str> {
    walk.nodes.iter().map(|walked| walked.node.name.as_str()).collect()
}

fn find(world: &World, name: &str) -> Vec<GraphNode> {
    find_nodes(&world.journal, FindNodes { name: name.into(), limit: 0 }).expect("it looks")
}

/// The key of the only thing that a name means.
fn key(world: &World, name: &str) -> String {
    let found = find(world, name);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0].key.clone()
}

fn edge<'e>(edges: &'e [GraphEdge], a: &str, b: &str) -> &'e GraphEdge {
    let joins =
        |edge: &&GraphEdge| (edge.from == a && edge.to == b) || (edge.from == b && edge.to == a);
    edges.iter().find(joins).unwrap_or_else(|| panic!("no edge from {a} to {b} in {edges:?}"))
}

fn hide(world: &World, words: &str) {
    let id = world.moment_about(words).moment.id;
    let correction = Correction::Hidden { hidden: true };
    correct_moment(&world.journal, CorrectMoment { id, correction }).expect("it is hidden");
}

#[test]
fn what_is_related_is_found_with_the_reason_and_the_moments_that_show_it() {
    let world = three_days();
    let walk = walk(&world, "harmonium", 1, EdgeFilter::default());
    let (harmonium, lake) = (key(&world, "harmonium"), key(&world, "lake"));
    assert_eq!(walk.nodes[0].node.key, harmonium);
    let related = walk
        .edges
        .iter()
        .find(|edge| edge.rel_type == "related_to" && [&edge.from, &edge.to].contains(&&lake));
    let related = related.expect("both were in one moment");
    let shared = world.moment_about("to the lake").moment.id;
    assert_eq!((related.reason.as_str(), &*related.moments), ("1 moment together", &[shared][..]));
    assert!(walk.nodes.iter().any(|walked| walked.node.kind == NodeKind::Moment));
}

#[test]
fn somebody_is_tied_to_topics_and_people_by_the_moments_they_share() {
    let world = three_days();
    let walk = walk(&world, "Ilse", 1, filter(&["together_with"]));
    let (ilse, harmonium) = (key(&world, "Ilse"), key(&world, "harmonium"));
    let tied = edge(&walk.edges, &ilse, &harmonium);
    assert_eq!((tied.reason.as_str(), tied.n_moments), ("1 moment together", 1));
    // One of two moments, once: 1 / 2 · 1 / 2.
    assert!((tied.weight - 0.25).abs() < 1e-6, "{tied:?}");
    assert!(!names(&walk).contains(&"lake"), "Ilse was never there");
}

#[test]
fn a_moment_is_tied_to_what_it_rests_on_and_counts_it_by_kind() {
    let world = World::new();
    world.write(
        "2026-10-13.md",
        "## 18:00 Call\nAna called about the printer budget and the grant letter.\n",
    );
    world.write(
        "WhatsApp Chat with Ana.txt",
        "13/10/2026, 18:02 - Ana: The printer budget and the grant letter again\n\
         13/10/2026, 18:05 - Me: The grant letter goes out with the printer budget\n",
    );
    world.scan();
    world.dream();
    let id = world.moments()[0].id;
    let found = neighbours(&world, &format!("moment:{id}"), EdgeFilter::default());
    let n = |rel_type: &str, kind| {
        let count = found.counts.iter().find(|one| one.rel_type == rel_type && one.kind == kind);
        count.map_or(0, |one| one.n)
    };
    let notes = n("contains", NodeKind::Note);
    let talks = n("captured_in", NodeKind::Session);
    assert_eq!(
        notes + talks,
        found
            .neighbours
            .iter()
            .filter(|one| {
                matches!(one.node.kind, NodeKind::Note | NodeKind::Session)
                    && matches!(one.edge.rel_type.as_str(), "contains" | "captured_in")
            })
            .count() as u32
    );
    assert!(notes + talks > 0, "{:?}", found.counts);
    let rests = found.neighbours.iter().filter(|one| one.edge.reason.starts_with("rests on"));
    let share: f32 = rests.map(|one| one.edge.weight).sum();
    assert!((share - 1.0).abs() < 1e-5, "the shares are of all it rests on: {share}");
    // The papers' name for both.
    let papers = neighbours(&world, &format!("moment:{id}"), filter(&["extracted_from"]));
    assert_eq!(papers.neighbours.len() as u32, notes + talks);
}

#[test]
fn a_name_that_means_several_things_lists_them_with_what_to_type() {
    let world = World::new();
    world.write("2026-10-05.md", "## 09:00\nWent rowing with Ilse. #ilse #boat\n");
    world.scan();
    world.dream();
    let request = TraverseGraph {
        start: "Ilse".into(),
        depth: 1,
        fan_out: 0,
        limit: 0,
        filter: EdgeFilter::default(),
    };
    let error = traverse_graph(&world.journal, request).expect_err("it is not clear who");
    assert_eq!(error.code(), Code::InvalidInput);
    let meant = find(&world, "ilse");
    assert_eq!(meant.len(), 2, "{meant:?}");
    for node in &meant {
        assert!(error.to_string().contains(&node.key), "{error}");
        assert_eq!(walk(&world, &node.key, 1, EdgeFilter::default()).nodes[0].node.key, node.key);
    }
}

#[test]
fn a_node_is_known_by_its_words_its_tag_and_its_number() {
    let world = three_days();
    let harmonium = key(&world, "harmonium");
    for name in ["#harmonium", "Harmonium", " harmonium ", "harmon"] {
        assert_eq!(key(&world, name), harmonium, "{name}");
    }
    let id: i64 = harmonium.rsplit(':').next().expect("a number").parse().expect("a number");
    assert_eq!(key(&world, &format!("entity:{id}")), harmonium);
    assert!(find(&world, &format!("person:{id}")).is_empty(), "it is a topic");
    rename_topic(&world.journal, RenameTopic { id, name: Some("The old reed organ".into()) })
        .expect("it is renamed");
    assert_eq!(key(&world, "the old reed organ"), harmonium);
    let record = world.record_of("Swam in the lake");
    assert_eq!(key(&world, &format!("record:{record}")), format!("note:{record}"));
    for nothing in ["", "   ", "moment:999999", "zeppelin", "topic:x", "\"", "'; DROP TABLE edges"]
    {
        assert!(find(&world, nothing).is_empty(), "{nothing}");
    }
}

#[test]
fn only_edges_of_the_types_that_are_asked_for_are_followed() {
    let world = three_days();
    let only = walk(&world, "harmonium", 2, filter(&["related_to"]));
    assert!(only.edges.iter().all(|edge| edge.rel_type == "related_to"), "{:?}", only.edges);
    assert!(names(&only).contains(&"lake") && names(&only).contains(&"reeds"));
    let request = TraverseGraph {
        start: "harmonium".into(),
        depth: 1,
        fan_out: 0,
        limit: 0,
        filter: filter(&["friend_of"]),
    };
    let error = traverse_graph(&world.journal, request).expect_err("there is no such type");
    assert!(error.to_string().contains("together_with"), "{error}");
}

#[test]
fn only_what_some_days_show_is_seen() {
    let world = three_days();
    let since = |day: &str| EdgeFilter { since: Some(day.into()), ..EdgeFilter::default() };
    let all = walk(&world, "harmonium", 1, EdgeFilter::default());
    assert!(names(&all).contains(&"reeds") && names(&all).contains(&"Ilse"));
    let later = walk(&world, "harmonium", 1, since("2026-10-06"));
    assert!(!names(&later).contains(&"reeds") && !names(&later).contains(&"Ilse"));
    assert!(names(&later).contains(&"lake") && names(&later).contains(&"Tomas"));
    let then = walk(&world, "harmonium", 1, since("2026-10-07"));
    assert_eq!(names(&then), ["harmonium"], "it was not met since");
}

#[test]
fn weak_edges_can_be_left_out() {
    let world = three_days();
    let strong = EdgeFilter { min_weight: 0.9, ..filter(&["related_to", "about"]) };
    let walk = walk(&world, "harmonium", 1, strong);
    assert!(walk.edges.iter().all(|edge| edge.weight >= 0.9), "{:?}", walk.edges);
    assert_eq!(walk.nodes.len(), 3, "the two moments that are about it");
}

#[test]
fn a_walk_says_what_it_left_out_and_gives_each_type_its_turn() {
    let world = World::new();
    for day in 1..=20 {
        world.write(
            &format!("2026-09-{day:02}.md"),
            format!("## 09:00\nThe harmonium for {day} hours, with Ilse. #harmonium #part-{day}\n"),
        );
    }
    world.scan();
    world.dream();
    let request = TraverseGraph {
        start: "harmonium".into(),
        depth: 1,
        fan_out: 5,
        limit: 0,
        filter: EdgeFilter::default(),
    };
    let walk = traverse_graph(&world.journal, request).expect("it walks");
    let types: std::collections::BTreeSet<&str> =
        walk.edges.iter().map(|edge| edge.rel_type.as_str()).collect();
    assert!(types.contains("about") && types.contains("together_with"), "{types:?}");
    let all = neighbours(&world, "harmonium", EdgeFilter::default());
    let n_all: u32 = all.counts.iter().map(|count| count.n).sum();
    assert_eq!(walk.n_left_out, n_all - 5);
    assert_eq!(walk.nodes[0].n_left_out, walk.n_left_out);
}

#[test]
fn what_is_hidden_or_forgotten_is_in_no_answer() {
    let world = three_days();
    let id = world.moment_about("with Ilse").moment.id;
    hide(&world, "with Ilse");
    assert!(find(&world, "Ilse").is_empty(), "she is named in a hidden moment alone");
    assert!(find(&world, &format!("moment:{id}")).is_empty());
    let walk = walk(&world, "harmonium", 2, EdgeFilter::default());
    assert!(walk.nodes.iter().all(|walked| walked.node.key != format!("moment:{id}")));
    let topics = list_topics(&world.journal, ListTopics::default()).expect("topics").topics;
    let lake = topics.iter().find(|topic| topic.name == "lake").expect("the lake");
    hide_topic(&world.journal, HideTopic { id: lake.id, hidden: true }).expect("it is hidden");
    let walk = self::walk(&world, "harmonium", 2, EdgeFilter::default());
    assert!(!names(&walk).contains(&"lake") && find(&world, "lake").is_empty());
    let record = world.record_of("Swam in the lake");
    world.delete("2026-10-09.md");
    world.scan_with(true);
    assert!(find(&world, &format!("note:{record}")).is_empty());
}

#[test]
fn communities_say_how_much_of_their_ties_stays_inside() {
    let world = World::new();
    for day in 1..=4 {
        let organ = format!("## 09:00\nTuned it for the {day}. time. #harmonium #reeds #bellows\n");
        world.write(&format!("2026-09-{day:02}.md"), organ);
        let lake = format!("## 09:00\nSwam there for {day} hours. #lake #heron #boat\n");
        world.write(&format!("2026-09-1{day}.md"), lake);
    }
    world.scan();
    world.dream();
    let all = list_graph_communities(&world.journal, ListGraphCommunities::default())
        .expect("communities");
    let organ = all
        .iter()
        .find(|community| {
            community.level == 1
                && community.members.iter().any(|member| member.node.name == "reeds")
        })
        .expect("a community");
    let members: Vec<&str> = organ.members.iter().map(|member| member.node.name.as_str()).collect();
    assert!(members.contains(&"harmonium") && !members.contains(&"lake"), "{members:?}");
    assert_eq!((organ.strength, organ.n_edges), (1.0, organ.n_topics * (organ.n_topics - 1) / 2));
    let id = Some(organ.id);
    let one = list_graph_communities(&world.journal, ListGraphCommunities { id, n_members: 1 });
    let one = one.expect("it is there");
    assert_eq!((one.len(), one[0].members.len(), one[0].n_topics), (1, 1, organ.n_topics));
    let nobody = ListGraphCommunities { id: Some(999), n_members: 0 };
    let error = list_graph_communities(&world.journal, nobody).expect_err("there is none");
    assert_eq!(error.code(), Code::NotFound);
}

#[test]
fn every_type_of_edge_that_a_walk_meets_is_in_the_vocabulary() {
    let world = three_days();
    let types = list_edge_types(&world.journal, Empty {}).expect("types");
    let walk = walk(&world, "harmonium", 4, EdgeFilter::default());
    for edge in &walk.edges {
        assert!(types.iter().any(|one| one.name == edge.rel_type), "{}", edge.rel_type);
        assert!(!edge.reason.is_empty(), "every edge says why: {edge:?}");
    }
}

#[test]
fn the_owner_is_tied_to_what_they_were_engaged_with() {
    let world = World::new();
    for day in 1..=8 {
        world.write(
            &format!("2026-10-{day:02}.md"),
            format!("## 09:00\nHappy with reed {day}. #reeds\n"),
        );
    }
    world.scan();
    world.dream();
    let found = neighbours(&world, "me", EdgeFilter::default());
    assert!(!found.neighbours.is_empty());
    assert!(found.neighbours.iter().all(|one| one.edge.rel_type == "engaged_with"));
    assert_eq!(found.node.name, "me");
}
