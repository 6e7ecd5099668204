//! The real window, clicked as a person clicks it, on a display without a screen.
//!
//! `cargo xtask test --only window` provides what is needed: the built app, a display, a session bus,
//! tauri-driver and WebKit's driver. Pictures of what was seen go to `target/screenshots`, or to the
//! folder that `REM_SCREENSHOTS` names.
#![expect(clippy::expect_used, reason = "what a test prepares is there, or the test is broken")]

mod driver;
mod home;
mod mind;
mod screen;

#[cfg(target_os = "linux")]
mod panel;

use std::{
    fs,
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    driver::Page,
    home::{Home, wait_until},
    screen::Screen,
};

const TITLE: &str = "REM Journal";
const A_DREAM: Duration = Duration::from_secs(180);

/// One window at a time: they share a display, a bus and its one panel.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn a_new_person_sees_the_sample_dreamt_and_their_correction_survives_dreams_and_restarts() {
    let _alone = alone();
    let (home, screen) = (Home::new(), Screen::open());
    let page = Page::open(&home);

    page.wait("[data-testid=welcome][data-step=choose]");
    page.resize(1280, 800);
    screen.picture(TITLE, "welcome");
    page.click("[data-testid=welcome-sample]");
    page.click("[data-testid=welcome-dream]");
    page.wait_long("[data-testid=welcome-result]", A_DREAM);
    page.click("[data-testid=welcome-open]");

    // The timeline has the sample's days, and its moments rest on words that are really there.
    page.wait("[data-testid=strip]");
    let days = page.invoke("call", &ask("list_days", &json!({}))).expect("the days");
    assert!(days.as_array().is_some_and(|days| days.len() >= 20), "{days}");
    let day = a_day_with_moments(&days);
    page.run("location.hash = arguments[0]", &json!([format!("#/day/{day}")]));
    page.wait(&format!("[data-testid=day][data-day='{day}'] [data-testid=moment-card]"));
    both_themes(&page, &screen, "timeline");

    page.click("[data-moment-link]");
    page.wait("[data-testid=moment-panel] [data-testid=receipts]");
    both_themes(&page, &screen, "moment");
    let sample: Vec<String> = home.sample_texts().iter().map(|text| plain(text)).collect();
    let quotes = page.texts("[data-testid=receipts] q");
    assert!(!quotes.is_empty(), "a moment has receipts");
    for quote in &quotes {
        let words = plain(quote);
        assert!(
            !words.is_empty() && sample.iter().any(|text| text.contains(&words)),
            "not in any source: “{quote}”"
        );
    }
    page.click("[data-testid=receipts] a");
    page.wait("[data-testid=record]");
    let marked = wait_until("marked words in the record", driver::PATIENCE, || {
        page.texts("[data-testid=record] mark").into_iter().next()
    });
    let words = plain(&marked);
    assert!(sample.iter().any(|text| text.contains(&words)), "not in any source: “{marked}”");
    page.resize(1280, 800);
    screen.picture(TITLE, "record-night");
    page.click("[data-testid=record-back]");

    // A correction, then new writing on that very day, then another dream.
    let name = "What I call it myself";
    page.click("[data-testid=moment-edit]");
    page.write("[data-testid=title-input]", name);
    page.click("[data-testid=title-save]");
    page.wait("[data-testid=yours-title]");
    assert_eq!(page.text("[data-testid=moment-panel] h2"), name);
    let before = dreams(&page);
    write_more(&home, &page, &day);
    page.click("[data-testid=dream-now]");
    wait_until("the second dream ends", A_DREAM, || (dreams(&page) > before).then_some(()));
    assert_eq!(state_of(&page, &day).as_deref(), Some("dreamt"), "the day was dreamt again");
    let has_name = |page: &Page| {
        wait_until("the corrected title", driver::PATIENCE, || {
            let titles = page.texts("[data-moment-link]");
            titles.iter().any(|title| title == name).then_some(())
        });
    };
    has_name(&page);

    // Another start: no guide, and the correction is still there.
    drop(page);
    home.wait_until_closed();
    let page = Page::open(&home);
    page.wait("[data-testid=strip]");
    page.run("location.hash = arguments[0]", &json!([format!("#/day/{day}")]));
    has_name(&page);
}

