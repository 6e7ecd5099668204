//! Weeks, months and years: reckoned from their moments, and told by a model (`by_model`) from what was told
//! of their days, weeks and months, or by rule from their moments' own words.
//!
//! A period is told again when what one of its days shows has changed; all others are left alone. What a
//! model told is kept while there is none, and its numbers are reckoned anew all the same.

mod by_model;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, Weekday};

use self::by_model::Said;
use super::{long::Cost, reading::Reading};
use crate::{
    Journal, Result,
    api::{
        dreams::{Stage, StageReport},
        periods::PeriodKind,
    },
    dream::{night::Night, plan},
    mind::{builtin, caller::Caller},
    moments,
    periods::{
        self, Span,
        digest::{self, Days, Part},
        facts::{Facts, Material, is_thin},
        keep::{self, Kept},
        plain::{self, Told},
        span::KINDS,
    },
    store::Hash,
};

/// Tells what is new or changed, and then again what lacked a model.
pub(in crate::dream) fn run(night: &Night<'_>) -> Result<StageReport> {
    let mut account = night.account(Stage::Periods);
    let week_start = night.journal.settings().week_start()?;
    let (days, kept) =
        night.read(|reader| Ok((digest::days(reader, None)?, keep::all(reader)?)))?;
    let has_model = night.reading.caller.is_some();
    let mut work = Work {
        night,
        days,
        kept,
        n_again: plan::n_again(has_model, plan::is_by_itself(&night.request.cause)),
        done: Done::default(),
    };
    work.run(week_start)?;
    let done = work.done;
    for (kind, n) in &done.told {
        account.count(&format!("{}s_told", periods::span::word(*kind)), *n);
    }
    account.count("periods_removed", done.n_removed);
    account.count("periods_provisional", done.n_provisional);
    if done.n_provisional > 0 {
        let shortfall = night.reading.caller.and_then(Caller::shortfall);
        account.lacked_model(&shortfall.unwrap_or_else(|| "there was no model".into()));
    }
    let is_nothing = done.told.is_empty() && done.n_removed == 0;
    Ok(if is_nothing { account.unchanged() } else { account.done() })
}

#[derive(Debug, Default)]
struct Done {
    told: BTreeMap<PeriodKind, u32>,
    n_removed: u32,
    n_provisional: u32,
}

struct Work<'w> {
    night: &'w Night<'w>,
    days: Days,
    kept: BTreeMap<Span, Kept>,
    /// How many may still be told again only because a model was missed.
    n_again: usize,
    done: Done,
}

impl Work<'_> {
    fn run(&mut self, week_start: Weekday) -> Result<()> {
        let spans = |kind| -> BTreeSet<Span> {
            self.days.keys().map(|day| Span::of(kind, *day, week_start)).collect()
        };
        let wanted: BTreeSet<Span> = KINDS.into_iter().flat_map(spans).collect();
        let gone: Vec<Span> =
            self.kept.keys().filter(|span| !wanted.contains(span)).copied().collect();
        if !gone.is_empty() {
            self.night
                .write(|writing| gone.iter().try_for_each(|span| keep::remove(writing.tx, span)))?;
            self.done.n_removed = u32::try_from(gone.len()).unwrap_or(u32::MAX);
        }
        // A month is told from its weeks: they come first.
        for kind in KINDS {
            let mut again = Vec::new();
            for span in wanted.iter().filter(|span| span.kind == kind) {
                self.night.cancel.check()?;
                let parts = self.night.read(|reader| digest::parts(reader, span))?;
                let Some(hash) = digest::of(span, &self.days, &parts) else { continue };
                match self.kept.get(span) {
                    Some(kept) if kept.hash != hash => self.one(span, hash, &parts)?,
                    None => self.one(span, hash, &parts)?,
                    Some(kept) if kept.told.is_provisional => again.push((*span, hash, parts)),
                    Some(_) => {}
                }
            }
            for (span, hash, parts) in again.into_iter().rev() {
                if self.n_again == 0 || !self.night.reading.caller.is_some_and(Caller::can_ask) {
                    break;
                }
                self.n_again -= 1;
                self.one(&span, hash, &parts)?;
            }
        }
        Ok(())
    }

    fn one(&mut self, span: &Span, hash: Hash, parts: &[Part]) -> Result<()> {
        let night = self.night;
        night.cancel.check()?;
        let (from, until) = span.days();
        night.progress.stage(Stage::Periods, Some(&from));
        let kept = self.kept.get(span);
        let material = night.read(|reader| Material::read(reader, span))?;
        let facts = Facts::of(span.kind, &material);
        let (stories, record_ids) = night.read(|reader| {
            let stories = periods::stories(reader, &from, &until)?;
            Ok((stories, moments::records_between(reader, &from, &until)?))
        })?;
        let period =
            Period { span, material: &material, facts: &facts, stories, parts, record_ids };
        let mut told = tell(&period, &night.reading)?;
        told.is_provisional |= night.lacks_model() && !facts.is_thin(span.kind);
        if told.is_provisional
            && let Some(kept) = kept
        {
            if kept.hash == hash {
                // The same would be told once more.
                return Ok(());
            }
            if kept.is_by_model() {
                // What a model told of it is better than what can be told now, until there is one.
                told = Told { is_provisional: true, ..kept.told.clone() };
            }
        }
        let is_written = night.write(|writing| {
            // The person may have corrected something while a model was asked.
            if digest::now(writing.tx, span)? != Some(hash) {
                return Ok(false);
            }
            keep::save(writing.tx, span, hash, &told, &facts, (writing.revision_id, writing.now))?;
            Ok(true)
        })?;
        if is_written {
            *self.done.told.entry(span.kind).or_default() += 1;
            self.done.n_provisional += u32::from(told.is_provisional);
        }
        Ok(())
    }
}

