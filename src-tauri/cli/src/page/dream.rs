//! What a dream did.

use rem_core::api::dreams::{
    DreamReport, DreamRequest, DreamtDay, Estimate, Stage, StageEnd, StageReport,
};

use super::{compare, ledger, mind, mood};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::{self, count, thousands},
};

/// Days told in full unless all are asked for.
const FEW: usize = 7;

/// A stage, while it goes on.
pub(crate) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Decay => "letting old things fade",
        Stage::Collect => "looking what is new",
        Stage::Episodes => "cutting the day into episodes",
        Stage::Moments => "describing moments",
        Stage::Story => "telling the day’s story",
        Stage::Summarize => "summarising conversations",
        Stage::Periods => "telling weeks, months and years",
        Stage::Affinity => "finding what belongs together",
        Stage::Topics => "gathering topics",
        Stage::Profile => "saying who you are lately",
        Stage::Reflect => "reflecting",
        Stage::Consolidate => "finding what says the same twice",
        Stage::Predict => "settling and foretelling",
        Stage::Digest => "saying what the dream came to",
    }
}

/// A dream's report.
pub(crate) fn write(
    desk: &mut Desk<'_, '_>,
    report: &DreamReport,
    request: &DreamRequest,
    present: Present,
) -> Result {
    desk.text(&Line::of(Ink::Strong, &headline(report, request)))?;
    if let Some(changes) = changes(report).filter(|_| !request.compare) {
        desk.text(&Line::of(Ink::Quiet, &changes))?;
    }
    asked(desk, report, request)?;
    stages(desk, report, request)?;
    if report.is_cancelled {
        let note =
            "Stopped before the end; what was finished is kept and `rem dream` goes on from there.";
        desk.text(&Line::of(Ink::Warning, note))?;
    }
    if request.compare {
        return compare::write(desk, &report.compared, present);
    }
    let shown = if desk.is_verbose() { report.days.len() } else { report.days.len().min(FEW) };
    let left_out = report.days.len() - shown;
    if left_out > 0 {
        desk.blank()?;
        let note = format!("… {} before these: rem timeline", count(as_i64(left_out), "day"));
        desk.line(&Line::of(Ink::Quiet, &note))?;
    }
    for day in report.days.iter().skip(left_out) {
        tell(desk, day, report.is_dry_run, present)?;
    }
    Ok(())
}

/// What the stages came to that look at the whole journal. Of a whole dream only those that did
/// something, unless all is wanted.
fn stages(desk: &mut Desk<'_, '_>, report: &DreamReport, request: &DreamRequest) -> Result {
    for stage in &report.stages {
        let is_named = request.stages.contains(&stage.stage);
        let is_told_above = matches!(stage.stage, Stage::Moments | Stage::Summarize);
        let is_worth_it = match stage.end {
            StageEnd::Failed => true,
            StageEnd::Done => is_named || !is_told_above,
            StageEnd::Unchanged | StageEnd::Skipped => is_named || desk.is_verbose(),
        };
        if !is_worth_it {
            continue;
        }
        let ink = if stage.end == StageEnd::Failed { Ink::Warning } else { Ink::Quiet };
        desk.text(&Line::of(ink, &in_short(stage)))?;
    }
    Ok(())
}

/// "edge added" of "edges added"; what does not begin with several things stays as it is.
fn one_of(name: &str) -> String {
    let (first, rest) = name.split_once(' ').map_or((name, ""), |(first, rest)| (first, rest));
    let first = match first.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => first.strip_suffix('s').unwrap_or(first).to_owned(),
    };
    format!("{first} {rest}").trim_end().to_owned()
}

