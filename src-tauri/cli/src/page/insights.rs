//! Insights, reflections and predictions.

use rem_core::api::{
    insights::{Decision, Depth, EvidenceMoment, InsightKind, InsightView, ReflectionView},
    predictions::{PredictionView, Predictions, Score, Settled},
};

use super::{dotted, heading, table};
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::count,
};

/// Moments that are named under an insight.
const FEW: usize = 3;

pub(crate) fn list(desk: &mut Desk<'_, '_>, all: &[InsightView], present: Present) -> Result {
    for (kind, title) in [
        (InsightKind::Pattern, "What goes with what"),
        (InsightKind::Theme, "What keeps coming back"),
        (InsightKind::Strategy, "What helped"),
    ] {
        let some: Vec<&InsightView> = all.iter().filter(|one| one.kind == kind).collect();
        if some.is_empty() {
            continue;
        }
        desk.line(&heading(title))?;
        for one in some {
            insight(desk, one, present)?;
        }
        desk.blank()?;
    }
    Ok(())
}

fn insight(desk: &mut Desk<'_, '_>, one: &InsightView, present: Present) -> Result {
    let head = Line::of(Ink::Strong, &format!("{}. ", one.id)).and(Ink::Plain, &one.statement);
    desk.indented(2, &head)?;
    let said = match one.decision {
        Some(Decision::Confirmed) => "confirmed",
        Some(Decision::Hidden) => "hidden",
        None => "",
    };
    let chance = one.sample.map_or_else(String::new, |n| {
        format!("n = {} and {}, p = {:.3}", n.n_with, n.n_without, n.p_value)
    });
    let seen = format!("seen {}, last {}", times_word(one.n_seen), present.name(&one.last_seen_on));
    let sure = format!("sure by {:.0} %", one.confidence * 100.0);
    let parts = [said, &sure, &seen, &chance];
    desk.indented(5, &Line::of(Ink::Quiet, &dotted(parts)))?;
    evidence(desk, &one.evidence, present)
}

fn times_word(n: u32) -> String {
    if n == 1 { "once".into() } else { format!("{n} times") }
}

fn evidence(desk: &mut Desk<'_, '_>, all: &[EvidenceMoment], present: Present) -> Result {
    let n_shown = if desk.is_verbose() { all.len() } else { FEW };
    for moment in all.iter().take(n_shown) {
        let text = format!("#{} {}: {}", moment.id, present.name(&moment.day), moment.title);
        desk.indented(5, &Line::of(Ink::Quiet, &text))?;
    }
    let n_more = all.len().saturating_sub(n_shown);
    if n_more > 0 {
        desk.indented(5, &Line::of(Ink::Quiet, &format!("… and {n_more} more: -v shows all")))?;
    }
    Ok(())
}

pub(crate) fn reflections(
    desk: &mut Desk<'_, '_>,
    all: &[&ReflectionView],
    present: Present,
) -> Result {
    for one in all {
        let depth = match one.depth {
            Depth::Surface => "at a glance",
            Depth::Analytical => "the day",
            Depth::Meta => "the week",
        };
        let label = format!("{:?}", one.sentiment_label).to_lowercase();
        let sentiment = format!("{label} ({:+.2})", one.sentiment);
        let n = count(i64::try_from(one.samples.len()).unwrap_or(i64::MAX), "moment");
        let provisional = if one.is_provisional { "told again when there is a model" } else { "" };
        let day = present.name(&one.ends_on);
        desk.line(&Line::of(Ink::Strong, &format!("{day}, {depth}")))?;
        let about = dotted([sentiment.as_str(), &n, &one.mind, provisional]);
        desk.indented(2, &Line::of(Ink::Quiet, &about))?;
        let text = if one.text.is_empty() {
            "Forgotten; the next dream tells it anew."
        } else {
            &one.text
        };
        desk.indented(2, &Line::plain(text))?;
        if desk.is_verbose() {
            evidence(desk, &one.samples, present)?;
        }
        desk.blank()?;
    }
    Ok(())
}

pub(crate) fn outcome(outcome: Settled) -> &'static str {
    match outcome {
        Settled::Open => "open",
        Settled::Hit => "a hit",
        Settled::Miss => "a miss",
        Settled::Unclear => "unclear",
    }
}

pub(crate) fn predictions(desk: &mut Desk<'_, '_>, all: &Predictions, present: Present) -> Result {
    let (asked, settled): (Vec<&PredictionView>, Vec<&PredictionView>) =
        all.settled.iter().partition(|one| one.needs_confirmation);
    let open: Vec<&PredictionView> = all.open.iter().collect();
    for (title, some) in
        [("To come", open), ("Did this happen?", asked), ("How it turned out", settled)]
    {
        if some.is_empty() {
            continue;
        }
        desk.line(&heading(title))?;
        for one in some {
            prediction(desk, one, present)?;
        }
        desk.blank()?;
    }
    score(desk, &all.score)
}

fn prediction(desk: &mut Desk<'_, '_>, one: &PredictionView, present: Present) -> Result {
    let head = Line::of(Ink::Strong, &format!("{}. ", one.id)).and(Ink::Plain, &one.statement);
    desk.indented(2, &head)?;
    let due = if one.due_from == one.due_on {
        format!("due {}", present.name(&one.due_on))
    } else {
        format!("due {} to {}", present.name(&one.due_from), present.name(&one.due_on))
    };
    let ended = match one.outcome {
        Settled::Open => "",
        ended => outcome(ended),
    };
    let by = if one.is_settled_by_person { "as you said" } else { "" };
    let sure = format!("sure by {:.0} %", one.calibrated * 100.0);
    let made = format!("made {}", present.name(&one.made_on));
    desk.indented(5, &Line::of(Ink::Quiet, &dotted([ended, by, &due, &sure, &made])))?;
    evidence(desk, &one.evidence, present)
}

fn score(desk: &mut Desk<'_, '_>, score: &Score) -> Result {
    desk.line(&heading("Score"))?;
    let unclear = match score.n_unclear {
        0 => String::new(),
        n => format!(", {n} unclear"),
    };
    let Some(brier) = score.brier else {
        let text = format!("Nothing has hit or missed yet{unclear}.");
        return desk.indented(2, &Line::plain(&text));
    };
    let base = score.brier_of_base_rate.unwrap_or_default();
    let text = format!(
        "Brier {brier:.3} over {} ({} hit{unclear}); always saying the mean would give {base:.3}.",
        count(score.n, "prediction"),
        score.n_hits,
    );
    desk.indented(2, &Line::plain(&text))?;
    let rows: Vec<Vec<String>> = score
        .calibration
        .iter()
        .map(|bin| {
            vec![
                format!("{:.0} % and more", bin.from * 100.0),
                bin.n.to_string(),
                format!("{:.0} %", bin.mean_confidence * 100.0),
                format!("{:.0} %", 100.0 * f64::from(bin.n_hits) / f64::from(bin.n.max(1))),
            ]
        })
        .collect();
    table::write(desk, &["said", " n", " mean", " came"], &rows)
}
