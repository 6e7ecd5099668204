/// What questions cannot do: write, look behind the tables, take for ever.
mod limits;
/// The tables: what stands in them, and what does not.
mod tables;
/// Days, times and lengths of time in questions.
mod times;

use rem_core::{
    Code,
    api::query::{ColumnKind, QueryReply, QueryRequest, query},
};
use serde_json::Value;

use crate::world::World;

/// A week in October with five moments; the clock stands on Wednesday, the 14th.
pub(crate) fn week() -> World {
    let world = World::new();
    world.write(
        "2026-10-13.md",
        "# Tuesday\n\n\
         ## 09:30 - 12:45 Deep work on the index #diskann #rust\n\n\
         Finished the Vamana builder for DiskANN. It works, and I was happy and proud of it.\n\n\
         ## 14:00 - 15:30 Writing the handbook #docs\n\n\
         Wrote the chapter on search and sent it to Tomas. I was content.\n",
    );
    world.write(
        "2026-10-12.md",
        "# Monday\n\n\
         ## 10:00 - 10:30 The build broke again #builds #rust\n\n\
         The build broke for the third time and I was so frustrated and angry about it.\n\n\
         ## 16:00 - 16:20 Meeting with Ilse #builds\n\n\
         The builds still fail, I was frustrated. Ilse said she will look at it.\n",
    );
    world.write(
        "2026-09-01.md",
        "# September\n\n\
         ## 08:00 - 09:00 Swimming in the lake #lake\n\n\
         Swam to the island with Hester Voss. I was calm and happy.\n",
    );
    world.scan();
    world.dream();
    world
}

pub(crate) fn ask(world: &World, sql: &str) -> QueryReply {
    let request = QueryRequest { sql: sql.into(), ..QueryRequest::default() };
    query(&world.journal, request).unwrap_or_else(|error| panic!("{sql}\n  {error}"))
}

/// Why a question is refused: always for what was asked, never for a failure of the journal.
pub(crate) fn refusal(world: &World, sql: &str) -> String {
    let request = QueryRequest { sql: sql.into(), ..QueryRequest::default() };
    let error = match query(&world.journal, request) {
        Ok(reply) => panic!("{sql}\n  was answered: {reply:?}"),
        Err(error) => error,
    };
    assert_eq!(error.code(), Code::InvalidInput, "{sql}: {error}");
    error.to_string()
}

/// The answer's rows, each value as its words.
pub(crate) fn rows(world: &World, sql: &str) -> Vec<Vec<String>> {
    let reply = ask(world, sql);
    let told = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    reply
        .rows
        .iter()
        .map(|row| reply.columns.iter().map(|column| told(&row[&column.name])).collect())
        .collect()
}

/// The one value that a question gives.
pub(crate) fn one(world: &World, sql: &str) -> String {
    let rows = rows(world, sql);
    assert_eq!((rows.len(), rows.first().map(Vec::len)), (1, Some(1)), "{sql}: {rows:?}");
    rows[0][0].clone()
}

fn names(world: &World, sql: &str) -> Vec<String> {
    let reply = ask(world, sql);
    reply.rows.iter().map(|row| row["name"].as_str().expect("a name").to_owned()).collect()
}

#[test]
fn yesterday_is_asked_for_as_the_papers_ask() {
    let world = week();
    let found = names(&world, "SELECT * FROM moments WHERE DATE(start_time) = CURRENT_DATE - 1");
    assert_eq!(found.len(), 2);
    assert!(found[0].starts_with("Deep work"), "{found:?}");
}

#[test]
fn the_last_week_is_asked_for_as_the_papers_ask() {
    let world = week();
    let found = names(
        &world,
        "SELECT * FROM moments
          WHERE start_time >= CURRENT_DATE - 7
          ORDER BY start_time",
    );
    let first: Vec<_> = found.iter().filter_map(|name| name.split(' ').next()).collect();
    assert_eq!(first, ["The", "Meeting", "Deep", "Writing"]);
}

#[test]
fn a_tag_is_asked_for_as_the_papers_ask() {
    let world = week();
    let found = names(&world, "SELECT * FROM moments WHERE 'diskann' = ANY(tags)");
    assert_eq!(found.len(), 1);
    assert!(found[0].starts_with("Deep work"));
}

#[test]
fn the_most_productive_times_come_by_length_as_the_papers_ask() {
    let world = week();
    let found = names(
        &world,
        "SELECT * FROM moments
          WHERE 'productive' = ANY(emotion_tags)
          ORDER BY (end_time - start_time) DESC
          LIMIT 10",
    );
    assert_eq!(found.len(), 2, "those that something came of: {found:?}");
    assert!(found[0].starts_with("Deep work") && found[1].starts_with("Writing"), "{found:?}");
}

