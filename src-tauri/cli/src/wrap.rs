//! Wraps lines at words; text without spaces between words (Chinese, Japanese) between its letters.

use unicode_segmentation::UnicodeSegmentation as _;

use crate::{
    line::{Line, width},
    palette::Ink,
};

/// Marks that do not begin a line.
const CLOSING: &str = "、。，．！？；：）」』】》〉〕”’…ーっッゃゅょ";

/// Letters that stay together.
#[derive(Default)]
struct Chunk {
    letters: Vec<(Ink, String)>,
    width: usize,
    is_after_space: bool,
}

impl Chunk {
    fn push(&mut self, ink: Ink, grapheme: &str) {
        self.width += width(grapheme);
        self.letters.push((ink, grapheme.to_owned()));
    }
}

/// The line in pieces of at most `columns`, each indented as the line is. An empty line stays one empty
/// line.
pub(crate) fn wrap(line: &Line, columns: usize) -> Vec<Line> {
    let indent = Line::spaces(indent(line).min(columns / 3));
    let room = columns - indent.width();
    flow(line, room).into_iter().map(|part| indent.clone().then(part)).collect()
}

/// Spaces before the first word: lists and code in notes live by them.
fn indent(line: &Line) -> usize {
    let spaces = |text: &str| text.chars().take_while(|c| *c == ' ').count();
    let first = line.runs().first().map_or(0, |run| spaces(&run.text));
    if line.runs().iter().all(|run| run.text.trim().is_empty()) { 0 } else { first }
}

fn flow(line: &Line, columns: usize) -> Vec<Line> {
    let columns = columns.max(2);
    let mut wrapped = Vec::new();
    let mut current = Line::new();
    let mut used = 0;
    for chunk in chunks(line) {
        let gap = usize::from(chunk.is_after_space && used > 0);
        if used > 0 && used + gap + chunk.width > columns {
            wrapped.push(std::mem::take(&mut current));
            used = 0;
        } else if gap > 0 {
            let ink = chunk.letters.first().map_or(Ink::Plain, |(ink, _)| *ink);
            let ends_in = current.runs().last().map_or(Ink::Plain, |run| run.ink);
            current.push(if ink == ends_in { ink } else { Ink::Plain }, " ");
            used += 1;
        }
        for (ink, letter) in &chunk.letters {
            let columns_of_letter = width(letter);
            if used + columns_of_letter > columns {
                wrapped.push(std::mem::take(&mut current));
                used = 0;
            }
            current.push(*ink, letter);
            used += columns_of_letter;
        }
    }
    if !current.is_empty() || wrapped.is_empty() {
        wrapped.push(current);
    }
    wrapped
}

/// Wraps text under `first`, with `rest` before every line but the first; both are as wide.
pub(crate) fn hang(first: &Line, rest: &Line, text: &Line, columns: usize) -> Vec<Line> {
    let room = columns.saturating_sub(first.width());
    wrap(text, room)
        .into_iter()
        .enumerate()
        .map(|(n, line)| if n == 0 { first.clone() } else { rest.clone() }.then(line))
        .collect()
}

fn chunks(line: &Line) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut current = Chunk::default();
    let mut was_wide = false;
    for run in line.runs() {
        for grapheme in run.text.graphemes(true) {
            if grapheme.chars().all(char::is_whitespace) && grapheme != "\u{a0}" {
                finish(&mut chunks, &mut current);
                current.is_after_space = true;
                was_wide = false;
                continue;
            }
            let is_wide = width(grapheme) > 1;
            if (is_wide || was_wide) && !CLOSING.contains(grapheme) {
                finish(&mut chunks, &mut current);
            }
            current.push(run.ink, grapheme);
            was_wide = is_wide;
        }
    }
    finish(&mut chunks, &mut current);
    chunks
}

fn finish(chunks: &mut Vec<Chunk>, current: &mut Chunk) {
    if !current.letters.is_empty() {
        chunks.push(std::mem::take(current));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::palette::Palette;

    fn wrapped(text: &str, columns: usize) -> Vec<String> {
        let plain = Palette { is_colored: false };
        wrap(&Line::plain(text), columns).iter().map(|line| line.paint(plain)).collect()
    }

    #[test]
    fn words_stay_whole() {
        assert_eq!(wrapped("one two  three", 8), ["one two", "three"]);
        assert_eq!(wrapped("", 8), [""]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut() {
        assert_eq!(wrapped("a abcdefghij b", 4), ["a", "abcd", "efgh", "ij b"]);
    }

    #[test]
    fn text_without_spaces_wraps_between_letters_and_no_line_begins_with_a_full_stop() {
        assert_eq!(wrapped("今日は晴れ。", 10), ["今日は晴", "れ。"]);
    }

    #[test]
    fn a_list_item_stays_indented() {
        assert_eq!(wrapped("  - one two three", 12), ["  - one two", "  three"]);
        assert_eq!(wrapped("   ", 12), [""]);
    }

    #[test]
    fn inks_survive_the_wrapping() {
        let line = Line::plain("it was ").and(Ink::Marked, "very good").and(Ink::Plain, " indeed");
        let lines = wrap(&line, 11);
        assert_eq!(lines[0], Line::plain("it was ").and(Ink::Marked, "very"));
        assert_eq!(lines[1], Line::of(Ink::Marked, "good").and(Ink::Plain, " indeed"));
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        let text = "Grüße an 日本語の友達 and 👩‍👩‍👧 averyverylongwordindeed, ok?";
        for columns in 2..40 {
            assert!(wrapped(text, columns).iter().all(|line| width(line) <= columns), "{columns}");
        }
    }
}
