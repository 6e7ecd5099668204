//! Drives the stages day by day, tells how it goes, and writes each stage in its own transaction.

use std::time::Instant;

use chrono::NaiveDate;
use rusqlite::params;

use super::{
    lock::DreamLock,
    plan::{self, Range},
    stages::{
        collect, episodes, moments,
        reading::{Prompts, Reading},
        story,
    },
};
use crate::{
    Error, Journal, Result,
    api::dreams::{DreamProgress, DreamReport, DreamRequest, DreamState, DreamtDay, Stage},
    clock::{Calendar, parse_day},
    entities,
    journal::Cancel,
    mind::{
        MOMENT_TYPES,
        builtin::{self, Builtin},
    },
    moments::{
        cards_of_day,
        derive::Dreamt,
        history, records_of_day,
        write::{Writing, existing_of_day, tell_apart},
    },
    periods,
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
    let mut report = DreamReport {
        mind: builtin::NAME.into(),
        is_dry_run: request.dry_run,
        ..DreamReport::default()
    };
    let chosen = choose(journal, range, request)?;
    let is_new = |report: &mut DreamReport| -> Result<Vec<NaiveDate>> {
        // Looking costs nothing and writes nothing: unchanged days are told apart before the lock.
        let mut new = Vec::new();
        report.n_days_unchanged = 0;
        for day in &chosen {
            let read = journal.store().read(|r| collect::day(r, *day, builtin::VERSION))?;
            let is_wanted = if request.summary_only {
                // A day that was never dreamt has nothing to tell.
                read.dreamt_hash.is_some()
            } else {
                !read.is_unchanged() || read.queued_at.is_some()
            };
            if is_wanted {
                new.push(*day);
            } else if !request.summary_only {
                report.n_days_unchanged += 1;
            }
        }
        Ok(new)
    };
    let days = is_new(&mut report)?;
    if request.dry_run {
        return dry_run(journal, &days, report, began);
    }
    if !days.is_empty() {
        let lock = DreamLock::take(journal)?;
        let mut dreamer = Dreamer {
            journal,
            request,
            cancel,
            calendar,
            lock,
            report,
            revision: None,
            n_total: count(days.len()),
            n_done: 0,
        };
        let ended = dreamer.dream(&days);
        dreamer.close(&ended)?;
        report = dreamer.report;
        match ended {
            Ok(()) => {}
            Err(Error::Cancelled) => report.is_cancelled = true,
            Err(error) => return Err(error),
        }
    }
    report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(report)
}

fn choose(journal: &Journal, range: Range, request: &DreamRequest) -> Result<Vec<NaiveDate>> {
    let days = journal.store().read(collect::days)?;
    Ok(plan::choose(&days, range, request.limit))
}

fn dry_run(
    journal: &Journal,
    days: &[NaiveDate],
    mut report: DreamReport,
    began: Instant,
) -> Result<DreamReport> {
    for day in days {
        let read = journal.store().read(|r| collect::day(r, *day, builtin::VERSION))?;
        report.n_records += read.n_records();
        report.days.push(DreamtDay {
            day: day.to_string(),
            n_chunks: count(read.chunks.len()),
            n_episodes: count(episodes::cut(&read.chunks).len()),
            n_moments: 0,
            summary: String::new(),
            valence: None,
        });
    }
    report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    Ok(report)
}

struct Dreamer<'a> {
    journal: &'a Journal,
    request: &'a DreamRequest,
    cancel: &'a Cancel,
    calendar: Calendar,
    lock: DreamLock<'a>,
    report: DreamReport,
    /// The dream and its revision; made with the first thing that is written under them.
    revision: Option<(i64, i64)>,
    n_total: u32,
    n_done: u32,
}

