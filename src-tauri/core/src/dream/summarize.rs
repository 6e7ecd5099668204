//! Summarises conversations: at the end of every dream, and alone under a revision of its own.

use std::time::Instant;

use super::{
    begun::{Begun, What},
    lock::DreamLock,
    plan::{self, Range},
    stages::{
        long::Cost,
        reading::{Prompts, Reading},
        summarize::{self as stage, Conversation},
    },
};
use crate::{
    Error, Journal, Result,
    api::sessions::{SummarisedSession, SummarizeReport, SummarizeRequest},
    entities,
    journal::Cancel,
    mind::{
        builtin::{self, Builtin},
        caller::{Caller, Profile, Terms},
        choose::Minds,
    },
    sessions::{self, Outline, Summary},
    settings::SummariesSettings,
};

/// Which conversations may be summarised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scope {
    /// Only this one.
    pub(super) only: Option<i64>,
    /// Only those with messages of these days.
    pub(super) range: Range,
    /// At most so many.
    pub(super) most: Option<u32>,
    /// At most so many messages in all.
    pub(super) most_messages: Option<u32>,
    /// Only those whose last message is older, in Unix milliseconds: the others may go on.
    pub(super) quiet_since: Option<i64>,
    /// Only those with at least so many messages.
    pub(super) fewest: u32,
    /// At most so many of those that are told again only because a model was missed.
    pub(super) n_again: usize,
}

/// What is to be summarised, and what need not be.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Work {
    pub(super) todo: Vec<Outline>,
    n_considered: u32,
    n_unchanged: u32,
    n_too_short: u32,
    n_left: u32,
}

impl Work {
    /// Whether there are conversations, and none has as many messages as a summary is worth.
    pub(super) fn has_only_short_ones(&self) -> bool {
        self.n_too_short > 0 && self.n_too_short == self.n_considered
    }
}

/// Looks which conversations are to be summarised; costs no call and writes nothing.
pub(super) fn look(journal: &Journal, scope: &Scope) -> Result<Work> {
    let all = journal.store().read(|reader| sessions::outlines(reader, scope.only))?;
    Ok(choose(all, scope))
}

/// Tells apart what is to be summarised: first what is new or changed, then what lacked a model, each
/// with the newest messages first.
fn choose(all: Vec<Outline>, scope: &Scope) -> Work {
    let mut work = Work::default();
    let (mut new, mut again) = (Vec::new(), Vec::new());
    for outline in all {
        let is_quiet = scope.quiet_since.is_none_or(|since| outline.last_at <= since);
        if !is_quiet || !is_within(&outline, &scope.range) {
            continue;
        }
        work.n_considered += 1;
        if outline.n_messages < scope.fewest {
            work.n_too_short += 1;
            continue;
        }
        match &outline.told {
            Some(told) if told.hash == outline.hash && !told.is_provisional => {
                work.n_unchanged += 1;
            }
            Some(told) if told.hash == outline.hash => again.push(outline),
            _ => new.push(outline),
        }
    }
    let newest_first = |a: &Outline, b: &Outline| b.last_at.cmp(&a.last_at).then(a.id.cmp(&b.id));
    new.sort_by(newest_first);
    again.sort_by(newest_first);
    let n_over = again.len().saturating_sub(scope.n_again);
    // Without a model the same would be told once more.
    work.n_unchanged += count(n_over);
    again.truncate(scope.n_again);
    let most = scope.most.map_or(usize::MAX, |most| most as usize);
    let mut n_messages = 0;
    for outline in new.into_iter().chain(again) {
        n_messages += outline.n_messages;
        let is_room = scope.most_messages.is_none_or(|most| n_messages <= most);
        if work.todo.len() < most && is_room {
            work.todo.push(outline);
        } else {
            work.n_left += 1;
        }
    }
    work
}

fn is_within(outline: &Outline, range: &Range) -> bool {
    if range.from.is_none() && range.until.is_none() {
        return true;
    }
    let Some((first, last)) = &outline.days else { return false };
    range.from.is_none_or(|from| *last >= from.to_string())
        && range.until.is_none_or(|until| *first <= until.to_string())
}

