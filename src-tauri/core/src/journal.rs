//! An open journal: its file, its clock, its settings, and the work that goes on in the background.

mod answering;
mod background;
pub(crate) mod health;
mod keeper;
mod meaning;
mod pull;
mod status;
mod undo;
mod visits;
mod worker;

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering},
        mpsc::Receiver,
    },
    thread,
};

use crate::{
    Error, Result,
    api::{
        affinity::{AffinityReport, AffinityRequest},
        decay::{DecayReport, DecayRequest},
        dreams::{DreamProgress, DreamReport, DreamRequest, DreamState, Stage},
        proposals::{ConsolidateReport, ConsolidateRequest},
        sessions::{SummarizeReport, SummarizeRequest},
        sources::ScanReport,
    },
    clock::{Calendar, Clock},
    error::Attempt,
    event::{Bus, Event},
    mind::around::Around,
    settings::Settings,
    sources::{self, watch::Watching},
    store::Store,
};

pub use keeper::{Keeper, Looked};
pub(crate) use status::status;
pub use worker::Work;

/// What is needed to open a journal; nothing of it is looked up in here.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The journal's file; it is created where there is none.
    pub path: PathBuf,
    /// Its name, for example "personal".
    pub name: String,
    /// The clock.
    pub clock: Clock,
    /// The machine's IANA zone; taken over into the settings of a new journal.
    pub zone: String,
    /// The folder for what belongs to the app, such as the sample journal's files.
    pub data_dir: PathBuf,
    /// What lies around the journal on this machine.
    pub around: Around,
}

/// A wish to stop, shared between those who work and those who may stop them.
#[derive(Debug, Clone, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Asks to stop at the next safe point.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// # Errors
    /// [`Error::Cancelled`] once somebody asked to stop, so that long work needs only `?`.
    pub fn check(&self) -> Result<()> {
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }
}

/// An open journal. Cheap to clone; all clones are the same journal.
#[derive(Debug, Clone)]
pub struct Journal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    store: Store,
    opening: Opening,
    settings: RwLock<Settings>,
    bus: Bus,
    owner: String,
    dreaming: Mutex<Dreaming>,
    pulling: Mutex<pull::Pulling>,
    /// One scan at a time in this process: two would read the same files.
    scanning: Mutex<()>,
    /// Scans that run or wait in this process.
    n_scans: AtomicU32,
    /// One thread embeds with a model: two would ask it the same things.
    embedding: Mutex<()>,
    /// One thread embeds and ties what was saved: two would do the same, or not see each other's edges.
    tidying: Mutex<()>,
    /// Whether a thread of this process works on the queue.
    working: AtomicBool,
    visits: visits::Visits,
    answers: answering::Answers,
    meaning: meaning::Meaning,
    stopping: Cancel,
    /// How the file looked when other processes' writes were last looked for.
    foreign_version: AtomicI64,
}

const NOT_LOOKED: i64 = i64::MIN;

#[derive(Debug, Default)]
struct Dreaming {
    state: DreamState,
    cancel: Cancel,
}

impl Journal {
    /// Opens a journal, creating it where there is none.
    ///
    /// # Errors
    /// See [`Store::open`].
    pub fn open(opening: Opening) -> Result<Self> {
        static OPENED: AtomicU64 = AtomicU64::new(0);
        let store = Store::open(&opening.path)?;
        crate::search::make_ready(&store)?;
        let settings = match store.read(Settings::load)? {
            Some(settings) => settings,
            None => {
                let settings = Settings { zone: opening.zone.clone(), ..Settings::default() };
                settings.check()?;
                store.write(|tx| settings.save(tx))?;
                settings
            }
        };
        // Process id and opening time tell apart all that may hold a lock on one machine.
        let owner = format!(
            "{}-{}-{}",
            std::process::id(),
            opening.clock.now_ms(),
            OPENED.fetch_add(1, Ordering::Relaxed)
        );
        Ok(Self(Arc::new(Inner {
            store,
            opening,
            settings: RwLock::new(settings),
            bus: Bus::default(),
            owner,
            dreaming: Mutex::default(),
            pulling: Mutex::default(),
            scanning: Mutex::default(),
            n_scans: AtomicU32::new(0),
            embedding: Mutex::default(),
            tidying: Mutex::default(),
            working: AtomicBool::new(false),
            visits: visits::Visits::default(),
            answers: answering::Answers::default(),
            meaning: meaning::Meaning::default(),
            stopping: Cancel::default(),
            foreign_version: AtomicI64::new(NOT_LOOKED),
        })))
    }

