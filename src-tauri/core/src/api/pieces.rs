//! Text with some of it marked, as a list of pieces: nothing to escape and no offsets to count in
//! another language's units.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A run of text, marked or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Piece {
    /// The text; never HTML.
    pub text: String,
    /// Whether it is the part that matters here: the words of the evidence, the words found.
    pub is_marked: bool,
}

/// Cuts `text` at the byte ranges `marks` (any order; those that overlap or split a character are
/// left out).
#[must_use]
pub fn cut(text: &str, marks: &[Range<usize>]) -> Vec<Piece> {
    let mut marks: Vec<_> = marks.iter().filter(|mark| !mark.is_empty()).cloned().collect();
    marks.sort_by_key(|mark| mark.start);
    let mut pieces = Vec::new();
    let mut done = 0;
    for mark in marks {
        let (Some(before), Some(inside)) = (text.get(done..mark.start), text.get(mark.clone()))
        else {
            continue;
        };
        push(&mut pieces, before, false);
        push(&mut pieces, inside, true);
        done = mark.end;
    }
    push(&mut pieces, text.get(done..).unwrap_or_default(), false);
    pieces
}

fn push(pieces: &mut Vec<Piece>, text: &str, is_marked: bool) {
    if !text.is_empty() {
        pieces.push(Piece { text: text.into(), is_marked });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_pieces_in_order_and_lose_no_text() {
        let pieces = cut("Grüße aus Ulm", &[12..15, 0..7]);
        let marked: Vec<_> = pieces.iter().map(|p| (p.text.as_str(), p.is_marked)).collect();
        assert_eq!(marked, [("Grüße", true), (" aus ", false), ("Ulm", true)]);
    }

    #[test]
    fn a_mark_that_splits_a_character_or_leaves_the_text_is_left_out() {
        let whole: String = cut("Grüße", &[0..3, 4..99]).into_iter().map(|p| p.text).collect();
        assert_eq!(whole, "Grüße");
    }
}
