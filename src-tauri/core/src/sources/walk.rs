//! Finds the files of a source without following links and without opening anything.

use std::{
    ffi::OsStr,
    fs::Metadata,
    path::{Path, PathBuf},
};

use ignore::WalkBuilder;

use crate::journal::Cancel;

/// What the file system says of a file; two equal ones are the same file, unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) size: i64,
    pub(super) mtime_ns: i64,
    pub(super) ctime_ns: i64,
    pub(super) inode: i64,
}

/// A file that was met.
#[derive(Debug, Clone)]
pub(super) struct Met {
    /// Where it lies.
    pub(super) path: PathBuf,
    /// Below the source, as the file system gives it.
    pub(super) key: Vec<u8>,
    /// The same for people, with `/` between folders.
    pub(super) name: String,
    pub(super) stat: Stat,
    /// Why it is not opened at all.
    pub(super) skip: Option<String>,
}

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) files: Vec<Met>,
    /// Folders that could not be read, with the reason. What lies below them is not known to be gone.
    pub(super) unreadable: Vec<(String, String)>,
}

/// Endings of files that are read; everything else is named and left alone.
const READ: &[&str] = &["md", "markdown", "mdown", "txt", "text", "json", "jsonl", "ndjson"];

/// Files that programs write on their way to the real one, and what systems leave in folders.
fn is_litter(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    name.ends_with('~')
        || name.starts_with(".#")
        || name.starts_with("~$")
        || name == "4913"
        || lower.contains("___jb_")
        || [".swp", ".swx", ".tmp", ".part", ".crdownload"].iter().any(|end| lower.ends_with(end))
        || matches!(lower.as_str(), "thumbs.db" | "desktop.ini")
}

/// Walks `root`, which is a folder or a single file. Hidden files and folders below it are left out.
pub(super) fn walk(root: &Path, cancel: &Cancel) -> Walk {
    let mut found = Walk::default();
    let walker = WalkBuilder::new(root)
        .standard_filters(false)
        .hidden(true)
        .follow_links(false)
        .sort_by_file_name(OsStr::cmp)
        .build();
    for entry in walker {
        if cancel.is_cancelled() {
            break;
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                found.unreadable.push(unreadable(&error, root));
                continue;
            }
        };
        if entry.file_type().is_some_and(|kind| kind.is_dir()) {
            continue;
        }
        let file_name = entry.file_name().to_string_lossy().into_owned();
        if is_litter(&file_name) {
            continue;
        }
        let path = entry.path().to_owned();
        let below = path.strip_prefix(root).ok().filter(|below| !below.as_os_str().is_empty());
        let below = below.map_or_else(|| PathBuf::from(entry.file_name()), Path::to_path_buf);
        let name = below.to_string_lossy().replace('\\', "/");
        match entry.metadata() {
            Ok(metadata) => found.files.push(Met {
                skip: reason_to_skip(&metadata, &below),
                stat: stat(&metadata),
                key: bytes(&below),
                path,
                name,
            }),
            // It went away between being listed and being looked at.
            Err(error) => found.unreadable.push((name, error.to_string())),
        }
    }
    found
}

fn reason_to_skip(metadata: &Metadata, below: &Path) -> Option<String> {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        return Some("a link: links are not followed, add its target as a source instead".into());
    }
    if !kind.is_file() {
        return Some(format!("{}: only files are read", special(kind)));
    }
    let extension = below.extension().map(|e| e.to_string_lossy().to_lowercase());
    match extension.as_deref() {
        Some(extension) if READ.contains(&extension) => None,
        Some(extension) => Some(format!("files that end in .{extension} are not read")),
        None => Some("a file without an ending such as .md or .txt is not read".into()),
    }
}

#[cfg(unix)]
fn special(kind: std::fs::FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_kind: std::fs::FileType) -> &'static str {
    "not a plain file"
}

fn unreadable(error: &ignore::Error, root: &Path) -> (String, String) {
    let mut inner = error;
    let mut path = None;
    loop {
        match inner {
            ignore::Error::WithPath { path: at, err } => {
                path = Some(at.clone());
                inner = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
                inner = err;
            }
            _ => break,
        }
    }
    let name = path.map_or_else(String::new, |path| {
        path.strip_prefix(root).unwrap_or(&path).to_string_lossy().into_owned()
    });
    (name, inner.to_string())
}

#[cfg(unix)]
pub(super) fn stat(metadata: &Metadata) -> Stat {
    use std::os::unix::fs::MetadataExt;
    Stat {
        size: i64::try_from(metadata.len()).unwrap_or(i64::MAX),
        mtime_ns: metadata
            .mtime()
            .saturating_mul(1_000_000_000)
            .saturating_add(metadata.mtime_nsec()),
        ctime_ns: metadata
            .ctime()
            .saturating_mul(1_000_000_000)
            .saturating_add(metadata.ctime_nsec()),
        inode: metadata.ino().cast_signed(),
    }
}

#[cfg(not(unix))]
pub(super) fn stat(metadata: &Metadata) -> Stat {
    let nanos = |time: std::io::Result<std::time::SystemTime>| {
        time.ok()
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok())
            .and_then(|since| i64::try_from(since.as_nanos()).ok())
            .unwrap_or(0)
    };
    Stat {
        size: i64::try_from(metadata.len()).unwrap_or(i64::MAX),
        mtime_ns: nanos(metadata.modified()),
        ctime_ns: nanos(metadata.created()),
        inode: 0,
    }
}

#[cfg(unix)]
fn bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(not(unix))]
fn bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().replace('\\', "/").into_bytes()
}
