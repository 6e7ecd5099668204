//! Claude Code's session files: one JSON object a line, appended while the person works.
//!
//! Only what the person and the assistant said to each other is read: tools and their results, the
//! program's own remarks, summaries of compacted sessions and sub-agents are left out.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::{
    Format, Head, Input, Notice, json,
    lines::{Lines, numbered},
    stamps, unsupported,
};
use crate::{
    Result,
    records::draft::{Draft, MessageDraft, Role, SessionDraft},
};

/// Sessions of Claude Code.
pub struct ClaudeCode;

/// Texts that the program puts into the person's mouth begin like this.
const NOT_THE_PERSON: [&str; 16] = [
    "<command-name>",
    "<command-message>",
    "<command-args>",
    "<local-command-",
    "<bash-input>",
    "<bash-stdout>",
    "<bash-stderr>",
    "<user-prompt-submit-hook>",
    "<task-notification>",
    "<system-reminder>",
    "<ide_opened_file>",
    "<ide_selection>",
    "[Request interrupted",
    "This session is being continued",
    "Caveat: The messages below were generated",
    "(no content)",
];

impl Format for ClaudeCode {
    fn name(&self) -> &'static str {
        "claude-code"
    }

    fn sniff(&self, head: &Head<'_>) -> bool {
        if !head.bytes.trim_ascii_start().starts_with(b"{") {
            return false;
        }
        // The first lines may be of other kinds, and one line may be longer than the head.
        head.bytes.split(|b| *b == b'\n').take(20).any(|line| {
            let has = |mark| unsupported::has(line, mark);
            let is_line = has("\"sessionId\"") && (has("\"uuid\"") || has("\"leafUuid\""));
            let is_summary = has("\"leafUuid\"") && has("\"summary\"");
            line.starts_with(b"{") && has("\"type\"") && (is_line || is_summary)
        })
    }

    fn parse(
        &self,
        input: Input<'_>,
        sink: &mut dyn FnMut(Draft) -> Result<()>,
    ) -> Result<Vec<Notice>> {
        let mut lines = Lines::new(input.reader, input.path)?;
        let mut reader = Reader::default();
        while let Some(line) = lines.next_line()? {
            let text = line.text.trim();
            if text.is_empty() {
                continue;
            }
            match json::line::<Entry>(text) {
                Ok(entry) => reader.take(entry, lines.number),
                // The last line is still being written; it is read when it is complete.
                Err(_) if line.is_open => {}
                Err(_) => reader.bad_lines.push(lines.number),
            }
        }
        let mut notices = lines.notices();
        notices.extend(reader.notices());
        let name = input.path.rsplit('/').next().unwrap_or(input.path);
        for session in reader.sessions(name) {
            sink(Draft::Session(session))?;
        }
        Ok(notices)
    }
}

/// One line of the file; what is not named here is passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    uuid: Option<String>,
    #[serde(default)]
    session_id: Option<String>,
    #[serde(default)]
    timestamp: Option<String>,
    #[serde(default)]
    is_sidechain: Option<bool>,
    #[serde(default)]
    is_meta: Option<bool>,
    #[serde(default)]
    is_compact_summary: Option<bool>,
    #[serde(default)]
    is_api_error_message: Option<bool>,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    leaf_uuid: Option<String>,
    #[serde(default)]
    custom_title: Option<String>,
    #[serde(default)]
    ai_title: Option<String>,
    #[serde(default)]
    message: Option<Said>,
}

/// The `message` of a line. In lines of the program itself it may be any value.
struct Said {
    content: Texts,
}

/// The texts of a message, without tools, pictures and thinking.
#[derive(Default)]
struct Texts(Vec<String>);

#[derive(Default)]
struct Reader {
    sessions: Vec<Session>,
    seen: HashSet<String>,
    summaries: Vec<(String, String)>,
    bad_lines: Vec<usize>,
    n_side: usize,
}

struct Session {
    key: String,
    title: Option<String>,
    uuids: HashSet<String>,
    messages: Vec<MessageDraft>,
}

