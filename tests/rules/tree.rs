//! The files of the repository, as Git would see them.

use std::{fs, path::Path, sync::LazyLock};

use ignore::WalkBuilder;

/// A text file and its path from the root, with forward slashes.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
    /// Whether it only tests or measures.
    pub(crate) is_test: bool,
}

impl File {
    /// A file as it is read, or a sample to show a rule.
    pub(crate) fn sample(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into(), is_test: is_test(path) }
    }

    pub(crate) fn has_ending(&self, endings: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Rust that is built into the product or its tools; not its tests.
    pub(crate) fn is_product_rust(&self) -> bool {
        self.has_ending(&["rs"]) && self.path.starts_with("src-tauri/") && !self.is_test
    }
}

fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("tests/")
        || path.split('/').any(|part| part == "tests" || part == "examples")
        || name == "tests.rs"
        || [".test.ts", ".spec.ts"].iter().any(|ending| name.ends_with(ending))
}

/// The files of modules that are declared for tests only: `#[cfg(test)] mod hostile;`.
fn test_modules(file: &File) -> Vec<String> {
    let folder = match file.path.rsplit_once('/') {
        Some((folder, "mod.rs" | "lib.rs" | "main.rs")) => folder,
        _ => file.path.trim_end_matches(".rs"),
    };
    let parts = file.text.split("#[cfg(test)]").skip(1);
    parts
        .filter_map(|after| after.trim_start().strip_prefix("mod ")?.split_once(';'))
        .filter(|(name, _)| !name.contains('{'))
        .map(|(name, _)| format!("{folder}/{name}.rs"))
        .collect()
}

/// The repository's root.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Every text file that is not ignored by Git.
pub(crate) fn files() -> &'static [File] {
    static FILES: LazyLock<Vec<File>> = LazyLock::new(read_all);
    &FILES
}

fn read_all() -> Vec<File> {
    let mut files: Vec<File> = WalkBuilder::new(root())
        .hidden(false)
        .require_git(false)
        .parents(false)
        .git_global(false)
        .git_exclude(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(root()).ok()?;
            let path = path.to_str()?.replace('\\', "/");
            // A picture or a database is not text, and no rule here is about it.
            Some(File::sample(&path, &fs::read_to_string(entry.path()).ok()?))
        })
        .collect();
    let tests: Vec<String> =
        files.iter().filter(|file| file.has_ending(&["rs"])).flat_map(test_modules).collect();
    for file in &mut files {
        file.is_test |= tests.contains(&file.path);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 20, "the walk found only {} files", files.len());
    files
}

#[test]
fn a_module_declared_for_tests_is_a_test() {
    let file =
        File::sample("src-tauri/core/src/text/mod.rs", "#[cfg(test)]\nmod hostile;\nmod words;");
    assert_eq!(test_modules(&file), ["src-tauri/core/src/text/hostile.rs"]);
    let file = File::sample("src-tauri/core/src/clock.rs", "#[cfg(test)]\nmod tests {\n  use x; }");
    assert!(test_modules(&file).is_empty());
}
