//! The journal's own JSON Lines: one message a line, for everything that has no format of its own.
//! Described for people in `docs/formats.md`.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::{
    Format, Head, Input, Notice, json,
    lines::{Lines, numbered},
    stamps,
};
use crate::{
    Result,
    records::draft::{Draft, MessageDraft, Role, SessionDraft},
};

/// Generic JSON Lines.
pub struct Jsonl;

const TEXT: [&str; 3] = ["text", "content", "message"];
const TIME: [&str; 4] = ["time", "timestamp", "created_at", "date"];

impl Format for Jsonl {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn sniff(&self, head: &Head<'_>) -> bool {
        let bytes = head.bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head.bytes);
        let mut lines = bytes.split(|b| *b == b'\n').map(<[u8]>::trim_ascii);
        // One bad line at the top shall not hide the others.
        lines.by_ref().filter(|line| !line.is_empty()).take(5).any(|line| {
            std::str::from_utf8(line)
                .ok()
                .and_then(|line| json::line::<Map<String, Value>>(line).ok())
                .is_some_and(|object| message_of(&object).is_some())
        })
    }

    fn parse(
        &self,
        input: Input<'_>,
        sink: &mut dyn FnMut(Draft) -> Result<()>,
    ) -> Result<Vec<Notice>> {
        let mut lines = Lines::new(input.reader, input.path)?;
        let mut sessions: Vec<SessionDraft> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut equals: HashMap<String, usize> = HashMap::new();
        let (mut bad, mut undated) = (Vec::new(), Vec::new());
        while let Some(line) = lines.next_line()? {
            let text = line.text.trim();
            if text.is_empty() {
                continue;
            }
            let object = match json::line::<Map<String, Value>>(text) {
                Ok(object) => object,
                // Still being written.
                Err(_) if line.is_open => continue,
                Err(_) => {
                    bad.push(lines.number);
                    continue;
                }
            };
            let Some((session, mut message)) = message_of(&object) else {
                bad.push(lines.number);
                continue;
            };
            let time =
                TIME.iter().find_map(|name| object.get(*name)).filter(|time| !time.is_null());
            if time.is_some() && message.stamped.is_none() {
                undated.push(lines.number);
            }
            if message.key.is_empty() {
                let time = time.map(Value::to_string).unwrap_or_default();
                let key = content_key(&session, &time, message.author.as_deref(), &message.body);
                message.key = nth_of_equals(&mut equals, key);
            }
            let place = *places.entry(session.clone()).or_insert_with(|| {
                sessions.push(SessionDraft { key: session, ..SessionDraft::default() });
                sessions.len() - 1
            });
            if let Some(title) = object.get("title").and_then(Value::as_str).map(str::trim)
                && !title.is_empty()
            {
                title.clone_into(&mut sessions[place].title);
            }
            sessions[place].messages.push(message);
        }
        let mut notices = lines.notices();
        if !bad.is_empty() {
            notices.push(Notice(format!(
                "{} left out: each line must be a JSON object with “session” and “text”",
                numbered("line", &bad)
            )));
        }
        if !undated.is_empty() {
            notices.push(Notice(format!(
                "{}: the time could not be read, so these messages are undated",
                numbered("line", &undated)
            )));
        }
        for mut session in sessions {
            if session.title.is_empty() {
                session.title.clone_from(&session.key);
            }
            sink(Draft::Session(session))?;
        }
        Ok(notices)
    }
}

/// The session a line belongs to, and its message. `None` if the line lacks what it must have.
fn message_of(object: &Map<String, Value>) -> Option<(String, MessageDraft)> {
    let session = object.get("session").and_then(json::text_of)?.trim().to_owned();
    let body = TEXT.iter().find_map(|name| object.get(*name)?.as_str())?.trim().to_owned();
    if session.is_empty() || body.is_empty() {
        return None;
    }
    let word = |name: &str| {
        let text = object.get(name)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let (role, named) = match word("role") {
        None => (Role::Person, None),
        Some(role) => match role.to_lowercase().as_str() {
            "user" | "me" | "human" => (Role::User, None),
            "assistant" | "ai" | "bot" | "model" => (Role::Assistant, None),
            "system" => (Role::System, None),
            "person" | "other" => (Role::Person, None),
            // A name in the wrong field is still a name.
            _ => (Role::Person, Some(role)),
        },
    };
    let message = MessageDraft {
        key: object.get("id").and_then(json::text_of).unwrap_or_default().into_owned(),
        role,
        author: word("author").or(named),
        body,
        stamped: TIME.iter().find_map(|name| object.get(*name)).and_then(stamps::from_json),
    };
    Some((session, message))
}

/// A key for a message without an id, made of what it is.
pub(super) fn content_key(chat: &str, time: &str, author: Option<&str>, body: &str) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in [chat, time, author.unwrap_or(""), body] {
        hasher.update(part.as_bytes());
        hasher.update(&[0]);
    }
    hasher.finalize().to_hex()[..32].to_owned()
}

