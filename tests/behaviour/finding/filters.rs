//! Searches that are narrowed.

use rem_core::{
    Code,
    api::search::{HitKind, Scope, SearchRequest, search},
};

use super::line;
use crate::world::World;

/// Two people, two notes, two sources.
fn world() -> World {
    let world = World::new();
    world.write(
        "2026-10-01.md",
        "Rowed to the heron island with Ilse, and I was so happy. #boats\n",
    );
    world.write("2026-10-02.md", "Painted the heron on the barn door with Tomas.\n");
    world.write(
        "talk.jsonl",
        line("trip", 1, "Ilse", "I saw the heron again.")
            + &line("plans", 2, "Tomas Berg", "A heron ate my fish."),
    );
    world.scan();
    world.dream();
    world
}

fn titles(world: &World, scope: Scope, narrow: impl FnOnce(&mut SearchRequest)) -> Vec<String> {
    let mut request = SearchRequest { query: "heron".into(), scope, ..SearchRequest::default() };
    narrow(&mut request);
    let mut titles: Vec<String> =
        world.search_with(request).into_iter().map(|hit| hit.title).collect();
    titles.sort();
    titles
}

#[test]
fn messages_of_a_person_are_those_they_wrote() {
    let world = world();
    let of =
        |name: &str| titles(&world, Scope::Messages, |request| request.person = Some(name.into()));
    assert_eq!(of("Ilse"), ["trip"]);
    assert_eq!(of("ilse"), ["trip"]);
    assert_eq!(of("Tomas"), ["plans"], "a first name is enough");
    assert_eq!(of("Tom"), Vec::<String>::new(), "a part of one is not");
    assert_eq!(of("Nobody"), Vec::<String>::new());
}

#[test]
fn notes_and_moments_of_a_person_are_those_that_name_them() {
    let world = world();
    let mut kinds: Vec<HitKind> = Vec::new();
    for scope in [Scope::Notes, Scope::Moments] {
        let request = SearchRequest {
            query: "heron".into(),
            scope,
            person: Some("Ilse".into()),
            ..SearchRequest::default()
        };
        let hits = world.search_with(request);
        let days: Vec<_> = hits.iter().filter_map(|hit| hit.day.as_deref()).collect();
        assert!(!days.contains(&"2026-10-02"), "{scope:?}: {days:?}");
        kinds.extend(hits.iter().map(|hit| hit.kind));
    }
    assert!(kinds.contains(&HitKind::Note) && kinds.contains(&HitKind::Moment), "{kinds:?}");
}

#[test]
fn a_tag_is_kept_to_in_notes_and_moments() {
    let world = world();
    for scope in [Scope::Notes, Scope::Moments] {
        let days = |tag: &str| -> Vec<String> {
            let request = SearchRequest {
                query: "heron".into(),
                scope,
                tag: Some(tag.into()),
                ..SearchRequest::default()
            };
            world.search_with(request).into_iter().filter_map(|hit| hit.day).collect()
        };
        assert_eq!(days("boats"), ["2026-10-01"], "{scope:?}");
        assert_eq!(days("#Boats"), ["2026-10-01"], "{scope:?}");
        assert_eq!(days("no-such-tag"), Vec::<String>::new(), "{scope:?}");
    }
}

#[test]
fn an_emotion_is_kept_to_in_moments_and_what_they_rest_on() {
    let world = world();
    let felt = world.moment_about("island").moment.emotions;
    let emotion = felt.first().expect("something was felt").label.clone();
    for scope in [Scope::Moments, Scope::Notes] {
        let request = SearchRequest {
            query: "heron".into(),
            scope,
            emotion: Some(emotion.clone()),
            ..SearchRequest::default()
        };
        let days: Vec<_> =
            world.search_with(request).into_iter().filter_map(|hit| hit.day).collect();
        assert_eq!(days, ["2026-10-01"], "{scope:?} {emotion}");
    }
}

#[test]
fn a_source_is_kept_to_and_one_that_is_not_there_is_said() {
    let world = world();
    let other = world.home().join("letters");
    std::fs::create_dir(&other).expect("a folder");
    std::fs::write(other.join("2026-10-05.md"), "# Letter\n\nA heron in the garden.\n")
        .expect("a letter");
    world.import(&other);
    let of =
        |name: &str| titles(&world, Scope::Notes, |request| request.source = Some(name.into()));
    assert_eq!(of("letters"), ["Letter"]);
    assert_eq!(of("notes").len(), 2);
    let request = SearchRequest {
        query: "heron".into(),
        source: Some("attic".into()),
        ..SearchRequest::default()
    };
    let error = search(&world.journal, request).expect_err("there is none");
    assert_eq!(error.code(), Code::NotFound);
    assert!(error.to_string().contains("attic"), "{error}");
}

#[test]
fn nothing_in_a_filter_is_a_syntax_error() {
    let world = world();
    for text in ["'", "\"", "%", "' OR 1=1 --", "{}", "[", "a\0b", "\u{202E}"] {
        let request = SearchRequest {
            query: "heron".into(),
            person: Some(text.into()),
            tag: Some(text.into()),
            emotion: Some(text.into()),
            ..SearchRequest::default()
        };
        assert!(world.search_with(request).is_empty(), "{text}");
    }
}
