//! Bytes to text, once, in one place: byte order marks, UTF-16 and UTF-32, old eight-bit encodings,
//! broken UTF-8. Newlines stay as they are, because evidence points into the text by offset; only a
//! byte order mark is dropped.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

/// Text, and how it was come by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, borrowed where the bytes already were UTF-8.
    pub text: Cow<'a, str>,
    /// The encoding's name, for example `UTF-8` or `windows-1252`.
    pub encoding: &'static str,
    /// What a person should know, if anything: “read as UTF-16LE”.
    pub notice: Option<String>,
}

/// The bytes are a picture, a program or something else that is not text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a text file: {control} of {total} bytes are control characters")]
pub struct NotText {
    /// Control characters and NULs found.
    pub control: usize,
    /// How many bytes or characters were looked at.
    pub total: usize,
}

/// Reads bytes as text.
///
/// # Errors
/// More than one in a hundred bytes is a control character: this is no text.
pub fn decode(bytes: &[u8]) -> Result<Decoded<'_>, NotText> {
    if let Some((text, encoding)) = unicode_by_mark(bytes).or_else(|| utf16_by_zeros(bytes)) {
        let (text, notice) = wide(text, encoding);
        return checked(Cow::Owned(text), encoding, Some(notice));
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return checked(Cow::Borrowed(text), "UTF-8", None);
    }
    // Asked before the encoding is guessed: any picture can be read as windows-1252.
    enough_text(control_bytes(bytes), bytes.len())?;
    let broken = Broken::measure(bytes);
    if broken.is_still_utf8() {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let n = broken.invalid_bytes;
        let notice = if n == 1 {
            "1 byte was not valid UTF-8 and is shown as �".to_owned()
        } else {
            format!("{n} bytes were not valid UTF-8 and are shown as �")
        };
        return checked(Cow::Owned(text), "UTF-8", Some(notice));
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let lost = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let mut notice = format!("not UTF-8: read as {}", encoding.name());
    if lost > 0 {
        notice.push_str(&format!(", {lost} characters could not be read and are shown as �"));
    }
    checked(Cow::Owned(text.into_owned()), encoding.name(), Some(notice))
}

/// Refuses what is not text after all, and takes the few NULs out that the store could not keep.
fn checked<'a>(
    text: Cow<'a, str>,
    encoding: &'static str,
    notice: Option<String>,
) -> Result<Decoded<'a>, NotText> {
    let control = control_bytes(text.as_bytes());
    enough_text(control, text.len())?;
    let zeros = if control == 0 { 0 } else { text.bytes().filter(|b| *b == 0).count() };
    if zeros == 0 {
        return Ok(Decoded { text, encoding, notice });
    }
    let said = format!("{zeros} NUL characters are shown as �");
    let notice = notice.map_or(said.clone(), |before| format!("{before}; {said}"));
    let text = Cow::Owned(text.replace('\0', "\u{FFFD}"));
    Ok(Decoded { text, encoding, notice: Some(notice) })
}

/// Small files may hold one stray control character: a percentage of ten bytes says nothing.
fn enough_text(control: usize, total: usize) -> Result<(), NotText> {
    if control > 2 && control * 100 > total {
        return Err(NotText { control, total });
    }
    Ok(())
}

/// Tabs, line ends, form feeds and the escape of terminal logs are part of texts.
fn control_bytes(bytes: &[u8]) -> usize {
    bytes.iter().filter(|b| is_control(**b)).count()
}

fn is_control(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1B) || byte == 0x7F
}

fn wide(text: String, encoding: &str) -> (String, String) {
    let lost = text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    let mut notice = format!("read as {encoding}");
    if lost > 0 {
        notice.push_str(&format!(", {lost} characters could not be read and are shown as �"));
    }
    (text, notice)
}

fn unicode_by_mark(bytes: &[u8]) -> Option<(String, &'static str)> {
    // UTF-32LE begins like UTF-16LE, so it is asked for first.
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE\0\0").filter(|rest| rest.len() % 4 == 0) {
        return Some((utf32(rest, u32::from_le_bytes), "UTF-32LE"));
    }
    if let Some(rest) = bytes.strip_prefix(b"\0\0\xFE\xFF") {
        return Some((utf32(rest, u32::from_be_bytes), "UTF-32BE"));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xFF\xFE") {
        return Some((utf16(rest, u16::from_le_bytes), "UTF-16LE"));
    }
    bytes.strip_prefix(b"\xFE\xFF").map(|rest| (utf16(rest, u16::from_be_bytes), "UTF-16BE"))
}

