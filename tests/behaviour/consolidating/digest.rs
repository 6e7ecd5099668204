use rem_core::api::{
    dreams::StageEnd,
    history::{DreamId, show_dream_detail},
};

use super::{WALK, consolidate, notes, pending, touched};
use crate::world::{World, outside};

fn digest(world: &World, id: i64) -> String {
    show_dream_detail(&world.journal, DreamId { id }).expect("the dream is shown").digest
}

#[test]
fn a_night_ends_with_a_digest_of_what_it_came_to() {
    let world = World::new();
    world.write("2026-10-01.md", "## 09:00\nRowed to the heron island and baked bread.\n");
    notes(&world, &[WALK, &touched(WALK)]);
    let dream = world.dream().dream_id.expect("a dream");
    let told = digest(&world, dream);
    let group = &pending(&world)[0];
    let saved = group.tokens_before - group.tokens_after;
    let first = format!(
        "Dream Phase Digest: Consolidated 2 memories into 1 groups, saving {saved} tokens. New: "
    );
    assert!(told.starts_with(&first), "{told}");
    assert!(told.contains("3 moments") && told.contains("1 proposal"), "{told}");
    let is_as_agreed = "SELECT count(*) FROM digests WHERE memory_type = 'Summary'
        AND tags = '[\"dream-digest\",\"distillate\"]' AND importance = 0.8 AND workspace = 'personal'";
    assert_eq!(world.count(is_as_agreed), 1);
}

#[test]
fn a_dream_that_wrote_nothing_has_no_digest() {
    let world = World::new();
    notes(&world, &[WALK]);
    world.dream();
    let n = world.count("SELECT count(*) FROM digests");
    assert_eq!(world.dream().dream_id, None);
    assert_eq!(world.count("SELECT count(*) FROM digests"), n);
}

#[test]
fn a_digest_that_fails_undoes_nothing() {
    let world = World::new();
    notes(&world, &[WALK, &touched(WALK)]);
    let file = outside(world.journal.path());
    file.execute_batch(
        "CREATE TRIGGER no_digest BEFORE INSERT ON digests
         BEGIN SELECT RAISE(ABORT, 'no room'); END;",
    )
    .expect("a trigger");
    let report = world.dream();
    let last = report.stages.last().expect("the digest");
    assert_eq!((last.end, last.counts["digests_failed"]), (StageEnd::Done, 1.0));
    assert_eq!(pending(&world).len(), 1);
    assert_eq!(digest(&world, report.dream_id.expect("a dream")), "");
}

#[test]
fn a_stage_alone_has_no_digest() {
    let world = World::new();
    notes(&world, &[WALK, &touched(WALK)]);
    let dream = consolidate(&world).dream_id.expect("a dream");
    assert_eq!(digest(&world, dream), "");
}
