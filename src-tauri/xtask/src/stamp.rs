//! Stamps: what a step was made from, so that it is not made again from the same.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::shell;

/// A file that remembers the inputs of the last success.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
    now: String,
}

impl Stamp {
    /// The stamp `name` for these files and folders, and for anything else that matters as `extra`.
    pub(crate) fn of(name: &str, inputs: &[PathBuf], extra: &str) -> Result<Self> {
        Ok(Self { file: shell::own_folder().join(name), now: digest(inputs, extra)? })
    }

    /// Whether the last success had the same inputs.
    pub(crate) fn is_fresh(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|kept| kept == self.now)
    }

    /// Notes a success.
    pub(crate) fn keep(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        fs::write(&self.file, &self.now).with_context(|| format!("writing {}", self.file.display()))
    }
}

/// Content, not times: a checkout or a switch of branches touches files without changing them.
fn digest(inputs: &[PathBuf], extra: &str) -> Result<String> {
    let mut files = Vec::new();
    for input in inputs {
        collect(input, &mut files)?;
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    extra.hash(&mut hasher);
    for file in files {
        let bytes = fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        file.hash(&mut hasher);
        bytes.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, into: &mut Vec<PathBuf>) -> Result<()> {
    if path.is_file() {
        into.push(path.to_owned());
    } else if path.is_dir() {
        let entries = fs::read_dir(path).with_context(|| format!("reading {}", path.display()))?;
        for entry in entries {
            collect(&entry?.path(), into)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(folder.join("src")).unwrap();
        fs::write(folder.join("src/a.ts"), "one").unwrap();
        folder
    }

    #[test]
    fn a_digest_follows_content_names_and_circumstances_but_not_times() {
        let folder = folder("digest");
        let inputs = [folder.join("src"), folder.join("absent")];
        let first = digest(&inputs, "node 20").unwrap();
        fs::write(folder.join("src/a.ts"), "one").unwrap();
        assert_eq!(digest(&inputs, "node 20").unwrap(), first);
        assert_ne!(digest(&inputs, "node 22").unwrap(), first);
        fs::write(folder.join("src/a.ts"), "two").unwrap();
        assert_ne!(digest(&inputs, "node 20").unwrap(), first);
        fs::write(folder.join("src/a.ts"), "one").unwrap();
        fs::rename(folder.join("src/a.ts"), folder.join("src/b.ts")).unwrap();
        assert_ne!(digest(&inputs, "node 20").unwrap(), first);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_stamp_is_fresh_only_after_the_same_success() {
        let folder = folder("stamp");
        let at = |now: &str| Stamp { file: folder.join("deep/stamp"), now: now.into() };
        assert!(!at("a").is_fresh());
        at("a").keep().unwrap();
        assert!(at("a").is_fresh());
        assert!(!at("b").is_fresh());
        fs::remove_dir_all(folder).unwrap();
    }
}
