//! Proposals: a list of them, and one with what it rests on.

use rem_core::api::proposals::{Freshness, ProposalKind, ProposalState, ProposalView};

use super::dotted;
use crate::{
    desk::{Desk, Present},
    exit::Result,
    line::Line,
    palette::Ink,
    times::count,
};

const INDENT: usize = 2;
/// Characters of a text in a list.
const FEW: usize = 160;

/// Proposals, each in two or three lines.
pub(crate) fn list(desk: &mut Desk<'_, '_>, proposals: &[ProposalView]) -> Result {
    for (n, proposal) in proposals.iter().enumerate() {
        if n > 0 {
            desk.blank()?;
        }
        head(desk, proposal)?;
        let text = proposal.text.replace('\n', " ");
        let cut: String = text.chars().take(FEW).collect();
        let dots = if cut.len() < text.len() { "…" } else { "" };
        desk.indented(INDENT, &Line::plain(&format!("{cut}{dots}")))?;
    }
    desk.hint("`rem proposals show ID` shows one, `accept`, `edit` and `reject` decide.")
}

/// One proposal.
pub(crate) fn detail(desk: &mut Desk<'_, '_>, proposal: &ProposalView, present: Present) -> Result {
    head(desk, proposal)?;
    let tokens = format!(
        "{} tokens for {}; {}",
        proposal.tokens_after,
        proposal.tokens_before,
        dotted([proposal.mind.as_str(), &proposal.reason_codes.join(", ")])
    );
    desk.indented(INDENT, &Line::of(Ink::Quiet, &tokens))?;
    desk.blank()?;
    for line in proposal.text.lines() {
        desk.indented(INDENT, &Line::plain(line))?;
    }
    for source in &proposal.sources {
        desk.blank()?;
        let day = if source.day.is_empty() { String::new() } else { present.name(&source.day) };
        let id = format!("{} {}", source.thing, source.id);
        let gone = if source.is_current { "" } else { "not as it was" };
        let name = dotted([source.title.as_str(), &day, &id, gone]);
        desk.line(&Line::of(Ink::Quiet, &name))?;
        for line in source.text.lines() {
            desk.indented(INDENT, &Line::plain(line))?;
        }
    }
    Ok(())
}

fn head(desk: &mut Desk<'_, '_>, proposal: &ProposalView) -> Result {
    let columns = desk.width();
    let question =
        Line::of(Ink::Quiet, &format!("{}  ", proposal.id)).and(Ink::Strong, &question(proposal));
    let sure = format!("{:.0} %", proposal.confidence * 100.0);
    let right = dotted([state(proposal.review_state), fresh(proposal.freshness_state), &sure]);
    desk.line(&question.with_right(Line::of(Ink::Quiet, &right), columns))
}

fn question(proposal: &ProposalView) -> String {
    let n = u32::try_from(proposal.sources.len()).unwrap_or(u32::MAX);
    match proposal.kind {
        ProposalKind::Merge => format!("{} say the same", count(n, "text")),
        ProposalKind::Contradiction => "Which is true now?".into(),
        ProposalKind::TemporalUpdate => "Is this so now?".into(),
        ProposalKind::Decay => "Fold this faded moment away?".into(),
        other => format!("{other:?}"),
    }
}

fn state(state: ProposalState) -> &'static str {
    match state {
        ProposalState::Pending => "",
        ProposalState::Accepted => "accepted",
        ProposalState::Edited => "in your words",
        ProposalState::Rejected => "refused",
        ProposalState::Applied => "applied",
        ProposalState::Archived => "nothing to do",
    }
}

fn fresh(freshness: Freshness) -> &'static str {
    match freshness {
        Freshness::Fresh | Freshness::Unknown => "",
        Freshness::Stale => "over 30 days old",
        Freshness::Archived => "over 90 days old",
    }
}
