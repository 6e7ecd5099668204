//! How a command ends: exit codes, and the failures behind them.

use std::io;

use rem_core::error::{Code, Error, WireError};

/// The exit codes, for people: part of the help.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
    0  done
    1  failed: a file, the disk or the journal itself
    2  wrong usage: an unknown flag, or a value that cannot be
    3  not found: no such journal, moment, record, day, source or dream
    4  busy: another program is doing this just now
    5  the journal was written by a newer version of REM Journal
  130  cancelled; what was finished is kept";

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// It did what was asked.
    Done = 0,
    /// It failed.
    Failed = 1,
    /// It was asked in a way that cannot be.
    Usage = 2,
    /// What was asked for does not exist.
    NotFound = 3,
    /// Another program is doing this just now.
    Busy = 4,
    /// The journal is newer than this program.
    NewerJournal = 5,
    /// The person stopped it.
    Cancelled = 130,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command could not go on.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The core said no.
    Core(Error),
    /// There is no journal of this name.
    NoJournal(String),
    /// The output could not be written.
    Output(io::Error),
}

/// Shorthand for results of the command line.
pub(crate) type Result<T = (), E = Failure> = std::result::Result<T, E>;

impl Failure {
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    pub(crate) fn exit(&self) -> Exit {
        match self.wire().code {
            Code::InvalidInput => Exit::Usage,
            Code::NotFound => Exit::NotFound,
            Code::Cancelled => Exit::Cancelled,
            Code::Busy => Exit::Busy,
            Code::NewerJournal => Exit::NewerJournal,
            Code::Io | Code::Store => Exit::Failed,
        }
    }

    pub(crate) fn wire(&self) -> WireError {
        match self {
            Self::Core(error) => WireError::from(error),
            Self::NoJournal(name) => WireError {
                code: Code::NotFound,
                message: format!(
                    "there is no journal “{name}” yet: `rem init` makes one, `rem demo` shows what one looks like"
                ),
            },
            Self::Output(error) => {
                WireError { code: Code::Io, message: format!("writing the answer: {error}") }
            }
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// A failure of the person's input.
pub(crate) fn invalid(message: impl Into<String>) -> Failure {
    Failure::Core(Error::invalid(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_of_the_core_has_its_exit_code() {
        let exits = [
            Error::invalid("no").into(),
            Error::NotFound("moment 1".into()).into(),
            Error::Cancelled.into(),
            Error::Busy("dreaming".into()).into(),
            Failure::NoJournal("work".into()),
        ]
        .map(|failure: Failure| failure.exit() as u8);
        assert_eq!(exits, [2, 3, 130, 4, 3]);
    }

    #[test]
    fn a_closed_pipe_is_told_from_other_errors_of_the_output() {
        assert!(Failure::from(io::Error::from(io::ErrorKind::BrokenPipe)).is_broken_pipe());
        assert!(!Failure::from(io::Error::from(io::ErrorKind::StorageFull)).is_broken_pipe());
    }
}