/// "affinity: 12 edges added, 40 resources processed".
fn in_short(stage: &StageReport) -> String {
    let name = format!("{:?}", stage.stage).to_lowercase();
    let counts = stage.counts.iter().filter(|(_, n)| **n != 0.0);
    let told: Vec<String> = counts
        .map(|(name, n)| {
            let name = name.replace('_', " ");
            if n.fract() == 0.0 {
                format!("{} {}", thousands(*n as i64), if *n == 1.0 { one_of(&name) } else { name })
            } else {
                format!("{n:.2} {name}")
            }
        })
        .collect();
    let what = match stage.end {
        StageEnd::Done if told.is_empty() => "done".to_owned(),
        StageEnd::Done => told.join(", "),
        StageEnd::Unchanged => "as it was".to_owned(),
        StageEnd::Skipped => format!("skipped, {}", stage.reason.replace('_', " ")),
        StageEnd::Failed => format!("failed, {}", stage.reason),
    };
    format!("{name}: {what}")
}

/// What asking a model came to, and why it was not asked.
fn asked(desk: &mut Desk<'_, '_>, report: &DreamReport, request: &DreamRequest) -> Result {
    if !report.days.is_empty() && report.n_summaries > 0 {
        desk.text(&Line::of(Ink::Quiet, &summaries(report)))?;
    }
    if let Some(estimate) = &report.estimate
        && (!report.days.is_empty() || report.n_summaries > 0)
    {
        desk.text(&Line::of(Ink::Quiet, &estimated(estimate)))?;
    }
    if let Some(calls) = calls(report) {
        desk.text(&Line::of(Ink::Quiet, &calls))?;
    }
    ledger::write_remarks(desk, &report.calls.remarks)?;
    // Who has no model need not be told every day that there is none.
    if report.days.is_empty() && !report.expects_model && !request.redo {
        return Ok(());
    }
    let ink =
        if report.expects_model || report.days.is_empty() { Ink::Warning } else { Ink::Quiet };
    let is_worth_a_word = report.expects_model || request.redo || desk.is_verbose();
    if !report.without_model.is_empty() && is_worth_a_word {
        desk.text(&Line::of(ink, &mind::sentence(&report.without_model)))?;
    }
    if report.expects_model && report.n_days_provisional > 0 {
        let days = count(report.n_days_provisional, "day");
        let note = format!(
            "{days} dreamt by the built-in analyser, wholly or in part; dreamt again when there is a model."
        );
        desk.text(&Line::of(Ink::Warning, &note))?;
    }
    Ok(())
}

fn estimated(estimate: &Estimate) -> String {
    let known = match estimate.n_known {
        0 => String::new(),
        n => format!(", {} known already", count(n, "answer")),
    };
    match estimate.n_calls {
        0 => format!("No call is needed{known}"),
        n => {
            let minutes = match estimate.minutes {
                0 => "less than a minute".to_owned(),
                n => format!("about {}", count(n, "minute")),
            };
            format!("{}{known}, {minutes}", count(n, "call"))
        }
    }
}

fn calls(report: &DreamReport) -> Option<String> {
    let calls = &report.calls;
    if calls.n_calls == 0 && calls.n_known == 0 {
        return None;
    }
    let took = format!("{} in {}", count(calls.n_calls, "call"), times::duration(calls.model_ms));
    let others = [
        (calls.n_known, "known already"),
        (calls.n_repaired, "repaired"),
        (calls.n_split, "split"),
        (calls.n_unusable, "without a usable answer"),
    ];
    let others = others.iter().filter(|(n, _)| *n > 0);
    let said = others.map(|(n, what)| format!("{} {what}", thousands(*n)));
    Some(std::iter::once(took).chain(said).collect::<Vec<_>>().join(", "))
}

fn headline(report: &DreamReport, request: &DreamRequest) -> String {
    let days = count(as_i64(report.days.len()), "day");
    let took = times::duration(report.took_ms);
    match (report.days.is_empty(), report.is_dry_run) {
        _ if request.compare => {
            let moments = count(as_i64(report.compared.len()), "moment");
            format!("Compared {moments} with {}; nothing was written", report.mind)
        }
        (true, _) if report.is_cancelled => "No day was finished.".into(),
        (true, _) if request.redo => "No day was dreamt.".into(),
        (true, _) if report.n_summaries > 0 => {
            let sessions = count(report.n_summaries, "conversation");
            let verb = if report.is_dry_run { "Would summarise" } else { "Summarised" };
            format!("{verb} {sessions} with {}; every day is as it was dreamt", report.mind)
        }
        (true, _) => "Nothing to dream: every day is as it was dreamt.".into(),
        (false, true) => format!("Would dream {days} with {}", report.mind),
        (false, false) => format!("Dreamt {days} in {took} with {}", report.mind),
    }
}

