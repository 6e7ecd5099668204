//! A small WebDriver client: just what these tests ask of the window.

use std::{
    env,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::{Value, json};

use crate::home::{Home, wait_until};

/// How long the page may take for anything but a dream. Slow machines build beside these tests.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// The page in the real window.
pub(crate) struct Page {
    driver: Child,
    port: u16,
    session: String,
}

impl Page {
    /// Starts the app under the driver.
    pub(crate) fn open(home: &Home) -> Self {
        let port = free_port();
        let mut driver = Command::new(program("TAURI_DRIVER", "tauri-driver"));
        driver
            .args(["--port", &port.to_string(), "--native-port", &free_port().to_string()])
            .arg("--native-driver")
            .arg(program("WEBKIT_DRIVER", "WebKitWebDriver"))
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        home.dress(&mut driver);
        let driver = driver.spawn().expect("tauri-driver starts: cargo install tauri-driver");
        let mut page = Self { driver, port, session: String::new() };
        wait_until("tauri-driver answers", PATIENCE, || {
            TcpStream::connect(("127.0.0.1", port)).ok()
        });
        // A name of the browser would be compared with WebKit's own, which differs between systems.
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "tauri:options": { "application": home.binary() }
        }}});
        // The driver answers a little before its own driver does.
        let session = wait_until("a session begins", PATIENCE, || {
            page.ask("POST", "/session", Some(&wanted)).ok()
        });
        page.session = session["sessionId"].as_str().expect("a session has an id").to_owned();
        page
    }

    /// Waits for an element that the person can see.
    pub(crate) fn wait(&self, css: &str) -> String {
        self.wait_long(css, PATIENCE)
    }

    /// Waits as long as it takes a dream.
    pub(crate) fn wait_long(&self, css: &str, patience: Duration) -> String {
        wait_until(css, patience, || {
            let element = self.element(css)?;
            let is_shown = self.of(&element, "displayed");
            (is_shown.ok()?.as_bool()?).then_some(element)
        })
    }

    /// Clicks as a person does.
    pub(crate) fn click(&self, css: &str) {
        // It may move between being found and being clicked.
        wait_until(&format!("a click on {css}"), PATIENCE, || {
            let element = self.wait(css);
            let is_enabled = self.of(&element, "enabled").ok()?.as_bool()?;
            if !is_enabled {
                return None;
            }
            self.on(&element, "click", &json!({})).ok()
        });
    }

    /// Replaces what stands in a field.
    pub(crate) fn write(&self, css: &str, text: &str) {
        let element = self.wait(css);
        self.on(&element, "clear", &json!({})).expect("a field can be cleared");
        self.on(&element, "value", &json!({ "text": text })).expect("a field takes text");
    }

    /// The text of the first such element.
    pub(crate) fn text(&self, css: &str) -> String {
        wait_until(&format!("the text of {css}"), PATIENCE, || {
            let element = self.wait(css);
            Some(self.of(&element, "text").ok()?.as_str()?.to_owned())
        })
    }

    /// The whole text of every such element, also of what is scrolled out of sight.
    pub(crate) fn texts(&self, css: &str) -> Vec<String> {
        let texts = self.run(
            "return [...document.querySelectorAll(arguments[0])].map((one) => one.textContent)",
            json!([css]),
        );
        serde_json::from_value(texts).expect("texts are strings")
    }

    /// Runs a script in the page.
    pub(crate) fn run(&self, script: &str, args: Value) -> Value {
        self.in_session("POST", "/execute/sync", Some(&json!({ "script": script, "args": args })))
            .expect("the script runs")
    }

    /// Asks the shell for a command as the page could: what it answers or how it refuses.
    pub(crate) fn invoke(&self, command: &str, payload: &Value) -> Result<Value, Value> {
        let script = "const done = arguments[2];
            window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]).then(
              (reply) => done({ reply }),
              (refusal) => done({ refusal: refusal ?? 'refused' }));";
        let body = json!({ "script": script, "args": [command, payload] });
        let answer = self.in_session("POST", "/execute/async", Some(&body)).expect("it answers");
        match answer.get("refusal") {
            Some(refusal) => Err(refusal.clone()),
            None => Ok(answer["reply"].clone()),
        }
    }

    /// Makes the window so big, and waits until everything in it has come to rest.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let size = json!({ "width": width, "height": height });
        self.in_session("POST", "/window/rect", Some(&size)).expect("the window takes a size");
        wait_until(&format!("a window {width} wide"), PATIENCE, || {
            let inner = self.run("return [innerWidth, innerHeight]", json!([]));
            (inner == json!([width, height])).then_some(())
        });
        wait_until("an end of all motion", PATIENCE, || {
            let moving = "return document.querySelectorAll('[aria-busy=true]').length
                + document.getAnimations().filter((one) => one.playState === 'running'
                  && one.effect.getComputedTiming().endTime !== Infinity).length";
            (self.run(moving, json!([])) == 0).then_some(())
        });
        // The last frame is still on its way to the screen.
        std::thread::sleep(Duration::from_millis(300));
    }

    fn element(&self, css: &str) -> Option<String> {
        let body = json!({ "using": "css selector", "value": css });
        let found = self.in_session("POST", "/element", Some(&body)).ok()?;
        Some(found.as_object()?.values().next()?.as_str()?.to_owned())
    }

    fn of(&self, element: &str, what: &str) -> Result<Value, String> {
        self.in_session("GET", &format!("/element/{element}/{what}"), None)
    }

    fn on(&self, element: &str, what: &str, body: &Value) -> Result<Value, String> {
        self.in_session("POST", &format!("/element/{element}/{what}"), Some(body))
    }

    fn in_session(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        self.ask(method, &format!("/session/{}{path}", self.session), body)
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let body = body.map(ToString::to_string).unwrap_or_default();
        let mut stream =
            TcpStream::connect(("127.0.0.1", self.port)).map_err(|error| error.to_string())?;
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .map_err(|error| error.to_string())?;
        // Not "Connection: close": tauri-driver would pass that on to the driver behind it, and stumble
        // over the closed connection with the next request.
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        );
        stream.write_all(request.as_bytes()).map_err(|error| error.to_string())?;
        let (head, body) = read_answer(&mut BufReader::new(stream))?;
        let answer: Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
        if head.starts_with("HTTP/1.1 200") {
            Ok(answer["value"].clone())
        } else {
            Err(answer["value"].to_string())
        }
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            // Ends the app, too.
            let _ = self.in_session("DELETE", "", None);
        }
        // Asked kindly, it ends the driver behind it as well.
        let _ = Command::new("kill").arg(self.driver.id().to_string()).status();
        let _ = self.driver.wait();
    }
}

/// The head of an answer, and its body.
fn read_answer(stream: &mut impl BufRead) -> Result<(String, Vec<u8>), String> {
    let mut head = String::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).map_err(|error| error.to_string())?;
        if line.trim().is_empty() {
            break;
        }
        head.push_str(&line);
    }
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, length)| length.trim().parse::<usize>().ok())
        .ok_or_else(|| format!("an answer without a length: {head}"))?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).map_err(|error| error.to_string())?;
    Ok((head, body))
}

fn program(variable: &str, name: &str) -> PathBuf {
    env::var_os(variable).map_or_else(|| name.into(), PathBuf::from)
}

fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("an address").port()
}
