use super::Desk;

fn asked() -> Desk {
    let desk = Desk::new();
    desk.write(
        "notes/2026-10-13.md",
        "# Tuesday\n\n## 09:30 - 12:45 Deep work on the index #diskann #rust\n\n\
         Finished the Vamana builder for DiskANN. I was happy and proud of it.\n\n\
         ## 14:00 - 15:30 Writing the handbook #docs\n\nWrote the chapter on search. I was content.\n",
    );
    desk.does(&["import", &desk.path("notes")]);
    desk.does(&["dream"]);
    desk
}

#[test]
fn an_answer_is_a_table_with_numbers_to_the_right_and_lengths_as_clocks() {
    let desk = asked();
    let out = desk.does(&[
        "query",
        "SELECT moment_type, COUNT(*) AS n, SUM(end_time - start_time) AS took, MAX(day) AS last
         FROM moments GROUP BY moment_type ORDER BY took DESC",
    ]);
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines[0], "moment_type   n     took  last");
    assert_eq!(lines[1], "work_session  1  3:15:00  2026-10-13");
}

#[test]
fn an_answer_with_more_columns_than_there_is_room_for_is_told_row_by_row() {
    let desk = asked();
    let out = desk.does(&["query", "SELECT * FROM moments ORDER BY start_time"]);
    assert!(out.starts_with("row 1\n"), "{out}");
    assert!(out.contains("\nmoment_type   "), "{out}");
    assert!(out.contains("2026-10-13 09:30:00"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
}

#[test]
fn csv_is_for_spreadsheets_and_runs_no_formula_in_them() {
    let desk = asked();
    let out = desk.does(&[
        "query",
        "--csv",
        "SELECT '=1+1' AS a, 'x, \"y\"' AS b, -1 AS c, tags FROM moments LIMIT 1",
    ]);
    let lines: Vec<_> = out.lines().collect();
    assert_eq!(lines[0], "a,b,c,tags");
    assert!(lines[1].starts_with("'=1+1,\"x, \"\"y\"\"\",-1,\"[\"\""), "{out}");
}

#[test]
fn json_is_the_reply_with_rows_as_objects() {
    let desk = asked();
    let out =
        desk.does(&["--json", "query", "SELECT name, tags FROM moments WHERE 'docs' = ANY(tags)"]);
    let reply: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(reply["columns"][1]["kind"], "list");
    assert!(reply["rows"][0]["tags"].as_array().expect("a list").contains(&"docs".into()));
    assert_eq!(reply["is_cut"], false);
}

#[test]
fn rows_that_are_left_out_are_said_beside_the_answer() {
    let desk = asked();
    let ran = desk.rem(&["query", "SELECT name FROM moments", "--limit", "1"]);
    assert_eq!(ran.exit, rem_cli::Exit::Done);
    assert!(ran.err.contains("there are more rows than these 1"), "{}", ran.err);
    let ran = desk.rem(&["query", "SELECT name FROM moments WHERE 1 = 2"]);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", "rem: no rows\n"));
}

#[test]
fn what_cannot_be_asked_is_wrong_usage_and_said_on_one_line() {
    let desk = asked();
    for (words, said) in [
        (&["query", "SELECT nam FROM moments"][..], "did you mean name?"),
        (&["query", "DELETE FROM moments"], "only questions can be asked"),
        (&["query", "SELECT 1", "--timeout", "0"], "--timeout"),
        (&["query", "SELECT 1", "--limit", "0"], "--limit"),
        (&["query"], "SQL"),
    ] {
        let ran = desk.rem(words);
        assert_eq!(ran.exit, rem_cli::Exit::Usage, "{words:?}: {}", ran.err);
        assert!(ran.err.contains(said), "{words:?}: {}", ran.err);
    }
}

#[test]
fn the_tables_are_listed_with_what_their_columns_mean() {
    let desk = asked();
    let out = desk.does(&["query", "--schema"]);
    assert!(out.starts_with("moments · what happened"), "{out}");
    assert!(out.contains("  emotion_tags "), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let views: serde_json::Value =
        serde_json::from_str(&desk.does(&["--json", "query", "--views"])).expect("JSON");
    assert!(views.as_array().expect("a list").len() >= 16);
}

#[test]
fn no_cell_reaches_into_the_terminal() {
    let desk = asked();
    let evil = "SELECT E'\\x1b[31mred\\x1b]0;owned\\x07 \\u202Eback' AS \"h\u{1b}[1m\" FROM moments LIMIT 1";
    for words in [&["query", evil][..], &["query", "--csv", evil], &["--json", "query", evil]] {
        let ran = desk.rem(words);
        let is_clean = |text: &str| !text.contains(['\u{1b}', '\u{7}', '\u{202e}', '\u{9b}']);
        assert!(is_clean(&ran.out) && is_clean(&ran.err), "{words:?}: {:?} {:?}", ran.out, ran.err);
        assert!(ran.out.contains("red"), "{words:?}: {} {}", ran.out, ran.err);
    }
}
