//! The window beside a server with a model: what it says of it, and what a dream with it looks like.

use std::time::Duration;

use rem_core::{
    Journal,
    api::notes::{AddNote, add_note},
    clock::Clock,
    journal::{Opening, journal_path},
    mind::around::Around,
};
use rem_tests::support::{FakeModel, FakeOllama, reader};
use serde_json::json;

use crate::{
    TITLE, alone,
    driver::{self, Page},
    home::{Home, wait_until},
    screen::Screen,
};

const MODEL: &str = "gemma3:4b";

#[test]
fn a_model_on_this_machine_is_found_tried_and_reads_the_next_dream() {
    let _alone = alone();
    let ollama = FakeOllama::with([FakeModel::chat(MODEL)]);
    ollama.answer_with(reader::over_the_wire);
    let (home, screen) = (Home::beside(&ollama.address()), Screen::open());
    make_journal(&home);
    let page = Page::open(&home);
    page.wait("[data-testid=strip]");
    page.resize(1280, 800);

    page.run("location.hash = '#/settings/mind'", &json!([]));
    wait_until("the model is named", driver::PATIENCE, || {
        page.texts("[data-testid=mind-now]").first().filter(|said| said.contains(MODEL)).cloned()
    });
    let said = page.text("[data-testid=mind-now]");
    assert!(said.contains("Nothing you write leaves"), "{said}");
    screen.picture(TITLE, "mind");
    page.click("[data-testid=try]");
    page.wait_long("[data-testid=trial]", Duration::from_secs(60));

    page.run("location.hash = '#/'", &json!([]));
    page.click("[data-testid=dream-now]");
    wait_until("the model was asked", driver::PATIENCE, || {
        ollama.asked("/api/chat").len().checked_sub(2)
    });
    wait_until("the moment of the model", driver::PATIENCE, || {
        let titles = page.texts("[data-moment-link]");
        titles.into_iter().find(|title| title.starts_with("Read: "))
    });
    screen.picture(TITLE, "dreamt-by-a-model");
    for request in ollama.asked("/api/chat").iter().filter(|asked| asked.body["format"].is_object())
    {
        assert!(request.body["options"]["num_ctx"].is_u64(), "{}", request.body["options"]);
    }
}

/// A journal of one day, past the guide.
fn make_journal(home: &Home) {
    #[expect(clippy::disallowed_methods, reason = "the app will read it by the same clock")]
    let clock = Clock::from_fn(chrono::Utc::now);
    let journal = Journal::open(Opening {
        path: journal_path(&home.data(), "personal").expect("a name"),
        name: "personal".into(),
        clock,
        zone: "Europe/Berlin".into(),
        data_dir: home.data(),
        around: Around::default(),
    })
    .expect("the journal opens");
    let mut settings = journal.settings();
    settings.is_set_up = true;
    settings.mind.min_gap_ms = 0;
    journal.change_settings(settings).expect("settings are kept");
    let text = "Ilse mended the pump before breakfast.".into();
    add_note(&journal, AddNote { text, at: None }).expect("a note");
}
