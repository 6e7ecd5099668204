//! Prose that names a file names one that exists.

use std::collections::HashSet;

use crate::{
    forbid,
    tree::{self, File},
};

/// Prose says `store/` for the core's room and `host/` for the window's.
const SHORT_FOR: &[&str] = &["", "src-tauri/core/src/", "src-tauri/", "ui/src/", "ui/"];

/// Made while building, so Git does not know them.
const MADE: &[&str] = &["target/", "ui/dist/", "ui/node_modules/", "gen/"];

fn is_prose(file: &File) -> bool {
    file.has_ending(&["md"])
        && (file.path.starts_with("docs/")
            || file.path.starts_with("icons/")
            || !file.path.contains('/'))
}

/// Everything between single backticks, outside blocks of code and outside what an ADR decided against:
/// that names other people's files.
fn named(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut is_block = false;
    let mut is_elsewhere = false;
    for (n, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            is_block = !is_block;
        } else if line.starts_with('#') {
            is_elsewhere = line.contains("Alternatives");
        }
        if is_block || is_elsewhere {
            continue;
        }
        found.extend(
            line.split('`')
                .skip(1)
                .step_by(2)
                .filter(|word| is_path(word))
                .map(|word| (n + 1, word.into())),
        );
    }
    found
}

/// A slash, and an ending or a slash at the end; no pattern, address or place holder.
fn is_path(word: &str) -> bool {
    let is_plain = word.chars().all(|c| c.is_alphanumeric() || "._-/@".contains(c));
    let last = word.rsplit('/').next().unwrap_or_default();
    let has_ending = last.rsplit_once('.').is_some_and(|(name, ending)| {
        !name.is_empty() && ending.chars().all(|c| c.is_ascii_alphanumeric())
    });
    is_plain
        && word.contains('/')
        && !word.starts_with(['/', '@'])
        && (last.is_empty() || has_ending || word.starts_with('.'))
}

fn dangling(prose: &[File], there: &HashSet<String>) -> Vec<String> {
    let mut found = Vec::new();
    for file in prose.iter().filter(|file| is_prose(file)) {
        let folder = file.path.rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
        for (line, word) in named(&file.text) {
            let place = word.trim_end_matches('/');
            let is_there = folder
                .iter()
                .map(String::as_str)
                .chain(SHORT_FOR.iter().copied())
                .any(|prefix| there.contains(&format!("{prefix}{place}")))
                || MADE.iter().any(|made| format!("{word}/").starts_with(made));
            if !is_there {
                found.push(format!("{}:{line}: `{word}`", file.path));
            }
        }
    }
    found
}

/// All files and all folders above them.
fn places(files: &[File]) -> HashSet<String> {
    files
        .iter()
        .flat_map(|file| {
            let slashes = file.path.match_indices('/').map(|(at, _)| file.path[..at].to_owned());
            slashes.chain([file.path.clone()])
        })
        .collect()
}

#[test]
fn prose_names_only_files_that_exist() {
    let there = places(&[File::sample("src-tauri/core/src/store/connection.rs", "")]);
    let of = |text: &str| dangling(&[File::sample("docs/architecture.md", text)], &there);
    assert_eq!(of("see `store/gone.rs` and `attic/`").len(), 2);
    assert!(
        of("see `store/connection.rs`, `store/`, `and/or`, `ui/dist/` and `src-tauri/core/`")
            .is_empty()
    );
    assert!(of("```\nattic/a.rs\n```\n## Alternatives\n`crates/` and `apps/`").is_empty());
    assert!(of("`sources/formats/<format>.rs` and `*.svg`").is_empty());

    let mut there = places(tree::files());
    // Pictures are not text, so the walk leaves them out.
    for folder in ["icons", "docs", "docs/pictures"] {
        let entries = tree::root().join(folder).read_dir();
        let names = entries
            .into_iter()
            .flatten()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        there.extend(names.map(|name| format!("{folder}/{name}")));
    }
    forbid(
        &dangling(tree::files(), &there),
        "correct the path, or delete the sentence if the thing is gone",
    );
}
