use std::{thread, time::Duration};

use rem_core::{
    journal::Cancel,
    mind::{
        Fault, Server,
        around::Patience,
        model::{End, Use},
    },
};
use rem_tests::support::{FakeModel, FakeOllama, Fate, Reply};
use serde_json::json;

use super::{MODEL, PATIENT, ask, ask_with, fake, model, model_of, ollama, ollama_at};

const CHAT: &str = "/api/chat";

/// What becomes of a call with this fate.
fn fault(fate: Fate) -> Fault {
    let fake = fake();
    let model = model(&fake);
    fake.next(CHAT, fate);
    ask(&*model).expect_err("this is no reply")
}

fn reply(change: impl FnOnce(&mut Reply)) -> rem_core::mind::model::Said {
    let fake = fake();
    let model = model(&fake);
    fake.next(CHAT, Fate::Say(Reply::new(r#"{"title": "Há um café"}"#).but(change)));
    ask(&*model).expect("this is a reply")
}

#[test]
fn a_reply_comes_with_its_counts_and_times() {
    let said = reply(|_| {});
    assert_eq!(said.text, r#"{"title": "Há um café"}"#);
    assert_eq!((said.end, said.n_thought_bytes), (End::Stop, 0));
    assert_eq!((said.prompt_tokens, said.reply_tokens), (Some(100), Some(10)));
    assert_eq!((said.load_ms, said.prompt_ms, said.reply_ms), (1000, 500, 1500));
}

#[test]
fn pieces_that_end_inside_a_character_lose_nothing() {
    let text = "há um café às três — avó, 雨が降った, 🌧️🌧️";
    let said = reply(|reply| {
        reply.text = text.into();
        reply.is_split_inside_characters = true;
    });
    assert_eq!(said.text, text);
}

#[test]
fn what_models_do_to_json_is_handed_on_as_it_came() {
    for text in ["", "Sure! {\"title\": \"x\"} Bye.", "```json\n{}\n```", "<think>hm</think>{}"] {
        assert_eq!(reply(|reply| reply.text = text.into()).text, text);
    }
}

#[test]
fn thoughts_are_counted_and_left_out() {
    let said = reply(|reply| reply.thinking = "Let me think…".into());
    assert_eq!(said.text, r#"{"title": "Há um café"}"#);
    assert_eq!(said.n_thought_bytes, "Let me think…".len());
}

#[test]
fn a_cut_reply_is_never_taken_for_a_whole_one() {
    let ends = |change: fn(&mut Reply)| reply(change).end;
    assert_eq!(ends(|reply| reply.done_reason = Some("length".into())), End::Length);
    assert_eq!(ends(|reply| reply.has_end = false), End::Unfinished);
    assert_eq!(ends(|reply| reply.done_reason = Some("load".into())), End::Unfinished);
}

#[test]
fn an_old_server_that_does_not_say_why_it_ended_is_read_by_its_counts() {
    assert_eq!(reply(|reply| reply.done_reason = None).end, End::Stop);
    let cut = reply(|reply| (reply.done_reason, reply.reply_tokens) = (None, 300));
    assert_eq!(cut.end, End::Length);
}

#[test]
fn every_text_about_length_is_too_long() {
    let inner = json!({ "error": { "code": 400, "type": "exceed_context_size_error",
        "message": "request (7893 tokens) exceeds the available context size (4096 tokens), try increasing it",
        "n_prompt_tokens": 7893, "n_ctx": 4096 } });
    let numbers = Fault::TooLong { prompt_tokens: Some(7893), window_tokens: Some(4096) };
    assert_eq!(fault(Fate::error(400, &inner.to_string())), numbers);
    for text in [
        "the input length exceeds the context length",
        "the prompt is longer than the context length currently available to the model; shorten it",
    ] {
        let expected = Fault::TooLong { prompt_tokens: None, window_tokens: None };
        assert_eq!(fault(Fate::error(400, text)), expected);
    }
}

#[test]
fn a_model_that_is_gone_is_missing() {
    let expected = Fault::Missing(MODEL.into());
    assert_eq!(fault(Fate::error(404, "model 'gemma3:4b' not found")), expected);
}

#[test]
fn trouble_that_passes_is_told_from_trouble_that_stays() {
    for fate in [
        Fate::error(500, "model runner has unexpectedly stopped"),
        Fate::error(503, "server busy, please try again.  maximum pending requests exceeded"),
        Fate::Status(502, "<html><body>Bad Gateway</body></html>".into()),
        Fate::Reset,
        Fate::ResetMidway,
        Fate::Close,
        Fate::Bytes(vec![b"<html>hello</html>\n".to_vec()]),
        Fate::Bytes(vec![b"{\"message\":{\"content\":\"\xff\xfe\"},\"done\":false}\n".to_vec()]),
        Fate::Say(Reply::new("{\"title\"").but(|reply| reply.error = Some(json!("oh no")))),
    ] {
        let told = format!("{fate:?}");
        let fault = fault(fate);
        assert!(fault.passes(), "{told}: {fault:?}");
    }
    for fate in [
        Fate::error(400, "model is required"),
        Fate::error(405, ""),
        Fate::error(413, "no").clone(),
        Fate::error(422, ""),
        Fate::error(500, "invalid JSON schema in format"),
        Fate::Status(404, "404 page not found".into()),
    ] {
        let told = format!("{fate:?}");
        let fault = fault(fate);
        assert!(matches!(fault, Fault::Refused(_) | Fault::TooLong { .. }), "{told}: {fault:?}");
    }
}

#[test]
fn an_error_about_length_in_the_middle_of_a_stream_is_too_long() {
    let error = json!("the input length exceeds the context length");
    let fault = fault(Fate::Say(Reply::new("{").but(|reply| reply.error = Some(error))));
    assert!(matches!(fault, Fault::TooLong { .. }), "{fault:?}");
}

#[test]
fn nobody_listens_to_a_reply_without_end() {
    let huge = Fate::Say(Reply::new(&"x".repeat(5 * 1024 * 1024)));
    assert!(matches!(fault(huge), Fault::Refused(_)));
    let one_line = Fate::Bytes(vec![vec![b'x'; 1024 * 1024]; 5]);
    assert!(matches!(fault(one_line), Fault::Refused(_)));
}

#[test]
fn a_server_that_says_nothing_is_given_up() {
    let short = Duration::from_millis(300);
    let begins = Patience { first_piece: short, ..PATIENT };
    let goes_on = Patience { next_piece: short, ..PATIENT };
    for (patience, fate) in [(begins, Fate::Hang), (goes_on, Fate::HangMidway)] {
        let fake = fake();
        // Opened with patience, asked with little.
        let opened = model(&fake);
        drop(opened);
        let model = model_of(&ollama_at(&fake.address(), patience), MODEL);
        fake.next(CHAT, fate);
        let fault = ask(&*model).expect_err("it hangs");
        assert!(fault.passes(), "{fault:?}");
        assert!(fake.wait_for(|log| log.iter().any(|asked| asked.client_left)));
    }
}

#[test]
fn a_slow_reply_is_waited_for() {
    let fake = fake();
    let patience = Patience { next_piece: Duration::from_secs(10), ..PATIENT };
    let model = model_of(&ollama_at(&fake.address(), patience), MODEL);
    let slow = Reply::new("{\"title\": \"slow\"}").but(|r| r.gap = Duration::from_millis(60));
    fake.next(CHAT, Fate::Say(slow));
    assert_eq!(ask(&*model).expect("it comes").text, "{\"title\": \"slow\"}");
}

#[test]
fn where_nothing_listens_the_server_is_gone() {
    let port = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.local_addr().expect("its address").to_string()
    };
    let fault = ollama_at(&port, PATIENT).version(&Cancel::default()).expect_err("nobody is there");
    assert!(matches!(&fault, Fault::Gone(why) if why.contains(&port)), "{fault:?}");
}

#[test]
fn a_cancelled_call_drops_its_connection() {
    for fate in [Fate::Hang, Fate::HangMidway] {
        let fake = fake();
        let model = model(&fake);
        fake.next(CHAT, fate);
        let cancel = Cancel::default();
        let asking = {
            let (model, cancel) = (model.clone(), cancel.clone());
            thread::spawn(move || ask_with(&*model, &cancel))
        };
        assert!(fake.wait_for(|log| log.iter().any(|asked| asked.path == CHAT)));
        cancel.cancel();
        assert_eq!(asking.join().expect("no panic"), Err(Fault::Cancelled));
        let has_left =
            |log: &[rem_tests::support::Asked]| log.iter().any(|asked| asked.client_left);
        assert!(fake.wait_for(has_left));
    }
}

#[test]
fn every_call_asks_for_the_same_window_and_for_honest_refusals() {
    let fake = fake();
    let model = model(&fake);
    ask(&*model).expect("a reply");
    ask(&*model).expect("a reply");
    for asked in fake.asked(CHAT) {
        let body = &asked.body;
        assert_eq!(body["options"]["num_ctx"], 4096);
        assert_eq!(body["options"]["num_predict"], 300);
        assert_eq!(body["options"]["seed"], 7);
        assert_eq!(body["options"]["temperature"], 0.0);
        assert_eq!(body["options"]["top_p"].as_f64().map(|p| (p * 10.0).round()), Some(9.0));
        assert_eq!((&body["truncate"], &body["shift"]), (&json!(false), &json!(false)));
        assert_eq!(body["stream"], true);
        assert_eq!(body["keep_alive"], "10m");
        assert_eq!(body["format"], super::schema());
        assert_eq!(body["messages"][1]["content"], "Rain all day.");
        assert!(body.get("think").is_none(), "this model does not think");
    }
}

#[test]
fn no_more_window_is_asked_for_than_the_model_has() {
    let fake = FakeOllama::with([FakeModel::chat(MODEL).but(|model| model.context = 2048)]);
    let model = model(&fake);
    ask(&*model).expect("a reply");
    assert_eq!(model.card().window_tokens, 2048);
    assert_eq!(fake.asked(CHAT)[0].body["options"]["num_ctx"], 2048);
}

#[test]
fn a_model_that_can_think_is_told_not_to_where_the_server_can_do_that() {
    let thinks =
        |name: &str| FakeModel::chat(name).but(|model| model.capabilities.push("thinking".into()));
    for (name, version, think, goes_on_thinking) in [
        ("qwen3:4b", "0.32.15", json!(false), false),
        ("qwen3:4b", "0.31.1", json!(null), true),
        ("gpt-oss:20b", "0.32.15", json!("low"), true),
    ] {
        let fake = FakeOllama::with([thinks(name)]);
        fake.set_version(version);
        let model = model_of(&ollama(&fake), name);
        ask(&*model).expect("a reply");
        assert_eq!(fake.asked(CHAT)[0].body["think"], think, "{name} at {version}");
        assert_eq!(model.card().thinks, goes_on_thinking, "{name} at {version}");
    }
}

#[test]
fn a_model_is_known_by_its_digest_and_found_without_its_tag() {
    let fake = FakeOllama::with([FakeModel::chat("Llama3.2:latest")]);
    let model = model_of(&ollama(&fake), "llama3.2");
    assert_eq!(model.card().name, "Llama3.2:latest");
    assert_eq!(model.card().digest, "digest-of-Llama3.2:latest");
}

#[test]
fn a_model_that_is_not_there_or_cannot_chat_does_not_open() {
    let fake = fake();
    let open = |name: &str| {
        let usage = Use { window_tokens: 4096 };
        ollama(&fake).language_model(name, usage, &Cancel::default()).map(|_| ())
    };
    assert_eq!(open("phi4:14b"), Err(Fault::Missing("phi4:14b".into())));
    assert!(matches!(open("nomic-embed-text"), Err(Fault::Refused(_))));
}

#[test]
fn the_servers_words_never_reach_an_error() {
    let echo = "Failed to parse input at pos 0: Ilse was tired";
    for fate in [
        Fate::error(400, echo),
        Fate::error(500, echo),
        Fate::Say(Reply::new("{").but(|reply| reply.error = Some(json!(echo)))),
        Fate::Bytes(vec![format!("{echo}\n").into_bytes()]),
    ] {
        assert!(!fault(fate).to_string().contains("Ilse"));
    }
}

#[test]
fn unloading_asks_for_it_and_a_dead_server_is_no_trouble() {
    let fake = fake();
    let model = model(&fake);
    model.unload(&Cancel::default());
    let asked = fake.asked("/api/chat");
    let body = &asked[0].body;
    assert_eq!((&body["keep_alive"], &body["messages"], asked.len()), (&json!(0), &json!([]), 1));
    assert!(model.is_there(&Cancel::default()));
    fake.next("/api/version", Fate::Reset);
    assert!(!model.is_there(&Cancel::default()));
}
