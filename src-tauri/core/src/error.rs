//! The one error of the core, and its wire form `{code, message}`.
//!
//! A variant exists only where somebody acts on it: the window switches on [`Code`], the command
//! line turns it into an exit code, everything else is shown as its message.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Shorthand for results of the core.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in a form that a program can act on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Code {
    /// The caller asked for something that cannot be: a bad value, an empty text, an unknown name.
    InvalidInput,
    /// What was asked for does not exist.
    NotFound,
    /// The person or another part of the program asked to stop.
    Cancelled,
    /// Another process or another run is doing this just now.
    Busy,
    /// The journal's file was written by a newer version of the program.
    NewerJournal,
    /// A file or folder could not be read or written.
    Io,
    /// The journal's database failed.
    Store,
}

/// What can go wrong in the core.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The caller asked for something that cannot be; the text says what and what to do.
    #[error("{0}")]
    InvalidInput(String),
    /// `what` (for example "moment 12") does not exist.
    #[error("there is no {0} in this journal")]
    NotFound(String),
    /// The run was asked to stop; what it had committed stays.
    #[error("stopped as you asked; what was finished is kept")]
    Cancelled,
    /// Somebody else holds what this needs.
    #[error("{0}")]
    Busy(String),
    /// The file's schema is newer than this program.
    #[error(
        "the journal {path} was written by a newer version of REM Journal (schema {found}, this version knows {known}): update the app, nothing was changed"
    )]
    NewerJournal {
        /// The journal's file.
        path: PathBuf,
        /// The schema number found in the file.
        found: i64,
        /// The newest schema number this program knows.
        known: i64,
    },
    /// A file or folder could not be read or written.
    #[error("{attempt}: {source}")]
    Io {
        /// What was being tried, for example "reading note a.md".
        attempt: String,
        /// The operating system's answer.
        source: std::io::Error,
    },
    /// The database failed.
    #[error("{attempt}: {source}")]
    Store {
        /// What was being tried.
        attempt: String,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
}

impl Error {
    /// The code that goes over the wire.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::InvalidInput(_) => Code::InvalidInput,
            Self::NotFound(_) => Code::NotFound,
            Self::Cancelled => Code::Cancelled,
            Self::Busy(_) => Code::Busy,
            Self::NewerJournal { .. } => Code::NewerJournal,
            Self::Io { .. } => Code::Io,
            Self::Store { .. } => Code::Store,
        }
    }

    /// Builds an [`Error::InvalidInput`].
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::InvalidInput(message.into())
    }

    /// What is said of a dream, or of a stage of one, that panicked.
    pub(crate) fn broken_off() -> Self {
        Self::invalid("it broke off by a fault of the program; what was finished is kept")
    }
}

/// Names the attempt that failed. Context is lower case, without a full stop: "reading note a.md".
pub trait Attempt<T> {
    /// Turns a foreign error into ours, saying what was tried.
    fn attempt(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T> Attempt<T> for std::io::Result<T> {
    fn attempt(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|source| Error::Io { attempt: what(), source })
    }
}

impl<T> Attempt<T> for rusqlite::Result<T> {
    fn attempt(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|source| Error::Store { attempt: what(), source })
    }
}

impl From<rusqlite::Error> for Error {
    fn from(source: rusqlite::Error) -> Self {
        Self::Store { attempt: "asking the journal".into(), source }
    }
}

/// The wire form of an [`Error`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WireError {
    /// What a program acts on.
    pub code: Code,
    /// What a person reads.
    pub message: String,
}

impl From<&Error> for WireError {
    fn from(error: &Error) -> Self {
        Self { code: error.code(), message: error.to_string() }
    }
}
