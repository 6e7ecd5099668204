use proptest::prelude::*;

use super::*;
use crate::{clock::Calendar, query::parse::parse};

fn present() -> Present {
    let calendar = Calendar::new("Europe/Berlin").expect("a zone");
    let wall = Wall::new(calendar);
    // Wednesday, 14 October 2026, 20:00 in Berlin.
    let now = wall.local(1_792_000_800_000).expect("a time");
    Present { wall, now, today: now.date(), prefix: "view_".into() }
}

fn translated(sql: &str) -> Result<Translated> {
    translate(&parse(sql)?, &present())
}

fn refusal(sql: &str) -> String {
    translated(sql).expect_err(sql).to_string()
}

#[test]
fn text_becomes_values_and_names_become_names_of_our_own() {
    let made = translated(
        "SELECT zebra.name AS \"zebra'\" FROM moments AS zebra WHERE zebra.name = 'x''; DROP' OR name = 'x''; DROP'",
    )
    .expect("a question");
    assert_eq!(
        made.sql,
        "SELECT t1.name AS c1 FROM temp.view_moments AS t1 WHERE ((t1.name = ?1) OR (t1.name = ?1))"
    );
    assert_eq!(made.texts, ["x'; DROP"]);
    assert_eq!(made.columns[0].name, "zebra'");
}

#[test]
fn a_day_that_is_written_is_bound_in_the_form_of_the_column() {
    let made = translated("SELECT id FROM moments WHERE start_time >= '2026-10-14T07:30:00Z'")
        .expect("a question");
    assert!(made.texts.contains(&"2026-10-14 09:30:00".to_owned()), "{:?}", made.texts);
    let made =
        translated("SELECT id FROM moments WHERE day >= CURRENT_DATE - 7").expect("a question");
    assert!(made.sql.ends_with("WHERE (t1.day >= rem_days(?1, - 7))"), "{}", made.sql);
    assert_eq!(made.texts, ["2026-10-14"]);
}

#[test]
fn grouping_by_a_list_groups_by_its_elements_and_by_its_text_groups_by_the_whole() {
    let made = translated("SELECT tags, COUNT(*) FROM moments GROUP BY tags").expect("a question");
    assert_eq!(
        made.sql,
        "SELECT g2.value AS c1, count(*) AS c2 FROM temp.view_moments AS t1 \
         CROSS JOIN json_each(t1.tags) AS g2 GROUP BY g2.value"
    );
    let made = translated("SELECT COUNT(*) FROM moments GROUP BY tags::text").expect("a question");
    assert!(!made.sql.contains("json_each"), "{}", made.sql);
}

#[test]
fn what_is_not_understood_is_refused_and_never_guessed() {
    for sql in [
        "SELECT DISTINCT ON (id) id FROM moments",
        "SELECT id FROM moments WHERE name ~ 'a'",
        "SELECT id FROM moments WINDOW w AS (ORDER BY id)",
        "SELECT id FROM moments TABLESAMPLE SYSTEM (1)",
        "SELECT id FROM moments FOR UPDATE",
        "SELECT id FROM moments ORDER BY id USING <",
        "SELECT id FROM moments GROUP BY ROLLUP (id)",
        "SELECT id FROM moments AT TIME ZONE 'UTC'",
        "SELECT NOW() AT TIME ZONE 'UTC'",
        "SELECT id INTO x FROM moments",
        "SELECT TOP 5 id FROM moments",
        "SELECT x'00'",
        "SELECT $1",
        "SELECT (1, 2) = (1, 2)",
        "SELECT CAST(name AS BYTEA) FROM moments",
        "SELECT name COLLATE \"C\" FROM moments",
    ] {
        refusal(sql);
    }
}

#[test]
fn what_is_too_large_is_refused() {
    assert!(refusal(&format!("SELECT {}", vec!["*"; 20].join(", "))).contains("FROM"));
    assert!(
        refusal(&format!("SELECT {} FROM moments", vec!["*"; 20].join(", "))).contains("columns")
    );
    let tables = vec!["moments"; 20]
        .iter()
        .enumerate()
        .map(|(n, t)| format!("{t} a{n}"))
        .collect::<Vec<_>>();
    assert!(refusal(&format!("SELECT 1 FROM {}", tables.join(", "))).contains("tables"));
    assert!(refusal(&format!("SELECT 1{}", " UNION SELECT 1".repeat(100))).contains("UNION"));
}

#[test]
fn long_chains_are_walked_and_not_descended() {
    let made = translated(&format!("SELECT 1 WHERE 1 = 1{}", " OR 1 = 1".repeat(400)))
        .expect("a question");
    assert!(made.sql.contains("OR"));
}

proptest! {
    #[test]
    fn nothing_that_is_typed_breaks_taking_it_apart(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "SELECT", "FROM", "WHERE", "moments", "m", "id", "tags", "start_time", "(", ")", ",", ".", "*", "=",
                "-", "ANY", "'a'", "1", "NULL", "AND", "GROUP BY", "ORDER BY", "UNION", "WITH", "AS", "unnest", "COUNT",
                "INTERVAL '1 day'", "CURRENT_DATE", "::", "date", "CASE", "WHEN", "END", "OVER", "[", "]", "EXISTS", "JOIN",
            ]),
            0..40,
        ),
        noise in "\\PC{0,20}",
    ) {
        // What comes of it does not matter here; that something comes of it does.
        let _ = translated(&words.join(" "));
        let _ = translated(&format!("SELECT {noise}"));
    }
}
