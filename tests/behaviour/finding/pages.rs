//! One page after the other.

use rem_core::{
    Code,
    api::search::{SearchRequest, search},
};

use crate::world::World;

fn ponds() -> World {
    let world = World::new();
    for n in 0..23 {
        world
            .write(&format!("{n}.md"), format!("# Entry {n}\n\n{}The pond.\n", "More. ".repeat(n)));
    }
    world.scan();
    world
}

fn page(world: &World, after: Option<String>) -> (Vec<i64>, Option<String>) {
    let request =
        SearchRequest { query: "pond ".into(), limit: Some(5), after, ..SearchRequest::default() };
    let reply = search(&world.journal, request).expect("a page");
    (reply.hits.into_iter().map(|hit| hit.id).collect(), reply.next)
}

#[test]
fn pages_follow_each_other_without_gap_or_repetition() {
    let world = ponds();
    let (mut all, mut next) = page(&world, None);
    let mut n_pages = 1;
    while let Some(after) = next {
        let (ids, following) = page(&world, Some(after));
        all.extend(ids);
        next = following;
        n_pages += 1;
    }
    assert_eq!((n_pages, all.len()), (5, 23));
    let request = SearchRequest { query: "pond ".into(), limit: Some(200), ..Default::default() };
    let at_once: Vec<i64> = world.search_with(request).into_iter().map(|hit| hit.id).collect();
    assert_eq!(all, at_once);
}

#[test]
fn what_comes_in_between_repeats_nothing_of_an_earlier_page() {
    let world = ponds();
    let (first, next) = page(&world, None);
    world.write("new.md", "# Pond\n\nThe pond is a pond.\n");
    world.scan();
    let (second, _) = page(&world, next);
    assert_eq!(second.iter().filter(|id| first.contains(id)).count(), 0);
}

#[test]
fn a_place_that_no_page_named_is_refused() {
    let world = ponds();
    let request = SearchRequest {
        query: "pond".into(),
        after: Some("; DROP TABLE records".into()),
        ..SearchRequest::default()
    };
    let error = search(&world.journal, request).expect_err("it is no place");
    assert_eq!(error.code(), Code::InvalidInput);
}