impl Dreamer<'_> {
    fn dream(&mut self, days: &[NaiveDate]) -> Result<()> {
        self.tell(Stage::Collect, None, None);
        // Tags and vectors weigh words by how common they are in this journal.
        self.journal.run_jobs(self.cancel)?;
        let known = self.journal.store().read(entities::known_people)?;
        let builtin = Builtin::new(crate::search::embed::corpus(self.journal)?, &known);
        let prompts = Prompts::load(self.journal.data_dir())?;
        let reading = Reading { builtin: &builtin, caller: None, prompts: &prompts };
        for day in days {
            self.cancel.check()?;
            self.dream_day(*day, &reading)?;
            self.n_done += 1;
        }
        Ok(())
    }

    fn dream_day(&mut self, day: NaiveDate, reading: &Reading<'_>) -> Result<()> {
        let key = day.to_string();
        self.tell(Stage::Episodes, Some(&key), None);
        let read = self.journal.store().read(|r| collect::day(r, day, builtin::VERSION))?;
        self.report.n_records += read.n_records();
        let cuts = if self.request.summary_only || read.is_unchanged() {
            Vec::new()
        } else {
            episodes::cut(&read.chunks)
        };
        if !self.request.summary_only && !read.is_unchanged() {
            self.tell(Stage::Moments, Some(&key), None);
            let described = moments::describe(&read, &cuts, reading, self.cancel, &|title| {
                self.tell(Stage::Moments, Some(&key), Some(title));
            })?;
            let mut wanted = self.wanted(described.dreamt);
            self.write_moments(&key, &mut wanted)?;
        }
        self.tell(Stage::Periods, Some(&key), None);
        let (cards, record_ids) = self.journal.store().read(|reader| {
            Ok((cards_of_day(reader, &key, false)?, records_of_day(reader, &key)?))
        })?;
        let story = story::tell(&cards, &record_ids, reading)?;
        self.write_day(&read, &story)?;
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

    fn write_moments(&mut self, day: &str, dreamt: &mut [Dreamt]) -> Result<()> {
        let is_partial = self.is_partial();
        let existing = self.journal.store().read(|reader| {
            let mut existing = existing_of_day(reader, day)?;
            existing.extend(tell_apart(reader, day, dreamt)?);
            Ok(existing)
        })?;
        let reconciled = moments::reconcile(existing, dreamt, is_partial);
        let counts = reconciled.counts;
        if !reconciled.is_nothing() {
            let (_, revision_id) = self.revision()?;
            let now = self.journal.clock().now_ms();
            let calendar = self.calendar;
            self.journal.store().write(|tx| {
                self.lock.beat(tx, now)?;
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
    fn write_day(&mut self, read: &collect::Day, story: &periods::Story) -> Result<()> {
        let (_, revision_id) = self.revision()?;
        let now = self.journal.clock().now_ms();
        let is_partial = self.is_partial();
        let key = read.day.to_string();
        self.journal.store().write(|tx| {
            self.lock.beat(tx, now)?;
            let is_whole = !is_partial && !self.request.summary_only;
            let hash = is_whole.then_some(read.input_hash);
            periods::tell_day(tx, &key, hash, Some(story), revision_id, now)?;
            if is_whole {
                tx.execute(
                    "DELETE FROM jobs WHERE kind = 'dream' AND key = ?1 AND updated_at = ?2",
                    params![key, read.queued_at],
                )?;
            }
            Ok(())
        })
    }

    fn revision(&mut self) -> Result<(i64, i64)> {
        if let Some(revision) = self.revision {
            return Ok(revision);
        }
        let now = self.journal.clock().now_ms();
        let cause = if self.request.cause.is_empty() { "now" } else { &self.request.cause };
        let options = serde_json::to_string(self.request).unwrap_or_else(|_| "{}".into());
        let revision = self.journal.store().write(|tx| {
            tx.execute(
                "INSERT INTO dreams (cause, mind, options, state, started_at)
                 VALUES (?1, ?2, ?3, 'running', ?4)",
                params![cause, builtin::NAME, options, now],
            )?;
            let dream_id = tx.last_insert_rowid();
            let revision_id = history::begin(tx, Some(dream_id), "dreamt", now)?;
            Ok((dream_id, revision_id))
        })?;
        self.report.dream_id = Some(revision.0);
        self.revision = Some(revision);
        Ok(revision)
    }

    fn close(&mut self, ended: &Result<()>) -> Result<()> {
        let Some((dream_id, _)) = self.revision else { return Ok(()) };
        let (state, reason) = match ended {
            Ok(()) => ("done", String::new()),
            Err(Error::Cancelled) => ("cancelled", "stopped by the person".into()),
            Err(error) => ("failed", error.to_string()),
        };
        let report = serde_json::to_string(&self.report).unwrap_or_else(|_| "{}".into());
        let now = self.journal.clock().now_ms();
        self.journal.store().write(|tx| {
            tx.execute(
                "UPDATE dreams SET state = ?2, reason = ?3, report = ?4, finished_at = ?5
                 WHERE id = ?1",
                params![dream_id, state, reason, report, now],
            )?;
            Ok(())
        })
    }

    fn tell(&self, stage: Stage, day: Option<&str>, title: Option<&str>) {
        self.journal.dream_moved(DreamState::Dreaming {
            progress: DreamProgress {
                stage,
                day: day.map(str::to_owned),
                n_done: self.n_done,
                n_total: self.n_total,
                n_moments: self.report.n_added + self.report.n_changed,
                last_title: title.map(str::to_owned),
                model: None,
                waits_for: None,
                minutes_left: None,
            },
        });
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
