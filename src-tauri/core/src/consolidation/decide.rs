//! What the person decides about a proposal. Each decision is one transaction under a revision of theirs;
//! deciding the same twice changes nothing.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{
    Proposal, Source, Thing, keep,
    show::{find, text_of},
};
use crate::{
    Error, Journal, Result,
    mind::budget,
    moments::history::{self, Change},
    store::{Hash, json_list},
    text::secrets,
};

/// Characters of a text that the person writes themselves.
const MOST: usize = 20_000;

/// What deciding came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decided {
    pub(crate) key: Hash,
    /// Whether it was not so before.
    pub(crate) has_changed: bool,
    /// Things that something else stands for from now on.
    pub(crate) n_folded: u32,
    /// The days whose moments are told otherwise now.
    pub(crate) days: Vec<String>,
}

/// Accepts a proposal: its text stands for its sources from now on. With `is_dry_run` only says what
/// would be.
pub(crate) fn accept(journal: &Journal, id: &str, is_dry_run: bool) -> Result<Decided> {
    if is_dry_run {
        return journal.store().read(|reader| {
            let proposal = find(reader, id)?;
            check(&proposal)?;
            let has_changed = decision(reader, &proposal.key)?.as_deref() != Some("accepted");
            let n_folded = count(folded(&proposal));
            Ok(Decided { key: proposal.key, has_changed, n_folded, days: days(reader, &proposal)? })
        });
    }
    decide(journal, id, &|tx, proposal, now| {
        check(proposal)?;
        if decision(tx, &proposal.key)?.as_deref() == Some("accepted") {
            return Ok(None);
        }
        set(tx, proposal, "accepted", None, now)?;
        apply(tx, proposal, &proposal.text, now)?;
        Ok(Some("accepted"))
    })
}

/// Accepts a proposal with a text in the person's own words.
pub(crate) fn edit(journal: &Journal, id: &str, text: &str) -> Result<Decided> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MOST {
        return Err(Error::invalid(format!(
            "a text that stands for others has 1 to {MOST} characters: give it, or reject the proposal"
        )));
    }
    let text = secrets::scrub(text).text;
    decide(journal, id, &|tx, proposal, now| {
        check(proposal)?;
        let is_same = decision(tx, &proposal.key)?.as_deref() == Some("accepted")
            && text_of(tx, &proposal.key)?.as_deref() == Some(&text);
        if is_same {
            return Ok(None);
        }
        set(tx, proposal, "accepted", Some(&text), now)?;
        apply(tx, proposal, &text, now)?;
        Ok(Some("edited"))
    })
}

/// Refuses a proposal, for good: it is not made again.
pub(crate) fn reject(journal: &Journal, id: &str) -> Result<Decided> {
    decide(journal, id, &|tx, proposal, now| {
        if decision(tx, &proposal.key)?.as_deref() == Some("rejected") {
            return Ok(None);
        }
        withdraw(tx, &proposal.key)?;
        set(tx, proposal, "rejected", None, now)?;
        Ok(Some("rejected"))
    })
}

/// Takes a decision back: the proposal waits again, and nothing stands for its sources.
pub(crate) fn reopen(journal: &Journal, id: &str) -> Result<Decided> {
    decide(journal, id, &|tx, proposal, _| {
        let was = decision(tx, &proposal.key)?.is_some();
        withdraw(tx, &proposal.key)?;
        Ok(was.then_some("reopened"))
    })
}

/// What a decision does; the name of what it did, if it did anything.
type Deciding<'a> = dyn Fn(&Transaction<'_>, &Proposal, i64) -> Result<Option<&'static str>> + 'a;

fn decide(journal: &Journal, id: &str, work: &Deciding<'_>) -> Result<Decided> {
    let now = journal.clock().now_ms();
    journal.store().write(|tx| {
        let proposal = find(tx, id)?;
        let done = work(tx, &proposal, now)?;
        if let Some(done) = done {
            let revision_id = history::begin(tx, None, &format!("you {done} a proposal"), now)?;
            let id = keep::number(&proposal.key);
            let change = Change { revision_id, op: "changed", thing: "proposal", id };
            history::mark(tx, &change)?;
        }
        let is_applied = matches!(done, Some("accepted" | "edited"));
        Ok(Decided {
            key: proposal.key,
            has_changed: done.is_some(),
            n_folded: if is_applied { count(folded(&proposal)) } else { 0 },
            days: if done.is_some() { days(tx, &proposal)? } else { Vec::new() },
        })
    })
}

