use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use rem_cli::Exit;
use rem_core::mind::{
    around::{Around, Keychain},
    scripted::Scripted,
};

use super::Desk;

#[test]
fn settings_of_the_mind_are_named_shown_and_changed_one_by_one() {
    let desk = Desk::with_notes();
    assert_eq!(desk.does(&["settings", "mind.server"]), "ollama\n");
    desk.does(&["settings", "mind.most-minutes", "45"]);
    desk.does(&["settings", "mind.waits_on_battery", "no"]);
    desk.does(&["settings", "mind.fast_model", "qwen3:4b"]);
    let mind = &desk.asks(&["settings"])["mind"];
    assert_eq!(mind["most_minutes"], 45);
    assert_eq!(mind["waits_on_battery"], false);
    assert_eq!(mind["fast_model"], "qwen3:4b");
    let group = desk.does(&["settings", "mind"]);
    assert!(group.contains("mind.concurrency") && !group.contains("zone"), "{group}");
    let all = desk.does(&["settings"]);
    assert!(all.contains("mind.embedding_model") && all.contains("zone"), "{all}");
}

#[test]
fn settings_of_the_mind_refuse_what_cannot_be() {
    let desk = Desk::with_notes();
    for (key, value) in [
        ("mind.server", "cloud"),
        ("mind.concurrency", "9"),
        ("mind.window_tokens", "12"),
        ("mind.most_minutes", "all night"),
        ("mind", "off"),
        ("mind.colour", "blue"),
        ("zone.server", "off"),
    ] {
        assert_eq!(desk.fails(&["settings", key, value]).exit, Exit::Usage, "{key} {value}");
    }
}

#[test]
fn a_choice_of_models_has_to_choose_something_that_can_be() {
    let desk = Desk::with_notes();
    assert_eq!(desk.fails(&["models", "use"]).exit, Exit::Usage);
    assert_eq!(desk.fails(&["models", "use", "--server", "cloud"]).exit, Exit::Usage);
    let nowhere = desk.fails(&["models", "use", "--server", "openai"]);
    assert_eq!(nowhere.exit, Exit::Usage);
    assert!(nowhere.err.contains("--address"), "{}", nowhere.err);
    assert_eq!(desk.asks(&["settings"])["mind"]["server"], "ollama");
}

#[test]
fn a_key_that_is_none_is_refused_and_never_repeated() {
    let desk = Desk::with_notes();
    let two_lines: &[u8] = b"s3cret\nother";
    for input in [b"".as_slice(), b" \n", two_lines, b"s3cret\xff", &[b'k'; 20_000]] {
        let ran = desk.rem_with_input(&["models", "key"], input);
        assert_eq!(ran.exit, Exit::Usage, "{}", ran.err);
        assert!(!ran.err.contains("s3cret") && !ran.err.contains("kkk"), "{}", ran.err);
    }
    assert_eq!(desk.fails(&["models", "key", "s3cret"]).exit, Exit::Usage);
}

#[test]
fn what_contradicts_itself_about_a_dream_is_refused() {
    let desk = Desk::with_notes();
    for words in [
        ["dream", "--compare", "--dry-run"],
        ["dream", "--compare", "--summary-only"],
        ["dream", "--redo", "--summary-only"],
    ] {
        assert_eq!(desk.fails(&words).exit, Exit::Usage, "{words:?}");
    }
    assert_eq!(desk.fails(&["ledger", "--limit", "0"]).exit, Exit::Usage);
}

#[test]
fn help_shows_how_it_is_done() {
    let desk = Desk::new();
    for words in [&["models", "--help"][..], &["models", "use", "--help"], &["dream", "--help"]] {
        let help = desk.does(words);
        assert!(help.contains("Examples:") && help.contains("rem "), "{help}");
    }
}

#[test]
fn completions_know_the_models() {
    let desk = Desk::new();
    let script = desk.does(&["completions", "bash"]);
    for word in ["models", "ledger", "--agree-to-send-to", "--llm"] {
        assert!(script.contains(word), "{word}");
    }
}

/// A desk beside a server whose one model, "scripted", never says anything usable.
fn beside_a_babbler() -> (Desk, Scripted) {
    let mut desk = Desk::with_notes();
    let script = Scripted::new(|_| Ok(Scripted::said("\u{1b}[2J no JSON at all")));
    desk.around = Around { server: Some(Arc::new(script.clone())), ..Around::default() };
    (desk, script)
}

#[derive(Default)]
struct Drawer(Mutex<HashMap<String, String>>);

impl Keychain for Drawer {
    fn get(&self, name: &str) -> Result<Option<String>, String> {
        Ok(self.0.lock().expect("a whole drawer").get(name).cloned())
    }

    fn set(&self, name: &str, secret: &str) -> Result<(), String> {
        let mut kept = self.0.lock().expect("a whole drawer");
        if secret.is_empty() {
            kept.remove(name);
        } else {
            kept.insert(name.to_owned(), secret.to_owned());
        }
        Ok(())
    }
}

#[test]
fn models_are_listed_with_what_dreams_at_present() {
    let (desk, _) = beside_a_babbler();
    let said = desk.does(&["models"]);
    assert!(said.starts_with("scripted dreams, through a script."), "{said}");
    let view = desk.asks(&["models", "list"]);
    assert_eq!(view["fast"], "scripted");
    assert_eq!(view["models"][0]["name"], "scripted");
}

