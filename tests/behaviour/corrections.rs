use rem_core::{
    Code,
    api::moments::{
        CorrectMoment, Correction, EmotionWeight, Field, MomentCard, MomentDetail,
        WithdrawCorrection, correct_moment, withdraw_correction,
    },
    api::search::HitKind,
};

use crate::world::{World, instant};

const NOTE: &str = "## 09:00\nTuned the harmonium with Ana and was glad of the sound.\n\n\
    ## 18:00\nSwam eleven lengths; the water was cold.\n";

fn dreamt() -> World {
    let world = World::new();
    world.write("2026-10-12.md", NOTE);
    world.scan();
    world.dream();
    world
}

fn correct(world: &World, id: i64, correction: Correction) -> MomentDetail {
    correct_moment(&world.journal, CorrectMoment { id, correction }).expect("it is corrected")
}

/// The note says something more about the same, and the day is dreamt again.
fn edited_and_dreamt_again(world: &World) {
    world.write("2026-10-12.md", NOTE.replace("the sound", "the sound, and of every single reed"));
    world.scan();
    let report = world.dream();
    assert_eq!((report.n_changed, report.n_added, report.n_removed), (1, 0, 0));
}

type IsSo = fn(&MomentCard) -> bool;

/// All corrections a person can make, with what must be seen of each.
fn all_corrections() -> Vec<(Correction, Field, IsSo)> {
    let calm = EmotionWeight { label: "calm".into(), weight: 0.5 };
    let starts_at = instant("2026-10-12T07:15:00+02:00");
    vec![
        (Correction::Title { title: "Reeds".into() }, Field::Title, |m| m.title == "Reeds"),
        (Correction::Summary { summary: "All fine.".into() }, Field::Summary, |m| {
            m.summary == "All fine."
        }),
        (Correction::Time { starts_at, ends_at: starts_at + 60_000 }, Field::Time, |m| {
            m.starts_at == instant("2026-10-12T07:15:00+02:00") && m.ends_at == m.starts_at + 60_000
        }),
        (Correction::Tags { tags: vec!["Music Room".into()] }, Field::Tags, |m| {
            m.tags == ["music-room"]
        }),
        (Correction::Emotions { emotions: vec![calm] }, Field::Emotions, |m| {
            m.emotions.len() == 1 && m.emotions[0].label == "calm"
        }),
        (Correction::Hidden { hidden: true }, Field::Hidden, |m| m.is_hidden),
        (Correction::Pinned { pinned: true }, Field::Pinned, |m| m.is_pinned),
    ]
}

#[test]
fn each_correction_survives_a_dream_after_the_note_was_edited() {
    for (correction, field, is_so) in all_corrections() {
        let world = dreamt();
        let id = world.moment_about("harmonium").moment.id;
        let shown = correct(&world, id, correction);
        assert!(is_so(&shown.moment), "{field:?} is corrected at once: {:?}", shown.moment);
        edited_and_dreamt_again(&world);
        let after = world.moment_about("every single reed");
        assert_eq!(after.moment.id, id);
        assert!(is_so(&after.moment), "{field:?} survives: {:?}", after.moment);
        assert_eq!(after.corrected, [field]);
    }
}

#[test]
fn each_correction_can_be_withdrawn() {
    for (correction, field, _) in all_corrections() {
        let world = dreamt();
        let before = world.moment_about("harmonium");
        correct(&world, before.moment.id, correction);
        let request = WithdrawCorrection { id: before.moment.id, field };
        let after = withdraw_correction(&world.journal, request).expect("it is withdrawn");
        assert_eq!(after.moment, before.moment, "{field:?}");
        assert_eq!(after.corrected, []);
    }
}

#[test]
fn a_withdrawn_correction_gives_way_to_what_was_dreamt_since() {
    let world = dreamt();
    let id = world.moment_about("harmonium").moment.id;
    correct(&world, id, Correction::Summary { summary: "All fine.".into() });
    edited_and_dreamt_again(&world);
    let request = WithdrawCorrection { id, field: Field::Summary };
    let after = withdraw_correction(&world.journal, request).expect("it is withdrawn");
    assert!(after.moment.summary.contains("every single reed"), "{}", after.moment.summary);
}

#[test]
fn a_second_correction_of_the_same_replaces_the_first() {
    let world = dreamt();
    let id = world.moment_about("harmonium").moment.id;
    for title in ["Reeds", "Bellows"] {
        correct(&world, id, Correction::Title { title: title.into() });
    }
    let shown = world.moment(id);
    assert_eq!((shown.moment.title.as_str(), shown.corrected.len()), ("Bellows", 1));
}

#[test]
fn corrections_are_made_on_a_moment_that_is_found_by_its_new_words() {
    let world = dreamt();
    let id = world.moment_about("harmonium").moment.id;
    correct(&world, id, Correction::Title { title: "Quince jelly".into() });
    let hits = world.search("quince");
    assert_eq!(hits.iter().map(|hit| hit.id).collect::<Vec<_>>(), [id]);
}

#[test]
fn a_hidden_moment_is_told_of_nowhere() {
    let world = dreamt();
    let moment = world.moment_about("harmonium").moment;
    assert!(world.day("2026-10-12").summary.expect("a story").contains("harmonium"));
    correct(&world, moment.id, Correction::Hidden { hidden: true });
    let day = world.day("2026-10-12");
    assert!(!day.summary.expect("a story").contains("harmonium"));
    assert_eq!((day.moments.len(), day.n_hidden), (1, 1));
    let hits = world.search("harmonium");
    assert!(hits.iter().all(|hit| hit.kind == HitKind::Note && hit.moment_id != Some(moment.id)));
    let other = world.moment_about("lengths");
    assert!(other.related.iter().all(|related| related.id != moment.id));
    assert_eq!(
        world.count(
            "SELECT count(*) FROM moods WHERE moment_id IN (SELECT id FROM moments WHERE is_hidden)"
        ),
        0
    );
    correct(&world, moment.id, Correction::Hidden { hidden: false });
    assert!(world.day("2026-10-12").summary.expect("a story").contains("harmonium"));
}

