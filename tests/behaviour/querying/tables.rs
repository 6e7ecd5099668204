use std::fs;

use rem_core::api::{
    moments::{CorrectMoment, Correction, correct_moment},
    query::{ColumnKind, query_views},
};

use super::{ask, one, rows, week};
use crate::world::World;

#[test]
fn every_table_has_the_columns_that_are_listed_and_can_be_counted() {
    let world = week();
    for view in query_views() {
        let reply = ask(&world, &format!("SELECT * FROM {}", view.name));
        let listed: Vec<_> = view.columns.iter().map(|c| (c.name.as_str(), c.kind)).collect();
        let given: Vec<_> = reply.columns.iter().map(|c| (c.name.as_str(), c.kind)).collect();
        assert_eq!(given, listed, "{}", view.name);
        let n: usize =
            one(&world, &format!("SELECT COUNT(*) FROM {}", view.name)).parse().expect("a number");
        assert_eq!(n, reply.rows.len(), "{}", view.name);
        for column in &view.columns {
            let (view, column) = (&view.name, &column.name);
            ask(&world, &format!("SELECT {column} FROM {view} t WHERE t.{column} IS NOT NULL"));
        }
    }
}

#[test]
fn values_are_of_the_kind_that_is_listed() {
    let world = week();
    let mut n_seen = 0;
    for view in query_views() {
        for row in ask(&world, &format!("SELECT * FROM {}", view.name)).rows {
            for column in &view.columns {
                let value = &row[&column.name];
                let fits = value.is_null()
                    || match column.kind {
                        ColumnKind::Number | ColumnKind::Interval => value.is_number(),
                        ColumnKind::Truth => value.is_boolean(),
                        ColumnKind::List => value.is_array(),
                        ColumnKind::Object => value.is_object(),
                        ColumnKind::Text => value.is_string(),
                        ColumnKind::Date => value.as_str().is_some_and(|text| text.len() == 10),
                        ColumnKind::Time => value.as_str().is_some_and(|text| text.len() == 19),
                        ColumnKind::Any => true,
                    };
                assert!(fits, "{}.{} is {value}", view.name, column.name);
                n_seen += usize::from(!value.is_null());
            }
        }
    }
    assert!(n_seen > 500, "only {n_seen} values were looked at");
}

#[test]
fn resources_entities_and_moments_are_three_layers_that_hang_together() {
    let world = week();
    assert_eq!(
        rows(
            &world,
            "SELECT DISTINCT e.name, m.day, r.file FROM entities e
             JOIN mentions n ON n.entity_id = e.id
             JOIN moments m ON m.id = n.moment_id
             JOIN resources r ON r.id = ANY(m.resource_ids)
             WHERE e.name = 'Ilse'"
        ),
        [["Ilse", "2026-10-12", "2026-10-12.md"]]
    );
    assert_eq!(
        rows(
            &world,
            "SELECT edge_type, COUNT(*) > 0 AS some FROM edges
             WHERE source_kind = 'moment' AND target_kind = 'record' GROUP BY edge_type"
        ),
        [["extracted_from", "true"]]
    );
    assert!(one(&world, "SELECT quote FROM evidence WHERE moment_id = (SELECT id FROM moments WHERE 'diskann' = ANY(tags))")
        .contains("Vamana builder"));
}

#[test]
fn a_moment_has_the_fields_of_the_papers() {
    let world = week();
    let reply = ask(
        &world,
        "SELECT name, summary, start_time, end_time, moment_type, tags, emotion_tags, people, resource_ids,
                session_ids, metadata FROM moments WHERE 'docs' = ANY(tags)",
    );
    let moment = &reply.rows[0];
    assert_eq!(moment["start_time"], "2026-10-13 14:00:00");
    assert_eq!(moment["end_time"], "2026-10-13 15:30:00");
    assert_eq!(moment["moment_type"], "writing");
    assert_eq!(moment["people"], serde_json::json!(["Tomas"]));
    assert_eq!(moment["resource_ids"].as_array().map(Vec::len), Some(1));
    assert_eq!(moment["session_ids"], serde_json::json!([]));
    assert!(moment["emotion_tags"].as_array().expect("a list").contains(&"content".into()));
    assert_eq!(moment["metadata"]["corrected"], serde_json::json!([]));
}

/// All words that any question can get to.
fn all_words(world: &World) -> String {
    let tables = query_views();
    tables
        .iter()
        .map(|view| {
            let reply = ask(world, &format!("SELECT * FROM {}", view.name));
            serde_json::to_string(&reply.rows).expect("rows")
        })
        .collect()
}

#[test]
fn what_was_hidden_is_in_no_table() {
    let world = week();
    let moment = world.moment_about("Vamana");
    assert!(all_words(&world).contains("vamana"));
    let correction = Correction::Hidden { hidden: true };
    correct_moment(&world.journal, CorrectMoment { id: moment.moment.id, correction })
        .expect("it is hidden");
    let id = moment.moment.id;
    assert_eq!(one(&world, &format!("SELECT COUNT(*) FROM moments WHERE id = {id}")), "0");
    for table in ["evidence", "mentions", "moods"] {
        let n = one(&world, &format!("SELECT COUNT(*) FROM {table} WHERE moment_id = {id}"));
        assert_eq!(n, "0", "{table}");
    }
    let n = one(
        &world,
        &format!("SELECT COUNT(*) FROM edges WHERE source_kind = 'moment' AND source_id = {id}"),
    );
    assert_eq!(n, "0");
    assert_eq!(one(&world, "SELECT COUNT(*) FROM topics WHERE 'vamana' = ANY(tags)"), "0");
    assert_eq!(one(&world, "SELECT COUNT(*) FROM entities WHERE name = 'vamana'"), "0");
}

#[test]
fn what_was_deleted_is_in_no_table() {
    let world = week();
    world.write(
        "secret.md",
        "# Walk\n\n## 10:00 - 11:00 Walked #heath\n\nMet Quirin at the zwinger. I was happy.\n",
    );
    world.scan();
    world.dream();
    assert!(all_words(&world).contains("zwinger"));
    world.delete("secret.md");
    world.scan_with(true);
    for (table, column) in [("resources", "content"), ("evidence", "quote")] {
        let n =
            one(&world, &format!("SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%zwinger%'"));
        assert_eq!(n, "0", "{table}");
    }
    world.dream();
    assert!(!all_words(&world).contains("zwinger"));
}

#[test]
fn what_docs_query_md_asks_can_be_asked() {
    let world = week();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/query.md");
    let text = fs::read_to_string(path).expect("the page is there");
    let mut n_asked = 0;
    for block in text.split("```sql\n").skip(1) {
        let block = block.split("```").next().unwrap_or_default();
        for sql in block.split(';').map(str::trim).filter(|sql| !sql.is_empty()) {
            ask(&world, sql);
            n_asked += 1;
        }
    }
    assert!(n_asked >= 12, "only {n_asked} questions stand in docs/query.md");
}
