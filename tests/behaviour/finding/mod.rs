//! What a search finds, in which order, and what it shows of it.

mod filters;
mod languages;
mod meaning;
mod pages;

use rem_core::{
    api::{
        moments::{CorrectMoment, Correction, correct_moment},
        pieces::Piece,
        search::{Hit, HitKind, Scope, SearchReply, SearchRequest, search},
    },
    journal::Cancel,
};

use crate::world::{World, text};

const DAY: i64 = 86_400_000;

fn ask(world: &World, query: &str, scope: Scope) -> SearchReply {
    let request = SearchRequest {
        query: query.into(),
        scope,
        explain: Some(true),
        ..SearchRequest::default()
    };
    search(&world.journal, request).expect("a search")
}

fn line(session: &str, minute: u32, author: &str, text: &str) -> String {
    let time = format!("2026-10-0{}T10:{:02}:00+02:00", 1 + minute / 60, minute % 60);
    serde_json::json!({"session": session, "author": author, "time": time, "text": text})
        .to_string()
        + "\n"
}

fn said(pieces: &[Piece]) -> String {
    text(pieces)
}

/// A conversation of twelve lines, two of them about a kiln.
fn talk() -> World {
    let world = World::new();
    let lines = [
        "Good morning, how was the crossing?",
        "Rough, and nobody slept.",
        "What is it that you sold at the market?",
        "The old kiln, to a potter from Ulm.",
        "At last! It stood in the yard for years.",
        "I kept the bricks.",
        "How are the children?",
        "The little one has learnt to swim.",
        "In the lake?",
        "In the lake, with the herons watching.",
        "Send me a picture of that.",
        "The kiln was heavier than I thought.",
    ];
    let log: String = (0..)
        .zip(lines)
        .map(|(n, text)| line("crossing", n, if n % 2 == 0 { "Ilse" } else { "Tomas" }, text))
        .collect();
    world.write("crossing.jsonl", log);
    world.scan();
    world
}

#[test]
fn a_question_is_answered_by_what_has_some_of_its_words() {
    let world = talk();
    let hits = ask(&world, "To whom did Tomas sell the kiln he had owned?", Scope::Messages).hits;
    assert!(said(&hits[0].pieces).contains("kiln"), "{hits:?}");
}

#[test]
fn a_message_is_shown_with_what_was_said_before_and_after_it() {
    let world = talk();
    let hits = ask(&world, "potter", Scope::Messages).hits;
    assert_eq!(hits.len(), 1);
    let around = |lines: &[rem_core::api::search::ContextLine]| -> Vec<(String, String)> {
        lines.iter().map(|line| (line.author.clone(), said(&line.pieces))).collect()
    };
    let pair = |author: &str, text: &str| (author.to_owned(), text.to_owned());
    assert_eq!(
        around(&hits[0].before),
        [
            pair("Tomas", "Rough, and nobody slept."),
            pair("Ilse", "What is it that you sold at the market?")
        ]
    );
    assert_eq!(
        around(&hits[0].after),
        [
            pair("Ilse", "At last! It stood in the yard for years."),
            pair("Tomas", "I kept the bricks.")
        ]
    );
}

#[test]
fn messages_beside_each_other_are_one_hit_and_others_are_not() {
    let world = talk();
    let hits = ask(&world, "the lake swim kiln?", Scope::Messages).hits;
    let lake: Vec<&Hit> = hits.iter().filter(|hit| said(&hit.pieces).contains("lake")).collect();
    assert_eq!((lake.len(), lake[0].n_more), (1, 2), "{hits:?}");
    assert_eq!(hits.iter().filter(|hit| said(&hit.pieces).contains("kiln")).count(), 2);
}

#[test]
fn what_the_neighbours_of_a_message_say_speaks_for_it() {
    let world = World::new();
    let mut log = line("a", 1, "Ilse", "Which pigment did you take for the barn door?");
    log += &line("a", 2, "Tomas", "The red one, of course.");
    log += &line("b", 3, "Ilse", "Is the bus late?");
    log += &line("b", 4, "Tomas", "The red one, of course.");
    world.write("talk.jsonl", log);
    world.scan();
    let hits = ask(&world, "red", Scope::Messages).hits;
    assert_eq!(hits[0].explanation.as_ref().expect("why").words_rank, Some(1));
    let hits = ask(&world, "which red pigment for the barn?", Scope::Messages).hits;
    assert_eq!(hits[0].title, "a");
}

