//! Follows the watched folders while the app runs.
//!
//! The system's file events are a hint, never the truth: they are lost for folders that appear with
//! their files, in bursts, and on network disks. So an event only says which source to look at; the scan
//! compares what is there with what is known. A slow look at everything comes on top.

use std::{
    collections::{HashMap, HashSet},
    fs,
    path::PathBuf,
    sync::mpsc::{RecvTimeoutError, Sender, channel},
    thread,
    time::{Duration, Instant, SystemTime},
};

use notify::{Config, EventKind, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, NoCache, new_debouncer_opt};

use super::walk;
use crate::{Error, Journal, Result, journal::Cancel};

/// A file is read when it has been left alone for so long: programs save in several steps.
const SETTLE: Duration = Duration::from_secs(2);
/// Everything is looked at again after so long, for what the system did not tell.
const LOOK_AGAIN: Duration = Duration::from_secs(15 * 60);

/// Follows the watched folders until it is dropped.
#[must_use = "watching ends when this is dropped"]
pub struct Watching {
    cancel: Cancel,
    wake: Sender<Signal>,
    worker: Option<thread::JoinHandle<()>>,
}

enum Signal {
    Changed(Vec<PathBuf>),
    /// The system lost events: anything may have changed.
    Lost,
    Stop,
}

impl Drop for Watching {
    fn drop(&mut self) {
        self.cancel.cancel();
        let _ = self.wake.send(Signal::Stop);
        if let Some(worker) = self.worker.take() {
            let _ = worker.join();
        }
    }
}

/// Begins to follow all watched folders; folders that become sources later are followed too.
pub(crate) fn watch(journal: &Journal) -> Result<Watching> {
    let (wake, signals) = channel();
    let cancel = Cancel::default();
    let mut watchers = Watchers::new(wake.clone())?;
    watchers.follow(journal)?;
    let worker = {
        let (journal, cancel) = (journal.clone(), cancel.clone());
        thread::spawn(move || {
            let mut looked = Instant::now();
            let mut was_paused = false;
            loop {
                let signal = match signals.recv_timeout(Duration::from_secs(5)) {
                    Ok(Signal::Stop) | Err(RecvTimeoutError::Disconnected) => return,
                    Ok(Signal::Changed(paths)) => Some(paths),
                    Ok(Signal::Lost) => {
                        looked = Instant::now();
                        Some(Vec::new())
                    }
                    Err(RecvTimeoutError::Timeout) if looked.elapsed() >= LOOK_AGAIN => {
                        looked = Instant::now();
                        Some(Vec::new())
                    }
                    Err(RecvTimeoutError::Timeout) => None,
                };
                if let Err(error) = watchers.follow(&journal) {
                    tracing::warn!(%error, "The watched folders could not be listed.");
                }
                let is_paused = journal.settings().is_paused;
                // What happened during a pause was let lie: now everything is looked at.
                let signal = if was_paused && !is_paused { Some(Vec::new()) } else { signal };
                was_paused = is_paused;
                if let Some(paths) = signal
                    && !is_paused
                {
                    look(&journal, &paths, &cancel);
                }
            }
        })
    };
    Ok(Watching { cancel, wake, worker: Some(worker) })
}

/// Scans the sources that hold the changed paths; all of them, if none is named.
fn look(journal: &Journal, paths: &[PathBuf], cancel: &Cancel) {
    let sources = super::watched(journal).unwrap_or_else(|error| {
        tracing::warn!(%error, "The watched folders could not be listed.");
        Vec::new()
    });
    for (id, root) in sources {
        let touched: HashSet<PathBuf> =
            paths.iter().filter(|path| path.starts_with(&root)).cloned().collect();
        if paths.is_empty() || !touched.is_empty() {
            // A failure was told as an event.
            let _ = journal.scan_touched(id, &touched, cancel);
        }
    }
    journal.start_catching_up();
}

struct Watchers {
    debouncer: Debouncer<RecommendedWatcher, NoCache>,
    roots: HashMap<i64, Root>,
    wake: Sender<Signal>,
}

/// A folder that is followed. The system follows the folder itself, not its name: one that was
/// deleted and made anew must be followed anew.
#[derive(PartialEq)]
struct Root {
    path: PathBuf,
    inode: i64,
    made_at: Option<SystemTime>,
}

impl Root {
    fn of(path: PathBuf) -> Option<Self> {
        let folder = fs::metadata(&path).ok().filter(fs::Metadata::is_dir)?;
        let made_at = folder.created().ok();
        Some(Self { inode: walk::stat(&folder).inode, made_at, path })
    }
}

impl Watchers {
    fn new(wake: Sender<Signal>) -> Result<Self> {
        let tell = wake.clone();
        let debouncer = new_debouncer_opt(
            SETTLE,
            None,
            move |result: DebounceEventResult| {
                let signal = match result {
                    Ok(events) if events.iter().any(|event| event.need_rescan()) => Signal::Lost,
                    Ok(events) => {
                        let paths: Vec<_> = events
                            .iter()
                            .filter(|event| !matches!(event.kind, EventKind::Access(_)))
                            .flat_map(|event| event.paths.clone())
                            .collect();
                        if paths.is_empty() {
                            return;
                        }
                        Signal::Changed(paths)
                    }
                    Err(errors) => {
                        for error in errors {
                            tracing::warn!(%error, "The system's file watcher failed.");
                        }
                        Signal::Lost
                    }
                };
                let _ = tell.send(signal);
            },
            NoCache,
            // A link may lead out of the folder, even to the whole system.
            Config::default().with_follow_symlinks(false),
        )
        .map_err(|error| {
            Error::invalid(format!("the system's file watcher cannot be had: {error}"))
        })?;
        Ok(Self { debouncer, roots: HashMap::new(), wake })
    }

    /// Takes up new sources and lets go of those that are removed or no longer there.
    fn follow(&mut self, journal: &Journal) -> Result<()> {
        let wanted: HashMap<i64, Root> = super::watched(journal)?
            .into_iter()
            .filter_map(|(id, path)| Root::of(path).map(|root| (id, root)))
            .collect();
        let gone = |(id, root): (&i64, &Root)| (wanted.get(id) != Some(root)).then_some(*id);
        let gone: Vec<i64> = self.roots.iter().filter_map(gone).collect();
        for root in gone.into_iter().filter_map(|id| self.roots.remove(&id)) {
            let _ = self.debouncer.unwatch(&root.path);
            // Whether it is missing or new is for a scan to say.
            let _ = self.wake.send(Signal::Changed(vec![root.path]));
        }
        for (id, root) in wanted {
            if self.roots.contains_key(&id) {
                continue;
            }
            if let Err(error) = self.debouncer.watch(&root.path, RecursiveMode::Recursive) {
                // Too many folders for the system, or a disk without events: the slow look finds
                // changes there.
                tracing::warn!(%error, "A folder is followed by looking at it every 15 minutes.");
            }
            // What was written between the last scan and the first event.
            let _ = self.wake.send(Signal::Changed(vec![root.path.clone()]));
            self.roots.insert(id, root);
        }
        Ok(())
    }
}
