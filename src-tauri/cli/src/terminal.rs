//! What a command has around it. The binary fills it from the process, a test from memory.

use std::{
    io::{self, Read, Write},
    path::PathBuf,
};

use rem_core::{clock::Clock, journal::Cancel, mind::around::Around};

/// Streams, clock, place and habits of the terminal that a command runs in.
pub struct Terminal<'a> {
    /// Where text is read from when none is given as words.
    pub input: &'a mut dyn Read,
    /// Where answers go.
    pub out: &'a mut dyn Write,
    /// Where errors and progress go.
    pub err: &'a mut dyn Write,
    /// Whether a person types into `input`.
    pub is_input_terminal: bool,
    /// Whether a person reads `out` as it comes.
    pub is_out_terminal: bool,
    /// Whether a person reads `err` as it comes; only then progress is drawn.
    pub is_err_terminal: bool,
    /// Columns, where that is known; otherwise 80.
    pub width: Option<usize>,
    /// Whether the person has asked all programs to leave colour out (`NO_COLOR`, a dumb terminal).
    pub is_plain: bool,
    /// The clock.
    pub clock: Clock,
    /// IANA zone for new journals.
    pub zone: String,
    /// Where journals lie unless `--data-dir` says otherwise; absent where the system has no such place.
    pub data_dir: Option<PathBuf>,
    /// This very program, to be started by the system's own scheduler; absent where that is unknown.
    pub program: Option<PathBuf>,
    /// Whether what happens is written to the log file beside the journals: once in a process.
    pub keeps_log: bool,
    /// What lies around journals on this machine.
    pub around: Around,
    /// Asks the person at the terminal for a secret, which is not shown while it is typed.
    pub ask_secret: &'a dyn Fn(&str) -> io::Result<String>,
    /// Called once by commands that take long: from then on an interrupt cancels instead of killing.
    pub on_interrupt: &'a dyn Fn(&Cancel),
}

impl Terminal<'_> {
    /// The same terminal, with answers going elsewhere.
    pub(crate) fn with_output<'o>(&'o mut self, out: &'o mut dyn Write) -> Terminal<'o> {
        Terminal {
            input: &mut *self.input,
            out,
            err: &mut *self.err,
            clock: self.clock.clone(),
            zone: self.zone.clone(),
            data_dir: self.data_dir.clone(),
            around: self.around.clone(),
            ask_secret: self.ask_secret,
            on_interrupt: self.on_interrupt,
            program: self.program.clone(),
            ..*self
        }
    }
}
