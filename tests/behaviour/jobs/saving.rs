use std::collections::BTreeSet;

use rem_core::{
    api::{
        dreams::{Stage, StageEnd},
        history::{ListDreams, list_dreams},
        records::{ShowRecord, show_record},
    },
    journal::Cancel,
    mind::around::Around,
};
use rem_tests::support::{FakeModel, FakeOllama};

use super::{SECOND, feeling, keeper, queue, settle, work};
use crate::world::{World, differences, outside};

/// Notes about three things, dreamt.
fn dreamt() -> World {
    dreamt_in(World::new())
}

fn dreamt_in(world: World) -> World {
    let world = written_in(world);
    world.dream();
    settle(&world);
    world
}

fn written_in(world: World) -> World {
    for (n, text) in [
        "The harmonium has a cracked reed, and the reed maker of Arendal wants to see the harmonium.",
        "Swam eleven lengths in the cold lake before breakfast, and the lake was still.",
        "Carried the kiln up the stairs; the kiln is heavier than the oven, and clay dust is everywhere.",
        "Ordered new reeds for the harmonium from the reed maker; the cracked reed is kept.",
        "The lake froze. No swimming, no lengths, and a long breakfast instead of the cold lake.",
    ]
    .iter()
    .enumerate()
    {
        world.write(&format!("2026-10-{:02}.md", n + 5), text);
    }
    world.scan();
    world
}

fn edges(world: &World) -> BTreeSet<String> {
    let file = outside(world.journal.path());
    let mut find = file
        .prepare("SELECT from_id || ' ' || to_id || ' ' || rel_type || ' ' || weight FROM edges WHERE from_kind = 'record'")
        .expect("edges");
    let rows = find.query_map([], |row| row.get(0)).expect("edges");
    rows.collect::<rusqlite::Result<_>>().expect("edges")
}

#[test]
fn a_saved_note_is_embedded_tagged_and_tied_within_half_a_minute_and_without_a_model() {
    let world = dreamt();
    let before = edges(&world);
    let record =
        world.note("The reed maker wrote: the harmonium and its cracked reed can come on Friday.");
    let saved_at = world.journal.clock().now_ms();
    let keeper = keeper(&world);
    // As the window and the daemon do: a look every few seconds.
    while !queue(&world).jobs.is_empty() {
        world.pass(5 * SECOND);
        if keeper.decide().expect("it looks").has_work {
            keeper.work_here(&Cancel::default()).expect("it works");
        }
        let passed = world.journal.clock().now_ms() - saved_at;
        assert!(passed <= 30 * SECOND, "still waiting: {:?}", queue(&world).jobs);
    }
    let shown = show_record(&world.journal, ShowRecord { id: record, moment_id: None });
    let tags = shown.expect("the note is shown").found_tags;
    assert!(tags.iter().any(|tag| tag.contains("harmonium") || tag.contains("reed")), "{tags:?}");
    let new: Vec<_> = edges(&world).difference(&before).cloned().collect();
    assert!(
        !new.is_empty() && new.iter().all(|edge| edge.contains(&record.to_string())),
        "{new:?}"
    );
}

#[test]
fn with_a_model_that_embeds_a_saved_note_is_embedded_and_tied_as_soon() {
    let fake = FakeOllama::with([FakeModel::embedding("nomic-embed-text:latest")]);
    let around = Around { ollama_host: Some(fake.address()), ..Around::default() };
    let world = dreamt_in(World::around(around));
    let used = world.journal.embedding().expect("a view");
    assert_eq!(used.in_use, "nomic-embed-text:latest", "the dream brought the model's vectors");
    let record = world.note("The reed maker wrote: the harmonium can come on Friday.");
    settle(&world);
    assert!(queue(&world).jobs.is_empty(), "{:?}", queue(&world).jobs);
    let embedded = world.journal.embedding().expect("a view");
    assert_eq!(embedded.n_done, embedded.n_total);
    assert!(
        edges(&world).iter().any(|edge| edge.split(' ').any(|word| word == record.to_string())),
        "{:?}",
        edges(&world)
    );
    let report = world.dream();
    let affinity = report.stages.iter().find(|stage| stage.stage == Stage::Affinity);
    assert_eq!(affinity.map(|stage| stage.end), Some(StageEnd::Unchanged), "{report:?}");
}

