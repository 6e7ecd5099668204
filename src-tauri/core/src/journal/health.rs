//! Numbers about a journal, and its examination.

use rusqlite::{Connection, OptionalExtension};

use super::{Cancel, Journal, status};
use crate::{
    Result,
    api::health::{Finding, Metric, MetricKind, Sample, Verdict},
    dream,
    mind::{choose::Minds, ledger},
    store::SCHEMA_VERSION,
};

const MINUTE: i64 = 60_000;

/// See [`crate::api::health::show_metrics`].
pub(crate) fn metrics(journal: &Journal) -> Result<Vec<Metric>> {
    let status = status(journal)?;
    let mut all = journal.store().read(|reader| {
        let mut all = dream::metrics(reader, journal.name())?;
        all.extend(ledger::metrics(reader)?);
        let mut find = reader.prepare("SELECT kind, state, count(*) FROM jobs GROUP BY 1, 2")?;
        let jobs = find
            .query_map([], |row| {
                let (kind, state): (String, String) = (row.get(0)?, row.get(1)?);
                Ok(Sample::new(&[("kind", &kind), ("state", &state)], row.get(2)?))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        all.push(Metric::new(MetricKind::Gauge, "rem_jobs", "Work in the queue.", jobs));
        Ok(all)
    })?;
    let gauge = |name: &str, help: &str, value: f64| {
        Metric::new(MetricKind::Gauge, name, help, [Sample::new(&[], value)])
    };
    all.extend([
        gauge("rem_journal_bytes", "Size of the journal's file.", status.size as f64),
        gauge("rem_notes", "Notes and documents.", status.n_notes.into()),
        gauge("rem_sessions", "Conversations.", status.n_sessions.into()),
        gauge("rem_messages", "Messages in them.", status.n_messages.into()),
        gauge("rem_moments", "Moments that are not hidden.", status.n_moments.into()),
        gauge("rem_days_waiting", "Days that wait for a dream.", status.n_days_waiting.into()),
    ]);
    if let Some(at) = status.last_dream_at {
        let help = "When the last whole dream ended, in Unix seconds.";
        all.push(gauge("rem_last_dream_timestamp_seconds", help, at as f64 / 1_000.0));
    }
    Ok(all)
}

/// See [`crate::api::health::examine`].
pub(crate) fn examine(journal: &Journal) -> Result<Vec<Finding>> {
    let mut found = journal.store().read(|reader| {
        Ok(vec![
            file(reader)?,
            references(reader)?,
            full_text(reader)?,
            schema(reader)?,
            lock(reader, journal)?,
            clock(reader, journal)?,
            jobs(reader)?,
            sources(reader)?,
        ])
    })?;
    found.push(private(journal));
    found.push(schedule(journal)?);
    found.push(mind(journal)?);
    Ok(found)
}

fn good(name: &str, says: impl Into<String>) -> Finding {
    finding(name, Verdict::Good, says, "")
}

fn finding(name: &str, verdict: Verdict, says: impl Into<String>, advice: &str) -> Finding {
    Finding { name: name.into(), verdict, says: says.into(), advice: advice.into() }
}

fn file(reader: &Connection) -> Result<Finding> {
    let said: Vec<String> = reader
        .prepare("PRAGMA integrity_check(3)")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(if said == ["ok"] {
        good("file", "the journal's file is whole")
    } else {
        let says = format!("the journal's file is damaged: {}", said.join("; "));
        finding("file", Verdict::Problem, says, "copy the file away, and restore your last backup")
    })
}

fn references(reader: &Connection) -> Result<Finding> {
    let n: i64 =
        reader.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))?;
    Ok(if n == 0 {
        good("references", "every row names only rows that are there")
    } else {
        let says = format!("{n} rows name rows that are gone");
        finding(
            "references",
            Verdict::Problem,
            says,
            "please report this with the log: it is a fault",
        )
    })
}

fn full_text(reader: &Connection) -> Result<Finding> {
    let count = |sql: &str| reader.query_row(sql, [], |row| row.get::<_, i64>(0));
    let there = count("SELECT count(*) FROM moments")?;
    let indexed = count("SELECT count(*) FROM moments_fts_docsize")?;
    let hidden = count("SELECT count(*) FROM moments WHERE is_hidden = 1")?;
    Ok(if (there - hidden..=there).contains(&indexed) {
        good("search", format!("{indexed} moments can be found by their words"))
    } else {
        let says = format!("of {there} moments {indexed} can be found by their words");
        finding("search", Verdict::Problem, says, "please report this with the log: it is a fault")
    })
}

