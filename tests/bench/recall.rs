//! Whether a question finds the lines that answer it, on conversations of which somebody noted for each
//! question which lines those are. The file is that of LoCoMo (Maharana et al. 2024); it is no part of the
//! product and may not be: `cargo xtask bench recall FILE`.
//!
//! Each conversation becomes a log of messages as a person would import it, one session a chat, and is
//! imported into a journal of its own; vectors are made; no dream is dreamt. Every question goes through the
//! api of search, as it stands, among messages.
//!
//! How it is counted: the answering lines of a question are those that the file cites and that exist. Of
//! these, the share that the first k hits show is the question's recall at k; the figure is the mean of the
//! questions. A hit shows its message and the messages that the reply carries beside it (`before`, `after`);
//! "alone" counts only the message itself. MRR is one by the place of the first hit that shows an answering
//! line, 0 where none of the first 25 does. Beside the product stand two baselines of the same run: FTS5's
//! own bm25 over all words of the question, alone and with two lines on each side.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use rem_core::{
    Journal,
    api::search::{self, Scope, SearchRequest},
    clock::Clock,
    journal::{Cancel, Opening},
    mind::around::Around,
    sources,
};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};

/// How many hits are looked at.
const DEPTHS: [usize; 3] = [5, 10, 25];
const MOST: usize = 25;
/// Lines on each side that the second baseline shows.
const BESIDE: usize = 2;

/// Prints recall and rank for each kind of question.
pub(crate) fn run(room: &Path, file: Option<PathBuf>) -> Result<()> {
    let Some(file) = file else {
        bail!("name the file of conversations and questions: cargo xtask bench recall FILE");
    };
    let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
    let all: Vec<Value> = serde_json::from_str(&text).context("reading the conversations")?;
    let mut tables: [Table; 4] = [
        Table::new("search, with the lines it shows"),
        Table::new("search, the message alone"),
        Table::new("bm25 of FTS5 and two lines on each side"),
        Table::new("bm25 of FTS5 alone"),
    ];
    for (n, conversation) in all.iter().enumerate() {
        let talk = Talk::of(conversation)?;
        let ours = Ours::new(&room.join(format!("recall-{n}")), &talk)?;
        let plain = Plain::new(&talk)?;
        for question in &talk.questions {
            let hits = ours.ask(&question.text)?;
            let alone: Vec<Vec<usize>> =
                hits.iter().map(|hit| hit.iter().take(1).copied().collect()).collect();
            tables[0].add(question, &hits);
            tables[1].add(question, &alone);
            let found = plain.ask(&question.text)?;
            let beside = found.iter().map(|line| talk.beside(*line)).collect::<Vec<_>>();
            tables[2].add(question, &beside);
            tables[3].add(question, &found.into_iter().map(|line| vec![line]).collect::<Vec<_>>());
        }
    }
    println!(
        "{} conversations, {} questions with lines that answer them",
        all.len(),
        tables[0].n()
    );
    for table in &tables {
        table.print();
    }
    Ok(())
}

struct Line {
    chat: usize,
    key: String,
    author: String,
    text: String,
    time: DateTime<Utc>,
}

struct Question {
    text: String,
    kind: &'static str,
    answers: BTreeSet<usize>,
}

struct Talk {
    lines: Vec<Line>,
    questions: Vec<Question>,
}

