//! What a command works with: the terminal, the flags, the journal. All output goes through here.

use std::{cell::Cell, path::PathBuf};

use clap::ColorChoice;
use rem_core::{
    Journal,
    api::sources::ScanReport,
    clock::Calendar,
    journal::{Cancel, Opening, journal_path},
};
use serde::Serialize;

use crate::{
    args::{DEFAULT_JOURNAL, Globals},
    clean,
    exit::{Exit, Failure, Result, invalid},
    line::Line,
    palette::{Ink, Palette},
    terminal::Terminal,
    times::{self, DayWord},
    wrap,
};

/// Lines longer than this are hard to read, however wide the window is.
const WIDEST: usize = 100;
const NARROWEST: usize = 24;
const OF_A_PIPE: usize = 80;

/// A command's place of work.
pub(crate) struct Desk<'d, 't> {
    pub(crate) terminal: &'d mut Terminal<'t>,
    pub(crate) globals: &'d Globals,
    pub(crate) palette: Palette,
    pub(crate) cancel: Cancel,
    is_listening: Cell<bool>,
}

impl<'d, 't> Desk<'d, 't> {
    pub(crate) fn new(terminal: &'d mut Terminal<'t>, globals: &'d Globals) -> Self {
        let is_colored = match globals.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal.is_out_terminal && !terminal.is_plain,
        };
        Self {
            terminal,
            globals,
            palette: Palette { is_colored },
            cancel: Cancel::default(),
            is_listening: Cell::new(false),
        }
    }

    /// The same place of work for another journal.
    pub(crate) fn beside<'o>(&'o mut self, globals: &'o Globals) -> Desk<'o, 't> {
        Desk {
            terminal: &mut *self.terminal,
            globals,
            palette: self.palette,
            cancel: self.cancel.clone(),
            is_listening: self.is_listening.clone(),
        }
    }

    /// Columns to write in.
    pub(crate) fn width(&self) -> usize {
        self.terminal.width.unwrap_or(OF_A_PIPE).clamp(NARROWEST, WIDEST)
    }

    pub(crate) fn is_json(&self) -> bool {
        self.globals.json
    }

    pub(crate) fn is_verbose(&self) -> bool {
        self.globals.verbose > 0
    }

    pub(crate) fn draws_progress(&self) -> bool {
        self.terminal.is_err_terminal && !self.globals.quiet
    }

    /// Answers with one JSON document.
    pub(crate) fn json<T: Serialize>(&mut self, reply: &T) -> Result<Exit> {
        let text = serde_json::to_string_pretty(reply).map_err(std::io::Error::from)?;
        writeln!(self.terminal.out, "{}", clean::json(&text))?;
        Ok(Exit::Done)
    }

    /// Writes a line; the caller sees to its width.
    pub(crate) fn line(&mut self, line: &Line) -> Result {
        Ok(writeln!(self.terminal.out, "{}", line.paint(self.palette).trim_end_matches(' '))?)
    }

    pub(crate) fn lines(&mut self, lines: &[Line]) -> Result {
        lines.iter().try_for_each(|line| self.line(line))
    }

    pub(crate) fn blank(&mut self) -> Result {
        self.line(&Line::new())
    }

    /// Writes text over the width, wrapped.
    pub(crate) fn text(&mut self, text: &Line) -> Result {
        self.indented(0, text)
    }

    pub(crate) fn indented(&mut self, columns: usize, text: &Line) -> Result {
        let indent = Line::spaces(columns);
        self.lines(&wrap::hang(&indent, &indent, text, self.width()))
    }

    /// Says that something was done, unless quiet was asked for.
    pub(crate) fn confirm(&mut self, text: &str) -> Result {
        if self.globals.quiet { Ok(()) } else { self.text(&Line::plain(text)) }
    }

    /// Says what could be done next, to people only.
    pub(crate) fn hint(&mut self, text: &str) -> Result {
        if self.globals.quiet || !self.terminal.is_out_terminal {
            return Ok(());
        }
        self.blank()?;
        self.text(&Line::of(Ink::Quiet, text))
    }

    /// Says something beside the answer.
    pub(crate) fn aside(&mut self, text: &str) -> Result {
        if !self.globals.quiet {
            writeln!(self.terminal.err, "rem: {}", clean::one_line(text))?;
        }
        Ok(())
    }

    pub(crate) fn flush(&mut self) -> Result {
        Ok(self.terminal.out.flush()?)
    }

    /// From now on an interrupt asks this command to stop instead of killing it.
    pub(crate) fn interruptible(&self) -> Cancel {
        if !self.is_listening.replace(true) {
            (self.terminal.on_interrupt)(&self.cancel);
        }
        self.cancel.clone()
    }

    pub(crate) fn data_dir(&self) -> Result<PathBuf> {
        self.globals.data_dir.clone().or_else(|| self.terminal.data_dir.clone()).ok_or_else(|| {
            invalid("this system has no place for journals: name one with --data-dir")
        })
    }

    /// The journal that was named; it must be there.
    pub(crate) fn open(&self) -> Result<Journal> {
        if self.has_journal()? { self.create() } else { Err(self.no_journal()) }
    }

    /// The journal that was named. The default one is made when it is first needed, another only by
    /// `init`: a slip in its name is not to put notes where nobody looks.
    pub(crate) fn open_or_create(&self) -> Result<Journal> {
        if self.globals.journal == DEFAULT_JOURNAL || self.has_journal()? {
            self.create()
        } else {
            Err(self.no_journal())
        }
    }

    /// The journal that was named, made if it is not there.
    pub(crate) fn create(&self) -> Result<Journal> {
        self.open_named(&self.globals.journal, self.data_dir()?)
    }

    pub(crate) fn open_named(&self, name: &str, data_dir: PathBuf) -> Result<Journal> {
        Ok(Journal::open(Opening {
            path: journal_path(&data_dir, name)?,
            name: name.to_owned(),
            clock: self.terminal.clock.clone(),
            zone: self.terminal.zone.clone(),
            data_dir,
            around: self.terminal.around.clone(),
        })?)
    }

    pub(crate) fn has_journal(&self) -> Result<bool> {
        Ok(journal_path(&self.data_dir()?, &self.globals.journal)?.exists())
    }

    fn no_journal(&self) -> Failure {
        Failure::NoJournal(self.globals.journal.clone())
    }
}

/// The journal's calendar, present day and year, which most answers need.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Present {
    pub(crate) calendar: Calendar,
    pub(crate) now: i64,
    pub(crate) today: chrono::NaiveDate,
    pub(crate) year: i32,
}

impl Present {
    pub(crate) fn of(journal: &Journal) -> Result<Self> {
        let calendar = journal.settings().calendar()?;
        let now = journal.clock().now_ms();
        let today = calendar.day_of(now);
        Ok(Self { calendar, now, today, year: chrono::Datelike::year(&today) })
    }

    /// A typed day as the api wants it.
    pub(crate) fn day(&self, word: DayWord) -> String {
        word.date(self.today).to_string()
    }

    /// "today", "yesterday" or the short date.
    pub(crate) fn name(&self, day: &str) -> String {
        match times::day(day) {
            Some(date) if date == self.today => "today".into(),
            Some(date) if date == DayWord::Yesterday.date(self.today) => "yesterday".into(),
            Some(date) => times::day_short(date, self.year),
            None => day.to_owned(),
        }
    }
}

/// Scans that were cut short end a command as cancelled.
pub(crate) fn exit_of(reports: &[ScanReport]) -> Exit {
    if reports.iter().any(|report| report.is_cancelled) { Exit::Cancelled } else { Exit::Done }
}
