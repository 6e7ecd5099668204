//! What becomes of a request to the fake server.

use std::time::Duration;

use serde_json::{Value, json};

/// What becomes of a request.
#[derive(Debug, Clone)]
pub enum Fate {
    /// What the server would do by itself.
    Usual,
    /// A chat's reply.
    Say(Reply),
    /// A status with a body, as it is.
    Status(u16, String),
    /// A JSON body of status 200.
    Json(Value),
    /// A stream of these lines.
    Lines(Vec<Value>),
    /// A stream of these bytes, then its end.
    Bytes(Vec<Vec<u8>>),
    /// Another address.
    Redirect(String),
    /// The connection is reset without a word.
    Reset,
    /// The connection is reset in the middle of the reply.
    ResetMidway,
    /// The connection is closed without a word.
    Close,
    /// Nothing is said until the client leaves.
    Hang,
    /// A few pieces of a reply, and then nothing until the client leaves.
    HangMidway,
}

impl Fate {
    /// A finished reply of this text.
    #[must_use]
    pub fn say(text: &str) -> Self {
        Self::Say(Reply::new(text))
    }

    /// A status with Ollama's `{"error": …}`.
    #[must_use]
    pub fn error(status: u16, text: &str) -> Self {
        Self::Status(status, json!({ "error": text }).to_string())
    }
}

/// A chat's reply and how it comes over the wire.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The words.
    pub text: String,
    /// Thoughts that come before them.
    pub thinking: String,
    /// How it ends; `None` for a last line that does not say.
    pub done_reason: Option<String>,
    /// Whether there is a last line at all.
    pub has_end: bool,
    /// An error in place of the end.
    pub error: Option<Value>,
    /// Whether pieces of the network end inside characters.
    pub is_split_inside_characters: bool,
    /// Before each piece.
    pub gap: Duration,
    /// Tokens of the prompt, as the server counts.
    pub prompt_tokens: u32,
    /// Tokens of the reply.
    pub reply_tokens: u32,
}

impl Reply {
    /// A finished reply of this text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self {
            text: text.into(),
            thinking: String::new(),
            done_reason: Some("stop".into()),
            has_end: true,
            error: None,
            is_split_inside_characters: false,
            gap: Duration::ZERO,
            prompt_tokens: 100,
            reply_tokens: 10,
        }
    }

    /// The same with a change.
    #[must_use]
    pub fn but(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The stream's lines, as Ollama writes them.
    #[must_use]
    pub fn lines(&self, model: &str) -> Vec<Value> {
        let line = |message: Value| {
            json!({ "model": model, "created_at": "2026-10-14T18:00:00.000000001Z",
                "message": message, "done": false })
        };
        let mut lines = Vec::new();
        if !self.thinking.is_empty() {
            lines.push(line(json!({
                "role": "assistant", "content": "", "thinking": self.thinking })));
        }
        let chars: Vec<char> = self.text.chars().collect();
        // A hundred pieces at most, so that a huge reply does not become a million lines.
        for piece in chars.chunks(4.max(chars.len() / 100)) {
            let words: String = piece.iter().collect();
            lines.push(line(json!({ "role": "assistant", "content": words })));
        }
        if let Some(error) = &self.error {
            lines.push(json!({ "error": error }));
        } else if self.has_end {
            let mut last = line(json!({ "role": "assistant", "content": "" }));
            last["done"] = json!(true);
            last["done_reason"] = json!(self.done_reason);
            for (name, value) in [
                ("total_duration", 3_000_000_000_u64),
                ("load_duration", 1_000_000_000),
                ("prompt_eval_count", u64::from(self.prompt_tokens)),
                ("prompt_eval_duration", 500_000_000),
                ("eval_count", u64::from(self.reply_tokens)),
                ("eval_duration", 1_500_000_000),
            ] {
                last[name] = json!(value);
            }
            lines.push(last);
        }
        lines
    }
}
