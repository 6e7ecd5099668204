use std::{
    sync::{Arc, Mutex, mpsc::Receiver},
    time::Duration,
};

use rem_core::{
    api::{
        Empty,
        minds::{
            ModelName, PullState, ServerKey, ShowLedger, cancel_pull, keep_key, pull_model,
            show_ledger, show_mind, try_model,
        },
        notes::{AddNote, add_note},
    },
    event::Event,
    journal::Cancel,
    mind::{
        around::{Around, Keychain},
        caller::Profile,
        choose::Minds,
    },
    settings::ServerKind,
};
use rem_tests::support::{FakeModel, FakeOllama, Fate};
use serde_json::json;

use super::{Home, MODEL, around, fake};

fn named(name: &str) -> ModelName {
    ModelName { name: name.into() }
}

#[test]
fn without_a_word_in_the_settings_the_best_that_fits_is_used_for_everything() {
    let fake = FakeOllama::with([
        FakeModel::chat("llama3.2:1b")
            .but(|m| (m.size, m.parameters) = (1_300_000_000, "1.2B".into())),
        FakeModel::chat(MODEL),
        FakeModel::chat("llama3.3:70b")
            .but(|m| (m.size, m.parameters) = (43_000_000_000, "70B".into())),
        FakeModel::embedding("nomic-embed-text:latest"),
    ]);
    let home = Home::beside(&fake);
    let minds = Minds::open(&home.journal, None, &Cancel::default()).expect("no store fails");
    for profile in [Profile::Fast, Profile::Deep] {
        assert_eq!(minds.of(profile).expect("a model").card().name, MODEL);
    }
    let found = Minds::find_embedder(&home.journal, &Cancel::default()).expect("no store fails");
    let found = found.expect("an embedder");
    assert_eq!(found.name(), "nomic-embed-text:latest");
    assert!(fake.asked("/api/embed").is_empty(), "to find it is not to load it");
    let embedder = found.open(&Cancel::default()).expect("no store fails").expect("it opens");
    assert_eq!(embedder.card().name, "nomic-embed-text:latest");
    let view = show_mind(&home.journal, Empty {}).expect("a view");
    assert_eq!((view.fast.as_deref(), view.problem), (Some(MODEL), None));
    assert_eq!(view.version.as_deref(), Some("0.32.15"));
    let of = |name: &str| view.models.iter().find(|m| m.name == name).expect("it is listed");
    assert_eq!(of(MODEL).used_for, ["fast", "deep"]);
    assert_eq!(of("nomic-embed-text:latest").used_for, ["embedding"]);
    assert_eq!(of("llama3.3:70b").fits, Some(false));
    assert_eq!(of(MODEL).fits, Some(true));
}

#[test]
fn a_server_that_does_not_list_abilities_is_asked_for_each_model() {
    let fake = fake();
    fake.set_version("0.24.0");
    let view = show_mind(&Home::beside(&fake).journal, Empty {}).expect("a view");
    assert_eq!(view.fast.as_deref(), Some(MODEL));
    assert_eq!(view.models.iter().filter(|model| model.can_embed).count(), 1);
    assert_eq!(view.cautions.len(), 1);
}

#[test]
fn off_is_off_in_the_settings_and_for_once() {
    let fake = fake();
    let home = Home::beside(&fake);
    let once = Minds::open(&home.journal, Some("off"), &Cancel::default()).expect("no store fails");
    assert!(once.is_off && once.fast.is_none() && once.reason.is_none());
    let off = Home::new(around(&fake.address()), |mind| mind.server = ServerKind::Off);
    assert!(Minds::open(&off.journal, None, &Cancel::default()).expect("no store fails").is_off);
    let view = show_mind(&off.journal, Empty {}).expect("a view");
    assert_eq!((view.server.as_str(), view.problem, view.models.len()), ("", None, 0));
    assert_eq!(fake.log().len(), 0);
}

#[test]
fn the_reason_for_having_no_model_says_what_to_do() {
    let nowhere = Home::new(around("127.0.0.1:1"), |_| {});
    let reason = |home: &Home, name: Option<&str>| {
        let minds = Minds::open(&home.journal, name, &Cancel::default()).expect("no store fails");
        assert!(minds.fast.is_none() && !minds.is_off);
        minds.reason.expect("a reason")
    };
    assert!(reason(&nowhere, None).contains("127.0.0.1:1"));
    let view = show_mind(&nowhere.journal, Empty {}).expect("a view");
    assert_eq!(view.server, "Ollama at 127.0.0.1:1");
    assert!(view.problem.is_some());
    assert_eq!(view.proposals.len(), 2);
    let empty = Home::beside(&FakeOllama::with([]));
    assert!(reason(&empty, None).contains("get one"));
    assert!(reason(&empty, Some("phi4:14b")).contains("phi4:14b"));
}

