//! Affinity against the least it could cost: comparing everything against a kernel that multiplies the same
//! matrix in tiles and does nothing else; comparing a hundred new notes against as many questions to
//! sqlite-vec. In turns, in the same run, at three sizes.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context, Result, ensure};
use rem_core::{
    Journal,
    api::affinity::{AffinityReport, AffinityRequest},
    clock::Clock,
    journal::{Cancel, Opening, journal_path},
    mind::around::Around,
};
use rusqlite::{Connection, params};

use crate::{exponent, median, mega, middle, millis, process, process::timed};

const SIZES: [usize; 3] = [2_500, 5_000, 10_000];
const N_ROUNDS: usize = 5;
const LARGE: [usize; 3] = [25_000, 50_000, 100_000];
const N_NEW: usize = 100;
const N_LARGE_ROUNDS: usize = 3;
const DIMENSIONS: usize = 384;
/// Notes about one thing, and what a journal takes for alike where an embedder was never measured.
const GROUP: usize = 40;
const ALIKE: f32 = 0.7;
const NEIGHBOURS: usize = 10;

pub(crate) fn run(room: &Path) -> Result<()> {
    drop(rem_core::store::Store::open(&room.join("registers.rem"))?);
    let rem = process::rem()?;
    println!("\naffinity of all, {DIMENSIONS} numbers (wall, median of {N_ROUNDS} rounds)");
    println!(
        "  {:>9}{:>12}{:>12}{:>9}{:>9}{:>12}{:>12}{:>9}",
        "notes", "kernel ms", "rem ms", "ratio", "by CPU", "again ms", "within ms", "edges"
    );
    let mut grown = (Vec::new(), Vec::new());
    for n in SIZES {
        let (kernel, ours) = all(room, &rem, n)?;
        grown.0.push((n, kernel));
        grown.1.push((n, ours));
    }
    println!(
        "  grows with the power {:.2} of the notes (kernel {:.2})",
        exponent(&grown.1),
        exponent(&grown.0)
    );
    println!("\naffinity of {N_NEW} new notes (wall, median of {N_LARGE_ROUNDS} rounds)");
    println!(
        "  {:>9}{:>14}{:>12}{:>9}{:>14}{:>14}{:>9}",
        "among", "100 KNN ms", "ours ms", "ratio", "nothing new", "all at first", "peak MB"
    );
    let mut grown = Vec::new();
    for n in LARGE {
        grown.push((n, some(room, &rem, n)?));
    }
    println!("  grows with the power {:.2} of the notes", exponent(&grown));
    Ok(())
}

fn all(room: &Path, rem: &Path, n: usize) -> Result<(Duration, Duration)> {
    let vectors = vectors(n);
    let seed = seeded(&room.join(format!("affinity-{n}")), &vectors)?;
    let (mut bare, mut cold, mut again, mut within) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut ratios, mut by_cpu) = (Vec::new(), Vec::new());
    let mut n_edges = 0;
    for round in 0..N_ROUNDS {
        let before = process::own_cpu();
        let (found, took) = timed(|| kernel(&vectors));
        let cpu = process::own_cpu() - before;
        bare.push(took);
        let data = room.join(format!("affinity-{n}-{round}"));
        let file = copied(&seed, &data)?;
        let affinity = ["dream", "affinity"];
        let ours = process::run_words(rem, &data, &affinity)?;
        again.push(process::run_words(rem, &data, &affinity)?.took);
        n_edges = edges(&file)?;
        ensure!(n_edges == found as i64, "{n_edges} edges, and {found} by the kernel");
        ratios.push(ours.took.as_secs_f64() / took.as_secs_f64());
        by_cpu.push(ours.cpu.as_secs_f64() / cpu.as_secs_f64());
        cold.push(ours.took);
        fs::remove_dir_all(&data).context("clearing a round away")?;
        copied(&seed, &data)?;
        let journal = open(&data)?;
        within.push(timed(|| relate(&journal)).1);
        drop(journal);
        fs::remove_dir_all(&data).context("clearing a round away")?;
    }
    let (bare, cold) = (median(&mut bare), median(&mut cold));
    println!(
        "  {n:>9}{:>12.0}{:>12.0}{:>9.2}{:>9.2}{:>12.1}{:>12.0}{:>9}",
        millis(bare),
        millis(cold),
        middle(&mut ratios),
        middle(&mut by_cpu),
        millis(median(&mut again)),
        millis(median(&mut within)),
        n_edges,
    );
    Ok((bare, cold))
}

