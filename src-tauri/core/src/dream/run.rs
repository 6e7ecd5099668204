//! Drives the stages day by day and writes each stage in its own transaction.

use std::time::Instant;

use chrono::NaiveDate;
use rusqlite::params;

use super::{
    begun::{Begun, What},
    lock::DreamLock,
    plan::{self, Range},
    progress::Progress,
    stages::{
        collect, episodes, moments,
        reading::{Prompts, Reading},
        story,
    },
    summarize::{self, Summarizing, Work},
};
use crate::{
    Error, Journal, Result,
    api::{
        dreams::{DreamReport, DreamRequest, DreamtDay, Estimate, Stage},
        sessions::SummarizeReport,
    },
    clock::{Calendar, parse_day},
    entities,
    journal::Cancel,
    mind::{
        MOMENT_TYPES,
        builtin::{self, Builtin},
        caller::{Caller, Terms},
        choose::Minds,
    },
    moments::{
        cards_of_day,
        derive::Dreamt,
        records_of_day,
        write::{Existing, Writing, existing_of_day, tell_apart},
    },
    periods::{self, Story},
};

/// Refuses a request that cannot be.
pub(crate) fn check(request: &DreamRequest) -> Result<()> {
    for kind in &request.moment_types {
        if !MOMENT_TYPES.contains(&kind.as_str()) {
            return Err(Error::invalid(format!(
                "“{kind}” is no type of moment; there are: {}",
                MOMENT_TYPES.join(", ")
            )));
        }
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
    Ok(())
}

/// Dreams. A cancelled dream is reported, not an error.
pub(crate) fn run(
    journal: &Journal,
    request: &DreamRequest,
    cancel: &Cancel,
) -> Result<DreamReport> {
    check(request)?;
    let began = Instant::now();
    let calendar = journal.calendar()?;
    let range = plan::range(request, journal.clock().now_ms(), &calendar)?;
    let prompts = Prompts::load(journal.data_dir())?;
    let minds = Minds::open(journal, request.model.as_deref(), cancel)?;
    let model = minds.fast.as_ref().map(|model| model.card().name.clone());
    let mut report = DreamReport {
        mind: model.clone().unwrap_or_else(|| builtin::NAME.into()),
        is_dry_run: request.dry_run,
        without_model: minds.reason.clone().unwrap_or_default(),
        ..DreamReport::default()
    };
    let days = days_to_dream(journal, request, range, model.is_some(), &mut report)?;
    let sessions = sessions_to_summarize(journal, request, range, model.is_some())?;
    if days.is_empty() && sessions.todo.is_empty() {
        return Ok(timed(report, began));
    }
    let lock = if request.dry_run { None } else { Some(DreamLock::take(journal)?) };
    let mind = report.mind.clone();
    let cause = if request.cause.is_empty() { "now" } else { &request.cause };
    let begun = Begun::new(journal, What { cause, mind: &mind, label: "dreamt" }, request);
    let progress = Progress::new(journal, count(days.len()), model);
    progress.stage(Stage::Collect, None);
    let is_off = minds.is_off;
    let (dream, waits) = (|| begun.dream(), |reason: Option<&str>| progress.waits(reason));
    let terms = Terms {
        cancel,
        dream: &dream,
        waits: &waits,
        is_night: request.cause == "night",
        is_debug: request.debug,
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
    let Some(lock) = lock else {
        return Ok(timed(dry_run(journal, (&days, &sessions), &reading, report)?, began));
    };
    let mut dreamer = Dreamer {
        journal,
        request,
        cancel,
        calendar,
        lock,
        report,
        begun: &begun,
        progress: &progress,
        reading,
        is_off,
    };
    let ended = dreamer.dream(&days).and_then(|()| dreamer.summarize(&sessions));
    dreamer.take_stock();
    begun.close(&ended, &dreamer.report)?;
    let mut report = dreamer.report;
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

fn timed(mut report: DreamReport, began: Instant) -> DreamReport {
    report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    report
}

fn ready(journal: &Journal, request: &DreamRequest, cancel: &Cancel) -> Result<Builtin> {
    if !request.dry_run {
        journal.run_jobs(cancel)?;
    }
    let known = journal.store().read(entities::known_people)?;
    Ok(Builtin::new(crate::search::embed::corpus(journal)?, &known))
}

/// A day that is to be dreamt.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    day: NaiveDate,
    /// Whether it is only to be dreamt because the model was missed the last time.
    is_again: bool,
}

/// Looking costs nothing and writes nothing: unchanged days are told apart before the lock.
fn days_to_dream(
    journal: &Journal,
    request: &DreamRequest,
    range: Range,
    has_model: bool,
    report: &mut DreamReport,
) -> Result<Vec<Wanted>> {
    let days = journal.store().read(collect::days)?;
    let n_again = plan::n_again(has_model, request.cause == "night");
    let mut wanted = Vec::new();
    for day in plan::choose(&days, range, request.limit, n_again) {
        let read = journal.store().read(|r| collect::day(r, day, builtin::VERSION))?;
        let is_new = if request.summary_only {
            // A day that was never dreamt has nothing to tell.
            read.dreamt_hash.is_some()
        } else if request.redo || request.compare {
            !read.chunks.is_empty()
        } else {
            !read.is_unchanged() || read.queued_at.is_some()
        };
        if is_new {
            wanted.push(Wanted { day, is_again: false });
        } else if read.is_provisional && has_model && !request.summary_only {
            wanted.push(Wanted { day, is_again: true });
        } else if !request.summary_only {
            report.n_days_unchanged += 1;
        }
    }
    Ok(wanted)
}

/// A dream that tells stories again or compares makes nothing of conversations.
fn sessions_to_summarize(
    journal: &Journal,
    request: &DreamRequest,
    range: Range,
    has_model: bool,
) -> Result<Work> {
    if request.summary_only || request.compare {
        return Ok(Work::default());
    }
    summarize::look(journal, &summarize::scope_of_dream(request, range, has_model))
}

fn dry_run(
    journal: &Journal,
    (days, sessions): (&[Wanted], &Work),
    reading: &Reading<'_>,
    mut report: DreamReport,
) -> Result<DreamReport> {
    let mut estimate = Estimate::default();
    let mut ms = 0;
    for Wanted { day, .. } in days {
        let read = journal.store().read(|r| collect::day(r, *day, builtin::VERSION))?;
        let cuts = episodes::cut(&read.chunks);
        report.n_records += read.n_records();
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
    report.n_summaries = count(sessions.todo.len());
    if reading.caller.is_some() {
        let cost = summarize::price(journal, sessions, reading)?;
        estimate.n_calls += cost.n_calls;
        estimate.n_known += cost.n_known;
        ms += cost.ms;
        estimate.minutes = u32::try_from(ms.div_ceil(60_000)).unwrap_or(u32::MAX);
        report.estimate = Some(estimate);
    }
    Ok(report)
}

struct Dreamer<'a> {
    journal: &'a Journal,
    request: &'a DreamRequest,
    cancel: &'a Cancel,
    calendar: Calendar,
    lock: DreamLock,
    report: DreamReport,
    begun: &'a Begun<'a>,
    progress: &'a Progress<'a>,
    reading: Reading<'a>,
    /// Whether the person wants no model: then nothing is missed.
    is_off: bool,
}

impl Dreamer<'_> {
    fn dream(&mut self, days: &[Wanted]) -> Result<()> {
        for wanted in days {
            self.cancel.check()?;
            let needs_model = wanted.is_again || self.request.redo || self.request.compare;
            let can_ask = self.reading.caller.is_some_and(Caller::can_ask);
            // What a model made is not made worse, and what lacked one not made the same again.
            if !needs_model || can_ask || self.reading.caller.is_none() {
                self.dream_day(wanted)?;
            }
            self.progress.day_done(self.report.n_added + self.report.n_changed);
        }
        Ok(())
    }

    fn dream_day(&mut self, wanted: &Wanted) -> Result<()> {
        let day = wanted.day;
        let key = day.to_string();
        self.progress.stage(Stage::Episodes, Some(&key));
        let read = self.journal.store().read(|r| collect::day(r, day, builtin::VERSION))?;
        self.report.n_records += read.n_records();
        let is_asked_for = wanted.is_again || self.request.redo || self.request.compare;
        let has_moments = !self.request.summary_only && (is_asked_for || !read.is_unchanged());
        let cuts = if has_moments { episodes::cut(&read.chunks) } else { Vec::new() };
        let mut is_provisional = read.is_provisional;
        if has_moments {
            self.progress.stage(Stage::Moments, Some(&key));
            let described =
                moments::describe(&read, &cuts, &self.reading, self.cancel, &|title| {
                    self.progress.moment(title);
                })?;
            is_provisional = described.is_provisional || self.lacks_model();
            if is_asked_for && described.is_provisional {
                // Half by the model and half without is no improvement; the answers so far are kept.
                return Ok(());
            }
            let mut wanted = self.wanted(described.dreamt);
            if self.request.compare {
                return self.compare(&key, &mut wanted);
            }
            self.write_moments(&key, &mut wanted)?;
        }
        self.progress.stage(Stage::Periods, Some(&key));
        let (cards, record_ids) = self.journal.store().read(|reader| {
            Ok((cards_of_day(reader, &key, false)?, records_of_day(reader, &key)?))
        })?;
        let story = story::tell(&cards, &record_ids, &self.reading)?;
        is_provisional |= story.is_provisional || self.lacks_model();
        self.write_day(&read, &story, is_provisional)?;
        self.report.n_days_provisional += u32::from(is_provisional);
        let told = self.journal.store().read(|reader| periods::told(reader, &key))?;
        self.report.days.push(DreamtDay {
            day: key,
            n_chunks: count(read.chunks.len()),
            n_episodes: count(cuts.len()),
            n_moments: told.n_moments,
            summary: told.summary,
            valence: told.valence,
        });
        Ok(())
    }

    /// Tells what whole conversations were about.
    fn summarize(&mut self, sessions: &Work) -> Result<()> {
        if sessions.todo.is_empty() {
            return Ok(());
        }
        let n_total = count(sessions.todo.len());
        self.progress.sessions(0, n_total, None);
        let summarizing = Summarizing {
            journal: self.journal,
            reading: self.reading,
            begun: self.begun,
            lock: &self.lock,
            cancel: self.cancel,
            is_off: self.is_off,
        };
        let mut done = SummarizeReport::default();
        let tell = |n_done, title: Option<&str>| self.progress.sessions(n_done, n_total, title);
        let ended = summarizing.run(sessions, &mut done, &tell);
        self.report.n_summaries += done.n_summarised;
        self.report.n_summaries_provisional += done.n_provisional;
        ended
    }

    /// Whether there is no model although one is wanted.
    fn lacks_model(&self) -> bool {
        self.reading.caller.is_none() && !self.is_off
    }

    /// Leaves out what the request did not ask for.
    fn wanted(&self, mut dreamt: Vec<Dreamt>) -> Vec<Dreamt> {
        let shortest = i64::from(self.request.min_duration_minutes) * 60_000;
        let kinds = &self.request.moment_types;
        dreamt.retain(|moment| {
            let lasted = moment.derived.ends_at - moment.derived.starts_at;
            let is_long = lasted == 0 || lasted >= shortest;
            is_long && (kinds.is_empty() || kinds.contains(&moment.derived.moment_type))
        });
        dreamt
    }

    fn is_partial(&self) -> bool {
        self.request.min_duration_minutes > 0 || !self.request.moment_types.is_empty()
    }

    fn existing(&self, day: &str, dreamt: &mut [Dreamt]) -> Result<Vec<Existing>> {
        self.journal.store().read(|reader| {
            let mut existing = existing_of_day(reader, day)?;
            existing.extend(tell_apart(reader, day, dreamt)?);
            Ok(existing)
        })
    }

    fn compare(&mut self, day: &str, dreamt: &mut [Dreamt]) -> Result<()> {
        let existing = self.existing(day, dreamt)?;
        let reconciled = moments::reconcile(existing, dreamt, self.is_partial());
        self.report.n_unchanged += reconciled.counts.n_unchanged;
        self.report.compared.extend(reconciled.side_by_side(day));
        Ok(())
    }

    fn write_moments(&mut self, day: &str, dreamt: &mut [Dreamt]) -> Result<()> {
        let existing = self.existing(day, dreamt)?;
        let reconciled = moments::reconcile(existing, dreamt, self.is_partial());
        let counts = reconciled.counts;
        if !reconciled.is_nothing() {
            let revision_id = self.begun.revision()?;
            let now = self.journal.clock().now_ms();
            let calendar = self.calendar;
            self.journal.store().write(|tx| {
                self.lock.hold(tx, now)?;
                reconciled.write(&Writing { tx, revision_id, calendar: &calendar, now })
            })?;
        }
        self.report.n_added += counts.n_added;
        self.report.n_changed += counts.n_changed;
        self.report.n_removed += counts.n_removed;
        self.report.n_unchanged += counts.n_unchanged;
        Ok(())
    }

    /// Tells the day's story and takes the day off the queue, in one transaction.
    fn write_day(
        &mut self,
        read: &collect::Day,
        story: &Story,
        is_provisional: bool,
    ) -> Result<()> {
        let revision_id = self.begun.revision()?;
        let now = self.journal.clock().now_ms();
        let is_partial = self.is_partial();
        let key = read.day.to_string();
        self.journal.store().write(|tx| {
            self.lock.hold(tx, now)?;
            let is_whole = !is_partial && !self.request.summary_only;
            let telling = periods::Telling {
                input_hash: is_whole.then_some(read.input_hash),
                story: Some(story),
                is_provisional,
                revision_id,
                now,
            };
            periods::tell_day(tx, &key, &telling)?;
            if is_whole {
                tx.execute(
                    "DELETE FROM jobs WHERE kind = 'dream' AND key = ?1 AND updated_at = ?2",
                    params![key, read.queued_at],
                )?;
            }
            Ok(())
        })
    }

    /// What the calls came to, for the report.
    fn take_stock(&mut self) {
        self.report.dream_id = self.begun.id();
        if let Some(caller) = self.reading.caller {
            self.report.calls = caller.counts();
            if let Some(reason) = caller.shortfall() {
                self.report.without_model = reason;
            }
        }
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