impl Reader {
    fn take(&mut self, entry: Entry, number: usize) {
        if let (Some(summary), Some(leaf)) = (&entry.summary, &entry.leaf_uuid) {
            self.summaries.push((leaf.clone(), summary.trim().to_owned()));
            return;
        }
        let is_true = |flag: Option<bool>| flag == Some(true);
        if is_true(entry.is_sidechain) {
            self.n_side += 1;
            return;
        }
        // Going back in a session copies its lines.
        if entry.uuid.as_ref().is_some_and(|uuid| !self.seen.insert(uuid.clone())) {
            return;
        }
        let session = self.session(entry.session_id.as_deref().unwrap_or(""));
        if let Some(title) = entry.custom_title.or(entry.ai_title) {
            session.title = Some(title.trim().to_owned()).filter(|title| !title.is_empty());
        }
        session.uuids.extend(entry.uuid.clone());
        let role = match entry.kind.as_str() {
            "user" => Role::User,
            "assistant" => Role::Assistant,
            _ => return,
        };
        let is_remark = is_true(entry.is_meta)
            || is_true(entry.is_compact_summary)
            || is_true(entry.is_api_error_message);
        let Some(said) = entry.message.filter(|_| !is_remark) else { return };
        let texts: Vec<&str> =
            said.content.0.iter().map(|t| t.trim()).filter(|t| counts(t)).collect();
        if texts.is_empty() {
            return;
        }
        session.messages.push(MessageDraft {
            key: entry.uuid.unwrap_or_else(|| format!("line {number}")),
            role,
            author: (role == Role::Assistant).then(|| "Claude".to_owned()),
            body: texts.join("\n\n"),
            stamped: entry.timestamp.as_deref().and_then(stamps::from_iso),
        });
    }

    fn session(&mut self, key: &str) -> &mut Session {
        let at = self.sessions.iter().position(|session| session.key == key);
        let at = at.unwrap_or_else(|| {
            self.sessions.push(Session {
                key: key.to_owned(),
                title: None,
                uuids: HashSet::new(),
                messages: Vec::new(),
            });
            self.sessions.len() - 1
        });
        &mut self.sessions[at]
    }

    fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        if !self.bad_lines.is_empty() {
            notices.push(Notice(format!(
                "{} could not be read and {} left out",
                numbered("line", &self.bad_lines),
                if self.bad_lines.len() == 1 { "was" } else { "were" }
            )));
        }
        if self.n_side > 0 {
            notices.push(Notice(format!(
                "{} of sub-agents {} left out",
                if self.n_side == 1 { "one line".into() } else { format!("{} lines", self.n_side) },
                if self.n_side == 1 { "was" } else { "were" }
            )));
        }
        notices
    }

    fn sessions(self, file_name: &str) -> impl Iterator<Item = SessionDraft> {
        let Self { sessions, summaries, .. } = self;
        let file_key = file_name.strip_suffix(".jsonl").unwrap_or(file_name).to_owned();
        sessions.into_iter().filter(|session| !session.messages.is_empty()).map(move |session| {
            let Session { key, title, uuids, mut messages } = session;
            stamps::date_the_undated(&mut messages, None);
            // A file may begin with summaries of other sessions: only one that points in here counts.
            let summary = summaries
                .iter()
                .rev()
                .find(|(leaf, text)| uuids.contains(leaf) && !text.is_empty())
                .map(|(_, text)| text.clone());
            let asked = || {
                let first = messages.iter().find(|m| m.role == Role::User).or(messages.first())?;
                json::first_words(&first.body, 60)
            };
            let title = title
                .or(summary)
                .and_then(|title| json::first_words(&title, 120))
                .or_else(asked)
                .unwrap_or_else(|| "Session with Claude Code".to_owned());
            let key = if key.is_empty() { file_key.clone() } else { key };
            SessionDraft { key, title, stamped: None, messages }
        })
    }
}

fn counts(text: &str) -> bool {
    !text.is_empty() && !NOT_THE_PERSON.iter().any(|start| text.starts_with(start))
}

