//! `cargo xtask bench`: how fast the journal is, as ratios against a bare program that does the same
//! reading, hashing and indexing, in the same run. Figures are printed, never asserted: machines differ.
//!
//! Bare and ours alternate, so that a machine that slows down slows both. The import is the real
//! command, `rem import`, as a process of its own, so that its memory is what a person would see.

mod affinity;
mod bare;
mod consolidate;
mod decay;
mod minds;
mod night;
mod notes;
mod process;
mod recall;
mod search;
mod vectors;

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result};
use rem_core::{
    Journal,
    api::{affinity as relating, days, search as asking},
    clock::Clock,
    journal::{Cancel, Opening},
    mind::around::Around,
};

/// Notes in the folder, of about 1.3 KB each.
const N_NOTES: usize = 10_000;
const N_ROUNDS: usize = 5;
const N_QUERIES: usize = 50;

fn main() -> Result<()> {
    let room = tempfile::tempdir().context("making room for the bench")?;
    // Cargo adds a flag of its own.
    let mut words = std::env::args().skip(1).filter(|word| !word.starts_with("--"));
    let part = words.next();
    match part.as_deref() {
        Some("recall") => return recall::run(room.path(), words.next().map(Into::into)),
        Some("search") => return search::run(room.path(), words.next().as_deref()),
        Some("affinity") => return affinity::run(room.path()),
        Some("night") => return night::run(room.path()),
        Some("years") => return night::years(room.path()),
        Some("vectors") => return vectors::run(room.path()),
        Some("consolidate") => return consolidate::run(room.path()),
        Some("decay") => return decay::run(room.path()),
        Some("minds") => return minds::run(room.path()),
        Some(other) => {
            anyhow::bail!(
                "there is no part “{other}” of the bench: affinity, consolidate, decay, minds, \
                 night, recall, search, vectors, years"
            )
        }
        None => {}
    }
    let folder = room.path().join("notes");
    let n_bytes = notes::write(&folder, N_NOTES)?;
    println!("{N_NOTES} notes, {:.1} MB, {N_ROUNDS} rounds", mega(n_bytes));
    import(room.path(), &folder)?;
    ask(room.path(), &folder)?;
    minds::run(room.path())?;
    decay::run(room.path())?;
    consolidate::run(room.path())?;
    affinity::run(room.path())?;
    night::run(room.path())?;
    vectors::run(room.path())?;
    night::years(room.path())
}

fn import(room: &Path, folder: &Path) -> Result<()> {
    let rem = process::rem()?;
    let (mut bare, mut first, mut second) = (Vec::new(), Vec::new(), Vec::new());
    let (mut first_ratio, mut second_ratio) = (Vec::new(), Vec::new());
    let mut memory = 0;
    for round in 0..N_ROUNDS {
        let place = room.join(format!("bare-{round}.db"));
        let bare_took = bare::index(folder, &place)?;
        let data = room.join(format!("data-{round}"));
        let ours = process::run(&rem, &data, folder)?;
        let again = process::run(&rem, &data, folder)?;
        memory = memory.max(ours.peak_memory);
        first_ratio.push(bare_took.as_secs_f64() / ours.took.as_secs_f64());
        second_ratio.push(again.took.as_secs_f64() / ours.took.as_secs_f64());
        bare.push(bare_took);
        first.push(ours.took);
        second.push(again.took);
        if round + 1 < N_ROUNDS {
            fs::remove_dir_all(&data).context("clearing a round away")?;
        }
    }
    let rate = |took: &mut Vec<Duration>| N_NOTES as f64 / median(took).as_secs_f64();
    println!("\nimport (wall, median of {N_ROUNDS})");
    println!("  bare walk + read + hash + SQLite + FTS5   {:>8.0} notes/s", rate(&mut bare));
    println!("  rem import, first                         {:>8.0} notes/s", rate(&mut first));
    println!("  rem import, unchanged                     {:>8.0} notes/s", rate(&mut second));
    println!("  first against bare (1 = as fast)          {:>8.2}", middle(&mut first_ratio));
    println!("  unchanged against first (time)            {:>8.3}", middle(&mut second_ratio));
    println!("  rem import, peak memory                   {:>8.0} MB", mega(memory));
    Ok(())
}

