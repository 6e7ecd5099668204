//! Statements that cannot both be true.

use std::ops::Range;

use rusqlite::Connection;

use crate::{
    Result,
    consolidation::{self, Proposal, Signatures, Thing, Unit},
    journal::Cancel,
    store::Hash,
    text::{
        clean, secrets,
        statements::{self, Conflict, Statement},
    },
};

/// Earlier statements of the same subject that one is held against.
const MOST_BACK: usize = 20;

/// Two statements, the earlier first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Clash {
    pub(super) key: Hash,
    pub(super) sides: [Side; 2],
    pub(super) reasons: Vec<&'static str>,
    /// Whether the later one says that something has changed.
    pub(super) has_cue: bool,
    pub(super) confidence: f64,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Side {
    pub(super) unit: usize,
    pub(super) span: Range<usize>,
    /// Its words, without secrets.
    pub(super) text: String,
}

/// Finds what contradicts what was said before of the same subject, the surest first. Each statement is
/// held against the latest ones before it, so that the work grows with their number.
pub(super) fn find(
    reader: &Connection,
    units: &[Unit],
    signatures: &Signatures,
    cancel: &Cancel,
) -> Result<Vec<Clash>> {
    let mut all: Vec<(u64, i64, usize, &Statement)> = Vec::new();
    let is_stated = |unit: &Unit| unit.thing == Thing::Record && unit.is_old;
    for (n, unit) in units.iter().enumerate().filter(|(_, unit)| is_stated(unit)) {
        for statement in signatures.of(unit).iter().flat_map(|signature| &signature.statements) {
            // Who speaks of themselves is a subject of their own.
            let whose = if statement.is_own { unit.author.rotate_left(17) } else { 0 };
            all.push((statement.key ^ whose, unit.at, n, statement));
        }
    }
    all.sort_by_key(|(key, at, n, statement)| (*key, *at, units[*n].id, statement.span.start));
    let mut clashes = Vec::new();
    for of_one in all.chunk_by(|a, b| a.0 == b.0) {
        cancel.check()?;
        let mut is_past = vec![false; of_one.len()];
        for later in (0..of_one.len()).rev().filter(|_| of_one.len() > 1) {
            if is_past[later] {
                continue;
            }
            let (_, _, unit, statement) = of_one[later];
            let first = later.saturating_sub(MOST_BACK);
            let before = (first..later).rev().find_map(|n| {
                let (_, _, other, earlier) = of_one[n];
                if units[other].text_hash == units[unit].text_hash {
                    return None;
                }
                Some((n, statements::conflict(earlier, statement)?))
            });
            let Some((n, conflict)) = before else { continue };
            is_past[n] = true;
            let (_, _, other, earlier) = of_one[n];
            let side = |unit: usize, statement: &Statement| -> Result<Option<Side>> {
                let body = consolidation::body(reader, &units[unit])?;
                Ok(body.get(statement.span.clone()).map(|text| Side {
                    unit,
                    span: statement.span.clone(),
                    text: secrets::scrub(&clean::visible(text)).text,
                }))
            };
            if let (Some(a), Some(b)) = (side(other, earlier)?, side(unit, statement)?) {
                clashes.push(clash([a, b], conflict, statement.has_cue));
            }
        }
    }
    clashes.sort_by(|a, b| b.confidence.total_cmp(&a.confidence).then(a.key.cmp(&b.key)));
    clashes.dedup_by_key(|clash| clash.key);
    Ok(clashes)
}

fn clash(sides: [Side; 2], conflict: Conflict, has_cue: bool) -> Clash {
    let keys = sides.each_ref().map(|side| Hash::of(side.text.as_bytes()));
    let mut reasons = vec![conflict.reason()];
    if has_cue {
        reasons.push("cue");
    }
    let confidence = match (conflict, has_cue) {
        (Conflict::Negation, true) => 0.9,
        (Conflict::Negation, false) => 0.6,
        _ => 0.8,
    };
    Clash { key: Proposal::key_of("conflict", &keys), sides, reasons, has_cue, confidence }
}
