//! The log file: small, private, and without anything a person wrote.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    panic,
    path::{Path, PathBuf},
    sync::Mutex,
};

use tracing_subscriber::EnvFilter;

/// The log and the one before it are at most so big, in bytes.
const LIMIT: u64 = 1_000_000;

/// Begins to log warnings (or what `REM_LOG` says) into `folder`.
pub(crate) fn start(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let file = Limited::open(folder.join("rem-journal.log"), LIMIT)?;
    let filter = EnvFilter::try_from_env("REM_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,rem_journal=info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .init();
    // The message of a panic may quote the text it stumbled over: only the place is kept.
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".into(), ToString::to_string);
        tracing::error!("The program stumbled at {place}.");
        eprintln!("rem-journal: stumbled at {place}");
    }));
    Ok(())
}

/// A file that moves aside when it is full.
struct Limited {
    path: PathBuf,
    file: File,
    size: u64,
    limit: u64,
}

impl Limited {
    fn open(path: PathBuf, limit: u64) -> io::Result<Self> {
        let file = open_private(&path)?;
        let size = file.metadata()?.len();
        Ok(Self { path, file, size, limit })
    }
}

impl Write for Limited {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if self.size > 0 && self.size + line.len() as u64 > self.limit {
            fs::rename(&self.path, self.path.with_extension("old.log"))?;
            self.file = open_private(&self.path)?;
            self.size = 0;
        }
        let written = self.file.write(line)?;
        self.size += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
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
    use super::*;

    #[test]
    fn a_full_log_moves_aside_and_only_one_old_one_is_kept() {
        let folder = std::env::temp_dir().join(format!("rem-log-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a.log");
        let mut log = Limited::open(path.clone(), 10).unwrap();
        for line in ["one\n", "two\n", "three\n", "four\n"] {
            log.write_all(line.as_bytes()).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "four\n".to_owned());
        assert_eq!(fs::read_to_string(path.with_extension("old.log")).unwrap(), "three\n");
        fs::remove_dir_all(folder).unwrap();
    }
}
