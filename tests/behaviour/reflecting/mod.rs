/// With a model: what it is asked, what becomes of its words, and what happens while it is away.
mod models;

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use rem_core::{
    api::{
        dreams::{DreamReport, DreamRequest, Stage, StageEnd, StageReport},
        insights::{
            DecideInsight, Decision, Depth, InsightKind, InsightView, ListInsights,
            ListReflections, Outcome, ReflectRequest, ReflectionView, decide_insight,
            list_insights, list_reflections, reflect,
        },
        moments::{CorrectMoment, Correction, correct_moment},
    },
    mind::{
        Fault,
        around::{Around, Patience},
        scripted::Scripted,
    },
    settings::{InsightSettings, ReflectiveMode},
};
use rem_tests::support::reader;
use serde_json::{Value, json};

use crate::world::{World, differences, outside};

const DAY: i64 = 86_400_000;
const TABLES: [&str; 3] = ["reflections", "insights", "moment_importance"];

/// Three weighty notes of a day: about the harmonium, with a feeling each, and the last with an outcome.
fn weighty(word: &str) -> String {
    format!(
        "## 09:00 Bellows\nThe bellows of the harmonium leak again, and the whole long morning was lost \
         over them. I am frustrated and tired of the {word}, and Hester could not help me either, \
         although she tried for an hour and more with bone glue and with felt. #harmonium #{word}\n\n\
         ## 13:00 Lake\nSwam eleven cold lengths in the lake with Ilse and was happy and calm at once, \
         for the first time since the weekend; we saw two herons and a kingfisher on the way back, and \
         nobody else was there. #lake #{word}\n\n\
         ## 17:00 Reeds\nBack at the bench I glued the reeds of the harmonium once more, and I am happy \
         and relieved: the first one holds. Hester laughed and made tea for both of us. Finished the \
         whole upper row before supper. #harmonium #{word}\n"
    )
}

fn write_days(world: &World, days: &[&str]) {
    for (n, day) in days.iter().enumerate() {
        let words = ["fold", "hinge", "pallet", "cloth", "spring", "peg", "wire", "felt", "cord"];
        world.write(&format!("{day}.md"), weighty(words[n % words.len()]));
    }
    world.scan();
}

/// A model that says nothing of feelings makes moments of little weight.
fn all_matter(it: &mut InsightSettings) {
    it.min_importance = 0.3;
}

fn settings(world: &World, change: impl FnOnce(&mut InsightSettings)) {
    let mut settings = world.journal.settings();
    settings.mind.min_gap_ms = 0;
    change(&mut settings.insights);
    world.journal.change_settings(settings).expect("settings are kept");
}

fn stage(world: &World, stage: Stage) -> StageReport {
    let request = DreamRequest { stages: vec![stage], ..DreamRequest::default() };
    of(&world.dream_with(&request), stage)
}

fn of(report: &DreamReport, stage: Stage) -> StageReport {
    report.stages.iter().find(|one| one.stage == stage).expect("it ran").clone()
}

fn reflections(world: &World) -> Vec<ReflectionView> {
    list_reflections(&world.journal, ListReflections::default()).expect("they are listed")
}

fn insights(world: &World) -> Vec<InsightView> {
    list_insights(&world.journal, ListInsights::default()).expect("they are listed")
}

fn of_kind(world: &World, kind: InsightKind) -> Vec<InsightView> {
    let request = ListInsights { kind: Some(kind), ..ListInsights::default() };
    list_insights(&world.journal, request).expect("they are listed")
}

fn ends(world: &World, depth: Depth) -> Vec<String> {
    let all = reflections(world).into_iter().filter(|one| one.depth == depth);
    all.map(|one| one.ends_on).collect()
}

fn around(model: &Scripted) -> Around {
    let quick = Duration::from_millis(1);
    Around {
        server: Some(Arc::new(model.clone())),
        patience: Patience { first_wait: quick, until_back: quick, ..Patience::default() },
        ..Around::default()
    }
}

