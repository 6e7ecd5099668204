use std::collections::BTreeSet;

use proptest::{prelude::*, test_runner::Config};
use rem_core::{
    api::{
        affinity::AffinityRequest,
        dreams::{DreamRequest, Stage},
        history::{
            ChangeOp, DreamId, ListDreams, MomentSide, ThingDiff, diff_dream, list_dreams,
            show_dream_detail,
        },
        moments::{Correction, EmotionWeight},
    },
    journal::Cancel,
};

use super::{
    DAY, Dump, MINUTE, assert_same, correct, dreams, dump, entry, in_step, refused, title, undo,
};
use crate::world::World;

/// One night of ten: what is written before it, and the dream. Nights 4, 6, 8 and 9 come back to days of
/// earlier ones; Ilse is in many of them. The dream makes moments and, in night 9, edges; or goes through all
/// stages, if it is whole. Returns the dream's number, if there was anything to dream.
fn night(world: &World, n: usize, is_whole: bool) -> Option<i64> {
    let day = |d: usize| format!("2026-10-{d:02}.md");
    let usual = |d: usize| {
        format!(
            "## 09:00–11:30\nTuned harmonium number {d} with Ilse and was glad of the sound.\n\n\
             ## 18:00\nSwam {d} lengths with Tomas; the water was cold and I was afraid.\n"
        )
    };
    match n {
        // A moment is changed, one goes, one comes.
        4 => {
            world.write(
                &day(1),
                "## 09:00–11:30\nTuned harmonium number 1 with Ilse and was sad about the sound.\n",
            );
            world.write("evenings/2026-10-01.md", "## 20:00\nRead to Anouk about herons.\n");
        }
        // A day goes.
        6 => world.delete(&day(2)),
        // The words move to another place and stay the same: they are pointed at anew.
        8 => world.write(&day(3), format!("Fog.\n\n{}", usual(3))),
        // Affinity.
        9 => {}
        // Two days at once.
        n => {
            world.write(&day(n), usual(n));
            world.write(&day(n + 12), format!("## 08:00\nBaked bread number {n} with Ilse.\n"));
        }
    }
    world.scan_with(true);
    world.pass(DAY);
    if is_whole {
        return world.dream().dream_id;
    }
    if n == 9 {
        let report = world.journal.dream_affinity(
            &AffinityRequest::default(),
            &Cancel::default(),
            &|_, _| {},
        );
        return report.expect("affinity ends well").dream_id;
    }
    let days = DreamRequest { stages: vec![Stage::Moments], ..DreamRequest::default() };
    world.dream_with(&days).dream_id
}

/// Ten nights, with a dump before each and after the last.
fn ten_nights() -> (World, Vec<i64>, Vec<Dump>) {
    let world = World::new();
    let mut dumps = vec![dump(&world)];
    let mut ids = Vec::new();
    for n in 1..=10 {
        ids.push(night(&world, n, false).expect("something is dreamt"));
        dumps.push(dump(&world));
    }
    (world, ids, dumps)
}

/// As [`ten_nights`], each through all stages.
fn whole_nights() -> (World, Vec<i64>, Vec<Dump>) {
    let world = World::new();
    let mut dumps = vec![dump(&world)];
    let mut ids = Vec::new();
    for n in 1..=10 {
        // That things have faded is no change to undo.
        if let Some(id) = night(&world, n, true).filter(|id| entry(&world, *id).can_undo) {
            ids.push(id);
            dumps.push(dump(&world));
        }
    }
    assert!(ids.len() > 8, "a night finds something new");
    (world, ids, dumps)
}

/// Rows of the second that the first has not.
fn minus(rows: &[String], others: &[String]) -> BTreeSet<String> {
    rows.iter().filter(|row| !others.contains(row)).cloned().collect()
}

/// What a dump must show after a night is undone whose things nothing has touched since.
fn without(present: &Dump, before: &Dump, after: &Dump) -> Dump {
    let undone = |table: &String| {
        let gone = minus(&after[table], &before[table]);
        let back = minus(&before[table], &after[table]);
        let left = present[table].iter().filter(|row| !gone.contains(*row)).cloned();
        let mut rows: Vec<String> = left.chain(back).collect();
        rows.sort();
        rows
    };
    present.keys().map(|table| (table.clone(), undone(table))).collect()
}

