//! WhatsApp's text exports. They carry no ids, no zone, no “me” and no order of day and month; what
//! had to be inferred is always said in a notice.

mod chat_name;
mod header;
mod order;
mod placeholders;

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap, HashSet},
    fmt::Write as _,
};

use super::{
    Format, Head, Input, Notice,
    jsonl::{content_key, nth_of_equals},
    lines::Lines,
};
use crate::{
    Result,
    clock::{Stamp, Stamped},
    records::draft::{Draft, MessageDraft, Role, SessionDraft},
    sources::decode::decode,
};

use header::Header;

/// Names are short; a longer “name” is a sentence with a colon in it.
const LONGEST_NAME: usize = 80;

/// Chats of WhatsApp.
pub struct WhatsApp;

impl Format for WhatsApp {
    fn name(&self) -> &'static str {
        "whatsapp"
    }

    fn sniff(&self, head: &Head<'_>) -> bool {
        let is_wide = head.bytes.starts_with(b"\xFF\xFE") || head.bytes.starts_with(b"\xFE\xFF");
        let text = if is_wide {
            let text = decode(head.bytes).map(|decoded| decoded.text.into_owned());
            Cow::Owned(text.unwrap_or_default().into_bytes())
        } else {
            Cow::Borrowed(head.bytes)
        };
        let mut lines = text
            .split(|b| *b == b'\n')
            .map(|line| String::from_utf8_lossy(&line[..line.len().min(500)]))
            .filter(|line| !line.trim().is_empty())
            .take(50);
        let Some(first) = lines.next().filter(|line| header::read(line).is_some()) else {
            return false;
        };
        // Diaries such as jrnl's have heads of the same shape, but no names behind them.
        let is_said = |line: &str| {
            header::read(line).is_some_and(|header| Raw::new(header, line).author.is_some())
        };
        let n_said = usize::from(is_said(&first)) + lines.filter(|line| is_said(line)).count();
        // A chat of one or two messages is known by its file's name as well.
        let lower = head.path.to_lowercase();
        let is_named = lower.contains("whatsapp") || lower.ends_with("_chat.txt");
        n_said >= 3 || head.is_whole && is_named
    }

    fn parse(
        &self,
        input: Input<'_>,
        sink: &mut dyn FnMut(Draft) -> Result<()>,
    ) -> Result<Vec<Notice>> {
        let path = input.path;
        let mut lines = Lines::new(input.reader, path)?;
        let mut raw: Vec<Raw> = Vec::new();
        let mut n_skipped = 0;
        while let Some(line) = lines.next_line()? {
            if let Some(header) = header::read(&line.text) {
                raw.push(Raw::new(header, &line.text));
            } else if let Some(last) = raw.last_mut() {
                last.text.push('\n');
                last.text.push_str(&line.text);
            } else if !line.text.trim().is_empty() {
                n_skipped += 1;
            }
        }
        let mut notices = lines.notices();
        if n_skipped > 0 {
            notices.push(Notice(format!(
                "{n_skipped} {} before the first message {} left out",
                if n_skipped == 1 { "line" } else { "lines" },
                if n_skipped == 1 { "was" } else { "were" },
            )));
        }
        if raw.is_empty() {
            notices.push(Notice("no WhatsApp message was found in this file".into()));
            return Ok(notices);
        }
        give_names(&mut raw);
        let session = session(path, raw, &mut notices);
        if !session.messages.is_empty() {
            sink(Draft::Session(session))?;
        }
        Ok(notices)
    }
}

/// A message before day and month are told apart.
struct Raw {
    header: Header,
    /// The date and time as written, for the key: it stays the same however they are read.
    stamp: String,
    author: Option<String>,
    text: String,
}