#[test]
fn the_page_can_ask_for_nothing_but_the_bridge_and_go_nowhere() {
    let _alone = alone();
    let home = Home::new();
    let page = Page::open(&home);
    page.wait("[data-testid=welcome]");

    let status = page.invoke("call", &ask("show_status", &json!({}))).expect("the bridge answers");
    assert_eq!(status["journal"], "personal");
    for (command, payload) in [
        ("plugin:window|close", json!({ "label": "main" })),
        ("plugin:window|create", json!({ "options": { "label": "other" } })),
        ("plugin:webview|create_webview_window", json!({ "options": { "label": "other" } })),
        ("plugin:webview|internal_toggle_devtools", json!({})),
        ("plugin:event|emit", json!({ "event": "journal", "payload": {} })),
        ("plugin:path|resolve_directory", json!({ "directory": 1 })),
        ("plugin:app|version", json!({})),
        ("plugin:dialog|open", json!({ "options": {} })),
        ("plugin:window-state|filename", json!({})),
        ("plugin:tray|new", json!({})),
        ("plugin:menu|new", json!({})),
        ("no_such_command", json!({})),
    ] {
        let refusal = page.invoke(command, &payload).expect_err(command);
        assert!(refusal.to_string().contains("not allowed"), "{command}: {refusal}");
    }

    let code = |payload: Value| page.invoke("call", &payload).expect_err("refused")["code"].clone();
    assert_eq!(code(ask("drop_everything", &json!({}))), "invalid-input");
    assert_eq!(code(ask("show_moment", &json!({ "id": "one" }))), "invalid-input");
    assert_eq!(code(ask("show_moment", &json!({ "id": 4711 }))), "not-found");
    let long = "a".repeat(1_100_000);
    assert_eq!(code(ask("add_note", &json!({ "text": long, "at": null }))), "invalid-input");

    let address = page.run("return location.href", &json!([]));
    page.run("location.href = 'https://example.org/?q=secret'", &json!([]));
    page.run("location.href = 'file:///etc/passwd'", &json!([]));
    assert_eq!(page.run("return window.open('https://example.org')", &json!([])), Value::Null);
    thread::sleep(Duration::from_millis(500));
    assert_eq!(page.run("return location.href", &json!([])), address);
    let fetched = page.run(
        "return fetch('http://127.0.0.1:11434').then(() => 'went out', () => 'stayed in')",
        &json!([]),
    );
    assert_eq!(fetched, "stayed in");
}

#[cfg(target_os = "linux")]
#[test]
fn with_a_tray_closing_keeps_the_app_and_a_second_start_brings_it_back() {
    use crate::panel::Panel;
    let _alone = alone();
    let (home, screen, panel) = (Home::new(), Screen::open(), Panel::put_up());
    let mut app = home.start(&[]);
    let tray = panel.tray();
    screen.wait_for(TITLE);
    assert_eq!(panel.wait_for_line(&tray, "Not dreamt yet"), "Not dreamt yet");

    screen.close(TITLE);
    screen.wait_until_hidden(TITLE);
    assert!(app.ended().is_none(), "closing the window keeps the app");

    let began = Instant::now();
    let mut second = home.start(&[]);
    assert!(second.wait_for_end(Duration::from_secs(10)).success());
    screen.wait_for(TITLE);
    println!(
        "A second start brought the first to the front in {} ms.",
        began.elapsed().as_millis()
    );

    screen.close(TITLE);
    screen.wait_until_hidden(TITLE);
    panel.choose(&tray, "Open REM Journal");
    screen.wait_for(TITLE);
    panel.choose(&tray, "Pause");
    panel.wait_for_line(&tray, "Resume");
    let mut asked = home.start(&["--quick-note"]);
    assert!(asked.wait_for_end(Duration::from_secs(10)).success());
    screen.wait_for("Quick note");
    screen.close("Quick note");
    screen.wait_until_hidden("Quick note");
    panel.choose(&tray, "Quick note…");
    screen.wait_for("Quick note");
    panel.choose(&tray, "Quit");
    assert!(app.wait_for_end(Duration::from_secs(10)).success());
}

