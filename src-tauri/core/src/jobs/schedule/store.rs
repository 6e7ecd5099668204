//! The state of the schedules in the journal's file.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use rusqlite::{Connection, Transaction, params};

use super::{ALL, Due, KINDS, Name, State};
use crate::{
    Result,
    jobs::{New, Priority, add},
    settings::{ServerKind, Settings},
};

const FORM: &str = "%Y-%m-%dT%H:%M:%S";

/// Reads all that decides what is due, but whether a dream runs in this process.
pub(crate) fn load(reader: &Connection, settings: &Settings, now: i64) -> Result<State> {
    let (slots, queued_at) = slots(reader)?;
    let mut find = reader.prepare_cached(
        "SELECT DISTINCT kind FROM jobs WHERE state IN ('queued', 'running')
         AND kind IN (SELECT value FROM json_each(?1))",
    )?;
    let kinds = serde_json::to_string(KINDS).unwrap_or_else(|_| "[]".into());
    let queued: Vec<String> =
        find.query_map([kinds], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let last_dream_at: Option<i64> = reader
        .prepare_cached(
            "SELECT max(finished_at) FROM dreams WHERE state = 'done' AND is_whole = 1",
        )?
        .query_row([], |row| row.get(0))?;
    let count = |sql: &str| -> Result<u32> {
        Ok(reader.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    };
    let n_new_records = match settings.schedule.threshold_items {
        0 => 0,
        most => reader
            .prepare_cached(
                "SELECT count(*) FROM (SELECT 1 FROM records
                 WHERE updated_at > ?1 AND kind <> 'session' AND deleted_at IS NULL LIMIT ?2)",
            )?
            .query_row(params![last_dream_at.unwrap_or_default(), most], |row| row.get(0))?,
    };
    let is_dreaming = reader
        .prepare_cached("SELECT 1 FROM locks WHERE name = 'dream' AND expires_at > ?1")?
        .exists([now])?;
    Ok(State {
        slots,
        queued_at,
        queued: ALL
            .iter()
            .copied()
            .filter(|name| queued.iter().any(|k| k == name.as_str()))
            .collect(),
        last_dream_at,
        n_days_waiting: count(
            "SELECT count(*) FROM jobs WHERE kind = 'dream' AND state = 'queued'",
        )?,
        n_days_provisional: if settings.mind.server == ServerKind::Off {
            0
        } else {
            count("SELECT count(*) FROM periods WHERE kind = 'day' AND is_provisional = 1")?
        },
        n_new_records,
        is_dreaming,
    })
}

/// The last slot of each schedule that had its turn, and when each last gave work.
pub(crate) fn slots(
    reader: &Connection,
) -> Result<(BTreeMap<Name, NaiveDateTime>, BTreeMap<Name, i64>)> {
    let (mut slots, mut queued_at) = (BTreeMap::new(), BTreeMap::new());
    let mut find = reader.prepare_cached("SELECT name, slot, queued_at FROM schedule_runs")?;
    let mut rows = find.query([])?;
    while let Some(row) = rows.next()? {
        // A schedule of another version of the program is let lie.
        let Ok(name) = Name::parse(&row.get::<_, String>(0)?) else { continue };
        let slot: Option<String> = row.get(1)?;
        if let Some(slot) = slot.and_then(|slot| NaiveDateTime::parse_from_str(&slot, FORM).ok()) {
            slots.insert(name, slot);
        }
        if let Some(at) = row.get(2)? {
            queued_at.insert(name, at);
        }
    }
    Ok((slots, queued_at))
}

/// Writes down that slots have had their turn.
pub(crate) fn save(tx: &Transaction<'_>, passed: &BTreeMap<Name, NaiveDateTime>) -> Result<()> {
    for (name, slot) in passed {
        turn(tx, *name, Some(*slot), None)?;
    }
    Ok(())
}

/// Gives the work of something that is due to the queue, and its slot its turn: both, or neither.
pub(crate) fn queue(tx: &Transaction<'_>, due: &Due, now: i64) -> Result<i64> {
    turn(tx, due.name, due.slot, Some(now))?;
    let slot = due.slot.map(|slot| slot.format(FORM).to_string());
    let priority = match due.name {
        Name::Question => Priority::High,
        Name::Decay | Name::Light => Priority::Low,
        _ => Priority::Normal,
    };
    let job = New {
        kind: due.name.as_str(),
        key: due.name.as_str(),
        payload: serde_json::json!({ "version": 1, "slot": slot }),
        priority,
        run_after: now,
    };
    add(tx, &job, now)
}

fn turn(
    tx: &Transaction<'_>,
    name: Name,
    slot: Option<NaiveDateTime>,
    queued_at: Option<i64>,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO schedule_runs (name, slot, queued_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (name) DO UPDATE SET slot = coalesce(excluded.slot, slot),
           queued_at = coalesce(excluded.queued_at, queued_at)",
    )?
    .execute(params![
        name.as_str(),
        slot.map(|slot| slot.format(FORM).to_string()),
        queued_at
    ])?;
    Ok(())
}
