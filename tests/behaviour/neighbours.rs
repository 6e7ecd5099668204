use rem_core::{
    api::{
        affinity::AffinityRequest,
        history::{ListDreams, list_dreams},
    },
    mind::around::Around,
};

use crate::{
    affinity::{edges, five, relate},
    world::{World, differences, outside, reopened},
};

/// A world of notes about few things, so that most are alike to more than ten others; `step` writes, changes
/// and deletes some of them.
fn step(world: &World, n: usize) {
    let about = ["herons and reeds by the island", "clavichord and felt", "kiln and glaze"];
    let note = |at: usize, what: usize| {
        let words =
            format!("Today all was about {}, number{at} and word{}.\n", about[what % 3], at % 7);
        world.write(&format!("2026-{:02}-{:02}.md", at / 28 + 1, at % 28 + 1), words);
    };
    match n {
        0 => (0..45).for_each(|at| note(at, at)),
        // One comes, one changes its subject, one goes.
        1 => {
            note(45, 0);
            note(3, 4);
            world.delete("2026-01-08.md");
        }
        2 => note(46, 1),
        // The nearest of many go.
        3 => (10..16).for_each(|at| world.delete(&format!("2026-01-{:02}.md", at + 1))),
        _ => (47..60).for_each(|at| note(at, at / 2)),
    }
    world.scan_with(true);
}

/// The edges by the words of their ends.
fn by_words(world: &World) -> Vec<(String, String, String)> {
    let mut all: Vec<_> = edges(world)
        .into_iter()
        .map(|edge| {
            let (a, b) = if edge.0 < edge.1 { (edge.0, edge.1) } else { (edge.1, edge.0) };
            (a, b, format!("{} {}", edge.2, edge.3))
        })
        .collect();
    all.sort();
    all
}

/// Compares everything again, as where nothing that is kept holds. How many edges were not as they are now.
fn anew(world: &World) -> u32 {
    let file = outside(world.journal.path());
    file.execute_batch("DELETE FROM compared").expect("nothing is known of what was compared");
    let report = relate(world, &AffinityRequest::default());
    report.n_edges_added + report.n_edges_changed + report.n_edges_removed
}

#[test]
fn comparing_what_is_new_finds_what_comparing_everything_finds() {
    let world = World::new();
    for n in 0..5 {
        step(&world, n);
        let report = relate(&world, &AffinityRequest::default());
        assert!(report.dream_id.is_some(), "step {n} changes edges");
        if n > 0 && n < 4 {
            let n_all = u64::from(report.n_resources);
            assert!(report.n_alike < n_all * n_all / 4, "step {n} compares some: {report:?}");
        }
        assert_eq!(report.n_pairs as usize, edges(&world).len(), "step {n}");
        assert_eq!(anew(&world), 0, "step {n}");
    }
}

#[test]
fn runs_about_some_days_and_undone_nights_do_not_change_what_the_next_whole_run_finds() {
    let world = World::new();
    step(&world, 0);
    relate(&world, &AffinityRequest::default());
    step(&world, 1);
    let some = AffinityRequest { start: Some("2026-02-01".into()), ..AffinityRequest::default() };
    relate(&world, &some);
    relate(&world, &AffinityRequest { threshold: Some(0.9), ..AffinityRequest::default() });
    relate(&world, &AffinityRequest { limit: Some(3), ..AffinityRequest::default() });
    relate(&world, &AffinityRequest::default());
    assert_eq!(anew(&world), 0);
    step(&world, 2);
    let whole = relate(&world, &AffinityRequest::default());
    let after = by_words(&world);
    world.journal.undo_dream(whole.dream_id.expect("edges are new")).expect("it is undone");
    assert_ne!(by_words(&world), after);
    relate(&world, &AffinityRequest::default());
    assert_eq!(by_words(&world), after);
    let again = relate(&world, &AffinityRequest::default());
    assert_eq!(again.n_pairs as usize, after.len());
    assert_eq!(anew(&world), 0);
}

#[test]
fn what_was_near_a_forgotten_note_gets_other_neighbours() {
    let world = World::new();
    step(&world, 0);
    let other = world.home().join("other");
    std::fs::create_dir_all(&other).expect("a folder");
    for n in 0..3 {
        let words = format!("Today all was about kiln and glaze, number{n} and word1.\n");
        std::fs::write(other.join(format!("kiln {n}.md")), words).expect("a note");
    }
    let first = world.source();
    world.import(&other);
    relate(&world, &AffinityRequest::default());
    let added = world.count(&format!("SELECT max(id) FROM sources WHERE id <> {first}"));
    world.forget_source(added);
    let report = relate(&world, &AffinityRequest::default());
    assert!(report.n_edges_added > 0, "{report:?}");
    assert_eq!(report.n_pairs as usize, edges(&world).len());
    assert_eq!(anew(&world), 0);
}