fn schema(reader: &Connection) -> Result<Finding> {
    let version: i64 = reader.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    Ok(good(
        "schema",
        format!("version {version}, the newest this program knows is {SCHEMA_VERSION}"),
    ))
}

fn lock(reader: &Connection, journal: &Journal) -> Result<Finding> {
    let now = journal.clock().now_ms();
    let held: Option<(String, i64)> = reader
        .query_row("SELECT owner, expires_at FROM locks WHERE name = 'dream'", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(match held {
        None => good("lock", "nobody dreams just now"),
        Some((owner, expires)) if expires > now => good("lock", format!("{owner} dreams just now")),
        Some((owner, expires)) => {
            let minutes = (now - expires) / MINUTE;
            let says = format!("{owner} began a dream and has given no sign for {minutes} minutes");
            finding("lock", Verdict::Notice, says, "the next dream takes it over by itself")
        }
    })
}

fn clock(reader: &Connection, journal: &Journal) -> Result<Finding> {
    let now = journal.clock().now_ms();
    let latest: Option<i64> =
        reader.query_row("SELECT max(started_at) FROM dreams", [], |row| row.get(0))?;
    Ok(match latest {
        Some(latest) if latest > now + MINUTE => finding(
            "clock",
            Verdict::Notice,
            "the clock shows a time before the last dream: it was set back",
            "look whether date and time of this machine are right",
        ),
        _ => good("clock", "later than every dream"),
    })
}

fn jobs(reader: &Connection) -> Result<Finding> {
    let count = |state: &str| {
        reader.query_row("SELECT count(*) FROM jobs WHERE state = ?1", [state], |row| {
            row.get::<_, i64>(0)
        })
    };
    let (waiting, dead) = (count("queued")?, count("dead")?);
    Ok(if dead == 0 {
        good("jobs", format!("{waiting} wait, none has failed for good"))
    } else {
        let says = format!("{dead} have failed for good, {waiting} wait");
        finding("jobs", Verdict::Problem, says, "see `rem jobs list`, then retry or discard them")
    })
}

fn sources(reader: &Connection) -> Result<Finding> {
    let (n, missing): (i64, i64) = reader.query_row(
        "SELECT count(*), count(*) FILTER (WHERE state = 'missing') FROM sources WHERE kind <> 'capture'",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(match (n, missing) {
        (0, _) => finding(
            "sources",
            Verdict::Notice,
            "no folder is followed",
            "add one: rem sources add FOLDER",
        ),
        (n, 0) => good(
            "sources",
            if n == 1 {
                "the one there is is where it was".into()
            } else {
                format!("all {n} are where they were")
            },
        ),
        (n, missing) => {
            let says = format!("{missing} of {n} are not where they were");
            finding(
                "sources",
                Verdict::Notice,
                says,
                "see `rem sources`; what was read of them is kept",
            )
        }
    })
}

#[cfg(unix)]
fn private(journal: &Journal) -> Finding {
    use std::os::unix::fs::PermissionsExt as _;
    match std::fs::metadata(journal.path()) {
        Ok(file) if file.permissions().mode() & 0o077 == 0 => {
            good("private", "only you can read the journal's file")
        }
        Ok(_) => finding(
            "private",
            Verdict::Problem,
            "others on this machine can read the journal's file",
            "take their right away: chmod 600",
        ),
        Err(error) => {
            finding("private", Verdict::Problem, error.to_string(), "look at the folder's rights")
        }
    }
}

#[cfg(not(unix))]
fn private(_: &Journal) -> Finding {
    good("private", "the journal's file has the rights of your own folder")
}

fn schedule(journal: &Journal) -> Result<Finding> {
    let (settings, status) = (journal.settings(), status(journal)?);
    Ok(if settings.is_paused {
        finding(
            "schedule",
            Verdict::Notice,
            "dreaming is paused",
            "go on with: rem schedule resume",
        )
    } else {
        let waiting = status.n_days_waiting;
        good(
            "schedule",
            format!("the night begins at {}; {waiting} days wait for it", settings.dream_at),
        )
    })
}

fn mind(journal: &Journal) -> Result<Finding> {
    let minds = Minds::open(journal, None, &Cancel::default())?;
    Ok(match (&minds.fast, &minds.reason) {
        (Some(model), _) => good("mind", format!("{} can be asked", model.card().name)),
        (None, _) if minds.is_off => good("mind", "the built-in analyser, as you set it"),
        (None, reason) => finding(
            "mind",
            Verdict::Notice,
            format!("the built-in analyser: {}", reason.as_deref().unwrap_or("there is no model")),
            "see `rem models`",
        ),
    })
}
