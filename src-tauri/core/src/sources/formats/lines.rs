//! A file line by line, without holding the whole of it: for chat logs and JSON Lines.

use std::io::{BufRead, Read};

use crate::{Result, error::Attempt};

/// Longer lines are passed over and counted: a session of an assistant program may hold a line of
/// many megabytes (a file it read), and a hostile file one of many gigabytes.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Reads lines as text. UTF-16 files are turned into UTF-8 as a whole first, since they are small.
pub(super) struct Lines<'a> {
    reader: Box<dyn BufRead + 'a>,
    path: &'a str,
    raw: Vec<u8>,
    /// The number of the line last read, from 1.
    pub(super) number: usize,
    /// Bytes that were not UTF-8, so far.
    pub(super) bad_bytes: usize,
    /// The numbers of lines that were too long to be read.
    pub(super) too_long: Vec<usize>,
}

/// One line, without its end.
pub(super) struct Line {
    /// The text.
    pub(super) text: String,
    /// Whether the file ends before the line does: perhaps it is still being written.
    pub(super) is_open: bool,
}

impl<'a> Lines<'a> {
    /// Starts at the beginning of a file.
    pub(super) fn new(reader: &'a mut dyn BufRead, path: &'a str) -> Result<Self> {
        let start = reader.fill_buf().attempt(|| format!("reading {path}"))?;
        let is_wide = start.starts_with(b"\xFF\xFE") || start.starts_with(b"\xFE\xFF");
        let has_mark = start.starts_with(b"\xEF\xBB\xBF");
        let reader: Box<dyn BufRead + 'a> = if is_wide {
            let mut all = Vec::new();
            reader.take(LONGEST).read_to_end(&mut all).attempt(|| format!("reading {path}"))?;
            let text = crate::sources::decode::decode(&all)
                .map_err(|why| crate::Error::invalid(format!("{path}: {why}")))?
                .text
                .into_owned();
            Box::new(std::io::Cursor::new(text.into_bytes()))
        } else {
            if has_mark {
                reader.consume(3);
            }
            Box::new(reader)
        };
        Ok(Self { reader, path, raw: Vec::new(), number: 0, bad_bytes: 0, too_long: Vec::new() })
    }

    /// The next line, or `None` at the end.
    pub(super) fn next_line(&mut self) -> Result<Option<Line>> {
        loop {
            self.raw.clear();
            let path = self.path;
            let read = (&mut self.reader)
                .take(LONGEST)
                .read_until(b'\n', &mut self.raw)
                .attempt(|| format!("reading {path}"))?;
            if read == 0 {
                return Ok(None);
            }
            self.number += 1;
            let is_closed = self.raw.last() == Some(&b'\n');
            if !is_closed && read as u64 == LONGEST {
                self.too_long.push(self.number);
                self.pass_over_rest()?;
                continue;
            }
            let mut line = self.raw.as_slice();
            line = line.strip_suffix(b"\n").unwrap_or(line);
            line = line.strip_suffix(b"\r").unwrap_or(line);
            let text = match std::str::from_utf8(line) {
                Ok(text) => text.to_owned(),
                Err(_) => {
                    self.bad_bytes +=
                        line.utf8_chunks().map(|chunk| chunk.invalid().len()).sum::<usize>();
                    String::from_utf8_lossy(line).into_owned()
                }
            };
            return Ok(Some(Line { text, is_open: !is_closed }));
        }
    }

    /// What the reading itself has to say.
    pub(super) fn notices(&self) -> Vec<super::Notice> {
        let mut notices = Vec::new();
        if self.bad_bytes > 0 {
            notices.push(super::Notice(format!(
                "{} bytes were not valid UTF-8 and are shown as �",
                self.bad_bytes
            )));
        }
        if !self.too_long.is_empty() {
            notices.push(super::Notice(format!(
                "{} longer than 64 MB {} left out",
                numbered("line", &self.too_long),
                if self.too_long.len() == 1 { "was" } else { "were" }
            )));
        }
        notices
    }

    fn pass_over_rest(&mut self) -> Result<()> {
        loop {
            self.raw.clear();
            let path = self.path;
            let read = (&mut self.reader)
                .take(LONGEST)
                .read_until(b'\n', &mut self.raw)
                .attempt(|| format!("reading {path}"))?;
            if read == 0 || self.raw.last() == Some(&b'\n') {
                return Ok(());
            }
        }
    }
}

/// “line 3”, “lines 3, 8 and 12”, “lines 1, 2, 3, 4, 5, 6, 7, 8 and 40 more”.
pub(super) fn numbered(what: &str, numbers: &[usize]) -> String {
    match numbers {
        [] => format!("no {what}s"),
        [one] => format!("{what} {one}"),
        [first @ .., last] if first.len() < 8 => {
            format!("{what}s {} and {last}", listed(first))
        }
        many => format!("{what}s {} and {} more", listed(&many[..8]), many.len() - 8),
    }
}

fn listed(numbers: &[usize]) -> String {
    numbers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut bytes: &[u8]) -> (Vec<String>, usize) {
        let mut lines = Lines::new(&mut bytes, "a.txt").unwrap();
        let mut texts = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            texts.push(line.text);
        }
        (texts, lines.bad_bytes)
    }

    #[test]
    fn lines_lose_their_ends_and_the_file_its_mark() {
        assert_eq!(all(b"\xEF\xBB\xBFone\r\ntwo\n\nfour").0, ["one", "two", "", "four"]);
    }

    #[test]
    fn broken_bytes_are_counted() {
        assert_eq!(all(b"a\xFFb\n"), (vec!["a\u{FFFD}b".into()], 1));
    }

    #[test]
    fn a_utf16_log_is_read_too() {
        let mut bytes = b"\xFF\xFE".to_vec();
        bytes.extend("é\nb".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(all(&bytes).0, ["é", "b"]);
    }

    #[test]
    fn numbers_are_listed_up_to_a_few() {
        assert_eq!(numbered("line", &[3]), "line 3");
        assert_eq!(numbered("line", &[3, 8, 12]), "lines 3, 8 and 12");
        assert_eq!(
            numbered("line", &(1..=50).collect::<Vec<_>>()),
            "lines 1, 2, 3, 4, 5, 6, 7, 8 and 42 more"
        );
    }
}
