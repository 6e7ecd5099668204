//! In which form sqlite-vec keeps and searches vectors best: as 32-bit numbers, as bytes, or as signs
//! with the nearest of them measured again by their numbers. Decision 12 rests on this table.
//!
//! The forms alternate query by query. Recall is counted against an exact pass over the same numbers.

use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use rusqlite::{Connection, params};

const N_VECTORS: usize = 100_000;
const N_QUERIES: usize = 60;
/// What a caller asks for, and of how many of them recall is counted.
const NEAREST: usize = 24;
const RECALLED: usize = 10;
/// Members of a group of like texts.
const GROUP: usize = 40;

pub(crate) fn run(room: &Path) -> Result<()> {
    // The core registers sqlite-vec for every connection of this process.
    drop(rem_core::store::Store::open(&room.join("registers.rem"))?);
    for dimensions in [768, 256] {
        let (kept, queries) = invented(dimensions, N_VECTORS, N_QUERIES);
        measure(room, dimensions, &kept, &queries)?;
    }
    Ok(())
}

/// A form, how it is asked, and what came of it.
struct Form {
    name: String,
    ask: String,
    /// How many of the nearest by signs are measured again.
    again: i64,
    n_bytes: u64,
    took: Vec<Duration>,
    recall: Vec<f64>,
}

/// A table, how a row gets in, and whether it takes bytes instead of 32-bit numbers.
struct Table {
    name: &'static str,
    create: String,
    insert: &'static str,
    is_bytes: bool,
}

fn tables(dimensions: usize) -> Vec<Table> {
    let table = |name, columns: &str, insert, is_bytes| Table {
        name,
        create: format!(
            "CREATE VIRTUAL TABLE {name} USING vec0 (id INTEGER PRIMARY KEY, {columns})"
        ),
        insert,
        is_bytes,
    };
    let rows = |name, insert, is_bytes| Table {
        name,
        create: format!("CREATE TABLE {name} (id INTEGER PRIMARY KEY, vector BLOB NOT NULL)"),
        insert,
        is_bytes,
    };
    vec![
        table(
            "floats",
            &format!("vector FLOAT[{dimensions}] DISTANCE_METRIC = cosine"),
            "INSERT INTO floats (id, vector) VALUES (?1, ?2)",
            false,
        ),
        table(
            "bytes",
            &format!("vector INT8[{dimensions}] DISTANCE_METRIC = cosine"),
            "INSERT INTO bytes (id, vector) VALUES (?1, vec_int8(?2))",
            true,
        ),
        table(
            "signs",
            &format!("signs BIT[{dimensions}]"),
            "INSERT INTO signs (id, signs) VALUES (?1, vec_quantize_binary(?2))",
            false,
        ),
        table(
            "both",
            &format!("signs BIT[{dimensions}], vector FLOAT[{dimensions}]"),
            "INSERT INTO both (id, signs, vector) VALUES (?1, vec_quantize_binary(?2), ?2)",
            false,
        ),
        rows("float_rows", "INSERT INTO float_rows (id, vector) VALUES (?1, ?2)", false),
        rows("byte_rows", "INSERT INTO byte_rows (id, vector) VALUES (?1, ?2)", true),
    ]
}

fn forms(size_of: &dyn Fn(&str) -> u64) -> Vec<Form> {
    let form = |name: &str, tables: &[&str], again: i64, ask: String| Form {
        name: name.into(),
        ask,
        again,
        n_bytes: tables.iter().map(|table| size_of(table)).sum(),
        took: Vec::new(),
        recall: Vec::new(),
    };
    let plain = |table: &str, column: &str, of: &str| {
        format!(
            "SELECT id FROM {table} WHERE {column} MATCH {of} AND k = ?3 AND ?4 + length(?2) > 0"
        )
    };
    let again = |near: &str, rows: &str, cosine: &str| {
        format!(
            "WITH near AS MATERIALIZED (SELECT id FROM {near}
               WHERE signs MATCH vec_quantize_binary(?1) AND k = ?4)
             SELECT v.id FROM near JOIN {rows} v ON v.id = near.id WHERE length(?2) > 0
             ORDER BY vec_distance_cosine({cosine}) LIMIT ?3"
        )
    };
    let mut all = vec![
        form("float32", &["floats"], 0, plain("floats", "vector", "?1")),
        form("int8", &["bytes"], 0, plain("bytes", "vector", "vec_int8(?2)")),
        form("bit", &["signs"], 0, plain("signs", "signs", "vec_quantize_binary(?1)")),
        form("bit + float32 in one", &["both"], 128, again("both", "both", "v.vector, ?1")),
    ];
    for n in [128, 192, 256, 512] {
        let ask = again("signs", "float_rows", "v.vector, ?1");
        all.push(form("bit + float32 rows", &["signs", "float_rows"], n, ask));
        let ask = again("signs", "byte_rows", "vec_int8(v.vector), vec_int8(?2)");
        all.push(form("bit + int8 rows", &["signs", "byte_rows"], n, ask));
    }
    all
}

