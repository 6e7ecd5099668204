//! The order of the rooms inside the core: imports point down (`docs/adr/0006-layers-inside-core.md`).

use std::collections::BTreeMap;

use crate::{
    code, forbid,
    tree::{self, File},
};

/// From top to bottom; rooms in one row are siblings.
const LAYERS: &[&[&str]] = &[
    &["api"],
    &["journal"],
    &["dream"],
    &["export"],
    &["sources"],
    &["search", "query"],
    &[
        "moments",
        "periods",
        "entities",
        "people",
        "moods",
        "topics",
        "insights",
        "graph",
        "fading",
        "sessions",
        "profile",
        "jobs",
        "consolidation",
        "assistants",
    ],
    &["mind"],
    &["records"],
    &["text"],
    &["store"],
    &["settings"],
    &["event"],
    &["clock"],
    &["error"],
    &["log"],
];

/// Which sibling may import which.
const BETWEEN_SIBLINGS: &[(&str, &str)] = &[
    ("moments", "entities"),
    ("moments", "moods"),
    ("moments", "fading"),
    ("periods", "moments"),
    ("graph", "entities"),
    ("graph", "moments"),
    ("profile", "graph"),
    ("profile", "moments"),
    ("sessions", "moments"),
    ("topics", "moments"),
    ("topics", "periods"),
    ("people", "entities"),
    ("people", "graph"),
    ("people", "moments"),
    ("people", "periods"),
    ("moods", "moments"),
    ("moods", "topics"),
    ("topics", "graph"),
    ("insights", "moments"),
    ("consolidation", "moments"),
];

/// Everybody may name the types of these, because everybody answers with them or is handed them;
/// nobody below may call their functions.
const FACES: &[&str] = &["api", "journal"];

/// Names at the crate's root that stand for a room.
const RE_EXPORTS: &[(&str, &str)] =
    &[("Error", "error"), ("Result", "error"), ("Code", "error"), ("Journal", "journal::Journal")];

/// A shape of the wire together with the pure function that makes it.
const SHARED: &[&str] = &["api::pieces"];

const SOURCE: &str = "src-tauri/core/src/";

fn layer(room: &str) -> Option<usize> {
    LAYERS.iter().position(|rooms| rooms.contains(&room))
}

/// `records/keep.rs` is `["records", "keep"]`; `records/mod.rs` is `["records"]`.
fn module(path: &str) -> Vec<&str> {
    let place = path.strip_prefix(SOURCE).unwrap_or(path);
    let place = place.strip_suffix(".rs").unwrap_or(place);
    place.strip_suffix("/mod").unwrap_or(place).split('/').collect()
}

/// Each room with the paths it imports from other rooms, and by which file.
fn imports(files: &[File]) -> BTreeMap<(String, String), String> {
    let mut found = BTreeMap::new();
    for file in files.iter().filter(|file| file.path.starts_with(SOURCE) && file.is_product_rust())
    {
        let module = module(&file.path);
        let Some(room) = module.first().copied().filter(|room| *room != "lib") else { continue };
        for path in code::crate_paths(&code::product(&file.text), &module) {
            let first = path.split("::").next().unwrap_or_default();
            let path = RE_EXPORTS
                .iter()
                .find(|(name, _)| *name == first)
                .map_or(path.clone(), |(_, stands_for)| (*stands_for).to_owned());
            let other = path.split("::").next().unwrap_or_default();
            if !other.is_empty() && other != room {
                found.insert((room.to_owned(), path), file.path.clone());
            }
        }
    }
    found
}

fn upward(files: &[File]) -> Vec<String> {
    let mut found = Vec::new();
    for ((room, path), file) in imports(files) {
        let other = path.split("::").next().unwrap_or_default();
        let (Some(own), Some(theirs)) = (layer(&room), layer(other)) else {
            let unknown = if layer(&room).is_none() { &room } else { other };
            found.push(format!("{file}: the room “{unknown}” has no place in LAYERS"));
            continue;
        };
        let is_sibling = own == theirs && BETWEEN_SIBLINGS.contains(&(room.as_str(), other));
        let is_shared = SHARED.iter().any(|shared| path.starts_with(shared));
        let is_face = FACES.contains(&other) && is_type(&path);
        if !(own < theirs || is_sibling || is_face || is_shared) {
            found.push(format!("{file}: {room} may not import {path}"));
        }
    }
    found
}

/// A type, or something that belongs to one.
fn is_type(path: &str) -> bool {
    path.split("::").any(|part| part.starts_with(char::is_uppercase))
}

#[test]
fn inside_the_core_imports_point_down() {
    let complaints =
        |path: &str, text: &str| upward(&[File::sample(&format!("{SOURCE}{path}"), text)]);
    assert_eq!(complaints("records/keep.rs", "use crate::search::embed;").len(), 1);
    assert_eq!(complaints("store/mod.rs", "use super::records::keep;").len(), 1);
    assert_eq!(complaints("moments/mod.rs", "fn f() { crate::periods::tell() }").len(), 1);
    assert_eq!(complaints("moments/mod.rs", "use crate::api::days::list_days;").len(), 1);
    assert_eq!(complaints("cellar/mod.rs", "use crate::store::Store;").len(), 1);
    assert!(
        complaints("moments/mod.rs", "use crate::{Journal, Result, api::days::DayMark};")
            .is_empty()
    );
    assert!(complaints("dream/run.rs", "use crate::{records, text::words, entities};").is_empty());
    assert!(complaints("periods/mod.rs", "use crate::moments::cards;").is_empty());
    assert!(complaints("records/mod.rs", "/// Not [`crate::search`].").is_empty());

    forbid(
        &upward(tree::files()),
        "let the room above do it and hand the result down, or move what both need below both",
    );
}

#[test]
fn every_room_of_the_core_has_a_place_in_the_order() {
    let mut found = Vec::new();
    for file in tree::files().iter().filter(|file| file.path.starts_with(SOURCE)) {
        let room = module(&file.path)[0];
        if file.has_ending(&["rs"]) && room != "lib" && layer(room).is_none() {
            found.push(format!("{}: “{room}” is not in LAYERS", file.path));
        }
    }
    forbid(&found, "add the room to LAYERS in tests/rules/layers.rs and to docs/architecture.md");
}
