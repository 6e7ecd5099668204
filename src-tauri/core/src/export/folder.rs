//! A folder of an export: it knows which files it wrote, and touches no other.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Component, Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use super::{Days, Writing, file};
use crate::{Error, Result, error::Attempt, store::Hash};

/// Where it is kept what an export wrote.
pub(super) const LIST: &str = ".rem-export.json";
/// After so many files the list is kept, so that one who is killed knows most of what they wrote.
const KEPT_AFTER: u32 = 500;
/// So many files that were left alone are named.
const NAMED: usize = 100;

/// What was written, for the next time.
#[derive(Debug, Default, Serialize, Deserialize)]
struct List {
    rem_export: u32,
    files: BTreeMap<String, Known>,
}

/// A file that an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// BLAKE3 of what was written.
    hash: String,
    /// The days it tells of.
    from: String,
    until: String,
}

/// A folder that is written to.
pub(super) struct Folder {
    root: PathBuf,
    list: List,
    made: BTreeSet<String>,
    n_since: u32,
}

impl Folder {
    /// Opens a folder that is empty, not there yet, or of an earlier export.
    pub(super) fn open(root: &Path) -> Result<Self> {
        match fs::symlink_metadata(root) {
            Err(_) => {
                fs::create_dir_all(root)
                    .attempt(|| format!("creating the folder {}", root.display()))?;
            }
            Ok(found) if !found.is_dir() => {
                return Err(Error::invalid(format!(
                    "{} is no folder: Markdown is written to one",
                    root.display()
                )));
            }
            Ok(_) => {}
        }
        let list = root.join(LIST);
        let list = if fs::symlink_metadata(&list).is_ok_and(|found| found.is_file()) {
            read(&list)?
        } else {
            let mut inside =
                fs::read_dir(root).attempt(|| format!("looking into {}", root.display()))?;
            if inside.next().is_some() {
                return Err(Error::invalid(format!(
                    "{} holds files that no export wrote: choose an empty folder, or a new one",
                    root.display()
                )));
            }
            List { rem_export: 1, files: BTreeMap::new() }
        };
        Ok(Self { root: root.to_owned(), list, made: BTreeSet::new(), n_since: 0 })
    }

    /// Writes a file that tells of these days, unless the person changed it, or put it there.
    pub(super) fn put(
        &mut self,
        name: &str,
        text: &str,
        (from, until): (&str, &str),
        writing: &mut Writing<'_>,
    ) -> Result<()> {
        writing.cancel.check()?;
        let path = self.place(name)?;
        let hash = digits(&Hash::of(text.as_bytes()));
        let known = Known { hash, from: from.into(), until: until.into() };
        self.made.insert(name.to_owned());
        match fs::symlink_metadata(&path) {
            Err(_) => {}
            Ok(found) => {
                let is = if found.is_file() { digits(&file::hash(&path)?) } else { String::new() };
                if is == known.hash {
                    self.list.files.insert(name.to_owned(), known);
                    writing.report.n_unchanged += 1;
                    return Ok(());
                }
                if self.list.files.get(name).is_none_or(|before| before.hash != is) {
                    left_alone(name, writing);
                    return Ok(());
                }
            }
        }
        file::put(&path, text.as_bytes())?;
        self.list.files.insert(name.to_owned(), known);
        writing.report.n_written += 1;
        self.n_since += 1;
        if self.n_since >= KEPT_AFTER {
            self.keep()?;
        }
        Ok(())
    }

    /// The names of all files that tell of one day, in order.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.list.files.keys().map(String::as_str)
    }

    /// Takes away what an earlier export wrote of these days and this one did not, and keeps the list.
    pub(super) fn finish(mut self, days: &Days, writing: &mut Writing<'_>) -> Result<()> {
        let gone: Vec<(String, Known)> = self
            .list
            .files
            .iter()
            .filter(|(name, known)| {
                !self.made.contains(*name) && days.hold(&known.from, &known.until)
            })
            .map(|(name, known)| (name.clone(), known.clone()))
            .collect();
        for (name, known) in gone {
            let path = self.place(&name)?;
            match fs::symlink_metadata(&path) {
                Err(_) => {
                    self.list.files.remove(&name);
                }
                Ok(found) if found.is_file() && digits(&file::hash(&path)?) == known.hash => {
                    fs::remove_file(&path).attempt(|| format!("removing {}", path.display()))?;
                    self.list.files.remove(&name);
                    writing.report.n_removed += 1;
                    // A folder that still holds something stays.
                    let folders = path.ancestors().skip(1).take_while(|above| *above != self.root);
                    for folder in folders {
                        if fs::remove_dir(folder).is_err() {
                            break;
                        }
                    }
                }
                Ok(_) => left_alone(&name, writing),
            }
        }
        self.keep()
    }

    /// Keeps the list as it is, where an export ends early.
    pub(super) fn keep(&mut self) -> Result<()> {
        self.n_since = 0;
        let text = serde_json::to_string_pretty(&self.list).map_err(|error| {
            Error::invalid(format!("the list of files cannot be kept: {error}"))
        })?;
        let path = self.root.join(LIST);
        if fs::read(&path).is_ok_and(|before| before == text.as_bytes()) {
            return Ok(());
        }
        file::put(&path, text.as_bytes())
    }

    /// Where a file lies. No folder on the way may be a link: it would lead out of here.
    fn place(&self, name: &str) -> Result<PathBuf> {
        let mut path = self.root.clone();
        let names: Vec<Component<'_>> = Path::new(name).components().collect();
        for (n, part) in names.iter().enumerate() {
            let Component::Normal(part) = part else {
                return Err(Error::invalid(format!(
                    "{LIST} in {} names files outside of it: it was not written by an export",
                    self.root.display()
                )));
            };
            path.push(part);
            if n + 1 == names.len() {
                break;
            }
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() => {}
                Ok(_) => {
                    return Err(Error::invalid(format!(
                        "{} is no folder of this export: choose another place",
                        path.display()
                    )));
                }
                Err(_) => {
                    fs::create_dir(&path)
                        .attempt(|| format!("creating the folder {}", path.display()))?;
                }
            }
        }
        Ok(path)
    }
}

fn left_alone(name: &str, writing: &mut Writing<'_>) {
    writing.report.n_left_alone += 1;
    if writing.report.left_alone.len() < NAMED {
        writing.report.left_alone.push(name.to_owned());
    }
}

fn read(path: &Path) -> Result<List> {
    let text = fs::read(path).attempt(|| format!("reading {}", path.display()))?;
    serde_json::from_slice(&text).map_err(|_| {
        Error::invalid(format!(
            "{} is damaged, so nobody knows which files an export wrote: choose an empty folder",
            path.display()
        ))
    })
}

fn digits(hash: &Hash) -> String {
    hash.0.iter().map(|byte| format!("{byte:02x}")).collect()
}