/// The circumstances of summarising.
pub(super) struct Summarizing<'a> {
    pub(super) journal: &'a Journal,
    pub(super) reading: Reading<'a>,
    pub(super) begun: &'a Begun<'a>,
    pub(super) lock: &'a DreamLock,
    pub(super) cancel: &'a Cancel,
    /// Whether the person wants no model: then nothing is missed.
    pub(super) is_off: bool,
}

impl Summarizing<'_> {
    /// Summarises one after the other, each in a transaction of its own; `tell` hears how many are done,
    /// and the title of the next. What was finished before it was cancelled is in the report.
    pub(super) fn run(
        &self,
        work: &Work,
        report: &mut SummarizeReport,
        tell: &dyn Fn(u32, Option<&str>),
    ) -> Result<()> {
        for (n_done, outline) in (0..).zip(&work.todo) {
            self.cancel.check()?;
            tell(n_done, Some(&outline.title));
            match self.one(outline)? {
                Some(summary) => {
                    report.n_summarised += 1;
                    report.n_provisional += u32::from(summary.is_provisional);
                    report.sessions.push(listed(outline, Some(summary)));
                }
                None => report.n_left += 1,
            }
        }
        tell(count(work.todo.len()), None);
        Ok(())
    }

    /// `None` where what is there is better than what could be told now.
    fn one(&self, outline: &Outline) -> Result<Option<Summary>> {
        let is_same = outline.told.as_ref().is_some_and(|told| told.hash == outline.hash);
        let is_by_model = outline.told.as_ref().is_some_and(|told| told.mind != builtin::NAME);
        let lacks_model = self.reading.caller.is_none() && !self.is_off;
        let keeps_if_missed = is_same || is_by_model;
        if keeps_if_missed && (lacks_model || self.reading.caller.is_some_and(|c| !c.can_ask())) {
            return Ok(None);
        }
        let conversation =
            self.journal.store().read(|reader| Conversation::read(reader, outline.id))?;
        let mut summary = stage::tell(&conversation, &self.reading)?;
        summary.is_provisional |= lacks_model;
        if keeps_if_missed && summary.is_provisional {
            return Ok(None);
        }
        let revision_id = self.begun.revision()?;
        let now = self.journal.clock().now_ms();
        let told = (outline.id, outline.n_messages, outline.hash);
        self.journal.store().write_under(revision_id, |tx| {
            self.lock.hold(tx, now)?;
            sessions::save(tx, told, &summary, revision_id, now)
        })?;
        Ok(Some(summary))
    }
}

/// What summarising would cost.
pub(super) fn price(journal: &Journal, work: &Work, reading: &Reading<'_>) -> Result<Cost> {
    let mut cost = Cost::default();
    for outline in work.todo.iter().filter(|_| reading.caller.is_some()) {
        let conversation = journal.store().read(|reader| Conversation::read(reader, outline.id))?;
        cost.add(stage::price(&conversation, reading)?);
    }
    Ok(cost)
}

fn listed(outline: &Outline, summary: Option<Summary>) -> SummarisedSession {
    let said = summary.as_ref();
    SummarisedSession {
        id: outline.id,
        title: outline.title.clone(),
        n_messages: outline.n_messages,
        valence: said.map_or(0.0, |summary| summary.valence),
        is_provisional: said.is_some_and(|summary| summary.is_provisional),
        mind: said.map_or_else(String::new, |summary| summary.mind.clone()),
        key_topics: said.map_or_else(Vec::new, |summary| summary.key_topics.clone()),
        summary: summary.map_or_else(String::new, |summary| summary.summary),
    }
}

