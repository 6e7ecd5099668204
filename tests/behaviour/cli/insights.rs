use rem_cli::Exit;

use super::Desk;

/// A journal with two weighty days, and a plan.
fn weighty() -> Desk {
    let desk = Desk::new();
    for (day, word) in [("13", "fold"), ("14", "valve")] {
        let text = format!(
            "## 09:00 Bellows\nThe bellows of the harmonium leak again, and the whole long morning was lost \
             over them; I am frustrated and tired of it, and Hester could not help me either, although \
             she tried for an hour and more with bone glue and with felt. #harmonium #{word}\n\n\
             ## 13:00 Lake\nSwam eleven cold lengths in the lake with Ilse and was happy and calm at once, \
             for the first time since the weekend; we saw two herons and a kingfisher on the way back, \
             and nobody else was there. #lake #{word}\n\n\
             ## 17:00 Reeds\nGlued the reeds once more, and I am happy and relieved: the first one holds. \
             Hester laughed and made tea for both of us. Finished the whole upper row of the harmonium \
             before supper, and swept the shop. #harmonium #{word}\n\n\
             ## 20:00\nI will bring the invoice to Hester on Friday.\n"
        );
        desk.write(&format!("notes/2026-10-{day}.md"), &text);
    }
    desk.does(&["import", &desk.path("notes")]);
    desk.does(&["dream", "moments"]);
    desk
}

#[test]
fn reflect_answers_with_the_reflections_and_strategies_it_made() {
    let desk = weighty();
    let said = desk.does(&["reflect", "--min-importance", "0.99"]);
    assert!(said.contains("insufficient_memories"), "{said}");
    let flags = ["--lookback-hours", "48", "--min-importance", "0.3", "--max-samples", "20"];
    let pairs = desk.asks(&[&["reflect"], &flags[..]].concat());
    let pairs = pairs.as_array().expect("a list");
    assert!(!pairs.is_empty());
    for pair in pairs {
        assert!(pair["reflection_id"].is_i64() && pair.get("strategy_id").is_some(), "{pair}");
    }
    assert_eq!(desk.asks(&[&["reflect"], &flags[..]].concat()), serde_json::json!([]));
    let said = desk.does(&["reflect", "--min-importance", "0.99"]);
    assert!(said.contains("taken away"), "{said}");
    assert!(desk.does(&["dream", "reflect"]).contains("reflect: "), "told as a dream");
}

#[test]
fn insights_are_listed_confirmed_and_hidden() {
    let desk = weighty();
    assert!(desk.does(&["insights"]).starts_with("Nothing was found yet"));
    desk.does(&["dream"]);
    let said = desk.does(&["insights", "--kind", "theme"]);
    assert!(said.starts_with("What keeps coming back") && said.contains("“harmonium”"), "{said}");
    let all = desk.asks(&["insights"]);
    let id = all[0]["id"].to_string();
    assert!(desk.does(&["insights", "confirm", &id]).contains("confirmed"));
    desk.does(&["insights", "hide", &id]);
    let n = |words: &[&str]| desk.asks(words).as_array().map(Vec::len).expect("a list");
    assert_eq!(n(&["insights"]) + 1, n(&["insights", "--with-hidden"]));
    desk.does(&["insights", "reset", &id]);
    assert_eq!(n(&["insights"]), n(&["insights", "--with-hidden"]));
    assert!(desk.does(&["insights", "reflections"]).contains("3 moments stood out"));
    assert_eq!(desk.rem(&["insights", "hide", "999"]).exit, Exit::NotFound);
}

#[test]
fn predictions_are_listed_with_their_score_and_settled_by_hand() {
    let desk = weighty();
    assert!(desk.does(&["predictions"]).starts_with("Nothing was foretold yet"));
    desk.does(&["dream", "predict"]);
    let said = desk.does(&["predictions"]);
    assert!(said.starts_with("To come\n") && said.contains("bring the invoice"), "{said}");
    assert!(said.contains("Nothing has hit or missed yet."), "{said}");
    let id = desk.asks(&["predictions"])["open"][0]["id"].to_string();
    assert!(desk.does(&["predictions", "settle", &id, "hit"]).contains("is a hit now"));
    let said = desk.does(&["predictions"]);
    assert!(said.contains("How it turned out") && said.contains("as you said"), "{said}");
    assert!(said.contains("Brier 0.122 over 1 prediction"), "{said}");
    assert!(desk.does(&["predictions", "settle", &id, "reset"]).contains("is open now"));
}
