use rem_core::{
    journal::Cancel,
    mind::{
        Fault, Server,
        address::Address,
        model::{End, Purpose},
        openai::Openai,
    },
};
use rem_tests::support::{FakeOllama, Fate, Recorder, Reply};
use serde_json::json;

use super::{MODEL, PATIENT, ask, fake, model_of};

const CHAT: &str = "/v1/chat/completions";

fn server(fake: &FakeOllama, key: Option<&str>) -> Openai {
    let address = Address::openai(&fake.address()).expect("an address");
    let agreed = address.agreed("").expect("it is on this machine");
    Openai::new(agreed, PATIENT, key.map(str::to_owned))
}

#[test]
fn a_reply_comes_as_from_ollama() {
    let fake = fake();
    let text = r#"{"title": "Há um café"}"#;
    let reply = Reply::new(text).but(|reply| {
        reply.thinking = "hm".into();
        reply.is_split_inside_characters = true;
    });
    fake.next(CHAT, Fate::Say(reply));
    let model = model_of(&server(&fake, None), MODEL);
    let said = ask(&*model).expect("a reply");
    assert_eq!((said.text.as_str(), said.end, said.n_thought_bytes), (text, End::Stop, 2));
    assert_eq!((said.prompt_tokens, said.reply_tokens), (Some(100), Some(10)));
    let body = &fake.asked(CHAT)[0].body;
    assert_eq!(body["response_format"]["json_schema"]["schema"], super::schema());
    assert_eq!(body["max_tokens"], 300);
}

#[test]
fn a_server_that_does_not_stream_is_understood() {
    let fake = fake();
    let model = model_of(&server(&fake, None), MODEL);
    fake.next(
        CHAT,
        Fate::Json(json!({ "choices": [{ "finish_reason": "stop",
        "message": { "role": "assistant", "content": "{}" } }] })),
    );
    let said = ask(&*model).expect("a reply");
    assert_eq!((said.text.as_str(), said.end), ("{}", End::Stop));
}

#[test]
fn a_cut_reply_and_one_without_end_are_told_apart_from_whole_ones() {
    let fake = fake();
    let model = model_of(&server(&fake, None), MODEL);
    fake.next(CHAT, Fate::Say(Reply::new("{").but(|r| r.done_reason = Some("length".into()))));
    assert_eq!(ask(&*model).expect("a reply").end, End::Length);
    fake.next(CHAT, Fate::Say(Reply::new("{").but(|r| r.has_end = false)));
    assert_eq!(ask(&*model).expect("a reply").end, End::Unfinished);
}

#[test]
fn faults_are_those_of_ollama() {
    let fake = fake();
    let model = model_of(&server(&fake, Some("invented-key")), MODEL);
    let fault = |fate: Fate| {
        fake.next(CHAT, fate);
        ask(&*model).expect_err("this is no reply")
    };
    let long = json!({ "error": { "code": "context_length_exceeded", "type": "invalid_request_error",
        "message": "This model's maximum context length is 4096 tokens." } });
    assert!(matches!(fault(Fate::Status(400, long.to_string())), Fault::TooLong { .. }));
    assert!(fault(Fate::Status(429, "{}".into())).passes());
    assert!(fault(Fate::Reset).passes());
    let echo = json!({ "error": { "message": "Incorrect API key provided: invented-key" } });
    let refused = fault(Fate::Status(401, echo.to_string()));
    assert!(matches!(&refused, Fault::Forbidden(why) if !why.contains("invented-key")));
    assert!(!format!("{:?}", server(&fake, Some("invented-key"))).contains("invented-key"));
}

#[test]
fn a_redirect_gets_neither_prompt_nor_key() {
    let (fake, elsewhere) = (fake(), Recorder::start());
    let model = model_of(&server(&fake, Some("invented-key")), MODEL);
    fake.next(CHAT, Fate::Redirect(format!("http://{}/", elsewhere.address())));
    assert!(matches!(ask(&*model), Err(Fault::Forbidden(_))));
    assert_eq!(elsewhere.heard(), Vec::<String>::new());
}

#[test]
fn texts_become_vectors_in_their_order() {
    let fake = fake();
    let server = server(&fake, None);
    let cancel = Cancel::default();
    let embedder = server.embedder("nomic-embed-text:latest", &cancel).expect("it opens");
    assert_eq!(embedder.card().dimensions, 8);
    let vectors = |embedder: &dyn rem_core::mind::Embedder| {
        embedder.embed(&["rain", "sun"], Purpose::Document, &cancel).expect("vectors")
    };
    let usual = vectors(&*embedder);
    let unit = |at: usize| {
        let mut vector = vec![0; 8];
        vector[at] = 1;
        vector
    };
    fake.next(
        "/v1/embeddings",
        Fate::Json(json!({ "data": [
        { "index": 1, "embedding": unit(1) }, { "index": 0, "embedding": unit(0) }] })),
    );
    let turned = vectors(&*embedder);
    assert_eq!(turned[0].as_ref().map(|vector| vector[0]), Some(1.0));
    assert_eq!(usual.iter().flatten().count(), 2);
}

#[test]
fn models_are_not_downloaded_over_this_api() {
    let fake = fake();
    let pulled = server(&fake, None).pull("x:1b", &mut |_| {}, &Cancel::default());
    assert!(matches!(pulled, Err(Fault::Refused(_))));
    assert_eq!(fake.log().len(), 0);
}
