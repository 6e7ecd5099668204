//! Makes text from notes safe for a terminal. A note may hold escape sequences that move the cursor,
//! set the window's title or turn the reading order around; people only ever meant to read its words.

use std::iter::Peekable;

const ESCAPE: char = '\u{1b}';
const TAB: &str = "    ";

/// The text on one line, without anything that a terminal would obey.
pub(crate) fn one_line(text: &str) -> String {
    without_sequences(text)
        .chars()
        .filter_map(|c| match c {
            '\n' | '\r' | '\t' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
            _ => is_shown(c).then_some(c),
        })
        .collect()
}

/// The text's own lines, each without anything that a terminal would obey.
pub(crate) fn lines(text: &str) -> Vec<String> {
    text.lines().map(|line| one_line(&line.trim_end().replace('\t', TAB))).collect()
}

/// JSON text with the characters escaped that JSON allows as they are but terminals obey. They can only
/// stand in strings, so the document means the same.
pub(crate) fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c == '\n' || is_shown(c) {
            safe.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                safe.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    safe
}

fn is_shown(c: char) -> bool {
    let is_reordering = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_invisible = matches!(c, '\u{ad}' | '\u{200b}' | '\u{feff}' | '\u{2028}' | '\u{2029}');
    !c.is_control() && !is_reordering && !is_invisible
}

fn without_sequences(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            ESCAPE => skip_sequence(&mut rest),
            '\u{9b}' => skip_control(&mut rest),
            '\u{90}' | '\u{98}' | '\u{9d}' | '\u{9e}' | '\u{9f}' => skip_string(&mut rest),
            _ => kept.push(c),
        }
    }
    kept
}

fn skip_sequence<I: Iterator<Item = char> + Clone>(rest: &mut Peekable<I>) {
    match rest.peek() {
        Some('[') => {
            rest.next();
            skip_control(rest);
        }
        Some(']' | 'P' | 'X' | '^' | '_') => {
            rest.next();
            skip_string(rest);
        }
        _ => {
            while rest.next_if(|c| matches!(c, ' '..='/')).is_some() {}
            rest.next_if(|c| matches!(c, '0'..='~'));
        }
    }
}

fn skip_control<I: Iterator<Item = char>>(rest: &mut Peekable<I>) {
    while rest.next_if(|c| matches!(c, ' '..='?')).is_some() {}
    rest.next_if(|c| matches!(c, '@'..='~'));
}

/// A string without an end is left standing: it would swallow the rest of the note.
fn skip_string<I: Iterator<Item = char> + Clone>(rest: &mut Peekable<I>) {
    let mut ahead = rest.clone();
    while let Some(c) = ahead.next() {
        let is_end = match c {
            '\u{7}' | '\u{9c}' => true,
            ESCAPE => ahead.next_if_eq(&'\\').is_some(),
            '\n' => return,
            _ => false,
        };
        if is_end {
            *rest = ahead;
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_titles_and_cursor_moves_leave_no_trace() {
        assert_eq!(one_line("a\u{1b}[31mred\u{1b}[0m b"), "ared b");
        assert_eq!(one_line("x\u{1b}]0;owned\u{7}y"), "xy");
        assert_eq!(one_line("x\u{1b}]8;;http://bad\u{1b}\\link\u{1b}]8;;\u{1b}\\y"), "xlinky");
        assert_eq!(one_line("\u{9b}2Jgone"), "gone");
        assert_eq!(one_line("a\u{1b}(Bb\u{1b}cc"), "abc");
        assert_eq!(one_line("back\u{8}\u{8}\u{7f}space"), "backspace");
    }

    #[test]
    fn a_string_sequence_without_end_does_not_swallow_the_note() {
        assert_eq!(one_line("x\u{1b}]0;still here"), "x0;still here");
        assert_eq!(one_line("x\u{1b}"), "x");
    }

    #[test]
    fn text_cannot_turn_its_reading_order_around() {
        assert_eq!(one_line("safe\u{202e}txt.exe\u{2066}"), "safetxt.exe");
    }

    #[test]
    fn letters_emoji_and_their_joiners_stay() {
        let text = "Grüße 日本語 👩‍👩‍👧 ❤️ مرحبا";
        assert_eq!(one_line(text), text);
    }

    #[test]
    fn lines_keep_their_breaks_and_lose_carriage_returns() {
        assert_eq!(lines("a\r\n\tb\u{1b}[1m\n\nc "), ["a", "    b", "", "c"]);
    }

    #[test]
    fn json_means_the_same_after_escaping() {
        let text = "a\u{9b}31m\u{7f}\u{202e}b\u{feff}é😀";
        let safe = json(&serde_json::to_string(text).unwrap());
        assert!(safe.chars().all(is_shown));
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
    }
}