/// Somebody stays as long as anybody names them, what a later night worked on stays as that night left it,
/// and a week, a month or a year is told anew while other nights stand that told it: looked at apart.
fn but_shared(mut dump: Dump) -> Dump {
    for table in ["entities", "stage_inputs"] {
        dump.remove(table);
    }
    if let Some(periods) = dump.get_mut("periods") {
        periods.retain(|row| row.contains(" | day | "));
    }
    dump
}

#[test]
fn undoing_the_nights_one_after_the_other_goes_back_to_each_evening_exactly() {
    let (world, ids, dumps) = ten_nights();
    for n in (0..10).rev() {
        undo(&world, ids[n]);
        assert_same(&dumps[n], &dump(&world), &format!("before night {}", n + 1));
    }
    for table in ["moments", "evidence", "entities", "edges", "moods", "periods"] {
        assert_eq!(world.count(&format!("SELECT count(*) FROM {table}")), 0, "{table}");
    }
}

#[test]
fn undoing_whole_nights_one_after_the_other_goes_back_to_each_evening_exactly() {
    let (world, ids, dumps) = whole_nights();
    for n in (0..ids.len()).rev() {
        undo(&world, ids[n]);
        assert_same(&dumps[n], &dump(&world), &format!("before dream {}", n + 1));
    }
}

#[test]
fn each_night_that_may_be_undone_takes_back_what_it_did_and_nothing_else() {
    for n in 0..10 {
        let (world, ids, dumps) = ten_nights();
        if !entry(&world, ids[n]).can_undo {
            continue;
        }
        let present = dump(&world);
        undo(&world, ids[n]);
        let wanted = without(&present, &dumps[n], &dumps[n + 1]);
        assert_same(&but_shared(wanted), &but_shared(dump(&world)), &format!("night {}", n + 1));
    }
}

#[test]
fn only_nights_whose_things_were_touched_since_cannot_be_undone_yet() {
    let (world, ids, _) = ten_nights();
    let barred: Vec<usize> =
        (0..10).filter(|n| !entry(&world, ids[*n]).can_undo).map(|n| n + 1).collect();
    assert_eq!(barred, [1, 2, 3]);
    assert_eq!(entry(&world, ids[0]).undo_first, [ids[3]]);
}

