use super::*;
use crate::world::differences as differing;

const SECRETS: [&str; 3] = ["zibellina", "johanna", "quokkaville"];

/// A journal with a second source of secrets, which versions speak of, one of them undone. Returns the source.
fn told(world: &World) -> i64 {
    let other = world.home().join("secrets");
    std::fs::create_dir(&other).expect("a folder");
    for day in 6..=9 {
        let text = format!(
            "## 10:00\nTuned number {day} with Johanna and was glad of the zibellina. #zibellina \
             #quokkaville\n"
        );
        std::fs::write(other.join(format!("2026-10-{day:02}.md")), text).expect("a note");
    }
    let source = rem_core::sources::add(&world.journal, &other, true).expect("a source");
    world.journal.scan(source, true, &Cancel::default()).expect("it is read");
    world.pass(DAY);
    world.dream();
    write(world, 10..=10);
    world.pass(DAY);
    let undone = world.dream().dream_id.expect("a dream");
    world.journal.undo_dream(undone).expect("it is undone");
    source
}

fn holds(world: &World, secret: &str) -> Vec<String> {
    let all = world.everything().into_iter();
    let has = |rows: &Vec<String>| rows.iter().any(|row| row.to_lowercase().contains(secret));
    all.filter(|(_, rows)| has(rows)).map(|(table, _)| table).collect()
}

#[test]
fn a_forgotten_source_takes_every_version_that_was_made_from_it_and_leaves_the_others() {
    let world = days(5);
    world.dream();
    let older = versions(&world);
    let source = told(&world);
    assert!(versions(&world).len() > older.len());
    assert!(people(&view(&world)).contains(&"Johanna"), "{:?}", people(&view(&world)));
    edit(&world, ProfileEdit::HidePerson { name: "Johanna".into() });
    edit(&world, ProfileEdit::RemoveInterest { name: "zibellina".into() });
    edit(&world, ProfileEdit::HidePerson { name: "Tomas".into() });
    for table in ["profile_people", "profile_edits", "revision_rows"] {
        assert!(holds(&world, "johanna").iter().any(|name| name == table), "{table}");
    }
    world.forget_source(source);
    for secret in SECRETS {
        assert_eq!(holds(&world, secret), Vec::<String>::new(), "{secret}");
    }
    assert_eq!(versions(&world), older);
    assert_eq!(view(&world).hidden_people, ["Tomas"], "he is still spoken of");
    world.dream();
    let again = view(&world);
    assert!(again.version > older.first().copied() || !again.summary.is_empty());
    assert!(SECRETS.iter().all(|secret| !again.summary.to_lowercase().contains(secret)));
}

#[test]
fn what_is_left_can_be_dreamt_and_undone() {
    let world = days(5);
    let before = world.everything();
    world.dream();
    let source = told(&world);
    world.forget_source(source);
    world.dream();
    assert!(view(&world).version.is_some());
    let all = rem_core::api::history::list_dreams(&world.journal, Default::default());
    for dream in all.expect("a list") {
        let now = rem_core::api::history::list_dreams(&world.journal, Default::default());
        let can = now.expect("a list").into_iter().any(|one| one.id == dream.id && one.can_undo);
        if can {
            world.journal.undo_dream(dream.id).expect("it is undone");
        }
    }
    let after = world.everything();
    for table in ["profiles", "profile_interests", "profile_people", "profile_sources", "edges"] {
        let of = |all: &BTreeMap<String, Vec<String>>| {
            BTreeMap::from([(table.to_owned(), all[table].clone())])
        };
        assert_eq!(differing(&of(&before), &of(&after)), Vec::<String>::new(), "{table}");
    }
    assert_eq!(
        world.count(
            "SELECT count(*) FROM edges WHERE from_kind = 'entity'
               AND from_id NOT IN (SELECT id FROM entities)"
        ),
        0
    );
}