fn ask(room: &Path, folder: &Path) -> Result<()> {
    #[expect(clippy::disallowed_methods, reason = "a bench runs by the wall clock")]
    let clock = Clock::from_fn(chrono::Utc::now);
    let journal = Journal::open(Opening {
        path: rem_core::journal::journal_path(
            &room.join(format!("data-{}", N_ROUNDS - 1)),
            "personal",
        )?,
        name: "personal".into(),
        clock,
        zone: "Europe/Berlin".into(),
        data_dir: room.to_path_buf(),
        around: Around::default(),
    })?;
    let queries = notes::queries(folder, N_QUERIES)?;
    println!("\nsearch at {N_NOTES} notes ({N_QUERIES} queries a kind, 3 rounds)");
    for (kind, queries) in &queries {
        let mut took = Vec::new();
        let mut n_hits = 0;
        for _ in 0..3 {
            for query in queries {
                let request = asking::SearchRequest { query: query.clone(), ..Default::default() };
                let (reply, one) = process::timed(|| asking::search(&journal, request));
                n_hits += reply?.hits.len();
                took.push(one);
            }
        }
        took.sort();
        println!(
            "  {kind:<22} median {:>7.2} ms   95 % {:>7.2} ms   {:>4.1} hits",
            millis(took[took.len() / 2]),
            millis(took[took.len() * 95 / 100]),
            n_hits as f64 / took.len() as f64
        );
    }
    println!("\nbackground and window");
    let (done, took) = process::timed(|| journal.run_jobs(&Cancel::default()));
    println!("  embedding                {:>8.0} chunks/s", f64::from(done?) / took.as_secs_f64());
    let (dreamt, took) = process::timed(|| journal.dream(&Default::default(), &Cancel::default()));
    let dreamt = dreamt?;
    println!(
        "  dream                    {:>8.0} moments/s ({} days, {} moments)",
        f64::from(dreamt.n_added) / took.as_secs_f64(),
        dreamt.days.len(),
        dreamt.n_added
    );
    let request = relating::AffinityRequest::default();
    let (related, took) = process::timed(|| relating::dream_affinity(&journal, request.clone()));
    let related = related?;
    let (again, second) = process::timed(|| relating::dream_affinity(&journal, request));
    println!(
        "  affinity                 {:>8.2} s ({} notes, {} edges; again {:.3} of it, {} changes)",
        took.as_secs_f64(),
        related.n_resources,
        related.n_edges_added,
        second.as_secs_f64() / took.as_secs_f64(),
        again?.n_edges_changed,
    );
    let (listed, took) = process::timed(|| days::list_days(&journal, Default::default()));
    println!("  list of {:>4} days        {:>8.2} ms", listed?.len(), millis(took));
    Ok(())
}

/// The power of the size with which a time grows: the slope of the line through their logarithms.
fn exponent(grown: &[(usize, Duration)]) -> f64 {
    let points: Vec<(f64, f64)> =
        grown.iter().map(|(n, took)| ((*n as f64).ln(), took.as_secs_f64().ln())).collect();
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |sum, at| (sum.0 + at.0 / n, sum.1 + at.1 / n));
    let over: f64 = points.iter().map(|at| (at.0 - x) * (at.1 - y)).sum();
    over / points.iter().map(|at| (at.0 - x).powi(2)).sum::<f64>()
}

fn median(took: &mut [Duration]) -> Duration {
    took.sort();
    took[took.len() / 2]
}

fn middle(ratios: &mut [f64]) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

fn millis(took: Duration) -> f64 {
    took.as_secs_f64() * 1_000.0
}

fn mega(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
