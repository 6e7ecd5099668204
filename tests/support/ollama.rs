//! A fake Ollama: its addresses and its JSON, with replies and failures that a test chooses. There is no
//! model in it. It also answers below `/v1` as an OpenAI server would.

use std::{
    collections::VecDeque,
    fmt, io,
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use serde_json::{Value, json};

use super::{
    Fate, Reply,
    http::{self, Request},
};

/// No test waits longer for something that should come.
const PATIENCE: Duration = Duration::from_secs(20);

/// A model of the fake server.
#[derive(Debug, Clone)]
pub struct FakeModel {
    /// Its name with a tag.
    pub name: String,
    /// Bytes on disk.
    pub size: u64,
    /// "4.3B".
    pub parameters: String,
    /// "gguf" or "safetensors".
    pub format: String,
    /// The most tokens it was made for.
    pub context: u32,
    /// Numbers in its vectors.
    pub dimensions: u32,
    /// "completion", "embedding", "thinking".
    pub capabilities: Vec<String>,
    /// The cloud that `api/tags` admits.
    pub cloud_in_tags: bool,
    /// The cloud that only `api/show` admits.
    pub cloud_in_show: bool,
}

impl FakeModel {
    /// A model that chats.
    #[must_use]
    pub fn chat(name: &str) -> Self {
        Self {
            name: name.into(),
            size: 3_300_000_000,
            parameters: "4.3B".into(),
            format: "gguf".into(),
            context: 32_768,
            dimensions: 2560,
            capabilities: vec!["completion".into()],
            cloud_in_tags: false,
            cloud_in_show: false,
        }
    }

    /// A model that embeds.
    #[must_use]
    pub fn embedding(name: &str) -> Self {
        Self {
            size: 274_000_000,
            parameters: "137M".into(),
            context: 2048,
            dimensions: 8,
            capabilities: vec!["embedding".into()],
            ..Self::chat(name)
        }
    }

    /// The same with a change.
    #[must_use]
    pub fn but(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    fn details(&self) -> Value {
        json!({ "format": self.format, "family": "fake", "parameter_size": self.parameters,
            "quantization_level": "Q4_K_M" })
    }

    fn tag(&self, tells_capabilities: bool) -> Value {
        let mut tag = json!({ "name": self.name, "model": self.name, "size": self.size,
            "modified_at": "2026-10-01T10:00:00.5Z", "digest": format!("digest-of-{}", self.name),
            "details": self.details() });
        if tells_capabilities {
            tag["capabilities"] = json!(self.capabilities);
            tag["details"]["context_length"] = json!(self.context);
            tag["details"]["embedding_length"] = json!(self.dimensions);
        }
        if self.cloud_in_tags {
            tag["remote_host"] = json!("https://ollama.com:443");
        }
        tag
    }

    fn show(&self) -> Value {
        let mut show = json!({ "license": "…", "details": self.details(),
            "capabilities": self.capabilities,
            "model_info": { "general.architecture": "fake", "fake.context_length": self.context,
                "fake.embedding_length": self.dimensions } });
        if self.cloud_in_show {
            show["remote_host"] = json!("https://ollama.com:443");
            show["remote_model"] = json!(self.name);
        }
        show
    }
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// "/api/chat".
    pub path: String,
    /// The JSON of its body; null without.
    pub body: Value,
    /// The key it came with.
    pub authorization: Option<String>,
    /// Requests under way when it came, itself included.
    pub in_flight: usize,
    /// Whether the client left before it had a whole answer.
    pub client_left: bool,
}

type Answering = dyn Fn(&Asked) -> Fate + Send + Sync;

struct Shared {
    version: Mutex<String>,
    models: Mutex<Vec<FakeModel>>,
    library: Mutex<Vec<FakeModel>>,
    script: Mutex<VecDeque<(String, Fate)>>,
    answering: Mutex<Arc<Answering>>,
    log: Mutex<Vec<Asked>>,
    has_changed: Condvar,
    n_in_flight: AtomicUsize,
}

/// The server. Its threads end with the test's process.
pub struct FakeOllama {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl fmt::Debug for FakeOllama {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FakeOllama").field("address", &self.address).finish_non_exhaustive()
    }
}

impl FakeOllama {
    /// A server of the newest release that has these models.
    #[must_use]
    pub fn with(models: impl IntoIterator<Item = FakeModel>) -> Self {
        Self::at(Ipv4Addr::LOCALHOST.into(), models).expect("a free port")
    }

    /// The same at another address of this machine.
    ///
    /// # Errors
    /// The address is not one of this machine.
    pub fn at(ip: IpAddr, models: impl IntoIterator<Item = FakeModel>) -> io::Result<Self> {
        let listener = TcpListener::bind((ip, 0))?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            version: Mutex::new("0.32.15".into()),
            models: Mutex::new(models.into_iter().collect()),
            library: Mutex::default(),
            script: Mutex::default(),
            answering: Mutex::new(Arc::new(|_| Fate::Usual)),
            log: Mutex::default(),
            has_changed: Condvar::new(),
            n_in_flight: AtomicUsize::new(0),
        });
        let serving = Arc::clone(&shared);
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                let shared = Arc::clone(&serving);
                // A client that leaves in the middle is what many tests are about.
                thread::spawn(move || shared.serve(socket));
            }
        });
        Ok(Self { address, shared })
    }

    /// Where it listens: "127.0.0.1:4711".
    #[must_use]
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Makes it another release; before 0.30 the list of models does not say what they can do.
    pub fn set_version(&self, version: &str) {
        version.clone_into(&mut lock(&self.shared.version));
    }

    /// What it has from now on.
    pub fn set_models(&self, models: impl IntoIterator<Item = FakeModel>) {
        *lock(&self.shared.models) = models.into_iter().collect();
    }

    /// What can be downloaded.
    pub fn set_library(&self, models: impl IntoIterator<Item = FakeModel>) {
        *lock(&self.shared.library) = models.into_iter().collect();
    }

    /// Puts down what becomes of the next request to this path, after those put down before.
    pub fn next(&self, path: &str, fate: Fate) {
        lock(&self.shared.script).push_back((path.into(), fate));
    }

    /// Decides about every request for which nothing is put down.
    pub fn answer_with(&self, answering: impl Fn(&Asked) -> Fate + Send + Sync + 'static) {
        *lock(&self.shared.answering) = Arc::new(answering);
    }

    /// All requests so far, in the order they came.
    #[must_use]
    pub fn log(&self) -> Vec<Asked> {
        lock(&self.shared.log).clone()
    }

    /// The requests to one path.
    #[must_use]
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        self.log().into_iter().filter(|asked| asked.path == path).collect()
    }

    /// Waits until the log is as wished, and returns whether that came about.
    #[must_use]
    pub fn wait_for(&self, is_there: impl Fn(&[Asked]) -> bool) -> bool {
        let log = lock(&self.shared.log);
        let waited =
            self.shared.has_changed.wait_timeout_while(log, PATIENCE, |log| !is_there(log));
        !waited.unwrap_or_else(PoisonError::into_inner).1.timed_out()
    }
}

