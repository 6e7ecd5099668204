//! The map from capabilities to what shows them is whole, and names only what exists.

use std::collections::{BTreeMap, HashSet};

use regex::Regex;

use crate::{
    forbid,
    tree::{self, File},
};

const PAGE: &str = "docs/capabilities.md";
const ARGS: &str = "src-tauri/cli/src/args.rs";
const COMMANDS: &str = "src-tauri/cli/src/commands/";
const XTASK: &str = "src-tauri/xtask/src/main.rs";

/// The numbers that there are in each section; what lies between them was never given.
const KNOWN: &[(&str, &[(u32, u32)])] = &[
    ("A", &[(1, 104)]),
    ("B", &[(1, 85)]),
    ("C", &[(1, 90)]),
    ("D", &[(1, 36), (40, 61)]),
    (
        "E",
        &[
            (1, 4),
            (10, 13),
            (20, 25),
            (30, 34),
            (40, 43),
            (50, 52),
            (60, 67),
            (70, 70),
            (80, 86),
            (90, 101),
        ],
    ),
    ("F", &[(1, 15)]),
    ("T", &[(1, 12)]),
];

fn known() -> Vec<String> {
    let mut ids = Vec::new();
    for (section, ranges) in KNOWN {
        for (first, last) in *ranges {
            for n in *first..=*last {
                ids.push(if *section == "T" {
                    format!("T{n}")
                } else {
                    format!("{section}{n:03}")
                });
            }
        }
    }
    ids
}

fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).unwrap_or_else(|error| panic!("{error}"))
}

/// A row of the page: its id, and what shows it.
#[derive(Debug)]
struct Row<'a> {
    id: &'a str,
    shown: &'a str,
}

fn rows(page: &str) -> Vec<Row<'_>> {
    let row = regex(r"(?m)^\| ([A-Z]\d+) \|[^|\n]*\|([^|\n]*)\|$");
    row.captures_iter(page)
        .filter_map(|found| {
            Some(Row { id: found.get(1)?.as_str(), shown: found.get(2)?.as_str().trim() })
        })
        .collect()
}

/// Ids that stand nowhere, twice, or were never given.
fn misplaced(rows: &[Row<'_>]) -> Vec<String> {
    let known = known();
    let mut found = Vec::new();
    for id in &known {
        let n = rows.iter().filter(|row| row.id == id).count();
        if n != 1 {
            found.push(format!("{id} has {n} rows"));
        }
    }
    let strange = rows.iter().filter(|row| !known.iter().any(|id| id == row.id));
    found.extend(strange.map(|row| format!("{} is no capability", row.id)));
    found
}

/// The names of the functions of each Rust file.
fn functions(files: &[File]) -> BTreeMap<&str, HashSet<&str>> {
    let function = regex(r"\bfn ([a-z][a-z0-9_]*)");
    let mut all = BTreeMap::new();
    for file in files.iter().filter(|file| file.has_ending(&["rs"])) {
        let names = function.captures_iter(&file.text);
        let names = names.filter_map(|found| Some(found.get(1)?.as_str())).collect();
        all.insert(file.path.as_str(), names);
    }
    all
}

fn text<'a>(files: &'a [File], path: &str) -> &'a str {
    files.iter().find(|file| file.path == path).map_or("", |file| file.text.as_str())
}

/// The words of the enums that a file derives commands from, as they are typed.
fn words(text: &str) -> HashSet<String> {
    let variant = regex(r"(?m)^    ([A-Z][A-Za-z]*)");
    let alias = regex(r#"alias = "([a-z-]+)""#);
    let mut all = HashSet::new();
    for after in text.split("Subcommand)]").skip(1) {
        let body = after.split("\n}").next().unwrap_or_default();
        all.extend(variant.captures_iter(body).map(|found| kebab(&found[1])));
        all.extend(alias.captures_iter(body).map(|found| found[1].to_owned()));
    }
    all
}

fn kebab(name: &str) -> String {
    let mut typed = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !typed.is_empty() {
            typed.push('-');
        }
        typed.push(letter.to_ascii_lowercase());
    }
    typed
}