impl Talk {
    fn of(conversation: &Value) -> Result<Self> {
        let talk = &conversation["conversation"];
        let mut lines = Vec::new();
        for chat in 1.. {
            let Some(time) = talk[format!("session_{chat}_date_time")].as_str() else { break };
            let began = NaiveDateTime::parse_from_str(time, "%I:%M %P on %d %B, %Y")
                .with_context(|| format!("reading the time {time}"))?
                .and_utc();
            let said = talk[format!("session_{chat}")].as_array();
            for (n, line) in (0..).zip(said.into_iter().flatten()) {
                let word = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
                lines.push(Line {
                    chat,
                    key: word("dia_id"),
                    author: word("speaker"),
                    text: word("text"),
                    time: began + Duration::minutes(n),
                });
            }
        }
        let places: HashMap<&str, usize> =
            lines.iter().enumerate().map(|(n, line)| (line.key.as_str(), n)).collect();
        let mut questions = Vec::new();
        for asked in conversation["qa"].as_array().into_iter().flatten() {
            let cited = asked["evidence"].as_array().into_iter().flatten();
            // Some name several lines in one word.
            let keys = cited.filter_map(Value::as_str).flat_map(|cited| {
                cited.split(|c: char| !(c.is_alphanumeric() || c == ':')).map(str::trim)
            });
            let answers: BTreeSet<usize> =
                keys.filter_map(|key| places.get(key).copied()).collect();
            let kind = match asked["category"].as_i64() {
                Some(1) => "multi-hop",
                Some(2) => "temporal",
                Some(3) => "open domain",
                Some(4) => "single-hop",
                _ => "adversarial",
            };
            let text = asked["question"].as_str().unwrap_or_default().to_owned();
            if !answers.is_empty() {
                questions.push(Question { text, kind, answers });
            }
        }
        Ok(Self { lines, questions })
    }

    /// A line and those on each side of it in its chat, itself first.
    fn beside(&self, line: usize) -> Vec<usize> {
        let near = line.saturating_sub(BESIDE)..(line + BESIDE + 1).min(self.lines.len());
        let others = near.filter(|n| *n != line && self.lines[*n].chat == self.lines[line].chat);
        std::iter::once(line).chain(others).collect()
    }
}

/// The product.
struct Ours {
    journal: Journal,
    /// The line that a record is.
    lines: HashMap<i64, usize>,
}

impl Ours {
    fn new(room: &Path, talk: &Talk) -> Result<Self> {
        fs::create_dir_all(room)?;
        let log = room.join("chat.jsonl");
        let mut places: HashMap<(String, i64), usize> = HashMap::new();
        let mut counts: HashMap<usize, i64> = HashMap::new();
        let mut text = String::new();
        for (n, line) in
            talk.lines.iter().enumerate().filter(|(_, line)| !line.text.trim().is_empty())
        {
            let session = format!("chat {}", line.chat);
            let ordinal = counts.entry(line.chat).or_default();
            places.insert((session.clone(), *ordinal), n);
            *ordinal += 1;
            let message = json!({
                "session": session, "author": line.author, "text": line.text,
                "time": line.time.to_rfc3339(),
            });
            text.push_str(&format!("{message}\n"));
        }
        fs::write(&log, text)?;
        #[expect(clippy::disallowed_methods, reason = "a bench runs by the wall clock")]
        let clock = Clock::from_fn(Utc::now);
        let path = rem_core::journal::journal_path(room, "personal")?;
        let journal = Journal::open(Opening {
            path: path.clone(),
            name: "personal".into(),
            clock,
            zone: "UTC".into(),
            data_dir: room.to_path_buf(),
            around: Around::default(),
        })?;
        let source = sources::add(&journal, &log, false)?;
        journal.scan(source, false, &Cancel::default())?;
        journal.run_jobs(&Cancel::default())?;
        let reader = open(&path)?;
        let mut find = reader.prepare(
            "SELECT r.id, s.title, r.ordinal FROM records r JOIN records s ON s.id = r.session_id",
        )?;
        let mut lines = HashMap::new();
        let mut rows = find.query([])?;
        while let Some(row) = rows.next()? {
            if let Some(line) = places.get(&(row.get(1)?, row.get(2)?)) {
                lines.insert(row.get(0)?, *line);
            }
        }
        if lines.len() != places.len() {
            bail!("of {} lines {} came in", places.len(), lines.len());
        }
        Ok(Self { journal, lines })
    }

