use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rem_core::{
    api::dreams::{DreamRequest, Stage, StageEnd},
    journal::Cancel,
    mind::{
        Fault,
        around::{Around, Patience},
        scripted::Scripted,
    },
};
use rem_tests::support::reader;

use super::{TABLES, communities, gather, write};
use crate::world::{World, differences};

/// A model that names communities while the switch is on.
fn switched() -> (Scripted, Arc<AtomicBool>) {
    let switch = Arc::new(AtomicBool::new(true));
    let is_there = Arc::clone(&switch);
    let model = Scripted::new(move |chat| {
        let asked = chat.messages.last().map_or("", |message| message.text.as_str());
        if !is_there.load(Ordering::SeqCst) {
            return Err(Fault::Passing("out of memory".into()));
        }
        if asked.contains("Name this group") {
            return Ok(Scripted::said(r#"{"name": "By the water"}"#));
        }
        // What it cannot describe the built-in analyser does, with the tags that stand there.
        Ok(Scripted::said(&reader::reply(chat).to_string().replace("\"evidence\"", "\"none\"")))
    });
    (model, switch)
}

fn with_model(model: &Scripted) -> World {
    let quick = Duration::from_millis(1);
    let world = World::around(Around {
        server: Some(Arc::new(model.clone())),
        patience: Patience { first_wait: quick, until_back: quick, ..Patience::default() },
        ..Around::default()
    });
    let mut settings = world.journal.settings();
    settings.mind.min_gap_ms = 0;
    world.journal.change_settings(settings).expect("settings are kept");
    for day in 0..4 {
        write(&world, day, "#lake #tent #boat #swimming");
    }
    world.scan();
    world.dream_with(&DreamRequest {
        stages: vec![Stage::Moments],
        model: Some("off".into()),
        ..DreamRequest::default()
    });
    world
}

fn namings(model: &Scripted) -> usize {
    let asked = model.asked().into_iter();
    asked
        .filter(|all| {
            all.iter().any(|m| {
                m.text.contains("Name this group of topics as JSON, in")
                    && !m.text.contains("kzvmtq")
                    && !m.text.contains("bxrnfd")
            })
        })
        .count()
}

#[test]
fn a_model_names_a_community_once_and_its_name_stays() {
    let (model, switch) = switched();
    let world = with_model(&model);
    let report = gather(&world);
    assert!(!report.is_provisional);
    let named = communities(&world).into_iter().next().expect("a community");
    assert_eq!(
        (&*named.name, named.is_by_model, named.is_provisional),
        ("By the water", true, false)
    );
    assert_eq!(namings(&model), 1);
    let before = world.everything();
    assert_eq!(gather(&world).end, StageEnd::Unchanged);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
    // Without the model the next night, and with one moment more.
    switch.store(false, Ordering::SeqCst);
    write(&world, 6, "#lake #tent");
    world.scan();
    world.dream_with(&DreamRequest { model: Some("off".into()), ..DreamRequest::default() });
    assert_eq!(communities(&world)[0].name, "By the water");
    assert_eq!(namings(&model), 1);
}

#[test]
fn what_lacked_the_model_is_named_when_it_is_back() {
    let (model, switch) = switched();
    switch.store(false, Ordering::SeqCst);
    let world = with_model(&model);
    let report = gather(&world);
    assert!(report.is_provisional);
    let plain = communities(&world).into_iter().next().expect("a community");
    assert!(plain.is_provisional && !plain.is_by_model && plain.name.contains("lake"), "{plain:?}");
    let before = world.everything();
    gather(&world);
    for table in TABLES.iter().chain(&["stage_inputs", "revisions"]) {
        assert_eq!(before[*table], world.everything()[*table], "{table}");
    }
    switch.store(true, Ordering::SeqCst);
    assert!(!gather(&world).is_provisional);
    assert_eq!(communities(&world)[0].name, "By the water");
}

#[test]
fn the_name_that_a_model_found_goes_with_a_source_that_it_may_speak_of() {
    let (model, _) = switched();
    let world = with_model(&model);
    let other = world.home().join("secrets");
    fs::create_dir(&other).expect("a folder");
    fs::write(other.join("2026-03-01.md"), "## 10:00\nWent there. #lake #boat\n").expect("a note");
    let source = rem_core::sources::add(&world.journal, &other, true).expect("a source");
    world.journal.scan(source, false, &Cancel::default()).expect("it is read");
    world.dream_with(&DreamRequest {
        stages: vec![Stage::Moments],
        model: Some("off".into()),
        ..DreamRequest::default()
    });
    gather(&world);
    assert_eq!(communities(&world)[0].name, "By the water");
    world.forget_source(source);
    assert!(!communities(&world)[0].is_by_model);
    let kept = world.everything();
    assert!(!kept["communities"].iter().any(|row| row.contains("By the water")));
    assert!(!kept["revision_rows"].iter().any(|row| row.contains("By the water")));
    gather(&world);
    assert!(communities(&world)[0].is_by_model);
}
