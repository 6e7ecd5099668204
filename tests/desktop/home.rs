//! A home of its own for every test: data, settings and caches of the app in a folder that goes away.

use std::{
    env,
    fs::{self, File, OpenOptions},
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// Where nobody listens: the person's own models are none of these tests' business.
const NOWHERE: &str = "127.0.0.1:1";

/// A home of its own.
pub(crate) struct Home {
    folder: TempDir,
    /// Where models live.
    models: String,
}

impl Home {
    /// Makes one, and says what is missing where there is no display.
    pub(crate) fn new() -> Self {
        assert!(
            env::var_os("DISPLAY").is_some(),
            "these tests drive the real window and need a display: cargo xtask test --only window"
        );
        let folder = tempfile::tempdir().expect("a temporary folder");
        Self { folder, models: NOWHERE.to_owned() }
    }

    /// The same beside a server with models.
    pub(crate) fn beside(address: &str) -> Self {
        Self { models: address.to_owned(), ..Self::new() }
    }

    /// The app's data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The app, built with the pages inside.
    pub(crate) fn binary(&self) -> PathBuf {
        env::var_os("REM_DESKTOP_BINARY").map(PathBuf::from).unwrap_or_else(|| {
            panic!("REM_DESKTOP_BINARY names the built app: cargo xtask test --only window")
        })
    }

    /// Lets a program see this home and nothing of the person's own.
    pub(crate) fn dress(&self, program: &mut Command) {
        program.env("REM_DATA_DIR", self.data()).env("OLLAMA_HOST", &self.models);
        for (variable, folder) in [
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_DATA_HOME", "share"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
        ] {
            program.env(variable, self.folder.path().join(folder));
        }
        program.env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1").env_remove("WAYLAND_DISPLAY");
    }

    /// Starts the app as a person does.
    pub(crate) fn start(&self, args: &[&str]) -> App {
        let mut app = Command::new(self.binary());
        self.dress(&mut app);
        app.args(args).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        app.env("REM_PRINT_PAINT", "1");
        App(app.spawn().expect("the app starts"))
    }

    /// Waits until no app holds the journal any more.
    pub(crate) fn wait_until_closed(&self) {
        let path = self.data().join("desktop/personal/lock");
        wait_until("the app has ended", Duration::from_secs(20), || {
            let lock: File = OpenOptions::new().write(true).open(&path).ok()?;
            lock.try_lock().ok()
        });
    }

    /// Every text that the sample journal holds.
    pub(crate) fn sample_texts(&self) -> Vec<String> {
        let mut texts = Vec::new();
        read_below(&self.data().join("sample"), &mut texts);
        assert!(texts.len() > 10, "the sample journal has been written out");
        texts
    }
}

fn read_below(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            read_below(&path, texts);
        } else if let Ok(text) = fs::read_to_string(&path) {
            texts.push(text);
        }
    }
}

/// A running app; it ends with this value.
pub(crate) struct App(Child);

impl App {
    /// Waits for a line that contains `part`, on its standard output.
    pub(crate) fn wait_for_line(&mut self, part: &str) -> String {
        let output = self.0.stdout.take().expect("its output was not taken before");
        line_with(BufReader::new(output), part)
    }

    /// Waits for a line that contains `part`, on its standard error.
    pub(crate) fn wait_for_complaint(&mut self, part: &str) -> String {
        let output = self.0.stderr.take().expect("its errors were not taken before");
        line_with(BufReader::new(output), part)
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().expect("its state")
    }

    /// Waits for its end.
    pub(crate) fn wait_for_end(&mut self, patience: Duration) -> ExitStatus {
        wait_until("the app ends", patience, || self.ended())
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn line_with(lines: impl BufRead, part: &str) -> String {
    lines
        .lines()
        .map_while(Result::ok)
        .find(|line| line.contains(part))
        .unwrap_or_else(|| panic!("it ended without saying “{part}”"))
}

/// Asks again and again until there is an answer.
pub(crate) fn wait_until<T>(
    what: &str,
    patience: Duration,
    mut ask: impl FnMut() -> Option<T>,
) -> T {
    let began = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(began.elapsed() < patience, "waited {patience:?} in vain: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}
