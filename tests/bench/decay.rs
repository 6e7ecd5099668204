//! Decay against one bare update of a narrow table, in turns, in the same run, at three sizes.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use chrono::DateTime;
use rem_core::{
    Journal,
    api::decay::DecayRequest,
    clock::Clock,
    journal::{Cancel, Opening, journal_path},
    mind::around::Around,
};
use rusqlite::{Connection, params};

use crate::{median, middle, millis, process::timed};

/// Notes; the last is the size that the ratio is wanted for.
const SIZES: [i64; 3] = [10_000, 31_623, 100_000];
const N_ROUNDS: usize = 9;
const DAY: i64 = 86_400_000;
const BEGAN: i64 = 1_790_000_000_000;

pub(crate) fn run(room: &Path) -> Result<()> {
    println!("\ndecay (wall, median of {N_ROUNDS} nights)");
    println!(
        "  {:>9}{:>14}{:>14}{:>9}{:>16}{:>18}",
        "notes", "bare ms", "decay ms", "ratio", "again ms", "µs for a note"
    );
    for n in SIZES {
        measure(&room.join(format!("decay-{n}")), n)?;
    }
    Ok(())
}

fn measure(room: &Path, n: i64) -> Result<()> {
    let now = Arc::new(AtomicI64::new(BEGAN));
    let clock = {
        let now = Arc::clone(&now);
        Clock::from_fn(move || {
            DateTime::from_timestamp_millis(now.load(Ordering::SeqCst)).unwrap_or_default()
        })
    };
    let path = journal_path(room, "personal")?;
    let journal = Journal::open(Opening {
        path: path.clone(),
        name: "personal".into(),
        clock,
        zone: "Europe/Berlin".into(),
        data_dir: room.to_path_buf(),
        around: Around::default(),
    })?;
    fill(&open(&path)?, n)?;
    let bare = bare(&room.join("bare.db"), n)?;
    let (mut bare_took, mut ours_took, mut again_took) = (Vec::new(), Vec::new(), Vec::new());
    let mut ratios = Vec::new();
    for _ in 0..N_ROUNDS {
        now.fetch_add(DAY, Ordering::SeqCst);
        let (updated, one) =
            timed(|| bare.execute("UPDATE narrow SET strength = strength * 0.999", []));
        ensure!(updated? as i64 == n, "the bare update leaves rows out");
        let fade = || journal.dream_decay(DecayRequest::default(), &Cancel::default());
        let (report, ours) = timed(fade);
        ensure!(i64::from(report?.n_faded) == n, "not everything faded");
        let (again, second) = timed(fade);
        ensure!(again?.dream_id.is_none(), "a second run wrote something");
        ratios.push(ours.as_secs_f64() / one.as_secs_f64());
        bare_took.push(one);
        ours_took.push(ours);
        again_took.push(second);
    }
    let ours: Duration = median(&mut ours_took);
    println!(
        "  {n:>9}{:>14.1}{:>14.1}{:>9.2}{:>16.1}{:>18.2}",
        millis(median(&mut bare_took)),
        millis(ours),
        middle(&mut ratios),
        millis(median(&mut again_took)),
        ours.as_secs_f64() * 1e6 / n as f64,
    );
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a bench fills a journal from outside")]
fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path).context("opening the bench's database")?;
    // As the journal's writer has them.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON;
         PRAGMA cache_size = -32768;",
    )?;
    Ok(connection)
}

/// Notes as they would have come in, one after the other over three years.
fn fill(file: &Connection, n: i64) -> Result<()> {
    let tx = file.unchecked_transaction()?;
    tx.execute(
        "INSERT INTO sources (id, kind, path, label, created_at) VALUES (1, 'folder', 'x', 'x', 0)",
        [],
    )?;
    {
        let mut insert = tx.prepare(
            "INSERT INTO records (kind, source_id, key, body, hash, created_at, updated_at)
             VALUES ('resource', 1, ?1, ?2, ?1, ?3, ?3)",
        )?;
        let body = "mended the bellows and swept the yard ".repeat(20);
        for number in 0..n {
            let at = BEGAN - 1_095 * DAY * (n - number) / n;
            insert.execute(params![number.to_le_bytes(), body, at])?;
        }
    }
    tx.commit()?;
    Ok(())
}

fn bare(path: &Path, n: i64) -> Result<Connection> {
    let file = open(path)?;
    file.execute_batch(
        "CREATE TABLE narrow (id INTEGER PRIMARY KEY, importance REAL, since_at INTEGER,
           visited_at INTEGER, n_visits INTEGER, is_pinned INTEGER, strength REAL) STRICT;",
    )?;
    file.execute(
        "WITH RECURSIVE each (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM each WHERE id < ?1)
         INSERT INTO narrow SELECT id, 1.0, ?2 + id, ?2 + id, 0, 0, 1.0 FROM each",
        params![n, BEGAN],
    )?;
    Ok(file)
}
