//! JSON as exports really write it: emoji cut in half (`\ud83d` alone), bytes that are no UTF-8, a
//! byte order mark. One such scar in a conversation must not cost a person the other thousand.

use std::{
    borrow::Cow,
    io::{BufRead, Read},
};

use serde_json::Value;

/// A reader that mends scars while a file streams through it.
pub(super) struct Mended<'a> {
    source: &'a mut dyn BufRead,
    /// Read but not yet mended: the beginning of an escape or of a character.
    carried: Vec<u8>,
    ready: Vec<u8>,
    given: usize,
    is_started: bool,
    is_ended: bool,
}

impl<'a> Mended<'a> {
    /// Reads `source` from here on.
    pub(super) fn new(source: &'a mut dyn BufRead) -> Self {
        Self {
            source,
            carried: Vec::new(),
            ready: Vec::new(),
            given: 0,
            is_started: false,
            is_ended: false,
        }
    }

    fn refill(&mut self) -> std::io::Result<()> {
        self.ready.clear();
        self.given = 0;
        while self.ready.is_empty() && !self.is_ended {
            let chunk = self.source.fill_buf()?;
            let len = chunk.len();
            self.is_ended = len == 0;
            self.carried.extend_from_slice(chunk);
            self.source.consume(len);
            if !self.is_started && (self.carried.len() >= 3 || self.is_ended) {
                self.is_started = true;
                if self.carried.starts_with(b"\xEF\xBB\xBF") {
                    self.carried.drain(..3);
                }
            }
            if self.is_started {
                let used = mend(&self.carried, self.is_ended, &mut self.ready);
                self.carried.drain(..used);
            }
        }
        Ok(())
    }
}

impl Read for Mended<'_> {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.given == self.ready.len() {
            self.refill()?;
        }
        let rest = &self.ready[self.given..];
        let n = rest.len().min(out.len());
        out[..n].copy_from_slice(&rest[..n]);
        self.given += n;
        Ok(n)
    }
}

/// Copies what can be judged already to `out` and says how much of `bytes` that was.
fn mend(bytes: &[u8], is_end: bool, out: &mut Vec<u8>) -> usize {
    let judged = match std::str::from_utf8(bytes) {
        Ok(_) => bytes.len(),
        // A character whose other half has not arrived yet.
        Err(e) if e.error_len().is_none() && !is_end => e.valid_up_to(),
        Err(_) => {
            let cut = bytes.len() - incomplete_tail(bytes, is_end);
            let text = String::from_utf8_lossy(&bytes[..cut]);
            // The replacement is longer than what it replaces: nothing of this chunk is carried but
            // an open escape, which is plain ASCII at its end and counted from behind.
            let used = mend_escapes(text.as_bytes(), is_end, out);
            return cut - (text.len() - used);
        }
    };
    mend_escapes(&bytes[..judged], is_end, out)
}

fn incomplete_tail(bytes: &[u8], is_end: bool) -> usize {
    if is_end {
        return 0;
    }
    (1..=bytes.len().min(3))
        .find(|n| {
            let tail = &bytes[bytes.len() - n..];
            std::str::from_utf8(tail)
                .is_err_and(|e| e.error_len().is_none() && e.valid_up_to() == 0)
        })
        .unwrap_or(0)
}

fn mend_escapes(bytes: &[u8], is_end: bool, out: &mut Vec<u8>) -> usize {
    let mut at = 0;
    while let Some(step) = bytes[at..].iter().position(|b| *b == b'\\') {
        out.extend_from_slice(&bytes[at..at + step]);
        at += step;
        let rest = &bytes[at..];
        let whole = match escape_len(rest) {
            Some(whole) => whole,
            None if is_end => Escape::Kept(rest.len().min(2)),
            None => return at,
        };
        match whole {
            Escape::Kept(len) => {
                out.extend_from_slice(&rest[..len]);
                at += len;
            }
            Escape::Lone => {
                out.extend_from_slice(b"\\ufffd");
                at += 6;
            }
        }
    }
    out.extend_from_slice(&bytes[at..]);
    bytes.len()
}

enum Escape {
    Kept(usize),
    /// Half of a pair of surrogates.
    Lone,
}

