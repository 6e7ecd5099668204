//! Nights that are undone.

/// Forgetting a source, in what is kept to undo dreams, too.
mod forgetting;
/// Ten nights, undone in all kinds of orders.
mod nights;

use std::collections::BTreeMap;

use rem_core::{
    Code,
    api::{
        days::DayState,
        dreams::{DreamRequest, DreamState},
        history::{DreamEnd, DreamEntry, ListDreams, UndoReport, list_dreams},
        moments::{
            CorrectMoment, Correction, Field, WithdrawCorrection, correct_moment,
            withdraw_correction,
        },
        search::HitKind,
    },
    event::Event,
    journal::Cancel,
};

use crate::world::{World, differences, outside};

const MINUTE: i64 = 60_000;
const DAY: i64 = 86_400_000;

/// Everything that dreams derive, as another program reads it, row by row with all columns. Vectors are
/// told by their texts and numbers, because their own numbers say nothing.
type Dump = BTreeMap<String, Vec<String>>;

const DERIVED: &[&str] = &[
    "moments",
    "evidence",
    "mentions",
    "entities",
    "edges",
    "moods",
    "periods",
    "corrections",
    "session_summaries",
    "stage_inputs",
    "communities",
    "topics",
    "topic_tags",
    "moment_tags",
    "profiles",
    "profile_interests",
    "profile_people",
    "profile_rhythms",
    "profile_sources",
    "proposals",
    "proposal_records",
    "digests",
];

fn dump(world: &World) -> Dump {
    let all = world.everything();
    let mut dump: Dump =
        DERIVED.iter().map(|table| ((*table).to_owned(), all[*table].clone())).collect();
    let file = outside(world.journal.path());
    let mut find = file
        .prepare(
            "SELECT m.embedder_id || ' ' || m.moment_id || ' ' || hex(v.hash) || ' ' || hex(v.vector)
             FROM moment_vectors m JOIN vectors v ON v.id = m.vector_id ORDER BY 1",
        )
        .expect("vectors");
    let rows = find.query_map([], |row| row.get(0)).expect("vectors");
    dump.insert("vectors".into(), rows.collect::<rusqlite::Result<_>>().expect("vectors"));
    dump
}

fn assert_same(before: &Dump, after: &Dump, what: &str) {
    assert_eq!(differences(before, after), Vec::<String>::new(), "{what}");
    let rows = |dump: &Dump| dump.values().map(Vec::len).sum::<usize>();
    assert_eq!(rows(before), rows(after), "{what}");
}

fn dreams(world: &World) -> Vec<DreamEntry> {
    list_dreams(&world.journal, ListDreams::default()).expect("dreams are listed")
}

fn entry(world: &World, id: i64) -> DreamEntry {
    dreams(world).into_iter().find(|dream| dream.id == id).expect("the dream is listed")
}

fn undo(world: &World, id: i64) -> UndoReport {
    world.pass(MINUTE);
    world.journal.undo_dream(id).expect("the dream is undone")
}

fn refused(world: &World, id: i64) -> String {
    let before = world.everything();
    let error = world.journal.undo_dream(id).expect_err("it is refused");
    assert_eq!(error.code(), Code::InvalidInput);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
    error.to_string()
}

fn correct(world: &World, id: i64, correction: Correction) {
    correct_moment(&world.journal, CorrectMoment { id, correction }).expect("it is corrected");
}

fn title(text: &str) -> Correction {
    Correction::Title { title: text.into() }
}

