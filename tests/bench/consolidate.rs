//! Consolidation of notes of which half are near-duplicates, at three sizes, against signing the same texts
//! and nothing else, in the same run. The exponent says how the time grows with the number of notes.

use std::{
    fs,
    hint::black_box,
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
    api::proposals::ConsolidateRequest,
    clock::Clock,
    journal::{Cancel, Opening, journal_path},
    mind::around::Around,
    sources,
    text::{duplicates::Shingles, statements},
};

use crate::{median, middle, millis, notes, process::timed};

const SIZES: [usize; 3] = [2_500, 5_000, 10_000];
/// Of each: a first run needs a journal that has not seen it.
const N_ROUNDS: usize = 3;
/// When the notes come in; they are consolidated three days later, when all are old enough.
const BEGAN: i64 = 1_790_000_000_000;
const DAY: i64 = 86_400_000;

pub(crate) fn run(room: &Path) -> Result<()> {
    println!("\nconsolidation, half near-duplicates (wall, median of {N_ROUNDS} first runs)");
    println!(
        "  {:>9}{:>14}{:>14}{:>9}{:>12}{:>14}{:>14}",
        "notes", "signing ms", "ours ms", "ratio", "groups", "one more ms", "again ms"
    );
    let mut took: Vec<(usize, Duration)> = Vec::new();
    for n in SIZES {
        took.push((n, measure(&room.join(format!("consolidate-{n}")), n)?));
    }
    for pair in took.windows(2) {
        let [(n, first), (m, second)] = pair else { continue };
        let grown = (second.as_secs_f64() / first.as_secs_f64()).ln();
        println!("  from {n} to {m}: n^{:.2}", grown / (*m as f64 / *n as f64).ln());
    }
    Ok(())
}

fn measure(room: &Path, n: usize) -> Result<Duration> {
    let folder = room.join("notes");
    let texts = write(&folder, n)?;
    let (mut bare, mut ours, mut more, mut again) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut ratios = Vec::new();
    let mut n_groups = 0;
    for round in 0..N_ROUNDS {
        let (_, signing) = timed(|| {
            for text in &texts {
                black_box((Shingles::of(text).bands(), statements::find(text)));
            }
        });
        let now = Arc::new(AtomicI64::new(BEGAN));
        let journal = open(&room.join(format!("data-{round}")), &folder, &now)?;
        now.fetch_add(3 * DAY, Ordering::SeqCst);
        let consolidate =
            || journal.dream_consolidate(&ConsolidateRequest::default(), &Cancel::default());
        let (report, first) = timed(consolidate);
        let report = report?;
        let looked_at = report.workspaces[0].n_looked_at;
        ensure!(looked_at as usize == n, "{looked_at} of {n} notes were looked at");
        n_groups = report.workspaces[0].groups_found;
        ensure!(n_groups as usize * 10 >= n * 4, "{n_groups} groups of {} copies", n / 2);
        let (report, second) = timed(consolidate);
        ensure!(report?.dream_id.is_none(), "a second run wrote something");
        let late = folder.join("late.md");
        fs::write(&late, format!("{} Late.", texts[0])).context("writing one more note")?;
        scan(&journal, &folder)?;
        let (report, third) = timed(consolidate);
        ensure!(report?.dream_id.is_some(), "a new note changed nothing");
        fs::remove_file(&late).context("taking the note away")?;
        ratios.push(first.as_secs_f64() / signing.as_secs_f64());
        bare.push(signing);
        ours.push(first);
        more.push(third);
        again.push(second);
    }
    let first = median(&mut ours);
    println!(
        "  {n:>9}{:>14.0}{:>14.0}{:>9.2}{n_groups:>12}{:>14.0}{:>14.0}",
        millis(median(&mut bare)),
        millis(first),
        middle(&mut ratios),
        millis(median(&mut more)),
        millis(median(&mut again)),
    );
    Ok(first)
}

/// Notes of which every second one is the one before it, with a word in sixteen changed.
fn write(folder: &Path, n: usize) -> Result<Vec<String>> {
    notes::write(folder, n / 2)?;
    let mut texts = Vec::with_capacity(n);
    let mut names: Vec<_> = walk(folder)?;
    names.sort();
    for (number, name) in names.into_iter().enumerate() {
        let text = fs::read_to_string(&name).context("reading a note")?;
        let words: Vec<&str> = text.split(' ').collect();
        let copy: Vec<String> = words
            .iter()
            .enumerate()
            .map(|(at, word)| match (at + number) % 16 {
                0 => format!("{word}x"),
                _ => (*word).to_owned(),
            })
            .collect();
        let copy = copy.join(" ");
        fs::write(name.with_extension("copy.md"), &copy).context("writing a copy")?;
        texts.extend([text, copy]);
    }
    Ok(texts)
}

fn walk(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).context("reading the folder")? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(walk(&path)?);
        } else {
            found.push(path);
        }
    }
    Ok(found)
}

fn open(data: &Path, folder: &Path, now: &Arc<AtomicI64>) -> Result<Journal> {
    let now = Arc::clone(now);
    let clock = Clock::from_fn(move || {
        DateTime::from_timestamp_millis(now.load(Ordering::SeqCst)).unwrap_or_default()
    });
    let journal = Journal::open(Opening {
        path: journal_path(data, "personal")?,
        name: "personal".into(),
        clock,
        zone: "Europe/Berlin".into(),
        data_dir: data.to_path_buf(),
        around: Around::default(),
    })?;
    scan(&journal, folder)?;
    journal.run_jobs(&Cancel::default())?;
    Ok(journal)
}

fn scan(journal: &Journal, folder: &Path) -> Result<()> {
    let source = sources::add(journal, folder, false)?;
    journal.scan(source, true, &Cancel::default())?;
    Ok(())
}
