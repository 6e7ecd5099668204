//! The stand-in for Ollama: a program of its own, talked to over real HTTP.

use std::{
    env,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use serde_json::{Value, json};

/// Everything a dream may ask a server for.
const ALLOWED: &str = "/,/api/version,/api/status,/api/tags,/api/show,/api/ps,/api/chat,/api/embed,/_log,/_stats,/_control";

/// Where a folder beside the repository lies: named by a variable, or found there.
pub(super) fn beside(variable: &str, place: &str) -> Option<PathBuf> {
    let found = env::var_os(variable)
        .map(PathBuf::from)
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(place));
    if found.exists() {
        return found.canonicalize().ok();
    }
    eprintln!("skipped: {variable} names nothing, and nothing lies beside the repository");
    None
}

/// The stand-in, running until it is dropped.
pub(super) struct Standin {
    child: Child,
    pub(super) url: String,
    script: PathBuf,
    port: u16,
}

impl Standin {
    /// Starts it; `None`, said aloud, where it is not at hand.
    pub(super) fn start(words: &[&str]) -> Option<Self> {
        let folder = beside("REM_OLLAMA_STANDIN", "shared/ollama-standin")?;
        let script = folder.join("server.py");
        let (child, url) = launch(&script, 0, words)?;
        let port = url.rsplit(':').next()?.parse().ok()?;
        Some(Self { child, url, script, port })
    }

    /// Kills it as a crash would.
    pub(super) fn kill(&mut self) {
        self.child.kill().expect("it is killed");
        self.child.wait().expect("it ends");
    }

    /// Starts it again at the same address.
    pub(super) fn restart(&mut self, words: &[&str]) {
        let (child, _) = launch(&self.script, self.port, words).expect("it starts again");
        self.child = child;
    }

    /// What it was asked since it started.
    pub(super) fn log(&self) -> Vec<Value> {
        self.get("/_log")["requests"].as_array().expect("a list of requests").clone()
    }

    /// The requests for a chat, without those that load or unload a model.
    pub(super) fn chats(&self) -> Vec<Value> {
        let mut chats = self.log();
        chats.retain(|entry| {
            entry["path"] == "/api/chat"
                && !["load", "unload"].contains(&entry["done_reason"].as_str().unwrap_or_default())
        });
        chats
    }

    pub(super) fn stats(&self) -> Value {
        self.get("/_stats")
    }

    /// Forgets what it was asked.
    pub(super) fn forget(&self) {
        self.post("/_control", &json!({ "reset": ["log"] }));
    }

    pub(super) fn control(&self, what: &Value) {
        self.post("/_control", what);
    }

    fn get(&self, path: &str) -> Value {
        self.ask(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"))
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let body = body.to_string();
        self.ask(&format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        ))
    }

    fn ask(&self, request: &str) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("it listens");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut reply = String::new();
        stream.read_to_string(&mut reply).expect("it answers");
        let (head, body) = reply.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        serde_json::from_str(body).expect("JSON")
    }
}

impl Drop for Standin {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn launch(script: &Path, port: u16, words: &[&str]) -> Option<(Child, String)> {
    let started = Command::new("python3")
        .arg("-B")
        .arg(script)
        .args(["--port", &port.to_string(), "--allow", ALLOWED, "--exit-on-stdin-eof"])
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut child) = started else {
        eprintln!("skipped: there is no python3 for the stand-in");
        return None;
    };
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    let told: Value = serde_json::from_str(&line).expect("it says where it listens");
    let url = told["url"].as_str().expect("an address").to_owned();
    Some((child, url))
}