#[test]
fn frustration_is_grouped_by_tags_as_the_papers_ask() {
    let world = week();
    let found = rows(
        &world,
        "SELECT tags, COUNT(*)
          FROM moments
          WHERE 'frustrated' = ANY(emotion_tags)
          GROUP BY tags
          ORDER BY COUNT(*) DESC",
    );
    assert_eq!(found[0], ["builds", "2"]);
    assert!(found.contains(&vec!["rust".to_owned(), "1".to_owned()]), "{found:?}");
}

#[test]
fn what_came_in_lately_is_asked_for_as_the_papers_ask() {
    let world = week();
    world.note("The pear tree has lost its leaves.");
    let day = "SELECT * FROM resources
        WHERE created_at >= NOW() - INTERVAL '24 hours'
        ORDER BY created_at";
    assert_eq!(ask(&world, day).rows.len(), 4);
    world.pass(25 * 3_600_000);
    assert_eq!(ask(&world, day).rows.len(), 0);
    assert_eq!(
        ask(&world, "SELECT * FROM resources WHERE created_at >= '2026-10-14T17:00:00+00:00'")
            .rows
            .len(),
        4,
        "a time with an offset is that time on the journal's wall"
    );
}

#[test]
fn conversations_come_with_their_messages_as_the_papers_ask() {
    let world = week();
    world.write(
        "WhatsApp Chat with Ilse.txt",
        "14/10/2026, 12:15 - Ilse: The builds are green\n14/10/2026, 12:16 - Me: Thank you\n",
    );
    world.scan();
    let reply = ask(
        &world,
        "SELECT s.*,
               array_agg(m.* ORDER BY m.created_at) as messages
        FROM sessions s
        JOIN messages m ON m.session_id = s.id
        WHERE s.created_at >= NOW() - INTERVAL '24 hours'
        GROUP BY s.id",
    );
    let [session] = &reply.rows[..] else { panic!("one conversation: {:?}", reply.rows) };
    let messages = session["messages"].as_array().expect("a list");
    assert_eq!(messages.len(), 2);
    assert_eq!(messages[0]["content"], "The builds are green");
    assert_eq!(session["n_messages"], 2);
}

#[test]
fn how_long_each_type_takes_and_what_is_spoken_of_most_can_be_asked() {
    let world = week();
    let found = rows(
        &world,
        "SELECT moment_type,
               AVG(EXTRACT(EPOCH FROM (end_time - start_time))/60) as avg_duration_minutes,
               COUNT(*) as count
        FROM moments
        GROUP BY moment_type ORDER BY avg_duration_minutes DESC",
    );
    assert_eq!(found[0], ["work_session", "195.0", "1"]);
    let found = rows(
        &world,
        "SELECT topic, COUNT(*) as mentions
        FROM moments, unnest(tags) as topic
        GROUP BY topic
        ORDER BY mentions DESC, topic LIMIT 2",
    );
    assert_eq!(found, [["builds", "2"], ["rust", "2"]]);
}

#[test]
fn lists_are_compared_by_their_elements() {
    let world = week();
    let n = |condition: &str| {
        ask(&world, &format!("SELECT id FROM moments WHERE {condition}")).rows.len()
    };
    assert_eq!(n("tags && ARRAY['diskann', 'lake']"), 2);
    assert_eq!(n("tags @> ARRAY['rust', 'builds']"), 1);
    assert_eq!(n("ARRAY['rust', 'builds'] <@ tags"), 1);
    assert_eq!(n("tags && '{lake,docs}'"), 2);
    assert_eq!(n("'rust' <> ALL(tags)"), 3);
    assert_eq!(n("NOT 'rust' = ANY(tags)"), 3);
    assert_eq!(n("moment_type = ANY(ARRAY['meeting', 'writing'])"), 2);
    assert_eq!(n("cardinality(people) = 0"), 3);
    assert_eq!(n("tags[1] = 'docs'"), 1);
    assert_eq!(n("'Ilse' IN (SELECT unnest(people))"), 1);
    assert_eq!(n("EXISTS (SELECT 1 FROM unnest(tags) t WHERE t LIKE 'bui%')"), 3);
}

#[test]
fn lists_come_as_lists_and_truths_as_truths() {
    let world = week();
    let reply = ask(
        &world,
        "SELECT tags, is_pinned, metadata, end_time - start_time AS took, day FROM moments
         WHERE 'diskann' = ANY(tags)",
    );
    let kinds: Vec<_> = reply.columns.iter().map(|column| column.kind).collect();
    assert_eq!(
        kinds,
        [
            ColumnKind::List,
            ColumnKind::Truth,
            ColumnKind::Object,
            ColumnKind::Interval,
            ColumnKind::Date
        ]
    );
    let row = &reply.rows[0];
    assert!(row["tags"].as_array().expect("a list").contains(&"diskann".into()));
    assert_eq!(row["is_pinned"], false);
    assert_eq!(row["metadata"]["mind"], "built-in analyser");
    assert_eq!(row["took"], 11_700.0);
}

