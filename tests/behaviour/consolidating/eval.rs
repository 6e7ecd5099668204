use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rem_core::{
    api::proposals::{ProposalKind, ProposalView},
    mind::{
        Fault,
        around::{Around, Patience},
        model::Chat,
        scripted::Scripted,
    },
};
use serde_json::{Value, json};

use super::{LETTER, SWIM, WALK, consolidate, merges, notes, only, pending, stage, touched};
use crate::world::World;

/// Merges to the words of the first text; finds that nothing clashes that speaks of mushrooms.
fn reply(chat: &Chat<'_>) -> Value {
    let asked = chat.messages.last().map_or("", |message| message.text.as_str());
    if chat.schema["properties"].get("verdict").is_some() {
        let verdict = if asked.contains("mushrooms") { "compatible" } else { "has_changed" };
        return json!({ "verdict": verdict });
    }
    let lines: Vec<&str> = asked.lines().filter(|line| !line.starts_with('<')).collect();
    json!({ "summary": lines.get(2).copied().unwrap_or_default() })
}

fn around(model: &Scripted) -> Around {
    let quick = Duration::from_millis(1);
    Around {
        server: Some(Arc::new(model.clone()) as Arc<_>),
        patience: Patience { first_wait: quick, until_back: quick, ..Patience::default() },
        ..Around::default()
    }
}

pub(super) fn with(model: &Scripted) -> World {
    let world = World::around(around(model));
    let mut settings = world.journal.settings();
    settings.mind.min_gap_ms = 0;
    world.journal.change_settings(settings).expect("settings are kept");
    world
}

fn reader() -> Scripted {
    Scripted::new(|chat| Ok(Scripted::said(&reply(chat).to_string())))
}

/// What somebody wrote, and what must come of it: the kind of the one proposal, or none.
struct Fixture {
    name: &'static str,
    notes: Vec<String>,
    wanted: Option<ProposalKind>,
    /// A word that must be in no proposal.
    unsafe_word: Option<&'static str>,
}

fn fixtures() -> Vec<Fixture> {
    let of = |name, notes: &[&str], wanted| Fixture {
        name,
        notes: notes.iter().map(|note| (*note).to_owned()).collect(),
        wanted,
        unsafe_word: None,
    };
    let leak = format!("{LETTER} The portal has password=tulip7bed for it.");
    vec![
        of("a touched-up copy", &[WALK, &touched(WALK)], Some(ProposalKind::Merge)),
        of(
            "three of one",
            &[SWIM, &touched(SWIM), &format!("{SWIM} Home.")],
            Some(ProposalKind::Merge),
        ),
        of("nothing in common", &[WALK, SWIM, LETTER], None),
        of(
            "moved",
            &["Ilse lives in Porto.", "Ilse moved to Graz."],
            Some(ProposalKind::TemporalUpdate),
        ),
        of(
            "two rehearsals",
            &["The rehearsal is on Tuesday.", "The rehearsal is on Friday."],
            None,
        ),
        of(
            "a model sees that both can be",
            &["Ilse eats mushrooms.", "Ilse does not eat raw mushrooms."],
            None,
        ),
        Fixture {
            unsafe_word: Some("tulip7bed"),
            ..of("a leak", &[&leak, &touched(&leak)], Some(ProposalKind::Merge))
        },
    ]
}

#[derive(Debug, Default)]
struct Metrics {
    fixtures_run: u32,
    fixtures_passed: u32,
    n_candidates: u32,
    n_right: u32,
    n_required: u32,
    n_found: u32,
    n_with_provenance: u32,
    n_unsafe: u32,
    n_unsafe_rejected: u32,
    canonical_mutation_violations: u32,
    freshness_parse_failures: u32,
}