#[test]
fn a_trial_tells_a_model_that_reads_from_one_that_does_not() {
    let fake = fake();
    let home = Home::beside(&fake);
    let good =
        json!({ "place": "the boat shed", "people": ["Tomas", "Hester"], "feeling": "tired" });
    fake.next("/api/chat", Fate::say(&good.to_string()));
    let report = try_model(&home.journal, named(MODEL)).expect("a report");
    assert!(report.is_good, "{}", report.said);
    assert_eq!((report.load_ms, report.tokens_per_second), (1000, Some(7)));
    let blind = json!({ "place": "x", "people": ["Ilse"], "feeling": "glad" }).to_string();
    for bad in [blind.as_str(), "I am a model.", "{}", ""] {
        fake.next("/api/chat", Fate::say(bad));
        let report = try_model(&home.journal, named(MODEL)).expect("a report");
        assert!(!report.is_good && !report.said.is_empty(), "{bad}: {}", report.said);
    }
    let report = try_model(&home.journal, named("gone:1b")).expect("a report");
    assert!(report.said.contains("gone:1b"));
}

#[test]
fn a_trial_of_an_embedder_compares_a_vector_with_itself_in_a_batch() {
    let fake = fake();
    let home = Home::beside(&fake);
    let report = try_model(&home.journal, named("nomic-embed-text")).expect("a report");
    assert!(report.is_good, "{}", report.said);
    fake.answer_with(|asked| {
        let n = asked.body["input"].as_array().map_or(0, Vec::len);
        let vectors = |first: f64| json!({ "embeddings": vec![vec![first, 1.0]; n] });
        match asked.path.as_str() {
            "/api/embed" if n > 1 => Fate::Json(vectors(-5.0)),
            "/api/embed" => Fate::Json(vectors(5.0)),
            _ => Fate::Usual,
        }
    });
    let report = try_model(&home.journal, named("nomic-embed-text")).expect("a report");
    assert!(!report.is_good, "{}", report.said);
}

/// The events about the download until it has ended.
fn pulled(events: &Receiver<Event>) -> Vec<PullState> {
    let mut states = Vec::new();
    while let Ok(event) = events.recv_timeout(Duration::from_secs(20)) {
        let Event::PullMoved { pull } = event else { continue };
        let has_ended = !matches!(pull, PullState::Pulling { .. });
        states.push(pull);
        if has_ended {
            return states;
        }
    }
    panic!("the download never ended: {states:?}");
}

#[test]
fn a_download_is_told_and_the_model_is_there_afterwards() {
    let fake = FakeOllama::with([]);
    fake.set_library([FakeModel::chat(MODEL)]);
    let home = Home::beside(&fake);
    let events = home.journal.events();
    let begun = pull_model(&home.journal, named(MODEL)).expect("it begins");
    assert!(matches!(begun, PullState::Pulling { .. }));
    let states = pulled(&events);
    assert_eq!(states.last(), Some(&PullState::Done { name: MODEL.into() }));
    let view = show_mind(&home.journal, Empty {}).expect("a view");
    assert_eq!(view.fast.as_deref(), Some(MODEL));
    assert_eq!(view.pull, PullState::Done { name: MODEL.into() });
}

#[test]
fn a_download_that_fails_says_why() {
    let fake = FakeOllama::with([]);
    let home = Home::beside(&fake);
    let failed = |name: &str| {
        let events = home.journal.events();
        pull_model(&home.journal, named(name)).expect("it begins");
        match pulled(&events).pop() {
            Some(PullState::Failed { message, .. }) => message,
            other => panic!("it should have failed: {other:?}"),
        }
    };
    assert!(failed("nonsense:9b").contains("no model of this name"));
    assert!(failed("gpt-oss:120b-cloud").contains("cloud"));
    assert_eq!(fake.asked("/api/pull").len(), 1);
    let broken = vec![json!({ "status": "pulling manifest" })];
    fake.next("/api/pull", Fate::Lines(broken));
    assert!(failed("broken:1b").contains("broke off"));
    fake.next("/api/pull", Fate::Reset);
    assert!(!failed("reset:1b").is_empty());
}

#[test]
fn one_download_at_a_time_and_it_can_be_stopped() {
    let fake = FakeOllama::with([]);
    fake.next("/api/pull", Fate::Hang);
    let home = Home::beside(&fake);
    let events = home.journal.events();
    pull_model(&home.journal, named(MODEL)).expect("it begins");
    assert!(fake.wait_for(|log| log.iter().any(|asked| asked.path == "/api/pull")));
    let second = pull_model(&home.journal, named("phi4:14b")).expect_err("one at a time");
    assert_eq!(second.code(), rem_core::Code::Busy);
    cancel_pull(&home.journal, Empty {}).expect("it is stopped");
    assert!(matches!(pulled(&events).last(), Some(PullState::Failed { .. })));
    assert!(fake.wait_for(|log| log.iter().any(|asked| asked.client_left)));
}