/// A careful reader that reflects like this, while it is there.
fn reflecting(reply: &Value) -> (Scripted, Arc<AtomicBool>, Arc<Mutex<Value>>) {
    let (switch, reply) = (Arc::new(AtomicBool::new(true)), Arc::new(Mutex::new(reply.clone())));
    let (is_there, says) = (Arc::clone(&switch), Arc::clone(&reply));
    let model = Scripted::new(move |chat| {
        if !is_there.load(Ordering::SeqCst) {
            return Err(Fault::Passing("out of memory".into()));
        }
        let is_ours = chat.schema["properties"].get("reflection").is_some();
        let said =
            if is_ours { says.lock().expect("a reply").clone() } else { reader::reply(chat) };
        Ok(Scripted::said(&said.to_string()))
    });
    (model, switch, reply)
}

fn good() -> Value {
    json!({
        "patterns": [{ "evidence": ["m1", "m2"], "statement": "The harmonium frustrates, the lake calms." }],
        "reflection": "The harmonium took the morning, and the lake gave it back.",
        "sentiment": 1,
        "strategies": [
            { "evidence": ["m1", "m2", "m3"], "statement": "After the bellows the cold lake helps." },
        ],
        "themes": [{ "evidence": ["m1", "m3"], "statement": "The harmonium" }],
    })
}

#[test]
fn a_day_that_mattered_is_reflected_on_and_what_was_found_shows_its_evidence() {
    let world = World::new();
    write_days(&world, &["2026-10-12", "2026-10-13"]);
    let report = of(&world.dream(), Stage::Reflect);
    assert_eq!((report.end, report.counts["reflections_generated"]), (StageEnd::Done, 2.0));
    let newest = &reflections(&world)[0];
    assert_eq!((newest.ends_on.as_str(), newest.depth), ("2026-10-13", Depth::Analytical));
    assert_eq!((newest.outcome, newest.layer.as_str()), (Outcome::Partial, "reflective"));
    assert!(newest.text.starts_with("3 moments stood out"), "{}", newest.text);
    assert_eq!(newest.samples.len(), 3);
    let theme = &of_kind(&world, InsightKind::Theme)[0];
    assert!(
        theme.statement.contains("“harmonium” keeps coming back: 4 moments on 2 days"),
        "{theme:?}"
    );
    assert!(newest.insight_ids.contains(&theme.id));
    assert_eq!(theme.evidence.len(), 4);
    for moment in &theme.evidence {
        assert!(
            !moment.record_ids.is_empty() && moment.title == world.moment(moment.id).moment.title
        );
    }
}

#[test]
fn fewer_than_three_moments_that_matter_are_too_few() {
    let world = World::new();
    world.write("2026-10-13.md", "## 09:00\nSwept the yard.\n\n## 12:00\nAte soup.\n");
    world.scan();
    let report = of(&world.dream(), Stage::Reflect);
    assert_eq!((report.end, report.reason.as_str()), (StageEnd::Skipped, "insufficient_memories"));
    assert_eq!(reflections(&world), []);
}

