//! Proposals and decisions in the journal's file.

use std::collections::BTreeMap;

use rusqlite::{Connection, params};

use super::{Proposal, Source};
use crate::{
    Result,
    mind::builtin,
    moments::{
        history::{self, Change},
        write::Writing,
    },
    store::{Hash, json_list},
};

/// What the person said to a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) kind: String,
    pub(crate) is_accepted: bool,
    /// What it was about, sorted.
    pub(crate) source_keys: Vec<Hash>,
}

/// All decisions, by the proposals' keys.
pub(crate) fn decisions(reader: &Connection) -> Result<BTreeMap<Hash, Decision>> {
    let mut find =
        reader.prepare("SELECT key, kind, decision, source_keys FROM proposal_decisions")?;
    let rows = find.query_map([], |row| {
        let bytes: Vec<u8> = row.get(3)?;
        let keys = bytes.chunks_exact(32).map(|key| {
            let mut hash = [0; 32];
            hash.copy_from_slice(key);
            Hash(hash)
        });
        let decision = Decision {
            kind: row.get(1)?,
            is_accepted: row.get::<_, String>(2)? == "accepted",
            source_keys: keys.collect(),
        };
        Ok((row.get(0)?, decision))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// All proposals, by their keys.
pub(crate) fn existing(reader: &Connection) -> Result<BTreeMap<Hash, Proposal>> {
    let mut find = reader.prepare(
        "SELECT key, kind, proposed_action, confidence, reason_codes, strategy_used, sources, text,
           tokens_before, tokens_after, language, mind, is_provisional FROM proposals ORDER BY key",
    )?;
    let mut records = reader.prepare(
        "SELECT record_id FROM proposal_records WHERE proposal_key = ?1 ORDER BY record_id",
    )?;
    let mut all = BTreeMap::new();
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        let key: Hash = row.get(0)?;
        let list = |n: usize| -> rusqlite::Result<String> { row.get(n) };
        let sources: Vec<Source> = serde_json::from_str(&list(6)?).unwrap_or_default();
        let proposal = Proposal {
            key,
            kind: row.get(1)?,
            proposed_action: row.get(2)?,
            confidence: row.get(3)?,
            reason_codes: serde_json::from_str(&list(4)?).unwrap_or_default(),
            strategy_used: row.get(5)?,
            sources,
            record_ids: records
                .query_map([key], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?,
            text: row.get(7)?,
            tokens_before: row.get(8)?,
            tokens_after: row.get(9)?,
            language: row.get(10)?,
            mind: row.get(11)?,
            is_provisional: row.get(12)?,
        };
        all.insert(key, proposal);
    }
    Ok(all)
}

/// Makes the proposals of the journal those that are wanted, and leaves alone what is the same.
pub(crate) fn save(
    writing: &Writing<'_>,
    wanted: &[Proposal],
    existing: &BTreeMap<Hash, Proposal>,
) -> Result<()> {
    let tx = writing.tx;
    let mark = |op: &str, key: &Hash| {
        let change =
            Change { revision_id: writing.revision_id, op, thing: "proposal", id: number(key) };
        history::mark(tx, &change)
    };
    for key in existing.keys().filter(|key| !wanted.iter().any(|one| one.key == **key)) {
        tx.prepare_cached("DELETE FROM proposals WHERE key = ?1")?.execute([key])?;
        mark("removed", key)?;
    }
    for proposal in wanted {
        let before = existing.get(&proposal.key);
        if before == Some(proposal) {
            continue;
        }
        tx.prepare_cached(
            "INSERT INTO proposals (key, kind, proposed_action, confidence, reason_codes,
               strategy_used, sources, text, tokens_before, tokens_after, language, mind,
               is_provisional, revision_id, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?15)
             ON CONFLICT (key) DO UPDATE SET kind = excluded.kind,
               proposed_action = excluded.proposed_action, confidence = excluded.confidence,
               reason_codes = excluded.reason_codes, strategy_used = excluded.strategy_used,
               sources = excluded.sources, text = excluded.text,
               tokens_before = excluded.tokens_before, tokens_after = excluded.tokens_after,
               language = excluded.language, mind = excluded.mind,
               is_provisional = excluded.is_provisional, revision_id = excluded.revision_id,
               updated_at = excluded.updated_at",
        )?
        .execute(params![
            proposal.key,
            proposal.kind,
            proposal.proposed_action,
            proposal.confidence,
            json_list(&proposal.reason_codes),
            proposal.strategy_used,
            json_list(&proposal.sources),
            proposal.text,
            proposal.tokens_before,
            proposal.tokens_after,
            proposal.language,
            proposal.mind,
            proposal.is_provisional,
            writing.revision_id,
            writing.now,
        ])?;
        if before.is_none_or(|before| before.record_ids != proposal.record_ids) {
            tx.prepare_cached("DELETE FROM proposal_records WHERE proposal_key = ?1")?
                .execute([proposal.key])?;
            let mut insert = tx.prepare_cached(
                "INSERT INTO proposal_records (record_id, proposal_key) VALUES (?1, ?2)",
            )?;
            for id in &proposal.record_ids {
                insert.execute(params![id, proposal.key])?;
            }
        }
        mark(if before.is_none() { "added" } else { "changed" }, &proposal.key)?;
    }
    Ok(())
}

/// A proposal as the list of changes names it, where numbers name things.
pub(super) fn number(key: &Hash) -> i64 {
    key.0.iter().take(6).fold(0, |all, byte| all << 8 | i64::from(*byte))
}

impl Proposal {
    /// Whether a model made it to the end.
    pub(crate) fn is_by_model(&self) -> bool {
        self.mind != builtin::NAME && !self.is_provisional
    }
}
