//! Works on the queue: what was saved is understood at once and without a model, what is due is dreamt.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        PoisonError,
        atomic::{AtomicU32, Ordering},
        mpsc::{RecvTimeoutError, channel},
    },
    thread,
    time::Duration,
};

use super::{Cancel, Journal};
use crate::{
    Error, Result,
    api::dreams::{DreamReport, DreamRequest, Stage, StageEnd},
    dream::{self, Tied},
    entities,
    event::Event,
    jobs::{self, EMBED, Job, PartEnd, RECORD, RECORDS, schedule::Name},
    mind::{builtin::Builtin, likeness::Wanted, pick},
    search::{embed, tags},
};

/// Between two signs of life of a job that runs.
const BEAT: Duration = Duration::from_secs(30);
/// Records that the job for all that is new looks at in one go, before it lets others have their turn.
const PAGE: u32 = 500;

/// The parts of the job of a saved note or conversation.
const EMBEDDING: &str = "embedding";
const TAGS: &str = "tags";
const EDGES: &str = "edges";

/// The kinds of work that need no dream.
const LIGHT: &[&str] = &[RECORD, RECORDS, EMBED];

/// Which work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// What was saved: vectors, tags, edges.
    Light,
    /// What is due by a schedule.
    Dreams,
    /// Both.
    All,
}

impl Work {
    fn has_light(self) -> bool {
        self != Self::Dreams
    }

    fn has_dreams(self) -> bool {
        self != Self::Light
    }
}

