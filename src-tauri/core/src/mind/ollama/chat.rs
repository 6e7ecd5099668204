//! A language model of Ollama: one call is one stream.

use ollama_rs::{
    generation::{
        chat::{ChatMessage, request::ChatMessageRequest},
        parameters::{FormatType, JsonStructure, KeepAlive, ThinkType, TimeUnit},
    },
    models::ModelOptions,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    super::{
        Fault, LanguageModel,
        model::{Chat, End, Listed, Message, ModelCard, Role, Said, Use},
        wire::{Complaint, Flow, LONGEST, Pace, Wire},
    },
    KEPT_MINUTES, Version,
    catalogue::is_gpt_oss,
};
use crate::journal::Cancel;

const TOP_P: f32 = 0.9;
const NANOSECONDS: u64 = 1_000_000;

/// A model ready to be called.
#[derive(Debug)]
pub(super) struct Chatting {
    wire: Wire,
    card: ModelCard,
    /// What is said about thinking; nothing to models that do not think.
    think: Option<ThinkType>,
}

impl Chatting {
    pub(super) fn new(wire: Wire, listed: &Listed, version: Version, wanted: Use) -> Self {
        // Told not to think, a model forgets the schema on older servers: then it is let think.
        let (think, thinks) = match listed.thinks {
            false => (None, false),
            true if is_gpt_oss(&listed.name, "") => (Some(ThinkType::Low), true),
            true if version >= Version::STOPS_THINKING => (Some(ThinkType::False), false),
            true => (None, true),
        };
        let card = ModelCard {
            name: listed.name.clone(),
            digest: listed.digest.clone(),
            window_tokens: wanted.window_tokens.min(listed.context_tokens.unwrap_or(u32::MAX)),
            thinks,
        };
        Self { wire, card, think }
    }

    /// The crate's request, and what it lacks. The window is the same in every call: another one would
    /// make the server load the model anew.
    fn body(&self, chat: &Chat<'_>) -> Result<Value, Fault> {
        let mut options = ModelOptions::default()
            .num_ctx(u64::from(self.card.window_tokens))
            .num_predict(i32::try_from(chat.reply_tokens).unwrap_or(i32::MAX))
            .top_p(TOP_P)
            .seed((chat.seed & 0x7fff_ffff) as i32);
        // The likeliest thought leads a thinking model in circles: then its own default is better.
        if !self.card.thinks || chat.temperature > 0.0 {
            options = options.temperature(chat.temperature);
        }
        let unsendable = || Fault::Refused("this question cannot be put into a request".into());
        let schema = chat.schema.clone().try_into().map_err(|_| unsendable())?;
        let mut request = ChatMessageRequest::new(
            self.card.name.clone(),
            chat.messages.iter().map(message).collect(),
        )
        .options(options)
        .format(FormatType::StructuredJson(Box::new(JsonStructure::new_for_schema(schema))))
        .keep_alive(KeepAlive::Until { time: KEPT_MINUTES, unit: TimeUnit::Minutes });
        request.think = self.think.clone();
        let mut body = serde_json::to_value(&request).map_err(|_| unsendable())?;
        body["stream"] = json!(true);
        body["truncate"] = json!(false);
        body["shift"] = json!(false);
        Ok(body)
    }
}

fn message(message: &Message) -> ChatMessage {
    let text = message.text.clone();
    match message.role {
        Role::System => ChatMessage::system(text),
        Role::User => ChatMessage::user(text),
        Role::Assistant => ChatMessage::assistant(text),
    }
}

impl LanguageModel for Chatting {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    fn chat(&self, chat: &Chat<'_>, cancel: &Cancel) -> Result<Said, Fault> {
        self.chat_aloud(chat, cancel, &mut |_| {})
    }

    fn chat_aloud(
        &self,
        chat: &Chat<'_>,
        cancel: &Cancel,
        hear: &mut dyn FnMut(&str),
    ) -> Result<Said, Fault> {
        let body = self.body(chat)?;
        let mut heard = Heard::new(chat.reply_tokens);
        self.wire.lines("api/chat", &body, Some(&self.card.name), cancel, |line| {
            let before = heard.said.text.len();
            let flow = heard.take(line, &self.wire)?;
            hear(&heard.said.text[before..]);
            Ok(flow)
        })?;
        Ok(heard.said)
    }

    fn is_there(&self, cancel: &Cancel) -> bool {
        self.wire.json::<Value>("api/version", None, Pace::Quick, None, cancel).is_ok()
    }

    fn unload(&self, cancel: &Cancel) {
        let name = &self.card.name;
        let empty = json!({ "model": name, "messages": [], "keep_alive": 0, "stream": false });
        super::unload(&self.wire, "api/chat", &empty, cancel);
    }
}

/// A line of the stream. Go leaves out what is zero, so everything may be absent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Line {
    error: Option<Value>,
    remote_host: Option<String>,
    message: Option<Words>,
    done: Option<bool>,
    done_reason: Option<String>,
    load_duration: Option<u64>,
    prompt_eval_count: Option<u32>,
    prompt_eval_duration: Option<u64>,
    eval_count: Option<u32>,
    eval_duration: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Words {
    content: Option<String>,
    thinking: Option<String>,
}

struct Heard {
    said: Said,
    reply_tokens: u32,
}

impl Heard {
    fn new(reply_tokens: u32) -> Self {
        let said = Said {
            text: String::new(),
            n_thought_bytes: 0,
            end: End::Unfinished,
            prompt_tokens: None,
            reply_tokens: None,
            load_ms: 0,
            prompt_ms: 0,
            reply_ms: 0,
        };
        Self { said, reply_tokens }
    }

    fn take(&mut self, line: &[u8], wire: &Wire) -> Result<Flow, Fault> {
        let line: Line = serde_json::from_slice(line).map_err(|_| wire.stranger())?;
        if let Some(error) = &line.error {
            return Err(Complaint::of_value(error).midway(wire.server()));
        }
        if line.remote_host.is_some_and(|host| !host.is_empty()) {
            return Err(Fault::Forbidden(format!(
                "{} passed this on to a cloud service: choose a model that is installed here",
                wire.server()
            )));
        }
        if let Some(words) = line.message {
            self.said.text.push_str(words.content.as_deref().unwrap_or_default());
            self.said.n_thought_bytes += words.thinking.map_or(0, |thought| thought.len());
        }
        if self.said.text.len() + self.said.n_thought_bytes > LONGEST {
            return Err(wire.endless());
        }
        if line.done != Some(true) {
            return Ok(Flow::More);
        }
        self.said.end = match line.done_reason.as_deref() {
            Some("stop") => End::Stop,
            Some("length") => End::Length,
            // Old releases do not say why; all tokens used up is as good as said.
            None if line.eval_count.is_some_and(|n| n >= self.reply_tokens) => End::Length,
            None if line.eval_count.is_some() => End::Stop,
            _ => End::Unfinished,
        };
        self.said.prompt_tokens = line.prompt_eval_count;
        self.said.reply_tokens = line.eval_count;
        self.said.load_ms = line.load_duration.unwrap_or_default() / NANOSECONDS;
        self.said.prompt_ms = line.prompt_eval_duration.unwrap_or_default() / NANOSECONDS;
        self.said.reply_ms = line.eval_duration.unwrap_or_default() / NANOSECONDS;
        Ok(Flow::Done)
    }
}
