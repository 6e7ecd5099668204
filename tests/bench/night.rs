//! What a night costs without a model: one over a day of two hundred notes, what of a large one is writing,
//! and the memory of a first dream over ten years.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, Result, ensure};
use rem_core::{
    Journal,
    api::dreams::{DreamRequest, Stage},
    clock::Clock,
    journal::{Cancel, Opening, journal_path},
    mind::around::Around,
};
use rusqlite::params;

use crate::{exponent, median, mega, middle, millis, notes, process, process::timed};

const N_ROUNDS: usize = 5;
/// Notes of one day.
const DAYS: [usize; 3] = [50, 100, 200];
/// Notes of the night whose writing is measured, and their days; one moment each, and up to ten edges.
const LARGE: [usize; 3] = [150, 300, 600];
const N_DAYS: usize = 10;
const N_YEARS: usize = 100_000;

pub(crate) fn run(room: &Path) -> Result<()> {
    let rem = process::rem()?;
    println!("\na night over one day (CPU, median of {N_ROUNDS} rounds)");
    println!("  {:>9}{:>14}{:>12}{:>9}", "notes", "import ms", "dream ms", "ratio");
    let mut grown = Vec::new();
    for n in DAYS {
        grown.push((n, one_day(room, &rem, n)?));
    }
    println!("  grows with the power {:.2} of the notes", exponent(&grown));
    println!("\nwriting a night down (wall, median of {N_ROUNDS} rounds)");
    println!(
        "  {:>9}{:>10}{:>10}{:>12}{:>14}{:>9}{:>22}",
        "notes", "moments", "edges", "bare ms", "writing ms", "ratio", "ms for 500 and 5,000"
    );
    let mut grown = Vec::new();
    for n in LARGE {
        grown.push((n, writing(room, n)?));
    }
    println!("  grows with the power {:.2} of the notes", exponent(&grown));
    Ok(())
}

/// The memory of ten years: import, first dream, and a dream in which nothing is new.
pub(crate) fn years(room: &Path) -> Result<()> {
    let rem = process::rem()?;
    let folder = room.join("years");
    println!("\nten years, {N_YEARS} notes of {:.1} MB", mega(notes::write(&folder, N_YEARS)?));
    let data = room.join("years-data");
    let place = folder.to_string_lossy().into_owned();
    println!("  {:<14}{:>10}{:>10}{:>12}", "", "wall s", "CPU s", "peak MB");
    for (what, words) in [
        ("import", vec!["import", &place]),
        ("affinity", vec!["dream", "affinity"]),
        ("first dream", vec!["dream"]),
        ("second dream", vec!["dream"]),
    ] {
        let ran = process::run_words(&rem, &data, &words)?;
        println!(
            "  {what:<14}{:>10.1}{:>10.1}{:>12.0}",
            ran.took.as_secs_f64(),
            ran.cpu.as_secs_f64(),
            mega(ran.peak_memory)
        );
    }
    fs::remove_dir_all(&data).context("clearing ten years away")?;
    Ok(())
}

