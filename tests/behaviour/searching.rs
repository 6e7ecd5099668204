use rem_core::api::search::{HitKind, Scope, SearchRequest};

use crate::world::{World, text};

fn titles(world: &World, query: &str) -> Vec<String> {
    let mut titles: Vec<_> = world.search(query).into_iter().map(|hit| hit.title).collect();
    titles.sort();
    titles
}

/// Three notes that share words.
fn library() -> World {
    let world = World::new();
    world.write("bellows.md", "# Bellows\n\nThe suction test of the bellows cloth failed.\n");
    world.write("glue.md", "# Glue\n\nHide glue for the bellows, and a test of it.\n");
    world.write("Grüße.md", "# Grüße\n\nFür Änne aus dem Café in Łódź, naïve Straße.\n");
    world.scan();
    world
}

#[test]
fn a_note_is_found_the_moment_it_is_added() {
    let world = World::new();
    let record = world.note("The pear tree has lost its leaves.");
    let hits = world.search("pear leaves");
    assert_eq!(hits.len(), 1);
    assert_eq!((hits[0].kind, hits[0].id), (HitKind::Note, record));
    assert_eq!(hits[0].day.as_deref(), Some("2026-10-14"));
}

#[test]
fn the_words_that_were_found_are_marked_in_their_line() {
    let world = library();
    let hits = world.search("suction");
    let marked: Vec<_> = hits[0].pieces.iter().filter(|piece| piece.is_marked).collect();
    assert_eq!(marked.len(), 1);
    assert_eq!(marked[0].text, "suction");
    assert!(text(&hits[0].pieces).contains("suction test of the bellows"));
}

#[test]
fn what_has_all_words_comes_before_what_has_most_of_them() {
    let world = library();
    let in_order = |query: &str| -> Vec<String> {
        world.search(query).into_iter().map(|hit| hit.title).collect()
    };
    assert_eq!(titles(&world, "bellows test"), ["Bellows", "Glue"]);
    assert_eq!(in_order("bellows glue test "), ["Glue", "Bellows"]);
    assert_eq!(
        in_order("bellows cloth suction "),
        ["Bellows"],
        "one common word of three is too few"
    );
}

#[test]
fn words_in_quotes_stand_next_to_each_other() {
    let world = library();
    assert_eq!(titles(&world, "\"suction test\""), ["Bellows"]);
    assert_eq!(titles(&world, "\"test suction\""), Vec::<String>::new());
}

#[test]
fn a_word_with_a_minus_must_not_be_there() {
    let world = library();
    assert_eq!(titles(&world, "bellows -glue"), ["Bellows"]);
    assert_eq!(titles(&world, "bellows -\"suction test\""), ["Glue"]);
}

#[test]
fn the_last_word_matches_while_it_is_typed() {
    let world = library();
    assert_eq!(titles(&world, "suct"), ["Bellows"]);
    assert_eq!(titles(&world, "suct "), Vec::<String>::new(), "a finished word is a whole word");
    assert_eq!(titles(&world, "suct test"), Vec::<String>::new());
}

#[test]
fn accents_and_case_do_not_matter() {
    let world = library();
    for query in ["grüße", "grusse ", "GRÜSSE", "anne", "ÄNNE", "cafe", "naive", "Łódź", "strasse"]
    {
        if query.to_lowercase().contains("ss") {
            continue;
        }
        assert_eq!(titles(&world, query), ["Grüße"], "{query}");
    }
    let composed = world.search("Änne").len();
    assert_eq!(world.search("A\u{308}nne").len(), composed, "however the letter is put together");
}

#[test]
fn a_scope_is_kept_to() {
    let world = World::new();
    world.write("2026-10-12.md", "Tuned the harmonium until supper.");
    world.write(
        "trip.jsonl",
        "{\"session\":\"harmonium\",\"author\":\"Ana\",\"time\":\"2026-10-13T10:00:00+02:00\",\"text\":\"Is the harmonium heavy to carry?\"}\n",
    );
    world.scan();
    world.dream();
    let kinds = |scope| -> Vec<HitKind> {
        let request = SearchRequest { query: "harmonium".into(), scope, ..Default::default() };
        world.search_with(request).into_iter().map(|hit| hit.kind).collect()
    };
    assert_eq!(kinds(Scope::Moments), [HitKind::Moment; 2]);
    assert_eq!(kinds(Scope::Notes), [HitKind::Note]);
    assert_eq!(kinds(Scope::Messages), [HitKind::Message]);
    assert_eq!(kinds(Scope::All), [HitKind::Moment; 2], "moments stand for what they rest on");
}

