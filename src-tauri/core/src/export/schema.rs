//! The schemas of what is exported, made from the same description that writes it.

use serde_json::{Map, Value, json};

use super::{
    lines::VERSION,
    table::{Column, Holds, Table},
    tables,
};

const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of each kind of line, by the name of its file in `docs/schemas/`.
#[must_use]
pub(crate) fn schemas() -> Vec<(String, Value)> {
    let mut all = vec![
        (file("export"), whole()),
        (file("journal"), journal()),
        (file("settings"), settings()),
        (file("end"), end()),
    ];
    all.extend(tables::all().map(|table| (file(table.thing), thing(table))));
    all
}

fn file(thing: &str) -> String {
    format!("{thing}.schema.json")
}

/// Any line: the one that its `thing` names.
fn whole() -> Value {
    let lines: Vec<Value> = ["journal", "settings", "end"]
        .into_iter()
        .chain(tables::all().map(|table| table.thing))
        .map(|thing| json!({ "$ref": file(thing) }))
        .collect();
    json!({
        "$schema": DRAFT,
        "$id": file("export"),
        "title": "A line of an export of REM Journal",
        "description": "An export is JSON Lines: the first line is a journal, every other one is what its \
                        \"thing\" says. Numbers of things are those of the journal it was exported from.",
        "oneOf": lines,
    })
}

fn journal() -> Value {
    let day = json!({ "type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" });
    object(
        "journal",
        "The first line: what this is, and whether it is all of a journal.",
        json!({
            "format": { "const": "rem-journal-export" },
            "version": { "const": VERSION },
            "is_whole": { "type": "boolean", "description": "Whether a journal can be made of it again." },
            "since": day,
            "until": day,
        }),
        &["format", "version", "is_whole", "since", "until"],
    )
}

fn settings() -> Value {
    object(
        "settings",
        "The person's settings, without addresses of models and what assistant programs may do.",
        json!({ "settings": { "type": "object" } }),
        &["settings"],
    )
}

fn end() -> Value {
    object(
        "end",
        "The last line: how many things stand between the first and this.",
        json!({ "n_things": { "type": "integer", "minimum": 0 } }),
        &["n_things"],
    )
}

fn thing(table: &Table) -> Value {
    let mut members = members(table.columns);
    let mut required: Vec<&str> = table.columns.iter().map(|column| column.name).collect();
    for child in table.children {
        let one = json!({
            "type": if child.is_one { json!(["object", "null"]) } else { json!("object") },
            "description": child.says,
            "properties": members_of(child.columns),
            "required": child.columns.iter().map(|column| column.name).collect::<Vec<_>>(),
            "additionalProperties": false,
        });
        let child_schema = if child.is_one {
            one
        } else {
            json!({ "type": "array", "description": child.says, "items": one })
        };
        members.insert(child.field.into(), child_schema);
        required.push(child.field);
    }
    object(table.thing, table.says, Value::Object(members), &required)
}

fn object(thing: &str, says: &str, members: Value, required: &[&str]) -> Value {
    let mut properties = Map::new();
    properties.insert("thing".into(), json!({ "const": thing }));
    if let Value::Object(members) = members {
        properties.extend(members);
    }
    let required: Vec<&str> = std::iter::once("thing").chain(required.iter().copied()).collect();
    json!({
        "$schema": DRAFT,
        "$id": file(thing),
        "title": thing,
        "description": says,
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn members_of(columns: &[Column]) -> Value {
    Value::Object(members(columns))
}

fn members(columns: &[Column]) -> Map<String, Value> {
    columns.iter().map(|column| (column.name.to_owned(), member(column))).collect()
}

fn member(column: &Column) -> Value {
    let mut types = match column.holds {
        Holds::Whole => vec!["integer"],
        Holds::Number => vec!["number"],
        Holds::Text | Holds::Bytes => vec!["string"],
        Holds::Truth => vec!["boolean"],
        Holds::Json => vec!["array", "object"],
    };
    // What a person corrected may be any value.
    if column.holds == Holds::Json && column.name == "value" {
        types = vec!["array", "object", "string", "number", "boolean"];
    }
    if column.is_optional {
        types.push("null");
    }
    let types = if types.len() == 1 { json!(types[0]) } else { json!(types) };
    let mut member = json!({ "type": types, "description": column.says });
    if column.holds == Holds::Bytes {
        member["pattern"] = json!("^([0-9a-f]{2})*$");
    }
    member
}
