//! Drives the stages of a dream, one after the other. A stage that fails, or breaks off, is written down,
//! and the next goes on; what a stage finished before is kept.

use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Instant,
};

use super::{
    begun::{Begun, What},
    days::{self, Dreamer, Wanted},
    fade,
    lock::DreamLock,
    maintenance,
    night::{Account, Night},
    plan::{self, Range},
    progress::Progress,
    stages::{
        self, collect,
        decay::{self, Far},
        episodes, moments, periods, predict,
        reading::{Prompts, Reading},
        reflect, story,
    },
    summarize::{self, Summarizing, Work},
};
use crate::{
    Error, Journal, Result,
    api::{
        dreams::{DreamReport, DreamRequest, DreamtDay, Estimate, Stage, StageEnd, StageReport},
        sessions::SummarizeReport,
    },
    clock::parse_day,
    entities,
    fading::formula::Rates,
    journal::Cancel,
    mind::{
        builtin::{self, Builtin},
        caller::{Caller, Terms},
        choose::Minds,
        ledger, pick,
    },
    moments::types,
};

/// Refuses a request that cannot be.
pub(crate) fn check(journal: &Journal, request: &DreamRequest) -> Result<()> {
    for kind in &request.moment_types {
        let name = types::name_of(kind)?;
        journal.store().read(|reader| types::check(reader, &name))?;
    }
    for day in [&request.start, &request.end].into_iter().flatten() {
        parse_day(day)?;
    }
    let has_days =
        request.start.is_some() || request.end.is_some() || request.lookback_hours.is_some();
    if (request.redo || request.compare) && !has_days {
        return Err(Error::invalid(
            "to dream days again that have not changed, say which: give a first and a last day, \
             or so many hours back",
        ));
    }
    if request.summary_only && request.compare {
        return Err(Error::invalid("stories alone cannot be compared: leave one of the two out"));
    }
    reflect::check(&request.reflect)?;
    if request.llm_affinity_limit == Some(0) {
        return Err(Error::invalid("a limit of 0 lets the model judge nothing: give at least 1"));
    }
    Ok(())
}

/// Dreams. A cancelled dream is reported, not an error.
pub(crate) fn run(
    journal: &Journal,
    request: &DreamRequest,
    cancel: &Cancel,
) -> Result<DreamReport> {
    check(journal, request)?;
    let began = Instant::now();
    let began_at = journal.clock().now_ms();
    let run_id = format!("{}-{}", journal.owner(), journal.clock().now_ms());
    let _span = tracing::info_span!("dream", %run_id, cause = %request.cause).entered();
    let calendar = journal.calendar()?;
    let range = plan::range(request, journal.clock().now_ms(), &calendar)?;
    let (minds, prompts, has_model) = minds(journal, request, cancel)?;
    let model = minds.fast.as_ref().map(|model| model.card().name.clone());
    let mut report = DreamReport {
        mind: model.clone().unwrap_or_else(|| builtin::NAME.into()),
        is_dry_run: request.dry_run,
        expects_model: has_model || is_model_expected(journal)?,
        without_model: minds.reason.clone().unwrap_or_default(),
        ..DreamReport::default()
    };
    let steps = plan::steps(request);
    let todo = Todo::look(journal, request, range, &steps, model.is_some(), &mut report)?;
    let lock = if request.dry_run { None } else { Some(DreamLock::take(journal)?) };
    let label = plan::label(request);
    let mind = report.mind.clone();
    let cause = if request.cause.is_empty() { "now" } else { &request.cause };
    let what = What { cause, mind: &mind, label: &label, is_whole: request.stages.is_empty() };
    let begun = Begun::new(journal, what, request);
    let progress = Progress::new(journal, count(todo.days.len()), model);
    progress.stage(Stage::Collect, None);
    let is_off = minds.is_off;
    let (dream, waits) = (|| begun.dream(), |reason: Option<&str>| progress.waits(reason));
    let terms = Terms {
        cancel,
        dream: Some(&dream),
        waits: &waits,
        is_night: plan::is_by_itself(&request.cause),
        is_debug: request.debug,
        somebody_waits: false,
    };
    let caller = match &minds.fast {
        Some(_) => Some(Caller::new(journal, minds, terms)?),
        None => None,
    };
    // Tags and vectors weigh words by how common they are in this journal.
    let builtin = match ready(journal, request, cancel) {
        Ok(builtin) => builtin,
        Err(Error::Cancelled) => {
            report.is_cancelled = true;
            return Ok(timed(report, began));
        }
        Err(error) => return Err(error),
    };
    let reading = Reading { builtin: &builtin, caller: caller.as_ref(), prompts: &prompts };
    let Some(lock) = &lock else {
        return Ok(timed(dry_run(journal, &todo, &reading, report)?, began));
    };
    let night = Night {
        journal,
        request,
        cancel,
        calendar,
        lock,
        begun: &begun,
        progress: &progress,
        reading,
        is_off,
    };
    let ended = go(&night, &steps, &todo, &mut report);
    report.dream_id = begun.id();
    report.maintenance = Some(Box::new(maintenance::of(journal, &report, began_at)));
    if let Some(caller) = &caller {
        report.calls = caller.counts();
        if let Some(reason) = caller.shortfall() {
            report.without_model = reason;
        }
    }
    let n_failed = report.stages.iter().filter(|stage| stage.end == StageEnd::Failed).count();
    let duration_ms = began.elapsed().as_millis();
    let dream_id = report.dream_id.unwrap_or_default();
    tracing::info!(
        dream_id,
        errors = n_failed,
        duration_ms,
        is_whole = ended.is_ok(),
        "dream_completed"
    );
    begun.close(&ended, &report)?;
    if let Some(caller) = &caller {
        caller.finish();
    }
    match ended {
        Ok(()) => {}
        Err(Error::Cancelled) => report.is_cancelled = true,
        Err(error) => return Err(error),
    }
    Ok(timed(report, began))
}

