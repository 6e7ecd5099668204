//! Rules about files as such: their length, what they must not contain.

use regex::Regex;

use crate::{
    code, forbid,
    tree::{self, File},
};

const AIM: usize = 400;
const WALL: usize = 600;

const SOURCES: &[&str] = &["rs", "ts", "svelte", "js", "css", "sh"];

/// Long by nature, and never read from top to bottom.
fn is_data(file: &File) -> bool {
    file.path.starts_with("ui/src/bindings/")
        || file.path.contains("/lexicon")
        || file.path.contains("/lexica")
        || file.path.ends_with("/schema.sql")
}

fn long_files(files: &[File], limit: usize) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.has_ending(SOURCES) && !file.is_test && !is_data(file))
        .filter_map(|file| {
            let n = file.text.lines().count();
            (n > limit).then(|| format!("{}: {n} lines", file.path))
        })
        .collect()
}

/// Put together, so that this file does not break its own rule.
fn marks() -> Regex {
    let words =
        [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("HA", "CK")];
    let macros = [concat!("to", "do!"), concat!("unimple", "mented!"), concat!("d", "bg!")];
    Regex::new(&format!(r"\b(?:{})\b|\b(?:{})", words.join("|"), macros.join("|")))
        .unwrap_or_else(|error| panic!("{error}"))
}

fn unfinished(files: &[File]) -> Vec<String> {
    let sources: Vec<File> = files
        .iter()
        .filter(|file| file.has_ending(SOURCES) || file.has_ending(&["sql", "html"]))
        .map(|file| File { text: said(file), ..file.clone() })
        .collect();
    lines_with(&sources, &marks(), |_| true)
}

/// A keyword of somebody's notes is no mark of ours, and stands in a string.
fn said(file: &File) -> String {
    if file.has_ending(&["rs"]) { code::without_strings(&file.text) } else { file.text.clone() }
}

fn machine_paths(files: &[File]) -> Vec<String> {
    let home = Regex::new(r#"(?:^|[\s"'`(=:,])/(?:work/|home/[a-z]|Users/[A-Za-z]|root/)"#)
        .unwrap_or_else(|error| panic!("{error}"));
    // What people bring, invented or real, names their folders.
    lines_with(files, &home, |file| {
        !file.path.starts_with("tests/fixtures/")
            && !file.path.starts_with("src-tauri/core/sample/")
    })
}

fn lines_with(files: &[File], pattern: &Regex, is_meant: impl Fn(&File) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| is_meant(file)) {
        for (n, line) in file.text.lines().enumerate() {
            if pattern.is_match(line) {
                found.push(format!("{}:{}: {}", file.path, n + 1, line.trim()));
            }
        }
    }
    found
}

#[test]
fn no_source_file_is_longer_than_the_wall() {
    let sample = [File::sample("src-tauri/core/src/long.rs", &"x\n".repeat(WALL + 1))];
    assert_eq!(long_files(&sample, WALL).len(), 1);
    assert!(
        long_files(&[File::sample("tests/behaviour/long.rs", &sample[0].text)], WALL).is_empty()
    );

    let files = tree::files();
    for file in long_files(files, AIM) {
        println!("longer than the {AIM} lines to aim at: {file}");
    }
    forbid(
        &long_files(files, WALL),
        &format!("split the file by what its parts do: {WALL} lines are the wall, {AIM} the aim"),
    );
}

#[test]
fn nothing_is_left_for_later_in_the_sources() {
    for mark in [concat!("// TO", "DO: later"), concat!("to", "do!()"), concat!("d", "bg!(x)")] {
        assert_eq!(unfinished(&[File::sample("a.rs", mark)]).len(), 1, "{mark}");
    }
    assert!(unfinished(&[File::sample("a.rs", "let mastodon = 1; // hacking")]).is_empty());
    let keyword = concat!("let x = [\"TO", "DO \", \"DONE \"];");
    assert!(unfinished(&[File::sample("a.rs", keyword)]).is_empty());

    forbid(
        &unfinished(tree::files()),
        "finish it, or leave it out and write down in an issue what is missing",
    );
}

#[test]
fn no_file_names_a_folder_of_somebodys_machine() {
    for line in [
        concat!("see /ho", "me/anna/notes"),
        concat!("\"/wo", "rk/main\""),
        concat!("(/Us", "ers/Bo/x"),
    ] {
        assert_eq!(machine_paths(&[File::sample("a.md", line)]).len(), 1, "{line}");
    }
    assert!(
        machine_paths(&[File::sample("a.md", "notes/work/today.md and https://x/home/a")])
            .is_empty()
    );

    forbid(
        &machine_paths(tree::files()),
        "write paths from the repository's root, or take them from a temporary folder",
    );
}