#[test]
fn a_choice_of_models_is_kept_and_said_back() {
    let (desk, _) = beside_a_babbler();
    let said = desk.does(&["models", "use", "--fast", "off", "--deep", "off"]);
    assert!(said.contains("The built-in analyser dreams."), "{said}");
    assert_eq!(desk.asks(&["settings"])["mind"]["fast_model"], "off");
    desk.does(&["models", "use", "--fast", "auto", "--deep", "auto"]);
    assert_eq!(desk.asks(&["models"])["fast"], "scripted");
    let away = desk.rem(&["models", "use", "--fast", "nobody"]);
    assert_eq!(away.exit, Exit::Done);
    assert!(away.err.contains("rem models pull nobody"), "{}", away.err);
}

#[test]
fn another_computer_is_agreed_to_only_by_its_own_address() {
    let desk = Desk::with_notes();
    let far = "http://10.0.0.5:11434";
    let said = desk.does(&["models", "use", "--address", far]);
    assert!(said.contains("until you agree to it"), "{said}");
    let wrong = desk.fails(&["models", "use", "--agree-to-send-to", "http://10.0.0.6:11434"]);
    assert_eq!(wrong.exit, Exit::Usage);
    assert_eq!(desk.asks(&["settings"])["mind"]["agreed_address"], "");
}

#[test]
fn a_download_that_cannot_be_fails_with_its_reason() {
    let (desk, _) = beside_a_babbler();
    let ran = desk.fails(&["models", "pull", "nobody"]);
    assert_eq!(ran.exit, Exit::Failed);
    assert!(ran.err.contains("nobody"), "{}", ran.err);
}

#[test]
fn a_key_goes_into_the_keychain_and_nowhere_else() {
    let (mut desk, _) = beside_a_babbler();
    let drawer = Arc::new(Drawer::default());
    desk.around.keychain = drawer.clone();
    desk.secret = Some("s3cret".into());
    let own = ["models", "use", "--server", "openai", "--address", "http://127.0.0.1:1234/v1"];
    desk.does(&own);
    let ran = desk.rem(&["models", "key"]);
    assert_eq!(ran.exit, Exit::Done, "{}", ran.err);
    assert!(!ran.out.contains("s3cret") && !ran.err.contains("s3cret"));
    assert!(drawer.0.lock().unwrap().values().any(|kept| kept == "s3cret"));
    assert!(!desk.does(&["settings", "--json"]).contains("s3cret"));
    desk.does(&["models", "key", "--forget"]);
    assert!(drawer.0.lock().unwrap().is_empty());
}

#[test]
fn a_model_that_babbles_fails_its_trial() {
    let (desk, _) = beside_a_babbler();
    let ran = desk.fails(&["models", "test", "--json"]);
    assert_eq!(ran.exit, Exit::Failed);
    let reports: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(reports[0]["name"], "scripted");
    assert_eq!(reports[0]["is_good"], false);
    desk.does(&["models", "use", "--fast", "off", "--deep", "off", "--embedding", "off"]);
    assert_eq!(desk.fails(&["models", "test"]).exit, Exit::Usage);
}

#[test]
fn the_ledger_tells_what_a_dream_asked_and_what_was_wrong_with_the_replies() {
    let (desk, script) = beside_a_babbler();
    let report = desk.asks(&["dream"]);
    let ledger = desk.asks(&["ledger"]);
    let stages = ledger["dreams"][0]["stages"].as_array().unwrap();
    let calls: u64 = stages.iter().filter_map(|stage| stage["n_calls"].as_u64()).sum();
    assert_eq!(calls, script.asked().len() as u64);
    assert_eq!(ledger["dreams"][0]["dream_id"], report["dream_id"]);
    let said = desk.does(&["ledger"]);
    assert!(said.contains("did not have the form that was asked for"), "{said}");
    assert!(said.contains("In the last 30 days:"), "{said}");
    assert_eq!(desk.fails(&["ledger", "--dream", "99999"]).exit, Exit::NotFound);
}

#[test]
fn a_dream_can_do_without_the_model_once() {
    let (desk, script) = beside_a_babbler();
    let report = desk.asks(&["dream", "--llm", "off"]);
    assert_eq!(report["mind"], "built-in analyser");
    assert!(script.asked().is_empty());
}

#[test]
fn what_a_model_is_asked_is_shown_only_when_wanted_and_never_obeyed() {
    let (desk, _) = beside_a_babbler();
    let quiet = desk.rem(&["dream", "--start", "2026-10-13", "--end", "2026-10-13"]);
    assert_eq!(quiet.err, "");
    let loud = desk.rem(&["dream", "--start", "2026-10-14", "--debug"]);
    assert!(loud.err.starts_with("┌── "), "{}", loud.err);
    assert!(loud.err.contains("├ reply\n│    no JSON at all\n└──"), "{}", loud.err);
    assert!(!loud.err.contains('\u{1b}'));
}

#[test]
fn a_comparison_shows_both_and_writes_nothing() {
    let mut desk = Desk::with_notes();
    let script = rem_tests::support::reader::reader();
    desk.around = Around { server: Some(Arc::new(script)), ..Around::default() };
    desk.does(&["dream", "--llm", "off"]);
    let before = desk.asks(&["timeline"]);
    let said = desk.does(&["dream", "--compare", "--start", "2026-10-01"]);
    assert!(said.starts_with("Compared ") && said.contains("nothing was written"), "{said}");
    assert!(said.contains("before, by built-in analyser"), "{said}");
    assert!(said.contains("Read: "), "{said}");
    assert_eq!(desk.asks(&["timeline"]), before);
}

#[test]
fn a_dry_run_says_about_how_many_calls_it_would_take() {
    let (desk, script) = beside_a_babbler();
    let report = desk.asks(&["dream", "--dry-run"]);
    assert!(report["estimate"]["n_calls"].as_u64() > Some(0), "{report}");
    assert!(script.asked().is_empty());
}
