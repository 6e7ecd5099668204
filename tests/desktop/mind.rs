//! The window beside a server with a model: what it says of it, and what a dream with it looks like.

use std::time::Duration;

use rem_tests::support::{FakeModel, FakeOllama, reader};
use serde_json::json;

use crate::{
    TITLE, alone, ask,
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
    let page = Page::open(&home);
    page.wait("[data-testid=welcome]");
    page.resize(1280, 800);

    // A journal of one day.
    let note = json!({ "text": "Ilse mended the pump before breakfast.", "at": null });
    page.invoke("call", &ask("add_note", &note)).expect("a note");
    let mut settings = page.invoke("call", &ask("show_settings", &json!({}))).expect("settings");
    settings["is_set_up"] = json!(true);
    settings["mind"]["min_gap_ms"] = json!(0);
    page.invoke("call", &ask("change_settings", &settings)).expect("settings are kept");

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