/// The second of two equal messages gets another key than the first, the same in every export.
pub(super) fn nth_of_equals(equals: &mut HashMap<String, usize>, key: String) -> String {
    let n = equals.entry(key.clone()).or_insert(0);
    *n += 1;
    if *n == 1 { key } else { format!("{key}-{n}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::{Precision, Stamp},
        sources::formats::testing::{read, sessions},
    };

    const LOG: &str = r#"{"session":"trip","title":"Trip to Rome","author":"Ana","time":"2025-03-06T09:30:00+01:00","text":"Tickets are booked"}
{"session":"coach","role":"user","time":1741249800,"content":"I slept badly"}
{"session":"coach","role":"assistant","time":1741249805000,"message":"What kept you awake?","id":"m2"}

{"session":"trip","role":"Ben","time":"2025-03-07","text":"Great"}
{"session":"trip","text":"no time"}
{"session":"trip","text":"no time"}
{"text":"no session"}
nonsense
{"session":"trip","time":"yesterday","text":"odd time"}
{"session":"trip","text":"half"#;

    #[test]
    fn lines_are_gathered_into_sessions() {
        let (drafts, notices) = read(&Jsonl, "log.jsonl", LOG.as_bytes());
        let found = sessions(&drafts);
        assert_eq!(found.len(), 2);
        assert_eq!((found[0].key.as_str(), found[0].title.as_str()), ("trip", "Trip to Rome"));
        assert_eq!(found[1].title, "coach");
        let roles: Vec<_> = found[1].messages.iter().map(|m| (m.role, m.body.as_str())).collect();
        assert_eq!(
            roles,
            [(Role::User, "I slept badly"), (Role::Assistant, "What kept you awake?")]
        );
        let ben = &found[0].messages[1];
        assert_eq!((ben.role, ben.author.as_deref()), (Role::Person, Some("Ben")));
        assert_eq!(ben.stamped.unwrap().precision, Precision::Day);
        assert_eq!(found[0].messages[0].stamped.unwrap().at, Stamp::Offset(1_741_249_800_000, 60));
        assert_eq!(found[1].messages[1].key, "m2");
        assert_eq!(
            notices,
            [
                "lines 8 and 9 left out: each line must be a JSON object with “session” and “text”",
                "line 10: the time could not be read, so these messages are undated",
            ]
        );
    }

    #[test]
    fn keys_are_stable_when_the_file_grows_and_differ_for_equal_lines() {
        let keys = |text: &str| -> Vec<String> {
            let (drafts, _) = read(&Jsonl, "log.jsonl", text.as_bytes());
            sessions(&drafts)
                .iter()
                .flat_map(|s| s.messages.iter().map(|m| m.key.clone()))
                .collect()
        };
        let before = keys(LOG);
        let after =
            keys(&LOG.replace("\"half", "\"half\"}\n{\"session\":\"trip\",\"text\":\"more\"}"));
        assert!(before.iter().all(|key| after.contains(key)));
        let distinct: std::collections::HashSet<_> = after.iter().collect();
        assert_eq!(distinct.len(), after.len());
    }

    #[test]
    fn it_is_known_by_its_fields() {
        let sniff = |text: &str| {
            Jsonl.sniff(&Head { path: "a.jsonl", bytes: text.as_bytes(), is_whole: true })
        };
        assert!(sniff(LOG));
        assert!(!sniff("{\"a\":1}\n{\"b\":2}"));
        assert!(!sniff("session text"));
        assert!(!sniff(""));
    }
}
