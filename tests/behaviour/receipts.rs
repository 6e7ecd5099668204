use std::{collections::BTreeSet, fs};

use rem_core::{
    api::{
        moments::MomentDetail,
        records::{ShowRecord, show_record},
    },
    clock::Precision,
};

use crate::world::{World, text};

/// Fails if a moment shows words that its source does not hold, or claims a time more precise than
/// any of its words has. Returns how many spans of evidence were looked at.
pub(crate) fn check(world: &World) -> usize {
    let mut n_spans = 0;
    for card in world.moments() {
        let moment = world.moment(card.id);
        assert!(!moment.evidence.is_empty(), "“{}” rests on nothing", card.title);
        for span in &moment.evidence {
            n_spans += 1;
            let words = text(&span.pieces);
            assert!(!words.trim().is_empty(), "“{}” rests on no words", card.title);
            let request = ShowRecord { id: span.record_id, moment_id: Some(card.id) };
            let record = show_record(&world.journal, request).expect("the record is there");
            let held: Vec<String> = if record.kind == "resource" {
                vec![text(&record.pieces)]
            } else {
                record.messages.iter().map(|message| text(&message.pieces)).collect()
            };
            assert!(
                held.iter().any(|held| held.contains(&words)) || record.is_cut,
                "“{}” shows words that {} does not hold: {words}",
                card.title,
                span.file
            );
        }
    }
    // The finest grain is the stretch of text under one time; no command shows those.
    let too_precise = world.count(
        "WITH ranked AS (
           SELECT c.record_id, c.starts, c.ends,
             CASE c.precision WHEN 'unknown' THEN 0 WHEN 'day' THEN 1 WHEN 'hour' THEN 2 ELSE 3 END AS known
           FROM chunks c)
         SELECT count(*) FROM moments m WHERE
           CASE m.precision WHEN 'unknown' THEN 0 WHEN 'day' THEN 1 WHEN 'hour' THEN 2 ELSE 3 END
           > (SELECT min(k.known) FROM evidence e JOIN ranked k ON k.record_id = e.record_id
                AND k.starts < e.ends AND e.starts < k.ends
              WHERE e.moment_id = m.id)
           AND NOT EXISTS (SELECT 1 FROM corrections x WHERE x.moment_id = m.id)",
    );
    assert_eq!(too_precise, 0, "moments are more precise than their evidence");
    n_spans
}

/// Each span of a note stands in the file, on the line it names.
fn assert_stands_in_file(world: &World, moment: &MomentDetail) {
    for span in &moment.evidence {
        let file = fs::read_to_string(world.notes().join(&span.file)).expect("the file is there");
        let line = span.line.expect("a note has lines") as usize;
        let from: String = file.split_inclusive('\n').skip(line - 1).collect();
        let words = text(&span.pieces);
        assert!(span.is_current, "the file still says “{words}”");
        assert!(file.contains(&words), "the file does not hold “{words}”");
        let is_there = from.find(&words).is_some_and(|at| !from[..at].contains('\n'));
        assert!(is_there, "“{words}” does not begin on line {line}");
    }
}

const DIARY: &str = "# Harmonium\n\n## 2026-10-11\n\nTuned the harmonium with Ana until supper, \
    and was glad of it.\n\n## 2026-10-12\n\nThe bellows leak again; I was angry at the glue.\n";

#[test]
fn every_moment_shows_words_that_stand_in_the_file_on_the_line_it_names() {
    let world = World::new();
    world.write("diary.md", DIARY);
    world.write(
        "2026-10-13.md",
        "\u{FEFF}# Dienstag\r\n\r\n## 14:05\r\nGrüße an Änne geschrieben 🙂.\r\n",
    );
    world.scan();
    world.dream();
    let moments = world.moments();
    assert_eq!(moments.len(), 3);
    for card in &moments {
        assert_stands_in_file(&world, &world.moment(card.id));
    }
    assert_eq!(check(&world), 3);
}

