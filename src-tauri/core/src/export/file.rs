//! Writing files so that each is there whole, or as it was.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufWriter, Read, Write},
    path::{Path, PathBuf},
};

use crate::{Error, Result, error::Attempt, store::Hash};

/// The place a path leads to, as far as it is there.
pub(super) fn real(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    match (parent, path.file_name()) {
        (Some(parent), Some(name)) => real(parent).join(name),
        (None, Some(name)) => Path::new(".").canonicalize().unwrap_or_default().join(name),
        _ => path.to_owned(),
    }
}

/// Writes a file beside its place and then puts it there. Returns whether that changed anything.
///
/// # Errors
/// Something else lies there, or it cannot be written.
pub(super) fn replace(
    path: &Path,
    is_ours: impl FnOnce(&[u8]) -> bool,
    write: &mut dyn FnMut(&mut dyn Write) -> Result<()>,
) -> Result<bool> {
    let known = match fs::symlink_metadata(path) {
        Err(_) => false,
        Ok(found) => {
            let mut head = Vec::new();
            if found.is_file() {
                let file = File::open(path).attempt(|| format!("looking at {}", path.display()))?;
                file.take(4096)
                    .read_to_end(&mut head)
                    .attempt(|| format!("looking at {}", path.display()))?;
            }
            if !found.is_file() || !is_ours(&head) {
                return Err(Error::invalid(format!(
                    "{} is there already and no such export wrote it: choose another name",
                    path.display()
                )));
            }
            true
        }
    };
    let new = beside(path)?;
    let made = make(&new, path, write);
    let ended = made.and_then(|()| {
        if known && hash(&new)? == hash(path)? {
            return Ok(false);
        }
        fs::rename(&new, path).attempt(|| format!("writing {}", path.display()))?;
        Ok(true)
    });
    if !matches!(ended, Ok(true)) {
        // It is ours alone; where it cannot be taken away, the error that is told matters more.
        let _ = fs::remove_file(&new);
    }
    ended
}

fn make(
    new: &Path,
    path: &Path,
    write: &mut dyn FnMut(&mut dyn Write) -> Result<()>,
) -> Result<()> {
    let attempt = || format!("writing {}", path.display());
    let mut out = BufWriter::new(create(new).attempt(attempt)?);
    write(&mut out)?;
    out.flush().attempt(attempt)?;
    out.get_ref().sync_all().attempt(attempt)
}

/// A name beside a file that nothing else has.
fn beside(path: &Path) -> Result<PathBuf> {
    let Some(name) = path.file_name() else {
        return Err(Error::invalid(format!("{} is no name for a file", path.display())));
    };
    let name = format!(".{}.rem-{}", name.to_string_lossy(), std::process::id());
    Ok(path.with_file_name(name))
}

/// A new file that only the person can read.
fn create(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(path) {
        // Left behind by a process of the same number that was killed.
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            fs::remove_file(path).and_then(|()| options.open(path))
        }
        other => other,
    }
}

/// Writes a small file at once.
pub(super) fn put(path: &Path, bytes: &[u8]) -> Result<()> {
    let new = beside(path)?;
    let attempt = || format!("writing {}", path.display());
    let written = create(&new).attempt(attempt).and_then(|mut file| {
        file.write_all(bytes).attempt(attempt)?;
        fs::rename(&new, path).attempt(attempt)
    });
    if written.is_err() {
        let _ = fs::remove_file(&new);
    }
    written
}

/// BLAKE3 of what is in a file.
pub(super) fn hash(path: &Path) -> Result<Hash> {
    let attempt = || format!("reading {}", path.display());
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(File::open(path).attempt(attempt)?).attempt(attempt)?;
    Ok(Hash(*hasher.finalize().as_bytes()))
}
