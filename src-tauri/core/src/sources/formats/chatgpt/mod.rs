//! ChatGPT's `conversations.json`: an array of trees, read one conversation at a time.
//!
//! Of each tree only the branch that the person last saw is read; the others are edits and retries.
//! Left out are system texts, tools and their results, the model's thinking, and the profile that
//! ChatGPT keeps about the person.

use std::collections::HashSet;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde_json::{Map, Value};

use super::{Format, Head, Input, Notice, json, stamps, unsupported};
use crate::{
    Error, Result,
    records::draft::{Draft, MessageDraft, Role, SessionDraft},
};

/// Conversations with ChatGPT.
pub struct ChatGpt;

impl Format for ChatGpt {
    fn name(&self) -> &'static str {
        "chatgpt"
    }

    fn sniff(&self, head: &Head<'_>) -> bool {
        if !unsupported::is_json(head.bytes) {
            return false;
        }
        let has = |mark| unsupported::has(head.bytes, mark);
        // `current_node` stands behind the tree, which may be far away.
        let is_tree = has("\"mapping\"")
            && (has("\"current_node\"")
                || has("\"parent\"") && has("\"children\"") && has("\"message\""));
        // An export that broke before its first tree still has to say that it is broken.
        let name = head.path.rsplit('/').next().unwrap_or(head.path);
        let is_named = name.starts_with("conversations") && name.ends_with(".json");
        is_tree || is_named && unsupported::unsupported(head).is_none()
    }

    fn parse(
        &self,
        input: Input<'_>,
        sink: &mut dyn FnMut(Draft) -> Result<()>,
    ) -> Result<Vec<Notice>> {
        let mut run = Run { sink, failed: None, n_read: 0, n_empty: 0, n_bad: 0, n_branches: 0 };
        let mut source = serde_json::Deserializer::from_reader(std::io::BufReader::with_capacity(
            64 * 1024,
            json::Mended::new(input.reader),
        ));
        let outcome = Top(&mut run).deserialize(&mut source).and_then(|()| source.end());
        if let Some(failed) = run.failed {
            return Err(failed);
        }
        let Err(why) = outcome else { return Ok(run.notices()) };
        if let Some(kind) = why.io_error_kind() {
            return Err(Error::Io {
                attempt: format!("reading {}", input.path),
                source: std::io::Error::new(kind, why),
            });
        }
        let before = match run.n_read {
            0 => "nothing in it could be read".to_owned(),
            1 => "the conversation before that place was read".to_owned(),
            n => format!("the {n} conversations before that place were read"),
        };
        let place = format!("at line {} column {}", why.line(), why.column());
        let said = why.to_string();
        let said = said.strip_suffix(place.as_str()).unwrap_or(&said).trim_end();
        let cut = if why.is_eof() { "the file ends too early" } else { "not valid JSON" };
        Err(Error::invalid(format!(
            "{}: {cut} {place}: {said}; {before}. Export your data from ChatGPT again",
            input.path
        )))
    }
}

/// What happens to the conversations, and what is to be said at the end.
struct Run<'a> {
    sink: &'a mut dyn FnMut(Draft) -> Result<()>,
    failed: Option<Error>,
    n_read: usize,
    n_empty: usize,
    n_bad: usize,
    n_branches: usize,
}

impl Run<'_> {
    fn take(&mut self, value: &Value) -> Result<(), serde_json::Error> {
        let Some(conversation) = Conversation::of(value) else {
            self.n_bad += 1;
            return Ok(());
        };
        self.n_branches += conversation.n_branches();
        let Some(session) = conversation.session() else {
            self.n_empty += 1;
            return Ok(());
        };
        self.n_read += 1;
        (self.sink)(Draft::Session(session)).map_err(|failed| {
            self.failed = Some(failed);
            serde_json::Error::custom("stopped")
        })
    }

    fn notices(&self) -> Vec<Notice> {
        let mut notices = Vec::new();
        let mut say = |n: usize, one: &str, many: &str| match n {
            0 => {}
            1 => notices.push(Notice(one.to_owned())),
            n => notices.push(Notice(format!("{n} {many}"))),
        };
        say(
            self.n_bad,
            "one item is not a ChatGPT conversation and was left out",
            "items are not ChatGPT conversations and were left out",
        );
        say(
            self.n_empty,
            "one conversation holds no text and was left out",
            "conversations hold no text and were left out",
        );
        say(
            self.n_branches,
            "one earlier version of a message (an edit or a retry) was left out",
            "earlier versions of messages (edits and retries) were left out",
        );
        notices
    }
}

/// The whole file: an array, `{"conversations": […]}`, or a single conversation.
struct Top<'a, 'b>(&'a mut Run<'b>);

impl<'de> DeserializeSeed<'de> for Top<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<(), D::Error> {
        source.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a list of conversations")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element::<Value>()? {
            self.0.take(&item).map_err(A::Error::custom)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let mut single = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            match key.as_str() {
                "conversations" => entries.next_value_seed(Top(self.0))?,
                "id" | "conversation_id" | "title" | "create_time" | "update_time" | "mapping"
                | "current_node" => {
                    single.insert(key, entries.next_value()?);
                }
                _ => {
                    entries.next_value::<IgnoredAny>()?;
                }
            }
        }
        if single.contains_key("mapping") {
            self.0.take(&Value::Object(single)).map_err(A::Error::custom)?;
        }
        Ok(())
    }
}

