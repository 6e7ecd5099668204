//! `rem dream summarize`: tells what whole conversations were about.

use std::sync::atomic::{AtomicU32, Ordering};

use clap::Args;
use rem_core::api::sessions::{SummarisedSession, SummarizeReport, SummarizeRequest};

use crate::{
    desk::Desk,
    exit::{Exit, Result},
    line::Line,
    page,
    palette::Ink,
    progress::{Step, follow},
    times::{self, count, thousands},
};

/// Conversations told in full unless all are asked for.
const FEW: usize = 5;

/// Which conversations to summarise; all that are long enough and new or changed, if nothing is said.
#[derive(Debug, Args)]
pub(crate) struct Summarize {
    /// Only this conversation: the number of its record, or of one of its messages, as 12 or record:12.
    #[arg(long, value_name = "ID", value_parser = id)]
    session: Option<i64>,
    /// Only those with at least so many messages; 10, if nothing else is set.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(2..))]
    min_events: Option<u32>,
    /// Only long ones, see --threshold.
    #[arg(long, conflicts_with_all = ["session", "min_events"])]
    long: bool,
    /// From how many messages on a conversation is long.
    #[arg(long, value_name = "N", default_value_t = 100, requires = "long")]
    threshold: u32,
    /// At most so many, those with the newest messages first.
    #[arg(long, value_name = "N")]
    limit: Option<u32>,
    /// Only say which would be summarised, and what it would cost.
    #[arg(long)]
    dry_run: bool,
}

fn id(word: &str) -> std::result::Result<i64, String> {
    let number = word.strip_prefix("record:").unwrap_or(word);
    let id = number.parse::<i64>().ok().filter(|id| *id > 0);
    id.ok_or_else(|| "a conversation looks like 12 or record:12".into())
}

pub(crate) fn run(desk: &mut Desk<'_, '_>, args: &Summarize) -> Result<Exit> {
    let journal = desk.open()?;
    let request = SummarizeRequest {
        session_id: args.session,
        fewest_messages: if args.long { Some(args.threshold) } else { args.min_events },
        limit: args.limit,
        dry_run: args.dry_run,
    };
    let (done, all) = (AtomicU32::new(0), AtomicU32::new(0));
    let work = |cancel: &_| {
        journal.dream_summarize(&request, cancel, &|n_done, n_total| {
            done.store(n_done, Ordering::Relaxed);
            all.store(n_total, Ordering::Relaxed);
        })
    };
    let report = follow(desk, &journal, work, |_| {
        let (n_done, n_total) = (done.load(Ordering::Relaxed), all.load(Ordering::Relaxed));
        Some(Step { n_done, n_total, message: "summarising conversations".into() })
    })?;
    if desk.is_json() {
        desk.json(&report)?;
    } else if !desk.globals.quiet {
        write(desk, &report)?;
    }
    Ok(if report.is_cancelled { Exit::Cancelled } else { Exit::Done })
}

fn write(desk: &mut Desk<'_, '_>, report: &SummarizeReport) -> Result {
    let verb = if report.is_dry_run { "Would summarise" } else { "Summarised" };
    let n = count(report.n_summarised, "conversation");
    let took = times::duration(report.took_ms);
    desk.text(&Line::of(Ink::Strong, &format!("{verb} {n} in {took}")))?;
    if !report.skipped.is_empty() {
        let note = format!("Skipped: {}", report.skipped.replace('_', " "));
        desk.text(&Line::of(Ink::Warning, &note))?;
    }
    desk.text(&Line::of(Ink::Quiet, &looked_at(report)))?;
    if let Some(cost) = cost(report) {
        desk.text(&Line::of(Ink::Quiet, &cost))?;
    }
    if report.is_cancelled {
        let note = "Stopped before the end; what was told is kept and not told again.";
        desk.text(&Line::of(Ink::Warning, note))?;
    }
    if !report.without_model.is_empty() {
        let note = format!("Without a model: {}.", report.without_model);
        desk.text(&Line::of(Ink::Warning, &note))?;
    }
    let n_shown = if desk.is_verbose() { report.sessions.len() } else { FEW };
    for session in report.sessions.iter().take(n_shown) {
        desk.blank()?;
        tell(desk, session, report.is_dry_run)?;
    }
    let n_more = report.sessions.len().saturating_sub(n_shown);
    if n_more > 0 {
        desk.blank()?;
        let note = format!("… and {} more: -v shows all", thousands(n_more as i64));
        desk.text(&Line::of(Ink::Quiet, &note))?;
    }
    Ok(())
}

/// "of 12: 3 unchanged, 4 too short, 1 left for later".
fn looked_at(report: &SummarizeReport) -> String {
    let parts = [
        (report.n_unchanged, "unchanged"),
        (report.n_too_short, "too short"),
        (report.n_left, "left for later"),
        (report.n_provisional, "only until there is a model"),
    ];
    let told: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, what)| format!("{} {what}", thousands(*n)))
        .collect();
    let of = format!("of {}", thousands(report.n_considered));
    if told.is_empty() { of } else { format!("{of}: {}", told.join(", ")) }
}

fn cost(report: &SummarizeReport) -> Option<String> {
    let calls = &report.calls;
    if calls.n_calls == 0 && calls.n_known == 0 {
        return None;
    }
    let asked = count(calls.n_calls, "call");
    let known = format!("{} known before", thousands(calls.n_known));
    if report.is_dry_run {
        return Some(format!("{asked}, about {} min; {known}", report.minutes));
    }
    let tokens = i64::try_from(calls.prompt_tokens + calls.reply_tokens).unwrap_or(i64::MAX);
    Some(page::dotted([
        report.mind.as_str(),
        asked.as_str(),
        format!("{} tokens", thousands(tokens)).as_str(),
        known.as_str(),
    ]))
}

fn tell(desk: &mut Desk<'_, '_>, session: &SummarisedSession, is_dry_run: bool) -> Result {
    let columns = desk.width();
    let id = Line::of(Ink::Quiet, &format!("record:{}", session.id));
    desk.line(&Line::of(Ink::Strong, &session.title).with_right(id, columns))?;
    if is_dry_run {
        let n = count(session.n_messages, "message");
        return desk.text(&Line::of(Ink::Quiet, &n));
    }
    desk.text(&Line::plain(&session.summary))?;
    let topics = session.key_topics.join(", ");
    desk.text(&page::mood(Some(session.valence)).and(Ink::Quiet, "  ").and(Ink::Quiet, &topics))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversation_is_named_by_a_number() {
        assert_eq!((id("12"), id("record:12")), (Ok(12), Ok(12)));
        for wrong in ["", "0", "-1", "record:", "Tomas"] {
            assert!(id(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn only_what_there_is_is_counted_out() {
        let mut report = SummarizeReport { n_considered: 12, ..SummarizeReport::default() };
        assert_eq!(looked_at(&report), "of 12");
        report.n_too_short = 4;
        report.n_provisional = 1;
        assert_eq!(looked_at(&report), "of 12: 4 too short, 1 only until there is a model");
    }
}