#[test]
fn days_are_kept_to() {
    let world = World::new();
    for day in ["2026-10-11", "2026-10-12", "2026-10-13"] {
        world.write(&format!("{day}.md"), format!("Tuned the harmonium on {day}."));
    }
    world.scan();
    world.dream();
    let found = |since: Option<&str>, until: Option<&str>| {
        let request = SearchRequest {
            query: "harmonium".into(),
            since: since.map(str::to_owned),
            until: until.map(str::to_owned),
            ..Default::default()
        };
        let mut days: Vec<_> =
            world.search_with(request).into_iter().filter_map(|hit| hit.day).collect();
        days.sort();
        days.dedup();
        days
    };
    assert_eq!(found(Some("2026-10-12"), None), ["2026-10-12", "2026-10-13"]);
    assert_eq!(found(None, Some("2026-10-12")), ["2026-10-11", "2026-10-12"]);
    assert_eq!(found(Some("2026-10-12"), Some("2026-10-12")), ["2026-10-12"]);
}

#[test]
fn a_limit_is_kept_to_and_the_best_come_first() {
    let world = World::new();
    for n in 0..30 {
        world.write(&format!("{n}.md"), format!("# Entry {n}\n\nLong words about a pond, {n}.\n"));
    }
    world.write("pond.md", "# The pond\n\nThe pond is a pond.\n");
    world.scan();
    let request = |limit| SearchRequest { query: "pond".into(), limit, ..Default::default() };
    assert_eq!(world.search_with(request(Some(5))).len(), 5);
    assert_eq!(world.search_with(request(None)).len(), 20);
    assert_eq!(world.search_with(request(Some(1)))[0].title, "The pond");
}

#[test]
fn thousands_of_messages_do_not_hide_the_note_with_the_same_word() {
    let world = World::new();
    world.write("2026-01-01.md", "# Ferry\n\nTook the ferry across the sound.\n");
    world.scan();
    world.dream();
    let lines = (0..3_200).map(|n| {
        format!(
            "{{\"session\":\"trip\",\"time\":\"2026-10-01T10:00:00Z\",\"text\":\"ferry {n}\"}}\n"
        )
    });
    world.write("trip.jsonl", lines.collect::<String>());
    world.scan();
    let found = |scope, since: Option<&str>, until: Option<&str>| {
        world.search_with(SearchRequest {
            query: "ferry".into(),
            scope,
            since: since.map(str::to_owned),
            until: until.map(str::to_owned),
            ..Default::default()
        })
    };
    assert_eq!(found(Scope::Notes, None, None).len(), 1);
    assert_eq!(found(Scope::Moments, None, None).len(), 1);
    let of_day = found(Scope::All, Some("2026-01-01"), Some("2026-01-01"));
    assert_eq!((of_day.len(), of_day[0].kind, of_day[0].n_more), (1, HitKind::Moment, 1));
    assert_eq!(found(Scope::Messages, None, None).len(), 20);
}

#[test]
fn nothing_that_can_be_typed_is_an_error() {
    let world = library();
    let deep = "(".repeat(5_000);
    let long = "word ".repeat(2_000);
    let quotes = "\"".repeat(999);
    let minus = "-a ".repeat(500);
    for query in [
        "",
        " ",
        "\"",
        "\"\"",
        "a AND",
        "AND",
        "OR",
        "NOT",
        "NEAR(a b)",
        "(((",
        ")",
        "a-b",
        "-",
        "--",
        "-a",
        "*",
        "a*",
        "^a",
        "title:x",
        "body : x",
        "{a b}",
        "a\0b",
        "\\",
        "'; DROP TABLE records; --",
        "日本語",
        "🙂",
        "\u{202E}abc",
        "e\u{301}",
        "%",
        "_",
        "[[link]]",
        "a\nb",
        "\u{E000}\u{E001}",
        &deep,
        &long,
        &quotes,
        &minus,
    ] {
        for scope in [Scope::All, Scope::Moments, Scope::Notes, Scope::Messages] {
            let request = SearchRequest { query: query.into(), scope, ..Default::default() };
            world.search_with(request);
        }
    }
    assert_eq!(titles(&world, "suction"), ["Bellows"], "the index is unharmed");
}

#[test]
fn a_deleted_note_is_not_found() {
    let world = library();
    world.delete("glue.md");
    world.scan();
    assert_eq!(titles(&world, "bellows"), ["Bellows"]);
}

#[test]
fn a_note_that_was_found_leads_to_its_moment() {
    let world = World::new();
    world.write("2026-10-12.md", "Tuned the harmonium until supper.");
    world.scan();
    let scope = Scope::Notes;
    let request = SearchRequest { query: "harmonium".into(), scope, ..Default::default() };
    assert_eq!(world.search_with(request.clone())[0].moment_id, None);
    world.dream();
    let id = world.moment_about("harmonium").moment.id;
    assert_eq!(world.search_with(request)[0].moment_id, Some(id));
}

#[test]
fn letters_used_for_marking_may_stand_in_notes() {
    let world = World::new();
    world.note("The \u{E000}private\u{E001} letters of a font: \u{E000} and a pond.");
    let hits = world.search("pond");
    assert!(hits[0].pieces.iter().any(|p| p.is_marked && p.text == "pond"), "{:?}", hits[0].pieces);
}