fn check(proposal: &Proposal) -> Result<()> {
    if proposal.proposed_action == "ignore" {
        return Err(Error::invalid("this proposal says that nothing is to be done: reject it"));
    }
    Ok(())
}

/// "accepted" or "rejected", if it was decided.
fn decision(reader: &Connection, key: &Hash) -> Result<Option<String>> {
    Ok(reader
        .prepare_cached("SELECT decision FROM proposal_decisions WHERE key = ?1")?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

fn set(
    tx: &Transaction<'_>,
    proposal: &Proposal,
    decision: &str,
    text: Option<&str>,
    now: i64,
) -> Result<()> {
    let mut keys: Vec<Hash> = proposal.sources.iter().map(|source| source.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let keys: Vec<u8> = keys.iter().flat_map(|key| key.0).collect();
    tx.prepare_cached(
        "INSERT INTO proposal_decisions (key, kind, decision, source_keys, text, decided_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (key) DO UPDATE SET decision = excluded.decision, text = excluded.text,
           source_keys = excluded.source_keys, decided_at = excluded.decided_at",
    )?
    .execute(params![proposal.key, proposal.kind, decision, keys, text, now])?;
    Ok(())
}

/// Lets a text stand for the sources.
fn apply(tx: &Transaction<'_>, proposal: &Proposal, text: &str, now: i64) -> Result<()> {
    clear(tx, &proposal.key)?;
    let ids: Vec<String> = proposal
        .sources
        .iter()
        .map(|source| format!("{}:{}", source.thing.as_str(), source.id))
        .collect();
    tx.prepare_cached(
        "INSERT INTO consolidated_memories (key, proposed_action, source_ids, summary,
           strategy_used, tokens_before, tokens_after, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?
    .execute(params![
        proposal.key,
        proposal.proposed_action,
        json_list(&ids),
        text,
        proposal.strategy_used,
        proposal.tokens_before,
        budget::tokens(text),
        now
    ])?;
    let folded: BTreeSet<Hash> = folded(proposal).map(|source| source.key).collect();
    let mut insert = tx.prepare_cached(
        "INSERT INTO consolidated_sources (thing, key, memory_key, is_folded) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
    )?;
    for Source { thing, key, .. } in &proposal.sources {
        insert.execute(params![thing.as_str(), key, proposal.key, folded.contains(key)])?;
    }
    let mut insert =
        tx.prepare_cached("INSERT INTO decided_records (record_id, proposal_key) VALUES (?1, ?2)")?;
    for id in &proposal.record_ids {
        insert.execute(params![id, proposal.key])?;
    }
    Ok(())
}

/// The sources for which another one stands: of a merger all but the first, of what is folded away that
/// itself, of a contradiction none, because notes say more than the sentence in question.
fn folded(proposal: &Proposal) -> impl Iterator<Item = &Source> {
    let first = match proposal.proposed_action.as_str() {
        "merge" => 1,
        "demote" => 0,
        _ => proposal.sources.len(),
    };
    let stands = proposal.sources.first().map(|source| source.key);
    proposal
        .sources
        .iter()
        .skip(first)
        // Of copies to the letter each is the first.
        .filter(move |source| first == 0 || Some(source.key) != stands)
}

fn clear(tx: &Transaction<'_>, key: &Hash) -> Result<()> {
    for table in ["consolidated_memories WHERE key", "decided_records WHERE proposal_key"] {
        tx.prepare_cached(&format!("DELETE FROM {table} = ?1"))?.execute([key])?;
    }
    Ok(())
}

fn withdraw(tx: &Transaction<'_>, key: &Hash) -> Result<()> {
    clear(tx, key)?;
    tx.prepare_cached("DELETE FROM proposal_decisions WHERE key = ?1")?.execute([key])?;
    Ok(())
}

/// The days of its moments.
fn days(reader: &Connection, proposal: &Proposal) -> Result<Vec<String>> {
    let mut find = reader.prepare_cached("SELECT day FROM moments WHERE key = ?1")?;
    let mut days = BTreeSet::new();
    for source in proposal.sources.iter().filter(|source| source.thing == Thing::Moment) {
        let day: Option<String> = find.query_row([source.key], |row| row.get(0)).optional()?;
        days.extend(day);
    }
    Ok(days.into_iter().collect())
}

fn count<'a>(sources: impl Iterator<Item = &'a Source>) -> u32 {
    u32::try_from(sources.count()).unwrap_or(u32::MAX)
}
