use super::{ask, one, refusal, rows, week};
use crate::world::World;

fn n(world: &World, condition: &str) -> usize {
    ask(world, &format!("SELECT id FROM moments WHERE {condition}")).rows.len()
}

#[test]
fn today_and_now_are_those_of_the_journals_clock_and_zone() {
    let world = week();
    assert_eq!(one(&world, "SELECT CURRENT_DATE AS d"), "2026-10-14");
    assert_eq!(one(&world, "SELECT NOW() AS t"), "2026-10-14 20:00:00");
    assert_eq!(one(&world, "SELECT CURRENT_TIMESTAMP AS t"), "2026-10-14 20:00:00");
    assert_eq!(one(&world, "SELECT CURRENT_DATE - INTERVAL '1 month' AS t"), "2026-09-14 00:00:00");
    assert_eq!(
        one(&world, "SELECT DATE '2026-03-31' - INTERVAL '1 month' AS t"),
        "2026-02-28 00:00:00"
    );
    assert_eq!(one(&world, "SELECT CURRENT_DATE - DATE '2026-09-01' AS days"), "43");
    assert_eq!(one(&world, "SELECT 'yesterday'::date AS d"), "2026-10-13");
}

#[test]
fn a_time_is_compared_with_whatever_people_write_for_one() {
    let world = week();
    assert_eq!(n(&world, "start_time >= '2026-10-13'"), 2);
    assert_eq!(n(&world, "start_time >= '2026-10-13 10:00'"), 1);
    assert_eq!(n(&world, "start_time >= '2026-10-13T10:00:00'"), 1);
    assert_eq!(n(&world, "start_time = '2026-10-13T07:30:00Z'"), 1);
    assert_eq!(n(&world, "start_time BETWEEN '2026-10-12' AND '2026-10-12 23:59'"), 2);
    assert_eq!(n(&world, "DATE(start_time) IN ('2026-10-12', '2026-09-01')"), 3);
    assert_eq!(n(&world, "day = CURRENT_DATE - 1"), 2);
    assert_eq!(n(&world, "start_time::date = '2026-10-13'"), 2);
    assert_eq!(n(&world, "start_time > NOW() - INTERVAL '2 days'"), 2);
}

#[test]
fn lengths_of_time_are_compared_summed_and_taken_apart() {
    let world = week();
    assert_eq!(n(&world, "end_time - start_time > INTERVAL '1 hour'"), 2);
    assert_eq!(n(&world, "end_time - start_time >= '1 hour'"), 3);
    assert_eq!(n(&world, "duration < INTERVAL '30' MINUTE"), 1);
    assert_eq!(one(&world, "SELECT SUM(end_time - start_time) FROM moments"), "23700.0");
    assert_eq!(
        one(&world, "SELECT MAX(end_time - start_time)::text AS t FROM moments"),
        "03:15:00"
    );
    assert_eq!(
        rows(
            &world,
            "SELECT EXTRACT(HOUR FROM end_time - start_time) AS h, EXTRACT(MINUTE FROM end_time - start_time) AS m
             FROM moments ORDER BY end_time - start_time DESC LIMIT 1"
        ),
        [["3", "15"]]
    );
}

#[test]
fn days_are_grouped_by_their_parts() {
    let world = week();
    assert_eq!(
        rows(
            &world,
            "SELECT DATE_TRUNC('month', start_time) AS month, COUNT(*) FROM moments GROUP BY 1 ORDER BY 1"
        ),
        [["2026-09-01 00:00:00", "1"], ["2026-10-01 00:00:00", "4"]]
    );
    assert_eq!(
        rows(
            &world,
            "SELECT EXTRACT(DOW FROM start_time) AS dow, COUNT(*) FROM moments GROUP BY dow ORDER BY dow"
        ),
        [["1", "2"], ["2", "3"]]
    );
    assert_eq!(
        one(&world, "SELECT strftime('%Y-%m', MIN(start_time)) AS m FROM moments"),
        "2026-09"
    );
    assert_eq!(
        one(&world, "SELECT TO_CHAR(MIN(start_time), 'Dy DD Mon') AS d FROM moments"),
        "Tue 01 Sep"
    );
}

#[test]
fn the_day_of_a_night_owl_begins_when_they_say() {
    let world = World::new();
    let mut settings = world.journal.settings();
    settings.day_start_minutes = 240;
    world.journal.change_settings(settings).expect("the settings change");
    world.write(
        "2026-10-13.md",
        "# Night\n\n## 23:00 - 23:30 Reading by the stove #books\n\nRead about glue. I was calm.\n",
    );
    world.scan();
    world.dream();
    // Three in the morning after.
    world.pass(7 * 3_600_000);
    assert_eq!(one(&world, "SELECT CURRENT_DATE AS d"), "2026-10-14");
    assert_eq!(one(&world, "SELECT NOW() AS t"), "2026-10-15 03:00:00");
    assert_eq!(n(&world, "DATE(start_time) = CURRENT_DATE - 1"), 1);
    assert_eq!(one(&world, "SELECT DATE('2026-10-15 03:59') AS d"), "2026-10-14");
}

#[test]
fn what_is_no_time_is_said() {
    let world = week();
    assert!(refusal(&world, "SELECT id FROM moments WHERE start_time > 'soon'").contains("“soon”"));
    assert!(refusal(&world, "SELECT id FROM moments WHERE start_time > 7").contains("day or time"));
    assert!(refusal(&world, "SELECT start_time - 1 FROM moments").contains("INTERVAL"));
    assert!(refusal(&world, "SELECT NOW() - INTERVAL 'a while'").contains("a while"));
    assert!(refusal(&world, "SELECT id FROM moments WHERE duration > 30").contains("INTERVAL"));
    assert!(
        refusal(&world, "SELECT EXTRACT(MOOD FROM start_time) FROM moments").contains("line 1")
    );
}
