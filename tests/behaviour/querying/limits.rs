use rem_core::api::query::{QueryReply, QueryRequest, query};

use super::{refusal, week};
use crate::world::{World, differences};

fn ask_within(
    world: &World,
    sql: &str,
    limit: u32,
    timeout_ms: u64,
) -> rem_core::Result<QueryReply> {
    let request =
        QueryRequest { sql: sql.into(), limit: Some(limit), timeout_ms: Some(timeout_ms) };
    query(&world.journal, request)
}

#[test]
fn nothing_but_reading_is_done() {
    let world = week();
    let before = world.everything();
    for sql in [
        "DELETE FROM moments",
        "UPDATE moments SET name = 'x'",
        "INSERT INTO moments (name) VALUES ('x')",
        "DROP TABLE moments",
        "DROP VIEW moments",
        "CREATE TABLE x (y int)",
        "CREATE TEMP TABLE x AS SELECT * FROM moments",
        "CREATE VIEW x AS SELECT 1",
        "ALTER TABLE moments RENAME TO x",
        "ATTACH DATABASE '/tmp/x.db' AS x",
        "DETACH DATABASE main",
        "PRAGMA writable_schema = 1",
        "PRAGMA query_only = OFF",
        "VACUUM",
        "VACUUM INTO '/tmp/x.db'",
        "REINDEX",
        "ANALYZE",
        "BEGIN IMMEDIATE",
        "EXPLAIN SELECT 1",
        "SELECT 1; DELETE FROM moments",
        "SELECT * INTO x FROM moments",
        "WITH x AS (DELETE FROM moments RETURNING *) SELECT * FROM x",
        "SELECT * FROM moments FOR UPDATE",
        "COPY moments TO '/tmp/x'",
        "TABLE moments",
    ] {
        refusal(&world, sql);
    }
    assert_eq!(differences(&before, &world.everything()), Vec::<String>::new());
}

#[test]
fn nothing_behind_the_tables_can_be_read() {
    let world = week();
    for sql in [
        "SELECT * FROM records",
        "SELECT * FROM main.records",
        "SELECT * FROM main.moments",
        "SELECT * FROM temp.moments",
        "SELECT * FROM \"main\".\"moments\"",
        "SELECT * FROM sqlite_schema",
        "SELECT * FROM sqlite_master",
        "SELECT * FROM sqlite_temp_schema",
        "SELECT * FROM pragma_table_info('moments')",
        "SELECT * FROM pragma_database_list()",
        "SELECT * FROM dbstat",
        "SELECT * FROM records_fts",
        "SELECT * FROM moments_fts('x')",
        "SELECT * FROM fts5vocab",
        "SELECT * FROM vec_each('[1]')",
        "SELECT * FROM settings",
        "SELECT * FROM mind_cache",
        "SELECT * FROM locks",
        "SELECT is_hidden FROM moments",
        "SELECT key FROM moments",
        "SELECT rowid FROM moments",
        "SELECT _rowid_ FROM moments",
        "SELECT deleted_at FROM resources",
        "WITH moments AS (SELECT * FROM main.moments) SELECT * FROM moments",
        "SELECT * FROM (SELECT * FROM main.records)",
        "SELECT (SELECT body FROM records LIMIT 1)",
        "SELECT 1 WHERE EXISTS (SELECT 1 FROM main.records)",
        "SELECT load_extension('x')",
        "SELECT readfile('/etc/passwd')",
        "SELECT writefile('/tmp/x', 'y')",
        "SELECT fts3_tokenizer('simple')",
        "SELECT sqlite_version()",
        "SELECT randomblob(1000000000)",
        "SELECT zeroblob(1000000000)",
        "SELECT printf('%.*c', 1000000000, 'x')",
        "SELECT rem_local(1)",
        "SELECT vec_version()",
        "SELECT last_insert_rowid()",
        "SELECT name FROM moments WHERE name MATCH 'x'",
        "SELECT x'00'",
    ] {
        refusal(&world, sql);
    }
}