impl Raw {
    fn new(header: Header, line: &str) -> Self {
        let stamp = line[..header.stamp_end]
            .chars()
            .filter(|c| !header::is_hidden(*c) && *c != '[')
            .map(|c| if c.is_whitespace() { ' ' } else { c })
            .collect();
        let rest = &line[header.end..];
        let (author, text) =
            match rest.split_once(": ").or_else(|| Some((rest.strip_suffix(':')?, ""))) {
                Some((name, text)) if is_name(name) => (Some(plain_name(name)), text),
                _ => (None, rest),
            };
        Self { header, stamp, author, text: text.to_owned() }
    }
}

/// “Ana changed the subject from “Trip: Rome” …” has a colon, but no name before it.
fn is_name(text: &str) -> bool {
    let name = plain_name(text);
    !name.is_empty()
        && name.chars().count() <= LONGEST_NAME
        && !name.contains(['"', '“', '„', '«', '”', '\n'])
}

fn plain_name(text: &str) -> String {
    let name: String = text.chars().filter(|c| !header::is_hidden(*c)).collect();
    // “~” stands before the names of people who are no contacts.
    name.trim().trim_start_matches(['~', '\u{A0}', '\u{202F}', ' ']).to_owned()
}

/// A line such as “Ana:.” lacks the space after the colon; the name is known from other lines.
fn give_names(raw: &mut [Raw]) {
    let known: HashSet<String> = raw.iter().filter_map(|message| message.author.clone()).collect();
    for message in raw.iter_mut().filter(|message| message.author.is_none()) {
        if let Some((name, text)) = message.text.split_once(':')
            && known.contains(&plain_name(name))
        {
            let (name, text) = (plain_name(name), text.to_owned());
            message.author = Some(name);
            message.text = text;
        }
    }
}

fn session(path: &str, raw: Vec<Raw>, notices: &mut Vec<Notice>) -> SessionDraft {
    let headers: Vec<Header> = raw.iter().map(|message| message.header).collect();
    let found = order::find(path, &headers);
    notices.extend(found.notice.map(Notice));

    let mut equals = HashMap::new();
    let mut people = BTreeSet::new();
    let (mut n_empty, mut undated) = (0, Vec::new());
    let mut messages = Vec::with_capacity(raw.len());
    for Raw { header, stamp, author, text } in raw {
        let cleaned = placeholders::clean(&text);
        if cleaned.body.is_empty() {
            n_empty += 1;
            continue;
        }
        let at = found.order.day(&header).zip(header.time);
        if at.is_none() {
            undated.push(stamp.clone());
        }
        let is_system = author.is_none() || cleaned.is_system;
        if let (Some(author), false) = (&author, is_system) {
            people.insert(author.clone());
        }
        let key = content_key("", &stamp, author.as_deref(), &cleaned.body);
        messages.push(MessageDraft {
            key: nth_of_equals(&mut equals, key),
            role: if is_system { Role::System } else { Role::Person },
            author: author.filter(|_| !is_system),
            body: cleaned.body,
            stamped: at.map(|(day, time)| Stamped::exact(Stamp::Local(day.and_time(time)))),
        });
    }
    if n_empty > 0 {
        notices.push(Notice(format!(
            "{n_empty} empty {} left out",
            if n_empty == 1 { "message was" } else { "messages were" }
        )));
    }
    if !undated.is_empty() {
        let mut said = format!(
            "{} {} no possible date and {} undated: “{}”",
            undated.len(),
            if undated.len() == 1 { "message has" } else { "messages have" },
            if undated.len() == 1 { "is" } else { "are" },
            undated[0]
        );
        if undated.len() > 1 {
            let _ = write!(said, " and {} more", undated.len() - 1);
        }
        notices.push(Notice(said));
    }
    let name = chat_name::of_path(path).unwrap_or_else(|| {
        let people: Vec<String> = people.into_iter().collect();
        if people.is_empty() { "WhatsApp chat".to_owned() } else { people.join(", ") }
    });
    SessionDraft { key: name.clone(), title: name, stamped: None, messages }
}

#[cfg(test)]
mod tests;
