//! How fast a search is in a journal of ten years: 100,000 notes, 1,000,000 messages and 30,000 moments of
//! invented words (Zipf), with the vectors of all of them; and what its part by vectors costs beside a scan
//! of sqlite-vec over the same numbers.
//!
//! The journal is made by the product's own import and embedding, which takes some minutes, and kept below
//! the build folder for the next run. The moments are written as rows: to dream them would take an hour.
//! `cargo xtask bench search 10` makes and asks a tenth of it.

use std::{
    env, fs,
    io::Write as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use rem_core::{
    Journal,
    api::search::{self, Scope, SearchRequest},
    clock::Clock,
    journal::{Cancel, Opening},
    mind::around::Around,
    sources,
};
use rusqlite::{Connection, params};

use crate::{
    mega, millis, notes,
    process::{self, timed},
    vectors,
};

const N_NOTES: usize = 100_000;
const N_MESSAGES: usize = 1_000_000;
const N_MOMENTS: usize = 30_000;
/// Messages of a conversation, and of a file.
const TALK: usize = 200;
const FILE: usize = 100_000;
const N_QUERIES: usize = 40;
const N_ROUNDS: usize = 3;
/// Changes when the journal is made in another way.
const VERSION: u32 = 1;

const N_VECTORS: usize = 300_000;
const DIMENSIONS: usize = 384;
const N_VECTOR_QUERIES: usize = 40;
const RECALLED: usize = 10;

pub(crate) fn run(room: &Path, share: Option<&str>) -> Result<()> {
    let percent: usize =
        share.map_or(Ok(100), str::parse).context("reading the share, in percent")?;
    let of = |n: usize| (n * percent / 100).max(1);
    let size = Size { n_notes: of(N_NOTES), n_messages: of(N_MESSAGES), n_moments: of(N_MOMENTS) };
    let kept = kept(percent)?;
    let made = kept.join("made");
    if !made.is_file() {
        make(&kept, &size)?;
        fs::write(&made, "")?;
    }
    by_words(&kept, &size)?;
    by_vectors(room, of(N_VECTORS))
}

struct Size {
    n_notes: usize,
    n_messages: usize,
    n_moments: usize,
}

/// Where the journal is kept between runs.
fn kept(percent: usize) -> Result<PathBuf> {
    let own = env::current_exe().context("finding the bench itself")?;
    let target = own.ancestors().nth(3).context("finding the build folder")?;
    Ok(target.join(format!("bench-search-{VERSION}-{percent}")))
}

fn open(room: &Path) -> Result<Journal> {
    #[expect(clippy::disallowed_methods, reason = "a bench runs by the wall clock")]
    let clock = Clock::from_fn(chrono::Utc::now);
    Ok(Journal::open(Opening {
        path: path(room)?,
        name: "personal".into(),
        clock,
        zone: "Europe/Berlin".into(),
        data_dir: room.to_path_buf(),
        around: Around::default(),
    })?)
}

fn path(room: &Path) -> Result<PathBuf> {
    Ok(rem_core::journal::journal_path(room, "personal")?)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench writes rows that it would take an hour to dream"
)]
fn outside(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path).context("opening the bench's journal")?;
    connection.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;")?;
    Ok(connection)
}