/// What becomes of a connection after an answer.
enum Then {
    /// It can be used again.
    Keep,
    /// It is over; the client left, or is left.
    End { client_left: bool },
}

impl Shared {
    fn serve(&self, mut socket: TcpStream) {
        let _ = socket.set_nodelay(true);
        while let Ok(Some(request)) = http::read(&mut socket) {
            let in_flight = self.n_in_flight.fetch_add(1, Ordering::SeqCst) + 1;
            let (number, asked) = self.write_down(&request, in_flight);
            let fate = self.fate_of(&asked);
            let then = self.answer(&mut socket, &request, &asked, &fate);
            self.n_in_flight.fetch_sub(1, Ordering::SeqCst);
            match then {
                Ok(Then::Keep) => {}
                Ok(Then::End { client_left }) => return self.close(number, client_left),
                Err(_) => return self.close(number, true),
            }
        }
    }

    fn write_down(&self, request: &Request, in_flight: usize) -> (usize, Asked) {
        let mut body = request.body.clone();
        if request.has_more {
            body.push(b'}');
        }
        let asked = Asked {
            path: request.path.clone(),
            body: serde_json::from_slice(&body).unwrap_or_default(),
            authorization: request.authorization.clone(),
            in_flight,
            client_left: false,
        };
        let mut log = lock(&self.log);
        log.push(asked.clone());
        self.has_changed.notify_all();
        (log.len() - 1, asked)
    }

    fn close(&self, number: usize, client_left: bool) {
        lock(&self.log)[number].client_left = client_left;
        self.has_changed.notify_all();
    }

    fn fate_of(&self, asked: &Asked) -> Fate {
        let mut script = lock(&self.script);
        if let Some(at) = script.iter().position(|(path, _)| *path == asked.path) {
            return script.remove(at).map_or(Fate::Usual, |(_, fate)| fate);
        }
        drop(script);
        let answering = Arc::clone(&lock(&self.answering));
        answering(asked)
    }