fn summaries(report: &DreamReport) -> String {
    let sessions = count(report.n_summaries, "conversation");
    let told = match (report.is_dry_run, report.n_summaries_provisional) {
        (true, _) => "to summarise".to_owned(),
        (false, 0) => "summarised".to_owned(),
        (false, n) => format!("summarised, {} only until there is a model", thousands(n)),
    };
    format!("{sessions} {told}")
}

fn changes(report: &DreamReport) -> Option<String> {
    if report.days.is_empty() || report.is_dry_run {
        return None;
    }
    Some(format!(
        "{} read; moments: {} new, {} changed, {} as before, {} gone",
        count(report.n_records, "record"),
        thousands(report.n_added),
        thousands(report.n_changed),
        thousands(report.n_unchanged),
        thousands(report.n_removed),
    ))
}

fn tell(desk: &mut Desk<'_, '_>, day: &DreamtDay, is_dry_run: bool, present: Present) -> Result {
    let name =
        times::day(&day.day).map_or(day.day.clone(), |date| times::day_short(date, present.year));
    let size = if is_dry_run {
        let pieces = count(day.n_chunks, "piece");
        format!("{pieces} of writing, {}", count(day.n_episodes, "episode"))
    } else {
        count(day.n_moments, "moment")
    };
    let mut head = Line::of(Ink::Strong, &name).pad(12).and(Ink::Plain, " ");
    if !is_dry_run {
        head = head.then(mood(day.valence).pad(10));
    }
    desk.blank()?;
    desk.line(&head.and(Ink::Quiet, &size).fit(desk.width()))?;
    if day.summary.is_empty() { Ok(()) } else { desk.indented(2, &Line::plain(&day.summary)) }
}

fn as_i64(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use rem_core::api::minds::CallCounts;

    use super::*;

    #[test]
    fn an_estimate_says_what_is_known_already_and_how_long_the_rest_takes() {
        let say = |n_calls, n_known, minutes| estimated(&Estimate { n_calls, n_known, minutes });
        assert_eq!(say(41, 12, 9), "41 calls, 12 answers known already, about 9 minutes");
        assert_eq!(say(1, 0, 0), "1 call, less than a minute");
        assert_eq!(say(0, 3, 0), "No call is needed, 3 answers known already");
    }

    #[test]
    fn one_of_several_things_is_told_in_the_singular() {
        assert_eq!(one_of("edges added"), "edge added");
        assert_eq!(one_of("communities"), "community");
        assert_eq!(one_of("updated"), "updated");
    }

    #[test]
    fn conversations_are_told_with_what_is_only_for_now() {
        let mut report = DreamReport { n_summaries: 3, ..DreamReport::default() };
        assert_eq!(summaries(&report), "3 conversations summarised");
        report.n_summaries_provisional = 1;
        let wanted = "3 conversations summarised, 1 only until there is a model";
        assert_eq!(summaries(&report), wanted);
        assert!(
            headline(&report, &DreamRequest::default()).starts_with("Summarised 3 conversations")
        );
    }

    #[test]
    fn calls_are_told_only_where_a_model_was_asked() {
        let mut report = DreamReport::default();
        assert_eq!(calls(&report), None);
        report.calls = CallCounts {
            n_calls: 41,
            n_known: 2,
            n_repaired: 3,
            n_split: 1,
            model_ms: 610_000,
            ..CallCounts::default()
        };
        let said = calls(&report);
        let wanted = "41 calls in 10 min 10 s, 2 known already, 3 repaired, 1 split";
        assert_eq!(said.as_deref(), Some(wanted));
    }
}
