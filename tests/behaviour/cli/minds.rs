use rem_cli::Exit;

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
