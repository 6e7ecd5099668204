use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rem_core::{
    api::{
        dreams::DreamRequest,
        moments::{CorrectMoment, Correction, correct_moment},
    },
    mind::{
        Fault,
        around::{Around, Patience, Senses},
        scripted::Scripted,
    },
};
use rem_tests::support::reader;

use crate::world::{World, differences};

const MORNING: &str = "# 2026-10-12\n\n## 08:00\nHester tuned the harmonium and broke a reed.\n\n## 11:00\nLunch with Tomas, who wants to leave the choir.\n";
const NEXT: &str = "# 2026-10-13\n\n## 09:30\nWalked to the lock and watched the barges until it rained.\n\n## 18:00\nIlse wrote about the inheritance.\n";

/// A journal of two days beside a scripted model.
fn beside(model: &Scripted) -> World {
    let around = Around {
        server: Some(Arc::new(model.clone())),
        patience: Patience {
            first_wait: Duration::from_millis(1),
            until_back: Duration::from_millis(1),
            ..Patience::default()
        },
        ..Around::default()
    };
    of(around)
}

fn of(around: Around) -> World {
    let world = World::around(around);
    let mut settings = world.journal.settings();
    settings.mind.min_gap_ms = 0;
    world.journal.change_settings(settings).expect("settings are kept");
    world.write("2026-10-12.md", MORNING);
    world.write("2026-10-13.md", NEXT);
    world.scan();
    world
}

fn night() -> DreamRequest {
    DreamRequest { cause: "night".into(), ..DreamRequest::default() }
}

fn of_days(start: &str, end: &str) -> DreamRequest {
    DreamRequest { start: Some(start.into()), end: Some(end.into()), ..DreamRequest::default() }
}

/// Reads well while the switch is on; is away while it is off.
fn switched() -> (Scripted, Arc<AtomicBool>) {
    let switch = Arc::new(AtomicBool::new(true));
    let is_there = Arc::clone(&switch);
    let model = Scripted::new(move |chat| {
        if is_there.load(Ordering::SeqCst) {
            Ok(Scripted::said(&reader::reply(chat).to_string()))
        } else {
            Err(Fault::Passing("out of memory".into()))
        }
    });
    (model, switch)
}

#[test]
fn a_models_moments_say_who_made_them_and_rest_on_the_words() {
    let model = reader::reader();
    let world = beside(&model);
    let report = world.dream();
    assert_eq!((report.mind.as_str(), report.n_added), ("scripted", 4));
    let moment = world.moment_about("broke a reed");
    assert_eq!(moment.moment.title, "Read: Hester tuned the harmonium");
    assert_eq!(moment.mind, "scripted");
    let marked: String = moment.evidence[0]
        .pieces
        .iter()
        .filter(|piece| piece.is_marked)
        .map(|piece| piece.text.as_str())
        .collect();
    assert!("Hester tuned the harmonium and broke a reed.".contains(marked.trim()), "{marked}");
    assert_eq!(report.n_days_provisional, 0);
}