/// Summarises conversations by themselves. A cancelled run is reported, not an error.
pub(crate) fn summarize(
    journal: &Journal,
    request: &SummarizeRequest,
    cancel: &Cancel,
    tell: &dyn Fn(u32, u32),
) -> Result<SummarizeReport> {
    let began = Instant::now();
    let set = journal.settings().summaries;
    if !set.is_on {
        return Ok(SummarizeReport {
            skipped: "summarization_disabled".into(),
            is_dry_run: request.dry_run,
            ..SummarizeReport::default()
        });
    }
    let only = request.session_id.map(|id| session_of(journal, id)).transpose()?;
    let prompts = Prompts::load(journal.data_dir())?;
    let minds = Minds::open(journal, None, cancel)?;
    let model = minds.of(Profile::Fast).map(|model| model.card().name.clone());
    let work = look(
        journal,
        &Scope {
            only,
            range: Range { from: None, until: None, is_named: false },
            most: request.limit,
            most_messages: None,
            quiet_since: None,
            fewest: request.fewest_messages.unwrap_or(set.fewest_messages).max(2),
            n_again: if model.is_some() { usize::MAX } else { 0 },
        },
    )?;
    let mut report = SummarizeReport {
        mind: model.clone().unwrap_or_else(|| builtin::NAME.into()),
        is_dry_run: request.dry_run,
        n_considered: work.n_considered,
        n_unchanged: work.n_unchanged,
        n_too_short: work.n_too_short,
        n_left: work.n_left,
        without_model: minds.reason.clone().unwrap_or_default(),
        ..SummarizeReport::default()
    };
    let timed = |mut report: SummarizeReport| {
        report.took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
        report
    };
    if work.todo.is_empty() {
        if work.n_too_short > 0 && work.n_unchanged == 0 {
            report.skipped = "insufficient_events".into();
        }
        return Ok(timed(report));
    }
    let lock = if request.dry_run { None } else { Some(DreamLock::take(journal)?) };
    let mind = report.mind.clone();
    let what =
        What { cause: CAUSE, mind: &mind, label: "summarised conversations", is_whole: false };
    let begun = Begun::new(journal, what, request);
    let (dream, is_off) = (|| begun.dream(), minds.is_off);
    let terms = Terms {
        cancel,
        dream: Some(&dream),
        waits: &|_| {},
        is_night: false,
        is_debug: false,
        somebody_waits: false,
    };
    let caller = model.map(|_| Caller::new(journal, minds, terms)).transpose()?;
    let known = journal.store().read(entities::known_people)?;
    let builtin = Builtin::new(crate::search::embed::corpus(journal)?, &known);
    let reading = Reading { builtin: &builtin, caller: caller.as_ref(), prompts: &prompts };
    let Some(lock) = lock else {
        let cost = price(journal, &work, &reading)?;
        report.n_summarised = count(work.todo.len());
        report.sessions = work.todo.iter().map(|outline| listed(outline, None)).collect();
        report.calls.n_calls = cost.n_calls;
        report.calls.n_known = cost.n_known;
        report.minutes = u32::try_from(cost.ms.div_ceil(60_000)).unwrap_or(u32::MAX);
        return Ok(timed(report));
    };
    let summarizing = Summarizing { journal, reading, begun: &begun, lock: &lock, cancel, is_off };
    let n_total = count(work.todo.len());
    let ended = summarizing.run(&work, &mut report, &|n_done, _| tell(n_done, n_total));
    if let Some(caller) = &caller {
        caller.finish();
        report.calls = caller.counts();
        if let Some(reason) = caller.shortfall() {
            report.without_model = reason;
        }
    }
    report.is_cancelled = matches!(ended, Err(Error::Cancelled));
    report.dream_id = begun.id();
    // What was told stands in its own table; a second copy would outlive it.
    let kept = SummarizeReport { sessions: Vec::new(), ..report.clone() };
    begun.close(&ended, &kept)?;
    match ended {
        Ok(()) | Err(Error::Cancelled) => Ok(timed(report)),
        Err(error) => Err(error),
    }
}

/// What sets off a run by itself.
pub(crate) const CAUSE: &str = "summarize";

