//! One window per journal: a second start passes its wish on to the first and ends.
//!
//! A lock that the system lets go of with its process, and a folder of knocks that the first looks
//! into: this needs no D-Bus, works the same on every system, and does not confuse two journals, which
//! the usual plugin would take for the same app.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context;

use crate::args::Wish;

/// How long the first may take to answer. It looks twice a second; a machine that just woke is slower.
const PATIENCE: Duration = Duration::from_secs(10);

/// What came of a start.
pub(crate) enum Start {
    /// This is the first.
    First(Instance),
    /// Another runs, and has taken the wish.
    Passed,
}

/// The right to be the one window of a journal, until dropped.
pub(crate) struct Instance {
    /// Held for its lock only.
    _lock: Option<File>,
    knocks: PathBuf,
}

/// Becomes the window of the journal whose things are in `folder`, or passes `wish` to it.
pub(crate) fn start(folder: &Path, wish: Wish) -> anyhow::Result<Start> {
    let knocks = folder.join("knocks");
    fs::create_dir_all(&knocks)
        .with_context(|| format!("the folder {} cannot be made", knocks.display()))?;
    let path = folder.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(&path)
        .with_context(|| format!("{} cannot be opened", path.display()))?;
    let lock = match file.try_lock() {
        Ok(()) => Some(file),
        Err(TryLockError::WouldBlock) => {
            knock(&knocks, wish, PATIENCE)?;
            return Ok(Start::Passed);
        }
        Err(TryLockError::Error(error)) => {
            // Two windows on one journal are clumsy but safe; no window at all would be worse.
            tracing::warn!(%error, "This disk has no locks: a second start opens a second window.");
            None
        }
    };
    let instance = Instance { _lock: lock, knocks };
    // What nobody answered before is stale.
    instance.knocks();
    Ok(Start::First(instance))
}

impl Instance {
    /// The wishes that came since the last look.
    pub(crate) fn knocks(&self) -> Vec<Wish> {
        let Ok(entries) = fs::read_dir(&self.knocks) else { return Vec::new() };
        entries
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "knock"))
            .filter_map(|path| {
                let word = fs::read_to_string(&path).unwrap_or_default();
                // Gone is the answer: who knocked waits for it.
                fs::remove_file(&path).ok()?;
                Wish::from_word(&word)
            })
            .collect()
    }
}

/// Leaves a wish and waits until it is taken.
fn knock(knocks: &Path, wish: Wish, patience: Duration) -> anyhow::Result<()> {
    let name = knocks.join(std::process::id().to_string());
    let (draft, path) = (name.with_extension("draft"), name.with_extension("knock"));
    let left: io::Result<()> =
        fs::write(&draft, wish.as_str()).and_then(|()| fs::rename(&draft, &path));
    left.with_context(|| format!("{} cannot be written", path.display()))?;
    let began = Instant::now();
    while path.exists() {
        if began.elapsed() > patience {
            let _ = fs::remove_file(&path);
            anyhow::bail!("REM Journal is running but does not answer; end it and start it again");
        }
        thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder =
            std::env::temp_dir().join(format!("rem-instance-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn first(folder: &Path) -> Instance {
        match start(folder, Wish::Show).unwrap() {
            Start::First(instance) => instance,
            Start::Passed => panic!("nobody else is here"),
        }
    }

    #[test]
    fn a_second_start_passes_its_wish_to_the_first() {
        let folder = folder("second");
        let instance = first(&folder);
        let second = {
            let folder = folder.clone();
            thread::spawn(move || matches!(start(&folder, Wish::QuickNote), Ok(Start::Passed)))
        };
        let began = Instant::now();
        let mut wishes = Vec::new();
        while wishes.is_empty() && began.elapsed() < Duration::from_secs(5) {
            wishes = instance.knocks();
            thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(wishes, [Wish::QuickNote]);
        assert!(second.join().unwrap());
        drop(instance);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn an_ended_first_leaves_the_way_free_and_its_unread_knocks_are_forgotten() {
        let folder = folder("ended");
        drop(first(&folder));
        fs::write(folder.join("knocks/1.knock"), "dream-now").unwrap();
        assert_eq!(first(&folder).knocks(), []);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn who_gets_no_answer_says_so() {
        let folder = folder("deaf");
        let error = knock(&folder, Wish::Show, Duration::from_millis(50)).unwrap_err();
        assert!(error.to_string().contains("does not answer"), "{error}");
        fs::remove_dir_all(folder).unwrap();
    }
}
