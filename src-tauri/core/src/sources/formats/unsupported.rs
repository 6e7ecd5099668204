//! Exports that the journal knows by sight but cannot read yet. Naming them is kinder than a file
//! that is passed over without a word.

use super::Head;

/// Marks that must all stand in the first 64 KiB of a file, and what it then is.
struct Known {
    name: &'static str,
    shape: Shape,
    marks: &'static [&'static str],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A JSON value or JSON Lines.
    Json,
    /// A text that begins with the first mark.
    Begins,
}

const fn json(name: &'static str, marks: &'static [&'static str]) -> Known {
    Known { name, shape: Shape::Json, marks }
}

const fn begins(name: &'static str, marks: &'static [&'static str]) -> Known {
    Known { name, shape: Shape::Begins, marks }
}

/// The first that fits wins: special before general.
const KNOWN: &[Known] = &[
    json("Claude", &["\"chat_messages\"", "\"uuid\""]),
    json("Gemini (Google Takeout)", &["\"header\"", "\"title\"", "\"time\"", "\"products\""]),
    json("Codex", &["\"session_meta\"", "\"payload\""]),
    json("Codex", &["\"response_item\"", "\"payload\""]),
    json("Codex", &["\"event_msg\"", "\"payload\""]),
    json("Codex", &["\"turn_context\"", "\"payload\""]),
    json("Gemini CLI", &["\"projectHash\"", "\"messages\""]),
    json("Telegram", &["\"date_unixtime\""]),
    json("Telegram", &["\"text_entities\""]),
    json("Telegram", &["\"about\"", "\"chats\"", "\"list\""]),
    json("Discord", &["\"guild\"", "\"channel\"", "\"messages\""]),
    json("Discord", &["\"ID\"", "\"Timestamp\"", "\"Contents\""]),
    json("Slack", &["\"ts\"", "\"type\"", "\"user\""]),
    json("Slack", &["\"ts\"", "\"text\"", "\"subtype\""]),
    json("Slack", &["\"ts\"", "\"text\"", "\"channel_name\""]),
    json("Messenger", &["\"participants\"", "\"timestamp_ms\""]),
    json("Messenger", &["\"sender_name\"", "\"timestamp_ms\""]),
    json("Messenger", &["\"participants\"", "\"threadName\"", "\"senderName\""]),
    json("Signal", &["\"backupTimeMs\""]),
    json("Signal", &["\"conversationId\"", "\"sourceUuid\"", "\"sent_at\""]),
    json("Day One", &["\"entries\"", "\"uuid\"", "\"creationDate\""]),
    json("Journey", &["\"date_journal\""]),
    json("Diarium", &["\"date\"", "\"heading\"", "\"html\""]),
    json("Daylio", &["\"dayEntries\"", "\"customMoods\""]),
    json("jrnl", &["\"entries\"", "\"starred\"", "\"time\""]),
    json("Google Keep", &["\"userEditedTimestampUsec\""]),
    json("Roam", &["\"create-time\"", "\"children\""]),
    json("Roam", &["\"edit-time\"", "\"children\""]),
    json("Reflect", &["\"document_json\"", "\"graph_version\""]),
    json("Mini Diary", &["\"metadata\"", "\"entries\"", "\"dateUpdated\""]),
    json("Mistral Le Chat", &["\"chatId\"", "\"createdAt\"", "\"role\""]),
    begins("Daylio", &["full_date,date,weekday,time,mood"]),
    begins("zip", &["PK\u{3}\u{4}"]),
    begins("Day One", &["<?xml", "<key>Creation Date</key>"]),
    begins("calendar", &["BEGIN:VCALENDAR"]),
    begins("subtitle", &["WEBVTT"]),
    begins("subtitle", &["1\n00:", "-->"]),
    begins("subtitle", &["1\r\n00:", "-->"]),
    begins("mail", &["From ", "\nDate:"]),
    begins("iMessage or other SQLite", &["SQLite format 3\0"]),
    begins("Evernote", &["<?xml", "<en-export"]),
];

/// The name of the program that this file comes from, if the journal knows it but cannot read it:
/// “this looks like a Telegram export, which this version cannot read yet”.
///
/// Ask [`recognise`](super::recognise) first; a format that is read is never named here.
#[must_use]
pub fn unsupported(head: &Head<'_>) -> Option<&'static str> {
    let bytes = head.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head.bytes);
    if is_jrnl(bytes) {
        return Some("jrnl");
    }
    let is_json = is_json(bytes);
    KNOWN.iter().find(|known| known.fits(bytes, is_json)).map(|known| known.name)
}

impl Known {
    fn fits(&self, bytes: &[u8], is_json: bool) -> bool {
        match self.shape {
            Shape::Json => is_json && self.marks.iter().all(|mark| has(bytes, mark)),
            Shape::Begins => {
                let (first, others) =
                    self.marks.split_first().map_or(("", &[][..]), |(f, o)| (f, o));
                bytes.starts_with(first.as_bytes()) && others.iter().all(|mark| has(bytes, mark))
            }
        }
    }
}

/// `[2024-04-03 21:05] Good day.`
fn is_jrnl(bytes: &[u8]) -> bool {
    let form = b"[0000-00-00 00:00";
    bytes.len() > form.len()
        && form.iter().zip(bytes).all(|(sign, byte)| match sign {
            b'0' => byte.is_ascii_digit(),
            _ => byte == sign,
        })
}

/// Whether a file begins like JSON or JSON Lines.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    match bytes {
        [] => false,
        [b'{', rest @ ..] => matches!(rest.trim_ascii_start().first(), None | Some(b'"' | b'}')),
        // `[x](y)` and `[[link]]` begin notes, not JSON.
        [b'[', rest @ ..] => matches!(rest.trim_ascii_start().first(), None | Some(b'{' | b']')),
        _ => false,
    }
}

