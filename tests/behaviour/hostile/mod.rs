/// What hostile people and programs type.
mod inputs;
/// What that is made of.
mod words;

use std::{
    env, fs,
    panic::{self, AssertUnwindSafe},
    time::{Duration, Instant},
};

use rem_cli::assistants_answers;
use rem_core::{
    Code, Error, Journal,
    api::{
        graph::{FindNodes, find_nodes},
        query::{QueryRequest, query},
        search::{SearchRequest, search},
    },
};
use serde_json::{Value, json};

use self::inputs::Hostile;
use crate::{
    querying::week,
    world::{World, differences, outside},
};

/// A way into the journal that takes a text as it is typed.
struct Door {
    name: &'static str,
    /// What comes back, as its words.
    ask: fn(&Journal, &str) -> Result<String, Error>,
    /// Why it may say no.
    may_refuse: &'static [Code],
}

/// To add one: a line.
const DOORS: &[Door] = &[
    Door { name: "query", ask: by_query, may_refuse: &[Code::InvalidInput] },
    Door { name: "search", ask: by_search, may_refuse: &[] },
    Door { name: "graph", ask: by_name, may_refuse: &[] },
    Door { name: "mcp", ask: by_assistant, may_refuse: &[] },
];

/// Time that a question gets here; it has two seconds otherwise.
const GIVEN: Duration = Duration::from_millis(250);
/// Beyond what is given: opening, a slow machine, and what cannot be stopped in its middle. Whoever needs
/// more does not hear that the time is over.
const GRACE: Duration = Duration::from_secs(10);
/// Stands where no door leads: in what was hidden, deleted, and remembered of a model.
const SECRET: &str = "zwingerquast";

fn by_query(journal: &Journal, text: &str) -> Result<String, Error> {
    let request = QueryRequest {
        sql: text.into(),
        limit: Some(50),
        timeout_ms: Some(u64::try_from(GIVEN.as_millis()).expect("a small number")),
    };
    let reply = query(journal, request)?;
    assert!(reply.rows.len() <= 50, "{} rows", reply.rows.len());
    Ok(serde_json::to_string(&reply).expect("an answer is JSON"))
}

fn by_search(journal: &Journal, text: &str) -> Result<String, Error> {
    let reply = search(journal, SearchRequest { query: text.into(), ..SearchRequest::default() })?;
    Ok(serde_json::to_string(&reply).expect("an answer is JSON"))
}

/// A name of a node, as walks, paths and pictures of the graph take it.
fn by_name(journal: &Journal, text: &str) -> Result<String, Error> {
    let nodes = find_nodes(journal, FindNodes { name: text.into(), limit: 50 })?;
    assert!(nodes.len() <= 50, "{} meanings", nodes.len());
    Ok(serde_json::to_string(&nodes).expect("an answer is JSON"))
}

