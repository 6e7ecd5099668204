//! Rules about who may name what: the shells and the core, one owner per outside library, and nothing
//! in the core that is looked up instead of passed in.

use regex::Regex;

use crate::{
    code, forbid,
    tree::{self, File},
};

/// A library and the only folders or files that may name it.
const OWNERS: &[(&str, &[&str])] = &[
    ("clap", &["src-tauri/cli/"]),
    ("clap_complete", &["src-tauri/cli/"]),
    ("comfy_table", &["src-tauri/cli/"]),
    ("indicatif", &["src-tauri/cli/"]),
    ("console", &["src-tauri/cli/"]),
    ("owo_colors", &["src-tauri/cli/"]),
    ("directories", &["src-tauri/app/", "src-tauri/cli/"]),
    ("iana_time_zone", &["src-tauri/app/", "src-tauri/cli/"]),
    ("notify", &["src-tauri/core/src/sources/"]),
    ("notify_debouncer_full", &["src-tauri/core/src/sources/"]),
    ("ignore", &["src-tauri/core/src/sources/"]),
    ("encoding_rs", &["src-tauri/core/src/sources/"]),
    ("chardetng", &["src-tauri/core/src/sources/"]),
    ("serde_saphyr", &["src-tauri/core/src/sources/"]),
    ("include_dir", &["src-tauri/core/src/sources/"]),
    ("pulldown_cmark", &["src-tauri/core/src/text/"]),
    ("icu_segmenter", &["src-tauri/core/src/text/"]),
    ("whatlang", &["src-tauri/core/src/text/"]),
    ("vader_parity", &["src-tauri/core/src/text/"]),
    ("rust_stemmers", &["src-tauri/core/src/text/"]),
    ("strsim", &["src-tauri/core/src/text/"]),
    ("leiden_rs", &["src-tauri/core/src/graph/communities.rs"]),
    ("quick_xml", &["src-tauri/core/src/graph/export/"]),
    ("stop_words", &["src-tauri/core/src/text/"]),
    ("chrono_tz", &["src-tauri/core/src/clock.rs"]),
    ("croner", &["src-tauri/core/src/jobs/schedule/"]),
    ("ollama_rs", &["src-tauri/core/src/mind/ollama/"]),
    ("reqwest", &["src-tauri/core/src/mind/wire/", "src-tauri/core/src/mind/address.rs"]),
    ("tokio_stream", &["src-tauri/core/src/mind/ollama/"]),
    ("keyring", &["src-tauri/core/src/mind/keychain.rs"]),
    ("sysinfo", &["src-tauri/app/", "src-tauri/cli/"]),
    ("rusqlite_migration", &["src-tauri/core/src/store/"]),
    ("sqlite_vec", &["src-tauri/core/src/store/"]),
    ("sqlparser", &["src-tauri/core/src/query/"]),
    ("csv", &["src-tauri/core/src/export/moods.rs", "src-tauri/cli/src/page/query.rs"]),
    ("matrixmultiply", &["src-tauri/core/src/graph/near.rs"]),
    ("rusqlite", &["src-tauri/core/"]),
    ("starship_battery", &["src-tauri/app/senses.rs", "src-tauri/cli/src/senses.rs"]),
    ("system_idle_time", &["src-tauri/app/senses.rs"]),
    ("reqwest", &["src-tauri/core/src/mind/"]),
    ("schemars", &["src-tauri/core/src/"]),
    ("icalendar", &["src-tauri/core/src/export/calendar.rs"]),
    ("rmcp", &["src-tauri/cli/src/commands/mcp/"]),
    ("backon", &["src-tauri/core/src/mind/"]),
    (
        "tracing_subscriber",
        &["src-tauri/core/src/log.rs", "src-tauri/app/log.rs", "src-tauri/cli/src/lib.rs"],
    ),
    ("rem_cli", &["src-tauri/cli/"]),
    ("rem_journal", &["src-tauri/app/"]),
];

const OPENS: &[&str] = &["src-tauri/core/src/store/connection.rs"];
const SHELL: &[&str] = &["src-tauri/app/", "src-tauri/build.rs"];

fn pattern(text: &str) -> Regex {
    Regex::new(text).unwrap_or_else(|error| panic!("{error}"))
}

fn strangers(files: &[File], library: &Regex, owners: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.is_product_rust()) {
        if owners.iter().any(|owner| file.path.starts_with(owner)) {
            continue;
        }
        for (n, line) in code::product(&file.text).lines().enumerate() {
            if library.is_match(line) {
                found.push(format!("{}:{}: {}", file.path, n + 1, line.trim()));
            }
        }
    }
    found
}

/// A path that begins with the crate's name, or an import of the crate as a whole.
fn names(krate: &str) -> Regex {
    pattern(&format!(r"(?:^|[^\w:$.])(?:{krate}::\w|{krate}::\{{|use {krate}[;\s])"))
}