/// Whether `mark` occurs in `bytes`.
pub(super) fn has(bytes: &[u8], mark: &str) -> bool {
    let mark = mark.as_bytes();
    mark.first().is_none_or(|first| {
        let mut at = 0;
        while let Some(step) = bytes[at..].iter().position(|b| b == first) {
            at += step;
            if bytes[at..].starts_with(mark) {
                return true;
            }
            at += 1;
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Option<&'static str> {
        let path = if is_json(text.as_bytes()) { "export.json" } else { "export.bin" };
        unsupported(&Head { path, bytes: text.as_bytes(), is_whole: true })
    }

    #[test]
    fn exports_of_other_programs_are_named() {
        for (text, name) in [
            (r#"[{"uuid":"u","name":"","chat_messages":[]}]"#, "Claude"),
            (r#"{"name":"Ana","messages":[{"id":7,"date_unixtime":"1712178309"}]}"#, "Telegram"),
            (r#"[{"type":"message","user":"U1","ts":"1712178309.000200","text":"a"}]"#, "Slack"),
            (r#"{"guild":{},"channel":{},"messages":[]}"#, "Discord"),
            (
                r#"{"participants":[{"name":"A"}],"messages":[{"sender_name":"A","timestamp_ms":1}]}"#,
                "Messenger",
            ),
            (
                r#"{"metadata":{"version":"1"},"entries":[{"uuid":"A1","creationDate":"2024-04-04T03:30:00Z"}]}"#,
                "Day One",
            ),
            ("{\"backupTimeMs\":\"1\",\"version\":\"1\"}\n", "Signal"),
            ("\u{FEFF}full_date,date,weekday,time,mood\n", "Daylio"),
            ("BEGIN:VCALENDAR\r\n", "calendar"),
            ("[2024-04-03 21:05] Good day. With @ana.\n", "jrnl"),
            ("PK\u{3}\u{4}…", "zip"),
        ] {
            assert_eq!(named(text), Some(name), "{text}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_named() {
        for text in
            ["", "{}", "[]", r#"{"a":1}"#, "[[link]] \"ts\" \"type\" \"user\"", "Dear diary"]
        {
            assert_eq!(named(text), None, "{text}");
        }
    }
}