    fn answer(
        &self,
        socket: &mut TcpStream,
        request: &Request,
        asked: &Asked,
        fate: &Fate,
    ) -> io::Result<Then> {
        if matches!(fate, Fate::Reset) {
            // With a byte unread, closing is a reset.
            return Ok(Then::End { client_left: false });
        }
        let is_midway = matches!(fate, Fate::ResetMidway);
        if request.has_more && !is_midway {
            io::Read::read_exact(socket, &mut [0])?;
        }
        let model = asked.body["model"].as_str().unwrap_or_default();
        match fate {
            Fate::Usual => return self.usual(socket, &request.method, asked),
            Fate::Say(reply) if asked.path.starts_with("/v1/") => say_openai(socket, reply)?,
            Fate::Say(reply) => say(socket, reply, model)?,
            Fate::Status(status, body) => {
                let kind = if body.starts_with('{') { "application/json" } else { "text/html" };
                http::answer(socket, *status, &[("content-type", kind)], body.as_bytes())?;
            }
            Fate::Json(value) => json_answer(socket, value)?,
            Fate::Lines(lines) => {
                let pieces: Vec<Vec<u8>> = lines.iter().map(http::line).collect();
                stream(socket, &pieces, Duration::ZERO)?;
            }
            Fate::Bytes(pieces) => stream(socket, pieces, Duration::ZERO)?,
            Fate::Redirect(to) => {
                http::answer(socket, 307, &[("location", to)], b"")?;
            }
            Fate::Close => return Ok(Then::End { client_left: false }),
            Fate::Hang => {
                http::wait_until_left(socket);
                return Ok(Then::End { client_left: true });
            }
            Fate::HangMidway | Fate::Reset | Fate::ResetMidway => {
                http::begin(socket, "application/x-ndjson")?;
                for line in Reply::new("{\"begun\": true}").lines(model).iter().take(2) {
                    http::piece(socket, &http::line(line))?;
                }
                if !is_midway {
                    http::wait_until_left(socket);
                }
                return Ok(Then::End { client_left: !is_midway });
            }
        }
        Ok(Then::Keep)
    }

    fn usual(&self, socket: &mut TcpStream, method: &str, asked: &Asked) -> io::Result<Then> {
        let name = asked.body["model"].as_str().or(asked.body["name"].as_str()).unwrap_or_default();
        let models = lock(&self.models).clone();
        let found = models
            .iter()
            .find(|model| model.name == name || model.name == format!("{name}:latest"));
        let value = match (method, asked.path.as_str()) {
            ("GET", "/api/version") => json!({ "version": *lock(&self.version) }),
            ("GET", "/api/tags") => {
                let is_new = self.tells_capabilities();
                json!({ "models": models.iter().map(|m| m.tag(is_new)).collect::<Vec<_>>() })
            }
            ("GET", "/api/ps") => json!({ "models": [] }),
            ("GET", "/v1/models") => json!({ "object": "list", "data": models.iter()
                .map(|m| json!({ "id": m.name, "object": "model", "max_model_len": m.context }))
                .collect::<Vec<_>>() }),
            ("POST", "/api/pull") => {
                self.pull(socket, name)?;
                return Ok(Then::Keep);
            }
            ("POST", _) if found.is_none() => {
                let text = json!({ "error": format!("model '{name}' not found") }).to_string();
                http::answer(socket, 404, &[], text.as_bytes())?;
                return Ok(Then::Keep);
            }
            ("POST", "/api/show") => found.map(FakeModel::show).unwrap_or_default(),
            ("POST", "/api/chat") => {
                say(socket, &Reply::new("{}"), name)?;
                return Ok(Then::Keep);
            }
            ("POST", "/v1/chat/completions") => {
                say_openai(socket, &Reply::new("{}"))?;
                return Ok(Then::Keep);
            }
            ("POST", "/api/embed") => {
                json!({ "model": name, "embeddings": vectors(asked, found), "prompt_eval_count": 9 })
            }
            ("POST", "/v1/embeddings") => {
                let data: Vec<Value> = vectors(asked, found)
                    .iter()
                    .enumerate()
                    .map(|(index, vector)| json!({ "index": index, "embedding": vector }))
                    .collect();
                json!({ "object": "list", "data": data })
            }
            _ => {
                http::answer(
                    socket,
                    404,
                    &[("content-type", "text/plain")],
                    b"404 page not found",
                )?;
                return Ok(Then::Keep);
            }
        };
        json_answer(socket, &value)?;
        Ok(Then::Keep)
    }

    fn tells_capabilities(&self) -> bool {
        let version = lock(&self.version);
        let minor = version.split('.').nth(1).and_then(|minor| minor.parse::<u32>().ok());
        minor.is_some_and(|minor| minor >= 30)
    }

