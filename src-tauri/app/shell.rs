//! What all parts of the shell share: where the app lives, and the journal once it is open.

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::Context;
use directories::ProjectDirs;
use rem_core::{Journal, error::WireError};
use serde::Serialize;

use crate::{opening::Opened, tray::Tray};

/// Where the app keeps its things.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    /// The folder of everything.
    pub(crate) data_dir: PathBuf,
    /// The journal's name.
    pub(crate) name: String,
    /// The journal's file.
    pub(crate) journal: PathBuf,
    /// What belongs to the window of this journal: its lock, its size, WebKit's files.
    pub(crate) desktop: PathBuf,
}

impl Place {
    /// Finds the folders, and makes them for this person only.
    pub(crate) fn find(journal: Option<&str>) -> anyhow::Result<Self> {
        let name = match journal {
            Some(name) => name.to_owned(),
            None => std::env::var("REM_JOURNAL").unwrap_or_else(|_| "personal".into()),
        };
        let data_dir = match std::env::var_os("REM_DATA_DIR") {
            Some(folder) => std::path::absolute(folder)?,
            None => ProjectDirs::from("", "", "rem-journal")
                .context("this account has no home folder to keep a journal in")?
                .data_dir()
                .to_owned(),
        };
        let journal = rem_core::journal::journal_path(&data_dir, &name)?;
        let desktop = data_dir.join("desktop").join(&name);
        for folder in [&data_dir, &desktop] {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        make_private(&data_dir)?;
        Ok(Self { data_dir, name, journal, desktop })
    }
}

#[cfg(unix)]
fn make_private(folder: &std::path::Path) -> anyhow::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
        .with_context(|| format!("the folder {} cannot be made private", folder.display()))
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "fails on other systems")]
fn make_private(_folder: &std::path::Path) -> anyhow::Result<()> {
    Ok(())
}

/// The shell's own event to the page: what only the page can do.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct ShellEvent {
    /// What to do, for example "search".
    pub(crate) action: &'static str,
    /// What to do it with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<i64>,
}

/// What all parts of the shell share.
pub(crate) struct Shell {
    /// Where the app keeps its things.
    pub(crate) place: Place,
    started: Instant,
    opened: Opened,
    is_painted: AtomicBool,
    is_quitting: AtomicBool,
    tray: Mutex<Option<Tray>>,
}

impl Shell {
    pub(crate) fn new(started: Instant, place: Place, opened: Opened) -> Self {
        Self {
            place,
            started,
            opened,
            is_painted: AtomicBool::new(false),
            is_quitting: AtomicBool::new(false),
            tray: Mutex::default(),
        }
    }

    /// The journal; waits until it is open. Never to be called on the main thread.
    pub(crate) fn journal(&self) -> Result<Journal, WireError> {
        self.opened.wait()
    }

    /// The journal, if it is open by now or within `patience`.
    pub(crate) fn journal_within(&self, patience: Duration) -> Option<Journal> {
        self.opened.within(patience)
    }

    /// Runs `work` with the tray, if there is one.
    pub(crate) fn with_tray<T>(&self, work: impl FnOnce(&mut Option<Tray>) -> T) -> T {
        work(&mut self.tray.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Notes that the page can be read. Only the first time counts, and gives the time it took.
    pub(crate) fn painted(&self) -> Option<Duration> {
        let is_first = !self.is_painted.swap(true, Ordering::Relaxed);
        is_first.then(|| self.started.elapsed())
    }

    /// Notes that the app is going to end. `true` the first time.
    pub(crate) fn begin_to_quit(&self) -> bool {
        !self.is_quitting.swap(true, Ordering::Relaxed)
    }

    /// Whether the app is going to end.
    pub(crate) fn is_quitting(&self) -> bool {
        self.is_quitting.load(Ordering::Relaxed)
    }
}