/// Goes through the stages. Fails where no stage could do anything, where the person stopped it, and where
/// another dreamer took over.
fn go(night: &Night<'_>, steps: &[Stage], todo: &Todo, report: &mut DreamReport) -> Result<()> {
    let mut first_failure = None;
    for stage in steps {
        night.cancel.check()?;
        let account = Account::new(*stage);
        let _span = tracing::info_span!("stage", name = ?stage).entered();
        let ended = catch_unwind(AssertUnwindSafe(|| step(night, *stage, todo, report)));
        let done = match ended {
            Ok(Ok(done)) => done,
            Ok(Err(error @ (Error::Cancelled | Error::Busy(_)))) => return Err(error),
            Ok(Err(error)) => {
                let failed = account.failed(error.to_string());
                first_failure.get_or_insert(error);
                failed
            }
            Err(_) => {
                let error = Error::broken_off();
                let failed = account.failed(error.to_string());
                first_failure.get_or_insert(error);
                failed
            }
        };
        tell(&done);
        report.stages.push(done);
    }
    let all_failed = report.stages.iter().all(|stage| stage.end == StageEnd::Failed);
    match first_failure {
        Some(error) if all_failed => Err(error),
        _ => Ok(()),
    }
}

/// Tells the log how a stage ended: numbers and names alone, no word that a person or a model wrote.
fn tell(done: &StageReport) {
    let (stage, counts) = (done.stage, serde_json::to_string(&done.counts).unwrap_or_default());
    let total_duration_seconds = done.took_ms as f64 / 1_000.0;
    match (done.end, stage) {
        (StageEnd::Failed, _) => {
            tracing::warn!(?stage, total_duration_seconds, "dream_stage_failed")
        }
        (StageEnd::Skipped, _) => {
            tracing::info!(?stage, reason = %done.reason, "dreaming_cycle_skipped");
        }
        (_, Stage::Decay) => {
            tracing::info!(%counts, total_duration_seconds, "decay_cycle_completed");
        }
        (end, _) => {
            tracing::info!(?stage, ?end, %counts, total_duration_seconds, "dream_stage_completed");
        }
    }
}