#[test]
fn a_second_dream_of_unchanged_days_asks_nothing_and_writes_nothing() {
    let model = reader::reader();
    let world = beside(&model);
    world.dream();
    let (n_asked, before) = (model.asked().len(), world.everything());
    world.dream_with(&night());
    assert_eq!(model.asked().len(), n_asked);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn one_edited_entry_costs_two_calls() {
    let model = reader::reader();
    let world = beside(&model);
    world.dream();
    let n_asked = model.asked().len();
    world.write("2026-10-12.md", MORNING.replace("broke a reed", "broke two reeds"));
    world.scan();
    world.dream();
    assert_eq!(model.asked().len() - n_asked, 2, "the entry and the day’s story");
}

#[test]
fn what_was_dreamt_without_the_model_is_dreamt_again_with_it() {
    let (model, switch) = switched();
    let world = beside(&model);
    switch.store(false, Ordering::SeqCst);
    let without = world.dream();
    assert_eq!(without.n_days_provisional, 2, "{}", without.without_model);
    assert_eq!(without.n_added, 4, "no day stays empty for want of a model");
    switch.store(true, Ordering::SeqCst);
    let with = world.dream();
    assert_eq!((with.n_changed, with.n_days_provisional), (4, 0));
    assert!(world.moments().iter().all(|card| card.title.starts_with("Read: ")));
}

#[test]
fn what_a_model_made_is_not_made_worse_when_it_is_away() {
    let (model, switch) = switched();
    let world = beside(&model);
    world.dream();
    let before = world.everything().remove("moments");
    switch.store(false, Ordering::SeqCst);
    model.become_another(|card| card.digest = "scripted-2".into());
    let redo = DreamRequest { redo: true, ..of_days("2026-10-12", "2026-10-13") };
    world.dream_with(&redo);
    assert_eq!(world.everything().remove("moments"), before);
}

#[test]
fn an_edited_day_keeps_what_the_model_said_of_the_rest_of_it() {
    let (model, switch) = switched();
    let world = beside(&model);
    world.dream();
    switch.store(false, Ordering::SeqCst);
    model.become_another(|card| card.digest = "scripted-2".into());
    world.write("2026-10-12.md", MORNING.replace("broke a reed", "broke two reeds"));
    world.scan();
    let report = world.dream();
    assert_eq!((report.n_changed, report.n_days_provisional), (1, 1));
    assert_eq!(world.moment_about("Tomas").mind, "scripted");
    assert_eq!(world.moment_about("two reeds").mind, "built-in analyser");
}

#[test]
fn another_model_reads_only_what_is_new_unless_days_are_named() {
    let model = reader::reader();
    let world = beside(&model);
    world.dream();
    model.become_another(|card| card.digest = "scripted-2".into());
    let n_asked = model.asked().len();
    world.dream_with(&night());
    assert_eq!(model.asked().len(), n_asked);
    let redo = DreamRequest { redo: true, ..DreamRequest::default() };
    let refused = world.journal.dream(&redo, &Default::default()).expect_err("which days?");
    assert!(refused.to_string().contains("say which"), "{refused}");
    world.dream_with(&DreamRequest { redo: true, ..of_days("2026-10-12", "2026-10-12") });
    assert_eq!(model.asked().len() - n_asked, 3, "two entries and a story");
}

#[test]
fn a_comparison_writes_no_moment_and_taking_it_over_costs_nothing() {
    let model = reader::reader();
    let world = beside(&model);
    world.dream_with(&DreamRequest { model: Some("off".into()), ..DreamRequest::default() });
    let before = world.everything().remove("moments");
    let days = of_days("2026-10-12", "2026-10-13");
    let compared = world.dream_with(&DreamRequest { compare: true, ..days.clone() }).compared;
    assert_eq!(compared.len(), 4);
    let minds = |n: usize| {
        let pair = &compared[n];
        (pair.before.as_ref().map(|b| b.mind.clone()), pair.after.as_ref().map(|a| a.mind.clone()))
    };
    assert_eq!(minds(0), (Some("built-in analyser".into()), Some("scripted".into())));
    assert_eq!(world.everything().remove("moments"), before);
    let n_asked = model.asked().len();
    let report = world.dream_with(&DreamRequest { redo: true, ..days });
    assert_eq!(report.n_changed, 4);
    assert_eq!(
        model.asked().len() - n_asked,
        3,
        "only the stories and the week were not told before"
    );
}

#[test]
fn a_correction_outlives_every_model() {
    let model = reader::reader();
    let world = beside(&model);
    world.dream();
    let id = world.moment_about("broke a reed").moment.id;
    let correction = Correction::Title { title: "The reed".into() };
    correct_moment(&world.journal, CorrectMoment { id, correction }).expect("it is corrected");
    model.become_another(|card| card.digest = "scripted-2".into());
    world.dream_with(&DreamRequest { redo: true, ..of_days("2026-10-12", "2026-10-12") });
    assert_eq!(world.moment(id).moment.title, "The reed");
}

#[test]
fn the_sample_is_dreamt_at_once_without_a_model() {
    let model = reader::reader();
    let world = beside(&model);
    let sample = DreamRequest { cause: "sample".into(), ..DreamRequest::default() };
    let report = world.dream_with(&sample);
    assert_eq!((report.n_added, report.n_days_provisional), (4, 0));
    assert!(model.asked().is_empty());
}

#[test]
fn a_slip_in_a_prompt_of_ones_own_is_named_and_stops_no_dream() {
    let model = reader::reader();
    let world = beside(&model);
    let folder = world.home().join("prompts/moments");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("examples.json"), "none").expect("a prompt");
    let report = world.dream();
    assert_eq!((report.n_added, report.n_days_provisional), (4, 2));
    assert!(report.without_model.contains("prompts/moments"), "{}", report.without_model);
    assert!(model.asked().is_empty());
}

