//! Proposals as people read them.

use rusqlite::{Connection, OptionalExtension, params};

use super::{ID_LETTERS, Proposal, Source, Thing, hex, id_of, keep};
use crate::{
    Error, Journal, Result,
    api::proposals::{
        Freshness, ListProposals, ProposalSource, ProposalState, ProposalView, ProposedAction,
    },
    store::Hash,
    text::clean,
};

/// Proposals that are listed if nothing is said.
const USUAL: u32 = 50;
/// At most so many.
const MOST: u32 = 1_000;
/// Days after which what is newest in a proposal is old, and very old (engram's salience policy).
const STALE_DAYS: i64 = 30;
const ARCHIVED_DAYS: i64 = 90;
const DAY: i64 = 86_400_000;
/// Characters shown of a source.
const EXCERPT: usize = 600;
/// Letters by which a proposal may be called.
const FEWEST_LETTERS: usize = 4;

/// The proposals in a state, the surest first.
pub(crate) fn list(journal: &Journal, request: &ListProposals) -> Result<Vec<ProposalView>> {
    let now = journal.clock().now_ms();
    let wanted = request.state.unwrap_or(ProposalState::Pending);
    let most = request.limit.unwrap_or(USUAL).clamp(1, MOST) as usize;
    journal.store().read(|reader| {
        let mut all: Vec<Proposal> = keep::existing(reader)?.into_values().collect();
        all.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.key.cmp(&b.key)));
        let mut views = Vec::new();
        for proposal in all {
            if views.len() == most {
                break;
            }
            let is_wanted = request.all || state(reader, &proposal)?.0 == wanted;
            if is_wanted {
                views.push(view(reader, &proposal, now)?);
            }
        }
        Ok(views)
    })
}

/// One proposal.
pub(crate) fn show(journal: &Journal, id: &str) -> Result<ProposalView> {
    let now = journal.clock().now_ms();
    journal.store().read(|reader| view(reader, &find(reader, id)?, now))
}

/// The proposal that is called so, by enough of its letters.
pub(super) fn find(reader: &Connection, id: &str) -> Result<Proposal> {
    let id = id.trim().to_lowercase();
    let missing = || {
        let named = if id.len() > 64 { "of that name".into() } else { id.clone() };
        Error::NotFound(format!("proposal {named}"))
    };
    if id.len() < FEWEST_LETTERS || !id.chars().all(|c| c.is_ascii_hexdigit()) {
        return Err(missing());
    }
    let mut all = keep::existing(reader)?;
    all.retain(|key, _| hex::text(key).starts_with(&id));
    if all.len() > 1 {
        return Err(Error::invalid(format!(
            "several proposals begin with {id}: give more of its {ID_LETTERS} letters"
        )));
    }
    all.pop_first().map(|(_, proposal)| proposal).ok_or_else(missing)
}

/// The text that stands for a proposal's sources, if it was accepted.
pub(super) fn text_of(reader: &Connection, key: &Hash) -> Result<Option<String>> {
    Ok(reader
        .prepare_cached("SELECT summary FROM consolidated_memories WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

fn state(reader: &Connection, proposal: &Proposal) -> Result<(ProposalState, Option<i64>)> {
    let found: Option<(String, bool, i64)> = reader
        .prepare_cached(
            "SELECT decision, text IS NOT NULL, decided_at FROM proposal_decisions WHERE key = ?1",
        )?
        .query_row([proposal.key], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let is_applied = text_of(reader, &proposal.key)?.is_some();
    Ok(match found {
        None if proposal.proposed_action == "ignore" => (ProposalState::Archived, None),
        None => (ProposalState::Pending, None),
        Some((decision, _, at)) if decision == "rejected" => (ProposalState::Rejected, Some(at)),
        Some((_, true, at)) => (ProposalState::Edited, Some(at)),
        Some((_, false, at)) if is_applied => (ProposalState::Applied, Some(at)),
        Some((_, false, at)) => (ProposalState::Accepted, Some(at)),
    })
}

fn view(reader: &Connection, proposal: &Proposal, now: i64) -> Result<ProposalView> {
    let mut sources = Vec::new();
    let mut newest = None;
    for source in &proposal.sources {
        let (shown, at) = shown(reader, source)?;
        newest = newest.max(at);
        sources.push(shown);
    }
    let (review_state, decided_at) = state(reader, proposal)?;
    let text = text_of(reader, &proposal.key)?.unwrap_or_else(|| proposal.text.clone());
    Ok(ProposalView {
        id: id_of(&proposal.key),
        kind: word(&proposal.kind)?,
        proposed_action: word::<ProposedAction>(&proposal.proposed_action)?,
        review_state,
        confidence: proposal.confidence,
        freshness_state: newest.map_or(Freshness::Unknown, |at| match (now - at) / DAY {
            days if days >= ARCHIVED_DAYS => Freshness::Archived,
            days if days >= STALE_DAYS => Freshness::Stale,
            _ => Freshness::Fresh,
        }),
        reason_codes: proposal.reason_codes.clone(),
        strategy_used: proposal.strategy_used.clone(),
        text,
        sources,
        tokens_before: proposal.tokens_before,
        tokens_after: proposal.tokens_after,
        mind: proposal.mind.clone(),
        is_provisional: proposal.is_provisional,
        decided_at,
    })
}

fn word<T: serde::de::DeserializeOwned>(word: &str) -> Result<T> {
    serde_json::from_value(word.into())
        .map_err(|_| Error::invalid("a proposal is damaged: dream again to have it made anew"))
}

/// A source as it is now, and when it happened.
fn shown(reader: &Connection, source: &Source) -> Result<(ProposalSource, Option<i64>)> {
    let sql = match source.thing {
        Thing::Record => {
            "SELECT CASE r.title WHEN '' THEN coalesce((SELECT title FROM records s WHERE s.id = r.session_id), '')
               ELSE r.title END, coalesce(r.day, ''), r.body, r.hash = ?2 AND r.deleted_at IS NULL,
               coalesce(r.occurred_at, r.created_at), r.id FROM records r WHERE r.id = ?1"
        }
        Thing::Moment => {
            "SELECT title, day, summary, 1, ends_at, id FROM moments WHERE key = ?2 AND ?1 > 0"
        }
    };
    let found = reader
        .prepare_cached(sql)?
        .query_row(params![source.id, source.key], |row| {
            let body: String = row.get(2)?;
            let is_current: bool = row.get(3)?;
            let part = source.span.filter(|_| is_current).and_then(|(from, to)| body.get(from..to));
            let shown = ProposalSource {
                thing: source.thing.as_str().into(),
                id: row.get(5)?,
                title: row.get(0)?,
                day: row.get(1)?,
                text: clean::cut(&clean::visible(part.unwrap_or(&body)), EXCERPT),
                is_current,
            };
            Ok((shown, Some(row.get(4)?)))
        })
        .optional()?;
    Ok(found.unwrap_or_else(|| {
        let gone = ProposalSource {
            thing: source.thing.as_str().into(),
            id: source.id,
            title: String::new(),
            day: String::new(),
            text: String::new(),
            is_current: false,
        };
        (gone, None)
    }))
}