    /// For each hit the lines that it shows, the message itself first.
    fn ask(&self, question: &str) -> Result<Vec<Vec<usize>>> {
        let request = SearchRequest {
            query: question.to_owned(),
            scope: Scope::Messages,
            limit: u32::try_from(MOST).ok(),
            ..SearchRequest::default()
        };
        let reply = search::search(&self.journal, request)?;
        let shown = reply.hits.iter().map(|hit| {
            let beside = hit.before.iter().chain(&hit.after).map(|line| line.id);
            std::iter::once(hit.id)
                .chain(beside)
                .filter_map(|id| self.lines.get(&id).copied())
                .collect()
        });
        Ok(shown.collect())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a bench looks from outside which record is which line"
)]
fn open(path: &Path) -> Result<Connection> {
    Ok(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?)
}

/// FTS5 as it comes.
struct Plain(Connection);

impl Plain {
    #[expect(
        clippy::disallowed_methods,
        reason = "a bench compares with a table that no journal has"
    )]
    fn new(talk: &Talk) -> Result<Self> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(
            "CREATE VIRTUAL TABLE lines USING fts5 (text, tokenize = 'porter unicode61 remove_diacritics 2')",
        )?;
        {
            let mut insert =
                connection.prepare("INSERT INTO lines (rowid, text) VALUES (?1, ?2)")?;
            for (n, line) in talk.lines.iter().enumerate() {
                insert.execute((n, &line.text))?;
            }
        }
        Ok(Self(connection))
    }

    fn ask(&self, question: &str) -> Result<Vec<usize>> {
        let words: Vec<String> = question
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(|word| format!("\"{word}\""))
            .collect();
        let mut find = self.0.prepare_cached(
            "SELECT rowid FROM lines WHERE lines MATCH ?1 ORDER BY rank LIMIT ?2",
        )?;
        let found = find.query_map((words.join(" OR "), MOST), |row| row.get(0))?;
        Ok(found.collect::<rusqlite::Result<_>>()?)
    }
}

#[derive(Default, Clone)]
struct Sums {
    n: usize,
    recall: [f64; DEPTHS.len()],
    rank: f64,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.n += other.n;
        self.rank += other.rank;
        for (sum, more) in self.recall.iter_mut().zip(&other.recall) {
            *sum += more;
        }
    }
}

struct Table {
    name: &'static str,
    kinds: BTreeMap<&'static str, Sums>,
}

impl Table {
    fn new(name: &'static str) -> Self {
        Self { name, kinds: BTreeMap::new() }
    }

    fn n(&self) -> usize {
        self.kinds.values().map(|sums| sums.n).sum()
    }

    fn add(&mut self, question: &Question, hits: &[Vec<usize>]) {
        let recall = DEPTHS.map(|depth| {
            let shown: BTreeSet<usize> = hits.iter().take(depth).flatten().copied().collect();
            shown.intersection(&question.answers).count() as f64 / question.answers.len() as f64
        });
        let answers = |hit: &Vec<usize>| hit.iter().any(|line| question.answers.contains(line));
        let rank = hits.iter().position(answers).map_or(0.0, |at| 1.0 / (at + 1) as f64);
        self.kinds.entry(question.kind).or_default().add(&Sums { n: 1, recall, rank });
    }

    fn print(&self) {
        println!("\n{}", self.name);
        println!(
            "  {:<24}{:>5}{:>10}{:>11}{:>11}{:>8}",
            "questions", "n", "recall@5", "recall@10", "recall@25", "MRR"
        );
        let (mut all, mut answerable) = (Sums::default(), Sums::default());
        for (kind, sums) in &self.kinds {
            line(kind, sums);
            all.add(sums);
            if *kind != "adversarial" {
                answerable.add(sums);
            }
        }
        line("all but adversarial", &answerable);
        line("all", &all);
    }
}

fn line(name: &str, sums: &Sums) {
    let mean = |sum: f64| 100.0 * sum / sums.n.max(1) as f64;
    let [five, ten, more] = sums.recall.map(mean);
    println!(
        "  {name:<24}{:>5}{five:>10.1}{ten:>11.1}{more:>11.1}{:>8.3}",
        sums.n,
        sums.rank / sums.n.max(1) as f64
    );
}