#[test]
fn a_moment_that_was_put_on_another_day_is_shown_and_told_there() {
    let world = dreamt();
    let id = world.moment_about("harmonium").moment.id;
    let starts_at = instant("2026-10-03T10:00:00+02:00");
    correct(&world, id, Correction::Time { starts_at, ends_at: starts_at });
    let there = world.day("2026-10-03");
    assert_eq!(there.moments.iter().map(|m| m.id).collect::<Vec<_>>(), [id]);
    assert!(there.summary.expect("a story").contains("harmonium"));
    assert!(!world.day("2026-10-12").summary.expect("a story").contains("harmonium"));
    assert_eq!(world.days(), ["2026-10-03", "2026-10-12"], "the strip leads to it");
    assert_eq!(world.day("2026-10-12").previous_day.as_deref(), Some("2026-10-03"));
    edited_and_dreamt_again(&world);
    assert_eq!(world.moment_about("every single reed").moment.day, "2026-10-03");
}

#[test]
fn what_the_person_worked_on_stays_when_its_note_is_deleted() {
    let world = dreamt();
    let id = world.moment_about("harmonium").moment.id;
    correct(&world, id, Correction::Title { title: "Reeds".into() });
    world.write("2026-10-13.md", "Read a long novel in bed.");
    world.delete("2026-10-12.md");
    world.scan();
    world.dream();
    let day = world.day("2026-10-12");
    assert_eq!(day.moments.iter().map(|m| m.id).collect::<Vec<_>>(), [id]);
    assert!(world.days().contains(&"2026-10-12".to_owned()), "the strip still leads to it");
    assert!(!world.moment(id).evidence[0].is_current);
}

#[test]
fn what_the_person_worked_on_goes_when_they_forget_its_source() {
    let world = dreamt();
    let id = world.moment_about("harmonium").moment.id;
    correct(&world, id, Correction::Title { title: "Reeds".into() });
    world.forget_source(world.source());
    world.dream();
    assert_eq!(world.count("SELECT count(*) FROM moments"), 0);
}

#[test]
fn a_correction_goes_along_when_the_words_move_to_another_day() {
    let world = World::new();
    let note = |day: &str| format!("---\ndate: {day}\n---\nTuned the harmonium until supper.\n");
    world.write("workshop.md", note("2026-10-12"));
    world.scan();
    world.dream();
    let id = world.moment_about("harmonium").moment.id;
    correct(&world, id, Correction::Title { title: "Reeds".into() });
    for day in ["2026-10-05", "2026-10-13"] {
        world.write("workshop.md", note(day));
        world.scan();
        world.dream();
        let moments: Vec<_> = world.moments().into_iter().map(|m| (m.id, m.day, m.title)).collect();
        assert_eq!(moments, [(id, day.to_owned(), "Reeds".to_owned())]);
    }
}

#[test]
fn what_cannot_be_is_refused_and_nothing_is_changed() {
    let world = dreamt();
    let id = world.moment_about("harmonium").moment.id;
    let before = world.everything();
    let felt = |weight| vec![EmotionWeight { label: "calm".into(), weight }];
    for correction in [
        Correction::Title { title: "   ".into() },
        Correction::Title { title: "x".repeat(201) },
        Correction::Summary { summary: "x".repeat(4_001) },
        Correction::Time { starts_at: 2, ends_at: 1 },
        Correction::Time { starts_at: i64::MAX, ends_at: i64::MAX },
        Correction::Time { starts_at: i64::MIN, ends_at: i64::MAX },
        Correction::Tags { tags: (0..21).map(|n| format!("t{n}")).collect() },
        Correction::Emotions { emotions: felt(1.5) },
        Correction::Emotions { emotions: felt(f32::NAN) },
    ] {
        let request = CorrectMoment { id, correction: correction.clone() };
        let error = correct_moment(&world.journal, request).expect_err("refused");
        assert_eq!(error.code(), Code::InvalidInput, "{correction:?}: {error}");
    }
    assert!(world.everything() == before);
}

#[test]
fn a_moment_that_is_not_there_cannot_be_corrected() {
    let world = dreamt();
    let correction = Correction::Pinned { pinned: true };
    let error = correct_moment(&world.journal, CorrectMoment { id: 999, correction });
    assert_eq!(error.expect_err("there is none").code(), Code::NotFound);
    let request =
        WithdrawCorrection { id: world.moment_about("harmonium").moment.id, field: Field::Title };
    let error = withdraw_correction(&world.journal, request).expect_err("nothing was corrected");
    assert_eq!(error.code(), Code::NotFound);
}

#[test]
fn the_history_of_a_moment_says_who_changed_what() {
    let world = dreamt();
    let id = world.moment_about("harmonium").moment.id;
    correct(&world, id, Correction::Title { title: "Reeds".into() });
    edited_and_dreamt_again(&world);
    let history: Vec<_> =
        world.moment(id).history.into_iter().map(|entry| (entry.author, entry.what)).collect();
    let expected = [
        ("dream", "dreamt again, because its sources changed"),
        ("person", "you renamed it"),
        ("dream", "dreamt for the first time"),
    ];
    assert_eq!(history, expected.map(|(author, what)| (author.to_owned(), what.to_owned())));
}
