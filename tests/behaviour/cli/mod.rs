//! The command `rem` as people and scripts use it, through [`rem_cli::run`]. What only a real process
//! shows (pipes, the exit code, the environment) is tested beside the binary, in `src-tauri/cli/tests/`.

/// Asking in one's own words, and what the papers show of it.
mod asking;
/// Carrying the journal out and in, and what assistant programs asked.
mod carrying;
/// Correcting moments.
mod correcting;
/// Dreaming: asking for it, stopping it, looking at what it did.
mod dreaming;
/// Looking back at the nights, and undoing one.
mod dreams;
/// The graph: walks, ways, files.
mod graph;
/// Numbers, examination and logs.
mod health;
/// Notes that try to take over the terminal, and letters that take more than one column.
mod hostile;
/// Insights and predictions: finding, listing, deciding.
mod insights;
/// This day in earlier years, streaks, people, moods.
mod looking_back;
/// Answers for programs: JSON, exit codes.
mod machines;
/// Minds: which models there are, what they cost, how a dream uses them.
mod minds;
/// Who the person is lately, and what they say of themselves.
mod profile;
/// Asking in SQL.
mod querying;
/// Reading days, moments and records; searching.
mod reading;
/// Looking back on weeks, months and years.
mod reviewing;
/// Folders and files: importing, following, forgetting.
mod sources;
/// Types of moments.
mod types;
/// Work that waits, schedules, the daemon.
mod working;
/// Getting things in: making journals, quick notes, settings.
mod writing;

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use rem_cli::{Exit, Terminal};
use rem_core::{clock::Clock, journal::Cancel, mind::around::Around};
use tempfile::TempDir;

/// Wednesday, 14 October 2026, 20:00 in Berlin.
const EVENING: &str = "2026-10-14T18:00:00Z";

/// A person's terminal with a clock that stands still, and a home of its own.
struct Desk {
    home: TempDir,
    now: String,
    width: usize,
    is_terminal: bool,
    is_plain: bool,
    on_interrupt: Box<dyn Fn(&Cancel)>,
    /// What the person types when asked for a secret; nobody is there, if absent.
    secret: Option<String>,
    /// What lies around the journal.
    around: Around,
    /// What was written to the output so far; shared, so that an interrupt can wait for it.
    out: Shared,
}

/// What a command did.
struct Ran {
    exit: Exit,
    out: String,
    err: String,
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8(bytes).expect("output is UTF-8")
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Desk {
    fn new() -> Self {
        Self {
            home: tempfile::tempdir().expect("a temporary folder"),
            now: EVENING.into(),
            width: 80,
            is_terminal: false,
            is_plain: false,
            on_interrupt: Box::new(|_| {}),
            secret: None,
            around: Around::default(),
            out: Shared::default(),
        }
    }

    /// A journal that has read and dreamt a small folder of notes and a chat.
    fn dreamt() -> Self {
        let desk = Self::with_notes();
        desk.does(&["dream"]);
        desk
    }

    /// A journal that has read a small folder of notes and a chat.
    fn with_notes() -> Self {
        let desk = Self::new();
        desk.write("notes/2026-10-13.md", TUESDAY);
        desk.write("notes/2026-10-14.md", WEDNESDAY);
        desk.write("notes/WhatsApp Chat with Ana.txt", CHAT);
        desk.does(&["import", &desk.path("notes")]);
        desk
    }

    fn rem(&self, words: &[&str]) -> Ran {
        self.rem_with_input(words, b"")
    }

    fn rem_with_input(&self, words: &[&str], mut input: &[u8]) -> Ran {
        let now = self.now.parse().expect("an instant");
        let mut out = self.out.clone();
        out.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let mut err = Vec::new();
        let mut terminal = Terminal {
            input: &mut input,
            out: &mut out,
            err: &mut err,
            is_input_terminal: self.secret.is_some(),
            is_out_terminal: self.is_terminal,
            is_err_terminal: false,
            width: Some(self.width),
            is_plain: self.is_plain,
            clock: Clock::fixed(now),
            zone: "Europe/Berlin".into(),
            data_dir: Some(self.data()),
            program: Some("/usr/bin/rem".into()),
            keeps_log: false,
            around: self.around.clone(),
            ask_secret: &|_| self.secret.clone().ok_or_else(|| io::Error::other("nobody is there")),
            on_interrupt: &*self.on_interrupt,
        };
        let exit = rem_cli::run([&["rem"], words].concat(), &mut terminal);
        Ran { exit, out: self.out.text(), err: String::from_utf8(err).expect("errors are UTF-8") }
    }

    /// Runs a command that is to succeed and returns what it said.
    fn does(&self, words: &[&str]) -> String {
        let ran = self.rem(words);
        assert_eq!(ran.exit, Exit::Done, "rem {}: {}{}", words.join(" "), ran.out, ran.err);
        ran.out
    }

    /// Runs a command that is to succeed and returns its JSON answer.
    fn asks(&self, words: &[&str]) -> serde_json::Value {
        let out = self.does(&[words, &["--json"]].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error} in {out}"))
    }

    /// Runs a command that is to fail and returns how it did.
    fn fails(&self, words: &[&str]) -> Ran {
        let ran = self.rem(words);
        assert_ne!(ran.exit, Exit::Done, "rem {}: {}", words.join(" "), ran.out);
        ran
    }

    fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    fn path(&self, name: &str) -> String {
        self.home.path().join(name).to_string_lossy().into_owned()
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        let path = self.home.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// The id of the moment whose summary or evidence has these words.
    fn moment(&self, words: &str) -> String {
        let reply = self.asks(&["search", "--in", "moments", words]);
        let id = reply["hits"][0]["id"].as_i64();
        id.unwrap_or_else(|| panic!("no moment has “{words}”: {reply}")).to_string()
    }
}

const TUESDAY: &str = "\
# Tuesday

## 09:30 Call with Ana

Ana called about the grant letter. I was worried that the budget would not be enough, and angry at the
form. We agreed to cut the printer and to send the letter on Friday.

## 15:00 – 16:30 Canal

Walked along the canal and saw a heron. Calm and happy for the first time this week.
";

const WEDNESDAY: &str = "\
# Wednesday

Slept badly.

## 11:05 The letter is out

Sent the grant letter with Ana. Relieved and proud! #grant
";

const CHAT: &str = "\
13/10/2026, 18:02 - Ana: Did you hear from the foundation?
13/10/2026, 18:05 - Me: Not yet. I am nervous about the budget.
13/10/2026, 18:06 - Ana: It will be fine, you did great work
14/10/2026, 12:15 - Ana: They said yes!!! 🎉
14/10/2026, 12:16 - Me: What?! I am so happy
";
