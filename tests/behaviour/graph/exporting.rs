use rem_core::api::graph::{
    DrawGraph, EdgeFilter, ExportGraph, GraphFile, GraphFormat, GraphPicture, NodeKind, draw_graph,
    export_graph,
};

use super::{hide, three_days};
use crate::world::World;

fn draw(world: &World, part: DrawGraph) -> GraphPicture {
    draw_graph(&world.journal, part).expect("it is drawn")
}

fn export(world: &World, format: GraphFormat, part: DrawGraph) -> GraphFile {
    export_graph(&world.journal, ExportGraph { format, part }).expect("it is written")
}

fn names(picture: &GraphPicture) -> Vec<&str> {
    picture.nodes.iter().map(|drawn| drawn.node.name.as_str()).collect()
}

#[test]
fn the_whole_graph_is_topics_and_people_unless_more_is_asked_for() {
    let world = three_days();
    let picture = draw(&world, DrawGraph::default());
    let is_usual = |kind| matches!(kind, NodeKind::Topic | NodeKind::Person);
    assert!(picture.nodes.iter().all(|drawn| is_usual(drawn.node.kind)));
    assert!(names(&picture).contains(&"harmonium") && names(&picture).contains(&"Ilse"));
    let kinds = vec![NodeKind::Moment, NodeKind::Note];
    let picture = draw(&world, DrawGraph { kinds, ..DrawGraph::default() });
    assert_eq!(picture.nodes.len(), 6, "{:?}", names(&picture));
    assert!(picture.edges.iter().any(|edge| edge.rel_type == "contains"));
}

#[test]
fn the_most_important_come_first_and_the_rest_is_counted() {
    let world = three_days();
    let all = draw(&world, DrawGraph::default());
    let few = draw(&world, DrawGraph { limit: 2, ..DrawGraph::default() });
    assert_eq!(names(&few), names(&all)[..2]);
    assert_eq!(few.n_nodes_left_out as usize, all.nodes.len() - 2);
    let importance: Vec<f32> = all.nodes.iter().map(|drawn| drawn.node.importance).collect();
    assert!(importance.windows(2).all(|two| two[0] >= two[1]), "{importance:?}");
}

#[test]
fn edges_of_a_picture_join_its_nodes_and_say_why() {
    let world = three_days();
    for around in [None, Some("harmonium".to_owned())] {
        let picture = draw(&world, DrawGraph { around, ..DrawGraph::default() });
        let has = |key: &str| picture.nodes.iter().any(|drawn| drawn.node.key == key);
        assert!(!picture.edges.is_empty());
        for edge in &picture.edges {
            assert!(has(&edge.from) && has(&edge.to) && !edge.reason.is_empty(), "{edge:?}");
        }
    }
}

#[test]
fn the_same_journal_gives_the_same_picture() {
    let world = three_days();
    let part = || DrawGraph { depth: 3, around: Some("lake".into()), ..DrawGraph::default() };
    for format in [GraphFormat::Dot, GraphFormat::Graphml, GraphFormat::Json, GraphFormat::Svg] {
        let once = export(&world, format, part());
        assert_eq!(once, export(&world, format, part()));
        assert!(once.n_nodes > 3 && once.n_edges > 3);
    }
}

#[test]
fn json_is_the_picture_and_reads_back() {
    let world = three_days();
    let file = export(&world, GraphFormat::Json, DrawGraph::default());
    let read: GraphPicture = serde_json::from_str(&file.text).expect("it reads back");
    assert_eq!(read.nodes.len() as u32, file.n_nodes);
    let value: serde_json::Value = serde_json::from_str(&file.text).expect("JSON");
    let node = &value["nodes"][0];
    assert!(node["key"].is_string() && node["x"].is_number(), "{node}");
}

#[test]
fn a_picture_of_some_days_has_what_they_show() {
    let world = three_days();
    let filter = EdgeFilter { since: Some("2026-10-09".into()), ..EdgeFilter::default() };
    let picture = draw(&world, DrawGraph { filter, ..DrawGraph::default() });
    assert!(names(&picture).contains(&"lake") && !names(&picture).contains(&"harmonium"));
}

#[test]
fn nothing_hidden_is_in_a_file() {
    let world = three_days();
    hide(&world, "with Ilse");
    let kinds = vec![
        NodeKind::Topic,
        NodeKind::Person,
        NodeKind::Moment,
        NodeKind::Note,
        NodeKind::Session,
    ];
    for format in [GraphFormat::Dot, GraphFormat::Graphml, GraphFormat::Json, GraphFormat::Svg] {
        let part = DrawGraph { kinds: kinds.clone(), ..DrawGraph::default() };
        let file = export(&world, format, part);
        assert!(!file.text.contains("Ilse"), "{format:?}: {}", file.text);
        assert!(file.text.contains("Tomas"), "{format:?}");
    }
}
