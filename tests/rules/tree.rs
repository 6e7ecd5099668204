//! The files of the repository, as Git would see them.

use std::{fs, path::Path, sync::LazyLock};

use ignore::WalkBuilder;

/// A text file and its path from the root, with forward slashes.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    /// A sample to show a rule.
    pub(crate) fn sample(path: &str, text: &str) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    pub(crate) fn has_ending(&self, endings: &[&str]) -> bool {
        self.path.rsplit_once('.').is_some_and(|(_, ending)| endings.contains(&ending))
    }

    /// Rust that is built into the product or its tools; not its tests.
    pub(crate) fn is_product_rust(&self) -> bool {
        self.has_ending(&["rs"]) && self.path.starts_with("src-tauri/") && !self.is_test()
    }

    /// A file that only tests or measures.
    pub(crate) fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        self.path.starts_with("tests/")
            || self.path.split('/').any(|part| part == "tests" || part == "examples")
            || name == "tests.rs"
            || [".test.ts", ".spec.ts"].iter().any(|ending| name.ends_with(ending))
    }
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
            Some(File { text: fs::read_to_string(entry.path()).ok()?, path })
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(files.len() > 20, "the walk found only {} files", files.len());
    files
}