fn measure(fixture: &Fixture, metrics: &mut Metrics) {
    let world = with(&reader());
    notes(&world, &fixture.notes.iter().map(String::as_str).collect::<Vec<_>>());
    let written = || {
        let all = world.everything();
        (all["records"].clone(), all["record_versions"].clone(), all["chunks"].clone())
    };
    let before = written();
    consolidate(&world);
    let proposals = pending(&world);
    let right = |one: &&ProposalView| Some(one.kind) == fixture.wanted;
    let n_right = u32::try_from(proposals.iter().filter(right).count()).expect("few");
    metrics.fixtures_run += 1;
    metrics.n_candidates += u32::try_from(proposals.len()).expect("few");
    metrics.n_right += n_right;
    metrics.n_required += u32::from(fixture.wanted.is_some());
    metrics.n_found += n_right.min(1);
    let ids: BTreeSet<i64> = (1..=world.count("SELECT max(id) FROM records")).collect();
    let has_provenance = |one: &&ProposalView| {
        !one.sources.is_empty() && one.sources.iter().all(|s| s.is_current && ids.contains(&s.id))
    };
    metrics.n_with_provenance +=
        u32::try_from(proposals.iter().filter(has_provenance).count()).expect("few");
    if let Some(word) = fixture.unsafe_word {
        metrics.n_unsafe += 1;
        let is_clean = proposals.iter().all(|one| !one.text.contains(word));
        metrics.n_unsafe_rejected += u32::from(is_clean);
    }
    metrics.canonical_mutation_violations += u32::from(written() != before);
    // All was written in the first days of September, and it is the middle of October.
    let json = serde_json::to_value(&proposals).expect("proposals");
    let states = json.as_array().expect("a list").iter().map(|one| one["freshness_state"].clone());
    metrics.freshness_parse_failures +=
        u32::try_from(states.filter(|state| state != "stale").count()).expect("few");
    let is_passed = proposals.len() == usize::from(fixture.wanted.is_some())
        && n_right == u32::from(fixture.wanted.is_some());
    assert!(is_passed, "{}: {proposals:#?}", fixture.name);
    metrics.fixtures_passed += 1;
}

#[test]
fn proposals_of_invented_fixtures_are_right_complete_and_safe() {
    let mut metrics = Metrics::default();
    for fixture in fixtures() {
        measure(&fixture, &mut metrics);
    }
    println!("{metrics:?}");
    assert_eq!(metrics.fixtures_passed, metrics.fixtures_run);
    assert_eq!(metrics.n_right, metrics.n_candidates, "candidate_precision is 1");
    assert_eq!(metrics.n_found, metrics.n_required, "required_candidate_recall is 1");
    assert_eq!(metrics.n_with_provenance, metrics.n_candidates, "provenance_coverage is 1");
    assert_eq!(metrics.n_unsafe_rejected, metrics.n_unsafe, "unsafe_payload_rejection_rate is 1");
    assert!(metrics.n_unsafe > 0 && metrics.n_required > 0);
    assert_eq!(metrics.canonical_mutation_violations, 0);
    assert_eq!(metrics.freshness_parse_failures, 0);
}

#[test]
fn a_merged_text_that_says_what_no_source_says_is_not_kept() {
    let model = Scripted::new(|_| {
        Ok(Scripted::said(&json!({ "summary": "Tomas and Ambrose paid 700 euros." }).to_string()))
    });
    let world = with(&model);
    notes(&world, &[WALK, &touched(WALK)]);
    consolidate(&world);
    let proposal = only(&world);
    assert_eq!(proposal.text, WALK);
    assert!(!proposal.is_provisional, "the model cannot do it, not even another night");
}

#[test]
fn a_secret_is_shown_to_no_model() {
    let model = reader();
    let world = with(&model);
    let leak = format!("{LETTER} The portal has password=tulip7bed for it.");
    notes(&world, &[&leak, &touched(&leak)]);
    stage(&world);
    let asked: Vec<String> =
        model.asked().into_iter().flatten().map(|message| message.text).collect();
    assert!(asked.iter().any(|text| text.contains("Merge these texts")));
    assert!(asked.iter().all(|text| !text.contains("tulip7bed")));
}

#[test]
fn what_lacked_a_model_is_done_again_with_it_and_then_left_alone() {
    let switch = Arc::new(AtomicBool::new(false));
    let is_there = Arc::clone(&switch);
    let model = Scripted::new(move |chat| {
        if is_there.load(Ordering::SeqCst) {
            Ok(Scripted::said(&reply(chat).to_string()))
        } else {
            Err(Fault::Passing("out of memory".into()))
        }
    });
    let world = with(&model);
    notes(
        &world,
        &[WALK, &touched(WALK), "Ilse eats mushrooms.", "Ilse does not eat raw mushrooms."],
    );
    consolidate(&world);
    assert_eq!(pending(&world).len(), 2);
    assert!(pending(&world).iter().all(|one| one.is_provisional), "{:?}", pending(&world));
    switch.store(true, Ordering::SeqCst);
    consolidate(&world);
    let [merge] = &merges(&world)[..] else { panic!("{:?}", pending(&world)) };
    assert!(!merge.is_provisional && merge.mind != "built-in analyser", "{merge:?}");
    assert_eq!(pending(&world).len(), 1, "the model saw that both can be");
    switch.store(false, Ordering::SeqCst);
    world.write("2026-09-21.md", SWIM);
    world.scan();
    let n_asked = model.asked().len();
    consolidate(&world);
    assert_eq!(merges(&world), vec![merge.clone()], "what a model made is not made worse");
    assert_eq!(pending(&world).len(), 1);
    assert_eq!(model.asked().len(), n_asked, "what is known is not asked for again");
}
