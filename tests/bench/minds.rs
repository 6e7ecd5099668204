//! What a call of a model costs beside the model: from one reply to the next question, with a model that
//! replies at once. Building the prompt, looking into the cache, reading and checking the reply, and
//! the commit of answer and ledger are in it.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use rem_core::{
    Journal,
    clock::Clock,
    journal::{Cancel, Opening},
    mind::{around::Around, scripted::Scripted},
    sources,
};
use rem_tests::support::reader;

use crate::{notes, process};

const N_NOTES: usize = 600;
/// Commits of the baseline.
const N_COMMITS: u32 = 200;

/// Prints the cost of a call of our own, against one bare commit.
pub(crate) fn run(room: &Path) -> Result<()> {
    let room = room.join("minds");
    let folder = room.join("notes");
    notes::write(&folder, N_NOTES)?;
    let between: Arc<Mutex<(Option<Instant>, Vec<Duration>)>> = Arc::default();
    let seen = Arc::clone(&between);
    let model = Scripted::new(move |chat| {
        let mut seen = seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(left) = seen.0 {
            seen.1.push(left.elapsed());
        }
        let reply = reader::reply(chat).to_string();
        seen.0 = Some(Instant::now());
        Ok(Scripted::said(&reply))
    });
    #[expect(clippy::disallowed_methods, reason = "a bench runs by the wall clock")]
    let clock = Clock::from_fn(chrono::Utc::now);
    let journal = Journal::open(Opening {
        path: rem_core::journal::journal_path(&room, "personal")?,
        name: "personal".into(),
        clock,
        zone: "Europe/Berlin".into(),
        data_dir: room.clone(),
        around: Around { server: Some(Arc::new(model)), ..Around::default() },
    })?;
    let mut settings = journal.settings();
    settings.mind.min_gap_ms = 0;
    journal.change_settings(settings)?;
    let source = sources::add(&journal, &folder, false)?;
    journal.scan(source, false, &Cancel::default())?;
    let report = journal.dream(&Default::default(), &Cancel::default())?;
    let mut took =
        std::mem::take(&mut between.lock().unwrap_or_else(std::sync::PoisonError::into_inner).1);
    took.sort();
    let commit = bare_commit(&room.join("bare.db"))?;
    let millis = |took: Duration| took.as_secs_f64() * 1000.0;
    let median = took.get(took.len() / 2).copied().context("no call was made")?;
    let late = took[took.len() * 95 / 100];
    println!("\na call of a model, without the model ({} calls)", report.calls.n_calls);
    println!(
        "  ours, between two calls   median {:>6.2} ms   95 % {:>6.2} ms",
        millis(median),
        millis(late)
    );
    println!("  one bare commit           mean   {:>6.2} ms", millis(commit));
    println!("  ours against a commit     {:>13.1}", median.as_secs_f64() / commit.as_secs_f64());
    Ok(())
}

/// One row in a transaction of its own, with the same safety on the disk.
#[expect(clippy::disallowed_methods, reason = "the baseline does without our store")]
fn bare_commit(place: &Path) -> Result<Duration> {
    let db = rusqlite::Connection::open(place)?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (v TEXT)",
    )?;
    let (done, took) = process::timed(|| -> Result<()> {
        for n in 0..N_COMMITS {
            db.execute("INSERT INTO t VALUES (?1)", [n])?;
        }
        Ok(())
    });
    done?;
    Ok(took / N_COMMITS)
}