/// The conversation that a record is or belongs to.
fn session_of(journal: &Journal, record_id: i64) -> Result<i64> {
    let found = journal.store().read(|reader| sessions::of(reader, record_id))?;
    found.ok_or_else(|| {
        Error::NotFound(format!("conversation {record_id} (record:{record_id} is none)"))
    })
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The schedule that tells conversations which are over.
const HOURLY: &str = "sessions";
/// A conversation in which nobody has written for so long is over, in milliseconds: an hour.
const QUIET_MS: i64 = 3_600_000;

/// Which conversations a dream summarises after its days: those with messages of the days it was asked
/// about.
pub(super) fn scope_of_dream(
    request: &crate::api::dreams::DreamRequest,
    range: Range,
    has_model: bool,
    set: &SummariesSettings,
    now: i64,
) -> Scope {
    Scope {
        only: None,
        range,
        most: None,
        most_messages: request.limit,
        quiet_since: (request.cause == HOURLY).then_some(now - QUIET_MS),
        fewest: set.fewest_messages,
        n_again: plan::n_again(has_model, plan::is_by_itself(&request.cause)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{clock::parse_day, sessions::Told, store::Hash};

    const ANY: Scope = Scope {
        only: None,
        range: Range { from: None, until: None, is_named: false },
        most: None,
        most_messages: None,
        quiet_since: None,
        fewest: 10,
        n_again: usize::MAX,
    };

    /// A conversation whose last message is so many days into October.
    fn outline(id: i64, n_messages: u32) -> Outline {
        Outline {
            id,
            title: "Tomas".into(),
            n_messages,
            hash: Hash([1; 32]),
            days: Some(("2026-10-01".into(), format!("2026-10-{id:02}"))),
            last_at: id,
            told: None,
        }
    }

    fn told(id: i64, hash: u8, is_provisional: bool) -> Outline {
        let told = Told { hash: Hash([hash; 32]), mind: builtin::NAME.into(), is_provisional };
        Outline { told: Some(told), ..outline(id, 10) }
    }

    fn ids(work: &Work) -> Vec<i64> {
        work.todo.iter().map(|outline| outline.id).collect()
    }

    #[test]
    fn what_is_new_or_changed_comes_first_and_what_lacked_a_model_then() {
        let all = vec![
            outline(1, 10),
            outline(2, 9),
            told(3, 1, false),
            told(4, 2, false),
            told(5, 1, true),
            told(6, 1, true),
        ];
        let work = choose(all.clone(), &ANY);
        assert_eq!(ids(&work), [4, 1, 6, 5]);
        assert_eq!((work.n_considered, work.n_unchanged, work.n_too_short), (6, 1, 1));
        let work = choose(all, &Scope { n_again: 0, ..ANY });
        assert_eq!((ids(&work), work.n_unchanged), (vec![4, 1], 3));
    }

    #[test]
    fn what_is_over_a_limit_is_left_for_later() {
        let all = vec![outline(1, 10), outline(2, 20), outline(3, 30)];
        let work = choose(all.clone(), &Scope { most: Some(2), ..ANY });
        assert_eq!((ids(&work), work.n_left), (vec![3, 2], 1));
        let work = choose(all, &Scope { most_messages: Some(30), ..ANY });
        assert_eq!((ids(&work), work.n_left), (vec![3], 2));
    }

    #[test]
    fn a_conversation_that_may_go_on_is_left_to_the_night() {
        let all = vec![outline(1, 10), outline(5, 10)];
        assert_eq!(ids(&choose(all, &Scope { quiet_since: Some(4), ..ANY })), [1]);
        let now = 10 * QUIET_MS;
        let scope = |cause: &str| {
            let request =
                crate::api::dreams::DreamRequest { cause: cause.into(), ..Default::default() };
            scope_of_dream(&request, ANY.range, false, &SummariesSettings::default(), now)
                .quiet_since
        };
        assert_eq!((scope("sessions"), scope("night")), (Some(9 * QUIET_MS), None));
    }

    #[test]
    fn only_conversations_of_the_days_asked_for_are_looked_at() {
        let undated = Outline { days: None, ..outline(9, 10) };
        let all = vec![outline(1, 10), outline(5, 10), undated];
        let from = |day: &str| {
            let range = Range { from: parse_day(day).ok(), until: None, is_named: true };
            ids(&choose(all.clone(), &Scope { range, ..ANY }))
        };
        assert_eq!(from("2026-10-02"), [5]);
        assert_eq!(from("2026-10-01"), [5, 1]);
        assert_eq!(ids(&choose(all.clone(), &ANY)), [9, 5, 1]);
    }
}