#[test]
fn capitals_count_for_like_and_not_for_ilike() {
    let world = week();
    let n = |condition: &str| {
        ask(&world, &format!("SELECT id FROM moments WHERE {condition}")).rows.len()
    };
    assert_eq!(n("name LIKE '%index%'"), 1);
    assert_eq!(n("name LIKE '%INDEX%'"), 0);
    assert_eq!(n("name ILIKE '%INDEX%'"), 1);
    assert_eq!(n("name NOT ILIKE '%the%'"), 1);
    assert_eq!(n("summary LIKE '100\\%'"), 0);
}

#[test]
fn tables_are_joined_gathered_and_ranked_as_in_postgresql() {
    let world = week();
    assert_eq!(
        rows(
            &world,
            "WITH days AS (SELECT day, COUNT(*) AS n FROM moments GROUP BY 1)
             SELECT d.day, d.n, p.summary <> '' AS is_told FROM days d
             JOIN periods p ON p.start_date = d.day AND p.kind = 'day'
             WHERE d.n > 1 ORDER BY d.day DESC",
        ),
        [["2026-10-13", "2", "true"], ["2026-10-12", "2", "true"]]
    );
    assert_eq!(
        rows(
            &world,
            "SELECT name, ROW_NUMBER() OVER (PARTITION BY day ORDER BY start_time) AS n
             FROM moments WHERE name LIKE 'Meeting%' OR name LIKE 'The%' ORDER BY n",
        )
        .iter()
        .map(|row| row[1].as_str())
        .collect::<Vec<_>>(),
        ["1", "2"]
    );
    assert_eq!(
        rows(&world, "SELECT 1 AS n UNION ALL SELECT 3 UNION SELECT 2 ORDER BY n DESC"),
        [["3"], ["2"], ["1"]]
    );
    assert_eq!(
        rows(
            &world,
            "SELECT COUNT(*) FILTER (WHERE 'rust' = ANY(tags)) AS rust, COUNT(*) FROM moments"
        ),
        [["2", "5"]]
    );
    assert_eq!(
        one(&world, "SELECT string_agg(name, '; ' ORDER BY name) FROM people"),
        "Ilse; Tomas"
    );
    assert_eq!(
        one(
            &world,
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10)
             SELECT SUM(i) FROM n"
        ),
        "55"
    );
}

#[test]
fn columns_without_a_name_are_called_as_postgresql_calls_them_and_no_two_the_same() {
    let world = week();
    let reply =
        ask(&world, "SELECT COUNT(*), COUNT(*), MAX(m.day), 1 + 1 AS \"Two\" FROM moments m");
    let names: Vec<_> = reply.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["count", "count_2", "max", "Two"]);
}

#[test]
fn what_is_mistyped_is_said_with_its_place_and_what_was_meant() {
    let world = week();
    assert_eq!(
        refusal(&world, "SELECT strat_time FROM moments"),
        "there is no column “strat_time” (line 1, column 8); did you mean start_time?"
    );
    assert_eq!(
        refusal(&world, "SELECT *\nFROM momens"),
        "there is no table “momens” (line 2, column 6); did you mean moments?"
    );
    assert!(refusal(&world, "SELECT m.nam FROM moments m").ends_with("did you mean name?"));
    assert!(refusal(&world, "SELECT lenght(name) FROM moments").ends_with("did you mean length?"));
    assert!(refusal(&world, "SELECT n.name FROM moments m").contains("nothing is called “n”"));
    assert!(refusal(&world, "SELECT id FROM moments, people").contains("moments.id"));
    assert!(
        refusal(&world, "SELECT * FROM moments WHERE tags = 'rust'").contains("'rust' = ANY(tags)")
    );
    assert!(
        refusal(&world, "SELECT name FROM moments WHERE name = rust").contains("single quotes")
    );
    assert!(refusal(&world, "SELECT * FROM moments WHERE (").starts_with("this is not SQL: "));
    assert!(refusal(&world, "SELECT id\nFROM moments WHERE )").contains("line 2"));
}

#[test]
fn text_is_text_whatever_stands_in_it() {
    let world = week();
    for text in ["'; DROP TABLE moments; --", "\\", "?1", "\u{202e}", "a''b", "%s{}", "\"; --"] {
        let quoted = text.replace('\'', "''");
        assert_eq!(one(&world, &format!("SELECT '{quoted}' AS t")), text);
        assert_eq!(one(&world, &format!("SELECT '{quoted}' || '' AS t")), text);
    }
    assert_eq!(one(&world, "SELECT $$it's$$ AS t"), "it's");
}