    /// The journal's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.opening.name
    }

    /// The journal's file.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.store.path()
    }

    /// The folder for what belongs to the app.
    #[must_use]
    pub fn data_dir(&self) -> &Path {
        &self.0.opening.data_dir
    }

    /// What lies around the journal on this machine.
    #[must_use]
    pub fn around(&self) -> &Around {
        &self.0.opening.around
    }

    /// The journal's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.opening.clock
    }

    /// Begins to listen to what happens in this journal, in this process.
    #[must_use]
    pub fn events(&self) -> Receiver<Event> {
        self.0.bus.subscribe()
    }

    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> Settings {
        self.0.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The zone and start of the day in force.
    ///
    /// # Errors
    /// The zone in the settings is unknown to this version.
    pub fn calendar(&self) -> Result<Calendar> {
        self.settings().calendar()
    }

    /// Replaces the settings.
    ///
    /// # Errors
    /// A value cannot be, or the store failed.
    pub fn change_settings(&self, settings: Settings) -> Result<Settings> {
        settings.check()?;
        crate::jobs::schedule::check(&settings)?;
        let now = self.clock().now_ms();
        self.store().write(|tx| {
            let before = Settings::load(tx)?.unwrap_or_default();
            crate::records::reassign(tx, &before.own_names, &settings.own_names, now)?;
            settings.save(tx)
        })?;
        *self.0.settings.write().unwrap_or_else(PoisonError::into_inner) = settings.clone();
        self.tell(&Event::JournalChanged { days: Vec::new() });
        Ok(settings)
    }

    /// Takes up settings that are in the file already.
    pub(crate) fn take_up(&self, settings: Settings) {
        *self.0.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
    }

    /// Reads one source and brings the journal up to date with it.
    ///
    /// # Errors
    /// There is no such source, or the store failed. Files that cannot be read are in the report.
    pub fn scan(&self, source: i64, accept_missing: bool, cancel: &Cancel) -> Result<ScanReport> {
        self.scan_and_tell(source, || sources::scan::scan(self, source, accept_missing, cancel))
    }

    /// Reads one source again because the system said that something at `touched` changed.
    pub(crate) fn scan_touched(
        &self,
        source: i64,
        touched: &HashSet<PathBuf>,
        cancel: &Cancel,
    ) -> Result<ScanReport> {
        self.scan_and_tell(source, || {
            sources::scan::scan_with(self, source, false, touched, cancel)
        })
    }

    fn scan_and_tell(
        &self,
        source: i64,
        scan: impl FnOnce() -> Result<ScanReport>,
    ) -> Result<ScanReport> {
        let _scanning = Scanning::begin(self);
        let _one = self.0.scanning.lock().unwrap_or_else(PoisonError::into_inner);
        let done = scan();
        match &done {
            Ok(report) => {
                self.tell(&Event::ScanFinished { report: report.clone() });
                if report.n_records_added + report.n_records_changed + report.n_removed > 0 {
                    self.tell(&Event::JournalChanged { days: Vec::new() });
                }
            }
            Err(error) => {
                self.tell(&Event::ScanFailed { source_id: source, message: error.to_string() });
            }
        }
        done
    }

    /// Reads one source, or all of them, on a thread of its own.
    pub fn start_scan(&self, source: Option<i64>, accept_missing: bool) {
        let journal = self.clone();
        // Counted from here on: between this and the first file nothing may be decided either.
        let scanning = Scanning::begin(self);
        thread::spawn(move || {
            let scanning = scanning;
            let sources = match source {
                Some(id) => vec![id],
                None => sources::ids(&journal).unwrap_or_default(),
            };
            for id in sources {
                // A failure was told as an event; the next source is read all the same.
                let _ = journal.scan(id, accept_missing, &journal.0.stopping);
            }
            drop(scanning);
            journal.catch_up();
        });
    }

    /// Follows the watched sources until the returned value is dropped.
    ///
    /// # Errors
    /// The system's file watcher cannot be had at all.
    pub fn watch(&self) -> Result<Watching> {
        sources::watch::watch(self)
    }

    /// Dreams, and returns when the dream has ended.
    ///
    /// # Errors
    /// The request cannot be, another dream runs on this journal (in this process or another), or the
    /// store failed. A cancelled dream is no error: its report says so.
    pub fn dream(&self, request: &DreamRequest, cancel: &Cancel) -> Result<DreamReport> {
        self.begin_dream(cancel)?;
        self.finish_dream(request, cancel)
    }

    /// Finds which notes and conversations belong together. `tell` hears how many pairs a model has
    /// judged, of how many.
    ///
    /// # Errors
    /// The request cannot be, a dream runs on this journal (in this process or another), or the store
    /// failed. That it was cancelled is no error: the report says so.
    pub fn dream_affinity(
        &self,
        request: &AffinityRequest,
        cancel: &Cancel,
        tell: &dyn Fn(u32, u32),
    ) -> Result<AffinityReport> {
        let report = self.alone(cancel, || crate::dream::relate(self, request, cancel, tell))?;
        self.written(report.dream_id);
        Ok(report)
    }

    /// Finds what says the same twice or contradicts itself, alone, and applies what is sure if asked to.
    ///
    /// # Errors
    /// A dream runs on this journal (in this process or another), or the store failed. That it was
    /// cancelled is no error: the report says so.
    pub fn dream_consolidate(
        &self,
        request: &ConsolidateRequest,
        cancel: &Cancel,
    ) -> Result<ConsolidateReport> {
        crate::dream::consolidate(self, request, cancel)
    }

    /// Summarises conversations. `tell` hears how many are done, of how many.
    ///
    /// # Errors
    /// There is no such conversation, a dream runs on this journal (in this process or another), or the
    /// store failed. That it was cancelled is no error: the report says so.
    pub fn dream_summarize(
        &self,
        request: &SummarizeRequest,
        cancel: &Cancel,
        tell: &dyn Fn(u32, u32),
    ) -> Result<SummarizeReport> {
        let report = self.alone(cancel, || crate::dream::summarize(self, request, cancel, tell))?;
        self.written(report.dream_id);
        Ok(report)
    }

    /// What a dream would take, without a trace of having been asked.
    pub(crate) fn estimate(&self, request: &DreamRequest) -> Result<DreamReport> {
        let request = DreamRequest { dry_run: true, ..request.clone() };
        let cancel = Cancel::default();
        self.alone(&cancel, || crate::dream::run(self, &request, &cancel))
    }

    /// Runs one stage of a dream by itself.
    fn alone<T>(&self, cancel: &Cancel, work: impl FnOnce() -> Result<T>) -> Result<T> {
        let before = self.dream_state();
        self.begin_dream(cancel)?;
        let ended =
            catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(Error::broken_off()));
        self.dream_moved(before);
        ended
    }

    fn written(&self, dream_id: Option<i64>) {
        if dream_id.is_some() {
            self.tell(&Event::JournalChanged { days: Vec::new() });
        }
    }

    /// Brings the strengths of all things up to today.
    ///
    /// # Errors
    /// A dream runs on this journal (in this process or another), or the store failed. That it was
    /// cancelled is no error: the report says so.
    pub fn dream_decay(&self, request: DecayRequest, cancel: &Cancel) -> Result<DecayReport> {
        let report = self.alone(cancel, || crate::dream::fade(self, request, cancel))?;
        self.written(report.dream_id);
        Ok(report)
    }

    /// Begins a dream on a thread of its own.
    ///
    /// # Errors
    /// A dream is running already.
    pub fn start_dream(&self, request: &DreamRequest) -> Result<DreamState> {
        let cancel = Cancel::default();
        crate::dream::check(self, request)?;
        self.begin_dream(&cancel)?;
        let journal = self.clone();
        let request = request.clone();
        thread::spawn(move || {
            if let Err(error) = journal.finish_dream(&request, &cancel) {
                tracing::warn!(%error, "A dream failed.");
            }
            journal.catch_up();
        });
        Ok(self.dream_state())
    }

    /// Asks the running dream to stop at the next episode.
    pub fn cancel_dream(&self) {
        self.dreaming().cancel.cancel();
    }

    /// How the dreaming is.
    #[must_use]
    pub fn dream_state(&self) -> DreamState {
        self.dreaming().state.clone()
    }

    /// Looks whether another process (the command line beside the app) wrote to this journal since the
    /// last look, and tells everybody if so.
    ///
    /// # Errors
    /// The store failed.
    pub fn poll_changes(&self) -> Result<bool> {
        let Some(version) = self.store().foreign_version()? else { return Ok(false) };
        let last = self.0.foreign_version.swap(version, Ordering::Relaxed);
        let is_new = last != version && last != NOT_LOOKED;
        if is_new {
            if let Some(settings) = self.store().read(Settings::load)? {
                *self.0.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
            }
            self.tell(&Event::JournalChanged { days: Vec::new() });
        }
        Ok(is_new)
    }

    /// Asks everything that runs in the background to stop.
    pub fn stop(&self) {
        self.0.stopping.cancel();
        self.cancel_dream();
        self.cancel_pull();
        self.cancel_answers();
        self.count_visits();
    }

    /// Whether folders are being read in this process.
    pub(crate) fn is_scanning(&self) -> bool {
        self.0.n_scans.load(Ordering::SeqCst) > 0
    }

    /// Whether a dream runs in this process.
    pub(crate) fn is_dreaming(&self) -> bool {
        matches!(self.dreaming().state, DreamState::Dreaming { .. })
    }

    /// How long dreams have been writing to this journal since it was opened.
    #[must_use]
    pub fn time_writing(&self) -> std::time::Duration {
        self.store().time_writing()
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.store
    }

    /// Names this opening of the journal among all processes that may have it open.
    pub(crate) fn owner(&self) -> &str {
        &self.0.owner
    }

    pub(crate) fn tell(&self, event: &Event) {
        self.0.bus.send(event);
    }

    pub(crate) fn dream_moved(&self, state: DreamState) {
        self.dreaming().state = state.clone();
        self.tell(&Event::DreamMoved { dream: state });
    }

    fn dreaming(&self) -> MutexGuard<'_, Dreaming> {
        self.0.dreaming.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin_dream(&self, cancel: &Cancel) -> Result<()> {
        let mut dreaming = self.dreaming();
        if matches!(dreaming.state, DreamState::Dreaming { .. }) {
            return Err(Error::Busy("a dream is running already".into()));
        }
        dreaming.cancel = cancel.clone();
        dreaming.state = DreamState::Dreaming {
            progress: DreamProgress {
                stage: Stage::Collect,
                day: None,
                n_done: 0,
                n_total: 0,
                n_moments: 0,
                last_title: None,
                model: None,
                waits_for: None,
                minutes_left: None,
            },
        };
        Ok(())
    }

    fn finish_dream(&self, request: &DreamRequest, cancel: &Cancel) -> Result<DreamReport> {
        // A bug in a dream must not leave the journal "dreaming" until the app is started again.
        let dream = AssertUnwindSafe(|| crate::dream::run(self, request, cancel));
        let ended = catch_unwind(dream).unwrap_or_else(|_| {
            tracing::error!("Dream Phase pass panicked");
            Err(Error::broken_off())
        });
        self.dream_moved(match &ended {
            Ok(report) => DreamState::Ended { report: report.clone() },
            Err(error) => DreamState::Failed { message: error.to_string() },
        });
        if let Ok(report) = &ended
            && report.dream_id.is_some()
        {
            let days = report.days.iter().map(|day| day.day.clone()).collect();
            self.tell(&Event::JournalChanged { days });
        }
        ended
    }
}