#[derive(Default)]
struct Drawer(Mutex<Vec<(String, String)>>);

impl Keychain for Drawer {
    fn get(&self, name: &str) -> Result<Option<String>, String> {
        let kept = self.0.lock().expect("no panic");
        Ok(kept.iter().find(|(key, _)| key == name).map(|(_, secret)| secret.clone()))
    }

    fn set(&self, name: &str, secret: &str) -> Result<(), String> {
        let mut kept = self.0.lock().expect("no panic");
        kept.retain(|(key, _)| key != name);
        if !secret.is_empty() {
            kept.push((name.into(), secret.into()));
        }
        Ok(())
    }
}

#[test]
fn a_key_goes_into_the_keychain_under_its_servers_address_and_comes_with_requests() {
    let fake = fake();
    let drawer = Arc::new(Drawer::default());
    let around = Around { keychain: drawer.clone(), ..around("127.0.0.1:1") };
    let home = Home::new(around, |mind| {
        mind.server = ServerKind::Openai;
        mind.address = fake.address();
    });
    keep_key(&home.journal, ServerKey { key: "invented-key".into() }).expect("it is kept");
    let names: Vec<String> =
        drawer.0.lock().expect("no panic").iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(names, [format!("openai:{}/v1", fake.address())]);
    let view = show_mind(&home.journal, Empty {}).expect("a view");
    assert!(view.has_key && view.fast.as_deref() == Some(MODEL));
    let log = fake.log();
    assert!(log.iter().all(|asked| asked.authorization.as_deref() == Some("Bearer invented-key")));
    let settings = serde_json::to_string(&home.journal.settings()).expect("settings");
    assert!(!settings.contains("invented-key"));
    keep_key(&home.journal, ServerKey { key: String::new() }).expect("it is forgotten");
    assert!(!show_mind(&home.journal, Empty {}).expect("a view").has_key);
}

#[test]
fn without_a_keychain_a_key_is_refused() {
    let home = Home::new(around("127.0.0.1:1"), |mind| {
        mind.server = ServerKind::Openai;
        mind.address = "127.0.0.1:8080".into();
    });
    let error = keep_key(&home.journal, ServerKey { key: "invented-key".into() });
    assert!(!error.expect_err("nowhere to keep it").to_string().contains("invented-key"));
}

struct Locked;

impl Keychain for Locked {
    fn get(&self, _name: &str) -> Result<Option<String>, String> {
        Err("the keychain is locked".into())
    }

    fn set(&self, _name: &str, _secret: &str) -> Result<(), String> {
        Err("the keychain is locked".into())
    }
}

#[test]
fn a_server_without_a_key_is_used_although_the_keychain_is_locked() {
    let fake = fake();
    let around = Around { keychain: Arc::new(Locked), ..around("127.0.0.1:1") };
    let home = Home::new(around, |mind| {
        mind.server = ServerKind::Openai;
        mind.address = fake.address();
    });
    let view = show_mind(&home.journal, Empty {}).expect("a view");
    assert_eq!(view.fast.as_deref(), Some(MODEL));
    assert!(!view.has_key && view.cautions.contains(&"the keychain is locked".to_owned()));
}

#[test]
fn the_ledger_of_a_journal_that_never_asked_is_empty() {
    let home = Home::beside(&fake());
    let ledger = show_ledger(&home.journal, ShowLedger::default()).expect("a ledger");
    assert_eq!((ledger.dreams.len(), ledger.month_calls), (0, 0));
}

#[test]
fn a_model_that_embeds_is_not_loaded_when_nothing_is_new() {
    let fake = FakeOllama::with([FakeModel::embedding("nomic-embed-text:latest")]);
    let home = Home::beside(&fake);
    let note = |text: &str| AddNote { text: text.into(), at: None };
    add_note(&home.journal, note("Ilse mended the pump.")).expect("a note");
    let embed = || home.journal.embed_as_set(&Cancel::default()).expect("no store fails");
    let n_asked = || fake.asked("/api/embed").len();
    assert!(embed() > 0);
    let before = n_asked();
    let last = fake.asked("/api/embed").pop().expect("a request");
    assert_eq!(last.body["keep_alive"], 0, "its memory is given back");
    assert_eq!((embed(), n_asked()), (0, before));
    add_note(&home.journal, note("Tomas left the choir.")).expect("a note");
    assert_eq!(embed(), 1);
    assert!(n_asked() > before);
}