#[test]
fn who_never_had_a_model_is_not_told_that_one_is_missing() {
    let world =
        World::around(Around { ollama_host: Some("127.0.0.1:1".into()), ..Around::default() });
    world.write("2026-10-12.md", MORNING);
    world.scan();
    assert!(!world.dream().expects_model);
    let mut settings = world.journal.settings();
    settings.mind.fast_model = "gemma3:4b".into();
    world.journal.change_settings(settings).expect("settings are kept");
    assert!(world.dream().expects_model, "who chose one is");
}

#[test]
fn the_first_dream_waits_for_no_model_and_the_next_ones_catch_up() {
    let model = reader::reader();
    let world = beside(&model);
    let first = DreamRequest { cause: "first".into(), ..DreamRequest::default() };
    let report = world.dream_with(&first);
    assert_eq!((report.n_added, report.n_days_provisional), (4, 2));
    assert!(model.asked().is_empty());
    assert_eq!(world.dream_with(&night()).n_changed, 4);
}

#[test]
fn a_dry_run_says_what_it_would_cost_and_asks_nothing() {
    let model = reader::reader();
    let world = beside(&model);
    let dry = DreamRequest { dry_run: true, ..DreamRequest::default() };
    let estimate = world.dream_with(&dry).estimate.expect("an estimate");
    assert_eq!((estimate.n_calls, estimate.n_known), (7, 0), "four entries, two stories, a week");
    assert!(model.asked().is_empty());
    world.dream();
    assert_eq!(model.asked().len(), 7);
}

#[test]
fn the_minutes_of_a_night_end_the_asking_and_not_the_dream() {
    let model = reader::reader();
    let world = beside(&model);
    let mut settings = world.journal.settings();
    settings.mind.most_minutes = 1;
    world.journal.change_settings(settings).expect("settings are kept");
    world.dream_with(&DreamRequest { start: Some("2026-10-13".into()), ..night() });
    crate::world::outside(world.journal.path())
        .execute("UPDATE mind_calls SET took_ms = 60000", [])
        .expect("the ledger is changed");
    let report = world.dream_with(&night());
    assert!(report.without_model.contains("1 min"), "{}", report.without_model);
    assert_eq!((report.n_added, report.n_days_provisional), (2, 1));
}

/// A machine whose battery drains until somebody plugs it in.
struct Machine {
    is_on_battery: AtomicBool,
    looks: Mutex<u32>,
}

impl Senses for Machine {
    fn is_on_battery(&self) -> Option<bool> {
        *self.looks.lock().expect("a count") += 1;
        // It is plugged in after the first look.
        Some(self.is_on_battery.swap(false, Ordering::SeqCst))
    }

    fn idle_for(&self) -> Option<Duration> {
        Some(Duration::from_secs(3600))
    }
}

#[test]
fn a_night_waits_for_the_mains_and_a_dream_by_hand_does_not() {
    let model = reader::reader();
    let machine = Arc::new(Machine { is_on_battery: AtomicBool::new(true), looks: Mutex::new(0) });
    let world =
        of(Around { server: Some(Arc::new(model)), senses: machine.clone(), ..Around::default() });
    let events = world.journal.events();
    world.dream_with(&night());
    let waited: Vec<String> = events
        .try_iter()
        .filter_map(|event| match event {
            rem_core::event::Event::DreamMoved {
                dream: rem_core::api::dreams::DreamState::Dreaming { progress },
            } => progress.waits_for,
            _ => None,
        })
        .collect();
    assert_eq!(waited.first().map(String::as_str), Some("on battery"));
}

#[test]
fn prompts_and_replies_are_told_only_when_asked_for() {
    let model = reader::reader();
    let world = beside(&model);
    let events = world.journal.events();
    let spoke = |events: &std::sync::mpsc::Receiver<rem_core::event::Event>| {
        let is_speech = |event: &rem_core::event::Event| {
            matches!(event, rem_core::event::Event::MindSpoke { .. })
        };
        events.try_iter().filter(is_speech).count()
    };
    world.dream_with(&of_days("2026-10-12", "2026-10-12"));
    assert_eq!(spoke(&events), 0);
    world.dream_with(&DreamRequest { debug: true, ..of_days("2026-10-13", "2026-10-13") });
    assert_eq!(spoke(&events), 4, "two entries, the day and its week");
}
