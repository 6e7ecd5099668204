//! A scripted model that reads as a careful model would: its replies follow the schema, and every word of
//! them stands in what it was shown.

use rem_core::mind::{
    model::{Chat, Message, Role},
    scripted::Scripted,
};
use serde_json::{Value, json};

use super::{Asked, Fate, Reply};

/// Such a model.
#[must_use]
pub fn reader() -> Scripted {
    Scripted::new(|chat| Ok(Scripted::said(&reply(chat).to_string())))
}

/// What it replies. Its titles, and its summaries of conversations, begin with "Read:", so that they are
/// told from those of the built-in analyser.
#[must_use]
pub fn reply(chat: &Chat<'_>) -> Value {
    let asked = chat.messages.last().map_or("", |message| message.text.as_str());
    let shown = shown(asked);
    let first: Vec<&str> = shown.split_whitespace().take(12).collect();
    let properties = &chat.schema["properties"];
    if properties.get("evidence").is_some() {
        return json!({
            "evidence": [{ "passage": null, "quote": quote(&shown), "time": null }],
            "feelings": [],
            "moment_type": "other",
            "outcome": null,
            "people": [],
            "summary": first.join(" "),
            "tags": [],
            "title": format!("Read: {}", first[..first.len().min(4)].join(" ")),
            "valence": 0,
        });
    }
    if properties.get("is_answered").is_some() {
        return json!({ "is_answered": true, "sentences": sentences(asked) });
    }
    if properties.get("lines").is_some() {
        return json!({ "lines": lines(asked) });
    }
    if properties.get("verdict").is_some() {
        return json!({ "verdict": "has_changed" });
    }
    if properties.get("key_topics").is_some() {
        let summary = format!("Read: {}", first.join(" "));
        return json!({ "key_topics": [], "summary": summary, "valence": 0 });
    }
    if properties.get("name").is_some() {
        return json!({ "name": first[..first.len().min(2)].join(" ") });
    }
    if properties.get("reflection").is_some() {
        let reflection = format!("Read: {}", first.join(" "));
        return json!({
            "patterns": [], "reflection": reflection, "sentiment": 0, "strategies": [], "themes": [],
        });
    }
    if properties.get("predictions").is_some() {
        return json!({ "predictions": [] });
    }
    if properties.get("title").is_some() {
        return json!({ "summary": first.join(" "), "title": "Read: all of it" });
    }
    json!({ "summary": first.join(" ") })
}

/// The same for a request over the wire; what asks nothing of a model gets its usual answer.
#[must_use]
pub fn over_the_wire(asked: &Asked) -> Fate {
    if !asked.body["format"].is_object() {
        return Fate::Usual;
    }
    let told = asked.body["messages"].as_array();
    let last = told.and_then(|messages| messages.last()).map(|message| &message["content"]);
    let text = last.and_then(Value::as_str).unwrap_or_default();
    let messages = [Message::new(Role::User, text)];
    let chat = Chat {
        messages: &messages,
        schema: &asked.body["format"],
        reply_tokens: 0,
        temperature: 0.0,
        seed: 0,
    };
    let all = told.into_iter().flatten().filter_map(|message| message["content"].as_str());
    let n_tokens = all.map(rem_core::mind::budget::tokens).sum();
    Fate::Say(Reply::new(&reply(&chat).to_string()).but(|reply| reply.prompt_tokens = n_tokens))
}

/// The words between the markers, headings left out.
fn shown(asked: &str) -> String {
    let is_words = |line: &&str| !line.starts_with('<') && !line.starts_with('#');
    let (_, marked) = asked.split_once("\n\n").unwrap_or(("", asked));
    let marked = marked.rsplit_once("\n\n").map_or(marked, |(before, _)| before);
    marked.lines().filter(is_words).collect::<Vec<_>>().join("\n")
}

/// The first words of the first pieces, each with its piece as evidence.
fn lines(asked: &str) -> Vec<Value> {
    let mut lines = Vec::new();
    let mut handle = "";
    for line in asked.lines() {
        if let Some(marker) = line.strip_prefix('<') {
            handle = marker.split('-').next().unwrap_or_default();
        } else if !handle.is_empty() && !handle.starts_with('/') && !line.is_empty() {
            let words: Vec<&str> = line.split_whitespace().take(14).collect();
            lines.push(
                json!({ "evidence": [handle], "text": format!("Read: {}", words.join(" ")) }),
            );
        }
    }
    lines.truncate(3);
    lines
}

/// The first words of the first moments, each with its moment as citation.
fn sentences(asked: &str) -> Vec<Value> {
    let is_moment = |line: &Value| line["evidence"][0].as_str().is_some_and(|h| h.starts_with('m'));
    let cited = |line: Value| {
        let text =
            line["text"].as_str().unwrap_or_default().trim_start_matches("Read: ").to_owned();
        json!({ "citations": line["evidence"], "text": text })
    };
    lines(asked).into_iter().filter(is_moment).map(cited).collect()
}

fn quote(shown: &str) -> String {
    let line = shown.lines().find(|line| line.split_whitespace().count() > 2).unwrap_or(shown);
    line.chars().take(80).collect()
}