fn looked_up(files: &[File]) -> Vec<String> {
    let forbidden = pattern(
        r"\benv::(?:var|vars|args|current_dir|home_dir|temp_dir|set_var)|\bhome_dir\b|\bdirs::|\b(?:Utc|Local|SystemTime)::now\b|\be?print(?:ln)?!|\bio::(?:stdin|stdout|stderr)\b|\bstd::env\b",
    );
    let core: Vec<File> =
        files.iter().filter(|file| file.path.starts_with("src-tauri/core/src/")).cloned().collect();
    strangers(&core, &forbidden, &[])
}

fn dependencies(files: &[File], manifest: &str, forbidden: &Regex) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.path == manifest)
        .flat_map(|file| {
            let lines = file.text.lines().filter(|line| forbidden.is_match(line));
            lines.map(|line| format!("{}: {line}", file.path))
        })
        .collect()
}

#[test]
fn only_the_shell_knows_tauri() {
    let tauri = names(r"tauri(?:_build|_plugin_\w+|_utils)?");
    let sample = File::sample("src-tauri/core/src/journal.rs", "use tauri::Manager;");
    assert_eq!(strangers(&[sample], &tauri, SHELL).len(), 1);
    let sample = File::sample("src-tauri/app/main.rs", "use tauri::Manager;");
    assert!(strangers(&[sample], &tauri, SHELL).is_empty());
    let manifest = pattern(r"^tauri");
    let sample = File::sample("src-tauri/cli/Cargo.toml", "tauri = \"2\"");
    assert_eq!(dependencies(&[sample], "src-tauri/cli/Cargo.toml", &manifest).len(), 1);

    let mut found = strangers(tree::files(), &tauri, SHELL);
    for package in ["src-tauri/core", "src-tauri/cli", "src-tauri/xtask", "tests"] {
        found.extend(dependencies(tree::files(), &format!("{package}/Cargo.toml"), &manifest));
    }
    forbid(&found, "give the core a trait or an argument, and keep Tauri in src-tauri/app");
}

#[test]
fn the_core_knows_neither_shell() {
    let shells = pattern(r"^rem-(?:cli|journal|tests)\b");
    let sample = File::sample("src-tauri/core/Cargo.toml", "rem-cli = { workspace = true }");
    assert_eq!(dependencies(&[sample], "src-tauri/core/Cargo.toml", &shells).len(), 1);

    forbid(
        &dependencies(tree::files(), "src-tauri/core/Cargo.toml", &shells),
        "the shells depend on the core, never the reverse: pass in what the core needs of them",
    );
}

#[test]
fn every_outside_library_has_one_owner() {
    let sample = [File::sample("src-tauri/core/src/search/mod.rs", "use notify::Watcher;")];
    assert_eq!(strangers(&sample, &names("notify"), &["src-tauri/core/src/sources/"]).len(), 1);
    let sample =
        [File::sample("src-tauri/core/src/search/mod.rs", "// notify::Watcher\nself.notify();")];
    assert!(strangers(&sample, &names("notify"), &[]).is_empty());

    let found: Vec<String> = OWNERS
        .iter()
        .flat_map(|(library, owners)| {
            strangers(tree::files(), &names(library), owners)
                .into_iter()
                .map(move |line| format!("{library} belongs to {}: {line}", owners.join(" and ")))
        })
        .collect();
    forbid(&found, "ask the owner for a function that does what you need, or move the line there");
}

#[test]
fn a_connection_is_opened_in_one_place() {
    let open = pattern(r"\bConnection::open");
    let sample =
        [File::sample("src-tauri/core/src/search/mod.rs", "let c = Connection::open(path)?;")];
    assert_eq!(strangers(&sample, &open, OPENS).len(), 1);

    forbid(
        &strangers(tree::files(), &open, OPENS),
        "use Store::read and Store::write: a connection opened elsewhere lacks what keeps a journal safe",
    );
}

#[test]
fn the_core_looks_nothing_up_that_can_be_passed_in() {
    for line in [
        "let x = std::env::var(name);",
        "let x = Utc::now();",
        "println!();",
        "std::io::stdout().lock();",
        "let x = SystemTime::now();",
    ] {
        assert_eq!(looked_up(&[File::sample("src-tauri/core/src/a.rs", line)]).len(), 1, "{line}");
    }
    let test = "#[cfg(test)]\nmod tests { fn f() { println!(); } }";
    assert!(looked_up(&[File::sample("src-tauri/core/src/a.rs", test)]).is_empty());
    assert!(looked_up(&[File::sample("src-tauri/cli/src/a.rs", "println!();")]).is_empty());

    forbid(
        &looked_up(tree::files()),
        "take a Clock, a path or a value from whoever opens the journal; say things by events and tracing",
    );
}