/// As what an assistant searches for, as another word of its arguments, and as the arguments themselves. It
/// may be told that a day, a number or a place in a list cannot be; searching takes anything.
fn by_assistant(journal: &Journal, text: &str) -> Result<String, Error> {
    let words = ["scope", "since", "until", "day", "id", "kind", "cursor", "name", "depth"];
    let word = words[text.len() % words.len()];
    let mut all = vec![json!({ "query": text }), json!({ "query": "happy", word: text })];
    all.extend(serde_json::from_str::<Value>(text));
    let mut told = String::new();
    for (n, arguments) in all.iter().enumerate() {
        for (ability, answer) in assistants_answers(journal, arguments) {
            match answer {
                Ok(answer) => told.push_str(&answer.to_string()),
                Err(error) if n == 0 && ability == "search" => return Err(error),
                Err(error) if matches!(error.code(), Code::InvalidInput | Code::NotFound) => {
                    told.push_str(&error.to_string());
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(told)
}

/// How many hostile texts each door gets: a part of them in every run of the tests, all 10,000 where
/// `REM_TEST_HOSTILE` asks for them.
fn n_texts() -> usize {
    env::var("REM_TEST_HOSTILE").ok().and_then(|n| n.parse().ok()).unwrap_or(1_500)
}

/// A journal with words that nobody may get to.
fn guarded() -> World {
    let world = week();
    world.write(
        "secret.md",
        format!("# {SECRET}\n\n## 10:00 - 11:00 {SECRET} #{SECRET}\n\nA {SECRET}.\n"),
    );
    world.scan();
    world.dream();
    world.delete("secret.md");
    world.scan_with(true);
    world.dream();
    let file = outside(world.journal.path());
    for sql in [
        "UPDATE moments SET is_hidden = 1, title = ?1, summary = ?1, outcome = ?1, tags = '[\"' || ?1 || '\"]'
         WHERE day = '2026-09-01'",
        "UPDATE moods SET note = ?1 WHERE day = '2026-09-01'",
        "INSERT INTO moments_fts (moments_fts) VALUES ('delete-all')",
        "INSERT INTO moments_fts (rowid, title, summary, tags, people, stems)
         SELECT id, title, summary, tags, people, '' FROM moments",
        "INSERT INTO mind_cache (key, model, prompt, reply, created_at) VALUES (x'00', ?1, ?1, ?1, 0)",
        "INSERT INTO settings (key, value) VALUES (?1, '1')",
        "INSERT INTO jobs (kind, key, reason, state, created_at, updated_at) VALUES (?1, ?1, ?1, 'dead', 0, 0)",
    ] {
        let words: &[&str] = if sql.contains("?1") { &[SECRET] } else { &[] };
        file.execute(sql, rusqlite::params_from_iter(words))
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    world
}

/// What is wrong with what a door did with a text, if anything.
fn complaint(door: &Door, journal: &Journal, text: &str) -> Option<String> {
    let began = Instant::now();
    let answer = panic::catch_unwind(AssertUnwindSafe(|| (door.ask)(journal, text)));
    let took = began.elapsed();
    if took > GIVEN + GRACE {
        return Some(format!("took {took:?}"));
    }
    match answer {
        Err(_) => Some("panicked".into()),
        Ok(Ok(words)) => words.contains(SECRET).then(|| "told the secret".into()),
        Ok(Err(error)) if !door.may_refuse.contains(&error.code()) => {
            Some(format!("failed: {error}"))
        }
        Ok(Err(error)) => {
            error.to_string().contains(SECRET).then(|| "told the secret by its error".into())
        }
    }
}

fn files(world: &World) -> Vec<String> {
    let names = fs::read_dir(world.home()).expect("the folder is there");
    let mut names: Vec<String> = names
        .map(|name| name.expect("a file").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Gives a door all texts; what is wrong comes back with the text's number and its beginning.
fn besieged(door: &Door, world: &World) -> (Vec<String>, usize) {
    let mut found = Vec::new();
    let mut n_answered = 0;
    for (n, text) in Hostile::texts(n_texts()).enumerate() {
        if let Some(complaint) = complaint(door, &world.journal, &text) {
            let start: String = text.chars().take(300).collect();
            found.push(format!("{} {complaint} at text {n}: {start:?}", door.name));
        }
        if n % 500 == 0 {
            n_answered += usize::from((door.ask)(&world.journal, "SELECT 1").is_ok());
        }
    }
    (found, n_answered)
}

#[test]
fn no_door_breaks_writes_tells_or_hangs_whatever_is_typed() {
    let world = guarded();
    let (before, files_before) = (world.everything(), files(&world));
    for door in DOORS {
        let (found, n_answered) = besieged(door, &world);
        assert!(found.is_empty(), "{} of {}:\n{}", found.len(), n_texts(), found.join("\n"));
        assert!(n_answered > 0, "{} answers nothing any more", door.name);
        assert_eq!(
            differences(&before, &world.everything()),
            Vec::<String>::new(),
            "{}",
            door.name
        );
        assert_eq!(files(&world), files_before, "{}", door.name);
    }
}

#[test]
fn the_siege_would_notice_a_door_that_breaks_tells_fails_or_hangs() {
    let world = guarded();
    let found = |ask: fn(&Journal, &str) -> Result<String, Error>| {
        let door = Door { name: "broken", ask, may_refuse: &[Code::InvalidInput] };
        complaint(&door, &world.journal, "x")
    };
    assert_eq!(found(|_, _| Ok(format!("a {SECRET}"))).as_deref(), Some("told the secret"));
    assert_eq!(
        found(|_, _| Err(Error::invalid(SECRET))).as_deref(),
        Some("told the secret by its error")
    );
    assert!(
        found(|_, _| Err(Error::Busy("no".into()))).is_some_and(|said| said.starts_with("failed"))
    );
    assert_eq!(found(|_, _| panic!("it breaks")).as_deref(), Some("panicked"));
    assert_eq!(found(|_, _| Ok(String::new())), None);
    assert_eq!(found(|_, _| Err(Error::invalid("no"))), None);
}

#[test]
fn hostile_texts_are_the_same_each_time_and_many_of_them_are_questions_that_are_answered() {
    let texts: Vec<String> = Hostile::texts(600).collect();
    assert_eq!(texts, Hostile::texts(600).collect::<Vec<_>>());
    assert!(texts.iter().any(|text| text.len() >= 1 << 20), "there is a text of a megabyte");
    let world = week();
    let n_answered = texts.iter().filter(|text| by_query(&world.journal, text).is_ok()).count();
    assert!(n_answered > 60, "only {n_answered} of 600 get as far as an answer");
}