fn some(room: &Path, rem: &Path, n: usize) -> Result<Duration> {
    let n_all = n + N_NEW * N_LARGE_ROUNDS;
    let vectors = vectors(n_all);
    let data = room.join(format!("affinity-new-{n}"));
    let file = seeded(&data, &vectors[..n])?;
    let knn = knn_table(&room.join(format!("knn-{n}.db")), &vectors[..n])?;
    let first = process::run_words(rem, &data, &["dream", "affinity"])?;
    let (mut asked, mut ours, mut nothing, mut ratios) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for round in 0..N_LARGE_ROUNDS {
        let new = n + round * N_NEW..n + (round + 1) * N_NEW;
        let (answered, took) = timed(|| ask(&knn, &vectors[new.clone()]));
        answered?;
        asked.push(took);
        add(&mut outside(&file)?, &vectors[new.clone()], new.start)?;
        let (report, one) = timed(|| -> Result<AffinityReport> { relate(&open(&data)?) });
        let report = report?;
        ensure!(report.n_edges_added > 0 && report.n_resources as usize == new.end, "{report:?}");
        ratios.push(one.as_secs_f64() / took.as_secs_f64());
        ours.push(one);
        let (again, one) = timed(|| -> Result<AffinityReport> { relate(&open(&data)?) });
        ensure!(again?.dream_id.is_none(), "a second run wrote something");
        nothing.push(one);
    }
    let ours = median(&mut ours);
    println!(
        "  {n:>9}{:>14.0}{:>12.0}{:>9.3}{:>14.1}{:>14.0}{:>9.0}",
        millis(median(&mut asked)),
        millis(ours),
        middle(&mut ratios),
        millis(median(&mut nothing)),
        millis(first.took),
        mega(first.peak_memory),
    );
    fs::remove_dir_all(&data).context("clearing a size away")?;
    Ok(ours)
}

fn relate(journal: &Journal) -> Result<AffinityReport> {
    let request = AffinityRequest::default();
    Ok(journal.dream_affinity(&request, &Cancel::default(), &|_, _| {})?)
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

#[expect(clippy::disallowed_methods, reason = "a bench fills a journal from outside")]
fn outside(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path).context("opening the bench's database")?;
    connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")?;
    Ok(connection)
}

fn copied(seed: &Path, data: &Path) -> Result<PathBuf> {
    let file = journal_path(data, "personal")?;
    fs::create_dir_all(file.parent().context("a journal lies in a folder")?)?;
    fs::copy(seed, &file).context("copying a journal")?;
    Ok(file)
}

fn edges(file: &Path) -> Result<i64> {
    Ok(outside(file)?.query_row("SELECT count(*) FROM edges", [], |row| row.get(0))?)
}

/// A journal with these notes, each with its vector by a model, and nothing compared yet.
fn seeded(data: &Path, vectors: &[Vec<i8>]) -> Result<PathBuf> {
    drop(open(data)?);
    let file = journal_path(data, "personal")?;
    let mut connection = outside(&file)?;
    connection.execute_batch(&format!(
        "INSERT INTO sources (id, kind, path, label, created_at) VALUES (1, 'folder', 'x', 'x', 0);
         UPDATE embedders SET state = 'idle';
         INSERT INTO embedders (id, name, digest, dimensions, state, updated_at)
         VALUES (9, 'bench', 'bench', {DIMENSIONS}, 'used', 0);"
    ))?;
    add(&mut connection, vectors, 0)?;
    connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(file)
}

fn add(connection: &mut Connection, vectors: &[Vec<i8>], first: usize) -> Result<()> {
    let tx = connection.transaction()?;
    {
        let mut record = tx.prepare(
            "INSERT INTO records (kind, source_id, key, title, body, hash, created_at, updated_at)
             VALUES ('resource', 1, ?1, 'a note', ?2, ?1, 0, 0)",
        )?;
        let mut chunk = tx.prepare(
            "INSERT INTO chunks (record_id, ordinal, starts, ends, precision)
             VALUES (?1, 0, 0, 1300, 'unknown')",
        )?;
        let mut vector =
            tx.prepare("INSERT INTO vectors (embedder_id, hash, vector) VALUES (9, ?1, ?2)")?;
        let mut given = tx.prepare(
            "INSERT INTO chunk_vectors (embedder_id, chunk_id, vector_id) VALUES (9, ?1, ?2)",
        )?;
        let body = "mended the bellows and swept the yard ".repeat(35);
        for (n, one) in vectors.iter().enumerate() {
            let key = (first + n).to_le_bytes();
            record.execute(params![key, body])?;
            chunk.execute([tx.last_insert_rowid()])?;
            let chunk_id = tx.last_insert_rowid();
            let bytes: Vec<u8> = one.iter().map(|number| *number as u8).collect();
            vector.execute(params![key, bytes])?;
            given.execute([chunk_id, tx.last_insert_rowid()])?;
        }
    }
    tx.execute("UPDATE embedders SET counted_chunk = (SELECT max(id) FROM chunks)", [])?;
    tx.commit()?;
    Ok(())
}

fn knn_table(path: &Path, vectors: &[Vec<i8>]) -> Result<Connection> {
    let mut connection = outside(path)?;
    connection.execute_batch(&format!(
        "CREATE VIRTUAL TABLE near USING vec0 (id INTEGER PRIMARY KEY, vector FLOAT[{DIMENSIONS}])"
    ))?;
    let tx = connection.transaction()?;
    {
        let mut insert = tx.prepare("INSERT INTO near (id, vector) VALUES (?1, ?2)")?;
        for (n, one) in vectors.iter().enumerate() {
            insert.execute(params![n as i64, floats(one)])?;
        }
    }
    tx.commit()?;
    Ok(connection)
}