#[test]
fn a_table_of_ones_own_may_have_the_name_of_another() {
    let world = week();
    assert_eq!(
        super::rows(
            &world,
            "WITH moments AS (SELECT name FROM people) SELECT * FROM moments ORDER BY 1"
        ),
        [["Ilse"], ["Tomas"]]
    );
    assert_eq!(super::one(&world, "WITH records AS (SELECT 1 AS n) SELECT n FROM records"), "1");
}

#[test]
fn a_question_that_takes_too_long_is_stopped() {
    let world = week();
    for sql in [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT MAX(i) FROM n",
        "SELECT COUNT(*) FROM edges a, edges b, edges c, edges d, edges e, edges f",
        "SELECT a.id FROM edges a, edges b, edges c, edges d, edges e ORDER BY a.weight + b.weight",
    ] {
        let error = ask_within(&world, sql, 10, 200).expect_err("stopped").to_string();
        assert!(error.contains("longer than 200 ms") || error.contains("memory"), "{sql}: {error}");
    }
}

#[test]
fn comparing_hears_that_its_time_is_over_too() {
    let world = week();
    // The text grows to megabytes; a pattern of many % would compare for hours.
    let pattern = "%a".repeat(400);
    let sql = format!(
        "WITH RECURSIVE n(i, t) AS (SELECT 1, 'a' UNION ALL SELECT i + 1, t || t FROM n WHERE i < 22)
         SELECT COUNT(*) FROM n WHERE t LIKE '{pattern}b'"
    );
    let error = ask_within(&world, &sql, 10, 20).expect_err("stopped").to_string();
    assert!(error.contains("longer than 20 ms"), "{error}");
}

#[test]
fn a_question_that_needs_too_much_memory_is_stopped() {
    let world = week();
    let sql = "WITH RECURSIVE n(i, t) AS (SELECT 1, 'a' UNION ALL SELECT i + 1, t || t FROM n WHERE i < 40)
               SELECT i, length(t) FROM n ORDER BY t";
    let error = ask_within(&world, sql, 100, 20_000).expect_err("stopped").to_string();
    assert!(error.contains("memory") || error.contains("too long"), "{error}");
}

#[test]
fn more_rows_than_were_asked_for_are_left_out_and_it_is_said() {
    let world = week();
    let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";
    let reply = ask_within(&world, endless, 3, 2_000).expect("an answer");
    assert_eq!((reply.rows.len(), reply.is_cut), (3, true));
    let reply = ask_within(&world, "SELECT id FROM moments", 5, 2_000).expect("an answer");
    assert_eq!((reply.rows.len(), reply.is_cut), (5, false));
    let usual =
        query(&world.journal, QueryRequest { sql: endless.into(), ..QueryRequest::default() });
    assert_eq!(usual.expect("an answer").rows.len(), 1_000);
}

#[test]
fn a_text_that_is_too_long_for_an_answer_is_cut_and_it_is_said() {
    let world = week();
    world.write("long.md", format!("# Long\n\n{}", "ü".repeat(400_000)));
    world.scan();
    let sql = "SELECT content, length(content) AS n FROM resources WHERE name = 'Long'";
    let reply = ask_within(&world, sql, 5, 2_000).expect("an answer");
    assert_eq!(reply.n_cut_texts, 1);
    let content = reply.rows[0]["content"].as_str().expect("a text");
    assert!(content.len() < 300_000 && content.ends_with("ü…"));
    assert!(reply.rows[0]["n"].as_i64().expect("a number") >= 400_000);
}

#[test]
fn an_answer_of_long_texts_is_cut_before_it_fills_the_memory() {
    let world = week();
    world.write("long.md", format!("# Long\n\n{}", "a".repeat(250_000)));
    world.scan();
    let sql = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
               SELECT content FROM resources, n WHERE name = 'Long'";
    let reply = ask_within(&world, sql, 1_000, 20_000).expect("an answer");
    assert!(reply.is_cut);
    assert!(reply.rows.len() < 150, "{} rows", reply.rows.len());
}