#[test]
fn a_new_note_without_neighbours_is_compared_once_and_makes_no_dream() {
    let world = World::new();
    five(&world);
    relate(&world, &AffinityRequest::default());
    world.write("2026-10-09.md", "Quite another matter altogether.\n");
    world.scan();
    assert_eq!(relate(&world, &AffinityRequest::default()).dream_id, None);
    let before = world.everything();
    assert_eq!(relate(&world, &AffinityRequest::default()).n_resources, 6);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

/// A journal as an earlier version left it after a night that found one edge and changed another, and with
/// images of both.
fn earlier() -> tempfile::TempDir {
    // sqlite-vec is registered by the first journal of the process.
    drop(World::new());
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = rem_core::journal::journal_path(home.path(), "personal").expect("a name");
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    let record = |id: i64| {
        format!(
            "INSERT INTO records (id, kind, source_id, key, body, hash, created_at, updated_at)
             VALUES ({id}, 'resource', 1, x'0{id}', 'Herons.', x'0{id}', 0, 0);"
        )
    };
    let image = |id: i64, to: i64, weight: &str, revision: i64| {
        format!(
            r#"{{"confidence":{{"real":"1.0"}},"context":"both speak of herons","created_at":7,"from_id":1,
                "from_kind":"record","id":{id},"rel_type":"semantic_similar","revision_id":{revision},
                "to_id":{to},"to_kind":"record","weight":{{"real":"{weight}"}}}}"#
        )
    };
    outside(&path)
        .execute_batch(&format!(
            "{}{}{}{}{}{}{}
             INSERT INTO sources (id, kind, path, label, created_at) VALUES (1, 'folder', 'x', 'x', 0);
             {}{}{}
             INSERT INTO dreams (id, cause, mind, options, state, started_at, finished_at)
             VALUES (1, 'affinity', 'x', '{{}}', 'done', 1, 2), (2, 'affinity', 'x', '{{}}', 'done', 3, 4);
             INSERT INTO revisions (id, dream_id, author, label, created_at, keeps_rows)
             VALUES (1, 1, 'dream', 'x', 1, 1), (2, 2, 'dream', 'x', 3, 1);
             INSERT INTO edges VALUES
               (1, 'record', 1, 'record', 2, 'semantic_similar', 0.613, 1, 'both speak of herons', 2, 7),
               (2, 'record', 1, 'record', 3, 'semantic_similar', 0.5, 1, 'both speak of herons', 2, 7);
             INSERT INTO revision_rows (revision_id, of_table, row_key, before, after) VALUES
               (1, 'edges', '[1]', NULL, '{}'), (2, 'edges', '[1]', '{}', '{}'),
               (2, 'edges', '[2]', NULL, '{}');
             PRAGMA user_version = 7; PRAGMA application_id = 0x52454d4a; PRAGMA journal_mode = WAL;",
            include_str!("../../src-tauri/core/src/store/migrations/0001_first_night.sql"),
            include_str!("../../src-tauri/core/src/store/migrations/0002_minds.sql"),
            include_str!("../../src-tauri/core/src/store/migrations/0003_embedders.sql"),
            include_str!("../../src-tauri/core/src/store/migrations/0004_fading.sql"),
            include_str!("../../src-tauri/core/src/store/migrations/0005_changesets.sql"),
            include_str!("../../src-tauri/core/src/store/migrations/0006_session_summaries.sql"),
            include_str!("../../src-tauri/core/src/store/migrations/0007_stages.sql"),
            record(1),
            record(2),
            record(3),
            image(1, 2, "0.412", 1),
            image(1, 2, "0.412", 1),
            image(1, 2, "0.613", 2),
            image(2, 3, "0.5", 2),
        ))
        .expect("a journal as it was then");
    home
}

#[test]
fn nights_of_an_earlier_version_are_undone_edge_by_edge() {
    let home = earlier();
    let journal = reopened(home.path(), Around::default());
    let said = || {
        let file = outside(journal.path());
        let mut find = file
            .prepare("SELECT id, weight, context, revision_id, created_at FROM edges ORDER BY id")
            .expect("edges");
        let rows = find.query_map([], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, f64>(1)?,
                row.get::<_, String>(2)?,
                row.get::<_, i64>(3)?,
                row.get::<_, i64>(4)?,
            ))
        });
        rows.expect("edges").collect::<rusqlite::Result<Vec<_>>>().expect("edges")
    };
    let listed = list_dreams(&journal, ListDreams::default()).expect("a list");
    let counts: Vec<_> =
        listed.iter().map(|dream| (dream.edges.n_added, dream.edges.n_changed)).collect();
    assert_eq!(counts, [(1, 1), (1, 0)]);
    assert_eq!(listed[1].undo_first, [2]);
    journal.undo_dream(2).expect("it is undone");
    assert_eq!(said(), [(1, 0.412, String::new(), 1, 7)]);
    journal.undo_dream(1).expect("it is undone");
    assert_eq!(said(), []);
}
