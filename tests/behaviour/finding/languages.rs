//! Words of other languages than English.

use rem_core::{api::search::Scope, journal::Cancel};

use super::{ask, line};
use crate::world::{World, outside};

const GERMAN: &str = "# Am Hafen\n\nAm Abend haben wir die alten Häuser am Hafen noch einmal angesehen, \
                      und danach sind wir mit den Kindern am Wasser entlang nach Hause gegangen.\n";

/// Which language a text is written in is found out in the background.
fn scan(world: &World) {
    world.scan();
    world.journal.run_jobs(&Cancel::default()).expect("background work");
}

fn n_found(world: &World, query: &str) -> usize {
    ask(world, query, Scope::Notes).hits.len()
}

#[test]
fn a_german_word_is_found_in_its_other_forms() {
    let world = World::new();
    world.write("hafen.md", GERMAN);
    scan(&world);
    for word in ["Haus ", "Hauses ", "haus ", "HÄUSER ", "Kinder ", "Kind "] {
        assert_eq!(n_found(&world, word), 1, "{word}");
    }
    assert_eq!(n_found(&world, "Kinderwagen "), 0);
}

#[test]
fn a_changed_note_is_found_by_its_new_words_only() {
    let world = World::new();
    world.write("hafen.md", GERMAN);
    scan(&world);
    world.write("hafen.md", GERMAN.replace("Häuser", "Mühlen"));
    scan(&world);
    assert_eq!((n_found(&world, "Haus "), n_found(&world, "Mühle ")), (1, 1), "“nach Hause” stays");
    world
        .write("hafen.md", "# Harbour\n\nWe looked at the old mills again in the evening light.\n");
    scan(&world);
    assert_eq!((n_found(&world, "Haus "), n_found(&world, "Mühle ")), (0, 0));
    assert_eq!(n_found(&world, "mill "), 1);
}

#[test]
fn words_of_scripts_without_spaces_are_found_inside_their_sentences() {
    let world = World::new();
    world.write("公园.md", "昨天下午和小林去公园散步，天气很好。");
    world.write("散歩.md", "きのう、公園で友だちと写真を撮りました。");
    world.write("학교.md", "어제 학교에서 친구를 만났습니다.");
    world.scan();
    for (word, n) in
        [("散步", 1), ("小林", 1), ("写真", 1), ("学校", 0), ("학교", 1), ("친구", 1), ("林", 1)]
    {
        assert_eq!(n_found(&world, word), n, "{word}");
    }
    let hits = ask(&world, "散步", Scope::Notes).hits;
    assert!(hits[0].pieces.iter().any(|piece| piece.is_marked && piece.text == "散步"), "{hits:?}");
}

#[test]
fn a_chinese_question_is_answered() {
    let world = World::new();
    world.write(
        "talk.jsonl",
        line("a", 1, "小林", "昨天我们在公园散步了很久。") + &line("b", 2, "小王", "今天下雨。"),
    );
    world.scan();
    let hits = ask(&world, "昨天去公园散步了吗？", Scope::Messages).hits;
    assert_eq!(hits.first().map(|hit| hit.author.as_str()), Some("小林"));
}

#[test]
fn a_moment_is_found_by_the_other_forms_of_its_words() {
    let world = World::new();
    world.write("2026-10-12.md", GERMAN.replace("# Am Hafen", ""));
    world.scan();
    world.dream();
    for word in ["Haus ", "Kinder "] {
        assert_eq!(ask(&world, word, Scope::Moments).hits.len(), 1, "{word}");
    }
}

#[test]
fn a_journal_from_before_the_stems_gets_them() {
    let world = World::new();
    world.write("2026-10-12.md", GERMAN.replace("# Am Hafen", ""));
    scan(&world);
    world.dream();
    assert_eq!(n_found(&world, "Kind "), 1);
    // What the step of the schema leaves behind.
    outside(world.journal.path())
        .execute_batch(
            "INSERT INTO records_fts (records_fts) VALUES ('delete-all');
             INSERT INTO moments_fts (moments_fts) VALUES ('delete-all');
             INSERT INTO records_fts (rowid, title, body, stems)
             SELECT id, title, body, '' FROM records WHERE kind <> 'message';
             UPDATE records SET language = NULL;",
        )
        .expect("an older journal");
    assert_eq!(n_found(&world, "Kind "), 0);
    let again = world.opened_again();
    again.run_jobs(&Cancel::default()).expect("background work");
    assert_eq!(n_found(&world, "Kind "), 1);
    assert_eq!(ask(&world, "Kinder ", Scope::Moments).hits.len(), 1);
    world.delete("2026-10-12.md");
    world.scan();
    assert_eq!(n_found(&world, "Kind "), 0, "and it goes with its note");
}