    fn pull(&self, socket: &mut TcpStream, name: &str) -> io::Result<()> {
        let found = lock(&self.library).iter().find(|model| model.name == name).cloned();
        let lines = match &found {
            None => vec![
                json!({ "status": "pulling manifest" }),
                json!({ "error": "pull model manifest: file does not exist" }),
            ],
            Some(model) => {
                let layer = |digest: &str, total: u64, completed: Option<u64>| {
                    let mut line = json!({ "status": format!("pulling {digest}"),
                        "digest": format!("sha256:{digest}"), "total": total });
                    if let Some(completed) = completed {
                        line["completed"] = json!(completed);
                    }
                    line
                };
                vec![
                    json!({ "status": "pulling manifest" }),
                    layer("aaaaaaaaaaaa", model.size, None),
                    layer("aaaaaaaaaaaa", model.size, Some(model.size / 2)),
                    layer("aaaaaaaaaaaa", model.size, Some(model.size)),
                    layer("bbbbbbbbbbbb", 1000, Some(1000)),
                    json!({ "status": "verifying sha256 digest" }),
                    json!({ "status": "writing manifest" }),
                    json!({ "status": "success" }),
                ]
            }
        };
        lock(&self.models).extend(found);
        let pieces: Vec<Vec<u8>> = lines.iter().map(http::line).collect();
        stream(socket, &pieces, Duration::ZERO)
    }
}

/// A vector for each text that depends on its words alone.
fn vectors(asked: &Asked, model: Option<&FakeModel>) -> Vec<Vec<f64>> {
    let dimensions = model.map_or(8, |model| model.dimensions as usize);
    let texts = asked.body["input"].as_array().cloned().unwrap_or_default();
    let vector = |text: &Value| {
        let mut vector = vec![0.0; dimensions];
        for word in text.as_str().unwrap_or_default().split_whitespace() {
            let hash = blake3::hash(word.to_lowercase().as_bytes());
            vector[usize::from(hash.as_bytes()[0]) % dimensions] += 1.0;
        }
        vector
    };
    texts.iter().map(vector).collect()
}

fn json_answer(socket: &mut TcpStream, value: &Value) -> io::Result<()> {
    let headers = [("content-type", "application/json; charset=utf-8")];
    http::answer(socket, 200, &headers, value.to_string().as_bytes())
}

fn say(socket: &mut TcpStream, reply: &Reply, model: &str) -> io::Result<()> {
    let lines: Vec<Vec<u8>> = reply.lines(model).iter().map(http::line).collect();
    let pieces = if reply.is_split_inside_characters { inside_characters(&lines) } else { lines };
    stream(socket, &pieces, reply.gap)
}

/// The same bytes in pieces, each of which but the last ends inside a character, where there is one of
/// more than one byte.
fn inside_characters(lines: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut pieces = vec![Vec::new()];
    let mut bytes = lines.concat().into_iter().peekable();
    while let Some(byte) = bytes.next() {
        if let Some(piece) = pieces.last_mut() {
            piece.push(byte);
        }
        if byte > 127 && bytes.peek().is_some_and(|next| (0x80..0xC0).contains(next)) {
            pieces.push(Vec::new());
        }
    }
    pieces
}

fn say_openai(socket: &mut TcpStream, reply: &Reply) -> io::Result<()> {
    let event = |value: Value| format!("data: {value}\n\n").into_bytes();
    let mut pieces = vec![b": keep-alive\n\n".to_vec()];
    if !reply.thinking.is_empty() {
        pieces.push(event(json!({ "choices": [{ "delta": {
            "reasoning_content": reply.thinking } }] })));
    }
    let chars: Vec<char> = reply.text.chars().collect();
    for piece in chars.chunks(4) {
        let words: String = piece.iter().collect();
        pieces.push(event(json!({ "choices": [{ "delta": { "content": words } }] })));
    }
    if let Some(error) = &reply.error {
        pieces.push(event(json!({ "error": error })));
    } else if reply.has_end {
        let reason = json!(reply.done_reason);
        pieces.push(event(json!({ "choices": [{ "delta": {}, "finish_reason": reason }] })));
        pieces.push(event(json!({ "choices": [], "usage": {
            "prompt_tokens": reply.prompt_tokens, "completion_tokens": reply.reply_tokens } })));
        pieces.push(b"data: [DONE]\n\n".to_vec());
    }
    stream(socket, &pieces, reply.gap)
}

fn stream(socket: &mut TcpStream, pieces: &[Vec<u8>], gap: Duration) -> io::Result<()> {
    http::begin(socket, "application/x-ndjson")?;
    for piece in pieces.iter().filter(|piece| !piece.is_empty()) {
        if !gap.is_zero() {
            thread::sleep(gap);
        }
        http::piece(socket, piece)?;
    }
    http::piece(socket, b"")
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