/// Whether somebody may type this: the first word is a command of `rem`, and the second one of that
/// command's own, where it has some and the word is no flag, number or name.
fn is_command(command: &str, files: &[File]) -> bool {
    let mut typed = command.split_whitespace().skip(1);
    let Some(first) = typed.next() else { return false };
    if !words(text(files, ARGS)).contains(first) {
        return false;
    }
    let own = words(text(files, &format!("{COMMANDS}{first}.rs")));
    let is_plain = |word: &&str| {
        !word.starts_with('-') && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    };
    own.is_empty() || typed.next().filter(is_plain).is_none_or(|second| own.contains(second))
}

fn is_task(command: &str, files: &[File]) -> bool {
    let task = command.strip_prefix("cargo xtask ").and_then(|rest| rest.split(' ').next());
    task.is_some_and(|task| text(files, XTASK).contains(&format!("\"{task}\" =>")))
}

/// Rows that show nothing, and tests and commands that do not exist.
fn unfounded(rows: &[Row<'_>], files: &[File]) -> Vec<String> {
    let functions = functions(files);
    // A test is named with the file it stands in.
    let named = regex(r"`([^`]+)`(?: in `([^`]+)`)?");
    let is_test = regex(r"^[a-z0-9]+(?:_[a-z0-9]+)+$");
    let mut found = Vec::new();
    for Row { id, shown } in rows {
        let mut n_shown = 0;
        for part in named.captures_iter(shown) {
            let name = &part[1];
            let is_there = if is_test.is_match(name) {
                let file = part.get(2).map_or("", |file| file.as_str());
                functions.get(file).is_some_and(|names| names.contains(name))
            } else if name.starts_with("rem ") {
                is_command(name, files)
            } else if name.starts_with("cargo ") {
                is_task(name, files)
            } else {
                continue;
            };
            n_shown += 1;
            if !is_there {
                found.push(format!("{id}: `{name}` does not exist where it is said to"));
            }
        }
        let is_missing = shown.strip_prefix("missing: ").is_some_and(|why| !why.is_empty());
        if n_shown == 0 && !is_missing {
            found.push(format!("{id}: no test, no command, and not “missing: why”"));
        }
    }
    found
}

#[test]
fn every_capability_has_its_row_and_names_what_exists() {
    let whole: String = known().iter().map(|id| format!("| {id} | x | missing: y |\n")).collect();
    assert!(misplaced(&rows(&whole)).is_empty());
    assert_eq!(misplaced(&rows(&whole.replace("| D036 |", "| D037 |"))).len(), 2);
    assert_eq!(misplaced(&rows(&format!("{whole}| T1 | x | missing: y |\n"))).len(), 1);

    let files = [
        File::sample("tests/behaviour/a.rs", "#[test]\nfn it_is_so() {}"),
        File::sample(
            ARGS,
            "#[derive(Debug, Subcommand)]\nenum Command {\n    /// X.\n    Dream(Dream),\n    Status,\n}",
        ),
        File::sample(
            "src-tauri/cli/src/commands/dream.rs",
            "#[derive(Subcommand)]\nenum Stage {\n    #[command(visible_alias = \"me\")]\n    RegisterType(X),\n}",
        ),
        File::sample(XTASK, "match x { \"bench\" => y }"),
    ];
    let of = |shown: &str| unfounded(&[Row { id: "A001", shown }], &files).len();
    for good in [
        "`it_is_so` in `tests/behaviour/a.rs`",
        "in part: `it_is_so` in `tests/behaviour/a.rs`; not `jobs/`",
        "`rem dream`, `rem dream register-type`, `rem dream me`, `rem dream --now`",
        "`rem status`",
        "`cargo xtask bench night`",
        "missing: comes later",
    ] {
        assert_eq!(of(good), 0, "{good}");
    }
    for bad in [
        "`it_is_so`",
        "`it_is_so` in `tests/behaviour/b.rs`",
        "`it_is_not_so` in `tests/behaviour/a.rs`",
        "`rem fly`",
        "`rem dream nothing`",
        "`cargo xtask fly`",
        "as one may see",
        "missing: ",
        "",
    ] {
        assert_eq!(of(bad), 1, "{bad}");
    }

    let files = tree::files();
    let rows = rows(text(files, PAGE));
    assert!(!rows.is_empty(), "{PAGE} has no rows");
    forbid(
        &[misplaced(&rows), unfounded(&rows, files)].concat(),
        "give each capability one row; name a test as `name` in `file`, a command as it is typed, or \
         write “missing: ” and why",
    );
}