fn measure(room: &Path, dimensions: usize, kept: &[Vec<f32>], queries: &[Vec<f32>]) -> Result<()> {
    let connection = open(&room.join(format!("{dimensions}.db")))?;
    let mut sizes = HashMap::new();
    for table in tables(dimensions) {
        connection.execute_batch(&table.create)?;
        let before = size(&connection)?;
        fill(&connection, &table, kept)?;
        sizes.insert(table.name, size(&connection)? - before);
    }
    let mut forms = forms(&|table| sizes.get(table).copied().unwrap_or_default());
    for query in queries {
        let exact = exact(kept, query, RECALLED);
        for form in &mut forms {
            let mut find = connection.prepare_cached(&form.ask)?;
            let began = Instant::now();
            let found: Vec<usize> = find
                .query_map(
                    params![floats(query), bytes(query), NEAREST as i64, form.again],
                    |row| row.get(0),
                )?
                .collect::<rusqlite::Result<_>>()?;
            form.took.push(began.elapsed());
            let n_found = exact.iter().filter(|id| found.contains(id)).count();
            form.recall.push(n_found as f64 / RECALLED as f64);
        }
    }
    print(dimensions, forms);
    Ok(())
}

fn print(dimensions: usize, mut forms: Vec<Form>) {
    println!("\nvectors: {N_VECTORS} of {dimensions} numbers, top {NEAREST}, {N_QUERIES} queries");
    println!(
        "  {:<22}{:>6}{:>9}{:>12}{:>9}{:>12}{:>9}",
        "form", "again", "MB", "median ms", "ratio", "recall@10", "worst"
    );
    let mut float = None;
    for form in &mut forms {
        form.took.sort();
        let median = form.took[form.took.len() / 2].as_secs_f64();
        let recall = form.recall.iter().sum::<f64>() / form.recall.len() as f64;
        println!(
            "  {:<22}{:>6}{:>9.1}{:>12.2}{:>9.3}{:>12.4}{:>9.1}",
            form.name,
            form.again,
            form.n_bytes as f64 / 1e6,
            median * 1e3,
            median / *float.get_or_insert(median),
            recall,
            form.recall.iter().copied().fold(1.0, f64::min),
        );
    }
}

#[expect(clippy::disallowed_methods, reason = "a bench compares tables that no journal has")]
fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path).context("opening the bench's database")?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -8192;",
    )?;
    Ok(connection)
}

fn fill(connection: &Connection, table: &Table, kept: &[Vec<f32>]) -> Result<()> {
    let tx = connection.unchecked_transaction()?;
    {
        let mut insert = tx.prepare(table.insert)?;
        for (id, vector) in kept.iter().enumerate() {
            let vector = if table.is_bytes { bytes(vector) } else { floats(vector) };
            insert.execute(params![id as i64, vector])?;
        }
    }
    tx.commit()?;
    Ok(())
}

fn size(connection: &Connection) -> Result<u64> {
    let pages: i64 = connection.query_row(
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
        [],
        |row| row.get(0),
    )?;
    Ok(pages as u64)
}

/// The places of the `n` nearest vectors.
pub(crate) fn exact(kept: &[Vec<f32>], query: &[f32], n: usize) -> Vec<usize> {
    let mut all: Vec<(f32, usize)> = kept
        .iter()
        .enumerate()
        .map(|(id, vector)| (vector.iter().zip(query).map(|(a, b)| a * b).sum(), id))
        .collect();
    all.select_nth_unstable_by(n, |a, b| b.0.total_cmp(&a.0));
    all[..n].iter().map(|(_, id)| *id).collect()
}

pub(crate) fn floats(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// As the journal keeps them: fractions of the greatest number, in 127ths.
pub(crate) fn bytes(vector: &[f32]) -> Vec<u8> {
    let greatest = vector.iter().fold(f32::MIN_POSITIVE, |most, x| most.max(x.abs()));
    vector.iter().map(|x| ((x / greatest * 127.0).round() as i8) as u8).collect()
}

/// Invented vectors with what makes real ones hard for signs: all lean the same way, a few directions
/// carry much of the spread (its share falls with the root of the rank), and groups lie close together.
pub(crate) fn invented(
    dimensions: usize,
    n_vectors: usize,
    n_queries: usize,
) -> (Vec<Vec<f32>>, Vec<Vec<f32>>) {
    let mut chance = Chance(9);
    let spread: Vec<f32> = (0..dimensions).map(|n| 1.0 / ((n + 1) as f32).powf(0.25)).collect();
    let mut draw = |scale: f32| -> Vec<f32> {
        spread.iter().map(|share| share * scale * chance.normal()).collect()
    };
    let lean = draw(1.0);
    let n_groups = n_vectors / GROUP;
    let centres: Vec<Vec<f32>> = (0..n_groups).map(|_| draw(1.0)).collect();
    let mut member = |group: usize| {
        let own = draw(0.9);
        let mut vector: Vec<f32> =
            (0..dimensions).map(|n| lean[n] + centres[group][n] + own[n]).collect();
        let length = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
        vector.iter_mut().for_each(|x| *x /= length);
        vector
    };
    let kept = (0..n_vectors).map(|n| member(n % n_groups)).collect();
    let queries = (0..n_queries).map(|n| member(n * 61 % n_groups)).collect();
    (kept, queries)
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