#[test]
fn a_message_of_somebody_named_in_the_question_comes_first() {
    let world = World::new();
    let mut log = line("a", 1, "Ilse", "I planted quinces.");
    log += &line("b", 2, "Tomas", "I planted quinces.");
    world.write("talk.jsonl", log);
    world.scan();
    for name in ["Ilse", "Tomas"] {
        let hits = ask(&world, &format!("What did {name} plant, quinces?"), Scope::Messages).hits;
        assert_eq!(hits[0].author, name);
    }
}

#[test]
fn a_moment_stands_for_what_it_rests_on() {
    let world = World::new();
    world.write("2026-10-12.md", "Tuned the harmonium until supper.");
    world.write("2026-10-13.md", "Rowed to the island.");
    world.scan();
    world.dream();
    let hits = ask(&world, "harmonium", Scope::All).hits;
    assert_eq!(hits.len(), 1, "{hits:?}");
    assert_eq!((hits[0].kind, hits[0].n_more), (HitKind::Moment, 1));
    assert_eq!(ask(&world, "harmonium", Scope::Notes).hits[0].kind, HitKind::Note);
}

#[test]
fn a_hidden_moment_is_not_found_and_stands_for_nothing() {
    let world = World::new();
    world.write("2026-10-12.md", "Tuned the harmonium until supper.");
    world.scan();
    world.dream();
    let id = world.moment_about("harmonium").moment.id;
    let correction = Correction::Hidden { hidden: true };
    correct_moment(&world.journal, CorrectMoment { id, correction }).expect("it is hidden");
    let hits = ask(&world, "harmonium", Scope::All).hits;
    assert_eq!(hits.iter().map(|hit| hit.kind).collect::<Vec<_>>(), [HitKind::Note]);
    assert_eq!(hits[0].moment_id, None);
    assert!(ask(&world, "harmonium", Scope::Moments).hits.is_empty());
}

#[test]
fn a_hit_says_how_it_came_to_its_place_if_asked() {
    let world = talk();
    world.journal.run_jobs(&Cancel::default()).expect("vectors");
    let reply = ask(&world, "kiln potter", Scope::Messages);
    assert!(reply.by_meaning);
    let why = reply.hits[0].explanation.as_ref().expect("an explanation");
    assert_eq!(why.matched, ["kiln", "potter"]);
    assert_eq!((why.words_rank, why.meaning_rank), (Some(1), Some(1)));
    assert!(why.words_score > 0.0 && why.cosine > 0.0, "{why:?}");
    let sum = (1.0 + why.meaning_weight) / 61.0;
    assert!((why.score - sum).abs() < 1e-9, "{why:?}");
    assert!(world.search("kiln")[0].explanation.is_none(), "nobody asked");
}

#[test]
fn after_a_year_what_is_pinned_and_what_was_returned_to_leads() {
    let world = World::new();
    let names = ["Anna", "Bert", "Cleo", "Dora"];
    for (n, name) in (1..).zip(names) {
        world.write(
            &format!("2026-10-0{n}.md"),
            format!("Rowed to the heron island with {name}.\n"),
        );
    }
    world.scan();
    world.dream();
    let order = || -> Vec<i64> {
        ask(&world, "heron island", Scope::Moments).hits.iter().map(|hit| hit.id).collect()
    };
    let before = order();
    assert_eq!(before.len(), 4);
    let (pinned, visited) = (before[3], before[2]);
    let correction = Correction::Pinned { pinned: true };
    correct_moment(&world.journal, CorrectMoment { id: pinned, correction }).expect("pinned");
    for _ in 0..12 {
        world.pass(30 * DAY);
        world.moment(visited);
        world.journal.count_visits();
    }
    world.pass(5 * DAY);
    let decay = rem_core::api::decay::DecayRequest::default();
    rem_core::api::decay::dream_decay(&world.journal, decay).expect("it fades");
    let after = order();
    assert_eq!(after[..2], [pinned, visited], "before: {before:?}");
    assert_eq!(after.len(), 4, "nothing is lost");
}
