use std::{
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use rem_core::{
    Code, Journal,
    api::moments::{ShowMoment, show_moment},
    clock::Clock,
    journal::Cancel,
    mind::{
        Embedder, Fault,
        likeness::Wanted,
        model::{EmbedderCard, Purpose},
        scripted::ScriptedEmbedder,
    },
};

use crate::world::{World, differences, open, outside};

/// Two things a week that go with each other, dreamt with the built-in embedder.
fn weeks() -> World {
    let world = World::new();
    for day in 1..13 {
        let text = if day % 2 == 0 {
            format!("Rowed out to the heron island, {} herons among the reeds.\n", day + 40)
        } else {
            format!("Restored clavichord number {day}, new felt under the hammers.\n")
        };
        world.write(&format!("2026-10-{day:02}.md"), text);
    }
    world.scan();
    world.dream();
    world
}

fn embed(world: &World, embedder: &ScriptedEmbedder) -> u32 {
    let wanted = Wanted::Model(embedder);
    world.journal.embed(wanted, &Cancel::default()).expect("the model is asked")
}

fn model() -> ScriptedEmbedder {
    ScriptedEmbedder::new("nomic-embed-text", "a1", 96)
}

fn texts(embedder: &ScriptedEmbedder) -> Vec<String> {
    embedder.asked().into_iter().flatten().collect()
}

fn related(journal: &Journal, id: i64) -> Vec<String> {
    let moment = show_moment(journal, ShowMoment { id }).expect("the moment is shown");
    moment.related.into_iter().map(|related| related.title).collect()
}

fn in_use(world: &World) -> String {
    world.journal.embedding().expect("a view").in_use
}

#[test]
fn a_model_takes_over_when_it_has_seen_everything_and_the_old_vectors_go() {
    let world = weeks();
    assert_eq!(in_use(&world), "built-in embedder");
    let model = model();
    assert_eq!(embed(&world, &model), 12 + 12, "chunks and moments");
    let view = world.journal.embedding().expect("a view");
    assert_eq!((view.in_use.as_str(), view.next, view.n_done), ("nomic-embed-text", None, 12));
    let others = "SELECT count(*) FROM vectors v JOIN embedders e ON e.id = v.embedder_id
        WHERE e.state <> 'used'";
    assert_eq!(world.count(others), 0);
    let herons = world.moment_about("50 herons").moment.id;
    let related = related(&world.journal, herons);
    assert!(
        !related.is_empty() && related.iter().all(|title| title.contains("heron")),
        "{related:?}"
    );
}

#[test]
fn while_a_model_is_prepared_the_old_vectors_answer() {
    let world = weeks();
    let model = model();
    let herons = world.moment_about("50 herons").moment.id;
    let before = related(&world.journal, herons);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (journal, told) = (world.journal.clone(), Arc::clone(&seen));
    model.before(move |_, _| {
        let view = journal.embedding().expect("a view");
        told.lock().expect("no panic").push((related(&journal, herons), view));
        Ok(())
    });
    embed(&world, &model);
    let seen = seen.lock().expect("no panic");
    assert!(seen.len() > 1);
    for (related, view) in seen.iter() {
        assert_eq!((related, view.in_use.as_str()), (&before, "built-in embedder"));
        assert_eq!(view.next.as_deref(), Some("nomic-embed-text"));
    }
    assert!(seen.last().expect("some").1.n_done > seen[0].1.n_done);
}

#[test]
fn an_unchanged_text_is_never_embedded_twice() {
    let world = weeks();
    let model = model();
    embed(&world, &model);
    let n_before = texts(&model).len();
    world.write(
        "2026-10-02.md",
        "## 09:00\nRowed out to the heron island, 42 herons among the reeds.\n\n\
         ## 17:00\nIlse mended the oar.\n",
    );
    world.write("2026-10-03.md", "## 10:00\nIlse mended the oar.\n");
    world.scan();
    embed(&world, &model);
    let all = texts(&model);
    let new = &all[n_before..];
    assert!(new.iter().all(|text| text.contains("##")), "only what is new: {new:?}");
    let different: BTreeSet<&String> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "no text was asked for twice");
    let before = world.everything();
    assert_eq!(embed(&world, &model), 0);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn the_same_words_in_two_places_are_asked_for_once() {
    let world = World::new();
    world.note("Tomas called about the kiln.");
    world.note("Tomas called about the kiln.");
    let model = model();
    embed(&world, &model);
    assert_eq!(texts(&model), ["Tomas called about the kiln."]);
    assert_eq!(world.journal.embedding().expect("a view").n_done, 2);
}

#[test]
fn a_batch_has_no_more_than_sixteen_texts() {
    let world = World::new();
    for n in 0..50 {
        world.note(&format!("Note number {n} about the kiln."));
    }
    let model = model();
    embed(&world, &model);
    let sizes: Vec<usize> = model.asked().iter().map(Vec::len).collect();
    assert_eq!(sizes, [16, 16, 16, 2]);
}

#[test]
fn a_model_that_goes_away_goes_on_where_it_stopped_after_a_restart() {
    let world = World::new();
    for n in 0..50 {
        world.note(&format!("Note number {n} about the kiln."));
    }
    world.journal.run_jobs(&Cancel::default()).expect("background work");
    let model = model();
    model.before(|n, _| if n < 2 { Ok(()) } else { Err(Fault::Gone("nobody answers".into())) });
    assert_eq!(embed(&world, &model), 32);
    let view = world.journal.embedding().expect("a view");
    assert_eq!((view.in_use.as_str(), view.n_done, view.n_total), ("built-in embedder", 32, 50));

    model.before(|_, _| Ok(()));
    let again = world.opened_again();
    let n = again.embed(Wanted::Model(&model), &Cancel::default()).expect("it is asked");
    assert_eq!(n, 18);
    let all = texts(&model);
    assert_eq!(all.len(), all.iter().collect::<BTreeSet<_>>().len());
    assert_eq!(again.embedding().expect("a view").in_use, "nomic-embed-text");
}

#[test]
fn embedding_stops_at_the_next_batch_when_it_is_cancelled() {
    let world = World::new();
    for n in 0..50 {
        world.note(&format!("Note number {n} about the kiln."));
    }
    let model = model();
    let cancel = Cancel::default();
    let wish = cancel.clone();
    model.before(move |n, _| {
        if n == 1 {
            wish.cancel();
        }
        Ok(())
    });
    let error = world.journal.embed(Wanted::Model(&model), &cancel).expect_err("it was cancelled");
    assert_eq!(error.code(), Code::Cancelled);
    assert_eq!(model.asked().len(), 2);
    assert_eq!(world.journal.embedding().expect("a view").n_done, 32, "what came is kept");
}

#[test]
fn a_text_that_the_model_cannot_embed_is_noted_and_not_asked_for_again() {
    let world = World::new();
    for n in 0..20 {
        world.note(&format!("Note number {n} about the kiln."));
    }
    world.note("Príliš žluťoučký kůň.");
    let model = model();
    model.cannot_embed("kůň");
    embed(&world, &model);
    assert_eq!(in_use(&world), "nomic-embed-text", "one text holds nothing up");
    let n = texts(&model).len();
    embed(&world, &model);
    assert_eq!(texts(&model).len(), n);
}

#[test]
fn one_text_that_spoils_a_batch_is_found_and_left_out() {
    let world = World::new();
    for n in 0..20 {
        world.note(&format!("Note number {n} about the kiln."));
    }
    world.note("Príliš žluťoučký kůň.");
    let model = model();
    model.before(|_, texts| {
        let is_spoilt = texts.iter().any(|text| text.contains("kůň"));
        if is_spoilt { Err(Fault::Passing("unsupported value: NaN".into())) } else { Ok(()) }
    });
    embed(&world, &model);
    assert_eq!(in_use(&world), "nomic-embed-text");
    assert_eq!(world.count("SELECT count(*) FROM vectors WHERE vector IS NULL"), 1);
    assert_eq!(world.count("SELECT count(*) FROM vectors WHERE vector IS NOT NULL"), 20);
}

#[test]
fn a_server_in_trouble_makes_no_text_look_spoilt() {
    let world = World::new();
    for n in 0..20 {
        world.note(&format!("Note number {n} about the kiln."));
    }
    world.journal.run_jobs(&Cancel::default()).expect("background work");
    let model = model();
    model.before(|_, _| Err(Fault::Passing("the server is busy".into())));
    assert_eq!(embed(&world, &model), 0);
    model.before(|_, _| Ok(()));
    assert_eq!(embed(&world, &model), 20);
    assert_eq!(world.count("SELECT count(*) FROM vectors WHERE vector IS NULL"), 0);
}

#[test]
fn while_the_model_is_away_new_writing_waits_and_nothing_is_mixed() {
    let world = weeks();
    let model = model();
    embed(&world, &model);
    world.note("Rowed out alone; the herons have gone.");
    world.journal.run_jobs(&Cancel::default()).expect("background work");
    assert_eq!(in_use(&world), "nomic-embed-text");
    assert_eq!(world.count("SELECT count(DISTINCT embedder_id) FROM vectors"), 1);
    assert_eq!(world.search("alone").len(), 1, "it is found all the same");
    assert!(!related(&world.journal, world.moment_about("50 herons").moment.id).is_empty());
    assert_eq!(embed(&world, &model), 1);
}

#[test]
fn another_build_of_the_model_embeds_everything_again() {
    let world = weeks();
    embed(&world, &model());
    let other = ScriptedEmbedder::new("nomic-embed-text", "b2", 128);
    assert_eq!(embed(&world, &other), 24);
    let kept = "SELECT count(*) FROM embedders WHERE digest <> ''";
    assert_eq!(world.count(kept), 1);
    assert_eq!(world.count("SELECT count(DISTINCT length(vector)) FROM vectors"), 1);
}

#[test]
fn the_built_in_embedder_can_take_over_again() {
    let world = weeks();
    let model = model();
    let herons = world.moment_about("50 herons").moment.id;
    let before = related(&world.journal, herons);
    embed(&world, &model);
    world.note("Rowed out alone; the herons have gone.");
    world.dream();
    world.journal.embed(Wanted::BuiltIn, &Cancel::default()).expect("it embeds");
    assert_eq!(in_use(&world), "built-in embedder");
    let after = related(&world.journal, herons);
    assert!(before.iter().all(|title| title.contains("heron")) && !after.is_empty());
    let alone = world.moment_about("alone").moment.id;
    assert!(!related(&world.journal, alone).is_empty(), "dreamt while the model embedded");
    assert_eq!(world.count("SELECT count(*) FROM embedders"), 1);
}

#[test]
fn a_moment_that_the_person_retitled_is_embedded_again() {
    let world = weeks();
    let model = model();
    embed(&world, &model);
    let n = texts(&model).len();
    let id = world.moment_about("50 herons").moment.id;
    let request = rem_core::api::moments::CorrectMoment {
        id,
        correction: rem_core::api::moments::Correction::Title { title: "With Ilse".into() },
    };
    rem_core::api::moments::correct_moment(&world.journal, request).expect("it is corrected");
    embed(&world, &model);
    let all = texts(&model);
    assert_eq!(all.len(), n + 1);
    assert!(all[n].starts_with("With Ilse"));
}

#[test]
fn a_source_that_is_forgotten_leaves_no_vectors_behind() {
    let world = weeks();
    embed(&world, &model());
    world.forget_source(world.source());
    world.dream();
    world.journal.run_jobs(&Cancel::default()).expect("background work");
    for table in ["chunk_vectors", "moment_vectors", "vectors"] {
        assert_eq!(world.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
    let used = world.count("SELECT id FROM embedders WHERE state = 'used'");
    for table in ["near_chunks", "near_moments"] {
        assert_eq!(world.count(&format!("SELECT count(*) FROM {table}_{used}")), 0, "{table}");
    }
}

#[test]
fn a_long_note_is_embedded_in_pieces_that_fit_the_window() {
    let world = World::new();
    let words: String = (0..900).map(|n| format!("heron{n} ")).collect();
    world.note(&words);
    let model = model();
    embed(&world, &model);
    let asked = texts(&model);
    assert!((2..=8).contains(&asked.len()), "{}", asked.len());
    assert!(asked.iter().all(|text| text.len() < 512 * 4 * 6 / 10 + 10));
    assert_eq!(world.count("SELECT count(*) FROM vectors WHERE vector IS NOT NULL"), 1);
}

/// A journal as the version before this one left it, with vectors of its own.
fn journal_of_schema_two(path: &std::path::Path) {
    let file = outside(path);
    file.execute_batch(concat!(
        include_str!("../../src-tauri/core/src/store/migrations/0001_first_night.sql"),
        include_str!("../../src-tauri/core/src/store/migrations/0002_minds.sql"),
    ))
    .expect("the old schema");
    let vector: Vec<u8> = [1.0_f32; 256].iter().flat_map(|x| x.to_le_bytes()).collect();
    file.execute("INSERT INTO moment_embeddings (moment_id, embedding) VALUES (7, ?1)", [vector])
        .expect("an old vector");
    file.execute_batch(
        "INSERT INTO embedders (name, dimensions, counted_chunk, through_chunk, updated_at)
         VALUES ('builtin-1', 256, 0, 3, 5);
         PRAGMA user_version = 2; PRAGMA application_id = 0x52454d4a; PRAGMA journal_mode = WAL;",
    )
    .expect("the old embedder");
}

#[test]
fn a_journal_of_the_version_before_gets_its_vectors_anew() {
    // sqlite-vec is registered by the first journal of the process.
    drop(World::new());
    let home = tempfile::tempdir().expect("a temporary folder");
    let path = rem_core::journal::journal_path(home.path(), "personal").expect("a name");
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    journal_of_schema_two(&path);
    let journal =
        open(home.path(), "personal", "Europe/Berlin", Clock::fixed(chrono::DateTime::UNIX_EPOCH));
    let request = rem_core::api::notes::AddNote { text: "Rowed with Ilse.".into(), at: None };
    rem_core::api::notes::add_note(&journal, request).expect("the note is kept");
    journal.run_jobs(&Cancel::default()).expect("background work");
    let view = journal.embedding().expect("a view");
    assert_eq!((view.in_use.as_str(), view.n_done, view.n_total), ("built-in embedder", 1, 1));
    let n_old = "SELECT count(*) FROM sqlite_schema WHERE name LIKE '%_embeddings%'";
    let n_old: i64 = outside(&path).query_row(n_old, [], |row| row.get(0)).expect("a number");
    assert_eq!(n_old, 0);
}

/// Says that its vectors have other lengths than they have.
#[derive(Debug)]
struct Liar(EmbedderCard, AtomicUsize);

impl Embedder for Liar {
    fn card(&self) -> &EmbedderCard {
        &self.0
    }

    fn embed(
        &self,
        texts: &[&str],
        _: Purpose,
        _: &Cancel,
    ) -> Result<Vec<Option<Vec<f32>>>, Fault> {
        self.1.fetch_add(1, Ordering::SeqCst);
        Ok(texts.iter().map(|_| Some(vec![1.0; 7])).collect())
    }

    fn unload(&self, _: &Cancel) {}
}

#[test]
fn vectors_of_another_length_than_promised_are_refused_by_name() {
    let world = World::new();
    world.note("Tomas called about the kiln.");
    let liar = Liar(model().card().clone(), AtomicUsize::new(0));
    let error = world
        .journal
        .embed(Wanted::Model(&liar), &Cancel::default())
        .expect_err("they cannot be kept");
    assert!(error.to_string().contains("nomic-embed-text gave 1 vectors of 7 numbers"), "{error}");
    assert_eq!(in_use(&world), "built-in embedder");
}
