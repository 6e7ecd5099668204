//! The log file: JSON lines, small, private, and without anything a person wrote. Both shells keep one, in
//! the same folder; who starts them says where it lies and how much goes into it.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufRead, BufReader, Write},
    path::{Path, PathBuf},
    sync::Mutex,
};

use serde_json::Value;
use tracing_subscriber::{EnvFilter, Layer, fmt, registry::LookupSpan};

/// A log and the one before it are at most so big, in bytes.
const LIMIT: u64 = 1_000_000;
/// What goes into the log where nobody says otherwise: the events of dreams, and what goes wrong.
/// A library that speaks to assistant programs repeats what they ask.
pub const USUAL: &str = "warn,rem_core=info,rem_journal=info,rmcp=off";

/// The folder of the logs below the app's data folder.
#[must_use]
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("logs")
}

/// Writes what happens into `<program>.jsonl` in `folder`, as lines of JSON with the spans they happened
/// in. The file is made with the first line. `filter` is written as for `RUST_LOG`; one that cannot be
/// read is taken for [`USUAL`].
pub fn layer<S>(folder: &Path, program: &str, filter: &str) -> impl Layer<S> + use<S>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    let file = Limited::new(folder.join(format!("{program}.jsonl")), LIMIT);
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new(USUAL));
    fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .with_filter(filter)
}

/// One line of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// When, as it stands in the log: RFC 3339 in UTC, so that it sorts.
    pub at: String,
    /// "ERROR", "WARN", "INFO", "DEBUG" or "TRACE".
    pub level: String,
    /// The event's name, or a sentence.
    pub message: String,
    /// The whole line.
    pub whole: Value,
}

/// The lines of all logs in a folder, the oldest first. What is no line of a log is left out.
///
/// # Errors
/// The folder or a log in it cannot be read; that there is none is no error.
pub fn read(folder: &Path) -> io::Result<Vec<Line>> {
    let mut lines = Vec::new();
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(lines),
        entries => entries?,
    };
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "jsonl") {
            for line in BufReader::new(File::open(&path)?).lines() {
                lines.extend(parse(&line?));
            }
        }
    }
    lines.sort_by(|a: &Line, b: &Line| a.at.cmp(&b.at));
    Ok(lines)
}

fn parse(text: &str) -> Option<Line> {
    let whole: Value = serde_json::from_str(text).ok()?;
    let word = |key: &str| whole.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(Line {
        at: word("timestamp")?,
        level: word("level")?,
        message: word("message").unwrap_or_default(),
        whole,
    })
}

/// A file that moves aside when it is full, made when the first line is written.
struct Limited {
    path: PathBuf,
    file: Option<(File, u64)>,
    limit: u64,
}

impl Limited {
    fn new(path: PathBuf, limit: u64) -> Self {
        Self { path, file: None, limit }
    }

    fn open(&self) -> io::Result<(File, u64)> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file = open_private(&self.path)?;
        let size = file.metadata()?.len();
        Ok((file, size))
    }
}

impl Write for Limited {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let opened = match self.file.take() {
            Some(opened) => opened,
            None => self.open()?,
        };
        let (mut file, mut size) = opened;
        if size > 0 && size + line.len() as u64 > self.limit {
            fs::rename(&self.path, self.path.with_extension("old.jsonl"))?;
            (file, size) = self.open()?;
        }
        // One call a line: two programs may write to one log.
        let written = file.write(line)?;
        self.file = Some((file, size + written as u64));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), |(file, _)| file.flush())
    }
}

fn open_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::*;

    #[test]
    fn a_full_log_moves_aside_and_only_one_old_one_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.jsonl");
        let mut log = Limited::new(path.clone(), 10);
        assert!(!path.exists(), "made with the first line");
        for line in ["one\n", "two\n", "three\n", "four\n"] {
            log.write_all(line.as_bytes()).expect("it is written");
        }
        assert_eq!(fs::read_to_string(&path).expect("a log"), "four\n");
        let old = path.with_extension("old.jsonl");
        assert_eq!(fs::read_to_string(old).expect("a log"), "three\n");
    }

    #[test]
    fn an_event_is_a_line_with_its_fields_and_the_dream_it_happened_in() {
        let folder = tempfile::tempdir().expect("a folder");
        let logs = folder.path().join("logs");
        let subscriber = tracing_subscriber::registry().with(layer(&logs, "rem", USUAL));
        tracing::subscriber::with_default(subscriber, || {
            let _dream = tracing::info_span!("dream", run_id = "7-1").entered();
            tracing::info!(n_moments = 3, "dream_stage_completed");
            tracing::debug!("too much");
        });
        let lines = read(&logs).expect("a log");
        assert_eq!(lines.len(), 1);
        assert_eq!(
            (lines[0].level.as_str(), lines[0].message.as_str()),
            ("INFO", "dream_stage_completed")
        );
        assert_eq!(lines[0].whole["n_moments"], 3);
        assert_eq!(lines[0].whole["spans"][0]["run_id"], "7-1");
    }

    #[test]
    fn what_is_no_line_of_a_log_is_left_out() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(read(&folder.path().join("none")).expect("none"), []);
        fs::write(folder.path().join("a.jsonl"), "{\"half\nnot json\n\n[]\n").expect("a log");
        fs::write(folder.path().join("b.txt"), "{\"timestamp\":\"x\",\"level\":\"INFO\"}\n")
            .expect("a file");
        assert_eq!(read(folder.path()).expect("no lines"), []);
    }
}
