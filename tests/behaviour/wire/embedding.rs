use std::sync::Arc;

use rem_core::{
    journal::Cancel,
    mind::{Embedder, Fault, Server, budget::tokens, model::Purpose},
};
use rem_tests::support::{FakeModel, FakeOllama, Fate};
use serde_json::{Value, json};

use super::{fake, ollama};

const EMBED: &str = "/api/embed";

fn open(fake: &FakeOllama, name: &str) -> Result<Arc<dyn Embedder>, Fault> {
    ollama(fake).embedder(name, &Cancel::default())
}

fn embedder(fake: &FakeOllama) -> Arc<dyn Embedder> {
    open(fake, "nomic-embed-text").expect("the model opens")
}

fn embed(embedder: &dyn Embedder, texts: &[&str]) -> Result<Vec<Option<Vec<f32>>>, Fault> {
    embedder.embed(texts, Purpose::Document, &Cancel::default())
}

fn inputs(body: &Value) -> Vec<String> {
    let texts = body["input"].as_array().cloned().unwrap_or_default();
    texts.iter().filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

#[test]
fn dimensions_are_those_of_the_first_vector() {
    let fake = FakeOllama::with([
        FakeModel::embedding("nomic-embed-text:latest").but(|model| model.dimensions = 12)
    ]);
    let embedder = embedder(&fake);
    assert_eq!(embedder.card().dimensions, 12);
    assert_eq!(embedder.card().digest, "digest-of-nomic-embed-text:latest");
}

#[test]
fn vectors_come_in_order_at_length_one() {
    let fake = fake();
    let vectors =
        embed(&*embedder(&fake), &["rain rain", "", "sun", "rain rain"]).expect("vectors");
    assert_eq!(vectors[1], None);
    assert_eq!(vectors[0], vectors[3]);
    assert_ne!(vectors[0], vectors[2]);
    for vector in vectors.iter().flatten() {
        let length: f32 = vector.iter().map(|x| x * x).sum();
        assert!((length - 1.0).abs() < 1e-5, "{length}");
    }
}

#[test]
fn requests_are_small_marked_with_their_purpose_and_refuse_to_be_cut() {
    let fake = fake();
    let embedder = embedder(&fake);
    let texts = vec!["rain"; 40];
    embed(&*embedder, &texts).expect("vectors");
    embedder.embed(&["where was rain"], Purpose::Query, &Cancel::default()).expect("a vector");
    let asked = fake.asked(EMBED);
    let sizes: Vec<usize> = asked.iter().skip(1).map(|asked| inputs(&asked.body).len()).collect();
    assert_eq!(sizes, [16, 16, 8, 1]);
    assert_eq!(inputs(&asked[1].body)[0], "search_document: rain");
    assert_eq!(inputs(&asked[4].body)[0], "search_query: where was rain");
    for asked in &asked {
        assert_eq!(asked.body["truncate"], false);
        assert_eq!(asked.body["options"]["num_ctx"], 2048);
    }
}

#[test]
fn a_text_is_cut_to_a_part_of_the_window_that_no_server_refuses() {
    let fake = fake();
    let embedder = embedder(&fake);
    embed(&*embedder, &["雨".repeat(9000).as_str()]).expect("a vector");
    let sent = &inputs(&fake.asked(EMBED)[1].body)[0];
    assert!((1000..=2048 * 60 / 100).contains(&tokens(sent)), "{}", tokens(sent));
}

#[test]
fn one_text_that_the_model_cannot_embed_costs_the_others_nothing() {
    let fake = fake();
    let embedder = embedder(&fake);
    fake.answer_with(|asked| {
        let is_bad = asked.path == EMBED && inputs(&asked.body).iter().any(|t| t.contains("odd"));
        let text = "failed to encode response: json: unsupported value: NaN";
        if is_bad { Fate::error(500, text) } else { Fate::Usual }
    });
    let vectors = embed(&*embedder, &["rain", "odd", "sun", "wind"]).expect("vectors");
    let is_there: Vec<bool> = vectors.iter().map(Option::is_some).collect();
    assert_eq!(is_there, [true, false, true, true]);
}

#[test]
fn a_text_that_is_too_long_all_the_same_is_halved_until_it_fits() {
    let fake = fake();
    let embedder = embedder(&fake);
    fake.answer_with(|asked| {
        let is_long = asked.path == EMBED && inputs(&asked.body).iter().any(|t| t.len() > 200);
        let text = "the input length exceeds the context length";
        if is_long { Fate::error(400, text) } else { Fate::Usual }
    });
    let long = "rain and wind ".repeat(100);
    let vectors = embed(&*embedder, &[&long, "sun"]).expect("vectors");
    assert!(vectors.iter().all(Option::is_some));
}

#[test]
fn vectors_gone_wrong_are_left_out_or_a_fault() {
    let reply = |embeddings: Value| {
        let fake = fake();
        let embedder = embedder(&fake);
        fake.next(EMBED, Fate::Json(json!({ "embeddings": embeddings })));
        embed(&*embedder, &["rain"])
    };
    assert_eq!(reply(json!([[0, 0, 0, 0, 0, 0, 0, 0]])), Ok(vec![None]));
    assert_eq!(reply(json!([[null, 1, 0, 0, 0, 0, 0, 0]])), Ok(vec![None]));
    assert_eq!(reply(json!([null])), Ok(vec![None]));
    assert!(matches!(reply(json!([])), Err(Fault::Passing(_))));
    assert!(matches!(reply(json!([[1, 2, 3]])), Err(Fault::Refused(_))));
}

#[test]
fn trouble_of_the_server_is_a_fault_and_never_a_list_of_nothing() {
    let of = |fate: Fate| {
        let fake = fake();
        let embedder = embedder(&fake);
        fake.answer_with(move |_| fate.clone());
        embed(&*embedder, &["rain", "sun"]).expect_err("there are no vectors")
    };
    assert!(of(Fate::error(503, "server busy")).passes());
    assert!(of(Fate::Reset).passes());
    assert!(of(Fate::Bytes(vec![b"hello".to_vec()])).passes());
    assert!(matches!(of(Fate::error(404, "model 'x' not found")), Fault::Missing(_)));
    assert!(matches!(of(Fate::error(422, "")), Fault::Refused(_)));
}

#[test]
fn a_chat_model_does_not_open_as_an_embedder() {
    assert!(matches!(open(&fake(), super::MODEL), Err(Fault::Refused(_))));
    assert_eq!(open(&fake(), "gone").map(|_| ()), Err(Fault::Missing("gone".into())));
}