fn step(
    night: &Night<'_>,
    stage: Stage,
    todo: &Todo,
    report: &mut DreamReport,
) -> Result<StageReport> {
    match stage {
        Stage::Decay => let_fade(night, report),
        Stage::Moments => dream_days(night, &todo.days, report),
        Stage::Summarize => tell_sessions(night, &todo.sessions, report),
        other => stages::run(night, other),
    }
}

fn let_fade(night: &Night<'_>, report: &mut DreamReport) -> Result<StageReport> {
    let mut account = night.account(Stage::Decay);
    let set = night.journal.settings().decay;
    if !set.is_on {
        return Ok(account.skipped("disabled_by_config"));
    }
    let look = decay::look(night.journal, Far::First, Rates::from(&set), night.cancel)?;
    let is_due = look.is_due;
    let faded = fade::write(night.journal, look, night.lock, night.begun, night.cancel)?;
    account.count("updated", faded.n_faded + faded.n_rekindled);
    report.faded = Some(Box::new(faded));
    Ok(if is_due { account.done() } else { account.unchanged() })
}

fn dream_days(night: &Night<'_>, days: &[Wanted], report: &mut DreamReport) -> Result<StageReport> {
    let mut account = Account::new(Stage::Moments);
    if !days.is_empty() {
        Dreamer { night, report }.dream(days)?;
    }
    account.count("days", count(report.days.len()));
    account.count("resources_processed", report.n_records);
    account.count("moments_created", report.n_added);
    account.count("moments_changed", report.n_changed);
    account.count("moments_removed", report.n_removed);
    if report.n_days_provisional > 0 {
        account.lacked_model(&report.without_model);
    }
    Ok(if days.is_empty() { account.unchanged() } else { account.done() })
}

/// Tells what whole conversations were about.
fn tell_sessions(
    night: &Night<'_>,
    sessions: &Work,
    report: &mut DreamReport,
) -> Result<StageReport> {
    let mut account = Account::new(Stage::Summarize);
    if !night.journal.settings().summaries.is_on {
        return Ok(account.skipped("summarization_disabled"));
    }
    if sessions.todo.is_empty() {
        let is_short = sessions.has_only_short_ones();
        return Ok(if is_short {
            account.skipped("insufficient_events")
        } else {
            account.unchanged()
        });
    }
    let n_total = count(sessions.todo.len());
    night.progress.sessions(0, n_total, None);
    let summarizing = Summarizing {
        journal: night.journal,
        reading: night.reading,
        begun: night.begun,
        lock: night.lock,
        cancel: night.cancel,
        is_off: night.is_off,
    };
    let mut done = SummarizeReport::default();
    let tell = |n_done, title: Option<&str>| night.progress.sessions(n_done, n_total, title);
    let ended = summarizing.run(sessions, &mut done, &tell);
    report.n_summaries += done.n_summarised;
    report.n_summaries_provisional += done.n_provisional;
    ended?;
    account.count("summaries_created", done.n_summarised);
    if done.n_provisional > 0 {
        account.lacked_model(&report.without_model);
    }
    Ok(account.done())
}

/// The models of a dream, what they are asked, and whether there is a model at all, even if it is not
/// asked. Who looks around in the sample, or has just begun a journal with years of writing in it, has
/// not come to wait for one.
fn minds(
    journal: &Journal,
    request: &DreamRequest,
    cancel: &Cancel,
) -> Result<(Minds, Prompts, bool)> {
    let is_sample = request.cause == "sample" && request.model.is_none();
    let name = if is_sample { Some(pick::OFF) } else { request.model.as_deref() };
    let minds = Minds::open(journal, name, cancel)?;
    if minds.fast.is_none() && minds.deep.is_none() {
        return Ok((minds, Prompts::built_in()?, false));
    }
    let reason = if request.cause == "first" && request.model.is_none() {
        "the first dream does without a model, so that you need not wait; the next ones read \
         these days again with it"
            .into()
    } else {
        match Prompts::load(journal.data_dir()) {
            Ok(prompts) => return Ok((minds, prompts, true)),
            // A slip in a prompt of the person's own is no reason to dream nothing.
            Err(error) => error.to_string(),
        }
    };
    Ok((Minds { reason: Some(reason), ..Minds::default() }, Prompts::built_in()?, true))
}