/// `None` when the escape is not complete yet, and what there is of it may still become one.
fn escape_len(rest: &[u8]) -> Option<Escape> {
    if rest.len() >= 2 && rest[1] != b'u' || !may_be_unit(rest) {
        return Some(Escape::Kept(2));
    }
    match unit(rest.get(..6)?)? {
        0xDC00..=0xDFFF => Some(Escape::Lone),
        0xD800..=0xDBFF if !may_be_unit(&rest[6..]) => Some(Escape::Lone),
        0xD800..=0xDBFF => {
            let is_pair = unit(rest.get(6..12)?).is_some_and(|u| (0xDC00..=0xDFFF).contains(&u));
            Some(if is_pair { Escape::Kept(12) } else { Escape::Lone })
        }
        _ => Some(Escape::Kept(6)),
    }
}

/// Whether `bytes` begin like `\u1234`, as far as they go.
fn may_be_unit(bytes: &[u8]) -> bool {
    let digits = bytes.iter().skip(2).take(4);
    bytes.iter().zip(b"\\u").all(|(a, b)| a == b) && digits.copied().all(|b| b.is_ascii_hexdigit())
}

fn unit(escape: &[u8]) -> Option<u16> {
    let digits = std::str::from_utf8(escape.strip_prefix(b"\\u")?).ok()?;
    let is_hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
    is_hex.then(|| u16::from_str_radix(digits, 16).ok())?
}

/// One line of JSON, mended if it has to be.
pub(super) fn line<T: serde::de::DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    match serde_json::from_str(text) {
        Err(first) if text.contains("\\u") => {
            let mut mended = Vec::with_capacity(text.len());
            mend_escapes(text.as_bytes(), true, &mut mended);
            serde_json::from_slice(&mended).map_err(|_| first)
        }
        other => other,
    }
}

/// A text or a number as text; numbers serve as ids in some exports.
pub(super) fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => Some(Cow::Borrowed(text)),
        Value::Number(number) => Some(Cow::Owned(number.to_string())),
        _ => None,
    }
}

/// The first words of a text, about `longest` characters of them, for a title.
pub(super) fn first_words(text: &str, longest: usize) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let mut title = String::new();
    for word in line.split_whitespace() {
        if !title.is_empty() && title.chars().count() + 1 + word.chars().count() > longest {
            title.push('…');
            return Some(title);
        }
        if !title.is_empty() {
            title.push(' ');
        }
        title.extend(word.chars().take(longest));
    }
    Some(title)
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn streamed(bytes: &[u8], chunk: usize) -> Vec<u8> {
        let mut source = BufReader::with_capacity(chunk, bytes);
        let mut out = Vec::new();
        Mended::new(&mut source).read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn half_an_emoji_is_replaced_and_a_whole_one_kept_however_the_file_is_cut() {
        let source =
            br#"["a\ud83d", "\ud83d\ude42", "\\ud83d", "\ude42", "\ud83dx", "\ud83d\u0041"]"#;
        let expected =
            br#"["a\ufffd", "\ud83d\ude42", "\\ud83d", "\ufffd", "\ufffdx", "\ufffd\u0041"]"#;
        for chunk in 1..40 {
            assert_eq!(streamed(source, chunk), expected, "chunks of {chunk}");
        }
    }

    #[test]
    fn broken_bytes_are_replaced_and_the_mark_dropped() {
        for chunk in 1..20 {
            assert_eq!(
                String::from_utf8(streamed(b"\xEF\xBB\xBF[\"caf\xE9, \xC3\xA9 \\n\"]", chunk))
                    .unwrap(),
                "[\"caf\u{FFFD}, é \\n\"]",
                "chunks of {chunk}"
            );
        }
    }

    #[test]
    fn a_title_is_made_of_whole_words() {
        assert_eq!(
            first_words("\n  How do I   plant garlic?\nmore", 60).as_deref(),
            Some("How do I plant garlic?")
        );
        let long = first_words(&"word ".repeat(40), 60).unwrap();
        assert!(long.ends_with("word…") && long.chars().count() <= 61);
        assert_eq!(first_words(" \n ", 60), None);
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_out_is_utf8_and_good_json_is_not_changed(
            bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..60),
            text in "\\PC{0,20}",
            chunk in 1usize..9,
        ) {
            proptest::prop_assert!(String::from_utf8(streamed(&bytes, chunk)).is_ok());
            let good = serde_json::to_vec(&text).unwrap();
            proptest::prop_assert_eq!(streamed(&good, chunk), good);
        }
    }
}
