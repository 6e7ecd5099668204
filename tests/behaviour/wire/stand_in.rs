use std::{
    env,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
};

use rem_core::{
    journal::Cancel,
    mind::{
        Fault, LanguageModel, Server,
        model::{End, Purpose},
    },
};
use serde_json::Value;

use super::{PATIENT, ask, model_of, ollama_at};

struct StandIn {
    child: Child,
    address: String,
}

impl Drop for StandIn {
    fn drop(&mut self) {
        // It is ours and may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The stand-in with these faults; `None`, said aloud, where it is not at hand.
fn stand_in(args: &[&str]) -> Option<StandIn> {
    let Some(folder) = env::var_os("REM_OLLAMA_STANDIN").map(PathBuf::from) else {
        println!("skipped: REM_OLLAMA_STANDIN does not name the stand-in server's folder");
        return None;
    };
    let spawned = Command::new("python3")
        .arg(folder.join("server.py"))
        .args(["--port", "0", "--exit-on-stdin-eof"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = spawned else {
        println!("skipped: there is no python3");
        return None;
    };
    let mut line = String::new();
    let out = child.stdout.take().expect("its output is piped");
    BufReader::new(out).read_line(&mut line).expect("it says where it listens");
    let said: Value = serde_json::from_str(&line).expect("a line of JSON");
    let address = format!("127.0.0.1:{}", said["port"]);
    Some(StandIn { child, address })
}

const CHAT: &str = "gemma3:4b";

fn called(server: &StandIn) -> Result<rem_core::mind::model::Said, Fault> {
    let server = ollama_at(&server.address, PATIENT);
    let listed = server.list(&Cancel::default()).expect("a list");
    let name = listed
        .iter()
        .find(|model| {
            model.can_chat && !model.thinks && model.refused.is_none() && model.caution.is_none()
        })
        .map_or(CHAT.to_owned(), |model| model.name.clone());
    let model: std::sync::Arc<dyn LanguageModel> = model_of(&server, &name);
    ask(&*model)
}

#[test]
fn the_stand_in_answers_a_schema() {
    let Some(server) = stand_in(&["--mode", "echo-schema"]) else { return };
    let said = called(&server).expect("a reply");
    assert_eq!(said.end, End::Stop);
    let value: Value = serde_json::from_str(&said.text).expect("JSON");
    assert!(value["title"].is_string(), "{value}");
}

#[test]
fn the_faults_of_the_stand_in_are_ours() {
    for (fault, is_expected) in [
        ("model_missing", (|f| matches!(f, Fault::Missing(_))) as fn(&Fault) -> bool),
        ("context_overflow", |f| matches!(f, Fault::TooLong { .. })),
        ("server_error", Fault::passes),
        ("busy", Fault::passes),
        ("oom", Fault::passes),
        ("proxy_html", Fault::passes),
        ("not_json", Fault::passes),
        ("close", Fault::passes),
        ("reset", Fault::passes),
        ("midstream_error", Fault::passes),
        ("redirect", |f| matches!(f, Fault::Forbidden(_))),
        ("bad_request", |f| matches!(f, Fault::Refused(_))),
    ] {
        let told = format!("{fault}:endpoint=/api/chat");
        let Some(server) = stand_in(&["--fault", &told]) else { return };
        let ended = called(&server).expect_err(fault);
        assert!(is_expected(&ended), "{fault}: {ended:?}");
    }
}

#[test]
fn the_stand_ins_cut_replies_are_seen() {
    for (fault, end) in [("no_done", End::Unfinished), ("truncated_json", End::Length)] {
        let Some(server) = stand_in(&["--fault", fault]) else { return };
        assert_eq!(called(&server).expect("a reply").end, end, "{fault}");
    }
    let Some(server) = stand_in(&["--fault", "split_utf8"]) else { return };
    assert_eq!(called(&server).expect("a reply").end, End::Stop);
}

#[test]
fn the_stand_in_embeds() {
    let Some(server) = stand_in(&[]) else { return };
    let server = ollama_at(&server.address, PATIENT);
    let listed = server.list(&Cancel::default()).expect("a list");
    let Some(model) = listed.iter().find(|model| model.can_embed) else {
        panic!("the stand-in lists an embedding model");
    };
    let embedder = server.embedder(&model.name, &Cancel::default()).expect("it opens");
    let texts = ["rain on the roof", "rain on the old roof", "a tax return"];
    let vectors = embedder.embed(&texts, Purpose::Document, &Cancel::default()).expect("vectors");
    let vectors: Vec<Vec<f32>> = vectors.into_iter().flatten().collect();
    let near = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f32>();
    assert!(near(&vectors[0], &vectors[1]) > near(&vectors[0], &vectors[2]));
}