/// Whether the person counts on a model: they chose one, or one has read this journal before.
fn is_model_expected(journal: &Journal) -> Result<bool> {
    let named = journal.settings().mind.fast_model;
    if !named.trim().is_empty() {
        return Ok(named.trim() != pick::OFF);
    }
    journal.store().read(ledger::has_asked)
}

fn timed(mut report: DreamReport, began: Instant) -> DreamReport {
    report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    report
}

fn ready(journal: &Journal, request: &DreamRequest, cancel: &Cancel) -> Result<Builtin> {
    if !request.dry_run {
        journal.run_jobs(cancel)?;
    }
    let (known, own_types) = journal
        .store()
        .read(|reader| Ok((entities::known_people(reader)?, types::registered(reader)?)))?;
    Ok(Builtin::new(crate::search::embed::corpus(journal)?, &known).with_types(&own_types))
}

/// What is new or changed, as far as it goes day by day and conversation by conversation.
struct Todo {
    days: Vec<Wanted>,
    sessions: Work,
    /// Whether weeks, months and years follow the days.
    has_periods: bool,
    /// Whether reflections and predictions do.
    has_insights: bool,
}

impl Todo {
    /// Looking costs nothing and writes nothing.
    fn look(
        journal: &Journal,
        request: &DreamRequest,
        range: Range,
        steps: &[Stage],
        has_model: bool,
        report: &mut DreamReport,
    ) -> Result<Self> {
        let mut todo = Self {
            days: Vec::new(),
            sessions: Work::default(),
            has_periods: steps.contains(&Stage::Periods),
            has_insights: steps.contains(&Stage::Reflect) && steps.contains(&Stage::Predict),
        };
        if steps.contains(&Stage::Moments) {
            todo.days = days::look(journal, request, range, has_model, report)?;
        }
        let set = journal.settings().summaries;
        if steps.contains(&Stage::Summarize) && set.is_on {
            let now = journal.clock().now_ms();
            let scope = summarize::scope_of_dream(request, range, has_model, &set, now);
            todo.sessions = summarize::look(journal, &scope)?;
        }
        Ok(todo)
    }
}

fn dry_run(
    journal: &Journal,
    todo: &Todo,
    reading: &Reading<'_>,
    mut report: DreamReport,
) -> Result<DreamReport> {
    let mut estimate = Estimate::default();
    let mut ms = 0;
    let mut n_episodes = BTreeMap::new();
    for Wanted { day, .. } in &todo.days {
        let read = journal.store().read(|r| collect::day(r, *day, builtin::VERSION))?;
        let cuts = episodes::cut(&read.chunks);
        report.n_records += read.n_records();
        n_episodes.insert(*day, count(cuts.len()));
        report.days.push(DreamtDay {
            day: day.to_string(),
            n_chunks: count(read.chunks.len()),
            n_episodes: count(cuts.len()),
            n_moments: 0,
            summary: String::new(),
            valence: None,
        });
        if reading.caller.is_some() {
            let cost = moments::price(&read, &cuts, reading)?;
            let story_ms = story::price(cuts.len(), reading)?;
            estimate.n_calls += cost.n_calls + u32::from(story_ms.is_some());
            estimate.n_known += cost.n_known;
            ms += cost.ms + story_ms.unwrap_or_default();
        }
    }
    report.n_summaries = count(todo.sessions.todo.len());
    if reading.caller.is_some() {
        let mut cost = summarize::price(journal, &todo.sessions, reading)?;
        if todo.has_periods {
            cost.add(periods::price(journal, &n_episodes, reading)?);
        }
        if todo.has_insights {
            cost.add(reflect::price(journal, &n_episodes, reading)?);
            cost.add(predict::price(journal, &n_episodes, reading)?);
        }
        estimate.n_calls += cost.n_calls;
        estimate.n_known += cost.n_known;
        ms += cost.ms;
        estimate.minutes = u32::try_from(ms.div_ceil(60_000)).unwrap_or(u32::MAX);
        report.estimate = Some(estimate);
    }
    Ok(report)
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
