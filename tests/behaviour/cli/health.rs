use super::Desk;
use crate::world::outside;

#[test]
fn a_journal_that_is_well_is_found_to_be_well() {
    let desk = Desk::dreamt();
    let ran = desk.rem(&["doctor"]);
    assert_eq!(ran.exit, rem_cli::Exit::Done, "{}", ran.err);
    for name in ["file", "references", "search", "schema", "lock", "clock", "jobs", "private"] {
        assert!(ran.out.contains(&format!("well    {name}")), "{name}: {}", ran.out);
    }
}

#[test]
fn what_is_wrong_with_a_journal_is_said_and_ends_in_an_error() {
    let desk = Desk::dreamt();
    outside(&desk.data().join("journals/personal.rem"))
        .execute_batch(
            "PRAGMA foreign_keys = OFF; DELETE FROM moments_fts_docsize; DELETE FROM revisions",
        )
        .expect("somebody damages the file");
    let ran = desk.rem(&["doctor"]);
    assert_eq!(ran.exit, rem_cli::Exit::Failed);
    for name in ["references", "search"] {
        assert!(ran.out.contains(&format!("wrong   {name}")), "{name}: {}", ran.out);
    }
}

#[test]
fn dreams_are_counted_with_what_their_stages_came_to() {
    let desk = Desk::dreamt();
    let ran = desk.rem(&["metrics", "--prometheus"]);
    let has = |line: &str| assert!(ran.out.lines().any(|l| l == line), "{line}\n{}", ran.out);
    has("# TYPE rem_dreams_total counter");
    has("rem_dreams_total{cause=\"now\",state=\"done\"} 1");
    has("rem_stages_total{end=\"done\",stage=\"moments\"} 1");
    has("rem_stage_counts_total{name=\"days\",stage=\"moments\"} 2");
    has("rem_stage_duration_seconds_bucket{le=\"+Inf\",stage=\"decay\"} 1");
    has("rem_days_waiting 0");
}

#[test]
fn where_nothing_was_logged_that_is_said() {
    let desk = Desk::dreamt();
    let ran = desk.rem(&["logs"]);
    assert_eq!((ran.exit, ran.out.as_str()), (rem_cli::Exit::Done, ""));
    assert!(ran.err.contains("the log is empty"), "{}", ran.err);
}