/// What telling the periods would cost once these days are dreamt, of which so many episodes are known:
/// nobody knows yet what they will be told from.
pub(in crate::dream) fn price(
    journal: &Journal,
    n_episodes: &BTreeMap<NaiveDate, u32>,
    reading: &Reading<'_>,
) -> Result<Cost> {
    let mut cost = Cost::default();
    let Some(caller) = reading.caller else { return Ok(cost) };
    let week_start = journal.settings().week_start()?;
    let mut days: BTreeSet<NaiveDate> =
        journal.store().read(|reader| digest::days(reader, None))?.into_keys().collect();
    days.extend(n_episodes.keys());
    let is_told = |span: &Span| {
        let own = || days.range(span.from..=span.until);
        let n_moments = own().map(|day| n_episodes.get(day).copied().unwrap_or(1)).sum();
        !is_thin(span.kind, u32::try_from(own().count()).unwrap_or(u32::MAX), n_moments)
    };
    for kind in KINDS {
        let spans: BTreeSet<Span> =
            n_episodes.keys().map(|day| Span::of(kind, *day, week_start)).collect();
        for span in spans.into_iter().filter(is_told) {
            let own = || days.range(span.from..=span.until);
            let parts: BTreeSet<Span> = periods::span::shorter(kind)
                .into_iter()
                .flat_map(|kind| own().map(move |day| Span::of(kind, *day, week_start)))
                .collect();
            let is_of_one_part = parts.len() == 1 && parts.iter().all(is_told);
            if !is_of_one_part {
                let n_parts = if parts.is_empty() { own().count() } else { parts.len() };
                cost.count(by_model::price(n_parts, reading, caller)?);
            }
        }
    }
    Ok(cost)
}

/// A period that is to be told.
struct Period<'p> {
    span: &'p Span,
    material: &'p Material,
    facts: &'p Facts,
    /// Its days' stories.
    stories: BTreeMap<NaiveDate, String>,
    /// What was told of its weeks or months.
    parts: &'p [Part],
    /// The records that its moments rest on.
    record_ids: Vec<i64>,
}

impl Period<'_> {
    /// Whether a shorter period tells of a day.
    fn is_in_part(&self, day: NaiveDate) -> bool {
        self.parts.iter().any(|part| part.span.from <= day && day <= part.span.until)
    }

    /// What a model told of the only shorter period with anything in it: it tells this one, too.
    fn only_part(&self) -> Option<&Told> {
        let [part] = self.parts else { return None };
        let is_all = self.stories.keys().all(|day| self.is_in_part(*day));
        Some(&part.told).filter(|told| is_all && told.mind != builtin::NAME)
    }
}

/// Tells a period, by a model where there is one and enough to tell.
fn tell(period: &Period<'_>, reading: &Reading<'_>) -> Result<Told> {
    let by_rule = plain::told(period.span, period.material, period.facts);
    if period.facts.is_thin(period.span.kind) {
        return Ok(by_rule);
    }
    if let Some(told) = period.only_part() {
        return Ok(told.clone());
    }
    let Some(caller) = reading.caller else { return Ok(by_rule) };
    Ok(match by_model::tell(period, reading, caller)? {
        Said::Told(told) => Told { title: told.title.unwrap_or(by_rule.title), ..told.rest },
        Said::Nothing { is_for_now } => Told { is_provisional: is_for_now, ..by_rule },
    })
}
