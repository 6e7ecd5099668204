use rem_core::{
    api::{
        affinity::AffinityRequest,
        history::{DreamId, ThingDiff, diff_dream},
    },
    journal::Cancel,
};

use super::{DAY, assert_same, correct, dreams, dump, entry, in_step, title, undo};
use crate::world::World;

/// Words of a source that is to be forgotten, each of which stands nowhere else.
const SECRETS: [&str; 6] =
    ["zibellina", "quokkaville", "Xanthippe", "marzipanwerk", "bathyscaphe", "kaleidophone"];

/// A journal with two sources; the second holds the secrets, which were edited, corrected, dreamt of
/// several times and undone. Returns the source.
fn told_secrets(world: &World) -> i64 {
    let other = world.home().join("secrets");
    std::fs::create_dir(&other).expect("a folder");
    let write = |name: &str, text: &str| std::fs::write(other.join(name), text).expect("a note");
    world.write("2026-10-01.md", "## 09:00\nRowed to the heron island and baked bread.\n");
    world.scan();
    write(
        "2026-10-01.md",
        "## 10:00\nMet Xanthippe at the marzipanwerk and was glad of the zibellina. #quokkaville\n",
    );
    write(
        "2026-10-02.md",
        "## 10:00\nXanthippe showed me the zibellina at the marzipanwerk again.\n",
    );
    let source = rem_core::sources::add(&world.journal, &other, true).expect("a source");
    let read = || {
        world.journal.scan(source, true, &Cancel::default()).expect("it is read");
        world.pass(DAY);
        world.dream().dream_id.expect("a dream")
    };
    read();
    let relate = AffinityRequest { threshold: Some(0.05), ..AffinityRequest::default() };
    let related = world.journal.dream_affinity(&relate, &Cancel::default(), &|_, _| {});
    assert!(related.expect("affinity ends well").n_pairs > 0);
    correct(world, world.moment_about("marzipanwerk and was").moment.id, title("A kaleidophone"));
    write("2026-10-02.md", "## 10:00\nThe bathyscaphe sank, and Xanthippe with it.\n");
    let second = read();
    undo(world, second);
    world.dream();
    for table in ["revision_rows", "revision_changes"] {
        assert!(
            world.everything()[table]
                .iter()
                .any(|row| row.contains("kaleidophone") || row.contains("bathyscaphe")),
            "{table} holds nothing to forget"
        );
    }
    source
}

/// All that the file and what lies beside it hold, byte by byte, in small letters.
fn bytes(world: &World) -> String {
    let folder = world.journal.path().parent().expect("a folder");
    let files =
        std::fs::read_dir(folder).expect("a folder").map(|file| file.expect("a file").path());
    let all: Vec<u8> = files.flat_map(|path| std::fs::read(path).expect("a file")).collect();
    String::from_utf8_lossy(&all).to_lowercase()
}

#[test]
fn a_source_that_is_forgotten_leaves_no_word_in_any_table_and_none_in_the_file() {
    let world = World::new();
    let source = told_secrets(&world);
    let held = bytes(&world);
    assert!(SECRETS.iter().all(|word| held.contains(&word.to_lowercase())), "it held them all");
    world.forget_source(source);
    for (table, rows) in world.everything() {
        for row in rows {
            let found =
                SECRETS.iter().find(|word| row.to_lowercase().contains(&word.to_lowercase()));
            assert!(found.is_none(), "{table} still holds {found:?}");
        }
    }
    let holds = bytes(&world);
    for word in SECRETS {
        // The index of words and the word frequencies hold stems.
        let stem = &word.to_lowercase()[..7];
        assert!(!holds.contains(stem), "the file still holds {word}");
    }
}

#[test]
fn what_is_left_of_nights_with_a_forgotten_source_can_still_be_undone() {
    let world = World::new();
    let before = dump(&world);
    let source = told_secrets(&world);
    world.forget_source(source);
    world.dream();
    assert_eq!(world.moments().len(), 1);
    let mut n_undone = 0;
    for dream in dreams(&world) {
        // Of affinity's night nothing is left at all.
        if entry(&world, dream.id).can_undo {
            undo(&world, dream.id);
            in_step(&world);
            n_undone += 1;
        }
    }
    assert!(n_undone >= 2, "{n_undone} nights were undone");
    assert_same(&before, &dump(&world), "nothing is left, and nothing came back");
}

#[test]
fn a_night_with_a_forgotten_source_says_how_much_cannot_be_told_any_more() {
    let world = World::new();
    let source = told_secrets(&world);
    let first = dreams(&world).last().expect("a dream").id;
    world.forget_source(source);
    let diff = diff_dream(&world.journal, DreamId { id: first }).expect("a diff");
    assert!(diff.n_forgotten > 0);
    assert!(matches!(&diff.things[..], [ThingDiff::Moment { after: Some(side), .. }]
        if side.summary.contains("heron")));
}

#[test]
fn a_moment_that_rests_on_another_source_too_keeps_what_the_person_said_of_it() {
    let world = World::new();
    let other = world.home().join("copies");
    std::fs::create_dir(&other).expect("a folder");
    let words =
        "Rowed to the heron island with Ilse, and we counted eleven nests in the reeds there.";
    world.write("2026-10-01.md", format!("## 09:00\n{words}\n"));
    std::fs::write(other.join("2026-10-01.md"), format!("## 09:00 Copied\n{words}\n"))
        .expect("a note");
    world.scan();
    let source = rem_core::sources::add(&world.journal, &other, true).expect("a source");
    world.journal.scan(source, false, &Cancel::default()).expect("it is read");
    world.dream();
    let [card] = &world.moments()[..] else { panic!("two witnesses make one moment") };
    let id = card.id;
    assert_eq!(world.moment(id).evidence.len(), 2);
    correct(&world, id, title("Nests"));
    world.forget_source(source);
    assert_eq!(
        (world.moment(id).moment.title.as_str(), world.moment(id).evidence.len()),
        ("Nests", 1)
    );
    world.dream();
    assert_eq!(world.moment(id).moment.title, "Nests");
    assert!(world.moment(id).moment.summary.contains("eleven nests"));
    in_step(&world);
}