struct Conversation<'a> {
    item: &'a Map<String, Value>,
    mapping: &'a Map<String, Value>,
    /// Node ids from the beginning to the current one.
    branch: Vec<&'a str>,
}

impl<'a> Conversation<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        let item = value.as_object()?;
        let mapping = item.get("mapping")?.as_object()?;
        let current = item.get("current_node").and_then(Value::as_str);
        let last = current.filter(|id| mapping.contains_key(*id)).or_else(|| newest_leaf(mapping));
        let mut branch = Vec::new();
        let mut seen = HashSet::new();
        let mut next = last;
        while let Some(id) = next.filter(|id| seen.insert(*id)) {
            let Some(node) = mapping.get(id) else { break };
            branch.push(id);
            next = node.get("parent").and_then(Value::as_str);
        }
        branch.reverse();
        Some(Self { item, mapping, branch })
    }

    fn n_branches(&self) -> usize {
        let on_branch: HashSet<&str> = self.branch.iter().copied().collect();
        self.mapping
            .iter()
            .filter(|(id, node)| !on_branch.contains(id.as_str()) && message(id, node).is_some())
            .filter(|(_, node)| {
                node.get("parent").and_then(Value::as_str).is_some_and(|p| on_branch.contains(p))
            })
            .count()
    }

    fn session(&self) -> Option<SessionDraft> {
        let began = self.item.get("create_time").and_then(stamps::from_json);
        let mut messages: Vec<MessageDraft> =
            self.branch.iter().filter_map(|id| message(id, self.mapping.get(*id)?)).collect();
        if messages.is_empty() {
            return None;
        }
        stamps::date_the_undated(&mut messages, began);
        let text = |name: &str| self.item.get(name).and_then(json::text_of);
        let key = text("id").or_else(|| text("conversation_id")).map_or_else(
            // Old exports have no id; then it is known by its first message.
            || messages.first().map(|m| m.key.clone()).unwrap_or_default(),
            std::borrow::Cow::into_owned,
        );
        let title = text("title")
            .map(|title| title.trim().to_owned())
            .filter(|title| !title.is_empty() && title != "New chat")
            .or_else(|| {
                let asked = messages.iter().find(|m| m.role == Role::User).or(messages.first())?;
                json::first_words(&asked.body, 60)
            })
            .unwrap_or_else(|| "Conversation with ChatGPT".to_owned());
        Some(SessionDraft { key, title, stamped: began, messages })
    }
}

/// Where there is no current node: the leaf that was written last.
fn newest_leaf(mapping: &Map<String, Value>) -> Option<&str> {
    let is_leaf =
        |node: &Value| node.get("children").and_then(Value::as_array).is_none_or(Vec::is_empty);
    let time =
        |node: &Value| node.pointer("/message/create_time").and_then(Value::as_f64).unwrap_or(0.0);
    mapping
        .iter()
        .filter(|(_, node)| is_leaf(node))
        .max_by(|a, b| time(a.1).total_cmp(&time(b.1)))
        .map(|(id, _)| id.as_str())
}

fn message(node_id: &str, node: &Value) -> Option<MessageDraft> {
    let message = node.get("message")?.as_object()?;
    let role = match message.get("author")?.get("role")?.as_str()? {
        "user" => Role::User,
        "assistant" => Role::Assistant,
        _ => return None,
    };
    let is_hidden = message
        .get("metadata")
        .and_then(|m| m.get("is_visually_hidden_from_conversation"))
        .and_then(Value::as_bool)
        .unwrap_or(false);
    let recipient = message.get("recipient").and_then(Value::as_str).unwrap_or("all");
    if is_hidden || role == Role::Assistant && recipient != "all" {
        return None;
    }
    let body = without_citations(&body(message.get("content")?)?);
    let body = body.trim();
    if body.is_empty() {
        return None;
    }
    let key = message.get("id").and_then(Value::as_str).unwrap_or(node_id);
    Some(MessageDraft {
        key: key.to_owned(),
        role,
        author: (role == Role::Assistant).then(|| "ChatGPT".to_owned()),
        body: body.to_owned(),
        stamped: message.get("create_time").and_then(stamps::from_json),
    })
}

fn body(content: &Value) -> Option<String> {
    match content.get("content_type").and_then(Value::as_str) {
        Some("text" | "multimodal_text" | "code") | None => {}
        Some(_) => return None,
    }
    let Some(parts) = content.get("parts").and_then(Value::as_array) else {
        return content.get("text").and_then(Value::as_str).map(str::to_owned);
    };
    let parts: Vec<&str> = parts.iter().filter_map(part).filter(|p| !p.is_empty()).collect();
    Some(parts.join("\n"))
}

fn part(part: &Value) -> Option<&str> {
    if let Some(text) = part.as_str() {
        return Some(text);
    }
    // What was said aloud is kept as its transcript.
    if let Some(text) = part.get("text").and_then(Value::as_str) {
        return Some(text);
    }
    let kind = part.get("content_type").and_then(Value::as_str).unwrap_or("");
    (part.get("asset_pointer").is_some() && kind.starts_with("image")).then_some("[image]")
}

/// Web answers carry invisible marks such as `cite turn0search1` between private-use characters.
fn without_citations(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\u{E200}') {
        kept.push_str(before);
        match after.split_once('\u{E201}') {
            Some((_, after)) => rest = after,
            None => {
                rest = after;
                break;
            }
        }
    }
    kept.push_str(rest);
    kept
}

#[cfg(test)]
mod tests;
