//! Keeps a journal while a window or a daemon runs: looks what is due, and lets the queue be worked on.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use super::{Cancel, Journal, worker::Work};
use crate::{
    Result,
    api::schedule::ScheduleRun,
    jobs::{
        self,
        schedule::{self, Due, Felt, Look, Name},
    },
};

/// Nobody types for so long: then there is time for what was saved.
const PAUSE: Duration = Duration::from_secs(5);
/// The clock and the machine's own counter may drift apart by so much between two looks, in milliseconds;
/// more is a sleep, or a clock that was set. It is the one sign that every system gives.
const JUMP_MS: i64 = 60_000;

/// Looks after a journal. Ask it to look every few seconds.
#[derive(Debug)]
pub struct Keeper {
    journal: Journal,
    interval_ms: Option<i64>,
    looked: Option<(i64, Instant)>,
}

/// What a look came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looked {
    /// Whether the machine slept since the last look, or its clock was set: what the system told of files
    /// may be lost.
    pub has_jumped: bool,
    /// Jobs that the schedules gave to the queue.
    pub n_queued: u32,
    /// Whether there is work that may be done now.
    pub has_work: bool,
}

impl Keeper {
    /// Keeps a journal by its schedules; with `interval_seconds` by dreams every so often, or, for 0, without
    /// any.
    #[must_use]
    pub fn new(journal: &Journal, interval_seconds: Option<u32>) -> Self {
        let interval_ms = interval_seconds.map(|seconds| i64::from(seconds) * 1_000);
        Self { journal: journal.clone(), interval_ms, looked: None }
    }

    /// Looks what is due and gives it to the queue. The first look only learns the time, so that a start is
    /// not held up, and while folders are being read nothing is decided: what they bring counts.
    ///
    /// # Errors
    /// The store failed, or a rule in the settings cannot be read.
    pub fn look(&mut self) -> Result<Looked> {
        let now = self.journal.clock().now_ms();
        let Some((last, looked)) = self.looked.replace((now, Instant::now())) else {
            return Ok(Looked::default());
        };
        let passed = i64::try_from(looked.elapsed().as_millis()).unwrap_or(i64::MAX);
        let has_jumped = (now - last - passed).abs() > JUMP_MS;
        if has_jumped {
            tracing::info!(passed_ms = now - last, "woken");
            return Ok(Looked { has_jumped, ..Looked::default() });
        }
        self.decide()
    }

    /// As [`look`](Self::look), at any time and without regard to what was before.
    ///
    /// # Errors
    /// As [`look`](Self::look).
    pub fn decide(&self) -> Result<Looked> {
        let journal = &self.journal;
        if journal.is_scanning() {
            return Ok(Looked::default());
        }
        let felt = journal.feel();
        let n_queued = journal.give_due(&felt, self.interval_ms)?;
        let settings = journal.settings();
        let now = journal.clock().now_ms();
        let may_work = !settings.rests(now) && settings.jobs.queue_enabled;
        journal.sweep()?;
        let has_work = may_work
            && (self.interval_ms != Some(0) && journal.has_work(Work::Dreams)?
                || may_tidy(&felt) && journal.has_work(Work::Light)?);
        Ok(Looked { has_jumped: false, n_queued, has_work })
    }

    /// Works on the queue on a thread of its own, unless one does already.
    pub fn start_work(&self) {
        self.journal.start_working_on(self.work());
    }

    /// Works on the queue here, until nothing is left whose time has come. Returns how many jobs were done.
    ///
    /// # Errors
    /// The store failed.
    pub fn work_here(&self, cancel: &Cancel) -> Result<u32> {
        self.journal.work_off(self.work(), cancel)
    }

    fn work(&self) -> Work {
        let dreams = self.interval_ms != Some(0);
        match (dreams, may_tidy(&self.journal.feel())) {
            (true, true) => Work::All,
            (true, false) => Work::Dreams,
            (false, _) => Work::Light,
        }
    }
}

/// Whether what was saved may be worked on: the machine is on mains and nobody types.
fn may_tidy(felt: &Felt) -> bool {
    felt.spares() && felt.idle.is_none_or(|idle| idle >= PAUSE)
}

impl Journal {
    /// Works on the queue on a thread of its own, unless one does already.
    pub(crate) fn start_working(&self) {
        self.start_working_on(Work::All);
    }

    fn start_working_on(&self, work: Work) {
        if self.0.working.swap(true, Ordering::SeqCst) {
            return;
        }
        let journal = self.clone();
        thread::spawn(move || {
            let done =
                catch_unwind(AssertUnwindSafe(|| journal.work_off(work, &journal.0.stopping)));
            journal.0.working.store(false, Ordering::SeqCst);
            match done {
                Ok(Ok(n)) if n > 0 => tracing::info!(n, "jobs_done"),
                Ok(Ok(_)) => {}
                Ok(Err(error)) => tracing::warn!(%error, "The queue could not be worked on."),
                Err(_) => {
                    tracing::error!("Working on the queue panicked; it goes on at the next look.")
                }
            }
        });
    }

    /// What is felt of the machine just now.
    pub(crate) fn feel(&self) -> Felt {
        let senses = &self.around().senses;
        Felt { is_on_battery: senses.is_on_battery(), idle: senses.idle_for(), load: senses.load() }
    }

    /// Looks what is due and gives it to the queue. Returns how many jobs that were.
    pub(crate) fn give_due(&self, felt: &Felt, interval_ms: Option<i64>) -> Result<u32> {
        let look = self.look_due(felt, interval_ms)?;
        if look == Look::default() {
            return Ok(0);
        }
        let now = self.clock().now_ms();
        self.store().write(|tx| {
            schedule::save(tx, &look.passed)?;
            for due in &look.due {
                schedule::queue(tx, due, now)?;
                tracing::info!(schedule = due.name.as_str(), "due");
            }
            Ok(u32::try_from(look.due.len()).unwrap_or(u32::MAX))
        })
    }

    /// What is due.
    pub(crate) fn look_due(&self, felt: &Felt, interval_ms: Option<i64>) -> Result<Look> {
        let (settings, now) = (self.settings(), self.clock().now_ms());
        let mut state = self.store().read(|reader| schedule::load(reader, &settings, now))?;
        state.is_dreaming |= self.is_dreaming();
        schedule::look(&state, now, &self.calendar()?, felt, &settings, interval_ms)
    }

    /// Does a schedule's work now, or only if it is due. `cancel` stops it at the next safe point.
    ///
    /// # Errors
    /// There is no such schedule, or the store failed.
    pub fn run_schedule(&self, name: &str, if_due: bool, cancel: &Cancel) -> Result<ScheduleRun> {
        let name = Name::parse(name)?;
        let now = self.clock().now_ms();
        let n_dead = || self.store().read(|reader| Ok(jobs::list(reader, false, 0)?.n_dead));
        if if_due {
            let look = self.look_due(&self.feel(), None)?;
            let due = look.due.iter().copied().find(|due| due.name == name);
            self.store().write(|tx| {
                let passed = look.passed.get(&name).map(|slot| (name, *slot));
                schedule::save(tx, &passed.into_iter().collect())?;
                due.map(|due| schedule::queue(tx, &due, now)).transpose()
            })?;
        } else {
            let due = Due { name, slot: None };
            self.store().write(|tx| schedule::queue(tx, &due, now))?;
        }
        let dead_before = n_dead()?;
        let n_done = self.work_off(Work::Dreams, cancel)?;
        let n_dead = n_dead()?.saturating_sub(dead_before);
        Ok(ScheduleRun { has_run: n_done > 0, n_dead })
    }
}