impl Journal {
    /// Works on what waits until nothing is left whose time has come. Returns how many jobs were done. What
    /// fails is written down with its job and is no error; while a dream runs, anywhere, what was saved waits.
    ///
    /// # Errors
    /// The store failed.
    pub fn work_off(&self, work: Work, cancel: &Cancel) -> Result<u32> {
        let settings = self.settings().jobs;
        if !settings.queue_enabled {
            return Ok(0);
        }
        self.sweep()?;
        if !self.has_work(work)? {
            return Ok(0);
        }
        let n_done = AtomicU32::new(0);
        let first_failure = std::sync::Mutex::new(None);
        thread::scope(|scope| {
            for n in 0..settings.workers {
                // One of them dreams; the others help with what was saved.
                let work = if n == 0 { work } else { Work::Light };
                if n > 0 && !work.has_light() {
                    break;
                }
                let (n_done, first_failure) = (&n_done, &first_failure);
                scope.spawn(move || {
                    if let Err(error) = self.work_on(work, cancel, n_done) {
                        let mut first =
                            first_failure.lock().unwrap_or_else(PoisonError::into_inner);
                        first.get_or_insert(error);
                    }
                });
            }
        });
        let n_done = n_done.into_inner();
        if n_done > 0 {
            self.tell(&Event::JournalChanged { days: Vec::new() });
        }
        match first_failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
            Some(error) => Err(error),
            None => Ok(n_done),
        }
    }

    /// Whether work of this kind could begin now.
    pub(super) fn has_work(&self, work: Work) -> Result<bool> {
        let now = self.clock().now_ms();
        let kinds = self.kinds(work)?;
        self.store().read(|reader| jobs::waiting(reader, &kinds, now))
    }

    /// Jobs of dead programs wait again.
    pub(super) fn sweep(&self) -> Result<()> {
        let (settings, now) = (self.settings().jobs, self.clock().now_ms());
        let is_any = self.store().read(|reader| jobs::has_left(reader, now))?;
        if is_any {
            let n = self.store().write(|tx| jobs::sweep(tx, &settings, now))?;
            tracing::info!(n, "jobs_taken_over");
        }
        Ok(())
    }

    /// The kinds that may be worked on just now: while a dream runs, nothing is written beside it.
    fn kinds(&self, work: Work) -> Result<Vec<&'static str>> {
        let now = self.clock().now_ms();
        let is_dreaming = self.store().read(|reader| dream::held_by(reader, now))?.is_some();
        let mut kinds = Vec::new();
        if work.has_light() && !is_dreaming {
            kinds.extend(LIGHT);
        }
        if work.has_dreams() && !is_dreaming {
            kinds.extend(jobs::schedule::KINDS);
        }
        Ok(kinds)
    }

    fn work_on(&self, work: Work, cancel: &Cancel, n_done: &AtomicU32) -> Result<()> {
        while !cancel.is_cancelled() {
            let batch = self.take(work)?;
            if batch.is_empty() {
                break;
            }
            n_done.fetch_add(self.process_batch(&batch, cancel)?, Ordering::Relaxed);
        }
        Ok(())
    }

    /// The next job; of saved notes and conversations a batch.
    fn take(&self, work: Work) -> Result<Vec<Job>> {
        let (kinds, owner) = (self.kinds(work)?, self.owner());
        let now = self.clock().now_ms();
        if !self.store().read(|reader| jobs::waiting(reader, &kinds, now))? {
            return Ok(Vec::new());
        }
        let most = self.settings().jobs.batch_size;
        self.store().write(|tx| {
            let mut batch = jobs::take(tx, &kinds, 1, owner, now)?;
            if batch.first().is_some_and(|job| job.kind == RECORD) && most > 1 {
                batch.extend(jobs::take(tx, &[RECORD], most - 1, owner, now)?);
            }
            Ok(batch)
        })
    }

    /// Does jobs that were taken together, and writes down how each ended. Returns how many are done.
    fn process_batch(&self, batch: &[Job], cancel: &Cancel) -> Result<u32> {
        let ids: Vec<i64> = batch.iter().map(|job| job.id).collect();
        let kind = batch.first().map_or("", |job| job.kind.as_str());
        tracing::debug!(?ids, kind, "jobs_begun");
        let ends = self.with_signs(&ids, || {
            let work = AssertUnwindSafe(|| match kind {
                RECORD => self.saved(batch, cancel),
                RECORDS => Ok(vec![self.all_saved(cancel)]),
                EMBED => Ok(vec![self.run_jobs(cancel).map(drop)]),
                _ => Ok(batch.iter().map(|job| self.dream_as_due(job)).collect()),
            });
            catch_unwind(work).unwrap_or_else(|_| {
                tracing::error!(kind, "a job panicked; the others go on");
                Ok(batch.iter().map(|_| Err(Error::broken_off())).collect())
            })
        })?;
        let (settings, owner) = (self.settings().jobs, self.owner());
        let now = self.clock().now_ms();
        let mut n_done = 0;
        self.store().write(|tx| {
            for (job, end) in batch.iter().zip(&ends) {
                match end {
                    Ok(()) => {
                        jobs::let_go(tx, job, owner)?;
                        n_done += 1;
                    }
                    Err(error) => {
                        let is_dead = jobs::give_back(tx, job, owner, error, &settings, now)?;
                        tracing::warn!(id = job.id, kind, %error, is_dead, "job_failed");
                    }
                }
            }
            Ok(n_done)
        })
    }

    /// Gives signs of life for jobs while `work` does them.
    fn with_signs<T>(&self, ids: &[i64], work: impl FnOnce() -> T) -> T {
        let (stop, stopped) = channel::<()>();
        thread::scope(|scope| {
            scope.spawn(move || {
                while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                    let now = self.clock().now_ms();
                    let beaten = self.store().write(|tx| {
                        ids.iter().try_for_each(|id| jobs::hold(tx, *id, self.owner(), now))
                    });
                    if let Err(error) = beaten {
                        // Whoever took it over does it once more; all work may be done twice.
                        tracing::warn!(%error, "A job's lease could not be renewed.");
                    }
                }
            });
            let done = work();
            drop(stop);
            done
        })
    }

    /// The three parts of each saved note or conversation: one that fails stops neither the others nor its
    /// like.
    fn saved(&self, batch: &[Job], cancel: &Cancel) -> Result<Vec<Result<()>>> {
        let open = self.store().write(|tx| {
            let parts = |job: &Job| jobs::open_parts(tx, job.id, &[EMBEDDING, TAGS, EDGES]);
            batch.iter().map(parts).collect::<Result<Vec<_>>>()
        })?;
        let wants = |n: usize, part: &str| open[n].iter().any(|name| name == part);
        let mut ends: Vec<Result<()>> = batch.iter().map(|_| Ok(())).collect();
        let records: Vec<Option<i64>> = batch.iter().map(|job| job.key.parse().ok()).collect();
        // All new writing is embedded in one go, whichever job asks first; another thread waits here.
        let embedded = {
            let _one = self.0.tidying.lock().unwrap_or_else(PoisonError::into_inner);
            self.embed_saved(cancel)
        };
        let builtin = self.builtin()?;
        let mut tied = BTreeSet::new();
        for (n, job) in batch.iter().enumerate() {
            let Some(record) = records[n] else {
                ends[n] = Err(Error::invalid(format!("“{}” is no record's number", job.key)));
                continue;
            };
            let mut has_vectors = true;
            if wants(n, EMBEDDING) {
                ends[n] = match &embedded {
                    Ok(_) => {
                        has_vectors =
                            self.store().read(|reader| embed::has_vectors(reader, record))?;
                        let end = if has_vectors { PartEnd::Done } else { LATER };
                        self.close(job, EMBEDDING, end)
                    }
                    Err(error) => self.fail(job, EMBEDDING, error),
                };
            }
            if wants(n, TAGS) {
                let end = match tags::tag(self, &[record], &builtin) {
                    Ok(_) => self.close(job, TAGS, PartEnd::Done),
                    Err(error) => self.fail(job, TAGS, &error),
                };
                ends[n] = std::mem::replace(&mut ends[n], Ok(())).and(end);
            }
            if wants(n, EDGES) && embedded.is_ok() {
                if has_vectors {
                    tied.insert(record);
                } else {
                    self.close(job, EDGES, LATER)?;
                }
            }
        }
        if !tied.is_empty() {
            let ended = {
                let _one = self.0.tidying.lock().unwrap_or_else(PoisonError::into_inner);
                dream::tie(self, cancel)
            };
            for (n, job) in batch.iter().enumerate() {
                if !records[n].is_some_and(|record| tied.contains(&record)) {
                    continue;
                }
                let end = match &ended {
                    Ok(Tied::Done(_)) => self.close(job, EDGES, PartEnd::Done),
                    Ok(Tied::NotNow) => {
                        Err(Error::Busy("a dream runs: it goes on after it".into()))
                    }
                    Err(error) => self.fail(job, EDGES, error),
                };
                ends[n] = std::mem::replace(&mut ends[n], Ok(())).and(end);
            }
        }
        Ok(ends)
    }

    /// Also by a model, if its vectors are in use: whoever works here found the machine idle.
    fn embed_saved(&self, cancel: &Cancel) -> Result<()> {
        embed::catch_up(self, Wanted::Same, cancel)?;
        if self.store().read(embed::used)?.is_built_in() {
            return Ok(());
        }
        self.embed_if_possible(false, cancel)
    }

    /// What came in by thousands: vectors and tags, some at a time. What belongs together is for the next
    /// dream to find, which compares all with all anyway.
    fn all_saved(&self, cancel: &Cancel) -> Result<()> {
        {
            let _one = self.0.tidying.lock().unwrap_or_else(PoisonError::into_inner);
            embed::catch_up(self, Wanted::Same, cancel)?;
        }
        let builtin = self.builtin()?;
        let mut after = 0;
        loop {
            cancel.check()?;
            let ids = self.store().read(|reader| tags::untagged(reader, after, PAGE))?;
            let Some(last) = ids.last() else { return Ok(()) };
            after = *last;
            tags::tag(self, &ids, &builtin)?;
            let now = self.clock().now_ms();
            if self.store().read(|reader| dream::held_by(reader, now))?.is_some() {
                return Err(Error::Busy("a dream runs: it goes on after it".into()));
            }
        }
    }

    fn builtin(&self) -> Result<Builtin> {
        let known = self.store().read(entities::known_people)?;
        Ok(Builtin::new(embed::corpus(self)?, &known))
    }

    fn close(&self, job: &Job, part: &str, end: PartEnd<'_>) -> Result<()> {
        let now = self.clock().now_ms();
        self.store().write(|tx| jobs::close_part(tx, job.id, part, end, now))
    }

    /// Writes down that a part failed, and gives the job an error that says which.
    fn fail(&self, job: &Job, part: &str, error: &Error) -> Result<()> {
        if matches!(error, Error::Cancelled) {
            return Err(Error::Cancelled);
        }
        let reason = error.to_string();
        self.close(job, part, PartEnd::Failed(&reason))?;
        Err(again(part, reason))
    }

    /// Dreams because a schedule said so. On a second try only the stages that failed dream again.
    fn dream_as_due(&self, job: &Job) -> Result<()> {
        let name = Name::parse(&job.kind)?;
        let mut request = self.request_of(name, job);
        request.stages = self.store().read(|reader| {
            let parts = jobs::show(reader, job.id)?.parts;
            let failed = parts.iter().filter(|part| part.state == "failed");
            let failed: Vec<Stage> = failed.filter_map(|part| stage_of(&part.name)).collect();
            Ok(if failed.is_empty() { request.stages.clone() } else { failed })
        })?;
        let report = self.dream(&request, &Cancel::default())?;
        if report.is_cancelled && self.0.stopping.is_cancelled() {
            return Err(Error::Cancelled);
        }
        self.close_stages(job, &report)
    }

    fn request_of(&self, name: Name, job: &Job) -> DreamRequest {
        let settings = self.settings().schedule;
        let day = |key: &str| job.payload[key].as_str().map(str::to_owned);
        let mut request = DreamRequest {
            cause: name.as_str().into(),
            most_minutes: settings.budget_minutes,
            ..DreamRequest::default()
        };
        match name {
            Name::Decay => request.stages = vec![Stage::Decay],
            Name::Light => {
                request.stages = vec![Stage::Decay, Stage::Affinity];
                request.model = Some(pick::OFF.into());
            }
            Name::Sessions => request.stages = vec![Stage::Summarize],
            Name::Deep => request.llm_affinity_limit = Some(settings.deep_limit),
            Name::Question => (request.start, request.end) = (day("start"), day("end")),
            Name::Night | Name::Idle | Name::Threshold | Name::Interval => {}
        }
        request
    }

    fn close_stages(&self, job: &Job, report: &DreamReport) -> Result<()> {
        let now = self.clock().now_ms();
        self.store().write(|tx| {
            for stage in &report.stages {
                let end = match stage.end {
                    StageEnd::Done | StageEnd::Unchanged => PartEnd::Done,
                    StageEnd::Skipped => PartEnd::Skipped(&stage.reason),
                    StageEnd::Failed => PartEnd::Failed(&stage.reason),
                };
                jobs::close_part(tx, job.id, &stage_name(stage.stage), end, now)?;
            }
            Ok(())
        })?;
        match report.stages.iter().find(|stage| stage.end == StageEnd::Failed) {
            Some(stage) => Err(again(&stage_name(stage.stage), stage.reason.clone())),
            None => Ok(()),
        }
    }
}

/// A model makes the vectors in this journal, and nobody waits for one.
const LATER: PartEnd<'_> =
    PartEnd::Skipped("a model makes its vectors: that is for the next dream");

/// A failure that may pass.
fn again(part: &str, reason: String) -> Error {
    Error::Io { attempt: format!("the part {part}"), source: std::io::Error::other(reason) }
}

fn stage_name(stage: Stage) -> String {
    format!("{stage:?}").to_lowercase()
}

fn stage_of(name: &str) -> Option<Stage> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}