proptest! {
    #![proptest_config(Config { cases: 8, failure_persistence: None, ..Config::default() })]

    #[test]
    fn in_any_order_that_is_allowed_all_nights_lead_back_to_the_first_evening(
        order in Just((0..10).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let (world, ids, dumps) = ten_nights();
        let mut open = order;
        while !open.is_empty() {
            let at = open.iter().position(|n| entry(&world, ids[*n]).can_undo);
            let at = at.expect("one of them can always be undone");
            for n in &open[..at] {
                prop_assert!(refused(&world, ids[*n]).contains("undo dream"));
            }
            let n = open.remove(at);
            let present = dump(&world);
            undo(&world, ids[n]);
            let wanted = without(&present, &dumps[n], &dumps[n + 1]);
            assert_same(&but_shared(wanted), &but_shared(dump(&world)), "what it did");
        }
        assert_same(&dumps[0], &dump(&world), "all of it");
    }

    #[test]
    fn in_any_order_that_is_allowed_whole_nights_lead_back_to_the_first_evening(
        order in Just((0..10).collect::<Vec<usize>>()).prop_shuffle(),
    ) {
        let (world, ids, dumps) = whole_nights();
        let mut open: Vec<usize> = order.into_iter().filter(|n| *n < ids.len()).collect();
        while !open.is_empty() {
            let at = open.iter().position(|n| entry(&world, ids[*n]).can_undo);
            let n = open.remove(at.expect("one of them can always be undone"));
            undo(&world, ids[n]);
            in_step(&world);
        }
        assert_same(&dumps[0], &dump(&world), "all of it");
    }

    #[test]
    fn corrections_survive_whatever_is_undone(
        order in Just((0..10).collect::<Vec<usize>>()).prop_shuffle(),
        n_undone in 1usize..6,
        picks in prop::collection::vec((any::<prop::sample::Index>(), 0u8..4), 1..5),
    ) {
        let (world, ids, _) = ten_nights();
        let moments = world.moments();
        let mut corrected: BTreeSet<(i64, u8)> = BTreeSet::new();
        for (pick, what) in picks {
            let id = moments[pick.index(moments.len())].id;
            let correction = match what {
                0 => title("By my hand"),
                1 => Correction::Pinned { pinned: true },
                2 => Correction::Tags { tags: vec!["by-hand".into()] },
                _ => Correction::Emotions {
                    emotions: vec![EmotionWeight { label: "calm".into(), weight: 0.5 }],
                },
            };
            world.pass(MINUTE);
            correct(&world, id, correction);
            corrected.insert((id, what));
        }
        let corrections = world.everything()["corrections"].clone();
        for n in order.into_iter().filter(|n| entry(&world, ids[*n]).can_undo).take(n_undone).collect::<Vec<_>>() {
            if entry(&world, ids[n]).can_undo {
                undo(&world, ids[n]);
            }
        }
        prop_assert_eq!(&corrections, &world.everything()["corrections"]);
        for (id, what) in corrected {
            let card = world.moment(id).moment;
            let is_so = match what {
                0 => card.title == "By my hand",
                1 => card.is_pinned,
                2 => card.tags == ["by-hand"],
                _ => card.emotions[0].label == "calm",
            };
            prop_assert!(is_so, "{:?} by {}", card, what);
        }
        in_step(&world);
    }
}

#[test]
fn the_list_tells_what_each_night_did_and_that_it_was_undone() {
    let (world, ids, _) = ten_nights();
    let all = dreams(&world);
    assert_eq!(
        all.iter().map(|d| d.id).collect::<Vec<_>>(),
        ids.iter().rev().copied().collect::<Vec<_>>()
    );
    let fourth = entry(&world, ids[3]);
    assert_eq!(fourth.days, ["2026-10-01"]);
    let counts = (fourth.moments.n_added, fourth.moments.n_changed, fourth.moments.n_removed);
    assert_eq!(counts, (1, 1, 1));
    let affinity = entry(&world, ids[8]);
    assert_eq!((affinity.cause.as_str(), affinity.edges.n_added > 0), ("affinity", true));
    undo(&world, ids[9]);
    let last = entry(&world, ids[9]);
    assert_eq!((last.can_undo, last.why_not.as_str()), (false, "it was undone already"));
    assert_eq!(last.undone_at, Some(world.journal.clock().now_ms()));
    let two = list_dreams(&world.journal, ListDreams { limit: Some(2), before: Some(ids[5]) });
    assert_eq!(two.expect("a list").iter().map(|d| d.id).collect::<Vec<_>>(), [ids[4], ids[3]]);
}

#[test]
fn a_night_is_told_thing_by_thing_before_and_after() {
    let (world, ids, _) = ten_nights();
    let diff = diff_dream(&world.journal, DreamId { id: ids[3] }).expect("a diff");
    let mut said = Vec::new();
    for thing in &diff.things {
        match thing {
            ThingDiff::Moment { before, after, .. } => {
                let summary = |side: &Option<Box<MomentSide>>| {
                    side.as_ref().map(|side| side.summary.clone()).unwrap_or_default()
                };
                said.push((summary(before), summary(after)));
            }
            ThingDiff::Story { day, before, after } => {
                assert_eq!(day, "2026-10-01");
                assert_ne!(before, after);
                assert!(after.as_ref().is_some_and(|story| story.contains("herons")));
            }
            ThingDiff::Review { before, after, .. } => assert_ne!(before, after),
            ThingDiff::Edge { .. } => panic!("affinity was another night"),
        }
    }
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said.iter().any(|(before, after)| before.contains("glad") && after.contains("sad")));
    assert!(said.iter().any(|(before, after)| before.is_empty() && after.contains("herons")));
    assert!(said.iter().any(|(before, after)| before.contains("lengths") && after.is_empty()));

    let edges = diff_dream(&world.journal, DreamId { id: ids[8] }).expect("a diff");
    assert!(edges.things.iter().all(|thing| matches!(thing,
        ThingDiff::Edge { before: None, after: Some(edge), .. }
            if !edge.from.is_empty() && !edge.to.is_empty() && !edge.context.is_empty())));

    let detail = show_dream_detail(&world.journal, DreamId { id: ids[3] }).expect("a detail");
    let mut ops: Vec<(ChangeOp, bool)> =
        detail.moments.iter().map(|m| (m.op, m.is_there)).collect();
    ops.sort_by_key(|(op, _)| *op as u8);
    let all = [(ChangeOp::Added, true), (ChangeOp::Changed, true), (ChangeOp::Removed, false)];
    assert_eq!(ops, all);
    assert_eq!(detail.calls.n_calls, 0);
}
