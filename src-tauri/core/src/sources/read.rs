//! Reads one file: opens it safely, hashes it, tells its format, hands its drafts on.

use std::{
    fs::{File, OpenOptions},
    io::{BufReader, Cursor, Read, Seek, SeekFrom},
    path::Path,
};

use super::{
    decode,
    formats::{self, Format, Head, Input, Notice},
    walk::{Met, Stat, stat},
};
use crate::{Error, Result, records::draft::Draft, store::Hash};

/// Files up to this size are read in one piece.
const WHOLE: u64 = 8 << 20;
/// A longer text file is no note.
const LONGEST_NOTE: u64 = 20 << 20;
/// A longer chat log cannot be read in one night.
const LONGEST_LOG: u64 = 4 << 30;
const HEAD: usize = 64 << 10;

/// What the reader tells the writer, in order.
pub(super) enum Message {
    /// A file is recognised; its drafts follow.
    Begin(Box<Begun>),
    /// A draft of the file begun last.
    Draft(Draft),
    /// The file begun last is done; what a person should know about it.
    End(Vec<Notice>),
    /// The file begun last cannot be read to its end.
    Broken(String),
    /// A file is not read at all.
    NotRead {
        met: Met,
        status: &'static str,
        reason: String,
        /// Whether it is to be tried again next time although nothing about it has changed.
        is_passing: bool,
    },
    /// The file is no longer there.
    Gone,
}

/// A file that is about to be read.
pub(super) struct Begun {
    pub(super) met: Met,
    pub(super) hash: Hash,
    pub(super) format: &'static dyn Format,
}

/// Reads one file. `send` returns false when nobody listens any more.
pub(super) fn read(mut met: Met, send: &mut dyn FnMut(Message) -> bool) {
    if let Some(reason) = met.skip.take() {
        send(Message::NotRead { met, status: "skipped", reason, is_passing: false });
        return;
    }
    let opened = open(&met.path).and_then(|file| Ok((stat(&file.metadata()?), file)));
    let (before, mut file) = match opened {
        Ok(opened) => opened,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            send(Message::Gone);
            return;
        }
        Err(error) => {
            let reason = format!("cannot be opened: {error}");
            send(Message::NotRead { met, status: "failed", reason, is_passing: true });
            return;
        }
    };
    met.stat = before;
    if before.size.cast_unsigned() > LONGEST_LOG {
        let reason = "larger than 4 GB: split the export and import the parts".into();
        send(Message::NotRead { met, status: "failed", reason, is_passing: false });
        return;
    }
    if let Err(stop) = read_open(&met, before, &mut file, send) {
        let (reason, is_passing) = match stop {
            Stop::NobodyListens => return,
            Stop::NotRead(status, reason) => {
                send(Message::NotRead { met, status, reason, is_passing: false });
                return;
            }
            Stop::Passing(reason) => (reason, true),
        };
        send(Message::NotRead { met, status: "failed", reason, is_passing });
    }
}

enum Stop {
    NobodyListens,
    NotRead(&'static str, String),
    Passing(String),
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Self {
        Self::Passing(format!("cannot be read: {error}"))
    }
}

fn read_open(
    met: &Met,
    before: Stat,
    file: &mut File,
    send: &mut dyn FnMut(Message) -> bool,
) -> Result<(), Stop> {
    let size = before.size.cast_unsigned();
    let mut whole = Vec::new();
    let (hash, head, is_whole) = if size <= WHOLE {
        whole.reserve_exact(usize::try_from(size).unwrap_or(0) + 1);
        file.take(WHOLE + 1).read_to_end(&mut whole)?;
        (Hash::of(&whole), &whole[..whole.len().min(HEAD)], whole.len() <= HEAD)
    } else {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(&*file)?;
        file.seek(SeekFrom::Start(0))?;
        file.take(HEAD as u64).read_to_end(&mut whole)?;
        file.seek(SeekFrom::Start(0))?;
        (Hash(*hasher.finalize().as_bytes()), whole.as_slice(), false)
    };
    // Somebody is writing it: half a note is worse than a late one.
    if stat(&file.metadata()?) != before {
        return Err(Stop::Passing("is being written just now: it is read at the next look".into()));
    }
    let head = Head { path: &met.name, bytes: head, is_whole };
    let format = recognise(&head)?;
    if format.name() == "notes" && size > LONGEST_NOTE {
        return Err(Stop::NotRead(
            "failed",
            format!(
                "has {} MB: text files up to {} MB are read, split it into parts",
                size >> 20,
                LONGEST_NOTE >> 20
            ),
        ));
    }
    if !send(Message::Begin(Box::new(Begun { met: met.clone(), hash, format }))) {
        return Err(Stop::NobodyListens);
    }
    let mut listens = true;
    let mut sink = |draft| {
        listens = send(Message::Draft(draft));
        if listens { Ok(()) } else { Err(Error::Cancelled) }
    };
    let parsed = if size <= WHOLE {
        format.parse(Input { path: &met.name, reader: &mut Cursor::new(&whole) }, &mut sink)
    } else {
        format.parse(Input { path: &met.name, reader: &mut BufReader::new(&*file) }, &mut sink)
    };
    if !listens {
        return Err(Stop::NobodyListens);
    }
    send(match parsed {
        Ok(notices) => Message::End(notices),
        Err(error) => Message::Broken(error.to_string()),
    });
    Ok(())
}

fn recognise(head: &Head<'_>) -> Result<&'static dyn Format, Stop> {
    if let Some(reason) = formats::own::exported(head) {
        return Err(Stop::NotRead("skipped", reason));
    }
    if let Some(format) = formats::recognise(head) {
        return Ok(format);
    }
    if let Some(program) = formats::unsupported(head) {
        return Err(Stop::NotRead(
            "skipped",
            format!("looks like an export of {program}, which this version cannot read yet"),
        ));
    }
    if let Err(not_text) = decode::decode(head.bytes) {
        return Err(Stop::NotRead("skipped", not_text.to_string()));
    }
    Err(Stop::NotRead("skipped", "is of no kind that this version knows".into()))
}

/// Opens a plain file and nothing else: no link that took its place, no pipe to wait at.
#[cfg(unix)]
fn open(path: &Path) -> std::io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    // O_NOFOLLOW and O_NONBLOCK are the same numbers on all Linux systems that Rust builds for with
    // this ABI; macOS has its own.
    #[cfg(target_os = "linux")]
    const SAFELY: i32 = 0o400_000 | 0o4_000;
    #[cfg(not(target_os = "linux"))]
    const SAFELY: i32 = 0x0100 | 0x0004;
    let file = OpenOptions::new().read(true).custom_flags(SAFELY).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(std::io::Error::other("it is not a plain file any more"));
    }
    Ok(file)
}

#[cfg(not(unix))]
fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).open(path)
}
