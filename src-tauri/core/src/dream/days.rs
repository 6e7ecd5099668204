//! Moments and stories, day by day, each stage of a day in a transaction of its own.

use chrono::NaiveDate;
use rusqlite::params;

use super::{
    night::Night,
    plan::{self, Range},
    stages::{collect, episodes, moments, story},
};
use crate::{
    Journal, Result,
    api::dreams::{DreamReport, DreamRequest, DreamtDay, Stage},
    mind::{builtin, caller::Caller},
    moments::{
        cards_of_day,
        derive::Dreamt,
        records_of_day, types,
        write::{Existing, existing_of_day, tell_apart},
    },
    periods::{self, Story},
};

/// A day that is to be dreamt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) day: NaiveDate,
    /// Whether it is only to be dreamt because the model was missed the last time.
    is_again: bool,
}

/// Looking costs nothing and writes nothing: unchanged days are told apart before the lock.
pub(super) fn look(
    journal: &Journal,
    request: &DreamRequest,
    range: Range,
    has_model: bool,
    report: &mut DreamReport,
) -> Result<Vec<Wanted>> {
    let days = journal.store().read(collect::days)?;
    let n_again = plan::n_again(has_model, plan::is_by_itself(&request.cause));
    let mut wanted = Vec::new();
    for day in plan::choose(&days, range, request.limit, n_again, request.most_minutes > 0) {
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

/// Dreams days into a report.
pub(super) struct Dreamer<'n> {
    pub(super) night: &'n Night<'n>,
    pub(super) report: &'n mut DreamReport,
}

impl Dreamer<'_> {
    pub(super) fn dream(&mut self, days: &[Wanted]) -> Result<()> {
        let request = self.night.request;
        let most_ms = i64::from(request.most_minutes) * 60_000;
        let began = self.night.now();
        for (n_done, wanted) in days.iter().enumerate() {
            self.night.cancel.check()?;
            // At least one day is dreamt, or none ever would be.
            if most_ms > 0 && n_done > 0 && self.night.now() - began >= most_ms {
                self.report.n_days_left = count(days.len() - n_done);
                return Ok(());
            }
            let needs_model = wanted.is_again || request.redo || request.compare;
            let can_ask = self.night.reading.caller.is_some_and(Caller::can_ask);
            // What a model made is not made worse, and what lacked one not made the same again.
            if !needs_model || can_ask || self.night.is_off {
                self.day(wanted)?;
            }
            self.night.progress.day_done(self.report.n_added + self.report.n_changed);
        }
        Ok(())
    }

    fn day(&mut self, wanted: &Wanted) -> Result<()> {
        let Night { request, progress, reading, cancel, .. } = self.night;
        let day = wanted.day;
        let key = day.to_string();
        progress.stage(Stage::Episodes, Some(&key));
        let read = self.night.read(|r| collect::day(r, day, builtin::VERSION))?;
        self.report.n_records += read.n_records();
        let is_asked_for = wanted.is_again || request.redo || request.compare;
        let has_moments = !request.summary_only && (is_asked_for || !read.is_unchanged());
        let cuts = if has_moments { episodes::cut(&read.chunks) } else { Vec::new() };
        let mut is_provisional = read.is_provisional;
        if has_moments {
            progress.stage(Stage::Moments, Some(&key));
            let described = moments::describe(&read, &cuts, reading, cancel, &|title| {
                progress.moment(title);
            })?;
            is_provisional = described.is_provisional || self.night.lacks_model();
            if is_asked_for && described.is_provisional {
                // Half by the model and half without is no improvement; the answers so far are kept.
                return Ok(());
            }
            let there = self.night.read(|reader| existing_of_day(reader, &key))?;
            let mut wanted = self.wanted(described.joined(&there, reading.builtin));
            if request.compare {
                return self.compare(&key, &mut wanted);
            }
            self.write_moments(&key, &mut wanted, is_provisional)?;
        }
        progress.stage(Stage::Story, Some(&key));
        let (cards, record_ids) = self.night.read(|reader| {
            Ok((cards_of_day(reader, &key, false)?, records_of_day(reader, &key)?))
        })?;
        let story = story::tell(&cards, &record_ids, reading)?;
        is_provisional |= story.is_provisional || self.night.lacks_model();
        self.write_day(&read, &story, is_provisional)?;
        self.report.n_days_provisional += u32::from(is_provisional);
        let told = self.night.read(|reader| periods::told(reader, &key))?;
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
        let shortest = i64::from(self.night.request.min_duration_minutes) * 60_000;
        // That each is a name was checked before the dream began.
        let named = self.night.request.moment_types.iter();
        let kinds: Vec<String> = named.filter_map(|kind| types::name_of(kind).ok()).collect();
        dreamt.retain(|moment| {
            let lasted = moment.derived.ends_at - moment.derived.starts_at;
            let is_long = lasted == 0 || lasted >= shortest;
            is_long && (kinds.is_empty() || kinds.contains(&moment.derived.moment_type))
        });
        dreamt
    }

    fn is_partial(&self) -> bool {
        plan::is_partial(self.night.request)
    }

    fn existing(&self, day: &str, dreamt: &mut [Dreamt]) -> Result<Vec<Existing>> {
        self.night.read(|reader| {
            let mut existing = existing_of_day(reader, day)?;
            existing.extend(tell_apart(reader, day, dreamt)?);
            Ok(existing)
        })
    }

    fn compare(&mut self, day: &str, dreamt: &mut [Dreamt]) -> Result<()> {
        let existing = self.existing(day, dreamt)?;
        let kind = moments::Kind { is_partial: self.is_partial(), is_stand_in: false };
        let reconciled = moments::reconcile(existing, dreamt, kind);
        self.report.n_unchanged += reconciled.counts.n_unchanged;
        self.report.compared.extend(reconciled.side_by_side(day));
        Ok(())
    }

    fn write_moments(&mut self, day: &str, dreamt: &mut [Dreamt], is_stand_in: bool) -> Result<()> {
        let existing = self.existing(day, dreamt)?;
        let kind = moments::Kind { is_partial: self.is_partial(), is_stand_in };
        let reconciled = moments::reconcile(existing, dreamt, kind);
        let counts = reconciled.counts;
        if !reconciled.is_nothing() {
            self.night.write(|writing| reconciled.write(writing))?;
        }
        self.report.n_added += counts.n_added;
        self.report.n_changed += counts.n_changed;
        self.report.n_removed += counts.n_removed;
        self.report.n_unchanged += counts.n_unchanged;
        Ok(())
    }

    /// Tells the day's story and takes the day off the queue, in one transaction.
    fn write_day(&self, read: &collect::Day, story: &Story, is_provisional: bool) -> Result<()> {
        let is_whole = !self.is_partial() && !self.night.request.summary_only;
        let key = read.day.to_string();
        self.night.write(|writing| {
            let telling = periods::Telling {
                input_hash: is_whole.then_some(read.input_hash),
                story: Some(story),
                is_provisional,
                revision_id: writing.revision_id,
                now: writing.now,
            };
            periods::tell_day(writing.tx, &key, &telling)?;
            if is_whole {
                writing.tx.execute(
                    "DELETE FROM jobs WHERE kind = 'dream' AND key = ?1 AND updated_at = ?2",
                    params![key, read.queued_at],
                )?;
            }
            Ok(())
        })
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