#[test]
fn a_journal_without_anything_has_nothing_to_reflect_on() {
    let world = World::new();
    let before = world.everything();
    let report = stage(&world, Stage::Reflect);
    assert_eq!((report.end, report.reason.as_str()), (StageEnd::Skipped, "insufficient_memories"));
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn the_settings_switch_it_off_in_three_ways() {
    let ways: [fn(&mut InsightSettings); 3] =
        [|it| it.is_on = false, |it| it.reflects = false, |it| it.mode = ReflectiveMode::Lite];
    for way in ways {
        let world = World::new();
        write_days(&world, &["2026-10-13"]);
        settings(&world, way);
        let report = of(&world.dream(), Stage::Reflect);
        assert_eq!((report.end, report.reason.as_str()), (StageEnd::Skipped, "disabled_by_config"));
        for table in TABLES {
            assert_eq!(world.everything()[table], Vec::<String>::new(), "{table}");
        }
    }
}

#[test]
fn who_asks_for_a_depth_gets_it_in_lite_mode_but_not_against_the_master_switch() {
    let world = World::new();
    write_days(&world, &["2026-10-13"]);
    settings(&world, |it| it.mode = ReflectiveMode::Lite);
    world.dream();
    let surface = ReflectRequest { depth: Some(Depth::Surface), ..ReflectRequest::default() };
    let pairs = reflect(&world.journal, surface).expect("it reflects");
    assert_eq!(ends(&world, Depth::Surface), ["2026-10-13"]);
    assert!(!reflections(&world)[0].is_provisional, "no model is missed for it");
    assert_eq!(pairs[0].reflection_id, reflections(&world)[0].id);
    settings(&world, |it| it.is_on = false);
    world.write("2026-10-14.md", weighty("valve"));
    world.scan();
    world.dream();
    assert_eq!(reflect(&world.journal, surface).expect("it is skipped"), []);
}

#[test]
fn what_it_looks_at_goes_by_the_flags_or_the_settings() {
    let world = World::new();
    write_days(&world, &["2026-10-12", "2026-10-13"]);
    stage(&world, Stage::Moments);
    let n = |request: ReflectRequest| {
        let request = DreamRequest {
            stages: vec![Stage::Reflect],
            reflect: request,
            ..DreamRequest::default()
        };
        world.dream_with(&request);
        reflections(&world)
            .into_iter()
            .find(|one| one.ends_on == "2026-10-13")
            .map(|one| one.samples.len())
    };
    let base = ReflectRequest::default();
    assert_eq!(n(ReflectRequest { lookback_hours: Some(48), ..base }), Some(6));
    assert_eq!(
        n(ReflectRequest { lookback_hours: Some(48), max_samples: Some(4), ..base }),
        Some(4)
    );
    assert_eq!(
        n(ReflectRequest { lookback_hours: Some(7), ..base }),
        None,
        "one moment is too few"
    );
    assert_eq!(n(ReflectRequest { min_importance: Some(0.99), ..base }), None);
    settings(&world, |it| it.lookback_hours = 48);
    assert_eq!(n(base), Some(6));
    let wrong = ReflectRequest { min_importance: Some(7.0), ..base };
    assert!(reflect(&world.journal, wrong).is_err());
}

#[test]
fn a_second_run_writes_nothing() {
    let world = World::new();
    write_days(&world, &["2026-10-11", "2026-10-12", "2026-10-13"]);
    world.dream();
    world.pass(60_000);
    let before = world.everything();
    let again = world.dream();
    assert_eq!(again.dream_id, None);
    assert_eq!(of(&again, Stage::Reflect).end, StageEnd::Unchanged);
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

/// What the tables say, without when and under which revision it was written.
fn said(world: &World) -> Vec<String> {
    let file = outside(world.journal.path());
    let mut all = Vec::new();
    for sql in [
        "SELECT depth || ends_on || text || sentiment || sample_ids || found || hex(input_hash) || mind
         FROM reflections ORDER BY 1",
        "SELECT kind || hex(key) || statement || moment_ids || confidence || n_seen || last_seen_on
         FROM insights ORDER BY 1",
        "SELECT moment_id || ' ' || importance FROM moment_importance ORDER BY 1",
        "SELECT kind || hex(key) || statement || made_on || due_on || confidence || outcome || settled_by
         FROM predictions ORDER BY 1",
    ] {
        let mut find = file.prepare(sql).expect("a table");
        let rows = find.query_map([], |row| row.get::<_, String>(0)).expect("rows");
        all.extend(rows.map(|row| row.expect("a row")));
    }
    all
}

#[test]
fn stages_alone_in_any_order_and_then_a_whole_dream_end_as_a_whole_dream() {
    let whole = World::new();
    write_days(&whole, &["2026-10-10", "2026-10-11", "2026-10-12", "2026-10-13"]);
    whole.dream();
    let world = World::new();
    write_days(&world, &["2026-10-10", "2026-10-11", "2026-10-12", "2026-10-13"]);
    for one in [Stage::Predict, Stage::Reflect, Stage::Decay, Stage::Moments, Stage::Reflect] {
        stage(&world, one);
    }
    for one in [Stage::Affinity, Stage::Predict, Stage::Reflect] {
        stage(&world, one);
    }
    world.dream();
    assert_eq!(said(&world), said(&whole));
    assert!(!said(&whole).is_empty());
}

#[test]
fn an_imported_history_is_looked_at_by_the_days_on_which_it_happened() {
    let world = World::new();
    settings(&world, all_matter);
    let days: Vec<String> = (1..=9).map(|day| format!("2019-03-0{day}")).collect();
    write_days(&world, &days.iter().map(String::as_str).collect::<Vec<_>>());
    world.dream();
    let wanted: Vec<&str> = days.iter().rev().take(7).map(String::as_str).collect();
    assert_eq!(ends(&world, Depth::Analytical), wanted, "seven days back, each once");
    assert_eq!(ends(&world, Depth::Meta), ["2019-03-03"], "the Sunday among them ends a week");
}

#[test]
fn days_on_which_nobody_dreamt_are_made_up_for() {
    let world = World::new();
    settings(&world, all_matter);
    write_days(&world, &["2026-10-07"]);
    world.dream();
    let first = reflections(&world)[0].clone();
    for (day, word) in [("2026-10-09", "valve"), ("2026-10-10", "lever"), ("2026-10-13", "stop")] {
        world.write(&format!("{day}.md"), weighty(word));
    }
    world.scan();
    world.dream();
    let all = ["2026-10-13", "2026-10-10", "2026-10-09", "2026-10-07"];
    assert_eq!(ends(&world, Depth::Analytical), all);
    let days: Vec<ReflectionView> = reflections(&world);
    assert!(days.iter().any(|one| one.id == first.id && one.ends_on == "2026-10-07"));
}

#[test]
fn a_longer_look_covers_the_days_it_looks_at() {
    let world = World::new();
    settings(&world, |it| it.lookback_hours = 72);
    write_days(&world, &["2026-10-09", "2026-10-10", "2026-10-11", "2026-10-12", "2026-10-13"]);
    world.dream();
    assert_eq!(ends(&world, Depth::Analytical), ["2026-10-13", "2026-10-10"]);
}

#[test]
fn the_same_found_again_is_the_same_insight_seen_twice() {
    let world = World::new();
    write_days(&world, &["2026-10-12"]);
    world.dream();
    world.write("2026-10-13.md", weighty("valve"));
    world.scan();
    world.dream();
    let first = of_kind(&world, InsightKind::Theme)[0].clone();
    assert_eq!((first.n_seen, first.statement.contains("harmonium")), (1, true), "{first:?}");
    world.write("2026-10-14.md", weighty("pallet"));
    world.scan();
    world.dream();
    let again = of_kind(&world, InsightKind::Theme);
    let again = again.iter().find(|one| one.id == first.id).expect("the same one");
    assert_eq!((again.n_seen, again.last_seen_on.as_str()), (2, "2026-10-14"));
    assert!(again.confidence > first.confidence, "{again:?}");
    assert_eq!(again.evidence.len(), 6);
}

#[test]
fn what_helped_once_before_is_a_strategy_and_each_reflection_names_it() {
    let world = World::new();
    write_days(&world, &["2026-10-11", "2026-10-12", "2026-10-13"]);
    let report = of(&world.dream(), Stage::Reflect);
    let strategies = of_kind(&world, InsightKind::Strategy);
    assert!(!strategies.is_empty() && report.counts["strategies"] > 0.0);
    for one in &strategies {
        assert_eq!(one.layer, "procedural");
        assert!(one.evidence.len() >= 2, "{one:?}");
    }
    let pairs = rem_core::api::insights::reflected(&world.journal, Some(1)).expect("pairs");
    let ids: Vec<i64> = strategies.iter().map(|one| one.id).collect();
    assert!(pairs.iter().filter_map(|pair| pair.strategy_id).all(|id| ids.contains(&id)));
    assert!(pairs.iter().any(|pair| pair.strategy_id.is_some()), "{pairs:?}");
}

#[test]
fn what_the_person_hides_or_confirms_stays_so_through_dreams_and_undoing() {
    let world = World::new();
    write_days(&world, &["2026-10-12", "2026-10-13"]);
    world.dream();
    let all = insights(&world);
    let decide = |id, decision| {
        decide_insight(&world.journal, DecideInsight { id, decision }).expect("it is kept")
    };
    decide(all[0].id, Some(Decision::Hidden));
    decide(all[1].id, Some(Decision::Confirmed));
    world.write("2026-10-14.md", weighty("pallet"));
    world.scan();
    let second = world.dream().dream_id.expect("a dream");
    let of = |statement: &InsightView, with_hidden| {
        let request = ListInsights { with_hidden, ..ListInsights::default() };
        let all = list_insights(&world.journal, request).expect("they are listed");
        all.into_iter().find(|one| one.id == statement.id)
    };
    for _ in 0..2 {
        assert_eq!(of(&all[0], false), None);
        assert_eq!(of(&all[0], true).expect("hidden").decision, Some(Decision::Hidden));
        assert_eq!(of(&all[1], false).expect("shown").decision, Some(Decision::Confirmed));
        // And once more after the second night is undone.
        let _ = world.journal.undo_dream(second);
    }
    decide(all[0].id, None);
    assert_eq!(of(&all[0], false).expect("shown again").decision, None);
    let missing = DecideInsight { id: 9_999, decision: None };
    assert!(decide_insight(&world.journal, missing).is_err());
}

#[test]
fn a_night_is_undone_to_the_letter() {
    let world = World::new();
    write_days(&world, &["2026-10-11", "2026-10-12"]);
    let tables = |world: &World| {
        let all = world.everything();
        let of = |table: &str| (table.to_owned(), all[table].clone());
        ["reflections", "insights", "moment_importance", "predictions"]
            .map(of)
            .into_iter()
            .collect()
    };
    let before = tables(&world);
    let first = world.dream().dream_id.expect("a dream");
    let between = tables(&world);
    world.write("2026-10-13.md", weighty("valve"));
    world.write("2026-10-12.md", weighty("cloth"));
    world.scan();
    let second = world.dream().dream_id.expect("a dream");
    assert_ne!(differences(&between, &tables(&world)), Vec::<String>::new());
    world.journal.undo_dream(second).expect("it is undone");
    assert_eq!(differences(&between, &tables(&world)), Vec::<String>::new());
    world.journal.undo_dream(first).expect("it is undone");
    assert_eq!(differences(&before, &tables(&world)), Vec::<String>::new());
}

#[test]
fn a_forgotten_source_leaves_no_word_in_any_insight_and_its_days_are_reflected_on_anew() {
    let (model, _, _) = reflecting(&good());
    let world = World::around(around(&model));
    settings(&world, all_matter);
    write_days(&world, &["2026-10-12", "2026-10-13"]);
    let other = world.home().join("secrets");
    std::fs::create_dir(&other).expect("a folder");
    let secret = "## 20:00 Zibellina\nXanthippe showed me the zibellina at the marzipanwerk until late, and \
                  I was happy and proud all evening long, more than I had been in months, and said so to \
                  everybody on the way home. Agreed to go there again soon. #zibellina #harmonium\n\n## 21:00 \
                  Zibellina again\nThe zibellina once more, with Xanthippe, sad and tired because the \
                  marzipanwerk closes and nobody knows what comes of it. #zibellina #harmonium\n";
    for day in ["2026-10-12", "2026-10-13"] {
        let secret = secret.replace("until late", &format!("until late on {day}"));
        std::fs::write(other.join(format!("{day}.md")), secret).expect("a note");
    }
    let source = rem_core::sources::add(&world.journal, &other, true).expect("a source");
    world.journal.scan(source, true, &Default::default()).expect("it is read");
    world.dream();
    world.write("2026-10-13.md", weighty("knob"));
    world.scan();
    world.dream();
    let holds = |world: &World| -> Vec<String> {
        let words = ["zibellina", "xanthippe", "marzipanwerk"];
        let is_held = |row: &String| words.iter().any(|word| row.to_lowercase().contains(word));
        let all = world.everything().into_iter();
        all.filter(|(_, rows)| rows.iter().any(is_held)).map(|(table, _)| table).collect()
    };
    let held = holds(&world);
    assert!(
        held.contains(&"insights".into()) && held.contains(&"revision_rows".into()),
        "{held:?}"
    );
    let ids: Vec<i64> = reflections(&world).iter().map(|one| one.id).collect();
    world.forget_source(source);
    assert_eq!(holds(&world), Vec::<String>::new());
    assert!(reflections(&world).iter().all(|one| one.text.is_empty() && one.samples.is_empty()));
    world.dream();
    let anew = reflections(&world);
    assert_eq!(anew.iter().map(|one| one.id).collect::<Vec<_>>(), ids, "the same ones");
    assert!(anew.iter().all(|one| !one.text.is_empty()), "{anew:#?}");
    assert_eq!(holds(&world), Vec::<String>::new());
}

#[test]
fn a_correction_is_what_later_reflections_speak_of() {
    let world = World::new();
    write_days(&world, &["2026-10-13"]);
    world.dream();
    let id = reflections(&world)[0].samples[0].id;
    let title = Correction::Title { title: "The day of the kingfisher".into() };
    correct_moment(&world.journal, CorrectMoment { id, correction: title })
        .expect("it is corrected");
    world.dream();
    let text = &reflections(&world)[0].text;
    assert!(text.contains("“The day of the kingfisher”"), "{text}");
    let hide = Correction::Hidden { hidden: true };
    correct_moment(&world.journal, CorrectMoment { id, correction: hide }).expect("it is hidden");
    world.dream();
    assert_eq!(reflections(&world), [], "two are too few");
    assert_eq!(insights(&world), []);
}

#[test]
fn a_dream_is_counted_as_the_papers_count_it_on_its_row_too() {
    let world = World::new();
    write_days(&world, &["2026-10-12", "2026-10-13"]);
    let report = world.dream();
    let stats = serde_json::to_value(report.maintenance.expect("it did something")).expect("JSON");
    assert_eq!(stats["decay"], json!({ "total_tenants": 1, "total_updated": 0 }));
    assert_eq!(stats["dreaming"], json!({ "tenants_processed": 1, "reflections_generated": 2 }));
    assert_eq!(stats["summarization"], json!({ "tenants_processed": 1, "summaries_created": 0 }));
    assert_eq!(stats["config"], json!({ "reflective_enabled": true, "mode": "full" }));
    assert!(stats["started_at"].as_i64() <= stats["completed_at"].as_i64());
    let row: String = outside(world.journal.path())
        .query_row("SELECT report -> '$.maintenance' FROM dreams", [], |row| row.get(0))
        .expect("the dream's row");
    assert_eq!(serde_json::from_str::<Value>(&row).expect("JSON"), stats);
}

#[test]
fn conversations_are_summarised_only_where_that_is_switched_on() {
    let world = World::new();
    write_days(&world, &["2026-10-13"]);
    let summaries = |is_on| {
        let mut settings = world.journal.settings();
        settings.summaries.is_on = is_on;
        world.journal.change_settings(settings).expect("settings are kept");
    };
    summaries(false);
    let report = of(&world.dream(), Stage::Summarize);
    assert_eq!((report.end, report.reason.as_str()), (StageEnd::Skipped, "summarization_disabled"));
    summaries(true);
    let chat = world.home().join("WhatsApp Chat with Tomas.txt");
    std::fs::write(&chat, "13.10.26, 09:00 - Tomas: Are you coming to the lake?\n")
        .expect("a chat");
    world.import(&chat);
    let report = of(&world.dream(), Stage::Summarize);
    assert_eq!((report.end, report.reason.as_str()), (StageEnd::Skipped, "insufficient_events"));
}