#[test]
fn the_words_that_were_felt_are_marked_inside_the_evidence() {
    let world = World::new();
    world.write("2026-10-12.md", "The bellows leak again; I was so angry at the glue.");
    world.scan();
    world.dream();
    let moment = world.moment_about("bellows");
    let marked: Vec<_> = moment.evidence[0].pieces.iter().filter(|p| p.is_marked).collect();
    assert!(marked.iter().any(|piece| piece.text.contains("angry")), "{moment:?}");
}

#[test]
fn words_above_which_a_note_has_grown_are_still_shown_where_they_stand() {
    let world = World::new();
    world.write("diary.md", DIARY);
    world.scan();
    world.dream();
    world.write(
        "diary.md",
        DIARY.replace("# Harmonium\n", "# Harmonium\n\n## 2026-10-13\n\nNew felt came by post.\n"),
    );
    world.scan();
    world.dream();
    for words in ["Tuned the harmonium", "bellows leak", "felt came"] {
        assert_stands_in_file(&world, &world.moment_about(words));
    }
}

#[test]
fn the_note_opens_with_the_words_of_the_moment_marked_even_after_it_has_grown() {
    let world = World::new();
    world.write("diary.md", DIARY);
    world.scan();
    world.dream();
    let id = world.moment_about("bellows leak").moment.id;
    world.write("diary.md", DIARY.replace("# Harmonium\n", "# Harmonium\n\nBegun in 2026.\n"));
    world.scan();
    let record = world.moment(id).evidence[0].record_id;
    let request = ShowRecord { id: record, moment_id: Some(id) };
    let view = show_record(&world.journal, request).expect("the record");
    let marked: String =
        view.pieces.iter().filter(|p| p.is_marked).map(|p| p.text.as_str()).collect();
    assert!(marked.contains("bellows leak"), "{:?}", view.pieces);
}

#[test]
fn words_that_were_edited_away_are_shown_from_the_version_before() {
    let world = World::new();
    world.write("2026-10-12.md", "Tuned the harmonium until supper.");
    world.scan();
    world.dream();
    let id = world.moment_about("harmonium").moment.id;
    world.write("2026-10-12.md", "Burnt every paper in the stove.");
    world.scan();
    let evidence = &world.moment(id).evidence[0];
    assert_eq!(text(&evidence.pieces), "Tuned the harmonium until supper.");
    assert!(!evidence.is_current);
}

#[test]
fn an_edit_elsewhere_in_a_note_keeps_the_moment() {
    let world = World::new();
    let note =
        "# Monday\n\n## 09:00\nTuned the harmonium until noon.\n\n## 18:00\nSwam eleven lengths.\n";
    world.write("2026-10-12.md", note);
    world.scan();
    world.dream();
    let (before, other) = (world.moment_about("harmonium"), world.moment_about("lengths"));
    world.write("2026-10-12.md", note.replace("eleven lengths", "twelve lengths in the rain"));
    world.scan();
    world.dream();
    assert_eq!(world.moment_about("harmonium").moment, before.moment);
    assert_eq!(world.moment_about("twelve lengths").moment.id, other.moment.id);
    assert_eq!(world.moments().len(), 2);
}

#[test]
fn the_same_words_on_two_days_of_one_note_are_two_moments() {
    let world = World::new();
    let same = "Slept badly and woke up far too early again.";
    world.write("sleep.md", format!("## 2026-10-11\n\n{same}\n\n## 2026-10-12\n\n{same}\n"));
    world.scan();
    world.dream();
    let days: BTreeSet<_> = world.moments().into_iter().map(|m| (m.day, m.id)).collect();
    assert_eq!(days.len(), 2, "{days:?}");
    let before = world.everything();
    assert_eq!(world.dream().dream_id, None);
    assert!(world.everything() == before);
    check(&world);
}

#[test]
fn the_same_words_twice_on_one_day_break_no_dream() {
    let world = World::new();
    let same = "Took the pills.";
    world.write(
        "2026-10-12.md",
        format!("## 08:00\n{same}\n\n## 13:00\n{same}\n\n## 20:00\n{same}\n"),
    );
    world.scan();
    world.dream();
    assert!(!world.moments().is_empty());
    check(&world);
}

