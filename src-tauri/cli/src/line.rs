//! A line of output: runs of clean text, each in an ink. Nothing else can be printed, so nothing that
//! came out of a note reaches the terminal unclean.

use rem_core::api::pieces::Piece;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use crate::{
    clean,
    palette::{Ink, Palette},
};

/// A run of clean text in one ink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) ink: Ink,
    pub(crate) text: String,
}

/// A line of output.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Line(Vec<Run>);

impl Line {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn plain(text: &str) -> Self {
        Self::of(Ink::Plain, text)
    }

    pub(crate) fn of(ink: Ink, text: &str) -> Self {
        Self::new().and(ink, text)
    }

    /// A line of `width` spaces.
    pub(crate) fn spaces(width: usize) -> Self {
        Self::plain(&" ".repeat(width))
    }

    /// The line with more text after it.
    #[must_use]
    pub(crate) fn and(mut self, ink: Ink, text: &str) -> Self {
        self.push(ink, text);
        self
    }

    /// The line with another after it.
    #[must_use]
    pub(crate) fn then(mut self, other: Self) -> Self {
        for run in other.0 {
            self.push_run(run);
        }
        self
    }

    pub(crate) fn push(&mut self, ink: Ink, text: &str) {
        self.push_run(Run { ink, text: clean::one_line(text) });
    }

    fn push_run(&mut self, run: Run) {
        if run.text.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some(last) if last.ink == run.ink => last.text.push_str(&run.text),
            _ => self.0.push(run),
        }
    }

    pub(crate) fn runs(&self) -> &[Run] {
        &self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Columns it takes.
    pub(crate) fn width(&self) -> usize {
        self.0.iter().map(|run| width(&run.text)).sum()
    }

    /// The line with spaces to `columns`.
    #[must_use]
    pub(crate) fn pad(self, columns: usize) -> Self {
        let missing = columns.saturating_sub(self.width());
        self.and(Ink::Plain, &" ".repeat(missing))
    }

    /// The line cut to `columns`, with an ellipsis where something is left out.
    #[must_use]
    pub(crate) fn fit(self, columns: usize) -> Self {
        if self.width() <= columns {
            return self;
        }
        let mut fitted = Self::new();
        let mut left = columns.saturating_sub(1);
        let mut ink = Ink::Plain;
        'runs: for run in &self.0 {
            ink = run.ink;
            for grapheme in run.text.graphemes(true) {
                let Some(rest) = left.checked_sub(width(grapheme)) else { break 'runs };
                left = rest;
                fitted.push(run.ink, grapheme);
            }
        }
        if columns > 0 { fitted.and(ink, "…") } else { fitted }
    }

    /// The line with `right` at its right edge, if there is room; otherwise it is cut to make room.
    #[must_use]
    pub(crate) fn with_right(self, right: Self, columns: usize) -> Self {
        let room = columns.saturating_sub(right.width() + 1);
        self.fit(room).pad(room).and(Ink::Plain, " ").then(right)
    }

    pub(crate) fn paint(&self, palette: Palette) -> String {
        self.0.iter().map(|run| palette.paint(run.ink, &run.text)).collect()
    }
}

/// Marked text as lines, with its own line breaks kept.
pub(crate) fn quote(pieces: &[Piece]) -> Vec<Line> {
    let mut lines = vec![Line::new()];
    for piece in pieces {
        let ink = if piece.is_marked { Ink::Marked } else { Ink::Plain };
        for (n, text) in piece.text.replace("\r\n", "\n").split('\n').enumerate() {
            if n > 0 {
                lines.push(Line::new());
            }
            if let Some(line) = lines.last_mut() {
                line.push(ink, &text.replace('\t', "    "));
            }
        }
    }
    let is_blank = |line: &Line| line.runs().iter().all(|run| run.text.trim().is_empty());
    while lines.last().is_some_and(is_blank) {
        lines.pop();
    }
    let n_leading = lines.iter().take_while(|line| is_blank(line)).count();
    lines.split_off(n_leading)
}

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.graphemes(true).map(|grapheme| grapheme.width()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(line: &Line) -> String {
        line.paint(Palette { is_colored: false })
    }

    #[test]
    fn wide_letters_and_emoji_count_the_columns_they_take() {
        assert_eq!(width("日本語"), 6);
        assert_eq!(width("👩‍👩‍👧"), 2);
        assert_eq!(width("e\u{301}tude"), 5);
        assert_eq!(Line::plain("日本").pad(6).width(), 6);
    }

    #[test]
    fn a_line_is_cut_between_letters_never_inside_one() {
        assert_eq!(text(&Line::plain("日本語です").fit(6)), "日本…");
        assert_eq!(text(&Line::plain("short").fit(6)), "short");
        assert_eq!(text(&Line::plain("anything").fit(0)), "");
    }

    #[test]
    fn what_stands_at_the_right_edge_stays_there() {
        let line = Line::plain("a long title").with_right(Line::plain("#12"), 10);
        assert_eq!(text(&line), "a lon… #12");
        assert_eq!(line.width(), 10);
    }

    #[test]
    fn nothing_unclean_gets_into_a_line() {
        assert_eq!(text(&Line::of(Ink::Strong, "a\u{1b}[2Jb\nc")), "ab c");
    }

    #[test]
    fn a_quotation_keeps_its_line_breaks_and_its_marks() {
        let piece = |text: &str, is_marked| Piece { text: text.into(), is_marked };
        let lines =
            quote(&[piece("\n\nI was\r\nso ", false), piece("glad", true), piece(".\n", false)]);
        assert_eq!(lines.iter().map(text).collect::<Vec<_>>(), ["I was", "so glad."]);
        assert_eq!(lines[1].runs()[1], Run { ink: Ink::Marked, text: "glad".into() });
    }
}