#[test]
fn the_first_dream_with_a_model_that_embeds_compares_by_it_and_the_second_finds_nothing() {
    let fake = FakeOllama::with([FakeModel::embedding("nomic-embed-text:latest")]);
    let around = Around { ollama_host: Some(fake.address()), ..Around::default() };
    let world = World::around(around);
    for (n, text) in
        ["Tuned the harmonium.", "Swam in the cold lake.", "Tuned it again."].iter().enumerate()
    {
        world.write(&format!("2026-10-{:02}.md", n + 5), text);
    }
    world.scan();
    world.dream();
    assert_eq!(world.journal.embedding().expect("a view").in_use, "nomic-embed-text:latest");
    let by_model = "SELECT count(*) FROM compared c JOIN embedders e ON e.id = c.embedder_id
                    WHERE e.name LIKE 'nomic%'";
    assert_eq!(world.count(by_model), 1, "the dream compared by the model's vectors");
    let before = world.everything();
    let again = world.dream();
    assert_eq!(again.dream_id, None, "{again:?}");
    let differ = differences(&before, &world.everything());
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn the_night_finds_nothing_left_to_tie_or_to_tag() {
    let world = dreamt();
    world.note("The reed maker wrote: the harmonium and its cracked reed can come on Friday.");
    world.write(
        "2026-10-06.md",
        "Carried clay for the kiln; the kiln and the clay dust are everywhere.",
    );
    world.delete("2026-10-09.md");
    world.scan();
    settle(&world);
    let tied = edges(&world);
    let tags = world.everything()["record_tags"].clone();
    let report = world.dream();
    let affinity = report.stages.iter().find(|stage| stage.stage == Stage::Affinity);
    assert_eq!(affinity.expect("affinity ran").end, StageEnd::Unchanged, "{affinity:?}");
    assert_eq!(edges(&world), tied);
    assert_eq!(work(&world), 0);
    assert_eq!(world.everything()["record_tags"], tags);
}

#[test]
fn a_second_pass_writes_nothing() {
    let world = dreamt();
    let id = world.note("The reed maker wrote about the harmonium and its cracked reed.");
    settle(&world);
    let before = world.everything();
    outside(world.journal.path())
        .execute(
            "INSERT INTO jobs (kind, key, created_at, updated_at) VALUES ('record', ?1, 0, 0)",
            [id.to_string()],
        )
        .expect("the same once more");
    assert_eq!(work(&world), 1);
    let after = world.everything();
    let written: Vec<String> = differences(&before, &after)
        .into_iter()
        .filter(|line| !line.starts_with("sqlite_sequence"))
        .collect();
    assert_eq!(written, Vec::<String>::new());
}

#[test]
fn all_that_was_saved_between_two_dreams_is_one_entry_that_can_be_undone() {
    let world = dreamt();
    let n_before = list_dreams(&world.journal, ListDreams::default()).expect("listed").len();
    let before = edges(&world);
    world.note("The reed maker wrote about the harmonium and its cracked reed.");
    settle(&world);
    world.note("Paid the reed maker for the harmonium's cracked reed.");
    settle(&world);
    let dreams = list_dreams(&world.journal, ListDreams::default()).expect("listed");
    assert_eq!(dreams.len(), n_before + 1);
    assert_eq!(dreams[0].cause, "saved");
    assert_ne!(edges(&world), before);
    world.journal.undo_dream(dreams[0].id).expect("it can be undone");
    assert_eq!(edges(&world), before);
}

#[test]
fn tags_go_with_the_words_they_were_found_in() {
    let world = World::new();
    world.write("2026-10-05.md", "The harmonium has a cracked reed.\n");
    world.scan();
    settle(&world);
    assert_eq!(world.count("SELECT count(*) FROM record_tags WHERE tag = 'harmonium'"), 1);
    world.write("2026-10-05.md", "Swam eleven lengths in the lake.\n");
    world.scan();
    assert_eq!(world.count("SELECT count(*) FROM record_tags"), 0, "at once, before anybody works");
    settle(&world);
    assert!(world.count("SELECT count(*) FROM record_tags WHERE tag = 'lake'") == 1);
    world.forget_source(world.source_view().id);
    assert_eq!(world.count("SELECT count(*) FROM record_tags"), 0);
    assert_eq!(world.count("SELECT count(*) FROM tagged_records"), 0);
    settle(&world);
    let file = std::fs::read(world.journal.path()).expect("the file");
    let holds = |word: &[u8]| file.windows(word.len()).any(|bytes| bytes == word);
    assert!(!holds(b"harmonium"), "the word is gone from the file");
}

#[test]
fn a_conversation_that_goes_on_is_tagged_as_a_whole() {
    let world = World::new();
    let chat = |more: &str| {
        format!(
            "13/10/2026, 18:02 - Tomas: Did the kiln arrive?\n\
             13/10/2026, 18:05 - Hester Voss: The kiln did, and the kiln is heavy.\n{more}"
        )
    };
    world.write("WhatsApp Chat with Tomas.txt", chat(""));
    world.scan();
    settle(&world);
    let tags = world.everything()["record_tags"].join("\n");
    assert!(tags.contains("kiln"), "{tags}");
    let more = "14/10/2026, 09:00 - Tomas: The glaze is here, a blue glaze. Glaze at last!\n\
                14/10/2026, 09:01 - Tomas: Glaze, glaze, glaze.\n";
    world.write("WhatsApp Chat with Tomas.txt", chat(more));
    world.scan();
    settle(&world);
    let tags = world.everything()["record_tags"].join("\n");
    assert!(tags.contains("glaze") && tags.contains("kiln"), "{tags}");
    assert_eq!(world.count("SELECT count(DISTINCT record_id) FROM record_tags"), 1);
}

#[test]
fn somebody_who_types_or_runs_on_battery_is_left_alone() {
    let (world, feeling) = feeling();
    world.note("The harmonium has a cracked reed.");
    world.pass(6 * SECOND);
    let keeper = keeper(&world);
    let has_work = || keeper.decide().expect("it looks").has_work;
    feeling.set(Some(false), Some(1));
    assert!(!has_work(), "they type");
    feeling.set(Some(true), Some(60));
    assert!(!has_work(), "the battery drains");
    feeling.set(Some(false), Some(5));
    assert!(has_work());
    feeling.set(None, None);
    assert!(has_work(), "what nobody can say keeps nothing from being done");
}

#[test]
fn a_journal_of_before_there_were_tags_gets_them_in_the_background() {
    let world = dreamt();
    let file = outside(world.journal.path());
    file.execute_batch("DELETE FROM record_tags; DELETE FROM tagged_records;").expect("as it was");
    file.execute(
        "INSERT INTO jobs (kind, key, created_at, updated_at) VALUES ('records', 'all', 0, 0)",
        [],
    )
    .expect("as the migration adds it");
    assert_eq!(work(&world), 1);
    assert_eq!(world.count("SELECT count(*) FROM tagged_records"), 5);
}