#[test]
fn a_list_that_is_copied_from_day_to_day_is_a_moment_of_each() {
    let world = World::new();
    let list = "- drink enough water\n- walk around the pond\n- write to mother\n";
    let day = |day: &str, rest: &str| format!("## {day}\n\n{}\n\n{list}\n", rest.repeat(12));
    let note = day("2026-10-11", "The bellows of the harmonium leak at every fold of the cloth. ")
        + &day("2026-10-12", "Our quarterly report about suppliers is late because of the bank. ");
    world.write("habits.md", &note);
    world.scan();
    world.dream();
    let first = world.everything();
    assert_eq!(world.dream().dream_id, None);
    assert!(world.everything() == first);
    let of_day = |day: &str| {
        let moments = world.day(day).moments;
        moments
            .iter()
            .any(|m| world.moment(m.id).evidence.iter().any(|e| text(&e.pieces).contains("pond")))
    };
    assert!(of_day("2026-10-11") && of_day("2026-10-12"));
    check(&world);
}

#[test]
fn the_same_lines_of_code_twice_on_one_day_break_no_dream() {
    let world = World::new();
    let code = "```\nlet reeds = tune(harmonium);\n```\n";
    world.write("2026-10-12.md", format!("08:00\n\n{code}\n\n13:00\n\n{code}\n\n20:00\n\n{code}"));
    world.scan();
    world.dream();
    check(&world);
}

#[test]
fn words_that_move_to_another_day_are_a_moment_of_that_day_alone() {
    let world = World::new();
    let note = |day: &str| format!("---\ndate: {day}\n---\nTuned the harmonium until supper.\n");
    for day in ["2026-10-12", "2026-10-05", "2026-10-09"] {
        world.write("workshop.md", note(day));
        world.scan();
        world.dream();
        let days: Vec<_> = world.moments().into_iter().map(|moment| moment.day).collect();
        assert_eq!(days, [day]);
    }
}

#[test]
fn the_moments_of_a_deleted_note_go_with_the_next_dream() {
    let world = World::new();
    world.write("2026-10-12.md", "Tuned the harmonium until supper.");
    world.write("2026-10-13.md", "Swam eleven lengths in cold water.");
    world.scan();
    world.dream();
    world.delete("2026-10-12.md");
    world.scan();
    let report = world.dream();
    assert_eq!(report.n_removed, 1);
    assert_eq!(world.moments().len(), 1);
    let day = world.day("2026-10-12");
    assert_eq!((day.summary, day.moments.len()), (None, 0));
}

#[test]
fn a_note_copied_and_touched_up_is_a_second_witness_not_a_second_moment() {
    let world = World::new();
    let words = "Tuned the harmonium with Ana until supper and was glad of every single reed in it";
    world.write("2026-10-12.md", format!("{words}."));
    world.write("2026-10-12 copy.md", format!("{words}!"));
    world.scan();
    world.dream();
    let moment = world.moment_about("Tuned the harmonium");
    assert_eq!(moment.evidence.len(), 2);
    check(&world);
}

#[test]
fn no_moment_is_more_precise_than_its_source() {
    let world = World::new();
    world.write("2026-10-12.md", "Tuned the harmonium until supper.\n\n## 14:05\nSwam eleven lengths.\n\n## Evening\nRead a long novel in bed.\n");
    world.write(
        "trip.jsonl",
        "{\"session\":\"trip\",\"author\":\"Ana\",\"time\":\"2026-10-12\",\"text\":\"The ferry is booked for Friday.\"}\n",
    );
    world.scan();
    world.dream();
    let precision = |words: &str| world.moment_about(words).moment.precision;
    assert_eq!(precision("harmonium"), Precision::Day);
    assert_eq!(precision("lengths"), Precision::Exact);
    assert!(precision("novel") <= Precision::Hour);
    assert_eq!(precision("ferry"), Precision::Day);
    check(&world);
}