fn make(room: &Path, size: &Size) -> Result<()> {
    if room.exists() {
        fs::remove_dir_all(room).context("clearing a half-made journal away")?;
    }
    let began = Instant::now();
    let (texts, talks) = (room.join("notes"), room.join("talks"));
    notes::write(&texts, size.n_notes)?;
    write_talks(&talks, size.n_messages)?;
    let journal = open(room)?;
    for folder in [&texts, &talks] {
        let source = sources::add(&journal, folder, false)?;
        journal.scan(source, false, &Cancel::default())?;
    }
    println!("  imported after {:.0} s", began.elapsed().as_secs_f64());
    journal.run_jobs(&Cancel::default())?;
    println!("  embedded after {:.0} s", began.elapsed().as_secs_f64());
    drop(journal);
    write_moments(&outside(&path(room)?)?, size.n_moments)?;
    fs::remove_dir_all(&texts)?;
    fs::remove_dir_all(&talks)?;
    println!("  made in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn write_talks(folder: &Path, n_messages: usize) -> Result<()> {
    fs::create_dir_all(folder)?;
    let mut chance = notes::Chance(11);
    let people = ["Hester", "Ilse", "Tomas", "Ana", "Bram", "Me"];
    for file in 0..n_messages.div_ceil(FILE) {
        let place = fs::File::create(folder.join(format!("talk-{file}.jsonl")))?;
        let mut out = std::io::BufWriter::new(place);
        for n in 0..FILE.min(n_messages - file * FILE) {
            let number = file * FILE + n;
            let words: Vec<String> =
                (0..5 + chance.next() % 18).map(|_| notes::word(chance.rank())).collect();
            let author = people[(chance.next() % people.len() as u64) as usize];
            // Ten years, a message every five minutes.
            let minutes = number * 5;
            let (days, minute) = (minutes / 1_440, minutes % 1_440);
            writeln!(
                out,
                "{{\"session\":\"talk {}\",\"author\":\"{author}\",\"time\":\"{:04}-{:02}-{:02}T{:02}:{:02}:00Z\",\"text\":\"{}\"}}",
                number / TALK,
                2012 + days / 336,
                days / 28 % 12 + 1,
                days % 28 + 1,
                minute / 60,
                minute % 60,
                words.join(" ")
            )?;
        }
    }
    Ok(())
}

fn write_moments(connection: &Connection, n_moments: usize) -> Result<()> {
    let mut chance = notes::Chance(13);
    let tx = connection.unchecked_transaction()?;
    {
        tx.execute(
            "INSERT INTO revisions (author, label, created_at) VALUES ('person', 'bench', 0)",
            [],
        )?;
        let revision = tx.last_insert_rowid();
        let mut moment = tx.prepare(
            "INSERT INTO moments (key, day, dreamt_day, starts_at, ends_at, offset_minutes, precision,
               moment_type, title, summary, tags, people, emotions, valence, arousal, confidence, mind,
               derived, revision_id, created_at, updated_at)
             VALUES (randomblob(32), ?1, ?1, ?2, ?2, 0, 'exact', 'other', ?3, ?4, '[]', '[]', '[]', 0, 0,
               1, 'bench', '{}', ?5, 0, 0)",
        )?;
        let mut index = tx.prepare(
            "INSERT INTO moments_fts (rowid, title, summary, tags, people, stems)
             VALUES (?1, ?2, ?3, '[]', '[]', '')",
        )?;
        for n in 0..n_moments {
            let mut words = |n: usize| {
                let words: Vec<String> = (0..n).map(|_| notes::word(chance.rank())).collect();
                words.join(" ")
            };
            let (title, summary) = (words(5), words(40));
            let day = n / 8;
            let day =
                format!("{:04}-{:02}-{:02}", 2012 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
            moment.execute(params![day, n as i64 * 10_000_000, title, summary, revision])?;
            index.execute(params![tx.last_insert_rowid(), title, summary])?;
        }
    }
    tx.commit()?;
    Ok(())
}

fn by_words(room: &Path, size: &Size) -> Result<()> {
    let kinds = queries();
    // What a person waits for who has just started the program and looks for something.
    let (journal, opened) = timed(|| open(room));
    let journal = journal?;
    let (first, took) = timed(|| ask(&journal, &kinds[5].1[0], Scope::All));
    println!(
        "\nsearch in {} notes, {} messages, {} moments ({N_QUERIES} queries a kind, {N_ROUNDS} rounds)",
        size.n_notes, size.n_messages, size.n_moments
    );
    println!(
        "  opening {:.0} ms, first result {:.0} ms after that ({} hits), vectors {:.1} MB in memory",
        millis(opened),
        millis(took),
        first?,
        mega(journal.vector_bytes() as u64)
    );
    let mut all = Vec::new();
    for (kind, queries) in &kinds {
        let (mut took, mut n_hits) = (Vec::new(), 0);
        for _ in 0..N_ROUNDS {
            for query in queries {
                let (hits, one) = timed(|| ask(&journal, query, Scope::All));
                n_hits += hits?;
                took.push(one);
            }
        }
        all.extend_from_slice(&took);
        print(kind, &mut took, n_hits);
    }
    let n = all.len();
    print("all of these", &mut all, 0);
    for (name, scope) in
        [("common, among moments", Scope::Moments), ("common, among notes", Scope::Notes)]
    {
        let mut took = Vec::new();
        let mut n_hits = 0;
        for query in &kinds[3].1 {
            let (hits, one) = timed(|| ask(&journal, query, scope));
            n_hits += hits?;
            took.push(one);
        }
        print(name, &mut took, n_hits);
    }
    let reader = outside(&path(room)?)?;
    let mut plain = Vec::new();
    for query in &kinds[3].1 {
        let (done, one) = timed(|| bm25(&reader, query));
        done?;
        plain.push(one);
    }
    print("FTS5's bm25, three common", &mut plain, 0);
    println!("  {n} searches");
    let rem = process::rem()?;
    let words = ["search", kinds[2].1[0].trim()];
    let ran = process::run_words(&rem, room, &words)?;
    println!(
        "  rem search, the whole process: {:.0} ms, {:.0} MB at most",
        millis(ran.took),
        mega(ran.peak_memory)
    );
    Ok(())
}

fn ask(journal: &Journal, query: &str, scope: Scope) -> Result<usize> {
    let request = SearchRequest { query: query.to_owned(), scope, ..SearchRequest::default() };
    Ok(search::search(journal, request)?.hits.len())
}

fn bm25(reader: &Connection, query: &str) -> Result<usize> {
    let words: Vec<String> = query.split_whitespace().map(|word| format!("\"{word}\"")).collect();
    let mut find = reader.prepare_cached(
        "SELECT rowid FROM messages_fts WHERE messages_fts MATCH ?1 ORDER BY rank LIMIT 20",
    )?;
    let found = find.query_map([words.join(" OR ")], |row| row.get::<_, i64>(0))?;
    Ok(found.collect::<rusqlite::Result<Vec<_>>>()?.len())
}

fn queries() -> Vec<(&'static str, Vec<String>)> {
    let mut chance = notes::Chance(7);
    let mut of = |make: &mut dyn FnMut(&mut notes::Chance) -> String| -> Vec<String> {
        (0..N_QUERIES).map(|_| make(&mut chance)).collect()
    };
    let common = |c: &mut notes::Chance| notes::word(c.next() as usize % 20);
    let usual = |c: &mut notes::Chance| notes::word(20 + c.rank() % 2_000);
    let rare = |c: &mut notes::Chance| notes::word(2_000 + c.next() as usize % 20_000);
    vec![
        ("one rare word", of(&mut |c| format!("{} ", rare(c)))),
        ("one common word", of(&mut |c| format!("{} ", common(c)))),
        ("two words", of(&mut |c| format!("{} {} ", usual(c), rare(c)))),
        ("three common words", of(&mut |c| format!("{} {} {} ", common(c), common(c), common(c)))),
        ("three usual words", of(&mut |c| format!("{} {} {} ", usual(c), usual(c), usual(c)))),
        (
            "a question of six words",
            of(&mut |c| {
                let words = [common(c), usual(c), common(c), usual(c), rare(c), usual(c)];
                format!("{}? ", words.join(" "))
            }),
        ),
        ("a phrase of two", of(&mut |c| format!("\"{} {}\" ", common(c), common(c)))),
        ("the beginning of a word", of(&mut |c| rare(c).chars().take(6).collect())),
    ]
}

fn print(name: &str, took: &mut [Duration], n_hits: usize) {
    took.sort();
    println!(
        "  {name:<26} median {:>7.2} ms   95 % {:>7.2} ms   most {:>7.2} ms   {:>5.1} hits",
        millis(took[took.len() / 2]),
        millis(took[took.len() * 95 / 100]),
        millis(took[took.len() - 1]),
        n_hits as f64 / took.len() as f64
    );
}

/// The part by vectors, against sqlite-vec's scan over the same numbers as 32-bit floats.
fn by_vectors(room: &Path, n_vectors: usize) -> Result<()> {
    let room = room.join("vectors");
    let (kept, queries) = vectors::invented(DIMENSIONS, n_vectors, N_VECTOR_QUERIES);
    // The core registers sqlite-vec for every connection of this process, and makes the tables.
    let journal = open(&room)?;
    let numbers = fill(&outside(&path(&room)?)?, &kept)?;
    let floats = outside(&room.join("floats.db"))?;
    fill_floats(&floats, &kept)?;
    let (first, loading) = timed(|| journal.nearest_chunks(&queries[0], RECALLED));
    first?;
    let (mut ours, mut scan, mut recall) = (Vec::new(), Vec::new(), Vec::new());
    for query in &queries {
        let (found, took) = timed(|| journal.nearest_chunks(query, RECALLED));
        let found: Vec<i64> = found?.into_iter().map(|(id, _)| id).collect();
        ours.push(took);
        let (done, took) = timed(|| scan_floats(&floats, query));
        done?;
        scan.push(took);
        let exact = vectors::exact(&kept, query, RECALLED);
        let n = exact.iter().filter(|at| found.contains(&numbers[**at])).count();
        recall.push(n as f64 / RECALLED as f64);
    }
    ours.sort();
    scan.sort();
    let (ours, scan) = (ours[ours.len() / 2], scan[scan.len() / 2]);
    println!("\nvectors: {n_vectors} of {DIMENSIONS} numbers, the nearest {RECALLED}");
    println!("  ours, median             {:>8.2} ms", millis(ours));
    println!("  sqlite-vec float32 scan  {:>8.2} ms", millis(scan));
    println!(
        "  ratio                    {:>8.4} (1/{:.0})",
        ours.as_secs_f64() / scan.as_secs_f64(),
        scan.as_secs_f64() / ours.as_secs_f64()
    );
    println!(
        "  recall@{RECALLED}                {:>8.4}",
        recall.iter().sum::<f64>() / recall.len() as f64
    );
    println!("  reading them at first    {:>8.0} ms", millis(loading));
    println!("  in memory                {:>8.1} MB", mega(journal.vector_bytes() as u64));
    Ok(())
}

/// Puts vectors into a journal as an embedding model of their length would have. Returns their numbers.
fn fill(connection: &Connection, kept: &[Vec<f32>]) -> Result<Vec<i64>> {
    let tx = connection.unchecked_transaction()?;
    tx.execute_batch(&format!(
        "UPDATE embedders SET state = 'idle' WHERE state = 'used';
         INSERT INTO embedders (name, digest, dimensions, state, updated_at)
         VALUES ('bench', 'bench', {DIMENSIONS}, 'used', 0);
         INSERT INTO sources (kind, path, label, created_at) VALUES ('file', 'bench', 'bench', 0);
         INSERT INTO records (kind, source_id, key, hash, created_at, updated_at)
         SELECT 'resource', max(id), x'00', x'00', 0, 0 FROM sources;"
    ))?;
    let embedder: i64 =
        tx.query_row("SELECT id FROM embedders WHERE name = 'bench'", [], |row| row.get(0))?;
    let record: i64 = tx.query_row("SELECT max(id) FROM records", [], |row| row.get(0))?;
    let table = format!("near_chunks_{embedder}");
    tx.execute_batch(&format!(
        "CREATE VIRTUAL TABLE {table} USING vec0 (vector_id INTEGER PRIMARY KEY, signs BIT[{DIMENSIONS}])"
    ))?;
    let mut numbers = Vec::new();
    {
        let mut chunk = tx.prepare(
            "INSERT INTO chunks (record_id, ordinal, starts, ends, precision)
             VALUES (?1, ?2, 0, 0, 'unknown')",
        )?;
        let mut vector = tx.prepare(
            "INSERT INTO vectors (embedder_id, hash, vector) VALUES (?1, randomblob(32), ?2)",
        )?;
        let mut given = tx.prepare(
            "INSERT INTO chunk_vectors (embedder_id, chunk_id, vector_id) VALUES (?1, ?2, ?3)",
        )?;
        let mut signs = tx.prepare(&format!(
            "INSERT INTO {table} (vector_id, signs) VALUES (?1, vec_quantize_binary(?2))"
        ))?;
        for (n, numbers_of) in kept.iter().enumerate() {
            chunk.execute(params![record, n as i64])?;
            let chunk_id = tx.last_insert_rowid();
            vector.execute(params![embedder, vectors::bytes(numbers_of)])?;
            let vector_id = tx.last_insert_rowid();
            given.execute(params![embedder, chunk_id, vector_id])?;
            signs.execute(params![vector_id, vectors::floats(numbers_of)])?;
            numbers.push(vector_id);
        }
    }
    tx.execute(
        "INSERT INTO vector_changes (index_name, n_changes, last_id) VALUES (?1, 1, ?2)",
        params![table, numbers.last()],
    )?;
    tx.commit()?;
    Ok(numbers)
}

fn fill_floats(connection: &Connection, kept: &[Vec<f32>]) -> Result<()> {
    connection.execute_batch(&format!(
        "CREATE VIRTUAL TABLE floats USING vec0
           (id INTEGER PRIMARY KEY, vector FLOAT[{DIMENSIONS}] DISTANCE_METRIC = cosine)"
    ))?;
    let tx = connection.unchecked_transaction()?;
    {
        let mut insert = tx.prepare("INSERT INTO floats (id, vector) VALUES (?1, ?2)")?;
        for (n, vector) in kept.iter().enumerate() {
            insert.execute(params![n as i64, vectors::floats(vector)])?;
        }
    }
    tx.commit()?;
    Ok(())
}

fn scan_floats(connection: &Connection, query: &[f32]) -> Result<usize> {
    let mut find = connection.prepare_cached(
        "SELECT id FROM floats WHERE vector MATCH ?1 AND k = ?2 ORDER BY distance",
    )?;
    let found =
        find.query_map(params![vectors::floats(query), RECALLED], |row| row.get::<_, i64>(0))?;
    Ok(found.collect::<rusqlite::Result<Vec<_>>>()?.len())
}