/// The index of words, the moods and the neighbours fit the moments that are there.
fn in_step(world: &World) {
    let file = outside(world.journal.path());
    file.execute_batch("INSERT INTO moments_fts (moments_fts, rank) VALUES ('integrity-check', 1)")
        .expect("the index of words is in step with the moments");
    for (what, sql) in [
        (
            "evidence without its moment",
            "SELECT count(*) FROM evidence WHERE moment_id NOT IN (SELECT id FROM moments)",
        ),
        (
            "edges from nowhere",
            "SELECT count(*) FROM edges WHERE from_kind = 'moment'
               AND from_id NOT IN (SELECT id FROM moments)",
        ),
        (
            "moments that feel without a mood, or a mood without one",
            "SELECT count(*) FROM moments m WHERE (emotions <> '[]' AND is_hidden = 0)
               <> EXISTS (SELECT 1 FROM moods WHERE moment_id = m.id)",
        ),
        (
            "moments without a vector",
            "SELECT count(*) FROM moments WHERE id NOT IN (SELECT moment_id FROM moment_vectors)",
        ),
    ] {
        assert_eq!(world.count(sql), 0, "{what}");
    }
    assert_eq!(world.count("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

fn harmonium() -> World {
    let world = World::new();
    world.write(
        "2026-10-12.md",
        "## 09:00\nTuned the harmonium with Ana and was glad of the sound.\n\n\
         ## 18:00\nSwam eleven lengths; the water was cold.\n",
    );
    world.scan();
    world
}

#[test]
fn a_day_that_is_undone_waits_for_a_dream_which_makes_the_same_of_it() {
    let world = harmonium();
    let id = world.dream().dream_id.expect("a dream");
    let told = |world: &World| -> Vec<_> {
        world.moments().into_iter().map(|m| (m.title, m.summary, m.starts_at, m.tags)).collect()
    };
    let before = told(&world);
    let report = undo(&world, id);
    assert_eq!((report.n_removed, report.n_kept), (2, 0));
    assert_eq!(report.days, ["2026-10-12"]);
    assert_eq!(world.day("2026-10-12").state, DayState::Waiting);
    assert!(told(&world).is_empty());
    world.dream();
    assert_eq!(told(&world), before);
    assert_eq!(world.day("2026-10-12").state, DayState::Dreamt);
}

#[test]
fn what_was_undone_is_not_found_any_more_and_what_is_back_is() {
    let world = harmonium();
    world.dream();
    world.write("2026-10-12.md", "## 09:00\nSlept until noon because of the fever.\n");
    world.scan();
    world.pass(DAY);
    let second = world.dream().dream_id.expect("a dream");
    let moments = |words: &str| {
        let hits = world.search(words).into_iter();
        hits.filter(|hit| hit.kind == HitKind::Moment).count()
    };
    assert_eq!((moments("fever"), moments("lengths")), (1, 0));
    undo(&world, second);
    assert_eq!((moments("fever"), moments("lengths")), (0, 1));
    in_step(&world);
}

#[test]
fn related_moments_are_those_of_before_the_night() {
    let world = World::new();
    let rowed = |d: u32| format!("## 09:00\nRowed to the heron island with Ilse, morning {d}.\n");
    for day in [1, 2] {
        world.write(&format!("2026-10-{day:02}.md"), rowed(day));
    }
    world.scan();
    world.dream();
    let first = world.moments()[0].id;
    let related = |world: &World| -> Vec<i64> {
        world.moment(first).related.into_iter().map(|moment| moment.id).collect()
    };
    let before = related(&world);
    assert_eq!(before.len(), 1);
    world.write("2026-10-03.md", rowed(3));
    world.scan();
    let second = world.dream().dream_id.expect("a dream");
    assert_eq!(related(&world).len(), 2);
    undo(&world, second);
    world.journal.run_jobs(&Cancel::default()).expect("background work");
    assert_eq!(related(&world), before);
}

#[test]
fn a_moment_that_the_person_worked_on_stays_when_its_dream_is_undone() {
    let world = harmonium();
    let dream = world.dream().dream_id.expect("a dream");
    let id = world.moment_about("harmonium").moment.id;
    correct(&world, id, title("Reeds"));
    let report = undo(&world, dream);
    assert_eq!((report.n_removed, report.n_kept), (1, 1));
    let left = world.moments();
    assert_eq!(left.iter().map(|m| (m.id, m.title.as_str())).collect::<Vec<_>>(), [(id, "Reeds")]);
    assert!(world.day("2026-10-12").summary.expect("a story").contains("harmonium"));
    assert_eq!(world.day("2026-10-12").state, DayState::Stale);
    in_step(&world);
    world.dream();
    assert_eq!(world.moments().len(), 2);
    assert_eq!(world.moment(id).moment.title, "Reeds", "the next dream finds it again");
}

#[test]
fn a_correction_is_laid_over_what_was_derived_before_the_night() {
    let world = harmonium();
    world.dream();
    let id = world.moment_about("harmonium").moment.id;
    let before = world.moment(id);
    world.write("2026-10-12.md", "## 09:00\nTuned the harmonium with Ana and was sad of it all.\n");
    world.scan();
    let second = world.dream().dream_id.expect("a dream");
    assert_ne!(world.moment(id).moment.summary, before.moment.summary);
    correct(&world, id, title("Reeds"));
    undo(&world, second);
    let after = world.moment(id);
    assert_eq!(after.moment.title, "Reeds");
    assert_eq!(after.moment.summary, before.moment.summary);
    assert_eq!(after.moment.emotions, before.moment.emotions);
    let said: Vec<&str> = after.history.iter().map(|entry| entry.what.as_str()).collect();
    assert_eq!(said[0], format!("you undid dream {second}"));
    in_step(&world);
}

#[test]
fn a_correction_that_was_withdrawn_does_not_come_back() {
    let world = harmonium();
    world.dream();
    let id = world.moment_about("harmonium").moment.id;
    let dreamt = world.moment(id).moment.title;
    correct(&world, id, title("Reeds"));
    world.write("2026-10-12.md", "## 09:00\nTuned the harmonium with Ana and was sad of it all.\n");
    world.scan();
    let second = world.dream().dream_id.expect("a dream");
    let withdraw = WithdrawCorrection { id, field: Field::Title };
    withdraw_correction(&world.journal, withdraw).expect("it is taken back");
    undo(&world, second);
    assert_eq!(world.moment(id).moment.title, dreamt);
}

#[test]
fn a_story_that_a_correction_told_again_is_told_from_what_is_there_then() {
    let world = harmonium();
    world.dream();
    world.write("2026-10-12.md", "## 09:00\nTuned the harmonium with Ana and was sad of it all.\n");
    world.scan();
    let second = world.dream().dream_id.expect("a dream");
    let id = world.moment_about("harmonium").moment.id;
    let summary = "Ana said that the reeds were never in tune.";
    correct(&world, id, Correction::Summary { summary: summary.into() });
    undo(&world, second);
    let story = world.day("2026-10-12").summary.expect("a story");
    assert!(story.contains(summary) && story.contains("eleven lengths"), "{story}");
}

#[test]
fn what_cannot_be_undone_says_why_and_what_to_do() {
    let world = harmonium();
    let first = world.dream().dream_id.expect("a dream");
    let mut later = Vec::new();
    for n in 2..4 {
        world
            .write("2026-10-12.md", format!("## 09:00\nSlept until noon, day {n} of the fever.\n"));
        world.scan();
        world.pass(DAY);
        later.push(world.dream().dream_id.expect("a dream"));
    }
    let [second, third] = later[..] else { unreachable!("two nights") };
    assert_eq!(
        refused(&world, first),
        format!(
            "dream {first} cannot be undone: dreams {second} and {third} changed the same things since: \
             undo dream {third} first"
        )
    );
    assert_eq!(
        refused(&world, second),
        format!(
            "dream {second} cannot be undone: dream {third} changed the same things since: undo dream \
             {third} first"
        )
    );
    undo(&world, third);
    assert_eq!(
        refused(&world, third),
        format!("dream {third} cannot be undone: it was undone already")
    );
    undo(&world, second);
    undo(&world, first);
    let missing = world.journal.undo_dream(99).expect_err("there is none");
    assert_eq!(missing.code(), Code::NotFound);
}

#[test]
fn a_dream_of_an_earlier_version_says_that_too_little_is_kept() {
    let world = harmonium();
    let id = world.dream().dream_id.expect("a dream");
    let file = outside(world.journal.path());
    file.execute_batch(
        "DELETE FROM revision_rows; DELETE FROM revision_touches; UPDATE revisions SET keeps_rows = 0",
    )
    .expect("as an earlier version left it");
    assert!(refused(&world, id).contains("earlier version"));
}

#[test]
fn a_dream_that_was_killed_is_undone_as_far_as_it_came() {
    let world = harmonium();
    let before = dump(&world);
    let id = world.dream().dream_id.expect("a dream");
    let file = outside(world.journal.path());
    let lock = "INSERT INTO locks (name, owner, heartbeat_at, expires_at)
         SELECT 'dream', 'killed', started_at, started_at + 120000 FROM dreams";
    for sql in [lock, "UPDATE dreams SET state = 'running', finished_at = NULL, report = '{}'"] {
        file.execute_batch(sql).expect("as a killed program left it");
    }
    assert_eq!(entry(&world, id).state, DreamEnd::Running);
    let busy = world.journal.undo_dream(id).expect_err("it may still live");
    assert_eq!(busy.code(), Code::Busy);
    world.pass(3 * MINUTE);
    undo(&world, id);
    assert_eq!(entry(&world, id).state, DreamEnd::Failed);
    assert_same(&before, &dump(&world), "before the dream");
}

#[test]
fn a_dream_that_was_stopped_halfway_is_undone_as_far_as_it_came() {
    let world = World::new();
    for day in 1..6 {
        world.write(&format!("2026-10-{day:02}.md"), format!("## 09:00\nSwam {day} lengths.\n"));
    }
    world.scan();
    let before = dump(&world);
    let request = DreamRequest { limit: Some(2), ..DreamRequest::default() };
    world.dream_with(&request);
    let halfway = dump(&world);
    let cancel = Cancel::default();
    let events = world.journal.events();
    let stopper = {
        let cancel = cancel.clone();
        std::thread::spawn(move || {
            for event in events {
                if matches!(event, Event::DreamMoved { dream: DreamState::Dreaming { progress } } if progress.n_done > 0)
                {
                    cancel.cancel();
                    return;
                }
            }
        })
    };
    let report = world.journal.dream(&DreamRequest::default(), &cancel).expect("a report");
    stopper.join().expect("it listened");
    undo(&world, report.dream_id.expect("a dream"));
    assert_same(&halfway, &dump(&world), "before the second dream");
    let first = dreams(&world).last().expect("a dream").id;
    undo(&world, first);
    assert_same(&before, &dump(&world), "before the first dream");
}

#[test]
fn a_dream_is_undone_once_by_two_programs_at_the_same_time() {
    let world = harmonium();
    let before = dump(&world);
    let id = world.dream().dream_id.expect("a dream");
    let other = world.opened_again();
    let both = [world.journal.clone(), other];
    let ended: Vec<_> = std::thread::scope(|scope| {
        let all = both.each_ref().map(|journal| scope.spawn(move || journal.undo_dream(id)));
        all.into_iter().map(|thread| thread.join().expect("it ends")).collect()
    });
    assert_eq!(ended.iter().filter(|end| end.is_ok()).count(), 1, "{ended:?}");
    let error = ended.into_iter().find_map(Result::err).expect("the other is refused");
    let words = error.to_string();
    assert!(words.contains("undone already") || error.code() == Code::Busy, "{words}");
    assert_same(&before, &dump(&world), "before the dream");
    assert_eq!(world.count("SELECT count(*) FROM locks"), 0);
}

#[test]
fn every_table_is_either_undone_or_known_not_to_be_a_dreams() {
    let world = World::new();
    let known = [
        "settings",
        "sources",
        "files",
        "records",
        "record_versions",
        "chunks",
        "embedders",
        "vectors",
        "chunk_vectors",
        "dreams",
        "revisions",
        "revision_changes",
        "revision_rows",
        "revision_edges",
        "revision_touches",
        "whole_vectors",
        "whole_changes",
        "compared",
        "vector_changes",
        "corrections",
        "moment_types",
        // The person's own.
        "profile_edits",
        "assistant_calls",
        "jobs",
        "locks",
        "job_parts",
        "schedule_runs",
        "record_tags",
        "tagged_records",
        "mind_cache",
        "mind_cache_records",
        "mind_calls",
        "mind_models",
        "moment_vectors",
        "moment_importance",
        "reflections",
        "insights",
        "predictions",
        "insight_decisions",
        "prediction_decisions",
        // Pure functions of time and visits: the next dream writes them as they are.
        "moment_fading",
        "record_fading",
        "faded",
        "topic_corrections",
        // A cache by the hash of a text.
        "text_signatures",
        // What the person decided.
        "proposal_decisions",
        "consolidated_memories",
        "consolidated_sources",
        "decided_records",
    ];
    let is_index = |name: &str| {
        name.contains("_fts") || name.starts_with("near_") || name.starts_with("sqlite_")
    };
    let all = world.everything();
    let unknown: Vec<&String> = all
        .keys()
        .filter(|name| {
            !is_index(name) && !known.contains(&name.as_str()) && !DERIVED.contains(&name.as_str())
        })
        .collect();
    assert!(
        unknown.is_empty(),
        "does a dream write {unknown:?}? then list it in `store/tape.rs` and here"
    );
}