/// A scan that runs or waits, until it is dropped.
struct Scanning(Journal);

impl Scanning {
    fn begin(journal: &Journal) -> Self {
        journal.0.n_scans.fetch_add(1, Ordering::SeqCst);
        Self(journal.clone())
    }
}

impl Drop for Scanning {
    fn drop(&mut self) {
        self.0.0.n_scans.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Where a journal of this name lies below the app's data folder.
///
/// # Errors
/// The name is not usable as a file name.
pub fn journal_path(data_dir: &Path, name: &str) -> Result<PathBuf> {
    let is_plain = !name.is_empty()
        && name.len() <= 64
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'));
    if !is_plain {
        return Err(Error::invalid(format!(
            "“{name}” cannot name a journal: use letters, digits, - and _, at most 64"
        )));
    }
    Ok(data_dir.join("journals").join(format!("{name}.rem")))
}

/// The names of the journals below the app's data folder, in alphabetical order.
///
/// # Errors
/// The folder cannot be read.
pub fn journals(data_dir: &Path) -> Result<Vec<String>> {
    let folder = data_dir.join("journals");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut names = Vec::new();
    for entry in std::fs::read_dir(&folder).attempt(|| format!("reading {}", folder.display()))? {
        let path = entry.attempt(|| format!("reading {}", folder.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "rem")
            && let Some(name) = path.file_stem()
        {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}
