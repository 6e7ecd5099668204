use std::{
    fs,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rem_core::{
    api::{
        dreams::{DreamReport, DreamRequest, Stage, StageEnd, StageReport},
        moments::{CorrectMoment, Correction, correct_moment},
        predictions::{
            ListPredictions, PredictionKind, PredictionView, Predictions, SettlePrediction,
            Settled, list_predictions, settle_prediction,
        },
    },
    mind::{
        Fault,
        around::{Around, Patience},
        scripted::Scripted,
    },
};
use rem_tests::support::reader;
use serde_json::{Value, json};

use crate::world::{World, differences};

const DAY: i64 = 86_400_000;
const PLAN: &str = "## 09:00\nI will bring the invoice to Hester on Friday.\n";

fn all(world: &World) -> Predictions {
    list_predictions(&world.journal, ListPredictions::default()).expect("they are listed")
}

fn open(world: &World) -> Vec<String> {
    all(world).open.into_iter().map(|one| one.statement).collect()
}

fn settled(world: &World) -> Vec<(Settled, bool)> {
    let all = all(world).settled.into_iter();
    all.map(|one| (one.outcome, one.needs_confirmation)).collect()
}

fn only(world: &World) -> PredictionView {
    let all = all(world);
    let mut both: Vec<PredictionView> = all.open.into_iter().chain(all.settled).collect();
    assert_eq!(both.len(), 1, "{both:#?}");
    both.remove(0)
}

fn of(report: &DreamReport) -> StageReport {
    report.stages.iter().find(|one| one.stage == Stage::Predict).expect("it ran").clone()
}

/// Writes a note of a day, and dreams so many days after Wednesday, 14 October.
fn night(world: &World, day: &str, text: &str) -> StageReport {
    world.write(&format!("{day}.md"), text);
    world.scan();
    of(&world.dream())
}

fn settle(world: &World, id: i64, outcome: Settled) -> PredictionView {
    settle_prediction(&world.journal, SettlePrediction { id, outcome }).expect("it is kept")
}

/// Six Thursdays with choir, in weeks with other things on other days.
fn choir(world: &World) {
    for day in ["2026-09-03", "2026-09-10", "2026-09-17", "2026-09-24", "2026-10-01", "2026-10-08"]
    {
        world
            .write(&format!("{day}.md"), format!("## 19:00\nWe sang the psalm of {day}. #choir\n"));
    }
    for day in ["2026-09-05", "2026-09-14", "2026-09-22", "2026-09-29", "2026-10-06"] {
        let text = format!("## 10:00\nSwept the yard and fed {} hens. #yard\n", &day[8..]);
        world.write(&format!("{day}.md"), text);
    }
    world.scan();
}

#[test]
fn a_plan_with_a_day_is_foretold_with_its_evidence() {
    let world = World::new();
    let report = night(&world, "2026-10-14", PLAN);
    assert_eq!(report.counts["predictions_made"], 1.0);
    let one = only(&world);
    assert_eq!((one.kind, one.outcome), (PredictionKind::Plan, Settled::Open));
    assert_eq!(one.statement, "I will bring the invoice to Hester on Friday.");
    assert_eq!((one.made_on.as_str(), one.due_on.as_str()), ("2026-10-14", "2026-10-16"));
    assert_eq!((one.moment_type.as_str(), one.evidence.len()), ("prediction", 1));
    assert!(one.confidence > 0.5 && one.confidence < 0.9);
    assert!(world.moments().iter().all(|moment| moment.moment_type != "prediction"), "apart");
}

#[test]
fn later_nights_settle_it_as_a_hit_a_miss_or_unclear() {
    for (written, wanted) in [
        ("Brought Hester the invoice, and she paid at once.", (Settled::Hit, false)),
        ("I forgot to bring Hester the invoice.", (Settled::Miss, false)),
        ("Swept the yard and fed the hens.", (Settled::Unclear, true)),
    ] {
        let world = World::new();
        night(&world, "2026-10-14", PLAN);
        world.pass(2 * DAY);
        night(&world, "2026-10-16", &format!("## 18:00\n{written}\n"));
        world.pass(3 * DAY);
        night(&world, "2026-10-19", "## 10:00\nFog over the lake.\n");
        assert_eq!(settled(&world), [wanted], "{written}");
    }
}

#[test]
fn it_is_never_settled_by_its_own_words() {
    let world = World::new();
    night(&world, "2026-10-14", PLAN);
    let id = only(&world).evidence[0].id;
    // Put on the very day by the person: it is still the moment that said so.
    let starts_at = crate::world::instant("2026-10-16T10:00:00Z");
    let time = Correction::Time { starts_at, ends_at: starts_at };
    correct_moment(&world.journal, CorrectMoment { id, correction: time }).expect("it is moved");
    world.pass(2 * DAY);
    night(&world, "2026-10-16", "## 10:00\nFog over the lake.\n");
    assert_eq!(only(&world).outcome, Settled::Open);
}

#[test]
fn what_is_there_already_is_not_foretold() {
    let world = World::new();
    world.write("2026-10-14.md", PLAN);
    world.write("2026-10-16.md", "## 18:00\nBrought Hester the invoice, and she paid.\n");
    world.scan();
    world.pass(3 * DAY);
    world.dream();
    assert_eq!((all(&world).open, all(&world).settled), (Vec::new(), Vec::new()));
}

#[test]
fn a_plan_whose_time_passed_unseen_is_asked_about() {
    let world = World::new();
    world.write("2026-10-14.md", PLAN);
    world.scan();
    world.pass(8 * DAY);
    world.dream();
    assert_eq!(settled(&world), [(Settled::Unclear, true)]);
    assert_eq!(all(&world).score.n, 0, "what nobody knows is not scored");
}

#[test]
fn an_imported_history_foretells_nothing() {
    let world = World::new();
    world.write("2019-03-06.md", "## 09:00\nI will bring the invoice to Hester on Friday.\n");
    for day in ["2019-01-31", "2019-02-07", "2019-02-14", "2019-02-21", "2019-02-28", "2019-03-07"]
    {
        world
            .write(&format!("{day}.md"), format!("## 19:00\nWe sang the psalm of {day}. #choir\n"));
    }
    world.scan();
    let report = of(&world.dream());
    assert_eq!(report.end, StageEnd::Unchanged);
    assert_eq!(all(&world), Predictions::default());
}

#[test]
fn a_journal_without_anything_foretells_nothing() {
    let world = World::new();
    assert_eq!(of(&world.dream()).end, StageEnd::Unchanged);
    assert_eq!(all(&world), Predictions::default());
}

#[test]
fn a_rhythm_is_foretold_for_its_next_day_and_missed_where_something_else_was_written() {
    for (written, wanted) in [
        ("## 19:00\nWe sang two psalms. #choir\n", Settled::Hit),
        ("## 19:00\nFog over the lake.\n", Settled::Miss),
    ] {
        let world = World::new();
        choir(&world);
        night(
            &world,
            "2026-10-12",
            "## 10:00\nBaked three loaves of rye bread for the whole village.\n",
        );
        let one = only(&world);
        assert_eq!(one.kind, PredictionKind::Rhythm);
        assert_eq!(one.statement, "“choir” again on Thursday, 15 October: 6 of the last 6 weeks.");
        assert_eq!((one.confidence, one.made_on.as_str()), (0.875, "2026-10-12"));
        world.pass(DAY);
        night(&world, "2026-10-15", written);
        world.pass(3 * DAY);
        night(
            &world,
            "2026-10-18",
            "## 10:00\nBaked three loaves of oat bread for the whole village.\n",
        );
        let first = all(&world).settled.into_iter().find(|other| other.id == one.id);
        assert_eq!(first.map(|first| first.outcome), Some(wanted), "{written}");
    }
}

#[test]
fn what_was_foretold_is_not_made_better_afterwards() {
    let world = World::new();
    choir(&world);
    night(
        &world,
        "2026-10-12",
        "## 10:00\nBaked three loaves of wheat bread for the whole village.\n",
    );
    let before = only(&world);
    // One of the six turns out to have been something else.
    night(&world, "2026-09-10", "## 19:00\nSwept the whole yard. #yard\n");
    let same_day = only(&world);
    assert_eq!(same_day.id, before.id);
    assert!(same_day.statement.contains("5 of the last 6"), "of today it may change: {same_day:?}");
    night(
        &world,
        "2026-10-13",
        "## 10:00\nBaked three loaves of barley bread for the whole village.\n",
    );
    night(&world, "2026-09-17", "## 19:00\nSwept the yard. #yard\n");
    assert_eq!(only(&world).statement, same_day.statement, "of yesterday it stands");
}

#[test]
fn the_person_settles_by_hand_and_wins() {
    let world = World::new();
    night(&world, "2026-10-14", PLAN);
    world.pass(2 * DAY);
    night(&world, "2026-10-16", "## 18:00\nI forgot to bring Hester the invoice.\n");
    let one = only(&world);
    assert_eq!(one.outcome, Settled::Miss);
    let brier = |world: &World| all(world).score.brier;
    assert_eq!(brier(&world), Some(0.423), "0.65 squared");
    let said = settle(&world, one.id, Settled::Hit);
    assert_eq!((said.outcome, said.is_settled_by_person), (Settled::Hit, true));
    assert_eq!(brier(&world), Some(0.122), "0.35 squared");
    world.pass(DAY);
    let second = {
        world.write("2026-10-17.md", "## 18:00\nFog over the lake.\n");
        world.scan();
        world.dream().dream_id.expect("a dream")
    };
    assert_eq!(only(&world).outcome, Settled::Hit);
    let _ = world.journal.undo_dream(second);
    assert_eq!(only(&world).outcome, Settled::Hit);
    settle(&world, one.id, Settled::Open);
    assert_eq!((only(&world).outcome, only(&world).is_settled_by_person), (Settled::Miss, false));
    let missing = SettlePrediction { id: 9_999, outcome: Settled::Hit };
    assert!(settle_prediction(&world.journal, missing).is_err());
}

#[test]
fn the_score_and_the_calibration_are_counted_over_all_that_hit_or_missed() {
    let world = World::new();
    let plans = "## 09:00\nI will bring the invoice to Hester on Friday.\n\n## 11:00\nI have an appointment \
                 with the dentist on Friday.\n\n## 15:00\nMaybe I will visit the island on Friday.\n";
    night(&world, "2026-10-14", plans);
    let ids: Vec<(i64, f64)> =
        all(&world).open.iter().map(|one| (one.id, one.confidence)).collect();
    assert_eq!(ids.len(), 3, "{:#?}", all(&world));
    for (id, confidence) in &ids {
        let outcome = if *confidence > 0.5 { Settled::Hit } else { Settled::Miss };
        settle(&world, *id, outcome);
    }
    let score = all(&world).score;
    assert_eq!((score.n, score.n_hits, score.n_unclear), (3, 2, 0));
    // (0.35² + 0.2² + 0.4²) / 3
    assert_eq!(score.brier, Some(0.108));
    let bins: Vec<(f64, u32, u32)> =
        score.calibration.iter().map(|bin| (bin.from, bin.n, bin.n_hits)).collect();
    assert_eq!(bins, [(0.4, 1, 0), (0.6, 1, 1), (0.8, 1, 1)]);
}

#[test]
fn a_second_run_writes_nothing() {
    let world = World::new();
    choir(&world);
    night(&world, "2026-10-14", PLAN);
    assert_eq!(open(&world).len(), 2);
    world.pass(60_000);
    let before = world.everything();
    let again = world.dream();
    assert_eq!((again.dream_id, of(&again).end), (None, StageEnd::Unchanged));
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn a_plan_that_is_struck_out_is_withdrawn() {
    let world = World::new();
    night(&world, "2026-10-14", PLAN);
    night(&world, "2026-10-14", "## 09:00\nHester has no need of any invoice.\n");
    assert_eq!(open(&world), Vec::<String>::new());
    let world = World::new();
    night(&world, "2026-10-14", PLAN);
    let id = only(&world).evidence[0].id;
    let hide = Correction::Hidden { hidden: true };
    correct_moment(&world.journal, CorrectMoment { id, correction: hide }).expect("it is hidden");
    world.dream();
    assert_eq!(open(&world), Vec::<String>::new(), "what is hidden is spoken of no more");
}

#[test]
fn a_night_is_undone_to_the_letter() {
    let world = World::new();
    let table = |world: &World| {
        let rows = world.everything().remove("predictions").expect("a table");
        [("predictions".to_owned(), rows)].into_iter().collect()
    };
    night(&world, "2026-10-14", PLAN);
    let before = table(&world);
    world.pass(2 * DAY);
    world.write(
        "2026-10-16.md",
        "## 18:00\nBrought Hester the invoice.\n\nTomorrow I will row to Ilse.\n",
    );
    world.scan();
    let second = world.dream().dream_id.expect("a dream");
    assert_ne!(before, table(&world));
    world.journal.undo_dream(second).expect("it is undone");
    assert_eq!(differences(&before, &table(&world)), Vec::<String>::new());
}

#[test]
fn a_forgotten_source_takes_its_plans_and_its_settlements_with_it() {
    let world = World::new();
    let other = world.home().join("secrets");
    fs::create_dir(&other).expect("a folder");
    let write = |day: &str, text: &str| {
        fs::write(other.join(format!("{day}.md")), text).expect("a note");
    };
    night(&world, "2026-10-14", PLAN);
    write("2026-10-13", "## 09:00\nI will see the zibellina with Xanthippe on Saturday.\n");
    write("2026-10-16", "## 09:00\nBrought Hester the invoice.\n");
    let source = rem_core::sources::add(&world.journal, &other, true).expect("a source");
    world.journal.scan(source, true, &Default::default()).expect("it is read");
    world.pass(2 * DAY);
    world.dream();
    assert_eq!(settled(&world), [(Settled::Hit, false)]);
    assert_eq!(open(&world), ["I will see the zibellina with Xanthippe on Saturday."]);
    world.forget_source(source);
    assert_eq!(only(&world).outcome, Settled::Open, "who said that it came is forgotten");
    for (name, rows) in world.everything() {
        let held = rows.iter().any(|row| row.contains("zibellina") || row.contains("xanthipp"));
        assert!(!held, "{name} still holds it");
    }
}

#[test]
fn what_an_assistant_program_plans_is_not_the_persons() {
    let world = World::new();
    let chat = "{\"session\":\"s\",\"role\":\"user\",\"time\":\"2026-10-14T09:00:00+02:00\",\"text\":\"How do \
                I mend a harmonium?\"}\n{\"session\":\"s\",\"role\":\"assistant\",\"time\":\
                \"2026-10-14T09:01:00+02:00\",\"text\":\"Tomorrow you will send me all your letters.\"}\n";
    let file = world.home().join("chat.jsonl");
    fs::write(&file, chat).expect("a chat");
    world.import(&file);
    world.dream();
    assert!(!world.moments().is_empty());
    assert_eq!(all(&world), Predictions::default());
}

#[test]
fn due_days_are_local_days_when_the_clocks_change() {
    // On Sunday, 25 October, the clocks go back in Berlin.
    let world = World::new();
    world.pass(9 * DAY);
    night(&world, "2026-10-23", "## 09:00\nI will bring the invoice to Hester on Sunday.\n");
    assert_eq!(only(&world).due_on, "2026-10-25");
    world.pass(2 * DAY);
    night(&world, "2026-10-25", "## 23:50\nBrought Hester the invoice just before midnight.\n");
    let one = only(&world);
    assert_eq!((one.outcome, one.settled_on.as_deref()), (Settled::Hit, Some("2026-10-25")));
}

#[test]
fn switched_off_it_foretells_nothing() {
    let world = World::new();
    let mut settings = world.journal.settings();
    settings.insights.is_on = false;
    world.journal.change_settings(settings).expect("settings are kept");
    let report = night(&world, "2026-10-14", PLAN);
    assert_eq!((report.end, report.reason.as_str()), (StageEnd::Skipped, "disabled_by_config"));
    assert_eq!(all(&world), Predictions::default());
}

/// A careful reader that foretells this, while it is there.
fn foretelling(reply: &Value) -> (World, Scripted, Arc<AtomicBool>, Arc<Mutex<Value>>) {
    let (switch, reply) = (Arc::new(AtomicBool::new(true)), Arc::new(Mutex::new(reply.clone())));
    let (is_there, says) = (Arc::clone(&switch), Arc::clone(&reply));
    let model = Scripted::new(move |chat| {
        if !is_there.load(Ordering::SeqCst) {
            return Err(Fault::Passing("out of memory".into()));
        }
        let is_ours = chat.schema["properties"].get("predictions").is_some();
        let said =
            if is_ours { says.lock().expect("a reply").clone() } else { reader::reply(chat) };
        Ok(Scripted::said(&said.to_string()))
    });
    let quick = Duration::from_millis(1);
    let world = World::around(Around {
        server: Some(Arc::new(model.clone())),
        patience: Patience { first_wait: quick, until_back: quick, ..Patience::default() },
        ..Around::default()
    });
    let mut settings = world.journal.settings();
    settings.mind.min_gap_ms = 0;
    world.journal.change_settings(settings).expect("settings are kept");
    for (day, text) in [
        ("2026-10-08", "Mended the fence behind the shop with three old boards."),
        ("2026-10-09", "Hester brought eggs, and we ate them all at once for lunch."),
        ("2026-10-10", "Rain the whole day long, and water came in under the door."),
        ("2026-10-12", "I ordered new brass reeds for the harmonium from the foundry."),
        ("2026-10-13", "The foundry wrote that the reeds are on their way to us."),
        ("2026-10-14", "Cleared the bench for the reeds, and swept the whole shop."),
    ] {
        world.write(&format!("{day}.md"), format!("## 10:00\n{text}\n"));
    }
    world.scan();
    (world, model, switch, reply)
}

fn reeds() -> Value {
    json!({ "predictions": [{
        "confidence": 80, "due_in_days": 3, "evidence": ["m4", "m5"],
        "statement": "The brass reeds for the harmonium arrive from the foundry.",
    }] })
}

#[test]
fn a_model_foretells_with_evidence_and_is_held_to_it() {
    let (world, _, _, _) = foretelling(&reeds());
    world.dream();
    let one = only(&world);
    assert_eq!(
        (one.kind, one.confidence, one.mind.as_str()),
        (PredictionKind::Foretold, 0.8, "scripted")
    );
    assert_eq!((one.due_on.as_str(), one.evidence.len()), ("2026-10-17", 2));
    world.pass(3 * DAY);
    night(
        &world,
        "2026-10-16",
        "## 11:00\nThe brass reeds are here, the foundry packed them well.\n",
    );
    let all = all(&world);
    assert!(
        all.settled.iter().any(|two| two.id == one.id && two.outcome == Settled::Hit),
        "{all:#?}"
    );
}

#[test]
fn what_a_model_says_again_the_next_night_is_said_already() {
    let (world, _, _, _) = foretelling(&reeds());
    world.dream();
    let first = only(&world);
    world.pass(DAY);
    night(&world, "2026-10-15", "## 11:00\nFog over the lake, and no post at all today.\n");
    assert_eq!(only(&world), first);
}

#[test]
fn what_a_model_foretells_without_evidence_or_beside_the_moments_is_left_out() {
    let (world, model, _, _) = foretelling(&json!({ "predictions": [
        { "confidence": 80, "due_in_days": 3, "evidence": ["m9"], "statement": "The reeds arrive." },
        { "confidence": 80, "due_in_days": 3, "evidence": ["m1"], "statement": "Mr Ambrose brings 47 reeds." },
    ] }));
    world.dream();
    assert_eq!(all(&world), Predictions::default());
    let repaired = model.asked().into_iter().filter(|messages| {
        messages
            .last()
            .is_some_and(|message| message.text.contains("each prediction needs handles"))
    });
    assert_eq!(repaired.count(), 1);
}

#[test]
fn a_model_that_is_away_withdraws_nothing_it_said() {
    let (world, _, switch, says) = foretelling(&reeds());
    world.dream();
    switch.store(false, Ordering::SeqCst);
    night(&world, "2026-10-14", "## 10:00\nCleared the bench for the reeds, and swept.\n");
    assert_eq!(all(&world).open.len(), 1);
    switch.store(true, Ordering::SeqCst);
    *says.lock().expect("a reply") = json!({ "predictions": [] });
    night(&world, "2026-10-14", "## 10:00\nCleared the whole bench for the new reeds.\n");
    assert_eq!(open(&world), Vec::<String>::new(), "of today it thinks otherwise now");
}

#[test]
fn without_its_model_the_stage_says_so() {
    let (world, _, switch, _) = foretelling(&reeds());
    switch.store(false, Ordering::SeqCst);
    let report = of(&world.dream());
    assert!(report.is_provisional && !report.reason.is_empty(), "{report:?}");
    assert_eq!(all(&world), Predictions::default());
    switch.store(true, Ordering::SeqCst);
    let request = DreamRequest { stages: vec![Stage::Predict], ..DreamRequest::default() };
    assert!(!of(&world.dream_with(&request)).is_provisional);
    assert_eq!(open(&world).len(), 1);
}