/// Western text in UTF-16 has a NUL in nearly every second byte, always on the same side.
fn utf16_by_zeros(bytes: &[u8]) -> Option<(String, &'static str)> {
    let probe = &bytes[..bytes.len().min(4096) & !1];
    if probe.len() < 4 || !bytes.len().is_multiple_of(2) {
        return None;
    }
    let even = probe.iter().step_by(2).filter(|b| **b == 0).count();
    let odd = probe.iter().skip(1).step_by(2).filter(|b| **b == 0).count();
    let (many, few) = (probe.len() * 2 / 10, probe.len() / 50);
    if odd > many && even <= few {
        Some((utf16(bytes, u16::from_le_bytes), "UTF-16LE"))
    } else if even > many && odd <= few {
        Some((utf16(bytes, u16::from_be_bytes), "UTF-16BE"))
    } else {
        None
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks(2).map(|pair| match pair {
        [a, b] => unit([*a, *b]),
        // Half a unit at the end of a file that was cut.
        _ => 0xFFFD,
    });
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> String {
    bytes
        .chunks(4)
        .map(|four| {
            let four = <[u8; 4]>::try_from(four).ok();
            four.and_then(|four| char::from_u32(unit(four))).unwrap_or(char::REPLACEMENT_CHARACTER)
        })
        .collect()
}

/// How badly the bytes fail to be UTF-8.
struct Broken {
    invalid_bytes: usize,
    valid_sequences: usize,
    is_cut_at_end: bool,
}

impl Broken {
    fn measure(bytes: &[u8]) -> Self {
        let mut broken = Self { invalid_bytes: 0, valid_sequences: 0, is_cut_at_end: false };
        for chunk in bytes.utf8_chunks() {
            broken.invalid_bytes += chunk.invalid().len();
            broken.valid_sequences += chunk.valid().bytes().filter(|b| *b >= 0xC0).count();
        }
        let tail = &bytes[bytes.len().saturating_sub(4)..];
        broken.is_cut_at_end = (0..tail.len()).any(|from| {
            std::str::from_utf8(&tail[from..]).is_err_and(|e| {
                e.valid_up_to() == 0 && e.error_len().is_none() && tail[from] >= 0xC2
            })
        });
        broken
    }

    /// A UTF-8 file with a few scars, as opposed to a file in another encoding. An umlaut of an
    /// eight-bit encoding hardly ever forms a valid sequence by chance.
    fn is_still_utf8(&self) -> bool {
        self.valid_sequences >= self.invalid_bytes.max(1)
            || self.is_cut_at_end && self.invalid_bytes <= 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide_le(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn utf8_is_borrowed_and_its_newlines_are_kept() {
        let decoded = decode("Grüße\r\nan Ana\n".as_bytes()).unwrap();
        assert!(matches!(decoded.text, Cow::Borrowed("Grüße\r\nan Ana\n")));
        assert_eq!(decoded.notice, None);
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(decode(b"\xEF\xBB\xBFhello").unwrap().text, "hello");
    }

    #[test]
    fn utf16_and_utf32_are_read_by_their_mark() {
        let mut le = b"\xFF\xFE".to_vec();
        le.extend(wide_le("für Ana 🙂"));
        assert_eq!(decode(&le).unwrap().text, "für Ana 🙂");
        let mut be = b"\xFE\xFF".to_vec();
        be.extend("für Ana".encode_utf16().flat_map(u16::to_be_bytes));
        assert_eq!(decode(&be).unwrap().text, "für Ana");
        let mut le32 = b"\xFF\xFE\0\0".to_vec();
        le32.extend("ü🙂".chars().flat_map(|c| u32::from(c).to_le_bytes()));
        assert_eq!(decode(&le32).unwrap().text, "ü🙂");
        let mut be32 = b"\0\0\xFE\xFF".to_vec();
        be32.extend("ü🙂".chars().flat_map(|c| u32::from(c).to_be_bytes()));
        assert_eq!(decode(&be32).unwrap().text, "ü🙂");
    }

    #[test]
    fn utf16_without_a_mark_is_known_by_its_zeros_and_said() {
        let bytes = wide_le("a note without a mark");
        let decoded = decode(&bytes).unwrap();
        assert_eq!(decoded.text, "a note without a mark");
        assert_eq!(decoded.notice.as_deref(), Some("read as UTF-16LE"));
    }

    #[test]
    fn an_old_western_encoding_is_guessed_and_said() {
        let decoded =
            decode(b"Sch\xF6ne Gr\xFC\xDFe aus M\xFCnchen, bis n\xE4chste Woche").unwrap();
        assert_eq!(decoded.text, "Schöne Grüße aus München, bis nächste Woche");
        assert_eq!(decoded.notice.as_deref(), Some("not UTF-8: read as windows-1252"));
    }

    #[test]
    fn a_few_broken_bytes_do_not_make_a_file_another_encoding() {
        let mut bytes = "Grüße für Änne, schöne Öfen ".repeat(3).into_bytes();
        bytes.extend(b"\xFF\xC3 end");
        let decoded = decode(&bytes).unwrap();
        assert!(decoded.text.starts_with("Grüße für"));
        assert_eq!(
            decoded.notice.as_deref(),
            Some("2 bytes were not valid UTF-8 and are shown as �")
        );
    }

    #[test]
    fn a_file_cut_inside_its_last_letter_is_still_utf8() {
        let decoded = decode(b"written so far: caf\xC3").unwrap();
        assert_eq!(decoded.text, "written so far: caf\u{FFFD}");
        assert_eq!(decoded.encoding, "UTF-8");
    }

    #[test]
    fn a_picture_is_not_text() {
        let picture: Vec<u8> =
            (0..4000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(decode(&picture).is_err());
        assert!(decode(b"\0\0\0\0\0\0\0\0").is_err());
    }

    #[test]
    fn a_stray_nul_is_shown_and_said() {
        let decoded = decode(b"a note with \0 inside").unwrap();
        assert_eq!(decoded.text, "a note with \u{FFFD} inside");
        assert_eq!(decoded.notice.as_deref(), Some("1 NUL characters are shown as �"));
    }

    #[test]
    fn nothing_is_text() {
        assert_eq!(decode(b"").unwrap().text, "");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            let _ = decode(&bytes);
        }
    }
}