#[test]
fn without_a_tray_closing_ends_the_app_so_that_it_is_never_out_of_reach() {
    let _alone = alone();
    let (home, screen) = (Home::new(), Screen::open());
    let mut app = home.start(&[]);
    let line = app.wait_for_line("painted after");
    println!("{line}");
    screen.wait_for(TITLE);
    screen.close(TITLE);
    assert!(app.wait_for_end(Duration::from_secs(10)).success());
    home.wait_until_closed();
}

#[test]
fn two_journals_have_two_windows() {
    let _alone = alone();
    let (home, screen) = (Home::new(), Screen::open());
    let mut personal = home.start(&[]);
    personal.wait_for_line("painted after");
    let mut work = home.start(&["--journal", "work"]);
    work.wait_for_line("painted after");
    screen.wait_for(TITLE);
    assert!(personal.ended().is_none() && work.ended().is_none());
}

#[test]
fn a_file_that_is_no_journal_is_reported_and_left_alone() {
    let _alone = alone();
    let (home, screen) = (Home::new(), Screen::open());
    let folder = home.data().join("journals");
    fs::create_dir_all(&folder).expect("a folder");
    let file = folder.join("personal.rem");
    let content = "Dear diary, this is not a database. ".repeat(200);
    fs::write(&file, &content).expect("a file");
    let mut app = home.start(&[]);
    app.wait_for_complaint("rem-journal:");
    screen.wait_for("The journal cannot be opened");
    screen.close("The journal cannot be opened");
    assert_eq!(app.wait_for_end(Duration::from_secs(10)).code(), Some(1));
    assert_eq!(fs::read_to_string(&file).expect("the file"), content);
}

fn ask(name: &str, request: &Value) -> Value {
    json!({ "name": name, "request": request })
}

/// Pictures of the same place in both themes and two sizes.
fn both_themes(page: &Page, screen: &Screen, name: &str) {
    for theme in ["paper", "night"] {
        let mut settings =
            page.invoke("call", &ask("show_settings", &json!({}))).expect("the settings");
        settings["theme"] = theme.into();
        page.invoke("call", &ask("change_settings", &settings)).expect("they are taken");
        page.wait(&format!("html[data-theme={theme}]"));
        for (width, height) in [(900, 600), (1280, 800)] {
            page.resize(width, height);
            screen.picture(TITLE, &format!("{name}-{theme}"));
        }
    }
}

/// A dreamt day from the first half, so that there is writing before and after it.
fn a_day_with_moments(days: &Value) -> String {
    let days = days.as_array().expect("a list");
    let day = days.iter().skip(2).find(|day| day["n_moments"].as_u64() >= Some(2));
    day.and_then(|day| day["day"].as_str()).expect("a day with moments").to_owned()
}

fn dreams(page: &Page) -> i64 {
    let status = page.invoke("call", &ask("show_status", &json!({}))).expect("the status");
    if status["dream"]["state"] == "dreaming" {
        return 0;
    }
    status["last_dream_at"].as_i64().unwrap_or_default()
}

/// Writes on that day, as the person would with their editor, and waits until it was seen.
fn write_more(home: &Home, page: &Page, day: &str) {
    let file = home.data().join("sample/notes").join(format!("{day} late.md"));
    let text = format!("# {day}\n\n## 22:40\n\nOne more thing before sleep: the bellows hold.\n");
    fs::write(file, text).expect("a note");
    wait_until("the new note is seen", driver::PATIENCE, || {
        (state_of(page, day).as_deref() == Some("stale")).then_some(())
    });
}

fn state_of(page: &Page, day: &str) -> Option<String> {
    let days = page.invoke("call", &ask("list_days", &json!({}))).expect("the days");
    let day = days.as_array()?.iter().find(|one| one["day"] == day)?;
    Some(day["state"].as_str()?.to_owned())
}

/// The words of a text, without marks of omission and with every gap the same.
fn plain(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c == '…')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}