impl<'de> Deserialize<'de> for Said {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Said;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a message")
            }
            fn visit_str<E>(self, _: &str) -> Result<Said, E> {
                Ok(Said { content: Texts::default() })
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Said, A::Error> {
                let mut content = Texts::default();
                while let Some(key) = map.next_key::<String>()? {
                    if key == "content" {
                        content = map.next_value()?;
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(Said { content })
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of blocks")
            }
            fn visit_str<E>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts(vec![text.to_owned()]))
            }
            fn visit_unit<E>(self) -> Result<Texts, E> {
                Ok(Texts::default())
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Texts, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Texts::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut blocks: A) -> Result<Texts, A::Error> {
                #[derive(Deserialize)]
                struct Block {
                    #[serde(default, rename = "type")]
                    kind: String,
                    #[serde(default)]
                    text: Option<String>,
                }
                let mut texts = Texts::default();
                while let Some(block) = blocks.next_element::<Block>()? {
                    texts.0.extend(block.text.filter(|_| block.kind == "text"));
                }
                Ok(texts)
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::{Stamp, Stamped},
        sources::formats::testing::{read, sessions},
    };

    const LOG: &str = r#"{"type":"summary","summary":"Another session","leafUuid":"elsewhere"}
{"type":"user","isMeta":true,"uuid":"z","timestamp":"2024-04-03T21:05:00Z","sessionId":"s","message":{"role":"user","content":"Caveat"}}
{"type":"user","isSidechain":false,"uuid":"a","parentUuid":null,"timestamp":"2024-04-03T21:05:09.123Z","sessionId":"s","cwd":"/w","message":{"role":"user","content":"Why does the build fail on Ana's machine?"}}
{"type":"assistant","uuid":"b","parentUuid":"a","timestamp":"2024-04-03T21:05:20Z","sessionId":"s","message":{"role":"assistant","content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"Let me look."},{"type":"tool_use","id":"t","name":"Bash","input":{"command":"ls"}}]}}
{"type":"user","uuid":"c","parentUuid":"b","timestamp":"2024-04-03T21:05:21Z","sessionId":"s","message":{"role":"user","content":[{"type":"tool_result","content":"a\nb"}]}}
{"type":"user","uuid":"a","parentUuid":null,"timestamp":"2024-04-03T21:05:09.123Z","sessionId":"s","message":{"role":"user","content":"Why does the build fail on Ana's machine?"}}
{"type":"assistant","isSidechain":true,"uuid":"d","sessionId":"s","message":{"role":"assistant","content":[{"type":"text","text":"sub"}]}}
not json
{"type":"user","uuid":"e","sessionId":"s","message":{"role":"user","content":[{"type":"text","text":"<command-name>/clear</command-name>"},{"type":"text","text":"Thanks \ud83d"}]}}
{"type":"file-history-snapshot","messageId":"x","snapshot":{"a":[1]}}
{"type":"assistant","uuid":"f","timestamp":"2024-04-03T21:0"#;

    #[test]
    fn only_what_was_said_is_read() {
        let (drafts, notices) = read(&ClaudeCode, "p/s.jsonl", LOG.as_bytes());
        let session = sessions(&drafts)[0];
        let said: Vec<_> =
            session.messages.iter().map(|m| (m.key.as_str(), m.role, m.body.as_str())).collect();
        assert_eq!(
            said,
            [
                ("a", Role::User, "Why does the build fail on Ana's machine?"),
                ("b", Role::Assistant, "Let me look."),
                ("e", Role::User, "Thanks \u{FFFD}"),
            ]
        );
        assert_eq!(session.key, "s");
        assert_eq!(
            session.messages[0].stamped,
            Some(Stamped::exact(Stamp::Instant(1_712_178_309_123)))
        );
        assert_eq!(
            notices,
            ["line 8 could not be read and was left out", "one line of sub-agents was left out"]
        );
    }

    #[test]
    fn the_title_is_the_summary_of_this_session_or_the_first_words() {
        let (drafts, _) = read(&ClaudeCode, "s.jsonl", LOG.as_bytes());
        assert_eq!(sessions(&drafts)[0].title, "Why does the build fail on Ana's machine?");
        let own = format!(
            "{}\n{}",
            r#"{"type":"summary","summary":"Mending the build","leafUuid":"b"}"#, LOG
        );
        let (drafts, _) = read(&ClaudeCode, "s.jsonl", own.as_bytes());
        assert_eq!(sessions(&drafts)[0].title, "Mending the build");
    }

    #[test]
    fn a_file_may_hold_several_sessions() {
        let line = |session: &str, uuid: &str| {
            format!(
                "{{\"type\":\"user\",\"uuid\":\"{uuid}\",\"sessionId\":\"{session}\",\"timestamp\":\"2024-04-03T21:05:00Z\",\"message\":{{\"content\":\"hi\"}}}}\n"
            )
        };
        let text = [line("s1", "a"), line("s2", "b"), line("s1", "c")].concat();
        let (drafts, _) = read(&ClaudeCode, "s.jsonl", text.as_bytes());
        let found: Vec<_> =
            sessions(&drafts).iter().map(|s| (s.key.clone(), s.messages.len())).collect();
        assert_eq!(found, [("s1".to_owned(), 2), ("s2".to_owned(), 1)]);
    }

    #[test]
    fn it_is_known_by_its_lines() {
        let sniff = |text: &str| {
            ClaudeCode.sniff(&Head { path: "a.jsonl", bytes: text.as_bytes(), is_whole: false })
        };
        assert!(sniff(LOG));
        assert!(sniff(
            "{\"type\":\"file-history-snapshot\"}\n{\"type\":\"user\",\"sessionId\":\"s\",\"uuid\":\"u\",\"cut"
        ));
        assert!(!sniff("{\"session\":\"s\",\"text\":\"uuid and sessionId\"}"));
        assert!(!sniff("# \"sessionId\" \"uuid\" \"type\""));
    }
}
