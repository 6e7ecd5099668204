use std::fs;

use rem_cli::Exit;

use super::Desk;

fn with_people() -> Desk {
    let desk = Desk::new();
    desk.write(
        "notes/2026-10-05.md",
        "## 09:00\nTuned the harmonium with Ilse. #harmonium #reeds\n",
    );
    desk.write(
        "notes/2026-10-06.md",
        "## 09:00\nThe harmonium at the lake with Tomas. #harmonium #lake\n",
    );
    desk.does(&["import", &desk.path("notes")]);
    desk.does(&["dream"]);
    desk
}

#[test]
fn a_walk_is_a_tree_with_the_reason_of_every_step() {
    let desk = with_people();
    let walk = desk.does(&["graph", "traverse", "--start-entity", "harmonium", "--depth", "2"]);
    assert!(walk.starts_with("▄ harmonium") || walk.starts_with("· harmonium"), "{walk}");
    assert!(walk.contains("related_to") && walk.contains("1 moment together"), "{walk}");
    assert!(walk.contains("subject_of 1.00: tagged #harmonium"), "{walk}");
    let only = desk.does(&["graph", "traverse", "harmonium", "--edge-type", "related_to"]);
    assert!(!only.contains("tagged"), "{only}");
    let reply = desk.asks(&["graph", "traverse", "harmonium"]);
    assert_eq!(reply["nodes"][0]["node"]["name"], "harmonium");
}

#[test]
fn a_path_says_what_it_costs_and_neighbours_are_counted_by_kind() {
    let desk = with_people();
    let path = desk.does(&[
        "graph",
        "path",
        "Tomas",
        "lake",
        "--edge-type",
        "involves",
        "--edge-type",
        "about",
    ]);
    assert!(path.contains("2 steps, cost 2.00"), "{path}");
    let none = desk.does(&["graph", "path", "Ilse", "lake", "--edge-type", "together_with"]);
    assert!(none.contains("harmonium") || none.contains("No way leads"), "{none}");
    let found = desk.does(&["graph", "neighbours", "harmonium"]);
    assert!(found.contains("subject_of 2 moments"), "{found}");
}

#[test]
fn the_graph_is_written_to_a_file_and_not_over_one() {
    let desk = with_people();
    for (format, begins) in
        [("dot", "digraph"), ("graphml", "<?xml"), ("json", "{"), ("svg", "<?xml")]
    {
        let file = desk.path(&format!("graph.{format}"));
        let ran = desk.rem(&["graph", "export", "--format", format, "--output", &file]);
        assert_eq!(ran.exit, Exit::Done, "{}", ran.err);
        assert!(ran.err.contains("nodes and"), "{}", ran.err);
        let text = fs::read_to_string(&file).expect("it was written");
        assert!(text.starts_with(begins), "{text}");
        let again = desk.fails(&["graph", "export", "--format", format, "--output", &file]);
        assert!(again.err.contains("--force"), "{}", again.err);
        desk.does(&["graph", "export", "--format", format, "--output", &file, "--force"]);
    }
    assert!(desk.does(&["graph", "export", "--around", "lake"]).starts_with("digraph"));
}

#[test]
fn what_cannot_be_is_refused_with_its_exit_code() {
    let desk = with_people();
    let nothing = desk.fails(&["graph", "traverse", "zeppelin"]);
    assert_eq!(nothing.exit, Exit::NotFound);
    let unknown = desk.fails(&["graph", "traverse", "harmonium", "--edge-type", "friend_of"]);
    assert_eq!(unknown.exit, Exit::Usage);
    assert!(unknown.err.contains("related_to"), "{}", unknown.err);
    assert_eq!(desk.fails(&["graph", "traverse", "harmonium", "--depth", "7"]).exit, Exit::Usage);
    assert_eq!(desk.fails(&["graph", "traverse"]).exit, Exit::Usage);
}

#[test]
fn the_vocabulary_the_communities_and_the_meanings_of_a_name_are_listed() {
    let desk = with_people();
    let types = desk.does(&["graph", "types"]);
    assert!(types.contains("broader · the other way narrower"), "{types}");
    assert!(desk.does(&["graph", "find", "harm"]).contains("topic:"));
    let communities = desk.does(&["graph", "communities"]);
    assert!(communities.contains("stay inside") || communities.contains("No communities"));
}