fn ask(knn: &Connection, vectors: &[Vec<i8>]) -> Result<usize> {
    let mut find = knn.prepare_cached(&format!(
        "SELECT id, distance FROM near WHERE vector MATCH ?1 AND k = {NEIGHBOURS}"
    ))?;
    let mut n = 0;
    for one in vectors {
        let found = find.query_map([floats(one)], |row| row.get(0))?;
        n += found.collect::<rusqlite::Result<Vec<i64>>>()?.len();
    }
    Ok(n)
}

fn unit(vector: &[i8]) -> Vec<f32> {
    let length = vector.iter().map(|x| f32::from(*x).powi(2)).sum::<f32>().sqrt();
    vector.iter().map(|x| f32::from(*x) / length).collect()
}

fn floats(vector: &[i8]) -> Vec<u8> {
    unit(vector).iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// Every pair by tiles of a library that multiplies matrices, the nearest ten of each kept: how many pairs
/// stand in a list.
fn kernel(vectors: &[Vec<i8>]) -> usize {
    const TILE: usize = 240;
    let matrix: Vec<f32> = vectors.iter().flat_map(|vector| unit(vector)).collect();
    let n = vectors.len();
    let mut products = vec![0.0_f32; TILE * TILE];
    let mut near: Vec<Vec<(f32, u32)>> = vec![Vec::with_capacity(NEIGHBOURS + 1); n];
    let keep = |list: &mut Vec<(f32, u32)>, cosine: f32, other: usize| {
        let at = list.partition_point(|one| {
            (one.0, std::cmp::Reverse(one.1)) > (cosine, std::cmp::Reverse(other as u32))
        });
        if at < NEIGHBOURS {
            list.insert(at, (cosine, other as u32));
            list.truncate(NEIGHBOURS);
        }
    };
    for a in (0..n).step_by(TILE) {
        let rows = TILE.min(n - a);
        for b in (a..n).step_by(TILE) {
            let columns = TILE.min(n - b);
            multiply(
                (&matrix[a * DIMENSIONS..], rows),
                (&matrix[b * DIMENSIONS..], columns),
                &mut products,
            );
            for row in 0..rows {
                for column in 0..columns {
                    let cosine = products[row * columns + column];
                    if cosine >= ALIKE && a + row < b + column {
                        // In thousandths, as the journal orders them.
                        let cosine = (cosine * 1_000.0).round();
                        keep(&mut near[a + row], cosine, b + column);
                        keep(&mut near[b + column], cosine, a + row);
                    }
                }
            }
        }
    }
    let mut pairs: Vec<(u32, u32)> = near
        .iter()
        .enumerate()
        .flat_map(|(row, list)| {
            list.iter().map(move |(_, other)| ((row as u32).min(*other), (row as u32).max(*other)))
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs.len()
}

#[expect(unsafe_code, reason = "the library that multiplies matrices takes pointers")]
fn multiply(a: (&[f32], usize), b: (&[f32], usize), products: &mut [f32]) {
    let (rows, columns) = (a.1, b.1);
    assert!(a.0.len() >= rows * DIMENSIONS && b.0.len() >= columns * DIMENSIONS);
    assert!(products.len() >= rows * columns);
    // SAFETY: the slices hold what the strides name, as asserted.
    unsafe {
        matrixmultiply::sgemm(
            rows,
            DIMENSIONS,
            columns,
            1.0,
            a.0.as_ptr(),
            DIMENSIONS as isize,
            1,
            b.0.as_ptr(),
            1,
            DIMENSIONS as isize,
            0.0,
            products.as_mut_ptr(),
            columns as isize,
            1,
        );
    }
}

/// Groups of vectors about 0.75 alike, as the journal keeps them: bytes, the greatest of them 127.
fn vectors(n: usize) -> Vec<Vec<i8>> {
    let mut chance = Chance(9);
    let draw =
        |chance: &mut Chance| -> Vec<f32> { (0..DIMENSIONS).map(|_| chance.normal()).collect() };
    let centres: Vec<Vec<f32>> = (0..n.div_ceil(GROUP)).map(|_| draw(&mut chance)).collect();
    (0..n)
        .map(|row| {
            let own = draw(&mut chance);
            let one: Vec<f32> = centres[row % centres.len()]
                .iter()
                .zip(&own)
                .map(|(centre, own)| centre + 0.6 * own)
                .collect();
            let greatest = one.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
            one.iter().map(|x| (x / greatest * 127.0).round() as i8).collect()
        })
        .collect()
}

/// Repeatable numbers (xorshift64*, Vigna 2016), as about normal ones: the sum of twelve even ones.
struct Chance(u64);

impl Chance {
    fn normal(&mut self) -> f32 {
        let mut sum = 0.0;
        for _ in 0..12 {
            self.0 ^= self.0 >> 12;
            self.0 ^= self.0 << 25;
            self.0 ^= self.0 >> 27;
            let next = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d);
            sum += (next >> 40) as f32 / (1_u32 << 24) as f32;
        }
        sum - 6.0
    }
}