/// CPU of a dream over `n` notes of one day, beside that of reading them in.
fn one_day(room: &Path, rem: &Path, n: usize) -> Result<Duration> {
    let folder = room.join(format!("day-{n}"));
    notes::write_days(&folder, n, 1)?;
    let place = folder.to_string_lossy().into_owned();
    let (mut import, mut dream, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..N_ROUNDS {
        let data = room.join(format!("day-{n}-{round}"));
        let read = process::run_words(rem, &data, &["import", &place])?.cpu;
        let dreamt = process::run_words(rem, &data, &["dream"])?.cpu;
        ratios.push(dreamt.as_secs_f64() / read.as_secs_f64());
        import.push(read);
        dream.push(dreamt);
        fs::remove_dir_all(&data).context("clearing a round away")?;
    }
    let dream = median(&mut dream);
    println!(
        "  {n:>9}{:>14.0}{:>12.0}{:>9.2}",
        millis(median(&mut import)),
        millis(dream),
        middle(&mut ratios)
    );
    Ok(dream)
}

/// How long a night's writing takes, beside inserting as many rows of the same tables' width into a bare file.
fn writing(room: &Path, n: usize) -> Result<Duration> {
    let folder = room.join(format!("writing-{n}"));
    notes::write_days(&folder, n, N_DAYS)?;
    let (mut bare, mut ours, mut scaled, mut ratios) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut n_moments, mut n_edges) = (0, 0);
    for round in 0..N_ROUNDS {
        let data = room.join(format!("writing-{n}-{round}"));
        let journal = open(&data)?;
        let id = rem_core::sources::add(&journal, &folder, false)?;
        journal.scan(id, false, &Cancel::default())?;
        journal.run_jobs(&Cancel::default())?;
        let before = journal.time_writing();
        let request = DreamRequest {
            stages: vec![Stage::Moments, Stage::Affinity],
            ..DreamRequest::default()
        };
        let report = journal.dream(&request, &Cancel::default())?;
        let took = journal.time_writing() - before;
        drop(journal);
        let file = journal_path(&data, "personal")?;
        (n_moments, n_edges) = (report.n_added as usize, edges(&file)?);
        ensure!(n_moments > 0 && n_edges > 0, "the night has nothing to write");
        let plain = again(&file, &room.join(format!("bare-{n}-{round}.db")))?;
        ratios.push(took.as_secs_f64() / plain.as_secs_f64());
        // By moments and edges alike.
        scaled.push(took.as_secs_f64() * 1e3 * 5_500.0 / (n_moments + n_edges) as f64);
        bare.push(plain);
        ours.push(took);
        fs::remove_dir_all(&data).context("clearing a round away")?;
    }
    let ours = median(&mut ours);
    println!(
        "  {n:>9}{n_moments:>10}{n_edges:>10}{:>12.0}{:>14.0}{:>9.2}{:>22.0}",
        millis(median(&mut bare)),
        millis(ours),
        middle(&mut ratios),
        middle(&mut scaled),
    );
    Ok(ours)
}

/// The rows that a night wrote, inserted into bare tables of another file in one transaction.
#[expect(clippy::disallowed_methods, reason = "a bench copies rows from outside")]
fn again(file: &Path, place: &Path) -> Result<Duration> {
    const TABLES: [&str; 7] =
        ["moments", "evidence", "mentions", "entities", "edges", "moods", "periods"];
    let connection = rusqlite::Connection::open(place).context("opening the bench's database")?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")?;
    connection.execute("ATTACH ?1 AS night", params![file.to_string_lossy()])?;
    for table in TABLES {
        connection.execute_batch(&format!(
            "CREATE TABLE {table} AS SELECT * FROM night.{table} LIMIT 0"
        ))?;
    }
    let (copied, took) = timed(|| -> Result<()> {
        let tx = connection.unchecked_transaction()?;
        for table in TABLES {
            tx.execute(&format!("INSERT INTO {table} SELECT * FROM night.{table}"), [])?;
        }
        Ok(tx.commit()?)
    });
    copied?;
    Ok(took)
}

#[expect(clippy::disallowed_methods, reason = "a bench counts from outside")]
fn edges(file: &Path) -> Result<usize> {
    let connection = rusqlite::Connection::open(file).context("opening the bench's database")?;
    let n: i64 = connection.query_row("SELECT count(*) FROM edges", [], |row| row.get(0))?;
    Ok(n as usize)
}

fn open(data: &Path) -> Result<Journal> {
    #[expect(clippy::disallowed_methods, reason = "a bench runs by the wall clock")]
    let clock = Clock::from_fn(chrono::Utc::now);
    Ok(Journal::open(Opening {
        path: journal_path(data, "personal")?,
        name: "personal".into(),
        clock,
        zone: "Europe/Berlin".into(),
        data_dir: data.to_path_buf(),
        around: Around::default(),
    })?)
}
